"""What a query costs at the provider and in the mesh."""

from __future__ import annotations

import math

from mesh_abm.facts import at_end, finite
from mesh_abm.figures import style
from mesh_abm.figures.figure import Figure
from mesh_abm.results.result import Result
from mesh_abm.wording import money, percent


def draw(result: Result) -> Figure:
    """Return the figure "prices": provider's price, mean ask, and the spread between bid and ask."""
    data = result.frame[["month", "provider_price", "mean_ask", "bid_ask_spread"]]
    title = "Prices"
    fig, (price, spread) = style.rows(title, ["micro-credits\na query", "micro-credits\na query"], "month")
    price.plot(data["month"], finite(data["provider_price"]), **style.line("provider"))
    price.plot(data["month"], data["mean_ask"], **style.line("ask"))
    spread.axhline(0, color=style.MUTED, linewidth=0.8)
    spread.plot(data["month"], finite(data["bid_ask_spread"]), **style.line("bid"))
    for ax in (price, spread):
        style.month_axis(ax, result.months, result.scenario.start, labels=ax is spread)
        style.plain_numbers(ax)
    price.set_ylim(bottom=0)
    if data["mean_ask"].isna().all():
        style.note(price, "no device was on a task, so there are no asks", y=0.3)
    style.end_labels(
        price,
        [
            (at_end(data, "provider_price"), "provider's price", style.COLORS["provider"]),
            (at_end(data, "mean_ask"), "mean ask of\ndevices", style.COLORS["ask"]),
        ],
    )
    style.end_labels(spread, [(at_end(data, "bid_ask_spread"), "bid less ask", style.COLORS["bid"])])
    return Figure.drawn("prices", title, _sentence(result), fig, data)


def _sentence(result: Result) -> str:
    frame = result.frame
    price, ask, spread = (at_end(frame, name) for name in ("provider_price", "mean_ask", "bid_ask_spread"))
    dollars = result.scenario.calibration is not None
    text = f"At the end the provider asks {money(price, dollars)} for a query"
    if math.isnan(ask):
        return f"{text}; no device is on a task, so there is no ask to compare."
    part = f" ({percent(ask / price)} of that)" if price > 0 and math.isfinite(price) else ""
    text += f", devices {money(ask, dollars)} on average{part}"
    if math.isnan(spread):
        return text + "."
    side = (
        "more than devices ask: there is room for the mesh"
        if spread > 0
        else "less than devices ask: they are chosen only by chance"
    )
    return f"{text}. A typical offer would tie with the provider at a pay of {money(abs(spread), dollars)} {side}."
