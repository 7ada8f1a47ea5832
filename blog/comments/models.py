"""What the app knows about a comment beyond its text: whether it waits, why, and since when it is public."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_comments_xtd.models import XtdComment


class State(models.TextChoices):
    """Where a comment stands. Only an approved one can be public, and only once it has been published."""

    HELD = "held", _("Held")
    APPROVED = "approved", _("Approved")
    REJECTED = "rejected", _("Rejected")
    SPAM = "spam", _("Spam")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class HoldReason(models.TextChoices):
    """What a moderator should look at. Every comment is held; these say what stood out."""

    HONEYPOT = "honeypot", _("A field was filled that people do not see")
    LINKS = "links", _("Several links")
    REPEATED = "repeated", _("The same words were posted before")


class CommentMetaQuerySet(models.QuerySet["CommentMeta"]):
    """Queries over comments by where they stand."""

    def published(self) -> "CommentMetaQuerySet":
        """Return what the public may read: approved, and published at a moment that has come."""
        return self.filter(state=State.APPROVED, published_at__lte=timezone.now())

    def due(self) -> "CommentMetaQuerySet":
        """Return approved comments whose moment has come and that are not published yet."""
        return self.filter(state=State.APPROVED, publish_at__lte=timezone.now(), published_at__isnull=True)


class CommentMeta(models.Model):
    """One row beside each stored comment; a comment without one is shown to nobody.

    `published_at` alone makes a comment public, whatever the stored comment's own `is_public` says.
    """

    State = State
    HoldReason = HoldReason

    comment = models.OneToOneField(XtdComment, verbose_name=_("comment"), on_delete=models.CASCADE, related_name="meta")
    article = models.ForeignKey(
        "anahata_blog.ArticlePage", verbose_name=_("article"), on_delete=models.CASCADE, related_name="comment_metas"
    )
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.HELD)
    hold_reasons = models.JSONField(_("reasons"), default=list, blank=True)
    publish_at = models.DateTimeField(_("to be published"), null=True, blank=True)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    edited_at = models.DateTimeField(_("edited"), null=True, blank=True)
    idempotency_key = models.UUIDField(_("idempotency key"), unique=True, default=uuid.uuid4, editable=False)

    objects: ClassVar[CommentMetaQuerySet] = CommentMetaQuerySet.as_manager()  # type: ignore[assignment]  # a manager, with the queryset's methods

    # Its references would put a commenter's name on a page's usage list, and cost queries at each save.
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        default_permissions = ()
        permissions = [("moderate_comments", "Can moderate comments")]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="anahata_blog_commentmeta_known_state"),
            models.CheckConstraint(
                condition=Q(published_at__isnull=True) | Q(state=State.APPROVED),
                name="anahata_blog_commentmeta_published_is_approved",
            ),
            models.CheckConstraint(
                condition=Q(publish_at__isnull=True) | Q(state=State.APPROVED),
                name="anahata_blog_commentmeta_due_is_approved",
            ),
            models.CheckConstraint(
                condition=Q(published_at__isnull=True) | Q(publish_at__isnull=False, published_at__gte=F("publish_at")),
                name="anahata_blog_commentmeta_published_was_due",
            ),
        ]
        indexes = [
            models.Index(fields=["article", "published_at"], name="anahata_blog_comment_article"),
            models.Index(fields=["state", "-comment"], name="anahata_blog_comment_queue"),
            models.Index(
                fields=["publish_at"],
                condition=Q(publish_at__isnull=False, published_at__isnull=True),
                name="anahata_blog_comment_due",
            ),
        ]

    def __str__(self) -> str:
        # Never the text or the name: this is what logs and the audit trail keep.
        return f"Comment {self.comment_id}"

    @property
    def is_published(self) -> bool:
        return self.state == State.APPROVED and self.published_at is not None and self.published_at <= timezone.now()

    @property
    def reasons(self) -> list[str]:
        """Return the reasons in words; one that is no longer known is left out."""
        return [str(HoldReason(code).label) for code in self.hold_reasons if code in HoldReason.values]
