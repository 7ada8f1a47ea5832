from django.apps import AppConfig


class SiteConfig(AppConfig):
    """The site itself: its commands, and the wiring between apps that do not know each other."""

    name = "config"
    label = "anahata_site"
    verbose_name = "Anahata"

    def ready(self) -> None:
        from . import sign_in  # noqa: F401
