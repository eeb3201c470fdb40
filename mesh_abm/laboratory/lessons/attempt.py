"""One student's way through a lesson: predict, run, explain, round by round, with a seed of their own."""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import dataclass, field
from typing import Any, Literal

from mesh_abm.errors import UserError
from mesh_abm.laboratory.lessons import judging
from mesh_abm.laboratory.lessons.judging import Judgment
from mesh_abm.laboratory.lessons.lesson import Finding, Lesson, Picture, Round, Show
from mesh_abm.laboratory.lessons.questions import Guess

LONGEST = 80
"""Characters of a name."""
Stage = Literal["predict", "run", "explain"]


@dataclass(frozen=True)
class Explanation:
    """What is told after a run: prediction and result, the judgment, where the run lies, theory, and the reasons."""

    predicted: str
    found: str
    judgment: Judgment
    place: str
    theory: str
    reasons: tuple[str, ...]


@dataclass
class Played:
    """A round as far as it was played; `shown` is set as soon as the run is begun, which locks the prediction."""

    round: Round
    guess: Guess | None = None
    shown: bool = False
    finding: Finding | None = None


@dataclass
class Attempt:
    """A student's attempt; UserErrors say what is out of turn or not understood. Begin one with `begin`."""

    lesson: Lesson
    name: str
    seed: int
    played: list[Played] = field(default_factory=list)
    at: int = 0

    def __post_init__(self) -> None:
        self.played = [Played(each) for each in self.lesson.rounds]

    @property
    def now(self) -> Played:
        """The round that is being played."""
        return self.played[self.at]

    @property
    def stage(self) -> Stage:
        """What comes next in this round."""
        if self.now.finding is not None:
            return "explain"
        return "predict" if self.now.guess is None else "run"

    @property
    def done(self) -> bool:
        """Whether all rounds were played."""
        return all(each.finding is not None for each in self.played)

    def predict(self, given: Any) -> Guess:
        """Take a prediction; it may be changed until the run begins."""
        if self.now.shown:
            raise UserError("prediction: is locked, because the run has been shown")
        self.now.guess = self.now.round.question.read(given)
        return self.now.guess

    def run(self, progress: Show | None = None) -> Finding:
        """Run this round with the student's seed; `progress` is told how far it is and how it looks."""
        if self.now.guess is None:
            raise UserError("prediction: is missing; predict first, then run")
        if self.now.finding is None:
            self.now.shown = True
            self.now.finding = self.now.round.run(self.seed, progress or _nobody)
        return self.now.finding

    def explain(self, number: int | None = None) -> Explanation:
        """Explain a round that was run (this one, or that of a number from 0)."""
        number = self.at if number is None else number
        played = self.played[number]
        if played.finding is None or played.guess is None:
            raise UserError("explanation: comes after the run")
        question, finding = played.round.question, played.finding
        twenty = judging.record()[self.lesson.id][number]
        return Explanation(
            question.say(played.guess),
            question.say(finding.answer),
            judging.judge(question, played.guess, finding.answer, twenty),
            judging.place(question, finding.answer, twenty),
            _theory(played.round, finding),
            played.round.explain(finding, played.guess),
        )

    def go_on(self) -> None:
        """Go to the next round, once this one was run."""
        if self.now.finding is None:
            raise UserError("next round: comes after this one was run")
        if self.at + 1 < len(self.played):
            self.at += 1


def begin(lesson: Lesson, name: Any) -> Attempt:
    """Begin a lesson with the seed of a name or number."""
    clean = cleaned(name)
    return Attempt(lesson, clean, seed_of(clean))


def cleaned(name: Any) -> str:
    """Return a typed name without what cannot be seen; UserError if nothing is left or it is too long."""
    text = unicodedata.normalize("NFC", str(name))
    text = " ".join("".join(c if c.isprintable() or c.isspace() else "" for c in text).split())
    if not text:
        raise UserError("name: must not be empty; a name or a number gives you a run of your own")
    if len(text) > LONGEST:
        raise UserError(f"name: has {len(text):,} characters, must have {LONGEST} at most")
    return text


def seed_of(name: str) -> int:
    """Return the seed of a name, 1 to 2^31 - 1: the same name, the same run; capital letters do not count."""
    digest = hashlib.blake2b(name.casefold().encode("utf-8", "replace"), digest_size=8).digest()
    return int.from_bytes(digest, "big") % (2**31 - 1) + 1


def _theory(round: Round, finding: Finding) -> str:
    if finding.theory is None:
        return "Theory: no formula says this; it has to be run."
    said = round.question.say(finding.theory)
    return f"Theory: {said} ({round.theory})." if round.theory else f"Theory: {said}."


def _nobody(part: float, picture: Picture) -> None:
    """Tell nobody."""
