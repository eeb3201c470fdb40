"""What the measures of one month have in common, computed once and only if asked for."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from mesh_abm.books import Flows
from mesh_abm.kernels import kernel
from mesh_abm.measures.tail import fit_tail, linked
from mesh_abm.network import PROVIDER, Components
from mesh_abm.parallel import HEAVY, over_rows
from mesh_abm.rules.offers import INFINITE_PRICE
from mesh_abm.state import IDLE, specialization

if TYPE_CHECKING:
    from mesh_abm.model import MeshModel

F64 = npt.NDArray[np.float64]
I32 = npt.NDArray[np.int32]
I64 = npt.NDArray[np.int64]


class Snapshot:
    """A month of a model, seen whole. Arrays over members are in the order of their rows."""

    def __init__(self, model: MeshModel) -> None:
        self.model, self.state, self.network, self.par = model, model.state, model.network, model.par
        self.members = model.members
        self.n = int(model.members.size)
        self.flows: Flows = model.flows

    @cached_property
    def degrees(self) -> I64:
        """Degrees of the members in the device network, (N,)."""
        return self.network.degree[self.members]

    @cached_property
    def components(self) -> Components:
        """The components of the device network."""
        return self.network.components(self.members)

    @cached_property
    def slot_counts(self) -> tuple[int, int]:
        """Filled slots, and those of them that point to the provider."""
        parts = over_rows(_count_slots, self.n, self.members, self.network.slots)
        return sum(f for f, _ in parts), sum(p for _, p in parts)

    @cached_property
    def capability(self) -> tuple[F64, F64, float]:
        """sum_i c_ij over members and over the largest component, (J,) each, and sum of C_i over members."""
        columns = (self.members, self.components.inside, self.state.shares, self.state.full_capacity)
        parts = over_rows(_sum_capability, self.n, *columns)
        j = self.state.n_types
        total = np.sum(parts, axis=0) if parts else np.zeros(2 * j + 1)
        return total[:j], total[j : 2 * j], float(total[2 * j])

    @cached_property
    def specialization(self) -> F64:
        """The specialization index of each member, (N,)."""
        index = np.empty(self.n)
        over_rows(_specialization, self.n, self.members, self.state.shares, index, chunk=HEAVY)
        return index

    @cached_property
    def served(self) -> npt.NDArray[np.bool_]:
        """Which members answered a query this month, (N,)."""
        return self.state.load[self.members] >= 1

    @cached_property
    def on_task(self) -> npt.NDArray[np.intp]:
        """Rows of the devices that are on a task this month."""
        return np.flatnonzero(self.state.task != IDLE)

    @cached_property
    def active(self) -> F64:
        """Devices on each type, (J,)."""
        return self.per_type()

    @cached_property
    def price(self) -> float:
        """The provider's price this month, as paid; inf if nobody can pay it."""
        return float(self.flows.price) if self.flows.price < INFINITE_PRICE else np.inf

    @cached_property
    def adjacency(self) -> Any:
        """Adjacency matrix of the largest component, scipy sparse."""
        from scipy.sparse import csr_array

        net, p = self.network, self.state.n_owners
        whole = csr_array((np.ones(net.neighbors.size), net.neighbors, net.start), shape=(p, p))
        return whole[self.components.largest][:, self.components.largest]

    @cached_property
    def tail(self) -> tuple[float, float, float]:
        """Exponent, Kolmogorov-Smirnov distance and smallest degree of the best power-law tail of the degrees."""
        return fit_tail(linked(self.degrees, self.model.seed, self.model.month))

    def per_type(self, values: npt.NDArray[np.generic] | None = None) -> F64:
        """Devices on each type, or sums over them of `values` (P,), (J,)."""
        tasks = self.state.task[self.on_task]
        weights = None if values is None else values[self.on_task]
        return np.bincount(tasks, weights, minlength=self.state.n_types).astype(np.float64)

    @cached_property
    def bids(self) -> F64:
        """By type, the pay at which a typical offer ties with the provider, at least 0; NaN without devices, (J,)."""
        par, flows = self.par, self.flows
        latency = par.latency_cost * (par.provider_latency - par.hop_latency)
        bids = self.price + par.query_value * (self.qualities - flows.quality) + latency
        return np.where(self.active > 0, np.maximum(0.0, bids), np.nan)

    @cached_property
    def asks(self) -> F64:
        """Mean ask of the devices on each type, NaN without any, (J,)."""
        with np.errstate(invalid="ignore"):
            return self.per_type(self.state.ask) / self.active

    @cached_property
    def qualities(self) -> F64:
        """Mean quality of the devices on each type, NaN without any, (J,)."""
        with np.errstate(invalid="ignore"):
            return self.per_type(self.state.quality) / self.active

    @cached_property
    def head(self) -> npt.NDArray[np.bool_]:
        """The ceil(J / 4) most asked types (ties to the lower number), (J,)."""
        j = self.state.n_types
        head = np.zeros(j, np.bool_)
        head[np.argsort(-self.model.weights, kind="stable")[: -(-j // 4)]] = True
        return head


def ratio(part: float, whole: float) -> float:
    """part / whole, NaN where there is no whole."""
    return float(part) / float(whole) if whole else float("nan")


def mean(values: npt.NDArray[np.generic]) -> float:
    """The mean; NaN of nothing."""
    return float(values.mean()) if values.size else float("nan")


@kernel
def _count_slots(start, stop, members, slots):
    filled = 0
    hosted = 0
    for a in range(start, stop):
        for s in range(slots.shape[1]):
            k = slots[members[a], s]
            filled += k >= 0 or k == PROVIDER
            hosted += k == PROVIDER
    return filled, hosted


def _specialization(start: int, stop: int, members: I32, shares: F64, out: F64) -> None:
    out[start:stop] = specialization(shares[members[start:stop]])


@kernel
def _sum_capability(start, stop, members, inside, shares, full_capacity):
    n_types = shares.shape[1]
    out = np.zeros(2 * n_types + 1)
    for a in range(start, stop):
        i = members[a]
        c = full_capacity[i]
        c_inside = c if inside[i] else 0.0
        for j in range(n_types):
            out[j] += c * shares[i, j]
        for j in range(n_types):
            out[n_types + j] += c_inside * shares[i, j]
        out[2 * n_types] += c
    return out
