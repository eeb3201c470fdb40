"""E3: the cluster expansion of the Potts partition function, and what it is at one state."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import networkx as nx
import numpy as np
import pandas as pd

from mesh_abm.claims.claim import Claim, Evidence, Figures, Verdict
from mesh_abm.theory import potts

if TYPE_CHECKING:
    from mesh_abm.claims.drawing import Panel
    from mesh_abm.claims.lab import Lab

GRAPHS = {
    "ring of 4": nx.cycle_graph(4),
    "all 4 linked": nx.complete_graph(4),
    "path of 3 and 1 alone": nx.disjoint_union(nx.path_graph(3), nx.empty_graph(1)),
    "two triangles": nx.barbell_graph(3, 0),
}
STATES = (1, 2, 3, 5)
COUPLINGS = (0.2, 0.7, 1.5)
SAME = 1e-10
STEP = 1e-5


def measure(lab: Lab) -> Evidence:
    """Sum over all states, and beside it the printed sum over all sets of links."""
    table = pd.DataFrame([sums(*case) for case in product(GRAPHS, STATES, COUPLINGS)])
    printed = (table["clusters"] / table["states_sum"] - 1).abs()
    factor = np.exp(table["coupling"] * table["links"])
    right = (factor * table["clusters"] / table["states_sum"] - 1).abs()
    slope, clusters = at_one_state(lab)
    figures = {
        "printed_error": float(printed.max()),
        "error_with_factor": float(right.max()),
        "printed_sum_at_one_state": float(table.loc[table["q"] == 1, "clusters"].mean()),
        "slope_at_one_state": slope,
        "percolation_clusters": clusters,
    }
    says = (
        f"The printed sum differs from the sum over states by up to {100 * figures['printed_error']:.1f}% and with the "
        f"factor exp(K |E|) by {figures['error_with_factor']:.0e}; at q = 1 it is "
        f"{figures['printed_sum_at_one_state']:.3f} whatever the network, its slope there ({slope:.3f}) is the number of "
        f"clusters of percolation ({clusters:.3f} simulated)."
    )
    return Evidence(figures, says, table)


def judge(figures: Figures) -> Verdict:
    """As printed, or with the factor that the Hamiltonian of the paper brings."""
    if figures["printed_error"] <= SAME:
        return Verdict.HOLDS
    return Verdict.AS_CORRECTED if figures["error_with_factor"] <= SAME else Verdict.FAILS


def sums(name: str, states: int, coupling: float) -> dict[str, object]:
    """Return both sums for one small network."""
    graph = GRAPHS[name]
    return {
        "network": name,
        "q": states,
        "coupling": coupling,
        "links": graph.number_of_edges(),
        "states_sum": potts.partition_function(graph, states, coupling),
        "clusters": potts.cluster_sum(graph, states, coupling),
    }


def at_one_state(lab: Lab) -> tuple[float, float]:
    """Return d ln (printed sum) / dq at q = 1, and the clusters of simulated percolation, on two triangles."""
    graph, coupling, rng = GRAPHS["two triangles"], 0.7, lab.rng(3)
    rise = np.log(potts.cluster_sum(graph, 1 + STEP, coupling)) - np.log(
        potts.cluster_sum(graph, 1 - STEP, coupling)
    )
    kept = rng.random((20_000, graph.number_of_edges())) < 1 - np.exp(-coupling)
    edges = np.array(graph.edges)
    counts = dict.fromkeys(map(tuple, np.unique(kept, axis=0)), 0)
    for pattern in map(tuple, kept):
        counts[pattern] += 1
    clusters = sum(times * clusters_of(graph, edges[np.array(chosen)]) for chosen, times in counts.items())
    return float(rise / (2 * STEP)), clusters / len(kept)


def clusters_of(graph: nx.Graph, edges: np.ndarray) -> int:
    """Return the number of components when only these links are kept."""
    part = nx.empty_graph(len(graph))
    part.add_edges_from(edges.tolist())
    return len(list(nx.connected_components(part)))


def draw(panel: Panel, table: pd.DataFrame) -> None:
    """The logarithm of the ratio of the sums against K times the number of links."""
    panel.axes("coupling K times number of links", "ln (sum over states / printed sum)")
    missing = table["coupling"] * table["links"]
    panel.points(missing, np.log(table["states_sum"] / table["clusters"]), "enumerated")
    line = np.array([0.0, missing.max()])
    panel.curve(line, line, "factor exp(K |E|)")
    panel.curve(line, 0 * line, "as printed: equal", "printed")


CLAIM = Claim(
    id="E3",
    place="section 3.3, equation (3)",
    says="The partition function of the Potts model is a sum over sets of links, p^|A| (1-p)^(|E|-|A|) q^c(A) with p "
    "= 1 - exp(-beta J); at q = 1 it is the generating function of percolation.",
    right="For energies -J for each pair of equal neighbors the sum has to be multiplied by exp(beta J |E|). At q = "
    "1 it is 1; percolation is its slope in q there, the mean number of clusters.",
    experiment="Four networks of 4 to 6 nodes, q = 1, 2, 3, 5, K = beta J = .2, .7, 1.5: all q^n states summed, and "
    "all 2^|E| sets of links. At q = 1 also 20,000 percolations of two joined triangles.",
    statistic="largest relative difference of the two sums, without and with the factor",
    criterion="Holds if the printed sum is the sum over states to 1e-10; as corrected if it is with the factor.",
    turned_by="A network on which the sums with the factor differ, or one with links on which they agree without it.",
    assumption="neighbors in the same state have energy -J and others 0; with 0 and +J the printed form is right",
    measure=measure,
    judge=judge,
    counter={"printed_error": 1e-14},
    draw=draw,
)
