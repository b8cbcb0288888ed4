"""All addresses: the sections of the web, login, administration."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, include, path


def healthy(request: HttpRequest) -> HttpResponse:
    """The process answers; load balancers and `servoloop up` ask."""
    return HttpResponse("ok", content_type="text/plain")


urlpatterns: list[URLPattern | URLResolver] = [
    path("health", healthy, name="health"),
    path("accounts/", include("allauth.urls")),
    path("language/", include("django.conf.urls.i18n")),
    path("django-admin/", admin.site.urls),
    path("", include("servoloop.web.urls")),
]

handler400 = "servoloop.web.shell.errors.bad_request"
handler403 = "servoloop.web.shell.errors.forbidden"
handler404 = "servoloop.web.shell.errors.not_found"
handler500 = "servoloop.web.shell.errors.server_error"
