"""What the measures of one month have in common, computed once and only if asked for."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from mesh_abm.books import Flows
from mesh_abm.measures.sums import MemberSums, TypeSums, sum_members, sum_types
from mesh_abm.measures.tail import fit_tail, linked
from mesh_abm.network import EMPTY, PROVIDER, Components
from mesh_abm.parallel import HEAVY, over_rows
from mesh_abm.rules.offers import INFINITE_PRICE
from mesh_abm.state import specialization
from mesh_abm.theory import ces

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
    def degree_counts(self) -> I64:
        """How many members have degree 0, 1, .. up to the largest."""
        return np.bincount(self.degrees)

    @cached_property
    def degree_moments(self) -> tuple[float, float]:
        """Sum over members of degree, and of its square."""
        k = np.arange(self.degree_counts.size, dtype=np.float64)
        return float(k @ self.degree_counts), float((k * k) @ self.degree_counts)

    @cached_property
    def components(self) -> Components:
        """The components of the device network."""
        return self.network.components(self.members)

    @cached_property
    def slot_counts(self) -> tuple[int, int]:
        """Filled slots, and those of them that point to the provider; rows of non-members have none."""
        slots = self.network.slots
        return int(np.count_nonzero(slots != EMPTY)), int(np.count_nonzero(slots == PROVIDER))

    @cached_property
    def over_members(self) -> MemberSums:
        """Sums over the members' rows."""
        return sum_members(self.members, self.components.inside, self.state)

    @cached_property
    def by_type(self) -> TypeSums:
        """Sums over the devices on each type."""
        return sum_types(self.state)

    @cached_property
    def aggregates(self) -> tuple[float, ...]:
        """CES aggregates: of all members' capability, of the largest component's, of what was on offer."""
        pools = np.stack([self.over_members.capability, self.over_members.connected, self.by_type.offered])
        with np.errstate(over="ignore"):
            aggregates = np.exp(ces.log_pooled(pools, np.array(self.par.rho)))
        return tuple(aggregates.tolist())

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
    def merits(self) -> F64:
        """r_i of the members, (N,)."""
        return self.state.merit[self.members]

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

    @cached_property
    def bids(self) -> F64:
        """By type, the pay at which a typical offer ties with the provider, at least 0; NaN without devices, (J,)."""
        par, flows = self.par, self.flows
        latency = par.latency_cost * (par.provider_latency - par.hop_latency)
        bids = self.price + par.query_value * (self.qualities - flows.quality) + latency
        return np.maximum(0.0, bids)

    @cached_property
    def asks(self) -> F64:
        """Mean ask of the devices on each type, NaN without any, (J,)."""
        return mean_by_type(self.by_type.ask, self.by_type.active)

    @cached_property
    def qualities(self) -> F64:
        """Mean quality of the devices on each type, NaN without any, (J,)."""
        return mean_by_type(self.by_type.quality, self.by_type.active)

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


def mean_by_type(sums: F64, counts: F64) -> F64:
    """Means by type; NaN of nothing."""
    return np.divide(sums, counts, out=np.full(sums.size, np.nan), where=counts > 0)


def _specialization(start: int, stop: int, members: I32, shares: F64, out: F64) -> None:
    out[start:stop] = specialization(shares, members[start:stop])
