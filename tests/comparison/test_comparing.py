"""Comparisons: exact zeros where nothing changes, known signs where something does, honest intervals."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from mesh_abm import Scenario, ScenarioError, run
from mesh_abm.comparison import Comparison, compare, switch_table
from mesh_abm.comparison.comparison import HEADLINES, holm, paired
from mesh_abm.comparison.switches import OUTCOMES, SWITCHES, is_off
from mesh_abm.errors import UserError

BASE = Scenario(title="base", n_owners=120, months=18, initial_members=0.5)
NIL = BASE.replace(title="nil", shocks=[{"kind": "price", "month": 9, "value": 1.0}])
CHEAP = BASE.replace(title="cheap", shocks=[{"kind": "price", "month": 9, "value": 0.3}])


@pytest.fixture(scope="module")
def comparison() -> Comparison:
    return compare(BASE, NIL, CHEAP, seeds=6, engine="local")


def test_a_shock_that_changes_nothing_differs_by_exactly_zero(comparison: Comparison) -> None:
    nil = comparison.differences.query("scenario == 'nil'")
    assert (nil["difference"].dropna() == 0).all()
    assert (nil["half_width"].dropna() == 0).all()
    assert np.isnan(comparison.first_difference["nil"])
    assert not comparison.effects.query("scenario == 'nil'")["clear"].any()
    assert "every measure is exactly the same" in comparison.sentences()[0]


def test_an_effect_known_in_sign_is_found(comparison: Comparison) -> None:
    price = comparison.effects.query("scenario == 'cheap' and measure == 'provider_price'").iloc[0]
    assert price["difference"] < 0
    assert price["clear"]
    assert comparison.first_difference["cheap"] == 9
    assert "price of the provider -" in comparison.sentences()[1]


def test_before_the_shock_nothing_differs(comparison: Comparison) -> None:
    before = comparison.differences.query("scenario == 'cheap' and month < 9")
    assert (before["difference"].dropna() == 0).all()


def test_forked_and_unforked_are_the_same(comparison: Comparison) -> None:
    unforked = compare(BASE, NIL, CHEAP, seeds=6, engine="local", forked=False)
    pd.testing.assert_frame_equal(unforked.series, comparison.series)


def test_workers_find_the_same(comparison: Comparison) -> None:
    pd.testing.assert_frame_equal(
        compare(BASE, NIL, CHEAP, seeds=6, engine="process", workers=2).series, comparison.series
    )


def test_a_series_is_the_run_of_that_seed(comparison: Comparison) -> None:
    mine = comparison.series.query("scenario == 'cheap' and seed == 4").reset_index(drop=True)
    theirs = run(CHEAP, seed=4).frame
    pd.testing.assert_frame_equal(mine[list(theirs)], theirs, check_dtype=False)


def test_intervals_are_those_of_paired_differences(comparison: Comparison) -> None:
    row = comparison.differences.query(
        "scenario == 'cheap' and measure == 'market_share' and month == 18"
    ).iloc[0]
    gaps = (comparison.values("cheap", "market_share") - comparison.values("base", "market_share")).loc[18]
    low, high = stats.t.interval(0.95, 5, gaps.mean(), stats.sem(gaps))
    assert (row["difference"], row["half_width"]) == pytest.approx((gaps.mean(), (high - low) / 2))


def test_variance_saved_is_measured_on_the_runs(comparison: Comparison) -> None:
    row = comparison.effects.query("scenario == 'cheap' and measure == 'members'").iloc[0]
    base, other = (comparison.values(name, "members").iloc[-12:].mean() for name in ("base", "cheap"))
    assert row["variance_saved"] == pytest.approx(1 - (other - base).var() / (base.var() + other.var()))


def test_every_headline_measure_is_compared(comparison: Comparison) -> None:
    assert set(comparison.effects["measure"]) == set(HEADLINES) <= set(comparison.series)


def test_holm_is_that_of_the_textbook() -> None:
    # Holm's worked order: the smallest p times the number of tests, and so on, never falling
    assert holm(pd.Series([0.01, 0.04, np.nan, 0.03])).tolist()[:2] == pytest.approx([0.03, 0.06])
    assert holm(pd.Series([0.01, 0.04, 0.03])).tolist() == pytest.approx([0.03, 0.06, 0.06])


def test_noise_alone_is_rarely_called_an_effect() -> None:
    # 2,000 families of 16 measures without effect: false calls 5 % at most; 4 standard errors above that is 7 %
    rng = np.random.default_rng(11)
    called = sum(
        bool((holm(pd.Series([paired(rng.normal(size=8))[2] for _ in range(16)])) < 0.05).any())
        for _ in range(500)
    )
    assert called / 500 < 0.05 + 4 * (0.05 * 0.95 / 500) ** 0.5


@pytest.mark.parametrize(
    ("arguments", "keywords", "line"),
    [
        ((BASE,), {}, "needs two scenarios or more"),
        ((BASE, CHEAP), {"seeds": 1}, "seeds = 1: must be 2 or more"),
        ((BASE, "refernce"), {}, "did you mean 'reference'"),
        (
            (BASE, BASE.replace(months=4)),
            {},
            "months: are 18, 4; scenarios to be compared must be of one length",
        ),
        ((BASE, CHEAP), {"set": {"chrun": 1}}, "did you mean 'churn'"),
    ],
)
def test_what_cannot_be_compared_is_one_line(
    arguments: tuple[object, ...], keywords: dict[str, object], line: str
) -> None:
    with pytest.raises((UserError, ScenarioError), match=line):
        compare(*arguments, engine="local", **keywords)  # type: ignore[arg-type]


def test_every_switch_is_a_valid_change_of_reference() -> None:
    base = Scenario.load("reference")
    for switch in SWITCHES:
        assert base.replace(**switch.off) != base or is_off(base, switch)


def test_the_switch_table_tells_what_a_link_is_worth() -> None:
    table = switch_table(BASE.replace(months=12, efficiency_growth=0), seeds=3, engine="local")
    assert set(table["outcome"]) == set(OUTCOMES)
    assert "efficiency" not in set(table["switch"]), "this scenario has it off already"
    assert set(table["switch"]) == {one.name for one in SWITCHES} - {"efficiency"}
    search = table.query("switch == 'long search' and outcome == 'share_mesh'").iloc[0]
    assert search["off"] < search["on"]
    unlearned = table.query("switch == 'practice' and outcome == 'specialization'").iloc[0]
    assert unlearned["off"] == pytest.approx(0, abs=1e-12)
