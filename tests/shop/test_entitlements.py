"""Who may use what."""

from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core import signing
from django.db import IntegrityError, transaction

from shop.entitlements import claim, grant_for, has_access
from shop.models import Entitlement, Order, Product
from shop.orders import code_token, email_for_code_token, masked
from shop.sync import sync_session
from tests.shop.conftest import cart_with, session_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def paid(begin: Any, stripe_server: Any, journal: Product, settings: Any) -> Order:
    settings.SHOP_BUYER_FOR_EMAIL = ""
    order: Order = begin(cart_with(journal=1))
    stripe_server.pay(session_of(order), email="Mara@Example.org")
    sync_session(session_of(order))
    order.refresh_from_db()
    return order


def test_a_guests_purchase_waits_for_its_address(paid: Order, guide: Any, make_user: Any) -> None:
    mara = make_user("mara@example.org")
    before = has_access(mara, str(guide.translation_key))

    moved = claim(mara, "MARA@example.org ")

    paid.refresh_from_db()
    assert (before, moved, paid.user_id) == (False, 2, mara.pk)
    assert has_access(mara, str(guide.translation_key))


def test_claiming_again_moves_nothing(paid: Order, make_user: Any) -> None:
    mara, other = make_user("mara@example.org"), make_user("other@example.org")
    claim(mara, "mara@example.org")

    assert claim(mara, "mara@example.org") == 0
    assert claim(other, "mara@example.org") == 0
    assert Order.objects.get().user_id == mara.pk


def test_another_address_claims_nothing(paid: Order, guide: Any, make_user: Any) -> None:
    other = make_user("other@example.org")

    assert claim(other, "other@example.org") == 0
    assert not has_access(other, str(guide.translation_key))


def test_nobodys_address_claims_nothing(begin: Any, journal: Product, make_user: Any) -> None:
    begin(cart_with(journal=1))  # not paid yet: its address is empty

    assert claim(make_user(), "  ") == 0


def test_access_costs_one_query_and_none_for_a_visitor(
    paid: Order, guide: Any, make_user: Any, django_assert_num_queries: Any
) -> None:
    mara = make_user("mara@example.org")
    claim(mara, "mara@example.org")

    with django_assert_num_queries(1):
        assert has_access(mara, str(guide.translation_key))
    with django_assert_num_queries(0):
        assert not has_access(AnonymousUser(), str(guide.translation_key))
        assert not has_access(mara, "not a key")


def test_another_page_stays_closed(paid: Order, make_user: Any) -> None:
    mara = make_user("mara@example.org")
    claim(mara, "mara@example.org")

    assert not has_access(mara, str(uuid4()))


@pytest.mark.parametrize("state", ["suspended", "revoked"])
def test_a_right_that_was_taken_back_opens_nothing(paid: Order, guide: Any, make_user: Any, state: str) -> None:
    mara = make_user("mara@example.org")
    claim(mara, "mara@example.org")

    Entitlement.objects.update(state=state)

    assert not has_access(mara, str(guide.translation_key))
    assert paid.unlocked_pages() == []


def test_bought_twice_it_stays_when_one_is_taken_back(
    begin: Any,
    stripe_server: Any,
    journal: Product,
    bundle: Product,
    zone: Any,
    guide: Any,
    make_user: Any,
    settings: Any,
) -> None:
    settings.SHOP_BUYER_FOR_EMAIL = ""
    mara = make_user("mara@example.org")
    for cart in (cart_with(journal=1), cart_with("DE", bundle=1)):
        order = begin(cart)
        stripe_server.pay(session_of(order), email="mara@example.org")
        sync_session(session_of(order))
    claim(mara, "mara@example.org")

    Entitlement.objects.filter(component__line__sku="bundle").update(state="revoked")

    assert Entitlement.objects.count() == 2
    assert has_access(mara, str(guide.translation_key))


def test_granting_again_grants_nothing_more(paid: Order) -> None:
    grant_for(paid)

    assert Entitlement.objects.count() == 1


def test_a_right_outlives_its_page(paid: Order, guide: Any, make_user: Any) -> None:
    mara, key = make_user("mara@example.org"), str(guide.translation_key)
    claim(mara, "mara@example.org")

    guide.delete()

    assert has_access(mara, key)
    assert Entitlement.objects.get().page is None


def test_addresses_are_kept_in_lower_case(paid: Order) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Order.objects.update(email="Mara@example.org")


def test_a_code_token_leads_to_the_address(paid: Order) -> None:
    assert email_for_code_token(code_token(paid)) == "mara@example.org"


def test_a_code_token_says_neither_address_nor_secret_link(paid: Order) -> None:
    token = code_token(paid)

    assert "mara" not in token
    assert paid.public_token not in token


def test_a_forged_or_foreign_token_leads_nowhere(paid: Order) -> None:
    foreign = signing.TimestampSigner(salt="something else").sign(paid.number)

    assert [email_for_code_token(token) for token in ("", "x:y:z", code_token(paid) + "0", foreign)] == [None] * 4


def test_a_code_token_ends_after_an_hour(paid: Order) -> None:
    import time_machine

    token = code_token(paid)
    with time_machine.travel("2099-01-01T00:00:00Z"):
        late = email_for_code_token(token)

    assert late is None


@pytest.mark.parametrize(
    ("email", "shown"),
    [("mara@example.org", "m•••@e•••.org"), ("a@b.co.uk", "a•••@b•••.uk"), ("", ""), ("nonsense", "")],
)
def test_an_address_is_masked(email: str, shown: str) -> None:
    assert masked(email) == shown
