"""What a guide is made of: sections, and in them questions, practices, quotes and places to rest."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

TEXT_FEATURES = ["bold", "italic", "ol", "ul", "link"]


class PromptBlock(blocks.StructBlock):
    """A question to write on; the block's own id is the question's, whatever happens to its words."""

    text = blocks.TextBlock(label=_("question"), rows=2)

    class Meta:
        icon = "help"
        label = _("Question")


class PracticeBlock(blocks.StructBlock):
    """Something to do, with or without writing."""

    title = blocks.CharBlock(label=_("title"), max_length=120)
    text = blocks.RichTextBlock(label=_("text"), features=TEXT_FEATURES)

    class Meta:
        icon = "list-ol"
        label = _("Practice")
        template = "anahata_journal/blocks/practice.html"


class PullQuoteBlock(blocks.StructBlock):
    """A sentence to stay with."""

    text = blocks.TextBlock(label=_("sentence"), rows=2)

    class Meta:
        icon = "openquote"
        label = _("Quote")
        template = "anahata_journal/blocks/pull_quote.html"


class RestBlock(blocks.StructBlock):
    """A place to stop and breathe."""

    text = blocks.TextBlock(label=_("text"), rows=2)

    class Meta:
        icon = "pause"
        label = _("Rest")
        template = "anahata_journal/blocks/rest.html"


class ItemsBlock(blocks.StreamBlock):
    """The middle of a section, in the order it is walked."""

    prompt = PromptBlock()
    practice = PracticeBlock()
    pull_quote = PullQuoteBlock()
    rest = RestBlock()


class SectionBlock(blocks.StructBlock):
    """A part of a guide that fits one evening."""

    title = blocks.CharBlock(label=_("title"), max_length=120)
    opening = blocks.RichTextBlock(label=_("opening"), features=TEXT_FEATURES, required=False)
    items = ItemsBlock(label=_("questions and practices"), required=False)
    closing = blocks.RichTextBlock(label=_("closing"), features=TEXT_FEATURES, required=False)

    class Meta:
        icon = "folder-open-inverse"
        label = _("Section")


class SectionsBlock(blocks.StreamBlock):
    """A guide."""

    section = SectionBlock()
