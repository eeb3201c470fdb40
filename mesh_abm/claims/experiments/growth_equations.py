"""Growth of a network by fitness times degree as differential equations of its means, integrated numerically.

What `growing_network` does by chance, one link at a time, this does for the mean degrees of classes of fitness: at any
size, also at sizes that nobody can simulate. It solves no equation for the limit.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.integrate import solve_ivp

CLASSES = 300


def classes(upper_tail: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the weights of classes whose shares above are `upper_tail`, a falling sequence from 1 to 0."""
    return -np.diff(upper_tail)


def graded(count: int = CLASSES) -> NDArray[np.float64]:
    """Return shares of devices above, from 1 to 0, ever finer towards 0: borders of classes by rank of fitness."""
    return np.concatenate([[1.0], np.logspace(0.0, -12.0, count)[1:], [0.0]])


def provider_share(fitness: ArrayLike, weights: ArrayLike, growth: ArrayLike) -> NDArray[np.float64]:
    """Share of slots that point to a provider of fitness 1 when the network has grown by each of these factors.

    `fitness` and `weights` of the classes of devices; all slots point to the provider at the start. Per slot that was
    ever opened, a class has the degree a and the provider k; in units of the logarithm of size a' = w + eta a/z - a and
    k' = k/z - k with z = sum(eta a) + k.
    """
    eta, w = np.asarray(fitness, dtype=np.float64), np.asarray(weights, dtype=np.float64)
    logs = np.log(np.asarray(growth, dtype=np.float64))

    def change(_: float, state: NDArray[np.float64]) -> NDArray[np.float64]:
        a, k = state[:-1], state[-1]
        z = float(eta @ a) + k
        return np.append(w + eta * a / z - a, k / z - k)

    solution = solve_ivp(
        change, (0.0, float(logs.max())), np.append(w, 1.0), "LSODA", np.sort(logs), rtol=1e-8, atol=1e-12
    )
    share = np.maximum(solution.y[-1], 0.0)  # at the end the solver leaves -1e-20
    return np.asarray(share[np.argsort(np.argsort(logs))])
