"""What the site's answers allow a browser to load and to run."""

from typing import Any

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def policy(response: Any) -> dict[str, set[str]]:
    """Return the answer's Content-Security-Policy by directive."""
    parts = [part.split() for part in response["Content-Security-Policy"].split(";") if part.strip()]
    return {part[0]: set(part[1:]) for part in parts}


@pytest.mark.parametrize("address", ["/cart/", "/account/login/", "/nowhere/"])
def test_a_page_runs_nothing_inline_and_loads_nothing_from_elsewhere(client: Client, address: str) -> None:
    allowed = policy(client.get(address))

    assert allowed["default-src"] == {"'self'"}
    assert allowed["object-src"] == allowed["frame-ancestors"] == allowed["base-uri"] == {"'none'"}
    assert "script-src" not in allowed
    assert "style-src" not in allowed
    assert allowed["img-src"] == {"'self'", "data:"}


def test_a_form_may_lead_to_stripe_and_nowhere_else(client: Client) -> None:
    assert policy(client.get("/cart/"))["form-action"] == {"'self'", "https://checkout.stripe.com"}


def test_the_admin_may_run_what_wagtail_writes_inline_and_loads_nothing_from_elsewhere(admin_client: Client) -> None:
    response = admin_client.get("/admin/")

    assert response.status_code == 200
    assert policy(response)["script-src"] == {"'self'", "'unsafe-inline'"}
    assert {source for sources in policy(response).values() for source in sources} <= {
        "'self'",
        "'none'",
        "'unsafe-inline'",
        "data:",
        "blob:",
    }


def test_a_process_that_serves_says_so_without_asking_the_database(
    client: Client, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(0):
        response = client.get("/healthz")

    assert (response.status_code, response.content) == (200, b"ok\n")
    assert "no-store" in response["Cache-Control"]
