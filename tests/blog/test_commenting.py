"""Posting a comment, as somebody without an account does it."""

from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import AbstractBaseUser
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.urls import reverse
from django_comments_xtd.models import XtdComment

from blog.comments.models import CommentMeta, HoldReason, State
from blog.models import ArticlePage

from .conftest import Commenting

NOTE = "Please note, comments need to be approved before they are published."


def url_of(article: ArticlePage) -> str:
    return reverse("anahata_blog:post-comment", args=[article.pk])


def soup(response: Any) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser")


def fields(**changed: str) -> dict[str, str]:
    return {"name": "Ada", "email": "ada@example.com", "text": "Words I typed for an hour", **changed}


def test_a_comment_without_an_account_is_held_and_shown_to_nobody(article: ArticlePage, client: Client) -> None:
    response = client.post(url_of(article), fields(), follow=True)

    meta = CommentMeta.objects.get()
    assert response.redirect_chain == [(reverse("anahata_blog:comment-held", args=[article.pk]), 302)]
    assert soup(response).h1.text == "Thank you. Your comment is held."
    assert (meta.state, meta.publish_at, meta.published_at, meta.hold_reasons) == (State.HELD, None, None, [])
    assert (meta.comment.user_name, meta.comment.user_email, meta.comment.user_id) == ("Ada", "ada@example.com", None)
    assert "Words I typed" not in client.get(article.url).content.decode()


def test_the_article_invites_with_the_note_and_a_link_to_the_form(article: ArticlePage, client: Client) -> None:
    page = soup(client.get(article.url))

    link = page.select_one("h2 > a[data-comment-form]")
    assert link.text == "Leave a comment"
    assert link["href"] == url_of(article)
    assert NOTE in page.select_one(f"#{link['data-comment-form']}").text
    assert page.find("form", method="post") is None


def test_the_form_says_before_posting_that_comments_are_held(article: ArticlePage, client: Client) -> None:
    page = soup(client.get(url_of(article)))

    form = page.select_one("form.comment-form")
    assert [button.text for button in form.find_all("button")] == ["Post comment"]
    assert form.get_text().index(NOTE) < form.get_text().index("Post comment")
    assert page.h1.text == "Leave a comment"


def test_the_fragment_is_the_form_alone(article: ArticlePage, client: Client) -> None:
    response = client.get(url_of(article), {"fragment": ""})

    assert soup(response).find("html") is None
    assert soup(response).form["action"] == url_of(article)
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"email": "no address"}, "This does not look like an e-mail address."),
        ({"name": ""}, "Please give a name."),
        ({"name": "x" * 51}, "Ensure this value has at most 50 characters (it has 51)."),
        ({"text": "y" * 3001}, "Ensure this value has at most 3000 characters (it has 3001)."),
    ],
)
def test_typed_text_survives_every_error(
    article: ArticlePage, client: Client, changed: dict[str, str], message: str
) -> None:
    response = client.post(url_of(article), fields(**changed))

    assert response.status_code == 422
    assert message in soup(response).text
    assert soup(response).textarea.text.strip() == fields(**changed)["text"]
    assert [field["name"] for field in soup(response).find_all(autofocus=True)] == [*changed]
    assert XtdComment.objects.count() == 0


def test_typed_text_survives_an_expired_form_and_is_posted_by_pressing_once_more(article: ArticlePage) -> None:
    client = Client(enforce_csrf_checks=True)
    client.get(url_of(article))

    refused = client.post(url_of(article), fields(csrfmiddlewaretoken="x" * 64))
    form = soup(refused).form
    again = {each["name"]: each.get("value", "") for each in form.find_all("input")}
    accepted = client.post(form["action"], {**again, "text": form.textarea.text.strip()})

    assert refused.status_code == 403
    assert "Nothing is lost" in form.text
    assert form.textarea.text.strip() == "Words I typed for an hour"
    assert accepted.status_code == 302
    assert XtdComment.objects.get().comment == "Words I typed for an hour"


def test_a_post_without_proof_from_this_site_stores_nothing(article: ArticlePage) -> None:
    client = Client(enforce_csrf_checks=True)

    response = client.post(url_of(article), fields())

    assert response.status_code == 403
    assert XtdComment.objects.count() == 0


def test_typed_text_survives_a_parent_that_left_meanwhile(
    article: ArticlePage, commenting: Commenting, client: Client
) -> None:
    parent = commenting.published(article)
    CommentMeta.objects.filter(pk=parent.pk).update(state=State.REJECTED, publish_at=None, published_at=None)

    response = client.post(reverse("anahata_blog:reply-to-comment", args=[parent.comment_id]), fields())

    assert response.status_code == 409
    assert soup(response).form["action"] == url_of(article)
    assert soup(response).textarea.text.strip() == "Words I typed for an hour"


def test_a_reply_is_threaded_under_its_parent(article: ArticlePage, commenting: Commenting, client: Client) -> None:
    parent = commenting.published(article)

    form = client.get(reverse("anahata_blog:reply-to-comment", args=[parent.comment_id]))
    client.post(reverse("anahata_blog:reply-to-comment", args=[parent.comment_id]), fields())

    reply = XtdComment.objects.latest("pk")
    assert "Thank you." in soup(form).select_one(".comment-answered").text
    assert (reply.parent_id, reply.thread_id, reply.level) == (parent.comment_id, parent.comment_id, 1)


def test_closed_comments_are_refused_in_words_and_the_text_given_back(
    make_article: Callable[..., ArticlePage], client: Client
) -> None:
    article = make_article(has_open_comments=False)

    response = client.post(url_of(article), fields())
    page = client.get(article.url)

    assert response.status_code == 403
    assert "Words I typed for an hour" in soup(response).text
    assert soup(page).select("[data-comment-form]") == []
    assert XtdComment.objects.count() == 0


def test_a_filled_trap_field_and_many_links_are_reasons_not_losses(article: ArticlePage, client: Client) -> None:
    client.post(url_of(article), fields(homepage="https://spam.example", text="www.a.example https://b.example"))

    meta = CommentMeta.objects.get()
    assert meta.state == State.HELD
    assert meta.hold_reasons == [HoldReason.HONEYPOT, HoldReason.LINKS]


def test_words_posted_before_are_a_reason(article: ArticlePage, client: Client) -> None:
    for _ in range(2):
        client.post(url_of(article), fields())

    assert list(CommentMeta.objects.order_by("pk").values_list("hold_reasons", flat=True)) == [
        [],
        [HoldReason.REPEATED],
    ]


def test_a_flood_from_one_address_is_stopped_with_the_text_still_in_the_box(
    article: ArticlePage, client: Client, settings: Any
) -> None:
    settings.BLOG_COMMENT_FLOOD_LIMIT = 2

    statuses = [client.post(url_of(article), fields(text=f"Word {number}")).status_code for number in range(3)]
    last = client.post(url_of(article), fields())
    elsewhere = client.post(url_of(article), fields(), REMOTE_ADDR="203.0.113.9")

    assert statuses == [302, 302, 429]
    assert soup(last).textarea.text.strip() == "Words I typed for an hour"
    assert elsewhere.status_code == 302


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        (0, "198.51.100.7", "127.0.0.1"),
        (1, "198.51.100.7, 203.0.113.5", "203.0.113.5"),
        (1, "<nonsense>", None),
    ],
)
def test_the_network_address_is_the_one_that_trusted_proxies_vouch_for(
    article: ArticlePage, client: Client, settings: Any, proxies: int, forwarded: str, expected: str | None
) -> None:
    settings.BLOG_TRUSTED_PROXY_COUNT = proxies

    client.post(url_of(article), fields(), HTTP_X_FORWARDED_FOR=forwarded)

    assert XtdComment.objects.get().ip_address == expected


def test_someone_signed_in_is_asked_only_for_what_the_account_does_not_say(
    article: ArticlePage, make_user: Callable[..., AbstractBaseUser], client: Client
) -> None:
    client.force_login(make_user("grace@example.com"))

    form = soup(client.get(url_of(article))).form

    assert form.find("input", attrs={"name": "name"}) is not None
    assert form.find("input", attrs={"name": "email"}) is None


def test_a_name_is_kept_on_one_line(article: ArticlePage, client: Client) -> None:
    client.post(url_of(article), fields(name="  Ada \t Lovelace "))

    assert XtdComment.objects.get().user_name == "Ada Lovelace"


HUGE = 10**30


@pytest.mark.parametrize(
    "path",
    [
        f"/blog/comments/{HUGE}/new/",
        f"/blog/comments/{HUGE}/held/",
        f"/blog/comments/to/{HUGE}/",
        f"/blog/comments/to/{HUGE}/reply/",
    ],
)
def test_an_id_that_no_database_takes_is_not_found(db: None, client: Client, path: str) -> None:
    assert [client.get(path).status_code, client.post(path).status_code] == [404, 404]


def test_the_packages_redirect_takes_no_id_that_no_database_takes(article: ArticlePage, client: Client) -> None:
    articles = ContentType.objects.get_for_model(ArticlePage)

    response = client.get(reverse("comments-url-redirect", args=[articles.pk, HUGE]))

    assert response.status_code == 404
