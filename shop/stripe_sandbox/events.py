"""Events: what happened, each with how far its delivery came."""

import time
from typing import Any

from . import objects
from .store import Json, Record, Store


def emit(
    store: Store,
    type: str,
    object: Json,
    *,
    due_in: float | None,
    request_id: str | None = None,
    idempotency_key: str | None = None,
    previous: Json | None = None,
) -> str:
    """Record that `type` happened to `object` as it is now (`previous`: what changed, as it was); return the event's id.

    It is delivered in the background `due_in` seconds from now, or only by hand when that is None.
    """
    event = store.add(
        objects.event(type, object, request_id=request_id, idempotency_key=idempotency_key, previous=previous)
    )
    store.schedule(event.id, None if due_in is None else time.time() + due_in)
    return event.id


def view(store: Store, event: Record) -> Json:
    """Return the event as Stripe shows it now: once taken, no webhook is pending."""
    return {**event.body, "pending_webhooks": 0 if store.delivery(event.id).delivered else 1}


def matches(store: Store, event: Record, params: dict[str, Any]) -> bool:
    """Return whether the event is among those that a list request asks for."""
    types = params.get("types") or ([params["type"]] if "type" in params else None)
    if types is not None and not any(_is_of_type(event.body["type"], wanted) for wanted in types):
        return False
    delivered = params.get("delivery_success")
    return delivered is None or delivered == store.delivery(event.id).delivered


def _is_of_type(type: str, wanted: str) -> bool:
    return type.startswith(wanted[:-1]) if wanted.endswith("*") else type == wanted
