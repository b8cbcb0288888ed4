from django.urls import path

from servoloop.web.design import blueprint, diff, processes, publishing, readiness

app_name = "design"
urlpatterns = [
    path("processes/", processes.show_processes, name="processes"),
    path("processes/publish/", publishing.publish_file, name="publish"),
    path("processes/<str:key>/", processes.show_process, name="process"),
    path("processes/<str:key>/readiness/", readiness.show_readiness, name="readiness"),
    path("processes/<str:key>/blueprint/", blueprint.show_blueprint, name="blueprint"),
    path("processes/<str:key>/diff/<str:older>/<str:newer>/", diff.show_diff, name="diff"),
    path("definitions/<int:definition>.bpmn", processes.definition, name="definition"),
]
