from django.apps import AppConfig


class SiteConfig(AppConfig):
    """The site itself: its commands, and the wiring between apps that do not know each other."""

    name = "config"
    label = "anahata_site"
    verbose_name = "Anahata"
