"""Gather what a writer's pages show: guides, questions and where words are. Texts are opened only for the editor."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from wagtail.models import Page

from . import access
from .keyring import profile_of, vault_of
from .models import Answer, AnswerVersion, Guide, GuidePage, JournalIndexPage, Prompt
from .writing import FIRST_PASS


@dataclass(frozen=True, kw_only=True)
class ShelfGuide:
    """A guide in someone's journal: theirs to write in, or only to read. `latest` is what they wrote on last."""

    guide: Guide
    is_writer: bool
    latest: Prompt | None


@dataclass(frozen=True, kw_only=True)
class Item:
    """A step of a section: a question, or else a block that draws itself."""

    prompt: Prompt | None = None
    block: Any = None
    has_words: bool = False


@dataclass(frozen=True, kw_only=True)
class Section:
    """A section as its writer walks it."""

    title: str
    opening: Any = ""
    closing: Any = ""
    items: list[Item] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class KeptCopy:
    """Words that are in no answer: another page's, or what was typed as access ended."""

    title: str
    text: str = field(repr=False)
    kept_at: datetime


@dataclass(frozen=True, kw_only=True)
class OpenAnswer:
    """Someone's words on a question. `wording` is the question as it was then, if it reads differently today."""

    text: str = field(default="", repr=False)
    revision: int = 0
    saved_at: datetime | None = None
    wording: str = ""
    copies: list[KeptCopy] = field(default_factory=list)  # without those that became the answer


def shelf(user: Any) -> list[ShelfGuide]:
    """Return the guides that `user` may write in or has words in; the policy is asked once for each guide there is."""
    latest: dict[UUID, Prompt] = {}
    answers = Answer.objects.of(user.pk).with_words().select_related("prompt").order_by("-saved_at")
    for answer in answers.defer("body"):
        latest.setdefault(answer.prompt.guide_id, answer.prompt)
    found = (
        ShelfGuide(guide=guide, is_writer=access.may_write(user, guide.pk), latest=latest.get(guide.pk))
        for guide in Guide.objects.all()
    )
    return [entry for entry in found if entry.is_writer or entry.latest]


def answered(user: Any, guide: Guide) -> set[UUID]:
    """Return the ids of the guide's questions that `user` has words on."""
    answers = Answer.objects.of(user.pk).filter(prompt__guide=guide).with_words()
    return set(answers.values_list("prompt_id", flat=True))


def sections_for(guide: Guide, written: set[UUID]) -> list[Section]:
    """Return the guide as its writers walk it, `written` being the questions they have words on.

    The openings come from its page; when that is gone or not published the questions stay, and their order.
    """
    prompts = {prompt.block_id: prompt for prompt in guide.prompts.asked()}
    page = GuidePage.objects.live().filter(translation_key=guide.pk, locale__language_code=guide.language_code).first()
    if page is None:
        return _sections_without_page(list(prompts.values()), written)
    sections = []
    for block in page.sections:
        items = []
        for step in block.value["items"]:
            prompt = prompts.get(str(step.id)) if step.block_type == "prompt" else None
            if prompt is not None:
                items.append(Item(prompt=prompt, has_words=prompt.pk in written))
            elif step.block_type != "prompt":
                items.append(Item(block=step))
        value = block.value
        sections.append(Section(title=value["title"], opening=value["opening"], closing=value["closing"], items=items))
    return sections


def _sections_without_page(prompts: list[Prompt], written: set[UUID]) -> list[Section]:
    by_title: dict[str, Section] = {}
    for prompt in prompts:
        section = by_title.setdefault(prompt.section_title, Section(title=prompt.section_title))
        section.items.append(Item(prompt=prompt, has_words=prompt.pk in written))
    return list(by_title.values())


def earlier_prompts(guide: Guide, written: set[UUID]) -> list[Prompt]:
    """Return questions that the guide does not ask any more but that have words."""
    return list(guide.prompts.exclude(retired_at=None).filter(pk__in=written))


@sensitive_variables()
def open_answer(user: Any, prompt: Prompt) -> OpenAnswer | None:
    """Return the user's words on `prompt`, or None where there are none.

    Raises a `JournalCryptoError` when the journal does not open.
    """
    profile = profile_of(user)
    if profile is None:
        return None
    answer = Answer.objects.filter(profile=profile, prompt=prompt, pass_no=FIRST_PASS).select_related("wording").first()
    if answer is None:
        return None
    vault = vault_of(profile)
    text = answer.text(vault)
    titles = {
        AnswerVersion.Reason.CONFLICT: _("Written elsewhere at the same time"),
        AnswerVersion.Reason.ACCESS_ENDED: _("Written as access ended"),
    }
    copies = [
        KeptCopy(title=titles[AnswerVersion.Reason(version.reason)], text=words, kept_at=version.created_at)
        for version in answer.versions.filter(reason__in=AnswerVersion.ASIDE)
        if (words := version.text(vault)) != text
    ]
    return OpenAnswer(
        text=text,
        revision=answer.revision,
        saved_at=answer.saved_at,
        wording=answer.wording.text if answer.wording_id != prompt.wording_uuid else "",
        copies=copies,
    )


def public_face(guide_key: UUID) -> Page | None:
    """Return the page where everyone may read what the guide is, or else the list of guides; None where neither is public."""
    guide_page = GuidePage.objects.live().public().filter(translation_key=guide_key).first()
    return guide_page or JournalIndexPage.objects.live().public().first()
