"""Checkout Sessions before anybody pays: create, find, expire.

https://docs.stripe.com/api/checkout/sessions
"""

import secrets
from typing import Any

from . import errors, events, objects
from .errors import StripeError
from .schema import LARGEST_AMOUNT
from .store import Json, Record, Store

SHORTEST, LONGEST = 30 * 60, 24 * 3600


def check(params: dict[str, Any]) -> None:
    """Raise what Stripe would answer where parameters, each fine by itself, do not go together."""
    if not params["line_items"]:
        raise errors.missing("line_items")
    _check_currencies(params)
    _check_expiry(params)
    _check_discounts(params)
    if _subtotal(params) > LARGEST_AMOUNT:
        raise StripeError(
            "The total of the line items is more than Stripe can charge at once.",
            code="amount_too_large",
            param="line_items",
        )


def _subtotal(params: dict[str, Any]) -> int:
    return sum(item["price_data"]["unit_amount"] * item["quantity"] for item in params["line_items"])


def _check_currencies(params: dict[str, Any]) -> None:
    expected = params["line_items"][0]["price_data"]["currency"]
    named = [
        (f"line_items[{i}][price_data][currency]", item["price_data"]["currency"])
        for i, item in enumerate(params["line_items"])
    ]
    for i, option in enumerate(params.get("shipping_options", [])):
        named.append(
            (
                f"shipping_options[{i}][shipping_rate_data][fixed_amount][currency]",
                option["shipping_rate_data"]["fixed_amount"]["currency"],
            )
        )
    for param, currency in named:
        if currency != expected:
            raise StripeError(
                f"All amounts of a Checkout Session must be in one currency: expected `{expected}`, got `{currency}`.",
                param=param,
            )


def _check_expiry(params: dict[str, Any]) -> None:
    if "expires_at" not in params:
        return
    ahead = params["expires_at"] - objects.now()
    if ahead < SHORTEST:
        raise StripeError(
            "The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation.", param="expires_at"
        )
    if ahead > LONGEST:
        raise StripeError(
            "The `expires_at` timestamp must be less than 24 hours from Checkout Session creation.", param="expires_at"
        )


def _check_discounts(params: dict[str, Any]) -> None:
    for i, discount in enumerate(params.get("discounts", [])):
        for name, kind in (("coupon", "coupon"), ("promotion_code", "promotion code")):
            if name in discount:
                raise errors.no_such(kind, discount[name], f"discounts[{i}][{name}]", status=400)


def create(store: Store, params: dict[str, Any], *, base_url: str) -> Record:
    """Return a new open session for `params`, which passed `check`."""
    with store.transaction():
        items = [_line_item(store, item) for item in params["line_items"]]
        rates = [
            store.add(objects.shipping_rate(option["shipping_rate_data"])).body
            for option in params.get("shipping_options", [])
        ]
        id = objects.new_id("cs_test", 58)
        session = objects.session(
            params,
            id=id,
            url=f"{base_url}/c/pay/{id}",
            currency=items[0]["currency"],
            subtotal=_subtotal(params),
            rates=rates,
        )
        return store.add(
            session,
            line_items=items,
            payment_intent_data=params.get("payment_intent_data", {}),
            intent=None,
            token=secrets.token_urlsafe(24),
        )


def _line_item(store: Store, item: dict[str, Any]) -> Json:
    product = store.add(objects.product(item["price_data"]["product_data"]))
    return objects.line_item(item, objects.price(item["price_data"], product.id))


def find(store: Store, id: str) -> Record:
    """Return the session, expired first if its time is over.

    Raises:
        StripeError: there is none with this id.

    """
    with store.transaction():
        record = store.get("checkout.session", id)
        if record is None:
            raise errors.no_such("checkout.session", id, "session")
        if record.body["status"] == "open" and record.body["expires_at"] <= objects.now():
            _close(store, record)
        return record


def expire(
    store: Store,
    id: str,
    *,
    due_in: float | None = 0,
    request_id: str | None = None,
    idempotency_key: str | None = None,
) -> tuple[Record, str]:
    """Expire an open session; return it and the id of the event.

    Raises:
        StripeError: it is not open.

    """
    with store.transaction():
        record = find(store, id)
        if record.body["status"] != "open":
            raise StripeError(
                'Only Checkout Sessions with a status in ["open"] can be expired. '
                f"This Checkout Session has a status of `{record.body['status']}`."
            )
        return record, _close(store, record, due_in=due_in, request_id=request_id, idempotency_key=idempotency_key)


def expire_due(store: Store) -> None:
    """Expire every open session whose time is over."""
    for record in store.newest_first("checkout.session", status="open"):
        if record.body["expires_at"] <= objects.now():
            find(store, record.id)


def _close(
    store: Store,
    record: Record,
    *,
    due_in: float | None = 0,
    request_id: str | None = None,
    idempotency_key: str | None = None,
) -> str:
    record.body.update(status="expired", url=None)
    store.save(record)
    return events.emit(
        store,
        "checkout.session.expired",
        record.body,
        due_in=due_in,
        request_id=request_id,
        idempotency_key=idempotency_key,
    )
