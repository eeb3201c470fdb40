"""The charts of the explorers show the theory and where the network is."""

from __future__ import annotations

import json

import pytest

from mesh_abm.laboratory.explorers import condensate, loop, loop_chart
from mesh_abm.laboratory.explorers import phase_charts as charts
from mesh_abm.laboratory.explorers.condensate import Point
from mesh_abm.laboratory.explorers.loop import Setting


@pytest.mark.parametrize(
    "point", [Point(), Point(population="growth"), Point(5.0, 1.5, 0.3, 0.5), Point(churn=0.0)]
)
def test_the_curve_over_merit_goes_through_the_point(point: Point) -> None:
    curves, marks = charts.over_merit(point), charts.here(point, 0.123)
    assert ("law" in curves) == (point.population == "fixed")
    predicted, measured = marks[-2:]
    assert (predicted["x"], predicted["y"]) == (point.merit, condensate.predicted(point))
    assert (measured["x"], measured["y"]) == (point.merit, 0.123)
    merits, shares = curves["law" if point.population == "fixed" else "growth"]
    after = next(k for k, merit in enumerate(merits) if merit >= point.merit)
    assert shares[after - 1] >= predicted["y"] >= shares[after] - 1e-12
    json.dumps([curves, marks, charts.OVER_MERIT.spec(), charts.BOUNDARY.spec()], allow_nan=False)


def test_the_map_ends_where_no_merit_shown_is_enough() -> None:
    churns, merits = charts.boundary(Point())["boundary"]
    assert len(churns) == len(merits) < charts.COARSE
    assert merits == sorted(merits)
    assert merits[-1] <= charts.TOP_MERIT
    assert charts.place(Point())[0]["x"] == Point().churn


@pytest.mark.parametrize("states", [2, 6])
def test_the_loop_is_drawn_on_its_prediction(states: int) -> None:
    found = loop.begin(Setting(states=states, couplings=6))
    curves, (left, right) = loop_chart.curves(found), loop_chart.domain(found)
    assert left < found.couplings[0] < found.couplings[-1] < right
    assert curves["up"] == [[], []] == curves["down"]
    assert ("window" in curves) == (states == 6)
    assert set(curves) <= {line.key for line in loop_chart.CHART.lines}
    assert all(xs == sorted(set(xs)) for xs, _ in curves.values())  # one value for each x
    found.up, found.down = [0.1, 0.2], [0.9]
    curves = loop_chart.curves(found)
    assert curves["up"] == [found.couplings[:2].tolist(), [0.1, 0.2]]
    assert curves["down"] == [found.couplings[-1:].tolist(), [0.9]]
    json.dumps([curves, loop_chart.CHART.spec()], allow_nan=False)
