"""Begin to pay."""

import dataclasses
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from shop import stripe_client
from shop.checkout import AlreadyBought, CannotCheckOut, ToPay, close, start
from shop.models import CheckoutAttempt, Order, OrderLine, Product, ProductUnlock, SoldComponent, Stock
from shop.sync import sync_session
from tests.shop.conftest import BUYER, cart_with, session_of

pytestmark = pytest.mark.django_db


def test_an_order_keeps_what_was_bought_as_it_was(begin: Any, bundle: Product, guide: Any, zone: Any) -> None:
    begin(cart_with("DE", bundle=2))
    Product.objects.update(name="Renamed", price_minor=1)

    order = Order.objects.get()
    line = OrderLine.objects.get()
    parts = list(SoldComponent.objects.values_list("name", "kind", "quantity", "share_minor", "unlock_keys"))
    assert (order.subtotal_minor, order.shipping_minor, order.total_minor, order.currency) == (7802, 490, 8292, "EUR")
    assert (line.name, line.unit_price_minor, line.quantity, line.total_minor) == ("Healing Bundle", 3901, 2, 7802)
    assert parts == [
        ("Candle", "physical", 2, 3901, []),
        ("Harmony Journal", "digital", 2, 3901, [str(guide.translation_key)]),
    ]


def test_shares_of_a_line_add_up_to_the_last_cent(begin: Any, bundle: Product, zone: Any) -> None:
    bundle.bundle_components.filter(component__sku="candle").update(price_share=2)

    begin(cart_with("DE", bundle=1))

    assert list(SoldComponent.objects.values_list("share_minor", flat=True)) == [2600, 1301]


def test_pieces_are_held_while_someone_pays(begin: Any, bundle: Product, candle: Product, zone: Any) -> None:
    begin(cart_with("DE", bundle=2, candle=1))

    stock = Stock.objects.get()
    assert (stock.on_hand, stock.reserved, stock.available) == (20, 3, 17)


def test_the_last_piece_is_not_promised_twice(begin: Any, candle: Product, zone: Any) -> None:
    Stock.objects.update(on_hand=1)
    begin(cart_with("DE", candle=1))

    with pytest.raises(CannotCheckOut):
        start(dataclasses.replace(cart_with("DE", candle=1), token="b" * 32), BUYER)

    assert Order.objects.count() == 1


def test_a_bundle_and_its_part_want_the_same_pieces(
    stripe_server: Any, bundle: Product, candle: Product, zone: Any
) -> None:
    Stock.objects.update(on_hand=3)

    with pytest.raises(CannotCheckOut):
        start(cart_with("DE", bundle=2, candle=2), BUYER)

    assert Stock.objects.get().reserved == 0


@pytest.mark.parametrize(
    "state", ["inactive", "no stock", "no country", "foreign country", "too many", "unknown", "other currency"]
)
def test_what_cannot_be_bought_is_refused(stripe_server: Any, candle: Product, zone: Any, state: str) -> None:
    cart = cart_with("DE", candle=1)
    match state:
        case "inactive":
            Product.objects.update(active=False)
        case "no stock":
            Stock.objects.update(on_hand=0)
        case "no country":
            cart = cart_with("", candle=1)
        case "foreign country":
            cart = cart_with("US", candle=1)
        case "too many":
            cart = cart_with("DE", candle=6)
        case "unknown":
            cart = cart_with("DE", unheard=1)
        case "other currency":
            Product.objects.update(currency="USD")

    with pytest.raises(CannotCheckOut):
        start(cart, BUYER)

    assert Order.objects.count() == 0


def test_nothing_digital_asks_for_an_address(begin: Any, journal: Product, zone: Any) -> None:
    order = begin(cart_with("DE", journal=1))

    params = order.attempts.get().params
    assert "shipping_address_collection" not in params
    assert "shipping_options" not in params
    assert (order.fulfilment_state, order.country, order.shipping_minor) == ("none_needed", "", 0)


def test_stripe_is_given_only_the_zone_of_the_country(begin: Any, candle: Product, zone: Any) -> None:
    order = begin(cart_with("DE", candle=1))

    params = order.attempts.get().params
    assert params["shipping_address_collection"] == {"allowed_countries": ["DE", "AT"]}
    assert params["shipping_options"][0]["shipping_rate_data"]["fixed_amount"] == {"amount": 490, "currency": "eur"}


def test_every_request_is_one_that_stripe_describes(
    begin: Any, bundle: Product, journal: Product, zone: Any, settings: Any
) -> None:
    from tests.stripe_spec import check_request

    settings.SHOP_STATEMENT_SUFFIX = "ORDER"
    Product.objects.update(tax_code="txcd_99999999")
    begin(cart_with("DE", bundle=1, journal=2), dataclasses.replace(BUYER, email="mara@example.org", language="de"))
    params = CheckoutAttempt.objects.get().params

    check_request("/v1/checkout/sessions", params)

    assert {"mode", "line_items", "customer_email", "shipping_options", "payment_intent_data", "expires_at"} <= set(
        params
    )


def test_a_session_names_its_shop_order_and_attempt(begin: Any, journal: Product) -> None:
    order = begin(cart_with(journal=1))

    attempt = order.attempts.get()
    named = {"shop": "anahata", "order": order.number, "attempt": str(attempt.key)}
    session = stripe_client.retrieve_session(session_of(order))
    assert (
        attempt.params["metadata"] == attempt.params["payment_intent_data"]["metadata"] == session["metadata"] == named
    )


def test_the_same_cart_goes_on_where_it_was(begin: Any, candle: Product, zone: Any) -> None:
    first = start_to_pay(cart_with("DE", candle=1), begin)

    second = start(cart_with("DE", candle=1), BUYER)

    assert isinstance(second, ToPay)
    assert second.url == first.url
    assert (Order.objects.count(), Stock.objects.get().reserved) == (1, 1)


def start_to_pay(cart: Any, begin: Any) -> ToPay:
    outcome = start(cart, BUYER)
    assert isinstance(outcome, ToPay)
    return outcome


def test_a_changed_cart_ends_the_old_checkout_first(begin: Any, candle: Product, zone: Any) -> None:
    old = begin(cart_with("DE", candle=1))

    new = begin(cart_with("DE", candle=4))

    old.refresh_from_db()
    assert (old.payment_state, new.payment_state) == ("expired", "awaiting")
    assert stripe_client.retrieve_session(session_of(old))["status"] == "expired"
    assert Stock.objects.get().reserved == 4


def test_a_changed_price_makes_a_new_checkout(begin: Any, journal: Product) -> None:
    begin(cart_with(journal=1))
    Product.objects.update(price_minor=9900)

    new = begin(cart_with(journal=1))

    assert new.total_minor == 9900
    assert list(Order.objects.values_list("payment_state", flat=True)) == ["awaiting", "expired"]


def test_a_cart_that_was_paid_meanwhile_is_not_paid_again(begin: Any, stripe_server: Any, journal: Product) -> None:
    order = begin(cart_with(journal=1))
    stripe_server.pay(session_of(order))

    outcome = start(cart_with(journal=1), BUYER)

    assert isinstance(outcome, AlreadyBought)
    assert outcome.order.payment_state == "paid"
    assert Order.objects.count() == 1


def test_a_cart_that_was_paid_while_it_was_changed_is_not_paid_again(
    begin: Any, stripe_server: Any, journal: Product
) -> None:
    order = begin(cart_with(journal=1))
    stripe_server.pay(session_of(order))

    outcome = start(cart_with(journal=2), BUYER)

    assert isinstance(outcome, AlreadyBought)
    assert outcome.order.pk == order.pk


def test_a_payment_on_its_way_is_not_paid_again(begin: Any, stripe_server: Any, journal: Product) -> None:
    order = begin(cart_with(journal=1))
    stripe_server.delay(session_of(order))

    outcome = start(cart_with(journal=1), BUYER)

    assert isinstance(outcome, AlreadyBought)
    assert outcome.order.payment_state == "processing"


@pytest.mark.parametrize("status", [429, 500, 503])
def test_while_stripe_is_down_nothing_is_lost_and_the_next_try_goes_on(
    stripe_server: Any, candle: Product, zone: Any, status: int
) -> None:
    stripe_server.fail_next(1, status)
    with pytest.raises(stripe_client.StripeUnavailable):
        start(cart_with("DE", candle=1), BUYER)
    key = CheckoutAttempt.objects.get().key

    outcome = start(cart_with("DE", candle=1), BUYER)

    assert isinstance(outcome, ToPay)
    attempt = CheckoutAttempt.objects.get()
    assert (attempt.key, attempt.status) == (key, "open")
    assert Stock.objects.get().reserved == 1


def test_a_hanging_stripe_is_given_up_in_time(stripe_server: Any, journal: Product, settings: Any) -> None:
    settings.SHOP_STRIPE_TIMEOUT = 0.3
    stripe_server.hang_next(5)
    began = timezone.now()

    with pytest.raises(stripe_client.StripeUnavailable):
        start(cart_with(journal=1), BUYER)

    assert timezone.now() - began < timedelta(seconds=2)


def test_a_request_that_stripe_refuses_frees_what_it_held(stripe_server: Any, candle: Product, zone: Any) -> None:
    with pytest.raises(stripe_client.StripeRefused):
        start(cart_with("DE", candle=1), dataclasses.replace(BUYER, return_url="not an address"))

    assert (Order.objects.get().payment_state, Stock.objects.get().reserved) == ("failed", 0)


def test_an_attempt_too_old_to_be_sent_again_makes_room_for_a_new_one(
    stripe_server: Any, candle: Product, zone: Any
) -> None:
    stripe_server.fail_next(1, 500)
    with pytest.raises(stripe_client.StripeUnavailable):
        start(cart_with("DE", candle=1), BUYER)
    attempt = CheckoutAttempt.objects.get()
    attempt.params_json = attempt.params_json.replace(str(attempt.params["expires_at"]), "1700000000")
    attempt.save()

    outcome = start(cart_with("DE", candle=1), BUYER)

    assert isinstance(outcome, ToPay)
    assert list(Order.objects.values_list("payment_state", flat=True)) == ["awaiting", "failed"]
    assert Stock.objects.get().reserved == 1


def test_a_session_that_stripe_has_forgotten_makes_room_for_a_new_one(begin: Any, candle: Product, zone: Any) -> None:
    begin(cart_with("DE", candle=1))
    CheckoutAttempt.objects.update(session_id="cs_test_gone")

    outcome = start(cart_with("DE", candle=1), BUYER)

    assert isinstance(outcome, ToPay)
    assert Stock.objects.get().reserved == 1


def test_closing_a_paid_checkout_finds_the_payment(begin: Any, stripe_server: Any, candle: Product, zone: Any) -> None:
    order = begin(cart_with("DE", candle=1))
    stripe_server.pay(session_of(order))

    close(order.attempts.get())

    order.refresh_from_db()
    assert order.payment_state == "paid"


def test_two_orders_of_one_cart_are_never_open_together(begin: Any, journal: Product) -> None:
    order = begin(cart_with(journal=1))
    order.pk, order.number, order.public_token = None, "2222-2222", "another"

    with pytest.raises(IntegrityError), transaction.atomic():
        order.save(force_insert=True)


def test_two_attempts_of_one_order_are_never_open_together(begin: Any, journal: Product) -> None:
    order = begin(cart_with(journal=1))

    with pytest.raises(IntegrityError), transaction.atomic():
        CheckoutAttempt.objects.create(order=order, expires_at=timezone.now(), params_json="{}")


def test_someone_signed_in_beats_the_typed_address(
    begin: Any, stripe_server: Any, journal: Product, make_user: Any
) -> None:
    buyer = make_user("mara@example.org")
    order = begin(cart_with(journal=1), dataclasses.replace(BUYER, user_id=buyer.pk, email="mara@example.org"))
    stripe_server.pay(session_of(order), email="someone-else@example.org")

    sync_session(session_of(order))

    order.refresh_from_db()
    assert (order.user_id, order.email) == (buyer.pk, "mara@example.org")


def test_a_free_order_needs_no_payment(begin: Any, stripe_server: Any, journal: Product) -> None:
    Product.objects.update(price_minor=0)
    order = begin(cart_with(journal=1))
    stripe_server.pay(session_of(order))

    sync_session(session_of(order))

    order.refresh_from_db()
    assert (order.payment_state, order.payments.count()) == ("paid", 0)


def test_an_unlocked_page_that_is_gone_is_still_owned(
    begin: Any, stripe_server: Any, journal: Product, guide: Any
) -> None:
    key = guide.translation_key
    order = begin(cart_with(journal=1))
    guide.delete()
    stripe_server.pay(session_of(order))

    sync_session(session_of(order))

    assert ProductUnlock.objects.get().page is None
    assert SoldComponent.objects.get().entitlements.get().translation_key == key


def test_what_is_held_for_a_cart_is_not_sold_out_to_it(begin: Any, bundle: Product, candle: Product, zone: Any) -> None:
    Stock.objects.update(on_hand=3)
    first = begin(cart_with("DE", bundle=1, candle=2))

    again = start(cart_with("DE", bundle=1, candle=2), BUYER)
    fewer = begin(cart_with("DE", bundle=1))
    with pytest.raises(CannotCheckOut):
        start(cart_with("DE", bundle=1, candle=3), BUYER)

    assert isinstance(again, ToPay)
    assert again.order.pk == first.pk
    assert fewer.pk != first.pk
    assert (Stock.objects.get().on_hand, Stock.objects.get().reserved) == (3, 1)
