"""What an article tells search engines and messengers, read back by parsers."""

import json
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client
from wagtail.images.models import Image

from blog.models import ArticlePage, Author, BlogIndexPage

from .test_articles import block

MakeArticle = Callable[..., ArticlePage]


class Told(HTMLParser):
    """Collects what a page says of itself: `meta` by name, `canonical` links, `data` of its JSON-LD, `scripts` run."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.meta: dict[str, str] = {}
        self.canonical: list[str] = []
        self.data: list[Any] = []
        self.scripts: list[dict[str, str | None]] = []
        self._in_data = False
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        if tag == "meta" and (name := named.get("property") or named.get("name")):
            assert name not in self.meta
            self.meta[name] = named["content"] or ""
        elif tag == "link" and named.get("rel") == "canonical":
            self.canonical.append(named["href"] or "")
        elif tag == "script":
            self._in_data = named.get("type") == "application/ld+json"
            if not self._in_data:
                self.scripts.append(named)

    def handle_data(self, data: str) -> None:
        if self._in_data:
            self.data.append(json.loads(data))

    def handle_endtag(self, tag: str) -> None:
        if tag == "script":
            self._in_data = False


def told(client: Client, article: ArticlePage, **query: str) -> Told:
    return Told(client.get(article.url, query).content.decode())


def test_an_article_that_has_little_says_little(
    article: ArticlePage, blog_index: BlogIndexPage, client: Client
) -> None:
    page = told(client, article)

    assert page.data == [
        {
            "@context": "https://schema.org",
            "@graph": [
                {
                    "@type": "Article",
                    "headline": "On trust",
                    "url": article.full_url,
                    "mainEntityOfPage": article.full_url,
                },
                {
                    "@type": "BreadcrumbList",
                    "itemListElement": [
                        {"@type": "ListItem", "position": 1, "name": blog_index.title, "item": blog_index.full_url},
                        {"@type": "ListItem", "position": 2, "name": "On trust", "item": article.full_url},
                    ],
                },
            ],
        }
    ]
    assert {name: text for name, text in page.meta.items() if name != "viewport"} == {
        "og:type": "article",
        "og:url": article.full_url,
        "og:title": "On trust",
        "twitter:card": "summary",
    }


def test_what_an_article_has_is_told(make_article: MakeArticle, client: Client, lotus: Image) -> None:
    figure = {"image": {"image": lotus.pk, "alt_text": "A pink lotus", "decorative": False}, "caption": ""}
    article = make_article(
        standfirst="In short.",
        seo_title="Trust",
        author=Author.objects.create(name="Mira"),
        published_on="2026-03-01",
        body=[block("image", figure)],
    )

    page = told(client, article)

    facts = page.data[0]["@graph"][0]
    assert facts["description"] == page.meta["og:description"] == "In short."
    assert facts["author"] == {"@type": "Person", "name": "Mira"}
    assert facts["datePublished"] == page.meta["article:published_time"] == "2026-03-01"
    assert facts["image"] == page.meta["og:image"]
    assert facts["image"].startswith(article.get_site().root_url)
    assert facts["image"].endswith(".jpg")
    assert (page.meta["og:image:width"], page.meta["og:image:height"]) == ("1200", "630")
    assert page.meta["og:image:alt"] == "A pink lotus"
    assert page.meta["twitter:card"] == "summary_large_image"
    assert (facts["headline"], page.meta["og:title"]) == ("On trust", "Trust")


def test_pages_of_the_conversation_are_the_same_article(article: ArticlePage, client: Client) -> None:
    assert told(client, article, comments="2").canonical == [article.full_url]


@pytest.mark.parametrize(
    "title",
    [
        "</script><script>alert(1)</script>",
        "<!--<script>",
        '"><img src=x onerror=alert(1)>',
        "&lt;/script&gt; & \\u003c/script>",
        "line\u2028and\u2029paragraph",
        "application/json </SCRIPT >",
    ],
)
def test_no_title_ends_the_data_it_stands_in(
    make_article: MakeArticle, client: Client, title: str, blog_index: BlogIndexPage
) -> None:
    plain = told(client, make_article())
    article = make_article(title, slug="hostile", standfirst=title, author=Author.objects.create(name=title))

    page = told(client, article)

    facts, trail = page.data[0]["@graph"]
    assert (facts["headline"], facts["description"], facts["author"]["name"]) == (title, title, title)
    assert trail["itemListElement"][1]["name"] == title
    assert page.meta["og:title"] == title
    assert page.scripts == plain.scripts


def test_a_draft_that_was_never_saved_can_be_previewed_with_what_it_tells(blog_index: BlogIndexPage) -> None:
    new = ArticlePage(title="Not yet", slug="not-yet")
    new.set_url_path(blog_index)
    new.path = ArticlePage._get_children_path_interval(blog_index.path)[1]
    new.depth = blog_index.depth + 1

    page = Told(new.make_preview_request().content.decode())

    assert page.data[0]["@graph"][0]["headline"] == "Not yet"
