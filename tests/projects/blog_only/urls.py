"""Addresses of a site that has only the blog."""

from django.urls import include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls

urlpatterns = [
    path("admin/", include(wagtailadmin_urls)),
    path("blog/comments/", include("blog.comments.urls")),
    path("", include(wagtail_urls)),
]
