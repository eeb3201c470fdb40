"""The pictures of analyses: drawn from their tables, with what the tables lack left out."""

from __future__ import annotations

import math
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex
from matplotlib.text import Text

from mesh_abm.analysis import Reading, flips, response, sensitivity, tornado, tornado_plan
from mesh_abm.analysis.pictures import phase_diagram
from mesh_abm.analysis.pictures import response as response_figure
from mesh_abm.analysis.pictures import sensitivity as sensitivity_figure
from mesh_abm.analysis.pictures import tipping as tipping_figure
from mesh_abm.analysis.pictures import tornado as tornado_figure
from mesh_abm.analysis.pictures.naming import field_label, is_share, measure_label
from mesh_abm.figures import style
from mesh_abm.figures.calibration.drawing import Drawing
from mesh_abm.scenario import Scenario
from mesh_abm.sweeps import Store, sweep
from mesh_abm.theory import condensation
from tests.analysis import formulas
from tests.analysis.conftest import store_of

X, Y = "churn", "classes.device.merit"
FIXED = {"n_owners": 100}


def words(drawing: Drawing) -> str:
    """All that is written in a picture."""
    return "\n".join(text.get_text() for text in drawing.canvas.findobj(Text))  # type: ignore[attr-defined]


def check(drawing: Drawing) -> None:
    """The files are those of a figure: SVG and PNG of it, and its table as CSV."""
    files = drawing.files()
    assert files[f"{drawing.name}.png"].startswith(b"\x89PNG")
    assert b"</svg>" in files[f"{drawing.name}.svg"]
    table = pd.read_csv(StringIO(files[f"{drawing.name}.csv"].decode()))
    pd.testing.assert_frame_equal(table, drawing.data.reset_index(drop=True), check_dtype=False)
    assert drawing.sentence.endswith(".")


def test_a_phase_diagram_has_the_map_and_the_three_lines(plane: Store) -> None:
    drawing = phase_diagram.draw(plane, X, Y, "s_inf", fixed=FIXED)
    check(drawing)
    ax = drawing.canvas.axes[0]
    mesh = ax.collections[0]
    np.testing.assert_allclose(mesh.get_array().reshape(3, 3).T.ravel(), drawing.data["mean"])  # type: ignore[union-attr]
    assert len(ax.collections) == 4
    for name in phase_diagram.LINES.values():
        assert name[3] in words(drawing)
    measured = ax.collections[1].get_paths()[0].vertices
    np.testing.assert_allclose(np.asarray(measured)[:, 0], 0.1, atol=1e-9)  # 20 churn = 2
    assert "merits that stand still" in drawing.sentence
    assert "lag behind" not in drawing.sentence


def test_the_lines_of_the_theory_lie_where_it_says(plane: Store) -> None:
    from mesh_abm.theory import equilibrium

    ax = phase_diagram.draw(plane, X, Y, "s_inf", fixed=FIXED).canvas.axes[0]
    leading = np.asarray(ax.collections[2].get_paths()[0].vertices)
    assert len(leading) > 20
    for churn, merit in leading[::5]:
        assert merit == pytest.approx(equilibrium.mesh_threshold(1.0, 4, 0.05, churn, 0.5), rel=0.01)


def test_a_condensate_is_drawn_beside_its_law(tmp_path: Path, one_class: Scenario) -> None:
    vary = {X: [0.05, 0.1, 0.2], "classes.all.merit": [0.5, 1.0, 2.0]}
    store = store_of(formulas.condensed, tmp_path / "store", scenario=one_class, vary=vary)
    drawing = phase_diagram.draw(store, X, "classes.all.merit", "condensate")
    check(drawing)
    assert "condensate, measured" in words(drawing)
    assert "condensate, by its law" in words(drawing)
    measured, law = drawing.canvas.axes[0].collections[-2:]
    level = law.levels.tolist().index(0.8)  # type: ignore[attr-defined]
    for churn, merit in np.asarray(law.get_paths()[level].vertices)[::5]:
        fitness = condensation.fitness_of_merit(merit)
        held = condensation.with_churn(fitness, 0.5, one_class.link_failure, churn)
        assert held == pytest.approx(0.8, abs=0.01)
    assert measured.levels.tolist() == [0.8]  # type: ignore[attr-defined]


@pytest.mark.parametrize("changed", [{"kernel": "degree"}, {"churn": 1.0}, {"link_failure": 1.0}])
def test_a_condensate_without_a_law_is_drawn_alone(
    tmp_path: Path, one_class: Scenario, changed: dict[str, Any]
) -> None:
    varied = [name for name in ("churn", "link_failure", "update_rate") if name not in changed][:2]
    scenario = one_class.replace(**changed)
    vary = {name: [0.05, 0.2] for name in varied}
    store = store_of(formulas.condensed, tmp_path / "store", scenario=scenario, vary=vary)
    drawing = phase_diagram.draw(store, *varied, "condensate")
    check(drawing)
    assert "by its law" not in words(drawing)


def test_shares_are_drawn_from_none_to_all(tmp_path: Path, one_class: Scenario) -> None:
    base = one_class.replace(churn=0.2)
    plan = tornado_plan(base, [], {"churn": (0.1, 0.3)}, months=2, replicates=2)
    table = tornado(sweep(plan, tmp_path / "store", engine="local", build=formulas.linear), "s_inf")
    wide = table.assign(half_low=5.0, half_high=5.0)
    ax = tornado_figure.draw(wide, "s_inf").canvas.axes[0]
    arms = np.concatenate([path.vertices for lines in ax.collections for path in lines.get_paths()])
    assert (arms[:, 0].min(), arms[:, 0].max()) == pytest.approx((0, 1))
    curve = pd.DataFrame({"churn": [0.1, 0.2], "mean": [0.5, 0.6], "low": -0.9, "high": 1.9, "count": 2})
    assert response_figure.draw(curve, "s_inf").canvas.axes[0].get_ylim() == pytest.approx((0, 1.02))


def test_what_keeps_a_run_from_being_steady_is_told(tmp_path: Path) -> None:
    vary = {X: [0.05, 0.1], "link_failure": [0.1, 0.2]}
    sentence = phase_diagram.draw(
        store_of(formulas.linear, tmp_path / "a", vary=vary), X, "link_failure", "s_inf"
    ).sentence
    assert (
        "here technology moves merits and members come and go with adoption, so the network may lag"
        in sentence
    )


def test_where_the_theory_does_not_apply_no_line_of_it_is_drawn(plane: Store) -> None:
    drawing = phase_diagram.draw(plane, X, Y, "s_inf")
    assert len(drawing.canvas.axes[0].collections) == 2
    assert "no line of the theory is drawn: n_owners varied too" in drawing.sentence
    assert "theory" not in words(drawing)


def test_missing_points_are_hatched_and_counted(tmp_path: Path, one_class: Scenario) -> None:
    vary = {X: [0.05, 0.1, 0.1], "link_failure": [0.1, 0.1, 0.2]}
    store = store_of(formulas.linear, tmp_path / "store", scenario=one_class, sampler="list", vary=vary)
    drawing = phase_diagram.draw(store, X, "link_failure", "condensate")
    check(drawing)
    assert "1 of 4 points have no value" in drawing.sentence
    assert "the condensate is off its law by at most" in drawing.sentence
    assert drawing.canvas.axes[0].patch.get_hatch()


def test_the_map_gets_steadily_lighter() -> None:
    from matplotlib import colormaps

    lights = [style.luminance(to_hex(colormaps[phase_diagram.MAP](part))) for part in np.linspace(0, 1, 64)]
    assert (np.diff(lights) > 0).all()
    assert lights[-1] / lights[0] > 20


def test_a_response_curve_has_its_band(plane: Store) -> None:
    table = response(plane, X, "s_inf")
    drawing = response_figure.draw(table, "s_inf")
    check(drawing)
    band = np.asarray(drawing.canvas.axes[0].collections[0].get_paths()[0].vertices)
    assert band[:, 1].min() == pytest.approx(table["low"].min())
    assert band[:, 1].max() == pytest.approx(table["high"].max())
    assert "highest, 0.35, at 0.20" in drawing.sentence
    without = table.assign(low=np.nan, high=np.nan)
    assert "points have one run each" in response_figure.draw(without, "s_inf").sentence
    check(response_figure.draw(table.assign(mean=np.nan), Reading("s_inf", above=3)))


def test_sensitivity_is_drawn_beside_a_field_that_does_nothing(tmp_path: Path) -> None:
    vary = {name: {"low": 0.0, "high": 1.0} for name in ("churn", "link_failure", "update_rate")}
    store = store_of(formulas.plain, tmp_path / "a", sampler="latin-hypercube", samples=64, vary=vary)
    drawing = sensitivity_figure.draw(sensitivity(store, "s_inf", "rbd_fast"), "s_inf", "rbd_fast")
    check(drawing)
    assert "a field that\ndoes nothing" in words(drawing)
    assert "depends on churn (0." in drawing.sentence
    assert "update_rate" not in drawing.sentence
    store = store_of(formulas.plain, tmp_path / "b", sampler="saltelli", samples=32, vary=vary)
    drawing = sensitivity_figure.draw(sensitivity(store, "s_inf", "sobol"), "s_inf", "sobol")
    check(drawing)
    assert "does nothing" not in words(drawing)


def test_a_tornado_goes_from_the_base_to_both_ends(tmp_path: Path, one_class: Scenario) -> None:
    ranges = {"churn": (0.01, 0.12), "link_failure": (0.04, 0.2), "zipf": (0.5, 1.5)}
    plan = tornado_plan(one_class, [], ranges, months=2, replicates=6)
    table = tornado(sweep(plan, tmp_path / "store", engine="local", build=formulas.linear), "s_inf")
    drawing = tornado_figure.draw(table, "s_inf")
    check(drawing)
    assert [label.get_text() for label in drawing.canvas.axes[0].get_yticklabels()] == table["field"].tolist()
    ends = {bar.get_x() + bar.get_width() for bar in drawing.canvas.axes[0].patches}
    for name in ("at_low", "at_high"):
        assert all(min(abs(value - end) for end in ends) < 1e-9 for value in table[name])
    assert "Beyond the noise of their runs: churn and link_failure." in drawing.sentence
    assert "churn moves s_inf most" in drawing.sentence


def test_tipping_points_stand_over_their_sizes(one_class: Scenario) -> None:
    how = {"sizes": (50, 200), "replicates": 4, "steps": 10, "build": formulas.step}
    found = flips(one_class.replace(months=1), "link_value", 0.1, 0.9, **how)  # type: ignore[arg-type]
    drawing = tipping_figure.draw(found, "link_value", "s_inf", 0.5, expected=0.3)
    check(drawing)
    assert "theory, large\npopulations" in words(drawing)
    assert "passes 0.5 at link_value 0.35" in drawing.sentence
    assert "It still moves with size" in drawing.sentence
    nowhere = found.assign(threshold=math.nan)
    drawing = tipping_figure.draw(nowhere, "link_value", "s_inf", 0.5)
    assert "it does not flip between these values" in words(drawing)
    assert drawing.sentence == "s_inf does not pass 0.5 at 200 owners between these values."


def test_names_carry_units() -> None:
    assert field_label("churn") == "churn (per month)"
    assert field_label("classes.all.merit") == "merit of all devices (of the provider's)"
    assert field_label("classes.phone.merit") == "merit of phone (of the provider's)"
    assert measure_label("s_inf", 99) == "s_inf, mean of the last 12 months (share of members)"
    assert measure_label(Reading("s_inf", above=0.5), 99) == "first month with s_inf of 0.5 or more"
    assert is_share("s_inf")
    assert not is_share("mean_degree")
    assert not is_share(Reading("s_inf", above=0.5))
    assert measure_label("my_own", 99) == "my_own, mean of the last 12 months"
