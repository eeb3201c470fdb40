"""The flow of (11), du/dt = -L u, integrated step by step (Runge-Kutta) without any eigenvalue of L."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np
import numpy.typing as npt
from scipy.integrate import solve_ivp
from scipy.sparse import csr_array

from mesh_abm.claims.experiments.meshes import device_links, standing
from mesh_abm.theory.diffusion import distance
from mesh_abm.theory.graphs import adjacency, components, laplacian

if TYPE_CHECKING:
    from mesh_abm.claims.lab import Lab

FloatArray = npt.NDArray[np.float64]

CONNECTED = ("ring", "Poisson", "Barabasi-Albert")
DISCONNECTED = "Poisson, in pieces"
NETWORKS = (*CONNECTED, DISCONNECTED)
MESH = "mesh of the model"
RELATIVE_ERROR = 1e-9


def network(name: str, n: int, seed: int) -> csr_array:
    """Return the adjacency matrix of one of NETWORKS with about `n` devices; all but the last are connected."""
    if name == "ring":
        return adjacency(nx.cycle_graph(n // 8))
    if name == "Barabasi-Albert":
        return adjacency(nx.barabasi_albert_graph(n, 3, seed=seed))
    mean_degree = 1.5 if name == DISCONNECTED else 4.0
    links = adjacency(nx.fast_gnp_random_graph(n, mean_degree / (n - 1), seed=seed))
    return links if name == DISCONNECTED else largest_component(links)


def all_networks(lab: Lab, n: int) -> dict[str, csr_array]:
    """Return NETWORKS and a mesh of the model by name: the whole of it, and its largest component."""
    found = {name: network(name, n, seed=1) for name in NETWORKS}
    whole = standing(lab, n, 1, probe=device_links)[0].seen
    return found | {MESH: largest_component(whole), f"{MESH}, whole": whole}


def largest_component(links: csr_array) -> csr_array:
    """Return the adjacency matrix of the largest component."""
    labels = components(links)[1]
    rows = np.flatnonzero(labels == np.argmax(np.bincount(labels)))
    return links[rows][:, rows]


def distances(links: Any, start: FloatArray, times: FloatArray) -> FloatArray:
    """Return the distance of knowledge from its mean over all devices at rising `times` from 0 on."""
    return np.array([distance(state) for state in states(links, start, times)])


def states(links: Any, start: FloatArray, times: FloatArray) -> FloatArray:
    """Return knowledge at rising `times` from 0 on, a row each."""
    matrix = laplacian(links)
    flow = solve_ivp(
        lambda _, u: -(matrix @ u),
        (0.0, float(times[-1])),
        start,
        method="DOP853",
        t_eval=times,
        rtol=RELATIVE_ERROR,
        atol=1e-13,
    )
    return np.asarray(flow.y.T)


def slowest_start(links: Any) -> FloatArray:
    """Return the start that decays most slowly, found by following the flow itself: what is left of chance."""
    matrix = laplacian(links)
    step = 0.5 / float(matrix.diagonal().max())  # below 2/lambda_max for every mode
    state = np.random.default_rng(0).standard_normal(matrix.shape[0])
    for _ in range(20_000):
        state = state - step * (matrix @ state)
        state -= state.mean()
        state /= np.linalg.norm(state)
    return np.asarray(state)
