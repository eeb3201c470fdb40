"""Rule 6c, choice: each query draws among provider, itself and the offer found, by logit (McFadden 1974).

The gain of having more than the provider is a difference of log-sums (Small and Rosen 1981).
"""

from __future__ import annotations

import numpy as np

from mesh_abm.books import Reason
from mesh_abm.kernels import inlined
from mesh_abm.rules.offers import CLIP

PROVIDER_DRAWN, SELF_DRAWN, MESH_DRAWN, NOTHING = 0, 1, 2, 3
NO_OPTION = -np.inf  # utility of an option that is not there
QUALITY, PRICE, LATENCY, TASTE = (
    int(r) for r in (Reason.QUALITY, Reason.PRICE, Reason.LATENCY, Reason.TASTE)
)


@inlined
def weight(utility, top, noise):
    """exp((U - top) / noise), the exponent clipped; 1 for the best option, 0 for one that is not there."""
    if utility == top:
        return 1.0
    return np.exp(max(-CLIP, (utility - top) / noise)) if utility > NO_OPTION else 0.0


@inlined
def draw_option(u, provider, own, mesh, noise):
    """The option at mark u in [0, 1) of the logit weights laid end to end, and the gain, from the three utilities.

    The gain is the log-sum less the provider's utility (0 if it is no option); 0 where there was nothing else.
    """
    top = max(provider, own, mesh)
    if top == NO_OPTION:
        return NOTHING, 0.0
    if own == NO_OPTION and mesh == NO_OPTION:
        return PROVIDER_DRAWN, 0.0
    if own == NO_OPTION:  # the usual case, in which one exponential does for both
        less = weight(min(provider, mesh), top, noise)
        by_provider, by_self, by_mesh = 1.0 if provider == top else less, 0.0, 1.0 if mesh == top else less
    else:
        by_provider, by_self = weight(provider, top, noise), weight(own, top, noise)
        by_mesh = weight(mesh, top, noise)
    total = by_provider + by_self + by_mesh
    gain = top + noise * np.log(total) - (provider if provider > NO_OPTION else 0.0)
    mark = u * total
    drawn = SELF_DRAWN if mark < by_provider + by_self or mesh == NO_OPTION else MESH_DRAWN
    return PROVIDER_DRAWN if mark < by_provider else drawn, gain


@inlined
def why_provider(quality, pay, hops, provider_quality, terms):
    """The largest advantage of the provider over the offer that it was preferred to."""
    by_quality = terms.query_value * (provider_quality - quality)
    by_price = float(pay - terms.price)
    by_latency = terms.hop_cost * hops - terms.provider_delay
    best = max(by_quality, by_price, by_latency)
    if best <= 0.0:
        return TASTE
    if best == by_quality:
        return QUALITY
    return PRICE if best == by_price else LATENCY
