"""System checks: what would leave a journal unreadable, or readable by others, is said at start."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error, Warning, register
from django.db.models import Model
from wagtail import hooks
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.models import ReferenceIndex
from wagtail.search.index import get_indexed_models
from wagtail.snippets.models import get_snippet_models

from . import conf
from .models import PRIVATE_MODELS


@register
def check_keys(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Check the master keys."""
    try:
        keys = conf.master_keys()
    except ValueError as error:
        return [
            Error(
                str(error),
                hint="Make one with: python -c 'import base64, secrets; "
                "print(base64.urlsafe_b64encode(secrets.token_bytes(32)).decode())'",
                id="anahata_journal.E002",
            )
        ]
    if not keys:
        return [
            Error(
                "JOURNAL_MASTER_KEYS lists no key, so nothing can be written.",
                hint="Set it to a mapping of an id to 32 random bytes in URL-safe base64.",
                id="anahata_journal.E001",
            )
        ]
    if conf.active_master_key_id() not in keys:
        return [
            Error("JOURNAL_ACTIVE_MASTER_KEY must be an id of JOURNAL_MASTER_KEYS.", id="anahata_journal.E003"),
        ]
    return []


@register
def check_policy(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Check the access policy."""
    try:
        policy: object = conf.access_policy()
    except ImportError as error:
        return [Error(f"JOURNAL_ACCESS_POLICY is not found: {error}", id="anahata_journal.E004")]
    if policy is None:
        return [
            Warning(
                "JOURNAL_ACCESS_POLICY is not set, so nobody may write.",
                hint='Name a function (user, guide_key) -> bool by its dotted path, such as "site.rules.may_write".',
                id="anahata_journal.W001",
            )
        ]
    if not callable(policy):
        return [Error("JOURNAL_ACCESS_POLICY must name a function.", id="anahata_journal.E004")]
    return []


@register
def check_privacy(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Check that no admin, snippet list or index knows what writers keep."""
    return [
        Error(
            f"{model.__name__} is registered in {where}: what people write would be within reach of staff.",
            hint="Take the registration out.",
            id="anahata_journal.E005",
        )
        for model, where in _exposed()
        if issubclass(model, PRIVATE_MODELS)
    ]


def _exposed() -> Iterator[tuple[type[Model], str]]:
    for model in get_snippet_models():
        yield model, "Wagtail's snippets"
    for viewset in _viewsets(fn() for fn in hooks.get_hooks("register_admin_viewset")):
        if model := getattr(viewset, "model", None):
            yield apps.get_model(model) if isinstance(model, str) else model, "Wagtail's admin"
    for model in get_indexed_models():
        yield model, "the search index"
    for model in ReferenceIndex.indexed_models:
        yield model, "the reference index"
    if apps.is_installed("django.contrib.admin"):
        from django.contrib import admin

        for model in admin.site._registry:
            yield model, "Django's admin"


def _viewsets(registered: Any) -> Iterator[Any]:
    for viewset in registered:
        if isinstance(viewset, list | tuple):
            yield from _viewsets(viewset)
        elif isinstance(viewset, ViewSetGroup):
            yield from _viewsets(viewset.registerables)
        else:
            yield viewset
