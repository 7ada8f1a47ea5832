"""Commenting over HTTP."""

from django.http import HttpRequest, HttpResponse


def post_comment(request: HttpRequest, article_id: int) -> HttpResponse:
    return HttpResponse()


comment_held = reply_to_comment = comment = article_of_comment = comment_done = post_comment
