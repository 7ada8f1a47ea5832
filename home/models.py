"""Pages of the site that no app owns: the front page and plain text pages."""

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, MultipleChooserPanel
from wagtail.fields import RichTextField
from wagtail.models import Orderable, Page


class HomePage(Page):
    """The front page: one sentence, one article, and the two offers lower down."""

    intro = models.CharField(_("sentence"), max_length=160, blank=True)
    lead = models.ForeignKey(
        "wagtailcore.Page",
        verbose_name=_("page to read first"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    template = "anahata_home/home_page.html"
    max_count = 1
    parent_page_types = ["wagtailcore.Page"]
    content_panels = [
        *Page.content_panels,
        FieldPanel("intro"),
        FieldPanel("lead"),
        MultipleChooserPanel("offers", chooser_field_name="page"),
    ]

    class Meta:
        verbose_name = _("front page")
        verbose_name_plural = _("front pages")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add `lead` and `offers`: live, public pages only, in the editor's order; an offer names its own card template."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        offered = [offer.page_id for offer in self.offers.all()]
        shown = {
            page.pk: page for page in Page.objects.live().public().filter(pk__in=[*offered, self.lead_id]).specific()
        }
        context["lead"] = shown.get(self.lead_id)
        context["offers"] = [shown[pk] for pk in offered if hasattr(shown.get(pk), "card_template")]
        return context


class HomePageOffer(Orderable):
    """A page that the front page shows as a card."""

    home = ParentalKey(HomePage, on_delete=models.CASCADE, related_name="offers")
    page = models.ForeignKey("wagtailcore.Page", verbose_name=_("page"), on_delete=models.CASCADE, related_name="+")

    panels = [FieldPanel("page")]

    class Meta(Orderable.Meta):
        verbose_name = _("offer")
        verbose_name_plural = _("offers")


class StandardPage(Page):
    """A page of text, such as About or Terms."""

    body = RichTextField(_("text"), features=["h2", "h3", "bold", "italic", "ol", "ul", "hr", "link"])
    is_sample = models.BooleanField(
        _("sample text"),
        default=False,
        help_text=_("Said on the page, until the owner has written the true one."),
    )

    template = "anahata_home/standard_page.html"
    parent_page_types = ["anahata_home.HomePage", "anahata_home.StandardPage"]
    content_panels = [*Page.content_panels, FieldPanel("body"), FieldPanel("is_sample")]

    class Meta:
        verbose_name = _("text page")
        verbose_name_plural = _("text pages")
