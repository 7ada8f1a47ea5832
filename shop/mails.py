"""Send what the outbox owes. A row is written with what caused it, and marked once the mail has left."""

from smtplib import SMTPException
from urllib.parse import urljoin

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db.models import F
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from . import conf
from .models import OutboxMail
from .retrying import LEASE, pause_after


def waiting() -> list[int]:
    """Return the mails to send by now, oldest first."""
    return list(
        OutboxMail.objects.filter(sent_at=None, next_try_at__lte=timezone.now())
        .order_by("pk")
        .values_list("pk", flat=True)[:100]
    )


def send(mail_pk: int) -> None:
    """Send one mail, unless another worker does or has; what fails is tried again later, with growing pauses."""
    now = timezone.now()
    is_mine = OutboxMail.objects.filter(pk=mail_pk, sent_at=None, next_try_at__lte=now).update(
        next_try_at=now + LEASE, attempts=F("attempts") + 1
    )
    if not is_mine:
        return
    mail = OutboxMail.objects.select_related("order").get(pk=mail_pk)
    try:
        message(mail).send()
    except (SMTPException, OSError):
        OutboxMail.objects.filter(pk=mail_pk).update(next_try_at=now + pause_after(mail.attempts))
    else:
        OutboxMail.objects.filter(pk=mail_pk).update(sent_at=timezone.now())


def message(mail: OutboxMail) -> EmailMultiAlternatives:
    """Return the mail as text and HTML, in the order's language. Its subject tells nothing about what was bought."""
    order, base = mail.order, conf.base_url() + "/"
    with translation.override(order.language or settings.LANGUAGE_CODE):
        context = {
            "order": order,
            "lines": list(order.lines.all()),
            "order_url": urljoin(base, reverse("anahata_shop:order", args=[order.public_token])),
            "unlocked": [
                {"title": page.title, "url": urljoin(base, page.url or "")} for page in order.unlocked_pages()
            ],
        }
        name = f"anahata_shop/email/order_{mail.kind}"
        subject = " ".join(render_to_string(f"{name}_subject.txt", context).split())
        mime = EmailMultiAlternatives(subject, render_to_string(f"{name}.txt", context), to=[order.email])
        mime.attach_alternative(render_to_string(f"{name}.html", context), "text/html")
    return mime
