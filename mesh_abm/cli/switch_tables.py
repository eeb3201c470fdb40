"""What `mesh-abm switches` prints: a line a switch, a column an outcome."""

from __future__ import annotations

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
    shown = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for head in ("switched off", "by", *(HEADS[name] for name in OUTCOMES)):
        shown.add_column(head, overflow="fold")
    first = table.drop_duplicates("outcome").set_index("outcome")["on"]
    shown.add_row("(as it is)", "", *(number(first[name], 3) for name in OUTCOMES))
    for switch, rows in table.groupby("switch", sort=False):
        by = rows.set_index("outcome")
        shown.add_row(str(switch), str(rows["fields"].iloc[0]), *(_cell(by.loc[name]) for name in OUTCOMES))
    console.print(shown)
    console.print(
        "difference from the scenario as it is, +- half of the 95 % interval; * larger than noise (Holm, 5 %);\n"
        f"means of the last 12 months; a run in which devices never take 10 % counts as month {months + 1}"
    )


def _cell(row: Any) -> str:
    sign = "+" if row["difference"] > 0 else ""
    return f"{sign}{number(row['difference'], 2)} +- {number(row['half_width'], 2)}{' *' if row['clear'] else ''}"
