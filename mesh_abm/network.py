"""The growing network: relationship slots as the one truth, neighbor lists of the device network derived from them.

A slot holds EMPTY, PROVIDER or the row of another member. The device network is the undirected graph of slots that hold
members; two devices share at most one link.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np
import numpy.typing as npt

from mesh_abm.kernels import inlined, kernel

EMPTY = -1
PROVIDER = -2

I32 = npt.NDArray[np.int32]
I64 = npt.NDArray[np.int64]


@dataclass(eq=False)
class Network:
    """Slots (P, m), and neighbor lists in compressed rows.

    The neighbors of row i are neighbors[start[i]:start[i + 1]], in the order of the rows and slots that made the links.
    """

    slots: I32
    start: I64
    neighbors: I32

    def __post_init__(self) -> None:
        self.carry(partial(np.zeros_like, self.slots))

    @classmethod
    def empty(cls, n_owners: int, n_slots: int) -> Network:
        slots = np.full((n_owners, n_slots), EMPTY, np.int32)
        return cls(slots, np.zeros(n_owners + 1, np.int64), np.zeros(0, np.int32))

    @property
    def degree(self) -> I64:
        """Degrees in the device network, (P,)."""
        return np.diff(self.start)

    @property
    def n_links(self) -> int:
        """Links between devices."""
        return self.neighbors.size // 2

    @property
    def nbytes(self) -> int:
        return self.slots.nbytes + self.start.nbytes + self.neighbors.nbytes

    def carry(self, count: Callable[[], I32]) -> None:
        """Makes `traffic` of this month what `count` returns, once somebody asks."""
        self._count_traffic = count
        self.__dict__.pop("traffic", None)

    @cached_property
    def traffic(self) -> I32:
        """Passages of deliveries over each slot's link this month, (P, m); counted when it is looked at."""
        return self._count_traffic()

    def rebuild(self, members: I32) -> None:
        """Makes the neighbor lists agree with the slots of `members`."""
        self.start, self.neighbors = _neighbor_lists(self.slots, members)

    def links(self) -> tuple[I32, I32, I32]:
        """Owner, target and traffic of each device link, in slot order."""
        rows, columns = np.nonzero(self.slots >= 0)
        return rows.astype(np.int32), self.slots[rows, columns], self.traffic[rows, columns]

    def components(self, members: I32) -> Components:
        """The connected components of the device network on `members`."""
        root, largest, size = _components(self.start, self.neighbors, members)
        return Components(root, int(largest), int(size))


@dataclass(eq=False)
class Components:
    """Connected components: `root` (P,) names each member's component by its lowest row, EMPTY for non-members."""

    root: I32
    largest_root: int
    size: int  # devices in the largest component (ties: the one with the lowest row)

    @cached_property
    def inside(self) -> npt.NDArray[np.bool_]:
        """Whether each row is in the largest component, (P,)."""
        held: npt.NDArray[np.bool_] = self.root == (self.largest_root if self.size else EMPTY - 1)
        return held

    @cached_property
    def largest(self) -> I32:
        """Rows of the largest component."""
        return np.flatnonzero(self.inside).astype(np.int32)


@kernel
def _neighbor_lists(slots, members):
    n_owners, n_slots = slots.shape
    owner = np.empty(members.size * n_slots + 1, np.int32)
    target = np.empty_like(owner)
    start = np.zeros(n_owners + 1, np.int64)
    n = 0
    for i in members:
        before = n
        for s in range(n_slots):  # every slot is written down, and those without a device written over
            owner[n], target[n] = i, slots[i, s]
            n += slots[i, s] >= 0
        start[i + 1] = n - before
    for e in range(n):
        start[target[e] + 1] += 1
    for i in range(n_owners):
        start[i + 1] += start[i]
    neighbors = np.empty(start[n_owners], np.int32)
    filled = start[:-1].copy()
    for e in range(n):
        i, k = owner[e], target[e]
        neighbors[filled[i]] = k
        filled[i] += 1
        neighbors[filled[k]] = i
        filled[k] += 1
    return start, neighbors


@kernel
def _components(start, neighbors, members):
    """Breadth-first search from each row not yet reached: every root, and root and size of the largest component."""
    root = np.full(start.size - 1, EMPTY, np.int32)
    queue = np.empty(members.size + 1, np.int32)
    largest, largest_size = EMPTY, 0
    for origin in members:
        if root[origin] != EMPTY:
            continue
        root[origin] = origin
        queue[0] = origin
        size, done = 1, 0
        while done < size:
            i = queue[done]
            done += 1
            for e in range(start[i], start[i + 1]):  # neighbors already reached are written over in the queue
                k = neighbors[e]
                queue[size] = k
                size += root[k] == EMPTY
                root[k] = origin
        if size > largest_size:
            largest, largest_size = origin, size
    return root, largest, largest_size


@inlined
def linked(slots, i, k):
    """Whether i and k share a link, whoever opened it."""
    found = False
    for s in range(slots.shape[1]):
        found |= slots[i, s] == k or slots[k, s] == i
    return found
