"""What keeps the local Stripe local: it serves this machine, by a local name, and knows one made-up key.

An order paid here unlocks what was bought, so nobody else may reach it: not another machine, not a page of another
site whose name was made to point at this machine (DNS rebinding), not a proxy that lends its loopback address.
"""

import ipaddress
from typing import Any
from urllib.parse import urlsplit

KEY_PREFIX = "sk_test_sandbox_"
FORWARDED = (
    "HTTP_FORWARDED",
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_REAL_IP",
    "HTTP_VIA",
)


class NotLocal(ValueError):
    """Raised when an address, a host name or a key could reach beyond this machine."""


def is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    return address.is_loopback


def refusal(environ: dict[str, Any]) -> str | None:
    """Return why this request is not served, or None when it may be."""
    if not is_loopback(str(environ.get("REMOTE_ADDR", ""))):
        return "The local Stripe serves only the machine it runs on."
    if not is_loopback(_host_name(str(environ.get("HTTP_HOST", "")))):
        return "The local Stripe answers to localhost only."
    if any(environ.get(name) for name in FORWARDED):
        return "The local Stripe does not serve proxies."
    return None


def _host_name(host: str) -> str:
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def require_own_key(key: str) -> None:
    """Raise NotLocal unless `key` was made for a local Stripe: a real key must never come here."""
    if not key.startswith(KEY_PREFIX) or len(key) < len(KEY_PREFIX) + 16:
        raise NotLocal(f"The local Stripe takes only a key of its own: {KEY_PREFIX} and at least 16 random characters.")


def require_loopback_url(url: str) -> None:
    """Raise NotLocal unless `url` is http:// on this machine."""
    try:
        parts = urlsplit(url)
        local = parts.scheme == "http" and is_loopback(parts.hostname or "") and parts.port != 0
    except ValueError:
        local = False
    if not local:
        raise NotLocal(f"{url!r} is not an http:// address of this machine, such as http://127.0.0.1:8000/.")
