"""X-potts-factor: the factor that the cluster sum (3) lacks, seen in the number of equal neighbors."""

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

NODES = 5
STATES = (2, 3, 4)
COUPLINGS = (-0.4, 0.3, 1.0)
STEP = 1e-4
SAME, APART = 1e-6, 1e-2


def measure(lab: Lab) -> Evidence:
    """On every small network, count equal neighbors under the Gibbs weights and by the slope of each sum in K."""
    graphs = [one for one in nx.graph_atlas_g() if 2 <= len(one) <= NODES and one.number_of_edges()]
    cases = list(product(range(len(graphs)), STATES, COUPLINGS))
    table = pd.DataFrame([equal_neighbors(graphs[at], q, k) for at, q, k in cases])
    figures = {
        "printed_error_in_links": float((table["printed"] - table["counted"]).abs().max()),
        "right_error_in_links": float((table["right"] - table["counted"]).abs().max()),
        "printed_below_zero": float(np.mean(table["printed"] < 0)),
    }
    says = (
        f"On {len(graphs)} networks the corrected sum gives the mean number of equal neighbors to "
        f"{figures['right_error_in_links']:.0e} links; the printed one is off by up to "
        f"{figures['printed_error_in_links']:.0f} and says it is negative in {100 * figures['printed_below_zero']:.0f}% of cases."
    )
    return Evidence(figures, says, table)


def judge(figures: Figures) -> Verdict:
    """Whose slope is the number counted?"""
    printed, right = figures["printed_error_in_links"], figures["right_error_in_links"]
    if right <= SAME and printed >= APART:
        return Verdict.HOLDS
    return Verdict.FAILS if printed <= SAME and right >= APART else Verdict.UNDECIDED


def equal_neighbors(graph: nx.Graph, states: int, coupling: float) -> dict[str, float]:
    """Return the mean number of equal neighbors: counted over all states, and as d ln Z / dK of either sum."""
    order = {node: place for place, node in enumerate(graph)}
    every = np.array(list(product(range(states), repeat=len(order))))
    equal = np.zeros(len(every))
    for a, b in graph.edges:
        equal += every[:, order[a]] == every[:, order[b]]
    weight = np.exp(coupling * equal)
    sums = [potts.cluster_sum(graph, states, coupling + step) for step in (STEP, -STEP)]
    slope = float(np.log(sums[0] / sums[1]) / (2 * STEP))
    links = graph.number_of_edges()
    return {
        "links": links,
        "states": states,
        "coupling": coupling,
        "counted": float((weight * equal).sum() / weight.sum()),
        "printed": slope,
        "right": slope + links,
    }


def draw(panel: Panel, table: pd.DataFrame) -> None:
    """Both slopes against the count."""
    panel.axes("equal neighbors, counted (links)", "d ln Z / dK (links)")
    panel.points(table["counted"], table["printed"], "sum as printed", "provider")
    panel.points(table["counted"], table["right"], "with exp(K |E|)")
    panel.curve([0, 10], [0, 10], "equal")


CLAIM = Claim(
    id="X-potts-factor",
    place="section 3.3, equation (3)",
    says="Printed: Z = sum of p^|A| (1-p)^(|E|-|A|) q^c(A). Right: exp(K |E|) times that sum, K = beta J.",
    derivation="potts-factor",
    experiment="All networks of up to five nodes with a link, 2 to 4 states, K = -.4, .3, 1: the mean number of "
    "equal neighbors counted over all states with weights exp(K times that number), and as the slope in K of the "
    "logarithm of each sum.",
    statistic="largest difference from the count, in links",
    criterion="Holds if the corrected slope is within 1e-6 of the count and the printed one .01 or more off; fails "
    "if it is the other way round.",
    turned_by="A network with links on which the printed sum counts equal neighbors rightly.",
    assumption="energy -J for equal neighbors; with +J for unequal ones the print is right",
    measure=measure,
    judge=judge,
    counter={"printed_error_in_links": 0.0, "right_error_in_links": 3.0},
    draw=draw,
)
