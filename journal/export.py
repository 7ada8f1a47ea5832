"""Take everything out, as Markdown."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db.models import F, Prefetch
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from .crypto import BrokenSeal, Vault
from .keyring import profile_of, vault_of
from .models import Answer, AnswerVersion, JournalProfile

AT_A_TIME = 100


@sensitive_variables()
def markdown(user: Any) -> Iterator[str]:
    """Yield the user's journal piece by piece: each question in the words it was read in, the dates, the answer.

    Copies that were kept aside are in it. Nothing depends on access, or on a page being there. An answer that does not
    open is said to be so, and the rest follows. Raises a `JournalCryptoError` before the first piece when none opens.
    """
    profile = profile_of(user)
    vault = vault_of(profile) if profile else None
    return _pieces(profile, vault)


@sensitive_variables()
def _pieces(profile: JournalProfile | None, vault: Vault | None) -> Iterator[str]:
    yield f"# {_('My journal')}\n\n{_('Taken out on %(day)s.') % {'day': _day(timezone.now())}}\n"
    if profile is None or vault is None:
        return
    for guide, of_guide in groupby(_answers(profile), key=lambda answer: answer.prompt.guide):
        yield f"\n## {guide.title}\n"
        for section, of_section in groupby(of_guide, key=_section):
            if section:
                yield f"\n### {section}\n"
            for answer in of_section:
                yield _entry(answer, vault)


def _answers(profile: JournalProfile) -> Iterable[Answer]:
    aside = AnswerVersion.objects.filter(reason__in=AnswerVersion.ASIDE)
    answers: Iterable[Answer] = (
        Answer.objects.of(profile.user_id)
        .with_words()
        .select_related("prompt__guide", "wording")
        .prefetch_related(Prefetch("versions", queryset=aside))
        .order_by(
            "prompt__guide__title",
            "prompt__guide",
            F("prompt__retired_at").asc(nulls_first=True),
            "prompt__position",
            "pass_no",
        )
        .iterator(chunk_size=AT_A_TIME)
    )
    return answers


def _section(answer: Answer) -> str:
    return str(_("Earlier questions")) if answer.prompt.retired_at else answer.prompt.section_title


@sensitive_variables()
def _entry(answer: Answer, vault: Vault) -> str:
    parts = [f"\n#### {answer.wording.text}\n"]
    if answer.wording_id != answer.prompt.wording_uuid and not answer.prompt.retired_at:
        parts.append(_("Today this question reads: %(question)s") % {"question": answer.prompt.text} + "\n")
    if answer.saved_at:
        days = {"begun": _day(answer.created_at), "changed": _day(answer.saved_at)}
        parts.append("*" + _("Begun on %(begun)s, last changed on %(changed)s") % days + "*\n")
        parts.append(_opened(answer, vault) + "\n")
    for version in answer.versions.all():
        days = {"day": _day(version.created_at)}
        if version.reason == AnswerVersion.Reason.CONFLICT:
            parts.append("*" + _("Written elsewhere at the same time, on %(day)s") % days + "*\n")
        else:
            parts.append("*" + _("Written as access ended, on %(day)s") % days + "*\n")
        parts.append(_opened(version, vault) + "\n")
    return "\n".join(parts)


@sensitive_variables()
def _opened(row: Answer | AnswerVersion, vault: Vault) -> str:
    try:
        return row.text(vault)
    except BrokenSeal:
        return str(_("(These words do not open: their place in the database was altered.)"))


def _day(at: datetime) -> str:
    return formats.date_format(timezone.localtime(at), "DATE_FORMAT")
