"""The phase explorer's theory is the model's, and a slider acts on the running model as a shock does."""

from __future__ import annotations

import math

import pytest

from mesh_abm import run
from mesh_abm.errors import UserError
from mesh_abm.laboratory.explorers import condensate
from mesh_abm.laboratory.explorers.condensate import Point


@pytest.mark.parametrize("point", [Point(), Point(2.0, 1.0, 0.1, 0.2), Point(0.4, population="growth")])
def test_the_prediction_is_the_measure_of_the_running_model(point: Point) -> None:
    world = condensate.world_at(point)
    for _ in range(3):
        world.step()
    if point.population == "fixed":  # all devices are members, so the law is that of the same merits
        assert world.model.record["condensate_theory"] == pytest.approx(
            condensate.predicted(point), abs=1e-12
        )
    assert condensate.shares([point.merit], point)[0] == condensate.predicted(point)


def test_the_boundary_is_where_the_condensate_dissolves() -> None:
    point = Point(churn=0.1)
    limit = condensate.boundary(point)
    below, above = condensate.shares([0.999 * limit, 1.001 * limit], point)
    assert below > 0.0 == above
    assert condensate.boundary_over_churn(point, [0.1])[0] == limit
    assert math.isinf(condensate.boundary(point.moved("churn", 0.3)))


def test_without_turnover_the_provider_dissolves_where_mean_merits_are_equal() -> None:
    growing = Point(merit_spread=0.0, population="growth")
    assert condensate.boundary(growing) == pytest.approx(1.0)
    assert condensate.predicted(growing) == pytest.approx(1.0 - 0.6)  # 1 - E[r]
    assert condensate.boundary(Point(merit_spread=0.0)) > 1.0  # churn feeds the center


def test_sliders_act_on_the_running_model_as_shocks_of_a_scenario_do() -> None:
    first, second = Point(), Point(1.5, churn=0.1)
    world = condensate.world_at(first)
    for _ in range(4):
        world.step()
    condensate.move(world, first, second)
    for _ in range(4):
        world.step()
    assert world.model.record["condensate_theory"] == pytest.approx(condensate.predicted(second), abs=1e-12)
    assert [(s.month, s.kind) for s in world.scenario.shocks] == [(5, "merit"), (5, "set")]
    frame = run(world.scenario, months=8).frame
    assert frame["condensate"].tolist() == world.series()["condensate"].tolist()


def test_the_network_relaxes_to_the_new_prediction() -> None:
    """Two-sided at about six standard deviations of the mean of 12 months at this size (0.012, measured)."""
    first = Point(0.3, churn=0.1, link_failure=0.05)
    world = condensate.world_at(first, seed=2)
    for _ in range(100):
        world.step()
    assert condensate.measured(world) == pytest.approx(condensate.predicted(first, 2), abs=0.07)
    second = first.moved("merit", 1.5)
    condensate.move(world, first, second)
    for _ in range(150):
        world.step()
    assert abs(condensate.predicted(second, 2) - condensate.predicted(first, 2)) > 0.3
    assert condensate.measured(world) == pytest.approx(condensate.predicted(second, 2), abs=0.07)
    assert "Predicted condensate" in condensate.sentence(world, second)


def test_what_is_given_once_wants_a_new_world() -> None:
    world = condensate.world_at(Point())
    for other in (Point(merit_spread=0.5), Point(population="growth")):
        assert condensate.needs_new_world(Point(), other)
        with pytest.raises(UserError, match="begin anew"):
            condensate.move(world, Point(), other)
    assert not condensate.needs_new_world(Point(), Point(2.0, churn=0.2))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("merit", 0.0),
        ("merit", math.nan),
        ("churn", -0.1),
        ("churn", "0.1"),
        ("merit_spread", 9),
        ("population", "x"),
    ],
)
def test_a_value_outside_the_slider_is_refused_by_name(name: str, value: object) -> None:
    with pytest.raises(UserError, match=f"^{name} = .*: must be"):
        Point().moved(name, value)  # type: ignore[arg-type]


def test_a_run_takes_only_so_many_moves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(condensate, "MOVES", 2)
    world, here = condensate.world_at(Point()), Point()
    for merit in (1.0, 1.5):
        condensate.move(world, here, here.moved("merit", merit))
        here = here.moved("merit", merit)
    with pytest.raises(UserError, match="moved 2 times"):
        condensate.move(world, here, here.moved("merit", 2.0))
