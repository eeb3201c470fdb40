"""Rules 2b and 3: births and deaths of links, by class and stratum. All counts are per owner.

The mean in-links of a group follow a linear recursion, so they are exact for many devices whatever their ages; so is
their second moment but for the own slots of newcomers.
"""

from __future__ import annotations

from math import expm1, log1p
from typing import NamedTuple

import numpy as np

from mesh_abm.theory.domain import FloatArray
from mesh_abm.theory.mean_field.population import Moves
from mesh_abm.theory.mean_field.ratios import over, ratio
from mesh_abm.theory.mean_field.setting import Setting


class Links(NamedTuple):
    """By group, (K, S) each: own slots that point to the provider and to devices, links of others that point here,
    and the sum over devices of k (k - 1), k the in-links of one.
    """

    hosted: FloatArray
    own: FloatArray
    into: FloatArray
    pairs: FloatArray


def start(members: FloatArray, setting: Setting) -> Links:
    """All slots point to the provider (uniform kernel: empty)."""
    empty = np.zeros_like(members)
    hosted = empty if setting.kernel == "uniform" else setting.slots * members
    return Links(hosted, empty, empty, empty)


def failed(links: Links, stay: FloatArray, setting: Setting) -> Links:
    """What is left after owners and partners left (`stay` by group) and links failed."""
    last = (1.0 - setting.link_failure) * stay
    by_owner, by_target = _mean(stay, links.own), _mean(stay, links.into)
    q = (1.0 - setting.link_failure) * by_owner
    return Links(
        links.hosted * last,
        links.own * (by_target * last),
        links.into * (by_owner * last),
        links.pairs * ((q * q) * stay),
    )


def formed(
    links: Links, members: FloatArray, moves: Moves, fitness: FloatArray, value: float, setting: Setting
) -> Links:
    """All empty slots make their contacts, on the network as `failed` left it."""
    filled = links.hosted + links.own
    ends = filled + links.into
    provider, met = _contacts(links, filled, ends, members, setting)
    kept = (value * met) * fitness if setting.kernel == "fitness" else value * met
    all_kept = float(kept.sum())
    any_kept = provider + all_kept
    empty = setting.slots * members - filled
    tries = -expm1(setting.attempts * log1p(-min(any_kept, 1.0 - 1e-16)))
    share = ratio(tries, any_kept)
    born = (float(empty.sum()) * share) * kept
    return Links(
        links.hosted + (provider * share) * empty,
        links.own + (all_kept * share) * empty,
        links.into + born,
        _pairs(links, filled, ends, members, moves.stayed, born, setting),
    )


def _contacts(
    links: Links, filled: FloatArray, ends: FloatArray, members: FloatArray, setting: Setting
) -> tuple[float, FloatArray]:
    """Chance that a contact meets the provider, and a device of each group."""
    if setting.kernel == "uniform":
        return 0.0, over(members, members.sum())
    total = 2.0 * float(filled.sum())
    return ratio(float(links.hosted.sum()), total), ends * ratio(1.0, total)


def _pairs(
    links: Links,
    filled: FloatArray,
    ends: FloatArray,
    members: FloatArray,
    stayed: FloatArray,
    born: FloatArray,
    setting: Setting,
) -> FloatArray:
    """E sum of k (k - 1) after Poisson wins in proportion to degree (uniform kernel: the same for all)."""
    if setting.kernel == "uniform":
        return links.pairs + over(born, members) * (2.0 * links.into + born)
    c = over(born, ends)
    by_own = c * over(filled, stayed)  # c o/n', links won for the own slots of one device
    grown = 1.0 + c
    attracted = grown * links.pairs + (2.0 * by_own) * links.into
    return np.asarray(grown * attracted + c * ((1.0 + grown) * links.into + by_own * filled))


def _mean(values: FloatArray, weights: FloatArray) -> float:
    total = float(weights.sum())
    return float(np.vdot(values, weights)) / total if total > 0.0 else 1.0
