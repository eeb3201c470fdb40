"""What each class of device is worth beside the hosted service, and who may join."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from mesh_abm.calibration import Calibration
from mesh_abm.figures import style
from mesh_abm.figures.calibration.drawing import Drawing
from mesh_abm.figures.calibration.scales import log_axes

NAMES = {
    "phone_flagship": "flagship phone",
    "sbc": "single-board computer",
    "laptop_igpu": "laptop",
    "apple_base": "Apple base, 16 GB",
    "apple_pro": "Apple Pro, 24 GB",
    "apple_max": "Apple Max, 48 GB",
    "apple_ultra": "Apple Ultra, 96 GB",
    "gpu_8gb": "PC with 8 GB card",
    "gpu_12gb": "PC with 12 GB card",
    "gpu_24gb": "PC with 24 GB card",
    "gpu_32gb": "PC with 32 GB card",
    "minipc_unified_amd": "mini PC, 128 GB (AMD)",
    "minipc_unified_nvidia": "mini PC, 128 GB (NVIDIA)",
    "workstation_96gb": "workstation, 96 GB card",
    "other": "all other: old phones, PCs",
}


def draw(calibration: Calibration) -> Drawing:
    """Return the figure "device_merit": merit of each class, with its share of people and the bar for joining."""
    bar = calibration["capable_merit"].number
    data = _classes(calibration, bar)
    people = float(data.loc[data["may_join"], "share"].sum())
    title = f"How near devices come to the hosted service ({people:.0%} of people may join)"
    fig, ax = style.axes(
        title, "merit: quality x speed, relative to the hosted service", "", size=(7.6, 5.0), gutter=2.75
    )
    ax.set_position((1.85 / 7.6, 0.66 / 5.0, (7.6 - 1.85 - 2.75) / 7.6, (5.0 - 1.0 - 0.66) / 5.0))
    log_axes(ax, x=(min(0.005, data["merit"].min() / 1.6), max(1.3, data["merit"].max() * 1.3)))
    _dots(ax, data)
    _thresholds(ax, bar, len(data))
    return Drawing("device_merit", title, _sentence(data, people, calibration), fig, data)


def _classes(calibration: Calibration, bar: float) -> pd.DataFrame:
    columns = {
        key: calibration[f"classes.{key}"].value for key in ("share", "model", "speed", "quality", "merit")
    }
    frame = pd.DataFrame(columns).rename_axis("class").reset_index()
    frame = frame.sort_values("merit", ignore_index=True)
    return frame.assign(may_join=frame["merit"] >= bar)


def _dots(ax: Axes, data: pd.DataFrame) -> None:
    green, grey = style.COLORS["mesh"], style.OTHERS
    ax.set_ylim(-0.6, len(data) - 0.4)
    ax.hlines(data.index, ax.get_xlim()[0], data["merit"], color=style.GRID, linewidth=1.2, zorder=1)
    for joins, color, shape in ((True, green, "o"), (False, grey, "X")):
        part = data[data["may_join"] == joins]
        ax.scatter(
            part["merit"],
            part.index,
            s=48,
            color=color,
            marker=shape,
            zorder=3,
            edgecolor=style.INK,
            linewidth=0.5,
        )
    ax.set_yticks(data.index, [NAMES.get(name, name) for name in data["class"]], fontsize=style.SMALL)
    ax.tick_params(axis="y", length=0)
    for at, row in data.iterrows():
        _cells(
            ax,
            float(str(at)),
            _share(row["share"]),
            f"{row['speed']:.1f}",
            f"{row['quality']:.2f}",
            style.INK,
        )
    _cells(ax, len(data) - 0.05, "people", "tokens/s", "quality", style.MUTED)


def _cells(ax: Axes, y: float, share: str, speed: str, quality: str, color: str) -> None:
    for text, x in ((share, 58), (speed, 112), (quality, 158)):
        ax.annotate(text, (1.0, y), (x, 0), xycoords=("axes fraction", "data"), textcoords="offset points", ha="right",
                    fontsize=style.SMALL, color=color, va="center", annotation_clip=False)  # fmt: skip


def _share(share: float) -> str:
    return f"{share:.0%}" if share >= 0.1 else f"{100 * share:.2g}%"


def _thresholds(ax: Axes, bar: float, count: int) -> None:
    for x, text, color, align in (
        (bar, "fast enough to read along:\nmay join", style.COLORS["mesh"], "center"),
        (1.0, "hosted\nservice", style.COLORS["provider"], "center"),
    ):
        ax.axvline(x, color=color, linewidth=1.4, linestyle=(0, (4, 2)), zorder=2)
        ax.annotate(text, (x, count - 0.4), (0, 2), textcoords="offset points", fontsize=style.SMALL,
                    color=style.readable(color), ha=align, va="bottom", annotation_clip=False)  # fmt: skip


def _sentence(data: pd.DataFrame, people: float, calibration: Calibration) -> str:
    mean = next(
        beside.value for beside in calibration["classes.merit"].beside if beside.name.startswith("mean merit")
    )
    top = data.iloc[-1]
    return (
        f"Devices of {people:.1%} of people answer no slower than people read. Their mean merit is {mean:.2f} of the "
        f"hosted service; the best class, {NAMES.get(top['class'], top['class'])} ({_share(top['share'])} of people), "
        f"reaches {top['merit']:.2f}. "
        "Speed of the hosted service and shares of people are assumed."
    )
