"""Faults: what goes wrong, where and when."""

from __future__ import annotations

from dataclasses import dataclass, field
from operator import index
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

from ..._runtime.suggestions import did_you_mean, refuse_keywords
from .arguments import before_or_after, check, number, one_of, pointer, retry_after_text
from .arguments import status as check_status
from .rules import RULE_OPTIONS, Rule

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from typing import Self, Unpack

    from .rules import RuleOptions

__all__ = ["FAULT_KINDS", "Fault", "check_kind"]

_When = Literal["before", "after"]
_WrongJson = Literal["cut", "other_type", "not_json", "empty", "not_utf8"]

#: Every kind of fault; each is also the name of the constructor of `Fault` that makes it.
FAULT_KINDS = (
    "close_idle",
    "compressed_bomb",
    "delay",
    "disconnect",
    "endless_body",
    "invalid_http",
    "null",
    "proxy_page",
    "redirect",
    "reset",
    "restart",
    "slow",
    "status",
    "timeout",
    "truncated",
    "unknown_enum",
    "unknown_property",
    "wrong_json",
)


_BOMB_SIZE = 100 * 1024 * 1024
_ENDLESS_SIZE = 1024 * 1024 * 1024


def check_kind(kind: object) -> None:
    """Refuse what is no kind of fault.

    Args:
        kind: The kind.

    Raises:
        ValueError: It is none.
    """
    hint = did_you_mean(str(kind), FAULT_KINDS)
    kinds = ", ".join(FAULT_KINDS)
    check(kind in FAULT_KINDS, f"the kind of a fault must be one of {kinds}, got {kind!r}{hint}")


class _Kinds(type):
    """Tells, for a constructor that there is not, which there are."""

    if not TYPE_CHECKING:  # type checkers know every kind

        def __getattr__(cls, name: str) -> Any:
            hint = did_you_mean(name, FAULT_KINDS) or f"; the kinds are {', '.join(FAULT_KINDS)}"
            raise AttributeError(f"{cls.__name__} has no {name!r}{hint}")


@dataclass(frozen=True)
class Fault(metaclass=_Kinds):
    """Something that goes wrong, and the calls that it hits.

    It is made by the constructors below. All of them take the same keywords to say which calls are
    hit: `operation` (a name such as `run_checks`, or several), `method` (an HTTP method, or
    several), `nth` (which of the calls that these two let through, counted from 1 for each fault,
    or several), `times` (how often at most) and `probability` (from 0 to 1). Without any, every
    request is hit.

    Many take `when`: with `before`, the request is not handled, as if something in front of the
    server had failed; with `after` it was, and the job that it started runs, but the client does
    not learn of it.

    Attributes:
        kind: What goes wrong; one of `FAULT_KINDS`.
        options: The arguments of the constructor.
        rule: Which calls are hit.
    """

    kind: str
    options: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    rule: Rule = field(default_factory=Rule)

    def __post_init__(self) -> None:
        check_kind(self.kind)

    @classmethod
    def _of(cls, kind: str, rule: RuleOptions, **options: Any) -> Self:
        if wrong := [name for name in rule if name not in RULE_OPTIONS]:
            refuse_keywords(f"Fault.{kind}", wrong, [*options, *RULE_OPTIONS])
        return cls(kind, MappingProxyType(options), Rule.of(**rule))

    def __hash__(self) -> int:
        return hash((self.kind, self.rule))  # options may hold lists

    def __reduce__(self) -> tuple[Any, ...]:
        # A read-only view cannot be pickled, and records of other processes may hold faults.
        return _restored, (type(self), self.kind, dict(self.options), self.rule)

    def __repr__(self) -> str:
        options = [f"{name}={value!r}" for name, value in self.options.items()]
        rule = str(self.rule)
        return f"Fault.{self.kind}({', '.join([*options, rule] if rule else options)})"

    # -- responses that something in front of the server gives ------------------------------------

    @classmethod
    def status(
        cls,
        status: int,
        *,
        retry_after: float | datetime | None = None,
        when: _When = "before",
        **rule: Unpack[RuleOptions],
    ) -> Self:
        """Respond with a status and an error body.

        Args:
            status: The HTTP status, such as 429, 502, 503, 504 or 520.
            retry_after: What the header Retry-After says: seconds, or a time, which is sent as an
                HTTP date. None for no such header.
            when: Whether the request is handled nevertheless (`after`) or not (`before`).
            **rule: Which calls are hit.

        Returns:
            The fault.

        Raises:
            ValueError: It is no status from 200 to 599, or the seconds are negative.
        """
        check_status(status)
        text = None if retry_after is None else retry_after_text(retry_after)
        return cls._of("status", rule, status=status, retry_after=text, when=before_or_after(when))

    @classmethod
    def proxy_page(
        cls, status: int = 502, *, when: _When = "before", **rule: Unpack[RuleOptions]
    ) -> Self:
        """Respond with the HTML page of a proxy.

        Args:
            status: The HTTP status; 200 for a page of a login.
            when: Whether the request is handled nevertheless (`after`) or not (`before`).
            **rule: Which calls are hit.

        Returns:
            The fault.

        Raises:
            ValueError: It is no status from 200 to 599.
        """
        check_status(status)
        return cls._of("proxy_page", rule, status=status, when=before_or_after(when))

    @classmethod
    def redirect(
        cls,
        location: str,
        *,
        status: int = 302,
        when: _When = "before",
        **rule: Unpack[RuleOptions],
    ) -> Self:
        """Respond with a redirection.

        Args:
            location: What the header Location says.
            status: The HTTP status, from 300 to 399.
            when: Whether the request is handled nevertheless (`after`) or not (`before`).
            **rule: Which calls are hit.

        Returns:
            The fault.

        Raises:
            ValueError: The status is no redirection, or the location cannot be sent in a header.
        """
        check_status(status, 300, 399)
        check(
            isinstance(location, str) and location.isascii() and location.isprintable(),
            f"location must be printable ASCII, got {location!r}",
        )
        return cls._of(
            "redirect", rule, location=location, status=status, when=before_or_after(when)
        )

    # -- time -------------------------------------------------------------------------------------

    @classmethod
    def delay(cls, seconds: float, **rule: Unpack[RuleOptions]) -> Self:
        """Respond late: handle the request at once, and send the response after a delay.

        Args:
            seconds: How late, in real seconds, whatever the clock of the server says.
            **rule: Which calls are hit.

        Returns:
            The fault.

        Raises:
            ValueError: The seconds are negative.
        """
        number("seconds", seconds, "a number >= 0", lambda each: 0 <= each < float("inf"))
        return cls._of("delay", rule, seconds=float(seconds))

    @classmethod
    def slow(cls, bytes_per_second: float, **rule: Unpack[RuleOptions]) -> Self:
        """Send the body slowly.

        Args:
            bytes_per_second: How fast, in real seconds.
            **rule: Which calls are hit.

        Returns:
            The fault.

        Raises:
            ValueError: The speed is not above 0.
        """
        speed = bytes_per_second
        number("bytes_per_second", speed, "a number > 0", lambda each: 0 < each < float("inf"))
        return cls._of("slow", rule, bytes_per_second=float(bytes_per_second))

    @classmethod
    def timeout(cls, *, when: _When = "after", **rule: Unpack[RuleOptions]) -> Self:
        """Never respond; the connection ends when the client leaves or the server stops.

        Args:
            when: Whether the request is handled nevertheless (`after`) or not (`before`).
            **rule: Which calls are hit.

        Returns:
            The fault.
        """
        return cls._of("timeout", rule, when=before_or_after(when))

    # -- the connection ---------------------------------------------------------------------------

    @classmethod
    def reset(
        cls,
        *,
        when: Literal["before", "during", "after"] = "before",
        **rule: Unpack[RuleOptions],
    ) -> Self:
        """Reset the connection.

        Args:
            when: `before` the request is handled; `during` the response, whose head and half of its
                body were sent (nothing at all if it has no body); or `after` the request was
                handled, but before any byte of the response.
            **rule: Which calls are hit.

        Returns:
            The fault.
        """
        return cls._of("reset", rule, when=one_of("when", when, ("before", "during", "after")))

    @classmethod
    def disconnect(cls, *, when: _When = "before", **rule: Unpack[RuleOptions]) -> Self:
        """Close the connection in an orderly way, without a response.

        That is what a client sees whose request crosses the end of an idle connection.

        Args:
            when: Whether the request is handled nevertheless (`after`) or not (`before`).
            **rule: Which calls are hit.

        Returns:
            The fault.
        """
        return cls._of("disconnect", rule, when=before_or_after(when))

    @classmethod
    def close_idle(cls, **rule: Unpack[RuleOptions]) -> Self:
        """Close the connection right after the response, which did not announce it.

        In process there are no connections, so nothing happens there.

        Args:
            **rule: Which calls are hit.

        Returns:
            The fault.
        """
        return cls._of("close_idle", rule)

    @classmethod
    def restart(cls, *, when: _When = "before", **rule: Unpack[RuleOptions]) -> Self:
        """Restart the server: it forgets its jobs, and every other connection is closed.

        Args:
            when: Right before the request is handled, or right after; it gets its response in
                either case.
            **rule: Which calls are hit.

        Returns:
            The fault.
        """
        return cls._of("restart", rule, when=before_or_after(when))

    @classmethod
    def invalid_http(cls, *, when: _When = "before", **rule: Unpack[RuleOptions]) -> Self:
        """Respond with something that is no HTTP.

        Args:
            when: Whether the request is handled nevertheless (`after`) or not (`before`).
            **rule: Which calls are hit.

        Returns:
            The fault.
        """
        return cls._of("invalid_http", rule, when=before_or_after(when))

    # -- the body ---------------------------------------------------------------------------------

    @classmethod
    def truncated(
        cls, *, announced: Literal["full", "actual"] = "full", **rule: Unpack[RuleOptions]
    ) -> Self:
        """Send the first half of the body only.

        Args:
            announced: `full` if Content-Length tells the whole length, and the connection is
                closed before; `actual` if it tells the half, which only the content gives away.
            **rule: Which calls are hit.

        Returns:
            The fault.
        """
        return cls._of(
            "truncated", rule, announced=one_of("announced", announced, ("full", "actual"))
        )

    @classmethod
    def wrong_json(cls, variant: _WrongJson = "cut", **rule: Unpack[RuleOptions]) -> Self:
        """Respond with a body that is not the JSON that it should be.

        Args:
            variant: `cut` for the first half of it; `other_type` for valid JSON of another type;
                `not_json` for text; `empty` for no body; `not_utf8` for bytes that are not UTF-8.
            **rule: Which calls are hit.

        Returns:
            The fault.
        """
        variants = ("cut", "other_type", "not_json", "empty", "not_utf8")
        return cls._of("wrong_json", rule, variant=one_of("variant", variant, variants))

    @classmethod
    def null(cls, path: str | None = None, **rule: Unpack[RuleOptions]) -> Self:
        """Respond with null where a value belongs.

        Args:
            path: The place as a JSON pointer, such as `/jobId/jobId`; None for one chosen by
                chance. A response without that place stays as it is.
            **rule: Which calls are hit.

        Returns:
            The fault.

        Raises:
            ValueError: The path is no JSON pointer.
        """
        return cls._of("null", rule, path=pointer(path))

    @classmethod
    def unknown_enum(
        cls, path: str | None = None, *, value: str = "invented_later", **rule: Unpack[RuleOptions]
    ) -> Self:
        """Respond with a value that an enumeration does not have.

        Args:
            path: The place as a JSON pointer, such as `/status`; None for one chosen by chance
                among the enumerations in the response. A response without one stays as it is.
            value: The value.
            **rule: Which calls are hit.

        Returns:
            The fault.

        Raises:
            ValueError: The path is no JSON pointer.
        """
        return cls._of("unknown_enum", rule, path=pointer(path), value=value)

    @classmethod
    def unknown_property(
        cls,
        path: str | None = None,
        *,
        name: str = "inventedLater",
        value: Any = "a new property",
        **rule: Unpack[RuleOptions],
    ) -> Self:
        """Respond with a property that the specification does not have.

        Args:
            path: The object as a JSON pointer; None for one chosen by chance. A response without
                that object stays as it is.
            name: The property's name.
            value: Its value: what JSON can hold.
            **rule: Which calls are hit.

        Returns:
            The fault.

        Raises:
            ValueError: The path is no JSON pointer.
        """
        check(isinstance(name, str), f"name must be a string, got {name!r}")
        return cls._of("unknown_property", rule, path=pointer(path), name=name, value=value)

    @classmethod
    def endless_body(
        cls, *, max_bytes: int = _ENDLESS_SIZE, when: _When = "before", **rule: Unpack[RuleOptions]
    ) -> Self:
        """Respond with a JSON array that does not end.

        Args:
            max_bytes: After how many bytes the connection is closed, in case the client stays.
            when: Whether the request is handled nevertheless (`after`) or not (`before`).
            **rule: Which calls are hit.

        Returns:
            The fault.

        Raises:
            ValueError: The number of bytes is negative.
        """
        number("max_bytes", max_bytes, "an integer >= 0", lambda each: index(each) >= 0)
        return cls._of("endless_body", rule, max_bytes=max_bytes, when=before_or_after(when))

    @classmethod
    def compressed_bomb(
        cls, *, size: int = _BOMB_SIZE, when: _When = "before", **rule: Unpack[RuleOptions]
    ) -> Self:
        """Respond with a small compressed body that becomes a very large one.

        Args:
            size: How many bytes it becomes: an empty JSON array with much space in it.
            when: Whether the request is handled nevertheless (`after`) or not (`before`).
            **rule: Which calls are hit.

        Returns:
            The fault.

        Raises:
            ValueError: There are less than 2 bytes.
        """
        number("size", size, "an integer >= 2", lambda each: index(each) >= 2)
        return cls._of("compressed_bomb", rule, size=size, when=before_or_after(when))


def _restored(kind: type[Fault], *arguments: Any) -> Fault:
    name, options, rule = arguments
    return kind(name, MappingProxyType(options), rule)
