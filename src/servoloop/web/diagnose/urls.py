from django.urls import path

from servoloop.web.diagnose import reports

app_name = "diagnose"
urlpatterns = [
    path("", reports.show_report, name="report"),
]
