"""The Atom feed of a blog: whole articles, as they can be read anywhere (RFC 4287)."""

import re
import uuid
from typing import Any
from urllib.parse import urljoin

from bs4 import BeautifulSoup
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.feedgenerator import Atom1Feed
from django.utils.xmlutils import SimplerXMLGenerator
from django.views.decorators.http import conditional_page, require_safe
from wagtail.models import Page, Site

NEWEST = 20
# What a reader's own style sheet can use; classes, ids and data attributes mean something on the site only.
KEPT_ATTRIBUTES = {"href", "src", "alt", "title", "width", "height", "datetime", "lang", "dir", "cite", "start"}
# Pasted text brings them, and XML 1.0 has no way to write them.
NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


class WholeArticles(Atom1Feed):
    """An Atom feed whose entries hold `content`: HTML, with nothing left to fetch but pictures."""

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        handler.addQuickElement("content", item["content"], {"type": "html"})


@conditional_page
@require_safe
def article_feed(request: HttpRequest, index: Page) -> HttpResponse:
    """Answer with the newest articles of `index` that every visitor may read; 304 to a reader who has them."""
    language: str = index.locale.language_code
    site = Site.find_for_request(request)
    feed = WholeArticles(
        title=_writable(index.title),
        link=index.get_full_url(request),
        description=None,
        subtitle=_writable(index.intro) or None,
        language=language,
        feed_url=index.feed_url(request),
        feed_guid=_lasting_id(index, language),
        # An entry without an author must find one here.
        author_name=_writable((site.site_name if site else "") or index.title),
    )
    for article in index.open_articles().filter(first_published_at__isnull=False)[:NEWEST]:
        url = article.get_full_url(request)
        feed.add_item(
            title=_writable(article.title),
            link=url,
            description=None,  # type: ignore[arg-type]  # as its own code allows: no summary beside the whole
            unique_id=_lasting_id(article, language),
            pubdate=article.first_published_at,
            updateddate=article.last_published_at or article.first_published_at,
            author_name=_writable(article.author.name) if article.author else None,
            content=_whole(article, url),
        )
    response = HttpResponse(content_type=feed.content_type)
    feed.write(response, "utf-8")
    return response


def _lasting_id(page: Page, language: str) -> str:
    """Return an id that outlives a new slug, title, place or host. Translations share a key, so the language counts."""
    return uuid.uuid5(page.translation_key, language).urn


def _whole(article: Page, url: str) -> str:
    """Return the article as HTML that is right at any address: absolute links, one source a picture, no controls."""
    html = render_to_string("anahata_blog/feed_article.html", {"page": article, "parts": article.parts()})
    soup = BeautifulSoup(html, "html.parser")
    for tag in soup.select("[data-aside], source"):
        tag.decompose()
    for tag in soup.find_all(True):
        tag.attrs = {name: value for name, value in tag.attrs.items() if name in KEPT_ATTRIBUTES}
        for name in {"href", "src"} & tag.attrs.keys():
            tag[name] = _absolute(url, str(tag[name]))
    return _writable(str(soup).strip())


def _absolute(base: str, address: str) -> str:
    try:
        return urljoin(base, address)
    except ValueError:  # an editor's address that is none
        return address


def _writable(text: str) -> str:
    return NOT_IN_XML.sub("", text)
