"""The division of labor at the end: which devices do what."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from mesh_abm.figures import style
from mesh_abm.figures.classes import present
from mesh_abm.figures.figure import Figure
from mesh_abm.results.result import Result
from mesh_abm.terms import short, type_names
from mesh_abm.wording import percent

MAP = "Greens"
SPECIALIST = 0.5
"""From this specialization on, a device is called a specialist."""
LEANING = 0.01
"""Up to this specialization, a device does all types alike."""
NAME = 22
"""Letters of the name of a type."""
CELLS = 120
"""A table of more cells than this shows no numbers in them."""


def draw(result: Result) -> Figure:
    """Return the figure "division": the work of every device, and the mean by class, over the types."""
    devices, scenario = result.devices(), result.scenario
    columns = [f"share_{j}" for j in range(scenario.task_types)]
    shares = devices[columns].to_numpy(float)
    by_class = devices.groupby("device_class")[columns].mean().reindex(list(present(result)))
    title = "Division of labor at the end"
    bottom = 0.35 + 0.062 * max(len(short(name, NAME)) for name in type_names(scenario))
    size = (7.6, 3.1 + bottom)
    fig, (each, classes) = style.panels(
        title, ["", ""], ["devices, sorted by main type", ""], size, 0.3, 1.3, bottom=bottom, top=0.75
    )
    if len(devices):
        _picture(each, shares[_order(devices)], scenario.task_types, 1.0)
        each.set_yticks([])
        top = min(1.0, 1.5 * float(np.nanmax(by_class.to_numpy())))
        _picture(classes, by_class.to_numpy(), scenario.task_types, top)
        _numbers(classes, by_class.to_numpy(), top)
        classes.set_yticks(range(len(by_class)), list(present(result).values()))
    for ax in (each, classes):
        _types(ax, type_names(scenario))
        if not len(devices):
            style.note(ax, "no members at the end")
    each.set_title("each device", fontsize=style.BODY, loc="left", color=style.INK)
    classes.set_title("mean of each class, per cent", fontsize=style.BODY, loc="left", color=style.INK)
    return Figure.drawn("division", title, _sentence(result), fig, _table(by_class, result))


def _order(devices: pd.DataFrame) -> np.ndarray:
    """Return devices by main type, the most specialized first; those without any leaning come last."""
    lean = devices["specialization"].to_numpy() > LEANING
    main = np.where(lean, devices["dominant"].to_numpy(), np.iinfo(np.int64).max)
    return np.lexsort((-devices["specialization"].to_numpy(), main))


def _picture(ax: Axes, shares: np.ndarray, types: int, top: float) -> None:
    ax.imshow(
        shares,
        cmap=MAP,
        vmin=0,
        vmax=top,
        aspect="auto",
        interpolation="nearest",
        extent=(-0.5, types - 0.5, len(shares) - 0.5, -0.5),
    )
    ax.grid(visible=False)


def _numbers(ax: Axes, shares: np.ndarray, top: float) -> None:
    """Write the per cent into the cells of a small table."""
    if shares.size > CELLS:
        return
    for (row, column), share in np.ndenumerate(shares):
        if np.isfinite(share):
            color = "white" if share > 0.55 * top else style.INK
            ax.text(column, row, f"{100 * share:.0f}", fontsize=7, ha="center", va="center", color=color)


def _types(ax: Axes, names: list[str]) -> None:
    turn = 90 if len(names) > 4 else 0
    ax.set_xticks(range(len(names)), [short(name, NAME) for name in names], rotation=turn, fontsize=7)
    ax.set_xlim(-0.5, len(names) - 0.5)


def _table(by_class: pd.DataFrame, result: Result) -> pd.DataFrame:
    """Return a row a class and type: mean share of work, and how many devices of the class do mainly that."""
    devices = result.devices()
    count = devices.groupby(["device_class", "dominant"]).size()
    table = by_class.rename_axis("device_class").reset_index()
    table = table.melt("device_class", var_name="type", value_name="share")
    table["type"] = table["type"].str.removeprefix("share_").astype("int64")
    keys = pd.MultiIndex.from_frame(table[["device_class", "type"]])
    return table.assign(devices=count.reindex(keys, fill_value=0).to_numpy())


def _sentence(result: Result) -> str:
    devices = result.devices()
    if devices.empty:
        return "At the end there are no members, so there is no labor to divide."
    special = devices["specialization"] >= SPECIALIST
    if not special.any():
        return f"Of {len(devices):,} members none does mainly one type of work: labor is not divided."
    main = devices.loc[special, "dominant"].value_counts()
    names = type_names(result.scenario)
    return (
        f"Of {len(devices):,} members {percent(special.mean())} are specialists (specialization of "
        f"{SPECIALIST} or more); they cover {len(main)} of {len(names)} types, most of them "
        f"{names[int(main.index[0])]} ({percent(main.iloc[0] / len(devices))} of members)."
    )
