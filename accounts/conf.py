"""The app's settings: each function reads one, names its default, and says what it does."""

from django.conf import settings


def fresh_proof_views() -> frozenset[str]:
    """Return FRESH_PROOF_VIEWS (default none): names of URLs that open only after a code entered within the last minutes."""
    return frozenset(getattr(settings, "FRESH_PROOF_VIEWS", ()))


def fresh_proof_seconds() -> int:
    """Return FRESH_PROOF_SECONDS (default 600): for how long an entered code is fresh proof in its session."""
    return int(getattr(settings, "FRESH_PROOF_SECONDS", 600))


def proof_code_seconds() -> int:
    """Return PROOF_CODE_SECONDS (default 600): for how long the code mailed for a fresh proof may be entered."""
    return int(getattr(settings, "PROOF_CODE_SECONDS", 600))


def proof_code_attempts() -> int:
    """Return PROOF_CODE_ATTEMPTS (default 3): how many codes may be tried before a new one must be asked for."""
    return int(getattr(settings, "PROOF_CODE_ATTEMPTS", 3))
