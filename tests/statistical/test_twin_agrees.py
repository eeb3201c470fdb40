"""The engine and the object-per-device twin, written separately from the same rules, agree over seeds.

Each measure is compared at each of a few months by a rank test (Mann and Whitney) on independent seeds. The criterion
is the smallest p-value over all comparisons against ALPHA / their number (Bonferroni): a false alarm has probability
ALPHA at most.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from mesh_abm.measures import COLUMNS
from mesh_abm.model import MeshModel
from mesh_abm.scenario import Scenario, Shock
from tests.twin.model import TwinModel

pytestmark = pytest.mark.statistical

ALPHA = 1e-4
SEEDS = 16
COSTLY = {
    "lambda_2",
    "tail_exponent",
    "tail_distance",
    "tail_start",
    "spectral_dimension",
}  # the twin has none
MEASURES = [name for name in COLUMNS if name not in COSTLY]
LIVELY = {"n_owners": 250, "efficiency_growth": 0.1, "initial_members": 0.6, "measure_every": 0}
VARIANTS = {
    "reference": {"n_owners": 250, "measure_every": 0},
    "lively": LIVELY,
    "uniform, global signal, undercut, capped settlement": LIVELY
    | {
        "kernel": "uniform",
        "signal": "global",
        "pricing": "undercut",
        "population": "fixed",
        "settlement_capacity": 0.2,
    },
    "degree, growth, focus, outsiders": LIVELY
    | {
        "kernel": "degree",
        "population": "growth",
        "arrivals": 5,
        "focus": 0.7,
        "non_owners": 0.5,
        "link_value": 0.7,
    },
    "a release, a bar, a new mix": LIVELY
    | {
        "churn": 0.1,
        "shocks": (
            Shock(month=4, kind="release", value=1.3, until=14),
            Shock(month=2, kind="bar", value="workstation", until=20),
            Shock(month=8, kind="mix", value=(1, 1, 1, 1, 2, 3, 5, 8)),
        ),
    },
    "scarce provider, poor devices, long walks": LIVELY
    | {
        "provider_capacity": 0.8,
        "income": 700,
        "initial_wallet": 900,
        "wallet_cap": 1500,
        "ttl": 8,
        "looks": 2,
    },
}


def rows(make, months, seeds):
    """Measures at `months`, (seeds, months, measures)."""
    out = []
    for seed in seeds:
        model, kept = make(seed), []
        for month in range(1, max(months) + 1):
            model.step()
            if month in months:
                record = model.record if isinstance(model, MeshModel) else model.row
                kept.append(
                    [float(f"{record[name]:.9g}") for name in MEASURES]
                )  # ranks must not see rounding
        out.append(kept)
    return np.array(out)


@pytest.mark.parametrize("name", VARIANTS)
def test_engine_and_twin_have_the_same_distribution_of_outcomes(name):
    scenario = Scenario(**VARIANTS[name])
    months = (6, 24, 48) if name == "reference" else (3, 12, 30)
    ours = rows(lambda seed: MeshModel.from_scenario(scenario, rng=seed), months, range(SEEDS))
    twins = rows(lambda seed: TwinModel(scenario, seed), months, range(1000, 1000 + SEEDS))
    faults, compared = [], 0
    for m, month in enumerate(months):
        for k, measure in enumerate(MEASURES):
            a, b = ours[:, m, k], twins[:, m, k]
            assert np.isnan(a).mean() == pytest.approx(np.isnan(b).mean(), abs=0.6), (measure, month)
            a, b = a[np.isfinite(a)], b[np.isfinite(b)]
            if len(a) < 6 or len(b) < 6:
                continue
            if max(np.ptp(a), np.ptp(b)) <= 1e-9 * abs(a[0]):  # no chance in it
                assert a[0] == pytest.approx(b[0], rel=1e-9), (measure, month)
                continue
            compared += 1
            p = stats.mannwhitneyu(a, b).pvalue
            faults.append((p, measure, month, a.mean(), b.mean()))
    faults.sort()
    assert compared > 60
    assert faults[0][0] > ALPHA / compared, faults[:6]
