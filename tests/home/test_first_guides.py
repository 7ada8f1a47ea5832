"""The guides that a new site starts with."""

import pytest
from wagtail.models import Site

from home.first_content import guides
from home.first_content.questions import QUESTIONS
from journal.models import GuidePage, JournalIndexPage, Prompt

ORDER = [17, 19, 16, 11, 2, 4, 8, 10, 3, 6, 12, 5, 9, 1, 7, 15, 13, 14, 18, 20]
PRACTICES = [
    "Journaling for Clarity",
    "Therapeutic Support",
    "Mindfulness & Presence",
    "Gradual Exposure to Connection",
    "Honest Communication",
]


@pytest.fixture
def journal_index(db: None) -> JournalIndexPage:
    home_page = Site.objects.get(is_default_site=True).root_page
    return home_page.add_child(instance=JournalIndexPage(title="Journal", slug="a-journal"))


def prompts(page: GuidePage) -> list[Prompt]:
    return list(Prompt.objects.filter(guide_id=page.translation_key).asked())


def test_the_first_guide_asks_the_articles_questions_in_a_gentler_order(journal_index: JournalIndexPage) -> None:
    harmony = guides.load(journal_index)["harmony"]

    asked = [(prompt.block_id, prompt.text) for prompt in prompts(harmony)]

    assert asked == [QUESTIONS[number - 1] for number in ORDER]
    assert [section.value["title"] for section in harmony.sections] == [
        "Somewhere steady",
        "What trust means",
        "How I protect myself",
        "Where it began",
        "Next small steps",
    ]
    assert all(section.value["opening"].source and section.value["closing"].source for section in harmony.sections)


def test_the_second_guide_has_the_five_practices_and_begins_two_with_caution(journal_index: JournalIndexPage) -> None:
    practices = guides.load(journal_index)["practices"]

    openings = {section.value["title"]: section.value["opening"].source for section in practices.sections}

    assert list(openings) == PRACTICES
    cautious = [title for title, opening in openings.items() if opening.startswith("<p>Caution may be right.")]
    assert cautious == PRACTICES[3:]
    assert all("Without one it works as well" in opening for opening in openings.values())
    assert [section.practices for section in practices.outline()] == [1] * 5


def test_loading_again_changes_nothing_that_an_editor_changed(journal_index: JournalIndexPage) -> None:
    harmony = guides.load(journal_index)["harmony"]
    harmony.title, harmony.slug = "Renamed", "renamed"
    harmony.save_revision().publish()

    again = guides.load(journal_index)

    assert (again["harmony"].pk, again["harmony"].title) == (harmony.pk, "Renamed")
    assert GuidePage.objects.count() == 2


def test_a_guide_that_was_deleted_comes_back_with_the_same_questions(journal_index: JournalIndexPage) -> None:
    before = {prompt.pk for prompt in prompts(guides.load(journal_index)["harmony"])}
    GuidePage.objects.all().delete()

    after = {prompt.pk for prompt in prompts(guides.load(journal_index)["harmony"])}

    assert after == before
