"""Replace ids by the objects they name, as `expand` asks: `payment_intent.latest_charge`.

https://docs.stripe.com/expand
"""

from typing import Any

from .errors import StripeError
from .store import Json, Store

DEEPEST = 4

# For each kind of object: the path of an expandable field, and the kind of what stands there. An empty kind is
# something that this package leaves null; `list:x` is a list that is left out unless asked for.
EXPANDABLE: dict[str, dict[str, str]] = {
    "checkout.session": {
        "line_items": "list:item",
        "payment_intent": "payment_intent",
        "customer": "customer",
        "shipping_cost.shipping_rate": "shipping_rate",
        "shipping_options.shipping_rate": "shipping_rate",
        "total_details.breakdown": "breakdown",
        "invoice": "",
        "payment_link": "",
        "setup_intent": "",
        "subscription": "",
    },
    "item": {"price.product": "product", "discounts": "", "taxes": ""},
    "payment_intent": {
        "latest_charge": "charge",
        "customer": "customer",
        "application": "",
        "on_behalf_of": "",
        "review": "",
    },
    "charge": {
        "payment_intent": "payment_intent",
        "customer": "customer",
        "application": "",
        "balance_transaction": "",
        "review": "",
    },
    "refund": {"charge": "charge", "payment_intent": "payment_intent", "balance_transaction": ""},
    "shipping_rate": {"tax_code": ""},
    "product": {"default_price": "", "tax_code": ""},
    "customer": {"default_source": ""},
    "event": {},
    "account": {},
}
LINE_ITEMS_SHOWN = 10


def expand(store: Store, shown: Json, wishes: list[str]) -> Json:
    """Return `shown`, an object or a list of objects, with each path of `wishes` expanded.

    Raises:
        StripeError: a path names something that cannot be expanded.

    """
    for i, wish in enumerate(wishes):
        path = wish.split(".")
        if len(path) > DEEPEST:
            raise StripeError(
                f"You cannot expand more than {DEEPEST} levels of a property. Property: {wish}", param=f"expand[{i}]"
            )
        if not _is_expandable(shown, path):
            raise StripeError(f"This property cannot be expanded ({wish}).", param=f"expand[{i}]")
        _expand(store, shown, path)
    return shown


def _is_expandable(shown: Json, path: list[str]) -> bool:
    if shown["object"] == "list":
        kind = shown["data"][0]["object"] if shown["data"] else None
        return path[0] == "data" and (kind is None or _kind_takes(kind, path[1:]))
    return _kind_takes(shown["object"], path)


def _kind_takes(kind: str, path: list[str]) -> bool:
    step = _step(kind, path)
    if step is None:
        return False
    rest, target = step
    if not rest:
        return True
    if target.startswith("list:"):
        return rest[0] == "data" and _kind_takes(target.removeprefix("list:"), rest[1:])
    return _kind_takes(target, rest)


def _step(kind: str, path: list[str]) -> tuple[list[str], str] | None:
    for length in (1, 2):
        name = ".".join(path[:length])
        if len(path) >= length and name in EXPANDABLE.get(kind, {}):
            return path[length:], EXPANDABLE[kind][name]
    return None


def _expand(store: Store, shown: Json, path: list[str]) -> None:
    if shown["object"] == "list":
        for one in shown["data"]:
            _expand(store, one, path[1:])
        return
    step = _step(shown["object"], path)
    if step is None:
        return
    rest, target = step
    holders: list[Any] = [shown]
    names = path[: len(path) - len(rest)]
    for name in names[:-1]:
        inner = [holder[name] for holder in holders if holder.get(name) is not None]
        holders = [one for item in inner for one in (item if isinstance(item, list) else [item])]
    for holder in holders:
        _fill(store, holder, names[-1], target, shown)
        if rest and isinstance(holder.get(names[-1]), dict):
            _expand(store, holder[names[-1]], rest)


def _fill(store: Store, holder: Json, name: str, target: str, shown: Json) -> None:
    if target == "list:item":
        holder.setdefault(name, line_items(store, shown["id"]))
    elif target == "breakdown":
        holder[name] = {"discounts": [], "taxes": []}
    elif target and isinstance(holder.get(name), str):
        record = store.get(target, holder[name])
        holder[name] = record.body if record else None


def line_items(store: Store, session_id: str) -> Json:
    """Return the first page of a session's line items; the rest is at its own address."""
    record = store.get("checkout.session", session_id)
    items = record.extra["line_items"] if record else []
    return {
        "object": "list",
        "data": items[:LINE_ITEMS_SHOWN],
        "has_more": len(items) > LINE_ITEMS_SHOWN,
        "url": f"/v1/checkout/sessions/{session_id}/line_items",
    }
