"""Guides and their questions as answers know them: rows that no editor's act deletes."""

from typing import Any, ClassVar
from uuid import UUID, uuid5

from django.db import models
from django.utils.translation import gettext_lazy as _


class Guide(models.Model):
    """A guide that was published once. Its pages come and go; the row and its prompts stay."""

    translation_key = models.UUIDField(primary_key=True, editable=False)
    title = models.CharField(_("title"), max_length=255)
    # Of the page that was published first: a translation does not reword the questions of the original.
    language_code = models.CharField(_("language"), max_length=100)

    wagtail_reference_index_ignore = True

    class Meta:
        default_permissions = ()  # no screen of an admin shows or changes it, so there is nothing to permit
        verbose_name = _("guide")
        verbose_name_plural = _("guides")
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title

    def prompt_uuid(self, block_id: str) -> UUID:
        """Return the id that the question `block_id` has in this guide, published yet or not."""
        return uuid5(self.translation_key, block_id)


class PromptQuerySet(models.QuerySet["Prompt"]):
    """Queries over questions."""

    def asked(self) -> "PromptQuerySet":
        """Return what the guide asks today."""
        return self.filter(retired_at=None)


class Prompt(models.Model):
    """A question of a guide as last published; retired, never deleted, when an editor takes it out."""

    uuid = models.UUIDField(primary_key=True, editable=False)
    guide = models.ForeignKey(Guide, verbose_name=_("guide"), on_delete=models.PROTECT, related_name="prompts")
    block_id = models.CharField(_("block"), max_length=64)
    section_title = models.CharField(_("section"), max_length=200, blank=True)
    position = models.PositiveIntegerField(_("position"))
    text = models.TextField(_("question"))
    retired_at = models.DateTimeField(_("taken out"), null=True, blank=True)

    objects: ClassVar[Any] = PromptQuerySet.as_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        default_permissions = ()
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["guide", "block_id"], name="anahata_journal_prompt_one_a_block")]

    def __str__(self) -> str:
        return self.text

    @property
    def wording_uuid(self) -> UUID:
        """The id of the wording that is shown today."""
        return uuid5(self.uuid, self.text)


class PromptWording(models.Model):
    """A question in words that it once had; added to, never changed. The same words again are the same row."""

    uuid = models.UUIDField(primary_key=True, editable=False)
    prompt = models.ForeignKey(Prompt, verbose_name=_("question"), on_delete=models.PROTECT, related_name="wordings")
    text = models.TextField(_("words"))
    created_at = models.DateTimeField(_("first published"), auto_now_add=True)

    wagtail_reference_index_ignore = True

    class Meta:
        default_permissions = ()
        verbose_name = _("wording")
        verbose_name_plural = _("wordings")

    def __str__(self) -> str:
        return self.text
