"""One job as far as this side knows it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime

    from ..client import AuthenticatedClient, Client
    from .kinds import JobKind

__all__ = ["Job", "unique_business_key"]


@dataclass(eq=False)
class Job:
    """A job; what is learned about it is written here.

    Attributes:
        kind: Its kind.
        business_key: The key that it is, or will be, submitted with.
        label: What it is about, for people, such as the name of a table; empty if nobody says.
        job_id: The server's number for it; None as long as it is not known.
        created_at: When the server created it (UTC), where known.
        submissions: How often it was sent; more than once only if the server did not know it.
        attached: Whether somebody else submitted it.
        is_listed: Whether the server has told about it since it took it on.
        had_ended: Whether it had ended already when it was found by its key.
        former: The number of a job of the same key that failed or was cancelled, in whose place
            this one is submitted.
        parameters: What it was told to do; None for a job that somebody else submitted.
        client: The client that it was submitted or looked up with; it is not pickled, because it
            may hold a token.
    """

    kind: JobKind[Any, Any]
    business_key: str
    job_id: int | None = None
    created_at: datetime | None = None
    submissions: int = 0
    attached: bool = False
    is_listed: bool = False
    had_ended: bool = False
    former: int | None = None
    label: str = ""
    parameters: Any = field(default=None, repr=False)
    client: AuthenticatedClient | Client | None = field(default=None, repr=False)

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "client": None}

    @property
    def is_known(self) -> bool:
        """Whether the server has told about it at least once."""
        return self.job_id is not None

    @property
    def may_run(self) -> bool:
        """Whether the server may have it, which is so as soon as it is about to be sent."""
        return self.submissions > 0 or self.attached

    @property
    def path_text(self) -> str:
        """What stands for it in a path: the number, which is known at once, or else the key."""
        return self.business_key if self.job_id is None else str(self.job_id)

    def is_named_by(self, identity: Any) -> bool:
        """Tell whether the server speaks of this job.

        Args:
            identity: A `DqoQueueJobId`, or UNSET.

        Returns:
            False if it names another business key, or, without a key, another time of creation. A
            number alone proves nothing: after a restart the server may give it to another job.
        """
        key = getattr(identity, "job_business_key", None)
        if key:
            return bool(key == self.business_key)
        created_at = getattr(identity, "created_at", None)
        return not (created_at and self.created_at) or bool(created_at == self.created_at)

    def take_the_place(self) -> None:
        """Be submitted in the place of the job that was found by the key."""
        self.former, self.job_id, self.created_at = self.job_id, None, None
        self.is_listed = False

    def is_former(self, identity: Any) -> bool:
        """Tell whether the server speaks of the job in whose place this one is submitted.

        Args:
            identity: A `DqoQueueJobId`, or UNSET.
        """
        return self.former is not None and getattr(identity, "job_id", None) == self.former

    def learn(self, identity: Any) -> bool:
        """Take over what the server says about who the job is.

        Args:
            identity: A `DqoQueueJobId`, or UNSET.

        Returns:
            Whether it is this job, with its number.
        """
        number = getattr(identity, "job_id", None)
        if not isinstance(number, int) or not self.is_named_by(identity):
            return False
        if self.is_former(identity):
            return False
        self.job_id = number
        self.created_at = getattr(identity, "created_at", None) or self.created_at
        return True

    def __str__(self) -> str:
        number = "" if self.job_id is None else f" {self.job_id}"
        label = f" of {self.label}" if self.label else ""
        return f"{self.kind.name} job{number}{label} (business key {self.business_key!r})"


def unique_business_key(kind: JobKind[Any, Any]) -> str:
    """Make a key that no other job has.

    Args:
        kind: The kind of the job, for those who read the key.

    Returns:
        The key.
    """
    return f"{kind.name}-{uuid.uuid4()}"
