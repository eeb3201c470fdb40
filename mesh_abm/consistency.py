"""What no single field of a scenario gets wrong: values that contradict each other."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from mesh_abm.errors import ScenarioError, nearest, shown
from mesh_abm.layers import mix_weights
from mesh_abm.shocks import Shock, active_settings

if TYPE_CHECKING:
    from mesh_abm.scenario import Scenario

LEDGER = 2**62  # micro-credits: half of what a 64-bit ledger holds


def check_consistency(scenario: Scenario) -> None:
    """Raise ScenarioError, one line, for the first contradiction between fields."""
    _check_classes(scenario)
    _check_thresholds(scenario)
    _check_types(scenario)
    _check_ledger(scenario)


def check_shocks(scenario: Scenario) -> None:
    """Raise ScenarioError, one line that names the shock, for the first that does not fit the scenario."""
    checks = {"mix": _check_new_mix, "bar": _check_barred, "set": _check_setting}
    for kind, check in checks.items():  # mixes first: they stand beside every other setting
        for place, shock in enumerate(scenario.shocks):
            if shock.kind == kind:
                check(scenario, f"shocks[{place}]", shock)


def _check_setting(scenario: Scenario, place: str, shock: Shock) -> None:
    """A set shock must name a field that may change, and a value that is allowed beside the others."""
    cards = scenario.cards()
    card = cards.get(shock.field or "")
    if card is None or not card.shockable:
        free = [name for name, other in cards.items() if other.shockable]
        line = f"{place}.field = {shown(shock.field)}: must be a field that may change during a run"
        raise ScenarioError(line + nearest(shock.field or "", free), f"{place}.field")
    try:
        scenario.replace(
            shocks=(), **active_settings(scenario.shocks, shock.month) | {card.name: shock.value}
        )
    except ScenarioError as error:
        raise ScenarioError(f"{place}.value: {error}", f"{place}.value") from None


def _check_barred(scenario: Scenario, place: str, shock: Shock) -> None:
    names = [device.name for device in scenario.classes]
    if shock.value not in names:
        line = f"{place}.value = {shown(shock.value)}: must be a device class ({', '.join(names)})"
        raise ScenarioError(line + nearest(str(shock.value), names), f"{place}.value")


def _check_new_mix(scenario: Scenario, place: str, shock: Shock) -> None:
    """A new mix must have as many types as the scenario: devices keep what they learned of each."""
    try:
        changed = scenario.replace(shocks=(), mix=shock.value)
        if changed.task_types != scenario.task_types:
            line = f"{changed.task_types} types; must be task_types = {scenario.task_types} of them"
            raise ScenarioError(f"mix: {line}, as types neither come nor go during a run")
    except ScenarioError as error:
        raise ScenarioError(f"{place}.value: {error}", f"{place}.value") from None


def _check_classes(scenario: Scenario) -> None:
    names = [device.name for device in scenario.classes]
    if not names:
        raise ScenarioError("classes = (): must be one device class or more", "classes")
    if len(names) > 100:
        raise ScenarioError(f"classes: {len(names)} of them; must be at most 100", "classes")
    for name in names:
        if names.count(name) > 1:
            raise ScenarioError(f"classes: the name {name!r} is given twice; must differ", "classes")
    total = math.fsum(device.share for device in scenario.classes)
    if abs(total - 1) > 1e-9:
        raise ScenarioError(f"classes: the shares sum to {total:.10g}; must sum to 1", "classes")


def _check_thresholds(scenario: Scenario) -> None:
    """The bounds in order, the mean at the start between them (equal bounds fix the thresholds)."""
    low, mean, high = scenario.threshold_min, scenario.initial_threshold, scenario.threshold_max
    if low > high:
        line = f"threshold_min = {low:g}: must not be above threshold_max = {high:g}"
        raise ScenarioError(line, "threshold_min")
    if low < high and not low <= mean <= high:
        bounds = f"threshold_min = {low:g} to threshold_max = {high:g}"
        raise ScenarioError(f"initial_threshold = {mean:g}: must be from {bounds}", "initial_threshold")


def _check_types(scenario: Scenario) -> None:
    types = scenario.task_types
    if scenario.mix is not None:
        _check_mix(scenario.mix, types)
    shares = scenario.frontier_share
    if isinstance(shares, tuple) and len(shares) != types:
        line = f"frontier_share: {len(shares)} numbers given; must be one, or task_types = {types} of them"
        raise ScenarioError(line, "frontier_share")


def _check_mix(mix: str | tuple[float, ...], types: int) -> None:
    weights = mix_weights(mix)
    total = math.fsum(weights) if all(0 <= weight < math.inf for weight in weights) else 0.0
    if not 0 < total < math.inf:
        raise ScenarioError(f"mix = {shown(mix)}: must be numbers of 0 or more, not all of them 0", "mix")
    if len(weights) != types:
        line = f"task_types = {types}: must be {len(weights)}, the number of types in mix = {shown(mix, 40)}"
        raise ScenarioError(line, "task_types")


def _check_ledger(scenario: Scenario) -> None:
    """All the money that can come in during the run must fit in the 64-bit ledger."""
    s, months = scenario, scenario.months + 1
    people = s.n_owners * (1 + s.non_owners)
    price = s.provider_price if math.isfinite(s.provider_price) else 0.0
    inflows = {
        "provider_price": people * s.demand * months * price,
        "income": s.n_owners * months * min(s.income, s.wallet_cap),
        "initial_wallet": s.n_owners * (1 + months * s.churn) * s.initial_wallet,
    }
    for name, amount in inflows.items():
        if amount > LEDGER:
            most = f"must be smaller for {s.n_owners} owners and {s.months} months, to fit in a 64-bit ledger"
            raise ScenarioError(f"{name} = {shown(getattr(s, name))}: {most}", name)
