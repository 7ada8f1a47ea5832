"""The Atom feed, read by a parser of XML as any reader of feeds would."""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone
from wagtail.images.models import Image
from wagtail.models import Page, PageViewRestriction

from blog.models import ArticlePage, Author, BlogIndexPage

from .test_articles import FIRST, SECOND, block, questions

MakeArticle = Callable[..., ArticlePage]
ATOM = {"": "http://www.w3.org/2005/Atom"}
OTHER = str(uuid.UUID(int=3))


def feed_of(client: Client, index: BlogIndexPage) -> ElementTree.Element:
    response = client.get(f"{index.url}feed/")
    assert response.status_code == 200
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    return ElementTree.fromstring(response.content)


def titles(feed: ElementTree.Element) -> list[str | None]:
    return [entry.findtext("title", namespaces=ATOM) for entry in feed.iterfind("entry", ATOM)]


def content_of(entry: ElementTree.Element) -> BeautifulSoup:
    content = entry.find("content", ATOM)
    assert content.get("type") == "html"
    return BeautifulSoup(content.text, "html.parser")


def first_content(client: Client, index: BlogIndexPage) -> BeautifulSoup:
    return content_of(feed_of(client, index).find("entry", ATOM))


def time_in(element: ElementTree.Element, name: str) -> datetime:
    return datetime.fromisoformat(element.findtext(name, namespaces=ATOM))


def test_an_entry_tells_when_it_was_published_and_when_it_last_changed(
    make_article: MakeArticle, blog_index: BlogIndexPage, client: Client
) -> None:
    article = make_article()
    then = timezone.now() - timedelta(days=3)
    ArticlePage.objects.filter(pk=article.pk).update(first_published_at=then)

    feed = feed_of(client, blog_index)

    entry = feed.find("entry", ATOM)
    assert (time_in(entry, "published"), time_in(entry, "updated")) == (then, article.last_published_at)
    assert time_in(feed, "updated") == article.last_published_at


def test_ids_outlive_a_new_slug_title_and_host(
    make_article: MakeArticle, blog_index: BlogIndexPage, client: Client
) -> None:
    article = make_article()
    before = [element.text for element in feed_of(client, blog_index).iterfind(".//id", ATOM)]
    article.slug, article.title = "another-slug", "Another title"
    article.save_revision().publish()
    site = article.get_site()
    site.hostname = "elsewhere.example"
    site.save()

    after = [element.text for element in feed_of(client, blog_index).iterfind(".//id", ATOM)]

    assert after == before
    assert len(set(after)) == 2
    assert all(uuid.UUID(address) and address.startswith("urn:uuid:") for address in after)


def test_the_feed_links_to_itself_to_the_list_and_to_each_article_absolutely(
    make_article: MakeArticle, blog_index: BlogIndexPage, client: Client
) -> None:
    article = make_article()

    feed = feed_of(client, blog_index)

    links = {link.get("rel"): link.get("href") for link in feed.iterfind("link", ATOM)}
    assert links == {"alternate": blog_index.full_url, "self": f"{blog_index.full_url}feed/"}
    assert feed.find("entry/link", ATOM).get("href") == article.full_url
    assert article.full_url.startswith("http://")


def test_an_entry_holds_the_whole_article(make_article: MakeArticle, blog_index: BlogIndexPage, client: Client) -> None:
    make_article(
        standfirst="In short.",
        body=[
            block("heading", {"text": "A heading"}),
            block("paragraph", "<p>A <b>paragraph</b> & more.</p>"),
            block("bullets", {"sentences": [{"type": "item", "value": "<p>A bullet</p>", "id": FIRST}]}),
            block("pull_quote", {"text": "A quote"}),
            block("callout", {"label": "Remember", "text": "<p>a callout</p>"}),
            questions((FIRST, "A question?"), (SECOND, "Another?")),
            block(
                "practice_steps",
                {"steps": [{"type": "item", "value": {"title": "A step", "text": "<p>Do.</p>"}, "id": OTHER}]},
            ),
        ],
    )

    content = first_content(client, blog_index)

    assert content.get_text(" ", strip=True) == (
        "In short. A heading A paragraph & more. A bullet A quote Remember: a callout A question? Another? A step Do."
    )
    assert {"h2", "b", "ul", "blockquote", "ol", "h3"} <= {tag.name for tag in content.find_all(True)}
    assert not content.select("[class], [id], [role], [data-aside]")


def test_links_and_pictures_of_an_entry_are_right_at_any_address(
    make_article: MakeArticle, blog_index: BlogIndexPage, client: Client, lotus: Image, settings: Any
) -> None:
    target = make_article("Elsewhere")
    links = (
        f'<p><a linktype="page" id="{target.pk}">page</a> <a href="https://example.org/">out</a>'
        ' <a href="#a-heading">down</a> <a href="/terms/">root</a> <a href="mailto:ada@example.com">mail</a></p>'
    )
    article = make_article(
        body=[
            block("paragraph", links),
            block("page_card", {"page": target.pk}),
            block("image", {"image": {"image": lotus.pk, "alt_text": "A lotus", "decorative": False}, "caption": ""}),
        ]
    )

    content = first_content(client, blog_index)

    host = article.get_site().root_url
    assert [link["href"] for link in content.find_all("a")] == [
        target.full_url,
        "https://example.org/",
        f"{article.full_url}#a-heading",
        f"{host}/terms/",
        "mailto:ada@example.com",
        target.full_url,
    ]
    shown = content.find("img")
    assert shown["src"].startswith(f"{host}{settings.MEDIA_URL}images/lotus")
    assert (shown["alt"], shown.get("srcset")) == ("A lotus", None)
    assert not content.find_all("source")


def test_only_live_and_public_articles_are_in_the_feed(
    make_article: MakeArticle, blog_index: BlogIndexPage, client: Client
) -> None:
    make_article("Older")
    make_article("Newer")
    make_article("Draft", live=False)
    make_article("Withdrawn").unpublish()
    restricted = make_article("For members")
    PageViewRestriction.objects.create(page=restricted, restriction_type=PageViewRestriction.LOGIN)

    assert titles(feed_of(client, blog_index)) == ["Newer", "Older"]


def test_a_draft_of_a_live_article_stays_out(
    make_article: MakeArticle, blog_index: BlogIndexPage, client: Client
) -> None:
    article = make_article("Said", standfirst="Public.")
    article.standfirst = "Not yet."
    article.save_revision()

    assert first_content(client, blog_index).get_text(strip=True) == "Public."


def test_the_feed_of_a_blog_for_members_is_for_members(
    article: ArticlePage, blog_index: BlogIndexPage, client: Client
) -> None:
    PageViewRestriction.objects.create(page=blog_index, restriction_type=PageViewRestriction.PASSWORD, password="x")

    response = client.get(f"{blog_index.url}feed/")

    assert "application/atom+xml" not in response["Content-Type"]
    assert article.title.encode() not in response.content


def test_the_newest_twenty_are_in_the_feed(
    make_article: MakeArticle, blog_index: BlogIndexPage, client: Client
) -> None:
    for number in range(21):
        make_article(f"Article {number}")

    shown = titles(feed_of(client, blog_index))

    assert (len(shown), shown[0], shown[-1]) == (20, "Article 20", "Article 1")


def test_an_empty_blog_has_an_empty_feed(blog_index: BlogIndexPage, client: Client) -> None:
    feed = feed_of(client, blog_index)

    assert titles(feed) == []
    assert feed.findtext("title", namespaces=ATOM) == blog_index.title


def test_comments_are_not_in_the_feed(
    article: ArticlePage, blog_index: BlogIndexPage, commenting: Any, client: Client
) -> None:
    commenting.published(article, "Something personal")

    response = client.get(f"{blog_index.url}feed/")

    assert b"Something personal" not in response.content


def test_an_author_is_named_where_there_is_one_and_the_blog_speaks_for_the_rest(
    make_article: MakeArticle, blog_index: BlogIndexPage, client: Client
) -> None:
    make_article("Unsigned")
    make_article("Signed", author=Author.objects.create(name="Mira"))

    feed = feed_of(client, blog_index)

    names = [entry.findtext("author/name", namespaces=ATOM) for entry in feed.iterfind("entry", ATOM)]
    assert names == ["Mira", None]
    assert feed.findtext("author/name", namespaces=ATOM)


def test_what_xml_cannot_hold_does_not_break_the_feed(
    make_article: MakeArticle, blog_index: BlogIndexPage, client: Client
) -> None:
    make_article(
        "Tabs\x0b & <b>tags</b>", standfirst="Pasted\x0c ]]> text", body=[block("heading", {"text": "\x1fOne"})]
    )

    feed = feed_of(client, blog_index)

    assert titles(feed) == ["Tabs & <b>tags</b>"]
    assert first_content(client, blog_index).get_text(" ", strip=True) == "Pasted ]]> text One"


def test_the_feed_sets_no_cookie_and_is_not_sent_again_to_who_has_it(
    article: ArticlePage, blog_index: BlogIndexPage, client: Client
) -> None:
    first = client.get(f"{blog_index.url}feed/")
    again = client.get(f"{blog_index.url}feed/", headers={"If-None-Match": first["ETag"]})
    article.save_revision().publish()
    article.title = "Reworded"
    article.save_revision().publish()
    changed = client.get(f"{blog_index.url}feed/", headers={"If-None-Match": first["ETag"]})

    assert not first.cookies
    assert "cookie" not in first.get("Vary", "").lower()
    assert (again.status_code, again.content) == (304, b"")
    assert changed.status_code == 200


def test_the_feed_is_below_the_blog_whatever_its_slug(
    make_article: MakeArticle, blog_index: BlogIndexPage, client: Client
) -> None:
    make_article("Found")
    blog_index.slug = "letters"
    blog_index.save_revision().publish()

    index = BlogIndexPage.objects.get(pk=blog_index.pk)

    assert index.url.endswith("/letters/")
    assert titles(feed_of(client, index)) == ["Found"]


def test_the_list_and_each_article_announce_the_feed(
    article: ArticlePage, blog_index: BlogIndexPage, client: Client
) -> None:
    for page in (article, blog_index):
        head = BeautifulSoup(client.get(page.url).content, "html.parser").head

        link = head.find("link", rel="alternate", type="application/atom+xml")
        assert link["href"] == f"{blog_index.full_url}feed/"


def test_no_article_takes_the_address_of_the_feed(make_article: MakeArticle, blog_index: BlogIndexPage) -> None:
    with pytest.raises(ValidationError, match="Choose another"):
        make_article("Feed", slug="feed")


def test_pages_of_another_blog_are_not_in_the_feed(
    make_article: MakeArticle, blog_index: BlogIndexPage, client: Client
) -> None:
    parent: Page = blog_index.get_parent()
    other = parent.add_child(instance=BlogIndexPage(title="Other", slug="other-blog"))
    elsewhere = other.add_child(instance=ArticlePage(title="Elsewhere", slug="elsewhere"))
    elsewhere.save_revision().publish()
    make_article("Here")

    assert titles(feed_of(client, blog_index)) == ["Here"]
    assert titles(feed_of(client, other)) == ["Elsewhere"]
