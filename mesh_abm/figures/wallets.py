"""How money is spread over members."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from mesh_abm.facts import at_end
from mesh_abm.figures import style
from mesh_abm.figures.classes import present
from mesh_abm.figures.figure import Figure
from mesh_abm.results.result import Result
from mesh_abm.wording import money, number, percent


def draw(result: Result) -> Figure:
    """Return the figure "wallets": the Lorenz curve of wallets, and the mean wallet by class, at the end."""
    wallets = np.sort(result.devices()["wallet"].to_numpy(float))
    data = lorenz(wallets)
    title = "Wallets at the end"
    fig, (curve, bars) = style.panels(
        title,
        ["poorest share of members", "mean wallet, micro-credits"],
        ["their share of the money", ""],
        (7.6, 3.5),
        0.45,
        1.35,
    )
    curve.plot([0, 1], [0, 1], **style.line("theory"))
    curve.plot(data["members"], data["money"], **style.line("mesh"))
    style.percent_axis(curve, 1)
    curve.set_xlim(0, 1)
    curve.xaxis.set_major_formatter(lambda v, _: f"{100 * v:.0f}%")
    style.note(curve, "all alike", 0.40, 0.47, rotation=38, color=style.COLORS["theory"])
    if wallets.sum() > 0:
        style.note(
            curve,
            f"Gini {number(at_end(result.frame, 'gini_wallet'))}",
            0.72,
            0.12,
            color=style.readable(style.COLORS["mesh"]),
        )
    else:
        style.note(curve, "no money in wallets", 0.72, 0.12)
    _classes(bars, result)
    return Figure.drawn("wallets", title, _sentence(result, data), fig, data)


def lorenz(wallets: np.ndarray) -> pd.DataFrame:
    """Return the Lorenz curve of ascending wallets: share of members, their share of the money, at most 201 points."""
    if not len(wallets) or wallets.sum() <= 0:
        return pd.DataFrame({"members": [0.0], "money": [0.0]})
    money = np.concatenate([[0.0], np.cumsum(wallets) / wallets.sum()])
    members = np.linspace(0, 1, len(money))
    at = np.unique(np.linspace(0, len(money) - 1, 201).astype(int))
    return pd.DataFrame({"members": members[at], "money": money[at]})


def _classes(ax: Axes, result: Result) -> None:
    labels = present(result)
    mean = result.devices().groupby("device_class")["wallet"].mean().reindex(list(labels))
    places = np.arange(len(labels))
    ax.barh(places, mean, height=0.7, color=style.FILLS["self"])
    ax.set_yticks(places, list(labels.values()))
    ax.invert_yaxis()
    ax.tick_params(axis="y", length=0)
    ax.grid(visible=False)
    ax.xaxis.set_major_locator(style.few_ticks(3))
    ax.xaxis.set_major_formatter(lambda v, _: f"{v:,.0f}")


def _sentence(result: Result, data: pd.DataFrame) -> str:
    devices = result.devices()
    if devices.empty:
        return "At the end there are no members, so there are no wallets."
    half = float(np.interp(0.5, data["members"], data["money"]))
    return (
        f"The poorer half of the {len(devices):,} members holds {percent(half)} of the money (Gini "
        f"{number(at_end(result.frame, 'gini_wallet'))}, 0 is all alike); the mean wallet is "
        f"{money(float(devices['wallet'].mean()), result.scenario.calibration is not None)}."
    )
