"""Fits and averages made on the shipped tables (README.md there: "Fits made on these tables")."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
import pandas as pd

from mesh_abm.calibration.choices import PRICE_TIER, START
from mesh_abm.calibration.tables import assumption, figure, table

ACCELERATOR = "H200 SXM 141GB"
"""What hosted capacity is made of: the newest card with a throughput at the precision of its rivals."""

MONTH = 365.25 / 12
VOTING_DAYS = ("2023-12-31", "2024-06-30", "2024-12-31", "2025-06-30", "2025-12-31")
HOSTED_CARDS = "A100|H100"
"""Accelerators among the benchmarks of devices; left out where home devices are meant."""


@dataclass(frozen=True)
class Line:
    """A straight line by least squares: y = intercept + slope x.

    ``error`` is the standard error of the slope, ``middle`` the mean of x.
    """

    slope: float
    intercept: float
    error: float
    points: int
    middle: float

    def at(self, x: npt.ArrayLike) -> npt.NDArray[np.float64]:
        """Return the line's y at x."""
        return np.asarray(self.intercept + self.slope * np.asarray(x, float))


def line(x: npt.ArrayLike, y: npt.ArrayLike) -> Line:
    """Return the least-squares line through the points."""
    from scipy.stats import linregress  # here, because loading it takes longer than all the rest

    fit = linregress(np.asarray(x, float), np.asarray(y, float))
    points = np.asarray(x, float)
    return Line(float(fit.slope), float(fit.intercept), float(fit.stderr), len(points), float(points.mean()))


@cache
def wright_dram() -> Line:
    """Return ln price against ln cumulative volume (2005 = 1) of retail DRAM, 1995-2015 (Wright 1936)."""
    rows = dram()
    return line(np.log(rows["cumulative_index_2005"]), np.log(rows["usd_per_gb"]))


def dram() -> pd.DataFrame:
    """Return the yearly retail prices of DRAM for which a cumulative volume is known."""
    return (
        table("learning_curve")
        .query("product == 'dram_retail_annual'")
        .dropna(subset="cumulative_index_2005")
    )


@cache
def wright_hbm() -> Line:
    """Return the same for HBM since 2022: its slope is positive, for prices rose with volume (scarcity)."""
    rows = table("learning_curve").query("product == 'hbm'").dropna(subset="cumulative_gb")
    return line(np.log(rows["cumulative_gb"]), np.log(rows["usd_per_gb"]))


def of_accelerator(column: str) -> float:
    """Return a figure of the accelerator that hosted capacity is made of."""
    return figure("datacentre_units", ACCELERATOR, column)


def volume_growth() -> float:
    """Return the monthly growth of HBM volume from 2023 to 2026 (forecasts of analysts), e.g. .074."""
    first, last = assumption("hbm_volume_2023"), assumption("hbm_volume_2026")
    return float((last.value / first.value) ** (1 / 36) - 1)


@cache
def boards() -> pd.DataFrame:
    """Return the boards of LiveBench: version, date, best device-size and best hosted score overall, and their ratio.

    ``reached`` is the day on which the later of the two best models came in.
    """
    scores = table("model_quality")
    overall = scores[(scores["source"] == "livebench") & (scores["category"] == "overall")]
    return pd.DataFrame([_board(str(name), rows) for name, rows in overall.groupby("benchmark")])


def _board(name: str, rows: pd.DataFrame) -> dict[str, object]:
    best = {
        size: rows[rows["size_class"] == size].nlargest(1, "score").iloc[0] for size in ("device", "hosted")
    }
    device, hosted = best["device"], best["hosted"]
    return {
        "board": name,
        "date": rows["score_date"].iloc[0],
        "device_model": device["model"],
        "hosted_model": hosted["model"],
        "device": float(device["score"]),
        "hosted": float(hosted["score"]),
        "ratio": float(device["score"] / hosted["score"]),
        "reached": max(device["date"], hosted["date"]),
    }


def newest_ratio() -> pd.Series:
    """Return the row of `boards` of the newest board before the start."""
    known = boards()
    return known[known["date"] < pd.Timestamp(START)].iloc[-1]


@cache
def gap_over_boards(dated_by: str = "date") -> Line:
    """Return ln(1 - ratio) of `boards` against months since the first board; ``dated_by`` names the column of dates."""
    known = boards()
    months = (known[dated_by] - known["date"].iloc[0]).dt.days / MONTH
    return line(months, np.log(1 - known["ratio"]))


@cache
def device_preferred() -> tuple[tuple[str, float], ...]:
    """Return (day, share of votes) that the best device-size model wins against the best hosted one (LMArena)."""
    return tuple((day, _share_of_votes(_arena_gap(day))) for day in VOTING_DAYS)


def _share_of_votes(gap: float) -> float:
    """P(win) = 1/(1 + 10^(gap/400)), as the ratings are defined (Bradley and Terry 1952)."""
    return float(1 / (1 + 10 ** (gap / 400)))


def _arena_gap(day: str) -> float:
    scores = table("model_quality")
    known = scores[
        (scores["source"] == "lmarena_catalog") & (scores["category"] == "overall") & (scores["date"] <= day)
    ]
    best = known.groupby("size_class")["score"].max()
    return float(best["hosted"] - best["device"])


CODE_TUNING_SIZES = {"7B": (7.0, 9.0), "32B": (32.0, 33.0)}
"""Sizes (billion parameters, from and to below) at which a code-tuned and a general model can be compared."""


@cache
def code_tuning() -> dict[str, float]:
    """Return size -> part of the gap to the best hosted model that tuning on code closes (aider_edit)."""
    scores = table("model_quality").query("benchmark == 'aider_edit'")
    hosted = float(scores.query("size_class == 'hosted'")["score"].max())
    return {size: _closed(scores, hosted, *band) for size, band in CODE_TUNING_SIZES.items()}


def _closed(scores: pd.DataFrame, hosted: float, low: float, high: float) -> float:
    device = scores[
        (scores["size_class"] == "device") & scores["parameters_b"].between(low, high, inclusive="left")
    ]
    best = device.groupby("specialisation")["score"].max()
    return float((best["code"] - best["general"]) / (hosted - best["general"]))


def home_benchmarks() -> pd.DataFrame:
    """Return the measured decode speeds of home devices (accelerators of data centers left out)."""
    rows = table("device_benchmarks").dropna(subset="bandwidth_efficiency")
    return rows[~rows["device"].str.contains(HOSTED_CARDS)]


def bandwidth_efficiency() -> float:
    """Return the median, over home devices, of tokens/s x file size / bandwidth."""
    return float(home_benchmarks()["bandwidth_efficiency"].median())


FILE_8B_GB = 4.92
"""Size of the 8B model at 4 bits to which speeds are rescaled (device_classes.csv)."""


@cache
def speed_from_bandwidth() -> Line:
    """Return ln tokens/s against ln GB/s of home devices on 7B and 8B models, rescaled to the 8B file."""
    rows = home_benchmarks().query("3.5 < model_file_gb < 5.1")
    speed = rows["decode_tok_s"] * rows["model_file_gb"] / FILE_8B_GB
    return line(np.log(rows["memory_bandwidth_gb_s"]), np.log(speed))


def list_prices() -> pd.DataFrame:
    """Return the list prices of tier `PRICE_TIER` first seen in the year before the start (USD per million tokens)."""
    start = pd.Timestamp(START)
    rows = table("api_prices")
    recent = (rows["date"] >= start - pd.DateOffset(years=1)) & (rows["date"] < start)
    return rows[recent & (rows["tier"] == PRICE_TIER)]
