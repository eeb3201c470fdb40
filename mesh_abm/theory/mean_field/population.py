"""Rule 2: who is a member, by class and stratum of the personal merit factor, per owner."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np

from mesh_abm.theory.adoption import imitation
from mesh_abm.theory.domain import FloatArray
from mesh_abm.theory.mean_field.setting import STRATA, Setting


class Moves(NamedTuple):
    """What the rule did: chance to stay of each group, members who stayed, who joined; (K, S) each, per owner."""

    stay: FloatArray
    stayed: FloatArray
    joined: FloatArray


TRACE = 1e-15  # members per owner of a group; less counts as none


@dataclass(frozen=True)
class Population:
    """Owners, members, ever members and share above the bar by class and stratum, (K, S) each, and the strata's
    mean merit factors, (S,).
    """

    owners: FloatArray
    members: FloatArray
    ever: FloatArray
    above: FloatArray
    factor: FloatArray

    @cached_property
    def by_class(self) -> FloatArray:
        """Members of each class, (K,)."""
        return np.asarray(self.members.sum(axis=1))

    @cached_property
    def total(self) -> float:
        """N per owner."""
        return float(self.members.sum())

    def merit(self, class_merit: FloatArray) -> FloatArray:
        """r by class and stratum, (K, S)."""
        return class_merit[:, None] * self.factor


def start(setting: Setting) -> Population:
    """The members before month 1; whoever is below the bar leaves in it."""
    owners = np.repeat(setting.classes[0][:, None] / STRATA, STRATA, axis=1)
    members = owners * (1.0 if setting.population == "fixed" else setting.initial_members)
    members = np.where(members > TRACE, members, 0.0)
    return Population(owners, members, members, np.ones_like(owners), factors(setting.merit_spread))


def factors(spread: float) -> FloatArray:
    """Conditional means of exp(spread z - spread^2/2), z standard normal, on strata of equal probability, (S,)."""
    from scipy.special import ndtr, ndtri

    return np.asarray(np.diff(STRATA * ndtr(ndtri(np.linspace(0.0, 1.0, STRATA + 1)) - spread)))


def share_above(bar: float, merit: FloatArray, spread: float) -> FloatArray:
    """Share of each class (K,) and stratum with a merit of at least `bar`, (K, S)."""
    from scipy.special import ndtr

    if bar == 0.0:
        return np.ones((merit.size, STRATA))
    with np.errstate(divide="ignore", invalid="ignore"):
        needed = np.log(bar) - np.log(merit)
        z = (needed + spread**2 / 2.0) / spread
    below = ndtr(z) if spread > 0.0 else np.where(needed > 0.0, 1.0, 0.0)
    return np.asarray(np.clip(np.arange(1, STRATA + 1) - STRATA * below[:, None], 0.0, 1.0))


def moved(
    old: Population, class_merit: FloatArray, benefit: float, setting: Setting
) -> tuple[Population, Moves]:
    """A month of leaving and joining; `benefit` is that of last month."""
    above = share_above(setting.capable_merit, class_merit, setting.merit_spread)
    kept = np.minimum(1.0, np.divide(above, old.above, out=np.ones_like(above), where=old.above > 0.0))
    stay = np.where(old.members * kept * (1.0 - setting.churn) > TRACE, (1.0 - setting.churn) * kept, 0.0)
    stayed = old.members * stay
    joined = JOINING[setting.population](replace(old, members=stayed, above=above), benefit, setting)
    new = replace(old, members=stayed + joined, ever=old.ever + joined, above=above)
    return new, Moves(stay, stayed, joined)


def _all(now: Population, benefit: float, setting: Setting) -> FloatArray:
    return np.maximum(0.0, now.owners * now.above - now.members)


def _by_contagion(now: Population, benefit: float, setting: Setting) -> FloatArray:
    pull = float(imitation(benefit - setting.standing_cost, setting.information_friction))
    hazard = setting.contagion * now.total * pull + setting.innovation
    return np.asarray(_all(now, benefit, setting) * -np.expm1(-hazard))


def _in_line(now: Population, benefit: float, setting: Setting) -> FloatArray:
    """`arrivals` of those who never were members and are above the bar."""
    waiting = np.maximum(0.0, now.owners - now.ever) * now.above
    places = setting.arrivals / setting.n_owners
    return waiting * min(1.0, places / waiting.sum()) if waiting.sum() > 0.0 else 0.0 * waiting


JOINING = {"fixed": _all, "adoption": _by_contagion, "growth": _in_line}
