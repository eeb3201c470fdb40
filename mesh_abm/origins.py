"""Where the values of a scenario come from: its own source, or the step of the calibration that computed it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mesh_abm.scenario import FIELDS, Scenario

if TYPE_CHECKING:
    from mesh_abm.calibration import Step


def value_sources(scenario: Scenario) -> dict[str, str]:
    """Field -> its source, or in a calibrated scenario how the value was computed and how well that is known."""
    steps = computed_by(scenario)
    computed = {name: f"computed: {step.rule} ({step.kind})" for name, step in steps.items()}
    return {name: computed.get(name, card.source) for name, card in FIELDS.items()}


def computed_by(scenario: Scenario) -> dict[str, Step]:
    """Field -> the calibration step that set it, for the fields in which the scenario kept the computed value."""
    if scenario.calibration is None:
        return {}
    from mesh_abm.calibration import calibrate

    computed = Scenario(calibration=scenario.calibration)
    steps = calibrate(scenario.calibration).steps
    return {step.field: step for step in steps if step.sets and _kept(scenario, computed, step.field)}


def _kept(scenario: Scenario, computed: Scenario, field: str) -> bool:
    name = field.partition(".")[0]
    return bool(getattr(scenario, name) == getattr(computed, name))
