"""Accounts that a guest's purchase makes."""

import threading
from collections.abc import Callable

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import AbstractBaseUser
from django.db import connection
from django.test import Client

from accounts.buyers import buyer_for_email
from accounts.models import User

MakeUser = Callable[..., AbstractBaseUser]
SignIn = Callable[..., Client]


@pytest.mark.django_db
def test_a_buyer_gets_an_account_without_a_password_whose_address_is_not_proven() -> None:
    user = buyer_for_email(" Anna@Harmony.test ")

    assert user is not None
    assert (user.email, user.has_usable_password(), user.is_staff) == ("anna@harmony.test", False, False)
    assert EmailAddress.objects.get().verified is False


@pytest.mark.django_db
def test_a_buyer_can_sign_in_by_a_code_and_so_proves_the_address(sign_in: SignIn) -> None:
    user = buyer_for_email("anna@harmony.test")

    client = sign_in("anna@harmony.test")

    assert user is not None
    assert client.session["_auth_user_id"] == str(user.pk)
    assert EmailAddress.objects.get().verified is True


@pytest.mark.django_db
def test_buying_again_makes_nothing_new_and_takes_nothing_away(sign_in: SignIn) -> None:
    first = buyer_for_email("anna@harmony.test")
    sign_in("anna@harmony.test")

    second = buyer_for_email("ANNA@harmony.test")

    assert first == second
    assert User.objects.count() == 1
    assert EmailAddress.objects.get().verified is True


@pytest.mark.django_db
def test_a_closed_account_buys_as_a_guest(make_user: MakeUser) -> None:
    make_user("anna@harmony.test", is_active=False)

    assert buyer_for_email("anna@harmony.test") is None
    assert not EmailAddress.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("email", ["", " ", "anna", "anna@", "a@b@c.test", "anna@harmony.test\nBcc: all@harmony.test"])
def test_what_is_no_address_makes_no_account(email: str) -> None:
    assert buyer_for_email(email) is None
    assert not User.objects.exists()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="races need PostgreSQL: set TEST_DATABASE_URL")
def test_deliveries_at_the_same_moment_make_one_account() -> None:
    start, made = threading.Barrier(8), []

    def buy() -> None:
        start.wait()
        made.append(buyer_for_email("anna@harmony.test"))
        connection.close()

    threads = [threading.Thread(target=buy) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len({user.pk for user in made if user}) == 1
    assert len(made) == 8
    assert User.objects.count() == EmailAddress.objects.count() == 1
