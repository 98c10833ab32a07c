from django.apps import AppConfig


class CxmConfig(AppConfig):
    name = "cxm"
    verbose_name = "CXM"
    default_auto_field = "django.db.models.BigAutoField"
