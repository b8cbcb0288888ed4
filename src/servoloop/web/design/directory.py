"""What the editor's panel offers to choose from: roles, people, calendars, topics, processes."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from servoloop.accounts.people import colleagues
from servoloop.kernel.metrics.catalogue import CATALOGUE
from servoloop.kernel.metrics.definition import Aggregate
from servoloop.storage.calendars import calendar_names
from servoloop.storage.queries.vocabulary import vocabulary
from servoloop.web.design.json_requests import for_scripts
from servoloop.web.shell.names import names_of
from servoloop.web.shell.viewers import viewer_of

METRICS = ("first_response", "resolution")
_UNITS = {
    Aggregate.SHARE: "share",
    Aggregate.COUNT: "count",
    Aggregate.AMOUNT: "count",
}  # all others are times


@require_GET
@for_scripts()
def show_directory(request: HttpRequest) -> HttpResponse:
    language = get_language() or "en"
    people = colleagues()
    names = names_of(())
    known = vocabulary(viewer_of(request))
    return JsonResponse(
        {
            "roles": [
                {
                    "key": key,
                    "label": names.role(key),
                    "people": sum(key in each.roles for each in people),
                }
                for key in names.roles
            ],
            "people": [
                {
                    "username": each.username,
                    "name": each.name.in_language(language),
                    "roles": sorted(each.roles),
                }
                for each in people
            ],
            "calendars": [{"name": name} for name in calendar_names()],
            "topics": known.topics,
            "messages": known.messages,
            "skills": known.skills,
            "processes": [
                {"key": key, "name": name.in_language(language)}
                for key, name in known.processes.items()
            ],
            "metrics": METRICS,
            "kpis": [
                {
                    "key": each.id,
                    "label": each.name.in_language(language),
                    "unit": _UNITS.get(each.aggregate, "time"),
                    "better": each.direction.value,
                }
                for each in CATALOGUE.values()
            ],
        }
    )
