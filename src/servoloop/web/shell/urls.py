from django.urls import path

from servoloop.web.shell import script_words, views

app_name = "shell"
urlpatterns = [
    path("", views.home, name="home"),
    path("theme/", views.choose_theme, name="theme"),
    path("counts/", views.counts, name="counts"),
    path("words/<str:language>.<str:edition>.js", script_words.show_words, name="words"),
]
