"""Writing without scripts: the form loses no word, whatever refuses it."""

import re
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.test import Client
from django.urls import reverse

from journal.models import Answer, AnswerVersion, GuidePage, Prompt

from .conftest import dismiss
from .requests import editor, form, put


def test_the_forms_button_saves_and_comes_back(desk: Client, prompt: Prompt) -> None:
    saved = desk.post(editor(prompt), form(desk, prompt, "Line one\r\nLine two", save=""))
    done = desk.post(editor(prompt), form(desk, prompt, "Line one\r\nLine two, three", done=""))

    assert saved["Location"] == editor(prompt)
    assert done["Location"] == reverse("anahata_journal:guide", args=[prompt.guide_id])
    assert "Line one\nLine two, three</textarea>" in desk.get(editor(prompt)).content.decode()


def test_a_button_pressed_twice_saves_once(desk: Client, prompt: Prompt) -> None:
    fields = form(desk, prompt, "Once")

    desk.post(editor(prompt), fields)
    again = desk.post(editor(prompt), fields)

    assert again.status_code == 302
    assert Answer.objects.get().revision == 1
    assert not AnswerVersion.objects.exists()


def test_a_form_that_comes_second_shows_both_texts(desk: Client, writer: AbstractBaseUser, prompt: Prompt) -> None:
    fields = form(desk, prompt, "From the form")
    put(desk, writer, prompt, "From the phone")

    response = desk.post(editor(prompt), fields)

    html = response.content.decode()
    assert response.status_code == 409
    assert "From the form</textarea>" in html
    assert "From the phone" in html
    assert AnswerVersion.objects.get().reason == "conflict"
    assert "Edited elsewhere, both kept" in html


def test_a_signed_out_form_comes_back_with_its_text(desk: Client, prompt: Prompt) -> None:
    fields = form(desk, prompt, "Do not lose me")
    desk.logout()

    response = desk.post(editor(prompt), fields)

    assert response.status_code == 401
    assert "Do not lose me</textarea>" in response.content.decode()
    assert not Answer.objects.exists()


def test_the_form_that_came_back_saves_after_signing_in_again(
    desk: Client, writer: AbstractBaseUser, prompt: Prompt
) -> None:
    fields = form(desk, prompt, "Do not lose me")
    desk.logout()
    html = desk.post(editor(prompt), fields).content.decode()
    desk.force_login(writer)

    again = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', html))
    saved = desk.post(editor(prompt), {**again, "text": "Do not lose me"})

    assert saved.status_code == 302
    assert Answer.objects.get().revision == 1


def test_a_forged_form_saves_nothing_and_loses_nothing(writer: AbstractBaseUser, prompt: Prompt) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(writer)
    fields = {**form(strict, prompt, "Typed for an hour"), "csrfmiddlewaretoken": "x" * 64}

    response = strict.post(editor(prompt), fields)

    assert response.status_code == 403
    assert "Typed for an hour</textarea>" in response.content.decode()
    assert not Answer.objects.exists()


def test_a_form_with_its_token_saves(writer: AbstractBaseUser, prompt: Prompt) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(writer)

    response = strict.post(editor(prompt), form(strict, prompt, "Typed for an hour"))

    assert response.status_code == 302
    assert Answer.objects.get().revision == 1


def test_a_forged_autosave_saves_nothing(writer: AbstractBaseUser, prompt: Prompt) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(writer)

    assert put(strict, writer, prompt, "Forged").status_code == 403
    assert not Answer.objects.exists()


def test_too_long_a_form_comes_back_whole(desk: Client, prompt: Prompt) -> None:
    response = desk.post(editor(prompt), form(desk, prompt, "a" * 60_001))

    assert response.status_code == 413
    assert "a" * 60_001 + "</textarea>" in response.content.decode()


def test_a_form_whose_access_ended_shows_what_was_kept(
    desk: Client, writer: AbstractBaseUser, guide: GuidePage, prompt: Prompt
) -> None:
    fields = form(desk, prompt, "Just begun")
    dismiss(writer, guide)

    response = desk.post(editor(prompt), fields)

    assert response.status_code == 403
    assert "Written as access ended" in response.content.decode()
    assert "Just begun" in response.content.decode()


def test_a_journal_that_does_not_open_says_so_and_keeps_the_typed_text(
    desk: Client, writer: AbstractBaseUser, prompt: Prompt, settings: Any
) -> None:
    put(desk, writer, prompt, "Before")
    fields = form(desk, prompt, "Typed meanwhile")
    settings.JOURNAL_MASTER_KEYS = {}

    page, posted, sent = (
        desk.get(editor(prompt)),
        desk.post(editor(prompt), fields),
        put(desk, writer, prompt, "Typed meanwhile", base=1, seq=2),
    )

    assert (page.status_code, posted.status_code, sent.status_code) == (503, 503, 503)
    assert "Typed meanwhile</textarea>" in posted.content.decode()
    assert Answer.objects.get().revision == 1
