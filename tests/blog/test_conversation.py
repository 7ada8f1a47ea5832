"""The tree under an article: its order, its pages, its cost."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from blog.comments.tree import Node, conversation
from blog.models import ArticlePage

from .conftest import Commenting


def outline(nodes: list[Node]) -> list[Any]:
    return [[node.comment.comment if node.comment else None, *outline(node.replies)] for node in nodes]


def queries_of(client: Client, url: str) -> int:
    client.get(url)  # warms what a process keeps: content types, the site
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


def test_threads_stand_newest_first_and_replies_in_the_order_they_came(
    article: ArticlePage, commenting: Commenting
) -> None:
    first = commenting.published(article, "First")
    commenting.published(article, "Second")
    reply = commenting.published(article, "Reply", parent_id=first.comment_id)
    commenting.published(article, "Reply to reply", parent_id=reply.comment_id)
    commenting.published(article, "Another reply", parent_id=first.comment_id)

    threads = conversation(article.pk).threads

    assert outline(threads) == [["Second"], ["First", ["Reply", ["Reply to reply"]], ["Another reply"]]]


def test_only_whole_threads_fill_a_page(
    article: ArticlePage, commenting: Commenting, client: Client, settings: Any
) -> None:
    settings.BLOG_COMMENT_THREADS_PER_PAGE = 2
    roots = [commenting.published(article, f"Thread {number}") for number in range(3)]
    commenting.published(article, "Reply", parent_id=roots[2].comment_id)
    commenting.held(article, "Waiting")

    first, second = conversation(article.pk, 1), conversation(article.pk, 2)
    page = BeautifulSoup(client.get(article.url, {"comments": "2"}).content, "html.parser")

    assert first.count == 4
    assert outline(first.threads) == [["Thread 2", ["Reply"]], ["Thread 1"]]
    assert outline(second.threads) == [["Thread 0"]]
    assert page.select_one(".conversation a[rel=prev]")["href"] == "?comments=1#comments"


def test_a_permalink_leads_to_the_page_the_comment_stands_on(
    article: ArticlePage, commenting: Commenting, client: Client, settings: Any
) -> None:
    settings.BLOG_COMMENT_THREADS_PER_PAGE = 2
    oldest, *_, newest = [commenting.published(article, f"Thread {number}") for number in range(3)]

    old = client.get(reverse("anahata_blog:comment", args=[oldest.comment_id]))
    new = client.get(reverse("anahata_blog:comment", args=[newest.comment_id]))

    assert old.url == f"{article.url}?comments=2#comment-{oldest.comment_id}"
    assert new.url == f"{article.url}#comment-{newest.comment_id}"


def test_the_deepest_comment_offers_no_reply(article: ArticlePage, commenting: Commenting, client: Client) -> None:
    parent = commenting.published(article)
    for _ in range(3):
        parent = commenting.published(article, parent_id=parent.comment_id)

    page = BeautifulSoup(client.get(article.url).content, "html.parser")

    assert len(page.select(".comment")) == 4
    assert len(page.select(".comment-actions")) == 3
    assert not page.select(f"#reply-slot-{parent.comment_id}")


def test_the_tree_takes_four_queries_however_many_comments_there_are(
    article: ArticlePage, commenting: Commenting
) -> None:
    for _ in range(5):
        root = commenting.published(article)
        for _ in range(3):
            commenting.published(article, parent_id=root.comment_id)

    with CaptureQueriesContext(connection) as queries:
        found = conversation(article.pk)

    assert found.count == 20
    assert len(queries) == 4


@pytest.mark.parametrize("comments", [0, 1, 30])
def test_the_article_stays_within_its_query_budget(
    article: ArticlePage, commenting: Commenting, client: Client, comments: int
) -> None:
    for number in range(comments):
        commenting.published(article, f"Comment {number}", ip_address=None)

    assert queries_of(client, article.url) <= 15


def test_the_index_stays_within_its_query_budget(make_article: Any, client: Client) -> None:
    articles = [make_article(f"Article {number}") for number in range(8)]

    assert queries_of(client, articles[0].get_parent().url) <= 10
