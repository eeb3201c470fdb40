"""Rules 1 and 9: technology, and the provider who drives it. Production and capacity are per owner."""

from __future__ import annotations

from math import exp, inf, isinf, isnan, log
from typing import NamedTuple

import numpy as np

from mesh_abm.theory.domain import FloatArray
from mesh_abm.theory.learning_curve import unchecked_unit_cost
from mesh_abm.theory.mean_field.setting import Setting


class Technology(NamedTuple):
    """Production Q, unit cost c, efficiency A and what is left of the gap of quality; at the start c = A = 1."""

    production: float
    cost: float = 1.0
    efficiency: float = 1.0
    gap: float = 1.0

    @property
    def log_ratio(self) -> float:
        """T = ln(A/c)."""
        return log(self.efficiency / self.cost)

    def advanced(self, setting: Setting) -> Technology:
        """A month on (rule 1)."""
        return Technology(
            self.production,
            unchecked_unit_cost(
                self.production / setting.cumulative_production, 1.0, setting.learning_exponent
            ),
            self.efficiency * exp(setting.efficiency_growth),
            self.gap * exp(-setting.quality_growth),
        )

    def merit(self, setting: Setting) -> FloatArray:
        """r of each class, (K,)."""
        return np.asarray(setting.classes[1] * exp(setting.merit_gain * self.log_ratio))

    def capacity(self, setting: Setting) -> FloatArray:
        """Queries a month of each class, knowledge not applied, (K,)."""
        return np.asarray(setting.classes[2] * exp(setting.capacity_gain * self.log_ratio))

    def quality(self, setting: Setting) -> FloatArray:
        """q of each class, (K,)."""
        return np.asarray(1.0 - (1.0 - setting.classes[3]) * self.gap)


class Provider(NamedTuple):
    """Capacity (queries a month per owner), price (real) and quality by type, (J,)."""

    capacity: float
    price: float
    quality: FloatArray

    @property
    def paid(self) -> float:
        """The price as it is paid: rounded half to even."""
        return float(round(self.price)) if self.price < inf else inf


def start(setting: Setting) -> tuple[Technology, Provider]:
    """Before month 1."""
    provider = Provider(setting.provider_capacity, setting.provider_price, quality_by_type(setting))
    return Technology(setting.cumulative_production), provider


def invested(
    tech: Technology, provider: Provider, served: float, joined: float, asked: float, setting: Setting
) -> tuple[Technology, Provider]:
    """Rule 9 at the end of a month in which the provider served `served` queries, `joined` owners joined and devices
    on a task asked `asked` on average (NaN without any).
    """
    revenue = served * provider.paid if served > 0.0 else 0.0
    bought = setting.reinvest * revenue / (setting.unit_price * tech.cost)
    left = provider.capacity * (1.0 - setting.depreciation) if setting.depreciation < 1.0 else 0.0
    produced = setting.datacenter_volume * bought + setting.device_volume * joined
    price = _price(tech, provider, asked, setting)
    return (
        tech._replace(production=tech.production + produced),
        Provider(left + bought, price, provider.quality),
    )


def quality_by_type(setting: Setting) -> FloatArray:
    """min(1, f_j/sum_l w_l f_l), f_j = (J w_j)^focus, (J,)."""
    f = (setting.n_types * setting.weights) ** setting.focus
    return np.asarray(np.minimum(1.0, f / float(setting.weights @ f)))


def _price(tech: Technology, provider: Provider, asked: float, setting: Setting) -> float:
    cost, list_price, p = tech.cost / tech.efficiency, setting.provider_price, provider.price
    if setting.pricing == "fixed" or (setting.pricing == "undercut" and isnan(asked)):
        return p
    if setting.pricing == "undercut":
        least = setting.cost_share * list_price * cost if setting.cost_share > 0.0 else 0.0
        return max(least, min(p, (1.0 - setting.undercut) * asked))
    if isinf(list_price):
        return inf
    return list_price * (1.0 - setting.pass_through + setting.pass_through * cost)
