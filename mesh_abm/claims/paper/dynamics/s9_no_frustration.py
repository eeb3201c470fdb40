"""S9: whether the interactions of the mesh are free of frustration."""

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

STATES = (2, 3, 4)
NODES = 6
MESH_STATES = (2, 3, 5, 8)
COOLING = -np.array([0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 9.0])


def measure(lab: Lab) -> Evidence:
    """The best assignment of types on every small network, and annealing on random meshes."""
    graphs = [one for one in nx.graph_atlas_g() if 2 <= len(one) <= NODES and nx.is_connected(one)]
    best = np.array([[fewest_unsatisfied(graph, q) for q in STATES] for graph in graphs])
    rows = lab.map(annealed, [(q, lab.size(fast=400, full=2_000)) for q in MESH_STATES])
    table = pd.DataFrame(rows, columns=["types", "same", "different"])
    figures = {
        "frustrated_if_same_wanted": float(np.mean(best[:, :, 0] > 0)),
        "frustrated_if_different_wanted": float(np.mean(best[:, :, 1] > 0)),
        "frustrated_with_two_types": float(np.mean(best[:, 0, 1] > 0)),
        "unsatisfied_links_with_three_types": float(table.set_index("types")["different"][3]),
        "unsatisfied_links_with_eight_types": float(table.set_index("types")["different"][8]),
    }
    says = (
        f"If neighbors want the same type all links can be satisfied in every one of {len(graphs)} networks; if they want "
        f"different types, {100 * figures['frustrated_if_different_wanted']:.0f}% of cases cannot (with two types "
        f"{100 * figures['frustrated_with_two_types']:.0f}%). In random meshes of degree 10, "
        f"{100 * figures['unsatisfied_links_with_three_types']:.0f}% of links stay unsatisfied with three types, "
        f"{100 * figures['unsatisfied_links_with_eight_types']:.1f}% with eight."
    )
    return Evidence(figures, says, table)


def judge(figures: Figures) -> Verdict:
    """Free of frustration for both couplings, for the ferromagnetic one only, or for neither."""
    if figures["frustrated_if_same_wanted"] > 0:
        return Verdict.FAILS
    complementary = figures["frustrated_if_different_wanted"]
    if complementary == 0:
        return Verdict.HOLDS
    return Verdict.AS_CORRECTED if complementary > 0 else Verdict.UNDECIDED


def fewest_unsatisfied(graph: nx.Graph, states: int) -> tuple[int, int]:
    """Return the fewest links that must stay unsatisfied when ends want the same, and different, types."""
    nodes = {node: place for place, node in enumerate(graph)}
    choices = np.array(list(product(range(states), repeat=len(nodes))))
    equal = sum((choices[:, nodes[a]] == choices[:, nodes[b]]).astype(int) for a, b in graph.edges)
    counts = np.asarray(equal)
    return graph.number_of_edges() - int(counts.max()), int(counts.min())


def annealed(task: tuple[int, int]) -> tuple[int, float, float]:
    """Return types, and the part of links unsatisfied after slow cooling on a random mesh, for both wishes."""
    states, n = task
    graph = nx.fast_gnp_random_graph(n, 10 / (n - 1), seed=states)
    ends = np.array(graph.edges)
    same = potts.final_states(graph, states, -COOLING, 60, rng=states)[-1]
    different = potts.final_states(graph, states, COOLING, 60, rng=states)[-1]
    return (
        states,
        float(np.mean(same[ends[:, 0]] != same[ends[:, 1]])),
        float(np.mean(different[ends[:, 0]] == different[ends[:, 1]])),
    )


def draw(panel: Panel, table: pd.DataFrame) -> None:
    """Unsatisfied links of random meshes against the number of types."""
    panel.axes("types", "links left unsatisfied", percent=True)
    panel.points(table["types"], table["same"], "neighbors want the same")
    panel.points(table["types"], table["different"], "neighbors want different types", "second")
    panel.level(0.0, "no frustration, as printed")


CLAIM = Claim(
    id="S9",
    place="section 9, spin glasses",
    says="All interactions in the mesh are positive, complementary specialization included, so there is no "
    "frustration.",
    right="True if neighbors want the same type. Neighbors that want different types, which is what complementary "
    "means, are frustrated on loops that their types cannot color; with many types and few links that is rare.",
    experiment="All connected networks of 2 to 6 nodes with 2, 3 and 4 types: the fewest links that must stay "
    "unsatisfied, by enumeration. And random meshes of 2,000 devices and mean degree 10, cooled slowly.",
    statistic="part of networks in which some link must stay unsatisfied, for either wish",
    criterion="Fails if wanting the same type is frustrated anywhere; holds if wanting different types is frustrated "
    "nowhere; as corrected if only the latter is.",
    turned_by="Devices whose gain from a neighbor does not depend on its type.",
    assumption="interactions act between neighbors; a signal that all devices hear frustrates nobody",
    simulated=True,
    measure=measure,
    judge=judge,
    counter={"frustrated_if_same_wanted": 0.2},
    draw=draw,
)
