"""How updates spread: the epidemic threshold (14), its relatives, and how many are infected above it.

SIS: an infected device infects each neighbor at rate `rate` and recovers at rate 1 (an update is caught and
forgotten again). (14) is for annealed networks, whose links are redrawn all the time; on a fixed network
lasting spread needs about a third more (claim E14).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from mesh_abm.theory.domain import FloatArray, Values, count, number, plain, real
from mesh_abm.theory.graphs import GraphLike, adjacency


def sis_threshold(degrees: ArrayLike) -> float:
    """Infection rate over recovery rate above which SIS spreading lasts, <k>/<k^2> (14); inf without links.

    Pastor-Satorras and Vespignani 2001, for annealed networks. `degrees` >= 0, any shape.

    >>> sis_threshold([1, 1, 2])
    0.6666666666666666
    """
    k = np.ravel(real("degrees", degrees, 0.0, finite=True))
    return annealed_threshold(float(k.sum()), float(np.dot(k, k)))


def annealed_threshold(first: float, second: float) -> float:
    """The same from the sums of the degrees and of their squares."""
    return _ratio(first, second)


def sir_threshold(degrees: ArrayLike) -> float:
    """Transmission probability above which SIR reaches many, <k>/(<k^2> - <k>); inf where no tree can branch.

    Also the bond percolation threshold (Newman 2002). `degrees` >= 0, any shape.
    """
    k = np.ravel(real("degrees", degrees, 0.0, finite=True))
    total = float(k.sum())
    return _ratio(total, float(np.dot(k, k)) - total)


def quenched_threshold(graph: GraphLike) -> float:
    """1/lambda_1 of the adjacency matrix, the SIS threshold of a fixed graph in mean field; inf without
    links.

    Wang, Chakrabarti, Wang and Faloutsos 2003. A lower bound on where spread lasts long.
    """
    from scipy.sparse.linalg import eigsh

    links = adjacency(graph)
    if links.nnz == 0:
        return np.inf
    if links.shape[0] <= 400:
        return float(1.0 / np.linalg.eigvalsh(links.toarray())[-1])
    start = np.ones(links.shape[0])
    return float(1.0 / eigsh(links, k=1, which="LA", v0=start, return_eigenvectors=False)[0])


def barabasi_albert_threshold(n: ArrayLike, slots: ArrayLike) -> Values:
    """(14) on a Barabasi-Albert network of n devices and `slots` links each: 2/(slots ln n), to leading order
    in ln n.
    """
    nodes = real("n", n, 1.0, above=True, finite=True)
    return plain(2.0 / (real("slots", slots, 1.0, finite=True) * np.log(nodes)))


def mixed_prevalence(r0: ArrayLike) -> Values:
    """Lasting infected share of SIS in a well-mixed population, 1 - 1/r0 above r0 = 1, else 0.

    Of the same slope at 1 as half the final size (2) of SIR, but another curve: .333 against .583 at 1.5.
    """
    r = real("r0", r0, 0.0)
    return plain(np.where(r > 1.0, 1.0 - 1.0 / np.maximum(r, 1.0), 0.0))


def barabasi_albert_prevalence(rate: ArrayLike, slots: ArrayLike) -> Values:
    """Infected share 2 exp(-1/(slots rate)) on a large Barabasi-Albert network: small rates, no threshold
    (P5).
    """
    per_link = real("slots", slots, 1.0, finite=True) * real("rate", rate, 0.0, finite=True)
    with np.errstate(divide="ignore"):
        return plain(np.minimum(1.0, 2.0 * np.exp(-1.0 / per_link)))


def prevalence(degrees: ArrayLike, rate: float) -> float:
    """Lasting infected share of SIS on an annealed network with these degrees (Pastor-Satorras and Vespignani
    2001).

    Mean of rate k T/(1 + rate k T), T its mean over link ends; 0 at and below `sis_threshold`. `rate` >= 0.
    """
    k = np.ravel(real("degrees", degrees, 0.0, finite=True))
    strength = number("rate", rate, 0.0, finite=True)
    if strength <= sis_threshold(k):
        return 0.0
    values, share = np.unique(k, return_counts=True)
    reached = _link_prevalence(values, share * values / np.dot(share, values), strength)
    return float(np.dot(share, _infected(strength * values * reached)) / k.size)


def graph_prevalence(graph: GraphLike, rate: float) -> float:
    """Lasting infected share of SIS on a fixed graph in mean field (Van Mieghem, Omic and Kooij 2009); 0
    below 1/lambda_1.

    An upper bound on the share in the SIS process, which dies out in the end on any finite graph. Iterated to
    1e-12.
    """
    links, strength = adjacency(graph), number("rate", rate, 0.0, finite=True)
    if links.nnz == 0 or strength <= quenched_threshold(links):
        return 0.0
    infected = np.ones(links.shape[0])
    for _ in range(100_000):
        after = _infected(strength * (links @ infected))
        done = float(np.max(np.abs(after - infected))) < 1e-13
        infected = after
        if done:
            break
    return float(infected.mean())


def sis_series(
    graph: GraphLike,
    infection: float,
    recovery: float,
    steps: int,
    rng: np.random.Generator | int | None = None,
    start: float = 1.0,
) -> FloatArray:
    """Infected share after each of `steps` simulated steps of SIS, row 0 the start, all nodes at once.

    As the simulation spreads updates (docs/model.md, rule 8): a susceptible node with i infected neighbors is
    infected with chance 1 - (1 - `infection`)^i, an infected one recovers with chance `recovery`. Tends to
    continuous time at rate infection/recovery as both go to 0. `start` is the share infected at random at
    first.
    """
    links = adjacency(graph)
    chance, back = number("infection", infection, 0.0, 1.0), number("recovery", recovery, 0.0, 1.0)
    generator = np.random.default_rng(rng)
    infected = generator.random(links.shape[0]) < number("start", start, 0.0, 1.0)
    series = [float(infected.mean())]
    for _ in range(count("steps", steps)):
        caught = generator.random(infected.size) < 1.0 - (1.0 - chance) ** (
            links @ infected.astype(np.float64)
        )
        recovers = generator.random(infected.size) < back
        infected = np.where(infected, ~recovers, caught)
        series.append(float(infected.mean()))
    return np.array(series)


def _link_prevalence(degrees: FloatArray, ends: FloatArray, rate: float) -> float:
    """T: infected share among link ends, the positive root of T = mean over link ends of rate k T/(1 + rate k
    T).
    """
    from scipy.optimize import brentq

    # divided by T the right side falls from rate <k^2>/<k> > 1: one root
    def excess(reached: float) -> float:
        return float(np.dot(ends, rate * degrees / (1.0 + rate * degrees * reached))) - 1.0

    return float(brentq(excess, 0.0, 1.0, xtol=1e-300, rtol=1e-13))


def _infected(force: FloatArray) -> FloatArray:
    return np.asarray(force / (1.0 + force))


def _ratio(first: float, second: float) -> float:
    return first / second if second > 0.0 else float("inf")
