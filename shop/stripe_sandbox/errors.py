"""What Stripe answers when it refuses: one exception, and one function for each wording.

Reference: https://docs.stripe.com/api/errors and https://docs.stripe.com/error-codes
"""

from collections.abc import Sequence
from typing import Any


class StripeError(Exception):
    """Raised wherever a request is refused; `body` is the JSON answer."""

    def __init__(
        self,
        message: str,
        *,
        status: int = 400,
        type: str = "invalid_request_error",
        code: str | None = None,
        param: str | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.type = type
        self.code = code
        self.param = param

    @property
    def body(self) -> dict[str, Any]:
        error: dict[str, Any] = {"message": str(self), "type": self.type}
        if self.code is not None:
            error["code"] = self.code
            error["doc_url"] = f"https://stripe.com/docs/error-codes/{self.code.replace('_', '-')}"
        if self.param is not None:
            error["param"] = self.param
        return {"error": error}


def unknown(params: Sequence[str]) -> StripeError:
    noun = "parameter" if len(params) == 1 else "parameters"
    return StripeError(f"Received unknown {noun}: {', '.join(params)}", code="parameter_unknown", param=params[0])


def missing(param: str) -> StripeError:
    return StripeError(f"Missing required param: {param}.", code="parameter_missing", param=param)


def empty(param: str) -> StripeError:
    return StripeError(
        f"You passed an empty string for '{param}'. We assume empty values are an attempt to unset a parameter; however '{param}' "
        f"cannot be unset. You should remove '{param}' from your request or supply a non-empty value.",
        code="parameter_invalid_empty",
        param=param,
    )


def exclusive(names: Sequence[str], param: str | None = None) -> StripeError:
    return StripeError(
        f"You may only specify one of these parameters: {', '.join(names)}.",
        code="parameters_exclusive",
        param=param or names[0],
    )


def not_simulated(param: str) -> StripeError:
    """Return the refusal of something that Stripe knows and this package does not."""
    return StripeError(
        f"{param} exists at Stripe but is not simulated here: the local Stripe would have to pretend.", param=param
    )


def no_such(kind: str, id: str, param: str, *, status: int = 404) -> StripeError:
    return StripeError(f"No such {kind}: '{id}'", status=status, code="resource_missing", param=param)


def unrecognized(method: str, path: str) -> StripeError:
    return StripeError(
        f"Unrecognized request URL ({method}: {path}). Please see https://stripe.com/docs or we can help at https://support.stripe.com/.",
        status=404,
    )
