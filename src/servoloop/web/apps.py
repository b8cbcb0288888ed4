"""The sections of the web as Django applications, each with its templates and static files."""

from django.apps import AppConfig


class ShellConfig(AppConfig):
    name = "servoloop.web.shell"
    label = "web_shell"


class PortalConfig(AppConfig):
    name = "servoloop.web.portal"
    label = "web_portal"


class RunConfig(AppConfig):
    name = "servoloop.web.run"
    label = "web_run"


class DesignConfig(AppConfig):
    name = "servoloop.web.design"
    label = "web_design"


class MeasureConfig(AppConfig):
    name = "servoloop.web.measure"
    label = "web_measure"


class DiagnoseConfig(AppConfig):
    name = "servoloop.web.diagnose"
    label = "web_diagnose"
