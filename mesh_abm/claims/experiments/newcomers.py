"""What one newcomer with so many links does to the algebraic connectivity lambda_2 of a network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple
from weakref import WeakKeyDictionary

import networkx as nx
import numpy as np
import pandas as pd

from mesh_abm.theory.diffusion import algebraic_connectivity
from mesh_abm.theory.graphs import adjacency

if TYPE_CHECKING:
    from mesh_abm.claims.lab import Lab

SIZES = (80, 160, 320)
LINKS = (1, 2, 3, 5, 10, 20)
SLOTS = 3
"""Links that every device of the network has opened itself."""
ROUNDING = 1e-9
"""A change of lambda_2 counts as a rise above this."""

_kept: WeakKeyDictionary[Lab, pd.DataFrame] = WeakKeyDictionary()


class Trial(NamedTuple):
    """A Barabasi-Albert network of `n` devices and the newcomers that join it one by one, each to the same network."""

    n: int
    seed: int
    newcomers: int


def all_rises(lab: Lab) -> pd.DataFrame:
    """Return `rises` of newcomers to networks of all SIZES; measured once a lab."""
    if lab not in _kept:
        networks, newcomers = lab.size(fast=2, full=8), lab.size(fast=8, full=10)
        trials = [Trial(n, seed, newcomers) for n in SIZES for seed in range(networks)]
        _kept[lab] = rises(pd.concat(lab.map(changes, trials), ignore_index=True))
    return _kept[lab].copy()


def changes(trial: Trial) -> pd.DataFrame:
    """Return n, links, change of lambda_2 of newcomers whose links go to uniform devices, for all LINKS."""
    rng = np.random.default_rng((trial.n, trial.seed))
    links = adjacency(nx.barabasi_albert_graph(trial.n, SLOTS, seed=int(rng.integers(2**31)))).toarray()
    before = algebraic_connectivity(links)
    rows = [
        (trial.n, count, algebraic_connectivity(with_newcomer(links, count, rng)) - before)
        for count in LINKS
        for _ in range(trial.newcomers)
    ]
    return pd.DataFrame(rows, columns=["n", "links", "change"])


def with_newcomer(links: Any, count: int, rng: np.random.Generator) -> Any:
    """Return the adjacency matrix with one more device, linked to `count` uniform others."""
    n = links.shape[0]
    grown = np.zeros((n + 1, n + 1))
    grown[:n, :n] = links
    partners = rng.choice(n, count, replace=False)
    grown[n, partners] = grown[partners, n] = 1.0
    return grown


def rises(table: pd.DataFrame) -> pd.DataFrame:
    """Return by n and links how many newcomers there were, the share that raised lambda_2 and its standard error."""
    raised = (table["change"] > ROUNDING).groupby([table["n"], table["links"]])
    found = raised.agg(["size", "mean", "sem"]).reset_index()
    return found.rename(columns={"size": "trials", "mean": "raised", "sem": "error"})
