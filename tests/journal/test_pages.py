"""What each page shows to whom, and that no form or switch of sessions loses or leaks a word."""

import re
from collections.abc import Callable
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import settings as django_settings
from django.contrib.auth.models import AbstractBaseUser
from django.test import Client
from django.urls import reverse
from wagtail.models import Page

from journal import tickets
from journal.models import Answer, AnswerVersion, GuidePage, JournalIndexPage, Prompt

from .conftest import admit, dismiss, publish, section

MakeUser = Callable[..., AbstractBaseUser]


@pytest.fixture
def desk(client: Client, writer: AbstractBaseUser) -> Client:
    """A client signed in as the writer."""
    client.force_login(writer)
    return client


def editor(prompt: Prompt) -> str:
    return reverse("anahata_journal:answer", args=[prompt.pk])


def put(client: Client, user: Any, prompt: Prompt, text: str, *, base: int = 0, **more: Any) -> Any:
    """Send what the editor's script sends."""
    extra = more.pop("extra", {})
    headers = {
        "If-Match": f'"{base}"',
        "X-Writer": more.pop("tab", "tab-one-of-test"),
        "X-Seq": str(more.pop("seq", 1)),
        "X-Ticket": tickets.issue(user, prompt),
        **more,
    }
    return client.put(
        reverse("anahata_journal:save-answer", args=[prompt.pk]),
        text.encode(),
        content_type="text/plain; charset=utf-8",
        headers=headers,
        **extra,
    )


def form(client: Client, prompt: Prompt, text: str, **more: Any) -> dict[str, Any]:
    """Open the editor and return what its form would send with `text`."""
    html = client.get(editor(prompt)).content.decode()
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', html))
    return {**fields, "text": text, **more}


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


def test_a_question_of_an_article_leads_its_owner_to_the_editor(
    client: Client, writer: AbstractBaseUser, guide: GuidePage, prompt: Prompt, make_user: MakeUser
) -> None:
    address = reverse("anahata_journal:answer-question", args=[guide.translation_key, "q-1"])

    anonymous = client.get(address)
    client.force_login(make_user("visitor@example.com"))
    visitor = client.get(address)
    client.force_login(writer)
    owner = client.get(address)

    assert anonymous["Location"].endswith(guide.url)
    assert visitor["Location"].endswith(guide.url)
    assert owner["Location"] == editor(prompt)


def test_a_question_that_no_database_looks_for_leads_to_the_guide(
    client: Client, writer: AbstractBaseUser, guide: GuidePage
) -> None:
    client.force_login(writer)

    # PostgreSQL refuses text with a NUL.
    response = client.get(reverse("anahata_journal:answer-question", args=[guide.translation_key, "no\0question"]))

    assert response["Location"].endswith(guide.url)


def test_a_question_leads_on_though_guide_or_question_is_gone(
    client: Client, writer: AbstractBaseUser, guide: GuidePage
) -> None:
    client.force_login(writer)
    unknown = reverse("anahata_journal:answer-question", args=[guide.translation_key, "no-such-question"])
    to_guide = client.get(unknown)["Location"]
    index = guide.get_parent()

    guide.unpublish()

    assert to_guide.endswith(guide.url)
    assert client.get(unknown)["Location"].endswith(index.url)


def test_the_guides_public_face_is_the_same_for_all_who_are_signed_out(client: Client, guide: GuidePage) -> None:
    response = client.get(guide.url)

    html = response.content.decode()
    assert response.status_code == 200
    assert "Cookie" not in response.get("Vary", "")
    assert not response.cookies
    assert "A first section" in html
    assert "What helps?" not in html
    assert "csrfmiddlewaretoken" not in html


def test_a_session_cookie_makes_the_face_private(desk: Client, guide: GuidePage) -> None:
    response = desk.get(guide.url)

    assert "Cookie" in response["Vary"]
    assert "private" in response["Cache-Control"]
    assert reverse("anahata_journal:guide", args=[guide.translation_key]) in response.content.decode()


def test_the_offers_card_is_shown_to_those_who_lack_the_guide(
    client: Client, writer: AbstractBaseUser, guide: GuidePage, journal_index: JournalIndexPage, make_guide: Any
) -> None:
    guide.offer = make_guide(slug="offer", title="How to get it")
    guide.save_revision().publish()

    anonymous = client.get(guide.url).content.decode()
    client.force_login(writer)
    owner = client.get(guide.url).content.decode()

    assert '<article class="card stack guide-card">' in anonymous
    assert "How to get it" in anonymous
    assert "How to get it" not in owner


def test_an_unpublished_offer_and_a_plain_page_do_no_harm(client: Client, guide: GuidePage, make_guide: Any) -> None:
    guide.offer = Page.objects.get(pk=guide.get_parent().pk)  # a page without a card
    guide.save_revision().publish()
    plain = client.get(guide.url).content.decode()
    offer = make_guide(slug="offer", title="How to get it")
    guide.offer = offer
    guide.save_revision().publish()
    offer.unpublish()

    assert 'class="offer"' in plain
    assert "How to get it" not in client.get(guide.url).content.decode()


def test_the_guide_shows_openings_and_which_questions_have_words(
    desk: Client, writer: AbstractBaseUser, guide: GuidePage, prompt: Prompt
) -> None:
    practice = {"type": "practice", "id": "p", "value": {"title": "Breathe", "text": "<p>Slowly.</p>"}}
    publish(
        guide,
        section("Steady", [("q-1", "What helps?")], practice, opening="<p>Sit down.</p>", closing="<p>Stand up.</p>"),
        section("Then", [("q-2", "What is in the way?")]),
    )
    put(desk, writer, prompt, "A walk")

    html = desk.get(reverse("anahata_journal:guide", args=[guide.translation_key])).content.decode()

    order = ["Steady", "Sit down.", "What helps?", "You have words here", "Breathe", "Stand up.", "Then"]
    assert [html.index(words) for words in order] == sorted(html.index(words) for words in order)
    assert html.count("You have words here") == 1
    assert "A walk" not in html
    assert "%" not in re.sub(r"<[^>]+>", "", html)


def test_a_question_that_was_taken_out_keeps_its_words_under_earlier_questions(
    desk: Client, writer: AbstractBaseUser, guide: GuidePage, prompt: Prompt
) -> None:
    put(desk, writer, prompt, "A walk")
    publish(guide, section("Steady", [("q-2", "What is in the way?")]))

    html = desk.get(reverse("anahata_journal:guide", args=[guide.translation_key])).content.decode()

    assert html.index("Earlier questions") < html.index("What helps?")
    assert "A walk" in desk.get(editor(prompt)).content.decode()


def test_a_reworded_question_shows_the_words_it_had(
    desk: Client, writer: AbstractBaseUser, guide: GuidePage, prompt: Prompt
) -> None:
    put(desk, writer, prompt, "A walk")
    publish(guide, section("Steady", [("q-1", "What steadies you?")]))

    html = desk.get(editor(prompt)).content.decode()

    assert "What steadies you?" in html
    assert "this question was worded: What helps?" in html


def test_the_wording_that_was_on_the_page_is_the_answers_own(
    desk: Client, writer: AbstractBaseUser, guide: GuidePage, prompt: Prompt
) -> None:
    signed = tickets.issue(writer, prompt)
    publish(guide, section("Steady", [("q-1", "What steadies you?")]))

    put(desk, writer, prompt, "A walk", **{"X-Ticket": signed})

    assert Answer.objects.get().wording.text == "What helps?"


def test_the_home_of_the_journal_says_where_i_left_off(desk: Client, writer: AbstractBaseUser, prompt: Prompt) -> None:
    before = desk.get(reverse("anahata_journal:home")).content.decode()
    put(desk, writer, prompt, "A walk")
    after = desk.get(reverse("anahata_journal:home")).content.decode()

    assert "Begin anywhere" in before
    assert "Where I left off" not in before
    assert "Where I left off" in after
    assert editor(prompt) in after
    assert "A walk" not in after


def test_an_empty_journal_shows_no_guide_of_others(client: Client, guide: GuidePage, make_user: MakeUser) -> None:
    client.force_login(make_user("visitor@example.com"))

    assert "Somewhere steady" not in client.get(reverse("anahata_journal:home")).content.decode()


def test_the_session_cookies_name_is_the_sites_own(client: Client, guide: GuidePage, settings: Any) -> None:
    settings.SESSION_COOKIE_NAME = "__Host-session"
    client.cookies["sessionid"] = "of another application"

    assert "Cookie" not in client.get(guide.url).get("Vary", "")
    assert django_settings.SESSION_COOKIE_NAME == "__Host-session"


def test_pages_and_saves_keep_to_their_number_of_queries(
    desk: Client, writer: AbstractBaseUser, guide: GuidePage, prompt: Prompt, django_assert_max_num_queries: Any
) -> None:
    put(desk, writer, prompt, "A walk")
    overview = reverse("anahata_journal:guide", args=[guide.translation_key])
    Client().get(guide.url)  # Wagtail remembers its sites' root paths

    with django_assert_max_num_queries(7):
        Client().get(guide.url)
    with django_assert_max_num_queries(9):
        desk.get(overview)
    with django_assert_max_num_queries(8):
        desk.get(editor(prompt))
    with django_assert_max_num_queries(10):
        put(desk, writer, prompt, "A walk, slowly", base=1, seq=2)
