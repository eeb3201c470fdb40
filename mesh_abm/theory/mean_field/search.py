"""Rule 6b: what a walk of `ttl` nodes finds, each showing up to `looks` neighbors, on a locally tree-like network."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np

from mesh_abm.theory.domain import FloatArray
from mesh_abm.theory.mean_field.degrees import Degrees
from mesh_abm.theory.mean_field.ratios import over
from mesh_abm.theory.mean_field.sums import over_first


class Search(NamedTuple):
    """Chance that there is no link to start from; by type, (J,) each: chance to find at the first node and later, mean
    hops of what is found, chance to see no offer at the first node and at a later one, chance to find at all.
    """

    no_link: float
    first: FloatArray
    later: FloatArray
    hops: FloatArray
    unseen_first: FloatArray
    unseen_later: FloatArray
    found: FloatArray


def search(degrees: Degrees, offering: FloatArray, ttl: int, looks: int) -> Search:
    """What is found where the end of a link offers each type with chance `offering`, (J,)."""
    y = np.zeros(offering.size + 1)
    np.maximum(1.0 - offering, 0.0, out=y[:-1])
    none, slope = degrees.generating(y)
    no_link, mean = min(1.0, float(none[-1])), degrees.mean  # not what rounding adds
    if mean <= 0.0:
        nothing = np.zeros(offering.shape)
        return Search(1.0, nothing, nothing, nothing, nothing + 1.0, nothing + 1.0, nothing)
    seen_by_few = y[:-1] ** looks  # y^min(deg, looks) is at least this
    linked = max(1.0 - no_link, 1e-300)
    unseen_first = np.minimum(np.maximum((none[:-1] - no_link) / linked, seen_by_few), 1.0)
    unseen_later = np.minimum(np.maximum(slope[:-1] / mean, seen_by_few), 1.0)
    back = min(1.0, linked / mean)
    return _walk(no_link, unseen_first, unseen_later, back + (1.0 - back) * unseen_later, ttl)


def _walk(no_link: float, n1: FloatArray, n2: FloatArray, n3: FloatArray, ttl: int) -> Search:
    """Hop 1 at the origin, hop 2 at a new node, all others where the walk may have gone back."""
    walks = 1.0 - no_link
    first = walks * (1.0 - n1)
    if ttl == 1:
        nothing = np.zeros(n1.shape)
        return Search(no_link, first, nothing, np.ceil(first), n1, n2, first)
    back, hop = _hops(ttl)
    left = walks * n1
    second, beyond = left * (1.0 - n2), left * n2 * (1.0 - n3)
    runs = n3**back
    later = second + beyond * over_first(runs)
    found = first + later
    hops = over(first + 2.0 * second + beyond * hop.dot(runs), found)
    return Search(no_link, first, later, hops, n1, n2, found)


@cache
def _hops(ttl: int) -> tuple[FloatArray, FloatArray]:
    """Hops 3 to `ttl`: failures there before each, (ttl - 2, 1), and their numbers, (ttl - 2,)."""
    return np.arange(ttl - 2.0)[:, None], np.arange(3.0, ttl + 1.0)


def best_kinds(found: Search, weight: FloatArray, utility: FloatArray) -> FloatArray:
    """Chance that a query ends with an offer of each kind, (R, J): the best of those seen at the node where some are.

    `weight` (R, J) says how often each kind stands at the end of a link, `utility` (R, J) who wins.
    """
    kinds, types = weight.shape
    place = (-utility).argsort(axis=0) * types + np.arange(types)  # in the flat arrays
    edges = np.zeros((kinds + 1, types))  # share of the kinds that are better, at the end that of all
    over(weight, over_first(weight)).take(place).cumsum(axis=0, out=edges[1:])
    np.minimum(edges, 1.0, out=edges)
    chance = np.zeros((kinds, types))
    for part, unseen in ((found.first, found.unseen_first), (found.later, found.unseen_later)):
        none_better = unseen**edges
        chance += over(part, 1.0 - unseen) * (none_better[:-1] - none_better[1:])
    by_kind = np.empty(chance.size)
    by_kind[place] = chance
    return by_kind.reshape(chance.shape)
