"""SIS on a network, event by event in continuous time: how updates spread, last and die out.

An infected device recovers at rate 1 and infects each neighbor at `rate`. On a *quenched* network the neighbors stay
the same; on an *annealed* one every contact goes to a random link end, so only degrees count (the setting in which (14)
is derived; Pastor-Satorras and Vespignani 2001).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import networkx as nx
import numpy as np
import numpy.typing as npt

from mesh_abm.kernels import kernel
from mesh_abm.theory.graphs import adjacency

KINDS = ("Barabasi-Albert", "Poisson")
SLOTS = 3
"""Links that a device of the Barabasi-Albert network opens; both networks have twice that as mean degree."""

CLEAR = 5
"""Outbreaks at so many successive rates that last show that higher rates do: with half of them, 1 time in 32."""


class Neighbors(NamedTuple):
    """Neighbors of device i are `ends[start[i]:start[i + 1]]`."""

    start: npt.NDArray[np.int64]
    ends: npt.NDArray[np.int64]

    @property
    def degrees(self) -> npt.NDArray[np.int64]:
        """Degree of each device."""
        return np.diff(self.start)


class Course(NamedTuple):
    """When the last infected device recovered (or the time it was watched), and the infected share meanwhile."""

    lifetime: float
    prevalence: float


def neighbors_of(graph: Any) -> Neighbors:
    """Return the neighbor lists of a networkx graph or an adjacency matrix."""
    links = adjacency(graph)
    return Neighbors(links.indptr.astype(np.int64), links.indices.astype(np.int64))


def network(kind: str, n: int, seed: int) -> Neighbors:
    """Return a random network of `n` devices and mean degree 2 SLOTS, one of KINDS."""
    if kind == "Barabasi-Albert":
        return neighbors_of(nx.barabasi_albert_graph(n, SLOTS, seed=seed))
    return neighbors_of(nx.fast_gnp_random_graph(n, 2 * SLOTS / (n - 1), seed=seed))


def well_mixed(n: int) -> Neighbors:
    """Return one link end for each of `n` devices: annealed, everybody meets everybody."""
    return Neighbors(np.arange(n + 1), np.arange(n))


def course(
    neighbors: Neighbors, rate: float, until: float, rng: np.random.Generator, *, annealed: bool = False
) -> Course:
    """Follow one outbreak from everybody infected to time `until`; prevalence is the mean over its second half."""
    return Course(*_follow(neighbors.start, neighbors.ends, float(rate), float(until), annealed, rng))


def lasting(
    neighbors: Neighbors,
    rates: Sequence[float],
    until: float,
    rng: np.random.Generator,
    *,
    annealed: bool = False,
) -> list[bool]:
    """Return for rising rates whether an outbreak from everybody is there at time `until`.

    After CLEAR successive rates at which one was there, higher ones are taken to last without being tried.
    """
    lasts: list[bool] = []
    while len(lasts) < len(rates) and not (len(lasts) >= CLEAR and all(lasts[-CLEAR:])):
        outbreak = course(neighbors, rates[len(lasts)], until, rng, annealed=annealed)
        lasts.append(outbreak.lifetime >= until)
    return lasts + [True] * (len(rates) - len(lasts))


def half_point(levels: Sequence[float], survived: npt.ArrayLike, replicates: int) -> tuple[float, float]:
    """Return the level at which half of the outbreaks survive, with its standard error (Spearman-Karber).

    `survived` are the shares that survived at each rising level. NaN unless they go from 0 to 1: the mean of the
    distribution of individual thresholds needs both its ends. The error includes that of the steps between levels.
    """
    x, p = np.asarray(levels, float), np.asarray(survived, float)
    if p[0] > 0 or p[-1] < 1:
        return float("nan"), float("nan")
    middle = (x[1:] + x[:-1]) / 2
    reach = (x[2:] - x[:-2]) / 2
    variance = np.sum(reach**2 * p[1:-1] * (1 - p[1:-1])) / max(replicates - 1, 1)
    variance += np.max(np.diff(x)) ** 2 / 12
    return float(np.sum(np.diff(p) * middle)), float(np.sqrt(variance))


@kernel
def _follow(
    start: Any, ends: Any, rate: float, until: float, annealed: bool, rng: np.random.Generator
) -> tuple[float, float]:
    """The optimized Gillespie algorithm (Cota and Ferreira 2017): attempts that meet the infected change nothing."""
    n = start.size - 1
    infected, place = np.arange(n), np.arange(n)
    count, open_ends, largest = n, ends.size, 0
    for i in range(n):
        largest = max(largest, start[i + 1] - start[i])
    time, area = 0.0, 0.0
    while count > 0 and time < until:
        total = count + rate * open_ends
        after = min(time - np.log(1.0 - rng.random()) / total, until)
        area += count * max(0.0, after - max(time, until / 2))
        time = after
        if time >= until:
            break
        if rng.random() * total < count:
            spot = int(rng.random() * count)
            i = infected[spot]
            count -= 1
            infected[spot] = infected[count]
            place[infected[spot]] = spot
            place[i] = -1
            open_ends -= start[i + 1] - start[i]
            continue
        i = infected[int(rng.random() * count)]
        while rng.random() * largest >= start[i + 1] - start[i]:
            i = infected[int(rng.random() * count)]
        if annealed:
            k = ends[int(rng.random() * ends.size)]
        else:
            k = ends[start[i] + int(rng.random() * (start[i + 1] - start[i]))]
        if place[k] < 0:
            place[k] = count
            infected[count] = k
            count += 1
            open_ends += start[k + 1] - start[k]
    return time, area / n / (until / 2)
