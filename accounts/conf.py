"""The settings of the accounts, each with its default."""

from django.conf import settings


def fresh_proof_views() -> frozenset[str]:
    """URL names, such as "anahata_journal:export", that open only after a code entered within the last minutes. Default: none."""
    return frozenset(getattr(settings, "FRESH_PROOF_VIEWS", ()))


def fresh_proof_seconds() -> int:
    """For how long an entered code counts as fresh proof in its session. Default: 600."""
    return int(getattr(settings, "FRESH_PROOF_SECONDS", 600))


def proof_code_seconds() -> int:
    """For how long the code mailed for a fresh proof may be entered. Default: 600."""
    return int(getattr(settings, "PROOF_CODE_SECONDS", 600))


def proof_code_attempts() -> int:
    """How many codes may be tried before a new one must be asked for. Default: 3."""
    return int(getattr(settings, "PROOF_CODE_ATTEMPTS", 3))
