from django.apps import AppConfig
from django.db.models.signals import pre_save
from django.utils.translation import gettext_lazy as _


class BlogConfig(AppConfig):
    name = __name__.rpartition(".")[0]
    label = "anahata_blog"
    verbose_name = _("Blog")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django_comments.models import Comment, CommentFlag
        from django_comments_xtd.models import XtdComment, publish_or_unpublish_on_pre_save

        from . import checks  # noqa: F401  # they register themselves

        # With every save of a comment this handler would publish, or hide, all replies to it.
        pre_save.disconnect(publish_or_unpublish_on_pre_save, sender=XtdComment)
        # Who commented where is nothing for a page's usage list, and would cost queries at each save.
        for model in (Comment, CommentFlag, XtdComment):
            model.wagtail_reference_index_ignore = True
