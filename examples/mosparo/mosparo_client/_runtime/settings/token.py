# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""Holds the token of a client, and shows it to nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..errors import InvalidRequest
from .headers import value_problem
from .shown import HIDDEN, forgetting

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import ClassVar

__all__ = ["ApiKey", "Secret", "as_secret"]


class Secret:
    """Holds a token so that it is shown, compared and copied safely, and never pickled.

    Args:
        value: The token, or what returns the one to use now.
    """

    __slots__ = ("_value",)

    #: What messages call it.
    _name: ClassVar[str] = "token"
    _value: str | Callable[[], str]

    @forgetting
    def __init__(self, value: str | Callable[[], str]) -> None:
        if not callable(value):
            value = self._cleaned(value)
        problem = "" if callable(value) else _token_problem(value)
        if problem:
            raise InvalidRequest(f"the {self._name} {problem}")
        self._value = value

    def _cleaned(self, value: Any) -> Any:
        return value

    @property
    def is_fixed(self) -> bool:
        """Whether it is a string, and not what returns one."""
        return isinstance(self._value, str)

    @forgetting
    def read(self) -> str:
        """Return the token itself.

        Raises:
            InvalidRequest: What returns it failed, or returned no token.
        """
        if isinstance(self._value, str):
            return self._value
        value = failed = ""
        try:
            value = self._cleaned(self._value())
        except InvalidRequest:
            raise
        except Exception as error:
            failed = type(error).__name__
        if failed:
            # Not above, and without what it says: the message of that exception, which would be the
            # context of this one, may hold the token, as may the local variables of the function.
            raise InvalidRequest(
                f"no {self._name}: the function that returns it raised {failed}; nothing was sent. "
                "Its message is not shown, because it may be secret; call the function to see it"
            )
        problem = _token_problem(value)
        if problem:
            raise InvalidRequest(
                f"the {self._name} that the function returned {problem}; nothing was sent"
            )
        return value

    def replace(self, other: Secret) -> None:
        """Take over another secret's token.

        Args:
            other: Where the token is from.
        """
        self._value = other._value

    def __repr__(self) -> str:
        return repr(HIDDEN)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        if isinstance(self._value, str) and isinstance(other._value, str):
            import hmac  # which few programs need

            return hmac.compare_digest(self._value, other._value)
        return self._value is other._value

    def __copy__(self) -> Secret:
        copied = type(self).__new__(type(self))
        copied._value = self._value
        return copied

    def __deepcopy__(self, memo: dict[int, Any]) -> Secret:
        return self.__copy__()

    def __reduce__(self) -> str:
        raise TypeError("a token cannot be pickled")


class ApiKey(Secret):
    """The same for what its user calls an API key; white space around it is dropped."""

    __slots__ = ()

    _name = "API key"

    @forgetting
    def _cleaned(self, value: Any) -> Any:
        return value.strip() if isinstance(value, str) else value


def _token_problem(value: object) -> str:
    return value_problem(value) or ("is empty" if not value else "")


@forgetting
def as_secret(value: str | Callable[[], str] | Secret) -> Secret:
    """Make a new secret.

    Args:
        value: A token, what returns one, or a secret to copy.

    Returns:
        A secret that shares nothing with the given one.

    Raises:
        InvalidRequest: The token is empty or cannot be sent in a header.
    """
    return value.__copy__() if isinstance(value, Secret) else Secret(value)
