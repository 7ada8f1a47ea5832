"""What the app refuses to start with."""

from typing import Any

import pytest
from django.apps import apps
from django.db.models.signals import pre_save
from django_comments_xtd.models import XtdComment, publish_or_unpublish_on_pre_save

from blog import checks


def ids() -> list[str]:
    return [str(message.id) for message in [*checks.check_comment_packages(None), *checks.check_commenting(None)]]


def test_the_settings_of_this_project_pass() -> None:
    assert ids() == []


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("COMMENTS_XTD_CONFIRM_EMAIL", True, "anahata_blog.E002"),
        ("COMMENTS_APP", "django_comments", "anahata_blog.E003"),
        ("SITE_ID", None, "anahata_blog.E004"),
        ("COMMENTS_XTD_THREADED_EMAILS", True, "anahata_blog.E005"),
        ("COMMENTS_XTD_MODEL", "elsewhere.models.Comment", "anahata_blog.E006"),
        ("ROOT_URLCONF", "wagtail.urls", "anahata_blog.E007"),
        ("BLOG_COMMENT_UNDO_SECONDS", 0, "anahata_blog.W001"),
    ],
)
def test_a_setting_that_would_leak_is_named(settings: Any, name: str, value: Any, expected: str) -> None:
    setattr(settings, name, value)

    assert ids() == [expected]


def test_the_order_of_apps_is_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    configs = list(apps.get_app_configs())
    late = [config for config in configs if config.label != "django_comments_xtd"]
    late.append(apps.get_app_config("django_comments_xtd"))
    monkeypatch.setattr(apps, "get_app_configs", lambda: late)

    assert ids() == ["anahata_blog.E001"]


def test_the_handler_that_would_publish_replies_is_switched_off() -> None:
    receivers = [receiver for kind in pre_save._live_receivers(XtdComment) for receiver in kind]

    assert publish_or_unpublish_on_pre_save not in receivers
