from django.apps import AppConfig


class WorkersConfig(AppConfig):
    name = "servoloop.workers"
    label = "workers"
    verbose_name = "Timers and side effects"
