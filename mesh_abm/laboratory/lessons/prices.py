"""Lesson: what a price tells, to whom, and what it does not tell."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from mesh_abm.laboratory.lessons.drawing import at, chart, line, share_chart, upright
from mesh_abm.laboratory.lessons.experiment import STILL, setup, watch
from mesh_abm.laboratory.lessons.lesson import Finding, Lesson, Picture, Round, Show
from mesh_abm.laboratory.lessons.questions import Amount, Choice, Guess
from mesh_abm.laboratory.link import Setup
from mesh_abm.model import MeshModel
from mesh_abm.shocks import Shock
from mesh_abm.wording import number, percent

OWNERS, MONTHS, BEFORE, SOON = 400, 120, 60, 84
TYPES, RATE, TARGET = 4, 0.1, 0.7
SETTINGS: dict[str, Any] = {
    **STILL, "n_owners": OWNERS, "population": "fixed", "kernel": "uniform", "churn": 0, "link_failure": 0,
    "link_value": 1, "pricing": "fixed", "provider_price": 1000, "frontier_share": 0, "task_types": TYPES,
    "slots": 6, "attempts": 8, "decay": 0.02, "income": 20000, "wallet_cap": 100000, "choice_noise": 50,
    "demand": 2, "ask_rate": RATE, "target_use": TARGET,
}  # fmt: skip
MORE = (Shock(month=BEFORE + 1, kind="set", field="demand", value=4),)
TURNED = (Shock(month=BEFORE + 1, kind="mix", value=(0.1, 0.2, 0.3, 0.4)),)
YEAR = 12
HARDLY, CLEARLY = 0.15, 1.3
"""A price that moved by less, and a number of devices that grew by more, in the last round."""

ASKS = chart(
    "asks", "What devices ask for an answer", "micro-credits a query", "month",
    "Mean ask of the devices at work. The provider's price is 1,000.",
    line("ask", "mean ask", "ask"),
)  # fmt: skip
SERVED = share_chart(
    "served", "Queries served by other devices", "share of queries", "month",
    "Same devices, questions and chance: once with asks that follow use, once with asks that never change.",
    line("ask", "asks follow use", "mesh"), line("frozen", "asks frozen", "unserved"),
)  # fmt: skip
MOVED = chart(
    "moved", "The type that is suddenly asked most", "beside its mean of months 49 to 60", "month",
    "1: as in the year before the questions turned.",
    line("ask", "ask for it", "ask"), line("active", "devices that work on it", "head"),
)  # fmt: skip
SPAN = (0.0, float(MONTHS))


def _setup(seed: int, shocks: tuple[Shock, ...] = (), **changes: Any) -> Setup:
    return setup("equal-devices", seed, MONTHS, {**SETTINGS, **changes}, shocks)


def _frozen(seed: int) -> Setup:
    return _setup(seed, ask_rate=0)


@dataclass
class _Asks:
    """Mean ask and mean use of the devices at work, by month."""

    asks: list[float] = field(default_factory=list)
    use: list[float] = field(default_factory=list)

    def look(self, model: MeshModel) -> Picture:
        """Add a month."""
        state, members = model.state, model.members
        capacity, load = state.capacity[members], state.load[members]
        at_work = capacity >= 1
        use = load[at_work] / capacity[at_work]
        self.asks.append(float(model.record["mean_ask"]))
        self.use.append(float(use.mean()) if use.size else np.nan)
        return self.picture()

    def picture(self, marks: tuple[dict[str, Any], ...] = ()) -> Picture:
        """Return the asks so far."""
        months = [float(m) for m in range(1, len(self.asks) + 1)]
        return Picture(ASKS, {"ask": [months, self.asks]}, SPAN, marks)


def _year(values: list[float], end: int) -> float:
    """Return the mean over the year that ends with a month (months count from 1)."""
    return float(np.nanmean(values[end - YEAR : end]))


def run_more(seed: int, show: Show) -> Finding:
    """Let people suddenly ask twice as much."""
    seen = _Asks()
    watch(_setup(seed, MORE), seen.look, show)
    before, after = _year(seen.asks, BEFORE), _year(seen.asks, MONTHS)
    figures = {
        "first": next(ask for ask in seen.asks if ask == ask), "before": before, "after": after,
        "use before": _year(seen.use, BEFORE), "use after": _year(seen.use, BEFORE + YEAR),
    }  # fmt: skip
    picture = seen.picture((upright(BEFORE + 1.0, "twice as many questions", ASKS.lines[0].color),))
    return Finding(after / before - 1.0, picture, None, figures)


def explain_more(found: Finding, guess: Guess) -> tuple[str, ...]:
    f = found.figures
    way = "rose" if f["after"] > f["before"] else "fell"
    return (
        f"The mean ask of a year {way} from {number(f['before'], 3)} to {number(f['after'], 3)} micro-credits. "
        "Each device knows one thing only, how much of its own capacity was bought last month: above 70% it asks "
        "a little more (3% a month if all was bought), below a little less.",
        f"Mean use was {percent(f['use before'])} in the year before and {percent(f['use after'])} in the year "
        "after. Nobody counted all questions, and yet the asks tell how scarce capacity is.",
        f"At the start asks were {number(f['first'], 3)}, half way between cost and the provider's price. Nobody "
        "knew how much capacity there was to spare; the asks came down until they had found it out.",
    )


def run_frozen(seed: int, show: Show) -> Finding:
    """Compare with asks that never change, on the same random numbers."""
    served: dict[str, list[float]] = {"ask": [], "frozen": []}

    def picture() -> Picture:
        curves = {key: [[float(m) for m in range(1, len(v) + 1)], v] for key, v in served.items()}
        return Picture(SERVED, curves, SPAN)

    def see(key: str) -> Any:
        def look(model: MeshModel) -> Picture:
            served[key].append(float(model.record["share_mesh"]))
            return picture()

        return look

    watch(_setup(seed), see("ask"), show, (0.0, 0.5))
    watch(_frozen(seed), see("frozen"), show, (0.5, 1.0))
    with_prices, without = (_year(served[key], BEFORE) for key in ("ask", "frozen"))
    figures = {"with": with_prices, "without": without}
    return Finding(without / with_prices, picture(), None, figures)


def _frozen_guess(found: Finding, guess: Guess) -> tuple[dict[str, Any], ...]:
    served = float(guess) * found.figures["with"]  # type: ignore[arg-type]
    return (at(BEFORE - YEAR / 2, served, "your prediction"),) if served <= 1 else ()


def explain_frozen(found: Finding, guess: Guess) -> tuple[str, ...]:
    f = found.figures
    less = f["without"] < f["with"]
    return (
        f"In year five other devices served {percent(f['with'])} of queries with asks that follow use, and "
        f"{percent(f['without'])} with frozen asks. Devices, links, questions and all other chance were the same.",
        (
            "Frozen asks stay where they began, and that was too dear: capacity lay idle that people would have "
            "bought at a lower price. The asks that moved had found that out, device by device, without anybody "
            "knowing it as a whole."
            if less
            else "In your run the asks where devices began were no worse than those they would have found."
        ),
    )


@dataclass
class _Turn:
    """Devices on the type that will be asked most, and the ask for it, by month."""

    active: list[float] = field(default_factory=list)
    ask: list[float] = field(default_factory=list)

    def look(self, model: MeshModel) -> Picture:
        """Add a month."""
        rows = model.datacollector.tables["types"]
        self.active.append(float(rows["active"][-1]))
        self.ask.append(float(rows["mean_ask"][-1]))
        return self.picture()

    def picture(self, marks: tuple[dict[str, Any], ...] = ()) -> Picture:
        """Return both beside the year before the turn, as far as it is known."""
        curves = {}
        for key, values in (("ask", self.ask), ("active", self.active)):
            known = values[max(0, min(len(values), BEFORE) - YEAR) : BEFORE]
            level = float(np.nanmean(known)) if np.isfinite(known).any() else 1.0
            pairs = [(m, v / level) for m, v in enumerate(values, 1) if np.isfinite(v) and level > 0]
            curves[key] = [[float(m) for m, _ in pairs], [v for _, v in pairs]]
        return Picture(MOVED, curves, SPAN, marks)


def run_turned(seed: int, show: Show) -> Finding:
    """Let the rarest type become the most frequent."""
    seen = _Turn()
    watch(_setup(seed, TURNED), seen.look, show)
    ask = _year(seen.ask, SOON) / _year(seen.ask, BEFORE)
    active = _year(seen.active, SOON) / _year(seen.active, BEFORE)
    dear, many = ask > 1 + HARDLY, active > CLEARLY
    answer = {(False, True): "calls", (True, True): "both", (True, False): "price", (False, False): "none"}[
        dear, many
    ]
    picture = seen.picture((upright(BEFORE + 1.0, "questions turn", MOVED.lines[0].color),))
    return Finding(answer, picture, "calls", {"ask": ask, "active": active})


def explain_turned(found: Finding, guess: Guess) -> tuple[str, ...]:
    f = found.figures
    change = f["ask"] - 1
    moved = f"{percent(abs(change))} {'above' if change > 0 else 'below'}"
    told = {
        "calls": "So the devices came without being called by a price.",
        "both": "Both moved in your run; but look at the order in the chart: the devices came at once, the ask crept.",
        "price": "In your run the ask moved and the devices hardly followed.",
        "none": "In your run neither moved much.",
    }[str(found.answer)]
    return (
        f"In the second year after the turn {number(f['active'], 3)} times as many devices worked on the type as "
        f"in the year before it, and its ask was {moved} what it had been. {told}",
        "In this model a device takes up a type because it hears questions that nobody answered, not because of "
        "what others earn with it. The asks tell buyers where capacity is to spare; the calls tell devices where "
        "work is to be done.",
    )


LESSON = Lesson(
    "prices",
    "What does a price know?",
    "Devices set their own prices and know next to nothing. What do the prices tell, and who listens?",
    (
        "A device changes its ask each month: up if more than 70% of its capacity was bought, else down.",
        "People choose between the provider, at 1,000 micro-credits, and the offers found in the mesh, by quality "
        "and price.",
        "Here all devices have equal hardware, nobody leaves, and the first asks are half way between cost and the "
        "provider's price.",
    ),
    ("ask", "use", "micro-credit", "provider", "calls", "threshold"),
    (
        Round(
            "Twice as many questions",
            (f"{OWNERS} devices for ten years. From month {BEFORE + 1} on people ask twice as many questions.",),
            Amount(
                "By how much is the mean ask of the last year above that of year five, the last one before? In "
                "per cent, negative for lower.",
                "%", -100, 300, 20, share=True,
            ),
            run_more,
            explain_more,
            Picture(ASKS, {}, SPAN),
            "",
            lambda seed: (_setup(seed, MORE),),
            lambda found, guess: (
                at(MONTHS - YEAR / 2, found.figures["before"] * (1 + float(guess)), "your prediction"),  # type: ignore[arg-type]
            ),
        ),
        Round(
            "Prices that do not move",
            (
                "No change in demand. The same devices, questions and chance are run twice: once with asks that "
                "follow use, once with asks frozen where they began.",
            ),
            Amount(
                "With frozen asks, how many queries does the mesh serve in year five, in per cent of what it "
                "serves with asks that move? (100: as many)",
                "% of as many", 0, 300, 15, share=True,
            ),
            run_frozen,
            explain_frozen,
            Picture(SERVED, {}, SPAN),
            "",
            lambda seed: (_setup(seed), _frozen(seed)),
            _frozen_guess,
        ),
        Round(
            "The questions turn",
            (
                f"Asks move again. In month {BEFORE + 1} the type that was asked least becomes the one asked most, "
                "and the other way round.",
            ),
            Choice(
                "In the second year after, compared with the year before, for the type that is now asked most:",
                (
                    ("price", "its ask is more than 15% higher, but hardly more devices work on it"),
                    ("both", "its ask is more than 15% higher, and many more devices work on it"),
                    ("calls", "many more devices (30% or more) work on it, without its ask being more than 15% higher"),
                    ("none", "neither"),
                ),
            ),
            run_turned,
            explain_turned,
            Picture(MOVED, {}, SPAN),
            "rules 4 and 5: devices follow calls that they hear; asks follow use",
            lambda seed: (_setup(seed, TURNED),),
        ),
    ),
    "Prices gather what nobody knows as a whole, how scarce capacity is; but they speak only to those who listen "
    "to them.",
)  # fmt: skip
