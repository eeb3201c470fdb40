"""The classes of devices that have members at the end of a run."""

from __future__ import annotations

from mesh_abm.results.result import Result
from mesh_abm.terms import short


def present(result: Result) -> dict[str, str]:
    """Return for each class that has members, in the order of the scenario, its label: name and number of members."""
    count = result.devices()["device_class"].value_counts()
    return {
        device.name: f"{short(device.name.replace('_', ' '), 16)} ({count[device.name]:,})"
        for device in result.scenario.classes
        if count.get(device.name, 0)
    }
