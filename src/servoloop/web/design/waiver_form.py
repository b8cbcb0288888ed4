"""Reasons for warnings, as a form brings them."""

from django.http import HttpRequest

from servoloop.kernel.process.readiness.readiness import Readiness
from servoloop.kernel.process.readiness.waivers import Waiver
from servoloop.web.design.readiness_view import field_of


def waivers_in(request: HttpRequest, readiness: Readiness) -> tuple[Waiver, ...]:
    """The reasons that were given for the warnings which stand open."""
    given = {field_of(each): each for each in readiness.findings if each.is_open and each.elements}
    return tuple(
        Waiver(
            element=finding.elements[0].split("/")[0],
            rule=finding.rule.id,
            by=request.user.get_username(),
            reason=reason,
        )
        for field, finding in given.items()
        if (reason := request.POST.get(field, "").strip())
    )
