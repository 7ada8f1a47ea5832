"""System checks: what would make comments leak, or fail, is said at start."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig, apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register
from django.urls import NoReverseMatch, reverse

from . import conf


@register
def check_comment_packages(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Check the settings of the comment packages."""
    messages: list[CheckMessage] = []
    order = [config.label for config in apps.get_app_configs()]
    messages.extend(
        Error(
            f'"{label}" must come before the blog in INSTALLED_APPS.',
            hint="The blog switches off a handler of it by which held comments would become public.",
            id="anahata_blog.E001",
        )
        for label in ("django_comments_xtd", "django_comments")
        if order.index(label) > order.index("anahata_blog")
    )
    if getattr(settings, "COMMENTS_XTD_CONFIRM_EMAIL", True):
        messages.append(
            Error(
                "COMMENTS_XTD_CONFIRM_EMAIL must be False.",
                hint="Otherwise anybody can have mail with a text of their own sent to anybody.",
                id="anahata_blog.E002",
            )
        )
    if getattr(settings, "COMMENTS_APP", None) != "django_comments_xtd":
        messages.append(Error('COMMENTS_APP must be "django_comments_xtd".', id="anahata_blog.E003"))
    if not isinstance(getattr(settings, "SITE_ID", None), int):
        messages.append(
            Error("SITE_ID must name the row of django.contrib.sites that comments belong to.", id="anahata_blog.E004")
        )
    if getattr(settings, "COMMENTS_XTD_THREADED_EMAILS", True):
        messages.append(
            Error(
                "COMMENTS_XTD_THREADED_EMAILS must be False: its threads outlive their request.", id="anahata_blog.E005"
            )
        )
    if (
        getattr(settings, "COMMENTS_XTD_MODEL", "django_comments_xtd.models.XtdComment")
        != "django_comments_xtd.models.XtdComment"
    ):
        messages.append(Error("COMMENTS_XTD_MODEL must be left at its default.", id="anahata_blog.E006"))
    return messages


@register
def check_commenting(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Check the addresses of commenting, and the time in which an approval can be undone."""
    messages: list[CheckMessage] = []
    try:
        reverse("anahata_blog:post-comment", args=[1])
    except NoReverseMatch:
        messages.append(
            Error(
                "The addresses of commenting are missing.",
                hint=f'Add path("blog/comments/", include("{__name__.rpartition(".")[0]}.comments.urls")) before Wagtail\'s.',
                id="anahata_blog.E007",
            )
        )
    if conf.undo_seconds() < 1:
        messages.append(
            Warning("BLOG_COMMENT_UNDO_SECONDS leaves no time to undo an approval.", id="anahata_blog.W001")
        )
    return messages
