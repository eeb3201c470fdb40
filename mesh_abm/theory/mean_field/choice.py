"""Rule 6c: the logit among the provider, the own device and the best offer found, averaged over who has which."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mesh_abm.theory.domain import FloatArray

CLIP = 60.0  # bound of every exponent


@dataclass(frozen=True)
class Options:
    """What a query may choose from, utilities less the provider's, in units of the noise.

    `offer` and `offered` (R, J): utility and chance of each kind of offer; `own` and `owned` (J,): of the own device;
    `provider` the chance that it is an option; `level` (J,) its utility in money; `noise` in money.
    """

    offer: FloatArray
    offered: FloatArray
    own: FloatArray
    owned: FloatArray
    provider: float
    level: FloatArray
    noise: float


@dataclass(frozen=True)
class Drawn:
    """Chances that a query draws: `mesh` (R, J) each kind of offer, `own` (J,), `provider` (J,); `own_alone` (J,) the
    part of own where no offer was found. `gain` (J,) is the expected log-sum gain in money, `gain_mesh` (R, J) the
    part of it that goes with drawing each kind of offer.
    """

    mesh: FloatArray
    own: FloatArray
    own_alone: FloatArray
    provider: FloatArray
    gain: FloatArray
    gain_mesh: FloatArray


def draw(options: Options) -> Drawn:
    """Average over having or not having an own device on the type, and the provider."""
    offer, own = (np.exp(np.minimum(np.maximum(u, -CLIP), CLIP)) for u in (options.offer, options.own))
    found, total = options.offered.sum(axis=0), None
    for has_own in (True, False):
        for has_provider in (True, False):
            part = (options.owned if has_own else 1.0 - options.owned) * (
                options.provider if has_provider else 1.0 - options.provider
            )
            if np.any(part > 0.0):
                case = _case(options, offer, own * has_own, part, 1.0 - found, has_own, has_provider)
                total = case if total is None else _plus(total, case)
    assert total is not None  # the four parts sum to 1
    return total


def _case(
    options: Options,
    mesh: FloatArray,
    own: FloatArray,
    part: FloatArray,
    missing: FloatArray,
    has_own: bool,
    has_provider: bool,
) -> Drawn:
    """One of the four cases, weighted by its chance `part`, (J,), from the logit weights and the chance of no offer."""
    chance, base = part * options.offered, own + has_provider
    total = base + mesh
    alone = part * missing
    without = np.where(base > 0.0, base, 1.0)
    drawn = chance * mesh / total
    level = 0.0 if has_provider else options.level
    gain = options.noise * np.log(total) + level
    gain_alone = alone * (options.noise * np.log(without) + level) * has_own
    split, own_alone = (chance / total).sum(axis=0), alone * own / without
    return Drawn(
        drawn,
        own * split + own_alone,
        own_alone,
        (split + alone / without) * has_provider,
        (chance * gain).sum(axis=0) + gain_alone,
        drawn * gain,
    )


def _plus(one: Drawn, other: Drawn) -> Drawn:
    return Drawn(
        one.mesh + other.mesh, one.own + other.own, one.own_alone + other.own_alone,
        one.provider + other.provider, one.gain + other.gain, one.gain_mesh + other.gain_mesh,
    )  # fmt: skip
