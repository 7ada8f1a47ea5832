"""What a new site opens with."""

import pytest
from django.test import Client
from wagtail.models import Page, Site

from home.first_content.load import load
from home.first_content.questions import QUESTIONS
from home.models import HomePage, StandardPage

pytestmark = pytest.mark.django_db


def test_loading_twice_creates_nothing_twice() -> None:
    load()
    before = list(Page.objects.order_by("path").values_list("path", "slug", "latest_revision_id"))

    load()

    assert list(Page.objects.order_by("path").values_list("path", "slug", "latest_revision_id")) == before


def test_loading_again_keeps_what_an_editor_changed() -> None:
    load()
    about = StandardPage.objects.get(slug="about")
    about.body = "<p>Our own words.</p>"
    about.save_revision().publish()

    load()

    assert StandardPage.objects.get(slug="about").body == "<p>Our own words.</p>"


def test_the_front_page_is_the_default_sites_root_and_the_welcome_page_is_gone() -> None:
    load()

    assert Site.objects.get(is_default_site=True).root_page.specific == HomePage.objects.get()
    assert not Page.objects.filter(title__startswith="Welcome to your new").exists()


def test_every_page_of_the_first_content_answers_without_a_cookie(client: Client) -> None:
    load()
    paths = [page.get_url() for page in Page.objects.live().filter(depth__gt=1)]

    answers = {path: client.get(path) for path in paths}

    assert len(paths) >= 14
    assert {path: answer.status_code for path, answer in answers.items() if answer.status_code != 200} == {}
    assert {path for path, answer in answers.items() if answer.cookies or "Cookie" in answer.get("Vary", "")} == set()


def test_no_page_asks_anything_of_others(client: Client) -> None:
    load()

    for page in Page.objects.live().filter(depth__gt=1):
        html = client.get(page.get_url()).content.decode()
        for attribute in ('src="http', "src='http", 'src="//', "<style", "style=", "onclick="):
            assert attribute not in html, f"{page.get_url()}: {attribute}"


def test_the_twenty_questions_keep_their_ids() -> None:
    assert len({question_id for question_id, _ in QUESTIONS}) == 20
    assert QUESTIONS[0] == (
        "41709489-4a53-51c9-ac8d-23369fd42411",
        "What are the earliest memories or experiences that shaped my ability to trust?",
    )
    assert QUESTIONS[19][0] == "64ee8b6f-5eb8-51b7-a551-443b51787c84"
