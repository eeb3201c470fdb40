"""What a run says in words: short, with its terms explained, honest where the mesh does not win."""

from __future__ import annotations

from mesh_abm.results.result import Result

__all__ = ["sections", "words"]


def sections(result: Result) -> dict[str, list[str]]:
    """Return the summary: for each question its paragraphs (plain text), in order."""
    from mesh_abm.summary import (
        costs,
        formation,
        grounds,
        obstacles,
        requirements,
        service,
        shortly,
        steering,
    )

    return {
        "In short:": [shortly.paragraph(result)],
        "Did a mesh form?": [formation.paragraph(result)],
        "Who serves what?": [service.paragraph(result)],
        "When do costs cross?": [costs.paragraph(result)],
        "What held the mesh back?": obstacles.paragraphs(result),
        "What would it take?": requirements.paragraphs(result),
        "Do prices steer choices?": [steering.paragraph(result)],
        "What does this rest on?": grounds.paragraphs(result),
    }


def words(result: Result) -> list[str]:
    """Return the summary as paragraphs of plain text, each question before its answer."""
    return [
        f"{question} {text}" if k == 0 else text
        for question, texts in sections(result).items()
        for k, text in enumerate(texts)
    ]
