"""Keep the rows that answers hang on in step with what was last published."""

from typing import Any

from django.db import transaction
from django.dispatch import receiver
from django.utils import timezone
from wagtail.signals import page_published

from .models import Guide, GuidePage, Prompt, PromptWording


def sync_guide(page: GuidePage) -> Guide:
    """Update the guide's row and its prompts to what `page` says; safe to repeat.

    A reworded question keeps its row and gets one more wording, a moved one a new position, one taken out is retired
    and comes back when the editor puts it back. A translation adds and changes nothing: its questions are the original's.
    """
    specs = {spec.id: spec for spec in page.iter_prompts()}
    with transaction.atomic():
        guide, is_new = Guide.objects.select_for_update().get_or_create(
            translation_key=page.translation_key,
            defaults={"title": page.title, "language_code": page.locale.language_code},
        )
        if guide.language_code != page.locale.language_code:
            return guide
        if not is_new and guide.title != page.title:
            guide.title = page.title
            guide.save(update_fields=["title"])
        prompts = [
            Prompt(
                uuid=guide.prompt_uuid(spec.id),
                guide=guide,
                block_id=spec.id,
                section_title=spec.section_title,
                position=spec.position,
                text=spec.text,
            )
            for spec in specs.values()
        ]
        Prompt.objects.bulk_create(
            prompts,
            update_conflicts=True,
            unique_fields=["uuid"],
            update_fields=["section_title", "position", "text", "retired_at"],
        )
        PromptWording.objects.bulk_create(
            [PromptWording(uuid=prompt.wording_uuid, prompt=prompt, text=prompt.text) for prompt in prompts],
            ignore_conflicts=True,
        )
        guide.prompts.asked().exclude(block_id__in=specs).update(retired_at=timezone.now())
    return guide


@receiver(page_published, sender=GuidePage, dispatch_uid="anahata_journal_sync")
def on_publish(instance: GuidePage, **kwargs: Any) -> None:
    sync_guide(instance)
