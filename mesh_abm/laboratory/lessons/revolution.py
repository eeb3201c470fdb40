"""Lesson: does a network change its mind by a jump or by a slope, and what have hubs to do with it?"""

from __future__ import annotations

import threading
from typing import Any, Literal

from mesh_abm.laboratory.explorers import loop, loop_chart
from mesh_abm.laboratory.explorers.loop import Loop, Setting
from mesh_abm.laboratory.lessons.lesson import Finding, Lesson, Picture, Round, Show
from mesh_abm.laboratory.lessons.questions import Choice, Guess
from mesh_abm.theory import potts
from mesh_abm.wording import number

STATES, NODES, COUPLINGS, SWEEPS, EXPONENT = 6, 1000, 30, 40, 2.5
JUMP = 0.3
"""Rise of the order parameter in one step of the sweep from which it is called a jump."""
SEEDS = 100
_turn = threading.Lock()
"""Loops of several students are sampled in turn, a coupling at a time."""

OPTIONS = (
    ("slope", "a slope: it grows step by step, and goes back the same way"),
    ("jump", "a jump, at the same coupling up and down"),
    (
        "loop",
        "a jump with a memory: on the way back, order lasts at couplings at which it did not arise on the way up",
    ),
)


def _setting(network: Literal["random", "hubs"], seed: int) -> Setting:
    return Setting(
        states=STATES, network=network, nodes=NODES, exponent=EXPONENT, couplings=COUPLINGS, sweeps=SWEEPS,
        seed=seed % SEEDS + 1,
    )  # fmt: skip


def picture(found: Loop) -> Picture:
    """Return the loop as far as it is swept."""
    low, high = loop_chart.domain(found)
    return Picture(loop_chart.CHART, loop_chart.curves(found), (low, high))


BLANK = Picture(loop_chart.CHART, {}, (0.0, 0.6))


def _run(network: Literal["random", "hubs"], seed: int, show: Show, theory: str) -> Finding:
    found: Any = None
    for found in loop.swept(_setting(network, seed), _turn):
        show(found.part, picture(found))
    seen = loop.measure(found)
    steepest = max(seen.jump_up, seen.jump_down)
    answer = "loop" if seen.first_order else "jump" if steepest >= JUMP else "slope"
    figures = {
        "steps": round(seen.width / seen.step), "up": seen.jump_up, "down": seen.jump_down, "at up": seen.at_up,
        "at down": seen.at_down, "low": seen.window[0] if seen.window else float("nan"),
        "high": seen.window[1] if seen.window else float("nan"),
        "predicted": found.predicted.transition.jump, "largest degree": float(_largest_degree(network, seed)),
    }  # fmt: skip
    return Finding(answer, picture(found), theory, figures)


def _largest_degree(network: Literal["random", "hubs"], seed: int) -> int:
    return max(int(degree) for _, degree in loop.network(_setting(network, seed)).degree)


def run_random(seed: int, show: Show) -> Finding:
    """Sweep a network without hubs."""
    return _run("random", seed, show, "loop")


def run_hubs(seed: int, show: Show) -> Finding:
    """Sweep a network with hubs."""
    return _run("hubs", seed, show, "slope")


def _seen(found: Finding) -> str:
    f = found.figures
    if found.answer == "loop":
        return (
            "On the way up order came late, on the way down it lasted: the two ways are apart from a coupling of "
            f"{number(f['low'], 3)} to {number(f['high'], 3)}, over {f['steps']:.0f} steps of your sweep. The "
            f"largest step up was {number(f['up'])}, the largest step down {number(f['down'])}."
        )
    same = "The two ways agree" if f["steps"] == 0 else "The two ways are hardly apart"
    return f"{same} in your sweep, and the largest step was {number(max(f['up'], f['down']))}."


def explain_random(found: Finding, guess: Guess) -> tuple[str, ...]:
    others = {
        "loop": "",
        "jump": " Theory says that the ways must differ; a sweep as short as this one can miss it.",
        "slope": " Theory says that there must be a jump; a sweep as short as this one can miss it.",
    }[str(found.answer)]
    return (
        _seen(found) + others,
        "With six states, disorder is a trap: nobody gains by being the first to change. Only when the coupling "
        "is strong enough does one state win, and then at once, because every neighbor that follows pulls the "
        "next. On the way down the order is the trap.",
        f"For these degrees theory has a jump of {number(found.figures['predicted'])}.",
    )


def explain_hubs(found: Finding, guess: Guess) -> tuple[str, ...]:
    others = {
        "slope": "",
        "jump": " That is steeper than theory has it for large networks.",
        "loop": " In your network the two ways differ all the same: its largest hub is only so large.",
    }[str(found.answer)]
    limit = potts.critical_tail_exponent(STATES)
    return (
        _seen(found) + others,
        f"The largest hub of your network has {found.figures['largest degree']:.0f} links, the mean is 10. Hubs "
        "agree with their many neighbors long before the others do, and others follow one by one, so nothing has "
        "to happen at once.",
        "With six states theory has no jump where the tail of degrees falls with an exponent below "
        f"{number(limit, 3)}; here it is {EXPONENT}. In a network as small as yours hubs end early, and for "
        f"exactly these degrees a jump of {number(found.figures['predicted'])} is left, too small to see in a "
        "sweep.",
        "So a network with strong hubs slides. Who expects a revolution must not expect hubs. (And what sets in "
        "here is everybody doing the same, not a division of labor.)",
    )


_TOLD = (
    f"{NODES:,} nodes with 10 links each on average; each is in one of {STATES} states and tends to do what its "
    "neighbors do.",
    "The coupling is raised from weak to strong, starting from random states, and then lowered again, starting from "
    "everybody in one state.",
)

LESSON = Lesson(
    "revolution",
    "A revolution or a slope?",
    "When neighbors pull each other along, does a whole network change at once, or little by little?",
    (
        "A node is in one of six states, and the stronger the coupling, the more it does what its neighbors do.",
        "Weak coupling: all states are equally frequent. Strong coupling: one state has taken over.",
        "This is a model of agreement, studied beside the mesh; the rules of the mesh itself do not use it.",
    ),
    ("state", "coupling", "order parameter", "first order", "continuous", "hysteresis", "hubs"),
    (
        Round(
            "A network without hubs",
            (*_TOLD, "Links are random: all nodes have roughly as many."),
            Choice("How does agreement set in, and how does it go?", OPTIONS),
            run_random,
            explain_random,
            BLANK,
            "annealed theory for the degrees of your network (Dorogovtsev, Goltsev and Mendes 2004)",
            where="The Potts page, network random, the values told above",
        ),
        Round(
            "A network with hubs",
            (*_TOLD, "Links are as many as before, but very unequal: a few nodes have very many."),
            Choice("How does agreement set in, and how does it go?", OPTIONS),
            run_hubs,
            explain_hubs,
            BLANK,
            "the limit of many nodes (Igloi and Turban 2002): hubs remove the jump",
            where="The Potts page, network hubs, the values told above",
        ),
    ),
    "Whether change comes by a jump or by a slope depends on the network: with hubs it slides.",
)  # fmt: skip
