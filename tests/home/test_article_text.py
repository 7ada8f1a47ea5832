"""The published article says what the given text says, word for word."""

from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page, Site

import home.first_content
from blog.models import ArticlePage, BlogIndexPage
from home.first_content import articles

TEXT = (Path(home.first_content.__file__).parent / "article.txt").read_text(encoding="utf-8")
LINES = [line.strip() for line in TEXT.splitlines() if line.strip()]
DESCRIPTION, TITLE = LINES[:2]
BLOCKS = ["h1", "h2", "h3", "p", "li", "ul", "ol", "div", "blockquote", "header"]
AFTER = ["Back to blog", "Leave a comment", "Please note, comments need to be approved before they are published."]


@pytest.fixture
def blog_index(db: None) -> BlogIndexPage:
    home_page = Site.objects.get(is_default_site=True).root_page
    return home_page.add_child(instance=BlogIndexPage(title="Blog", slug="a-blog"))


@pytest.fixture
def products(blog_index: BlogIndexPage) -> dict[str, Page]:
    home_page = blog_index.get_parent()
    return {
        "journal": home_page.add_child(instance=Page(title="Harmony Shadow Work Journal", slug="the-journal")),
        "bundle": home_page.add_child(instance=Page(title="Heart Chakra Healing Bundle", slug="the-bundle")),
    }


@pytest.fixture
def page(blog_index: BlogIndexPage, products: dict[str, Page], client: Client) -> BeautifulSoup:
    article = articles.load(blog_index, {}, products)["chakra"]
    response = client.get(article.url)
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def element(page: BeautifulSoup) -> Tag:
    """Return the article without what the site put between its words."""
    article = page.find("article")
    assert isinstance(article, Tag)
    for aside in article.select("[data-aside]"):
        aside.decompose()
    for block in article.find_all(BLOCKS):
        block.insert_after("\n")  # words of two blocks are two words, whatever the markup's white space
    return article


def words(text: str) -> list[str]:
    return text.split()  # splits at no-break spaces, too


def without_marks(line: str) -> str:
    """Return a line without the bullet or ordinal that its list draws."""
    head, _, rest = line.partition(" ")
    return rest.strip() if head == "•" or (head[:-1].isdigit() and head.endswith(".")) else line


def test_the_article_says_every_word_of_the_text_in_order(page: BeautifulSoup) -> None:
    body = LINES[1:]
    assert body[-3:] == AFTER

    expected = [word for line in body[:-3] for word in words(without_marks(line))]

    assert words(element(page).get_text()) == expected


def test_the_first_line_is_the_meta_description_and_not_in_the_body(page: BeautifulSoup) -> None:
    meta = page.find("meta", attrs={"name": "description"})

    assert isinstance(meta, Tag)
    assert meta["content"] == DESCRIPTION
    assert DESCRIPTION not in element(page).get_text(" ")


def test_the_way_back_and_the_invitation_to_comment_follow_the_article(page: BeautifulSoup) -> None:
    following = " ".join(node.get_text(" ") for node in element(page).find_next_siblings())

    positions = [" ".join(words(following)).index(line) for line in AFTER]

    assert positions == sorted(positions)


def test_the_bullets_are_list_items_in_the_order_of_the_text(page: BeautifulSoup) -> None:
    expected = [without_marks(line) for line in LINES if line.startswith("•")]

    items = [" ".join(words(item.get_text())) for item in element(page).select("ul > li")]

    assert items == [" ".join(words(line)) for line in expected]
    assert [len(each.find_all("li")) for each in element(page).find_all("ul")] == [5, 2]


def test_the_questions_and_practices_are_numbered_by_their_lists(page: BeautifulSoup) -> None:
    numbered = [line.partition(". ") for line in LINES if line.partition(".")[0].isdigit()]
    lists = element(page).find_all("ol")

    questions = [item.get_text().strip() for item in lists[0].find_all("li")]
    practices = [title.get_text().strip() for title in lists[1].select("li > h3")]

    assert [int(number) for number, _, _ in numbered] == [*range(1, 21), *range(1, 6)]
    assert questions + practices == [rest for _, _, rest in numbered]
    assert not any(each.has_attr("start") or each.has_attr("reversed") for each in lists)


def test_the_title_is_the_only_h1_and_the_headings_are_those_of_the_text(page: BeautifulSoup) -> None:
    article = element(page)

    titles = [heading.get_text().strip() for heading in page.find_all("h1")]
    headings = [heading.get_text().strip() for heading in article.find_all("h2")]

    assert titles == [TITLE]
    assert headings == [
        "Why Heart Chakra Imbalances Affect Trust",
        "How Heart Chakra Trust Issues Develop and How Healing Helps",
        "20 Reflective Questions to Heal Trust Issues",
        "Five Empowering Practices for Releasing Trust-Related Energy",
        "Creating Space for Trust and Connection",
        "Support Your Heart Chakra Healing Journey",
    ]
    assert [heading for heading in headings if heading not in LINES] == []


def test_the_sentences_that_stand_alone_are_pull_quotes(page: BeautifulSoup) -> None:
    quotes = [quote.get_text().strip() for quote in element(page).find_all("blockquote")]

    assert quotes == [
        "Your heart isn’t closed; it’s cautious.",
        "Healing isn’t about perfection, it’s about awareness.",
        "You are allowed to take your heart at your own pace.",
        "Your heart is not broken; it’s becoming wiser.",
    ]


def test_the_three_links_lead_where_their_words_say(page: BeautifulSoup, products: dict[str, Page]) -> None:
    companion = ArticlePage.objects.get(title="Struggling to Trust: How to Heal and Open Your Heart")

    links = {link.get_text(): link["href"] for link in element(page).find_all("a")}

    assert links == {
        "Struggling to Trust: How to Heal and Open Your Heart": companion.url,
        "Harmony Shadow Work Journal": products["journal"].url,
        "Heart Chakra Healing Bundle": products["bundle"].url,
    }


def test_without_a_shop_the_names_of_products_stand_there_without_links(
    blog_index: BlogIndexPage, client: Client
) -> None:
    article = articles.load(blog_index, {}, {})["chakra"]

    page = BeautifulSoup(client.get(article.url).content, "html.parser")

    assert "Explore the Harmony Shadow Work Journal for" in element(page).get_text()
    assert len(element(page).find_all("a")) == 1


def test_nothing_is_invented_on_the_article(page: BeautifulSoup) -> None:
    article = page.find("article")

    assert isinstance(article, Tag)
    assert article.find("time") is None
    assert article.find("img") is None


def test_the_companion_offers_exercises_and_practices(blog_index: BlogIndexPage, client: Client) -> None:
    companion = articles.load(blog_index, {}, {})["struggling"]

    page = BeautifulSoup(client.get(companion.url).content, "html.parser")

    assert companion.title == "Struggling to Trust: How to Heal and Open Your Heart"
    assert len(page.select("ol.question-list > li")) == 6
    assert len(page.select("ol.practice-steps > li > h3")) == 4


def test_loading_twice_makes_nothing_twice_and_keeps_what_an_editor_changed(blog_index: BlogIndexPage) -> None:
    first = articles.load(blog_index, {}, {})["chakra"]
    first.title = "Reworded"
    first.slug = "reworded"
    first.save_revision().publish()

    again = articles.load(blog_index, {}, {})

    assert again["chakra"].pk == first.pk
    assert ArticlePage.objects.get(pk=first.pk).title == "Reworded"
    assert ArticlePage.objects.count() == 2


def test_the_questions_keep_the_ids_that_the_guide_knows_them_by(blog_index: BlogIndexPage) -> None:
    from home.first_content.questions import QUESTIONS

    article = articles.load(blog_index, {}, {})["chakra"]

    assert [(prompt.id, prompt.text) for prompt in article.iter_prompts()] == QUESTIONS
    assert [prompt.position for prompt in article.iter_prompts()] == list(range(1, 21))


def test_the_article_stays_within_its_query_budget(
    blog_index: BlogIndexPage, products: dict[str, Page], client: Client
) -> None:
    article = articles.load(blog_index, {"harmony": products["journal"]}, products)["chakra"]
    client.get(article.url)  # warms what a process keeps: content types, the site

    with CaptureQueriesContext(connection) as queries:
        client.get(article.url)

    assert len(queries) <= 22
