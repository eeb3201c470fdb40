"""Lesson: devices that all begin alike divide the work among themselves, if they do not forget too fast."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from mesh_abm.fits.labor import by_chance
from mesh_abm.laboratory.lessons.drawing import at, line, share_chart
from mesh_abm.laboratory.lessons.experiment import STILL, setup, watch
from mesh_abm.laboratory.lessons.lesson import Finding, Lesson, Picture, Round, Show, points
from mesh_abm.laboratory.lessons.questions import Amount, Choice, Guess, Sketch
from mesh_abm.laboratory.link import Setup
from mesh_abm.model import MeshModel
from mesh_abm.theory import thresholds
from mesh_abm.wording import percent

OWNERS, MONTHS, TYPES, REINFORCEMENT = 300, 120, 5, 0.25
SLOW, FAST = 0.02, 0.5
LITTLE, MUCH = 0.3, 0.7
"""Index below which work is hardly divided, and above which it is."""
SETTINGS: dict[str, Any] = {
    **STILL, "n_owners": OWNERS, "population": "fixed", "kernel": "uniform", "churn": 0, "link_failure": 0,
    "link_value": 1, "pricing": "fixed", "frontier_share": 0, "zipf": 0, "task_types": TYPES, "slots": 6,
    "attempts": 8, "reinforcement": REINFORCEMENT,
}  # fmt: skip
CHART = share_chart(
    "labor", "Division of labor", "index, 0 to 100%", "month",
    "0: all devices do all types of work alike; 100%: each does one type only. By chance: what devices that pick "
    "their work at random would show.",
    line("run", "index of specialization", "head"), line("mesh", "queries served by other devices", "mesh"),
)  # fmt: skip
BLANK = Picture(CHART, {}, (0.0, float(MONTHS)))


def _setup(seed: int, decay: float, threshold: float = 0.5) -> Setup:
    return setup("equal-devices", seed, MONTHS, {**SETTINGS, "decay": decay, "initial_threshold": threshold})


def needed(decay: float) -> float:
    """Return the part of its time that a device must work on a type to get better at it, by (10)."""
    return float(np.asarray(thresholds.repelling_share(REINFORCEMENT, decay)))


def _watched(given: Setup, show: Show) -> tuple[list[float], Picture, dict[str, float]]:
    index, served = [0.0], [0.0]

    def picture() -> Picture:
        months = [float(m) for m in range(len(index))]
        return replace(BLANK, curves={"run": [months, index], "mesh": [months[1:], served[1:]]})

    def see(model: MeshModel) -> Picture:
        index.append(float(model.record["specialization"]))
        served.append(float(model.record["share_mesh"]))
        return picture()

    result = watch(given, see, show)
    chance = by_chance(result)
    active = float(result.frame["active"].iloc[-24:].mean())
    highest = (
        result.devices()[[f"threshold_{j}" for j in range(TYPES)]].to_numpy() >= result.scenario.threshold_max
    )
    figures = {"end": index[-1], "chance": chance, "mesh": float(np.mean(served[-24:])), "active": active}
    figures["top"] = float(highest.mean())
    marks = (at(float(MONTHS), chance, "by chance", CHART.lines[0].color),)
    return index, replace(picture(), marks=marks), figures


def run_slow(seed: int, show: Show) -> Finding:
    """Let skills fade slowly."""
    index, picture, figures = _watched(_setup(seed, SLOW), show)
    return Finding(points(range(len(index)), index), picture, None, figures)


def explain_slow(found: Finding, guess: Guess) -> tuple[str, ...]:
    f = found.figures
    assert isinstance(guess, tuple)
    return (
        f"After ten years the index of your run was {percent(f['end'])} (your curve ends at "
        f"{percent(guess[-1][1])}); devices that pick their work at random would show {percent(f['chance'])}. "
        "Nobody assigned the work, and no device looked at what the others do.",
        "Whoever happened to serve a type finds it easier next time, and the other types harder. By the rule of "
        f"thresholds a device gets better at a type on which it works more than {percent(needed(SLOW))} of its "
        f"time. {percent(f['active'])} of devices were at work in a month, so there was spare capacity: not "
        "everybody had to do everything.",
        f"It pays: in the last two years other devices served {percent(f['mesh'])} of all queries.",
    )


def run_fast(seed: int, show: Show) -> Finding:
    """Let skills fade fast."""
    index, picture, figures = _watched(_setup(seed, FAST), show)
    return Finding(index[-1], picture, figures["chance"], figures)


def explain_fast(found: Finding, guess: Guess) -> tuple[str, ...]:
    f = found.figures
    return (
        f"The index at the end was {percent(f['end'])}. An index above 0 is no division of labor by itself: "
        f"devices at work as often as yours, on types picked at random, would show {percent(f['chance'])}.",
        f"With fast fading a device would have to work on a type {percent(needed(FAST))} of its time to get better "
        f"at it, and only {percent(f['active'])} of devices found work in a month. So {percent(f['top'])} of all "
        "thresholds of your run stand at their highest: hardly any device is drawn to its type. Other devices "
        f"served only {percent(f['mesh'])} of queries in the last two years.",
        "That the index is above chance all the same has another cause, which the rule of thresholds does not "
        "know: effort moves to the type that was served, a device of little capacity can answer only where its "
        "effort is, and so serves the same type again. With a hundred times the capacity the index falls to about "
        "18%.",
    )


def run_alike(seed: int, show: Show) -> Finding:
    """Let all devices begin with the same thresholds."""
    _, picture, figures = _watched(_setup(seed, SLOW, 0.01), show)
    end = figures["end"]
    answer = "much" if end > MUCH else "some" if end > LITTLE else "little"
    return Finding(answer, picture, None, figures)


def explain_alike(found: Finding, guess: Guess) -> tuple[str, ...]:
    f = found.figures
    told = {
        "much": "They need not differ to divide the work. Who is asked first is chance, and what was done is done more "
        "easily again: chance is all it takes, the rule does the rest.",
        "some": "Chance alone made them differ, though less than in most runs.",
        "little": "In your run chance did not suffice to make them differ.",
    }[str(found.answer)]
    return (
        f"The index at the end was {percent(f['end'])}, by chance it would be {percent(f['chance'])}. {told}",
        "The types that devices end up with cannot be told in advance: another seed, other specialists.",
    )


LESSON = Lesson(
    "division-of-labor",
    "Who decides who does what?",
    "Many equal devices, five types of questions, nobody in charge. Does each device end up with a type of its own?",
    (
        "A device takes up a type of work if the call for it is louder than its threshold for that type.",
        "Each month in which it serves a type, the threshold for this type falls by 0.25; all its others rise a "
        "little.",
        "Here all devices have equal hardware, and all types are asked for equally often.",
    ),
    ("threshold", "signal", "generalist", "specialist", "index of specialization", "decay of skill"),
    (
        Round(
            "Skills that last",
            (
                f"{OWNERS} devices, all of them generalists at the start. They differ only in their thresholds, by "
                "chance.",
                f"What is not practiced fades slowly: a threshold rises by {SLOW} a month without work on its type.",
            ),
            Sketch(
                "Draw the index of specialization over ten years, from month 0 to month 120.",
                0.0, float(MONTHS),
            ),
            run_slow,
            explain_slow,
            BLANK,
            "",
            lambda seed: (_setup(seed, SLOW),),
        ),
        Round(
            "Skills that fade",
            (f"As before, but what is not practiced fades fast: thresholds rise by {FAST} a month instead of {SLOW}.",),
            Amount(
                "What is the index of specialization after ten years, in per cent?", "% (index)", 0, 100, 10, share=True
            ),
            run_fast,
            explain_fast,
            BLANK,
            "by equation (10) nobody gets better at anything here, so work would be taken by chance",
            lambda seed: (_setup(seed, FAST),),
            lambda found, guess: (at(float(MONTHS), float(guess), "your prediction"),),  # type: ignore[arg-type]
        ),
        Round(
            "All exactly alike",
            (
                f"Slow fading again ({SLOW} a month), but now all {OWNERS} devices begin with the same thresholds: "
                "nothing at all tells them apart.",
            ),
            Choice(
                "How high is the index of specialization after ten years?",
                (
                    ("little", "below 30%: equal devices have no reason to differ"),
                    ("some", "30% to 70%"),
                    ("much", "above 70%: they divide the work as if they had been different"),
                ),
            ),
            run_alike,
            explain_alike,
            BLANK,
            "",
            lambda seed: (_setup(seed, SLOW, 0.01),),
        ),
    ),
    "Division of labor needs no plan and no differences: practice that lasts, and work to spare, are enough.",
)  # fmt: skip
