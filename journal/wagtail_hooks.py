"""What the journal registers with Wagtail's admin: one refusal, and nothing to look at."""

from wagtail import hooks

from .user_deletion import refuse_bulk_deletion, refuse_deletion

hooks.register("before_delete_user", refuse_deletion)
hooks.register("before_bulk_action", refuse_bulk_deletion)
