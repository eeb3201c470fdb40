"""The model as a list of verbs, in the order of the rules of docs/model.md."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Any

import mesa
import numpy as np
import pandas as pd

from . import knowledge, linking, measures, population, shocks
from .device import Device
from .formulas import mean
from .ledger import Ledger, Month
from .market import run_market
from .provider import Provider
from .technology import Technology

if TYPE_CHECKING:
    from mesh_abm.scenario import Scenario


class TwinModel(mesa.Model):  # type: ignore[misc]
    """One Python object per device. `row` is the month's row of measures, `rows` all of them."""

    random: Random
    rng: np.random.Generator

    def __init__(self, scenario: Scenario, seed: int) -> None:
        super().__init__(rng=seed)
        self.given = scenario
        self.par = scenario
        self.month = 0
        self.ledger = Ledger()
        self.flows = Month(scenario.task_types)
        self.technology = Technology(scenario)
        self.provider = Provider(self, scenario)
        self.provider_quality = self.provider.qualities()
        self.merit_factor = 1.0
        self.benefit = 0.0  # mean benefit of the last month
        self.signal = [0.0] * scenario.task_types  # of the global kind
        self.members: list[Device] = []
        self.owners = population.make_owners(self, scenario)
        self.update_merits()
        self.start()
        self.rows: list[dict[str, float]] = []
        self.type_rows: list[dict[str, Any]] = []
        self.collect(measures.before(self), adoption=0.0)

    @property
    def row(self) -> dict[str, float]:
        """Measures of the month."""
        return self.rows[-1]

    def frame(self) -> pd.DataFrame:
        """All rows."""
        return pd.DataFrame(self.rows)

    def start(self) -> None:
        """Month 0: the first members, with all slots at the provider (uniform kernel: empty)."""
        for owner in population.first_members(self, self.par):
            device = population.enter(self, owner)
            device.capability = device.total_capability()
            if self.par.kernel != "uniform":
                for slot in range(self.par.slots):
                    device.link(slot, self.provider)
        self.update_members()
        self.link_value = linking.link_value(self)

    def step(self) -> None:
        """One month."""
        self.open_month()
        shocks.apply_shocks(self)
        self.provider_quality = self.provider.qualities()
        self.technology.advance(self.par)
        self.update_merits()
        self.change_population()
        self.link_value = linking.link_value(self)
        linking.open_links(self)
        self.work_and_trade()
        self.learn()
        start = measures.before(self)
        self.provider.invest()
        self.provider.set_price()
        self.collect(start, self.imitation)

    def open_month(self) -> None:
        """Next month: parameters in force, empty books."""
        self.month += 1
        self.par = self.given.at(self.month)
        self.flows = Month(self.par.task_types)
        self.flows.links_before = sum(len(device.neighbors) for device in self.members) // 2
        self.provider.open()

    def update_merits(self) -> None:
        """r = class merit x exp(merit_gain T) x personal factor, for members and others."""
        growth = self.merit_factor * self.technology.merit_growth(self.par)
        for owner in self.owners:
            owner.merit = owner.device_class.merit * growth * owner.personal

    def update_members(self) -> None:
        """Members in order of owner number."""
        self.members = [owner.device for owner in self.owners if owner.device is not None]

    def change_population(self) -> None:
        """Step 2: leave, fail, join, income and standing cost."""
        population.leave(self)
        population.fail_links(self)
        self.imitation = population.imitation(self)
        population.join(self)
        for device in self.members:
            device.earn_income()

    def work_and_trade(self) -> None:
        """Steps 4 to 6. Asks first: they follow last month's use, which the response overwrites."""
        for device in self.members:
            device.adjust_ask()
        for device in self.members:
            device.respond()
        run_market(self)
        self.benefit = mean([device.benefit for device in self.members]) if self.members else 0.0

    def learn(self) -> None:
        """Steps 7 and 8."""
        for device in self.members:
            device.learn()
        for device in self.members:
            device.practice()
        knowledge.exchange_knowledge(self)
        knowledge.spread_updates(self)

    def collect(self, start: dict[str, float], adoption: float) -> None:
        """Step 10."""
        self.rows.append(measures.measure(self, start, adoption))
        self.type_rows.extend(measures.type_rows(self, start))
        self.running = self.month < self.given.months
