"""Why a query of the month just run took its route, and why a device has its role.

Both are worked out when somebody asks, from the random numbers and what the month left behind; looking changes nothing.
"""

from __future__ import annotations

from mesh_abm.why.month import Query, Turn, WhyError, queries_of
from mesh_abm.why.past import Past, Recorder
from mesh_abm.why.role import Role, role
from mesh_abm.why.route import Hop, Looked, Option, Route, Seen, route

__all__ = [
    "Hop",
    "Looked",
    "Option",
    "Past",
    "Query",
    "Recorder",
    "Role",
    "Route",
    "Seen",
    "Turn",
    "WhyError",
    "queries_of",
    "role",
    "route",
]
