"""Stores of formulas, and a scenario that the closed form covers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mesh_abm.device_classes import DeviceClass
from mesh_abm.scenario import Scenario
from mesh_abm.sweeps import Plan, Store, sweep
from tests.analysis import formulas


def store_of(build: Any, folder: Path, **plan: Any) -> Store:
    """Return the store of a plan whose model is a formula."""
    return sweep(Plan(**{"scenario": "reference", "months": 2, **plan}), folder, engine="local", build=build)


@pytest.fixture(scope="session")
def one_class() -> Scenario:
    """A steady population of devices that are all alike, with nothing that moves their merit."""
    device = DeviceClass(name="device", share=1, merit=0.4, capacity=4, quality=0.7, running_cost=100)
    return Scenario.load("reference").replace(
        classes=(device,),
        merit_spread=0,
        population="fixed",
        efficiency_growth=0,
        learning_exponent=0,
        link_failure=0.05,
        measure_every=0,
    )


@pytest.fixture(scope="session")
def plane(tmp_path_factory: pytest.TempPathFactory, one_class: Scenario) -> Store:
    """The linear formula on a grid of churn and merit, three runs each, over two numbers of owners."""
    vary = {"churn": [0.05, 0.1, 0.2], "classes.device.merit": [0.2, 0.4, 0.8], "n_owners": [50, 100]}
    folder = tmp_path_factory.mktemp("plane") / "store"
    return store_of(formulas.linear, folder, scenario=one_class, vary=vary, replicates=3)
