"""When something that failed is tried again."""

from datetime import timedelta

# A worker that was killed gives its row back after this long.
LEASE = timedelta(minutes=5)
LONGEST_WAIT = timedelta(hours=6)


def pause_after(attempts: int) -> timedelta:
    """Return how long to wait after so many failures: half a minute at first, six hours at most."""
    return min(timedelta(seconds=15 * (1 << min(attempts, 12))), LONGEST_WAIT)
