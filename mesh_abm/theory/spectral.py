"""Spectral dimension of a graph (appendix A), from how often a lazy random walk is back where it started.

On a graph of spectral dimension d the return probability falls as t^(-d/2) until the walk feels the graph's
size. The paper wants d > 4 to make mean field exact; for percolation the upper critical dimension is 6 (claim
R4, S-A).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from mesh_abm.theory.domain import FloatArray, count
from mesh_abm.theory.graphs import GraphLike, adjacency, components

BLOCK = 20_000_000  # numbers held at once


@dataclass(frozen=True, slots=True)
class SpectralDimension:
    """Estimate of `spectral_dimension`.

    `dimension` is minus twice the slope of ln(return probability) against ln(time) over `window` (first and
    last time used), `standard_error` the part of its uncertainty that comes from the choice of starting
    nodes, `spread` half the range of the local dimension within the window: where it is not small the graph
    has no spectral dimension at these scales. `times` (even) and `returns` (return probability, mean over
    starts) are what it was fitted to.
    """

    dimension: float
    standard_error: float
    spread: float
    window: tuple[int, int]
    times: FloatArray
    returns: FloatArray


def spectral_dimension(
    graph: GraphLike, *, starts: int = 200, longest: int = 1000, seed: int = 0
) -> SpectralDimension:
    """Spectral dimension of the largest component of a graph.

    A lazy walk (stays with chance 1/2) starts from `starts` >= 2 random nodes (all of them if there are no
    more); its return probability is exact for each, up to time 2 `longest`. The window starts at time 8 and
    ends where the return probability has come down to four times its final value (the walk then feels the
    size) or the time is over. ValueError for `graph` with fewer than 3 connected nodes, or too small for a
    window.
    """
    links = _largest_component(adjacency(graph))
    if links.shape[0] < 3:
        raise ValueError(f"graph: needs 3 connected nodes or more, not {links.shape[0]}")
    chosen = _starts(links.shape[0], count("starts", starts, 2), seed)
    returns, final = _return_probabilities(links, chosen, count("longest", longest, 8))
    times = 2.0 * np.arange(1, returns.shape[0] + 1)
    inside = (times >= 8) & (np.cumsum(returns.mean(axis=1) < 4.0 * final.mean()) == 0)
    if inside.sum() < 4:
        raise ValueError(
            "graph: too small or too well connected for a window of times (its walk forgets its start at once)"
        )
    return _fit(times[inside], returns[inside])


def _largest_component(links: Any) -> Any:
    _, labels = components(links)
    if labels.size == 0:
        return links
    rows = np.flatnonzero(labels == np.argmax(np.bincount(labels)))
    return links[rows][:, rows]


def _starts(nodes: int, starts: int, seed: int) -> Any:
    if starts >= nodes:
        return np.arange(nodes)
    return np.random.default_rng(seed).choice(nodes, starts, replace=False)


def _return_probabilities(links: Any, chosen: Any, steps: int) -> tuple[FloatArray, FloatArray]:
    """Return probability at times 2, 4, .. (times x starts) and its final value for each start.

    The walk is reversible, so the chance to be back at 2t is the squared norm of the symmetrized walk at t.
    """
    from scipy.sparse import diags_array, eye_array

    degree = np.asarray(links.sum(axis=1)).ravel()
    root = diags_array(1.0 / np.sqrt(degree))
    walk = (0.5 * (eye_array(degree.size) + root @ links @ root)).tocsr()
    final = degree[chosen] / degree.sum()
    columns, back = max(1, BLOCK // degree.size), []
    for first in range(0, chosen.size, columns):
        block = slice(first, first + columns)
        back.append(_block_returns(walk, chosen[block], steps, 4.0 * float(final.mean())))
        steps = back[-1].shape[0]
    return np.concatenate([one[:steps] for one in back], axis=1), final


def _block_returns(walk: Any, chosen: Any, steps: int, floor: float) -> FloatArray:
    """Return probabilities of a few starts, until their mean has come down to the floor."""
    state = np.zeros((walk.shape[0], chosen.size))
    state[chosen, np.arange(chosen.size)] = 1.0
    back = [np.full(chosen.size, np.inf)]
    while len(back) <= steps and back[-1].mean() >= floor:
        state = walk @ state
        back.append(np.einsum("ij,ij->j", state, state))
    return np.array(back[1:])


def _fit(times: FloatArray, returns: FloatArray) -> SpectralDimension:
    """Slope over log-spaced times; its error by leaving out blocks of starts (jackknife)."""
    picks = np.unique(np.rint(np.geomspace(1, times.size, 40)).astype(int)) - 1
    x, y = np.log(times[picks]), returns[picks]
    dimension = _slope(x, y.mean(axis=1))
    blocks = np.array_split(np.arange(y.shape[1]), min(20, y.shape[1]))
    left_out = np.array([_slope(x, np.delete(y, block, axis=1).mean(axis=1)) for block in blocks])
    error = np.sqrt((len(blocks) - 1) * np.var(left_out))
    local = -2.0 * np.gradient(np.log(y.mean(axis=1)), x)
    window = (int(times[0]), int(times[-1]))
    return SpectralDimension(
        dimension, float(error), float(np.ptp(local)) / 2.0, window, times, returns.mean(axis=1)
    )


def _slope(x: FloatArray, back: FloatArray) -> float:
    return float(-2.0 * np.polyfit(x, np.log(back), 1)[0])
