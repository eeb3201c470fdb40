"""The shipped what-ifs: each says only what differs, and runs; a shock of value nil changes no bit."""

from __future__ import annotations

import tomllib
from functools import cache
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mesh_abm.device_classes import REFERENCE_CLASSES, DeviceClass
from mesh_abm.model import MeshModel
from mesh_abm.scenario import FIELDS, Scenario, Shock, scenario_names
from mesh_abm.scenario_files import find
from mesh_abm.shocks import FACTORS, REMOVALS, Kind
from mesh_abm.what_if import TEXTS, differences, generation, parent_of, shipped

WHAT_IFS = [name for name in scenario_names() if Scenario.load(name).based_on]


def brought_near(shocks: tuple[Shock, ...]) -> tuple[Shock, ...]:
    """The shocks in their order, but from month 3 on and a month apart: each begins, and ends, soon."""
    begins = [shock.month for shock in shocks]
    dates = sorted({*begins, *(shock.until + 1 for shock in shocks if shock.until)})
    near = {date: 3 + place for place, date in enumerate(dates)}
    return tuple(
        Shock(
            **(
                shock.model_dump(exclude_none=True)
                | {"month": near[shock.month]}
                | ({"until": near[shock.until + 1] - 1} if shock.until else {})
            )
        )
        for shock in shocks
    )


@pytest.mark.parametrize("name", scenario_names())
def test_every_shipped_scenario_runs_and_keeps_the_laws_through_its_shocks(name: str) -> None:
    scenario = Scenario.load(name)
    near = brought_near(scenario.shocks)
    model = MeshModel.from_scenario(
        scenario.replace(n_owners=200, initial_members=0.5, shocks=near), rng=1, check=True
    )
    last = max((shock.until or shock.month for shock in near), default=3)
    assert last <= 12
    model.run_for(max(6, last + 2))


def test_there_are_what_ifs_of_every_kind_of_shock() -> None:
    assert len(WHAT_IFS) >= 12
    kinds = {shock.kind for name in WHAT_IFS for shock in Scenario.load(name).shocks}
    assert {"set", "merit", "hubs", "random", "release", "bar", "mix"} <= kinds


@pytest.mark.parametrize("name", WHAT_IFS)
def test_a_what_if_says_only_what_differs(name: str) -> None:
    scenario, parent = Scenario.load(name), parent_of(name)
    assert parent is not None
    given_keys = tomllib.loads(find(name).read_text("utf-8")).keys()
    assert set(TEXTS) <= given_keys
    changed = {card.name for card in differences(scenario, parent)}
    assert changed  # and nothing is given that the parent has, but for the number of types, which mix brings
    assert given_keys - set(TEXTS) <= changed
    assert 1 <= len(changed) <= 5


@pytest.mark.parametrize("name", WHAT_IFS)
def test_the_shocks_of_a_what_if_come_within_its_run(name: str) -> None:
    scenario = Scenario.load(name)
    assert all(shock.month <= scenario.months for shock in scenario.shocks)


def test_equal_devices_have_the_means_of_the_reference() -> None:
    (average,) = Scenario.load("equal-devices").classes
    for field in ("merit", "capacity", "quality", "running_cost"):
        mean = sum(device.share * getattr(device, field) for device in REFERENCE_CLASSES)
        assert getattr(average, field) == pytest.approx(mean, abs=1e-9)


def test_demand_turns_to_the_opposite_order() -> None:
    scenario = Scenario.load("demand-turns")
    assert scenario.at(97).weights() == pytest.approx(scenario.weights()[::-1], rel=5e-3)


def test_families_are_told_parents_first() -> None:
    scenarios = shipped()
    assert sorted(scenarios) == sorted(scenario_names())
    names = list(scenarios)
    assert names[0] == "reference"
    assert names.index("settlement-lifted") == names.index("settlement-bottleneck") + 1
    assert [generation(name, scenarios) for name in ("baseline", "hub-attack", "settlement-lifted")] == [
        0,
        1,
        2,
    ]


# --- nil shocks

SMALL = Scenario(
    n_owners=80,
    initial_members=0.6,
    efficiency_growth=0.1,
    churn=0.1,
    classes=(
        *REFERENCE_CLASSES,
        DeviceClass(name="unsold", share=0, merit=1, capacity=1, quality=0.5, running_cost=1),
    ),
)
SHOCKABLE = [card.name for card in FIELDS.values() if card.shockable]


@cache
def undisturbed() -> str:
    model = MeshModel.from_scenario(SMALL, rng=3)
    model.run_for(7)
    return model.fingerprint()


@st.composite
def nil_shocks(draw: st.DrawFn) -> Shock:
    """A shock of any kind, at any time, that changes nothing."""
    kind = draw(st.sampled_from(get_args(Kind)))
    month = draw(st.integers(1, 8))
    until = None if kind in REMOVALS else draw(st.none() | st.integers(month, 8))
    if kind == "set":
        field = draw(st.sampled_from(SHOCKABLE))
        value = getattr(SMALL, field)
        return Shock(
            month=month, until=until, kind=kind, field=field, value="none" if value is None else value
        )
    if kind == "mix":
        scale = draw(st.floats(1e-6, 1e6))
        return Shock(month=month, until=until, kind=kind, value=SMALL.weights() * scale)
    if kind == "bar":
        return Shock(month=month, until=until, kind=kind, value="unsold")
    return Shock(month=month, until=until, kind=kind, value=1 if kind in FACTORS else 0)


@settings(deadline=None, max_examples=30)
@given(st.lists(nil_shocks(), min_size=1, max_size=6))
def test_shocks_of_value_nil_change_no_bit(shocks: list[Shock]) -> None:
    model = MeshModel.from_scenario(SMALL.replace(shocks=tuple(shocks)), rng=3)
    model.run_for(7)
    assert model.fingerprint() == undisturbed()
