"""Which cases wait for a message."""

from servoloop.kernel.events.event import CaseId
from servoloop.storage.models import Subscription


def cases_awaiting(name: str, *, key: str) -> list[CaseId]:
    """Cases with a wait for this name and key, oldest first; a wait without a key takes any."""
    waits = Subscription.objects.filter(name=name, key__in={"", key})
    found = waits.order_by("case_id").values_list("case_id", flat=True).distinct()
    return [CaseId(case) for case in found]
