"""How deeply JSON may be nested: what is read can be written, printed and copied as well."""

from __future__ import annotations

import copy
import json
import pickle
import re
import threading
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from dqops.client import Client
from dqops.client.api.sensors import get_sensor_folder_tree
from dqops.client.errors import DecodeError
from dqops.client.models import (
    DashboardsFolderSpec,
    DqoQueueJobId,
    ErrorSampleEntryModel,
    HierarchyIdModel,
    SensorFolderModel,
    StatisticsMetricModel,
)

if TYPE_CHECKING:
    from support.raw_server import RawServer
    from support.runtime import Model

LEVELS = 50


class Place(NamedTuple):
    """Where something can be nested: what is repeated, and what stands around all of it."""

    model: type[Model]
    before: str
    after: str
    inner: str = "{}"
    around: str = "%s"

    def wire(self, levels: int) -> Any:
        """Write an object with so many levels."""
        return json.loads(self.around % (self.before * levels + self.inner + self.after * levels))


PLACES = {
    "unknown property": Place(SensorFolderModel, "[", "]", "1", '{"addedLater":%s}'),
    "one in a plain model": Place(ErrorSampleEntryModel, '{"a":', "}", "1", '{"addedLater":%s}'),
    "any value": Place(StatisticsMetricModel, '{"a":', "}", "1", '{"result":%s}'),
    "item of any kind": Place(HierarchyIdModel, "[", "]", "1", '{"path":[1,%s]}'),
    "map of folders": Place(SensorFolderModel, '{"folders":{"a b":', "}}"),
    "list of folders": Place(DashboardsFolderSpec, '{"folders":[null,{},', "]}"),
    "job of a job": Place(DqoQueueJobId, '{"parentJobId":', ',"createdAt":null}'),
}


@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
def test_what_is_read_can_be_written(place: Place) -> None:
    """At the limit, everything works that is recursive."""
    wire = place.wire(LEVELS)
    read = place.model.from_dict(wire)

    assert wire == read.to_dict()
    assert read == copy.deepcopy(read) == pickle.loads(pickle.dumps(read))
    assert type(read).__name__ in repr(read)


@pytest.mark.parametrize("levels", [LEVELS + 1, 3 * LEVELS])
@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
def test_deeper_ones_are_refused(place: Place, levels: int) -> None:
    """Beyond the limit, it is an error that names the place, as for any other value."""
    with pytest.raises(DecodeError, match=r"at .*: the JSON is nested too deeply$"):
        place.model.from_dict(place.wire(levels))


@pytest.mark.parametrize("place", list(PLACES.values())[-3:], ids=list(PLACES)[-3:])
def test_nothing_is_read_twice(place: Place) -> None:
    """A problem deep within is found as fast as any: to read twice at each level never ends."""
    wire = place._replace(inner='{"jobId":"x","folders":7}').wire(LEVELS)
    with pytest.raises(DecodeError, match="expected a"):
        place.model.from_dict(wire)


def test_each_thread_has_the_limit_for_itself() -> None:
    """Levels are counted by thread, and no longer after an error."""
    place = PLACES["job of a job"]
    wire, deeper = place.wire(LEVELS), place.wire(LEVELS + 1)
    read: list[Any] = []

    def work() -> None:
        for _ in range(20):
            with pytest.raises(DecodeError):
                place.model.from_dict(deeper)
            read.append(place.model.from_dict(wire))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert 80 == len(read)


def test_response(raw_server: RawServer) -> None:
    """The caller of an operation gets the error with the place in the body."""
    body = json.dumps(PLACES["map of folders"].wire(LEVELS + 1)).encode()
    raw_server.respond = lambda *_: (
        b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s"
        % (
            len(body),
            body,
        )
    )
    place = re.escape("at folders['a b'].folders['a b'].folders[")
    with Client(raw_server.url) as client, pytest.raises(DecodeError, match=place):
        get_sensor_folder_tree.sync(client=client)
