from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JournalConfig(AppConfig):
    name = __name__.rpartition(".")[0]
    label = "anahata_journal"
    verbose_name = _("Journal")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import checks, sync  # noqa: F401  # they register themselves
