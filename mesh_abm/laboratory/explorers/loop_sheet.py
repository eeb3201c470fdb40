"""The figure of the Potts explorer: axes and prediction, on which the two branches are drawn as they are swept."""

from __future__ import annotations

import numpy as np

from mesh_abm.figures import style
from mesh_abm.laboratory.explorers.loop import Loop
from mesh_abm.laboratory.explorers.sheet import Live, Sheet

SIZE, GUTTER = (7.6, 3.7), 2.2
UP, DOWN = style.COLORS["head"], style.COLORS["tail"]


def sheet(loop: Loop) -> Sheet:
    """Return the figure of a loop before anything is swept."""
    title = f"Order of a {loop.setting.states}-state Potts model as the coupling is swept"
    _, ax = style.axes(title, "coupling K per link", "order parameter m", size=SIZE, gutter=GUTTER)
    found, low, high = loop.predicted.transition, float(loop.couplings[0]), float(loop.couplings[-1])
    step = float(loop.couplings[1]) - low
    ax.set_xlim(low - step, high + step)
    ax.set_ylim(0.0, 1.02)
    if found.first_order:
        ax.axvspan(found.spinodal_low, found.spinodal_high, color=style.GRID, alpha=0.6, linewidth=0,
                   label="predicted: both states last\n(annealed spinodals)")  # fmt: skip
        ax.plot([found.critical_coupling] * 2, [0.0, found.jump], **style.line("theory", linewidth=2.2),
                label="predicted jump (annealed)")  # fmt: skip
        ax.plot([found.critical_coupling], [found.jump], **style.points("theory"))
    else:
        ax.axvline(
            found.critical_coupling, **style.line("theory"), label="predicted onset of order\n(annealed)"
        )
    ax.axvline(loop.predicted.unstable, color=style.MUTED, linewidth=1.2, linestyle=(0, (1, 1.6)),
               label="K_s, sparse networks:\nbeyond it disorder cannot last")  # fmt: skip
    for name, color, dash in (
        ("up, from random states", UP, "-"),
        ("down, from one state", DOWN, "--"),
    ):
        ax.plot([], [], color=color, linestyle=dash, linewidth=2.2, marker="o", markersize=4, label=name)
    ax.legend(loc="upper left", bbox_to_anchor=(1.02, 1.02), frameon=False, fontsize=style.SMALL, labelspacing=0.9,
              handlelength=2.4)  # fmt: skip
    return Sheet.of(ax, title)


def live(loop: Loop) -> list[Live]:
    """Return the branches as far as they are swept."""
    return [
        Live(np.asarray(loop.points("down")), DOWN, "down", marks=6, dash="7 3"),
        Live(np.asarray(loop.points("up")), UP, "up", marks=6),
    ]
