"""What follows from what Stripe says, whoever asks."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import Sum
from django.utils import timezone

from shop import stripe_client
from shop.entitlements import has_access
from shop.models import (
    CheckoutAttempt,
    Entitlement,
    Order,
    OutboxMail,
    Payment,
    Product,
    Reservation,
    Stock,
    StockMovement,
)
from shop.sync import UnknownButOurs, WrongMode, follow, give_up, sync_session
from tests.shop.conftest import cart_with, session_of

pytestmark = pytest.mark.django_db


def test_a_paid_bundle_is_taken_off_the_shelf_unlocks_and_owes_a_mail(
    begin: Any, stripe_server: Any, bundle: Product, candle: Product, zone: Any, guide: Any
) -> None:
    order = begin(cart_with("DE", bundle=2))
    stripe_server.pay(session_of(order), email="Mara@Example.org", name="Mara")

    synced = sync_session(session_of(order))

    assert synced is not None
    order.refresh_from_db()
    stock = Stock.objects.get(product=candle)
    assert (order.payment_state, order.fulfilment_state, order.needs_attention) == ("paid", "unfulfilled", False)
    assert (order.email, order.shipping_address["name"], order.shipping_address["country"]) == (
        "mara@example.org",
        "Mara",
        "DE",
    )
    assert (stock.on_hand, stock.reserved) == (18, 0)
    assert list(StockMovement.objects.values_list("delta", "reason", "order")) == [(-2, "sold", order.pk)]
    assert Payment.objects.get(order=order).amount_minor == order.total_minor == 2 * 3901 + 490
    assert Entitlement.objects.get().translation_key == guide.translation_key
    assert OutboxMail.objects.get().order == order


def test_what_was_typed_at_stripe_and_no_database_keeps_stops_no_paid_order(
    begin: Any, stripe_server: Any, bundle: Product, zone: Any
) -> None:
    order = begin(cart_with("DE", bundle=1))
    stripe_server.pay(session_of(order), email=f"{'m' * 250}@example.org", name="Ma\x00ra")

    sync_session(session_of(order))

    order.refresh_from_db()
    # PostgreSQL takes no NUL, and no more than the column's 254 characters.
    assert (order.payment_state, order.email, order.shipping_address["name"]) == ("paid", "", "Mara")
    assert (order.needs_attention, order.shipping_address["line2"]) == (True, None)


def test_asking_again_changes_nothing(
    begin: Any, stripe_server: Any, bundle: Product, candle: Product, zone: Any
) -> None:
    order = begin(cart_with("DE", bundle=1))
    stripe_server.pay(session_of(order))
    sync_session(session_of(order))
    before = Order.objects.values().get()

    sync_session(session_of(order))
    sync_session(session_of(order))

    assert Order.objects.values().get() == before
    assert Stock.objects.get(product=candle).on_hand == 19
    assert [
        Payment.objects.count(),
        Entitlement.objects.count(),
        OutboxMail.objects.count(),
        StockMovement.objects.count(),
    ] == [1, 1, 1, 1]


def test_an_open_session_keeps_its_pieces(begin: Any, candle: Product, zone: Any) -> None:
    order = begin(cart_with("DE", candle=3))

    sync_session(session_of(order))

    assert Order.objects.get().payment_state == "awaiting"
    assert Stock.objects.get().reserved == 3


def test_an_expired_session_gives_its_pieces_back_once(
    begin: Any, stripe_server: Any, candle: Product, zone: Any
) -> None:
    order = begin(cart_with("DE", candle=3))
    stripe_server.expire(session_of(order))

    sync_session(session_of(order))
    sync_session(session_of(order))

    assert Order.objects.get().payment_state == "expired"
    assert Stock.objects.get().reserved == 0
    assert Reservation.objects.get().state == "released"


def test_a_delayed_payment_holds_the_pieces_until_it_arrives(
    begin: Any, stripe_server: Any, bundle: Product, candle: Product, zone: Any, make_user: Any
) -> None:
    order = begin(cart_with("DE", bundle=1))
    stripe_server.delay(session_of(order))
    sync_session(session_of(order))
    halfway = (
        Order.objects.get().payment_state,
        Stock.objects.get(product=candle).reserved,
        Entitlement.objects.count(),
    )

    stripe_server.settle(session_of(order), succeeded=True)
    sync_session(session_of(order))

    assert halfway == ("processing", 1, 0)
    assert Order.objects.get().payment_state == "paid"
    assert Stock.objects.get(product=candle).reserved == 0
    assert Entitlement.objects.count() == 1


def test_a_delayed_payment_that_fails_gives_the_pieces_back(
    begin: Any, stripe_server: Any, bundle: Product, candle: Product, zone: Any
) -> None:
    order = begin(cart_with("DE", bundle=1))
    stripe_server.delay(session_of(order))
    sync_session(session_of(order))

    stripe_server.settle(session_of(order), succeeded=False)
    sync_session(session_of(order))

    stock = Stock.objects.get(product=candle)
    assert Order.objects.get().payment_state == "failed"
    assert (stock.on_hand, stock.reserved, Entitlement.objects.count()) == (20, 0, 0)


def _lose_the_hold(order: Order, *, left: int) -> None:
    """What a hold that ended too early looks like, with `left` pieces on the shelf."""
    Reservation.objects.filter(component__line__order=order).update(state="released")
    Stock.objects.update(reserved=0, on_hand=left)


def test_paid_after_the_hold_was_lost_takes_another_piece(
    begin: Any, stripe_server: Any, candle: Product, zone: Any
) -> None:
    order = begin(cart_with("DE", candle=2))
    _lose_the_hold(order, left=2)
    stripe_server.pay(session_of(order))

    sync_session(session_of(order))

    stock = Stock.objects.get()
    assert (stock.on_hand, stock.reserved, Order.objects.get().needs_attention) == (0, 0, False)


def test_paid_after_the_last_piece_was_sold_asks_for_attention(
    begin: Any, stripe_server: Any, candle: Product, zone: Any
) -> None:
    order = begin(cart_with("DE", candle=2))
    _lose_the_hold(order, left=1)
    stripe_server.pay(session_of(order))

    sync_session(session_of(order))

    order.refresh_from_db()
    stock = Stock.objects.get()
    assert (order.payment_state, order.needs_attention) == ("paid", True)
    assert (stock.on_hand, stock.reserved) == (1, 0)


def test_another_amount_than_the_orders_unlocks_nothing(begin: Any, stripe_server: Any, journal: Product) -> None:
    order = begin(cart_with(journal=1))
    Order.objects.update(total_minor=99999)
    stripe_server.pay(session_of(order))

    sync_session(session_of(order))

    order.refresh_from_db()
    assert (order.payment_state, order.needs_attention) == ("processing", True)
    assert Payment.objects.get().amount_minor == 2400
    assert Entitlement.objects.count() == 0


def test_another_currency_than_the_orders_unlocks_nothing(begin: Any, stripe_server: Any, journal: Product) -> None:
    order = begin(cart_with(journal=1))
    Order.objects.update(currency="USD")
    stripe_server.pay(session_of(order))

    sync_session(session_of(order))

    assert Order.objects.get().needs_attention
    assert Entitlement.objects.count() == 0


def test_practice_money_never_pays_for_a_real_order(begin: Any, stripe_server: Any, journal: Product) -> None:
    order = begin(cart_with(journal=1))
    Order.objects.update(livemode=True)
    stripe_server.pay(session_of(order))

    with pytest.raises(WrongMode):
        sync_session(session_of(order))

    assert Order.objects.get().payment_state == "awaiting"


def test_a_refunded_order_is_not_raised_by_a_late_event(begin: Any, stripe_server: Any, journal: Product) -> None:
    order = begin(cart_with(journal=1))
    stripe_server.pay(session_of(order))
    sync_session(session_of(order))
    Order.objects.update(payment_state="refunded")
    Entitlement.objects.update(state="revoked")

    sync_session(session_of(order))

    assert Order.objects.get().payment_state == "refunded"
    assert Entitlement.objects.get().state == "revoked"


def test_an_answer_lost_on_the_way_is_found_by_its_name(begin: Any, stripe_server: Any, journal: Product) -> None:
    order = begin(cart_with(journal=1))
    session_id = session_of(order)
    CheckoutAttempt.objects.update(session_id=None, status="created", url="")
    stripe_server.pay(session_id)

    sync_session(session_id)

    assert Order.objects.get().payment_state == "paid"
    assert CheckoutAttempt.objects.get().session_id == session_id


def test_a_session_that_is_ours_and_unknown_is_said_to_be(begin: Any, journal: Product) -> None:
    order = begin(cart_with(journal=1))
    session_id = session_of(order)
    Order.objects.all().delete()

    with pytest.raises(UnknownButOurs):
        sync_session(session_id)


def test_a_session_of_another_shop_is_left_alone(begin: Any, journal: Product, settings: Any) -> None:
    order = begin(cart_with(journal=1))
    session_id = session_of(order)
    Order.objects.all().delete()
    settings.SHOP_ID = "another"

    found = sync_session(session_id)

    assert found is None


def test_nothing_is_changed_while_stripe_does_not_answer(begin: Any, stripe_server: Any, journal: Product) -> None:
    order = begin(cart_with(journal=1))
    stripe_server.pay(session_of(order))
    stripe_server.fail_next(1, 500)

    with pytest.raises(stripe_client.StripeUnavailable):
        sync_session(session_of(order))

    assert Order.objects.get().payment_state == "awaiting"


def test_the_site_may_make_an_account_for_a_guest(
    begin: Any, stripe_server: Any, journal: Product, guide: Any, settings: Any, make_user: Callable[..., Any]
) -> None:
    buyer = make_user("mara@example.org")
    settings.SHOP_BUYER_FOR_EMAIL = f"{__name__}.find_user"
    order = begin(cart_with(journal=1))
    stripe_server.pay(session_of(order), email="Mara@example.org")

    sync_session(session_of(order))

    assert Order.objects.get().user_id == buyer.pk
    assert has_access(buyer, str(guide.translation_key))


def find_user(email: str) -> Any:
    from django.contrib.auth import get_user_model

    return get_user_model().objects.filter(email=email).first()


def test_what_the_shelf_says_is_the_sum_of_its_movements(
    begin: Any, stripe_server: Any, candle: Product, zone: Any
) -> None:
    stock = Stock.objects.get()
    StockMovement.objects.create(stock=stock, delta=20, reason="received")
    order = begin(cart_with("DE", candle=4))
    stripe_server.pay(session_of(order))

    sync_session(session_of(order))

    assert StockMovement.objects.aggregate(Sum("delta"))["delta__sum"] == Stock.objects.get().on_hand == 16


def test_the_time_of_payment_is_kept(begin: Any, stripe_server: Any, journal: Product) -> None:
    order = begin(cart_with(journal=1))
    stripe_server.pay(session_of(order))

    sync_session(session_of(order))

    assert abs(Order.objects.get().paid_at - timezone.now()) < timedelta(minutes=1)


def test_an_answer_that_comes_late_takes_nothing_back(
    begin: Any, stripe_server: Any, candle: Product, zone: Any
) -> None:
    order = begin(cart_with("DE", candle=1))
    early = stripe_client.retrieve_session(session_of(order))
    stripe_server.delay(session_of(order))
    halfway = stripe_client.retrieve_session(session_of(order))
    stripe_server.settle(session_of(order), succeeded=True)
    sync_session(session_of(order))

    for late in (early, halfway):
        follow(late)

    assert (Order.objects.get().payment_state, CheckoutAttempt.objects.get().status) == ("paid", "complete")
    assert (Stock.objects.get().on_hand, Stock.objects.get().reserved) == (19, 0)


def test_giving_up_a_checkout_that_was_paid_changes_nothing(
    begin: Any, stripe_server: Any, candle: Product, zone: Any
) -> None:
    order = begin(cart_with("DE", candle=1))
    stale = order.attempts.get()
    stripe_server.delay(session_of(order))
    sync_session(session_of(order))

    give_up(stale, refused=True)

    assert (Order.objects.get().payment_state, CheckoutAttempt.objects.get().status) == ("processing", "complete")
    assert Stock.objects.get().reserved == 1
