#!/usr/bin/env python3
"""Run a management command of the site."""

import os
import sys

INSTALL = 'python3 -m venv .venv && .venv/bin/python -m pip install -c constraints.txt -e ".[dev]"'


def main() -> None:
    if sys.version_info < (3, 11):
        sys.exit(
            f"Anahata needs Python 3.11 or newer; this is {sys.version.split()[0]}. Install one and make .venv anew with it."
        )
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
    try:
        import django.core.management as management
        import wagtail  # noqa: F401  a half-finished install is said here, not in a traceback
    except ImportError:
        sys.exit(
            f"Anahata is not installed in this Python ({sys.executable}). Run:\n  {INSTALL}\nthen use .venv/bin/python."
        )
    management.execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
