"""T1-step3: whether the threshold dynamics is dissipative, as the Lyapunov argument needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.integrate import solve_ivp

from mesh_abm.claims.claim import Claim, Evidence, Figures, Verdict
from mesh_abm.theory import thresholds

if TYPE_CHECKING:
    from mesh_abm.claims.drawing import Panel
    from mesh_abm.claims.lab import Lab

FloatArray = npt.NDArray[np.float64]
TYPES, STEEPNESS, SIGNAL = 4, 2.0, 1.0
REINFORCEMENT, DECAY = 1.0, 1.0 / 3.0
"""xi and phi: with their ratio 1 : 3 a device on one of four tasks has no drift when it divides its time evenly."""
STEP = 1e-6
TIMES = np.linspace(0.0, 4.0, 21)


def measure(lab: Lab) -> Evidence:
    """Follow a small cloud of thresholds around the balanced point of one device and measure its volume."""
    center = np.full(TYPES, 1.0)
    cloud = [center, *(center + STEP * axis for axis in np.eye(TYPES))]
    paths = [
        solve_ivp(drift, (0.0, TIMES[-1]), start, t_eval=TIMES, rtol=1e-11, atol=1e-13).y for start in cloud
    ]
    edges = np.array([path - paths[0] for path in paths[1:]]) / STEP  # (corner, threshold, time)
    volumes = np.array([abs(np.linalg.det(edges[:, :, k])) for k in range(len(TIMES))])
    figures = {
        "drift_at_balance": float(np.abs(drift(0.0, center)).max()),
        "volume_after_4_months": float(volumes[-1]),
        "rate_of_expansion_per_month": float(np.log(volumes[1]) / TIMES[1]),
    }
    says = (
        f"Around the point where nothing moves, a cloud of thresholds grows to {figures['volume_after_4_months']:.3g} times "
        f"its volume in four months: the dynamics repels, it does not dissipate."
    )
    return Evidence(figures, says, pd.DataFrame({"months": TIMES, "volume": volumes}))


def judge(figures: Figures) -> Verdict:
    """A dissipative flow contracts volumes at its rest points."""
    if figures["drift_at_balance"] > 1e-9:
        return Verdict.UNDECIDED
    return Verdict.HOLDS if figures["volume_after_4_months"] < 1 else Verdict.FAILS


def drift(_: float, theta: FloatArray) -> FloatArray:
    """Return d theta/dt of (10) in the mean, for a device that always works on one of its tasks."""
    shares = time_shares(theta)
    return -REINFORCEMENT * shares + DECAY * (1 - shares)


def time_shares(theta: FloatArray) -> FloatArray:
    """Return the time that a device gives to each task: in proportion to the response (9)."""
    response = np.asarray(thresholds.response(SIGNAL, np.maximum(theta, 1e-9), STEEPNESS))
    return np.asarray(response / response.sum())


def draw(panel: Panel, table: pd.DataFrame) -> None:
    """The volume of the cloud over time."""
    panel.axes("months", "volume of a cloud of thresholds (start = 1)", log_y=True)
    panel.points(table["months"], table["volume"], "integrated numerically")
    panel.level(1.0, "dissipative: below this line")


CLAIM = Claim(
    id="T1-step3",
    place="section 6, step 3 of the proof of Theorem 1",
    says="The threshold dynamics is dissipative, so -C_eff plus a potential of it falls along every path and the equilibrium "
    "is stable by LaSalle's principle.",
    right="Reinforcement repels from every point at which a device divides its time; the potential is not defined in the "
    "paper. With bounds on thresholds, specialized corners attract (P4), which is another argument.",
    experiment="One device with four tasks, mean dynamics of (9) and (10), integrated from a cloud of starts around its rest "
    "point.",
    statistic="volume of the cloud after four months",
    criterion="Holds if the volume shrinks; fails if it grows; undecided if the center is no rest point (drift over 1e-9).",
    turned_by="A law for thresholds that pulls back towards what was not performed.",
    assumption="a device that always works, its time divided in proportion to the responses",
    measure=measure,
    judge=judge,
    counter={"volume_after_4_months": 0.5},
    draw=draw,
)
