"""What pages tell search engines lies in inline data blocks: the strict policy must have nothing to say about them."""

import json

import pytest
from playwright.sync_api import Page

from .conftest import Demo

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("/blog/heart-chakra-imbalances-and-trust-issues/", "Article"),
        ("/shop/heart-chakra-healing-bundle/", "Product"),
    ],
)
def test_a_browser_keeps_the_data_of_a_page_and_reports_nothing(
    demo: Demo, page: Page, address: str, kind: str
) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.add_init_script(
        "document.addEventListener('securitypolicyviolation', event => console.error(event.violatedDirective))"
    )

    page.goto(f"{demo.url}{address}", wait_until="networkidle")

    data = json.loads(page.locator("script[type='application/ld+json']").inner_text())
    assert data.get("@graph", [data])[0]["@type"] == kind
    assert said == []
    page.evaluate("document.head.append(Object.assign(document.createElement('script'), {textContent: '1'}))")
    assert any("script-src" in words for words in said), "what is refused would have been heard"
