"""A random word goes through every view, failures too; afterwards it is nowhere but before its writer's eyes.

Each place is searched for a second word as well, which stands in a guide's title: a search that finds nothing at all
would prove nothing.
"""

import io
import logging
import secrets
import string
from collections.abc import Callable, Iterator
from typing import Any

import django
import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse
from django.utils.log import AdminEmailHandler

from journal import tickets, views
from journal.models import Answer, AnswerVersion, GuidePage, Prompt

from .conftest import admit, dismiss

EXPORT = "/journal/my/export/"


def random_word() -> str:
    return "".join(secrets.choice(string.ascii_lowercase) for _ in range(24))


@pytest.fixture
def canary() -> str:
    return random_word()


@pytest.fixture
def marker() -> str:
    """A word that is public, to be found wherever the other is searched for."""
    return random_word()


@pytest.fixture
def canary_guide(make_guide: Callable[..., GuidePage], marker: str) -> GuidePage:
    return make_guide(("q-1", "What helps?"), title=f"A guide {marker}", slug="canary")


@pytest.fixture
def error_mail(settings: Any) -> Iterator[None]:
    """Mail every error in full, as a careless site does."""
    settings.ADMINS = [("Chief", "chief@example.com")] if django.VERSION < (6, 0) else ["chief@example.com"]
    handler = AdminEmailHandler(include_html=True)
    logger = logging.getLogger("django.request")
    logger.addHandler(handler)
    yield
    logger.removeHandler(handler)


def put(client: Client, user: Any, prompt: Prompt, text: str, **headers: str) -> Any:
    headers = {
        "If-Match": '"0"',
        "X-Writer": "tab-one-of-test",
        "X-Seq": "1",
        "X-Ticket": tickets.issue(user, prompt),
        **headers,
    }
    address = reverse("anahata_journal:save-answer", args=[prompt.pk])
    return client.put(address, text.encode(), content_type="text/plain; charset=utf-8", headers=headers)


def post(client: Client, user: Any, prompt: Prompt, text: str, **fields: str) -> Any:
    data = {"text": text, "revision": "0", "ticket": tickets.issue(user, prompt), **fields}
    return client.post(reverse("anahata_journal:answer", args=[prompt.pk]), data)


def exercise(user: Any, guide: GuidePage, prompt: Prompt, canary: str, monkeypatch: pytest.MonkeyPatch) -> set[int]:
    """Send the word through every branch of every view, and return the statuses that came back."""
    client = Client(raise_request_exception=False)
    client.force_login(user)
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(user)
    editor = reverse("anahata_journal:answer", args=[prompt.pk])
    answers = [
        put(client, user, prompt, f"{canary} one"),
        put(client, user, prompt, f"{canary} two", **{"X-Writer": "tab-two-of-test"}),
        put(client, user, prompt, canary, **{"X-Seq": "2"}),
        put(client, user, prompt, f"{canary} four", **{"X-Seq": "nonsense"}),
        put(client, user, prompt, f"{canary} five", **{"X-Ticket": "nonsense"}),
        put(client, user, prompt, canary * 3000),
        put(Client(), user, prompt, f"{canary} six"),
        put(strict, user, prompt, f"{canary} seven"),
        post(client, user, prompt, f"{canary} eight", revision="2"),
        post(client, user, prompt, f"{canary} nine"),
        post(client, user, prompt, canary * 3000),
        post(Client(), user, prompt, f"{canary} ten"),
        post(strict, user, prompt, f"{canary} eleven"),
        client.get(editor),
        client.get(reverse("anahata_journal:home")),
        client.get(reverse("anahata_journal:guide", args=[guide.translation_key])),
        client.post(EXPORT),
    ]
    with monkeypatch.context() as broken:
        broken.setattr(views, "write", _fail)
        answers += [put(client, user, prompt, f"{canary} twelve"), post(client, user, prompt, f"{canary} thirteen")]
    with monkeypatch.context() as broken:
        broken.setattr(views, "render", _fail)
        answers += [client.get(editor), post(client, user, prompt, f"{canary} fourteen")]
    dismiss(user, guide)
    answers += [put(client, user, prompt, f"{canary} fifteen"), post(client, user, prompt, f"{canary} sixteen")]
    answers += [client.get(editor)]
    admit(user, guide)
    return {answer.status_code for answer in answers}


def _fail(*args: Any, **kwargs: Any) -> Any:
    local_copy = (args, kwargs)  # a frame that holds what it was given
    raise RuntimeError("Something broke on the way.", len(local_copy))


@pytest.fixture
def exercised(
    writer: AbstractBaseUser,
    canary_guide: GuidePage,
    canary: str,
    marker: str,
    error_mail: None,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> AbstractBaseUser:
    """The writer, after the word went everywhere it can."""
    prompt = Prompt.objects.get(guide_id=canary_guide.translation_key)
    admit(writer, canary_guide)
    caplog.set_level(logging.DEBUG)
    logging.getLogger("django.request").error("The marker %s", marker)
    session = Client()
    session.force_login(writer)
    stored = session.session
    stored["marker"] = marker
    stored.save()
    cache.set("marker", marker)

    statuses = exercise(writer, canary_guide, prompt, canary, monkeypatch)

    assert statuses == {200, 302, 400, 401, 403, 404, 409, 413, 500}
    assert {version.reason for version in AnswerVersion.objects.all()} == {"sitting", "conflict", "access_ended"}
    return writer


def everything_in_the_database() -> bytes:
    """Return every value of every table, and on SQLite the bytes of the database itself."""
    found = io.BytesIO()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            for row in cursor.fetchall():
                for value in row:
                    found.write(bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode())
    if connection.vendor == "sqlite":
        found.write(connection.connection.serialize())
    return found.getvalue()


def test_the_database_does_not_hold_the_word(exercised: AbstractBaseUser, canary: str, marker: str) -> None:
    held = everything_in_the_database()

    assert marker.encode() in held
    assert canary.encode() not in held
    assert canary.encode().hex().encode() not in held


def test_a_dump_does_not_hold_the_word(exercised: AbstractBaseUser, canary: str, marker: str) -> None:
    dumped = io.StringIO()
    labels = [config.label for config in apps.get_app_configs() if config.models_module]

    call_command("dumpdata", *labels, stdout=dumped)

    assert marker in dumped.getvalue()
    assert canary not in dumped.getvalue()


def test_logs_and_error_mails_do_not_hold_the_word(
    exercised: AbstractBaseUser, canary: str, marker: str, caplog: pytest.LogCaptureFixture
) -> None:
    logs = "\n".join(logging.Formatter().format(record) for record in caplog.get_records("setup"))
    mails = "".join(
        str(message.body) + "".join(str(content) for content, _ in getattr(message, "alternatives", []))
        for message in mail.outbox
    )

    assert "Something broke on the way." in mails
    assert marker in mails
    assert canary not in mails
    assert marker in logs
    assert "Something broke on the way." in logs
    assert canary not in logs


def test_sessions_and_cache_do_not_hold_the_word(exercised: AbstractBaseUser, canary: str, marker: str) -> None:
    sessions = str([session.get_decoded() for session in Session.objects.all()])

    assert marker in sessions
    assert canary not in sessions
    assert cache.get("marker") == marker
    # The values of a database cache are pickled and packed: each is opened.
    assert canary not in str([cache.get(key) for key in cached_keys()])


def cached_keys() -> list[str]:
    table = getattr(cache, "_table", None)
    if table is None:
        return []
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT cache_key FROM {connection.ops.quote_name(table)}")
        return [row[0].split(":", 2)[-1] for row in cursor.fetchall()]


def test_no_address_of_an_admin_shows_the_word_to_a_superuser(
    exercised: AbstractBaseUser, canary: str, marker: str, make_user: Callable[..., AbstractBaseUser]
) -> None:
    chief = Client(raise_request_exception=False)
    chief.force_login(make_user("chief@example.com", is_staff=True, is_superuser=True))
    addresses = sorted(set(admin_addresses(exercised)))

    shown = {address: page_of(chief, address) for address in addresses}

    assert len(addresses) > 60
    assert any(marker.encode() in page for page in shown.values())
    assert [address for address, page in shown.items() if canary.encode() in page] == []


def page_of(client: Client, address: str) -> bytes:
    response = client.get(address)
    return b"".join(response.streaming_content) if response.streaming else response.content


def admin_addresses(writer: AbstractBaseUser) -> Iterator[str]:
    """Yield the addresses of an admin that take no argument, or the one of a page, the writer, or an answer."""
    guide_id = GuidePage.objects.get(slug="canary").pk
    answer_ids = list(Answer.objects.values_list("pk", flat=True))
    for name, parameters in admin_names(get_resolver()):
        for value in ([writer.pk] if "user" in name else [guide_id, *answer_ids]) if parameters else [None]:
            try:
                yield reverse(name, args=[value] * parameters)
            except NoReverseMatch:
                continue


def admin_names(resolver: URLResolver, prefix: str = "", inside: bool = False) -> Iterator[tuple[str, int]]:
    for entry in resolver.url_patterns:
        is_admin = inside or "admin" in str(entry.pattern)
        if isinstance(entry, URLResolver):
            namespace = f"{prefix}{entry.namespace}:" if entry.namespace else prefix
            yield from admin_names(entry, namespace, is_admin)
        elif isinstance(entry, URLPattern) and is_admin and entry.name and "logout" not in entry.name:
            parameters = entry.pattern.regex.groups
            if parameters <= 1:
                yield prefix + entry.name, parameters


def test_the_writer_sees_the_word_and_takes_it_out(exercised: AbstractBaseUser, canary: str) -> None:
    prompt = Answer.objects.get().prompt
    client = Client()
    client.force_login(exercised)

    page = client.get(reverse("anahata_journal:answer", args=[prompt.pk])).content.decode()
    taken_out = b"".join(client.post(EXPORT).streaming_content).decode()

    assert canary in page
    assert canary in taken_out
    assert get_user_model().objects.filter(pk=exercised.pk).exists()
