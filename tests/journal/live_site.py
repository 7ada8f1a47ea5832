"""Fill the database of a running site for the editor's browser tests; prints what they need as JSON.

Run with DJANGO_SETTINGS_MODULE set, after `migrate`.
"""

import json

import django

django.setup()

from django.contrib.auth import get_user_model  # noqa: E402  # needs the set-up above
from django.test import Client  # noqa: E402
from wagtail.models import Page, Site  # noqa: E402

from journal.models import GuidePage, JournalIndexPage, Prompt  # noqa: E402
from tests.journal.conftest import admit, publish, section  # noqa: E402

QUESTIONS = 24


def main() -> None:
    root = Page.get_first_root_node()
    site = Site.objects.filter(is_default_site=True).first() or Site(hostname="localhost", is_default_site=True)
    site.root_page = site.root_page if site.pk else root
    site.save()
    index = site.root_page.add_child(instance=JournalIndexPage(title="Journal", slug="journal"))
    guide = index.add_child(instance=GuidePage(title="A guide", slug="a-guide"))
    publish(guide, section("A section", [(f"q-{number}", f"Question {number}?") for number in range(QUESTIONS)]))
    sessions = []
    for name in ("writer", "other"):
        user = get_user_model().objects.create_user(username=name, email=f"{name}@example.com")
        admit(user, guide)
        client = Client()
        client.force_login(user)
        sessions.append(client.session.session_key)
    prompts = [str(pk) for pk in Prompt.objects.order_by("position").values_list("pk", flat=True)]
    print(json.dumps({"sessions": sessions, "prompts": prompts, "guide": str(guide.translation_key)}))  # noqa: T201


if __name__ == "__main__":
    main()
