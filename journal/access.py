"""Who may write in which guide: the host site's policy decides, asked anew at each request.

Nothing here is about reading: one's own words stay readable, and can be taken out, for ever.
"""

from typing import Any
from uuid import UUID

from . import conf


def may_write(user: Any, guide_key: UUID) -> bool:
    """Say whether `user` may write in the guide now; nobody who is signed out may. Costs what the policy costs."""
    if not user.is_authenticated:
        return False
    policy = conf.access_policy()
    return policy is not None and bool(policy(user, str(guide_key)))
