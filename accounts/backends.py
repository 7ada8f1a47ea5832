"""How sessions become users again."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest


class CodeBackend(ModelBackend):
    """Load users and their permissions; no password opens anything, whoever may have set one."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **kwargs: Any
    ) -> None:
        return None
