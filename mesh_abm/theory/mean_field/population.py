"""Rule 2: who is a member, by class and stratum of the personal merit factor, per owner."""

from __future__ import annotations

from math import expm1, log
from typing import NamedTuple

import numpy as np
from scipy.special import ndtr, ndtri

from mesh_abm.theory.adoption import unchecked_imitation
from mesh_abm.theory.domain import FloatArray
from mesh_abm.theory.mean_field.ratios import LEAST, over, ratio
from mesh_abm.theory.mean_field.setting import STRATA, Setting
from mesh_abm.theory.mean_field.sums import over_last


class Moves(NamedTuple):
    """What the rule did: chance to stay of each group, members who stayed, who joined; (K, S) each, per owner."""

    stay: FloatArray
    stayed: FloatArray
    joined: FloatArray


TRACE = 1e-15  # members per owner of a group; less counts as none
NONE = 1e-12  # spread of merits up to which there is none


class Population(NamedTuple):
    """Owners, members, ever members and share above the bar by class and stratum, (K, S) each, and the strata's
    mean merit factors, (S,); members of each class, (K,), and N per owner.
    """

    owners: FloatArray
    members: FloatArray
    ever: FloatArray
    above: FloatArray
    factor: FloatArray
    by_class: FloatArray
    total: float

    def merit(self, class_merit: FloatArray) -> FloatArray:
        """r by class and stratum, (K, S)."""
        return class_merit[:, None] * self.factor


def start(setting: Setting) -> Population:
    """The members before month 1; whoever is below the bar leaves in it."""
    owners = np.repeat(setting.classes[0][:, None] / STRATA, STRATA, axis=1)
    members = owners * (1.0 if setting.population == "fixed" else setting.initial_members)
    members = np.where(members > TRACE, members, 0.0)
    return _counted(owners, members, members, np.ones_like(owners), factors(setting.merit_spread))


def factors(spread: float) -> FloatArray:
    """Conditional means of exp(spread z - spread^2/2), z standard normal, on strata of equal probability, (S,)."""
    return np.asarray(np.diff(STRATA * ndtr(ndtri(np.linspace(0.0, 1.0, STRATA + 1)) - spread)))


def share_above(bar: float, merit: FloatArray, spread: float) -> FloatArray:
    """Share of each class (K,) and stratum with a merit of at least `bar`, (K, S)."""
    if bar == 0.0:
        return np.ones((merit.size, STRATA))
    needed = log(bar) - np.log(np.maximum(merit, LEAST))
    below = ndtr((needed + spread**2 / 2.0) / spread) if spread > NONE else np.greater(needed, 0.0)
    return np.asarray(np.minimum(np.maximum(_ENDS - STRATA * below[:, None], 0.0), 1.0))


_ENDS = np.arange(1.0, STRATA + 1.0)


def moved(
    old: Population, class_merit: FloatArray, benefit: float, setting: Setting
) -> tuple[Population, Moves]:
    """A month of leaving and joining; `benefit` is that of last month."""
    above = share_above(setting.capable_merit, class_merit, setting.merit_spread)
    # of nobody above the bar nobody is a member, so that nobody is there to stay
    stay = (1.0 - setting.churn) * np.minimum(1.0, over(above, old.above))
    stay *= old.members * stay > TRACE
    stayed = old.members * stay
    joined = JOINING[setting.population](old, above, stayed, benefit, setting)
    new = _counted(old.owners, stayed + joined, old.ever + joined, above, old.factor)
    return new, Moves(stay, stayed, joined)


def _counted(
    owners: FloatArray, members: FloatArray, ever: FloatArray, above: FloatArray, factor: FloatArray
) -> Population:
    by_class = over_last(members)
    return Population(owners, members, ever, above, factor, by_class, float(by_class.sum()))


def _all(
    old: Population, above: FloatArray, stayed: FloatArray, benefit: float, setting: Setting
) -> FloatArray:
    return np.asarray(np.maximum(old.owners * above - stayed, 0.0))


def _by_contagion(
    old: Population, above: FloatArray, stayed: FloatArray, benefit: float, setting: Setting
) -> FloatArray:
    gain, friction = benefit - setting.standing_cost, setting.information_friction
    pull = float(unchecked_imitation(gain / friction if friction > 0.0 else np.inf)) if gain > 0.0 else 0.0
    hazard = setting.contagion * float(stayed.sum()) * pull + setting.innovation
    return _all(old, above, stayed, benefit, setting) * -expm1(-hazard)


def _in_line(
    old: Population, above: FloatArray, stayed: FloatArray, benefit: float, setting: Setting
) -> FloatArray:
    """`arrivals` of those who never were members and are above the bar."""
    waiting = np.maximum(old.owners - old.ever, 0.0) * above
    places = setting.arrivals / setting.n_owners
    return waiting * min(1.0, ratio(places, float(waiting.sum())))


JOINING = {"fixed": _all, "adoption": _by_contagion, "growth": _in_line}
