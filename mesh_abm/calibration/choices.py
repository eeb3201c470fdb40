"""Figures that no table gives: choices of this calibration, each marked `assumed`, with its range if it has one.

They are the only numbers of the calibration that are typed in.
"""

from __future__ import annotations

from mesh_abm.calibration.steps import Input

START = "2026-01"
"""First month of the run; nothing newer than this is used."""

OWNERS, MONTHS = 3000, 300
"""A sample of all adults who ask an assistant (3000 of them), over 25 years."""

DEMAND = 2.0
"""Simulated queries of a person in a month: each stands for a batch of real ones."""

HOURS_A_MONTH = 365.25 * 24 / 12
SECONDS_A_MONTH = 3600 * HOURS_A_MONTH
MICRO = 1_000_000
"""Micro-credits in a credit, which is one US dollar here."""

PRICE_TIER = "mid"
"""Hosted price: the middle line of the providers, over the year before the start."""

SIZES_BOARD = "livebench_2024-11-25"
"""The board with the most sizes of device models: it ranks what different devices can run."""

NOT_IN_DATA = "choice of the calibration"


def _assumed(
    name: str, value: float, unit: str, low: float | None = None, high: float | None = None
) -> Input:
    return Input(name, value, "assumed", NOT_IN_DATA, unit, low, high)


# No source was found for what one user of a hosted service sees; 40 to 160 spans slow large and fast small models.
HOSTED_SPEED = _assumed("hosted tokens per second and user", 80, "tokens/s", 40, 160)

# People read four to five words a second; a slower answer keeps them waiting.
READING_SPEED = _assumed("reading speed", 5, "tokens/s")

# 4-bit weights with their scales and the usual context.
MODEL_BYTES = _assumed("memory of a model at 4 bits", 0.6, "GB per billion parameters")
CARD_RESERVE = _assumed("memory a card keeps free", 1, "GB")
SHARED_RESERVE = _assumed("memory an operating system keeps free", 4, "GB")

# Everything that is not in device_classes.csv: slow phones and old PCs.
OTHER_SPEED = _assumed("speed of class other on an 8B model", 1.4, "tokens/s")
OTHER_POWER = _assumed("power of class other", 5, "W")  # that of the phones, which most of them are

CARDS = ("gpu_8gb", "gpu_12gb", "gpu_24gb", "gpu_32gb", "workstation_96gb")
"""Classes whose memory is a graphics card's own; the others share it with the operating system."""

MARGINAL_CLASS = "gpu_24gb"
"""The device whose hardware a query has to pay at the crossing: a card that runs the best model fast."""

FRONTIER_SHARE = _assumed("share of queries only the provider can serve", 0.1, "of queries", 0, 0.3)

# What devices gain from better algorithms beyond what the provider gains: unsourced. Up to .03 is conceivable;
# the optimist's range stops at a third of it, because nothing supports the rest.
EFFICIENCY_GROWTH = _assumed("efficiency that devices gain beyond the provider", 0, "per month", 0, 0.01)

# The paper's premise (Proposition 3): devices take part in the learning curve in full; the pessimist denies it.
MERIT_GAIN = _assumed("part of the learning curve that reaches merit", 1, "", 0, 1)
CAPACITY_GAIN = _assumed("part of the learning curve that reaches capacity", 1, "", 0, 1)

# The predecessor gives only the product beta gamma.
BETA = _assumed("beta", 0.5, "")

INFORMATION_FRICTION = _assumed("scale of doubt about what being online gains", 1, "USD a month")
IDLE_POWER = _assumed("power of being online", 1, "W")

# A purse in months of bills at the provider: what comes in, what one starts with, and where saving stops.
INCOME_BILLS = _assumed("income in monthly bills", 3, "")
START_BILLS = _assumed("initial wallet in monthly bills", 6, "")
CAP_BILLS = _assumed("largest wallet in monthly bills", 12, "")

# Defaults of `reference` that two rules need; a test compares them with the Scenario.
REINVEST = _assumed("part of revenue reinvested (reference value)", 0.3, "of revenue")
CUMULATIVE_PRODUCTION = _assumed("cumulative production at the start (reference value)", 1, "units per owner")

SPECIALIST_CEILING = _assumed("quality of a perfect specialist", 1, "of a perfect answer")
