"""Requests as the editor sends them: by its module, and by its form without scripts."""

import re
from typing import Any

from django.test import Client
from django.urls import reverse

from journal import tickets
from journal.models import Prompt


def editor(prompt: Prompt) -> str:
    return reverse("anahata_journal:answer", args=[prompt.pk])


def put(client: Client, user: Any, prompt: Prompt, text: str, *, base: int = 0, **more: Any) -> Any:
    """Send what the editor's script sends."""
    extra = more.pop("extra", {})
    headers = {
        "If-Match": f'"{base}"',
        "X-Writer": more.pop("tab", "tab-one-of-test"),
        "X-Seq": str(more.pop("seq", 1)),
        "X-Ticket": tickets.issue(user, prompt),
        **more,
    }
    return client.put(
        reverse("anahata_journal:save-answer", args=[prompt.pk]),
        text.encode(),
        content_type="text/plain; charset=utf-8",
        headers=headers,
        **extra,
    )


def form(client: Client, prompt: Prompt, text: str, **more: Any) -> dict[str, Any]:
    """Open the editor and return what its form would send with `text`."""
    html = client.get(editor(prompt)).content.decode()
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', html))
    return {**fields, "text": text, **more}
