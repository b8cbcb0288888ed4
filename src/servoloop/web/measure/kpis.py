"""The KPIs of the desk: how well the service runs, against the period before."""

from datetime import UTC

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from servoloop.loop.measure import DAYS, measure_live
from servoloop.storage.queries.processes import process_list
from servoloop.web.measure.cards import groups_of
from servoloop.web.shell.viewers import colleagues_only, viewer_of

PERIODS = (7, 28, 91)  # days, whole weeks


@require_GET
@colleagues_only
def show_kpis(request: HttpRequest) -> HttpResponse:
    viewer = viewer_of(request)
    processes = process_list(viewer)
    process = request.GET.get("process", "")
    if process not in {row.key for row in processes}:
        process = ""
    days = _days(request.GET.get("days", ""))
    found = measure_live(viewer, at=timezone.now().astimezone(UTC), days=days, process=process)
    context = {
        "found": found,
        "groups": groups_of(found.kpis, currency=found.currency),
        "unknown": [each.now for each in found.kpis if each.kpi.missing.default],
        "processes": processes,
        "periods": PERIODS,
        "days": days,
    }
    return render(request, "measure/kpis.html", context)


def _days(text: str) -> int:
    return int(text) if text in {str(days) for days in PERIODS} else DAYS
