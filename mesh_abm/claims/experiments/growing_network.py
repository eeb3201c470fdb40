"""A network that grows, and may lose devices and links, by fitness times degree (Bianconi and Barabasi 2001).

Every device opens `slots` links and keeps them all filled: to a node found in proportion to its fitness times its
degree (own slots and slots that point to it). With `provider` a node of fitness 1 that never leaves and opens no links
stands in the middle; at the start all slots point to it. `deaths` devices leave for every one that arrives, and
`failures` links of every slot of a device's lifetime fail; a lost link is opened anew at once.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mesh_abm.kernels import kernel

PROVIDER = 0
START = 50
"""Devices at the start."""


@dataclass(frozen=True)
class Rules:
    """How the network grows.

    `slots` own links a device; `provider`: with a node of fitness 1; `distinct`: no device links to the same node
    twice; `deaths` devices that leave per arrival (0 to 1); `failures` links that fail per arrival and slot.
    """

    slots: int = 2
    provider: bool = True
    distinct: bool = False
    deaths: float = 0.0
    failures: float = 0.0


@dataclass(frozen=True)
class Network:
    """A network after its growth: fitness and in-links of its nodes, and when they arrived (the provider: 0)."""

    rules: Rules
    fitness: NDArray[np.float64]
    in_links: NDArray[np.int64]
    arrival: NDArray[np.int64]

    @property
    def devices(self) -> int:
        return self.fitness.size - int(self.rules.provider)

    @property
    def degree(self) -> NDArray[np.int64]:
        """Own slots and slots that point here."""
        own = np.full(self.fitness.size, self.rules.slots)
        own[: int(self.rules.provider)] = 0
        return np.asarray(self.in_links + own)

    @property
    def shares(self) -> NDArray[np.float64]:
        """Share of all slots that point to each node."""
        return np.asarray(self.in_links / (self.rules.slots * self.devices))

    @property
    def inverse_fugacity(self) -> float:
        """C of (5) as it is in this network: fitness times degree, summed, per slot."""
        return float(self.fitness @ self.degree / (self.rules.slots * self.devices))


def grow(fitness: ArrayLike, rules: Rules, rng: np.random.Generator, start: int = START) -> Network:
    """Return the network after devices of these fitnesses have arrived, the first `start` of them at the beginning."""
    given = np.asarray(fitness, dtype=np.float64)
    drawn = np.concatenate([[1.0], given])  # the provider's row is there in any case
    found = _run(drawn, rules.slots, rules.provider, rules.distinct, rules.deaths, rules.failures, start, rng)
    kept = np.flatnonzero(found >= 0)
    kept = kept if rules.provider else kept[kept != PROVIDER]
    return Network(replace(rules), drawn[kept], found[kept], kept)


@kernel
def _run(fitness, slots, provider, distinct, deaths, failures, start, rng):  # type: ignore[no-untyped-def]
    """In-links of all nodes; -1 for those that have left."""
    n = fitness.size
    net = _empty(n, slots)
    alive = np.arange(1, n)
    living, owed_deaths, owed_failures = start, 0.0, 0.0
    for node in range(1, start + 1):
        for slot in range(slots):
            _point(node, slot, _opening(node, slot, provider, distinct, start), net)
    for node in range(start + 1, n):
        for slot in range(slots):
            _open(node, slot, distinct, fitness, alive[:living], net, rng)
        alive[living] = node
        living += 1
        owed_failures += failures * slots
        while owed_failures >= 1.0:
            owed_failures -= 1.0
            owner, slot = alive[rng.integers(0, living)], rng.integers(0, slots)
            _release(owner, slot, net)
            _open(owner, slot, distinct, fitness, alive[:living], net, rng)
        owed_deaths += deaths
        while owed_deaths >= 1.0:
            owed_deaths -= 1.0
            place = rng.integers(0, living)
            gone = alive[place]
            living -= 1
            alive[place] = alive[living]
            _leave(gone, distinct, fitness, alive[:living], net, rng)
    return net[1]


@kernel
def _empty(n, slots):  # type: ignore[no-untyped-def]
    """Target of every slot, in-links of every node, and the chains of slots that point to one: first, next, before."""
    target = np.full((n, slots), -1, dtype=np.int64)
    chains = np.full(n, -1, dtype=np.int64), np.full(n * slots, -1, dtype=np.int64)
    return target, np.zeros(n, dtype=np.int64), chains[0], chains[1], np.full(n * slots, -1, dtype=np.int64)


@kernel
def _opening(node, slot, provider, distinct, start):  # type: ignore[no-untyped-def]
    """Whom a slot points to at the start: the provider, or the next devices in a ring."""
    if provider and (slot == 0 or not distinct):
        return PROVIDER
    return (node - 1 + slot + (0 if provider else 1)) % start + 1


@kernel
def _open(node, slot, distinct, fitness, alive, net, rng):  # type: ignore[no-untyped-def]
    """Point a slot to a node found by fitness times degree: owner or target of a random slot, kept by fitness."""
    target = net[0]
    while True:
        owner, other = alive[rng.integers(0, alive.size)], rng.integers(0, target.shape[1])
        met = owner if rng.random() < 0.5 else target[owner, other]
        if met < 0 or met == node or rng.random() >= fitness[met]:
            continue
        if not (distinct and np.any(target[node] == met)):
            _point(node, slot, met, net)
            return


@kernel
def _point(node, slot, met, net):  # type: ignore[no-untyped-def]
    target, in_links, first, after, before = net
    link = node * target.shape[1] + slot
    target[node, slot] = met
    in_links[met] += 1
    after[link], before[link] = first[met], -1
    if first[met] >= 0:
        before[first[met]] = link
    first[met] = link


@kernel
def _release(node, slot, net):  # type: ignore[no-untyped-def]
    target, in_links, first, after, before = net
    link, met = node * target.shape[1] + slot, target[node, slot]
    if before[link] >= 0:
        after[before[link]] = after[link]
    else:
        first[met] = after[link]
    if after[link] >= 0:
        before[after[link]] = before[link]
    in_links[met] -= 1
    target[node, slot] = -1


@kernel
def _leave(gone, distinct, fitness, alive, net, rng):  # type: ignore[no-untyped-def]
    """A device leaves; the slots that pointed to it are opened anew, none of them to it."""
    target, in_links, first, after, _ = net
    slots = target.shape[1]
    for slot in range(slots):
        _release(gone, slot, net)
    link = first[gone]
    while link >= 0:
        target[link // slots, link % slots] = -1
        link = after[link]
    link = first[gone]
    while link >= 0:
        following = after[link]
        _open(link // slots, link % slots, distinct, fitness, alive, net, rng)
        link = following
    first[gone] = -1
    in_links[gone] = -1
