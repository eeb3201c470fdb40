"""Lesson: links are added at random, and from some moment on most devices hang together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from mesh_abm.errors import UserError
from mesh_abm.laboratory.lessons.drawing import line, share_chart, upright
from mesh_abm.laboratory.lessons.experiment import setup, watch
from mesh_abm.laboratory.lessons.lesson import Finding, Lesson, Picture, Round, Show, points
from mesh_abm.laboratory.lessons.questions import Amount, Guess, Sketch, heights
from mesh_abm.laboratory.link import Setup
from mesh_abm.model import MeshModel
from mesh_abm.theory import percolation
from mesh_abm.wording import number, percent

FEW, MANY, MONTHS = 300, 1000, 45
SETTINGS: Mapping[str, Any] = {
    "population": "fixed", "kernel": "uniform", "slots": 16, "attempts": 1, "link_value": 0.002,
    "churn": 0.0, "link_failure": 0.0,
}  # fmt: skip
TOP = 2.5
CHART = share_chart(
    "group", "The largest connected group", "share of devices", "links per device (both ends counted)",
    "How many of the devices can be reached from each other over links, as links are added at random.",
    line("run", "your run", "mesh"), line("theory", "equation (2)", "theory"),
)  # fmt: skip
BLANK = Picture(CHART, {}, (0.0, TOP))
HALF = float(np.asarray(percolation.reproduction_from_size(0.5)))
"""Links per device at which (2) has half of the devices in the group."""


def _setup(owners: int, seed: int) -> Setup:
    return setup("reference", seed, MONTHS, {**SETTINGS, "n_owners": owners})


def _grown(owners: int, seed: int, show: Show) -> tuple[np.ndarray, np.ndarray]:
    """Return mean degree and share in the largest group, month by month from the start."""
    degree, size = [0.0], [1.0 / owners]

    def see(model: MeshModel) -> Picture:
        degree.append(float(model.record["mean_degree"]))
        size.append(float(model.record["s_inf"]))
        return replace(BLANK, curves={"run": [degree, size]})

    watch(_setup(owners, seed), see, show)
    return np.array(degree), np.array(size)


def _theory() -> list[list[float]]:
    degrees = np.linspace(0.0, TOP, 101)
    return [degrees.tolist(), np.asarray(percolation.giant_component(degrees)).tolist()]


def _at(degree: np.ndarray, size: np.ndarray, where: float) -> float:
    return float(np.interp(where, degree, size))


def run_half(seed: int, show: Show) -> Finding:
    """Count the links at which half of a few devices are in one group."""
    degree, size = _grown(FEW, seed, show)
    if size[-1] < 0.5:
        raise UserError("in this run the group never held half of the devices: begin with another name")
    after = int(np.argmax(size >= 0.5))
    there = float(np.interp(0.5, size[after - 1 : after + 1], degree[after - 1 : after + 1]))
    picture = replace(
        BLANK, curves={"run": [degree.tolist(), size.tolist()], "theory": _theory()},
        marks=(upright(there, "half in your run", CHART.lines[0].color),),
    )  # fmt: skip
    figures = {"degree": there, "at one": _at(degree, size, 1.0), "at two": _at(degree, size, 2.0)}
    return Finding(there * FEW / 2, picture, HALF * FEW / 2, figures)


def explain_half(found: Finding, guess: Guess) -> tuple[str, ...]:
    f = found.figures
    return (
        f"Half of the devices were in one group at {number(f['degree'], 3)} links per device. It "
        f"takes {FEW - 1} links at least to join all {FEW} of them, and far more if links are made at random.",
        f"At one link per device the largest group held {percent(f['at one'])}, at two {percent(f['at two'])}: the "
        "same number of links does little before the first of these and very much after it. Below one link per "
        "device a group finds on average less than one new member at each step and stops; above, it goes on "
        "growing.",
    )


def run_curve(seed: int, show: Show) -> Finding:
    """Return the whole curve, with many devices."""
    degree, size = _grown(MANY, seed, show)
    shown = degree <= TOP + 0.1
    picture = replace(
        BLANK, curves={"run": [degree[shown].tolist(), size[shown].tolist()], "theory": _theory()}
    )
    figures = {f"at {x}": _at(degree, size, x) for x in (0.8, 1.0, 1.5, 2.0)}
    return Finding(points(degree, size), picture, points(*_theory()), figures)


def explain_curve(found: Finding, guess: Guess) -> tuple[str, ...]:
    f = found.figures
    assert isinstance(guess, tuple)
    drawn = heights(guess, [0.8, 1.5]).tolist()
    two = float(np.asarray(percolation.giant_component(1.5)))
    return (
        f"At 0.8 links per device your run had {percent(f['at 0.8'])} in the largest group (you drew "
        f"{percent(drawn[0])}), at 1.5 already {percent(f['at 1.5'])} (you drew {percent(drawn[1])}; equation (2): "
        f"{percent(two)}).",
        "Nothing but links was added, a few a month, and yet the group appears within a short stretch around one "
        "link per device. It does not jump: it grows from zero without a gap, only steeply. In a finite network "
        "the corner is rounded, the less the more devices there are.",
    )


LESSON = Lesson(
    "giant-component",
    "When does a mesh hang together?",
    "Devices are linked at random, a few links at a time. When do most of them form one connected group?",
    (
        "A question can only be passed on over links, so a mesh that is in pieces cannot help.",
        "Links per device count both ends: 300 devices with 150 links have one link per device on average.",
        "There is no provider in this picture, nobody leaves, no link breaks: only links are added.",
    ),
    ("link", "degree", "random network", "largest component", "giant component", "equation (2)"),
    (
        Round(
            "How many links for half of them?",
            (f"{FEW} devices, no links. Each month some pairs of devices chosen at random are linked.",),
            Amount(
                f"How many links are there in all when half of the {FEW} devices are in one connected group?",
                "links", 0, 2000, 30,
            ),
            run_half,
            explain_half,
            BLANK,
            "equation (2) (Erdős and Rényi 1960): half are in the group at 1.39 links per device",
            lambda seed: (_setup(FEW, seed),),
            lambda found, guess: (upright(2 * float(guess) / FEW, "your prediction"),),  # type: ignore[arg-type]
        ),
        Round(
            "Draw the whole curve",
            (f"Now {MANY:,} devices, linked in the same way, up to {TOP} links per device.",),
            Sketch(
                "Draw the share of devices in the largest connected group as links are added.",
                0.0, TOP,
            ),
            run_curve,
            explain_curve,
            BLANK,
            "equation (2), S = 1 - exp(-R0 S) with R0 links per device",
            lambda seed: (_setup(MANY, seed),),
        ),
    ),
    "Connection comes late and then fast: below one link per device a mesh is dust, a little above it is one piece.",
)  # fmt: skip
