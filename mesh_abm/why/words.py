"""Routes in plain words, a line a step."""

from __future__ import annotations

from collections.abc import Sequence

from mesh_abm.books import Reason
from mesh_abm.rules.offers import INFINITE_PRICE
from mesh_abm.rules.settlement import BY_MESH, PROVIDER_HAD, SELF_HAD
from mesh_abm.terms import REASON_MEANINGS
from mesh_abm.why.route import Hop, Looked, Option, Route
from mesh_abm.wording import counted, listing, money, percent, sentence

LISTED = 6
"""So many devices of no use are named on a line; more are counted."""
SHORT = 100_000
"""Micro-credits below which an amount is written out."""


def route_in_words(route: Route) -> list[str]:
    """Return the route in plain words: the query, each look around, the options, the choice and the end."""
    return [
        _asks(route),
        *_search(route),
        *_no_option(route),
        _options(route),
        *_delivery(route),
        _end(route),
    ]


def _asks(route: Route) -> str:
    query = route.query
    which = f"question {query.number + 1} of its {route.asked} this month"
    return f"Month {route.month}: device {query.origin} asks for {_type(route)} ({which})."


def _type(route: Route) -> str:
    return route.names[route.query.type]


def _search(route: Route) -> list[str]:
    if route.query.frontier:
        return ["Only the provider can answer this one, so it searches nobody."]
    if not route.hops:
        return ["It has no link to another device, so it can search nobody."]
    return [_look(route, hop) for hop in route.hops]


def _look(route: Route, hop: Hop) -> str:
    where = "It looks" if hop.number == 1 else f"At device {hop.node} it looks"
    looked = len(hop.looked)
    many = f"its {counted(hop.degree, 'link')}" if hop.number == 1 else counted(hop.degree, "link")
    much = f"along {many}" if looked == hop.degree else f"along {looked} of {many}, picked by chance"
    parts = [_offered(route, look) for look in hop.looked if look.offer]
    parts += [
        f"device {look.row} works on it but can give no answer this month" for look in hop.looked if look.full
    ]
    return f"{where} {much}: {'; '.join([*parts, *_useless(route, hop)])}. {_next(route, hop)}"


def _offered(route: Route, look: Looked) -> str:
    offer = look.offer
    assert offer is not None
    fees = f" ({_money(route, offer.pay)} with all fees)" if offer.pay != offer.ask else ""
    return (
        f"device {look.row} offers it for {_money(route, offer.ask)}{fees} at quality {offer.quality:.2f}, "
        f"worth {_money(route, offer.utility)} after all costs"
    )


def _useless(route: Route, hop: Hop) -> list[str]:
    """Return what is said of the devices that do not work on what is asked."""
    rest = [look.row for look in hop.looked if not look.offer and not look.full and not look.is_origin]
    parts = []
    if rest:
        who = _devices(rest) if len(rest) <= LISTED else counted(len(rest), "device")
        parts.append(f"{who} {'does' if len(rest) == 1 else 'do'} not work on {_type(route)}")
    if any(look.is_origin for look in hop.looked):
        parts.append(f"device {route.query.origin} itself is passed over")
    return parts


def _devices(rows: Sequence[int]) -> str:
    return f"{'device' if len(rows) == 1 else 'devices'} {listing([str(row) for row in rows])}"


def _next(route: Route, hop: Hop) -> str:
    offers = sum(look.offer is not None for look in hop.looked)
    if hop.taken is not None:
        how = "it takes" if route.decided else "best is" if offers > 1 else "the search ends with"
        return sentence(f"{how} device {hop.taken}.")
    nothing = "It declines." if offers else "No offer."
    if hop.moved_to is not None:
        return f"{nothing} By chance it goes on to device {hop.moved_to}."
    return f"{nothing} After {counted(hop.number, 'look')} the search gives up."


def _no_option(route: Route) -> list[str]:
    """Return why the provider or the device itself was no option, if they were not."""
    lines = []
    if not route.turn.options & SELF_HAD and not route.query.frontier:
        lines.append(f"It cannot answer the question itself: {_why_not_itself(route)}.")
    if not route.turn.options & PROVIDER_HAD:
        lines.append(f"It cannot turn to the provider: {_why_not_provider(route)}.")
    return lines


def _why_not_itself(route: Route) -> str:
    if route.own_task is None:
        return "it is idle this month"
    if route.own_task != route.query.type:
        return f"it works on {route.names[route.own_task]} this month"
    if route.turn.own_left <= 0:
        return "it has no capacity left this month"
    cost, wallet = _money(route, route.own_cost), _money(route, route.turn.wallet)
    return f"an answer costs it {cost} to make, and its wallet holds {wallet}"


def _why_not_provider(route: Route) -> str:
    if route.turn.provider_left <= 0:
        return "it has no capacity left this month"
    if route.price >= INFINITE_PRICE:
        return "no wallet covers its price"
    return (
        f"its price is {_money(route, route.price)}, and the wallet holds {_money(route, route.turn.wallet)}"
    )


def _options(route: Route) -> str:
    turn = f"Its turn to choose is number {route.turn.place + 1:,} of {route.settled_in_all:,}."
    if not route.options:
        return f"{turn} There is nobody it can turn to."
    if len(route.options) == 1:
        return f"{turn} Its only option is {_option(route, route.options[0])}."
    shown = [f"{_option(route, o)} (chance {percent(o.chance)})" for o in route.options]
    drawn = next(o for o in route.options if o.name == route.drawn)
    return f"{turn} It can turn to {listing(shown, 'or')}. Chance draws {_name(drawn)}."


def _option(route: Route, option: Option) -> str:
    return (
        f"{_name(option)} at quality {option.quality:.2f} for {_money(route, option.pay)}, worth "
        f"{_money(route, option.utility)} after all costs"
    )


def _name(option: Option) -> str:
    return {"provider": "the provider", "self": "itself"}.get(option.name, f"device {option.row}")


def _delivery(route: Route) -> list[str]:
    """Return why the offer that was drawn was not delivered, if it was not."""
    if route.drawn != "mesh" or route.query.fate == BY_MESH:
        return []
    assert route.offer is not None
    why = {
        Reason.NO_CAPACITY: "others were served before, and it has no capacity left",
        Reason.FUNDS: f"the wallet holds {_money(route, route.turn.wallet)} only",
        Reason.SETTLEMENT: (
            f"with {counted(route.turn.settled, 'payment')} this month the capacity of settlement is used up"
        ),
    }
    assert route.reason is not None
    return [f"But device {route.chosen} does not deliver: {why[route.reason]}."]


def _end(route: Route) -> str:
    if route.served_by == "self":
        return f"So it answers the question itself, for {_money(route, route.own_cost)}."
    if route.served_by == "mesh":
        assert route.offer is not None
        over = f", relayed by {_devices(route.nodes[1:])}" if route.nodes[1:] else ""
        pays = f"device {route.query.origin} pays {_money(route, route.offer.pay)}"
        return f"So device {route.chosen} answers it{over}; {pays}."
    assert route.reason is not None
    why = f"Why not the mesh: {REASON_MEANINGS[route.reason.name.lower()]}."
    if route.served_by == "provider":
        return f"So the provider answers it, for {_money(route, route.price)}. {why}"
    return f"So nobody answers it. {why}"


def _money(route: Route, amount: float) -> str:
    """Return an amount to the micro-credit where it is short, so that the sums on a line come out."""
    if not route.dollars and abs(amount) < SHORT:
        return f"{amount:,.0f} micro-credits"
    return money(amount, route.dollars)
