"""Fields for which no figure was found: they keep the value of `reference`, and are listed with every result."""

from __future__ import annotations

from mesh_abm.calibration.steps import REFERENCE, Step

KEPT: dict[str, tuple[str, ...]] = {
    "who joins": ("population", "initial_members", "arrivals", "innovation", "merit_spread", "non_owners"),
    "technology": ("cumulative_production", "device_volume"),
    "knowledge and updates": (
        "knowledge_gain",
        "practice",
        "exchange",
        "obsolescence",
        "update_rate",
        "update_recovery",
        "update_seed",
        "release_every",
        "update_bonus",
    ),
    "links": ("kernel", "slots", "attempts", "link_value"),
    "response and learning": (
        "signal",
        "signal_memory",
        "steepness",
        "initial_threshold",
        "threshold_min",
        "threshold_max",
        "reinforcement",
        "decay",
        "learning_rate",
    ),
    "asks and choice": ("ask_rate", "target_use", "latency_cost"),
    "routing": ("ttl", "looks", "relay_fee"),
    "settlement": ("settlement", "settlement_fee", "settlement_capacity"),
    "provider": ("pricing", "pass_through", "undercut", "cost_share", "focus", "reinvest"),
    "measures": ("rho", "measure_every"),
}
"""Fields that keep their reference value, by subject."""

NOTES = {
    "latency_cost": "per simulated query: in these batches it makes waiting nearly free",
    "settlement_fee": "in micro-credits: far below the price of a batch",
}

UNUSED = ("seed", "zipf", "shocks", "calibration", "title", "question", "based_on")
"""Fields that are no figure of the world, or are not used where a mix is given."""


def steps() -> list[Step]:
    """Return a step for each field that keeps its reference value."""
    return [
        Step(
            field,
            REFERENCE,
            "",
            f"no figure found ({subject}): the reference value",
            note=NOTES.get(field, ""),
        )
        for subject, fields in KEPT.items()
        for field in fields
    ]
