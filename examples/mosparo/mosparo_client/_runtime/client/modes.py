# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""How a method of a group makes its call, and what it gives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

    from ..declare.messages import Arguments

__all__ = ["Asynchronous", "Blocking", "RawAsynchronous", "RawBlocking"]


class Blocking:
    """A method returns the result."""

    @staticmethod
    def call(client: Any, arguments: Arguments[Any]) -> Any:
        from ..exchange.reading import result_of

        return result_of(arguments.operation, arguments.operation.call(client, arguments))

    @staticmethod
    def pages(get: Callable[[int], Any], page: int, size: int) -> Iterator[Any]:
        items = get(page) or ()
        yield from items
        while len(items) >= size:
            page += 1
            items = get(page) or ()
            yield from items


class Asynchronous:
    """A method is awaited."""

    @staticmethod
    async def call(client: Any, arguments: Arguments[Any]) -> Any:
        from ..exchange.reading import result_of

        response = await arguments.operation.call_async(client, arguments)
        return result_of(arguments.operation, response)

    @staticmethod
    async def pages(
        get: Callable[[int], Awaitable[Any]], page: int, size: int
    ) -> AsyncIterator[Any]:
        items = await get(page) or ()
        for item in items:
            yield item
        while len(items) >= size:
            page += 1
            items = await get(page) or ()
            for item in items:
                yield item


class RawBlocking(Blocking):
    """A method returns the whole response."""

    @staticmethod
    def call(client: Any, arguments: Arguments[Any]) -> Any:
        return arguments.operation.call(client, arguments)


class RawAsynchronous(Asynchronous):
    """A method is awaited and returns the whole response."""

    @staticmethod
    async def call(client: Any, arguments: Arguments[Any]) -> Any:
        return await arguments.operation.call_async(client, arguments)
