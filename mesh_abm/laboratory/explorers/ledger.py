"""The claims page: the recorded ledger to look through, and each claim's experiment to run at reduced size."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import solara
from solara import v

from mesh_abm.claims.claim import Verdict
from mesh_abm.claims.ledger import figures_in_words, recorded
from mesh_abm.claims.registry import CHAPTERS
from mesh_abm.errors import UserError
from mesh_abm.laboratory.explorers import recorded as page
from mesh_abm.laboratory.explorers.experiments import Found, examined
from mesh_abm.laboratory.explorers.job import Job
from mesh_abm.laboratory.explorers.parts import Page, Picture, drawing, use_job, use_news
from mesh_abm.laboratory.explorers.recorded import Row
from mesh_abm.laboratory.watch.controls import Card
from mesh_abm.wording import number

QUESTION = "What the paper claims, how each claim was tested, and what came of it."
LOOKS = {
    Verdict.HOLDS: "holds",
    Verdict.AS_CORRECTED: "corrected",
    Verdict.FAILS: "fails",
    Verdict.UNDECIDED: "undecided",
    Verdict.NOT_TESTABLE: "untested",
}
VERDICTS_CARD = [
    "holds: the experiment meets the criterion that was fixed before it was first run",
    "holds as corrected: the point stands once a condition, unit or factor left out in print is put in",
    "fails: the point is wrong, whatever is right instead",
    "undecided: the experiment cannot tell",
    "not testable here: no experiment of this model could decide it",
    "Ids that begin with X are corrections: what is printed, what is right, and what tells them apart.",
]
RUN_CARD = [
    "The experiment is made anew on the server, smaller than the recorded one where chance plays a part.",
    "One at a time for each visitor. With fewer runs a verdict can come out undecided or otherwise.",
]


class Runs:
    """The experiments of one tab: at most one is running, what was found stays."""

    def __init__(self, notify: Callable[[], None]) -> None:
        self.found: dict[str, Found] = {}
        self.failed: dict[str, str] = {}
        self.job: Job[Found] | None = None
        self.id = ""
        self._notify = notify

    @property
    def running(self) -> bool:
        """Whether an experiment is under way."""
        return self.job is not None and self.job.running

    def run(self, id: str) -> None:
        """Begin with the experiment of a claim, unless one is under way."""
        if self.running:
            return
        self.failed.pop(id, None)
        self.id, self.job = id, Job(lambda job: examined(id, job), self._heard)
        self.job.start()
        self._notify()

    def cancel(self) -> None:
        """End the experiment that is under way."""
        if self.job is not None:
            self.job.cancel()

    def leave(self) -> None:
        """End it because the tab is closed."""
        if self.job is not None:
            self.job.abandon()

    def _heard(self) -> None:
        job = self.job
        if job is not None and job.value is not None:
            self.found[self.id] = job.value
        elif job is not None and job.error:
            self.failed[self.id] = job.error
        self._notify()


@solara.component
def Ledger() -> None:
    """The page: claims at the left, the chosen one at the right."""
    news, tell = use_news()
    runs: Runs = solara.use_memo(lambda: Runs(tell), [])
    solara.use_effect(lambda: runs.leave, [])
    ledger = solara.use_memo(page.rows, [])
    id, choose = solara.use_state("")
    with Page("Claims", QUESTION), solara.Div(classes=["lab-ledger"]):
        with solara.Div(classes=["lab-ledger-list"]):
            found = use_filter(ledger)
            chosen = next((row for row in found if row.claim.id == id), found[0] if found else None)
            Rows(found, chosen.claim.id if chosen else "", choose)
        if chosen is not None:
            Shown(chosen, runs, news)


def use_filter(ledger: list[Row]) -> list[Row]:
    """Show the filters and return the claims that match."""
    chapter, set_chapter = solara.use_state(page.ALL)
    verdict, set_verdict = solara.use_state(page.ALL)
    text, set_text = solara.use_state("")
    chapters = [{"text": "all chapters", "value": page.ALL}]
    chapters += [{"text": heading, "value": name} for name, heading in CHAPTERS.items()]
    verdicts = [
        {"text": "all verdicts", "value": page.ALL},
        *({"text": str(one), "value": str(one)} for one in Verdict),
    ]
    v.Select(
        v_model=chapter, on_v_model=set_chapter, items=chapters, dense=True, hide_details=True, label="chapter",
        class_="lab-select claim-chapter",
    )  # fmt: skip
    with solara.Row(gap="8px"):
        v.Select(
            v_model=verdict, on_v_model=set_verdict, items=verdicts, dense=True, hide_details=True, label="verdict",
            class_="lab-select claim-verdict",
        )  # fmt: skip
        v.TextField(
            v_model=text, on_v_model=set_text, label="words", dense=True, hide_details=True, clearable=True,
            counter=False, class_="claim-text",
        )  # fmt: skip
    try:
        found = page.matching(ledger, chapter, verdict, text or "")
    except UserError as error:
        solara.Error(str(error), dense=True)
        return []
    with solara.Row(gap="4px", style="align-items: center"):
        solara.Text(page.counts(found), classes=["lab-muted"])
        Card(VERDICTS_CARD)
    return found


@solara.component
def Rows(found: list[Row], chosen: str, choose: Callable[[str], None]) -> None:
    """The claims that match, to click on."""
    with solara.Div(classes=["lab-ledger-rows"]):
        for row in found:
            Line(row, row.claim.id == chosen, choose).key(row.claim.id)


@solara.component
def Line(row: Row, chosen: bool, choose: Callable[[str], None]) -> Any:
    """A claim in the list."""
    head = solara.Div(
        classes=["lab-row-head"],
        children=[solara.Text(row.claim.id, classes=["lab-row-id"]), VerdictSign(row.verdict)],
    )
    says = solara.Text(row.claim.says, classes=["lab-row-says"])
    line = v.Html(
        tag="div", children=[head, says], class_="lab-row" + (" lab-chosen" if chosen else ""),
        attributes={"tabindex": "0", "role": "button", "data-claim": row.claim.id},
    )  # fmt: skip
    v.use_event(line, "click", lambda *_: choose(row.claim.id))
    v.use_event(line, "keyup.enter", lambda *_: choose(row.claim.id))
    return line


@solara.component
def VerdictSign(verdict: str) -> None:
    """A verdict on its color."""
    look = LOOKS[Verdict(verdict)] if verdict else "untested"
    solara.Text(verdict or "not recorded", classes=["lab-verdict", f"lab-verdict-{look}"])


@solara.component
def Shown(row: Row, runs: Runs, news: int) -> None:
    """A claim: what it says, what was found, its figure, and its experiment to run."""
    claim, mine = row.claim, runs.found.get(row.claim.id)
    with solara.Div(classes=["lab-claim"]):
        with solara.Div(classes=["lab-claim-head"]):
            solara.Text(claim.id, classes=["lab-title-name"])
            VerdictSign(row.verdict)
            solara.Text(claim.place, classes=["lab-muted", "lab-grow"])
            if claim.measure is not None:
                RunButton(row, runs, news)
        solara.Text(claim.says, classes=["lab-claim-says"])
        if error := runs.failed.get(claim.id):
            solara.Error(error, dense=True, classes=["lab-error"])
        with solara.Div(classes=["lab-two"]):
            Recorded(row)
            if mine is not None:
                Rerun(row, mine)
        Facts(row)


@solara.component
def RunButton(row: Row, runs: Runs, news: int) -> None:
    """Begin or end the experiment of a claim; says how far it is."""
    job = runs.job
    with solara.Div(classes=["lab-run"]):
        if job is None or not runs.running:
            solara.Button(
                "Run it", icon_name="mdi-play", color="primary", on_click=lambda: runs.run(row.claim.id),
                classes=["claim-run"],
            )  # fmt: skip
            Card(RUN_CARD)
            return
        told = "running" if runs.id == row.claim.id else f"{runs.id} is running"
        solara.Text(f"{told}: {job.says}" if job.says else told, classes=["lab-muted", "claim-progress"])
        v.ProgressCircular(
            indeterminate=job.part == 0, value=100 * job.part, size=26, width=4, color="primary"
        )
        solara.Button(
            "Cancel", icon_name="mdi-stop", outlined=True, on_click=runs.cancel, classes=["claim-cancel"]
        )


@solara.component
def Recorded(row: Row) -> None:
    """The recorded finding with its figure."""
    job = use_job(lambda _: _figure(row.claim.id), [row.claim.id])
    with solara.Div(classes=["claim-recorded"]):
        solara.Text("Recorded", classes=["lab-heading"])
        if job is not None and job.error:
            solara.Error(job.error, dense=True)
        elif row.claim.draw is not None and (job is None or job.running):
            solara.ProgressLinear(True)
        elif job is not None and job.value is not None:
            Picture(job.value, f"{row.claim.id}: {row.verdict}")
        solara.Text(str(row.record.get("says", row.claim.reason)), classes=["lab-says"])


@solara.component
def Rerun(row: Row, found: Found) -> None:
    """What this visitor's own run of the experiment found."""
    before = recorded(fast=True).get(row.claim.id, {})
    same = (
        "as recorded for this size" if before.get("figures") == found.figures else "not the figures recorded"
    )
    with solara.Div(classes=["claim-rerun"]):
        with solara.Div(classes=["lab-buttons"]):
            solara.Text("Your run, at reduced size", classes=["lab-fact-name"])
            VerdictSign(found.verdict)
        if found.image is not None:
            Picture(found.image, f"{row.claim.id}: {found.verdict}")
        solara.Text(found.says, classes=["lab-says"])
        solara.Text(
            f"{figures_in_words({name: float(value) for name, value in found.figures.items()})} ({same}; "
            f"{number(found.seconds)} s)",
            classes=["lab-muted"],
        )


@solara.component
def Facts(row: Row) -> None:
    """Experiment, criterion and figures of a claim."""
    claim = row.claim
    facts = {
        "What is right": claim.right,
        "Experiment": claim.experiment,
        "Statistic": claim.statistic,
        "Criterion": claim.criterion,
        "Figures": row.figures,
        "Would turn it": claim.turned_by,
        "It rests on": claim.assumption,
        "Derived in": claim.derivation and f"docs/corrections/{claim.derivation}.md",
    }
    with solara.Div(classes=["lab-facts"]):
        for name, text in facts.items():
            if text:
                solara.Text(name, classes=["lab-fact-name"])
                solara.Text(text)


def _figure(id: str) -> bytes | None:
    with drawing:
        figure = page.recorded_figure(id)
    return figure.image if figure is not None else None
