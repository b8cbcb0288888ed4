from django.urls import path

from servoloop.web.diagnose import reports

app_name = "diagnose"
urlpatterns = [
    path("", reports.show_reports, name="report"),
    path("own/", reports.diagnose_own, name="own"),
    path("logs/", reports.bring_log, name="bring"),
    path("reports/<str:run>/", reports.show_run, name="run"),
    path("reports/<str:run>/cancel/", reports.cancel, name="cancel"),
    path("reports/<str:run>/report.html", reports.show_page, name="page"),
]
