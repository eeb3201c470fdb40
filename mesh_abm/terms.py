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


GLOSSARY: dict[str, str] = {
    "member": "an owner whose device takes part, which can serve others and asks for itself",
    "mesh": "members' devices that are linked to each other and serve each other's queries for pay",
    "provider": "the hosted, centralized service that everybody can use at its price",
    "merit": (
        "what a device is worth beside the provider: quality of its answers times its speed, the provider's "
        "being 1"
    ),
    "condensate": "the part of all links that point to the provider: its hold on the network",
    "largest component": (
        "the largest group of members that are connected through links between devices; a giant one holds a "
        "fixed part of all"
    ),
    "link value": "the chance that a typical offer of a device is preferred to the provider's",
    "churn": "the chance that a member leaves in a month",
    "link failure": "the chance that a link breaks in a month although both ends stay",
    "frontier query": "a query that only the provider can answer",
    "head and tail": "the quarter of the types of questions that are asked most, and all others",
    "specialization": "0 if a device does all types of work alike, 1 if it does one only",
    "ask and bid": "what devices want for a query, and the pay at which a typical offer would tie with the provider's",
    "crossing": "the moment at which a query on hardware bought for it costs less than the provider's price, by list",
    "technology index": (
        "how much better devices get for their price, as a logarithm: efficiency of algorithms over unit cost"
    ),
    "critical mass": "how many members the mesh needs to match the provider's capacity, as connected as it is",
    "effective queries": "capacity over all types of questions, where being able to serve many types counts (CES)",
    "adoption number": "how many others a member wins over before leaving; above 1 membership spreads by itself",
    "elasticity": "by how many per cent the odds of being chosen change if a price changes by one per cent",
    "closed form": "what the rules imply exactly or on average for a large, steady population, without simulating",
    "micro-credit": "the unit of money; a million are a credit, which is a US dollar where the figures come from data",
}
"""Terms of the reports in one line each."""
