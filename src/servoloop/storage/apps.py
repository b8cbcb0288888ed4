from django.apps import AppConfig


class StorageConfig(AppConfig):
    name = "servoloop.storage"
    label = "storage"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Definitions and cases"
