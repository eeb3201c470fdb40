"""Sums that many measures are made of, each set taken in one pass over the rows."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from mesh_abm.kernels import kernel
from mesh_abm.parallel import over_rows
from mesh_abm.state import IDLE, State

F64 = npt.NDArray[np.float64]


class MemberSums(NamedTuple):
    """Over the members."""

    capability: F64  # c_ij = C_i sigma_ij by type, (J,)
    connected: F64  # the same over the largest component, (J,)
    full_capacity: float  # C_i
    knowledge: float  # u_i
    up_to_date: float  # members with the newest release


class TypeSums(NamedTuple):
    """Over the devices on each type, (J,) each."""

    active: F64  # devices
    ask: F64  # a_i
    quality: F64  # q_ij
    offered: F64  # quality x capacity


def sum_members(members: npt.NDArray[np.int32], inside: npt.NDArray[np.bool_], state: State) -> MemberSums:
    """The sums over `members`; `inside` says which rows are in the largest component, (P,)."""
    parts = over_rows(
        _sum_members, members.size, members, inside, state.shares, state.full_capacity, state.knowledge,
        state.up_to_date,
    )  # fmt: skip
    by_type = sum((p[0] for p in parts), np.zeros((2, state.n_types)))
    return MemberSums(by_type[0], by_type[1], *(float(sum(p[x] for p in parts)) for x in (1, 2, 3)))


def sum_types(state: State) -> TypeSums:
    """The sums over the devices on each type."""
    columns = (state.task, state.ask, state.quality, state.capacity)
    parts = over_rows(_sum_types, state.n_owners, state.n_types, *columns)
    return TypeSums(*sum(parts, np.zeros((len(TypeSums._fields), state.n_types))))


@kernel
def _sum_members(start, stop, members, inside, shares, full_capacity, knowledge, up_to_date):
    n_types = shares.shape[1]
    by_type = np.zeros((2, n_types))
    c_sum, u_sum, n_up_to_date = 0.0, 0.0, 0
    for a in range(start, stop):
        i = members[a]
        c = full_capacity[i]
        c_inside = c if inside[i] else 0.0
        for j in range(n_types):
            by_type[0, j] += c * shares[i, j]
        for j in range(n_types):
            by_type[1, j] += c_inside * shares[i, j]
        c_sum += c
        u_sum += knowledge[i]
        n_up_to_date += up_to_date[i]
    return by_type, c_sum, u_sum, n_up_to_date


@kernel
def _sum_types(start, stop, n_types, task, ask, quality, capacity):
    sums = np.zeros((4, n_types + 1))  # the last column takes those on no task
    for i in range(start, stop):
        j = n_types if task[i] == IDLE else task[i]
        sums[0, j] += 1.0
        sums[1, j] += ask[i]
        sums[2, j] += quality[i]
        sums[3, j] += quality[i] * capacity[i]
    return sums[:, :n_types]
