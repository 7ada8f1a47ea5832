"""What the tests of the accounts share: reading a code from the mail, and signing in with it."""

import re
from collections.abc import Callable
from typing import Any

import django
import pytest
from django.core import mail
from django.test import Client


def code_in(message: Any) -> str:
    """Return the code that stands in `message`, or ""."""
    found = re.search(r"^(\d{4}-\d{4})$", message.body, re.MULTILINE)
    return found[1] if found else ""


def use_mail_backend(settings: Any, path: str) -> None:
    """Send mail by the backend `path`, in the words of the Django that runs."""
    if django.VERSION < (6, 1):
        settings.EMAIL_BACKEND = path
    else:
        settings.MAILERS = {"default": {"BACKEND": path}}


@pytest.fixture
def sign_in() -> Callable[..., Client]:
    """Return a function that signs an address in through the pages, as a person does."""

    def by_code(email: str, client: Client | None = None) -> Client:
        client = client or Client()
        client.post("/account/login/", {"email": email})
        client.post("/account/login/code/", {"code": code_in(mail.outbox[-1])})
        return client

    return by_code
