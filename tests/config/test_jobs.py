"""The periodic jobs of the site."""

from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.utils import timezone
from django.utils.module_loading import import_string
from django_tasks_db.models import DBTaskResult

from config.jobs import forget_done_tasks, publish_scheduled
from home.first_content.pages import load_home
from home.models import StandardPage
from shop.tasks import sweep

pytestmark = pytest.mark.django_db


def test_a_page_whose_time_has_come_is_published_and_one_whose_time_is_over_goes() -> None:
    soon = timezone.now() + timedelta(hours=1)
    home = load_home()
    coming = home.add_child(instance=StandardPage(title="Coming", slug="coming", body="<p>Soon.</p>", live=False))
    coming.go_live_at = soon
    coming.save_revision().publish()
    home.add_child(instance=StandardPage(title="Going", slug="going", body="<p>Over.</p>", expire_at=soon))

    publish_scheduled()
    early = {page.slug: page.live for page in home.get_children()}
    with time_machine.travel(soon + timedelta(minutes=1)):
        publish_scheduled()
        publish_scheduled()

    assert early == {"coming": False, "going": True}
    assert {page.slug: page.live for page in home.get_children()} == {"coming": True, "going": False}


def test_rows_of_tasks_that_ended_long_ago_are_forgotten() -> None:
    old, new = sweep.enqueue(), sweep.enqueue()
    DBTaskResult.objects.filter(pk=old.id).update(status="SUCCESSFUL", finished_at=timezone.now() - timedelta(days=15))
    DBTaskResult.objects.filter(pk=new.id).update(status="SUCCESSFUL", finished_at=timezone.now())

    forget_done_tasks()

    assert [str(row.pk) for row in DBTaskResult.objects.all()] == [str(new.id)]


def test_every_job_of_the_worker_can_be_called() -> None:
    assert {path for path in settings.WORKER_JOBS if not callable(import_string(path))} == set()
    assert len(settings.WORKER_JOBS) >= 4
