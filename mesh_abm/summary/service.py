"""Who serves what share of the queries, by which denominator."""

from __future__ import annotations

import math

from mesh_abm.facts import YEAR, lately, recent, share_of_members_queries
from mesh_abm.results.result import Result
from mesh_abm.wording import percent, sentence

HANDFUL = 100
"""Fewer simulated queries than this in a year are counted instead of given as a share alone."""


def paragraph(result: Result) -> str:
    """Return the shares of the last year in words."""
    frame = result.frame
    if not result.months:
        return "No month was run."
    mesh, own, provider, unserved = (
        recent(frame, f"share_{name}") for name in ("mesh", "self", "provider", "unserved")
    )
    return (
        f"{sentence(lately(frame))} devices served {percent(mesh + own)} of all queries ({percent(mesh)} "
        f"through the mesh, {percent(own)} each owner's own), {percent(recent(frame, 'market_share'))} of "
        f"those that anybody served, and {_of_members(result)} of the queries of members. The provider "
        f"served {percent(provider)} of all queries; {_unserved(unserved)}.{_few(result, mesh + own)} "
        f"{_winner(mesh + own, provider)}"
    )


def _of_members(result: Result) -> str:
    shares = share_of_members_queries(result.frame).iloc[-YEAR:].dropna()
    return percent(max(0.0, float(shares.mean()))) if len(shares) else "none"


def _unserved(share: float) -> str:
    return "none were left unserved" if share == 0 else f"{percent(share)} were left unserved"


def _few(result: Result, share: float) -> str:
    """Return how few simulated queries a small share is."""
    types = result.types
    total = float(types.loc[types["month"] > max(result.months - YEAR, 0), "demand"].sum())
    count = round(share * total)
    if count >= HANDFUL or math.isnan(total):
        return ""
    return f' (That is {count} of {total:,.0f} simulated queries: too few to say more than "next to none".)'


def _winner(devices: float, provider: float) -> str:
    if math.isnan(devices) or math.isnan(provider):
        return ""
    if devices > provider:
        return "Devices serve more than the provider."
    if devices < 0.01:
        return "The mesh does not win here: the provider serves practically everything."
    return "The provider still serves more than all devices together."
