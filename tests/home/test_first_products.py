"""The journal and the bundle that a new site sells."""

from typing import Any

import pytest
from django.test import Client
from wagtail.models import Page, Site

from home.first_content.products import load
from shop.cart import Cart, priced
from shop.models import Product, ProductPage, ShippingZone, ShopIndexPage, Stock, StockMovement

pytestmark = pytest.mark.django_db


@pytest.fixture
def shelf() -> ShopIndexPage:
    Site.clear_site_root_paths_cache()
    root: Any = Site.objects.get(is_default_site=True).root_page
    return root.add_child(instance=ShopIndexPage(title="Shop", slug="shop"))


@pytest.fixture
def guides() -> dict[str, Page]:
    root: Any = Site.objects.get(is_default_site=True).root_page
    return {key: root.add_child(instance=Page(title=key.title(), slug=key)) for key in ("harmony", "practices")}


def test_the_journal_unlocks_one_guide_and_the_bundle_both(shelf: ShopIndexPage, guides: dict[str, Page]) -> None:
    pages = load(shelf, guides)

    opened = {key: [page.slug for page in pages[key].product.unlocked_pages()] for key in ("journal", "bundle")}
    assert opened == {"journal": ["harmony"], "bundle": ["harmony", "practices"]}


def test_a_bundle_can_be_bought_and_its_candle_is_counted(shelf: ShopIndexPage, guides: dict[str, Page]) -> None:
    load(shelf, guides)

    cart = priced(Cart.empty("DE").with_quantity("heart-bundle", 2))

    assert cart.can_check_out
    assert cart.total_minor == 2 * 4400 + 490
    assert (Stock.objects.get().on_hand, StockMovement.objects.get().delta) == (20, 20)


def test_a_candle_is_not_sold_by_itself(shelf: ShopIndexPage, guides: dict[str, Page]) -> None:
    load(shelf, guides)

    assert not priced(Cart.empty("DE").with_quantity("heart-candle", 1)).can_check_out


def test_loading_again_changes_nothing(shelf: ShopIndexPage, guides: dict[str, Page]) -> None:
    load(shelf, guides)
    Product.objects.filter(sku="heart-bundle").update(price_minor=1, name="Ours")
    Stock.objects.update(on_hand=3)
    ShippingZone.objects.filter(name="Germany").delete()
    before = [list(model.objects.order_by("pk").values()) for model in (Product, Stock, ShippingZone, ProductPage)]

    load(shelf, guides)

    assert [
        list(model.objects.order_by("pk").values()) for model in (Product, Stock, ShippingZone, ProductPage)
    ] == before


def test_the_pages_say_what_is_in_it_and_what_is_not(
    shelf: ShopIndexPage, guides: dict[str, Page], client: Client
) -> None:
    pages = load(shelf, guides)

    journal, bundle = (client.get(pages[key].url).content.decode() for key in ("journal", "bundle"))

    for words in ("No book is posted.", "€24.00", "It is not therapy", "self-care practices", "free, for everyone"):
        assert words in journal
    for words in ("Heart-centered candle", "posted to you", "Reflective exercises", "€44.00", "Germany", "Practices"):
        assert words in bundle
