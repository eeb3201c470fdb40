"""A member's device: response (step 4), ask (5), learning (7) and knowledge (8)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import mesa

from .provider import Provider

if TYPE_CHECKING:
    from mesh_abm.device_classes import DeviceClass

    from .model import TwinModel


@dataclass(eq=False)
class Owner:
    """A person with a device, member of the network or not."""

    number: int
    device_class: DeviceClass
    personal: float  # exp(sigma z - sigma^2 / 2), on merit only
    first_thresholds: list[float]
    merit: float = 0.0  # r of this month
    device: Device | None = None
    was_member: bool = False

    @property
    def fitness(self) -> float:
        """eta = r / (1 + r): the logistic of log relative merit."""
        return self.merit / (1 + self.merit)


def specialty(share: float, types: int) -> float:
    """spec(y) = (y - 1/J) / (1 - 1/J); with a single type everybody is a full specialist."""
    return (share - 1 / types) / (1 - 1 / types) if types > 1 else 1.0


class Device(mesa.Agent):  # type: ignore[misc]
    """The device of a member, from entry to leaving; a returning owner gets a new one."""

    model: TwinModel

    def __init__(self, model: TwinModel, owner: Owner) -> None:
        super().__init__(model)
        par = model.par
        types = par.task_types
        self.owner = owner
        self.joined = model.month
        self.slots: list[Device | Provider | None] = [None] * par.slots
        self.neighbors: list[Device] = []  # device network: own slots and slots of others pointing here
        self.shares = [1 / types] * types
        self.thresholds = list(owner.first_thresholds)
        self.signal = [0.0] * types
        self.heard = [0] * types
        self.knowledge = 0.0
        self.up_to_date = False
        self.wallet: int = par.initial_wallet
        model.ledger.endowments += self.wallet
        self.ask = self.first_ask()
        self.task: int | None = None
        self.capability = 0.0  # C_i
        self.quality = 0.0  # q_ij on the task of the month
        self.capacity = 0
        self.load = 0
        self.delivered = 0  # mesh deliveries of the month
        self.relayed = 0  # paid relayings of the month
        self.benefit = 0.0

    @property
    def running_cost(self) -> int:
        """Cost of answering one query."""
        return int(self.owner.device_class.running_cost)

    @property
    def utilization(self) -> float:
        """Load over capacity, 0 without capacity."""
        return self.load / self.capacity if self.capacity else 0.0

    def first_ask(self) -> int:
        """Half way between running cost and the provider's price (an infinite price gives no half way)."""
        price = self.model.provider.price
        if not math.isfinite(price):
            return self.running_cost
        return max(self.running_cost, round((self.running_cost + price) / 2))

    # ---- links -------------------------------------------------------------------------------------------

    def link(self, slot: int, partner: Device | Provider) -> None:
        """Point an empty slot at a partner."""
        self.slots[slot] = partner
        if isinstance(partner, Device):
            self.neighbors.append(partner)
            partner.neighbors.append(self)

    def unlink(self, slot: int) -> None:
        """Empty a slot."""
        partner = self.slots[slot]
        self.slots[slot] = None
        if isinstance(partner, Device):
            self.neighbors.remove(partner)
            partner.neighbors.remove(self)
            self.model.flows.links_lost += 1

    def leave(self) -> None:
        """Withdraw the wallet, close all links, own and incoming, and disappear."""
        for slot in range(len(self.slots)):
            self.unlink(slot)
        for other in list(self.neighbors):
            other.unlink(other.slots.index(self))
        self.model.ledger.withdrawn += self.wallet
        self.owner.device = None
        self.remove()

    # ---- quality and capacity ----------------------------------------------------------------------------

    def specialist_quality(self, share: float) -> float:
        """Quality at a share of effort: specialization closes part of the gap to the ceiling."""
        par = self.model.par
        base = self.model.technology.quality(self.owner.device_class)
        part = par.specialist_bonus * specialty(share, par.task_types)
        return float(base + (par.specialist_ceiling - base) * part)

    def quality_on(self, task: int) -> float:
        """q_ij, with the bonus of being up to date."""
        bonus = self.model.par.update_bonus if self.up_to_date else 0.0
        return self.specialist_quality(self.shares[task]) * (1 + bonus)

    def total_capability(self) -> float:
        """C_i: queries a month if all effort went to one type."""
        par = self.model.par
        knowledge = par.knowledge_gain * self.knowledge / (1 + self.knowledge)
        growth = math.exp(par.capacity_gain * self.model.technology.index)
        return float(self.owner.device_class.capacity * growth * (1 + knowledge))

    # ---- the month ---------------------------------------------------------------------------------------

    def earn_income(self) -> None:
        """Income up to the cap of the wallet, then the standing cost if it can be paid."""
        par, ledger = self.model.par, self.model.ledger
        income = min(par.income, max(0, par.wallet_cap - self.wallet))
        self.wallet += income
        ledger.injected += income
        if self.wallet >= par.standing_cost:
            self.wallet -= par.standing_cost
            ledger.spent += par.standing_cost

    def adjust_ask(self) -> None:
        """Rule 5: raise the ask when last month's use was above target. (Called before rule 4 forgets it.)"""
        if self.capacity >= 1:
            par = self.model.par
            factor = math.exp(par.ask_rate * (self.utilization - par.target_use))
            self.ask = max(self.running_cost, round(self.ask * factor))

    def respond(self) -> None:
        """Rule 4: take up one task with the threshold probabilities, or stay idle."""
        draw = self.model.random
        steepness = self.model.par.steepness
        signal = self.model.signal if self.model.par.signal == "global" else self.signal
        chances = [
            s**steepness / (s**steepness + threshold**steepness) if s > 0 else 0.0
            for s, threshold in zip(signal, self.thresholds, strict=True)
        ]
        self.load = self.delivered = self.relayed = 0
        self.benefit = 0.0
        self.capability = self.total_capability()
        if draw.random() < 1 - math.prod(1 - p for p in chances):
            self.task = draw.choices(range(len(chances)), weights=chances)[0]
            self.capacity = math.floor(self.capability * self.shares[self.task] + draw.random())
            self.quality = self.quality_on(self.task)
        else:
            self.task = None
            self.capacity = 0

    def learn(self) -> None:
        """Rule 7: what was done becomes easier and takes a larger share; every other task becomes harder."""
        par = self.model.par
        done = self.task if self.load >= 1 else None
        for task, threshold in enumerate(self.thresholds):
            moved = threshold - par.reinforcement if task == done else threshold + par.decay
            self.thresholds[task] = min(par.threshold_max, max(par.threshold_min, moved))
        if done is not None:
            self.shares = [(1 - par.learning_rate) * share for share in self.shares]
            self.shares[done] += par.learning_rate

    def practice(self) -> None:
        """Rule 8: knowledge ages, and grows with use."""
        par = self.model.par
        self.knowledge = (1 - par.obsolescence) * self.knowledge + par.practice * self.utilization
