"""What an article says of itself to search engines and to those it is shared with. Only what the page has."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

from django.http import HttpRequest
from django.utils.html import json_script
from django.utils.safestring import SafeString
from wagtail.images.shortcuts import get_rendition_or_not_found
from wagtail.models import Page

SHARED_PICTURE = "fill-1200x630|format-jpeg"


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A picture at an absolute address."""

    url: str
    alt: str
    width: int
    height: int


@dataclass(frozen=True, kw_only=True)
class Share:
    """The card of an article elsewhere; `description` may be empty, `data` is a whole script element."""

    url: str
    title: str
    description: str
    picture: Picture | None
    data: SafeString


def share(article: Page, index: Page, request: HttpRequest) -> Share | None:
    """Return what `article` says of itself; None where it has no address. Its first picture costs a query or two."""
    url = article.get_full_url(request)
    if not url:
        return None
    description = article.search_description or article.standfirst
    picture = _picture(article, url)
    facts: dict[str, Any] = {
        "@type": "Article",
        "headline": article.title,
        "url": url,
        "mainEntityOfPage": url,
        "description": description,
        "image": picture and picture.url,
        "author": article.author and {"@type": "Person", "name": article.author.name},
        "datePublished": article.published_on,
    }
    crumbs = [(index.title, index.get_full_url(request)), (article.title, url)]
    trail = {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": position, "name": name, "item": address}
            for position, (name, address) in enumerate(crumbs, 1)
        ],
    }
    known = {name: fact for name, fact in facts.items() if fact}
    return Share(
        url=url,
        title=article.seo_title or article.title,
        description=description,
        picture=picture,
        data=_data_block({"@context": "https://schema.org", "@graph": [known, trail]}),
    )


def _picture(article: Page, url: str) -> Picture | None:
    images = (block.value["image"] for block in article.body if block.block_type == "image")
    image = next((image for image in images if image is not None), None)
    if image is None:
        return None
    rendition = get_rendition_or_not_found(image, SHARED_PICTURE)
    return Picture(
        url=urljoin(url, rendition.url), alt=rendition.alt or "", width=rendition.width, height=rendition.height
    )


def _data_block(data: dict[str, Any]) -> SafeString:
    """Return a JSON-LD element. Django escapes what could end it; the type, which comes first, is all that differs."""
    return SafeString(json_script(data).replace("application/json", "application/ld+json", 1))
