"""The numbers beside the navigation's entries."""

from dataclasses import dataclass
from typing import Any

from django.db import connection

from servoloop.storage.queries.my_work import COUNTED_UP_TO
from servoloop.storage.queries.viewer import Viewer
from servoloop.storage.statements import statement


@dataclass(frozen=True, slots=True, kw_only=True)
class NavigationCounts:
    """Each counted up to 1000."""

    queue: int = 0  # open tasks of the viewer's roles
    held: int = 0  # the viewer's own
    escalations: int = 0  # that ask one of the viewer's roles
    incidents: int = 0
    approvals: int = 0  # of new versions of the viewer's processes


def navigation_counts(viewer: Viewer) -> NavigationCounts:
    """One query; zeros without one for anybody but a colleague."""
    if not viewer.is_colleague:
        return NavigationCounts()
    asked: dict[str, Any] = {
        "roles": sorted(viewer.roles),
        "person": viewer.person,
        "limit": COUNTED_UP_TO,
    }
    with connection.cursor() as cursor:
        cursor.execute(statement("navigation_counts"), asked)
        queue, held, escalations, incidents, approvals = cursor.fetchone()
    return NavigationCounts(
        queue=queue,
        held=held,
        escalations=escalations,
        incidents=incidents,
        approvals=approvals,
    )
