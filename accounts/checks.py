"""Settings that would leave a door open are said at start."""

from typing import Any

from django.core.checks import CheckMessage, Error, register
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


def _is_url_name(name: str) -> bool:
    *namespaces, last = name.split(":")
    resolver = get_resolver()
    for namespace in namespaces:
        if namespace not in resolver.namespace_dict:
            return False
        resolver = resolver.namespace_dict[namespace][1]
    return last in resolver.reverse_dict
