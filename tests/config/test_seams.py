"""What the site puts between apps that do not know each other."""

import json
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from wagtail.models import Page, Site

from blog.models import ArticlePage, BlogIndexPage
from shop.entitlements import grant_for
from shop.models import CheckoutAttempt, Order, OrderLine, Product, SoldComponent

pytestmark = pytest.mark.django_db
QUESTION = "5a8f0f0e-0000-4000-8000-000000000001"


@pytest.fixture
def guide() -> Page:
    Site.clear_site_root_paths_cache()
    root: Any = Site.objects.get(is_default_site=True).root_page
    page: Page = root.add_child(instance=Page(title="Harmony", slug="harmony"))
    return page


@pytest.fixture
def paid(guide: Page) -> Order:
    """A guest's order of something that unlocks the guide, as it is once Stripe has said that it is paid."""
    order = Order.objects.create(
        number="2222-3333",
        public_token="a-secret-link",
        email="mara@example.org",
        currency="EUR",
        subtotal_minor=2400,
        total_minor=2400,
        payment_state=Order.PaymentState.PAID,
        livemode=False,
    )
    product = Product.objects.create(sku="words", name="Words", kind="digital", price_minor=2400)
    line = OrderLine.objects.create(
        order=order,
        position=1,
        product=product,
        sku="words",
        name="Words",
        unit_price_minor=2400,
        quantity=1,
        total_minor=2400,
    )
    SoldComponent.objects.create(
        line=line,
        product=product,
        sku="words",
        name="Words",
        kind="digital",
        quantity=1,
        share_minor=2400,
        unlock_keys=[str(guide.translation_key)],
    )
    CheckoutAttempt.objects.create(
        order=order,
        fingerprint="f",
        params_json="{}",
        session_id="cs_test_1",
        status="complete",
        expires_at=order.placed_at,
    )
    grant_for(order)
    return order


def after_paying(client: Client) -> BeautifulSoup:
    response = client.get(reverse("anahata_shop:checkout-return"), {"session_id": "cs_test_1"})
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def test_after_paying_a_guest_is_offered_a_code_to_the_masked_address(client: Client, paid: Order) -> None:
    page = after_paying(client)

    form = page.select_one(f"form[action='{reverse('anahata_accounts:send-code')}']")
    assert form is not None
    assert form.button.get_text(strip=True) == "Send me a code"
    assert form.find("input", attrs={"name": "next"})["value"] == reverse("anahata_journal:home")
    assert "m•••@e•••.org" in page.text
    assert paid.email not in str(page)


def test_after_paying_someone_signed_in_opens_the_journal_at_once(
    client: Client, paid: Order, make_user: Any, guide: Page
) -> None:
    buyer = make_user("mara@example.org")
    Order.objects.update(user=buyer)
    client.force_login(buyer)

    page = after_paying(client)

    assert page.select_one(f"main a.button[href='{reverse('anahata_journal:home')}']").text == "Open my journal"
    assert page.select_one("main a[href$='/harmony/']").text == "Harmony"
    assert page.select_one(f"form[action='{reverse('anahata_accounts:send-code')}']") is None


def test_an_articles_question_leads_to_the_journal_where_it_can_be_answered(client: Client, guide: Page) -> None:
    questions = [{"type": "item", "id": QUESTION, "value": {"text": "Whom do I trust?"}}]
    body = [{"type": "question_list", "value": {"guide": guide.pk, "questions": questions}}]
    index = guide.get_parent().add_child(instance=BlogIndexPage(title="Blog", slug="blog"))
    article = index.add_child(instance=ArticlePage(title="On trust", slug="on-trust", body=json.dumps(body)))

    page = BeautifulSoup(client.get(article.url).content, "html.parser")

    link = page.find("a", href=reverse("anahata_journal:answer-question", args=[guide.translation_key, QUESTION]))
    assert link.get_text() == "Answer this in your journal: Whom do I trust?"
    assert link.find_parent(attrs={"data-aside": True})
