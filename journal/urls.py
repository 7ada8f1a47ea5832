"""Where people write: a site includes this, before Wagtail's own addresses, under journal/my/."""

from django.urls import URLPattern

app_name = "anahata_journal"
urlpatterns: list[URLPattern] = []
