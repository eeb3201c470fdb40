"""Potts models: (3) and Proposition 2, exactly, in mean field, on random graphs, and sampled.

Convention throughout: weight exp(K) for each pair of neighbors in the same of q states, K = beta_T J of the
paper. On the complete graph the pair coupling is K/n, so that the Ising case q = 2 is critical at K = 2; on a
graph the coupling is per edge. Ferromagnetic order is a monoculture, neighbors doing the *same* task: not the
division of labor that the paper reads into it (claim P2).

`complete`: free energy and transition on the complete graph. `annealed`: any degree sequence. `exact`:
enumeration of (3). `sampler`: heat bath and Swendsen-Wang with hysteresis sweeps.
"""

from __future__ import annotations

from mesh_abm.theory.potts.annealed import (
    AnnealedTransition,
    annealed,
    critical_tail_exponent,
    regular_critical_coupling,
    sparse_spinodal,
)
from mesh_abm.theory.potts.complete import MeanField, branches, free_energy, mean_field
from mesh_abm.theory.potts.exact import cluster_sum, mean_clusters, partition_function
from mesh_abm.theory.potts.sampler import Hysteresis, final_states, hysteresis, in_turn, order_parameter

__all__ = [
    "AnnealedTransition",
    "Hysteresis",
    "MeanField",
    "annealed",
    "branches",
    "cluster_sum",
    "critical_tail_exponent",
    "final_states",
    "free_energy",
    "hysteresis",
    "in_turn",
    "mean_clusters",
    "mean_field",
    "order_parameter",
    "partition_function",
    "regular_critical_coupling",
    "sparse_spinodal",
]
