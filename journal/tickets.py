"""What an editor page was opened as: by whom, for which question, in which words.

A page may outlive its session. Its ticket keeps the words of one writer out of the journal of the next person who
signs in on the same browser, remembers the wording that was read, and shows that the page was opened with access.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.signing import BadSignature, Signer

from .models import Prompt

SALT = "anahata_journal.ticket"


@dataclass(frozen=True, kw_only=True)
class Ticket:
    """A ticket that this site issued."""

    user_id: str
    prompt_uuid: UUID
    wording_uuid: UUID

    def is_for(self, user: Any, prompt: Prompt) -> bool:
        """Say whether the page was opened by `user` on `prompt`."""
        return bool(user.is_authenticated and self.user_id == str(user.pk) and self.prompt_uuid == prompt.pk)


def issue(user: Any, prompt: Prompt) -> str:
    """Return a ticket for a page that is shown to `user`, who may write."""
    return Signer(salt=SALT).sign_object([str(user.pk), str(prompt.pk), str(prompt.wording_uuid)])


def read(signed: str) -> Ticket | None:
    """Return the ticket in `signed`, or None when this site did not issue it. It does not expire."""
    try:
        user_id, prompt, wording = Signer(salt=SALT).unsign_object(signed)
    except (BadSignature, ValueError):
        return None
    return Ticket(user_id=user_id, prompt_uuid=UUID(prompt), wording_uuid=UUID(wording))
