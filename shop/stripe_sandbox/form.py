"""Read Stripe's request encoding: `line_items[0][price_data][currency]=eur`."""

import re
from typing import Any, TypeAlias
from urllib.parse import parse_qsl

from .errors import StripeError

Decoded: TypeAlias = dict[str, Any]
"""A name's value is a text, or again such a mapping; a list is a mapping from its indices."""

DEEPEST = 10
NAME = re.compile(r"(?P<first>[^\[\]]+)(?P<rest>(?:\[[^\[\]]*\])*)")


def decode(encoded: str) -> Decoded:
    """Return the nested mapping that `encoded` (a query or a form body) stands for.

    Raises:
        StripeError: a name is no name, or is used as a text and as a mapping at once.

    """
    try:
        pairs = parse_qsl(encoded, keep_blank_values=True, errors="strict", max_num_fields=5000)
    except ValueError as error:
        raise StripeError("Invalid request body: it is not a form in UTF-8.") from error
    decoded: Decoded = {}
    for name, value in pairs:
        _put(decoded, name, value)
    return decoded


def _put(decoded: Decoded, name: str, value: str) -> None:
    match = NAME.fullmatch(name)
    keys = [match["first"], *match["rest"][1:-1].split("][")] if match and match["rest"] else [name]
    if match is None or len(keys) > DEEPEST:
        raise StripeError(f"Invalid parameter name: {name[:100]}", param=name[:100])
    here = decoded
    for key in keys[:-1]:
        inner = here.setdefault(key or str(len(here)), {})
        if not isinstance(inner, dict):
            raise StripeError("Invalid object", param=name)
        here = inner
    last = keys[-1] or str(len(here))
    if isinstance(here.get(last), dict):
        raise StripeError("Invalid object", param=name)
    here[last] = value
