"""The model as tables and graphs, for people and for other libraries. Looking changes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import networkx as nx
import numpy as np
import numpy.typing as npt
import pandas as pd

from mesh_abm.network import PROVIDER
from mesh_abm.state import specialization
from mesh_abm.technology import fitness

if TYPE_CHECKING:
    from mesh_abm.model import MeshModel

PROVIDER_ROW = -1  # stands for the provider among row numbers
BY_TYPE = {"share": "shares", "threshold": "thresholds", "signal": "signal"}
PLAIN = (
    "merit", "joined", "task", "quality", "capacity", "load", "delivered", "relayed", "hosted", "ask", "wallet",
    "knowledge", "up_to_date",
)  # fmt: skip


def device_frame(model: MeshModel) -> pd.DataFrame:
    """A row per member: row, spell, class, state, flows of the month, degree and specialization."""
    state, rows = model.state, model.state.members
    names = np.array([c.name for c in model.spec.classes], dtype=object)
    columns: dict[str, npt.NDArray[np.generic]] = {
        "row": rows,
        "spell": state.spell[rows],
        "device_class": names[state.device_class[rows]],
        "fitness": fitness(state.merit[rows]),
    }
    columns |= {name: getattr(state, name)[rows] for name in PLAIN}
    columns |= {
        "degree": model.network.degree[rows],
        "provider_slots": (model.network.slots[rows] == PROVIDER).sum(axis=1),
        "specialization": specialization(state.shares, rows),
        "dominant": state.shares[rows].argmax(axis=1),
    }
    for prefix, name in BY_TYPE.items():
        values = getattr(state, name)
        values = values[rows] if len(values) > 1 else np.repeat(values, rows.size, axis=0)
        columns |= {f"{prefix}_{j}": values[:, j] for j in range(state.n_types)}
    return pd.DataFrame(columns)


def links_frame(model: MeshModel) -> pd.DataFrame:
    """A row per filled slot: source, target (-1 the provider), traffic of the month.

    Traffic of a device link is the deliveries and relayings that passed it; a device's queries served by the provider
    are shown on its first slot that points there.
    """
    source, target, traffic = model.network.links()
    rows, slots = np.nonzero(model.network.slots == PROVIDER)
    first = np.r_[True, rows[1:] != rows[:-1]][: rows.size]
    hosted = np.where(first, model.state.hosted[rows], 0)
    del slots
    return pd.DataFrame(
        {
            "source": np.concatenate([source, rows.astype(np.int32)]),
            "target": np.concatenate([target, np.full(rows.size, PROVIDER_ROW, np.int32)]),
            "traffic": np.concatenate([traffic, hosted.astype(np.int32)]),
        }
    )


def to_networkx(model: MeshModel) -> nx.Graph:
    """Nodes are row numbers and "provider"; edges carry `traffic`, and `slots` where they lead to the provider."""
    graph = nx.Graph(month=model.month)
    frame = device_frame(model)
    shown = ["device_class", "dominant", "specialization", "load", "relayed"]
    graph.add_nodes_from(frame.set_index("row")[shown].to_dict("index").items())
    graph.add_node("provider")
    for source, target, traffic in links_frame(model).itertuples(index=False):
        other = "provider" if target == PROVIDER_ROW else target
        if graph.has_edge(source, other):
            graph[source][other]["traffic"] += traffic
            graph[source][other]["slots"] += 1
        else:
            graph.add_edge(source, other, traffic=traffic, slots=1)
    return graph
