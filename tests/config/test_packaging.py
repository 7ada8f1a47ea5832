"""What is installed: the versions that were tested here, no caps for those who install the wheel elsewhere."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
NAME = re.compile(r"[A-Za-z0-9._-]+")


def named(requirement: str) -> str:
    """Return the name in a requirement, as package indexes compare it."""
    found = NAME.match(requirement)
    assert found, requirement
    return re.sub(r"[-_.]+", "-", found[0]).lower()


def test_every_constraint_is_one_exact_version_and_no_address() -> None:
    lines = (ROOT / "constraints.txt").read_text().splitlines()

    assert len(lines) > 50
    assert [line for line in lines if not re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.]+", line)] == []


def test_everything_that_the_tests_install_is_pinned() -> None:
    pinned = {named(line) for line in (ROOT / "constraints.txt").read_text().splitlines()}
    extras = PROJECT["optional-dependencies"]

    asked = {named(line) for line in [*PROJECT["dependencies"], *extras["dev"], *extras["postgres"], *extras["redis"]]}

    assert asked - pinned == set()


def test_only_the_package_of_comments_is_capped() -> None:
    capped = [line for line in PROJECT["dependencies"] if re.search(r"<|==|~=|!=", line)]

    assert [named(line) for line in capped] == ["django-comments-xtd"]
    assert PROJECT["requires-python"] == ">=3.11"


def test_each_service_that_a_site_may_choose_has_its_extra() -> None:
    assert set(PROJECT["optional-dependencies"]) == {"dev", "postgres", "redis", "s3", "email", "sentry"}
