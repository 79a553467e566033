"""Lists of named things that can be listed, read, created, replaced and deleted."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ..documents import part_of, with_part
from ..http.messages import Response

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ..documents import Document
    from .call import Call, Handler
    from .resources import Resource

__all__ = ["Collection", "Crud", "inside", "kept", "whole"]


@dataclass(frozen=True)
class Collection:
    """Where named documents are kept.

    Args:
        read: Gives the documents by their names; None if what they belong to does not exist.
        write: Puts others in their place.
    """

    read: Callable[[Call], Mapping[str, Document] | None]
    write: Callable[[Call, dict[str, Document]], None]


def kept(kind: str) -> Collection:
    """Make a collection of a kind of documents of the server.

    Args:
        kind: The key in `DataDomain.collections`.

    Returns:
        The collection.
    """

    def write(call: Call, documents: dict[str, Document]) -> None:
        call.state.store_collection(kind, documents)

    return Collection(lambda call: call.state.collections[kind], write)


def inside(resource: Resource, path: tuple[str, ...]) -> Collection:
    """Make a collection of a part of a document.

    Args:
        resource: Whose part it is.
        path: The names of the properties that lead to the part, an object.

    Returns:
        The collection.
    """

    def read(call: Call) -> Mapping[str, Document] | None:
        document = resource.find(call)
        return None if document is None else part_of(document, path) or {}

    def write(call: Call, documents: dict[str, Document]) -> None:
        document = resource.find(call)
        assert document is not None  # it has been read
        resource.store(call, with_part(document, path, documents))

    return Collection(read, write)


def whole(_call: Call, _name: str, document: Document) -> Document:
    """Show a document as it is kept."""
    return document


@dataclass(frozen=True)
class Crud:
    """Makes the handlers of operations on a collection.

    Args:
        collection: Where the documents are kept.
        parameter: The path parameter that has the name.
        model: How a document is shown: a function of the request, the name and the document.
        item: How it is listed; as `model` by default.
        document: How a body is kept, as it is by default; None for one that is not acceptable.
        name_in_body: The property of a body that has the name; None if a path has it.
        renames: Whether an update whose body has another name than the path renames the document;
            otherwise it is not acceptable.
        creates_on_update: Whether an update makes a document that does not exist.
        deletes_unknown: Whether to delete a document that does not exist is a success.
        filters: The query parameters that restrict the list, each with the property of the
            document that it is compared with.
    """

    collection: Collection
    parameter: str
    model: Callable[[Call, str, Document], Any] = whole
    item: Callable[[Call, str, Document], Any] | None = None
    document: Callable[[Any], Document | None] = dict
    name_in_body: str | None = None
    renames: bool = True
    creates_on_update: bool = False
    deletes_unknown: bool = False
    filters: Mapping[str, str] = field(default_factory=dict)

    def listing(self, call: Call) -> Response:
        """List the documents.

        Args:
            call: The request.

        Returns:
            The response.
        """
        documents = self.collection.read(call)
        if documents is None:
            return Response.of_json(404, [])
        shown = self.item or self.model
        wanted = {
            name: call.parameters[parameter]
            for parameter, name in self.filters.items()
            if parameter in call.parameters
        }
        models = [
            shown(call, name, document)
            for name, document in documents.items()
            if all(document.get(each) == value for each, value in wanted.items())
        ]
        return Response.of_json(200, models)

    def getting(self, call: Call) -> Response:
        """Show one document.

        Args:
            call: The request.

        Returns:
            The response.
        """
        name = call.parameters[self.parameter]
        document = (self.collection.read(call) or {}).get(name)
        if document is None:
            return Response(404)
        return Response.of_json(200, self.model(call, name, document))

    def creating(self, call: Call) -> Response:
        """Add a document.

        Args:
            call: The request.

        Returns:
            The response.
        """
        documents = self.collection.read(call)
        if documents is None:
            return Response(404)
        name = self._name(call)
        if not name:
            return Response(406)
        if name in documents:
            return Response(409)
        document = self.document(call.body)
        if document is None:
            return Response(406)
        self.collection.write(call, {**documents, name: document})
        return Response(201)

    def updating(self, call: Call) -> Response:
        """Replace a document.

        Args:
            call: The request.

        Returns:
            The response.
        """
        documents = self.collection.read(call)
        name = call.parameters[self.parameter]
        new_name = self._name(call)
        if new_name != name and not self.renames:
            return Response(406)
        if documents is None or (name not in documents and not self.creates_on_update):
            return Response(404)
        document = self.document(call.body)
        if document is None:
            return Response(406)
        new_name = new_name or name
        if new_name != name and new_name in documents:
            return Response(409)
        renamed = {new_name if each == name else each: documents[each] for each in documents}
        self.collection.write(call, {**renamed, new_name: document})
        return Response(204)

    def deleting(self, call: Call) -> Response:
        """Take a document away.

        Args:
            call: The request.

        Returns:
            The response.
        """
        documents = self.collection.read(call)
        name = call.parameters[self.parameter]
        if documents is None or (name not in documents and not self.deletes_unknown):
            return Response(404)
        left = {each: document for each, document in documents.items() if each != name}
        self.collection.write(call, left)
        return Response(204)

    def handlers(
        self,
        *,
        listing: str | None = None,
        getting: str | None = None,
        creating: str | None = None,
        updating: str | None = None,
        deleting: str | None = None,
    ) -> dict[str, Handler]:
        """Give the handlers by the names of their operations.

        Args:
            listing: The operation that lists; None if there is none.
            getting: The operation that shows one.
            creating: The operation that adds one.
            updating: The operation that replaces one.
            deleting: The operation that deletes one.

        Returns:
            The handlers.
        """
        named: dict[str | None, Handler] = {
            listing: self.listing,
            getting: self.getting,
            creating: self.creating,
            updating: self.updating,
            deleting: self.deleting,
        }
        return {name: handler for name, handler in named.items() if name is not None}

    def _name(self, call: Call) -> str | None:
        if self.name_in_body is None:
            name: str | None = call.parameters[self.parameter]
        else:
            name = call.body.get(self.name_in_body)
        return name
