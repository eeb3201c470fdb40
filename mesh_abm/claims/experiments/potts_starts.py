"""The Potts model on random networks from a random and from an ordered start: where both last, the transition jumps.

Couplings are ratios to K_s, above which disorder is unstable on a sparse network of that branching. The one start is
led up through them, the other down, so that each stays on its branch for as long as there is one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import networkx as nx
import numpy as np
import pandas as pd

from mesh_abm.claims.lab import Lab
from mesh_abm.theory import potts

NETWORKS = ("random, degree 10", "random, degree 3", "regular, degree 10", "hubs, degree 10")
"""Erdos-Renyi at two mean degrees, random regular, and Barabasi-Albert with five links a newcomer."""

RATIOS: dict[int, tuple[float, ...]] = {
    2: (0.80, 0.85, 0.90, 0.95, 1.00, 1.05, 1.10, 1.20),
    3: (0.90, 0.92, 0.93, 0.94, 0.95, 0.96, 0.97, 0.98, 0.99, 1.00, 1.02, 1.05, 1.10, 1.20),
    6: (0.72, 0.76, 0.80, 0.84, 0.88, 0.92, 0.94, 0.96, 0.98, 1.00, 1.02, 1.06, 1.15, 1.30),
    10: (0.64, 0.68, 0.72, 0.76, 0.80, 0.84, 0.88, 0.92, 0.96, 1.00, 1.06, 1.15, 1.30),
}
"""Couplings over K_s by number of states: closest where a window of two branches is narrow."""


@dataclass(frozen=True)
class Setting:
    """One network, one number of states, both starts."""

    network: str
    states: int
    n: int
    sweeps: int
    seed: int


def settings(
    networks: Sequence[str], states: Sequence[int], sizes: Sequence[int], sweeps: int, replicates: int
) -> list[Setting]:
    """Return all combinations, with seeds 1 to `replicates`."""
    seeds = range(1, replicates + 1)
    return [Setting(g, q, n, sweeps, seed) for g in networks for q in states for n in sizes for seed in seeds]


def from_both_starts(lab: Lab, wanted: Sequence[Setting]) -> pd.DataFrame:
    """Return a row per setting and coupling: network, states, n, seed, ratio to K_s, and order m from each start.

    What another claim has already sampled is not sampled again; it would come out the same.
    """
    missing = [one for one in wanted if one not in _sampled]
    _sampled.update(zip(missing, lab.map(both_starts, missing), strict=True))
    return pd.concat([_sampled[one] for one in wanted], ignore_index=True)


def both_starts(setting: Setting) -> pd.DataFrame:
    """Sample one setting."""
    graph = network(setting.network, setting.n, setting.seed)
    ratios = np.array(RATIOS[setting.states])
    couplings = ratios * potts.sparse_spinodal(branching(graph), setting.states)
    found = potts.hysteresis(graph, setting.states, couplings, setting.sweeps, rng=setting.seed)
    return pd.DataFrame(
        {
            "network": setting.network,
            "states": setting.states,
            "n": setting.n,
            "seed": setting.seed,
            "ratio": ratios,
            "random": found.up,
            "ordered": found.down,
        }
    )


def gaps(rows: pd.DataFrame) -> pd.DataFrame:
    """Return, by network, states and n, the largest difference of the two starts over the couplings: mean over seeds
    and its standard error.
    """
    by_ratio = rows.assign(gap=rows["ordered"] - rows["random"])
    largest = by_ratio.groupby(["network", "states", "n", "seed"])["gap"].max()
    return largest.groupby(["network", "states", "n"]).agg(["mean", "sem"]).fillna(0.0).reset_index()


def network(name: str, n: int, seed: int) -> nx.Graph:
    """Return one of NETWORKS with n nodes."""
    if name == NETWORKS[0]:
        return nx.fast_gnp_random_graph(n, 10 / (n - 1), seed=seed)
    if name == NETWORKS[1]:
        return nx.fast_gnp_random_graph(n, 3 / (n - 1), seed=seed)
    if name == NETWORKS[2]:
        return nx.random_regular_graph(10, n, seed=seed)
    if name == NETWORKS[3]:
        return nx.barabasi_albert_graph(n, 5, seed=seed)
    raise ValueError(f"name = {name!r}: must be one of {', '.join(NETWORKS)}")


def branching(graph: nx.Graph) -> float:
    """Return <k^2>/<k> - 1, further links at the end of a link."""
    degrees = np.array([degree for _, degree in graph.degree()], float)
    return float((degrees**2).sum() / degrees.sum() - 1)


_sampled: dict[Setting, pd.DataFrame] = {}
