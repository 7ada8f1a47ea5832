"""What guides and the journal's home show, and to whom."""

import re
from collections.abc import Callable
from typing import Any

from django.conf import settings as django_settings
from django.contrib.auth.models import AbstractBaseUser
from django.test import Client
from django.urls import reverse
from wagtail.models import Page

from journal import tickets
from journal.models import Answer, GuidePage, JournalIndexPage, Prompt

from .conftest import publish, section
from .requests import editor, put

MakeUser = Callable[..., AbstractBaseUser]


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
