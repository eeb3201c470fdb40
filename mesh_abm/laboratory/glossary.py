"""Each term that the pages use, in one line of plain words; the terms of the report are among them."""

from __future__ import annotations

from mesh_abm.terms import GLOSSARY as REPORTED

GLOSSARY: dict[str, str] = REPORTED | {
    "before": "no lasting group of connected devices yet",
    "nucleation": "more than 1 member in 20 belongs to one connected group, three months running",
    "crystallization": "more than half of the members belong to one connected group",
    "maturity": "what devices take from the provider has hardly moved for a year",
    "S_inf": "the share of members in the largest connected group of devices",
    "equation (2)": "the size of the largest group in a random network with as many links, S = 1 - exp(-R0 S)",
    "N*": "how many members the mesh needs to match the provider's capacity, as connected as it is now",
    "C_mesh": "how many questions a month the connected devices could answer, where serving many types counts",
    "C_cent": "the same for the provider",
    "hub": "a device with many more links, or much more work, than the others",
    "hub share": "the part of all work in the mesh done by the busiest 1 in 100 devices",
    "fitness": "how attractive a partner is for new links: merit / (1 + merit)",
    "threshold": "how loud the call for a type of work must be before a device takes it up",
    "signal": "unserved questions that a device hears about: the call for work of a type",
    "walk": "how a question looks for a device: from neighbor to neighbor, a few hops at most",
    "shock": "something that changes from outside in a month, such as the provider's price",
    "seed": "the number that all chance is drawn from: same seed, same run",
    "degree": "how many links to other devices a device has",
    "power law": "a distribution in which a few are very large: a straight line on log-log axes",
    "Lorenz curve": "what part of all money the poorest members have; the more it sags, the less equal",
    "first order": "a change by a jump: it waits, then happens all at once, and does not go back the same way",
    "continuous": "a change without a jump: it grows from nothing, and goes back the way it came",
    "hysteresis": "going up and coming down take different ways: the state depends on the past",
    "coupling": "how strongly neighbors want to agree",
}
"""Term -> one line."""


def explain(term: str) -> str:
    """Return the line of a term; KeyError for one that is not there."""
    return GLOSSARY[term]
