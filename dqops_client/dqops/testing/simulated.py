"""The simulated server without a network: everything that does not depend on the door."""

from __future__ import annotations

import threading
from dataclasses import fields
from inspect import signature
from typing import TYPE_CHECKING, Any, TypedDict

from .._runtime.suggestions import refuse_keywords
from .faults import FaultPlan
from .settings import Settings
from .simulator import DEFAULT_API_KEY, Simulator
from .specification import no_such_operation
from .state.state import State

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType
    from typing import Self, Unpack

    from .clock import Clock
    from .faults.plan import FaultPlanLike
    from .http.transport import SimulatedTransport
    from .recorded_requests import RecordedRequest
    from .seeds.seed import Seed
    from .settings import JobMode, License
    from .state.snapshots import Snapshot

__all__ = [
    "MeasurementOptions",
    "OutcomeOptions",
    "SettingsOptions",
    "SimulatedDqops",
    "SimulatedOptions",
]


class SettingsOptions(TypedDict, total=False):
    """The fields of `Settings`."""

    healthy: bool
    require_login: bool
    job_mode: JobMode
    queue_delay: float
    job_duration: float
    job_history_seconds: float | None
    business_key_delay: float
    cancel_delay: float
    change_history_seconds: float | None
    cloud_paired: bool
    wait_by_default: bool
    wait_seconds: float
    poll_seconds: float
    time_zone: str
    license: License
    strict: bool
    examples_only: bool
    server_version: str | None
    validate_answers: bool


class OutcomeOptions(TypedDict, total=False):
    """The keywords of `State.next_outcome`."""

    table: str | None
    connection: str | None
    check_name: str | None
    column: str | None
    actual_value: float | None
    fails: str | None
    times: int


class MeasurementOptions(TypedDict, total=False):
    """The keywords of `State.set_value`, but for the check's name."""

    table: str | None
    connection: str | None
    column: str | None
    data_group: str | None


class SimulatedOptions(SettingsOptions, total=False):
    """The keywords of `SimulatedDqops`."""

    api_key: str
    clock: Clock | None
    faults: FaultPlanLike


class SimulatedDqops:
    """A DQOps server for tests, in this process and without a socket; `transport` is its door.

    Use it in a `with` block, or call `close` at the end, if a test may leave requests that wait.

        with SimulatedDqops() as simulated:
            arguments = {"transport": simulated.transport()}
            client = Client("http://dqops.test", httpx_args=arguments, transport="httpx")

    Args:
        seed: What it starts with, as a `Seed` or a dictionary of its fields; by default a small
            web shop: the connection `warehouse` with the tables `public.orders` and
            `public.customers`.
        api_key: The API key that it accepts. Requests without any are served, too, unless
            `require_login` is set.
        clock: Where the time comes from; the time of this machine by default.
        faults: What goes wrong: a `FaultPlan`, or a list of what `FaultPlan.of` takes.
        **settings: How it behaves, each by its name in `Settings`, where they are explained.

    Attributes:
        state: What the server knows; it may be read and changed at any time.
        settings: How it behaves; it may be changed at any time.
        faults: What goes wrong; it may be changed at any time.

    Raises:
        MissingSpecificationError: The specification is not where it should be.
        ValueError: The seed, a setting or a fault is not possible.
    """

    def __init__(
        self,
        seed: Seed | Mapping[str, Any] | None = None,
        *,
        api_key: str = DEFAULT_API_KEY,
        clock: Clock | None = None,
        faults: FaultPlanLike = (),
        **settings: Unpack[SettingsOptions],
    ) -> None:
        known = [each.name for each in fields(Settings)]
        if wrong := [name for name in settings if name not in known]:
            own = {*signature(type(self)).parameters, *signature(SimulatedDqops).parameters}
            refuse_keywords(type(self).__name__, wrong, {*known, *own} - {"options", "settings"})
        self.settings = Settings(**settings)
        self.state = State(seed, settings=self.settings, clock=clock)
        self.faults = FaultPlan.of(faults)
        self._simulator = Simulator(
            self.state, api_key=api_key, faults=self.faults, on_restart=self._cut_connections
        )
        self._switching = threading.Lock()

    @property
    def api_key(self) -> str:
        """The API key that the server accepts."""
        return self._simulator.api_key

    @property
    def healthy(self) -> bool:
        """What the health check says; it may be changed at any time."""
        return self.settings.healthy

    @healthy.setter
    def healthy(self, value: bool) -> None:
        self.settings.healthy = value

    @property
    def requests(self) -> list[RecordedRequest]:
        """What clients asked for so far, without headers, in the order of the responses."""
        return self._simulator.requests

    def calls(self, operation: str) -> list[RecordedRequest]:
        """Give the requests for one operation.

        Args:
            operation: The operation's name, such as `run_checks`.

        Returns:
            The requests, in the order of the responses.

        Raises:
            ValueError: There is no such operation.
        """
        known = self._simulator.specification.operations
        if operation not in known:
            raise ValueError(no_such_operation(operation, known))
        return [request for request in self.requests if request.operation == operation]

    def next_outcome(self, severity: int | str = 0, **options: Unpack[OutcomeOptions]) -> None:
        """Say what the next run of checks on a table finds; short for `State.next_outcome`.

        Args:
            severity: `valid`, `warning`, `error`, `fatal` or `execution_error`, or 0 to 4.
            **options: The keywords of `State.next_outcome`, where they are explained: `table`,
                `connection`, `check_name`, `column`, `actual_value`, `fails` and `times`.

        Raises:
            ValueError: There is no such severity, or `times` is less than 1.
        """
        self.state.next_outcome(severity, **options)

    def set_value(
        self, value: float, *, check_name: str, **options: Unpack[MeasurementOptions]
    ) -> None:
        """Say what the sensor of a check measures from now on; short for `State.set_value`.

        Args:
            value: What is measured.
            check_name: The check's name.
            **options: The other keywords of `State.set_value`, where they are explained: `table`,
                `connection`, `column` and `data_group`.
        """
        self.state.set_value(value, check_name=check_name, **options)

    def advance(self, seconds: float) -> None:
        """Let time pass; for the job modes `manual` and `skip`.

        Args:
            seconds: By how much the clock moves.

        Raises:
            TypeError: The clock moves by itself.
            ValueError: `seconds` is negative.
        """
        self.state.advance(seconds)

    def snapshot(self) -> Snapshot:
        """Keep what the server knows now.

        Returns:
            What `restore` takes.
        """
        return self.state.snapshot()

    def restore(self, snapshot: Snapshot) -> None:
        """Let the server know what it knew when a snapshot was made.

        Args:
            snapshot: The snapshot.
        """
        self.state.restore(snapshot)

    def reset(self) -> None:
        """Begin anew: what the seed says, nothing asked for so far, no faults."""
        self.faults.clear()
        self.state.reset()
        self._simulator.forget_requests()

    def restart(self) -> None:
        """Behave as if the server process had restarted.

        Jobs are forgotten, stored results are kept, and connections are closed; requests that wait
        get no response.
        """
        self._simulator.restart()

    def transport(self) -> SimulatedTransport:
        """Make a door for httpx, with which requests stay in this process.

        Returns:
            A transport for `httpx.Client` and for `httpx.AsyncClient`; the host of the URL does
            not matter.
        """
        # httpx is loaded only by those who use it.
        from .http.transport import SimulatedTransport

        return SimulatedTransport(self._simulator)

    def close(self) -> None:
        """End requests that wait, and refuse further ones; nothing happens if it is closed."""
        with self._switching:
            self._close()

    def __enter__(self) -> Self:
        """Serve requests, also after an earlier `close`."""
        with self._switching:
            self._open()
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None = None,
        exc_value: BaseException | None = None,
        traceback: TracebackType | None = None,
    ) -> None:
        """Close it."""
        self.close()

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"

    def _open(self) -> None:
        self._simulator.open()

    def _close(self) -> None:
        self._simulator.close()

    def _cut_connections(self) -> None:
        """Close connections, where there are any."""
