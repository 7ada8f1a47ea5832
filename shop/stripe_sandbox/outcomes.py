"""What the buyer, and the buyer's bank, do with an open session: pay, be declined, pay later.

Each function is one step in the store, so that a session is paid once, however often and from wherever it is tried.
"""

from dataclasses import dataclass, field
from typing import Any

from . import events, objects, sessions
from .store import Json, Record, Store

DECLINES: dict[str, Json] = {
    "generic_decline": {
        "code": "card_declined",
        "decline_code": "generic_decline",
        "message": "Your card was declined.",
    },
    "insufficient_funds": {
        "code": "card_declined",
        "decline_code": "insufficient_funds",
        "message": "Your card has insufficient funds.",
    },
    "expired_card": {"code": "expired_card", "decline_code": "expired_card", "message": "Your card has expired."},
}
DEBIT_FAILED: Json = {
    "code": "payment_method_customer_decline",
    "decline_code": "generic_decline",
    "message": "The customer's bank refused the debit.",
}


class NotPossible(Exception):
    """Raised when the session is in no state for this outcome: paid already, expired, or not waiting for money."""


@dataclass(frozen=True, kw_only=True)
class Buyer:
    """What was typed on the hosted page. `shipping_rate` is the id of the chosen option, by default the first."""

    email: str
    name: str
    phone: str | None = None
    address: Json | None = None
    shipping_rate: str | None = None
    has_accepted_terms: bool = True


@dataclass(kw_only=True)
class Step:
    """The events of one outcome, in order, all scheduled alike."""

    store: Store
    due_in: float | None
    event_ids: list[str] = field(default_factory=list)

    def emit(self, type: str, object: Json) -> None:
        self.event_ids.append(events.emit(self.store, type, object, due_in=self.due_in))


def pay(store: Store, session_id: str, buyer: Buyer, *, due_in: float | None = 0) -> list[str]:
    """Pay by card; return the ids of the events, `checkout.session.completed` last.

    Raises:
        NotPossible: the session is not open.

    """
    step = Step(store=store, due_in=due_in)
    with store.transaction():
        session = _open(store, session_id)
        _fill_in(store, session, buyer)
        if session.body["amount_total"] == 0:
            session.body["payment_status"] = "no_payment_required"
        else:
            intent = _intent(step, session, method="card")
            _charge_succeeded(step, intent, _charge(store, intent, session, method="card", status="succeeded"))
            session.body.update(payment_status="paid", payment_intent=intent.id)
        _complete(step, session)
    return step.event_ids


def decline(
    store: Store, session_id: str, buyer: Buyer, *, reason: str = "generic_decline", due_in: float | None = 0
) -> list[str]:
    """Refuse the card for `reason`, a key of DECLINES: the session stays open, as at Stripe, and may be tried again.

    Raises:
        NotPossible: the session is not open, or costs nothing.

    """
    step = Step(store=store, due_in=due_in)
    with store.transaction():
        session = _open(store, session_id)
        typed = Record(body=dict(session.body), extra=session.extra)
        _fill_in(store, typed, buyer)
        if typed.body["amount_total"] == 0:
            raise NotPossible("Nothing is to pay, so no card can be declined.")
        intent = _intent(step, typed, method="card")
        _charge_failed(
            step,
            intent,
            _charge(store, intent, typed, method="card", status="failed", error=DECLINES[reason]),
            DECLINES[reason],
        )
        store.save(session)
    return step.event_ids


def delay(store: Store, session_id: str, buyer: Buyer, *, due_in: float | None = 0) -> list[str]:
    """Pay by a debit that takes days: the session is complete and unpaid until `settle`.

    Raises:
        NotPossible: the session is not open, or costs nothing.

    """
    step = Step(store=store, due_in=due_in)
    with store.transaction():
        session = _open(store, session_id)
        _fill_in(store, session, buyer)
        if session.body["amount_total"] == 0:
            raise NotPossible("Nothing is to pay, so no payment can be delayed.")
        intent = _intent(step, session, method="sepa_debit")
        charge = _charge(store, intent, session, method="sepa_debit", status="pending")
        intent.body.update(status="processing", latest_charge=charge.id, last_payment_error=None)
        store.save(intent)
        step.emit("payment_intent.processing", intent.body)
        session.body.update(payment_status="unpaid", payment_intent=intent.id)
        _complete(step, session)
    return step.event_ids


def is_waiting(store: Store, session: Json) -> bool:
    """Return whether a delayed payment of this session is still on its way."""
    if session["status"] != "complete" or session["payment_status"] != "unpaid":
        return False
    intent = store.get("payment_intent", session["payment_intent"])
    return intent is not None and intent.body["status"] == "processing"


def settle(store: Store, session_id: str, *, succeeded: bool, due_in: float | None = 0) -> list[str]:
    """End a delayed payment, days later: the money arrives or does not.

    Raises:
        NotPossible: no delayed payment of this session is on its way.

    """
    step = Step(store=store, due_in=due_in)
    with store.transaction():
        session = sessions.find(store, session_id)
        if not is_waiting(store, session.body):
            raise NotPossible("No delayed payment of this session is on its way.")
        intent = _require(store, "payment_intent", session.body["payment_intent"])
        charge = _require(store, "charge", intent.body["latest_charge"])
        if succeeded:
            charge.body.update(
                status="succeeded",
                paid=True,
                captured=True,
                amount_captured=charge.body["amount"],
                outcome=objects.outcome("succeeded"),
            )
            _charge_succeeded(step, intent, charge)
            session.body["payment_status"] = "paid"
        else:
            charge.body.update(
                status="failed",
                failure_code=DEBIT_FAILED["code"],
                failure_message=DEBIT_FAILED["message"],
                outcome=objects.outcome("failed", DEBIT_FAILED),
            )
            _charge_failed(step, intent, charge, DEBIT_FAILED)
        store.save(session)
        step.emit(f"checkout.session.async_payment_{'succeeded' if succeeded else 'failed'}", session.body)
    return step.event_ids


def _require(store: Store, kind: str, id: str) -> Record:
    record = store.get(kind, id)
    if record is None:
        raise LookupError(f"The store lost {id}.")
    return record


def _open(store: Store, session_id: str) -> Record:
    session = sessions.find(store, session_id)
    if session.body["status"] != "open":
        raise NotPossible(f"The session is {session.body['status']}.")
    return session


def _fill_in(store: Store, session: Record, buyer: Buyer) -> None:
    body = session.body
    ships = body["shipping_address_collection"] is not None
    asked = ships or body["billing_address_collection"] == "required"
    address = (
        buyer.address if asked and buyer.address else objects.address(country=(buyer.address or {}).get("country"))
    )
    body["customer_details"] = objects.customer_details(
        email=body["customer_email"] or buyer.email, name=buyer.name, phone=buyer.phone, address=address
    )
    shipping = {"address": address, "name": buyer.name} if ships else None
    body["collected_information"] = {"business_name": None, "individual_name": None, "shipping_details": shipping}
    _choose_shipping(store, body, buyer.shipping_rate)
    if (body["consent_collection"] or {}).get("terms_of_service") == "required" and buyer.has_accepted_terms:
        body["consent"] = {"promotions": None, "terms_of_service": "accepted"}


def _choose_shipping(store: Store, body: Json, chosen: str | None) -> None:
    offered = [option["shipping_rate"] for option in body["shipping_options"]]
    if not offered:
        return
    if chosen is not None and chosen not in offered:
        raise NotPossible("This way of shipping was not offered.")
    cost = objects.shipping_cost(_require(store, "shipping_rate", chosen or offered[0]).body)
    body["shipping_cost"] = cost
    body["total_details"] = objects.total_details(cost["amount_total"])
    body["amount_total"] = body["amount_subtotal"] + cost["amount_total"]


def _intent(step: Step, session: Record, *, method: str) -> Record:
    """Return the session's payment intent, made at the first try and brought up to what was typed at this one."""
    body, store = session.body, step.store
    if session.extra["intent"] is None:
        intent = store.add(objects.payment_intent(body, session.extra["payment_intent_data"]))
        session.extra["intent"] = intent.id
        step.emit("payment_intent.created", intent.body)
    else:
        intent = _require(store, "payment_intent", session.extra["intent"])
    shipping = body["collected_information"]["shipping_details"]
    intent.body.update(
        amount=body["amount_total"],
        customer=body["customer"],
        payment_method=objects.new_id("pm"),
        payment_method_types=[method],
        shipping={**shipping, "carrier": None, "phone": body["customer_details"]["phone"], "tracking_number": None}
        if shipping
        else None,
    )
    return intent


def _charge(
    store: Store, intent: Record, session: Record, *, method: str, status: str, error: Json | None = None
) -> Record:
    return store.add(
        objects.charge(intent.body, details=session.body["customer_details"], method=method, status=status, error=error)
    )


def _charge_succeeded(step: Step, intent: Record, charge: Record) -> None:
    intent.body.update(
        status="succeeded", amount_received=intent.body["amount"], latest_charge=charge.id, last_payment_error=None
    )
    step.store.save(charge)
    step.store.save(intent)
    step.emit("charge.succeeded", charge.body)
    step.emit("payment_intent.succeeded", intent.body)


def _charge_failed(step: Step, intent: Record, charge: Record, error: Json) -> None:
    told: dict[str, Any] = {**error, "type": "card_error", "charge": charge.id}
    intent.body.update(
        status="requires_payment_method", latest_charge=charge.id, last_payment_error=told, payment_method=None
    )
    step.store.save(charge)
    step.store.save(intent)
    step.emit("charge.failed", charge.body)
    step.emit("payment_intent.payment_failed", intent.body)


def _complete(step: Step, session: Record) -> None:
    body = session.body
    body.update(status="complete", url=None)
    if body["customer_creation"] == "always":
        _make_customer(step.store, body)
    step.store.save(session)
    step.emit("checkout.session.completed", body)


def _make_customer(store: Store, body: Json) -> None:
    details = body["customer_details"]
    customer = store.add(objects.customer(**{name: details[name] for name in ("email", "name", "phone", "address")}))
    body["customer"] = customer.id
    if body["payment_intent"] is not None:
        intent = _require(store, "payment_intent", body["payment_intent"])
        intent.body["customer"] = customer.id
        store.save(intent)
