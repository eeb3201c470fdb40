"""A link brings back what is on the screen, and takes nothing else for data."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mesh_abm import Scenario, run
from mesh_abm.errors import UserError
from mesh_abm.laboratory.limits import LimitError, limits
from mesh_abm.laboratory.link import Setup, read
from mesh_abm.scenario import scenario_names
from mesh_abm.shocks import Shock

SMALL = (("n_owners", 60), ("churn", 0.05))
SHOCKS = st.one_of(
    st.builds(
        lambda month, kind, value: Shock(month=month, kind=kind, value=value),
        st.integers(1, 99), st.sampled_from(["price", "capacity", "merit", "release"]), st.floats(0.01, 50),
    ),
    st.builds(
        lambda month, length, value: Shock(
            month=month, until=month + length, kind="set", field="churn", value=value
        ),
        st.integers(1, 50), st.integers(0, 30), st.floats(0, 1),
    ),
    st.builds(
        lambda month, value: Shock(month=month, kind="hubs", value=value), st.integers(1, 99), st.floats(0, 1)
    ),
)  # fmt: skip


@given(
    st.integers(0, 2**31 - 1), st.lists(SHOCKS, max_size=3), st.lists(SHOCKS, max_size=3), st.floats(0, 1),
    st.sampled_from(["reference", "baseline", "hub-attack"]),
)  # fmt: skip
@settings(max_examples=60, deadline=None)
def test_what_an_address_says_comes_back(
    seed: int, shocks: list[Shock], then: list[Shock], churn: float, name: str
) -> None:
    other = tuple(shock for shock in then if shock.month > 5)
    setup = Setup(name, seed, (("churn", churn), ("n_owners", 300)), tuple(shocks), 5, other, 12)
    assert read(setup.query()) == setup
    assert read("?" + setup.query()) == setup


def test_words_mixes_and_classes_come_back() -> None:
    changed = (
        ("kernel", "degree"), ("mix", (0.5, 0.25, 0.25)), ("classes.phone_flagship.merit", 0.4), ("pricing", "fixed")
    )  # fmt: skip
    setup = Setup("reference", 3, changed[:2])
    assert read(setup.query()).build() == setup.build()
    assert read(setup.query()).build().kernel == "degree"
    classed = Setup("baseline", 3, (changed[2],))
    assert read(classed.query()).build() == classed.build() != Setup("baseline", 3).build()


def test_the_worlds_of_a_link_are_runs_of_its_scenarios() -> None:
    setup = Setup(
        "reference", 4, SMALL, (Shock(month=3, kind="price", value=0.5),), 6,
        (Shock(month=8, kind="set", field="churn", value=0.2),),
    )  # fmt: skip
    first = read(setup.query()).world()
    for _ in range(6):
        first.step()
    second = read(setup.query()).other(first)
    for world in (first, second):
        assert world.month == 6
        while world.month < 15:
            world.step()
    for world, scenario in ((first, setup.build()), (second, setup.build_other())):
        assert world.scenario == scenario
        result = run(scenario, months=15)
        assert result.frame.drop(columns="month").equals(
            world.series().reset_index(drop=True).drop(columns="month")
        )
    assert not first.series()["members"].equals(second.series()["members"])


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("scenario=../../etc/passwd", "scenario = '../../etc/passwd': must be one of those shipped"),
        ("scenario=refrence", "did you mean 'reference'"),
        ("seed=-1", "seed = '-1': must be a whole number"),
        ("seed=1e9", "seed = '1e9': must be a whole number"),
        ("month=99999", "month = '99999': must be a whole number from 0 to 2,400"),
        ("set=chrun=0.1", "'chrun': must be a parameter of the model; did you mean 'churn'"),
        ("set=based_on=/etc/passwd", "'based_on': must be a parameter"),
        ("set=calibration=shipped", "'calibration': must be a parameter"),
        ("set=seed=4", "'seed': must be a parameter"),
        ("set=churn=2", "churn = 2"),
        ("set=churn=__import__('os')", "churn = "),
        ("set=mix=/etc/passwd", "mix = '/etc/passwd'"),
        ("set=n_owners=1000000", "n_owners = 1,000,000: this server grants at most 20,000"),
        ("set=demand=9000", "n_owners x demand"),
        ("shock=set,3,demand=9000", "n_owners x demand"),
        ("shock=price,0,2", "month = 0"),
        ("shock=price,x,2", "month = 'x': must be a whole number"),
        ("shock=boom,3,2", "kind = 'boom'"),
        ("shock=set,3,title=x", "'title': must be a parameter"),
        ("then=price,3,2", "needs a fork"),
        ("fork=5&then=price,5,2", "then in month 5: must be after the fork in month 5"),
        ("evil=1", "'evil' in the address: must be one of scenario"),
        ("x" * 9000, "characters"),
        ("&".join(["set=churn=0.1"] * 100), "changes"),
    ],
)
def test_a_bad_address_is_one_clear_line(query: str, said: str) -> None:
    with pytest.raises(UserError) as refused:
        read(query)
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


@given(st.text(max_size=200))
@settings(max_examples=300, deadline=None)
def test_any_text_is_a_setup_or_one_line(text: str) -> None:
    line = ""
    try:
        setup = read(text)
    except UserError as error:
        line = str(error)
    assert "\n" not in line
    assert line or isinstance(setup.build(), Scenario)


@pytest.mark.parametrize("name", scenario_names())
def test_every_shipped_scenario_is_granted_or_is_the_large_one(name: str) -> None:
    if name == "large":
        with pytest.raises(LimitError, match="grants at most 20,000"):
            Setup(name).build()
    else:
        assert Setup(name).build().n_owners <= limits().owners
