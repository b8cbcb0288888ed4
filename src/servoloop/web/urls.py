"""The addresses of the web: one section of the loop each, and the portal for customers."""

from django.urls import include, path

urlpatterns = [
    path("", include("servoloop.web.shell.urls")),
    path("portal/", include("servoloop.web.portal.urls")),
    path("run/", include("servoloop.web.run.urls")),
    path("design/", include("servoloop.web.design.urls")),
    path("measure/", include("servoloop.web.measure.urls")),
    path("diagnose/", include("servoloop.web.diagnose.urls")),
]
