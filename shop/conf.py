"""The app's settings: each function reads one, names its default, and says what it does."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string


def stripe_secret_key() -> str:
    """Return STRIPE_SECRET_KEY (default empty: nothing can be bought): the account's key, sk_test_… or sk_live_…."""
    return str(getattr(settings, "STRIPE_SECRET_KEY", "") or "")


def stripe_webhook_secrets() -> list[str]:
    """Return STRIPE_WEBHOOK_SECRETS (default none): the endpoint's signing secrets, whsec_…; two while one is replaced."""
    return list(getattr(settings, "STRIPE_WEBHOOK_SECRETS", []) or [])


def stripe_sandbox_url() -> str:
    """Return STRIPE_SANDBOX_URL (default empty: the real Stripe): a local one's address; loopback and its own key only."""
    return str(getattr(settings, "STRIPE_SANDBOX_URL", "") or "")


def stripe_sandbox_store() -> Path | None:
    """Return STRIPE_SANDBOX_STORE (default none: until it stops): the file in which the local Stripe remembers."""
    path = getattr(settings, "STRIPE_SANDBOX_STORE", None)
    return Path(path) if path else None


def stripe_timeout() -> float:
    """Return SHOP_STRIPE_TIMEOUT (default 8): seconds to wait for Stripe before saying that it cannot be reached."""
    return float(getattr(settings, "SHOP_STRIPE_TIMEOUT", 8))


def shop_id() -> str:
    """Return SHOP_ID (default "anahata"): tells this shop's sessions from others' in the same Stripe account."""
    return str(getattr(settings, "SHOP_ID", "anahata"))


def currency() -> str:
    """Return SHOP_CURRENCY (default "EUR"): the ISO code of the one currency that everything is sold in."""
    return str(getattr(settings, "SHOP_CURRENCY", "EUR"))


def statement_suffix() -> str:
    """Return SHOP_STATEMENT_SUFFIX (default empty: the account's own): neutral words on the bank line, 22 letters at most."""
    return str(getattr(settings, "SHOP_STATEMENT_SUFFIX", "") or "")


def buyer_for_email() -> Callable[[str], Any] | None:
    """Return what SHOP_BUYER_FOR_EMAIL names (default none: a guest's purchase waits until the address signs in).

    It is a dotted path to `(email) -> user or None`, asked when a guest has paid; it runs inside a transaction and may
    run twice. Raises ImportError when nothing is found there.
    """
    path = getattr(settings, "SHOP_BUYER_FOR_EMAIL", "")
    return import_string(path) if path else None


def base_url() -> str:
    """Return WAGTAILADMIN_BASE_URL (default: the address of Wagtail's default site), for links in mails; no slash at its end."""
    from wagtail.models import Site

    configured = str(getattr(settings, "WAGTAILADMIN_BASE_URL", "") or "")
    if configured:
        return configured.rstrip("/")
    site = Site.objects.filter(is_default_site=True).first()
    return site.root_url.rstrip("/") if site else ""
