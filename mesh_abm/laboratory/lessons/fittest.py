"""Lesson: late but fit devices against early ones, with links by degree alone and with links by fitness."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from mesh_abm.laboratory.lessons.drawing import at, chart, line
from mesh_abm.laboratory.lessons.experiment import setup, watch
from mesh_abm.laboratory.lessons.lesson import Finding, Lesson, Picture, Round, Show
from mesh_abm.laboratory.lessons.questions import Amount, Choice, Guess
from mesh_abm.laboratory.link import Setup
from mesh_abm.model import MeshModel
from mesh_abm.shocks import Shock
from mesh_abm.theory import condensation
from mesh_abm.wording import number, percent

OWNERS, MONTHS, LATE, SLOTS, FAILURE = 600, 150, 60, 3, 0.03
EARLY_MERIT, LATE_MERIT = 0.25, 4
EVEN = 1.1
"""Two groups are even if neither has more than this many times the links of the other."""
SETTINGS: dict[str, Any] = {
    "n_owners": OWNERS, "population": "growth", "initial_members": 0.05, "arrivals": 6, "churn": 0,
    "link_failure": FAILURE, "merit_gain": 0, "merit_spread": 0, "link_value": 1, "slots": SLOTS,
    "attempts": 8, "classes.workstation.merit": LATE_MERIT,
    **{f"classes.{name}.merit": EARLY_MERIT for name in ("phone", "laptop", "desktop")},
}  # fmt: skip
CHART = chart(
    "rivals", "Founders and latecomers", "links to devices, mean", "month",
    "Mean number of links to other devices, of those that were there first and of those that came late but fitter.",
    line("first", "founders", "head"), line("late", "latecomers, 16 times the merit", "mesh"),
)  # fmt: skip
BLANK = Picture(CHART, {}, (0.0, float(MONTHS)))


def _setup(kernel: str, seed: int) -> Setup:
    barred = (Shock(month=1, until=LATE, kind="bar", value="workstation"),)
    return setup("reference", seed, MONTHS, {**SETTINGS, "kernel": kernel}, barred)


@dataclass
class _Seen:
    """Mean links of both groups by month."""

    months: list[float] = field(default_factory=list)
    first: list[float] = field(default_factory=list)
    since: list[float] = field(default_factory=list)
    late: list[float] = field(default_factory=list)

    def look(self, model: MeshModel) -> Picture:
        """Add a month."""
        state, degree = model.state, np.asarray(model.network.degree)
        fit = np.array([c.name == "workstation" for c in model.spec.classes])[state.device_class]
        founders = state.member & (state.joined == 0) & ~fit
        late = state.member & (state.joined > LATE) & fit
        self.months.append(float(model.month))
        self.first.append(float(degree[founders].mean()))
        if late.any():
            self.since.append(float(model.month))
            self.late.append(float(degree[late].mean()))
        return replace(BLANK, curves={"first": [self.months, self.first], "late": [self.since, self.late]})

    @property
    def ratio(self) -> float:
        """Links of a latecomer for each link of a founder, at the end."""
        return self.late[-1] / self.first[-1]

    def overtaken(self) -> float:
        """Return the month from which on latecomers stay ahead, NaN if they do not."""
        first = np.array(self.first)[-len(self.late) :]
        behind = np.flatnonzero(np.array(self.late) <= first)
        begin = int(behind[-1]) + 1 if behind.size else 0
        return self.since[begin] if begin < len(self.since) else np.nan


def _watched(kernel: str, seed: int, show: Show) -> tuple[_Seen, Picture, dict[str, float]]:
    seen = _Seen()
    result = watch(_setup(kernel, seed), seen.look, show)
    devices = result.devices()
    ages = (
        MONTHS
        - devices.loc[(devices["joined"] > LATE) & (devices["device_class"] == "workstation"), "joined"]
    )
    figures = {
        "first": seen.first[-1], "late": seen.late[-1], "ratio": seen.ratio, "overtaken": seen.overtaken(),
        "condensate": float(result.frame["condensate"].iloc[-1]), "law": by_age(ages.to_numpy()),
    }  # fmt: skip
    picture = replace(BLANK, curves={"first": [seen.months, seen.first], "late": [seen.since, seen.late]})
    return seen, picture, figures


def by_age(ages: Any) -> float:
    """Return the ratio of links, latecomers of these ages (months) to founders, by the law of in-links.

    In-links follow k(a) = (s + D h) k(a-1) + (D/s) h m from k(0) = 0 (docs/model.md, "What the rules imply"); what is
    not linked to devices so far the provider holds.
    """
    early, late = (float(np.asarray(condensation.fitness_of_merit(r))) for r in (EARLY_MERIT, LATE_MERIT))
    first = _in_links(early, np.array([float(MONTHS)]))
    fit = _in_links(late, np.asarray(ages, float))
    part = 0.1  # workstations among the owners of the reference scenario
    own = (1.0 - part) * first + part * fit  # a slot leads to a device as often as a device is led to
    return float((own + fit) / (own + first))


def _in_links(fitness: float, ages: np.ndarray) -> float:
    kept = 1.0 - FAILURE
    rate = kept + FAILURE * fitness
    settled = FAILURE / kept * fitness * SLOTS / (1.0 - rate)
    return float(np.mean(settled * (1.0 - rate**ages)))


def run_degree(seed: int, show: Show) -> Finding:
    """Let links go by degree alone."""
    seen, picture, figures = _watched("degree", seed, show)
    ratio = seen.ratio
    answer = "late" if ratio > EVEN else "first" if ratio < 1 / EVEN else "even"
    return Finding(answer, picture, "first", figures)


def explain_degree(found: Finding, guess: Guess) -> tuple[str, ...]:
    f = found.figures
    told = {
        "first": "The head start lasted: whoever has links is met more often and gets more of them, and merit plays no "
        "part in it. It fades slowly, because links break and are made anew.",
        "even": "In your run the head start had just faded by the end: links break, and those made anew go to all "
        "that are linked, so no lead lasts for ever. Merit played no part in it.",
        "late": "In your run chance carried the latecomers ahead. It was not their merit, which plays no part here.",
    }[str(found.answer)]
    return (
        f"At the end a founder had {number(f['first'], 3)} links to devices on average, a latecomer "
        f"{number(f['late'], 3)}. {told}",
    )


def run_fitness(seed: int, show: Show) -> Finding:
    """Let links go by fitness times degree."""
    seen, picture, figures = _watched("fitness", seed, show)
    return Finding(seen.ratio, picture, figures["law"], figures)


def explain_fitness(found: Finding, guess: Guess) -> tuple[str, ...]:
    f = found.figures
    when = (
        f"From month {f['overtaken']:.0f} on the latecomers stayed ahead, "
        f"{f['overtaken'] - LATE:.0f} months after the first of them came."
        if np.isfinite(f["overtaken"])
        else "In your run the latecomers were not yet ahead for good at the end."
    )
    return (
        f"At the end a founder had {number(f['first'], 3)} links to devices on average, a latecomer "
        f"{number(f['late'], 3)}. {when}",
        "A contact is kept with a chance equal to the fitness of the device met, merit / (1 + merit): 0.2 for a "
        "founder, 0.8 for a latecomer. So links that break are made anew mostly with the fit, and being early is "
        "worth little.",
        f"The fittest of all is the provider, and it holds {percent(f['condensate'])} of all links in your run: "
        "the fittest get rich, whoever they are. The law used here knows only fitness and the time since a device "
        "joined.",
    )


LESSON = Lesson(
    "fittest",
    "Do the rich get richer, or the fittest?",
    "Some devices were there first, others came five years later but are far better. Who ends up with more links?",
    (
        "A device looks for partners by following links, so whoever has many links is met often.",
        "By degree alone, whoever is met is kept. By fitness, a better device is kept more often than a worse one.",
        "Nobody leaves here, but 3 in 100 links break each month and are made anew.",
    ),
    ("link", "degree", "preferential attachment", "merit", "fitness", "provider"),
    (
        Round(
            "Links by degree alone",
            (
                "Founders are there at the start, then 6 devices join each month. The latecomers, 1 device in 10, "
                f"may join only after month {LATE}; their merit is 16 times that of the others.",
                "Whoever is met is kept, whatever its merit.",
            ),
            Choice(
                f"Who has more links to other devices in month {MONTHS}?",
                (
                    ("first", "the founders have more"),
                    ("even", "both have about the same (within 10%)"),
                    ("late", "the latecomers have more"),
                ),
            ),
            run_degree,
            explain_degree,
            BLANK,
            "preferential attachment (Barabási and Albert 1999): merit plays no part and a head start pays",
            lambda seed: (_setup("degree", seed),),
        ),
        Round(
            "Links by fitness",
            ("Everything as before, but now a device is kept with a chance equal to its fitness.",),
            Amount(
                f"For each link of a founder, how many links does a latecomer have in month {MONTHS}? "
                "(1: as many, 0.5: half as many, 2: twice as many)",
                "links for each", 0, 20, 1,
            ),
            run_fitness,
            explain_fitness,
            BLANK,
            "the law of in-links by fitness and age (Bianconi and Barabási 2001; docs/model.md, section 9)",
            lambda seed: (_setup("fitness", seed),),
            lambda found, guess: (
                at(float(MONTHS), float(guess) * found.figures["first"], "latecomers, as you predict"),  # type: ignore[arg-type]
            ),
        ),
    ),
    "Being first pays only as long as nobody looks at merit. Once partners are chosen by merit, the fit overtake.",
)  # fmt: skip
