"""Staff come in through the same door, and others are told kindly."""

from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth.models import AbstractBaseUser, Group
from django.core import mail
from django.core.checks import run_checks
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client

from accounts.models import User
from accounts.staff import ensure_superuser
from journal.keyring import locked_profile_for

from .conftest import code_in

pytestmark = pytest.mark.django_db

MakeUser = Callable[..., AbstractBaseUser]
SignIn = Callable[..., Client]


def test_staff_sign_in_by_a_code_and_arrive_in_the_admin(client: Client) -> None:
    ensure_superuser("chief@harmony.test")

    door = client.get("/admin/", follow=True)
    asked = client.post("/account/login/", {"email": "chief@harmony.test", "next": "/admin/"})
    entered = client.post(asked["Location"], {"code": code_in(mail.outbox[0])}, follow=True)

    assert door.redirect_chain[-1][0] == "/account/login/?next=/admin/"
    assert entered.redirect_chain == [("/admin/", 302)]
    assert entered.status_code == 200


def test_wagtails_own_login_pages_take_no_password(client: Client, make_user: MakeUser) -> None:
    make_user("chief@harmony.test", password="correct horse", is_superuser=True)
    login = {"username": "chief@harmony.test", "password": "correct horse"}

    answers = [client.post("/admin/login/", login), client.post("/_util/login/", login)]

    assert [answer["Location"] for answer in answers] == ["/account/login/?next=/admin/", "/account/login/"]
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("address", ["https://evil.test/", "//evil.test/", "/\\evil.test"])
def test_the_door_leads_nowhere_else(address: str, client: Client) -> None:
    assert client.get("/admin/login/", {"next": address})["Location"] == "/account/login/?next=/admin/"


def test_the_door_remembers_where_staff_were_going(client: Client) -> None:
    assert client.get("/admin/pages/")["Location"] == "/admin/login/?next=/admin/pages/"
    assert client.get("/admin/login/?next=/admin/pages/")["Location"] == "/account/login/?next=/admin/pages/"


def test_someone_without_a_right_to_the_admin_is_told_so_and_not_sent_round(
    make_user: MakeUser, sign_in: SignIn
) -> None:
    make_user("reader@harmony.test")
    client = sign_in("reader@harmony.test")

    answer = client.get("/admin/", follow=True)

    assert len(answer.redirect_chain) == 1
    assert answer.status_code == 403
    assert "reader@harmony.test" in answer.content.decode()


def test_staff_who_are_signed_in_pass_the_door(make_user: MakeUser, sign_in: SignIn) -> None:
    user = make_user("editor@harmony.test")
    user.groups.add(Group.objects.get(name="Editors"))  # type: ignore[attr-defined]
    client = sign_in("editor@harmony.test")

    assert client.get("/admin/login/?next=/admin/pages/")["Location"] == "/admin/pages/"


def test_staff_sign_out_of_the_admin(sign_in: SignIn) -> None:
    ensure_superuser("chief@harmony.test")
    client = sign_in("chief@harmony.test")

    answer = client.post("/admin/logout/", follow=True)

    assert answer.redirect_chain[-1][0] == "/account/login/?next=/admin/"
    assert "_auth_user_id" not in client.session


def test_the_admin_offers_no_password(sign_in: SignIn) -> None:
    ensure_superuser("chief@harmony.test")
    client = sign_in("chief@harmony.test")

    pages = [client.get(path) for path in ["/admin/account/", "/admin/users/new/", "/admin/users/"]]

    assert [page.status_code for page in pages] == [200, 200, 200]
    assert all('type="password"' not in page.content.decode() for page in pages)


def test_staff_make_change_and_close_accounts_in_the_admin(sign_in: SignIn) -> None:
    ensure_superuser("chief@harmony.test")
    client = sign_in("chief@harmony.test")
    form = {"email": "Mo@Harmony.test", "name": "Mo", "groups": [Group.objects.get(name="Moderators").pk]}

    made = client.post("/admin/users/new/", form)
    mo = User.objects.get(email="mo@harmony.test")
    arrived = sign_in("mo@harmony.test").get("/admin/")
    edit = client.get(f"/admin/users/edit/{mo.pk}/").content.decode()
    client.post(f"/admin/users/edit/{mo.pk}/", {**form, "name": "Moderator Mo"})

    mo.refresh_from_db()
    assert made.status_code == 302
    assert arrived.status_code == 200
    assert 'name="first_name"' not in edit
    assert (mo.name, mo.is_active, mo.has_usable_password()) == ("Moderator Mo", False, False)


def test_staff_cannot_open_a_journal_by_giving_its_account_an_address_of_their_own(
    sign_in: SignIn, make_user: MakeUser
) -> None:
    ensure_superuser("chief@harmony.test")
    writer = make_user("mara@harmony.test", name="Mara")
    with transaction.atomic():
        locked_profile_for(writer)
    client = sign_in("chief@harmony.test")
    edit = f"/admin/users/edit/{writer.pk}/"

    moved = client.post(edit, {"email": "chiefs.other@harmony.test", "name": "Mara", "is_active": "on"})
    renamed = client.post(edit, {"email": "Mara@harmony.test", "name": "Mara M.", "is_active": "on"})

    writer.refresh_from_db()
    assert "keeps a journal" in moved.content.decode()
    assert renamed.status_code == 302
    assert (writer.email, writer.name) == ("mara@harmony.test", "Mara M.")


def test_an_address_without_a_journal_behind_it_can_be_corrected(sign_in: SignIn, make_user: MakeUser) -> None:
    ensure_superuser("chief@harmony.test")
    buyer = make_user("mara@harmny.test")
    client = sign_in("chief@harmony.test")

    client.post(f"/admin/users/edit/{buyer.pk}/", {"email": "Mara@harmony.test", "name": "", "is_active": "on"})

    buyer.refresh_from_db()
    assert buyer.email == "mara@harmony.test"


def test_the_first_superuser_is_made_from_the_command_line(sign_in: SignIn) -> None:
    said = StringIO()

    for _ in range(2):
        call_command("createsuperuser", "--noinput", "--email", "Chief@harmony.test", stdout=said)
    client = sign_in("chief@harmony.test")

    user = User.objects.get()
    assert (user.email, user.is_superuser, user.has_usable_password()) == ("chief@harmony.test", True, False)
    assert client.get("/admin/").status_code == 200
    assert "chief@harmony.test is a superuser" in said.getvalue()


@pytest.mark.parametrize("email", [None, "chief"])
def test_the_command_asks_for_an_address(email: str | None) -> None:
    with pytest.raises(CommandError, match="Give an e-mail address"):
        call_command("createsuperuser", interactive=False, email=email)


def test_a_superuser_is_made_once_and_raised_where_needed(make_user: MakeUser) -> None:
    reader = make_user("chief@harmony.test", is_active=False)

    first, second = ensure_superuser(" Chief@Harmony.test "), ensure_superuser("chief@harmony.test")

    assert first.pk == second.pk == reader.pk
    assert (second.is_active, second.is_staff, second.is_superuser) == (True, True, True)


def test_the_account_page_shows_staff_the_admin_and_others_not(make_user: MakeUser, sign_in: SignIn) -> None:
    ensure_superuser("chief@harmony.test")
    make_user("reader@harmony.test")

    for_staff = sign_in("chief@harmony.test").get("/account/").content.decode()
    for_readers = sign_in("reader@harmony.test").get("/account/").content.decode()

    assert 'href="/admin/"' in for_staff
    assert 'href="/admin/"' not in for_readers


def test_a_wrong_name_of_a_gated_view_is_said_at_start(settings: Any) -> None:
    from accounts.checks import check_fresh_proof_views

    settings.FRESH_PROOF_VIEWS = [
        "anahata_accounts:account",
        "account_logout",
        "anahata_accounts:acount",
        "nobody:home",
    ]

    assert [(error.id, error.msg.split("'")[1]) for error in check_fresh_proof_views(None)] == [
        ("anahata_accounts.E001", "anahata_accounts:acount"),
        ("anahata_accounts.E001", "nobody:home"),
    ]


@pytest.mark.parametrize(
    ("backend", "ids"),
    [
        ("django.core.cache.backends.dummy.DummyCache", ["anahata_accounts.E002"]),
        ("django.core.cache.backends.locmem.LocMemCache", ["anahata_accounts.W001"]),
        ("django.core.cache.backends.db.DatabaseCache", []),
    ],
)
def test_a_cache_that_would_lift_the_limits_of_sign_in_is_said_before_deploying(
    settings: Any, backend: str, ids: list[str]
) -> None:
    settings.CACHES = {"default": {"BACKEND": backend, "LOCATION": "anahata_cache"}}

    found = run_checks(include_deployment_checks=True)

    assert [message.id for message in found if str(message.id).startswith("anahata_accounts")] == ids
