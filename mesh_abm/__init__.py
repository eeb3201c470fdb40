"""A mesh of devices against a centralized provider: the model of "The Mesh Equilibrium" as a program.

The names below are the public face of the package (docs/model.md says what the model does). Each is loaded when it is
first asked for, so that `import mesh_abm` costs milliseconds and loads neither mesa nor numba.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mesh_abm.agents import CentralProvider as CentralProvider
    from mesh_abm.agents import Device as Device
    from mesh_abm.comparison import Comparison as Comparison
    from mesh_abm.comparison import compare as compare
    from mesh_abm.comparison import switch_table as switch_table
    from mesh_abm.model import MeshModel as MeshModel
    from mesh_abm.rules import default_rules as default_rules
    from mesh_abm.runs import Result as Result
    from mesh_abm.runs import load_result as load_result
    from mesh_abm.runs import run as run
    from mesh_abm.runs import verify as verify
    from mesh_abm.scenario import DeviceClass as DeviceClass
    from mesh_abm.scenario import Scenario as Scenario
    from mesh_abm.scenario import ScenarioError as ScenarioError
    from mesh_abm.scenario import scenario_names as scenario_names
    from mesh_abm.shocks import Shock as Shock
    from mesh_abm.sweeps import Plan as Plan
    from mesh_abm.sweeps import Store as Store
    from mesh_abm.sweeps import open_store as open_store
    from mesh_abm.sweeps import sweep as sweep

__version__ = "0.1.0"

_HOME = {
    "CentralProvider": "agents",
    "Device": "agents",
    "Comparison": "comparison",
    "DeviceClass": "scenario",
    "MeshModel": "model",
    "Plan": "sweeps",
    "Result": "runs",
    "Scenario": "scenario",
    "ScenarioError": "scenario",
    "Shock": "shocks",
    "compare": "comparison",
    "default_rules": "rules",
    "Store": "sweeps",
    "load_result": "runs",
    "open_store": "sweeps",
    "run": "runs",
    "scenario_names": "scenario",
    "sweep": "sweeps",
    "switch_table": "comparison",
    "verify": "runs",
}

__all__ = ["__version__", *_HOME]


def __getattr__(name: str) -> Any:
    """The public name, loaded from the module that defines it; AttributeError for any other name."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """The public names, for tab completion, before they are loaded."""
    return sorted({*globals(), *__all__})
