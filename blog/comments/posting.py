"""Take a comment in: stored, threaded, held. Nothing here publishes."""

import re
import uuid
from datetime import timedelta

from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, transaction
from django.utils import timezone
from django_comments_xtd.models import XtdComment

from .. import conf
from ..models import ArticlePage
from .models import CommentMeta, HoldReason

FLOOD_WINDOW = timedelta(minutes=10)
REPEAT_WINDOW = timedelta(days=30)
LINK = re.compile(r"https?://|www\.", re.IGNORECASE)


class ParentGone(Exception):
    """Raised when the comment that was answered cannot be answered: not published, of another article, or too deep."""


class TooMany(Exception):
    """Raised when one network address posted more than `conf.flood_limit()` comments within ten minutes."""


def hold_comment(
    article: ArticlePage,
    *,
    name: str,
    email: str,
    text: str,
    idempotency_key: uuid.UUID | None = None,
    parent_id: int | None = None,
    user_id: int | None = None,
    ip_address: str | None = None,
    has_filled_honeypot: bool = False,
) -> CommentMeta:
    """Store a comment that waits for a moderator, and return what is kept beside it.

    Posting the same words with the same key again returns the first one; other words with that key are a comment of
    their own. Raises ParentGone or TooMany, and stores nothing then.
    """
    key = idempotency_key or uuid.uuid4()
    if posted := CommentMeta.objects.select_related("comment").filter(idempotency_key=key).first():
        if posted.article_id == article.pk and posted.comment.comment == text:
            return posted
        key = uuid.uuid4()
    if _is_flooding(ip_address):
        raise TooMany
    reasons = _hold_reasons(text, has_filled_honeypot=has_filled_honeypot)
    try:
        with transaction.atomic():
            parent = _lock_parent(article, parent_id) if parent_id else None
            comment = XtdComment(
                content_type=ContentType.objects.get_for_model(ArticlePage),
                object_pk=str(article.pk),
                site_id=conf.site_id(),
                parent_id=parent.pk if parent else 0,
                user_id=user_id,
                user_name=name,
                user_email=email,
                comment=text,
                ip_address=ip_address,
                is_public=False,
                submit_date=timezone.now(),
            )
            comment.save()
            return CommentMeta.objects.create(
                comment=comment, article=article, hold_reasons=reasons, idempotency_key=key
            )
    except IntegrityError:
        # A double click whose two posts met: the other one is stored, this one is taken back.
        if posted := CommentMeta.objects.filter(idempotency_key=key).first():
            return posted
        raise


def _lock_parent(article: ArticlePage, parent_id: int) -> XtdComment:
    parent = (
        CommentMeta.objects.published().filter(article=article, comment_id=parent_id).select_related("comment").first()
    )
    if parent is None or parent.comment.level >= conf.deepest_reply():
        raise ParentGone
    # Two replies at the same time would be given the same place in the thread.
    XtdComment.norel_objects.select_for_update().get(pk=parent.comment.thread_id)
    return XtdComment.norel_objects.get(pk=parent_id)


def _is_flooding(ip_address: str | None) -> bool:
    if ip_address is None:
        return False
    since = timezone.now() - FLOOD_WINDOW
    return bool(
        XtdComment.norel_objects.filter(ip_address=ip_address, submit_date__gte=since).count() >= conf.flood_limit()
    )


def _hold_reasons(text: str, *, has_filled_honeypot: bool) -> list[str]:
    reasons = []
    if has_filled_honeypot:
        reasons.append(HoldReason.HONEYPOT)
    if len(LINK.findall(text)) >= conf.links_before_reason():
        reasons.append(HoldReason.LINKS)
    if XtdComment.norel_objects.filter(comment=text, submit_date__gte=timezone.now() - REPEAT_WINDOW).exists():
        reasons.append(HoldReason.REPEATED)
    return [str(reason) for reason in reasons]
