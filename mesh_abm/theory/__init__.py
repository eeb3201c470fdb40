"""The paper's equations as pure functions, one module per subject.

Nothing here imports the simulation, so that it can judge the simulation; submodules load on first use, so
that `import mesh_abm.theory` is cheap. Numbers in brackets are equations of "The Mesh Equilibrium" (Smirl
2026).

| module | subject |
|---|---|
| `percolation` | (1), (2): when a giant component exists and how large it is |
| `potts` | (3): Potts models, on complete and random graphs, exact, mean-field and sampled |
| `growth` | (4): degrees in growing and in mortal networks |
| `condensation` | (5): the provider's hold on the network, with and without churn |
| `ces` | (6) to (8), (15), (16): aggregate capability and what diversity adds |
| `thresholds` | (9), (10): response thresholds and division of labor |
| `diffusion` | (11), (12): knowledge on the graph Laplacian |
| `spectral` | spectral dimension (appendix A) |
| `bandwidth` | (13): what the links can carry |
| `epidemics` | (14): thresholds and prevalence of spreading |
| `equilibrium` | Theorem 1: critical mass, mesh threshold, participation |
| `learning_curve`, `adoption` | the predecessor's learning curve and adoption dynamics |
| `mean_field_mesh` | the whole model as difference equations |
"""

from __future__ import annotations

import importlib
from types import ModuleType

__all__ = [
    "adoption",
    "bandwidth",
    "ces",
    "condensation",
    "diffusion",
    "epidemics",
    "equilibrium",
    "growth",
    "learning_curve",
    "mean_field_mesh",
    "percolation",
    "potts",
    "spectral",
    "thresholds",
]


def __getattr__(name: str) -> ModuleType:
    """Load a submodule when it is first asked for."""
    if name in __all__:
        return importlib.import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
