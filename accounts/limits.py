"""How often something may be tried; the amounts stand in ACCOUNT_RATE_LIMITS."""

import logging
import time
from threading import Lock

from allauth.account import app_settings
from allauth.core import ratelimit
from allauth.core.internal.ratelimit import apply_rate, parse_rates
from django.db import DatabaseError
from django.http import HttpRequest

try:
    from redis.exceptions import RedisError
except ImportError:  # the extra `redis` is not installed, so nothing raises it

    class RedisError(Exception):  # type: ignore[no-redef]  # only one of the two is ever defined
        """Stands for an error that cannot happen here."""


logger = logging.getLogger(__name__)

_lock = Lock()
_counts: dict[str, list[float]] = {}
_MOST_COUNTS = 10_000


def allows(request: HttpRequest, action: str, key: str) -> bool:
    """Count one use of `action` for `key` and say whether it was within the limits.

    Counts are in the cache that all processes share. While that is down this process counts for
    itself: looser, by the number of processes, but nobody is locked out and nothing is unlimited.
    """
    try:
        return bool(ratelimit.consume(request, action=action, key=key))
    except (OSError, DatabaseError, RedisError) as error:
        logger.warning("The cache is down (%s): limits are counted by each process alone.", type(error).__name__)
        return _allows_here(action, key)


def _allows_here(action: str, key: str) -> bool:
    now = time.time()
    rates = [rate for rate in parse_rates(app_settings.RATE_LIMITS.get(action)) if rate.per == "key"]
    with _lock:
        if len(_counts) > _MOST_COUNTS:
            _counts.clear()
        for rate in rates:
            name = f"{action}:{rate}:{key}"
            allowed, _counts[name] = apply_rate(_counts.get(name, []), now, rate)
            if not allowed:
                return False
    return True
