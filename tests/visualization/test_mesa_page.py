"""Mesa's page without a browser: its sliders, its panels, and the picture of the network."""

from __future__ import annotations

import inspect

import ipyvuetify
import numpy as np
import pytest
import solara
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.colors import to_rgba
from mesa.visualization import Slider

from mesh_abm import MeshModel, Scenario
from mesh_abm.figures import style
from mesh_abm.scenario import field_card
from visualization import mesa_page
from visualization.network_picture import HOLE, colors, disc, draw_network


@pytest.fixture(scope="module")
def model() -> MeshModel:
    """A small mesh after a year, with links between devices and to the provider."""
    model = MeshModel(n_owners=60, initial_members=1.0, rng=1)
    model.run_for(12)
    return model


@pytest.mark.parametrize("name", mesa_page.SLIDERS)
def test_a_slider_stays_within_what_its_field_allows(name: str) -> None:
    value, low, high, step = mesa_page.SLIDERS[name]
    assert low <= value <= high
    assert step > 0
    for end in (low, high):
        assert getattr(Scenario(**{name: type(field_card(name).default)(end)}), name) == end


def test_sliders_start_at_the_reference_but_for_the_size() -> None:
    reference = Scenario()
    assert {name for name, (value, *_) in mesa_page.SLIDERS.items() if getattr(reference, name) != value} == {
        "n_owners"
    }


def test_what_the_page_sets_are_keywords_of_the_model() -> None:
    assert set(mesa_page.model_params()) <= set(inspect.signature(MeshModel.__init__).parameters)


def test_a_label_has_symbol_and_unit() -> None:
    assert mesa_page.slider("churn").label == "churn μ (per month)"
    assert mesa_page.slider("n_owners").label == "n owners P (people)"


def test_whole_numbers_have_sliders_of_whole_numbers() -> None:
    sliders = {name: param for name, param in mesa_page.model_params().items() if isinstance(param, Slider)}
    whole = {name for name, slider in sliders.items() if not slider.is_float_slider}
    assert {"n_owners", "slots", "task_types", "settlement_fee", "rng"} <= whole
    assert whole.isdisjoint({"churn", "link_failure", "demand"})


def test_the_page_renders_and_its_step_button_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[MeshModel] = []
    monkeypatch.setattr(mesa_page, "MeshModel", lambda **fields: made.append(MeshModel(**fields)) or made[-1])
    _, found = solara.render(solara.AppLayout(children=[mesa_page.Page()]), handle_error=False)
    found.find(ipyvuetify.Btn, children=["Step"]).widget.click()
    (model,) = made
    assert model.month == 1
    assert {name: getattr(model.spec, name) for name in mesa_page.SLIDERS} == {
        name: value for name, (value, *_) in mesa_page.SLIDERS.items()
    }


def test_the_figures_of_the_month_are_those_of_the_collector(model: MeshModel) -> None:
    row = model.datacollector.get_model_vars_dataframe().iloc[-1]
    text = mesa_page.figures_of_the_month(model)
    assert text.startswith(f"Month 12 · {len(model.device_frame())} of 60 owners are members · ")
    assert f"mesh {row['share_mesh']:.0%}, provider {row['share_provider']:.0%}" in text


def test_before_the_first_month_nothing_is_said_about_shares() -> None:
    assert "served" not in mesa_page.figures_of_the_month(MeshModel(n_owners=20, rng=1))


def test_the_picture_holds_every_member_and_every_link(model: MeshModel) -> None:
    (ax,) = draw_network(model).axes
    links = model.links_frame()
    to_provider, between = (c for c in ax.collections if isinstance(c, LineCollection))
    members, provider = (c for c in ax.collections if isinstance(c, PathCollection))
    assert len(to_provider.get_segments()) == (links["target"] < 0).sum() > 0
    assert len(between.get_segments()) == (links["target"] >= 0).sum() > 0
    assert len(members.get_offsets()) == len(model.device_frame())
    assert provider.get_offsets().tolist() == [[0, 0]]


def test_places_are_on_a_disc_with_a_hole_and_apart() -> None:
    places = disc(200)
    radius = np.hypot(*places.T)
    assert radius.min() > HOLE
    assert radius.max() < 1
    gaps = np.hypot(*(places[:, None] - places[None]).T) + 9 * np.eye(200)
    assert gaps.min() > 0.05


def test_a_specialist_has_the_color_of_its_type_and_others_are_gray(model: MeshModel) -> None:
    devices = model.device_frame().head(2).assign(dominant=[3, 3], specialization=[0.9, 0.0])
    assert colors(devices).tolist() == [list(to_rgba(style.TASK_COLORS[3])), list(to_rgba(style.OTHERS))]
