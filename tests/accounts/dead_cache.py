"""A cache whose server is gone."""

from typing import Any

from django.core.cache.backends.base import BaseCache


class DeadCache(BaseCache):
    def __init__(self, location: str, params: dict[str, Any]) -> None:
        super().__init__(params)

    def add(self, *args: Any, **kwargs: Any) -> bool:
        raise ConnectionRefusedError("nobody listens")

    def get(self, *args: Any, **kwargs: Any) -> Any:
        raise ConnectionRefusedError("nobody listens")

    def set(self, *args: Any, **kwargs: Any) -> None:
        raise ConnectionRefusedError("nobody listens")

    def delete(self, *args: Any, **kwargs: Any) -> bool:
        raise ConnectionRefusedError("nobody listens")
