"""Rules 2b and 3: births and deaths of links, by class and stratum. All counts are per owner.

The mean in-links of a group follow a linear recursion, so they are exact for many devices whatever their ages; so is
their second moment but for the own slots of newcomers.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from mesh_abm.theory.domain import FloatArray
from mesh_abm.theory.mean_field.population import Moves
from mesh_abm.theory.mean_field.ratios import over
from mesh_abm.theory.mean_field.setting import Setting


@dataclass(frozen=True)
class Links:
    """By group, (K, S) each: own slots that point to the provider and to devices, links of others that point here,
    and the sum over devices of k (k - 1), k the in-links of one.
    """

    hosted: FloatArray
    own: FloatArray
    into: FloatArray
    pairs: FloatArray

    @cached_property
    def filled(self) -> FloatArray:
        """Filled slots of each group, (K, S)."""
        return self.hosted + self.own

    @cached_property
    def degree(self) -> FloatArray:
        """Link ends in the device network of each group, (K, S)."""
        return self.own + self.into


def start(members: FloatArray, setting: Setting) -> Links:
    """All slots point to the provider (uniform kernel: empty)."""
    empty = np.zeros_like(members)
    hosted = empty if setting.kernel == "uniform" else setting.slots * members
    return Links(hosted, empty, empty, empty)


def failed(links: Links, stay: FloatArray, setting: Setting) -> Links:
    """What is left after owners and partners left (`stay` by group) and links failed."""
    last = 1.0 - setting.link_failure
    by_owner, by_target = _mean(stay, links.own), _mean(stay, links.into)
    return Links(
        links.hosted * stay * last,
        links.own * stay * last * by_target,
        links.into * stay * last * by_owner,
        links.pairs * stay * (last * by_owner) ** 2,
    )


def formed(
    links: Links, members: FloatArray, moves: Moves, fitness: FloatArray, value: float, setting: Setting
) -> Links:
    """All empty slots make their contacts, on the network as `failed` left it."""
    keep = value * (fitness if setting.kernel == "fitness" else np.ones_like(fitness))
    provider, met = _contacts(links, members, setting)
    kept = met * keep
    any_kept = provider + float(kept.sum())
    empty = setting.slots * members - links.filled
    tries = -np.expm1(setting.attempts * np.log1p(-min(any_kept, 1.0 - 1e-16)))
    share = tries / any_kept if any_kept > 0.0 else 0.0
    born = float(empty.sum()) * kept * share
    return Links(
        links.hosted + empty * provider * share,
        links.own + empty * float(kept.sum()) * share,
        links.into + born,
        _pairs(links, members, moves.stayed, born, setting),
    )


def _contacts(links: Links, members: FloatArray, setting: Setting) -> tuple[float, FloatArray]:
    """Chance that a contact meets the provider, and a device of each group."""
    total = float(links.filled.sum())
    if setting.kernel == "uniform":
        return 0.0, over(members, float(members.sum()))
    provider = float(links.hosted.sum()) / (2.0 * total) if total > 0.0 else 0.0
    return provider, over(links.filled + links.into, 2.0 * total)


def _pairs(
    links: Links, members: FloatArray, stayed: FloatArray, born: FloatArray, setting: Setting
) -> FloatArray:
    """E sum of k (k - 1) after Poisson wins in proportion to degree (uniform kernel: the same for all)."""
    if setting.kernel == "uniform":
        each = over(born, members)
        return links.pairs + 2.0 * each * links.into + each * born
    c, own = over(born, links.filled + links.into), over(links.filled, stayed)
    attracted = (1.0 + c) ** 2 * links.pairs + (2.0 * c + c * c) * links.into
    return attracted + 2.0 * c * (1.0 + c) * own * links.into + c * c * own * links.filled


def _mean(values: FloatArray, weights: FloatArray) -> float:
    total = float(weights.sum())
    return float((values * weights).sum()) / total if total > 0.0 else 1.0
