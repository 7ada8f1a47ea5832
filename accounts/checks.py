"""Settings that would leave a door open are said at start."""

from typing import Any

from django.core.cache import caches
from django.core.cache.backends.dummy import DummyCache
from django.core.cache.backends.locmem import LocMemCache
from django.core.checks import CheckMessage, Error, Warning, register
from django.urls import get_resolver

from . import conf


@register()
def check_fresh_proof_views(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Refuse names in FRESH_PROOF_VIEWS that no address has: the view that was meant would be open."""
    return [
        Error(
            f"FRESH_PROOF_VIEWS names {name!r}, and no URL has that name.",
            hint='Write it as "namespace:name".',
            id="anahata_accounts.E001",
        )
        for name in sorted(conf.fresh_proof_views())
        if not _is_url_name(name)
    ]


@register(deploy=True)
def check_tries_are_counted(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Refuse a cache that forgets: the limits on codes and tries are counted in it."""
    hint = "Name a cache that all processes share: the database's, or Redis."
    cache = caches["default"]
    if isinstance(cache, DummyCache):
        return [
            Error("The default cache keeps nothing, so sign-in has no limits.", hint=hint, id="anahata_accounts.E002")
        ]
    if isinstance(cache, LocMemCache):
        return [
            Warning(
                "The default cache is each process's own, so each allows as many sign-in codes and tries as all should.",
                hint=hint,
                id="anahata_accounts.W001",
            )
        ]
    return []


def _is_url_name(name: str) -> bool:
    *namespaces, last = name.split(":")
    resolver = get_resolver()
    for namespace in namespaces:
        if namespace not in resolver.namespace_dict:
            return False
        resolver = resolver.namespace_dict[namespace][1]
    return last in resolver.reverse_dict
