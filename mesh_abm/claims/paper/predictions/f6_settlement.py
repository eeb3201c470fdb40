"""F6: does capped settlement stall the mesh while devices idle, and does it grow again when the cap is lifted?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from mesh_abm.claims.claim import Claim, Evidence, Figures, Verdict
from mesh_abm.claims.experiments import forecasts, settlement_caps
from mesh_abm.claims.experiments.series import calendar

if TYPE_CHECKING:
    from mesh_abm.claims.drawing import Panel
    from mesh_abm.claims.lab import Lab

JUDGED = 0.5
"""The cap that a scenario is judged at, as part of what would be settled without one."""
STALL, RESUME, IDLE = 0.5, 0.5, 0.01
"""Stalled: at most this part of the growth without a cap. Resumed: at least this part of the gap is made up. Idle: at least
this part of members' queries found a device with capacity left and failed for settlement alone."""
YEARS = (2031.0, 2035.0)
"""The paper's date, 2031 to 2034."""


def measure(lab: Lab) -> Evidence:
    """Caps on settlement and their release, paired with runs without a cap."""
    table = pd.concat([settlement_caps.scan(lab, name).assign(scenario=name) for name in forecasts.SCENARIOS])
    table["shown"] = shown(table)
    table["year"] = [calendar(month) for month in table["first"]]
    at = table[table["cap"] == JUDGED]
    outcomes = {name: list(at.loc[at["scenario"] == name, "shown"]) for name in forecasts.MECHANISM}
    figures = forecasts.counts(outcomes)
    dated = {name: _dated(at[at["scenario"] == name], forecasts.replicates(lab)) for name in forecasts.DATED}
    figures |= forecasts.counts(dated, "dated")
    parts = table.groupby("cap")["shown"].mean()
    figures |= {f"shown_at_{cap:g}": float(parts[cap]) for cap in settlement_caps.CAPS}
    figures["bites_up_to"] = max((cap for cap in parts.index if parts[cap] > 0.5), default=0.0)
    first = at.loc[at["scenario"] == "optimist", "year"]
    figures["optimist_year"] = float(first.median()) if first.notna().any() else float("nan")
    says = (
        f"With settlement capped at half of what is needed: {forecasts.in_words(figures)}; binding first in 2031 to 2034: "
        f"{forecasts.in_words(figures, 'dated')}. Caps stall the mesh and releasing them resumes its growth up to "
        f"{figures['bites_up_to']:g} times the need; at 1.5 times in {100 * figures['shown_at_1.5']:.0f} % of runs."
    )
    return Evidence(figures, says, table)


def judge(figures: Figures) -> Verdict:
    """By forecasts.RULE; a cap that stalls the mesh only because it is below the need makes it hold as corrected."""
    found = forecasts.verdict(figures)
    needs_a_cap = figures["bites_up_to"] <= 1.0
    return Verdict.AS_CORRECTED if found is Verdict.HOLDS and needs_a_cap else found


def shown(table: pd.DataFrame) -> pd.Series:
    """Return for each capped run whether growth stalled while capacity idled, and resumed at the release."""
    stalled = table["capped"] <= STALL * table["free"]
    idle = table["settlement"] >= IDLE
    resumed = (table["after"] >= RESUME * table["behind"]) & (table["behind"] > 0)
    return stalled & idle & resumed


def _dated(rows: pd.DataFrame, replicates: int) -> list[bool]:
    """Return whether settlement first bound within YEARS, for each run; never where no mesh forms."""
    if rows.empty:
        return [False] * replicates
    return [
        bool(show and YEARS[0] <= year < YEARS[1])
        for show, year in zip(rows["shown"], rows["year"], strict=True)
    ]


def draw(panel: Panel, table: pd.DataFrame) -> None:
    """Growth under the cap over growth without it, and how many runs stall and resume."""
    panel.axes("cap / deliveries settled without a cap", "growth, cap / no cap; part of runs")
    roles = iter(("first", "second", "mesh", "third"))
    for name, rows in table.groupby("scenario", sort=False):
        by_cap = rows.groupby("cap")[["capped", "free", "shown"]].agg("mean").astype(float)
        role = next(roles)
        panel.curve(by_cap.index, by_cap["capped"] / by_cap["free"], f"{name}: growth", role)
        panel.points(by_cap.index, by_cap["shown"], f"{name}: runs that stall and resume", role)
    panel.level(STALL, "half of the growth")
    panel.mark(1.0, "cap at the need")


CLAIM = Claim(
    id="F6",
    place="section 10, prediction 6",
    says="Settlement binds before device capability, connectivity or model quality: growth stalls while devices idle, and resumes when "
    "settlement improves, in 2031 to 2034.",
    right="It does so if, and only if, capacity of settlement is below what the mesh would settle without a cap; nothing in the "
    "mesh makes it so.",
    experiment="Runs with settlement capped at .25 to 1.5 times the deliveries settled in the year before the release without a cap, "
    "released when the mesh without a cap has three quarters of its final share of queries, on the same random numbers; reference, baseline, optimist and "
    "pessimist, where a mesh forms (serves 1 % of queries at the end of most runs).",
    statistic="growth of the devices' market share in the two years before the release against the growth without a cap, queries "
    "turned away by settlement alone, and the part of the gap made up in the three years after",
    criterion=forecasts.RULE
    + " A run shows it if, at half the need, growth is at most half of that without a cap, at least 1 % of members' "
    "queries fail for settlement alone although a device had capacity, and half of the gap is made up after the release; the date is "
    "the first quarter in which settlement turns away more than connectivity, capacity or quality. As corrected, if only caps up to "
    "the need do this.",
    turned_by="A capacity of settlement that follows from the mesh itself, or money (ledger fees, locked deposits) that runs short first.",
    assumption="Settlement capacity is given from outside; no source says what it will be.",
    simulated=True,
    measure=measure,
    judge=judge,
    counter={
        **{f"{name}_yes": 0.0 for name in forecasts.MECHANISM},
        **{f"{name}_judged": 6.0 for name in forecasts.MECHANISM},
        **{f"{name}_dated_yes": 0.0 for name in forecasts.DATED},
        **{f"{name}_dated_judged": 6.0 for name in forecasts.DATED},
        "bites_up_to": 0.0,
    },
    draw=draw,
)
