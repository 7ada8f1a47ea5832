"""Editors reword, move, take out, copy and delete: the rows that answers hang on stay."""

from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from wagtail.models import Locale, Page, PageViewRestriction

from journal.importing import HasNoQuestions, import_questions
from journal.models import Guide, GuidePage, JournalIndexPage, Prompt, PromptWording
from journal.sync import sync_guide

from .conftest import publish, section

MakeGuide = Callable[..., GuidePage]


def asked(page: GuidePage) -> list[tuple[str, str, str, int]]:
    prompts = Prompt.objects.filter(guide_id=page.translation_key).asked()
    return [(prompt.block_id, prompt.text, prompt.section_title, prompt.position) for prompt in prompts]


def test_publishing_makes_the_guide_and_its_questions(guide: GuidePage) -> None:
    row = Guide.objects.get()

    assert (row.pk, row.title) == (guide.translation_key, "Somewhere steady")
    assert asked(guide) == [
        ("q-1", "What helps?", "A first section", 1),
        ("q-2", "What is in the way?", "A first section", 2),
    ]


def test_a_draft_changes_no_row(guide: GuidePage) -> None:
    guide.sections = guide.sections.stream_block.to_python([section("Draft", [("q-9", "Not yet?")])])
    guide.save_revision()

    assert [row[0] for row in asked(guide)] == ["q-1", "q-2"]


def test_publishing_again_makes_nothing_twice(guide: GuidePage) -> None:
    before = set(Prompt.objects.values_list("pk", flat=True))

    sync_guide(guide)

    assert set(Prompt.objects.values_list("pk", flat=True)) == before
    assert PromptWording.objects.count() == 2


def test_a_reworded_question_stays_itself_and_keeps_its_earlier_words(guide: GuidePage, prompt: Prompt) -> None:
    publish(guide, section("A first section", [("q-1", "What steadies you?"), ("q-2", "What is in the way?")]))

    prompt.refresh_from_db()

    assert prompt.text == "What steadies you?"
    assert {wording.text for wording in prompt.wordings.all()} == {"What helps?", "What steadies you?"}


def test_words_that_come_back_are_the_same_wording(guide: GuidePage, prompt: Prompt) -> None:
    first = prompt.wording_uuid
    publish(guide, section("A first section", [("q-1", "What steadies you?")]))

    publish(guide, section("A first section", [("q-1", "What helps?")]))

    prompt.refresh_from_db()
    assert prompt.wording_uuid == first
    assert prompt.wordings.count() == 2


def test_moved_questions_only_change_place(guide: GuidePage) -> None:
    before = set(Prompt.objects.values_list("pk", flat=True))

    publish(guide, section("One", [("q-2", "What is in the way?")]), section("Two", [("q-1", "What helps?")]))

    assert asked(guide) == [("q-2", "What is in the way?", "One", 1), ("q-1", "What helps?", "Two", 2)]
    assert set(Prompt.objects.values_list("pk", flat=True)) == before


def test_a_question_that_is_taken_out_retires_and_can_come_back(guide: GuidePage, prompt: Prompt) -> None:
    publish(guide, section("A first section", [("q-2", "What is in the way?")]))
    prompt.refresh_from_db()
    retired_at = prompt.retired_at

    publish(guide, section("A first section", [("q-2", "What is in the way?"), ("q-1", "What helps?")]))

    prompt.refresh_from_db()
    assert retired_at is not None
    assert prompt.retired_at is None
    assert Prompt.objects.count() == 2


def test_a_question_keeps_the_day_on_which_it_was_taken_out(guide: GuidePage, prompt: Prompt) -> None:
    rest = section("A first section", [("q-2", "What is in the way?")])
    publish(guide, rest)
    prompt.refresh_from_db()
    retired_at = prompt.retired_at

    publish(guide, rest)

    prompt.refresh_from_db()
    assert prompt.retired_at == retired_at


def test_a_copied_guide_has_questions_of_its_own(guide: GuidePage, prompt: Prompt) -> None:
    copy = guide.copy(update_attrs={"slug": "steady-2", "title": "A copy"})

    assert copy.translation_key != guide.translation_key
    assert asked(copy) == asked(guide)
    assert Prompt.objects.filter(block_id="q-1").count() == 2
    assert Guide.objects.count() == 2

    publish(copy, section("A first section", [("q-1", "Reworded in the copy")]))

    prompt.refresh_from_db()
    assert prompt.text == "What helps?"


def test_unpublishing_and_deleting_the_page_delete_nothing(guide: GuidePage) -> None:
    guide.unpublish()
    guide.delete()

    assert Guide.objects.count() == 1
    assert Prompt.objects.asked().count() == 2


def test_a_translation_leaves_the_originals_questions_alone(guide: GuidePage) -> None:
    german = Locale.objects.create(language_code="de")
    translation = guide.copy(
        update_attrs={"slug": "ruhe", "title": "Ruhe", "locale": german},
        reset_translation_key=False,
        keep_live=False,
        copy_revisions=False,
    )

    publish(translation, section("Abschnitt", [("q-1", "Was hilft?")]))

    assert [row[1] for row in asked(guide)] == ["What helps?", "What is in the way?"]
    assert Guide.objects.get().title == "Somewhere steady"


def test_a_renamed_guide_renames_its_row(guide: GuidePage) -> None:
    guide.title = "Steadier"
    guide.save_revision().publish()

    assert Guide.objects.get().title == "Steadier"


def test_the_slug_my_is_refused(journal_index: JournalIndexPage) -> None:
    with pytest.raises(ValidationError, match="“my” is the address where people write"):
        journal_index.add_child(instance=GuidePage(title="Mine", slug="my"))

    with pytest.raises(ValidationError, match="“my” is the address where people write"):
        journal_index.add_child(instance=GuidePage(title="My"))


def test_questions_are_taken_over_with_their_ids_into_a_draft(
    guide: GuidePage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def iter_prompts(self: Page) -> Iterator[SimpleNamespace]:
        yield SimpleNamespace(id="article-2", text="And then?", position=2)
        yield SimpleNamespace(id="q-1", text="What helps, in the article’s words?", position=3)
        yield SimpleNamespace(id="article-1", text="Where did it begin?", position=1)

    monkeypatch.setattr(JournalIndexPage, "iter_prompts", iter_prompts, raising=False)
    source = Page.objects.get(pk=guide.get_parent().pk)

    added = (import_questions(guide, source, "From the article"), import_questions(guide, source, "From the article"))

    assert added == (2, 0)
    assert [row[0] for row in asked(guide)] == ["q-1", "q-2"]
    guide.get_latest_revision().publish()
    assert asked(guide) == [
        ("q-1", "What helps?", "A first section", 1),
        ("q-2", "What is in the way?", "A first section", 2),
        ("article-1", "Where did it begin?", "From the article", 3),
        ("article-2", "And then?", "From the article", 4),
    ]


def test_a_page_without_questions_is_refused_by_name(guide: GuidePage) -> None:
    with pytest.raises(HasNoQuestions):
        import_questions(guide, guide.get_parent(), "Nothing")


def test_a_restricted_guide_is_not_in_the_public_list(
    guide: GuidePage, make_guide: MakeGuide, client: Any, journal_index: JournalIndexPage
) -> None:
    hidden = make_guide(slug="hidden", title="Not for everyone")
    PageViewRestriction.objects.create(page=hidden, restriction_type=PageViewRestriction.LOGIN)

    html = client.get(journal_index.url).content.decode()

    assert "Somewhere steady" in html
    assert "Not for everyone" not in html
