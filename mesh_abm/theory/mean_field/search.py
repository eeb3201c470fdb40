"""Rule 6b: what a walk of `ttl` nodes finds, each showing up to `looks` neighbors, on a locally tree-like network."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from mesh_abm.theory.domain import FloatArray
from mesh_abm.theory.mean_field.degrees import Degrees
from mesh_abm.theory.mean_field.ratios import over


@dataclass(frozen=True)
class Search:
    """Chance that there is no link to start from; by type, (J,) each: chance to find at the first node and later, mean
    hops of what is found, chance to see no offer at the first node and at a later one.
    """

    no_link: float
    first: FloatArray
    later: FloatArray
    hops: FloatArray
    unseen_first: FloatArray
    unseen_later: FloatArray

    @cached_property
    def found(self) -> FloatArray:
        """Chance that a query finds an offer, (J,)."""
        return self.first + self.later


def search(degrees: Degrees, offering: FloatArray, ttl: int, looks: int) -> Search:
    """What is found where the end of a link offers each type with chance `offering`, (J,)."""
    y = np.append(np.maximum(0.0, 1.0 - offering), 0.0)
    none, slope = degrees.generating(y)
    no_link, mean = float(none[-1]), degrees.mean
    if mean <= 0.0:
        nothing = np.zeros(offering.shape)
        return Search(1.0, nothing, nothing, nothing, nothing + 1.0, nothing + 1.0)
    seen_by_few = y[:-1] ** looks  # y^min(deg, looks) is at least this
    linked = max(1.0 - no_link, 1e-300)
    unseen_first = np.minimum(1.0, np.maximum((none[:-1] - no_link) / linked, seen_by_few))
    unseen_later = np.minimum(1.0, np.maximum(slope[:-1] / mean, seen_by_few))
    back = min(1.0, linked / mean)
    return _walk(no_link, unseen_first, unseen_later, back + (1.0 - back) * unseen_later, ttl)


def _walk(no_link: float, n1: FloatArray, n2: FloatArray, n3: FloatArray, ttl: int) -> Search:
    """Hop 1 at the origin, hop 2 at a new node, all others where the walk may have gone back."""
    walks = 1.0 - no_link
    first, left = walks * (1.0 - n1), walks * n1
    hops, later, miss = first.copy(), np.zeros_like(first), n2
    for hop in range(2, ttl + 1):
        here = left * (1.0 - miss)
        later, hops, left, miss = later + here, hops + hop * here, left - here, n3
        if not left.any():
            break
    return Search(no_link, first, later, over(hops, first + later), n1, n2)


def best_kinds(found: Search, weight: FloatArray, utility: FloatArray) -> FloatArray:
    """Chance that a query ends with an offer of each kind, (R, J): the best of those seen at the node where some are.

    `weight` (R, J) says how often each kind stands at the end of a link, `utility` (R, J) who wins.
    """
    order = np.argsort(-utility, axis=0)
    share = np.take_along_axis(over(weight, weight.sum(axis=0)), order, axis=0)
    last = np.minimum(1.0, np.cumsum(share, axis=0))
    before = last - share
    chance = np.zeros_like(share)
    for part, unseen in ((found.first, found.unseen_first), (found.later, found.unseen_later)):
        chance += over(part, 1.0 - unseen) * (unseen**before - unseen**last)
    kinds = np.empty_like(chance)
    np.put_along_axis(kinds, order, chance, axis=0)
    return kinds
