"""PRE-1: the learning exponent of packaging, .23."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.stats import t as student

from mesh_abm.calibration import fits
from mesh_abm.calibration.tables import table as data_table
from mesh_abm.claims.claim import Claim, Evidence, Figures, Verdict
from mesh_abm.theory import learning_curve

if TYPE_CHECKING:
    from mesh_abm.claims.drawing import Panel
    from mesh_abm.claims.lab import Lab

EXPONENT = 0.23
CONFIDENCE = 0.95
FEWEST = 5
"""Fewer prices with a known cumulative volume decide nothing."""


def measure(lab: Lab) -> Evidence:
    """Fit ln price against ln cumulative volume on the shipped prices of HBM and of DRAM."""
    figures: dict[str, float] = {"printed_exponent": EXPONENT, "printed_ratio_per_doubling": 1 - 0.147}
    for name, line in (("hbm", fits.wright_hbm()), ("dram", fits.wright_dram())):
        half = float(student.ppf((1 + CONFIDENCE) / 2, line.points - 2)) * line.error
        figures |= {
            f"{name}_exponent": -line.slope,
            f"{name}_half_width": half,
            f"{name}_points": float(line.points),
        }
    figures["ratio_per_doubling"] = float(learning_curve.doubling_ratio(EXPONENT))
    says = (
        f"Prices fell with cumulative volume by the exponent {figures['dram_exponent']:.2f} "
        f"(+- {figures['dram_half_width']:.2f}) for DRAM and rose for HBM (exponent {figures['hbm_exponent']:.2f} "
        f"+- {figures['hbm_half_width']:.2f}, {figures['hbm_points']:.0f} prices, analysts' estimates); printed is .23."
    )
    return Evidence(figures, says, _prices())


def judge(figures: Figures) -> Verdict:
    """Whether .23 lies in the interval of HBM; if its data are too few, whether in that of DRAM."""
    if abs(figures["ratio_per_doubling"] - figures["printed_ratio_per_doubling"]) > 5e-4:
        return Verdict.FAILS
    inside = {name: _inside(figures, name) for name in ("hbm", "dram")}
    if figures["hbm_points"] < FEWEST:
        return Verdict.UNDECIDED
    if inside["hbm"]:
        return Verdict.HOLDS
    return Verdict.UNDECIDED if inside["dram"] else Verdict.FAILS


def _inside(figures: Figures, name: str) -> bool:
    return abs(figures[f"{name}_exponent"] - EXPONENT) <= figures[f"{name}_half_width"]


def _prices() -> pd.DataFrame:
    hbm = data_table("learning_curve").query("product == 'hbm'").dropna(subset="cumulative_gb")
    dram = fits.dram()
    parts = [
        pd.DataFrame({"product": "HBM", "volume": hbm["cumulative_gb"], "price": hbm["usd_per_gb"]}),
        pd.DataFrame(
            {"product": "DRAM", "volume": dram["cumulative_index_2005"], "price": dram["usd_per_gb"]}
        ),
    ]
    for part in parts:
        part[["volume", "price"]] = part[["volume", "price"]] / part[["volume", "price"]].iloc[0]
    return pd.concat(parts, ignore_index=True)


def draw(panel: Panel, table: pd.DataFrame) -> None:
    """Prices against volume, both relative to their first."""
    panel.axes("cumulative volume, first = 1", "price per GB, first = 1", log_x=True, log_y=True)
    for role, (name, rows) in zip(("first", "second"), table.groupby("product"), strict=True):
        panel.points(rows["volume"], rows["price"], str(name), role)
    volume = np.geomspace(1, table["volume"].max(), 50)
    panel.curve(
        volume,
        np.asarray(learning_curve.unit_cost(volume, 1.0, EXPONENT)),
        "exponent .23 (printed)",
        "printed",
    )


CLAIM = Claim(
    id="PRE-1",
    place="sections 1 and 2.1, from the predecessor",
    says="Unit cost falls with cumulative production by the exponent .23, that is by 14.7 % for every doubling.",
    experiment="Straight lines through ln price against ln cumulative volume: HBM since 2022, retail DRAM 1995 to 2015 (the "
    "shipped table learning_curve).",
    statistic="exponent with its 95 % interval (Student's t)",
    criterion="Holds if .23 lies in HBM's interval; undecided if only in DRAM's or if HBM has fewer than 5 prices; else fails.",
    turned_by="Prices of packaging itself, under contract and with volumes, over a time without scarcity.",
    assumption="prices stand for costs: since 2024 they hold a scarcity premium, which hides learning",
    measure=measure,
    judge=judge,
    counter={"hbm_exponent": 0.25, "hbm_half_width": 0.1},
    draw=draw,
)
