from django.urls import path

from servoloop.web.portal import cases, services

app_name = "portal"
urlpatterns = [
    path("", services.show_services, name="services"),
    path("services/<str:key>/", services.ask, name="ask"),
    path("cases/", cases.show_cases, name="cases"),
    path("cases/<str:number>/", cases.show_case, name="case"),
    path("cases/<str:number>/reply/", cases.reply, name="reply"),
    path("follow/<str:secret>/", cases.follow, name="follow"),
    path("follow/<str:secret>/reply/", cases.reply_by_secret, name="reply_by_secret"),
]
