"""How memory prices fell with what had been produced, beside the exponents that the variants use."""

from __future__ import annotations

import numpy as np
import pandas as pd

from mesh_abm.calibration import calibrate, fits
from mesh_abm.calibration.tables import table
from mesh_abm.figures import style
from mesh_abm.figures.calibration.drawing import Drawing
from mesh_abm.figures.calibration.scales import log_axes

DRAM, HBM = "DRAM 1995-2015", "HBM 2022-2026"
WIDEST = 10_000


def draw() -> Drawing:
    """Return the figure "learning_curves": price against cumulative volume, both relative to the first point."""
    data = _data()
    exponents = {
        which: calibrate(which)["learning_exponent"].number for which in ("pessimist", "central", "optimist")
    }
    title = "Memory got cheaper four times as fast as the exponent in use"
    fig, ax = style.axes(
        title, "cumulative volume, first point = 1", "price per GB, first point = 1", size=(7.6, 4.2)
    )
    log_axes(ax, (1, WIDEST), (2e-5, 5))
    fit, x = fits.wright_dram(), np.geomspace(1, WIDEST, 60)
    first = fits.dram().iloc[0]
    start = float(np.exp(fit.at(np.log(first["cumulative_index_2005"]))) / first["usd_per_gb"])
    ax.plot(x, start * x**fit.slope, color=style.COLORS["head"], linewidth=1.6)
    for exponent in (exponents["pessimist"], exponents["central"]):
        ax.plot(
            x,
            x**-exponent,
            **style.line("theory", linewidth=1.6 if exponent == exponents["central"] else 1.0),
        )
    for product, shape, color in ((DRAM, "o", style.COLORS["head"]), (HBM, "D", style.COLORS["provider"])):
        part = data[data["product"] == product]
        ax.scatter(part["volume"], part["price"], s=24, marker=shape, color=color, zorder=3, clip_on=False)
    hbm = data[data["product"] == HBM].iloc[-1]
    ax.annotate(
        "HBM 2022-2026: dearer\nas more is made",
        (hbm["volume"], hbm["price"]),
        (8, -3),
        textcoords="offset points",
        fontsize=style.SMALL,
        color=style.readable(style.COLORS["provider"]),
    )
    style.end_labels(
        ax,
        [
            (
                start * WIDEST**fit.slope,
                f"DRAM 1995-2015:\n{-fit.slope:.2f}, fitted\n(optimist)",
                style.COLORS["head"],
            ),
            (
                WIDEST ** -exponents["central"],
                f"exponent {exponents['central']:g}\n(baseline)",
                style.COLORS["theory"],
            ),
            (
                WIDEST ** -exponents["pessimist"],
                f"{exponents['pessimist']:g} (pessimist)",
                style.COLORS["theory"],
            ),
        ],
    )
    return Drawing("learning_curves", title, _sentence(fit, exponents["central"]), fig, data)


def _data() -> pd.DataFrame:
    hbm = table("learning_curve").query("product == 'hbm'").dropna(subset="cumulative_gb")
    return pd.concat(
        [_relative(fits.dram(), DRAM, "cumulative_index_2005"), _relative(hbm, HBM, "cumulative_gb")]
    )


def _relative(rows: pd.DataFrame, product: str, volume: str) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "product": product,
            "date": rows["date"],
            "volume": rows[volume] / rows[volume].iloc[0],
            "price": rows["usd_per_gb"] / rows["usd_per_gb"].iloc[0],
        }
    )


def _sentence(fit: fits.Line, used: float) -> str:
    return (
        f"Retail DRAM fell with an exponent of {-fit.slope:.2f} (standard error {fit.error:.2f}), "
        f"{-fit.slope / used:.1f} times the predecessor's {used:g} for HBM that the baseline uses; HBM itself "
        f"became dearer with volume ({fits.wright_hbm().slope:+.2f}): scarcity, not learning."
    )
