"""Runs every round with seeds 1 to 20 and keeps the answers: `python -m mesh_abm.laboratory.lessons.recording`.

To be run anew when a rule of the model or a lesson changes; a test compares some of the record with new runs.
"""

from __future__ import annotations

import json
from typing import Any

from mesh_abm.laboratory.lessons.catalog import LESSONS
from mesh_abm.laboratory.lessons.judging import RECORD, kept
from mesh_abm.laboratory.lessons.lesson import Picture, Round

SEEDS = range(1, 21)


def answer(round: Round, seed: int) -> Any:
    """Return the answer of a round with a seed, as it is kept."""
    return kept(round.question, round.run(seed, _unseen).answer)


def main() -> None:
    """Write the record."""
    found = {
        lesson.id: [[answer(each, seed) for seed in SEEDS] for each in lesson.rounds] for lesson in LESSONS
    }
    lines = [f"{json.dumps(key)}: {json.dumps(value)}" for key, value in found.items()]
    RECORD.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


def _unseen(part: float, picture: Picture) -> None:
    """Show nobody."""


if __name__ == "__main__":
    main()
