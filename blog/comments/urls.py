"""Addresses of commenting. None of the comment packages' own are mounted: several show held comments or mail addresses."""

from django.urls import include, path

from . import row_ids, views  # noqa: F401  # the ids register their converter

own = [
    path("<anahata_blog_id:article_id>/new/", views.post_comment, name="post-comment"),
    path("<anahata_blog_id:article_id>/held/", views.comment_held, name="comment-held"),
    path("to/<anahata_blog_id:comment_id>/reply/", views.reply_to_comment, name="reply-to-comment"),
    path("to/<anahata_blog_id:comment_id>/", views.comment, name="comment"),
]

urlpatterns = [
    path("", include((own, "anahata_blog"))),
    # The two names that django-comments itself reverses, answered for articles alone.
    path("article/<int:content_type_id>/<str:object_pk>/", views.article_of_comment, name="comments-url-redirect"),
    path("done/", views.comment_done, name="comments-comment-done"),
]
