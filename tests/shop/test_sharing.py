"""What a product page tells search engines and messengers, read back by a parser."""

import json
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.images import ImageFile
from django.test import Client
from PIL import Image as Pillow
from wagtail.images.models import Image

from shop.models import Product, ProductPage, Stock
from shop.money import exact


class Told(HTMLParser):
    """Collects what a page says of itself: `meta` by name, `canonical`, `data` of its JSON-LD, number of `scripts`."""

    def __init__(self, client: Client, page: ProductPage) -> None:
        super().__init__()
        self.meta: dict[str, str] = {}
        self.canonical: list[str] = []
        self.data: list[Any] = []
        self.scripts = 0
        self._in_data = False
        self.feed(client.get(page.url).content.decode())
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        if tag == "meta" and (name := named.get("property") or named.get("name")):
            self.meta[name] = named["content"] or ""
        elif tag == "link" and named.get("rel") == "canonical":
            self.canonical.append(named["href"] or "")
        elif tag == "script":
            self._in_data = named.get("type") == "application/ld+json"
            self.scripts += not self._in_data

    def handle_data(self, data: str) -> None:
        if self._in_data:
            self.data.append(json.loads(data))

    def handle_endtag(self, tag: str) -> None:
        if tag == "script":
            self._in_data = False


def test_a_product_page_tells_its_price_and_that_it_can_be_bought(
    client: Client, bundle: Product, add_page: Any
) -> None:
    page = add_page(bundle)

    told = Told(client, page)

    assert told.data == [
        {
            "@context": "https://schema.org",
            "@type": "Product",
            "name": "Healing Bundle",
            "url": page.full_url,
            "sku": "bundle",
            "offers": {
                "@type": "Offer",
                "url": page.full_url,
                "price": "39.01",
                "priceCurrency": "EUR",
                "availability": "https://schema.org/InStock",
            },
        }
    ]
    assert told.canonical == [page.full_url]
    assert {name: text for name, text in told.meta.items() if name != "viewport"} == {
        "og:type": "product",
        "og:url": page.full_url,
        "og:title": "Healing Bundle",
        "twitter:card": "summary",
    }


def test_what_is_sold_out_says_so_and_what_is_off_sale_has_no_offer(
    client: Client, candle: Product, journal: Product, add_page: Any
) -> None:
    Stock.objects.update(on_hand=0)
    Product.objects.filter(pk=journal.pk).update(active=False)

    sold_out, off_sale = Told(client, add_page(candle)).data[0], Told(client, add_page(journal)).data[0]

    assert sold_out["offers"]["availability"] == "https://schema.org/OutOfStock"
    assert "offers" not in off_sale


def test_the_summary_describes_it_unless_there_is_a_description(client: Client, candle: Product, add_page: Any) -> None:
    page = add_page(candle)
    page.summary = "A quiet light."
    page.save_revision().publish()
    with_summary = Told(client, page)
    page.search_description = "A candle for the evening."
    page.save_revision().publish()

    with_both = Told(client, page)

    assert with_summary.data[0]["description"] == with_summary.meta["og:description"] == "A quiet light."
    assert with_both.data[0]["description"] == with_both.meta["og:description"] == "A candle for the evening."


def test_a_photograph_is_shared_at_an_absolute_address_and_an_illustration_is_not(
    client: Client, candle: Product, add_page: Any, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.MEDIA_ROOT = tmp_path
    # Wagtail never closes the temporary files it draws renditions into; memory needs no closing.
    monkeypatch.setattr("wagtail.images.models.SpooledTemporaryFile", lambda max_size: BytesIO())
    taken = BytesIO()
    Pillow.new("RGB", (1600, 900)).save(taken, "PNG")
    page = add_page(candle)
    illustrated = Told(client, page)
    page.image = Image.objects.create(title="The candle", file=ImageFile(taken, name="candle.png"))
    page.save_revision().publish()

    told = Told(client, page)

    assert "og:image" not in illustrated.meta
    assert told.data[0]["image"] == told.meta["og:image"]
    assert told.meta["og:image"].startswith(f"{page.get_site().root_url}{settings.MEDIA_URL}images/candle")
    assert told.meta["twitter:card"] == "summary_large_image"


@pytest.mark.parametrize(
    "title", ["</script><script>alert(1)</script>", "<!--<script>", '"><img src=x onerror=alert(1)>']
)
def test_no_title_ends_the_data_it_stands_in(client: Client, candle: Product, add_page: Any, title: str) -> None:
    page = add_page(candle)
    scripts = Told(client, page).scripts
    page.title = page.summary = title
    page.save_revision().publish()

    told = Told(client, page)

    assert (told.data[0]["name"], told.data[0]["description"], told.meta["og:title"]) == (title, title, title)
    assert told.scripts == scripts


@pytest.mark.parametrize(
    ("minor", "currency", "whole"), [(2400, "EUR", "24.00"), (5, "EUR", "0.05"), (2400, "JPY", "2400")]
)
def test_an_amount_has_all_its_currencys_decimals(minor: int, currency: str, whole: str) -> None:
    assert str(exact(minor, currency)) == whole
