"""The only place that talks to Stripe. Plain dicts come out, and this module's own exceptions.

Never call it inside a transaction: a slow answer would hold the database.
https://docs.stripe.com/api/checkout/sessions
"""

import json
import re
from typing import Any
from urllib.parse import urlsplit

import stripe
from django.core.exceptions import ImproperlyConfigured

from . import conf

stripe.enable_telemetry = False  # else the first request writes a telemetry_id file under the user's config folder

SANDBOX_KEY_PREFIX = "sk_test_sandbox_"
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_PLAIN_ID = re.compile(r"[A-Za-z0-9_]{1,255}")


class PaymentError(Exception):
    """Raised when Stripe cannot do what was asked; the subclass says whether asking again helps."""


class StripeUnavailable(PaymentError):
    """Raised when Stripe does not answer, is busy, or fails: the same request may be sent again, with the same key."""


class StripeBusy(StripeUnavailable):
    """Raised when another request with the same key is on its way right now."""


class StripeRefused(PaymentError):
    """Raised when Stripe says no to the request itself: sending it again changes nothing."""


class UnknownObject(StripeRefused):
    """Raised when Stripe has nothing by that id."""


class InvalidEvent(Exception):
    """Raised when what arrived at the webhook is not an event that Stripe signed for this shop."""


def is_configured() -> bool:
    """Whether anything can be bought at all."""
    return bool(conf.stripe_secret_key())


def livemode() -> bool:
    """Whether the configured key moves real money."""
    return conf.stripe_secret_key().startswith(("sk_live_", "rk_live_"))


def require_sound_settings() -> None:
    """Raise ImproperlyConfigured for a missing key, or one that does not go with the address."""
    key, override = conf.stripe_secret_key(), conf.stripe_sandbox_url()
    if not key:
        raise ImproperlyConfigured("STRIPE_SECRET_KEY is not set; nothing can be bought.")
    if not key.startswith(("sk_", "rk_")):
        raise ImproperlyConfigured(
            "STRIPE_SECRET_KEY must be a secret or restricted key, sk_… or rk_…, not another kind."
        )
    if not override:
        if key.startswith(SANDBOX_KEY_PREFIX):
            raise ImproperlyConfigured(
                "STRIPE_SECRET_KEY belongs to the local Stripe; set STRIPE_SANDBOX_URL, or use a key of your account."
            )
        return
    if not key.startswith(SANDBOX_KEY_PREFIX):
        raise ImproperlyConfigured(
            "STRIPE_SANDBOX_URL is set: a key of a real account is never sent there. Unset one of the two."
        )
    address = urlsplit(override)
    if address.scheme not in {"http", "https"} or address.hostname not in LOOPBACK:
        raise ImproperlyConfigured(
            "STRIPE_SANDBOX_URL must be an address of this machine, such as http://127.0.0.1:8001."
        )


def create_session(params: dict[str, Any], key: str) -> dict[str, Any]:
    """Return a new Checkout Session, or the one that was made when `key` was first sent.

    Raises StripeUnavailable (send the same again) or StripeRefused (do not).
    """
    try:
        return _client().v1.checkout.sessions.create(params, options={"idempotency_key": key}).to_dict()  # type: ignore[arg-type]  # SDK's own TypedDict
    except stripe.StripeError as error:
        raise _ours(error) from error


def retrieve_session(session_id: str) -> dict[str, Any]:
    """Return the Checkout Session with its payment intent, as Stripe knows it now.

    Raises StripeUnavailable, or UnknownObject.
    """
    try:
        return _client().v1.checkout.sessions.retrieve(session_id, {"expand": ["payment_intent"]}).to_dict()
    except stripe.StripeError as error:
        raise _ours(error) from error


def expire_session(session_id: str) -> None:
    """Close the session for payment.

    Raises StripeUnavailable, or StripeRefused where it is not open any more: ask how it stands.
    """
    try:
        _client().v1.checkout.sessions.expire(session_id)
    except stripe.StripeError as error:
        raise _ours(error) from error


def verified_event(body: bytes, signature: str) -> dict[str, Any]:
    """Return the event in `body`, signed by one of the webhook secrets and of this key's mode.

    Raises InvalidEvent for whatever else was sent: nothing in it is trusted before the signature holds.
    """
    if not any(_is_signed(body, signature, secret) for secret in conf.stripe_webhook_secrets()):
        raise InvalidEvent("signature")
    try:
        event = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise InvalidEvent("body") from error
    if not isinstance(event, dict) or event.get("object") != "event":
        raise InvalidEvent("not an event")
    about = event["data"].get("object") if isinstance(event.get("data"), dict) else None
    if not isinstance(about, dict) or not isinstance(event.get("type"), str):
        raise InvalidEvent("shape")
    if not isinstance(event.get("id"), str) or not _PLAIN_ID.fullmatch(event["id"]):
        raise InvalidEvent("id")
    if event.get("livemode") is not livemode():
        raise InvalidEvent("mode")
    return event


def _is_signed(body: bytes, signature: str, secret: str) -> bool:
    try:
        return bool(stripe.WebhookSignature.verify_header(body, signature, secret, stripe.Webhook.DEFAULT_TOLERANCE))
    except (stripe.SignatureVerificationError, UnicodeError, TypeError, ValueError):
        # Before it compares, the SDK decodes the body and takes the header apart, and lets some of that fail as it likes.
        return False


def _client() -> stripe.StripeClient:
    require_sound_settings()
    override = conf.stripe_sandbox_url()
    return stripe.StripeClient(
        conf.stripe_secret_key(),
        max_network_retries=0,  # a visitor waits: who may wait longer is tried again by the worker
        http_client=stripe.RequestsClient(timeout=conf.stripe_timeout()),
        base_addresses={"api": override.rstrip("/")} if override else {},
    )


def _ours(error: stripe.StripeError) -> PaymentError:
    status = error.http_status or 0
    said = f"{type(error).__name__} {status} {error.code or ''}".strip()  # never the message: it may repeat an address
    if status == 409:
        return StripeBusy(said)
    if status >= 500 or status in {0, 401, 403, 429}:  # nothing was made, and a right key or a later moment may do
        return StripeUnavailable(said)
    return UnknownObject(said) if status == 404 else StripeRefused(said)
