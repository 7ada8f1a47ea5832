"""The wheel beside a stranger's site: a fresh `wagtail start` project that has a `blog` app of its own."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

SETTINGS = """
INSTALLED_APPS = [
    "blog", "django_comments_xtd", "django_comments", "anahata.blog", "anahata.shop", "anahata.journal",
    "django_tasks", "django_tasks_db", "django.contrib.sites", *INSTALLED_APPS,
]
SITE_ID = 1
COMMENTS_APP = "django_comments_xtd"
COMMENTS_XTD_CONFIRM_EMAIL = False
COMMENTS_XTD_THREADED_EMAILS = False
COMMENTS_XTD_MAX_THREAD_LEVEL = 3
LOGIN_URL = "wagtailadmin_login"
DATABASES["default"]["OPTIONS"] = {"transaction_mode": "IMMEDIATE", "init_command": "PRAGMA journal_mode=WAL; PRAGMA secure_delete=ON"}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
JOURNAL_ACCESS_POLICY = "anahata.shop.entitlements.has_access"
JOURNAL_MASTER_KEYS = {"one": "dGVzdC10ZXN0LXRlc3QtdGVzdC10ZXN0LXRlc3QtMzI="}
JOURNAL_ACTIVE_MASTER_KEY = "one"
STRIPE_SECRET_KEY = "sk_test_none"
STRIPE_WEBHOOK_SECRETS = ["whsec_none"]
ALLOWED_HOSTS = ["*"]
"""

URLS = """
from django.urls import include, path
urlpatterns = [
    path("blog/comments/", include("anahata.blog.comments.urls")),
    path("journal/my/", include("anahata.journal.urls")),
    path("", include("anahata.shop.urls")),
    *urlpatterns,
]
"""

OWN_BLOG = """
from wagtail.models import Page


class BlogIndexPage(Page):
    pass
"""

RENDER = """
from django.apps import apps
from django.test import Client
from wagtail.models import Page
home = Page.objects.get(depth=2)
for label, name, slug in [
    ("anahata_blog", "BlogIndexPage", "words"), ("anahata_shop", "ShopIndexPage", "shelf"), ("anahata_journal", "JournalIndexPage", "room"),
    ("blog", "BlogIndexPage", "own"),
]:
    model = apps.get_model(label, name)
    home.add_child(instance=model(title=f"The {slug}", slug=slug))
client = Client()
for slug in ["words", "shelf", "room"]:
    response = client.get(f"/{slug}/")
    html = response.content.decode()
    assert response.status_code == 200, (slug, response.status_code)
    assert f"The {slug}" in html, slug
    assert "css/mysite.css" in html, f"{slug}: not in the host's base.html"
get, child = apps.get_model, lambda slug, page: Page.objects.get(slug=slug).specific.add_child(instance=page)
child("words", get("anahata_blog", "ArticlePage")(title="An article", slug="one", body=[("heading", {"text": "A heading"})]))
product = get("anahata_shop", "Product").objects.create(sku="one", name="One", kind="digital", price_minor=1200, currency="EUR")
child("shelf", get("anahata_shop", "ProductPage")(title="A product", slug="one", product=product))
child("room", get("anahata_journal", "GuidePage")(title="A guide", slug="one"))
for address, words in [("/words/one/", "A heading"), ("/shelf/one/", "Buy now"), ("/room/one/", "A guide"), ("/cart/", "cart")]:
    response = client.get(address)
    assert response.status_code == 200, (address, response.status_code)
    assert words in response.content.decode(), address
print("rendered")
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--outdir", str(folder), str(ROOT)], check=True, capture_output=True
    )
    return next(folder.glob("*.whl"))


@pytest.mark.slow
def test_the_wheel_holds_everything_that_git_knows_of_an_app_and_nothing_else(wheel: Path) -> None:
    tracked = subprocess.run(
        ["git", "ls-files", "blog", "shop", "journal", "templates", "static"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split()
    expected = set()
    for name in tracked:
        parts = Path(name).parts
        if parts[0] in {"blog", "shop", "journal"}:
            expected.add(f"anahata/{name}")
        elif parts[1].startswith("anahata_") and parts[1][8:] in {"blog", "shop", "journal"}:
            expected.add(f"anahata/{parts[1][8:]}/{name}")

    held = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}

    assert held == {name for name in expected if not name.endswith(".gitkeep")}


@pytest.mark.slow
def test_the_wheel_works_in_a_strangers_site_that_has_a_blog_app(wheel: Path, tmp_path: Path) -> None:
    python = tmp_path / "venv" / "bin" / "python"
    site = tmp_path / "site"
    site.mkdir()

    def run(*command: str) -> str:
        clean = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("DJANGO_", "PYTEST_", "TEST_", "VIRTUAL_ENV"))
        }
        done = subprocess.run(command, cwd=site, env=clean, capture_output=True, text=True)
        assert done.returncode == 0, f"{' '.join(command[:4])}\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}"
        return done.stdout

    subprocess.run([sys.executable, "-m", "venv", str(tmp_path / "venv")], check=True)
    run(str(python), "-m", "pip", "install", "-q", "-c", str(ROOT / "constraints.txt"), str(wheel))
    run(str(python.with_name("wagtail")), "start", "mysite", ".")
    (site / "blog").mkdir()
    (site / "blog" / "__init__.py").touch()
    (site / "blog" / "models.py").write_text(OWN_BLOG)
    with (site / "mysite" / "settings" / "base.py").open("a") as settings:
        settings.write(SETTINGS)
    with (site / "mysite" / "urls.py").open("a") as urls:
        urls.write(URLS)

    run(str(python), "manage.py", "makemigrations", "blog")
    run(str(python), "manage.py", "migrate")
    run(str(python), "manage.py", "check")
    run(str(python), "manage.py", "makemigrations", "--check", "--dry-run")
    rendered = run(str(python), "manage.py", "shell", "-c", RENDER)

    assert "rendered" in rendered
