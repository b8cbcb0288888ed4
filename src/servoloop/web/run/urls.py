from django.urls import path

from servoloop.web.run import cases, escalations, incidents, tasks, work

app_name = "run"
_TASK = "cases/<int:case>/tasks/<int:task>/"
urlpatterns = [
    path("work/", work.show_work, name="work"),
    path("find/", cases.find, name="find"),
    path("cases/", cases.show_cases, name="cases"),
    path("cases/<int:case>/", cases.show_case, name="case"),
    path("cases/<int:case>/say/", cases.say_to_customer, name="say"),
    path("cases/<int:case>/cancel/", cases.cancel, name="cancel"),
    path("cases/<int:case>/reopen/", cases.reopen, name="reopen"),
    path(_TASK, tasks.show_task, name="task"),
    path(_TASK + "claim/", tasks.claim, name="claim"),
    path(_TASK + "release/", tasks.release, name="release"),
    path(_TASK + "complete/", tasks.complete, name="complete"),
    path(_TASK + "escalate/", tasks.escalate, name="escalate"),
    path("escalations/", escalations.show_escalations, name="escalations"),
    path(
        "cases/<int:case>/escalations/<int:escalation>/answer/",
        escalations.answer,
        name="answer",
    ),
    path("incidents/", incidents.show_incidents, name="incidents"),
    path("cases/<int:case>/incidents/<int:incident>/resolve/", incidents.resolve, name="resolve"),
]
