"""One regression test for each way in which the comment packages would publish, leak or lose something.

The number in a test's name is that of the trap in the list the blog was built against.
"""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import AbstractBaseUser
from django.contrib.contenttypes.models import ContentType
from django.core import mail
from django.db import IntegrityError
from django.test import Client
from django.urls import NoReverseMatch, get_resolver, reverse
from django.utils import timezone
from django_comments_xtd.models import XtdComment
from wagtail.models import Page, PageViewRestriction, ReferenceIndex

from blog.comments import moderation
from blog.comments.models import CommentMeta, State
from blog.comments.posting import ParentGone
from blog.comments.tree import conversation
from blog.models import ArticlePage

from .conftest import Commenting

SECRET = "words that only a moderator may read"


def text_of(client: Client, page: Page) -> str:
    return client.get(page.url).content.decode()


def post(client: Client, address: str, **fields: Any) -> Any:
    return client.post(address, {"name": "Ada", "email": "ada@example.com", "text": "Thank you.", **fields})


def article_url(article: ArticlePage) -> str:
    return reverse("anahata_blog:post-comment", args=[article.pk])


def test_t1_saving_a_parent_publishes_none_of_its_replies(
    article: ArticlePage, commenting: Commenting, client: Client
) -> None:
    parent = commenting.published(article)
    reply = commenting.held(article, SECRET, parent_id=parent.comment_id)

    for _ in range(3):
        stored = XtdComment.objects.get(pk=parent.comment_id)
        stored.is_public = True
        stored.comment = "Thank you!"
        stored.save()

    reply.comment.refresh_from_db()
    stored.refresh_from_db()
    assert reply.comment.is_public is False
    assert stored.nested_count == 1
    assert SECRET not in text_of(client, article)


def test_t1_approving_a_parent_publishes_none_of_its_replies(
    article: ArticlePage, commenting: Commenting, moderator: AbstractBaseUser
) -> None:
    parent = commenting.published(article)
    reply = commenting.held(article, SECRET, parent_id=parent.comment_id)

    moderation.reject(parent.comment_id, by=moderator)
    moderation.approve(parent.comment_id, by=moderator)
    CommentMeta.objects.filter(pk=parent.pk).update(publish_at=timezone.now())
    moderation.publish_due_comments()

    reply.refresh_from_db()
    assert (reply.state, reply.published_at) == (State.HELD, None)


@pytest.mark.parametrize("state", [State.HELD, State.REJECTED, State.SPAM, State.WITHDRAWN])
def test_t2_nobody_can_answer_link_to_or_read_a_comment_that_is_not_published(
    article: ArticlePage, commenting: Commenting, client: Client, state: State
) -> None:
    meta = commenting.held(article, SECRET)
    CommentMeta.objects.filter(pk=meta.pk).update(state=state)

    reply = client.get(reverse("anahata_blog:reply-to-comment", args=[meta.comment_id]))
    posted = post(client, reverse("anahata_blog:reply-to-comment", args=[meta.comment_id]), text="Mine")
    invalid = post(client, reverse("anahata_blog:reply-to-comment", args=[meta.comment_id]), email="no address")
    permalink = client.get(reverse("anahata_blog:comment", args=[meta.comment_id]))

    assert (reply.status_code, posted.status_code, permalink.status_code) == (404, 409, 404)
    assert XtdComment.objects.count() == 1
    for response in (reply, posted, invalid, permalink):
        assert SECRET not in response.content.decode()


@pytest.mark.parametrize(
    "name",
    [
        "comments-post-comment",
        "comments-xtd-reply",
        "comments-flag",
        "comments-xtd-like",
        "comments-xtd-dislike",
        "comments-xtd-confirm",
        "comments-xtd-mute",
        "comments-xtd-api-create",
        "comments-xtd-api-list",
        "comments-delete",
        "comments-approve",
    ],
)
def test_t2_t8_t18_no_address_of_the_packages_is_mounted(name: str) -> None:
    names = {key for key in get_resolver().reverse_dict if isinstance(key, str)}

    assert name not in names
    with pytest.raises(NoReverseMatch):
        reverse(name)


def test_t3_counts_and_lists_leave_out_what_is_not_published(
    article: ArticlePage, commenting: Commenting, client: Client
) -> None:
    commenting.published(article, "Said aloud")
    commenting.held(article, SECRET)

    shown = text_of(client, article)

    assert conversation(article.pk).count == 1
    assert "1 comment" in " ".join(shown.split())
    assert "Said aloud" in shown
    assert SECRET not in shown


def test_t3_a_stored_comment_is_shown_to_nobody_by_being_public(
    article: ArticlePage, commenting: Commenting, client: Client
) -> None:
    meta = commenting.held(article, SECRET)
    XtdComment.norel_objects.filter(pk=meta.comment_id).update(is_public=True)
    stray = XtdComment(content_object=article, site_id=1, comment=SECRET, user_name="Eve", is_public=True)
    stray.save()

    assert SECRET not in text_of(client, article)


def test_t3_a_comment_is_stored_as_not_public_even_when_published(article: ArticlePage, commenting: Commenting) -> None:
    assert commenting.published(article).comment.is_public is False


def test_t4_an_unknown_parent_stores_nothing(article: ArticlePage, client: Client) -> None:
    response = post(client, reverse("anahata_blog:reply-to-comment", args=[999_999]))

    assert response.status_code == 404
    assert XtdComment.objects.count() == 0


def test_t4_a_parent_under_another_article_stores_nothing(
    article: ArticlePage, make_article: Callable[..., ArticlePage], commenting: Commenting
) -> None:
    elsewhere = commenting.published(make_article("Another"))

    with pytest.raises(ParentGone):
        commenting.held(article, parent_id=elsewhere.comment_id)

    assert XtdComment.objects.count() == 1


def test_t4_a_parent_that_is_too_deep_stores_nothing(
    article: ArticlePage, commenting: Commenting, client: Client
) -> None:
    deepest = commenting.published(article)
    for _ in range(3):
        deepest = commenting.published(article, parent_id=deepest.comment_id)

    form = client.get(reverse("anahata_blog:reply-to-comment", args=[deepest.comment_id]))
    response = post(client, reverse("anahata_blog:reply-to-comment", args=[deepest.comment_id]))

    assert deepest.comment.level == 3
    assert (form.status_code, response.status_code) == (404, 409)
    assert XtdComment.objects.count() == 4


def test_t5_a_comment_belongs_to_the_article_never_to_the_page_beneath_it(article: ArticlePage, client: Client) -> None:
    post(client, article_url(article))
    post(client, reverse("anahata_blog:post-comment", args=[article.get_parent().pk]))

    stored = XtdComment.objects.get()

    assert stored.content_type == ContentType.objects.get_for_model(ArticlePage)
    assert stored.content_object == article


def test_t5_a_comment_stored_for_the_base_page_is_not_shown(article: ArticlePage, client: Client) -> None:
    XtdComment(content_object=article.page_ptr, site_id=1, comment=SECRET, user_name="Eve", is_public=True).save()

    assert SECRET not in text_of(client, article)


def test_t6_replies_stay_when_their_parent_is_taken_back(
    article: ArticlePage, commenting: Commenting, client: Client
) -> None:
    parent = commenting.published(article, "To be taken back", name="Bertha")
    commenting.published(article, "A reply that stays", parent_id=parent.comment_id)

    moderation.withdraw(parent.comment_id)

    page = BeautifulSoup(text_of(client, article), "html.parser")
    placeholder = page.select_one(f"#comment-{parent.comment_id}")
    assert placeholder.select_one(".comment-gone")
    assert "A reply that stays" in placeholder.select_one(".comment-replies").text
    assert "Bertha" not in page.text
    stored = XtdComment.objects.get(pk=parent.comment_id)
    assert (stored.comment, stored.user_name, stored.user_email, stored.ip_address) == ("", "", "", None)


def test_t6_replies_stay_when_their_parent_is_rejected_or_its_row_deleted(
    article: ArticlePage, commenting: Commenting, moderator: AbstractBaseUser, client: Client
) -> None:
    root = commenting.published(article, "Root")
    middle = commenting.published(article, "Middle", parent_id=root.comment_id)
    commenting.published(article, "Leaf", parent_id=middle.comment_id)

    moderation.reject(root.comment_id, by=moderator)
    XtdComment.objects.filter(pk=middle.comment_id).delete()

    page = BeautifulSoup(text_of(client, article), "html.parser")
    assert [text.get_text(strip=True) for text in page.select(".comment-text")] == ["Leaf"]
    assert page.select(".comment-gone")


def test_t6_a_withdrawn_comment_without_replies_leaves_nothing(
    article: ArticlePage, commenting: Commenting, client: Client
) -> None:
    meta = commenting.published(article)

    moderation.withdraw(meta.comment_id)

    assert "comment-gone" not in text_of(client, article)


def test_t8_reading_an_address_changes_nothing(article: ArticlePage, commenting: Commenting, client: Client) -> None:
    meta = commenting.published(article)
    before = list(CommentMeta.objects.values())

    for url in (
        article_url(article),
        reverse("anahata_blog:reply-to-comment", args=[meta.comment_id]),
        reverse("anahata_blog:comment", args=[meta.comment_id]),
        reverse("anahata_blog:comment-held", args=[article.pk]),
    ):
        client.get(url, {"name": "Ada", "email": "ada@example.com", "text": "By GET"})

    assert list(CommentMeta.objects.values()) == before
    assert XtdComment.objects.count() == 1


def test_t8_the_desk_acts_on_post_only(
    article: ArticlePage, commenting: Commenting, moderator: AbstractBaseUser, client: Client
) -> None:
    meta = commenting.held(article)
    client.force_login(moderator)

    response = client.get(reverse("anahata_blog_comments:decide", args=[meta.comment_id]), {"act": "approve"})

    meta.refresh_from_db()
    assert response.status_code == 405
    assert meta.state == State.HELD


def test_t16_posting_mails_nobody(article: ArticlePage, client: Client) -> None:
    post(client, article_url(article), email="victim@example.com")

    assert mail.outbox == []


def test_t17_someone_signed_in_posts_as_the_account_whatever_the_form_says(
    article: ArticlePage, make_user: Callable[..., AbstractBaseUser], client: Client
) -> None:
    names = {"name": "Grace"} if hasattr(make_user("probe@example.com"), "name") else {"first_name": "Grace"}
    user = make_user("grace@example.com", **names)
    client.force_login(user)

    response = post(client, article_url(article), name="Ada", email="stranger@example.com")

    stored = XtdComment.objects.get()
    assert response.status_code == 302
    assert (stored.user_name, stored.user_email, stored.user_id) == ("Grace", "grace@example.com", user.pk)


def test_t17_an_account_without_a_name_never_shows_its_address(
    article: ArticlePage, make_user: Callable[..., AbstractBaseUser], client: Client
) -> None:
    user = make_user("grace@example.com")
    client.force_login(user)

    post(client, article_url(article), name="A pen name", email="stranger@example.com")

    stored = XtdComment.objects.get()
    assert (stored.user_name, stored.user_email) == ("A pen name", "grace@example.com")


def test_t17_a_name_changed_later_does_not_change_what_was_published(
    article: ArticlePage, commenting: Commenting, make_user: Callable[..., AbstractBaseUser], client: Client
) -> None:
    user = make_user("grace@example.com")
    commenting.published(article, name="A pen name", user_id=user.pk)

    shown = text_of(client, article)

    assert "A pen name" in shown
    assert "grace@example.com" not in shown


@pytest.mark.parametrize("kind", [PageViewRestriction.LOGIN, PageViewRestriction.PASSWORD])
def test_t18_comments_of_a_restricted_article_are_neither_shown_nor_taken(
    article: ArticlePage, commenting: Commenting, make_user: Callable[..., AbstractBaseUser], client: Client, kind: str
) -> None:
    meta = commenting.published(article, SECRET)
    PageViewRestriction.objects.create(page=article.get_parent(), restriction_type=kind, password="open sesame")
    client.force_login(make_user())

    responses = [
        client.get(article_url(article)),
        post(client, article_url(article)),
        client.get(reverse("anahata_blog:comment", args=[meta.comment_id])),
        client.get(reverse("anahata_blog:reply-to-comment", args=[meta.comment_id])),
        post(client, reverse("anahata_blog:reply-to-comment", args=[meta.comment_id])),
        client.get(reverse("anahata_blog:comment-held", args=[article.pk])),
    ]

    assert [response.status_code for response in responses] == [404] * 6
    assert SECRET not in text_of(client, article)
    assert XtdComment.objects.count() == 1


def test_t18_comments_of_an_unpublished_article_are_neither_shown_nor_taken(
    article: ArticlePage, commenting: Commenting, client: Client
) -> None:
    meta = commenting.published(article, SECRET)
    article.unpublish()

    responses = [
        client.get(article_url(article)),
        post(client, article_url(article)),
        client.get(reverse("anahata_blog:comment", args=[meta.comment_id])),
        post(client, reverse("anahata_blog:reply-to-comment", args=[meta.comment_id])),
    ]

    assert [response.status_code for response in responses] == [404] * 4
    assert XtdComment.objects.count() == 1


def test_t19_the_packages_redirect_leads_to_articles_and_nothing_else(
    article: ArticlePage, commenting: Commenting, make_user: Callable[..., AbstractBaseUser], client: Client
) -> None:
    meta = commenting.published(article)
    user = make_user()
    users = ContentType.objects.get_for_model(user)
    pages = ContentType.objects.get_for_model(Page)

    right = client.get(meta.comment.get_absolute_url())
    wrong = [
        client.get(reverse("comments-url-redirect", args=[users.pk, user.pk])),
        client.get(reverse("comments-url-redirect", args=[pages.pk, article.pk])),
        client.get(reverse("comments-url-redirect", args=[meta.comment.content_type_id, "1e9"])),
        client.get(reverse("comments-url-redirect", args=[meta.comment.content_type_id, article.get_parent().pk])),
    ]

    assert (right.status_code, right.url) == (302, article.url)
    assert [response.status_code for response in wrong] == [404] * 4


def test_t20_no_address_and_nothing_of_other_hosts_is_drawn(
    article: ArticlePage, commenting: Commenting, client: Client
) -> None:
    meta = commenting.published(article, email="private@example.com")

    shown = text_of(client, article)
    form = client.get(reverse("anahata_blog:reply-to-comment", args=[meta.comment_id])).content.decode()

    assert "private@example.com" not in shown + form
    for html in (shown, form):
        page = BeautifulSoup(html, "html.parser")
        loaded = [
            each.get("src") or each.get("href") for each in page.select("[src], link[rel~=stylesheet], link[rel~=icon]")
        ]
        assert loaded
        assert [address for address in loaded if not re.match(r"/(?!/)|data:", address)] == []


def test_t21_markup_in_a_comment_is_shown_as_words_and_no_website_is_kept(article: ArticlePage, client: Client) -> None:
    payload = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    post(client, article_url(article), name="<b>Eve</b>", text=payload, url="javascript:alert(1)", homepage="")
    past = timezone.now()
    CommentMeta.objects.update(state=State.APPROVED, publish_at=past, published_at=past)

    page = BeautifulSoup(text_of(client, article), "html.parser").select_one(".conversation")

    assert page.select("script, img, b") == []
    assert payload in page.text
    assert XtdComment.objects.get().user_url == ""


def test_t24_a_double_click_stores_one_comment(article: ArticlePage, client: Client) -> None:
    key = "8c3a1c0e-7f57-4d0b-9a55-111111111111"

    responses = [post(client, article_url(article), key=key) for _ in range(2)]

    assert [response.status_code for response in responses] == [302, 302]
    assert XtdComment.objects.count() == 1


def test_t24_other_words_with_the_same_key_are_not_lost(article: ArticlePage, client: Client) -> None:
    key = "8c3a1c0e-7f57-4d0b-9a55-111111111111"

    for text in ("First thought", "Second thought"):
        post(client, article_url(article), key=key, text=text)

    assert set(XtdComment.objects.values_list("comment", flat=True)) == {"First thought", "Second thought"}


def test_t25_deleting_an_article_deletes_its_comments(article: ArticlePage, commenting: Commenting) -> None:
    parent = commenting.published(article)
    commenting.held(article, parent_id=parent.comment_id)

    article.delete()

    assert XtdComment.objects.count() == 0
    assert CommentMeta.objects.count() == 0


def test_t25_deleting_the_index_deletes_the_comments_of_its_articles(
    article: ArticlePage, commenting: Commenting
) -> None:
    commenting.published(article)

    article.get_parent().specific.delete()

    assert XtdComment.objects.count() == 0


def test_t25_a_copy_of_an_article_takes_no_comments_along(
    article: ArticlePage, commenting: Commenting, client: Client
) -> None:
    commenting.published(article, SECRET)

    copy = article.copy(update_attrs={"slug": "a-copy"})

    assert copy.comments.count() == 0
    assert SECRET not in text_of(client, copy)


def test_t26_the_name_that_the_packages_fall_back_to_answers(db: None, client: Client) -> None:
    assert client.get(reverse("comments-comment-done")).status_code == 200


def test_comments_stay_out_of_the_reference_index(article: ArticlePage, commenting: Commenting) -> None:
    meta = commenting.published(article)

    assert not ReferenceIndex.model_is_indexable(CommentMeta)
    assert not ReferenceIndex.model_is_indexable(XtdComment)
    assert not ReferenceIndex.get_references_for_object(meta).exists()


@pytest.mark.parametrize(
    "fields",
    [
        {"state": State.HELD, "publish_at": timezone.now()},
        {"state": State.REJECTED, "publish_at": timezone.now(), "published_at": timezone.now()},
        {"state": State.APPROVED, "published_at": timezone.now()},
        {"state": "unheard of"},
    ],
)
def test_the_database_itself_refuses_a_published_comment_that_nobody_approved(
    article: ArticlePage, commenting: Commenting, fields: dict[str, Any]
) -> None:
    meta = commenting.held(article)

    with pytest.raises(IntegrityError):
        CommentMeta.objects.filter(pk=meta.pk).update(**fields)


def test_a_comment_published_in_the_future_is_not_shown_yet(
    article: ArticlePage, commenting: Commenting, client: Client
) -> None:
    meta = commenting.published(article, SECRET)
    tomorrow = timezone.now() + timedelta(days=1)
    CommentMeta.objects.filter(pk=meta.pk).update(publish_at=tomorrow, published_at=tomorrow)

    assert SECRET not in text_of(client, article)
