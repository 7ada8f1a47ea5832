from typing import Any

from django.core.management.base import BaseCommand

from ...first_content.load import load


class Command(BaseCommand):
    help = "Load the first content: articles, products, guides and text pages. Makes what is missing, changes nothing else."

    def handle(self, *args: Any, **options: Any) -> None:
        load(lambda step: self.stdout.write(f"  {step}"))
