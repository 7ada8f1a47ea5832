"""Articles, their blocks, and the questions other pages may ask them for."""

import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from wagtail.models import Page, PageViewRestriction

import blog
from blog.models import ArticlePage, Author, BlogIndexPage, Prompt

MakeArticle = Callable[..., ArticlePage]
FIRST, SECOND = str(uuid.UUID(int=1)), str(uuid.UUID(int=2))


def block(kind: str, value: Any) -> dict[str, Any]:
    return {"type": kind, "value": value, "id": str(uuid.uuid4())}


def questions(*pairs: tuple[str, str], guide: Page | None = None) -> dict[str, Any]:
    items = [{"type": "item", "value": {"text": text}, "id": question_id} for question_id, text in pairs]
    return block("question_list", {"guide": guide.pk if guide else None, "questions": items})


def read(client: Client, page: Page) -> BeautifulSoup:
    response = client.get(page.url)
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def test_the_article_sets_no_cookie_and_does_not_vary_by_cookie(article: ArticlePage, client: Client) -> None:
    response = client.get(article.url)

    assert response.status_code == 200
    assert not response.cookies
    assert "cookie" not in response.get("Vary", "").lower()
    assert b"csrfmiddlewaretoken" not in response.content


def test_questions_keep_their_ids_through_rewording_reordering_and_publishing(make_article: MakeArticle) -> None:
    article = make_article(body=[questions((FIRST, "Who?"), (SECOND, "Why?"))])
    who, why = article.body[0].value["questions"].bound_blocks
    why.value["text"] = "Why now?"
    article.body[0].value["questions"].bound_blocks[:] = [why, who]
    article.save_revision().publish()

    prompts = list(ArticlePage.objects.get(pk=article.pk).iter_prompts())

    assert prompts == [Prompt(id=SECOND, text="Why now?", position=1), Prompt(id=FIRST, text="Who?", position=2)]


def test_questions_keep_their_ids_in_a_copy_of_the_page(make_article: MakeArticle) -> None:
    article = make_article(body=[questions((FIRST, "Who?"))])

    copy = article.copy(update_attrs={"slug": "a-copy"})

    assert [prompt.id for prompt in copy.iter_prompts()] == [FIRST]


def test_positions_count_through_all_lists_of_the_article(make_article: MakeArticle) -> None:
    article = make_article(
        body=[questions((FIRST, "Who?")), block("heading", {"text": "Then"}), questions((SECOND, "Why?"))]
    )

    assert [(prompt.id, prompt.position) for prompt in article.iter_prompts()] == [(FIRST, 1), (SECOND, 2)]


def test_headings_make_a_contents_list_of_distinct_anchors(make_article: MakeArticle, client: Client) -> None:
    article = make_article(body=[block("heading", {"text": text}) for text in ("Trust", "Trust", "Größe", "?!")])

    page = read(client, article)

    links = [link["href"] for link in page.select("nav[data-aside] a")]
    assert links == ["#trust", "#trust-2", "#größe", "#part"]
    assert [f"#{heading['id']}" for heading in page.select("h2.article-heading")] == links


def test_a_short_article_has_no_contents_list(make_article: MakeArticle, client: Client) -> None:
    article = make_article(body=[block("heading", {"text": text}) for text in ("One", "Two")])

    assert not read(client, article).select(".article-contents")


def test_each_block_is_drawn(make_article: MakeArticle, blog_index: BlogIndexPage, client: Client) -> None:
    target = make_article("Elsewhere")
    article = make_article(
        body=[
            block("heading", {"text": "A heading"}),
            block("paragraph", f'<p>To <a linktype="page" id="{target.pk}">another page</a>.</p>'),
            block("bullets", {"sentences": [{"type": "item", "value": "<p>A bullet</p>", "id": FIRST}]}),
            block("pull_quote", {"text": "A quote"}),
            block("callout", {"label": "Remember", "text": "<p>a callout</p>"}),
            questions((FIRST, "A question?")),
            block(
                "practice_steps",
                {"steps": [{"type": "item", "value": {"title": "A step", "text": "<p>Do.</p>"}, "id": SECOND}]},
            ),
            block("page_card", {"page": target.pk}),
        ]
    )

    page = read(client, article)

    assert page.select_one("h2.article-heading").text == "A heading"
    assert page.select_one('article a:-soup-contains("another page")')["href"] == target.url
    assert page.select_one("ul.article-bullets > li").text.strip() == "A bullet"
    assert page.select_one("blockquote.pull-quote").text.strip() == "A quote"
    assert page.select_one(".callout").get_text(" ", strip=True) == "Remember: a callout"
    assert page.select_one(f"ol.question-list > li#question-{FIRST}").text.strip() == "A question?"
    assert page.select_one("ol.practice-steps > li > h3").text == "A step"
    assert page.select_one("[data-aside] .article-card a")["href"] == target.url


def test_a_page_that_names_no_card_is_shown_as_a_link_and_an_unpublished_one_not_at_all(
    make_article: MakeArticle, blog_index: BlogIndexPage, client: Client
) -> None:
    plain = blog_index.get_parent().add_child(instance=Page(title="Plain", slug="plain"))
    hidden = make_article("Hidden", live=False)
    article = make_article(body=[block("page_card", {"page": plain.pk}), block("page_card", {"page": hidden.pk})])

    cards = read(client, article).select(".page-card")

    assert [card.get_text(strip=True) for card in cards] == ["Plain"]


def test_what_is_optional_is_shown_when_given(make_article: MakeArticle, client: Client) -> None:
    author = Author.objects.create(name="Mira")
    article = make_article(standfirst="In short.", author=author, published_on="2026-03-01")

    header = read(client, article).select_one("article header").get_text(" ", strip=True)

    assert header == "On trust In short. Mira March 1, 2026"


def test_the_index_shows_public_articles_newest_first(
    make_article: MakeArticle, blog_index: BlogIndexPage, client: Client
) -> None:
    make_article("Older")
    make_article("Newer")
    make_article("Draft", live=False)
    restricted = make_article("For members")
    PageViewRestriction.objects.create(page=restricted, restriction_type=PageViewRestriction.LOGIN)

    titles = [title.text for title in read(client, blog_index).select(".article-card-title")]

    assert titles == ["Newer", "Older"]


def test_the_index_is_paged(
    make_article: MakeArticle, blog_index: BlogIndexPage, client: Client, settings: Any
) -> None:
    settings.BLOG_ARTICLES_PER_PAGE = 1
    make_article("Older")
    make_article("Newer")

    page = BeautifulSoup(client.get(blog_index.url, {"page": "2"}).content, "html.parser")
    beyond = BeautifulSoup(client.get(blog_index.url, {"page": "nonsense"}).content, "html.parser")

    assert page.select_one(".article-card-title").text == "Older"
    assert page.select_one('a[rel="prev"]')["href"] == "?page=1"
    assert beyond.select_one(".article-card-title").text == "Newer"


@pytest.mark.parametrize(
    "name",
    [
        "heading",
        "paragraph",
        "bullets",
        "pull_quote",
        "callout",
        "question_list",
        "practice_steps",
        "page_card",
        "image",
    ],
)
def test_each_block_says_what_it_is_to_editors(name: str) -> None:
    meta = ArticlePage.body.field.stream_block.child_blocks[name].meta

    assert meta.icon != "placeholder"
    assert str(meta.label)
    assert str(meta.description)


def test_an_article_can_be_previewed_before_it_is_saved_for_the_first_time(blog_index: BlogIndexPage) -> None:
    new = ArticlePage(title="Not yet", slug="not-yet")
    new.set_url_path(blog_index)
    new.path = ArticlePage._get_children_path_interval(blog_index.path)[1]
    new.depth = blog_index.depth + 1

    response = new.make_preview_request()

    assert response.status_code == 200
    assert b"Not yet" in response.content
    assert b"Leave a comment" not in response.content


def test_no_migration_names_a_path_of_the_app_itself() -> None:
    package = blog.__name__
    for migration in (Path(blog.__file__).parent / "migrations").glob("0*.py"):
        source = migration.read_text(encoding="utf-8")
        assert f"{package}." not in source.replace("anahata_blog.", ""), migration.name
