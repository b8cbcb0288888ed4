"""Diagnosis: how the process really runs, from our own cases or from a log brought along."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from servoloop.web.shell.viewers import colleagues_only


@require_GET
@colleagues_only
def show_report(request: HttpRequest) -> HttpResponse:
    return render(request, "diagnose/report.html", {})
