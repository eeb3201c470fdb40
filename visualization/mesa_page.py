"""The model on Mesa's own page: sliders, the network, and charts with what theory predicts.

    solara run visualization/mesa_page.py          (or: make mesa-page)

A change of a slider takes effect on Reset. Every browser tab has a model of its own.
"""

from __future__ import annotations

from typing import Any

import solara
from matplotlib.axes import Axes
from mesa.visualization import Slider, SolaraViz, make_plot_component

from mesh_abm import MeshModel
from mesh_abm.figures import style
from mesh_abm.scenario import field_card
from visualization.network_picture import draw_network

# field: (value, lowest, highest, step); `reference`, but with few enough owners to see each
SLIDERS: dict[str, tuple[float, float, float, float]] = {
    "n_owners": (300, 50, 2000, 50),
    "slots": (4, 1, 8, 1),
    "task_types": (8, 1, 16, 1),
    "churn": (0.02, 0.0, 0.2, 0.01),
    "link_failure": (0.08, 0.0, 0.3, 0.01),
    "contagion": (0.6, 0.0, 2.0, 0.05),
    "learning_exponent": (0.23, 0.0, 1.0, 0.01),
    "efficiency_growth": (0.02, 0.0, 0.06, 0.005),
    "demand": (2.0, 0.5, 6.0, 0.5),
    "provider_price": (1000, 100, 3000, 100),
    "settlement_fee": (5, 0, 300, 5),
}
FIRST_SEED = 1

SHARES = {
    f"share_{served_by}": style.COLORS[served_by] for served_by in ("mesh", "self", "provider", "unserved")
}
COMPONENT = {"s_inf": style.COLORS["mesh"], "s_inf_theory": style.COLORS["theory"]}
CONDENSATE = {"condensate": style.COLORS["provider"], "condensate_theory": style.COLORS["theory"]}
NAMES = {
    "share_mesh": "mesh",
    "share_self": "own device",
    "share_provider": "provider",
    "share_unserved": "unserved",
    "s_inf": "simulated",
    "s_inf_theory": "equation (2)",
    "condensate": "simulated",
    "condensate_theory": "mean field",
    "specialization": "specialization",
}


def slider(name: str) -> Slider:
    """Mesa's slider of a field, labeled with its symbol and unit."""
    card = field_card(name)
    value, low, high, step = SLIDERS[name]
    symbol = f" {card.symbol.replace('_0', '₀')}" if 0 < len(card.symbol) <= 3 else ""  # room for the slider
    unit = f" ({card.unit})" if card.unit else ""
    return Slider(f"{name.replace('_', ' ')}{symbol}{unit}", value, low, high, step)


def model_params() -> dict[str, Any]:
    """What Mesa's page lets its user set, and makes a new model with."""
    kernels = {"type": "Select", "label": "kernel of new links", "value": "fitness"}
    return {
        **{name: slider(name) for name in SLIDERS},
        "kernel": kernels | {"values": list(field_card("kernel").choices)},
        "rng": Slider("seed", FIRST_SEED, 0, 100, 1),
    }


def network(model: MeshModel) -> Any:
    """The panel of the network, with the figures of the month in words."""
    with solara.Column() as panel:
        solara.Text(figures_of_the_month(model), classes=["figures-of-the-month"])
        solara.FigureMatplotlib(draw_network(model), format="png", bbox_inches="tight")
    return panel


def figures_of_the_month(model: MeshModel) -> str:
    """Month, members, largest component and shares, in one line."""
    row = model.datacollector.get_model_vars_dataframe().iloc[-1]
    parts = [f"Month {model.month}", f"{row['members']:.0f} of {model.spec.n_owners} owners are members"]
    parts.append(f"largest component {row['s_inf']:.0%} of them")
    if row["share_mesh"] == row["share_mesh"]:  # not before the first month
        parts.append(f"queries served: mesh {row['share_mesh']:.0%}, provider {row['share_provider']:.0%}")
    return " · ".join(parts)


def titled(title: str, unit: str) -> Any:
    """What Mesa calls on the axes of a chart when its lines are drawn."""

    def finish(axes: Axes) -> None:
        for line in axes.lines:
            measure = str(line.get_label())
            line.set_label(NAMES.get(measure, measure))
            line.set_linestyle(style.DASHES.get(thing_of(measure), "-"))
        axes.set_title(title, loc="left")
        axes.set_ylabel(unit)
        axes.set_ylim(-0.02, 1.02)
        axes.grid(color=style.GRID)
        axes.legend(loc="best", frameon=False)

    return finish


def thing_of(measure: str) -> str:
    """What a measure is about, in the words of `style`: share_mesh is drawn as the mesh is."""
    return "theory" if measure.endswith("_theory") else measure.removeprefix("share_")


def components() -> list[Any]:
    """The panels of the page."""
    return [
        network,
        make_plot_component(SHARES, post_process=titled("Who serves the queries", "share of all queries")),
        make_plot_component(
            COMPONENT, post_process=titled("Largest component of devices", "share of members")
        ),
        make_plot_component(
            CONDENSATE, post_process=titled("The provider's hold on links", "share of filled slots")
        ),
    ]


@solara.component
def Page() -> None:
    """Mesa's page with a model of this browser tab's own."""
    params = model_params()
    values = {
        name: param.value if isinstance(param, Slider) else param["value"] for name, param in params.items()
    }
    model = solara.use_memo(lambda: MeshModel(**values), [])
    SolaraViz(model, components=components(), model_params=params, name="mesh_abm")


page = Page()
