"""Addresses of a site that has only the journal."""

from django.contrib import admin
from django.urls import include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls

urlpatterns = [
    path("django-admin/", admin.site.urls),
    path("admin/", include(wagtailadmin_urls)),
    path("journal/my/", include("journal.urls")),
    path("", include(wagtail_urls)),
]
