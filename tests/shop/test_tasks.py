"""What the worker does beside events: mails, and checkouts that nobody finished."""

from datetime import timedelta
from smtplib import SMTPServerDisconnected
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

from shop import mails, tasks
from shop.models import CheckoutAttempt, Order, OutboxMail, Product, Stock
from shop.sync import sync_session
from tests.shop.conftest import cart_with, session_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def paid(begin: Any, stripe_server: Any, bundle: Product, zone: Any) -> Order:
    order: Order = begin(cart_with("DE", bundle=1))
    stripe_server.pay(session_of(order), email="mara@example.org")
    sync_session(session_of(order))
    order.refresh_from_db()
    return order


def test_the_confirmation_goes_to_the_buyer_once(paid: Order, settings: Any) -> None:
    settings.WAGTAILADMIN_BASE_URL = "https://shop.example"

    tasks.sweep_now()
    tasks.sweep_now()

    (sent,) = mail.outbox
    html = sent.alternatives[0][0]
    link = f"https://shop.example/orders/{paid.public_token}/"
    assert sent.to == ["mara@example.org"]
    assert link in sent.body
    assert link in html
    assert "Harmony: https://shop.example/harmony/" in sent.body
    assert "€39.01" in sent.body
    assert OutboxMail.objects.get().sent_at


def test_the_subject_tells_nothing_of_what_was_bought(paid: Order) -> None:
    tasks.sweep_now()

    assert mail.outbox[0].subject == f"Your order {paid.number}"


class Refusing(BaseEmailBackend):
    def send_messages(self, messages: Any) -> int:
        raise SMTPServerDisconnected("gone")


def test_a_mail_that_cannot_leave_is_tried_again_later(paid: Order, settings: Any) -> None:
    sends = mails.waiting()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", Refusing.send_messages)
        tasks.sweep_now()
    failed = OutboxMail.objects.get()
    tasks.sweep_now()
    early = len(mail.outbox)
    OutboxMail.objects.update(next_try_at=timezone.now())

    tasks.sweep_now()

    assert len(sends) == 1
    assert (failed.sent_at, failed.attempts, early) == (None, 1, 0)
    assert failed.next_try_at > timezone.now()
    assert len(mail.outbox) == 1


def test_an_overdue_checkout_is_ended_at_stripe_and_frees_its_pieces(
    begin: Any, stripe_server: Any, candle: Product, zone: Any
) -> None:
    begin(cart_with("DE", candle=2))
    CheckoutAttempt.objects.update(expires_at=timezone.now())

    tasks.sweep_now()

    attempt = CheckoutAttempt.objects.get()
    assert (attempt.status, Order.objects.get().payment_state, Stock.objects.get().reserved) == (
        "expired",
        "expired",
        0,
    )


def test_a_checkout_in_time_is_left_alone(begin: Any, candle: Product, zone: Any) -> None:
    begin(cart_with("DE", candle=2))

    tasks.sweep_now()

    assert Stock.objects.get().reserved == 2


def test_an_overdue_checkout_that_was_paid_is_settled_not_released(
    begin: Any, stripe_server: Any, candle: Product, zone: Any
) -> None:
    order = begin(cart_with("DE", candle=2))
    stripe_server.pay(session_of(order))
    CheckoutAttempt.objects.update(expires_at=timezone.now() - timedelta(hours=1))

    tasks.sweep_now()

    stock = Stock.objects.get()
    assert (Order.objects.get().payment_state, stock.on_hand, stock.reserved) == ("paid", 18, 0)


def test_nothing_is_released_while_stripe_does_not_answer(
    begin: Any, stripe_server: Any, candle: Product, zone: Any
) -> None:
    begin(cart_with("DE", candle=2))
    CheckoutAttempt.objects.update(expires_at=timezone.now())
    stripe_server.fail_next(1, 500)

    tasks.sweep_now()

    assert (Order.objects.get().payment_state, Stock.objects.get().reserved) == ("awaiting", 2)


def test_a_crash_before_stripe_was_asked_frees_its_pieces(
    begin: Any, stripe_server: Any, candle: Product, zone: Any
) -> None:
    begin(cart_with("DE", candle=2))
    attempt = CheckoutAttempt.objects.get()
    attempt.key, attempt.session_id, attempt.status = "00000000-0000-4000-8000-000000000000", None, "created"
    attempt.params_json = attempt.params_json.replace(str(attempt.params["expires_at"]), "1700000000")
    attempt.expires_at = timezone.now()
    attempt.save()

    tasks.sweep_now()

    assert (CheckoutAttempt.objects.get().status, Order.objects.get().payment_state, Stock.objects.get().reserved) == (
        "failed",
        "failed",
        0,
    )


def test_a_crash_after_stripe_was_asked_ends_that_session(
    begin: Any, stripe_server: Any, candle: Product, zone: Any
) -> None:
    order = begin(cart_with("DE", candle=2))
    session_id = session_of(order)
    CheckoutAttempt.objects.update(session_id=None, status="created", url="", expires_at=timezone.now())

    tasks.sweep_now()

    attempt = CheckoutAttempt.objects.get()
    assert (attempt.session_id, attempt.status, Stock.objects.get().reserved) == (session_id, "expired", 0)


def test_one_bad_row_does_not_stop_the_others(paid: Order, begin: Any, stripe_server: Any, candle: Product) -> None:
    begin(cart_with("DE", candle=2))
    CheckoutAttempt.objects.filter(status="open").update(
        params_json="{", session_id=None, status="created", expires_at=timezone.now()
    )

    with pytest.raises(ExceptionGroup) as raised:
        tasks.sweep_now()

    assert len(raised.value.exceptions) == 1
    assert len(mail.outbox) == 1


def test_waking_enqueues_a_sweep(paid: Order, django_capture_on_commit_callbacks: Any) -> None:
    from django_tasks_db.models import DBTaskResult

    from shop.wake import wake

    with django_capture_on_commit_callbacks(execute=True):
        wake()

    assert DBTaskResult.objects.filter(task_path="shop.tasks.sweep").count() == 1
