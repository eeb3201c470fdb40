"""What `mesh-abm switches` prints: a line a switch (two on a terminal, which is narrow), a column an outcome."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
from rich import box
from rich.console import Console
from rich.table import Table

from mesh_abm.comparison.switches import OUTCOMES
from mesh_abm.wording import number

HEADS = {
    "share_mesh": "mesh share",
    "month_of_tenth": "month of 10 %",
    "s_inf": "S_inf",
    "specialization": "specialization",
    "capability_ratio": "C_mesh / C_cent",
}


def print_switches(console: Console, table: pd.DataFrame, months: int) -> None:
    """The difference that each switch makes, with its interval; a star where it is more than noise."""
    shown = Table(box=box.SIMPLE_HEAD, pad_edge=False, leading=int(console.is_terminal))
    below = console.is_terminal
    shown.add_column("switched off", no_wrap=True)
    for head in (*(() if below else ("by",)), *(HEADS[name] for name in OUTCOMES)):
        shown.add_column(head, overflow="fold")
    first = table.drop_duplicates("outcome").set_index("outcome")["on"]
    shown.add_row("(as it is)", *(() if below else ("",)), *(number(first[name], 3) for name in OUTCOMES))
    for switch, rows in table.groupby("switch", sort=False):
        by = rows.set_index("outcome")
        cells = [_cell(by.loc[name]) for name in OUTCOMES]
        fields = str(rows["fields"].iloc[0])
        if below:
            shown.add_row("\n".join((str(switch), *fields.split(", "))), *map("\n".join, cells))
        else:
            shown.add_row(str(switch), fields, *map(" ".join, cells))
    console.print(shown)
    console.print(
        "difference from the scenario as it is, +- half of the 95 % interval; * larger than noise (Holm, 5 %);\n"
        f"means of the last 12 months; a run in which devices never take 10 % counts as month {months + 1}"
    )


def _cell(row: Any) -> tuple[str, str]:
    """A difference and its interval, which a single pair of seeds does not have."""
    sign, half = "+" if row["difference"] > 0 else "", float(row["half_width"])
    interval = number(half, 2) if math.isfinite(half) else "unknown"
    return f"{sign}{number(row['difference'], 2)}", f"+- {interval}{' *' if row['clear'] else ''}"
