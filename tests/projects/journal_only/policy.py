"""Who may write, in a site without a shop: members of the group named by the guide's key."""

from typing import Any


def may_write(user: Any, guide_key: str) -> bool:
    """Say whether `user` is in the group `guide_key`."""
    return bool(user.groups.filter(name=guide_key).exists())
