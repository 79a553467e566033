"""Operations as methods of an object: what the generated classes of groups are made of.

One class of a group serves every kind of object: its parameter, such as `Blocking`, says how a call
is made and what type checkers take a method's result for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..declare.unset import or_none
from ..errors import InvalidRequest
from .grouped import (
    Asynchronous,
    Blocking,
    Group,
    Grouped,
    Member,
    Mode,
    RawAsynchronous,
    RawBlocking,
    client_for,
)

if TYPE_CHECKING:
    from collections.abc import (
        AsyncIterator,
        Callable,
        Coroutine,
        Iterator,
    )
    from contextlib import AbstractAsyncContextManager, AbstractContextManager
    from typing import ParamSpec, Self, TypeVar, overload

    from typing_extensions import deprecated

    from ..declare.messages import Arguments
    from ..declare.response import Response
    from ..exchange.downloads import AsyncDownload, Download
    from ..exchange.streams import AsyncItemStream, ItemStream

    P = ParamSpec("P")
    R = TypeVar("R")
else:
    P = R = None

__all__ = [
    "DeprecatedMethod",
    "Group",
    "Grouped",
    "Method",
    "Mode",
    "Pages",
    "Streamed",
    "StreamedItems",
]

_PAGE_SIZE = 100


class Method(Member[P, R]):
    """A method that calls an operation."""

    __slots__ = ()

    if TYPE_CHECKING:

        @overload
        def __get__(self, group: None, owner: Any) -> Self: ...
        @overload
        def __get__(self, group: Group[Blocking], owner: Any) -> Callable[P, R]: ...
        @overload
        def __get__(
            self, group: Group[Asynchronous], owner: Any
        ) -> Callable[P, Coroutine[Any, Any, R]]: ...
        @overload
        def __get__(self, group: Group[RawBlocking], owner: Any) -> Callable[P, Response[R]]: ...
        @overload
        def __get__(
            self, group: Group[RawAsynchronous], owner: Any
        ) -> Callable[P, Coroutine[Any, Any, Response[R]]]: ...

    def __get__(self, group: Any, owner: Any) -> Any:
        return self._bind(group)


class DeprecatedMethod(Member[P, R]):
    """A method that calls an operation which only older servers have."""

    __slots__ = ()

    if TYPE_CHECKING:

        @overload
        def __get__(self, group: None, owner: Any) -> Self: ...
        @overload
        @deprecated("only older servers have this operation")
        def __get__(self, group: Group[Blocking], owner: Any) -> Callable[P, R]: ...
        @overload
        @deprecated("only older servers have this operation")
        def __get__(
            self, group: Group[Asynchronous], owner: Any
        ) -> Callable[P, Coroutine[Any, Any, R]]: ...
        @overload
        @deprecated("only older servers have this operation")
        def __get__(self, group: Group[RawBlocking], owner: Any) -> Callable[P, Response[R]]: ...
        @overload
        @deprecated("only older servers have this operation")
        def __get__(
            self, group: Group[RawAsynchronous], owner: Any
        ) -> Callable[P, Coroutine[Any, Any, Response[R]]]: ...

    def __get__(self, group: Any, owner: Any) -> Any:
        return self._bind(group)


class Pages(Member[P, list[R]]):
    """A method that yields the items of every page, from `page` on; `limit` is the size of a page.

    A page is asked for when its first item is. The last one is the first that is not full.
    """

    __slots__ = ()

    if TYPE_CHECKING:

        @overload
        def __get__(self, group: None, owner: Any) -> Self: ...
        @overload
        def __get__(self, group: Group[Blocking], owner: Any) -> Callable[P, Iterator[R]]: ...
        @overload
        def __get__(
            self, group: Group[Asynchronous], owner: Any
        ) -> Callable[P, AsyncIterator[R]]: ...

    def __get__(self, group: Any, owner: Any) -> Any:
        return self._bind(group)

    def run(self, owner: Grouped[Any], args: tuple[Any, ...], named: dict[str, Any]) -> Any:
        """Make the generator; wrong arguments are told now."""
        page, size = or_none(named.get("page")), or_none(named.get("limit"))
        page, size = 1 if page is None else page, _PAGE_SIZE if size is None else size
        for name, value in (("page", page), ("limit", size)):
            if not hasattr(value, "__index__"):
                raise InvalidRequest(f"{self.name}(): {name} must be an integer, got {value!r}")
            if value < 1:
                raise InvalidRequest(f"{self.name}(): {name} must be >= 1, got {value!r}")
        mode = Asynchronous if issubclass(owner._mode, Asynchronous) else Blocking
        client = client_for(owner, self._arguments(args, {**named, "page": page, "limit": size}))

        def get(number: int) -> Any:
            arguments = self._arguments(args, {**named, "page": number, "limit": size})
            return mode.call(client, arguments)

        return mode.pages(get, page, size)

    def description(self) -> str | None:
        """Say what the method does, for `help`."""
        said = "An iterator over the items of all pages, from `page` on."
        return _returning(self.prepare.__doc__, said)

    def returned(self, mode: type[Any], annotation: str) -> str:
        """Name what a call returns."""
        item = annotation.removeprefix("list[").removesuffix("]")
        kind = "AsyncIterator" if issubclass(mode, Asynchronous) else "Iterator"
        return f"{kind}[{item}]"


class _Opening(Member[P, R]):
    """A method whose result is for a `with` block."""

    __slots__ = ()

    def run(self, owner: Grouped[Any], args: tuple[Any, ...], named: dict[str, Any]) -> Any:
        """Make what the block opens."""
        arguments = self._arguments(args, named)
        client, operation = client_for(owner, arguments), arguments.operation
        if issubclass(owner._mode, Asynchronous):
            return operation.stream_async(client, arguments)
        return operation.stream(client, arguments)


class Streamed(_Opening[P, R]):
    """A method that downloads, for a `with` block."""

    __slots__ = ()

    if TYPE_CHECKING:

        @overload
        def __get__(self, group: None, owner: Any) -> Self: ...
        @overload
        def __get__(
            self, group: Group[Blocking] | Group[RawBlocking], owner: Any
        ) -> Callable[P, AbstractContextManager[Download]]: ...
        @overload
        def __get__(
            self, group: Group[Asynchronous] | Group[RawAsynchronous], owner: Any
        ) -> Callable[P, AbstractAsyncContextManager[AsyncDownload]]: ...

    def __get__(self, group: Any, owner: Any) -> Any:
        return self._bind(group)

    def description(self) -> str | None:
        """Say what the method does, for `help`."""
        said = "A download for a `with` block, which is read as it comes: `save_to(path)`."
        return _returning(self.prepare.__doc__, said)

    def returned(self, mode: type[Any], annotation: str) -> str:  # noqa: ARG002 - a download is no result of a type
        """Name what a call returns."""
        if issubclass(mode, Asynchronous):
            return "AbstractAsyncContextManager[AsyncDownload]"
        return "AbstractContextManager[Download]"


class StreamedItems(_Opening[P, R]):
    """A method that reads items as they come, for a `with` block.

    Args:
        find: Returns the function that takes the arguments.
        stream: Returns the function that does the same; it tells the type of the items.
    """

    __slots__ = ("_stream",)

    def __init__(
        self,
        find: Callable[[], Callable[P, Arguments[Any]]],
        stream: Callable[[], Callable[..., AbstractContextManager[ItemStream[R]]]],
    ) -> None:
        super().__init__(find)
        self._stream = stream

    if TYPE_CHECKING:

        @overload
        def __get__(self, group: None, owner: Any) -> Self: ...
        @overload
        def __get__(
            self, group: Group[Blocking] | Group[RawBlocking], owner: Any
        ) -> Callable[P, AbstractContextManager[ItemStream[R]]]: ...
        @overload
        def __get__(
            self, group: Group[Asynchronous] | Group[RawAsynchronous], owner: Any
        ) -> Callable[P, AbstractAsyncContextManager[AsyncItemStream[R]]]: ...

    def __get__(self, group: Any, owner: Any) -> Any:
        return self._bind(group)

    def description(self) -> str | None:
        """Say what the method does, for `help`."""
        said = "The items, for a `with` block; each is read when it has come."
        return _returning(self.prepare.__doc__, said)

    def returned(self, mode: type[Any], annotation: str) -> str:  # noqa: ARG002 - not that of all items
        """Name what a call returns."""
        found = str(self._stream().__annotations__["return"])
        if not issubclass(mode, Asynchronous):
            return found
        items = found.removeprefix("AbstractContextManager[")
        return f"AbstractAsyncContextManager[Async{items}"


def _returning(text: str | None, returned: str) -> str | None:
    """Put another section `Returns:` in the place of that of a docstring."""
    if text is None:  # with the option -OO
        return None
    before, heading, after = text.partition("Returns:\n")
    indent = before[len(before.rstrip(" ")) :] if heading else "    "
    kept = after.partition("\n\n")[2]
    rest = f"\n{kept}" if kept.strip() else ""
    return f"{before.rstrip()}\n\n{indent}Returns:\n{indent}    {returned}\n{rest}{indent}"
