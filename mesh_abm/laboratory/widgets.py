"""The parts of a page that are drawn in the browser: the stage of the Watch page, and single charts.

Their client side is plain JavaScript in `client/`, joined in order into the one module that anywidget loads; charts are
drawn by uPlot (client/vendor), the network on a canvas.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anywidget
import traitlets

CLIENT = Path(__file__).with_name("client")
SHARED = ("vendor/uPlot.iife.min.js", "colors.js", "columns.js", "charts.js")
STYLES = ("vendor/uPlot.min.css", "client.css")


def _module(*files: str, render: str) -> str:
    """Return an ES module made of files in which each may use what those before it define."""
    texts = [(CLIENT / name).read_text(encoding="utf-8") for name in (*SHARED, *files)]
    return "\n".join([*texts, f"export default {{ render: {render} }};"])


_STYLE = "\n".join((CLIENT / name).read_text(encoding="utf-8") for name in STYLES)


class Stage(anywidget.AnyWidget):
    """Network, charts and map of one world or two, fed by messages (see `mesh_abm.laboratory.frame` and `.runner`).

    `spec` is what `world.client_spec` returns; `theory` says whether lines of theory are drawn.
    """

    _esm = _module("network.js", "heat.js", "stage.js", render="render")
    _css = _STYLE
    spec: Any = traitlets.Dict().tag(sync=True)
    theory: Any = traitlets.Bool(True).tag(sync=True)


class Plot(anywidget.AnyWidget):
    """One chart: `spec` is that of `charts.Chart.spec()`.

    `data` holds "x" and a list for each line's key (None for a gap), or for a chart of curves [xs, ys] for each key.
    `domain` fixes the x axis; `marks` are {x, label, color} (a vertical line) or {x, y, label, color} (a point).
    While `sketching`, the visitor draws a curve, which comes back in `sketch` as points (x, y) in the chart's units.
    """

    _esm = _module("plot.js", render="renderPlot")
    _css = _STYLE
    name: Any = traitlets.Unicode("plot").tag(sync=True)
    spec: Any = traitlets.Dict().tag(sync=True)
    data: Any = traitlets.Dict().tag(sync=True)
    domain: Any = traitlets.List(allow_none=True, default_value=None).tag(sync=True)
    theory: Any = traitlets.Bool(True).tag(sync=True)
    marks: Any = traitlets.List().tag(sync=True)
    sketch: Any = traitlets.List().tag(sync=True)
    sketching: Any = traitlets.Bool(False).tag(sync=True)
