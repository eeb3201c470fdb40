"""Lesson: the same number of links is lost, but it matters whether links break or devices leave."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from mesh_abm.laboratory.lessons.drawing import at, line, share_chart
from mesh_abm.laboratory.lessons.experiment import setup, watch
from mesh_abm.laboratory.lessons.lesson import Finding, Lesson, Picture, Round, Show
from mesh_abm.laboratory.lessons.questions import Amount, Guess
from mesh_abm.laboratory.link import Setup
from mesh_abm.model import MeshModel
from mesh_abm.theory import condensation
from mesh_abm.wording import percent

OWNERS, MONTHS, RECENT = 800, 120, 24
MERIT, FAILURE, CHURN = 1.5, 0.08, 0.10
LOST = 0.172
"""Chance a month that whoever stays loses a link to it, in both rounds: 1 - (1 - FAILURE) (1 - CHURN)."""
CHART = share_chart(
    "hold", "How much of all links the provider holds", "share of links", "month",
    "At the start all links point to the provider; each month lost links are made anew.",
    line("run", "your run", "provider"), line("theory", "predicted", "theory"),
)  # fmt: skip
BLANK = Picture(CHART, {}, (0.0, float(MONTHS)))


def _setup(link_failure: float, churn: float, seed: int) -> Setup:
    return setup(
        "equal-devices", seed, MONTHS,
        {
            "classes.average.merit": MERIT, "n_owners": OWNERS, "population": "fixed", "churn": churn,
            "link_failure": link_failure, "merit_gain": 0, "link_value": 1,
        },
    )  # fmt: skip


def law(link_failure: float, churn: float) -> float:
    """Return the settled share of links that point to the provider (docs/model.md, section 9)."""
    fitness = condensation.fitness_of_merit(MERIT)
    return float(np.asarray(condensation.with_churn(fitness, link_failure=link_failure, churn=churn)))


def _run(link_failure: float, churn: float, seed: int, show: Show) -> Finding:
    held: list[float] = [1.0]

    def see(model: MeshModel) -> Picture:
        held.append(float(model.record["condensate"]))
        return replace(BLANK, curves={"run": [_months(held), held]})

    watch(_setup(link_failure, churn, seed), see, show)
    goal = law(link_failure, churn)
    curves = {"run": [_months(held), held], "theory": [[0.0, float(MONTHS)], [goal, goal]]}
    figures = {"end": held[-1], "year one": held[12]}
    return Finding(float(np.mean(held[-RECENT:])), replace(BLANK, curves=curves), goal, figures)


def _months(values: list[float]) -> list[float]:
    return [float(month) for month in range(len(values))]


def run_breaking(seed: int, show: Show) -> Finding:
    """Let links break and nobody leave."""
    return _run(LOST, 0, seed, show)


def run_leaving(seed: int, show: Show) -> Finding:
    """Let devices leave."""
    return _run(FAILURE, CHURN, seed, show)


def explain_breaking(found: Finding, guess: Guess) -> tuple[str, ...]:
    return (
        f"All links pointed to the provider at the start, {percent(found.figures['year one'])} after a year. Each "
        "link that breaks is made anew, and the partner is found along the links that are there. Devices of merit "
        "1.5 attract enough of them to hold all links between themselves, so what the provider loses does not "
        "come back.",
        "For a very large network the law says 0%. In a network of a few hundred devices the provider keeps a "
        "little more than that, because the last links go slowly and it is still met now and then.",
    )


def explain_leaving(found: Finding, guess: Guess) -> tuple[str, ...]:
    answer = float(found.answer)  # type: ignore[arg-type]
    return (
        f"Whoever stays loses as many of the links that point to it as before, {percent(LOST)} a month, and yet "
        f"the provider kept {percent(answer)} of all links in your run. Without churn the law says "
        f"{percent(law(LOST, 0.0))}.",
        "The difference is whose links are lost. A device that leaves takes with it all links that others had to "
        "it, and whoever takes its place begins with none. The provider never leaves: every departure sends "
        "partners back to a market in which it is the one that never begins anew.",
        "So longer lives of devices do as much for the mesh as better devices.",
    )


def _guessed(found: Finding, guess: Guess) -> tuple[dict[str, object], ...]:
    return (at(MONTHS - RECENT / 2, float(guess), "your prediction"),)  # type: ignore[arg-type]


LESSON = Lesson(
    "churn",
    "Why does churn feed the center?",
    "Devices are better than the provider, and each month some links are lost. Does it matter why they are lost?",
    (
        "Each device keeps up four links. A link that is lost is made anew: with the provider, or with another "
        "device.",
        "All devices here have merit 1.5, the provider's being 1. A contact with a device is kept with a chance "
        "equal to its fitness, 0.6; a contact with the provider is always kept.",
        "All links point to the provider at the start.",
    ),
    ("link", "provider", "merit", "fitness", "churn", "link failure", "condensate"),
    (
        Round(
            "Links break, nobody leaves",
            (f"{OWNERS} devices for ten years. Each month {percent(LOST)} of all links break. Nobody leaves.",),
            Amount(
                "What share of all links points to the provider in the last two years, in per cent?",
                "% of links", 0, 100, 10, share=True,
            ),
            run_breaking,
            explain_breaking,
            BLANK,
            "the law of the condensate without churn (Bianconi and Barabási 2001)",
            lambda seed: (_setup(LOST, 0, seed),),
            _guessed,
        ),
        Round(
            "Devices leave",
            (
                f"Now {percent(FAILURE)} of links break each month, and {percent(CHURN)} of devices leave and are "
                "replaced by newcomers of the same merit. Whoever stays, device or provider, loses as many of the "
                f"links that point to it as before: {percent(LOST)} a month.",
            ),
            Amount(
                "What share of all links points to the provider in the last two years, in per cent?",
                "% of links", 0, 100, 10, share=True,
            ),
            run_leaving,
            explain_leaving,
            BLANK,
            "the law of the condensate with churn (docs/model.md, section 9)",
            lambda seed: (_setup(FAILURE, CHURN, seed),),
            _guessed,
        ),
    ),
    "Churn is not just noise: it takes links from those who can leave and gives them to the one who cannot.",
)  # fmt: skip
