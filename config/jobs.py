"""Periodic jobs that belong to no app of ours; WORKER_JOBS names them."""

from django.core.management import call_command


def publish_scheduled() -> None:
    """Publish and unpublish the pages whose time has come; safe to repeat."""
    call_command("publish_scheduled", verbosity=0)


def forget_done_tasks() -> None:
    """Delete the rows of tasks that ended two weeks ago or earlier; what must happen never depends on them."""
    call_command("prune_db_task_results", queue_name="*", min_age_days=14, verbosity=0)
