"""The closed form behind the figure of ranges, and what the figures of the data hold."""

from __future__ import annotations

import math

import pytest

from mesh_abm.calibration import calibrate
from mesh_abm.figures.calibration import drawings
from mesh_abm.figures.calibration.forecast import degree, highest_degree, technology

GROWTH = (3.75e9 / 2.9e8) ** (1 / 36) - 1  # of the volume of HBM, a month: .074


def test_technology_is_that_of_a_provider_who_serves_all() -> None:
    index = technology(calibrate(), 2)
    first = 1 + GROWTH  # Q after the purchases of month 1, in units of Q0; unit cost was 1
    cost = first**-0.23
    price = 0.75 + 0.25 * cost  # follows a quarter of the fall of cost
    second = first + GROWTH * price / cost
    assert index[0] == 0
    assert index[1] == pytest.approx(0)  # the index of a month is taken before its purchases
    assert index[2] == pytest.approx(0.23 * math.log(first))
    assert technology(calibrate(), 3)[3] == pytest.approx(0.23 * math.log(second))


def test_mean_degree_follows_the_law_of_the_condensate() -> None:
    calibration = calibrate()
    merits = calibration["classes.merit"].value
    assert isinstance(merits, dict)
    able = {name: merit for name, merit in merits.items() if merit >= calibration["capable_merit"].number}
    share = {name: calibration["classes.share"].of(name) for name in able}
    people = sum(share.values())
    quality = sum(share[name] * calibration["classes.quality"].of(name) for name in able) / people
    costs = [calibration["classes.running_cost"].of(name) for name in merits]
    ask = (sum(costs) / len(costs) + 33_420) / 2
    noise = calibration["choice_noise"].number
    value = 1 / (1 + math.exp((2_785_000 * (1 - quality) + ask - 33_420) / noise))
    kappa, mu = 0.08, 0.10
    s = (1 - kappa) * (1 - mu)
    lost = 1 - s
    heard = {name: value * merit / (1 + merit) for name, merit in able.items()}
    x = sum(
        share[n] / people * (lost / s) * h * (1 - mu) / (1 - (1 - mu) * (s + lost * h))
        for n, h in heard.items()
    )
    held = 1 - x * (1 - kappa) / (1 + mu * (1 - kappa) * x)
    assert degree(calibration, 0.0, 0) == pytest.approx(2 * 4 * (1 - held))


def test_the_closed_form_tells_the_variants_apart() -> None:
    assert highest_degree(calibrate("pessimist"), 300) < highest_degree(calibrate(), 300) < 1
    assert highest_degree(calibrate("optimist"), 300) > 1
    learning_like_memory = calibrate("central", {"learning_exponent": "high"})
    assert highest_degree(learning_like_memory, 300) > 1


@pytest.mark.parametrize("which", ["central", "optimist", "pessimist"])
def test_every_figure_has_a_title_a_sentence_and_its_data(which: str) -> None:
    made = drawings(calibrate(which))
    assert len({drawing.name for drawing in made}) == len(made) == 7
    for drawing in made:
        assert len(drawing.title) < 80
        assert drawing.sentence.endswith(".")
        assert "nan" not in drawing.sentence.lower()
        assert len(drawing.data) > 5
        assert drawing.figure().kind == "svg"


def test_the_same_data_give_the_same_bytes() -> None:
    first, second = (next(iter(drawings(calibrate()))).files() for _ in range(2))
    assert first == second
