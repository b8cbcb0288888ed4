from django.urls import path

from servoloop.web.diagnose import (
    cases,
    choosing,
    comparing,
    drafting,
    explore,
    redesigns,
    reports,
)

app_name = "diagnose"
urlpatterns = [
    path("", reports.show_reports, name="report"),
    path("own/", reports.diagnose_own, name="own"),
    path("logs/", reports.bring_log, name="bring"),
    path("reports/<str:run>/", reports.show_run, name="run"),
    path("reports/<str:run>/cancel/", reports.cancel, name="cancel"),
    path("reports/<str:run>/delete/", reports.remove, name="remove"),
    path("reports/<str:run>/choices/", choosing.show_choices, name="choose"),
    path("reports/<str:run>/look/", choosing.look_again, name="look"),
    path("reports/<str:run>/diagnose/", choosing.diagnose, name="diagnose"),
    path("reports/<str:run>/report.html", reports.show_page, name="page"),
    path("reports/<str:run>/model.bpmn", reports.model, name="model"),
    path("reports/<str:run>/draft/", drafting.open_draft, name="draft"),
    path("reports/<str:run>/redesigns/<str:finding>/", redesigns.open_redesign, name="redesign"),
    path("reports/<str:run>/explore/", explore.show_explore, name="explore"),
    path("reports/<str:run>/explore/values/", explore.show_values, name="values"),
    path("reports/<str:run>/explore/people/name/", explore.name_people, name="people"),
    path("reports/<str:run>/explore/<slug:section>/", explore.show_section, name="section"),
    path("reports/<str:run>/explore/<slug:table>.csv", explore.save_table, name="table"),
    path("reports/<str:run>/compare/", comparing.show_comparison, name="compare"),
    path("reports/<str:run>/compare/values/", comparing.show_values, name="compare-values"),
    path("reports/<str:run>/compare/<slug:table>.csv", comparing.save_table, name="compared"),
    path("reports/<str:run>/cases/", cases.show_cases, name="cases"),
    path("reports/<str:run>/cases.csv", cases.save_cases, name="case-table"),
    path("reports/<str:run>/cases/one/", cases.show_case, name="case"),
]
