"""S8.2c: do devices enter where bids were high?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from mesh_abm.claims.claim import Claim, Evidence, Figures, Verdict
from mesh_abm.claims.experiments import forecasts
from mesh_abm.claims.experiments.series import interval, mesh_phases

if TYPE_CHECKING:
    from mesh_abm.claims.drawing import Panel
    from mesh_abm.claims.lab import Lab, Trajectory

LEAD = 6
"""Months from a signal to the devices counted."""
SCENARIOS = ("reference", "optimist")
SIGNALS = ("bid", "mean_ask", "unmet")
"""The bid of the claim; the ask, which follows use; and queries of the type that devices did not serve, a share."""
CLEAR = 0.05
"""Partial correlation above which a signal leads entry."""


def measure(lab: Lab) -> Evidence:
    """Partial correlations of signals and later entry, type by type and month by month."""
    runs = {name: forecasts.scenario_runs(lab, name) for name in SCENARIOS}
    rows = [
        (name, run.seed, signal, lead(run, signal))
        for name in SCENARIOS
        for run in runs[name]
        for signal in SIGNALS
    ]
    table = pd.DataFrame(rows, columns=["scenario", "seed", "signal", "correlation"])
    figures: dict[str, float] = {}
    for (name, signal), found in table.groupby(["scenario", "signal"]):
        stem = f"{name}_{signal}"
        figures |= dict(
            zip((stem, f"{stem}_low", f"{stem}_high"), interval(found["correlation"]), strict=True)
        )
    says = "Partial correlation with the devices that enter a type in the next six months: " + "; ".join(
        f"{name}: bid {figures[f'{name}_bid']:.2f}, ask {figures[f'{name}_mean_ask']:.2f}, unmet demand {figures[f'{name}_unmet']:.2f}"
        for name in SCENARIOS
    )
    return Evidence(figures, says + ".", table)


def judge(figures: Figures) -> Verdict:
    """Bids lead in both scenarios; or, as corrected, asks do."""
    leads = {signal: all(figures[f"{name}_{signal}_low"] > CLEAR for name in SCENARIOS) for signal in SIGNALS}
    if leads["bid"]:
        return Verdict.HOLDS
    if leads["mean_ask"]:
        return Verdict.AS_CORRECTED
    lags = all(
        figures[f"{name}_{signal}_high"] < CLEAR for name in SCENARIOS for signal in ("bid", "mean_ask")
    )
    return (
        Verdict.FAILS
        if lags or any(figures[f"{name}_bid_high"] < CLEAR for name in SCENARIOS)
        else Verdict.UNDECIDED
    )


def lead(run: Trajectory, signal: str) -> float:
    """Return the partial correlation of a signal and ln(devices) LEAD months later, given ln(devices) now.

    Over types and months from crystallization on; means of each type and of each month are taken out. NaN without data.
    """
    month = mesh_phases(run.frame).get("crystallization", len(run.frame))
    rows = run.types[run.types["month"] >= month]
    rows = rows.assign(
        unmet=1 - (rows["mesh"] + rows["self"]) / rows["demand"].clip(lower=1), level=np.log1p(rows["active"])
    )
    rows["later"] = rows.groupby("type")["level"].shift(-LEAD)
    rows = rows[["month", "type", "level", "later", signal]].dropna()
    if len(rows) < 50 or rows[signal].std() == 0:
        return float("nan")
    wide = {name: _centered(rows, name) for name in ("level", "later", signal)}
    after, before = (_residual(wide[name], wide["level"]) for name in ("later", signal))
    return float(np.corrcoef(after, before)[0, 1])


def _centered(rows: pd.DataFrame, column: str, sweeps: int = 20) -> npt.NDArray[np.float64]:
    """Return values less the means of their type and month; swept repeatedly, since not every type is there in every month."""
    values = rows[column].astype(float)
    for _ in range(sweeps):
        for by in ("type", "month"):
            values = values - values.groupby(rows[by]).transform("mean")
    return np.asarray(values, np.float64)


def _residual(y: npt.NDArray[np.float64], x: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return y - x * (float(x @ y) / float(x @ x))


def draw(panel: Panel, table: pd.DataFrame) -> None:
    """Mean partial correlations by signal."""
    panel.axes("", "partial correlation with later entry")
    mean = table.groupby(["scenario", "signal"])["correlation"].mean()
    names = ["bid", "ask", "unmet demand"]
    for part, (name, role) in zip((-1.0, 1.0), (("reference", "first"), ("optimist", "mesh")), strict=True):
        panel.bars(names, [mean[name, signal] for signal in SIGNALS], name, role, part)
    panel.level(CLEAR, "clear lead")


CLAIM = Claim(
    id="S8.2c",
    place="section 8.2",
    says="High bids for an underserved type signal an opportunity, and entry follows.",
    right="What draws devices is the call they hear: unmet demand leads, whatever the bid says.",
    experiment="Runs of reference and optimist, from crystallization on.",
    statistic="partial correlation of the bid (the ask, the part of demand not served by devices) with ln(1 + devices on the type) six months later, given "
    "that of today; means by type and by month taken out",
    criterion="Holds if the bid's mean over runs exceeds .05 at 95 % confidence in both scenarios; as corrected if the ask's does; fails if the bid's is "
    "below .05 in one of them; undecided otherwise.",
    turned_by="Devices that choose tasks by what they pay (`Device.choose_task`): here thresholds answer calls, not prices.",
    assumption="Rule 4: response to the calls heard; prices enter only the choice of who serves.",
    simulated=True,
    measure=measure,
    judge=judge,
    counter={
        f"{name}_{signal}{end}": 0.4
        for name in SCENARIOS
        for signal in SIGNALS
        for end in ("", "_low", "_high")
    },
    draw=draw,
)
