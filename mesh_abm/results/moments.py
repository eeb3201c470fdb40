"""The network at three moments of a run: nucleation, crystallization and the end.

Nucleation is the first month of a giant component that lasts (mesh_abm.phases), which is known only months later: a
copy is taken whenever it may be that month, and dropped when it was not.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pandas as pd

from mesh_abm.phases import CRYSTALLIZATION, LASTING, NUCLEATION

if TYPE_CHECKING:
    from mesh_abm.model import MeshModel

Snapshots = dict[str, tuple[int, pd.DataFrame]]
"""For each moment that was reached: the month, and the network as `annotated_links` gives it."""


class Moments:
    """Watches a run month by month and keeps copies of its network at the moments."""

    def __init__(self) -> None:
        self._kept: Snapshots = {}
        self._lasted = 0

    def see(self, month: int, s_inf: float, copy: Callable[[], pd.DataFrame]) -> None:
        """Look at a month (0 included): share of members in the largest component, and how to copy the network."""
        if s_inf > NUCLEATION:
            self._lasted += 1
            self._keep("nucleation", month, copy)
        elif self._lasted < LASTING:  # also where s_inf is NaN, without members
            self._lasted = 0
            self._kept.pop("nucleation", None)
        if s_inf > CRYSTALLIZATION:
            self._keep("crystallization", month, copy)

    def snapshots(self, month: int, copy: Callable[[], pd.DataFrame]) -> Snapshots:
        """The networks at the moments that were reached by `month`, the end."""
        if self._lasted < LASTING:
            self._kept.pop("nucleation", None)
        self._keep("end", month, copy)
        return dict(self._kept)

    def _keep(self, moment: str, month: int, copy: Callable[[], pd.DataFrame]) -> None:
        """Keep the network for a moment that has none yet; moments of one month share a copy."""
        if moment not in self._kept:
            present = dict(self._kept.values())
            self._kept[moment] = (month, present[month] if month in present else copy())


def annotated_links(model: MeshModel) -> pd.DataFrame:
    """The links of the month, a row a link, with what the devices at its ends do.

    Columns: source, target (row numbers; target -1 is the provider), traffic; source_task, target_task (the type that
    takes most of the device's work; -1 for the provider); source_specialization, target_specialization (0 to 1; NaN
    for the provider).
    """
    links = model.links_frame()
    devices = model.device_frame().set_index("row")[["dominant", "specialization"]]
    source, target = devices.reindex(links["source"]), devices.reindex(links["target"])
    return links.assign(
        source_task=source["dominant"].to_numpy(),
        target_task=target["dominant"].fillna(-1).to_numpy().astype("int64"),
        source_specialization=source["specialization"].to_numpy(),
        target_specialization=target["specialization"].to_numpy(),
    )
