"""An index, and articles under it, on whatever site the tests run in."""

import json
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import AbstractBaseUser, Group
from django.core.files.images import ImageFile
from django.utils import timezone
from PIL import Image as Pillow
from wagtail.images.models import Image
from wagtail.models import Page, Site

from blog.comments.models import CommentMeta, State
from blog.comments.posting import hold_comment
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


@pytest.fixture
def lotus(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, db: None) -> Image:
    """A picture, 1600 by 900, in a media folder of this test alone."""
    settings.MEDIA_ROOT = tmp_path
    # Wagtail never closes the temporary files it draws renditions into; memory needs no closing.
    monkeypatch.setattr("wagtail.images.models.SpooledTemporaryFile", lambda max_size: BytesIO())
    drawn = BytesIO()
    Pillow.new("RGB", (1600, 900)).save(drawn, "PNG")
    return Image.objects.create(title="A lotus", file=ImageFile(drawn, name="lotus.png"))


class Commenting:
    """Posts and publishes comments without going through a browser."""

    def held(self, article: ArticlePage, text: str = "Thank you.", **fields: Any) -> CommentMeta:
        fields = {"name": "Ada", "email": "ada@example.com", **fields}
        return hold_comment(article, text=text, **fields)

    def published(self, article: ArticlePage, text: str = "Thank you.", **fields: Any) -> CommentMeta:
        meta = self.held(article, text, **fields)
        past = timezone.now() - timedelta(minutes=1)
        CommentMeta.objects.filter(pk=meta.pk).update(state=State.APPROVED, publish_at=past, published_at=past)
        meta.refresh_from_db()
        return meta


@pytest.fixture
def commenting() -> Commenting:
    return Commenting()


@pytest.fixture
def moderator(make_user: Callable[..., AbstractBaseUser]) -> AbstractBaseUser:
    user = make_user("moderator@example.com")
    user.groups.add(Group.objects.get(name="Comment moderators"))
    return user
