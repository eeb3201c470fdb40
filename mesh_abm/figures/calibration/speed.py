"""How fast devices decode, against how fast they read their memory."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from mesh_abm.calibration import fits
from mesh_abm.calibration.tables import figure, table
from mesh_abm.figures import style
from mesh_abm.figures.calibration.drawing import Drawing
from mesh_abm.figures.calibration.scales import log_axes

NAMES = {
    "Raspberry Pi 5 16GB": ("Raspberry Pi 5", "right"),
    "Framework 13 Ryzen AI 5 340 16GB": ("laptop", "right"),
    "Apple Mac mini M4 10-core 16GB": ("Mac mini M4", "left"),
    "Apple M1 Max 32-core GPU 64GB": ("M1 Max", "right"),
    "RTX 3060 12GB": ("RTX 3060", "left"),
    "RTX 4090 24GB": ("RTX 4090", "left"),
    "RTX PRO 6000 Blackwell 96GB": ("RTX PRO 6000", "left"),
    "H100 80GB": ("H100", "right"),
}
"""Points that are named, and where their names stand."""


def draw() -> Drawing:
    """Return the figure "decode_speed": tokens per second on an 8B model against memory bandwidth."""
    data = _points()
    title = "A device decodes about as fast as it reads its memory"
    fig, ax = style.axes(title, "memory bandwidth, GB/s", "tokens/s on an 8B model", size=(7.6, 4.2))
    log_axes(ax, (12, 5500), (1, 900))
    _lines(ax)
    for group, shape, color in (
        ("home device", "o", style.COLORS["mesh"]),
        ("accelerator", "s", style.COLORS["provider"]),
    ):
        part = data[data["group"] == group]
        ax.scatter(
            part["bandwidth"],
            part["speed"],
            s=26,
            marker=shape,
            color=color,
            alpha=0.8,
            linewidths=0,
            zorder=3,
        )
    for device, (name, side) in NAMES.items():
        _name(ax, data[data["device"] == device].nlargest(1, "speed").iloc[0], name, side)
    columns = ("memory_bandwidth_gb_s", "decode_tok_s_8b_q4_normalised")
    at = tuple(figure("device_classes", "phone_flagship", column) for column in columns)
    ax.scatter(at[0], at[1], s=30, marker="o", facecolor="none", edgecolor=style.COLORS["mesh"], zorder=3)
    ax.annotate("flagship phone: not measured,\nput on the line", (at[0], at[1]), (6, -20), textcoords="offset points",
                fontsize=style.SMALL, color=style.INK)  # fmt: skip
    handles = [
        style.mark("o", style.COLORS["mesh"], "home device"),
        style.mark("s", style.COLORS["provider"], "data-center accelerator, one user"),
    ]
    ax.legend(handles=handles, loc="lower right", frameon=False, fontsize=style.SMALL)
    return Drawing("decode_speed", title, _sentence(), fig, data)


def _points() -> pd.DataFrame:
    rows = table("device_benchmarks").dropna(subset="bandwidth_efficiency")
    hosted = rows["device"].str.contains(fits.HOSTED_CARDS)
    return pd.DataFrame(
        {
            "device": rows["device"],
            "group": np.where(hosted, "accelerator", "home device"),
            "model": rows["model"],
            "bandwidth": rows["memory_bandwidth_gb_s"],
            "speed": rows["decode_tok_s"] * rows["model_file_gb"] / fits.FILE_8B_GB,
        }
    )


def _lines(ax: Axes) -> None:
    x = np.geomspace(12, 5500, 50)
    share, fit = fits.bandwidth_efficiency(), fits.speed_from_bandwidth()
    power = np.exp(fit.at(np.log(x)))
    proportional = share * x / fits.FILE_8B_GB
    ax.plot(x, proportional, **style.line("theory"))
    ax.plot(x, power, color=style.COLORS["mesh"], linewidth=1.2)
    style.end_labels(
        ax,
        [
            (
                float(proportional[-1]),
                f"{share:.0%} of bandwidth\n/ size of the model",
                style.COLORS["theory"],
            ),
            (
                float(power[-1]),
                f"fit to home devices:\n{np.exp(fit.intercept):.2f} x (GB/s)$^{{{fit.slope:.2f}}}$",
                style.COLORS["mesh"],
            ),
        ],
    )


def _name(ax: Axes, row: pd.Series, name: str, side: str) -> None:
    shift, align = {"left": ((-6, 3), "right"), "right": ((7, -3), "left"), "below": ((0, -14), "center")}[
        side
    ]
    ax.annotate(name, (row["bandwidth"], row["speed"]), shift, textcoords="offset points", ha=align,
                fontsize=style.SMALL, color=style.INK)  # fmt: skip


def _sentence() -> str:
    rows = fits.home_benchmarks()["bandwidth_efficiency"]
    return (
        f"{len(rows)} measured home devices read the weights of their model at {rows.median():.0%} of their memory's "
        f"bandwidth (median; half of them between {rows.quantile(0.25):.0%} and {rows.quantile(0.75):.0%}); "
        "accelerators serving one user waste more of theirs."
    )
