"""An index, and articles under it, on whatever site the tests run in."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from wagtail.models import Page, Site

from blog.models import ArticlePage, BlogIndexPage


@pytest.fixture
def blog_index(db: None) -> BlogIndexPage:
    site = Site.objects.get(is_default_site=True)
    root = site.root_page if site.root_page.depth > 1 else Page.objects.get(depth=1)
    index = root.specific.get_children().type(BlogIndexPage).specific().first()
    return index or root.add_child(instance=BlogIndexPage(title="Notes", slug="blog-of-the-tests"))


@pytest.fixture
def make_article(blog_index: BlogIndexPage) -> Callable[..., ArticlePage]:
    """Return a function that publishes an article whose body is given as raw blocks."""

    def make(title: str = "On trust", *, body: list[dict[str, Any]] | None = None, **fields: Any) -> ArticlePage:
        article = ArticlePage(title=title, body=json.dumps(body or []), **fields)
        blog_index.add_child(instance=article)
        if article.live:
            article.save_revision().publish()
            article.refresh_from_db()
        return article

    return make


@pytest.fixture
def article(make_article: Callable[..., ArticlePage]) -> ArticlePage:
    return make_article()
