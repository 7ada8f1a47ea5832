"""What each page shows to whom, and that no form or switch of sessions loses or leaks a word."""

import re
from collections.abc import Callable
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

import pytest
from django.contrib.auth.models import AbstractBaseUser
from django.test import Client
from django.urls import reverse

from journal import tickets
from journal.models import Answer, GuidePage, Prompt

from .conftest import admit, dismiss
from .requests import editor, form, put

MakeUser = Callable[..., AbstractBaseUser]


def test_the_editor_opens_for_its_writer(desk: Client, prompt: Prompt) -> None:
    response = desk.get(editor(prompt))

    html = response.content.decode()
    assert response.status_code == 200
    assert "What helps?" in html
    assert 'autocomplete="off"' in html
    assert "no-store" in response["Cache-Control"]
    assert re.search(r"<title>\s*Journal", html)
    assert not Answer.objects.exists()


def test_what_was_sent_is_in_the_field_again(desk: Client, writer: AbstractBaseUser, prompt: Prompt) -> None:
    saved = put(desk, writer, prompt, "A walk, <early> & slow.")

    assert (saved.status_code, saved.json()["revision"], saved["ETag"]) == (200, 1, '"1"')
    assert "no-store" in saved["Cache-Control"]
    assert "A walk, &lt;early&gt; &amp; slow.</textarea>" in desk.get(editor(prompt)).content.decode()


def test_a_text_that_begins_with_an_empty_line_keeps_it(desk: Client, writer: AbstractBaseUser, prompt: Prompt) -> None:
    put(desk, writer, prompt, "\n\nLower down")

    assert ">&#10;\n\nLower down</textarea>" in desk.get(editor(prompt)).content.decode()


def test_a_stale_page_is_told_both_texts(desk: Client, writer: AbstractBaseUser, prompt: Prompt) -> None:
    put(desk, writer, prompt, "From the phone")

    reply = put(desk, writer, prompt, "From the desk", tab="tab-two-of-test")

    assert reply.status_code == 409
    assert (reply.json()["current"], reply.json()["kept"]) == ("From the phone", "From the desk")
    html = desk.get(editor(prompt)).content.decode()
    assert "Written elsewhere at the same time" in html
    assert "From the desk" in html


def test_a_copy_that_became_the_answer_is_shown_no_more(desk: Client, writer: AbstractBaseUser, prompt: Prompt) -> None:
    put(desk, writer, prompt, "From the phone")
    put(desk, writer, prompt, "From the desk", tab="tab-two-of-test")

    put(desk, writer, prompt, "From the desk", base=1, tab="tab-three-of-test")

    assert "Written elsewhere at the same time" not in desk.get(editor(prompt)).content.decode()


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"If-Match": "1"}, 400),
        ({"If-Match": "*"}, 400),
        ({"X-Writer": "short"}, 400),
        ({"X-Writer": "a" * 37}, 400),
        ({"X-Seq": "-1"}, 400),
        ({"X-Ticket": "forged"}, 404),
    ],
)
def test_a_malformed_header_is_refused(
    desk: Client, writer: AbstractBaseUser, prompt: Prompt, headers: dict[str, str], status: int
) -> None:
    assert put(desk, writer, prompt, "Words", **headers).status_code == status
    assert not Answer.objects.exists()


def cut_off(sent: str, *, of: int) -> dict[str, Any]:
    """Return what makes the test client send the beginning of a body that was announced to have `of` bytes."""
    return {"wsgi.input": BytesIO(sent.encode()), "CONTENT_LENGTH": str(of)}


def test_words_cut_off_on_the_way_are_not_laid_over_the_whole(
    desk: Client, writer: AbstractBaseUser, prompt: Prompt
) -> None:
    put(desk, writer, prompt, "All of these words")

    response = put(desk, writer, prompt, "", base=1, seq=2, extra=cut_off("All of these", of=18))

    assert response.status_code == 400
    assert "All of these words</textarea>" in desk.get(editor(prompt)).content.decode()


def test_words_of_unknown_length_are_not_laid_over_the_whole(
    desk: Client, writer: AbstractBaseUser, prompt: Prompt
) -> None:
    put(desk, writer, prompt, "All of these words")

    # Django reads nothing of a body that is sent in chunks.
    response = put(desk, writer, prompt, "", base=1, seq=2, extra={"HTTP_TRANSFER_ENCODING": "chunked"})

    assert response.status_code == 411
    assert "All of these words</textarea>" in desk.get(editor(prompt)).content.decode()


def test_an_answer_can_be_emptied(desk: Client, writer: AbstractBaseUser, prompt: Prompt) -> None:
    put(desk, writer, prompt, "All of these words")

    response = put(desk, writer, prompt, "", base=1, seq=2, extra={"CONTENT_LENGTH": "0"})

    assert (response.status_code, response.json()["revision"]) == (200, 2)
    assert "All of these words" not in desk.get(editor(prompt)).content.decode()


def test_a_form_cut_off_on_the_way_saves_nothing(desk: Client, writer: AbstractBaseUser, prompt: Prompt) -> None:
    put(desk, writer, prompt, "All of these words")
    whole = urlencode(form(desk, prompt, "All of these words, and more"))

    response = desk.post(
        editor(prompt),
        content_type="application/x-www-form-urlencoded",
        **cut_off(whole[:-10], of=len(whole)),  # type: ignore[arg-type]  # the environment's own names
    )

    assert response.status_code == 400
    assert "All of these words</textarea>" in desk.get(editor(prompt)).content.decode()


def test_a_save_without_a_revision_is_refused(desk: Client, writer: AbstractBaseUser, prompt: Prompt) -> None:
    address = reverse("anahata_journal:save-answer", args=[prompt.pk])

    response = desk.put(address, b"Words", headers={"X-Ticket": tickets.issue(writer, prompt)})

    assert response.status_code == 428


def test_bytes_that_are_no_text_are_refused(desk: Client, writer: AbstractBaseUser, prompt: Prompt) -> None:
    headers = {
        "If-Match": '"0"',
        "X-Writer": "tab-one-of-test",
        "X-Seq": "1",
        "X-Ticket": tickets.issue(writer, prompt),
    }

    response = desk.put(reverse("anahata_journal:save-answer", args=[prompt.pk]), b"\xff\xfe", headers=headers)

    assert response.status_code == 400


@pytest.mark.parametrize("size", [60_001, 3_000_000])
def test_too_long_a_text_is_refused_as_such(desk: Client, writer: AbstractBaseUser, prompt: Prompt, size: int) -> None:
    response = put(desk, writer, prompt, "a" * size)

    assert (response.status_code, response.json()) == (413, {"limit": 60_000})


def test_someone_signed_out_is_told_so_in_json(client: Client, writer: AbstractBaseUser, prompt: Prompt) -> None:
    response = put(client, writer, prompt, "Words")

    assert (response.status_code, response.json()) == (401, {"signed_out": True})


def test_a_page_left_open_writes_nothing_into_the_next_persons_journal(
    client: Client, writer: AbstractBaseUser, guide: GuidePage, prompt: Prompt, make_user: MakeUser
) -> None:
    other = make_user("other@example.com")
    admit(other, guide)
    client.force_login(other)

    response = put(client, writer, prompt, "The first one's words")

    assert response.status_code == 404
    assert not Answer.objects.exists()


def test_nobody_reads_anothers_words(
    desk: Client, writer: AbstractBaseUser, guide: GuidePage, prompt: Prompt, make_user: MakeUser
) -> None:
    put(desk, writer, prompt, "For myself alone")
    others = [make_user("other@example.com"), make_user("chief@example.com", is_staff=True, is_superuser=True)]

    for other in others:
        admit(other, guide)
        desk.force_login(other)
        html = b"".join(
            desk.get(address).content
            for address in (editor(prompt), reverse("anahata_journal:home"), guide.url, "/journal/my/")
        )
        taken = b"".join(desk.post(reverse("anahata_journal:export")).streaming_content)
        assert b"For myself alone" not in html + taken


def test_words_typed_as_access_ended_are_kept_and_told(
    desk: Client, writer: AbstractBaseUser, guide: GuidePage, prompt: Prompt
) -> None:
    put(desk, writer, prompt, "It was")
    dismiss(writer, guide)

    reply = put(desk, writer, prompt, "It was late", base=1, seq=2)

    html = desk.get(editor(prompt)).content.decode()
    assert (reply.status_code, reply.json()) == (403, {"access_ended": True, "kept": True})
    assert "Read only" in html
    assert "<textarea" not in html
    assert "It was late" in html


def test_after_access_ended_words_are_still_read_and_listed(
    desk: Client, writer: AbstractBaseUser, guide: GuidePage, prompt: Prompt
) -> None:
    put(desk, writer, prompt, "Still mine")
    dismiss(writer, guide)
    guide.delete()

    home = desk.get(reverse("anahata_journal:home")).content.decode()
    overview = desk.get(reverse("anahata_journal:guide", args=[guide.translation_key])).content.decode()

    assert "Somewhere steady" in home
    assert "New writing has ended" in home
    assert "You have words here" in overview
    assert "Still mine" in desk.get(editor(prompt)).content.decode()


def test_someone_without_access_is_led_to_what_the_guide_is(
    client: Client, make_user: MakeUser, guide: GuidePage, prompt: Prompt
) -> None:
    client.force_login(make_user("visitor@example.com"))

    for address in (editor(prompt), reverse("anahata_journal:guide", args=[guide.translation_key])):
        assert client.get(address)["Location"].endswith(guide.url)


@pytest.mark.parametrize("name", ["home", "export", "guide", "answer"])
def test_signing_in_comes_first(client: Client, guide: GuidePage, prompt: Prompt, name: str) -> None:
    args = {"guide": [guide.translation_key], "answer": [prompt.pk]}.get(name, [])
    address = reverse(f"anahata_journal:{name}", args=args)

    response = client.get(address)

    assert response.status_code == 302
    assert response["Location"].endswith(f"?next={address}")
    assert "no-store" in response["Cache-Control"]
