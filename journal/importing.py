"""Take questions over from another page, such as an article, so that they are the same questions in both."""

from collections.abc import Iterator
from typing import Any, Protocol
from uuid import uuid4

from wagtail.models import Page

from .models import GuidePage


class Question(Protocol):
    """A question as any page may yield it from `iter_prompts()`."""

    @property
    def id(self) -> str: ...

    @property
    def text(self) -> str: ...

    @property
    def position(self) -> int: ...


class HasNoQuestions(Exception):
    """Raised when a page does not answer `iter_prompts()`."""


def import_questions(guide: GuidePage, source: Page, section_title: str) -> int:
    """Add the questions of `source` that the guide lacks to its draft, as a last section, and return how many.

    They keep their ids; those that are in the guide already stay as its editors left them. Safe to repeat.
    Raises `HasNoQuestions`.
    """
    draft = guide.get_latest_revision_as_object()
    present = {spec.id for spec in draft.iter_prompts()}
    missing = [question for question in _questions(source) if question.id not in present]
    if missing:
        items = [{"type": "prompt", "id": question.id, "value": {"text": question.text}} for question in missing]
        section = {
            "type": "section",
            "id": str(uuid4()),
            "value": {"title": section_title, "opening": "", "items": items, "closing": ""},
        }
        block = draft.sections.stream_block
        draft.sections = block.to_python([*draft.sections.get_prep_value(), section])
        draft.save_revision()
    return len(missing)


def _questions(source: Page) -> Iterator[Question]:
    iter_prompts: Any = getattr(source.specific, "iter_prompts", None)
    if iter_prompts is None:
        raise HasNoQuestions(f"{source} has no questions to take over.")
    return iter(sorted(iter_prompts(), key=lambda question: int(question.position)))
