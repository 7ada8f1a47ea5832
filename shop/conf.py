"""Every setting of the shop, with its default. Each function's docstring is its reference."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string


def stripe_secret_key() -> str:
    """`STRIPE_SECRET_KEY`: the account's key, `sk_test_…` or `sk_live_…`. Empty: nothing can be bought. Default: empty."""
    return str(getattr(settings, "STRIPE_SECRET_KEY", "") or "")


def stripe_webhook_secrets() -> list[str]:
    """`STRIPE_WEBHOOK_SECRETS`: signing secrets of the endpoint, `whsec_…`; two while one is being replaced. Default: none."""
    return list(getattr(settings, "STRIPE_WEBHOOK_SECRETS", []) or [])


def stripe_sandbox_url() -> str:
    """`STRIPE_SANDBOX_URL`: address of a local Stripe, for development; loopback and its own key only. Default: empty, the real one."""
    return str(getattr(settings, "STRIPE_SANDBOX_URL", "") or "")


def stripe_timeout() -> float:
    """`SHOP_STRIPE_TIMEOUT`: seconds to wait for Stripe before saying that it cannot be reached. Default: 8."""
    return float(getattr(settings, "SHOP_STRIPE_TIMEOUT", 8))


def shop_id() -> str:
    """`SHOP_ID`: tells this shop's sessions from others' in the same Stripe account. Default: `anahata`."""
    return str(getattr(settings, "SHOP_ID", "anahata"))


def currency() -> str:
    """`SHOP_CURRENCY`: the one currency, an ISO code, that everything is sold in. Default: `EUR`."""
    return str(getattr(settings, "SHOP_CURRENCY", "EUR"))


def statement_suffix() -> str:
    """`SHOP_STATEMENT_SUFFIX`: neutral words on the buyer's bank line, at most 22 characters. Default: empty, the account's own."""
    return str(getattr(settings, "SHOP_STATEMENT_SUFFIX", "") or "")


def buyer_for_email() -> Callable[[str], Any] | None:
    """`SHOP_BUYER_FOR_EMAIL`: dotted path to `(email) -> user or None`, asked when a guest has paid.

    It runs inside a transaction and may run twice. Default: none, the purchase waits until the address signs in.
    """
    path = getattr(settings, "SHOP_BUYER_FOR_EMAIL", "")
    return import_string(path) if path else None


def base_url() -> str:
    """`WAGTAILADMIN_BASE_URL`: the site's address, for links in mails. Default: that of Wagtail's default site."""
    from wagtail.models import Site

    configured = str(getattr(settings, "WAGTAILADMIN_BASE_URL", "") or "")
    if configured:
        return configured.rstrip("/")
    site = Site.objects.filter(is_default_site=True).first()
    return site.root_url.rstrip("/") if site else ""
