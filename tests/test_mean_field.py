"""From a scenario to the mean-field equations, and beside its simulation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from mesh_abm import run
from mesh_abm.device_classes import DeviceClass
from mesh_abm.mean_field import mean_field, setting_of
from mesh_abm.scenario import Scenario, ScenarioError, scenario_names
from mesh_abm.shocks import Shock

STILL: dict[str, Any] = {
    "efficiency_growth": 0.0,
    "reinvest": 0.0,
    "device_volume": 0.0,
    "quality_growth": 0.0,
    "measure_every": 0,
}


@pytest.mark.parametrize("name", [name for name in scenario_names() if not Scenario.load(name).shocks])
def test_shipped_scenarios_without_shocks_have_their_equations(name: str) -> None:
    frame = mean_field(name, months=6)
    assert len(frame) == 7
    shares = frame[["share_mesh", "share_self", "share_provider", "share_unserved"]].sum(axis=1)
    assert shares[1:].to_numpy() == pytest.approx(1.0)
    assert frame["month"].tolist() == list(range(7))


def test_it_takes_what_run_takes(tmp_path: Any) -> None:
    scenario = Scenario(churn=0.05, months=10)
    file = tmp_path / "mine.toml"
    file.write_text(scenario.to_toml(), "utf-8")
    frames = [
        mean_field(scenario),
        mean_field(file),
        mean_field("reference", months=10, set={"churn": 0.05}),
    ]
    for frame in frames[1:]:
        pd.testing.assert_frame_equal(frames[0], frame)
    assert len(mean_field("reference")) == 121


def test_a_setting_is_told_every_class_and_type() -> None:
    setting = setting_of(Scenario(zipf=1.2, task_types=5))
    assert setting.classes.shape == (5, 4)
    assert setting.weights == pytest.approx(Scenario(zipf=1.2, task_types=5).weights())


def test_what_the_equations_leave_out_is_refused() -> None:
    shocked = Scenario(shocks=(Shock(month=3, kind="merit", value=2.0),))
    with pytest.raises(ScenarioError, match=r"^shocks: must be none"):
        mean_field(shocked)


def test_bad_input_is_refused_as_by_run() -> None:
    with pytest.raises(ScenarioError, match="churm"):
        mean_field("reference", set={"churm": 0.1})
    with pytest.raises(ScenarioError, match="churn"):
        mean_field("reference", set={"churn": 2.0})
    with pytest.raises(ScenarioError):
        mean_field("no such scenario")


def test_it_loads_no_simulation(fresh_python: Callable[[str], str]) -> None:
    source = "import sys\nfrom mesh_abm.mean_field import mean_field\nmean_field(months=2)\n"
    loaded = fresh_python(source + "print(*(m for m in ('mesa', 'numba', 'matplotlib') if m in sys.modules))")
    assert loaded.strip() == ""


def test_the_same_scenario_gives_the_same_bits() -> None:
    pd.testing.assert_frame_equal(mean_field("baseline", months=30), mean_field("baseline", months=30))


@pytest.mark.parametrize(
    "changes",
    [
        {"efficiency_growth": 0.013, "reinvest": 0.0, "device_volume": 0.0},
        {"pricing": "fixed", "reinvest": 0.0, "device_volume": 0.0, "learning_exponent": 0.9},
        {"pass_through": 1.0, "reinvest": 0.0, "device_volume": 0.0, "efficiency_growth": 0.05},
    ],
)
def test_without_investment_technology_and_price_are_those_of_the_simulation(changes: dict[str, Any]) -> None:
    """Nothing random is left in them: equal but for rounding."""
    changes = changes | {"n_owners": 100, "measure_every": 0}
    frame, simulated = mean_field(months=24, set=changes), run(seed=1, months=24, set=changes).frame
    for column in ("technology_index", "unit_cost", "provider_price"):
        assert frame[column].to_numpy() == pytest.approx(simulated[column].to_numpy(float), abs=1e-12)


@pytest.mark.statistical
def test_links_are_those_of_the_simulation_where_the_closures_hold() -> None:
    """Steady merit and link value, a fixed population with churn: only contacts of order 1/N separate the two.

    The mean of 8 runs of 2000 owners must lie within 6 standard errors and 0.005 of the range of the measure (for
    1/N). Nine comparisons at 7 degrees of freedom: false alarms below 0.005, and the seeds are fixed.
    """
    classes = tuple(
        DeviceClass(name=name, share=0.5, merit=merit, capacity=4, quality=0.6, running_cost=100)
        for name, merit in (("a", 0.3), ("b", 1.2))
    )
    scenario = Scenario(
        classes=classes, population="fixed", link_value=0.8, demand=0.01, attempts=16, months=60, **STILL
    )
    frame = mean_field(scenario)
    runs = [run(scenario, seed=seed).frame for seed in range(1, 9)]
    for column, span in (("condensate", 1.0), ("mean_degree", 8.0), ("s_inf", 1.0)):
        for month in (12, 30, 60):
            values = np.array([one[column].iloc[month] for one in runs])
            error = values.std(ddof=1) / np.sqrt(len(values))
            assert abs(values.mean() - frame[column].iloc[month]) <= 6.0 * error + 0.005 * span, (
                column,
                month,
            )


@pytest.mark.statistical
def test_members_spread_as_in_the_simulation_where_nobody_imitates() -> None:
    """Joining and leaving at constant rates: binomial about the equations, within 5 standard deviations of 2000 owners.

    Three months looked at: false alarms below 2e-6.
    """
    changes = {"contagion": 0.0, "innovation": 0.03, "churn": 0.05, "measure_every": 0}
    frame, simulated = mean_field(months=60, set=changes), run(seed=3, months=60, set=changes).frame
    for month in (5, 20, 60):
        share = frame["members"].iloc[month] / 2000
        spread = np.sqrt(2000 * share * (1 - share))
        assert abs(simulated["members"].iloc[month] - 2000 * share) <= 5 * spread
