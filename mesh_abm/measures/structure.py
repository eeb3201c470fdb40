"""Measures of the network: members, links, the giant component and the provider's hold, each beside its prediction."""

from __future__ import annotations

from math import inf, nan

import numpy as np
import numpy.typing as npt

from mesh_abm.kernels import kernel
from mesh_abm.measures.registry import measured
from mesh_abm.measures.snapshot import Snapshot, mean, ratio
from mesh_abm.technology import fitness
from mesh_abm.theory import condensation, epidemics, percolation


@measured("months")
def month(s: Snapshot) -> int:
    """Months since the start."""
    return s.model.month


@measured("devices", predictions=("adoption",))
def members(s: Snapshot) -> int:
    """Owners whose device is in the mesh, N."""
    return s.n


@measured("links per device", predictions=("mean_degree",))
def mean_degree(s: Snapshot) -> float:
    """Mean degree in the device network, <k>."""
    return ratio(s.degree_moments[0], s.n)


@measured("share of members", predictions=("equation_2", "slots", "degree_sequence", "mesh_threshold"))
def s_inf(s: Snapshot) -> float:
    """Largest component of the device network / N."""
    return ratio(s.components.size, s.n)


@measured("share of members")
def s_inf_theory(s: Snapshot) -> float:
    """Root of (2), S = 1 - exp(-R0 S), at R0 = mean degree."""
    return float(percolation.giant_component(mean_degree(s))) if s.n else nan


@measured("links per device", flow=True, predictions=("link_balance",))
def r0_mesh(s: Snapshot) -> float:
    """(1): 2 x device links opened / (N D), D the share of last month's links lost (link_failure if none was)."""
    flows = s.flows
    loss = flows.links_lost / flows.links_before if flows.links_lost else float(s.par.link_failure)
    if not s.n or (not loss and not flows.links_opened):
        return nan
    return 2 * flows.links_opened / (s.n * loss) if loss else inf


@measured("share of filled slots", predictions=("condensate",))
def condensate(s: Snapshot) -> float:
    """Filled slots that point to the provider / filled slots."""
    filled, hosted = s.slot_counts
    return ratio(hosted, filled)


@measured("share of filled slots")
def condensate_theory(s: Snapshot) -> float:
    """The stationary condensate that churn, link failure and the members' merits imply; kernel fitness only."""
    par = s.par
    if par.kernel != "fitness" or not s.n:
        return nan
    rates = (s.flows.link_value, float(par.link_failure), float(par.churn))
    return max(0.0, 1.0 - condensation.mesh_share(fitness(s.merits), None, *rates))


@measured("share of slots")
def filled_slots(s: Snapshot) -> float:
    """Filled slots / slots of members."""
    return ratio(s.slot_counts[0], s.n * s.network.slots.shape[1])


@measured("ratio")
def mean_odds(s: Snapshot) -> float:
    """Mean of r = eta / (1 - eta) over members: merit relative to the provider."""
    return mean(s.merits)


@measured("probability")
def link_value(s: Snapshot) -> float:
    """v: the chance that a contact of fitness 1 is kept."""
    return s.flows.link_value


@measured("ratio", predictions=("poisson_degrees",))
def sis_threshold(s: Snapshot) -> float:
    """(14): <k> / <k^2> of the device network, annealed."""
    return epidemics.annealed_threshold(*s.degree_moments) if s.degree_moments[0] else nan


@measured("link ends per query a month")
def bandwidth_ratio(s: Snapshot) -> float:
    """(13): N <k> / K."""
    capacity = s.flows.capacity
    return s.degree_moments[0] / capacity if capacity else nan


@measured("links")
def max_degree(s: Snapshot) -> float:
    """Largest degree in the device network."""
    return float(s.degree_counts.size - 1) if s.n else nan


@measured("index")
def gini_degree(s: Snapshot) -> float:
    """Gini index of degrees in the device network."""
    return gini(np.arange(s.degree_counts.size), s.degree_counts)


@measured("index")
def gini_wallet(s: Snapshot) -> float:
    """Gini index of the members' wallets."""
    return gini(np.sort(s.state.wallet[s.members]), np.ones(s.n, np.int64))


def gini(values: npt.NDArray[np.int64], counts: npt.NDArray[np.int64]) -> float:
    """Gini index of ascending amounts of at least 0, each held by so many; NaN if all are 0.

    That of n holders in order is sum_i (2 i - n - 1) x_(i) / (n sum x); those from b + 1 to b + c, of one amount, have
    ranks i that sum to c (2 b + c + 1) / 2.
    """
    n, total, ranked = _gini_sums(values, counts)
    return ranked / (n * total) if total else nan


@kernel
def _gini_sums(values, counts):
    n = counts.sum()
    before, total, ranked = 0, 0.0, 0.0
    for v in range(values.size):
        held = np.float64(values[v]) * counts[v]
        total += held
        ranked += held * (2 * before + counts[v] - n)
        before += counts[v]
    return n, total, ranked
