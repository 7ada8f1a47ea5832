"""Everything that was written can be taken out, whatever became of the guide or the access to it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import AbstractBaseUser
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from journal import tickets
from journal.models import Answer, GuidePage, Prompt
from journal.writing import Draft, write

from .conftest import admit, dismiss, publish, section

EXPORT = "/journal/my/export/"


def put(user: Any, prompt: Prompt, text: str, *, base: int = 0, tab: str = "tab-one") -> None:
    ticket = tickets.read(tickets.issue(user, prompt))
    assert ticket is not None
    write(user, prompt, ticket, Draft(text=text, base=base, writer=tab, seq=1))


def export(client: Client, user: Any) -> str:
    client.force_login(user)
    response = client.post(EXPORT)
    assert response.status_code == 200
    return b"".join(response.streaming_content).decode()


def test_the_export_is_a_file_that_no_cache_keeps(client: Client, writer: AbstractBaseUser) -> None:
    client.force_login(writer)

    page, file = client.get(reverse("anahata_journal:export")), client.post(EXPORT)

    assert "Download my journal" in page.content.decode()
    assert file["Content-Type"] == "text/markdown; charset=utf-8"
    assert file["Content-Disposition"] == f'attachment; filename="journal-{timezone.localdate()}.md"'
    assert "no-store" in page["Cache-Control"]
    assert "no-store" in file["Cache-Control"]


def test_the_export_has_guide_section_question_dates_and_words(
    client: Client, writer: AbstractBaseUser, prompt: Prompt
) -> None:
    with time_machine.travel("2026-11-21 10:00Z", tick=False):
        put(writer, prompt, "A walk\n\nby the river")
    with time_machine.travel("2026-11-23 10:00Z", tick=False):
        put(writer, prompt, "A walk\n\nby the river, slowly", base=1, tab="tab-two")

        text = export(client, writer)

    assert text == (
        "# My journal\n\nTaken out on Nov. 23, 2026.\n"
        "\n## Somewhere steady\n"
        "\n### A first section\n"
        "\n#### What helps?\n"
        "\n*Begun on Nov. 21, 2026, last changed on Nov. 23, 2026*\n"
        "\nA walk\n\nby the river, slowly\n"
    )


def test_answers_follow_the_guides_order_and_retired_questions_come_last(
    client: Client, writer: AbstractBaseUser, guide: GuidePage, prompt: Prompt
) -> None:
    second = Prompt.objects.get(block_id="q-2")
    put(writer, prompt, "First words")
    put(writer, second, "Second words")
    publish(guide, section("Later on", [("q-2", "What is in the way?")]))

    text = export(client, writer)

    order = ["### Later on", "Second words", "### Earlier questions", "First words"]
    assert [text.index(part) for part in order] == sorted(text.index(part) for part in order)


def test_a_question_is_exported_in_the_words_it_was_read_in(
    client: Client, writer: AbstractBaseUser, guide: GuidePage, prompt: Prompt
) -> None:
    put(writer, prompt, "A walk")
    publish(guide, section("A first section", [("q-1", "What steadies you?")]))

    text = export(client, writer)

    assert "#### What helps?" in text
    assert "Today this question reads: What steadies you?" in text


def test_copies_kept_aside_are_exported_too(
    client: Client, writer: AbstractBaseUser, guide: GuidePage, prompt: Prompt
) -> None:
    put(writer, prompt, "From the phone")
    put(writer, prompt, "From the desk", tab="tab-two")
    dismiss(writer, guide)
    put(writer, prompt, "As it ended", base=1, tab="tab-three")

    text = export(client, writer)

    order = ["From the phone", "Written elsewhere at the same time", "From the desk", "As access ended", "As it ended"]
    assert [text.lower().index(part.lower()) for part in order] == sorted(text.lower().index(p.lower()) for p in order)


def test_the_export_goes_on_after_access_ended_and_the_guide_was_deleted(
    client: Client, writer: AbstractBaseUser, guide: GuidePage, prompt: Prompt
) -> None:
    put(writer, prompt, "Still mine")
    dismiss(writer, guide)
    guide.delete()

    assert "Still mine" in export(client, writer)


def test_the_export_holds_only_ones_own_words(
    client: Client, writer: AbstractBaseUser, guide: GuidePage, prompt: Prompt, make_user: Callable[..., Any]
) -> None:
    other = make_user("other@example.com")
    admit(other, guide)
    put(writer, prompt, "Mine")
    put(other, prompt, "Theirs")

    text = export(client, other)

    assert "Theirs" in text
    assert "Mine" not in text


def test_an_answer_that_does_not_open_is_named_and_the_rest_follows(
    client: Client, writer: AbstractBaseUser, prompt: Prompt
) -> None:
    second = Prompt.objects.get(block_id="q-2")
    put(writer, prompt, "Altered later")
    put(writer, second, "Whole")
    Answer.objects.filter(prompt=prompt).update(body=b"\x01" + bytes(80))

    text = export(client, writer)

    assert "(These words do not open" in text
    assert "Whole" in text


def test_someone_who_never_wrote_gets_an_empty_file(client: Client, writer: AbstractBaseUser) -> None:
    assert export(client, writer).startswith("# My journal")


def test_with_another_master_key_nothing_is_handed_over(
    client: Client, writer: AbstractBaseUser, prompt: Prompt, settings: Any
) -> None:
    put(writer, prompt, "A walk")
    settings.JOURNAL_MASTER_KEYS = {}
    client.force_login(writer)

    assert client.post(EXPORT).status_code == 503


def test_a_long_journal_costs_no_query_for_each_answer(
    client: Client, writer: AbstractBaseUser, guide: GuidePage, django_assert_max_num_queries: Any
) -> None:
    questions = [(f"q-{number}", f"Question {number}?") for number in range(60)]
    publish(guide, section("Many", questions))
    for prompt in Prompt.objects.asked():
        put(writer, prompt, "Words")
    client.force_login(writer)

    with django_assert_max_num_queries(6):
        text = b"".join(client.post(EXPORT).streaming_content).decode()

    assert text.count("Words") == 60


@pytest.mark.parametrize("days", [0, 400])
def test_dates_follow_the_sites_time_zone(
    client: Client, writer: AbstractBaseUser, prompt: Prompt, days: int, settings: Any
) -> None:
    settings.TIME_ZONE = "Pacific/Auckland"
    with time_machine.travel("2026-11-21 23:00Z", tick=False):
        put(writer, prompt, "Late at night")
    Answer.objects.update(created_at=Answer.objects.get().created_at - timedelta(days=days))

    assert "last changed on Nov. 22, 2026" in export(client, writer)
