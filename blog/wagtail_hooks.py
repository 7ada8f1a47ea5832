"""What the app adds to Wagtail's admin."""

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.log_actions import LogActionRegistry

from .comments.desk import CommentDesk
from .comments.moderation import LOG_ACTION


@hooks.register("register_admin_viewset")
def register_comment_desk() -> CommentDesk:
    return CommentDesk()


@hooks.register("register_permissions")
def register_moderation_permission() -> "QuerySet[Permission]":
    return Permission.objects.filter(content_type__app_label="anahata_blog", codename="moderate_comments")


@hooks.register("register_log_actions")
def register_moderation_acts(actions: LogActionRegistry) -> None:
    actions.register_action(LOG_ACTION.format("approve"), _("Approve comment"), _("Comment approved"))
    actions.register_action(LOG_ACTION.format("reject"), _("Reject comment"), _("Comment rejected"))
    actions.register_action(LOG_ACTION.format("spam"), _("Mark comment as spam"), _("Comment marked as spam"))
    actions.register_action(LOG_ACTION.format("undo"), _("Hold comment again"), _("Comment held again"))
    actions.register_action(LOG_ACTION.format("withdraw"), _("Withdraw comment"), _("Comment withdrawn"))
