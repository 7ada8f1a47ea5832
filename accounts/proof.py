"""Fresh proof: that whoever sits at this session reads the account's mail now, not two weeks ago.

allauth counts everyone without a password as recently re-authenticated, so this is ours.
"""

import secrets
import time
from enum import Enum

from django.contrib.sessions.backends.base import SessionBase
from django.utils.crypto import constant_time_compare, salted_hmac

from . import conf

PROOF_KEY = "anahata_accounts_proof"
CHALLENGE_KEY = "anahata_accounts_challenge"


class Answer(Enum):
    """What came of a code: it was right, it may be tried again, or a new one is needed."""

    RIGHT = "right"
    WRONG = "wrong"
    OVER = "over"


def is_fresh(session: SessionBase, user_id: int) -> bool:
    """Say whether a code was entered in this session, for this user, within the last minutes."""
    proof = session.get(PROOF_KEY) or {"user": None, "at": 0.0}
    return bool(proof["user"] == user_id and 0 <= time.time() - proof["at"] < conf.fresh_proof_seconds())


def mark_fresh(session: SessionBase, user_id: int) -> None:
    """Note that a code was entered just now."""
    session[PROOF_KEY] = {"user": user_id, "at": time.time()}


def ask(session: SessionBase, user_id: int, code: str) -> None:
    """Expect `code` in this session; only a keyed hash of it is kept, and a code asked for before is void."""
    nonce = secrets.token_hex(16)
    session[CHALLENGE_KEY] = {
        "user": user_id,
        "at": time.time(),
        "tries": 0,
        "nonce": nonce,
        "hash": _hash(nonce, user_id, code),
    }


def challenge(session: SessionBase, user_id: int) -> str | None:
    """Return the name of the code that is awaited from this user, or None."""
    state = session.get(CHALLENGE_KEY)
    if not state or state["user"] != user_id or time.time() - state["at"] >= conf.proof_code_seconds():
        return None
    return str(state["nonce"])


def forget(session: SessionBase) -> None:
    """Expect no code any more."""
    session.pop(CHALLENGE_KEY, None)


def answer(session: SessionBase, user_id: int, code: str) -> Answer:
    """Compare `code` with the awaited one; the right one counts once, and three wrong ones end it."""
    nonce = challenge(session, user_id)
    if nonce is None:
        forget(session)
        return Answer.OVER
    state = session[CHALLENGE_KEY]
    if constant_time_compare(state["hash"], _hash(nonce, user_id, code)):
        forget(session)
        mark_fresh(session, user_id)
        return Answer.RIGHT
    state["tries"] += 1
    session[CHALLENGE_KEY] = state
    if state["tries"] >= conf.proof_code_attempts():
        forget(session)
        return Answer.OVER
    return Answer.WRONG


def _hash(nonce: str, user_id: int, code: str) -> str:
    digits = "".join(character for character in code if character.isalnum())
    return salted_hmac(__name__, f"{nonce}:{user_id}:{digits}", algorithm="sha256").hexdigest()
