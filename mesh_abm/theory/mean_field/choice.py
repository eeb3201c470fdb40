"""Rule 6c: the logit among the provider, the own device and the best offer found, averaged over who has which."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from mesh_abm.theory.domain import FloatArray
from mesh_abm.theory.mean_field.sums import over_first

CLIP = 60.0  # bound of every exponent


class Options(NamedTuple):
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


class Drawn(NamedTuple):
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
    missing, there = 1.0 - over_first(options.offered), options.provider
    if there == 1.0:
        return _with(options, offer, own, missing, 1.0, 1.0)
    without = _with(options, offer, own, missing, 0.0, 1.0 - there)
    if there == 0.0:
        return without
    both = zip(_with(options, offer, own, missing, 1.0, there), without, strict=True)
    return Drawn(*(some + more for some, more in both))


def _with(
    options: Options, mesh: FloatArray, own: FloatArray, missing: FloatArray, provider: float, chance: float
) -> Drawn:
    """With the provider (1) or without (0), which has this chance; from logit weights and the chance of no offer.

    The leading axis is having an own device or not.
    """
    part, base = np.empty((2, 1, own.size)), np.empty((2, 1, own.size))
    np.multiply(options.owned, chance, out=part[0, 0])
    np.subtract(chance, part[0, 0], out=part[1, 0])
    np.add(own, provider, out=base[0, 0])
    base[1] = provider
    offered, total = part * options.offered, base + mesh
    each = offered / total
    drawn, gain = each * mesh, options.noise * np.log(total)
    alone, alone_base = part[:, 0] * missing, base[0, 0]
    alone_each = alone[0] / alone_base
    alone_gain = options.noise * np.log(alone_base)
    if provider == 0.0:
        gain += options.level
        alone_gain += options.level
    own_alone, gain_mesh = alone_each * own, drawn * gain
    with_own, without = over_first(each[0]), over_first(each[1])
    return Drawn(
        drawn[0] + drawn[1],
        own * with_own + own_alone,
        own_alone,
        provider * (with_own + without + alone_each + alone[1]),
        over_first((offered * gain).reshape(-1, own.size)) + alone[0] * alone_gain,
        gain_mesh[0] + gain_mesh[1],
    )
