"""Class mode: the list of lessons, and a lesson step by step. A prediction is locked before its run is shown."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import reacton.ipyvuetify as v
import solara

from mesh_abm.errors import UserError
from mesh_abm.laboratory.explorers.job import Job
from mesh_abm.laboratory.explorers.parts import drawing, use_job, use_news
from mesh_abm.laboratory.lessons import one_page_report
from mesh_abm.laboratory.lessons.attempt import LONGEST, Attempt, Explanation, Played, begin
from mesh_abm.laboratory.lessons.catalog import LESSONS
from mesh_abm.laboratory.lessons.lesson import Finding, Lesson, Picture
from mesh_abm.laboratory.lessons.questions import Amount, Choice, Guess
from mesh_abm.laboratory.lessons.words import meaning
from mesh_abm.laboratory.widgets import Plot
from mesh_abm.wording import counted

PACE = 0.025
"""Seconds at least from one month to the next, so that the eye can follow."""
GRADES = {"on the mark": "lab-grade-mark", "close": "lab-grade-close", "off": "lab-grade-off"}


@solara.component
def Lessons() -> None:
    """The page."""
    name, set_name = solara.use_state("")
    attempt, set_attempt = solara.use_state(None)
    refusal, refuse = solara.use_state("")
    count, tell = use_news()

    def choose(lesson: Lesson) -> None:
        try:
            set_attempt(begin(lesson, name))
        except UserError as error:
            refuse(str(error))
        else:
            refuse("")

    def rename(text: str) -> None:
        set_name(text)
        refuse("")

    solara.Style(Path(__file__).with_name("lessons.css"))
    with solara.Div(classes=["lab-lessons"]):
        if attempt is None:
            Catalog(name, rename, refusal, choose)
        else:
            Taken(attempt, count, tell, lambda: set_attempt(None)).key(f"{id(attempt)}")


@solara.component
def Catalog(
    name: str, set_name: Callable[[str], None], refusal: str, choose: Callable[[Lesson], None]
) -> None:
    """Who is asking, and the lessons there are."""
    with solara.Div(classes=["lab-lesson-head"]):
        solara.Text("Lessons", classes=["lab-lesson-name"])
        solara.Text("Predict, run, explain: say what you expect before you see it.", classes=["lab-muted"])
    with solara.Div(classes=["lab-who"]):
        v.TextField(
            v_model=name, on_v_model=set_name, label="your name or number", dense=True, outlined=True,
            counter=LONGEST, hide_details="auto", class_="lesson-name",
        )  # fmt: skip
        solara.Text(
            "It gives you a run of your own: the same name, the same run. It is kept nowhere.",
            classes=["lab-muted"],
        )
    if refusal:
        solara.Error(refusal, dense=True, classes=["lab-error"])
    with solara.Div(classes=["lab-lesson-list"]):
        for lesson in LESSONS:
            Card(lesson, choose)


@solara.component
def Card(lesson: Lesson, choose: Callable[[Lesson], None]) -> None:
    """A lesson in the list."""
    with solara.Div(classes=["lab-lesson-card"]):
        solara.Text(lesson.title, classes=["lab-lesson-name"])
        solara.Text(lesson.question)
        with solara.Div():
            solara.Button(
                "Begin",
                color="primary",
                on_click=lambda: choose(lesson),
                classes=[f"lesson-begin-{lesson.id}"],
            )
            solara.Text(counted(len(lesson.rounds), "prediction"), classes=["lab-muted"])


@solara.component
def Taken(attempt: Attempt, count: int, tell: Callable[[], None], leave: Callable[[], None]) -> None:
    """A lesson that is being taken: what one needs to know, and the round that is on."""

    def go_on() -> None:
        attempt.go_on()
        tell()

    with solara.Div(classes=["lab-lesson-head"]):
        solara.Button(
            "All lessons", icon_name="mdi-arrow-left", text=True, on_click=leave, classes=["lesson-leave"]
        )
        solara.Text(attempt.lesson.title, classes=["lab-lesson-name"])
        solara.Text(attempt.lesson.question, classes=["lab-question"])
    with solara.Div(classes=["lab-lesson"]):
        Needed(attempt.lesson, attempt.name, attempt.seed)
        Step(attempt, attempt.at, go_on).key(f"round-{attempt.at}")


@solara.component
def Needed(lesson: Lesson, name: str, seed: int) -> None:
    """What one needs to know, each term in a line, and whose run it is."""
    with solara.Div(classes=["lab-panel"]):
        solara.Text("What you need to know", classes=["lab-heading"])
        for line in lesson.needed:
            solara.Text(line, classes=["lab-lesson-line"])
        solara.Text("Words", classes=["lab-heading"])
        for term in lesson.terms:
            with solara.Div(classes=["lab-lesson-term"]):
                solara.Text(term)
                solara.Text(f": {meaning(term)}")
        solara.Text(f"{name}: seed {seed}", classes=["lab-muted", "lesson-seed", "lab-lesson-term"])


@solara.component
def Step(attempt: Attempt, number: int, go_on: Callable[[], None]) -> None:
    """A round: the prediction, then the run over it, then why."""
    played = attempt.played[number]
    draft, set_draft = solara.use_state(_first_draft(played))
    tries, set_tries = solara.use_state(0)
    refusal, refuse = solara.use_state("")
    seen: Any = solara.use_ref(None)
    job = use_job(lambda job: _run(attempt, job, seen) if tries else None, [tries])

    def lock() -> None:
        try:
            if not played.shown:
                attempt.predict(draft)
        except UserError as error:
            refuse(str(error))
        else:
            refuse("")
            set_tries(tries + 1)

    failure = job.error if job is not None else ""
    running = bool(tries) and played.finding is None and not failure
    with solara.Div(classes=["lab-lesson-round"]):
        with solara.Div(classes=["lab-panel"]):
            Asked(played, f"{number + 1} of {len(attempt.played)}")
            if refusal or failure:
                solara.Error(refusal or failure, dense=True, classes=["lab-error"])
            if played.finding is None:
                Prediction(played, draft, set_draft, played.shown)
            if running:
                solara.ProgressLinear(100 * seen.current[0] if seen.current else True)
            elif played.finding is None:
                solara.Button("Lock in and run", color="primary", on_click=lock, classes=["lesson-run"])
            else:
                Told(attempt, number, go_on)
        Drawn(played, draft, set_draft, _shown(played, seen.current))


@solara.component
def Asked(played: Played, place: str) -> None:
    """What is run, and what is asked of it."""
    with solara.Div():
        solara.Text(f"{place}: {played.round.title}", classes=["lab-lesson-step"])
        for line in played.round.told:
            solara.Text(line, classes=["lab-lesson-line"])
        solara.Text(played.round.question.text, classes=["lab-lesson-question"])


def _first_draft(played: Played) -> Any:
    """Return what stands where the prediction is made before anything is."""
    if isinstance(played.round.question, Choice):
        return None
    return "" if isinstance(played.round.question, Amount) else []


def _run(attempt: Attempt, job: Job[Finding | None], seen: Any) -> Finding:
    """Run the round, showing each month; what is raised on the way ends it."""

    def show(part: float, picture: Picture) -> None:
        seen.current = (part, picture)
        job.tell(part)
        job.check(PACE)

    return attempt.run(show)


def _shown(played: Played, seen: tuple[float, Picture] | None) -> Picture:
    """Return what is to be drawn: nothing, the run so far, or all of it with the prediction."""
    if played.finding is not None:
        return one_page_report.with_guess(played)
    return seen[1] if seen else played.round.blank


@solara.component
def Prediction(played: Played, draft: Any, set_draft: Callable[[Any], None], locked: bool) -> None:
    """Where the prediction is typed, chosen or said to be drawn; once locked it only shows."""
    question = played.round.question
    if locked and played.guess is not None:
        solara.Text(f"Locked: {_in_words(played, played.guess)}", classes=["lab-value", "lesson-locked"])
    elif isinstance(question, Choice):
        radios = [
            v.Radio(label=words, value=key, class_=f"lesson-option-{key}") for key, words in question.options
        ]
        v.RadioGroup(v_model=draft, on_v_model=set_draft, children=radios, hide_details=True, class_="mt-0")
    elif isinstance(question, Amount):
        v.TextField(
            v_model=draft, on_v_model=set_draft, label="your prediction", suffix=question.unit, dense=True,
            outlined=True, hide_details=True, class_="lesson-amount",
        )  # fmt: skip
    else:
        with solara.Row(gap="8px"):
            solara.Text("Draw on the chart with the mouse or a finger.", classes=["lab-muted"])
            solara.Button(
                "Clear", text=True, small=True, on_click=lambda: set_draft([]), classes=["lesson-clear"]
            )


def _in_words(played: Played, guess: Guess) -> str:
    return "your curve" if isinstance(guess, tuple) else played.round.question.say(guess)


@solara.component
def Drawn(played: Played, draft: Any, set_draft: Callable[[Any], None], picture: Picture) -> None:
    """The chart: drawn on before, filled by the run, with prediction and theory in the end."""
    drawable = not isinstance(played.round.question, Amount | Choice)
    sketch = played.guess if isinstance(played.guess, tuple) else draft if drawable else []
    Plot.element(
        name="lesson", spec=picture.chart.spec(), data=dict(picture.curves), domain=list(picture.domain),
        marks=[dict(mark) for mark in picture.marks], sketching=drawable and not played.shown,
        sketch=[list(point) for point in sketch], on_sketch=set_draft if drawable else None,
    )  # fmt: skip


@solara.component
def Told(attempt: Attempt, number: int, go_on: Callable[[], None]) -> None:
    """The explanation of a round, and what comes next."""
    told = solara.use_memo(lambda: attempt.explain(number), [number])
    with solara.Div():
        Result(told)
        for line in (told.place, *told.reasons):
            solara.Text(line, classes=["lab-lesson-line"])
        Again(attempt, number)
        if number + 1 < len(attempt.played):
            solara.Button("Next", color="primary", on_click=go_on, classes=["lesson-next"])
        else:
            solara.Text(attempt.lesson.takeaway, classes=["lab-lesson-end"])
            solara.FileDownload(
                lambda: _report(attempt), f"lesson-{attempt.lesson.id}.html", label="Your report on one page"
            )


def _report(attempt: Attempt) -> bytes:
    with drawing:
        return one_page_report.html(attempt).encode()


@solara.component
def Result(told: Explanation) -> None:
    """Prediction, result and judgment."""
    with solara.Div():
        with solara.Div(classes=["lab-lesson-found"]):
            solara.Text("You predicted")
            solara.Text(told.predicted)
            solara.Text("Your run")
            solara.Text(told.found, classes=["lesson-found"])
            solara.Text("That is")
            with solara.Div():
                solara.Text(told.judgment.grade, classes=["lab-grade", GRADES[told.judgment.grade]])
        solara.Text(told.judgment.line, classes=["lab-lesson-line", "lab-muted"])
        solara.Text(told.theory, classes=["lab-lesson-line", "lesson-theory"])


@solara.component
def Again(attempt: Attempt, number: int) -> None:
    """Links to the runs of a round on the Watch page, in a tab of their own."""
    round = attempt.played[number].round
    with solara.Div(classes=["lab-buttons"]):
        for address in one_page_report.links(round, attempt.seed):
            solara.Button(
                "Watch this run", icon_name="mdi-open-in-new", text=True, href=address, target="_blank"
            )
        if round.where:
            solara.Text(f"To see it again: {round.where}.", classes=["lab-muted"])
