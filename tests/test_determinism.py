"""Same scenario, seed and version: the same bits, whatever the threads, who looks, or where the run was interrupted.

And common random numbers: two scenarios that differ in one rule share all other randomness.
"""

from __future__ import annotations

import copy
import os
import pickle
import subprocess
import sys
from dataclasses import fields as dataclass_fields

import mesa
import numpy as np
import pandas as pd
import pytest

from mesh_abm.agents import Device
from mesh_abm.model import MeshModel
from mesh_abm.network import EMPTY
from mesh_abm.parallel import CHUNK
from mesh_abm.scenario import FIELDS, Scenario, Shock

# Something of everything: entries and exits, links, sales, shocks in force at different times
SHOCKS = (
    Shock(month=2, until=7, kind="set", field="churn", value=0.2),
    Shock(month=3, until=8, kind="price", value=1.5),
    Shock(month=4, until=6, kind="merit", value=0.5),
    Shock(month=5, kind="hubs", value=0.05),
    Shock(month=6, until=9, kind="capacity", value=0.4),
    Shock(month=7, kind="random", value=0.1),
)
BUSY = {
    "n_owners": 400, "initial_members": 0.6, "innovation": 0.05, "efficiency_growth": 0.2, "quality_growth": 0.05,
    "demand": 3, "update_seed": 0.3, "provider_capacity": 2, "measure_every": 3, "shocks": SHOCKS,
}  # fmt: skip
VARIANTS = {
    "fitness, local": {},
    "uniform, global, undercut": {
        "kernel": "uniform", "signal": "global", "pricing": "undercut", "population": "fixed"
    },
    "degree, growth, fixed price": {
        "kernel": "degree", "population": "growth", "pricing": "fixed", "link_value": 0.7
    },
}  # fmt: skip


def run(months=10, rng=7, **fields):
    model = MeshModel(**(BUSY | fields), rng=rng)
    model.run_for(months)
    return model


def same(a, b):
    """The same bits in state and books, and in all that was recorded."""
    assert a.fingerprint() == b.fingerprint()
    for one, other in zip(tables(a), tables(b), strict=True):
        pd.testing.assert_frame_equal(one, other, check_exact=True)


def tables(model):
    """All tables of a model."""
    collected = model.datacollector
    series, types = collected.get_model_vars_dataframe(), collected.get_table_dataframe("types")
    return series, types, model.device_frame(), model.links_frame()


# -- repeats and threads ---------------------------------------------------------------------------------------------


@pytest.fixture(params=VARIANTS)
def variant(request):
    return VARIANTS[request.param]


def test_a_run_repeats_bit_for_bit_and_another_seed_gives_another(variant):
    first = run(**variant)
    same(first, run(**variant))
    assert first.fingerprint() != run(rng=8, **variant).fingerprint()
    assert first.network.n_links > 0


LARGE = """
from mesh_abm.model import MeshModel
m = MeshModel(n_owners={owners}, initial_members=.95, link_value=.9, efficiency_growth=.3, quality_growth=.2,
              demand=1.5, update_seed=.2, signal={signal!r}, kernel={kernel!r}, measure_every=0, rng=3)
m.run_for(4)
assert m.members.size > 2 * {chunk} and m.queries.total > 2 * {chunk}
assert m.flows.by_mesh.sum() > 100, m.flows
print(m.fingerprint(), [repr(m.record[name]) for name in sorted(m.record)])
"""


def in_a_process(source, **environment):
    done = subprocess.run(
        [sys.executable, "-c", source],
        capture_output=True,
        text=True,
        env=os.environ | environment,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize(("signal", "kernel"), [("local", "fitness"), ("global", "uniform")])
def test_the_bits_do_not_depend_on_the_threads(signal, kernel):
    """With three ranges of rows, so that two threads (and three) really share the work."""
    source = LARGE.format(owners=3 * CHUNK, chunk=CHUNK, signal=signal, kernel=kernel)
    outputs = {
        in_a_process(source, MESH_ABM_THREADS=str(threads), PYTHONHASHSEED=str(threads))
        for threads in (1, 2, 3)
    }
    assert len(outputs) == 1


# -- looking ---------------------------------------------------------------------------------------------------------


def look(model):
    """All that a curious visitor can do."""
    model.device_frame()
    model.links_frame()
    model.to_networkx()
    for agent in model.agents:
        if isinstance(agent, Device):
            _ = (agent.specialization, agent.neighbors, agent.degree, agent.response(), agent.quality)
    model.agents.shuffle().select(lambda agent: agent.unique_id % 2)
    model.random.random()
    model.rng.random()
    model.fingerprint()
    np.random.default_rng().random()


def test_looking_changes_no_bit(variant):
    watched, alone = MeshModel(**(BUSY | variant), rng=7), run(**variant)
    for _ in range(10):
        look(watched)
        watched.step()
        look(watched)
    same(watched, alone)


def test_checks_and_costly_measures_change_no_bit(variant):
    checked = MeshModel(**(BUSY | variant | {"measure_every": 1}), rng=7, check=True)
    checked.run_for(10)
    assert checked.fingerprint() == run(**variant).fingerprint()


def test_the_length_of_a_run_and_its_texts_change_no_bit():
    assert run(months=10).fingerprint() == run(months=10, title="another").fingerprint()
    short = MeshModel(**(BUSY | {"months": 4}), rng=7)
    short.run_for(10)
    assert short.fingerprint() == run().fingerprint()


def test_models_of_one_process_leave_each_other_alone():
    a, b = (MeshModel(**BUSY, rng=seed) for seed in (7, 8))
    for _ in range(10):
        a.step()
        b.step()
    same(a, run(rng=7))
    same(b, run(rng=8))


# -- interruptions ---------------------------------------------------------------------------------------------------


def through_a_pickle(model):
    return pickle.loads(pickle.dumps(model))


@pytest.mark.parametrize("kept", [copy.deepcopy, through_a_pickle])
@pytest.mark.parametrize("month", [0, 1, 5, 6])
def test_a_run_resumed_in_mid_run_goes_on_as_if_nothing_had_been(variant, kept, month):
    model = run(months=month, **variant)
    resumed = kept(model)
    resumed.run_for(10 - month)
    same(resumed, run(**variant))
    assert model.month == month  # the one that was kept has not moved
    model.run_for(10 - month)
    same(model, resumed)


def test_a_run_resumed_after_a_look_in_another_process_is_the_same(tmp_path):
    model = run(months=5)
    look(model)
    (tmp_path / "model").write_bytes(pickle.dumps(model))
    source = (
        f"import pickle, pathlib; m = pickle.loads(pathlib.Path({str(tmp_path / 'model')!r}).read_bytes()); "
        "m.run_for(5); print(m.fingerprint())"
    )
    assert in_a_process(source, MESH_ABM_THREADS="1").strip() == run().fingerprint()


# -- the fingerprint -------------------------------------------------------------------------------------------------

FIXED = ("seed", "spec", "rules", "check", "device_class", "running_costs")  # of a run, never changed by it
VIEWS = ("_devices", "_seen_membership", "datacollector")  # of state, and of what has been
FRESH = {  # written anew by each month, before it reads them
    "par", "weights", "members", "flows", "queries", "offers", "fate", "leaving", "record", "barred",
    "provider.sold", "provider.revenue", "provider.release",
}  # fmt: skip
NO_FUTURE = {*FIXED, *VIEWS, *FRESH}


def lasting(part, prefix=""):
    """Every number and column of a model, but for Mesa's own and NO_FUTURE: its path, its holder, its name there."""
    names = vars(part).keys() - vars(mesa.Model()).keys() - vars(mesa.Agent(mesa.Model())).keys()
    for name in sorted(names):
        value, path = getattr(part, name), prefix + name
        if path in NO_FUTURE:
            continue
        if isinstance(value, bool | int | float | np.ndarray):
            yield path, part, name
        else:
            yield from lasting(value, f"{path}.")


def other(value):
    """Another value of the same kind; of an array, one with another last entry."""
    if isinstance(value, np.ndarray):
        changed = value.copy()
        changed.flat[-1] = other(value.flat[-1].item())
        return changed
    if isinstance(value, bool):
        return not value
    return value + 1 if np.isfinite(value) else type(value)(0)


def test_whatever_lasts_is_in_the_fingerprint(variant):
    model = run(**variant)
    before, pieces, missed = model.fingerprint(), list(lasting(model)), []
    for path, holder, name in pieces:
        value = getattr(holder, name)
        setattr(holder, name, other(value))
        if model.fingerprint() == before:
            missed.append(path)
        setattr(holder, name, value)
    assert missed == []
    assert model.fingerprint() == before
    paths = {path for path, *_ in pieces}
    assert {"expelled", "provider.list_price", "provider._quality", "money.till", "technology.index"} <= paths
    assert {f"state.{column.name}" for column in dataclass_fields(model.state)} <= paths


def test_what_the_fingerprint_leaves_out_of_a_month_has_no_future(variant):
    forgetful = run(months=5, **variant)
    for path in FRESH:
        of_provider = path.removeprefix("provider.")
        delattr(forgetful if of_provider == path else forgetful.provider, of_provider)
    forgetful.run_for(5)
    same(forgetful, run(**variant))


# -- nil shocks ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "nil"),
    [("price", 1), ("capacity", 1), ("merit", 1), ("release", 1), ("hubs", 0), ("random", 0)],
)
def test_a_shock_of_value_nil_changes_no_bit(variant, kind, nil):
    until = {} if kind in ("hubs", "random") else {"until": 6}
    shocks = (*SHOCKS, Shock(month=3, kind=kind, value=nil, **until))
    same(run(**(variant | {"shocks": shocks})), run(**variant))


def test_setting_each_field_to_the_value_it_has_changes_no_bit():
    spec = Scenario(**(BUSY | {"shocks": (), "link_value": 0.6, "settlement_capacity": 3}))
    fields = [name for name, card in FIELDS.items() if card.shockable]
    assert len(fields) > 40
    nil = tuple(Shock(month=2, until=8, kind="set", field=name, value=getattr(spec, name)) for name in fields)
    ends = [MeshModel.from_scenario(spec.replace(shocks=shocks), rng=7) for shocks in ((), nil)]
    for model in ends:
        model.run_for(10)
    same(*ends)


def test_a_shock_that_has_not_come_yet_changes_no_bit():
    later = Shock(month=11, kind="set", field="churn", value=1)
    same(run(shocks=(*SHOCKS, later)), run())


# -- common random numbers -------------------------------------------------------------------------------------------


def pair(months, field, *values, **fields):
    """The same scenario with two values of one field."""
    return [run(months=months, **({"shocks": ()} | fields | {field: value})) for value in values]


def links_of(model):
    source, target, _ = model.network.links()
    return {frozenset(ends) for ends in zip(source.tolist(), target.tolist(), strict=True)}


@pytest.mark.parametrize(("field", "values"), [
    ("kernel", ("fitness", "uniform")), ("slots", (2, 6)), ("pricing", ("undercut", "fixed")), ("demand", (1, 5)),
    ("churn", (0, 0.3)), ("ttl", (1, 6)), ("reinvest", (0, 1)), ("exchange", (0, 1)),
])  # fmt: skip
def test_owners_are_the_same_people_whatever_the_rules(field, values):
    a, b = pair(3, field, *values)
    assert np.array_equal(a.state.device_class, b.state.device_class)
    assert np.array_equal(a.state.personal, b.state.personal)
    start = [MeshModel(**(BUSY | {field: value}), rng=7) for value in values]
    assert np.array_equal(start[0].members, start[1].members)
    assert np.array_equal(start[0].state.thresholds, start[1].state.thresholds)


def test_the_owners_merits_are_stretched_not_redrawn_by_their_spread():
    a, b = pair(0, "merit_spread", 0.2, 0.4)
    z = [(np.log(m.state.personal) + s**2 / 2) / s for m, s in ((a, 0.2), (b, 0.4))]
    assert z[0] == pytest.approx(z[1])


@pytest.mark.parametrize(("field", "values"), [
    ("kernel", ("fitness", "uniform")), ("pricing", ("undercut", "fixed")), ("looks", (1, 16)),
    ("learning_rate", (0, 1)), ("signal", ("local", "global")), ("link_failure", (0, 0.5)),
])  # fmt: skip
def test_other_rules_leave_the_same_people_leaving_and_asking_in_every_month(field, values):
    rich = {"population": "fixed", "income": 10**6, "wallet_cap": 10**6}  # nobody leaves for want of money
    models = [
        MeshModel(**(BUSY | rich | {"shocks": (), "churn": 0.1, field: value}), rng=7) for value in values
    ]
    for _ in range(5):
        for model in models:
            model.step()
        a, b = models
        assert np.array_equal(a.leaving, b.leaving)
        for one, other in zip(a.queries, b.queries, strict=True):
            assert np.array_equal(one, other)


def test_more_churn_takes_the_same_people_and_some_more():
    a, b = pair(1, "churn", 0.1, 0.3)
    assert a.leaving.sum() > 0
    assert (b.leaving[a.leaving]).all()
    assert b.leaving.sum() > a.leaving.sum()


def test_more_innovation_brings_the_same_people_and_some_more():
    a, b = pair(1, "innovation", 0.05, 0.4, churn=0)
    came = [model.state.joined == 1 for model in (a, b)]
    assert came[0].sum() > 0
    assert came[1][came[0]].all()


def test_links_that_fail_more_often_fail_where_they_did_and_elsewhere():
    a, b = pair(1, "link_failure", 0.1, 0.4, churn=0, attempts=0, population="fixed")
    failed = [model.network.slots == EMPTY for model in (a, b)]
    assert failed[0].sum() > 0
    assert failed[1][failed[0]].all()


def test_a_higher_link_value_keeps_the_same_contacts_and_some_more():
    a, b = pair(1, "link_value", 0.3, 0.8, kernel="uniform", attempts=1, churn=0, population="fixed")
    assert links_of(a) < links_of(b)


def test_more_demand_keeps_each_members_first_queries():
    a, b = pair(1, "demand", 2, 5)
    named = [
        {(i, n): (j, f) for i, n, j, f in zip(*map(np.ndarray.tolist, m.queries), strict=True)}
        for m in (a, b)
    ]
    assert named[0].items() < named[1].items()


def test_a_larger_frontier_share_makes_the_same_queries_hard_and_some_more():
    a, b = pair(1, "frontier_share", 0.1, 0.5)
    assert np.array_equal(a.queries.type, b.queries.type)
    assert b.queries.frontier[a.queries.frontier].all()
    assert b.queries.frontier.sum() > a.queries.frontier.sum() > 0
