"""The model side of the Potts explorer: a hysteresis loop sampled coupling by coupling, its prediction, its verdict.

The coupling rises from a random start and falls from an ordered one on the same network. Where the two branches differ
over a window of couplings, the transition is of first order; how wide the window is depends on how slowly it is swept.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

import networkx as nx
import numpy as np
import numpy.typing as npt

from mesh_abm.errors import UserError, shown
from mesh_abm.laboratory.explorers.bounds import Bounds
from mesh_abm.theory import potts
from mesh_abm.wording import number

Network = Literal["random", "hubs"]
Branch = Literal["up", "down"]
F64 = npt.NDArray[np.float64]

WORK = 2e9
"""Most updates of a neighbor or a state that a loop may ask for."""
SECONDS = 180.0
"""A loop ends after so long, with what it has."""
GAP = 0.15
"""Difference of the order parameters from which the branches count as apart."""
STEPS = 2
"""A window of no more steps of the sweep than this is not told from none."""


ALLOWED: dict[str, Bounds] = {
    "states": Bounds(2, 20, 1, "states q", "Each node is in one of q states, such as the task that it does."),
    "nodes": Bounds(100, 3000, 100, "nodes", "Size of the network: the larger, the sharper the transition."),
    "degree": Bounds(3, 40, 1, "mean degree", "Mean number of links of a node."),
    "exponent": Bounds(2.1, 5.0, 0.1, "exponent of degrees", "The smaller, the larger the hubs: P(k) ~ k^-exponent."),
    "low": Bounds(0.2, 0.95, 0.05, "lowest coupling", "In units of K_s, above which disorder cannot last."),
    "high": Bounds(1.05, 2.0, 0.05, "highest coupling", "In units of K_s, above which disorder cannot last."),
    "couplings": Bounds(6, 60, 2, "couplings", "Steps of the sweep each way."),
    "sweeps": Bounds(10, 400, 10, "sweeps at each", "Updates of every node at each coupling: more is surer."),
    "seed": Bounds(1, 100, 1, "seed", "Of the network and of the sampler."),
}  # fmt: skip


@dataclass(frozen=True)
class Setting:
    """What is swept. Raises UserError naming field, value and what is allowed."""

    states: int = 6
    network: Network = "random"
    nodes: int = 1000
    degree: float = 10
    exponent: float = 2.5
    low: float = 0.65
    high: float = 1.15
    couplings: int = 26
    sweeps: int = 60
    seed: int = 1

    def __post_init__(self) -> None:
        if self.network not in ("random", "hubs"):
            raise UserError(f"network = {shown(self.network)}: must be one of random, hubs")
        for name, allowed in ALLOWED.items():
            allowed.check(name, getattr(self, name))
        if self.work > WORK:
            raise UserError(
                f"nodes x couplings x sweeps = {self.nodes} x {self.couplings} x {self.sweeps}: is too much for one "
                f"loop (at most {WORK:.0e} updates in all, this is {self.work:.1e}); lower one of them"
            )

    @property
    def work(self) -> float:
        """Updates in all, roughly."""
        return 2.0 * self.couplings * self.sweeps * self.nodes * (self.degree + self.states)


@dataclass(frozen=True)
class Predicted:
    """What annealed theory says of this network; couplings per link.

    `unstable` is K_s of sparse networks, beyond which disorder cannot last; `branching` is <k^2>/<k> - 1.
    """

    transition: potts.AnnealedTransition
    unstable: float
    branching: float
    mean_degree: float

    def sentence(self) -> str:
        """Return the prediction in a sentence."""
        found = self.transition
        if not found.first_order:
            return (
                f"Annealed theory for these degrees: no jump of 0.05 or more; order sets in at K = "
                f"{number(found.critical_coupling, 3)} (sparse networks: {number(self.unstable, 3)})."
            )
        return (
            f"Annealed theory for these degrees: a jump of {number(found.jump)} at K = "
            f"{number(found.critical_coupling, 3)}; both states can last from {number(found.spinodal_low, 3)} to "
            f"{number(found.spinodal_high, 3)} (sparse networks: to {number(self.unstable, 3)})."
        )


@dataclass
class Loop:
    """A loop as far as it has been swept: couplings rising, the values of each branch in the order of sweeping."""

    setting: Setting
    couplings: F64
    predicted: Predicted
    up: list[float] = field(default_factory=list)
    down: list[float] = field(default_factory=list)
    stopped: str = ""

    @property
    def part(self) -> float:
        """How much is done, 0 to 1."""
        return (len(self.up) + len(self.down)) / (2 * self.couplings.size)

    def points(self, branch: Branch) -> F64:
        """Return coupling and order parameter of what is swept of a branch, shape (n, 2), couplings rising."""
        if branch == "up":
            return np.stack([self.couplings[: len(self.up)], np.array(self.up)], axis=1)
        swept = len(self.down)
        return np.stack([self.couplings[self.couplings.size - swept :], np.array(self.down[::-1])], axis=1)


def begin(setting: Setting) -> Loop:
    """Return the loop before it is swept: network, couplings, prediction."""
    return _begun(setting)[1]


def swept(setting: Setting, turn: Any = None) -> Iterator[Loop]:
    """Yield the loop after each coupling, up first and then down, always the same object.

    `turn` is a lock held while sampling, so that several loops on one server take turns. Ends with `stopped` set after
    `SECONDS`.
    """
    graph, loop = _begun(setting)
    yield loop
    deadline = time.monotonic() + SECONDS
    for branch, couplings, start in (("up", loop.couplings, "hot"), ("down", loop.couplings[::-1], "cold")):
        seed = np.random.default_rng((setting.seed, 1 + (branch == "down")))
        sampled = potts.in_turn(graph, setting.states, couplings, setting.sweeps, seed, start)  # type: ignore[arg-type]
        for value in _taking_turns(sampled, turn):
            getattr(loop, branch).append(value)
            yield loop
            if time.monotonic() > deadline:
                loop.stopped = (
                    f"stopped after {SECONDS:.0f} seconds, the most that this server grants to a loop"
                )
                return


@dataclass(frozen=True)
class Measured:
    """What a whole loop shows: the window in which the branches differ, and the largest step of each branch."""

    window: tuple[float, float] | None
    width: float
    step: float
    jump_up: float
    at_up: float
    jump_down: float
    at_down: float

    @property
    def first_order(self) -> bool:
        """Whether the branches differ over more than `STEPS` steps of the sweep."""
        return self.width > STEPS * self.step


def measure(loop: Loop) -> Measured:
    """Return what a loop that was swept to its end shows."""
    up, down = loop.points("up"), loop.points("down")
    step = float(loop.couplings[1] - loop.couplings[0])
    first, last = _longest(down[:, 1] - up[:, 1] > GAP)
    window = (float(up[first, 0]), float(up[last - 1, 0])) if last > first else None
    jump_up, at_up = _largest_rise(up)
    jump_down, at_down = _largest_rise(down)
    return Measured(window, (last - first) * step, step, jump_up, at_up, jump_down, at_down)


def sentence(loop: Loop) -> str:
    """Return the verdict in words, with what it rests on."""
    if loop.part < 1:
        return loop.stopped
    found, q = measure(loop), loop.setting.states
    size = f"{loop.setting.nodes:,} nodes, {loop.setting.sweeps} sweeps at each coupling"
    if found.first_order and found.window:
        low, high = (number(k, 3) for k in found.window)
        return (
            f"Jump of {number(found.jump_up)} at K = {number(found.at_up, 3)} on the way up, of "
            f"{number(found.jump_down)} at K = {number(found.at_down, 3)} on the way down. The branches are apart from "
            f"K = {low} to {high}, {round(found.width / found.step)} steps of the sweep: first order for q = {q} "
            f"({size}). A loop that stays as wide with more sweeps is a true one."
        )
    if found.window:
        apart = (
            f"The branches are apart over no more than {STEPS} steps of the sweep ({number(found.step)} each)"
        )
    else:
        apart = "The branches agree at every coupling"
    return (
        f"{apart}: continuous for q = {q}, or a jump too small for this sweep to show ({size}). "
        f"The steepest step is {number(max(found.jump_up, found.jump_down))}, at K = {number(found.at_up, 3)}."
    )


def network(setting: Setting) -> nx.Graph:
    """Return the network: Erdos-Renyi, or with expected degrees that fall as a power law (Chung and Lu 2002).

    Expected degrees end at sqrt(mean degree x nodes), beyond which ends of links would not be independent.
    """
    n, mean = setting.nodes, setting.degree
    if setting.network == "random":
        return nx.fast_gnp_random_graph(n, mean / (n - 1), seed=setting.seed)
    wanted = np.arange(1, n + 1) ** (-1.0 / (setting.exponent - 1.0))
    for _ in range(50):  # scaling to the mean and cutting at the top, in turn
        wanted = np.minimum(wanted * mean / wanted.mean(), np.sqrt(mean * n))
    return nx.expected_degree_graph(wanted.tolist(), seed=setting.seed, selfloops=False)


def predict(degrees: npt.ArrayLike, states: int) -> Predicted:
    """Return the prediction for a network of these degrees."""
    k = np.asarray(degrees, float)
    branching = float((k**2).mean() / k.mean() - 1.0)
    return Predicted(
        potts.annealed(k, states),
        float(np.asarray(potts.sparse_spinodal(branching, states))),
        branching,
        float(k.mean()),
    )


def _begun(setting: Setting) -> tuple[nx.Graph, Loop]:
    graph = network(setting)
    predicted = predict([degree for _, degree in graph.degree], setting.states)
    couplings = np.linspace(setting.low, setting.high, setting.couplings) * predicted.unstable
    return graph, Loop(setting, couplings, predicted)


def _taking_turns(values: Iterator[float], turn: Any) -> Iterator[float]:
    while True:
        if turn is not None:
            turn.acquire()
        try:
            value = next(values, None)
        finally:
            if turn is not None:
                turn.release()
        if value is None:
            return
        yield value


def _largest_rise(points: F64) -> tuple[float, float]:
    """Return the largest rise between neighboring couplings, and the coupling in their middle."""
    rises = np.diff(points[:, 1])
    at = int(np.argmax(rises))
    return float(rises[at]), float(points[at : at + 2, 0].mean())


def _longest(apart: npt.NDArray[np.bool_]) -> tuple[int, int]:
    """Return first and one past last of the longest row of True; (0, 0) if there is none."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], apart.astype(int), [0]])))
    rows = list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))
    return max(rows, key=lambda row: row[1] - row[0], default=(0, 0))
