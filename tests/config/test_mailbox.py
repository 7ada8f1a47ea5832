"""The mail store of development: kept whole, read by its owner, shown to this machine only."""

import re
import stat
import threading
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.test import Client

from config import mailbox
from tests.accounts.conftest import use_mail_backend

HERE = {"HTTP_HOST": "localhost:8000"}


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    """Keep this test's mails in a folder of its own, which the first mail makes."""
    settings.MAILBOX_DIR = tmp_path / "data" / "mail"
    settings.MAILBOX_PAGE = True
    use_mail_backend(settings, "config.mailbox.MailboxBackend")
    return tmp_path / "data" / "mail"


def send(subject: str = "Your sign-in code", text: str = "Hello,\n\n1234-5678\n", html: str = "") -> str:
    """Send a mail and return the name it is kept by."""
    message = EmailMultiAlternatives(subject, text, "Anahata <hello@localhost>", ["anna@harmony.test"])
    if html:
        message.attach_alternative(html, "text/html")
    message.send()
    return mailbox.kept_names()[0]


def test_a_mail_is_one_file_that_only_its_owner_reads(folder: Path) -> None:
    name = send("Grüße", "Schön: http://localhost:8000/orders/abc/\n")

    assert [path.name for path in folder.iterdir()] == [f"{name}.eml"]
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / f"{name}.eml").stat().st_mode) == 0o600
    assert mailbox.kept_mail(name).subject == "Grüße"
    assert mailbox.kept_mail(name).text == "Schön: http://localhost:8000/orders/abc/\n"


def test_names_sort_by_time_and_mails_sent_at_once_are_all_kept(folder: Path) -> None:
    first = send("first")
    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    last = send("last")

    names = mailbox.kept_names()
    assert (names[0], names[-1], len(names)) == (last, first, 10)


def test_a_half_written_mail_is_not_shown(folder: Path) -> None:
    name = send()
    (folder / ".00000000000000000001-00000000").write_bytes(b"Subject: half")
    (folder / "notes.eml").write_bytes(b"Subject: by hand")

    assert mailbox.kept_names() == [name]


def test_the_list_shows_the_newest_first(client: Client) -> None:
    send("The first")
    send("The second")

    page = client.get("/_mail/", **HERE).content.decode()

    assert page.index("The second") < page.index("The first")
    assert "anna@harmony.test" in page


def test_an_empty_store_is_said(client: Client) -> None:
    assert "No mail yet" in client.get("/_mail/", **HERE).content.decode()


def test_a_mail_shows_its_code_alone_and_its_links_to_follow(client: Client) -> None:
    name = send(text="Hello,\n\n1234-5678\n\nhttp://localhost:8000/orders/abc/ <script>alert(1)</script>\n")

    page = client.get(f"/_mail/{name}/", **HERE).content.decode()

    assert '<p class="code">1234-5678</p>' in page
    assert re.search(r'<a href="http://localhost:8000/orders/abc/"[^>]*>', page)
    assert "<script>alert" not in page


def test_the_html_of_a_mail_can_do_nothing(client: Client) -> None:
    name = send(html="<script>alert(1)</script><p>Hello</p>")

    page = client.get(f"/_mail/{name}/", **HERE).content.decode()
    html = client.get(f"/_mail/{name}/html", **HERE)

    assert f'sandbox src="/_mail/{name}/html"' in page
    assert html.content.decode().startswith("<script>")
    assert html["Content-Security-Policy"].startswith("sandbox; default-src 'none';")
    assert "script-src" not in html["Content-Security-Policy"]
    assert html["X-Frame-Options"] == "SAMEORIGIN"
    assert html["X-Content-Type-Options"] == "nosniff"


@pytest.mark.django_db
def test_a_mail_without_html_has_no_such_page(client: Client) -> None:
    assert client.get(f"/_mail/{send()}/html", **HERE).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize(
    "request_",
    [
        {"HTTP_HOST": "testserver"},
        {"HTTP_HOST": "evil.test"},
        {**HERE, "REMOTE_ADDR": "192.0.2.1"},
        {**HERE, "REMOTE_ADDR": "::ffff:192.0.2.1"},
        {**HERE, "REMOTE_ADDR": ""},
        {**HERE, "HTTP_X_FORWARDED_FOR": "127.0.0.1"},
        {**HERE, "HTTP_X_FORWARDED_HOST": "localhost"},
        {**HERE, "HTTP_FORWARDED": "for=127.0.0.1"},
        {**HERE, "HTTP_X_FORWARDED_PROTO": "https"},
        {**HERE, "HTTP_X_REAL_IP": "127.0.0.1"},
        {**HERE, "HTTP_VIA": "1.1 proxy"},
    ],
)
def test_nobody_else_sees_anything(request_: dict[str, str], client: Client, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    name = send(html="<p>Hello</p>")

    answers = [client.get(path, **request_) for path in ["/_mail/", f"/_mail/{name}/", f"/_mail/{name}/html"]]

    assert [answer.status_code for answer in answers] == [404] * 3


@pytest.mark.parametrize("host", ["localhost", "localhost:8000", "127.0.0.1:9000", "[::1]:8000"])
@pytest.mark.parametrize("address", ["127.0.0.1", "::1"])
def test_this_machine_sees_its_mails_by_its_own_names(host: str, address: str, client: Client, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]

    assert client.get("/_mail/", HTTP_HOST=host, REMOTE_ADDR=address).status_code == 200


@pytest.mark.django_db
def test_without_the_setting_there_is_nothing(client: Client, settings: Any) -> None:
    settings.MAILBOX_PAGE = False

    assert client.get("/_mail/", **HERE).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name",
    [
        "..",
        "../keys/django",
        "..%2f..%2fkeys%2fdjango",
        "%2e%2e",
        "0" * 20 + "-0000000g",
        "0" * 20 + "-00000000",
        "0" * 20 + "-00000000%00",
    ],
)
def test_no_name_leads_out_of_the_folder(name: str, client: Client, folder: Path) -> None:
    send()
    (folder.parent / "keys").mkdir()
    (folder.parent / "keys" / "django").write_text("secret")

    for path in [f"/_mail/{name}/", f"/_mail/{name}/html"]:
        answer = client.get(path, **HERE)
        assert answer.status_code in {301, 404}
        assert "secret" not in answer.content.decode()


@pytest.mark.parametrize("name", ["../keys/django", "..", "/etc/passwd", "0" * 20 + "-00000000\n"])
def test_what_is_no_name_is_refused_before_any_file_is_touched(name: str) -> None:
    with pytest.raises(ValueError, match=re.escape(name)):
        mailbox.kept_mail(name)


def test_mails_are_kept_by_no_cache_and_take_no_forms(client: Client) -> None:
    name = send(html="<p>Hello</p>")

    for path in ["/_mail/", f"/_mail/{name}/", f"/_mail/{name}/html"]:
        assert "no-store" in client.get(path, **HERE)["Cache-Control"]
        assert client.post(path, **HERE).status_code == 405


@pytest.mark.django_db
def test_a_person_signs_in_with_the_code_from_the_page(client: Client, make_user: Any) -> None:
    make_user("reader-of-mails@harmony.test")
    client.post("/account/login/", {"email": "reader-of-mails@harmony.test"}, **HERE)

    page = client.get(f"/_mail/{mailbox.kept_names()[0]}/", **HERE).content.decode()
    code = re.search(r'<p class="code">([\d-]+)</p>', page)
    assert code
    client.post("/account/login/code/", {"code": code[1]}, **HERE)

    assert "_auth_user_id" in client.session
    assert not getattr(mail, "outbox", [])
