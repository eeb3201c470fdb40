"""What things are called in figures and sentences."""

from __future__ import annotations

from mesh_abm.scenario import Scenario

REASON_NAMES: dict[str, str] = {
    "frontier": "frontier",
    "no_path": "no path",
    "no_specialist": "no specialist",
    "no_capacity": "no capacity",
    "funds": "funds",
    "settlement": "settlement",
    "quality": "quality",
    "price": "price",
    "latency": "latency",
    "taste": "taste",
}

REASON_MEANINGS: dict[str, str] = {
    "frontier": "only the provider can answer it",
    "no_path": "the device has no link to another device",
    "no_specialist": "the search met no device that works on this type of question",
    "no_capacity": "a device for it was found, but it was fully booked",
    "funds": "the member's wallet could not pay the offer",
    "settlement": "the month's payments had used up the capacity of settlement",
    "quality": "the provider was chosen, and its better answers were its largest advantage",
    "price": "the provider was chosen, and its lower price was its largest advantage",
    "latency": "the provider was chosen, and its speed was its largest advantage",
    "taste": "the provider was chosen although the mesh offer was no worse: chance in choice",
}


def type_names(scenario: Scenario) -> list[str]:
    """Return a name for each type of task, by number: those of the measured mix, else "type 1", "type 2", ..."""
    if isinstance(scenario.mix, str):
        from mesh_abm.calibration.mixes import mix

        return [name.replace("_", " ") for name in mix(scenario.mix)]
    return [f"type {number}" for number in range(1, scenario.task_types + 1)]


def short(name: str, length: int = 26) -> str:
    """Return a name cut to so many characters."""
    return name if len(name) <= length else name[: length - 1].rstrip() + "…"
