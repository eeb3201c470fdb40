"""The model: state, rules and books, and the month in which the rules are applied in order."""

from __future__ import annotations

import hashlib
import inspect
import operator
import secrets
from dataclasses import astuple
from dataclasses import fields as dataclass_fields
from functools import partial
from typing import TYPE_CHECKING, Any

import mesa
import numpy as np
import numpy.typing as npt

from mesh_abm.agents import CentralProvider, Device
from mesh_abm.books import Flows, Money
from mesh_abm.errors import nearest
from mesh_abm.invariants import check_invariants
from mesh_abm.measures import COLUMNS, TYPE_COLUMNS, Snapshot, measure, measure_types
from mesh_abm.network import EMPTY, PROVIDER, Network
from mesh_abm.rules import Rules, default_rules
from mesh_abm.rules.demand import Queries
from mesh_abm.rules.provider import quality_by_type
from mesh_abm.rules.routing import Offers
from mesh_abm.scenario import Scenario
from mesh_abm.state import enter, new_state, withdraw
from mesh_abm.streams import stream_key, uniforms
from mesh_abm.technology import Technology
from mesh_abm.views import device_frame, links_frame, to_networkx

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd

F64 = npt.NDArray[np.float64]
I32 = npt.NDArray[np.int32]
I64 = npt.NDArray[np.int64]

RUN_KEYWORDS = ("device_class", "rules", "check", "rng")


class MeshModel(mesa.Model):
    """Devices that link, specialize, route queries to each other and pay, beside a centralized provider.

    Any field of `Scenario` is a keyword; defaults are the scenario `reference`.

    Args:
        device_class: the agent class of members; a subclass of `Device` may take decisions itself.
        rules: the rules of a month; `default_rules()` if None.
        check: test the invariants of docs/model.md after every step.
        rng: the seed, a whole number; None draws one, recorded as `seed`.

    Raises:
        TypeError: a keyword is no field; the message names the nearest one.
        ScenarioError: a value is not allowed.
    """

    par: Scenario  # the scenario in force this month
    weights: F64  # w_j, (J,)
    members: I32  # rows of the members, ascending
    running_costs: I64  # micro-credits a query, (classes,)
    flows: Flows  # what happened this month
    queries: Queries
    offers: Offers
    fate: npt.NDArray[np.int8]  # how each query ended
    leaving: npt.NDArray[np.bool_]  # who left in step 2 of this month
    record: dict[str, Any]  # the measures of this month

    def __init__(
        self,
        *,
        device_class: type[Device] = Device,
        rules: Rules | None = None,
        check: bool = False,
        rng: int | None = None,
        _spec: Scenario | None = None,
        **fields: Any,
    ) -> None:
        refuse_unknown(fields)
        self._begin(_spec or Scenario(**fields), device_class, rules, check, rng)

    @classmethod
    def from_scenario(cls, scenario: Scenario, *, rng: int | None = None, **keywords: Any) -> MeshModel:
        """The model of a scenario; `rng` comes before the scenario's own seed."""
        return cls(rng=scenario.seed if rng is None else rng, _spec=scenario, **keywords)

    def _begin(
        self, spec: Scenario, device_class: type[Device], rules: Rules | None, check: bool, rng: int | None
    ) -> None:
        self.seed = seed_from(rng)
        super().__init__(rng=self.seed)
        self.spec, self.rules, self.check = spec, rules or default_rules(), check
        self.device_class = device_class
        self.put_in_force(spec)
        self.month = 0
        self.running_costs = np.array([c.running_cost for c in spec.classes], np.int64)
        self.state = new_state(spec, self.seed)
        self.network = Network.empty(spec.n_owners, spec.slots)
        self.technology = Technology.at_start(spec)
        self.money = Money()
        self.benefit = 0.0  # of last month, micro-credits a member
        self.expelled = np.zeros(spec.n_owners, np.bool_)  # by a shock, to leave in step 2
        self.barred = np.zeros(len(spec.classes), np.bool_)  # classes that may not join this month
        quality = quality_by_type(self.weights, float(spec.focus))
        self._devices: dict[int, Device] = {}  # by spell
        self._seen_membership = (-1, -1, -1)
        self.provider = CentralProvider(
            self, spec.provider_capacity * spec.n_owners, spec.provider_price, quality
        )
        self._populate()
        self._collect_from_the_start()

    def _populate(self) -> None:
        """The first members; all their slots point to the provider (uniform kernel: to nobody)."""
        spec = self.spec
        self.update_merits()
        self.technology.measure_distance(spec, self.provider.price)
        self.open_month()
        rows = first_members(spec, self.seed)
        enter(self.state, rows, 0, self.seed, spec, self.first_asks(rows))
        self.money.endowed += spec.initial_wallet * rows.size
        self.network.slots[rows] = EMPTY if spec.kernel == "uniform" else PROVIDER
        self.state.full_capacity[rows] = self.class_capacity()[self.state.device_class[rows]]
        self.refresh_members()
        self.network.rebuild(self.members)

    def _collect_from_the_start(self) -> None:
        self.record = measure(Snapshot(self))
        reporters = {name: partial(recorded, name=name) for name in COLUMNS}
        self.datacollector = mesa.DataCollector(
            model_reporters=reporters, tables={"types": list(TYPE_COLUMNS)}
        )
        self.datacollector.collect(self)
        self.running = self.spec.months > 0

    # -- the month -------------------------------------------------------------------------------------------------

    def step(self) -> None:
        """One month: docs/model.md, rules 0 to 10."""
        self.month += 1
        rules = self.rules
        rules.shocks.apply(self)
        self.open_month()
        rules.technology.apply(self)
        rules.population.apply(self)
        rules.links.apply(self)
        rules.response.apply(self)
        rules.asks.apply(self)
        rules.demand.apply(self)
        rules.routing.apply(self)
        rules.settlement.apply(self)
        rules.hearing.apply(self)
        rules.learning.apply(self)
        rules.knowledge.apply(self)
        rules.provider.apply(self)
        self.collect()

    def run_for(self, duration: int) -> None:
        """Steps `duration` months, past `months` too."""
        for _ in range(operator.index(duration)):
            self.step()

    def open_month(self) -> None:
        """Empty flows, and the provider's terms that hold for this month."""
        provider = self.provider
        provider.open_month()
        self.flows = Flows(
            self.spec.task_types,
            price=provider.price_paid,
            capacity=provider.capacity,
            quality=provider.quality,
        )

    def collect(self) -> None:
        """Measures the month, tests the invariants if asked to, and says whether the run goes on."""
        snapshot = Snapshot(self)
        self.record = measure(snapshot)
        for row in measure_types(snapshot):
            self.datacollector.add_table_row("types", row)
        self.datacollector.collect(self)
        if self.check:
            check_invariants(self)
        self.running = self.month < self.spec.months

    # -- what rules share ------------------------------------------------------------------------------------------

    def put_in_force(self, par: Scenario) -> None:
        """Makes `par` the parameters of this month."""
        if getattr(self, "par", None) is not par:
            self.par, self.weights = par, par.weights()

    def update_merits(self) -> None:
        """r_i = r_class x personal factor, at the present technology."""
        class_merit = self.technology.class_merit(self.par)
        np.multiply(class_merit[self.state.device_class], self.state.personal, out=self.state.merit)

    def class_quality(self) -> F64:
        """q_k, (classes,)."""
        return self.technology.class_quality(self.par)

    def class_capacity(self) -> F64:
        """Capacity of each class without knowledge, queries a month, (classes,)."""
        return self.technology.class_capacity(self.par)

    def first_asks(self, rows: I32) -> I64:
        """First asks of newcomers: half way from the running cost to the provider's price, if it has one, (rows,)."""
        cost = self.running_costs[self.state.device_class[rows]]
        price = self.provider.price
        return np.maximum(cost, np.rint((cost + price) / 2).astype(np.int64)) if np.isfinite(price) else cost

    def refresh_members(self) -> None:
        """Brings the list of members up to date after entries and exits, and agents of a user's own class."""
        self.members = self.state.members
        if self.device_class is not Device:
            self._meet_members()

    def expel(self, rows: I32) -> None:
        """Ends the memberships of `rows` at once; links to them fail."""
        self.money.withdrawn += withdraw(self.state, rows)
        self.network.slots[rows] = EMPTY
        self.network.slots[np.isin(self.network.slots, rows)] = EMPTY
        self.members = self.state.members
        self.network.rebuild(self.members)

    # -- the agents ------------------------------------------------------------------------------------------------

    def _meet_members(self) -> None:
        """Makes agents of the members who have none and lets go of those of former members.

        New ones come in the order of their spells, so the order of an AgentSet does not depend on when one looks.
        """
        state = self.state
        membership = (int(state.spell.max(initial=0)), int(np.count_nonzero(state.member)), self.month)
        if membership == self._seen_membership:
            return
        self._seen_membership = membership
        present = dict(zip(state.spell[state.members].tolist(), state.members.tolist(), strict=True))
        for spell in [s for s in self._devices if s not in present]:
            mesa.Agent.remove(self._devices.pop(spell))
        for spell in sorted(present.keys() - self._devices.keys()):
            self._devices[spell] = self.device_class(self, present[spell])

    def member_agents(self) -> list[Device]:
        """The members' agents, in the order of their rows."""
        self._meet_members()
        return [self._devices[s] for s in self.state.spell[self.state.members].tolist()]

    def device_at(self, row: int) -> Device:
        """The agent of the member in a row; KeyError if there is none."""
        self._meet_members()
        if not self.state.member[row]:
            raise KeyError(f"row {row} is not a member")
        return self._devices[int(self.state.spell[row])]

    @property
    def agents(self) -> Any:
        """All agents: the provider and the members."""
        self._meet_members()
        return self._all_agents

    @agents.setter
    def agents(self, agents: Any) -> None:
        raise AttributeError("model.agents is Mesa's own; use another name")

    @property
    def agent_types(self) -> list[type]:
        """The classes of agents there are."""
        self._meet_members()
        return list(self._agents_by_type)

    @property
    def agents_by_type(self) -> dict[type, Any]:
        """The agents by class."""
        self._meet_members()
        return dict(self._agents_by_type)

    # -- looking ---------------------------------------------------------------------------------------------------

    def device_frame(self) -> pd.DataFrame:
        """A row per member: identity, state and flows of the month."""
        return device_frame(self)

    def links_frame(self) -> pd.DataFrame:
        """A row per filled slot: source, target (-1: the provider), traffic of the month."""
        return links_frame(self)

    def to_networkx(self) -> nx.Graph:
        """Devices and provider as a networkx graph, with traffic on the links."""
        return to_networkx(self)

    def fingerprint(self) -> str:
        """SHA-256 over all that a month leaves to the next, with its bits: state, network, provider, technology, books.

        Two models of one scenario and seed with equal fingerprints have the same future. The scenario and the seed are
        not in it, so that models that should not differ can be compared.
        """
        provider = self.provider
        columns = [
            getattr(part, c.name) for part in (self.state, self.network) for c in dataclass_fields(part)
        ]
        columns += [self.expelled, provider.quality]
        columns += [[self.benefit, provider.price, provider.list_price, provider.capacity]]
        columns += [astuple(self.technology)]
        digest = hashlib.sha256(repr((self.month, self.money)).encode())
        for column in map(np.ascontiguousarray, columns):
            digest.update(f"{column.dtype}{column.shape}".encode())
            digest.update(column.tobytes())
        return digest.hexdigest()


SCENARIO_KEYWORDS = [name for name in Scenario.model_fields if name != "seed"]


def refuse_unknown(fields: dict[str, Any]) -> None:
    """TypeError for a keyword that is no field of Scenario, naming the nearest one that is a keyword."""
    for name in fields:
        if name not in SCENARIO_KEYWORDS:
            raise TypeError(
                f"MeshModel has no field {name!r}{nearest(name, [*SCENARIO_KEYWORDS, *RUN_KEYWORDS])}"
            )


def seed_from(rng: Any) -> int:
    """The seed that `rng` says, a whole number of at least 0; None draws one."""
    if rng is None:
        return secrets.randbits(31)
    if isinstance(rng, np.random.Generator):
        return int(rng.integers(2**31))
    try:
        seed = operator.index(rng)
    except TypeError:
        raise TypeError(f"rng = {rng!r}: must be a whole number, a numpy Generator or None") from None
    if seed < 0:
        raise ValueError(f"rng = {rng!r}: must be at least 0")
    return seed


def first_members(spec: Scenario, seed: int) -> I32:
    """Rows of the members at the start: all (fixed), the first share by number (growth), or each with a chance."""
    rows = np.arange(spec.n_owners, dtype=np.int32)
    if spec.population == "fixed":
        return rows
    if spec.population == "growth":
        return rows[: int(np.rint(spec.initial_members * spec.n_owners))]
    chosen: I32 = rows[uniforms(stream_key(seed, "initial members"), rows, 0) < spec.initial_members]
    return chosen


def recorded(model: MeshModel, name: str) -> Any:
    """A measure of this month, for the DataCollector."""
    return model.record[name]


def _signature() -> inspect.Signature:
    """The keywords of MeshModel, taken from Scenario: what Mesa's tools and a reader's help() see."""
    names = {name: Scenario.model_fields[name].default for name in SCENARIO_KEYWORDS}
    names |= {"device_class": Device, "rules": None, "check": False, "rng": None}
    kind = inspect.Parameter.KEYWORD_ONLY
    own = inspect.Parameter("self", inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return inspect.Signature([own, *(inspect.Parameter(n, kind, default=d) for n, d in names.items())])


MeshModel.__init__.__signature__ = _signature()  # type: ignore[attr-defined]
