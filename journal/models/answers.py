"""What a writer keeps. Every text here is sealed; none of these models may ever appear in an admin."""

from typing import Any, ClassVar
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models.functions import Length
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables

from ..crypto import OVERHEAD_BYTES, Place, Vault
from .guides import Prompt, PromptWording


class Keyring(models.Model):
    """A writer's wrapped key. It knows the writer by `subject` only, so that it can live in a database of its own."""

    subject = models.UUIDField(primary_key=True, editable=False)
    wrapped_key = models.BinaryField()  # empty once destroyed
    master_key_id = models.CharField(max_length=64)
    destroyed_at = models.DateTimeField(null=True, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        default_permissions = ()  # no screen of an admin shows or changes it, so there is nothing to permit
        verbose_name = _("key ring")
        verbose_name_plural = _("key rings")


class JournalProfile(models.Model):
    """A user as a writer. Deleting the user is refused while it exists: `erasure.erase` goes first."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    subject = models.UUIDField(unique=True, editable=False, default=uuid4)
    created_at = models.DateTimeField(auto_now_add=True)

    wagtail_reference_index_ignore = True

    class Meta:
        default_permissions = ()
        verbose_name = _("journal")
        verbose_name_plural = _("journals")


class AnswerQuerySet(models.QuerySet["Answer"]):
    """Queries over answers; none opens a text."""

    def of(self, user_id: int) -> "AnswerQuerySet":
        return self.filter(profile__user_id=user_id)

    def with_words(self) -> "AnswerQuerySet":
        """Return answers that hold at least one letter, be it in a copy kept aside."""
        aside = AnswerVersion.objects.filter(answer=models.OuterRef("pk"), reason__in=AnswerVersion.ASIDE)
        return self.alias(sealed_bytes=Length("body")).filter(
            models.Q(sealed_bytes__gt=OVERHEAD_BYTES) | models.Exists(aside)
        )


class Answer(models.Model):
    """A writer's words on one question in one pass through the guide.

    `writer` is the page load that wrote last, since revision `writer_since`, up to its own count `writer_seq`;
    `writing.write` has the rule. Revision 0 means that nothing was ever saved here but copies kept aside.
    """

    uuid = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    profile = models.ForeignKey(JournalProfile, on_delete=models.CASCADE, related_name="answers")
    prompt = models.ForeignKey(Prompt, on_delete=models.PROTECT, related_name="answers")
    wording = models.ForeignKey(PromptWording, on_delete=models.PROTECT, related_name="+")
    pass_no = models.PositiveSmallIntegerField(default=1)
    body = models.BinaryField()
    revision = models.PositiveIntegerField(default=0)
    writer = models.CharField(max_length=36, blank=True)
    writer_since = models.PositiveIntegerField(default=0)
    writer_seq = models.PositiveBigIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    saved_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[Any] = AnswerQuerySet.as_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        default_permissions = ()
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        constraints = [
            models.UniqueConstraint(fields=["profile", "prompt", "pass_no"], name="anahata_journal_answer_one_a_pass"),
        ]

    @property
    def place(self) -> Place:
        return Place(model="answer", uuid=self.uuid)

    @sensitive_variables()
    def text(self, vault: Vault) -> str:
        """Return the words, empty for an answer that is not written yet; raises `crypto.BrokenSeal`."""
        return vault.open(self.body, self.place) if self.body else ""

    @sensitive_variables()
    def put(self, vault: Vault, text: str) -> None:
        """Seal `text` into the row, which the caller saves."""
        self.body = vault.seal(text, self.place)


class AnswerVersion(models.Model):
    """Words of an answer as they were, or as they came in beside newer ones."""

    class Reason(models.TextChoices):
        SITTING = "sitting", _("before a sitting")
        CONFLICT = "conflict", _("written elsewhere at the same time")
        BEFORE_RESTORE = "before_restore", _("before an earlier text came back")
        ACCESS_ENDED = "access_ended", _("written as access ended")

    # Words that are in no answer's body: shown, exported, never pruned.
    ASIDE = (Reason.CONFLICT, Reason.ACCESS_ENDED)

    uuid = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    answer = models.ForeignKey(Answer, on_delete=models.CASCADE, related_name="versions")
    revision = models.PositiveIntegerField()
    body = models.BinaryField()
    reason = models.CharField(max_length=16, choices=Reason)
    writer = models.CharField(max_length=36, blank=True)
    writer_seq = models.PositiveBigIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    wagtail_reference_index_ignore = True

    class Meta:
        default_permissions = ()
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        ordering = ["created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["answer", "writer", "reason"],
                condition=models.Q(reason__in=["conflict", "access_ended"]),
                name="anahata_journal_answerversion_one_aside_a_writer",
            ),
        ]

    @property
    def place(self) -> Place:
        return Place(model="answerversion", uuid=self.uuid)

    @sensitive_variables()
    def text(self, vault: Vault) -> str:
        """Return the words; raises `crypto.BrokenSeal`."""
        return vault.open(self.body, self.place)

    @sensitive_variables()
    def put(self, vault: Vault, text: str) -> None:
        """Seal `text` into the row, which the caller saves."""
        self.body = vault.seal(text, self.place)


PRIVATE_MODELS: tuple[type[models.Model], ...] = (Answer, AnswerVersion, JournalProfile, Keyring)
