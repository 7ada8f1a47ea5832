"""Signing in: by a code sent by mail, and by nothing else."""

import re
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.contrib.auth import authenticate
from django.contrib.auth.models import AbstractBaseUser
from django.core import mail
from django.test import Client

from accounts.models import User

from .conftest import code_in, use_mail_backend

pytestmark = pytest.mark.django_db

MakeUser = Callable[..., AbstractBaseUser]
SignIn = Callable[..., Client]

ELSEWHERE = [
    "https://evil.test/",
    "//evil.test/",
    "///evil.test/",
    "/\\evil.test",
    "\\\\evil.test",
    "https:evil.test",
    "javascript:alert(1)",
    "http://testserver@evil.test/",
    "http://testserver.evil.test/",
    "http://localhost/",
    " //evil.test",
    "\t//evil.test",
]


def body(response: Any) -> str:
    """Return the page without what differs from one request to the next by design."""
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", response.content.decode())


def test_a_code_signs_in(client: Client, make_user: MakeUser) -> None:
    user = make_user("anna@harmony.test")

    asked = client.post("/account/login/", {"email": "Anna@Harmony.test"})
    page = client.get(asked["Location"])
    entered = client.post("/account/login/code/", {"code": code_in(mail.outbox[0])})

    assert asked["Location"] == "/account/login/code/"
    assert "anna@harmony.test" in page.content.decode()
    assert entered["Location"] == "/account/"
    assert client.session["_auth_user_id"] == str(user.pk)
    assert "anna@harmony.test" in client.get("/account/").content.decode()


def test_the_pages_carry_the_words_and_the_hints_for_keyboards(client: Client, make_user: MakeUser) -> None:
    make_user("anna@harmony.test")

    asking = client.get("/account/login/").content.decode()
    client.post("/account/login/", {"email": "anna@harmony.test"})
    entering = client.get("/account/login/code/").content.decode()

    assert "Send me a code" in asking
    assert 'autocomplete="email"' in asking
    assert 'autocomplete="one-time-code"' in entering
    assert 'inputmode="numeric"' in entering
    assert "Sign in</button>" in entering


def test_a_code_may_be_typed_without_its_dash_and_with_blanks(client: Client, make_user: MakeUser) -> None:
    make_user("anna@harmony.test")
    client.post("/account/login/", {"email": "anna@harmony.test"})
    digits = code_in(mail.outbox[0]).replace("-", "")

    client.post("/account/login/code/", {"code": f" {digits[:2]} {digits[2:]} "})

    assert "_auth_user_id" in client.session


def test_known_unknown_and_closed_accounts_get_the_same_answer(make_user: MakeUser) -> None:
    make_user("known@harmony.test")
    make_user("closed@harmony.test", is_active=False)
    answers = []

    for name in ["known", "nobody", "closed"]:
        client = Client()
        asked = client.post("/account/login/", {"email": f"{name}@harmony.test"})
        page = client.get("/account/login/code/")
        wrong = client.post("/account/login/code/", {"code": "0000-0000"})
        again = client.post("/account/login/code/again/")
        answers.append(
            [
                (response.status_code, response.get("Location"), body(response).replace(name, "NAME"))
                for response in (asked, page, wrong, again)
            ]
        )

    assert answers[0] == answers[1] == answers[2]
    assert [message.to[0].partition("@")[0] for message in mail.outbox] == ["known"] * 2 + ["nobody"] * 2 + [
        "closed"
    ] * 2


def test_only_an_open_account_is_sent_a_code(client: Client, make_user: MakeUser) -> None:
    make_user("known@harmony.test")
    make_user("closed@harmony.test", is_active=False)

    for name in ["known", "nobody", "closed"]:
        Client().post("/account/login/", {"email": f"{name}@harmony.test"})

    known, nobody, closed = mail.outbox
    assert code_in(known)
    assert code_in(nobody) == code_in(closed) == ""
    assert "another address at the checkout" in nobody.body
    assert nobody.body == closed.body


def test_nobody_guesses_their_way_into_what_has_no_account(client: Client, make_user: MakeUser) -> None:
    client.post("/account/login/", {"email": "nobody@harmony.test"})

    for code in ["", "0000-0000"]:
        client.post("/account/login/code/", {"code": code})

    assert "_auth_user_id" not in client.session
    assert not User.objects.exists()


def test_mails_are_plain_and_neutral_and_from_this_site(client: Client, make_user: MakeUser) -> None:
    make_user("known@harmony.test")

    for name in ["known", "nobody"]:
        Client().post("/account/login/", {"email": f"{name}@harmony.test"})

    for message in mail.outbox:
        html = message.alternatives[0][0]  # type: ignore[attr-defined]
        assert message.body.startswith("Hello,")
        assert message.body.endswith("Anahata")
        assert "example.com" not in message.body + html + message.subject
        assert "journal" not in message.subject.lower()
        assert code_in(message) in html
    assert [message.subject for message in mail.outbox] == ["Your sign-in code", "About signing in"]


def test_three_wrong_codes_end_it_and_the_right_one_comes_too_late(client: Client, make_user: MakeUser) -> None:
    make_user("anna@harmony.test")
    client.post("/account/login/", {"email": "anna@harmony.test"})
    right = code_in(mail.outbox[0])

    answers = [client.post("/account/login/code/", {"code": "0000-0000", "next": "/blog/"}) for _ in range(3)]
    late = client.post("/account/login/code/", {"code": right})

    assert [answer.status_code for answer in answers] == [200, 200, 302]
    assert answers[2]["Location"] == "/account/login/?next=/blog/"
    assert late["Location"] == "/account/login/"
    assert "_auth_user_id" not in client.session


def test_tries_sent_at_the_same_moment_are_counted_all_the_same(client: Client, make_user: MakeUser) -> None:
    make_user("anna@harmony.test")
    client.post("/account/login/", {"email": "anna@harmony.test"})
    right = code_in(mail.outbox[0])
    untried = dict(client.session.items())

    for _ in range(3):
        client.post("/account/login/code/", {"code": "0000-0000"})
        session = client.session
        session.update(untried)  # as a request sees it that started before the others ended
        session.save()
    client.post("/account/login/code/", {"code": right})

    assert "_auth_user_id" not in client.session


def test_a_code_is_good_for_ten_minutes(client: Client, make_user: MakeUser) -> None:
    make_user("anna@harmony.test")

    with time_machine.travel("2026-11-23 10:00:00+00:00", tick=False) as clock:
        client.post("/account/login/", {"email": "anna@harmony.test"})
        clock.shift(601)
        client.post("/account/login/code/", {"code": code_in(mail.outbox[0])})

    assert "_auth_user_id" not in client.session


def test_a_used_code_opens_nothing_again(client: Client, make_user: MakeUser) -> None:
    make_user("anna@harmony.test")
    client.post("/account/login/", {"email": "anna@harmony.test"})
    code = code_in(mail.outbox[0])
    client.post("/account/login/code/", {"code": code})
    client.post("/account/logout/")

    response = client.post("/account/login/code/", {"code": code})

    assert response["Location"] == "/account/login/"
    assert "_auth_user_id" not in client.session


def test_a_code_opens_nothing_in_another_browser(client: Client, make_user: MakeUser) -> None:
    make_user("anna@harmony.test")
    make_user("other@harmony.test")
    client.post("/account/login/", {"email": "anna@harmony.test"})
    code = code_in(mail.outbox[0])
    stranger = Client()
    stranger.post("/account/login/", {"email": "other@harmony.test"})

    stranger.post("/account/login/code/", {"code": code})
    Client().post("/account/login/code/", {"code": code})

    assert "_auth_user_id" not in stranger.session


def test_a_new_code_makes_the_old_one_void(client: Client, make_user: MakeUser) -> None:
    make_user("anna@harmony.test")
    client.post("/account/login/", {"email": "anna@harmony.test"})
    client.post("/account/login/code/again/", {"next": "/blog/"})
    old, new = (code_in(message) for message in mail.outbox)

    client.post("/account/login/code/", {"code": old})
    signed_in_by_old = "_auth_user_id" in client.session
    client.post("/account/login/code/", {"code": new})

    assert not signed_in_by_old
    assert "_auth_user_id" in client.session


def test_looking_at_the_pages_uses_nothing_up(client: Client, make_user: MakeUser) -> None:
    make_user("anna@harmony.test")
    client.post("/account/login/", {"email": "anna@harmony.test"})

    for _ in range(5):
        client.get("/account/login/code/")
        client.get("/account/login/")
        client.head("/account/login/code/")
    client.post("/account/login/code/", {"code": code_in(mail.outbox[0])})

    assert "_auth_user_id" in client.session
    assert len(mail.outbox) == 1


def test_codes_to_one_address_are_limited_with_the_same_words_for_all(make_user: MakeUser) -> None:
    make_user("known@harmony.test")
    refusals = []

    for name in ["known", "nobody"]:
        answers = [Client().post("/account/login/", {"email": f"{name}@harmony.test"}) for _ in range(4)]
        refusals.append((answers[3].status_code, body(answers[3]).replace(name, "NAME")))

    assert len(mail.outbox) == 6
    assert refusals[0] == refusals[1]
    assert "tried quite often" in refusals[0][1]


def test_asking_again_is_limited_too_and_keeps_the_code(client: Client, make_user: MakeUser) -> None:
    make_user("anna@harmony.test")
    client.post("/account/login/", {"email": "anna@harmony.test"})

    for _ in range(5):
        client.post("/account/login/code/again/")
    page = client.get("/account/login/code/").content.decode()
    client.post("/account/login/code/", {"code": code_in(mail.outbox[-1])})

    assert len(mail.outbox) == 3
    assert "tried quite often" in page
    assert "_auth_user_id" in client.session


def test_a_dead_cache_keeps_nobody_out_and_limits_go_on(
    make_user: MakeUser, sign_in: SignIn, settings: Any, caplog: Any
) -> None:
    make_user("anna@harmony.test")
    settings.CACHES = {"default": {"BACKEND": "tests.accounts.dead_cache.DeadCache"}}

    client = sign_in("anna@harmony.test")
    for _ in range(5):
        Client().post("/account/login/", {"email": "anna@harmony.test"})

    assert "_auth_user_id" in client.session
    assert len(mail.outbox) == 3
    assert "The cache is down" in caplog.text
    assert "anna" not in caplog.text


def test_a_dead_mail_server_is_said_the_same_way_to_all(make_user: MakeUser, settings: Any) -> None:
    make_user("known@harmony.test")
    use_mail_backend(settings, "tests.accounts.refusing.RefusingBackend")

    answers = [Client().post("/account/login/", {"email": f"{name}@harmony.test"}) for name in ["known", "nobody"]]

    assert [answer.status_code for answer in answers] == [503, 503]
    assert body(answers[0]).replace("known", "NAME") == body(answers[1]).replace("nobody", "NAME")
    assert "We cannot send mail right now" in body(answers[0])


def test_the_session_is_a_new_one_after_signing_in(client: Client, make_user: MakeUser) -> None:
    make_user("anna@harmony.test")
    client.post("/account/login/", {"email": "anna@harmony.test"})
    before = client.session.session_key

    client.post("/account/login/code/", {"code": code_in(mail.outbox[0])})
    fixed = Client()
    fixed.cookies["sessionid"] = before

    assert client.session.session_key != before
    assert fixed.get("/account/").status_code == 302


def test_next_leads_on_within_this_site(client: Client, make_user: MakeUser) -> None:
    make_user("anna@harmony.test")

    asked = client.post("/account/login/", {"email": "anna@harmony.test", "next": "/blog/?page=2"})
    entered = client.post(asked["Location"], {"code": code_in(mail.outbox[0])})

    assert entered["Location"] == "/blog/?page=2"


@pytest.mark.parametrize("address", ELSEWHERE)
def test_next_leads_nowhere_else(address: str, client: Client, make_user: MakeUser) -> None:
    make_user("anna@harmony.test")

    page = client.get("/account/login/", {"next": address})
    asked = client.post("/account/login/", {"email": "anna@harmony.test", "next": address})
    entered = client.post("/account/login/code/", {"code": code_in(mail.outbox[0]), "next": address})
    back = client.get("/account/login/", {"next": address})
    out = client.post("/account/logout/", {"next": address})

    assert "evil" not in page.content.decode()
    assert asked["Location"] == "/account/login/code/"
    assert entered["Location"] == "/account/"
    assert back["Location"] == "/account/"
    assert out["Location"] == "/account/login/"


def test_signing_out_takes_a_form(client: Client, make_user: MakeUser, sign_in: SignIn) -> None:
    make_user("anna@harmony.test")
    sign_in("anna@harmony.test", client)

    looked = client.get("/account/logout/")
    still = client.get("/account/")
    left = client.post("/account/logout/")

    assert looked.status_code == 200
    assert still.status_code == 200
    assert "You are signed out." in client.get(left["Location"]).content.decode()
    assert client.get("/account/")["Location"] == "/account/login/?next=/account/"


def test_a_mistyped_address_can_be_put_right(client: Client, make_user: MakeUser) -> None:
    make_user("anna@harmony.test")
    client.post("/account/login/", {"email": "ana@harmony.test"})

    page = client.get("/account/login/")
    client.post("/account/login/", {"email": "anna@harmony.test"})
    client.post("/account/login/code/", {"code": code_in(mail.outbox[-1])})

    assert page.status_code == 200
    assert "_auth_user_id" in client.session


def test_the_code_proves_the_address(make_user: MakeUser, sign_in: SignIn) -> None:
    user = make_user("anna@harmony.test")

    sign_in("anna@harmony.test")

    address = EmailAddress.objects.get()
    assert (address.user_id, address.email, address.verified, address.primary) == (
        user.pk,
        "anna@harmony.test",
        True,
        True,
    )


def test_asking_for_a_code_proves_nothing(client: Client, make_user: MakeUser) -> None:
    make_user("anna@harmony.test")

    client.post("/account/login/", {"email": "anna@harmony.test"})
    client.post("/account/login/code/", {"code": "0000-0000"})

    assert not EmailAddress.objects.filter(verified=True).exists()


def test_an_account_closed_after_the_code_was_sent_stays_closed(client: Client, make_user: MakeUser) -> None:
    make_user("anna@harmony.test")
    client.post("/account/login/", {"email": "anna@harmony.test"})
    User.objects.update(is_active=False)

    response = client.post("/account/login/code/", {"code": code_in(mail.outbox[0])})

    assert response["Location"] == "/account/login/"
    assert "_auth_user_id" not in client.session


def test_closing_an_account_ends_its_sessions(make_user: MakeUser, sign_in: SignIn) -> None:
    make_user("anna@harmony.test")
    client = sign_in("anna@harmony.test")

    User.objects.update(is_active=False)

    assert client.get("/account/").status_code == 302


def test_a_changed_address_opens_the_account_no_more(make_user: MakeUser, sign_in: SignIn) -> None:
    make_user("old@harmony.test")
    sign_in("old@harmony.test")
    User.objects.update(email="new@harmony.test")

    by_old = sign_in("old@harmony.test")
    by_new = sign_in("new@harmony.test")

    assert "_auth_user_id" not in by_old.session
    assert "_auth_user_id" in by_new.session
    assert [address.email for address in EmailAddress.objects.all()] == ["new@harmony.test"]


def test_a_code_sent_to_an_address_changed_meanwhile_is_void(client: Client, make_user: MakeUser) -> None:
    make_user("old@harmony.test")
    client.post("/account/login/", {"email": "old@harmony.test"})
    User.objects.update(email="new@harmony.test")

    client.post("/account/login/code/", {"code": code_in(mail.outbox[0])})

    assert "_auth_user_id" not in client.session


def test_no_password_opens_anything(make_user: MakeUser) -> None:
    make_user("anna@harmony.test", password="correct horse battery")

    assert authenticate(username="anna@harmony.test", password="correct horse battery") is None


@pytest.mark.parametrize(
    "path",
    [
        "/account/signup/", "/account/password/reset/", "/account/password/change/", "/account/password/set/",
        "/account/email/", "/account/reauthenticate/", "/account/inactive/", "/account/confirm-email/",
        "/admin/password_reset/", "/admin/password_reset/complete/",
    ],
)  # fmt: skip
def test_there_is_no_page_for_passwords_or_signing_up(path: str, client: Client) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/account/login/",
        "/account/login/code/",
        "/account/login/code/again/",
        "/account/send-code/",
        "/account/logout/",
        "/account/confirm/",
    ],
)
def test_forms_from_elsewhere_are_refused(path: str, make_user: MakeUser) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(make_user("anna@harmony.test"))

    assert strict.post(path, {"email": "anna@harmony.test"}).status_code == 403
    assert Client(enforce_csrf_checks=True).post(path, {"email": "anna@harmony.test"}).status_code == 403


def test_no_account_page_is_kept_by_any_cache(client: Client, make_user: MakeUser, sign_in: SignIn) -> None:
    make_user("anna@harmony.test")
    stranger = Client()
    stranger.post("/account/login/", {"email": "anna@harmony.test"})
    sign_in("anna@harmony.test", client)

    answers = [
        stranger.get("/account/login/"), stranger.get("/account/login/code/"), stranger.get("/account/"),
        stranger.get("/account/confirm/"), stranger.get("/account/logout/"), stranger.get("/admin/login/"),
        client.get("/account/"), client.get("/account/confirm/"), client.get("/account/logout/"), client.get("/admin/login/"),
        client.get("/account/login/"), client.post("/account/login/code/again/"), client.post("/account/logout/"),
    ]  # fmt: skip

    assert all("no-store" in answer["Cache-Control"] for answer in answers)


def test_the_account_page_costs_few_queries(
    make_user: MakeUser, sign_in: SignIn, django_assert_max_num_queries: Any
) -> None:
    make_user("anna@harmony.test")
    client = sign_in("anna@harmony.test")

    with django_assert_max_num_queries(4):
        client.get("/account/")
