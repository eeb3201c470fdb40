"""A calibration as a table: a row per step, or per class where a step has a value for each."""

from __future__ import annotations

import pandas as pd

from mesh_abm.calibration.steps import Calibration, Input, Step


def frame(calibration: Calibration) -> pd.DataFrame:
    """Return columns parameter, device_class, value, unit, kind, rule, inputs, sources, end, note."""
    return pd.DataFrame([row for step in calibration.steps for row in _rows(calibration, step)])


def _rows(calibration: Calibration, step: Step) -> list[dict[str, object]]:
    values = step.value if isinstance(step.value, dict) else {"": step.value}
    return [
        {
            "parameter": step.field,
            "device_class": name,
            "value": value,
            "unit": step.unit,
            "kind": step.kind,
            "rule": step.rule,
            "inputs": "; ".join(described(item) for item in step.inputs),
            "sources": ";".join(sources(step)),
            "end": step.ends[calibration.which],
            "note": step.note,
        }
        for name, value in values.items()
    ]


def described(item: Input) -> str:
    """Return an input in words: name, value and unit, range, kind."""
    value = item.value if isinstance(item.value, str) else f"{item.value:.6g}"
    unit = f" {item.unit}" if item.unit else ""
    span = (
        f", range {item.low:.4g} to {item.high:.4g}" if item.low is not None and item.high is not None else ""
    )
    return f"{item.name} = {value}{unit} ({item.kind}{span})"


def sources(step: Step) -> list[str]:
    """Return the keys of the sources of a step, each once (sources.csv), without those of the steps it builds on."""
    keys = (
        key for item in step.inputs if not item.source.startswith("step ") for key in item.source.split(";")
    )
    return list(dict.fromkeys(keys))
