"""Where people write: a site includes this, before Wagtail's own addresses, under journal/my/."""

from django.urls import path

from . import views

app_name = "anahata_journal"
urlpatterns = [
    path("", views.home, name="home"),
    path("export/", views.export_journal, name="export"),
    path("answers/<uuid:prompt_uuid>/", views.answer, name="answer"),
    path("answers/<uuid:prompt_uuid>/text/", views.save_answer, name="save-answer"),
    path("questions/<uuid:guide_key>/<str:question_id>/", views.answer_question, name="answer-question"),
    path("<uuid:guide_key>/", views.guide, name="guide"),
]
