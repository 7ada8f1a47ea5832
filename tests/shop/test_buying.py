"""From the product page to the page after paying, as a browser walks it; without JavaScript, without an account."""

import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from shop import tasks
from shop.cart import Cart
from shop.models import CheckoutAttempt, Order, Product, Stock
from tests.shop.conftest import session_of

pytestmark = pytest.mark.django_db
OWN = {"origin": "http://testserver"}


@pytest.fixture
def shopper() -> Client:
    return Client(enforce_csrf_checks=True, headers=OWN)


@pytest.fixture
def bought(shopper: Client, stripe_server: Any, bundle: Product, zone: Any) -> Order:
    """A bundle that this browser has just paid for."""
    shopper.post("/checkout/", {"sku": "bundle", "country": "DE"})
    order = Order.objects.get()
    stripe_server.pay(session_of(order), email="mara@example.org", name="Mara Muster")
    return order


def return_to(shopper: Client, order: Order) -> Any:
    return shopper.get("/checkout/return/", {"session_id": session_of(order)})


def text_of(response: Any) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def test_a_product_page_shows_price_parts_and_delivery(
    shopper: Client, bundle: Product, zone: Any, guide: Any, add_page: Any
) -> None:
    page = add_page(bundle)

    response = shopper.get(page.url)

    text = text_of(response)
    for words in (
        "Healing Bundle",
        "€39.01",
        "Candle",
        "posted to you",
        "Harmony Journal",
        "Germany: €4.90",
        "Add to cart",
        "Buy now",
        "Illustration",
    ):
        assert words in text
    assert "left</p>" not in text


def test_a_product_page_can_be_kept_by_caches(shopper: Client, bundle: Product, zone: Any, add_page: Any) -> None:
    response = shopper.get(add_page(bundle).url)

    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")
    assert "csrf" not in response.content.decode()


def test_a_product_page_costs_few_queries(
    shopper: Client, bundle: Product, zone: Any, add_page: Any, django_assert_max_num_queries: Any
) -> None:
    url = add_page(bundle).url
    shopper.get(url)

    with django_assert_max_num_queries(13):
        shopper.get(url)


def test_someone_who_does_not_pay_comes_back_to_where_they_were(
    shopper: Client, stripe_server: Any, journal: Product, candle: Product, zone: Any, add_page: Any
) -> None:
    page = add_page(journal)
    shopper.post("/cart/add/", {"sku": "candle", "country": "DE"})

    shopper.post("/checkout/", {"sku": "journal"})
    shopper.post("/checkout/", {"quantity:candle": "1", "country": "DE"})

    ways_back = [attempt.params["cancel_url"] for attempt in CheckoutAttempt.objects.order_by("pk")]
    assert ways_back == [f"http://testserver{page.url}", "http://testserver/cart/"]


def test_only_few_true_pieces_are_counted_out(shopper: Client, candle: Product, zone: Any, add_page: Any) -> None:
    Stock.objects.update(on_hand=5, reserved=2)

    assert "3 left" in text_of(shopper.get(add_page(candle).url))


def test_what_is_sold_out_says_so(shopper: Client, candle: Product, zone: Any, add_page: Any) -> None:
    Stock.objects.update(on_hand=2, reserved=2)

    text = text_of(shopper.get(add_page(candle).url))
    assert "Sold out for now" in text
    assert "Buy now" not in text


def test_the_shelf_lists_its_products_with_a_fixed_number_of_queries(
    shopper: Client,
    root: Any,
    shelf: Any,
    bundle: Product,
    candle: Product,
    journal: Product,
    add_page: Any,
    django_assert_num_queries: Any,
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    add_page(bundle)
    shopper.get(shelf.url)
    with CaptureQueriesContext(connection) as few:
        shopper.get(shelf.url)
    add_page(candle)
    add_page(journal)

    with django_assert_num_queries(len(few)):
        text = text_of(shopper.get(shelf.url))

    assert all(name in text for name in ("Healing Bundle", "Candle", "Harmony Journal", "€24.00"))


def test_publishing_an_old_draft_leaves_price_and_stock(
    shopper: Client, candle: Product, zone: Any, add_page: Any
) -> None:
    page = add_page(candle)
    draft = page.save_revision()
    Stock.objects.update(on_hand=7)
    Product.objects.update(price_minor=2100)

    draft.publish()

    assert Stock.objects.get().on_hand == 7
    assert "€21.00" in text_of(shopper.get(page.url))


def test_buying_now_leads_straight_to_stripe(shopper: Client, stripe_server: Any, bundle: Product, zone: Any) -> None:
    response = shopper.post("/checkout/", {"sku": "bundle", "country": "AT"})

    order = Order.objects.get()
    assert response.status_code == 303
    assert response["Location"].startswith(stripe_server.url)
    assert (order.country, order.total_minor) == ("AT", 3901 + 490)


def test_buying_now_leaves_the_cart_as_it_is(
    shopper: Client, stripe_server: Any, bundle: Product, journal: Product, zone: Any
) -> None:
    shopper.post("/cart/add/", {"sku": "journal"})

    shopper.post("/checkout/", {"sku": "bundle", "country": "DE"})

    assert dict(Cart.loads(shopper.cookies["anahata_cart"].value).quantities) == {"journal": 1}


def test_buying_now_without_a_country_asks_for_it_in_the_cart(
    shopper: Client, stripe_server: Any, bundle: Product, zone: Any
) -> None:
    response = shopper.post("/checkout/", {"sku": "bundle"}, follow=True)

    assert "Please choose where the parcel goes" in text_of(response)
    assert Order.objects.count() == 0


def test_checking_out_takes_the_quantities_on_the_screen(
    shopper: Client, stripe_server: Any, candle: Product, zone: Any
) -> None:
    shopper.post("/cart/add/", {"sku": "candle"})

    shopper.post("/checkout/", {"quantity:candle": "3", "country": "DE"})

    assert Order.objects.get().subtotal_minor == 3 * 1900


def test_pressing_twice_makes_one_order(shopper: Client, stripe_server: Any, candle: Product, zone: Any) -> None:
    shopper.post("/cart/add/", {"sku": "candle", "country": "DE"})

    places = {shopper.post("/checkout/")["Location"] for _press in range(3)}

    assert len(places) == 1
    assert (Order.objects.count(), Stock.objects.get().reserved) == (1, 1)


def test_an_empty_cart_checks_out_nothing(shopper: Client, stripe_server: Any) -> None:
    response = shopper.post("/checkout/")

    assert (response.status_code, response["Location"]) == (303, "/cart/")


def test_while_stripe_is_down_a_friendly_page_keeps_the_cart(
    shopper: Client, stripe_server: Any, candle: Product, zone: Any
) -> None:
    shopper.post("/cart/add/", {"sku": "candle", "country": "DE"})
    stripe_server.fail_next(1, 500)

    response = shopper.post("/checkout/")

    assert response.status_code == 503
    assert "Nothing was charged" in text_of(response)
    assert "Candle" in text_of(shopper.get("/cart/"))
    assert shopper.post("/checkout/").status_code == 303


def test_the_page_after_paying_shows_both_halves_without_any_webhook(shopper: Client, bought: Order) -> None:
    text = text_of(return_to(shopper, bought))

    assert "Thank you." in text
    assert "Harmony" in text
    assert "Your parcel is being packed" in text
    assert "Candle" in text
    assert f"/orders/{bought.public_token}/" in text
    assert Order.objects.get().payment_state == "paid"


def test_someone_with_only_the_session_id_learns_nothing_personal(shopper: Client, bought: Order) -> None:
    stranger = Client()

    text = text_of(return_to(stranger, bought))

    assert "Thank you." in text
    assert "m•••@e•••.org" in text
    for secret in ("mara@example.org", "Mara", "Muster", "Germany", bought.public_token, "/orders/"):
        assert secret not in text
    assert not {"anahata_cart", "anahata_orders"} & set(stranger.cookies)


def test_the_page_after_paying_empties_the_cart_once(
    shopper: Client, stripe_server: Any, candle: Product, journal: Product, zone: Any
) -> None:
    shopper.post("/cart/add/", {"sku": "candle", "country": "DE"})
    shopper.post("/checkout/")
    order = Order.objects.get()
    stripe_server.pay(session_of(order))
    return_to(shopper, order)
    shopper.post("/cart/add/", {"sku": "candle"})

    return_to(shopper, order)

    assert dict(Cart.loads(shopper.cookies["anahata_cart"].value).quantities) == {"candle": 1}


def test_going_back_after_paying_does_not_pay_again(
    shopper: Client, stripe_server: Any, candle: Product, zone: Any
) -> None:
    shopper.post("/cart/add/", {"sku": "candle", "country": "DE"})
    shopper.post("/checkout/")
    order = Order.objects.get()
    stripe_server.pay(session_of(order))

    response = shopper.post("/checkout/")

    assert response["Location"] == f"/checkout/return/?session_id={session_of(order)}"
    assert Order.objects.count() == 1


def test_a_checkout_that_is_not_paid_yet_can_be_gone_on_with(
    shopper: Client, stripe_server: Any, journal: Product
) -> None:
    url = shopper.post("/checkout/", {"sku": "journal"})["Location"]

    mine, strangers = return_to(shopper, Order.objects.get()), return_to(Client(), Order.objects.get())

    assert "Not paid yet" in text_of(mine)
    assert url in mine.content.decode()
    assert url not in strangers.content.decode()


def test_a_payment_on_its_way_says_so(shopper: Client, stripe_server: Any, journal: Product) -> None:
    shopper.post("/checkout/", {"sku": "journal"})
    stripe_server.delay(session_of(Order.objects.get()))

    text = text_of(return_to(shopper, Order.objects.get()))

    assert "Your payment is on its way" in text
    assert "Thank you." not in text


def test_a_checkout_that_is_over_says_so(shopper: Client, stripe_server: Any, journal: Product) -> None:
    shopper.post("/checkout/", {"sku": "journal"})
    stripe_server.expire(session_of(Order.objects.get()))

    assert "This checkout is over" in text_of(return_to(shopper, Order.objects.get()))


def test_when_stripe_cannot_be_asked_the_page_says_so(shopper: Client, bought: Order, stripe_server: Any) -> None:
    stripe_server.fail_next(1, 500)

    response = return_to(shopper, bought)

    assert response.status_code == 200
    assert "nothing is lost" in text_of(response)
    assert "Thank you." in text_of(return_to(shopper, bought))


@pytest.mark.parametrize("session_id", ["", "cs_test_unheard", "x" * 5000, "é", "a\x00b"])
def test_an_unknown_session_is_not_found_and_not_asked_about(shopper: Client, session_id: str) -> None:
    assert shopper.get("/checkout/return/", {"session_id": session_id}).status_code == 404


@pytest.mark.parametrize("path", ["return", "order"])
def test_pages_about_an_order_are_kept_by_nobody(shopper: Client, bought: Order, path: str) -> None:
    response = return_to(shopper, bought) if path == "return" else shopper.get(f"/orders/{bought.public_token}/")

    assert "no-store" in response["Cache-Control"]
    assert response["X-Robots-Tag"] == "noindex"
    assert response["Referrer-Policy"] == "same-origin"


def test_the_order_page_shows_the_address_to_its_buyer_only(shopper: Client, bought: Order) -> None:
    return_to(shopper, bought)

    mine, strangers = (text_of(one.get(f"/orders/{bought.public_token}/")) for one in (shopper, Client()))

    assert "Mara Muster" in mine
    assert "Mara Muster" not in strangers
    for text in (mine, strangers):
        assert "Healing Bundle" in text
        assert "€43.91" in text
        assert "mara@example.org" not in text


def test_the_order_page_knows_its_buyer_when_signed_in(
    bought: Order, make_user: Any, shopper: Client, settings: Any
) -> None:
    return_to(shopper, bought)
    owner, other = Client(), Client()
    mara = make_user("mara-of-another-shopper@example.org")
    Order.objects.update(user=mara)
    owner.force_login(mara)
    other.force_login(make_user("other@example.org"))

    shown, hidden = (text_of(one.get(f"/orders/{bought.public_token}/")) for one in (owner, other))

    assert "Mara Muster" in shown
    assert "Mara Muster" not in hidden


@pytest.mark.parametrize("token", ["unheard", "0" * 32, "a" * 3000, "%00", "a b"])
def test_a_guessed_order_link_is_not_found(shopper: Client, bought: Order, token: str) -> None:
    assert shopper.get(f"/orders/{token}/").status_code == 404


def test_someone_signed_in_buys_under_their_own_address(stripe_server: Any, journal: Product, make_user: Any) -> None:
    shopper = Client(headers=OWN)
    mara = make_user("mara@example.org")
    shopper.force_login(mara)

    shopper.post("/checkout/", {"sku": "journal"})

    assert Order.objects.get().user_id == mara.pk
    assert CheckoutAttempt.objects.get().params["customer_email"] == "mara@example.org"


def test_the_whole_way_ends_with_one_mail(shopper: Client, bought: Order) -> None:
    return_to(shopper, bought)
    tasks.sweep_now()
    return_to(shopper, bought)
    tasks.sweep_now()

    assert [sent.to for sent in mail.outbox] == [["mara@example.org"]]


def test_coming_back_from_stripe_the_last_piece_is_still_mine(
    shopper: Client, stripe_server: Any, candle: Product, zone: Any
) -> None:
    Stock.objects.update(on_hand=1)
    shopper.post("/cart/add/", {"sku": "candle", "country": "DE"})
    there = shopper.post("/checkout/")["Location"]

    shown = text_of(shopper.get("/cart/"))
    again = shopper.post("/checkout/")["Location"]

    assert "sold out" not in shown
    assert again == there


@pytest.mark.parametrize("path", ["/checkout/", "/checkout/return/"])
def test_stripe_is_asked_outside_a_requests_transaction(path: str) -> None:
    from django.urls import resolve

    # What Django reads where a site wraps every request in a transaction (ATOMIC_REQUESTS).
    assert "default" in resolve(path).func._non_atomic_requests
