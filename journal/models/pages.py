"""The journal's public face: what a guide is, and how to get it. What is written in it is nowhere near."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, PageChooserPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page
from wagtail.search import index

from .. import access
from ..blocks import TEXT_FEATURES, SectionsBlock

WRITERS_SLUG = "my"  # /journal/my/ is where people write


@dataclass(frozen=True, kw_only=True)
class PromptSpec:
    """A question as it stands on a page. `id` lasts through rewording and reordering; `position` counts from 1."""

    id: str
    text: str
    position: int
    section_title: str


@dataclass(frozen=True, kw_only=True)
class SectionOutline:
    """What the public sees of a section."""

    title: str
    questions: int
    practices: int


class JournalIndexPage(Page):
    """The list of guides, and the way into one's own journal."""

    # Named, so that a host site may have a page model of the same name.
    page_ptr = models.OneToOneField(
        Page, on_delete=models.CASCADE, parent_link=True, related_name="anahata_journal_index"
    )
    introduction = RichTextField(_("introduction"), features=TEXT_FEATURES, blank=True)

    template = "anahata_journal/journal_index_page.html"
    subpage_types = ["anahata_journal.GuidePage"]
    content_panels = [*Page.content_panels, FieldPanel("introduction")]

    class Meta:
        verbose_name = _("journal")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        context["guides"] = GuidePage.objects.child_of(self).live().public()
        return context


class GuidePage(Page):
    """A guide: drafted, previewed and published here, where everyone may read what it is.

    Publishing it updates its `Guide` and `Prompt` rows, on which answers hang (`sync.sync_guide`); unpublishing or
    deleting it touches none of them.
    """

    # Named, so that a host site may have a page model of the same name.
    page_ptr = models.OneToOneField(Page, on_delete=models.CASCADE, parent_link=True, related_name="anahata_guide")
    introduction = RichTextField(_("introduction"), features=TEXT_FEATURES, blank=True)
    offer = models.ForeignKey(
        "wagtailcore.Page",
        verbose_name=_("how to get it"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("A page, such as a product, whose card is shown to those who do not have this guide."),
    )
    sections = StreamField(SectionsBlock(), verbose_name=_("sections"), blank=True)

    template = "anahata_journal/guide_page.html"
    card_template = "anahata_journal/includes/guide_card.html"
    parent_page_types = ["anahata_journal.JournalIndexPage"]
    subpage_types: list[str] = []
    # The sections are what a guide's writers get: they are in no search index.
    search_fields = [*Page.search_fields, index.SearchField("introduction")]
    content_panels = [
        *Page.content_panels,
        FieldPanel("introduction"),
        PageChooserPanel("offer"),
        FieldPanel("sections"),
    ]

    class Meta:
        verbose_name = _("guide page")
        verbose_name_plural = _("guide pages")

    def clean(self) -> None:
        super().clean()
        if self.slug == WRITERS_SLUG:
            raise ValidationError({"slug": _("“my” is the address where people write. Choose another.")})

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().serve(request, *args, **kwargs)
        if _has_session(request):
            patch_cache_control(response, private=True)
        return response

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        # Reading the user makes a response vary by cookie; without a session there is nobody to read.
        is_writer = _has_session(request) and access.may_write(request.user, self.translation_key)
        context.update(is_writer=is_writer, offer=None if is_writer else self.live_offer(), outline=self.outline())
        return context

    def live_offer(self) -> Page | None:
        """Return the page that says how to get this guide, as its own type, if it is published."""
        return self.offer.specific if self.offer and self.offer.live else None

    def outline(self) -> list[SectionOutline]:
        """Return each section's title and how many questions and practices it has."""
        return [
            SectionOutline(
                title=section.value["title"],
                questions=sum(item.block_type == "prompt" for item in section.value["items"]),
                practices=sum(item.block_type == "practice" for item in section.value["items"]),
            )
            for section in self.sections
        ]

    def iter_prompts(self) -> Iterator[PromptSpec]:
        """Yield every question in reading order."""
        position = 0
        for section in self.sections:
            for item in section.value["items"]:
                if item.block_type == "prompt":
                    position += 1
                    yield PromptSpec(
                        id=str(item.id),
                        text=item.value["text"],
                        position=position,
                        section_title=section.value["title"],
                    )


def _has_session(request: HttpRequest) -> bool:
    return settings.SESSION_COOKIE_NAME in request.COOKIES
