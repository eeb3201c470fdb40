"""The chart of the Potts explorer: both branches as they are swept, on what annealed theory predicts."""

from __future__ import annotations

from mesh_abm.figures import style
from mesh_abm.laboratory.charts import Chart, Line
from mesh_abm.laboratory.explorers.loop import Branch, Loop

Curves = dict[str, list[list[float]]]
HAIR = 1e-9
"""Upright lines lean by this part of their coupling: a chart's curve has one value for each x."""
BRANCHES: tuple[Branch, ...] = ("up", "down")
CHART = Chart(
    "loop", "Order as the coupling is swept up and down", "order parameter m",
    "0: all states alike in number; 1: one state has all nodes. Where the way back differs, the transition is a jump.",
    (
        Line("up", "up, from random states", style.COLORS["head"]),
        Line("down", "down, from one state", style.COLORS["tail"], (8, 3)),
        Line("jump", "predicted jump, or onset", style.COLORS["theory"], (4, 2), theory=True),
        Line("window", "predicted: both states last (annealed spinodals)", style.COLORS["theory"], (2, 4), theory=True),
        Line("unstable", "K_s: disorder cannot last beyond (sparse networks)", style.COLORS["provider"], (9, 3, 2, 3),
             theory=True),
    ),
    kind="curve", low=0.0, high=1.0, x_label="coupling K per link",
)  # fmt: skip


def domain(loop: Loop) -> list[float]:
    """Return the couplings between which the chart is drawn."""
    step = float(loop.couplings[1] - loop.couplings[0])
    return [float(loop.couplings[0]) - step, float(loop.couplings[-1]) + step]


def curves(loop: Loop) -> Curves:
    """Return both branches as far as they are swept, and the prediction."""
    found = loop.predicted.transition
    drawn: Curves = {str(branch): loop.points(branch).T.tolist() for branch in BRANCHES}
    top = found.jump if found.first_order else 1.0
    drawn["jump"] = _upright(found.critical_coupling, top)
    drawn["unstable"] = _upright(loop.predicted.unstable, 1.0)
    if found.first_order:
        (low, left), (high, right) = (
            _upright(found.spinodal_low, 1.0)[0],
            _upright(found.spinodal_high, 1.0)[0],
        )
        drawn["window"] = [[low, left, high, right], [0.0, 1.0, 1.0, 0.0]]
    return drawn


def _upright(coupling: float, top: float) -> list[list[float]]:
    return [[coupling, coupling * (1.0 + HAIR)], [0.0, top]]
