"""Lines and charts of the lessons, in the colors and dashes of the report."""

from __future__ import annotations

from typing import Any

from mesh_abm.figures import style
from mesh_abm.laboratory.charts import Chart, Line

GUESS = style.COLORS["tail"]
"""The color of what a student predicts, as the client draws a curve by hand."""


def line(key: str, label: str, thing: str) -> Line:
    """Return a line drawn as the report draws this thing."""
    dash = style.DASHES[thing]
    pattern = () if isinstance(dash, str) else tuple(dash[1])
    return Line(key, label, style.COLORS[thing], pattern, thing == "theory")


def share_chart(id: str, title: str, unit: str, x_label: str, help: str, *lines: Line, **more: Any) -> Chart:
    """Return a chart of shares over anything."""
    return Chart(
        id, title, unit, help, lines, kind="curve", low=0.0, high=1.0, percent=True, x_label=x_label, **more
    )


def chart(id: str, title: str, unit: str, x_label: str, help: str, *lines: Line, **more: Any) -> Chart:
    """Return a chart of numbers from 0 over anything."""
    return Chart(id, title, unit, help, lines, kind="curve", x_label=x_label, **({"low": 0.0} | more))


def at(x: float, y: float, label: str, color: str = GUESS) -> dict[str, Any]:
    """Return a point on a picture."""
    return {"x": x, "y": y, "label": label, "color": color}


def upright(x: float, label: str, color: str = GUESS) -> dict[str, Any]:
    """Return a vertical line on a picture."""
    return {"x": x, "label": label, "color": color}
