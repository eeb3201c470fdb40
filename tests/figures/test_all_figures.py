"""Every figure of every kind of run: it is drawn, it says something true, and its data are those of the run."""

from __future__ import annotations

import math
import re
import xml.etree.ElementTree as ET

import numpy as np
import pandas as pd
import pytest

from mesh_abm.facts import REASONS, lately, monthly_growth, recent
from mesh_abm.figures import Figure, all_figures, degrees, division, head_tail, reasons, threshold, wallets
from mesh_abm.figures.reasons import FILLS
from mesh_abm.summary.situation import Situation
from mesh_abm.wording import percent
from tests.finished_runs import RUNS, finished, finished_baseline, finished_figures

NAMES = (
    *("shares", "head_tail", "adoption", "network", "giant_component", "condensate", "updates", "threshold"),
    *(
        "reasons",
        "capacity",
        "crossing",
        "prices",
        "specialization",
        "division",
        "roles",
        "degrees",
        "wallets",
    ),
)
PREDICTED = {"s_inf_slots", "s_inf_degrees", "c_mesh_theory", "unit_cost_theory", "specialization_by_chance"}
RASTER = {"network", "roles"}


@pytest.fixture(scope="module")
def mesh() -> dict[str, Figure]:
    return {figure.name: figure for figure in finished_figures("a mesh")}


@pytest.mark.parametrize("name", RUNS)
def test_every_figure_is_drawn_for_every_kind_of_run(name: str) -> None:
    figures = finished_figures(name)
    assert [figure.name for figure in figures] == list(NAMES)
    for figure in figures:
        assert figure.kind == ("png" if figure.name in RASTER else "svg")
        assert figure.title
        assert re.fullmatch(r"[A-Z].*[.]", figure.sentence, re.DOTALL), figure.sentence
        assert not re.search(r"\bnan\b|\binf\b|None\b(?! of)", figure.sentence), figure.sentence


def test_figures_of_the_baseline_have_its_types_and_calendar() -> None:
    figures = {figure.name: figure for figure in all_figures(finished_baseline())}
    assert len(figures["head_tail"].data) == 22
    assert "translation" in set(figures["head_tail"].data["name"])
    assert "$" in figures["prices"].sentence


def test_svg_figures_are_whole_and_png_figures_large_enough_to_print(mesh: dict[str, Figure]) -> None:
    for figure in mesh.values():
        if figure.kind == "svg":
            assert ET.fromstring(figure.image).tag.endswith("svg")
        else:
            width = int.from_bytes(figure.image[16:20], "big")
            assert width >= 150 * figure.inches


def test_figures_in_a_page_carry_their_image_and_a_description(mesh: dict[str, Figure]) -> None:
    for figure in mesh.values():
        element = ET.fromstring(
            figure.html().replace(">", "/>", 1) if "/>" not in figure.html() else figure.html()
        )
        assert element.tag == "img"
        assert element.get("alt") == figure.title
        assert element.get("src", "").startswith("data:image/")


def test_data_of_a_figure_are_the_series_of_the_run(mesh: dict[str, Figure]) -> None:
    frame = finished("a mesh").frame
    for name in (
        "shares",
        "giant_component",
        "condensate",
        "reasons",
        "capacity",
        "crossing",
        "prices",
        "specialization",
    ):
        data = mesh[name].data
        measured = [column for column in data.columns if column not in PREDICTED]
        pd.testing.assert_frame_equal(data[measured], frame[measured])
        assert data.columns[0] == "month"


def test_the_sentence_on_shares_has_the_numbers_of_the_last_year(mesh: dict[str, Figure]) -> None:
    frame = finished("a mesh").frame
    for name in ("share_mesh", "share_self", "share_provider", "market_share"):
        assert percent(frame[name].iloc[-12:].mean()) in mesh["shares"].sentence


def test_the_sentence_on_reasons_names_the_largest_first(mesh: dict[str, Figure]) -> None:
    frame = finished("a mesh").frame
    largest = max(REASONS, key=lambda name: frame[f"reason_{name}"].iloc[-12:].mean())
    assert f"main reasons were {largest.replace('_', ' ')} (" in mesh["reasons"].sentence


def test_every_reason_has_a_fill_a_name_and_a_meaning() -> None:
    assert set(REASONS) == set(FILLS) == set(reasons.REASON_NAMES) == set(reasons.REASON_MEANINGS)
    assert {f"reason_{name}" for name in REASONS} == {
        c for c in finished("a mesh").frame if c.startswith("reason_")
    }
    assert len(set(FILLS.values())) == len(FILLS)


@pytest.mark.parametrize("name", RUNS)
def test_a_sentence_speaks_of_circles_only_where_some_are_drawn(name: str) -> None:
    figures = {figure.name: figure for figure in finished_figures(name)}
    now = Situation.at_end(finished(name))
    circle = now is not None and threshold.uneven(now, threshold.curves(now)) is not None
    assert ("circle" in figures["threshold"].sentence) == circle
    if "circles" in figures["giant_component"].sentence:
        assert figures["giant_component"].data["s_inf_degrees"].notna().any()


def test_types_are_ranked_by_demand_and_what_served_them_adds_up() -> None:
    table = head_tail.by_type(finished("a mesh"))
    assert table["weight"].is_monotonic_decreasing
    assert table["part"].tolist() == ["head"] * 2 + ["tail"] * 6  # a quarter of eight types
    np.testing.assert_allclose(table[list(head_tail.PARTS)].sum(axis=1), 1)


def test_the_lorenz_curve_of_four_wallets() -> None:
    curve = wallets.lorenz(np.array([0.0, 1.0, 1.0, 2.0]))
    np.testing.assert_allclose(curve["members"], [0, 0.25, 0.5, 0.75, 1])
    np.testing.assert_allclose(curve["money"], [0, 0, 0.25, 0.5, 1])


def test_the_lorenz_curve_agrees_with_the_measured_gini() -> None:
    result = finished("a mesh")
    curve = wallets.lorenz(np.sort(result.devices()["wallet"].to_numpy(float)))
    area = np.trapezoid(curve["money"], curve["members"])
    assert 1 - 2 * area == pytest.approx(result.frame["gini_wallet"].iloc[-1], abs=2e-3)


def test_nobody_and_no_money_have_a_lorenz_curve_too() -> None:
    assert len(wallets.lorenz(np.array([]))) == len(wallets.lorenz(np.zeros(3))) == 1


def test_the_tail_of_degrees_counts_all_members() -> None:
    tail = degrees.tail(np.array([0, 0, 1, 1, 2, 5]))
    assert tail["degree"].tolist() == [1, 2, 5]
    np.testing.assert_allclose(tail["share"], [4 / 6, 2 / 6, 1 / 6])


def test_degrees_of_the_figure_are_those_that_the_model_measured() -> None:
    result = finished("a mesh")
    found = degrees.degrees(result)
    assert found.mean() == pytest.approx(result.frame["mean_degree"].iloc[-1])
    assert found.max() == result.frame["max_degree"].iloc[-1]


def test_the_division_of_labor_adds_up_by_class_and_counts_every_member(mesh: dict[str, Figure]) -> None:
    data, members = mesh["division"].data, len(finished("a mesh").devices())
    np.testing.assert_allclose(data.groupby("device_class")["share"].sum(), 1)
    assert data["devices"].sum() == members


def test_specialists_are_counted_as_their_sentence_says(mesh: dict[str, Figure]) -> None:
    share = (finished("a mesh").devices()["specialization"] >= division.SPECIALIST).mean()
    assert (
        f" {percent(share)} are specialists" in mesh["division"].sentence
        or "none does mainly" in mesh["division"].sentence
    )


def test_the_moments_of_the_network_are_those_that_were_reached(mesh: dict[str, Figure]) -> None:
    result = finished("a mesh")
    assert list(mesh["network"].data["moment"].unique()) == list(result.snapshots)
    assert "did not happen" in {f.name: f for f in finished_figures("no mesh")}["network"].sentence


def test_what_is_recent_is_the_last_year_or_the_run_if_it_is_shorter() -> None:
    frame = pd.DataFrame({"month": range(20), "x": np.arange(20.0)})
    assert recent(frame, "x") == np.mean(range(8, 20))
    assert lately(frame) == "in the last year"
    assert lately(frame.iloc[:6]) == "in these 5 months"
    assert math.isnan(recent(frame.assign(x=math.nan), "x"))


def test_growth_a_month_is_that_of_the_logarithm() -> None:
    assert monthly_growth(pd.Series(np.exp(0.03 * np.arange(20)))) == pytest.approx(0.03)
    assert math.isnan(monthly_growth(pd.Series([0.0, 1.0])))
