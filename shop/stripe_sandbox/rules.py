"""How one parameter is read and refused; `schema` says which parameter has which rule.

A rule's `read(value, param)` returns the typed value or raises what Stripe would answer. `param` is the full
name, such as `line_items[0][quantity]`.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import urlsplit

from . import errors
from .errors import StripeError

INTEGER = re.compile(r"-?[0-9]{1,18}")
EMAIL = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+\.[^@\s<>,;.]{2,}")


class Rule(Protocol):
    def read(self, value: Any, param: str) -> Any: ...


def _text(value: Any, param: str) -> str:
    if not isinstance(value, str):
        raise StripeError("Invalid string", param=param)
    if value == "":
        raise errors.empty(param)
    return value


def _choices(values: Sequence[str]) -> str:
    return values[0] if len(values) == 1 else f"{', '.join(values[:-1])}, or {values[-1]}"


@dataclass(frozen=True, kw_only=True)
class Text:
    longest: int = 5000

    def read(self, value: Any, param: str) -> str:
        text = _text(value, param)
        if len(text) > self.longest:
            raise StripeError(
                f"Invalid string: {text[:10]}…{text[-10:]}; must be at most {self.longest} characters", param=param
            )
        return text


@dataclass(frozen=True, kw_only=True)
class Url(Text):
    def read(self, value: Any, param: str) -> str:
        url = super().read(value, param)
        parts = _split(url)
        if not parts:
            raise StripeError("Not a valid URL", code="url_invalid", param=param)
        if not parts.scheme:
            raise StripeError(
                "Invalid URL: An explicit scheme (such as https) must be provided.", code="url_invalid", param=param
            )
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise StripeError("Not a valid URL", code="url_invalid", param=param)
        return url


def _split(url: str) -> Any:
    if not url.isprintable() or " " in url:
        return None
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018  reading it is the check
    except ValueError:
        return None
    return parts


@dataclass(frozen=True, kw_only=True)
class Email(Text):
    longest: int = 512

    def read(self, value: Any, param: str) -> str:
        email = super().read(value, param)
        if not EMAIL.fullmatch(email):
            raise StripeError(f"Invalid email address: {email}", code="email_invalid", param=param)
        return email


@dataclass(frozen=True, kw_only=True)
class Integer:
    least: int | None = None
    most: int | None = None

    def read(self, value: Any, param: str) -> int:
        text = _text(value, param)
        if not INTEGER.fullmatch(text):
            raise StripeError(f"Invalid integer: {text[:100]}", code="parameter_invalid_integer", param=param)
        number = int(text)
        if self.least is not None and number < self.least:
            wording = (
                "Invalid non-negative integer"
                if self.least == 0
                else f"This value must be greater than or equal to {self.least}."
            )
            raise StripeError(wording, code="parameter_invalid_integer", param=param)
        if self.most is not None and number > self.most:
            raise StripeError(
                f"This value must be less than or equal to {self.most}.", code="parameter_invalid_integer", param=param
            )
        return number


@dataclass(frozen=True, kw_only=True)
class Boolean:
    simulated: tuple[bool, ...] = (False, True)

    def read(self, value: Any, param: str) -> bool:
        text = _text(value, param)
        if text not in ("true", "false"):
            raise StripeError(f"Invalid boolean: {text[:100]}", param=param)
        answer = text == "true"
        if answer not in self.simulated:
            raise errors.not_simulated(f"{param}={text}")
        return answer


@dataclass(frozen=True, kw_only=True)
class Choice:
    values: tuple[str, ...]
    simulated: tuple[str, ...] | None = None

    def read(self, value: Any, param: str) -> str:
        text = _text(value, param)
        if text not in self.values:
            raise StripeError(f"Invalid {param}: must be one of {_choices(self.values)}", param=param)
        if self.simulated is not None and text not in self.simulated:
            raise errors.not_simulated(f"{param}={text}")
        return text


@dataclass(frozen=True, kw_only=True)
class Currency:
    known: frozenset[str]

    def read(self, value: Any, param: str) -> str:
        currency = _text(value, param).lower()
        if currency not in self.known:
            raise StripeError(
                f"Invalid currency: {currency[:10]}. Stripe currently supports these currencies: {', '.join(sorted(self.known))}",
                param=param,
            )
        return currency


@dataclass(frozen=True, kw_only=True)
class Metadata:
    """Up to 50 keys of 40 characters with 500 characters each; an empty value leaves the key out.

    https://docs.stripe.com/metadata
    """

    def read(self, value: Any, param: str) -> dict[str, str]:
        if value == "":
            raise errors.empty(param)
        if not isinstance(value, dict):
            raise StripeError("Invalid hash", param=param)
        for key, text in value.items():
            self._check(key, text, f"{param}[{key}]")
        if len(value) > 50:
            raise StripeError(f"Metadata can have up to 50 keys, but you passed in {len(value)}.", param=param)
        return {key: text for key, text in value.items() if text}

    def _check(self, key: str, text: Any, param: str) -> None:
        if not isinstance(text, str):
            raise StripeError("Metadata values must be strings.", param=param)
        if len(key) > 40:
            raise StripeError(
                f"Metadata keys can have up to 40 characters, but you passed in a key that is {len(key)} characters. Invalid key: {key[:40]}",
                param=param,
            )
        if len(text) > 500:
            raise StripeError(
                f"Metadata values can have up to 500 characters, but you passed in a value that is {len(text)} characters. "
                f"Invalid value: {text[:40]}",
                param=param,
            )


@dataclass(frozen=True, kw_only=True)
class Many:
    of: Rule
    most: int = 100

    def read(self, value: Any, param: str) -> list[Any]:
        if value == "":
            raise errors.empty(param)
        if not isinstance(value, dict) or not all(key.isdecimal() for key in value):
            raise StripeError("Invalid array", param=param)
        if len(value) > self.most:
            raise StripeError(f"Array {param} exceeded maximum {self.most} allowed elements.", param=param)
        return [self.of.read(value[key], f"{param}[{key}]") for key in sorted(value, key=int)]


@dataclass(frozen=True, kw_only=True)
class Fields:
    """A mapping of named parameters. `elsewhere` are the names that Stripe knows and that are not simulated."""

    fields: Mapping[str, Rule]
    required: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()
    exclusive: tuple[tuple[str, ...], ...] = field(default=())

    def read(self, value: Any, param: str) -> dict[str, Any]:
        if value == "":
            raise errors.empty(param)
        if not isinstance(value, dict):
            raise StripeError("Invalid object", param=param)

        self._refuse_names(value, param)
        read = {name: self.fields[name].read(inner, _full(param, name)) for name, inner in value.items()}
        for name in self.required:
            if name not in read:
                raise errors.missing(_full(param, name))
        return read

    def _refuse_names(self, value: dict[str, Any], param: str) -> None:
        strange = [_full(param, name) for name in value if name not in self.fields and name not in self.elsewhere]
        if strange:
            raise errors.unknown(strange)
        for names in self.exclusive:
            if len(given := [name for name in names if name in value]) > 1:
                raise errors.exclusive([_full(param, name) for name in given], param or None)
        for name in self.elsewhere:
            if name in value:
                raise errors.not_simulated(_full(param, name))


def _full(param: str, name: str) -> str:
    return f"{param}[{name}]" if param else name


@dataclass(frozen=True, kw_only=True)
class NumberOrRange:
    """A time as a number, or bounds for it: `created=1`, `created[gte]=1`."""

    def read(self, value: Any, param: str) -> dict[str, int]:
        bound = Integer()
        if isinstance(value, dict):
            return Fields(fields=dict.fromkeys(("gt", "gte", "lt", "lte"), bound)).read(value, param)
        moment = bound.read(value, param)
        return {"gte": moment, "lte": moment}
