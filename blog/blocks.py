"""What an article is made of. Custom blocks subclass Struct-, Stream- and ListBlock only: migrations then name none of them."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.images.blocks import ImageBlock

SENTENCE_FEATURES = ["bold", "italic", "link"]


class HeadingBlock(blocks.StructBlock):
    text = blocks.CharBlock(label=_("Heading"), max_length=160)

    class Meta:
        icon = "title"
        label = _("Heading")
        description = _("Opens a part of the article; long articles list their headings at the top.")
        label_format = "{text}"
        template = "anahata_blog/blocks/heading.html"
        preview_value = {"text": "Why trust takes time"}


class BulletsBlock(blocks.StructBlock):
    """Sentences, each of which may hold links, to products for instance."""

    sentences = blocks.ListBlock(
        blocks.RichTextBlock(features=SENTENCE_FEATURES, label=_("Sentence")), label=_("Sentences")
    )

    class Meta:
        icon = "list-ul"
        label = _("Bullets")
        description = _("A list without an order. A sentence may link to a page in its middle.")
        template = "anahata_blog/blocks/bullets.html"
        preview_value = {"sentences": ["<p>A walk before breakfast</p>", "<p>A letter that is never posted</p>"]}


class PullQuoteBlock(blocks.StructBlock):
    text = blocks.TextBlock(label=_("Sentence"), rows=2)

    class Meta:
        icon = "openquote"
        label = _("Pull quote")
        description = _("One sentence of the article that stands by itself.")
        label_format = "{text}"
        template = "anahata_blog/blocks/pull_quote.html"
        preview_value = {"text": "Slow is a pace, too."}


class CalloutBlock(blocks.StructBlock):
    label = blocks.CharBlock(
        label=_("Opening words"), max_length=60, help_text=_("Without a colon: In essence, Remember.")
    )
    text = blocks.RichTextBlock(label=_("Text"), features=SENTENCE_FEATURES)

    class Meta:
        icon = "info-circle"
        label = _("Callout")
        description = _("A remark that is worth keeping, opened by a word or two.")
        label_format = "{label}"
        template = "anahata_blog/blocks/callout.html"
        preview_value = {"label": "Remember", "text": "<p>Small steps count.</p>"}


class QuestionBlock(blocks.StructBlock):
    text = blocks.TextBlock(label=_("Question"), rows=2)

    class Meta:
        icon = "help"
        label = _("Question")
        label_format = "{text}"


class QuestionListBlock(blocks.StructBlock):
    """Numbered questions. The id of each list item is the question's id, and lasts."""

    guide = blocks.PageChooserBlock(
        label=_("Guide"), required=False, help_text=_("A page where these questions can be answered, if there is one.")
    )
    questions = blocks.ListBlock(QuestionBlock(), label=_("Questions"))

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(value, parent_context=parent_context)
        guide = value["guide"]
        context["guide_page"] = guide if guide is not None and guide.live else None
        context["questions"] = [
            {"id": child.id, "text": child.value["text"]} for child in value["questions"].bound_blocks
        ]
        return context

    class Meta:
        icon = "list-ol"
        label = _("Questions")
        description = _("Numbered questions to reflect on. Rewording or reordering one keeps its identity.")
        template = "anahata_blog/blocks/question_list.html"


class PracticeStepBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("Title"), max_length=160)
    text = blocks.RichTextBlock(label=_("Text"), features=SENTENCE_FEATURES)

    class Meta:
        icon = "pick"
        label = _("Step")
        label_format = "{title}"


class PracticeStepsBlock(blocks.StructBlock):
    steps = blocks.ListBlock(PracticeStepBlock(), label=_("Steps"))

    class Meta:
        icon = "tasks"
        label = _("Practice steps")
        description = _("Numbered practices, each with a title and a short text.")
        template = "anahata_blog/blocks/practice_steps.html"
        preview_value = {"steps": [{"title": "Breathe out", "text": "<p>Longer than you breathed in.</p>"}]}


class PageCardBlock(blocks.StructBlock):
    """Another page as a card. The page names the template of its card; one that names none is shown as a link."""

    page = blocks.PageChooserBlock(label=_("Page"))

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(value, parent_context=parent_context)
        page = value["page"]
        context["card"] = page.specific if page is not None and page.live else None
        return context

    class Meta:
        icon = "doc-full-inverse"
        label = _("Page card")
        description = _("Shows a page of this site, a product for instance, as a card.")
        template = "anahata_blog/blocks/page_card.html"


class PictureBlock(blocks.StructBlock):
    image = ImageBlock(label=_("Image"))
    caption = blocks.CharBlock(label=_("Caption"), required=False, max_length=250)

    class Meta:
        icon = "image"
        label = _("Image")
        description = _("A picture in the text, with a caption if it needs one.")
        label_format = "{caption}"
        template = "anahata_blog/blocks/image.html"


class ArticleBlocks(blocks.StreamBlock):
    """The blocks of an article's body."""

    heading = HeadingBlock()
    paragraph = blocks.RichTextBlock(
        features=SENTENCE_FEATURES,
        icon="pilcrow",
        label=_("Paragraph"),
        description=_("Running text, with links to pages of this site or elsewhere."),
    )
    bullets = BulletsBlock()
    pull_quote = PullQuoteBlock()
    callout = CalloutBlock()
    question_list = QuestionListBlock()
    practice_steps = PracticeStepsBlock()
    page_card = PageCardBlock()
    image = PictureBlock()
