"""What Mesa's users expect of a model, its agents and its tools works here, on every supported Mesa."""

from __future__ import annotations

import copy
import gc
import inspect
import operator
import pickle
import weakref

import mesa
import numpy as np
import pandas as pd
import pytest

from mesh_abm.agents import CentralProvider, Device, Offer
from mesh_abm.model import RUN_KEYWORDS, SCENARIO_KEYWORDS, MeshModel
from mesh_abm.scenario import Scenario

SMALL = {"n_owners": 120, "initial_members": 0.5, "months": 6}


def small(**fields) -> MeshModel:
    return MeshModel(**(SMALL | {"rng": 1} | fields))


def test_every_field_of_a_scenario_is_a_keyword_with_its_default():
    shown = inspect.signature(MeshModel).parameters
    fields = {name: field.default for name, field in Scenario.model_fields.items() if name != "seed"}
    assert {name: shown[name].default for name in fields} == fields
    assert set(shown) == set(SCENARIO_KEYWORDS) | set(RUN_KEYWORDS)
    assert not any(p.kind is p.VAR_KEYWORD for p in inspect.signature(MeshModel.__init__).parameters.values())


def test_a_wrong_keyword_is_a_type_error_that_names_the_nearest():
    with pytest.raises(TypeError, match=r"'chrun'.*'churn'"):
        MeshModel(chrun=0.1)


@pytest.mark.parametrize("rng", [3, np.int64(3), np.random.default_rng(3)])
def test_seeds_may_be_any_whole_number_or_a_generator(rng):
    assert small(rng=rng).seed >= 0


@pytest.mark.parametrize("rng", ["3", 2.5, -1])
def test_other_seeds_are_refused(rng):
    with pytest.raises((TypeError, ValueError), match="rng"):
        small(rng=rng)


def test_without_a_seed_one_is_drawn_and_recorded():
    first = small(rng=None)
    assert small(rng=first.seed).fingerprint() == first.fingerprint()


def test_agents_are_the_provider_and_one_device_per_member():
    model = small()
    for _ in range(4):
        model.step()
        devices = model.agents_by_type[Device]
        assert set(model.agent_types) == {Device, CentralProvider}
        assert len(devices) == len(model.members) == len(model.agents) - 1
        assert sorted(d.row for d in devices) == model.members.tolist()
        assert {d.unique_id for d in devices} == set(model.state.spell[model.members].tolist())
        assert model.provider in model.agents


def test_an_agent_set_selects_and_aggregates_as_mesa_says():
    model = small(population="fixed")
    model.run_for(3)
    rich = model.agents_by_type[Device].select(lambda d: d.wallet >= 12_000)
    assert all(d.wallet >= 12_000 for d in rich)
    total = model.agents_by_type[Device].agg("wallet", sum)
    assert total == int(model.state.wallet.sum())
    by_class = model.agents_by_type[Device].groupby("device_class").count()
    assert by_class == {"phone": 48, "laptop": 36, "desktop": 24, "workstation": 12}


def test_a_device_that_left_says_so():
    model = small(churn=0.5)
    gone = model.member_agents()
    model.run_for(4)
    left = [d for d in gone if not d.is_member]
    assert left
    with pytest.raises(RuntimeError, match="no longer a member"):
        _ = left[0].wallet


def test_writing_to_a_device_writes_its_row_and_keeps_the_books():
    model = small(population="fixed")
    device = model.device_at(7)
    device.wallet += 500
    device.ask = 999
    assert model.state.wallet[7] == device.wallet
    assert model.state.ask[7] == 999
    assert model.money.imbalance(int(model.state.wallet.sum())) == 0
    with pytest.raises(ValueError, match="running cost"):
        device.ask = 1


def test_removing_an_agent_ends_its_membership_and_its_links():
    model = small(population="fixed", kernel="uniform", link_value=1.0, check=True)
    model.step()
    device = model.device_at(5)
    assert device.neighbors
    device.remove()
    assert not model.state.member[5]
    assert not (model.network.slots == 5).any()
    assert 5 not in [d.row for d in model.agents_by_type[Device]]
    assert model.money.imbalance(int(model.state.wallet.sum())) == 0
    model.step()


def test_agent_reporters_of_a_users_own_collector_work():
    model = small()
    collector = mesa.DataCollector(
        agenttype_reporters={Device: {"wallet": operator.attrgetter("wallet"), "row": "row"}},
        model_reporters={"members": lambda m: len(m.members)},
    )
    model.step()
    collector.collect(model)
    frame = collector.get_agenttype_vars_dataframe(Device)
    assert frame["wallet"].sum() == model.state.wallet.sum()


def test_batch_run_runs_a_grid():
    parameters = {"n_owners": [60, 90], "churn": [0.02, 0.2], "months": 4, "initial_members": 0.5}
    seeds = {"rng": [0, 1]}
    new = "rng" in inspect.signature(mesa.batch_run).parameters
    keywords = seeds if new else {}
    rows = mesa.batch_run(
        MeshModel, parameters if new else parameters | seeds, max_steps=4, display_progress=False,
        data_collection_period=-1, number_processes=1, **keywords,
    )  # fmt: skip
    assert len(rows) == 8
    assert {row["n_owners"] for row in rows} == {60, 90}
    assert all(0 <= row["share_provider"] <= 1 for row in rows)


def test_a_model_resumes_from_a_pickle_or_a_deep_copy_bit_for_bit():
    model = small(months=20)
    model.run_for(3)
    assert model.agents  # looked at: the copies carry agents too
    twins = [pickle.loads(pickle.dumps(model)), copy.deepcopy(model)]
    for one in (model, *twins):
        one.run_for(5)
    assert len({one.fingerprint() for one in (model, *twins)}) == 1
    frames = [one.datacollector.get_model_vars_dataframe() for one in (model, *twins)]
    assert frames[0].equals(frames[1])
    assert frames[0].equals(frames[2])


def test_looking_changes_nothing():
    looked, left_alone = small(months=12), small(months=12)
    for _ in range(8):
        looked.step()
        left_alone.step()
        looked.agents.do(lambda a: a.unique_id)
        _ = looked.device_frame(), looked.links_frame(), looked.to_networkx()
        _ = [d.neighbors for d in looked.agents_by_type[Device]]
    assert looked.fingerprint() == left_alone.fingerprint()
    assert [a.unique_id for a in looked.agents] == [a.unique_id for a in left_alone.agents]


def test_running_ends_with_the_months_and_stepping_on_is_allowed():
    model = small(months=3)
    model.run_model()
    assert (model.month, model.running) == (3, False)
    model.step()
    assert model.month == 4


def test_a_graph_holds_devices_provider_and_traffic():
    model = small(population="fixed", kernel="uniform", link_value=1.0)
    model.run_for(3)
    graph = model.to_networkx()
    assert set(graph.nodes) == {"provider", *model.members.tolist()}
    devices = graph.subgraph(model.members.tolist())
    assert devices.number_of_edges() == model.network.n_links
    assert sum(t for _, _, t in devices.edges(data="traffic")) == model.network.traffic.sum()


class Stubborn(Device):
    """Works on type 0 or not at all, asks a round price, keeps every contact, takes the cheapest offer."""

    def __init__(self, model, row):
        super().__init__(model, row)
        self.asked = 0

    def choose_task(self, probabilities):
        return 0 if probabilities[0] > 0 else None

    def set_ask(self, proposed):
        self.asked += 1
        return max(1000, proposed)

    def keep_link(self, partner, chance):
        assert isinstance(partner, Stubborn)
        assert 0 <= chance <= 1
        return True

    def choose_offer(self, offers):
        assert all(isinstance(o, Offer) for o in offers)
        return min(offers, key=lambda o: (o.pay, o.row))


def test_a_users_device_takes_the_decisions_it_overrides():
    certain = {"population": "fixed", "churn": 0, "kernel": "uniform", "link_value": 0.0}
    model = small(device_class=Stubborn, check=True, **certain)
    model.run_for(4)
    on_task = model.state.task[model.members]
    assert set(np.unique(on_task)) <= {-1, 0}
    assert (model.state.ask[model.members] >= 1000).all()
    assert model.network.n_links > 0, "v = 0, so only the override keeps links"
    assert all(d.asked == 4 for d in model.agents_by_type[Stubborn])


def test_a_device_that_decides_as_the_kernels_do_changes_no_bit():
    class Same(Device):
        def set_ask(self, proposed):
            return proposed

        def choose_offer(self, offers):
            return max(offers, key=lambda o: (o.utility, -o.row))

    fields = {
        "population": "fixed",
        "kernel": "uniform",
        "link_value": 0.8,
        "months": 9,
        "initial_threshold": 0.05,
    }
    own, plain = small(device_class=Same, **fields), small(**fields)
    own.run_for(8)
    plain.run_for(8)
    assert plain.flows.by_mesh.sum() > 0
    assert own.fingerprint() == plain.fingerprint()


def test_a_rule_is_replaced_in_one_line():
    from mesh_abm.rules import default_rules

    class NoInvestment:
        def apply(self, model):
            model.provider.price = 123.0

    model = small(rules=default_rules().replace(provider=NoInvestment()))
    model.step()
    assert model.provider.price == 123.0
    assert model.technology.production == model.technology.base
    with pytest.raises(TypeError):
        default_rules().replace(wrong=NoInvestment())


def test_classes_and_mix_may_be_given_as_another_scenario():
    optimist = Scenario.load("optimist")
    assert Scenario(classes="optimist").classes == optimist.classes
    assert Scenario(classes=optimist).classes == optimist.classes
    borrowed = Scenario(mix=optimist)
    assert (borrowed.mix, borrowed.task_types) == (optimist.mix, optimist.task_types)


def richest(model):
    return int(model.state.wallet.max())


class Watched(MeshModel):
    """A user's model with a column of its own, as docs/extending.md shows."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        old = self.datacollector
        reporters = {**old.model_reporters, "richest": richest}
        self.datacollector = mesa.DataCollector(reporters, tables=old.tables)
        self.datacollector.collect(self)


def test_a_users_column_stands_beside_the_measures_and_changes_none():
    model, plain = Watched.from_scenario(Scenario(**SMALL), rng=1), small()
    model.run_for(3)
    model = pickle.loads(pickle.dumps(model))
    model.run_for(3)
    plain.run_for(6)
    frame = model.datacollector.get_model_vars_dataframe()
    assert frame.pop("richest").iloc[[0, -1]].tolist() == [plain.spec.initial_wallet, richest(plain)]
    pd.testing.assert_frame_equal(frame, plain.datacollector.get_model_vars_dataframe(), check_exact=True)
    tables = [one.datacollector.get_table_dataframe("types") for one in (model, plain)]
    pd.testing.assert_frame_equal(*tables, check_exact=True)


@pytest.mark.filterwarnings("ignore:.*ComponentsView:UserWarning")  # of Mesa's page: a hook after a return
def test_mesas_page_shows_a_users_model():
    import ipyvuetify
    import solara
    from mesa.visualization import Slider, SolaraViz

    model = Watched(**SMALL, rng=1)
    page = SolaraViz(model, components=[], model_params={"churn": Slider("churn", 0.02, 0, 1, 0.1)})
    _, found = solara.render(solara.AppLayout(children=[page]), handle_error=False)
    found.find(ipyvuetify.Btn, children=["Step"]).widget.click()
    assert model.datacollector.model_vars["richest"][-1] == richest(model)
    assert model.month == 1


def test_a_model_that_nobody_holds_is_freed() -> None:
    model = MeshModel(n_owners=20, initial_members=1.0, rng=1)
    model.step()
    assert len(model.agents) > 1
    held = weakref.ref(model)
    del model
    gc.collect()
    assert held() is None
