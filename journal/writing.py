"""Save what is typed, and never lay it over words that its writer has not seen.

Each page load of the editor is a writer with a name of its own, counting what it sends. A text is written when its
writer was the last to write and knows all that others wrote before (`base` ≥ `writer_since`), or when it is based on
the newest revision; it is passed over when the same writer has sent a newer one. In any other case both texts are kept.

The first condition is what a bare If-Match lacks: a reply that got lost on the way is no conflict with oneself.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from . import access, conf
from .crypto import Vault
from .keyring import locked_profile_for, vault_of
from .models import Answer, AnswerVersion, JournalProfile, Prompt
from .tickets import Ticket

TEXT_LIMIT = 60_000  # bytes in UTF-8: what a browser still sends while its page is being closed is 64 KiB at most
FIRST_PASS = 1


class TooLong(Exception):
    """Raised when a text is longer than `TEXT_LIMIT`; nothing was saved."""


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A text as it came in: based on revision `base`, the `seq`-th that the page load `writer` sent."""

    text: str = field(repr=False)
    base: int
    writer: str
    seq: int


@dataclass(frozen=True, kw_only=True)
class Saved:
    """The text, or a newer one of the same writer, is in the answer. `saved_at` is None while nothing was written."""

    revision: int
    saved_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class KeptBoth:
    """The answer has words that the writer did not see: they stay, and the text was kept beside them."""

    revision: int
    saved_at: datetime | None
    current: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class AccessEnded:
    """The writer may not write here any more. The answer stays as it was, and the text was kept beside it."""


Outcome = Saved | KeptBoth | AccessEnded


@sensitive_variables()
def write(user: Any, prompt: Prompt, ticket: Ticket, draft: Draft) -> Outcome:
    """Save `draft` as the user's words on `prompt`, in one transaction; the same draft twice has one effect.

    The caller has made sure that `ticket` is theirs.
    Raises `TooLong`, and a `JournalCryptoError` when the journal does not open; then nothing was saved.
    """
    if len(draft.text.encode("utf-8", "replace")) > TEXT_LIMIT:
        raise TooLong
    is_writer = access.may_write(user, prompt.guide_id)
    with transaction.atomic():
        profile = locked_profile_for(user)
        vault = vault_of(profile)
        answer = _answer(profile, prompt, ticket)
        current = answer.text(vault)
        if draft.text == current and answer.revision == 0:
            return Saved(revision=0, saved_at=None)
        if not is_writer:
            if draft.text != current:
                _keep_aside(answer, AnswerVersion.Reason.ACCESS_ENDED, draft, vault)
            return AccessEnded()
        if answer.writer == draft.writer and draft.base >= answer.writer_since:
            if draft.seq <= answer.writer_seq:
                return Saved(revision=answer.revision, saved_at=answer.saved_at)
        elif draft.base == answer.revision or answer.revision == 0:
            answer.writer, answer.writer_since = draft.writer, answer.revision
        elif draft.text == current:
            return Saved(revision=answer.revision, saved_at=answer.saved_at)
        else:
            _keep_aside(answer, AnswerVersion.Reason.CONFLICT, draft, vault)
            return KeptBoth(revision=answer.revision, saved_at=answer.saved_at, current=current)
        _save(answer, draft, current, vault)
        return Saved(revision=answer.revision, saved_at=answer.saved_at)


def _answer(profile: JournalProfile, prompt: Prompt, ticket: Ticket) -> Answer:
    found: Answer | None = Answer.objects.filter(profile=profile, prompt=prompt, pass_no=FIRST_PASS).first()
    return found or Answer(profile=profile, prompt=prompt, wording_id=ticket.wording_uuid, pass_no=FIRST_PASS)


@sensitive_variables()
def _save(answer: Answer, draft: Draft, current: str, vault: Vault) -> None:
    """Put the draft into the answer; a text that is there already only moves the writer's count."""
    answer.writer_seq = draft.seq
    if draft.text != current:
        begins_sitting = answer.revision == answer.writer_since or _has_rested(answer)
        if begins_sitting or 3 * len(draft.text) < 2 * len(current):
            _keep_version(answer, current, vault)
        answer.put(vault, draft.text)
        answer.revision += 1
        answer.saved_at = timezone.now()
    answer.save()


def _has_rested(answer: Answer) -> bool:
    rested = timezone.now() - (answer.saved_at or timezone.now())
    return rested > timedelta(minutes=conf.sitting_minutes())


@sensitive_variables()
def _keep_version(answer: Answer, current: str, vault: Vault) -> None:
    if not current:
        return
    version = AnswerVersion(answer=answer, revision=answer.revision, reason=AnswerVersion.Reason.SITTING)
    version.put(vault, current)
    version.save()
    earlier = answer.versions.filter(reason=AnswerVersion.Reason.SITTING).order_by("-created_at", "-revision")
    outdated = list(earlier.values_list("pk", flat=True)[conf.kept_versions() :])
    if outdated:
        answer.versions.filter(pk__in=outdated).delete()


@sensitive_variables()
def _keep_aside(answer: Answer, reason: AnswerVersion.Reason, draft: Draft, vault: Vault) -> None:
    """Keep the draft as a copy: one for each writer, holding the newest of what that writer sent."""
    if answer.revision == 0 and not answer.body:
        answer.put(vault, "")
        answer.save()
    copies = list(answer.versions.filter(reason=reason))
    own = next((copy for copy in copies if copy.writer == draft.writer), None)
    if own is None:
        if any(copy.text(vault) == draft.text for copy in copies):
            return
        own = AnswerVersion(answer=answer, reason=reason, writer=draft.writer)
    elif draft.seq <= own.writer_seq:
        return
    own.revision, own.writer_seq = draft.base, draft.seq
    own.put(vault, draft.text)
    own.save()
