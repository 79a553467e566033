"""Gives operations responses that no server should give, and counts what comes of them.

    PYTHONPATH=tests python tests/client/mutated_responses.py --responses 100000 --seed 1

Right responses of every operation, with all their properties, are mutated by hypothesis and sent
over a real socket. A call may return what the specification says, or raise an exception of the SDK;
it must do nothing else. Calls are synchronous and asynchronous, with aiohttp and without, with
orjson and without; clients raise on unexpected statuses or do not, and follow redirections or not.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import logging
import pickle
import random
import socket
import struct
import sys
import time
import warnings
from collections import Counter
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any

if __name__ == "__main__":
    # Run by its path, the folder of this file is on the search path, and not the one above it.
    sys.path.append(str(Path(__file__).parents[1]))

import hypothesis
from conformance import error_problems, result_problems
from dqops.client import AuthenticatedClient, errors
from dqops.testing.handlers.examples import example_response
from hypothesis import HealthCheck, Phase, Verbosity
from hypothesis import strategies as st
from hypothesis.errors import Flaky
from mutations import FOLLOWED, KINDS, Response, responses
from operations_under_test import (
    OPERATIONS,
    SPECIFICATION,
    body,
    module,
    path_arguments,
    required_arguments,
)
from support.raw_server import RawServer
from support.runtime import JsonBody, Retries, json_io
from wire import value_for

if TYPE_CHECKING:
    from collections.abc import Awaitable, Iterator, Sequence

    from dqops.testing.specification import Operation
    from hypothesis.strategies import DrawFn

__all__ = ["Call", "Harness", "Tally"]

#: Seconds after which a call is one that hangs: the server never keeps it waiting.
PATIENCE = 30
#: Responses that an operation gets at least; of few responses, all are for some of the operations.
FEWEST = 20
#: Failures after which enough is known.
MOST_FAILURES = 25
#: Bytes of JSON that a right response may have.
LARGEST = 16_000

WAYS = ("sync", "async over aiohttp", "async over httpx")
_TOKEN = "the-token-of-these-tests"
_NO_LINGERING = struct.pack("ii", 1, 0)


class UnwantedOutcomeError(Exception):
    """Something else came out than a typed result or an exception of the SDK."""


@dataclass(frozen=True)
class Call:
    """How an operation is called.

    Attributes:
        operation: The operation.
        way: One of `WAYS`.
        raises: Whether the client raises on unexpected statuses.
        follows: Whether it follows redirections.
        orjson: Whether orjson reads the JSON.
    """

    operation: Operation
    way: str
    raises: bool
    follows: bool
    orjson: bool


@dataclass
class Tally:
    """What came of mutated responses.

    Attributes:
        seed: Where the chance of the mutations begins.
        outcomes: How often each kind of result came, and each exception.
        by_kind: The same for each kind of mutation.
        by_way: How many calls were made in which way.
        by_operation: How many responses each operation got.
        failures: What should not have come, each with a response that is as small as possible.
        seconds: How long it took.
        processor: How many seconds of processor time it took, the server included.
    """

    seed: int
    outcomes: Counter[str] = field(default_factory=Counter)
    by_kind: dict[str, Counter[str]] = field(
        default_factory=lambda: {kind: Counter() for kind in KINDS}
    )
    by_way: Counter[str] = field(default_factory=Counter)
    by_operation: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)
    seconds: float = 0.0
    processor: float = 0.0

    @property
    def responses(self) -> int:
        """How many responses there were."""
        return self.outcomes.total()

    def add(self, call: Call, response: Response, outcome: str) -> None:
        """Count a response.

        Args:
            call: The call that got it.
            response: The response.
            outcome: What came of it.
        """
        self.outcomes[outcome] += 1
        for kind in response.kinds:
            self.by_kind[kind][outcome] += 1
        self.by_way[f"{call.way}, {'orjson' if call.orjson else 'json'}"] += 1
        self.by_operation[call.operation.name] += 1

    def include(self, other: Tally) -> None:
        """Add what came of other responses.

        Args:
            other: The counts.
        """
        self.outcomes += other.outcomes
        for kind, outcomes in other.by_kind.items():
            self.by_kind[kind] += outcomes
        self.by_way += other.by_way
        self.by_operation += other.by_operation
        self.failures += other.failures
        self.processor += other.processor

    def __str__(self) -> str:
        often = [self.by_operation[each.name] for each in OPERATIONS]
        lines = [
            f"{self.responses} responses to {sum(map(bool, often))} of {len(often)} operations",
            f"{self.seconds:.0f} s, {self.processor:.0f} s of processor time (server included)",
            *(f"{count:9}  {name}" for name, count in self.outcomes.most_common()),
            "calls: " + ", ".join(f"{count} {way}" for way, count in self.by_way.most_common()),
            "by kind of mutation (a response may have several):",
        ]
        for kind, outcomes in self.by_kind.items():
            results = sum(count for name, count in outcomes.items() if _is_result(name))
            raised = {name: each for name, each in outcomes.most_common() if not _is_result(name)}
            named = ", ".join(f"{count} {name}" for name, count in raised.items())
            lines.append(f"  {kind}: {outcomes.total()}: {results} results; {named or 'no error'}")
        lines.append(f"neither a typed result nor an exception of the SDK: {len(self.failures)}")
        lines += self.failures
        return "\n".join(lines)


class Harness:
    """A server of mutated responses, and clients of it.

    Args:
        seed: Where the chance of the right responses begins.
    """

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self._server = RawServer()
        self._loop = asyncio.new_event_loop()
        self._noise: list[str] = []
        self._loop.set_exception_handler(lambda _, told: self._noise.append(str(told)))
        self._clients: dict[tuple[str, bool, bool], AuthenticatedClient] = {}
        self._right: dict[str, list[Response]] = {}

    def close(self) -> None:
        """Close clients, event loop and server."""
        for client in self._clients.values():
            self._close(client)
        self._loop.run_until_complete(self._loop.shutdown_asyncgens())
        self._loop.close()
        self._server.close()

    def _close(self, client: AuthenticatedClient) -> None:
        client.close()
        self._loop.run_until_complete(client.aclose())

    def right_responses(self, operation: Operation) -> list[Response]:
        """Make responses to an operation that are right.

        Args:
            operation: The operation.

        Returns:
            The specification's example first.
        """
        if operation.name not in self._right:
            self._right[operation.name] = list(self._make_right_responses(operation))
        return self._right[operation.name]

    def _make_right_responses(self, operation: Operation) -> Iterator[Response]:
        named = {parameter["name"]: "sales" for _, parameter in operation.parameters}
        example = example_response(SPECIFICATION, operation, named)
        headers = [
            f"{name}: {value}".encode()
            for name, value in example.headers.items()
            if name in {"Content-Disposition", "Location", "Set-Cookie"}
        ]
        content_type = example.headers.get("Content-Type", "")
        yield Response(
            example.status, example.body, content_type.encode() or None, headers=list(headers)
        )
        generated = module(operation)._OPERATION
        bodies = {**generated.errors, **generated.results}
        chance = random.Random(f"{self.seed} {operation.name}")
        for status, each in bodies.items():
            if isinstance(each, JsonBody):
                for _ in range(2 if status in generated.results else 1):
                    content = _full_value(each, chance)
                    yield Response(status, content, b"application/json")

    def outcome(self, call: Call, response: Response) -> str:
        """Give a response to a call, and look at what comes of it.

        Args:
            call: The call.
            response: The response.

        Returns:
            What came: the class of a result, or the name of an exception of the SDK.

        Raises:
            UnwantedOutcomeError: It is neither, or another one than the response gives reason for.
        """
        self._serve(response)
        client = self._client(call)
        began = time.monotonic()
        json_io.orjson = _ORJSON if call.orjson else None
        try:
            outcome, problems = self._call(call, client)
        finally:
            json_io.orjson = _ORJSON
        took = time.monotonic() - began
        if took > PATIENCE / 2:
            problems.append(f"the call took {took:.1f} s")
        problems += self._noise
        self._noise.clear()
        self._forget(call, client)
        if problems:
            raise UnwantedOutcomeError(f"{outcome}: " + "; ".join(problems))
        return outcome

    def _serve(self, response: Response) -> None:
        content = response.on_the_wire()

        def respond(connection: socket.socket, _: bytes) -> bytes | None:
            if response.then == "keep":
                return content
            with contextlib.suppress(OSError):
                connection.sendall(content)
                if response.then == "reset":
                    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGERING)
            return None

        self._server.respond = respond
        self._server.requests.clear()

    def _client(self, call: Call) -> AuthenticatedClient:
        key = (call.way, call.raises, call.follows)
        if key not in self._clients:
            self._clients[key] = AuthenticatedClient(
                self._server.url,
                _TOKEN,
                raise_on_unexpected_status=call.raises,
                follow_redirects=call.follows,
                timeout=PATIENCE,
                # A pause would be for nothing, because the same response would come.
                retries=Retries(max_attempts=2, backoff=0, max_wait=0),
                transport="httpx" if call.way == "async over httpx" else "aiohttp",
                httpx_args={"trust_env": False},
            )
        return self._clients[key]

    def _forget(self, call: Call, client: AuthenticatedClient) -> None:
        """Forget what the response told the client, which would change what the next one does."""
        if module(call.operation)._OPERATION.keeps_cookies:
            self._close(self._clients.pop((call.way, call.raises, call.follows)))
        elif call.way == "sync":
            client.get_httpx_client().cookies.clear()

    def _call(self, call: Call, client: AuthenticatedClient) -> tuple[str, list[str]]:
        operation = call.operation
        generated = module(operation)
        arguments = {**body(operation), **required_arguments(operation)}
        path = path_arguments(operation)
        try:
            if call.way == "sync":
                response = generated.sync_detailed(*path, client=client, **arguments)
            else:
                asked = generated.asyncio_detailed(*path, client=client, **arguments)
                response = self._loop.run_until_complete(_await(asked, client))
        except errors.ClientError as error:
            return _judge_exception(call, error)
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt):
                raise
            return type(error).__name__, [f"{error!r:.500} is no exception of the SDK"]
        return _judge_response(call, response)


_ORJSON = json_io.orjson


async def _await(asked: Awaitable[Any], client: AuthenticatedClient) -> Any:
    try:
        return await asked
    finally:
        client.get_async_httpx_client().cookies.clear()


def _full_value(each: JsonBody, chance: random.Random) -> bytes:
    content = b""
    for depth in (3, 2, 1, 0):
        value = value_for(each.converter, chance, depth)
        content = json.dumps(value).encode()
        if len(content) <= LARGEST:
            break
    return content


def _is_result(name: str) -> bool:
    return not hasattr(errors, name)


def _judge_response(call: Call, response: Any) -> tuple[str, list[str]]:
    status, parsed = int(response.status_code), response.parsed
    problems = result_problems(call.operation, status, response.content, parsed)
    name = "None" if parsed is None else type(parsed).__name__
    is_response = (
        200 <= status < 300 or "x-result" in call.operation.responses.get(status, ("", {}))[1]
    )
    if not is_response:
        name = "None (an unexpected status)"
        if call.raises:
            problems.append(f"status {status} did not raise")
    elif hasattr(parsed, "to_dict"):
        name = "a model"
        problems += _writing_problems(parsed)
    elif isinstance(parsed, list):
        models = [each for each in parsed if hasattr(each, "to_dict")]
        name = "a list of models" if models else "a list"
        for each in models:
            problems += _writing_problems(each)
    try:
        repr(response)
    except Exception as error:
        problems.append(f"{error!r:.500} comes of printing it")
    return name, problems


def _writing_problems(model: Any) -> list[str]:
    """Say what is wrong with writing and reading a model once more."""
    try:
        written = model.to_dict()
        again = type(model).from_dict(written).to_dict()
    except Exception as error:
        return [f"{error!r:.500} comes of writing it"]
    # By the texts, because NaN is not equal to itself.
    return [] if repr(written) == repr(again) else ["it is another one when it is read once more"]


def _judge_exception(call: Call, error: errors.ClientError) -> tuple[str, list[str]]:
    name = type(error).__name__
    problems = []
    if getattr(errors, name, None) is None or type(error) is errors.ClientError:
        problems.append(f"{type(error)!r} is none of the exceptions of dqops.client.errors")
    if isinstance(error, (errors.InvalidRequest, errors.TimeoutFailure)):
        problems.append(f"{error!r:.500} has nothing to do with the response")
    if isinstance(error, errors.UnexpectedStatus):
        # A redirection that would make a read of a write is never followed, and always told.
        is_write = call.operation.method not in {"GET", "HEAD"}
        makes_a_read = call.follows and is_write and error.status_code in {301, 302, 303}
        if not call.raises and not makes_a_read:
            problems.append("it was raised by a client that does not")
        if type(error) is not errors.kind_of_status(error.status_code):
            problems.append(f"{name} was raised for status {error.status_code}")
        if 200 <= error.status_code < 300:
            problems.append(f"status {error.status_code} is a success")
        problems += error_problems(call.operation, error.status_code, error.parsed)
    operation = getattr(error, "operation", None)
    if operation != call.operation.name:
        problems.append(f"the operation is {operation!r}")
    try:
        copied = pickle.loads(pickle.dumps(error))
        if (name, str(error)) != (type(copied).__name__, str(copied)):
            problems.append("a pickled copy is another one")
        if len(str(error)) > 5000 or _TOKEN in f"{error!s}{error!r}":
            problems.append(f"the message is {error!s:.500}")
    except Exception as problem:
        problems.append(f"{problem!r:.500} comes of printing or pickling {name}")
    return name, problems


_WAYS = st.sampled_from(WAYS)
_YES_OR_NO = st.booleans()


@st.composite
def _cases(draw: DrawFn, harness: Harness, operation: Operation) -> tuple[Call, Response]:
    response = draw(responses(harness.right_responses(operation)))
    call = Call(
        operation,
        way=draw(_WAYS),
        raises=draw(_YES_OR_NO),
        # What is elsewhere is not asked for.
        follows=draw(_YES_OR_NO) and _leads_nowhere(response.headers),
        orjson=draw(_YES_OR_NO) and _ORJSON is not None,
    )
    return call, response


def _leads_nowhere(headers: Sequence[bytes]) -> bool:
    locations = [each for each in headers if each.startswith(b"Location: ")]
    return all(each.removeprefix(b"Location: ") in FOLLOWED for each in locations)


def mutate(count: int, *, seed: int, part: int = 0, parts: int = 1) -> Tally:
    """Give operations mutated responses.

    Args:
        count: How many; a few more, so that each operation gets as many.
        seed: Where the chance of the mutations begins.
        part: Which part of the operations is meant, from 0.
        parts: How many parts there are. What each operation gets does not depend on it.

    Returns:
        What came of them.
    """
    tally = Tally(seed)
    asked = OPERATIONS[:: -(-len(OPERATIONS) * FEWEST // count)]
    each = -(-count // len(asked))
    began = time.process_time()
    harness = Harness(seed)
    try:
        for number in range(part, len(asked), parts):
            _mutate_some(harness, asked[number], tally, each, seed * len(OPERATIONS) + number)
            if len(tally.failures) >= MOST_FAILURES:
                break
    finally:
        harness.close()
    tally.processor = time.process_time() - began
    return tally


def _mutate_some(
    harness: Harness, operation: Operation, tally: Tally, count: int, seed: int
) -> None:
    failure = ""

    @hypothesis.settings(
        max_examples=count,
        database=None,
        deadline=None,
        phases=[Phase.generate, Phase.shrink],
        print_blob=False,
        report_multiple_bugs=False,
        suppress_health_check=[
            HealthCheck.data_too_large,
            HealthCheck.large_base_example,
            HealthCheck.too_slow,
        ],
        verbosity=Verbosity.quiet,
    )
    @hypothesis.seed(seed)
    @hypothesis.given(_cases(harness, operation))
    def give(case: tuple[Call, Response]) -> None:
        nonlocal failure
        call, response = case
        try:
            outcome = harness.outcome(call, response)
        except UnwantedOutcomeError as error:
            failure = _describe(call, response, str(error))
            raise
        if not failure:  # or else hypothesis looks for a smaller example
            tally.add(call, response, outcome)

    try:
        give()
    except UnwantedOutcomeError:
        tally.failures.append(failure)
    except Flaky as error:
        tally.failures.append(f"{failure}  It did not come again: {error}\n")


def _describe(call: Call, response: Response, problem: str) -> str:
    client = (
        f"{call.way}, raise_on_unexpected_status={call.raises}, follow_redirects={call.follows}, "
        f"{'orjson' if call.orjson else 'json'}"
    )
    content = response.on_the_wire()
    shown = repr(content) if len(content) <= 2000 else f"{content[:2000]!r}... ({len(content)})"
    return (
        f"- {call.operation.name}: {problem}\n  {client}\n"
        f"  {', '.join(response.kinds)}; then: {response.then}\n  {shown}\n"
    )


def _mutate_in_process(count: int, seed: int, part: int, parts: int) -> Tally:
    """Do a part of it in a process of its own, where nothing may be said on the side, either."""
    # Each unexpected status is told to programs that have no logging.
    logging.getLogger("dqops.client").addHandler(logging.NullHandler())
    logging.getLogger("dqops.client").propagate = False
    unraisable: list[str] = []
    sys.unraisablehook = lambda told: unraisable.append(f"- {told.exc_value!r} in {told.object!r}")
    warnings.simplefilter("error")
    # Operations that only older servers have say so when they are called.
    warnings.filterwarnings("ignore", ".* is deprecated: ", DeprecationWarning)
    tally = mutate(count, seed=seed, part=part, parts=parts)
    tally.failures += unraisable
    return tally


def main(arguments: Sequence[str] | None = None) -> int:
    """Give the responses and print what came of them.

    Args:
        arguments: The command line; None for that of the process.

    Returns:
        The exit code: 1 if something else came than a typed result or an exception of the SDK.
    """
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--responses", type=int, default=100_000, help="how many")
    parser.add_argument("--seed", type=int, default=1, help="where the chance begins")
    parser.add_argument("--processes", type=int, default=4, help="how many share the work")
    chosen = parser.parse_args(arguments)
    print(f"seed {chosen.seed}, hypothesis {hypothesis.__version__}", flush=True)
    tally = Tally(chosen.seed)
    began = time.monotonic()
    # Some more than processors, because they wait for their sockets most of the time.
    with ProcessPoolExecutor(chosen.processes, get_context("spawn")) as pool:
        running = [
            pool.submit(_mutate_in_process, chosen.responses, chosen.seed, part, chosen.processes)
            for part in range(chosen.processes)
        ]
        for done in as_completed(running):
            tally.include(done.result())
    tally.seconds = time.monotonic() - began
    print(tally)
    return int(bool(tally.failures))


if __name__ == "__main__":
    sys.exit(main())
