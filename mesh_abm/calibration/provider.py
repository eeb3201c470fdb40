"""The provider: how much it can serve, what more of it costs, and what buying it does to the learning curve."""

from __future__ import annotations

from mesh_abm.calibration import choices, fits
from mesh_abm.calibration.choices import DEMAND, MICRO, SECONDS_A_MONTH
from mesh_abm.calibration.inputs import Inputs
from mesh_abm.calibration.prices import CHOSEN_DEMAND
from mesh_abm.calibration.steps import Beside, Input, Step


def steps(inputs: Inputs, batch: Step, price: Step) -> list[Step]:
    """Return capacity, price of capacity, its wear, production per unit of it, and latencies."""
    unit = unit_price(inputs, batch)
    return [capacity(inputs), unit, depreciation(inputs), datacenter_volume(price, unit), *latencies(inputs)]


def capacity(inputs: Inputs) -> Step:
    """Return K0 per person: all demand, at the utilization at which hosted services run."""
    used = inputs.take("hosted_utilisation")
    return Step(
        "provider_capacity",
        DEMAND / float(used.value),
        "queries a month per owner",
        "demand of all / share of capacity that is sold",
        (CHOSEN_DEMAND, used),
    )


def unit_price(inputs: Inputs, batch: Step) -> Step:
    """Return what the capacity for one more query a month costs: price of an accelerator / what it sells."""
    price, used = inputs.take("accelerator_price"), inputs.take("hosted_utilisation")
    written, speed = inputs.take("model_tokens_out_per_query"), _throughput()
    peak = float(speed.value) * SECONDS_A_MONTH / float(written.value) / batch.number
    dollars = MICRO * float(price.value)
    return Step(
        "unit_price",
        dollars / (peak * float(used.value)),
        "micro-credits per query a month",
        f"price of one {fits.ACCELERATOR} / (its batched tokens/s x utilization, in queries a month)",
        (price, speed, used, written, batch.as_input()),
        note="idle time is counted here and in provider_capacity, to the provider's cost; no host, network, power",
        beside=(Beside("the same at full load", dollars / peak, "micro-credits per query a month"),),
    )


def _throughput() -> Input:
    speed, name = (
        fits.of_accelerator("batched_tok_s_70b"),
        f"batched speed of one {fits.ACCELERATOR} on a 70B model",
    )
    return Input(name, speed, "vendor", "tensorrt_llm_perf_v10", "tokens/s")


def depreciation(inputs: Inputs) -> Step:
    """Return the share of capacity that wears out in a month."""
    life = inputs.take("accelerator_lifetime")
    return Step("depreciation", 1 / float(life.value), "per month", "1 / lifetime of an accelerator", (life,))


def datacenter_volume(price: Step, unit: Step) -> Step:
    """Return production per unit of capacity bought: such that Q at first grows as the volume of HBM did.

    In month 1 the provider spends `reinvest` of demand x p0 at `unit_price`; Q grows by what it buys x this.
    """
    pace = fits.volume_growth()
    growth = Input("growth of HBM volume, 2023 to 2026", pace, "reported", "trendforce_hbm", "per month")
    share, q0 = choices.REINVEST, choices.CUMULATIVE_PRODUCTION
    bought = float(share.value) * DEMAND * price.number / unit.number
    return Step(
        "datacenter_volume",
        pace * float(q0.value) / bought,
        "units per query a month",
        "such that cumulative production at first grows as the volume of HBM did: "
        "growth x Q0 / capacity bought in month 1",
        (growth, q0, share, CHOSEN_DEMAND, price.as_input("provider_price"), unit.as_input("unit_price")),
        note="volumes are analysts' forecasts; devices that join add a little (device_volume)",
        beside=(Beside("capacity bought in month 1", bought, "queries a month per owner"),),
    )


def latencies(inputs: Inputs) -> list[Step]:
    """Return the latency of a hop and of the provider."""
    hop, hosted = inputs.take("edge_latency"), inputs.take("hosted_latency")
    return [
        Step(
            "hop_latency",
            float(hop.value),
            "ms",
            "the predecessor's latency at the edge",
            (hop,),
            note="network part only",
        ),
        Step(
            "provider_latency",
            float(hosted.value),
            "ms",
            "the predecessor's 50 to 200 ms; baseline: their geometric mean",
            (hosted,),
        ),
    ]
