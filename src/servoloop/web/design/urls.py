from django.urls import path

from servoloop.web.design import processes, publishing

app_name = "design"
urlpatterns = [
    path("processes/", processes.show_processes, name="processes"),
    path("processes/publish/", publishing.publish_file, name="publish"),
    path("processes/<str:key>/", processes.show_process, name="process"),
    path("processes/<str:key>/check/", processes.check_process, name="check"),
    path("definitions/<int:definition>.bpmn", processes.definition, name="definition"),
]
