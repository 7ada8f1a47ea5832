"""Money back: https://docs.stripe.com/api/refunds. Every refund succeeds at once, as a card's does."""

from typing import Any

from . import errors, events, money, objects
from .errors import StripeError
from .store import Record, Store


def check(params: dict[str, Any]) -> None:
    """Raise what Stripe would answer where nothing says which payment is meant."""
    if "payment_intent" not in params and "charge" not in params:
        raise StripeError(
            "One of the following params should be provided for this request: payment_intent or charge.",
            code="parameter_missing",
        )


def create(
    store: Store,
    params: dict[str, Any],
    *,
    due_in: float | None = 0,
    request_id: str | None = None,
    idempotency_key: str | None = None,
) -> tuple[Record, list[str]]:
    """Give back `amount`, by default all that is left; return the refund and the ids of the events.

    Raises:
        StripeError: there is no such payment, nothing was paid, or less than `amount` is left.

    """
    with store.transaction():
        charge = _charge(store, params)
        left = charge.body["amount"] - charge.body["amount_refunded"]
        amount = params.get("amount", left)
        if left == 0:
            raise StripeError(f"Charge {charge.id} has already been refunded.", code="charge_already_refunded")
        if amount > left:
            currency = charge.body["currency"]
            raise StripeError(
                f"Refund amount ({money.amount(amount, currency)}) is greater than unrefunded amount on charge "
                f"({money.amount(left, currency)})",
                param="amount",
            )
        before = {name: charge.body[name] for name in ("amount_refunded", "refunded")}
        charge.body["amount_refunded"] += amount
        charge.body["refunded"] = amount == left
        store.save(charge)
        refund = store.add(objects.refund(charge.body, amount, params))
        asked: dict[str, Any] = {"due_in": due_in, "request_id": request_id, "idempotency_key": idempotency_key}
        return refund, [
            events.emit(store, "refund.created", refund.body, **asked),
            events.emit(store, "charge.refunded", charge.body, previous=before, **asked),
        ]


def _charge(store: Store, params: dict[str, Any]) -> Record:
    if "payment_intent" in params:
        intent = store.get("payment_intent", params["payment_intent"])
        if intent is None:
            raise errors.no_such("payment_intent", params["payment_intent"], "payment_intent")
        charge = store.get("charge", intent.body["latest_charge"] or "")
        if charge is None or not charge.body["paid"]:
            raise StripeError(
                f"This PaymentIntent ({intent.id}) does not have a successful charge to refund.",
                code="payment_intent_unexpected_state",
                param="payment_intent",
            )
        return charge
    charge = store.get("charge", params["charge"])
    if charge is None:
        raise errors.no_such("charge", params["charge"], "charge")
    if not charge.body["paid"]:
        raise StripeError(f"Charge {charge.id} was not paid, so nothing can be refunded.", param="charge")
    return charge
