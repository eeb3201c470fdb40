"""All lessons, in the order in which they are best taken."""

from __future__ import annotations

from mesh_abm.errors import UserError, nearest, shown
from mesh_abm.laboratory.lessons import churn, fittest, giant_component, labor, prices, revolution
from mesh_abm.laboratory.lessons.lesson import Lesson

LESSONS: tuple[Lesson, ...] = tuple(
    module.LESSON for module in (giant_component, fittest, churn, labor, prices, revolution)
)


def lesson(id: str) -> Lesson:
    """Return the lesson of an id. Raises UserError for one that is not there."""
    known = {each.id: each for each in LESSONS}
    if id not in known:
        raise UserError(f"lesson = {shown(id)}: must be one of {', '.join(known)}{nearest(id, known)}")
    return known[id]
