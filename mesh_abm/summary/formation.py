"""Did a mesh form, and when?"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from mesh_abm.facts import at_end, lately, recent
from mesh_abm.phases import CRYSTALLIZATION, NUCLEATION
from mesh_abm.results.result import Result
from mesh_abm.wording import at_month, counted, number, percent

FEW = 500
"""Below this number of members a small group can be a large share of them."""

Verdict = Literal["formed", "dissolved", "begun", "none", "empty"]


@dataclass(frozen=True)
class Component:
    """The largest connected group of devices in a month."""

    month: int
    devices: int
    members: int

    @property
    def share(self) -> float:
        """Its part of the members, NaN without members."""
        return self.devices / self.members if self.members else math.nan

    @property
    def by_chance(self) -> bool:
        """Whether members are so few that links below the threshold can give a group of this size.

        N^(2/3) is its order at the threshold (Erdos and Renyi 1960). A pair of friends is a tenth of twenty members,
        and no mesh.
        """
        return bool(self.members < FEW and self.devices <= max(2.0, self.members ** (2 / 3)))


def component(frame: pd.DataFrame, month: int) -> Component:
    """Return the largest component at the end of a month."""
    row = frame[frame["month"] == month].iloc[0]
    members = int(row["members"])
    return Component(month, round(row["s_inf"] * members) if members else 0, members)


def verdict(result: Result) -> Verdict:
    """Return whether a mesh "formed", "dissolved" again, has "begun", did not form ("none"), or nobody is there."""
    last = component(result.frame, result.months)
    if not last.members:
        return "empty"
    if crystallized(result.frame) is not None:
        return "formed" if last.share > CRYSTALLIZATION else "dissolved"
    return "begun" if last.share > NUCLEATION and not last.by_chance else "none"


def crystallized(frame: pd.DataFrame) -> int | None:
    """Return the first month in which more than half of the members are connected, and not by chance; None if never."""
    months = frame.loc[frame["s_inf"] > CRYSTALLIZATION, "month"]
    return next((int(month) for month in months if not component(frame, int(month)).by_chance), None)


def paragraph(result: Result) -> str:
    """Return what became of the mesh, in words."""
    last = component(result.frame, result.months)
    say = {"formed": _formed, "dissolved": _dissolved, "begun": _begun, "none": _none, "empty": _empty}
    return f"{say[verdict(result)](result, last)}{_chance(result)}{_maturity(result)}"


def _empty(result: Result, last: Component) -> str:
    return "No. At the end nobody is a member, so there is nobody to link to."


def _formed(result: Result, last: Component) -> str:
    return (
        f"Yes. In {_month(result)} the largest group of devices linked to each other first held more than "
        "half of the "
        'members ("crystallization"); '
        f"at the end it holds {last.devices:,} of {last.members:,} members ({percent(last.share)}), with "
        f"{number(at_end(result.frame, 'mean_degree'))} links to other devices each on average. "
        f"{_membership(result, last)}"
    )


def _month(result: Result) -> str:
    month = crystallized(result.frame)
    assert month is not None
    return at_month(month, result.scenario.start)


def _dissolved(result: Result, last: Component) -> str:
    return (
        f"Yes, but it fell apart. In {_month(result)} more than half of the members were linked to each "
        f"other; at the end the largest group holds {last.devices:,} of {last.members:,} members "
        f"({percent(last.share)}). {_membership(result, last)}"
    )


def _begun(result: Result, last: Component) -> str:
    return (
        "Only a beginning. At the end the largest group of devices linked to each other holds "
        f"{last.devices:,} of {last.members:,} members ({percent(last.share)}), less than the half that "
        f"would make it a mesh. {_membership(result, last)}"
    )


def _none(result: Result, last: Component) -> str:
    degree = recent(result.frame, "mean_degree")
    return (
        f"No. Devices hardly linked to each other: {lately(result.frame)} a member had {number(degree)} "
        "links to other devices on average, and a network needs more than about one each to hold "
        f"together. At the end the largest group is {counted(last.devices, 'device')} of "
        f"{counted(last.members, 'member')}. {_membership(result, last)}"
    )


def _membership(result: Result, last: Component) -> str:
    owners = result.scenario.n_owners
    return f"Members are {percent(last.members / owners)} of the {counted(owners, 'owner')} of a device."


def _chance(result: Result) -> str:
    """Return a warning where a phase was reached by a group that chance can make among so few members."""
    for phase in ("crystallization", "nucleation"):
        if phase in result.phases:
            there = component(result.frame, result.phases[phase])
            if there.by_chance:
                since = at_month(there.month, result.scenario.start)
                return (
                    f' (The rule for "{phase}" was met in {since}, but '
                    f"by a group of {counted(there.devices, 'device')} among "
                    f"{counted(there.members, 'member')}: among so few that is chance.)"
                )
    return ""


def _maturity(result: Result) -> str:
    """Return since when the devices' share has stood still, if it still does."""
    month = result.phases.get("maturity")
    if month is None or verdict(result) != "formed":
        return ""
    share = result.frame.loc[result.frame["month"] >= month, "market_share"]
    if share.max() - share.min() > 0.05:
        return ""
    return (
        f' Since {at_month(month, result.scenario.start)} the devices\' share has hardly moved ("maturity").'
    )
