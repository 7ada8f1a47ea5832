"""The hosted page: a practice checkout, where a person chooses what the bank will say.

It works without JavaScript and asks nothing of any other host. What a buyer typed stays in this package's store.
"""

import hmac
import re
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import parse_qsl, urlsplit

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from . import money, objects, outcomes, sessions
from .countries import name_of
from .errors import StripeError
from .outcomes import Buyer, NotPossible
from .rules import EMAIL
from .schema import COUNTRIES
from .store import Json, Record, Store
from .webhooks import SAFETY_NET, Courier

Answer: TypeAlias = tuple[int, list[tuple[str, str]], bytes]

ADDRESS = re.compile(r"/c/pay/(?P<id>cs_test_[A-Za-z0-9]+)")
STYLE = "/c/page.css"
HEADERS = [
    # form-action: the answer to "Pay" leads back to the shop, wherever that runs.
    (
        "Content-Security-Policy",
        "default-src 'none'; style-src 'self'; form-action *; base-uri 'none'; frame-ancestors 'none'",
    ),
    ("Cache-Control", "no-store"),
    ("Referrer-Policy", "same-origin"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Robots-Tag", "noindex, nofollow"),
]

LATER = 3.0
NEWEST = 50


@dataclass(kw_only=True)
class Input:
    """One field of the form, as typed and with what is wrong about it."""

    name: str
    label: str
    value: str
    autocomplete: str
    type: str = "text"
    required: bool = True
    readonly: bool = False
    choices: list[tuple[str, str]] = field(default_factory=list)
    error: str = ""


class Page:
    """Answers everything that is not the API."""

    def __init__(self, store: Store, courier: Courier) -> None:
        self.store = store
        self.courier = courier

    def answer(self, environ: dict[str, Any], body: str) -> Answer:
        method, path = str(environ["REQUEST_METHOD"]), str(environ["PATH_INFO"])
        if path == STYLE and method == "GET":
            return (
                200,
                [("Content-Type", "text/css; charset=utf-8"), ("Cache-Control", "no-cache")],
                Path(__file__).with_name("page.css").read_bytes(),
            )
        if path == "/" and method == "GET":
            return self._index()
        match = ADDRESS.fullmatch(path)
        if match is None:
            return _say(404, _("There is no such page here"), "")
        try:
            session = sessions.find(self.store, match["id"])
        except StripeError:
            return _say(
                404,
                _("There is no such checkout"),
                _("It may belong to a store that was emptied. Go back to the shop and check out again."),
            )
        if method == "GET":
            return self._show(session)
        if method != "POST":
            return 405, [("Allow", "GET, POST")], b""
        typed = dict(parse_qsl(body, keep_blank_values=True, max_num_fields=100))
        if not _is_own_form(environ, typed, session):
            return _say(403, _("This form is not from here"), _("Open the checkout from the shop again, then choose."))
        return self._act(session, typed)

    # Reading

    def _index(self) -> Answer:
        rows = [
            {
                "session": record.body,
                "amount": _amount(record.body),
                "state": _state(self.store, record.body),
                "address": f"/c/pay/{record.id}",
            }
            for record in self.store.newest_first("checkout.session")[:NEWEST]
        ]
        return _render(200, "index", {"rows": rows})

    def _show(self, session: Record) -> Answer:
        if session.body["status"] != "open":
            return self._show_closed(session)
        return self._show_open(session, _inputs(session.body, {}), {})

    def _show_open(
        self, session: Record, inputs: list[Input], typed: dict[str, str], *, status: int = 200, problem: str = ""
    ) -> Answer:
        body = session.body
        chosen = typed.get("shipping_rate") or (body["shipping_cost"] or {}).get("shipping_rate")
        context = {
            "session": body,
            "token": session.extra["token"],
            "lines": [
                {
                    "name": item["description"],
                    "quantity": item["quantity"],
                    "amount": money.amount(item["amount_total"], item["currency"]),
                }
                for item in session.extra["line_items"]
            ],
            "rates": [self._rate(option, body["currency"], chosen) for option in body["shipping_options"]],
            "subtotal": money.amount(body["amount_subtotal"], body["currency"]),
            "total": _amount(body),
            "inputs": inputs,
            "asks_terms": (body["consent_collection"] or {}).get("terms_of_service") == "required",
            "has_accepted_terms": "terms" in typed,
            "terms_error": status == 422 and "terms" not in typed,
            "is_free": body["amount_total"] == 0,
            "problem": problem,
            "delivery": typed.get("delivery", "before"),
            "deliveries": [
                ("before", _("before going back (as Stripe does)")),
                ("after", _("a few seconds after going back")),
                ("twice", _("twice")),
                ("lost", _("never: the message is lost")),
            ],
        }
        return _render(status, "pay", context, session)

    def _rate(self, option: Json, currency: str, chosen: str | None) -> Json:
        rate = self.store.get("shipping_rate", option["shipping_rate"])
        return {
            "id": option["shipping_rate"],
            "name": rate.body["display_name"] if rate else "",
            "estimate": _estimate(rate.body["delivery_estimate"]) if rate else "",
            "amount": money.amount(option["shipping_amount"], currency),
            "is_chosen": option["shipping_rate"] == chosen,
        }

    def _show_closed(self, session: Record) -> Answer:
        body = session.body
        context = {
            "session": body,
            "token": session.extra["token"],
            "state": _state(self.store, body),
            "total": _amount(body),
            "is_waiting": outcomes.is_waiting(self.store, body),
            "back": _success_url(body) if body["status"] == "complete" else body["cancel_url"],
            "events": self._events_of(session),
        }
        return _render(200, "closed", context, session)

    def _events_of(self, session: Record) -> list[Json]:
        """Return the events about the session, its intent and its charges, the oldest first."""
        ids = {session.id, session.extra["intent"]}
        shown = []
        for event in reversed(self.store.newest_first("event")):
            about = event.body["data"]["object"]
            if about["id"] in ids or about.get("payment_intent") in ids - {None}:
                shown.append({"id": event.id, "type": event.body["type"], "delivery": self.store.delivery(event.id)})
        return shown

    # Acting

    def _act(self, session: Record, typed: dict[str, str]) -> Answer:
        outcome = typed.get("outcome", "")
        try:
            if outcome in ("pay", "delay"):
                return self._buy(session, typed, outcome)
            if outcome in outcomes.DECLINES:
                return self._decline(session, typed, outcome)
            if outcome == "expire":
                sessions.expire(self.store, session.id)
            elif outcome in ("settle", "fail"):
                self.courier.send(
                    outcomes.settle(self.store, session.id, succeeded=outcome == "settle", due_in=SAFETY_NET)
                )
            elif outcome == "resend" and self.store.get("event", typed.get("event", "")):
                self.courier.attempt(typed["event"])
        except (NotPossible, StripeError):
            pass  # it happened meanwhile, in another tab: the page shows what is so now
        return _redirect(f"/c/pay/{session.id}")

    def _buy(self, session: Record, typed: dict[str, str], outcome: str) -> Answer:
        if session.body["status"] == "complete":
            return _redirect(_success_url(session.body))
        buyer, refused = self._read(session, typed)
        if refused is not None or buyer is None:
            return refused or self._show(session)
        how = typed.get("delivery", "before")
        due_in = {"after": LATER, "lost": None}.get(how, SAFETY_NET)
        act = outcomes.pay if outcome == "pay" else outcomes.delay
        try:
            event_ids = act(self.store, session.id, buyer, due_in=due_in)
        except NotPossible:
            return self._after_a_race(session.id)
        for _round in range({"before": 1, "twice": 2}.get(how, 0)):
            self.courier.send(event_ids)
        return _redirect(_success_url(session.body))

    def _after_a_race(self, id: str) -> Answer:
        now = sessions.find(self.store, id)
        return _redirect(_success_url(now.body)) if now.body["status"] == "complete" else self._show(now)

    def _decline(self, session: Record, typed: dict[str, str], reason: str) -> Answer:
        buyer, refused = self._read(session, typed)
        if refused is not None or buyer is None:
            return refused or self._show(session)
        outcomes.decline(self.store, session.id, buyer, reason=reason)
        problem = _("%(message)s Nothing was charged; try again or go back.") % {
            "message": outcomes.DECLINES[reason]["message"]
        }
        return self._show_open(session, _inputs(session.body, typed), typed, status=402, problem=problem)

    def _read(self, session: Record, typed: dict[str, str]) -> tuple[Buyer | None, Answer | None]:
        """Return who buys, or the page that says what is missing."""
        if session.body["status"] != "open":
            return None, self._show(session)
        inputs = _inputs(session.body, typed)
        for one in inputs:
            one.error = _problem_with(one)
        rates = [option["shipping_rate"] for option in session.body["shipping_options"]]
        asks_terms = (session.body["consent_collection"] or {}).get("terms_of_service") == "required"
        is_right = not any(one.error for one in inputs) and (not asks_terms or "terms" in typed)
        if not is_right or (typed.get("shipping_rate") or None) not in [None, *rates]:
            return None, self._show_open(
                session, inputs, typed, status=422, problem=_("Please look at the fields marked below.")
            )
        values = {one.name: one.value for one in inputs}
        address = objects.address(
            **{name: values.get(name) or None for name in ("line1", "line2", "city", "state", "postal_code", "country")}
        )
        return Buyer(
            email=values["email"],
            name=values["name"],
            phone=values.get("phone"),
            address=address,
            shipping_rate=typed.get("shipping_rate") or None,
            has_accepted_terms="terms" in typed,
        ), None


def _inputs(session: Json, typed: dict[str, str]) -> list[Input]:
    def one(name: str, label: str, autocomplete: str, **more: Any) -> Input:
        return Input(name=name, label=label, autocomplete=autocomplete, value=typed.get(name, "").strip(), **more)

    inputs = [one("email", _("E-mail"), "email", type="email")]
    if session["customer_email"]:
        inputs[0].value, inputs[0].readonly = session["customer_email"], True
    inputs.append(one("name", _("Name"), "name"))
    if session["phone_number_collection"]["enabled"]:
        inputs.append(one("phone", _("Phone"), "tel", type="tel"))
    collection = session["shipping_address_collection"]
    if collection or session["billing_address_collection"] == "required":
        countries = collection["allowed_countries"] if collection else COUNTRIES
        inputs += [
            one("line1", _("Address"), "address-line1"),
            one("line2", _("Address, second line"), "address-line2", required=False),
            one("postal_code", _("Postal code"), "postal-code"),
            one("city", _("City"), "address-level2"),
            one("state", _("State or province"), "address-level1", required=False),
            one(
                "country",
                _("Country"),
                "country",
                type="select",
                choices=sorted(((code, name_of(code)) for code in countries), key=lambda pair: pair[1]),
            ),
        ]
        inputs[-1].value = inputs[-1].value or inputs[-1].choices[0][0]
    return inputs


def _problem_with(one: Input) -> str:
    if not one.value:
        return _("This is needed.") if one.required else ""
    if len(one.value) > 300:
        return _("This is too long.")
    if one.type == "email" and not EMAIL.fullmatch(one.value):
        return _("This is not an e-mail address.")
    if one.choices and one.value not in dict(one.choices):
        return _("The shop does not send to this country.")
    return ""


def _is_own_form(environ: dict[str, Any], typed: dict[str, str], session: Record) -> bool:
    """Return whether the POST comes from the page that showed this session: its token, twice, and no other site."""
    try:
        cookie = SimpleCookie(str(environ.get("HTTP_COOKIE", ""))).get("practice")
    except CookieError:
        return False
    token = session.extra["token"].encode()
    origin = environ.get("HTTP_ORIGIN")
    return (
        hmac.compare_digest(typed.get("token", "").encode(), token)
        and cookie is not None
        and hmac.compare_digest(cookie.value.encode(), token)
        and (origin is None or urlsplit(str(origin)).netloc == environ.get("HTTP_HOST"))
        and environ.get("HTTP_SEC_FETCH_SITE", "none") in ("none", "same-origin")
    )


def _success_url(session: Json) -> str:
    url: str = session["success_url"]
    return url.replace("{CHECKOUT_SESSION_ID}", session["id"])


def _amount(session: Json) -> str:
    return money.amount(session["amount_total"], session["currency"])


def _state(store: Store, session: Json) -> str:
    if session["status"] != "complete":
        return _("open") if session["status"] == "open" else _("expired")
    if session["payment_status"] == "unpaid":
        return _("on its way") if outcomes.is_waiting(store, session) else _("failed later")
    return _("paid")


def _estimate(estimate: Json | None) -> str:
    bounds = [bound for bound in ((estimate or {}).get("minimum"), (estimate or {}).get("maximum")) if bound]
    if not bounds:
        return ""
    values = "–".join(dict.fromkeys(str(bound["value"]) for bound in bounds))
    return f"{values} {bounds[-1]['unit'].replace('_', ' ')}s"


def _redirect(address: str) -> Answer:
    return 303, [("Location", address), *HEADERS], b""


def _say(status: int, title: str, text: str) -> Answer:
    return _render(status, "message", {"title": title, "text": text})


def _render(status: int, name: str, context: dict[str, Any], session: Record | None = None) -> Answer:
    html = render_to_string(f"anahata_shop/stripe_sandbox/{name}.html", {"style": STYLE, **context})
    headers = [("Content-Type", "text/html; charset=utf-8"), *HEADERS]
    if session is not None:
        headers.append(
            ("Set-Cookie", f"practice={session.extra['token']}; Path=/c/pay/{session.id}; HttpOnly; SameSite=Strict")
        )
    return status, headers, html.encode()
