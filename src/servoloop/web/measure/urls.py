from django.urls import path

from servoloop.web.measure import kpis

app_name = "measure"
urlpatterns = [path("", kpis.show_kpis, name="kpis")]
