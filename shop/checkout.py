"""Begin to pay: write the order, hold the pieces, then ask Stripe for a page to pay on."""

import json
import time
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from . import conf, stripe_client
from .cart import Cart, PricedCart, PricedLine, priced
from .models import CheckoutAttempt, Order, OrderLine, SoldComponent
from .models.delivery import Offer
from .models.orders import new_order_number, normalised
from .stock import OutOfStock, hold_for
from .sync import give_up, sync_session

# Stripe allows 30 minutes at least; one more for a request that is sent again.
OPEN_FOR = timedelta(minutes=31)
SHIPPING_TAX_CODE = "txcd_92010001"
STRIPE_LOCALES = {
    "bg", "cs", "da", "de", "el", "en", "en-GB", "es", "es-419", "et", "fi", "fil", "fr", "fr-CA", "hr", "hu", "id", "it", "ja", "ko", "lt", "lv", "ms", "mt", "nb", "nl", "pl", "pt", "pt-BR", "ro", "ru", "sk", "sl", "sv", "th", "tr", "vi", "zh", "zh-HK", "zh-TW",
}  # fmt: skip
Status = CheckoutAttempt.Status


class CannotCheckOut(Exception):
    """Raised when the cart is empty, short of something or without a country; the cart page says which."""


@dataclass(frozen=True, kw_only=True)
class ToPay:
    """Where the buyer pays."""

    order: Order
    url: str


@dataclass(frozen=True, kw_only=True)
class AlreadyBought:
    """The same cart was paid for, or is being: the buyer is shown that instead of paying twice."""

    order: Order
    session_id: str


@dataclass(frozen=True, kw_only=True)
class Buyer:
    """Who buys, and where Stripe sends them back to. `return_url` holds Stripe's {CHECKOUT_SESSION_ID} as it is."""

    return_url: str
    cancel_url: str
    language: str = ""
    user_id: int | None = None
    email: str = ""


def start(cart: Cart, buyer: Buyer) -> ToPay | AlreadyBought:
    """Return where to pay for `cart`, going on with its open checkout where nothing has changed.

    Call it outside any transaction. Raises CannotCheckOut, or stripe_client.PaymentError: nothing is lost then,
    and the next try sends the same request with the same key.
    """
    wanted = priced(cart)
    if not wanted.can_check_out:
        raise CannotCheckOut
    fingerprint = wanted.fingerprint(user_id=buyer.user_id)
    for _turn in range(3):
        earlier = _go_on(cart, fingerprint)
        if earlier:
            return earlier
        try:
            attempt = _write(wanted, buyer, fingerprint)
        except OutOfStock as error:
            raise CannotCheckOut from error
        except IntegrityError:
            continue  # the same cart was sent twice at the same moment, and the other one was first
        return ToPay(order=attempt.order, url=open_session(attempt))
    raise stripe_client.StripeUnavailable("this cart is being checked out again and again")


def open_session(attempt: CheckoutAttempt) -> str:
    """Make the attempt's session at Stripe, or find it again, and return the address to pay at; safe to repeat.

    Raises stripe_client.StripeUnavailable: ask again. Or StripeRefused: the attempt is closed then.
    """
    try:
        session = stripe_client.create_session(attempt.params, str(attempt.key))
    except stripe_client.StripeBusy:
        return _wait_for_twin(attempt)
    except stripe_client.StripeRefused:
        give_up(attempt, refused=True)
        raise
    CheckoutAttempt.objects.filter(pk=attempt.pk, status=Status.CREATED).update(
        session_id=session["id"], url=session["url"] or "", status=Status.OPEN
    )
    attempt.refresh_from_db()
    return attempt.url


def _wait_for_twin(attempt: CheckoutAttempt) -> str:
    """Return what the other half of a double click was given."""
    for _turn in range(10):
        time.sleep(0.2)
        attempt.refresh_from_db()
        if attempt.url:
            return attempt.url
    raise stripe_client.StripeUnavailable("the same request is still on its way")


def close(attempt: CheckoutAttempt) -> None:
    """End the attempt at Stripe and do what follows here: free the pieces, or find that it was paid; safe to repeat.

    Raises stripe_client.StripeUnavailable: nothing is freed before Stripe has answered.
    """
    try:
        if attempt.session_id is None:
            open_session(attempt)
    except stripe_client.StripeRefused:
        return  # there is no such session, and open_session has given the attempt up
    assert attempt.session_id is not None  # noqa: S101  # for the type checker; open_session has set it
    try:
        stripe_client.expire_session(attempt.session_id)
    except stripe_client.UnknownObject:
        give_up(attempt, refused=False)
        return
    except stripe_client.StripeRefused:
        pass  # not open any more: the next line finds out why
    sync_session(attempt.session_id)


def _go_on(cart: Cart, fingerprint: str) -> ToPay | AlreadyBought | None:
    """Return how this cart's last checkout goes on; None where a new one is to be made, its last one being closed."""
    attempt = (
        CheckoutAttempt.objects.filter(order__cart_token=cart.token).select_related("order").order_by("-pk").first()
    )
    if attempt is None:
        return None
    is_same = attempt.fingerprint == fingerprint
    if attempt.status in CheckoutAttempt.STANDING:
        if is_same:
            _look_again(attempt)
        else:
            close(attempt)
        attempt = CheckoutAttempt.objects.select_related("order").get(pk=attempt.pk)
        is_same = is_same or attempt.status == Status.COMPLETE  # paid while the cart was being changed in another tab
    if attempt.status == Status.OPEN:
        return ToPay(order=attempt.order, url=attempt.url)
    pending = attempt.order.has_paid or attempt.order.payment_state == Order.PaymentState.PROCESSING
    if is_same and pending and attempt.session_id:
        return AlreadyBought(order=attempt.order, session_id=attempt.session_id)
    return None


def _look_again(attempt: CheckoutAttempt) -> None:
    try:
        if attempt.session_id is None:
            open_session(attempt)
        else:
            sync_session(attempt.session_id)
    except stripe_client.UnknownObject:
        give_up(attempt, refused=False)
    except stripe_client.StripeRefused:
        pass  # too old to be sent again, and given up


def _write(wanted: PricedCart, buyer: Buyer, fingerprint: str) -> CheckoutAttempt:
    now = timezone.now()
    with transaction.atomic():
        order = Order.objects.create(
            number=new_order_number(),
            public_token=uuid.uuid4().hex,
            cart_token=wanted.cart.token,
            user_id=buyer.user_id,
            email=normalised(buyer.email),
            currency=wanted.currency,
            subtotal_minor=wanted.subtotal_minor,
            shipping_minor=wanted.shipping_minor,
            total_minor=wanted.total_minor,
            fulfilment_state=Order.FulfilmentState.UNFULFILLED if wanted.ships else Order.FulfilmentState.NONE_NEEDED,
            country=wanted.offer.country if wanted.offer and wanted.ships else "",
            language=buyer.language,
            livemode=stripe_client.livemode(),
            placed_at=now,
        )
        for position, line in enumerate(wanted.lines, start=1):
            _write_line(order, position, line)
        hold_for(order)
        key = uuid.uuid4()
        return CheckoutAttempt.objects.create(
            order=order,
            key=key,
            fingerprint=fingerprint,
            params_json=json.dumps(session_params(order, wanted, buyer, key=key, expires_at=now + OPEN_FOR)),
            expires_at=now + OPEN_FOR,
        )


def _write_line(order: Order, position: int, line: PricedLine) -> None:
    product = line.product
    row = OrderLine.objects.create(
        order=order,
        position=position,
        product=product,
        sku=product.sku,
        name=product.name,
        tax_code=product.tax_code,
        unit_price_minor=product.price_minor,
        quantity=line.quantity,
        total_minor=line.total_minor,
    )
    shares = _shares(line)
    for (part, quantity), share in zip(product.parts, shares, strict=True):
        SoldComponent.objects.create(
            line=row,
            product=part,
            sku=part.sku,
            name=part.name,
            kind=part.kind,
            quantity=quantity * line.quantity,
            share_minor=share,
            unlock_keys=part.unlock_keys(),
        )


def _shares(line: PricedLine) -> list[int]:
    """Divide the line's total among its parts; what rounding leaves goes to the last."""
    weights = (
        [part.price_share for part in line.product.bundle_components.all()] if len(line.product.parts) > 1 else [1]
    )
    whole = sum(weights) or len(weights)
    shares = [line.total_minor * weight // whole for weight in weights[:-1]]
    return [*shares, line.total_minor - sum(shares)]


def session_params(
    order: Order, wanted: PricedCart, buyer: Buyer, *, key: uuid.UUID, expires_at: datetime
) -> dict[str, Any]:
    """Return what Stripe is asked for: https://docs.stripe.com/api/checkout/sessions/create."""
    metadata = {"shop": conf.shop_id(), "order": order.number, "attempt": str(key)}
    intent: dict[str, Any] = {"metadata": metadata, "description": order.number}
    if conf.statement_suffix():
        intent["statement_descriptor_suffix"] = conf.statement_suffix()
    params: dict[str, Any] = {
        "mode": "payment",
        "client_reference_id": order.number,
        "metadata": metadata,
        "payment_intent_data": intent,
        "line_items": [_line_item(line) for line in wanted.lines],
        "automatic_tax": {"enabled": False},
        "adaptive_pricing": {
            "enabled": False
        },  # else the account's switch decides, and the amount is in another currency
        "expires_at": int(expires_at.timestamp()),
        "locale": buyer.language if buyer.language in STRIPE_LOCALES else "auto",
        "success_url": buyer.return_url,
        "cancel_url": buyer.cancel_url,
    }
    if buyer.email:
        params["customer_email"] = buyer.email
    if wanted.ships and wanted.offer:
        params["shipping_address_collection"] = {"allowed_countries": _countries(wanted.offer)}
        params["shipping_options"] = [{"shipping_rate_data": _shipping_rate(wanted)}]
    return params


def _countries(offer: Offer) -> list[str]:
    """Return the one that was asked for, then the others that cost the same."""
    return [offer.country, *(code for code in offer.zone_countries if code != offer.country)]


def _line_item(line: PricedLine) -> dict[str, Any]:
    described = {"name": line.product.name} | ({"tax_code": line.product.tax_code} if line.product.tax_code else {})
    return {
        "price_data": {
            "currency": line.product.currency.lower(),
            "unit_amount": line.product.price_minor,
            "tax_behavior": "inclusive",
            "product_data": described,
        },
        "quantity": line.quantity,
        "metadata": {"sku": line.product.sku},
    }


def _shipping_rate(wanted: PricedCart) -> dict[str, Any]:
    assert wanted.offer is not None  # noqa: S101  # for the type checker; the caller has looked
    rate = wanted.offer.rate
    return {
        "display_name": rate.name,
        "type": "fixed_amount",
        "fixed_amount": {"amount": rate.amount_minor, "currency": rate.currency.lower()},
        "tax_behavior": "inclusive",
        "tax_code": SHIPPING_TAX_CODE,
        "delivery_estimate": {
            "minimum": {"unit": "business_day", "value": rate.min_days},
            "maximum": {"unit": "business_day", "value": rate.max_days},
        },
    }
