"""Take it home: the link, the data, the scenario file, the report."""

from __future__ import annotations

from typing import Any

import reacton.ipyvuetify as v
import solara

from mesh_abm.laboratory.session import Session, Status
from mesh_abm.laboratory.watch import export


@solara.component
def Share(session: Session, status: Status) -> None:
    """The link to what is on the screen, and downloads."""
    solara.Text(
        "This link, which the address bar holds too, brings back what is on the screen: scenario, changes, shocks, "
        "seed and month."
    )
    v.TextField(
        v_model="?" + session.query(), readonly=True, dense=True, outlined=True, hide_details=True,
        class_="lab-address", attributes={"aria-label": "link"},
    )  # fmt: skip
    stem = f"{status.setup.scenario}-seed-{status.setup.seed}"
    solara.Text("Data of the months so far", classes=["lab-heading"])
    solara.FileDownload(lambda: export.csv(session), f"{stem}.csv", label="CSV")
    solara.FileDownload(lambda: export.parquet(session), f"{stem}.parquet", label="Parquet")
    solara.FileDownload(lambda: export.toml(session), f"{stem}.toml", label="scenario file")
    Report(session, stem)


@solara.component
def Report(session: Session, stem: str) -> None:
    """The whole result: it is run anew, which takes a while, and then downloaded."""
    done, set_done = solara.use_state(0.0)
    wanted, set_wanted = solara.use_state(0)

    def make() -> bytes | None:
        return export.folder(session, set_done) if wanted else None

    made: Any = solara.lab.use_task(make, dependencies=[wanted], raise_error=False)
    solara.Text("Report with all figures", classes=["lab-heading"])
    solara.Text(
        "The run is made anew, then packed: report.html, figures as pictures and as data, scenario, run card."
    )
    if wanted and made.pending:
        solara.ProgressLinear(100 * done)
    else:
        solara.Button(
            "Make the report", on_click=lambda: set_wanted(wanted + 1), outlined=True, classes=["lab-report"]
        )
    if wanted and made.error:
        solara.Error(f"The report could not be made: {made.exception}", dense=True)
    elif wanted and made.finished and made.value is not None:
        solara.FileDownload(made.value, f"{stem}.zip", label="report (zip)")
