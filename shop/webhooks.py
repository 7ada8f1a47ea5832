"""Stripe's events: believed when signed, stored once, handled later and as often as it takes."""

import re

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from . import stripe_client
from .models import StripeEvent
from .retrying import LEASE, pause_after
from .sync import UnknownButOurs, WrongMode, sync_session
from .wake import wake

SESSION_EVENTS = frozenset(
    {
        "checkout.session.completed",
        "checkout.session.async_payment_succeeded",
        "checkout.session.async_payment_failed",
        "checkout.session.expired",
    }
)
_TYPE = re.compile(r"[a-z0-9_.]{1,100}")
_ID = re.compile(r"[A-Za-z0-9_]{1,255}")
_VERSION = re.compile(r"[A-Za-z0-9.-]{1,40}")


def receive(body: bytes, signature: str) -> None:
    """Store the event in the raw request body, once, and wake the worker.

    Raises stripe_client.InvalidEvent for everything that is not an event of Stripe's to this shop.
    """
    event = stripe_client.verified_event(body, signature)
    if not _TYPE.fullmatch(event["type"]):
        raise stripe_client.InvalidEvent("type")
    object_id, version = str(event["data"]["object"].get("id", "")), str(event.get("api_version", ""))
    with transaction.atomic():
        _row, is_new = StripeEvent.objects.get_or_create(
            event_id=event["id"],
            defaults={
                "type": event["type"],
                "object_id": object_id if _ID.fullmatch(object_id) else "",
                "api_version": version if _VERSION.fullmatch(version) else "",
                "livemode": event["livemode"],
            },
        )
        if is_new:
            wake()


def waiting() -> list[int]:
    """Return the events to handle by now, oldest first."""
    return list(StripeEvent.objects.waiting(timezone.now()).values_list("pk", flat=True)[:100])


def handle(event_pk: int) -> None:
    """Do what an event hints at, unless another worker does; what fails is tried again later, with growing pauses."""
    now = timezone.now()
    is_mine = (
        StripeEvent.objects.waiting(now)
        .filter(pk=event_pk)
        .order_by()
        .update(next_try_at=now + LEASE, attempts=F("attempts") + 1)
    )
    if not is_mine:
        return
    event = StripeEvent.objects.get(pk=event_pk)
    try:
        event.state = _follow(event)
    except (stripe_client.PaymentError, UnknownButOurs, WrongMode) as error:
        event.state = StripeEvent.State.FAILED
        event.error = f"{type(error).__name__}: {error}"[:200]
        event.next_try_at = now + pause_after(event.attempts)
    else:
        event.error, event.handled_at = "", timezone.now()
    event.save()


def _follow(event: StripeEvent) -> StripeEvent.State:
    if event.type not in SESSION_EVENTS:
        return StripeEvent.State.IGNORED
    return StripeEvent.State.DONE if sync_session(event.object_id) else StripeEvent.State.IGNORED
