"""Ask Stripe how a checkout stands, and do what follows.

The webhook, the return page and the sweeper all call `sync_session`: events are hints, Stripe is the truth.
"""

from typing import Any

from django.db import transaction
from django.utils import timezone

from . import conf, stripe_client
from .entitlements import grant_for
from .models import CheckoutAttempt, Order, OutboxMail, Payment
from .models.orders import normalised
from .stock import consume_for, release_for
from .wake import wake

PaymentState = Order.PaymentState
LONGEST_EMAIL = 254  # what the column, and mail itself (RFC 5321), takes; Stripe takes more
FAILED_INTENTS = frozenset({"requires_payment_method", "canceled"})


class UnknownButOurs(Exception):
    """Raised for a session that carries this shop's name and belongs to no order here: to be tried again, and looked into."""


class WrongMode(Exception):
    """Raised when a session's mode is not that of its order: practice money never pays for a real one."""


def sync_session(session_id: str) -> Order | None:
    """Bring the order of a Checkout Session to where Stripe says it is; safe to repeat and to run at the same time.

    Return the order; None where the session is not this shop's. Calls Stripe once, outside the transaction.
    Raises stripe_client.PaymentError, UnknownButOurs or WrongMode.
    """
    return follow(stripe_client.retrieve_session(session_id))


def follow(session: dict[str, Any]) -> Order | None:
    """Do what follows from a session as Stripe described it, be it a moment ago: nothing goes back to an earlier state."""
    with transaction.atomic():
        found = _attempt_of(session)
        if found is None:
            return None
        order = Order.objects.select_for_update().get(pk=found.order_id)
        attempt = CheckoutAttempt.objects.get(pk=found.pk)  # again, now that nobody else changes it
        if session["livemode"] is not order.livemode:
            raise WrongMode(order.number)
        _follow_session(order, attempt, session)
        attempt.save()
        order.save()
    return order


def give_up(attempt: CheckoutAttempt, *, refused: bool) -> None:
    """Close an attempt that Stripe has no session for, and free what it held; safe to repeat."""
    with transaction.atomic():
        order = Order.objects.select_for_update().get(pk=attempt.order_id)
        over = CheckoutAttempt.Status.FAILED if refused else CheckoutAttempt.Status.EXPIRED
        standing = CheckoutAttempt.objects.filter(pk=attempt.pk, status__in=CheckoutAttempt.STANDING)
        if standing.update(status=over) and order.move_payment(
            PaymentState.FAILED if refused else PaymentState.EXPIRED
        ):
            release_for(order)
            order.save()


def _attempt_of(session: dict[str, Any]) -> CheckoutAttempt | None:
    known = CheckoutAttempt.objects.filter(session_id=session["id"]).first()
    if known:
        return known
    metadata = session.get("metadata") or {}
    if metadata.get("shop") != conf.shop_id():
        return None
    # Stripe's answer to the request that made it was lost on the way.
    named = CheckoutAttempt.objects.filter(order__number=metadata.get("order"), session_id=None).order_by("-pk")
    attempt = next((attempt for attempt in named if str(attempt.key) == metadata.get("attempt")), None)
    if attempt is None:
        raise UnknownButOurs(session["id"])
    return attempt


def _follow_session(order: Order, attempt: CheckoutAttempt, session: dict[str, Any]) -> None:
    attempt.session_id = session["id"]
    match session["status"]:
        case "open" if attempt.status in CheckoutAttempt.STANDING:
            attempt.status, attempt.url = CheckoutAttempt.Status.OPEN, session["url"] or ""
        case "expired" if attempt.status != CheckoutAttempt.Status.COMPLETE:
            attempt.status = CheckoutAttempt.Status.EXPIRED
            if order.move_payment(PaymentState.EXPIRED):
                release_for(order)
        case "complete":
            attempt.status = CheckoutAttempt.Status.COMPLETE
            _follow_payment(order, session)


def _follow_payment(order: Order, session: dict[str, Any]) -> None:
    intent = session.get("payment_intent")
    if session["payment_status"] in {"paid", "no_payment_required"}:
        _settle(order, session, intent)
    elif isinstance(intent, dict) and intent["status"] in FAILED_INTENTS:
        if order.move_payment(PaymentState.FAILED):
            release_for(order)
    elif order.move_payment(PaymentState.PROCESSING):
        _keep_contact(order, session)


def _settle(order: Order, session: dict[str, Any], intent: dict[str, Any] | str | None) -> None:
    if order.has_paid:
        return
    _keep_payment(order, session, intent)
    _keep_contact(order, session)
    if session["amount_total"] != order.total_minor or session["currency"].upper() != order.currency:
        order.move_payment(PaymentState.PROCESSING)
        order.flag("Stripe took another amount than the order says; nothing was unlocked or taken off the shelf.")
        return
    if not order.move_payment(PaymentState.PAID):
        return
    order.paid_at = timezone.now()
    order.tax_minor = (session.get("total_details") or {}).get("amount_tax", 0)
    _find_buyer(order)
    if not consume_for(order):
        order.flag("Paid after the last piece was gone: post it later, or refund.")
    grant_for(order)
    _owe_mail(order)


def _keep_payment(order: Order, session: dict[str, Any], intent: dict[str, Any] | str | None) -> None:
    intent_id = intent["id"] if isinstance(intent, dict) else intent
    if intent_id:  # none where there was nothing to pay
        Payment.objects.get_or_create(
            stripe_payment_intent_id=intent_id,
            defaults={
                "order": order,
                "amount_minor": session["amount_total"],
                "currency": session["currency"].upper(),
                "livemode": session["livemode"],
                "paid_at": timezone.now(),
            },
        )


def _keep_contact(order: Order, session: dict[str, Any]) -> None:
    details = session.get("customer_details") or {}
    if not order.email:  # someone signed in beats the address typed at Stripe
        email = normalised(_kept(details.get("email") or session.get("customer_email") or ""))
        order.email = email if len(email) <= LONGEST_EMAIL else ""
    shipping = (session.get("collected_information") or {}).get("shipping_details")
    if shipping:
        address = {"name": shipping.get("name") or "", **(shipping.get("address") or {})}
        order.shipping_address = {key: _kept(value) for key, value in address.items()}
        order.country = order.shipping_address.get("country") or order.country


def _kept(typed: Any) -> Any:
    # PostgreSQL refuses a NUL, and a paid order must not fail over what someone typed.
    return typed.replace("\0", "") if isinstance(typed, str) else typed


def _find_buyer(order: Order) -> None:
    find = conf.buyer_for_email()
    if order.user_id is None and order.email and find:
        buyer = find(order.email)
        order.user_id = buyer.pk if buyer else None


def _owe_mail(order: Order) -> None:
    if order.email:
        OutboxMail.objects.get_or_create(order=order, kind=OutboxMail.Kind.CONFIRMED)
        wake()
    else:
        order.flag("Stripe gave no e-mail address: nobody was told.")
