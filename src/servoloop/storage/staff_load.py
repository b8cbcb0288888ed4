"""How much everybody has in hand."""

from collections.abc import Mapping

from django.db.models import Count

from servoloop.storage.models import Task


def open_tasks_by_person() -> Mapping[str, int]:
    """Assigned and claimed tasks of each person who has any. One query on a small index."""
    held = Task.objects.filter(status__in=["assigned", "claimed"]).values("person")
    return {row["person"]: row["n"] for row in held.annotate(n=Count("no"))}
