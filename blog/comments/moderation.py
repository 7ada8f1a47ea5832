"""What a moderator decides, and the one function that makes comments public.

Each act is one conditional UPDATE: done twice, or by two people at once, it has one effect and one line in the log.
The stored comment is never saved here; django-comments-xtd would publish or hide its replies on every save.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone
from django_comments_xtd.models import XtdComment
from wagtail.log_actions import log

from .. import conf
from .models import CommentMeta, State

LOG_ACTION = "anahata_blog.comment.{}"


def approve(comment_id: int, *, by: AbstractBaseUser) -> bool:
    """Let a comment be published in `conf.undo_seconds()`; return False if it is approved already, or withdrawn."""
    publish_at = timezone.now() + timedelta(seconds=conf.undo_seconds())
    return _decide(
        comment_id,
        State.APPROVED,
        "approve",
        by,
        before={State.HELD, State.REJECTED, State.SPAM},
        publish_at=publish_at,
    )


def reject(comment_id: int, *, by: AbstractBaseUser) -> bool:
    """Keep a comment from the page, or take it from there; return False if that is so already."""
    return _decide(comment_id, State.REJECTED, "reject", by, before={State.HELD, State.APPROVED, State.SPAM})


def mark_spam(comment_id: int, *, by: AbstractBaseUser) -> bool:
    """Keep a comment from the page as spam; return False if that is so already."""
    return _decide(comment_id, State.SPAM, "spam", by, before={State.HELD, State.APPROVED, State.REJECTED})


def undo(comment_id: int, *, by: AbstractBaseUser) -> bool:
    """Hold a comment again, whatever was decided; return False if it is held already, or withdrawn.

    Before its moment has come this means that the comment is never published; afterwards it leaves the page.
    """
    return _decide(comment_id, State.HELD, "undo", by, before={State.APPROVED, State.REJECTED, State.SPAM})


def withdraw(comment_id: int, *, by: AbstractBaseUser | None = None) -> bool:
    """Take a comment back for ever and erase who wrote it and what it said; replies to it stay. Safe to repeat."""
    with transaction.atomic():
        before = set(State) - {State.WITHDRAWN}
        is_changed = _decide(comment_id, State.WITHDRAWN, "withdraw", by, before=before, hold_reasons=[])
        XtdComment.norel_objects.filter(pk=comment_id, meta__state=State.WITHDRAWN).update(
            comment="", user_name="", user_email="", user_url="", ip_address=None, user=None, followup=False
        )
    return is_changed


def publish_due_comments() -> int:
    """Make public every approved comment whose moment has come, and return how many. Safe to repeat, and to race."""
    return CommentMeta.objects.due().update(published_at=timezone.now())


def _decide(
    comment_id: int,
    state: State,
    act: str,
    by: AbstractBaseUser | None,
    *,
    before: Iterable[State],
    publish_at: datetime | None = None,
    **fields: Any,
) -> bool:
    with transaction.atomic():
        changed = CommentMeta.objects.filter(comment_id=comment_id, state__in=list(before)).update(
            state=state, publish_at=publish_at, published_at=None, decided_at=timezone.now(), **fields
        )
        if changed:
            log(instance=CommentMeta.objects.get(comment_id=comment_id), action=LOG_ACTION.format(act), user=by)
    return bool(changed)
