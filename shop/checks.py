"""Refuse to start with settings that would oversell, mistrust or take no money."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register
from django.core.exceptions import ImproperlyConfigured

from . import conf, stripe_client
from .tasks import sweep


@register()
def check_stripe(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Check the key, the address it goes to and the webhook secrets."""
    if not stripe_client.is_configured():
        kind = Warning if settings.DEBUG else Error
        return [
            kind(
                "STRIPE_SECRET_KEY is not set: nothing can be bought.",
                hint="Set a key of your Stripe account.",
                id="anahata_shop.E001",
            )
        ]
    found: list[CheckMessage] = []
    try:
        stripe_client.require_sound_settings()
    except ImproperlyConfigured as error:
        found.append(Error(str(error), id="anahata_shop.E002"))
    secrets = conf.stripe_webhook_secrets()
    if not secrets or not all(secret.startswith("whsec_") for secret in secrets):
        found.append(
            Error(
                "STRIPE_WEBHOOK_SECRETS must list at least one whsec_… secret: without it no event from Stripe is believed.",
                id="anahata_shop.E003",
            )
        )
    return found


@register()
def check_words(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Check the settings that Stripe or Python would refuse later."""
    found: list[CheckMessage] = []
    if len(conf.currency()) != 3 or not conf.currency().isupper():
        found.append(
            Error("SHOP_CURRENCY must be an ISO code of three capital letters, such as EUR.", id="anahata_shop.E005")
        )
    if len(conf.statement_suffix()) > 22 or set(conf.statement_suffix()) & set("<>\"'*\\"):
        found.append(
            Error(
                "SHOP_STATEMENT_SUFFIX may have 22 characters at most, and none of < > \" ' * \\.",
                id="anahata_shop.E006",
            )
        )
    try:
        conf.buyer_for_email()
    except ImportError as error:
        found.append(Error(f"SHOP_BUYER_FOR_EMAIL cannot be imported: {error}", id="anahata_shop.E007"))
    return found


@register(deploy=True)
def check_task_engine(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Refuse, in production, an engine that runs a task where it is enqueued: inside a visitor's request, or never."""
    backend = type(sweep.get_backend()).__name__
    if backend not in {"ImmediateBackend", "DummyBackend"}:
        return []
    return [
        Error(
            f"The default task backend is {backend}: nothing would be done by a worker.",
            hint="Name another in TASKS, such as django_tasks_db.DatabaseBackend, and run its worker.",
            id="anahata_shop.E008",
        )
    ]


@register()
def check_sqlite_transactions(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Refuse SQLite without `transaction_mode: IMMEDIATE`: two buyers at once would get "database is locked"."""
    return [
        Error(
            f"The SQLite database {alias!r} must have OPTIONS['transaction_mode'] = 'IMMEDIATE'.",
            hint="Otherwise two checkouts at the same moment fail with “database is locked”.",
            id="anahata_shop.E004",
        )
        for alias, config in settings.DATABASES.items()
        if config.get("ENGINE", "").endswith("sqlite3")
        and str(config.get("OPTIONS", {}).get("transaction_mode", "")).upper() not in {"IMMEDIATE", "EXCLUSIVE"}
    ]
