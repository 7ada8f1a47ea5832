"""What is installed: the versions that were tested here, no caps for those who install the wheel elsewhere."""

import re
import tomllib
from importlib.metadata import requires
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def test_every_constraint_is_one_exact_version_and_no_address() -> None:
    lines = (ROOT / "constraints.txt").read_text().splitlines()

    assert len(lines) > 50
    assert [line for line in lines if not re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.]+", line)] == []


def needed_by(requirement: Requirement, found: set[str]) -> set[str]:
    """Add to `found` what installing `requirement` brings along, and return it."""
    for extra in ["", *requirement.extras]:
        for line in requires(requirement.name) or []:
            needed = Requirement(line)
            if needed.marker and not needed.marker.evaluate({"extra": extra}):
                continue
            if canonicalize_name(needed.name) not in found:
                found.add(canonicalize_name(needed.name))
                needed_by(needed, found)
    return found


def test_everything_that_the_tests_install_is_pinned() -> None:
    pinned = {canonicalize_name(Requirement(line).name) for line in (ROOT / "constraints.txt").read_text().splitlines()}
    extras = PROJECT["optional-dependencies"]

    asked = [Requirement(line) for line in [*PROJECT["dependencies"], *extras["dev"]]]
    installed = {canonicalize_name(one.name) for one in asked}.union(*(needed_by(one, set()) for one in asked))

    assert len(installed) > 60
    assert installed - pinned == set()


def test_only_the_package_of_comments_is_capped() -> None:
    capped = [line for line in PROJECT["dependencies"] if re.search(r"<|==|~=|!=", line)]

    assert capped == ["django-comments-xtd>=2.10.13,<3"]
    assert PROJECT["requires-python"] == ">=3.11"


def test_each_service_that_a_site_may_choose_has_its_extra() -> None:
    assert set(PROJECT["optional-dependencies"]) == {"dev", "postgres", "redis", "s3", "email", "sentry"}
