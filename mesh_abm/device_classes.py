"""A class of devices: what all phones, or all workstations, have in common at the start."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import StringConstraints

from mesh_abm.fields import Described, Number, Whole, param, text, whole

_CLASS: dict[str, Any] = {"group": "rule 1, technology"}
EVERY = "all"
"""Stands for all classes where a setting names one, unless a class is called so."""
VALUE = "value: choice of the model in `reference`, computed from data in `baseline`"


# fmt: off
class DeviceClass(Described):
    """Share of the owners, relative merit, capacity, answer quality and running cost of such a device."""

    name: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,40}$")] = text(
        meaning="The class's name.", source="choice of the model", **_CLASS,
        kind="a name of letters, digits, - and _",
    )
    share: Number = param(
        unit="of owners", meaning="Share of the owners whose device is of this class.", source=VALUE,
        **_CLASS, ge=0, le=1,
    )
    merit: Number = param(
        symbol="r", unit="of the provider's", source=f"docs/model.md, rule 1; {VALUE}", **_CLASS, ge=0,
        le=1e12, meaning="Merit at the start relative to the provider; fitness is r/(1 + r).",
    )
    capacity: Number = param(
        symbol="C", unit="queries a month", meaning="Queries it can serve in a month at the start.",
        source=f"paper (6); {VALUE}", **_CLASS, ge=0, le=1e9,
    )
    quality: Number = param(
        symbol="q", unit="of a perfect answer", meaning="Quality of its answers at the start, unspecialized.",
        source=VALUE, **_CLASS, ge=0, le=1,
    )
    running_cost: Whole = whole(
        unit="micro-credits a query", meaning="What a served query costs its owner.", source=VALUE, **_CLASS,
        ge=0, le=10**12,
    )


# fmt: on
REFERENCE_CLASSES = (
    DeviceClass(name="phone", share=0.4, merit=0.05, capacity=2, quality=0.55, running_cost=150),
    DeviceClass(name="laptop", share=0.3, merit=0.15, capacity=4, quality=0.62, running_cost=120),
    DeviceClass(name="desktop", share=0.2, merit=0.4, capacity=8, quality=0.70, running_cost=100),
    DeviceClass(name="workstation", share=0.1, merit=1.2, capacity=20, quality=0.80, running_cost=80),
)
