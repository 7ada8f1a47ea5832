"""What a product page says of itself to search engines and to those it is shared with. Only what it has."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from django.http import HttpRequest
from django.utils.html import json_script
from django.utils.safestring import SafeString
from wagtail.images.shortcuts import get_rendition_or_not_found

from ..money import exact

if TYPE_CHECKING:
    from .catalogue import Product, ProductPage

SHARED_PICTURE = "fill-1200x630|format-jpeg"


@dataclass(frozen=True, kw_only=True)
class Share:
    """The card of a product page elsewhere; all but `url`, `title` and `data` may be empty. `data` is a script element."""

    url: str
    title: str
    description: str
    picture: str
    data: SafeString


def share(page: "ProductPage", request: HttpRequest) -> Share | None:
    """Return what the page says of itself; None where it has no address. A photograph costs a query or two."""
    url = page.get_full_url(request)
    if not url:
        return None
    product = page.shown_product
    description = page.search_description or page.summary
    picture = urljoin(url, get_rendition_or_not_found(page.image, SHARED_PICTURE).url) if page.image else ""
    facts: dict[str, Any] = {
        "@type": "Product",
        "name": page.title,
        "url": url,
        "sku": product.sku,
        "description": description,
        "image": picture,
        "offers": _offer(product, url) if product.active else None,
    }
    known = {name: fact for name, fact in facts.items() if fact}
    return Share(
        url=url,
        title=page.seo_title or page.title,
        description=description,
        picture=picture,
        data=_data_block({"@context": "https://schema.org", **known}),
    )


def _offer(product: "Product", url: str) -> dict[str, str]:
    availability = "InStock" if product.most_in_one_order else "OutOfStock"
    return {
        "@type": "Offer",
        "url": url,
        "price": str(exact(product.price_minor, product.currency)),
        "priceCurrency": product.currency,
        "availability": f"https://schema.org/{availability}",
    }


def _data_block(data: dict[str, Any]) -> SafeString:
    """Return a JSON-LD element. Django escapes what could end it; the type, which comes first, is all that differs."""
    return SafeString(json_script(data).replace("application/json", "application/ld+json", 1))
