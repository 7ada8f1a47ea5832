"""The cart, its cookie, and who may change it."""

from typing import Any

import pytest
from django.test import Client

from shop.cart import Cart
from shop.models import Product, Stock
from tests.shop.conftest import cart_with

pytestmark = pytest.mark.django_db
OWN = {"origin": "http://testserver"}


@pytest.fixture
def shopper() -> Client:
    """A browser on a page of the shop; no CSRF token anywhere."""
    return Client(enforce_csrf_checks=True, headers=OWN)


def cart_of(shopper: Client) -> dict[str, int]:
    return dict(Cart.loads(shopper.cookies["anahata_cart"].value).quantities)


def test_adding_puts_a_product_in_the_cart(shopper: Client, journal: Product) -> None:
    response = shopper.post("/cart/add/", {"sku": "journal"})

    assert (response.status_code, response["Location"]) == (303, "/cart/")
    assert cart_of(shopper) == {"journal": 1}
    page = shopper.get("/cart/").content.decode()
    assert "Harmony Journal" in page
    assert "€24.00" in page


def test_adding_again_adds_up(shopper: Client, journal: Product, candle: Product) -> None:
    for sku, quantity in (("journal", 1), ("candle", 2), ("journal", 3)):
        shopper.post("/cart/add/", {"sku": sku, "quantity": quantity})

    assert cart_of(shopper) == {"journal": 4, "candle": 2}


def test_quantities_and_country_are_updated_together(
    shopper: Client, bundle: Product, journal: Product, zone: Any
) -> None:
    shopper.post("/cart/add/", {"sku": "bundle"})
    shopper.post("/cart/add/", {"sku": "journal"})

    shopper.post("/cart/update/", {"quantity:bundle": "2", "quantity:journal": "0", "country": "AT"})

    assert cart_of(shopper) == {"bundle": 2}
    page = shopper.get("/cart/").content.decode()
    assert "Delivery to Austria" in page
    assert "€82.92" in page  # twice 39.01 and 4.90


def test_removing_takes_a_product_out(shopper: Client, journal: Product, candle: Product) -> None:
    shopper.post("/cart/add/", {"sku": "journal"})
    shopper.post("/cart/add/", {"sku": "candle"})

    shopper.post("/cart/remove/", {"sku": "journal"})
    shopper.post("/cart/remove/", {"sku": "journal"})

    assert cart_of(shopper) == {"candle": 1}


@pytest.mark.parametrize("quantity", ["-1", "0", "1e3", "1.5", "99999999999999999999", "", "²", "100", "one"])
def test_a_strange_quantity_is_refused(shopper: Client, journal: Product, quantity: str) -> None:
    response = shopper.post("/cart/add/", {"sku": "journal", "quantity": quantity})

    assert response.status_code == 400
    assert "anahata_cart" not in shopper.cookies


@pytest.mark.parametrize("sku", ["", "unheard", "x" * 9000, "jour\x00nal", "é"])
def test_an_unknown_product_is_refused(shopper: Client, journal: Product, sku: str) -> None:
    assert shopper.post("/cart/add/", {"sku": sku}).status_code == 400


def test_a_price_that_is_sent_along_changes_nothing(shopper: Client, journal: Product) -> None:
    shopper.post("/cart/add/", {"sku": "journal", "price_minor": "1", "unit_amount": "1", "currency": "JPY"})

    assert "€24.00" in shopper.get("/cart/").content.decode()


def test_a_forged_cart_is_an_empty_one(shopper: Client, journal: Product) -> None:
    shopper.cookies["anahata_cart"] = "forged"

    response = shopper.get("/cart/")

    assert response.status_code == 200
    assert "It is empty" in response.content.decode()


@pytest.mark.parametrize("path", ["/cart/add/", "/cart/update/", "/cart/remove/", "/checkout/"])
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "none"},
        {"sec-fetch-site": "cross-site", "origin": "http://testserver"},
        {"origin": "https://testserver"},
        {"origin": "http://testserver.evil.example"},
        {"origin": "null"},
        {"origin": "http://["},
        {"referer": "http://[::1/shop/"},
        {"origin": "null", "referer": "http://testserver/"},
        {"referer": "http://evil.example/http://testserver/"},
        {"referer": "http://testserver@evil.example/"},
    ],
    ids=str,
)
def test_a_post_that_no_page_of_this_site_sent_is_refused(journal: Product, path: str, headers: dict[str, str]) -> None:
    shopper = Client(enforce_csrf_checks=True)

    response = shopper.post(path, {"sku": "journal"}, headers=headers)

    assert response.status_code == 403
    assert not shopper.cookies


@pytest.mark.parametrize(
    "headers",
    [{"sec-fetch-site": "same-origin"}, {"origin": "http://testserver"}, {"referer": "http://testserver/shop/x/"}],
    ids=str,
)
def test_a_post_that_a_page_of_this_site_sent_needs_no_token(journal: Product, headers: dict[str, str]) -> None:
    shopper = Client(enforce_csrf_checks=True)

    assert shopper.post("/cart/add/", {"sku": "journal"}, headers=headers).status_code == 303


@pytest.mark.parametrize("path", ["/cart/add/", "/cart/update/", "/cart/remove/", "/checkout/"])
def test_looking_changes_nothing_and_leads_to_the_cart(shopper: Client, journal: Product, path: str) -> None:
    response = shopper.get(path, {"sku": "journal"})

    assert response.status_code == 303
    assert response["Location"] == "/cart/"
    assert not shopper.cookies


def test_an_empty_cart_sets_no_cookie_and_is_not_kept_by_others(shopper: Client) -> None:
    response = shopper.get("/cart/")

    assert not response.cookies
    assert response["Cache-Control"] == "private, no-store"


def test_an_empty_cart_leads_to_the_shop(shopper: Client, shelf: Any) -> None:
    page = shopper.get("/cart/").content.decode()

    assert f'href="{shelf.url}"' in page.split("<main", 1)[1].split("</main", 1)[0]


def test_the_cart_says_what_is_left(shopper: Client, candle: Product, zone: Any) -> None:
    shopper.post("/cart/add/", {"sku": "candle", "quantity": "4", "country": "DE"})
    Stock.objects.update(on_hand=3)

    assert "You can have 3 of these just now." in shopper.get("/cart/").content.decode()


def test_the_cart_says_what_is_sold_out(shopper: Client, candle: Product, zone: Any) -> None:
    shopper.post("/cart/add/", {"sku": "candle", "country": "DE"})
    Stock.objects.update(on_hand=0)

    assert "This is sold out." in shopper.get("/cart/").content.decode()


def test_the_cart_asks_for_a_country_before_paying(shopper: Client, candle: Product, zone: Any) -> None:
    shopper.post("/cart/add/", {"sku": "candle"})

    page = shopper.get("/cart/").content.decode()
    assert "Please choose where the parcel goes" in page
    assert "Total, without delivery" in page


def test_a_full_cart_costs_six_queries(
    bundle: Product, candle: Product, journal: Product, zone: Any, add_page: Any, django_assert_num_queries: Any
) -> None:
    from shop.cart import priced

    for product in (bundle, candle, journal):
        add_page(product)

    with django_assert_num_queries(6):
        shown = priced(cart_with("DE", bundle=1, candle=1, journal=1))
        assert shown.total_minor == 3901 + 1900 + 2400 + 490
        assert [line.page.slug for line in shown.lines if line.page] == ["bundle", "candle", "journal"]


def test_what_was_bought_is_taken_out_once() -> None:
    cart = cart_with(journal=2, candle=1)

    left = cart.after_buying({"journal": 1, "candle": 1})

    assert dict(left.quantities) == {"journal": 1}
    assert left.token != cart.token


def test_a_cart_has_an_end() -> None:
    cart = Cart.empty()
    for number in range(30):
        cart = cart.with_added(f"sku-{number}", 99).with_added(f"sku-{number}", 99)

    assert len(cart.quantities) == 20
    assert cart.pieces == 20 * 99
