"""The agents that Mesa's users meet: thin views of rows of the state, made when somebody looks.

A subclass of `Device` may override any of four decisions: `choose_task`, `set_ask`, `keep_link`, `choose_offer`. Only
those overridden run in Python; all else stays in the kernels.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import mesa
import numpy as np
import numpy.typing as npt

from mesh_abm.network import EMPTY, PROVIDER
from mesh_abm.state import specialization
from mesh_abm.theory import thresholds

if TYPE_CHECKING:
    from mesh_abm.model import MeshModel

F64 = npt.NDArray[np.float64]
Scaling = Callable[[float, float], float]  # operator.mul or operator.truediv


@dataclass(frozen=True)
class Offer:
    """An offer as a searching device sees it: whose, how far, how good, what it costs in all, and its utility."""

    row: int
    hops: int
    quality: float
    pay: int
    utility: float


class _OwnNumbers:
    """In the place of Mesa 3.3's table of agent numbers, which keeps every model for as long as the process lives.

    The agents here have numbers of their own, so what it would give is never seen. Newer Mesa has no such table.
    """

    def __getitem__(self, model: MeshModel) -> Iterator[int]:
        return itertools.repeat(0)


class Device(mesa.Agent):
    """A member of the mesh: a view of one row of the state for the length of one membership.

    `unique_id` is the number of the membership (1, 2, .. over the run), so it does not depend on when one looks.
    """

    model: MeshModel
    _ids = _OwnNumbers()

    def __init__(self, model: MeshModel, row: int) -> None:
        super().__init__(model)
        self.row = row
        self.unique_id = int(model.state.spell[row])

    # -- decisions that a subclass may take over ------------------------------------------------------------------

    def choose_task(self, probabilities: F64) -> int | None:
        """The type to work on this month, or None to idle, given the response probabilities of (9), (J,)."""
        raise NotImplementedError("decided in the kernel of rules/response.py")

    def set_ask(self, proposed: int) -> int:
        """The ask of this month, given what rule 5 proposes; at least the running cost."""
        raise NotImplementedError("decided in the kernel of rules/asks.py")

    def keep_link(self, partner: Device, chance: float) -> bool:
        """Whether to keep a contact with `partner`, which rule 3 would keep with this chance."""
        raise NotImplementedError("decided in the kernel of rules/links.py")

    def choose_offer(self, offers: Sequence[Offer]) -> Offer | None:
        """One of the offers seen at a node (by row), or None to walk on."""
        raise NotImplementedError("decided in the kernel of rules/routing.py")

    # -- the row ---------------------------------------------------------------------------------------------------

    def _column(self, name: str) -> Any:
        """The column `name`, if this membership still lasts."""
        if not self.is_member:
            raise RuntimeError(f"device {self.unique_id} is no longer a member of the mesh")
        return getattr(self.model.state, name)

    @property
    def is_member(self) -> bool:
        """Whether this membership lasts."""
        state = self.model.state
        return bool(state.member[self.row]) and int(state.spell[self.row]) == self.unique_id

    @property
    def device_class(self) -> str:
        """Name of the device class."""
        return self.model.spec.classes[self.model.state.device_class[self.row]].name

    @property
    def merit(self) -> float:
        """r_i, relative merit of this month."""
        return float(self._column("merit")[self.row])

    @property
    def fitness(self) -> float:
        """eta_i = r / (1 + r)."""
        return self.merit / (1 + self.merit)

    @property
    def joined(self) -> int:
        """Month of entry."""
        return int(self._column("joined")[self.row])

    @property
    def shares(self) -> F64:
        """sigma_ij, shares of effort over types, (J,): a view, writable."""
        return self._column("shares")[self.row]

    @property
    def thresholds(self) -> F64:
        """theta_ij, (J,): a view, writable."""
        return self._column("thresholds")[self.row]

    @property
    def signal(self) -> F64:
        """s_ij, or the global s_j, (J,): a view."""
        signal = self._column("signal")
        return signal[self.row if len(signal) > 1 else 0]

    def response(self) -> F64:
        """The response probabilities of (9) at the present signal and thresholds, (J,)."""
        chances: F64 = thresholds.response(self.signal, self.thresholds, self.model.par.steepness)
        return chances

    @property
    def specialization(self) -> float:
        """1 - entropy(sigma_i) / ln J; 0 with a single type."""
        return float(specialization(self._column("shares"), np.array([self.row], np.int32))[0])

    @property
    def task(self) -> int | None:
        """The type worked on this month, None if idle."""
        task = int(self._column("task")[self.row])
        return None if task < 0 else task

    @property
    def quality(self) -> float:
        """q_ij on the task of this month, 0 if idle."""
        return float(self._column("quality")[self.row])

    @property
    def capacity(self) -> int:
        """Queries it can answer this month."""
        return int(self._column("capacity")[self.row])

    @property
    def load(self) -> int:
        """Queries answered this month, own ones included."""
        return int(self._column("load")[self.row])

    @property
    def relayed(self) -> int:
        """Paid relayings this month."""
        return int(self._column("relayed")[self.row])

    @property
    def ask(self) -> int:
        """a_i, micro-credits a query."""
        return int(self._column("ask")[self.row])

    @ask.setter
    def ask(self, value: int) -> None:
        self._column("ask")[self.row] = self.valid_ask(value)

    @property
    def wallet(self) -> int:
        """w_i, micro-credits. Money written into a wallet is booked as injected, money taken out of it as withdrawn."""
        return int(self._column("wallet")[self.row])

    @wallet.setter
    def wallet(self, value: int) -> None:
        if value < 0:
            raise ValueError(f"wallet = {value}: must be at least 0 micro-credits")
        change = int(value) - self.wallet
        self.model.money.injected += max(0, change)
        self.model.money.withdrawn += max(0, -change)
        self._column("wallet")[self.row] = int(value)

    @property
    def knowledge(self) -> float:
        """u_i."""
        return float(self._column("knowledge")[self.row])

    @knowledge.setter
    def knowledge(self, value: float) -> None:
        self._column("knowledge")[self.row] = value

    @property
    def up_to_date(self) -> bool:
        """Whether it has the newest model release."""
        return bool(self._column("up_to_date")[self.row])

    @up_to_date.setter
    def up_to_date(self, value: bool) -> None:
        self._column("up_to_date")[self.row] = value

    @property
    def neighbors(self) -> list[Device]:
        """The devices it shares a link with."""
        net = self.model.network
        return [
            self.model.device_at(int(k)) for k in net.neighbors[net.start[self.row] : net.start[self.row + 1]]
        ]

    @property
    def degree(self) -> int:
        """Links to devices, and own slots that point to the provider."""
        net = self.model.network
        return int(net.start[self.row + 1] - net.start[self.row]) + self.provider_slots

    @property
    def provider_slots(self) -> int:
        """Own slots that point to the provider."""
        return int(np.count_nonzero(self.model.network.slots[self.row] == PROVIDER))

    @property
    def empty_slots(self) -> int:
        """Own slots without a partner."""
        return int(np.count_nonzero(self.model.network.slots[self.row] == EMPTY))

    def valid_ask(self, value: int) -> int:
        """`value`, if it is a whole amount that covers the running cost; else ValueError."""
        lowest = int(self.model.running_costs[self.model.state.device_class[self.row]])
        if value != int(value) or value < lowest:
            raise ValueError(
                f"ask = {value}: must be a whole number of micro-credits, at least the running cost {lowest}"
            )
        return int(value)

    def valid_task(self, value: int) -> int:
        """`value`, if it is one of the task types; else ValueError."""
        if not 0 <= value < self.model.state.n_types:
            raise ValueError(
                f"task = {value}: must be None or a type from 0 to {self.model.state.n_types - 1}"
            )
        return int(value)

    def remove(self) -> None:
        """Ends the membership at once: the wallet is withdrawn, its links fail."""
        if self.is_member:
            self.model.expel(np.array([self.row], np.int32))
        super().remove()


class CentralProvider(mesa.Agent):
    """The centralized provider: capacity K, price p, quality by type; its till is in the model's books."""

    model: MeshModel
    _ids = _OwnNumbers()

    def __init__(self, model: MeshModel, capacity: float, list_price: float, quality: F64) -> None:
        super().__init__(model)
        self.unique_id = 0
        self.capacity = float(capacity)  # K, queries a month, all types
        self.list_price = float(list_price)  # p0
        self.price = float(list_price)  # p, kept real
        self.release = 1.0  # product of the release shocks in force
        self.quality = quality
        self.sold = 0  # queries served this month
        self.revenue = 0  # micro-credits this month

    @property
    def quality(self) -> F64:
        """Quality by type, releases included, (J,); rule 9 sets it without them."""
        lifted: F64 = self.release * self._quality
        return lifted

    @quality.setter
    def quality(self, quality: F64) -> None:
        self._quality = quality

    @property
    def price_paid(self) -> int:
        """p as paid and compared: rint(p), or more than any wallet holds if p is infinite."""
        return int(min(np.rint(self.price), 2.0**62))

    @property
    def capacity_left(self) -> int:
        """Queries it can still serve this month."""
        return int(min(np.floor(self.capacity), 2.0**62)) - self.sold

    @property
    def till(self) -> int:
        """Micro-credits taken and not yet spent."""
        return self.model.money.till

    @property
    def degree(self) -> int:
        """Slots of members that point to it."""
        return int(np.count_nonzero(self.model.network.slots == PROVIDER))

    def open_month(self) -> None:
        """Starts counting this month's sales."""
        self.sold = self.revenue = 0

    def sell(self, queries: int, paid: int) -> None:
        """Serves `queries` for `paid` micro-credits, which go to the till."""
        self.sold += queries
        self.revenue += paid
        self.model.money.till += paid

    def scale_price(self, by: Scaling, factor: float) -> None:
        """Multiplies or divides p0 and p."""
        self.list_price = by(self.list_price, factor)
        self.price = by(self.price, factor)

    def scale_capacity(self, by: Scaling, factor: float) -> None:
        """Multiplies or divides K."""
        self.capacity = by(self.capacity, factor)


def overrides(device_class: type[Device], decision: str) -> bool:
    """Whether a class of devices takes a decision itself."""
    return getattr(device_class, decision) is not getattr(Device, decision)
