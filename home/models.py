"""Pages of the site that no app owns: the front page and plain text pages."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Page


class HomePage(Page):
    """The front page: one sentence, one article, and the two offers lower down."""

    intro = models.CharField(_("sentence"), max_length=160, blank=True)
    lead = models.ForeignKey(
        "wagtailcore.Page", verbose_name=_("page to read first"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    template = "anahata_home/home_page.html"
    max_count = 1
    parent_page_types = ["wagtailcore.Page"]
    content_panels = [*Page.content_panels, FieldPanel("intro"), FieldPanel("lead")]


class StandardPage(Page):
    """A page of text, such as About or Terms."""

    body = RichTextField(_("text"), features=["h2", "h3", "bold", "italic", "ol", "ul", "hr", "link"])
    is_sample = models.BooleanField(
        _("sample text"), default=False, help_text=_("Marked on the page as a sample; live selling is refused while a policy is one.")
    )

    template = "anahata_home/standard_page.html"
    parent_page_types = ["anahata_home.HomePage", "anahata_home.StandardPage"]
    content_panels = [*Page.content_panels, FieldPanel("body"), FieldPanel("is_sample")]
