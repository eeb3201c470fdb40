"""Rule 6a, demand: queries of members, one by one, and the provider's customers outside the mesh, by type."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from mesh_abm.kernels import kernel
from mesh_abm.parallel import HEAVY, over_rows
from mesh_abm.rules.offers import INFINITE_PRICE
from mesh_abm.state import largest_remainder
from mesh_abm.streams import (
    draw_poisson,
    generator,
    guide_to,
    poisson,
    stream_key,
    substream,
    uniform,
)

if TYPE_CHECKING:
    from mesh_abm.model import MeshModel

F64 = npt.NDArray[np.float64]
I64 = npt.NDArray[np.int64]


class Queries(NamedTuple):
    """The members' queries of a month, (Q,), in order of origin. A query's name is its origin and its number there."""

    origin: npt.NDArray[np.int32]
    number: npt.NDArray[np.int32]
    type: npt.NDArray[np.int8]
    frontier: npt.NDArray[np.bool_]

    @property
    def total(self) -> int:
        """How many there are, Q."""
        return self.origin.size


class Demand:
    """Poisson(lambda) queries a member; those of non-members are the provider's, and served first."""

    def apply(self, model: MeshModel) -> None:
        model.queries, by_type = members_queries(model)
        model.flows.member_queries = model.queries.total
        model.flows.demand += by_type
        self.serve_outside(model)

    def serve_outside(self, model: MeshModel) -> None:
        """Outside queries, up to the provider's capacity (all types alike), paid from outside."""
        asked = outside_queries(model)
        served = served_outside(model, asked)
        model.flows.demand += asked
        model.flows.by_provider += served
        model.flows.unserved += asked - served
        paid = int(served.sum()) * model.provider.price_paid
        model.money.injected += paid
        model.provider.sell(int(served.sum()), paid)


def members_queries(model: MeshModel) -> tuple[Queries, I64]:
    """This month's queries of the members, and how many there are of each type, (J,)."""
    key = stream_key(model.seed, "demand", model.month)
    members = model.members
    first = np.zeros(members.size + 1, np.int64)
    over_rows(_count, members.size, members, key, poisson(float(model.par.demand)), first)
    np.cumsum(first, out=first)
    total = int(first[-1])
    queries = Queries(
        np.empty(total, np.int32),
        np.empty(total, np.int32),
        np.empty(total, np.int8),
        np.empty(total, np.bool_),
    )
    bounds = type_bounds(model.weights, model.par.frontier_by_type())
    counts = over_rows(_describe, members.size, members, key, first, *bounds, queries, chunk=HEAVY)
    return queries, sum(counts, np.zeros(model.par.task_types, np.int64))


def served_outside(model: MeshModel, asked: I64) -> I64:
    """How many of the outside queries of each type the provider can serve, (J,); none at an infinite price."""
    if model.provider.price_paid >= INFINITE_PRICE:
        return np.zeros_like(asked)
    left = model.provider.capacity_left
    return asked if asked.sum() <= left else largest_remainder(asked, left)


def type_bounds(weights: F64, frontier: F64) -> tuple[F64, F64, I64]:
    """Where types lie on [0, 1): the end of each and of its frontier part, (J,) each; and a guide of where to look."""
    ends = np.cumsum(weights)
    return ends, ends - weights * (1 - frontier), guide_to(ends)


def outside_queries(model: MeshModel) -> I64:
    """Poisson(lambda w_j ((P - N) + non_owners P)) queries of each type, (J,)."""
    par = model.par
    people = (par.n_owners - model.members.size) + par.non_owners * par.n_owners
    return generator(model.seed, "outside", model.month).poisson(par.demand * model.weights * people)


@kernel
def _count(start, stop, members, key, distribution, counts):
    for a in range(start, stop):
        counts[a + 1] = draw_poisson(substream(key, members[a]), 1 << 20, distribution)


@kernel
def _describe(start, stop, members, key, first, ends, frontier_ends, guide, queries):
    """Fills in the queries of members start..stop-1 and returns how many there are of each type."""
    origins, numbers, types, frontier = queries
    by_type = np.zeros(ends.size, np.int64)
    last_type = ends.size - 1
    for a in range(start, stop):
        own = substream(key, members[a])
        for q in range(first[a], first[a + 1]):
            mark = uniform(own, q - first[a])
            j = guide[np.int64(mark * guide.size)]
            while j < last_type and mark >= ends[j]:
                j += 1
            origins[q] = members[a]
            numbers[q] = q - first[a]
            types[q] = j
            frontier[q] = mark < frontier_ends[j]
            by_type[j] += 1
    return by_type
