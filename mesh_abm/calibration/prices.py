"""What a query is: its batch, its tokens, its price at the provider, and what its answer is worth."""

from __future__ import annotations

import math

from mesh_abm.calibration import fits
from mesh_abm.calibration.choices import DEMAND, MICRO, MONTHS, NOT_IN_DATA, OWNERS, PRICE_TIER, START
from mesh_abm.calibration.inputs import Inputs
from mesh_abm.calibration.steps import Beside, Input, Step, weakest
from mesh_abm.calibration.tables import kind_of

CHOSEN_DEMAND = Input("simulated queries per person and month", DEMAND, "assumed", NOT_IN_DATA)


def size() -> list[Step]:
    """Return size, length and start of the run."""
    return [
        Step(
            "n_owners",
            OWNERS,
            "people",
            "a sample of all adults who ask an assistant",
            note="rare classes hold few devices of it: compare several seeds",
        ),
        Step("months", MONTHS, "months", "25 years"),
        Step("start", START, "", "prices, scores and votes taken are older; fits use all points"),
        Step(
            "demand",
            DEMAND,
            "queries a month",
            "few enough to simulate: each stands for a batch",
            (CHOSEN_DEMAND,),
        ),
    ]


def batch(inputs: Inputs) -> Step:
    """Return how many real queries a simulated one stands for."""
    asked = inputs.take("queries_per_active_person_per_month")
    return Step(
        "batch",
        float(asked.value) / DEMAND,
        "real queries per simulated query",
        "real queries per active person and month / simulated queries per month",
        (asked, CHOSEN_DEMAND),
        sets=False,
    )


def provider_price(inputs: Inputs, batch: Step) -> Step:
    """Return p0: tokens x median list price x batch."""
    read, written = inputs.take("model_tokens_in_per_query"), inputs.take("model_tokens_out_per_query")
    listed = fits.list_prices()
    per_in, per_out = (float(listed[f"usd_per_m_{way}"].median()) for way in ("input", "output"))
    query = (float(read.value) * per_in + float(written.value) * per_out) / MICRO
    kind, source = weakest(kind_of(k) for k in listed["kind"]), ";".join(sorted(set(listed["source"])))
    prices = (
        Input(
            f"median price of what is read ({len(listed)} prices)",
            per_in,
            kind,
            source,
            "USD per million tokens",
        ),
        Input(
            f"median price of what is written ({len(listed)} prices)",
            per_out,
            kind,
            source,
            "USD per million tokens",
        ),
    )
    return Step(
        "provider_price",
        MICRO * query * batch.number,
        "micro-credits a query",
        f"(tokens in and out x median list price of tier {PRICE_TIER} first seen in the year before the start) x batch",
        (read, written, *prices, batch.as_input()),
        note="hosted quality is 1 by definition; reasoning models bill hidden tokens, so a real answer may cost more",
        beside=(
            Beside("a real query at the provider", query, "USD"),
            Beside("monthly bill of a person", DEMAND * query * batch.number, "USD"),
        ),
    )


def value(inputs: Inputs, batch: Step) -> Step:
    """Return V: willingness to pay x batch."""
    worth = inputs.take("willingness_to_pay_per_query")
    return Step(
        "query_value",
        MICRO * float(worth.value) * batch.number,
        "micro-credits a query",
        "willingness to pay per real query x batch",
        (worth, batch.as_input()),
        note="willingness to pay spans two powers of ten; choice_noise moves with it",
    )


def noise(inputs: Inputs, value: Step, price: Step) -> Step:
    """Return the scale of the logit at which the best device-size answer wins as often as votes say.

    At equal price and speed the log odds of the mesh are (q - 1) V / noise = -ln((1 - P)/P).
    """
    votes, ratio = inputs.take("device_preferred"), newest_ratio()
    odds = math.log((1 - float(votes.value)) / float(votes.value))
    scale = value.number * (1 - float(ratio.value)) / odds
    elasticity = (1 - float(votes.value)) * price.number / scale
    return Step(
        "choice_noise",
        scale,
        "micro-credits",
        "such that at equal price and speed the best device-size answer is preferred as often as arena votes say: "
        "V (1 - ratio) / ln((1 - P)/P)",
        (votes, ratio, value.as_input("query_value")),
        note="choices hardly follow price: scan it",
        beside=(
            Beside("noise in prices of the provider", scale / price.number, "p0"),
            Beside("change of the mesh's chance per change of its price, at p0", -elasticity, "elasticity"),
        ),
    )


def newest_ratio() -> Input:
    """Return best device-size / best hosted score on the newest board before the start."""
    row = fits.newest_ratio()
    return Input(
        f"best device-size / best hosted on {row['board']}", float(row["ratio"]), "measured", "livebench"
    )
