"""Groups of operations, what has them, what a method of theirs is, and how it makes its call."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import inspect
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
    from typing import ClassVar, Generic, NoReturn, ParamSpec, TypeVar

    from ..declare.messages import Arguments

    Mode = TypeVar("Mode")
    P = ParamSpec("P")
    R = TypeVar("R")
else:
    from ..public import Generic

    Mode = P = R = None

__all__ = [
    "Asynchronous",
    "Blocking",
    "Bound",
    "Group",
    "Grouped",
    "Member",
    "Mode",
    "RawAsynchronous",
    "RawBlocking",
    "client_for",
]

_OPTIONS = ("timeout", "headers", "retries", "deadline")


class Grouped(Generic[Mode]):
    """What has groups of operations: base of the generated class that lists them."""

    __slots__ = ()

    _mode: ClassVar[Any]

    def _caller(self) -> Any:
        """Return the client that makes the calls."""
        raise NotImplementedError

    def _namesake(self, group: str, name: str) -> str:  # noqa: ARG002 - for subclasses
        """Say, for an error message, what else has the name of a group and this attribute.

        Without a group, say what else has this attribute.
        """
        return ""

    if not TYPE_CHECKING:  # type checkers know every group

        def __getattr__(self, name: str) -> Any:
            hint = ""
            if not name.startswith("_"):
                hint = _in_a_group(self, name) or self._namesake("", name)
            raise _missing(self, name, hint)


class Group(Generic[Mode]):
    """A group of operations; each is a method.

    Args:
        owner: What the group belongs to.
    """

    __slots__ = ("_owner",)

    def __init__(self, owner: Grouped[Mode]) -> None:
        self._owner = owner

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {type(self._owner).__name__}>"

    if not TYPE_CHECKING:  # type checkers know every method

        def __getattr__(self, name: str) -> Any:
            group = type(self).__module__.rpartition(".")[2]
            raise _missing(self, name, self._owner._namesake(group, name))


def _in_a_group(owner: Grouped[Any], name: str) -> str:
    """Suggest the methods of groups that have a name, or all words of it."""
    from ..suggestions import did_you_mean

    names = [each for each in dir(type(owner)) if each[0] != "_"]
    if did_you_mean(name, names, cutoff=0.8):
        return ""  # rather a group that is misspelt
    methods = {
        f"{each}.{method}": method
        for kind in type(owner).__mro__
        for each in vars(kind)
        if issubclass(kind, Grouped) and each[0] != "_"
        for group in [getattr(owner, each)]
        if isinstance(group, Group)
        for method in dir(type(group))
        if method[0] != "_"
    }
    words = set(name.split("_"))
    found = [path for path, method in methods.items() if method == name] or [
        path for path, method in methods.items() if words < set(method.split("_"))
    ]
    paths = sorted(found, key=lambda path: (len(path), path))[:3]
    return f"; did you mean {' or '.join(map(repr, paths))}?" if paths else ""


def _missing(owner: object, name: str, hint: str) -> AttributeError:
    names = [each for each in dir(type(owner)) if not each.startswith("_")]
    if not hint and not name.startswith("_"):
        from ..suggestions import did_you_mean

        hint = did_you_mean(name, names)
    return AttributeError(f"{type(owner).__name__!r} has no attribute {name!r}{hint}")


class Blocking:
    """A method returns the result."""

    @staticmethod
    def call(client: Any, arguments: Arguments[Any]) -> Any:
        from ..exchange.messages import result_of

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
        from ..exchange.messages import result_of

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


class Member(Generic[P, R]):
    """A method of a group.

    Args:
        find: Returns the function that takes the arguments; it is called when the method is first
            used, so that nothing is loaded before.
    """

    __slots__ = ("_find", "_prepare", "name")

    def __init__(self, find: Callable[[], Callable[P, Arguments[R]]]) -> None:
        self._find = find
        self._prepare: Callable[..., Arguments[R]] | None = None
        self.name = ""

    def __init_subclass__(cls) -> None:
        # What `help` shows of a group is a line for each of its methods.
        cls.__doc__ = property(_summary)  # type: ignore[assignment]

    def __call__(self, *_: Any, **__: Any) -> NoReturn:
        raise TypeError(f"{self.name}() is called on a group of an object, not on its class")

    def __set_name__(self, owner: type, name: str) -> None:
        if not self.name:  # a short name comes later
            self.name = f"{owner.__name__}.{name}"

    @property
    def __name__(self) -> str:
        return self.name.rpartition(".")[2]

    @property
    def __signature__(self) -> inspect.Signature:
        return self.signature()

    def signature(self, owner: Grouped[Any] | None = None) -> inspect.Signature:
        """Tell what the method takes and returns, for `help` and `inspect`.

        Args:
            owner: What the method belongs to; None for the class of the group.
        """
        from inspect import signature

        found = signature(self.prepare)
        returned = str(found.return_annotation).removeprefix("Arguments[").removesuffix("]")
        returned = self.returned(Blocking if owner is None else owner._mode, returned)
        return found.replace(
            parameters=[
                each.replace(annotation=_Annotation(each.annotation))
                for each in found.parameters.values()
            ],
            return_annotation=_Annotation(returned),
        )

    @property
    def prepare(self) -> Callable[..., Arguments[R]]:
        """The function that takes the arguments."""
        prepare: Any = self._prepare or self._find()
        self._prepare = prepare
        found: Callable[..., Arguments[R]] = prepare
        return found

    def _bind(self, group: Any) -> Any:
        return self if group is None else Bound(self, group._owner)

    def description(self) -> str | None:
        """Say what the method does, for `help`."""
        return self.prepare.__doc__

    def returned(self, mode: type[Any], annotation: str) -> str:
        """Name what a call returns.

        Args:
            mode: How calls are made, such as `Blocking`.
            annotation: The type of the operation's result.
        """
        is_raw = issubclass(mode, (RawBlocking, RawAsynchronous))
        return f"Response[{annotation}]" if is_raw else annotation

    def run(self, owner: Grouped[Any], args: tuple[Any, ...], named: dict[str, Any]) -> Any:
        """Do what the method does."""
        arguments = self._arguments(args, named)
        return owner._mode.call(client_for(owner, arguments), arguments)

    def _arguments(self, args: tuple[Any, ...], named: Mapping[str, Any]) -> Arguments[R]:
        """Take the arguments as a method of this name does."""
        prepare: Any = self.prepare
        code = prepare.__code__
        known = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
        for name in named:
            if name not in known and name not in _OPTIONS:
                from ..suggestions import did_you_mean

                hint = did_you_mean(name, (*known, *_OPTIONS))
                if name == "client":
                    hint = ": the object is the client"
                raise TypeError(f"{self.name}() has no parameter {name!r}{hint}")
        if len(args) > code.co_argcount:
            from ..suggestions import refuse_positions

            refuse_positions(self.name, len(args), code)
        given = {*known[: len(args)], *named}
        needed = [
            name
            for name in known
            if name not in given and name not in (prepare.__kwdefaults__ or {})
        ]
        if needed:
            raise TypeError(f"{self.name}() needs {', '.join(map(repr, needed))}")
        found: Arguments[R] = prepare(*args, **named)
        return found


class _Annotation(str):
    """The name of a type, which signatures show without quotes."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


def _summary(member: Member[Any, Any]) -> str | None:
    """Take the first paragraph of what a method does."""
    text = member.description()
    return None if text is None else text.strip().partition("\n\n")[0]


def client_for(owner: Grouped[Any], arguments: Arguments[Any]) -> Any:
    """Give the client that makes a call, with the options of the call.

    Args:
        owner: What the method belongs to.
        arguments: The arguments of the call.
    """
    client = owner._caller()
    return client.with_options(**arguments.options) if arguments.options else client


class Bound:
    """A method of a certain object, as `help` and `inspect` expect it."""

    __slots__ = ("_member", "_owner")

    def __init__(self, member: Member[Any, Any], owner: Grouped[Any]) -> None:
        self._member = member
        self._owner = owner

    def __call__(self, *args: Any, **named: Any) -> Any:
        return self._member.run(self._owner, args, named)

    def __get__(self, instance: object, owner: Any) -> Bound:
        return self  # this is what makes `help` take it for a function

    def __repr__(self) -> str:
        return f"<method {self._member.name} of {type(self._owner).__name__}>"

    @property
    def __doc__(self) -> str | None:  # type: ignore[override]
        return self._member.description()

    @property
    def __name__(self) -> str:
        return self._member.__name__

    @property
    def __signature__(self) -> inspect.Signature:
        return self._member.signature(self._owner)
