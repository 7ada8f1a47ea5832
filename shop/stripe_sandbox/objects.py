"""The shapes of Stripe's objects in the version named by `API_VERSION`.

Pure functions from read parameters to what Stripe would show. Every field that Stripe always sends is here, so
that the shop meets the real shape; a test holds each object against Stripe's own description.
"""

import secrets
import string
import time
from typing import Any

from . import API_VERSION
from .store import Json

ALPHABET = string.ascii_letters + string.digits


def new_id(prefix: str, length: int = 24) -> str:
    return f"{prefix}_" + "".join(secrets.choice(ALPHABET) for _ in range(length))


def now() -> int:
    return int(time.time())


def account() -> Json:
    return {
        "id": "acct_1LocalStripeSandbox",
        "object": "account",
        "business_type": None,
        "charges_enabled": True,
        "country": "DE",
        "default_currency": "eur",
        "details_submitted": True,
        "email": None,
        "payouts_enabled": False,
        "type": "standard",
    }


def list_of(objects: list[Json], url: str, *, has_more: bool = False) -> Json:
    return {"object": "list", "data": objects, "has_more": has_more, "url": url}


def product(data: Json) -> Json:
    created = now()
    return {
        "id": new_id("prod", 14),
        "object": "product",
        "active": False,  # made for one price: Stripe keeps it out of the catalogue
        "created": created,
        "default_price": None,
        "description": data.get("description"),
        "images": data.get("images", []),
        "livemode": False,
        "marketing_features": [],
        "metadata": data.get("metadata", {}),
        "name": data["name"],
        "package_dimensions": None,
        "shippable": None,
        "statement_descriptor": None,
        "tax_code": data.get("tax_code"),
        "type": "service",
        "unit_label": None,
        "updated": created,
        "url": None,
    }


def price(data: Json, product_id: str) -> Json:
    return {
        "id": new_id("price"),
        "object": "price",
        "active": False,
        "billing_scheme": "per_unit",
        "created": now(),
        "currency": data["currency"],
        "custom_unit_amount": None,
        "livemode": False,
        "lookup_key": None,
        "metadata": {},
        "nickname": None,
        "product": product_id,
        "recurring": None,
        "tax_behavior": data.get("tax_behavior", "unspecified"),
        "tiers_mode": None,
        "transform_quantity": None,
        "type": "one_time",
        "unit_amount": data["unit_amount"],
        "unit_amount_decimal": str(data["unit_amount"]),
    }


def line_item(data: Json, price: Json) -> Json:
    amount = price["unit_amount"] * data["quantity"]
    return {
        "id": new_id("li"),
        "object": "item",
        "adjustable_quantity": None,
        "amount_discount": 0,
        "amount_subtotal": amount,
        "amount_tax": 0,
        "amount_total": amount,
        "currency": price["currency"],
        "description": data["price_data"]["product_data"]["name"],
        "metadata": data.get("metadata", {}),
        "price": price,
        "quantity": data["quantity"],
    }


def shipping_rate(data: Json) -> Json:
    estimate = data.get("delivery_estimate")
    return {
        "id": new_id("shr"),
        "object": "shipping_rate",
        "active": False,
        "created": now(),
        "delivery_estimate": {"minimum": None, "maximum": None, **estimate} if estimate else None,
        "display_name": data["display_name"],
        "fixed_amount": data["fixed_amount"],
        "livemode": False,
        "metadata": data.get("metadata", {}),
        "tax_behavior": data.get("tax_behavior", "unspecified"),
        "tax_code": data.get("tax_code"),
        "type": "fixed_amount",
    }


def shipping_cost(rate: Json) -> Json:
    amount = rate["fixed_amount"]["amount"]
    return {"amount_subtotal": amount, "amount_tax": 0, "amount_total": amount, "shipping_rate": rate["id"]}


def total_details(shipping: int) -> Json:
    return {"amount_discount": 0, "amount_shipping": shipping, "amount_tax": 0}


def session(params: Json, *, id: str, url: str, currency: str, subtotal: int, rates: list[Json]) -> Json:
    """Return an open session. The first shipping option counts until the buyer chooses, as at Stripe."""
    created = now()
    cost = shipping_cost(rates[0]) if rates else None
    shipping = cost["amount_total"] if cost else 0
    email = params.get("customer_email")
    return {
        "id": id,
        "object": "checkout.session",
        "adaptive_pricing": {"enabled": False},
        "after_expiration": None,
        "allow_promotion_codes": params.get("allow_promotion_codes"),
        "allowed_payment_method_types": None,
        "amount_subtotal": subtotal,
        "amount_total": subtotal + shipping,
        "automatic_tax": {"enabled": False, "liability": None, "provider": None, "status": None},
        "billing_address_collection": params.get("billing_address_collection"),
        "cancel_url": params.get("cancel_url"),
        "client_reference_id": params.get("client_reference_id"),
        "client_secret": None,
        "collected_information": None,
        "consent": None,
        "consent_collection": _consent_collection(params),
        "created": created,
        "currency": currency,
        "currency_conversion": None,
        "custom_fields": [],
        "custom_text": {
            "after_submit": None,
            "shipping_address": None,
            "submit": None,
            "terms_of_service_acceptance": None,
        },
        "customer": None,
        "customer_account": None,
        "customer_creation": params.get("customer_creation", "if_required"),
        "customer_details": customer_details(email=email) if email else None,
        "customer_email": email,
        "discounts": [],
        "expires_at": params.get("expires_at", created + 24 * 3600),
        "integration_identifier": None,
        "invoice": None,
        "invoice_creation": _invoice_creation(),
        "livemode": False,
        "locale": params.get("locale"),
        "metadata": params.get("metadata", {}),
        "mode": "payment",
        "origin_context": None,
        "payment_intent": None,
        "payment_link": None,
        "payment_method_collection": "if_required",
        "payment_method_configuration_details": None,
        "payment_method_options": {},
        "payment_method_types": ["card", "sepa_debit"],
        "payment_status": "unpaid",
        "permissions": None,
        "phone_number_collection": {"enabled": params.get("phone_number_collection", {}).get("enabled", False)},
        "recovered_from": None,
        "saved_payment_method_options": None,
        "setup_intent": None,
        "shipping_address_collection": params.get("shipping_address_collection"),
        "shipping_cost": cost,
        "shipping_options": [
            {"shipping_amount": rate["fixed_amount"]["amount"], "shipping_rate": rate["id"]} for rate in rates
        ],
        "status": "open",
        "submit_type": params.get("submit_type"),
        "subscription": None,
        "success_url": params["success_url"],
        "total_details": total_details(shipping),
        "ui_mode": "hosted_page",
        "url": url,
        "wallet_options": None,
    }


def _consent_collection(params: Json) -> Json | None:
    if "consent_collection" not in params:
        return None
    terms = params["consent_collection"].get("terms_of_service", "none")
    return {"payment_method_reuse_agreement": None, "promotions": "none", "terms_of_service": terms}


def _invoice_creation() -> Json:
    data = dict.fromkeys(("account_tax_ids", "custom_fields", "description", "footer", "issuer", "rendering_options"))
    return {"enabled": False, "invoice_data": {**data, "metadata": {}}}


def address(**given: str | None) -> Json:
    return {name: given.get(name) for name in ("city", "country", "line1", "line2", "postal_code", "state")}


def customer_details(
    *, email: str | None, name: str | None = None, phone: str | None = None, address: Json | None = None
) -> Json:
    return {
        "address": address,
        "business_name": None,
        "email": email,
        "individual_name": None,
        "name": name,
        "phone": phone,
        "tax_exempt": "none",
        "tax_ids": [],
    }


def customer(*, email: str | None, name: str | None, phone: str | None, address: Json | None) -> Json:
    return {
        "id": new_id("cus", 14),
        "object": "customer",
        "address": address,
        "balance": 0,
        "created": now(),
        "currency": None,
        "default_source": None,
        "delinquent": False,
        "description": None,
        "email": email,
        "livemode": False,
        "metadata": {},
        "name": name,
        "phone": phone,
        "preferred_locales": [],
        "shipping": None,
        "tax_exempt": "none",
        "test_clock": None,
    }


def payment_intent(session: Json, data: Json) -> Json:
    """Return the intent of `session`, awaiting a way to pay; `data` is the session's payment_intent_data."""
    id = new_id("pi")
    return {
        "id": id,
        "object": "payment_intent",
        "amount": session["amount_total"],
        "amount_capturable": 0,
        "amount_details": {"tip": {}},
        "amount_received": 0,
        "application": None,
        "application_fee_amount": None,
        "automatic_payment_methods": None,
        "canceled_at": None,
        "cancellation_reason": None,
        "capture_method": "automatic_async",
        "client_secret": f"{id}_secret_{new_id('x', 25)[2:]}",
        "confirmation_method": "automatic",
        "created": now(),
        "currency": session["currency"],
        "customer": None,
        "customer_account": None,
        "description": data.get("description"),
        "last_payment_error": None,
        "latest_charge": None,
        "livemode": False,
        "metadata": data.get("metadata", {}),
        "next_action": None,
        "on_behalf_of": None,
        "payment_method": None,
        "payment_method_configuration_details": None,
        "payment_method_options": {},
        "payment_method_types": session["payment_method_types"],
        "processing": None,
        "receipt_email": data.get("receipt_email"),
        "review": None,
        "setup_future_usage": None,
        "shipping": None,
        "statement_descriptor": None,
        "statement_descriptor_suffix": data.get("statement_descriptor_suffix"),
        "status": "requires_payment_method",
        "transfer_data": None,
        "transfer_group": None,
    }


CARD = {
    "amount_authorized": None,
    "authorization_code": None,
    "brand": "visa",
    "checks": {"address_line1_check": None, "address_postal_code_check": "pass", "cvc_check": "pass"},
    "country": "US",
    "exp_month": 12,
    "exp_year": 2034,
    "fingerprint": "LocalStripeCard1",
    "funding": "credit",
    "installments": None,
    "last4": "4242",
    "mandate": None,
    "network": "visa",
    "network_token": None,
    "network_transaction_id": None,
    "regulated_status": "unregulated",
    "three_d_secure": None,
    "wallet": None,
}
SEPA_DEBIT = {
    "bank_code": "37040044",
    "branch_code": None,
    "country": "DE",
    "fingerprint": "LocalStripeSepa1",
    "last4": "3000",
    "mandate": None,
}


def charge(intent: Json, *, details: Json, method: str, status: str, error: Json | None = None) -> Json:
    """Return an attempt to pay `intent`; `details` is who pays, `error` why it failed."""
    succeeded = status == "succeeded"
    return {
        "id": new_id("ch"),
        "object": "charge",
        "amount": intent["amount"],
        "amount_captured": intent["amount"] if succeeded else 0,
        "amount_refunded": 0,
        "application": None,
        "application_fee": None,
        "application_fee_amount": None,
        "balance_transaction": None,
        "billing_details": {**{name: details[name] for name in ("address", "email", "name", "phone")}, "tax_id": None},
        "calculated_statement_descriptor": "LOCAL STRIPE",
        "captured": succeeded,
        "created": now(),
        "currency": intent["currency"],
        "customer": intent["customer"],
        "description": intent["description"],
        "disputed": False,
        "failure_balance_transaction": None,
        "failure_code": error["code"] if error else None,
        "failure_message": error["message"] if error else None,
        "fraud_details": {},
        "livemode": False,
        "metadata": intent["metadata"],
        "on_behalf_of": None,
        "outcome": outcome(status, error),
        "paid": succeeded,
        "payment_intent": intent["id"],
        "payment_method": intent["payment_method"],
        "payment_method_details": {"type": method, method: dict(CARD if method == "card" else SEPA_DEBIT)},
        "radar_options": {},
        "receipt_email": intent["receipt_email"],
        "receipt_number": None,
        "receipt_url": None,
        "refunded": False,
        "review": None,
        "shipping": intent["shipping"],
        "source_transfer": None,
        "statement_descriptor": None,
        "statement_descriptor_suffix": intent["statement_descriptor_suffix"],
        "status": status,
        "transfer_data": None,
        "transfer_group": None,
    }


def outcome(status: str, error: Json | None = None) -> Json:
    declined = status == "failed"
    return {
        "network_status": "declined_by_network" if declined else "approved_by_network",
        "reason": (error or {}).get("decline_code") or (error or {}).get("code"),
        "risk_level": "normal",
        "risk_score": 12,
        "seller_message": "The bank did not say why." if declined else "Payment complete.",
        "type": "issuer_declined" if declined else "authorized",
    }


def refund(charge: Json, amount: int, params: Json) -> Json:
    return {
        "id": new_id("re"),
        "object": "refund",
        "amount": amount,
        "balance_transaction": None,
        "charge": charge["id"],
        "created": now(),
        "currency": charge["currency"],
        "destination_details": {"type": charge["payment_method_details"]["type"]},
        "metadata": params.get("metadata", {}),
        "payment_intent": charge["payment_intent"],
        "reason": params.get("reason"),
        "receipt_number": None,
        "source_transfer_reversal": None,
        "status": "succeeded",
        "transfer_reversal": None,
    }


def event(
    type: str, object: Json, *, request_id: str | None, idempotency_key: str | None, previous: Json | None = None
) -> Json:
    data: dict[str, Any] = {"object": object}
    if previous is not None:
        data["previous_attributes"] = previous
    return {
        "id": new_id("evt"),
        "object": "event",
        "api_version": API_VERSION,
        "created": now(),
        "data": data,
        "livemode": False,
        "pending_webhooks": 1,
        "request": {"id": request_id, "idempotency_key": idempotency_key},
        "type": type,
    }
