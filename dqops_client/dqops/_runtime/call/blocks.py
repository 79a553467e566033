"""What a `with` block opens, which says so where it is used without one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from contextlib import AbstractAsyncContextManager, AbstractContextManager
    from types import TracebackType

__all__ = ["AsyncWithBlock", "WithBlock"]


class _Unopened:
    """What both kinds have in common.

    Args:
        block: What is opened.
        operation: The name of the operation, for messages.
    """

    __slots__ = ("_block", "_operation")

    _keyword = "with"

    def __init__(self, block: Any, operation: str) -> None:
        self._block = block
        self._operation = operation

    if not TYPE_CHECKING:  # type checkers know that there is nothing else

        def __getattr__(self, name: str) -> Any:
            said = f"{type(self).__name__!r} has no attribute {name!r}"
            if not name.startswith("_"):
                said = (
                    f"{self._operation}: {name!r} needs a with block: {self._keyword} ... as "
                    f"opened: opened.{name}(...)"
                )
            raise AttributeError(said)


class WithBlock(_Unopened):
    """What a `with` block opens."""

    __slots__ = ()

    _block: AbstractContextManager[Any]

    def __enter__(self) -> Any:
        return self._block.__enter__()

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        traceback: TracebackType | None,
    ) -> bool | None:
        return self._block.__exit__(exc_type, exc_value, traceback)


class AsyncWithBlock(_Unopened):
    """What an `async with` block opens."""

    __slots__ = ()

    _block: AbstractAsyncContextManager[Any]
    _keyword = "async with"

    async def __aenter__(self) -> Any:
        return await self._block.__aenter__()

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        traceback: TracebackType | None,
    ) -> bool | None:
        return await self._block.__aexit__(exc_type, exc_value, traceback)
