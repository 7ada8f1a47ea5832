"""Load everything, in the order in which one thing points at another."""

from collections.abc import Callable

from django.db import transaction

from blog.models import BlogIndexPage
from journal.models import JournalIndexPage
from shop.models import ShopIndexPage

from . import articles, guides, products
from .pages import introduce, load_home, load_index, load_standard_pages


@transaction.atomic
def load(say: Callable[[str], object] = lambda step: None) -> None:
    """Load the first content; `say` is told each step. Safe to repeat."""
    say("pages")
    home = load_home()
    blog = load_index(
        home, BlogIndexPage, slug="blog", title="Blog", description="Articles on trust, closeness and the heart."
    )
    shop = load_index(
        home, ShopIndexPage, slug="shop", title="Shop", description="A journal and a candle, for going on."
    )
    journal = load_index(
        home, JournalIndexPage, slug="journal", title="Journal", description="A private room to write in, with a guide."
    )
    load_standard_pages(home)
    say("guides")
    made_guides = guides.load(journal)
    say("products")
    made_products = products.load(shop, made_guides)
    say("articles")
    made_articles = articles.load(blog, made_guides, made_products)
    introduce(home, lead=made_articles["chakra"], offers=[made_products["journal"], made_products["bundle"]])
