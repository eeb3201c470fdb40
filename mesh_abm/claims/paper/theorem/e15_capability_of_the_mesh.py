"""E15: the capability of the mesh, member by member."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np
import pandas as pd

from mesh_abm.claims.claim import Claim, Evidence, Figures, Verdict
from mesh_abm.claims.experiments import populations
from mesh_abm.model import MeshModel

if TYPE_CHECKING:
    from mesh_abm.claims.drawing import Panel
    from mesh_abm.claims.lab import Lab

CHANGES: dict[str, Any] = {"n_owners": 300, "initial_members": 0.3}
MONTHS = (6, 24, 48)
SAME = 1e-9


def measure(lab: Lab) -> Evidence:
    """Simulated meshes: the measure, beside a sum over the devices found by walking the links."""
    rows = []
    for months in MONTHS:
        runs = lab.runs(
            "reference", lab.size(fast=2, full=6), months=months, changes=CHANGES, probe=by_member
        )
        rows += [(months, run.seed, float(run.frame["c_mesh"].iloc[-1]), *run.seen) for run in runs]
    table = pd.DataFrame(rows, columns=["months", "seed", "measured", "by_member", "all_members"])
    figures = {
        "worst_error": float((table["measured"] / table["by_member"] - 1).abs().max()),
        "least_part_in_mesh": float((table["by_member"] / table["all_members"]).min()),
    }
    says = (
        f"Summed over the devices that the links reach, capability is what the simulation reports to {figures['worst_error']:.0e}; "
        f"the mesh has from {100 * figures['least_part_in_mesh']:.0f}% of what all members have."
    )
    return Evidence(figures, says, table)


def judge(figures: Figures) -> Verdict:
    """Equal, on meshes that are not all of the members (else nothing was tested)."""
    if not figures["least_part_in_mesh"] < 1:
        return Verdict.UNDECIDED
    return Verdict.HOLDS if figures["worst_error"] <= SAME else Verdict.FAILS


def by_member(model: MeshModel) -> tuple[float, float]:
    """Return (15) over the largest set of linked devices, and the same over all members."""
    graph = model.to_networkx()
    graph.remove_node("provider")
    inside = max(map(list, nx.connected_components(graph)), key=len)
    each = model.state.full_capacity[:, None] * model.state.shares
    rho = model.par.rho
    everyone = np.array(list(graph))
    return (
        populations.direct(each[inside].sum(axis=0), rho),
        populations.direct(each[everyone].sum(axis=0), rho),
    )


def draw(panel: Panel, table: pd.DataFrame) -> None:
    """Reported against summed capability."""
    panel.axes(
        "(15) summed by member (queries a month)", "reported c_mesh (queries a month)", log_x=True, log_y=True
    )
    for role, (months, rows) in zip(("first", "second", "third"), table.groupby("months"), strict=True):
        panel.points(rows["by_member"], rows["measured"], f"after {months} months", role)
    ends = np.array([table["by_member"].min(), table["by_member"].max()])
    panel.curve(ends, ends, "equal")


CLAIM = Claim(
    id="E15",
    place="section 6, equation (15)",
    says="The capability of the mesh is the CES over types of what its members can do.",
    experiment="Simulated meshes of up to 300 devices after 6, 24 and 48 months, six runs each; members found by "
    "walking the links, their capabilities added by type.",
    statistic="relative difference of the reported capability from that sum",
    criterion="Holds if they agree to 1e-9 and the mesh is not simply all members.",
    turned_by="A reported capability that counts devices outside the mesh, or counts them otherwise.",
    assumption="a definition: members are those in the largest component of device links",
    simulated=True,
    measure=measure,
    judge=judge,
    counter={"worst_error": 0.1},
    draw=draw,
)
