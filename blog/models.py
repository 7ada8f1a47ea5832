"""Pages of the blog. The comments under them live in `comments.models`."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.fields import GenericRelation
from django.core.exceptions import ValidationError
from django.core.paginator import Page as PaginatedPage
from django.core.paginator import Paginator
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.routable_page.models import RoutablePageMixin, path
from wagtail.fields import StreamField
from wagtail.models import Page, PageManager
from wagtail.query import PageQuerySet
from wagtail.search import index
from wagtail.snippets.models import register_snippet

from . import conf
from .blocks import ArticleBlocks
from .comments.models import CommentMeta
from .comments.tree import conversation
from .feeds import article_feed
from .sharing import share

FEED_SLUG = "feed"
LONG_ARTICLE_HEADINGS = 3  # from here on a list of them stands at the top

__all__ = ["ArticlePage", "Author", "BlogIndexPage", "CommentMeta", "Prompt"]


@dataclass(frozen=True, kw_only=True)
class Prompt:
    """A question of an article. `id` lasts through rewording, reordering and publishing; `position` counts from 1."""

    id: str
    text: str
    position: int


@dataclass(frozen=True, kw_only=True)
class Part:
    """A block of an article's body; `anchor` is empty unless it is a heading."""

    block: Any
    anchor: str = ""


@register_snippet
class Author(models.Model):
    """Who wrote an article, as readers see them."""

    name = models.CharField(_("name"), max_length=120)

    panels = [FieldPanel("name")]

    class Meta:
        verbose_name = _("author")
        verbose_name_plural = _("authors")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class BlogIndexPage(RoutablePageMixin, Page):
    """The list of articles, newest first, and their feed below it."""

    # Named, so that a host site may have a page model of the same name.
    page_ptr = models.OneToOneField(Page, on_delete=models.CASCADE, parent_link=True, related_name="anahata_blog_index")
    intro = models.CharField(_("introduction"), max_length=250, blank=True)

    template = "anahata_blog/blog_index_page.html"
    subpage_types = ["anahata_blog.ArticlePage"]
    content_panels = [*Page.content_panels, FieldPanel("intro")]

    class Meta:
        verbose_name = _("blog")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        context["articles"] = self.articles(request.GET.get("page", 1))
        context["feed_url"] = self.feed_url(request)
        return context

    @path(f"{FEED_SLUG}/", name="feed")
    def feed(self, request: HttpRequest) -> HttpResponse:
        """Serve the newest articles, whole, as an Atom feed."""
        return article_feed(request, self)

    def feed_url(self, request: HttpRequest | None = None) -> str:
        """Return the feed's absolute address; empty where the page itself has none."""
        url = self.get_full_url(request)
        return f"{url}{self.reverse_subpage('feed')}" if url else ""

    def open_articles(self) -> "ArticleQuerySet":
        """Return the articles that every visitor may read, newest first, each with its author."""
        articles = ArticlePage.objects.child_of(self).open_to_all().order_by("-first_published_at", "-pk")
        return articles.select_related("author")  # type: ignore[no-any-return]  # Wagtail has no types

    def articles(self, number: str | int = 1) -> "PaginatedPage[ArticlePage]":
        """Return page `number` of what is live and public; anything that is no page number gives the nearest page."""
        return Paginator(self.open_articles(), conf.articles_per_page()).get_page(number)


class ArticleQuerySet(PageQuerySet):
    """Queries over articles."""

    def open_to_all(self) -> "ArticleQuerySet":
        """Return articles that every visitor may read: live, and behind no view restriction."""
        return self.live().public()  # type: ignore[no-any-return]  # Wagtail has no types


class ArticlePage(Page):
    """An article: blocks of text, questions with lasting ids, and the conversation under them."""

    # Named, so that a host site may have a page model of the same name.
    page_ptr = models.OneToOneField(Page, on_delete=models.CASCADE, parent_link=True, related_name="anahata_article")
    standfirst = models.TextField(_("standfirst"), blank=True, help_text=_("One or two sentences under the title."))
    author = models.ForeignKey(
        Author, verbose_name=_("author"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    published_on = models.DateField(
        _("date"), null=True, blank=True, help_text=_("Shown under the title, if there is one.")
    )
    body = StreamField(ArticleBlocks(), verbose_name=_("text"), blank=True)
    has_open_comments = models.BooleanField(_("comments are open"), default=True)
    # Deleting an article deletes its comments; without this their rows would point at nothing.
    comments = GenericRelation("django_comments_xtd.XtdComment", object_id_field="object_pk")

    objects = PageManager.from_queryset(ArticleQuerySet)()

    template = "anahata_blog/article_page.html"
    card_template = "anahata_blog/includes/article_card.html"
    parent_page_types = ["anahata_blog.BlogIndexPage"]
    subpage_types: list[str] = []
    search_fields = [*Page.search_fields, index.SearchField("standfirst"), index.SearchField("body")]
    content_panels = [
        *Page.content_panels,
        FieldPanel("standfirst"),
        MultiFieldPanel([FieldPanel("author"), FieldPanel("published_on")], heading=_("By and on")),
        FieldPanel("body"),
    ]
    settings_panels = [*Page.settings_panels, FieldPanel("has_open_comments")]

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        is_open = self.is_open_to_all()
        parts = self.parts()
        headings = [part for part in parts if part.anchor]
        blog_index = self.get_parent().specific_deferred
        context.update(
            parts=parts,
            contents=headings if len(headings) >= LONG_ARTICLE_HEADINGS else [],
            blog_index=blog_index,
            feed_url=blog_index.feed_url(request),
            share=share(self, blog_index, request),
            conversation=conversation(self.pk, request.GET.get("comments", 1)) if is_open else None,
            takes_comments=is_open and self.has_open_comments,
        )
        return context

    def clean(self) -> None:
        super().clean()
        if self.slug == FEED_SLUG:
            raise ValidationError({"slug": _("“feed” is the address of the blog's feed. Choose another.")})

    def is_open_to_all(self) -> bool:
        """Say whether every visitor may read it; comments are neither taken nor shown elsewhere. Costs a query."""
        return bool(self.pk and self.live and not self.get_view_restrictions().exists())

    def parts(self) -> list[Part]:
        """Return the body's blocks in order, headings with an anchor that no other heading of this article has."""
        parts: list[Part] = []
        taken: set[str] = set()
        for block in self.body:
            anchor = ""
            if block.block_type == "heading":
                stem = slugify(block.value["text"], allow_unicode=True) or "part"
                anchor = stem
                number = 2
                while anchor in taken:
                    anchor, number = f"{stem}-{number}", number + 1
                taken.add(anchor)
            parts.append(Part(block=block, anchor=anchor))
        return parts

    def iter_prompts(self) -> Iterator[Prompt]:
        """Yield every question of the article in reading order, whichever of its lists it stands in."""
        position = 0
        for block in self.body:
            if block.block_type != "question_list":
                continue
            for child in block.value["questions"].bound_blocks:
                position += 1
                yield Prompt(id=child.id, text=child.value["text"], position=position)
