"""What people ask: the mix in use, beside one of another service by the same taxonomy."""

from __future__ import annotations

import math

import pandas as pd
from matplotlib.ticker import MultipleLocator

from mesh_abm.calibration.mixes import BASELINE_MIX, mix
from mesh_abm.figures import style
from mesh_abm.figures.calibration.drawing import Drawing

COMPARED = "lmsys_chat_1m_2023"


def draw() -> Drawing:
    """Return the figure "query_mix": shares of the task types, head and tail, with those of another service."""
    used, compared = mix(BASELINE_MIX), mix(COMPARED)
    data = pd.DataFrame({"task_type": list(used), "share": list(used.values())})
    data["compared"] = [compared.get(name, math.nan) for name in used]
    head = math.ceil(len(data) / 4)
    data["part"] = [
        "head" if rank <= head else "tail" for rank in data["share"].rank(ascending=False, method="first")
    ]
    data = data.sort_values("share", ignore_index=True)
    most = data["share"][data["part"] == "head"].sum()
    title = f"What people ask: {head} of {len(data)} types make up {most:.0%} of queries"
    fig, ax = style.axes(title, "share of queries", "", size=(7.6, 5.4), gutter=0.35)
    ax.set_position((2.3 / 7.6, 0.66 / 5.4, (7.6 - 2.3 - 0.4) / 7.6, (5.4 - 0.5 - 0.66) / 5.4))
    ax.grid(axis="y", visible=False)
    ax.grid(axis="x", color=style.GRID, linewidth=0.7)
    ax.barh(data.index, data["share"], height=0.72, color=[style.COLORS[part] for part in data["part"]])
    ax.scatter(
        data["compared"],
        data.index,
        marker="D",
        s=20,
        facecolor=style.PAPER,
        edgecolor=style.INK,
        linewidth=1.0,
        zorder=3,
    )
    ax.set_yticks(data.index, [name.replace("_", " ") for name in data["task_type"]], fontsize=style.SMALL)
    ax.tick_params(axis="y", length=0)
    ax.set_ylim(-0.7, len(data) - 0.3)
    ax.set_xlim(0, 0.2)
    ax.xaxis.set_major_locator(MultipleLocator(0.05))
    ax.xaxis.set_major_formatter(lambda v, _: f"{v:.0%}")
    handles = [
        style.mark("s", style.COLORS["head"], f"head: the {head} most asked"),
        style.mark("s", style.COLORS["tail"], "tail"),
        style.mark("D", style.PAPER, "the same types on LMSYS, 2023"),
    ]
    handles[-1].set_markeredgecolor(style.INK)
    ax.legend(
        handles=handles, loc="lower right", frameon=True, framealpha=1, edgecolor="none", fontsize=style.BODY
    )
    return Drawing("query_mix", title, _sentence(data), fig, data)


def _sentence(data: pd.DataFrame) -> str:
    shares = data["share"][data["share"] > 0]
    effective = math.exp(-sum(share * math.log(share) for share in shares))
    return (
        f"The mix in use ({BASELINE_MIX}) has {len(data)} types, as diverse as {effective:.1f} equal ones; the largest "
        f"takes {data['share'].max():.0%}. On another service the same types have other shares ({COMPARED}): "
        "vary the mix. Types are an analyst's labels."
    )
