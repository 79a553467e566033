"""What media types mean: how bodies of them are read, and by which argument they are sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["BODY_ARGUMENTS", "USUAL", "MediaTypes"]

#: The argument of operations and the keyword of `Arguments`, by the way in which a body is sent.
BODY_ARGUMENTS = {
    "json": "json_body",
    "form": "form_data",
    "multipart": "multipart_data",
    "text": "text_body",
    "binary": "binary_body",
}
#: What is sent unless an operation says otherwise.
USUAL = {
    "json": "application/json",
    "form": "application/x-www-form-urlencoded",
    "multipart": "multipart/form-data",
    "text": "text/plain",
    "binary": "application/octet-stream",
}
_LINES = frozenset(
    {
        "application/json-lines",
        "application/jsonl",
        "application/jsonlines",
        "application/ndjson",
        "application/x-jsonlines",
        "application/x-ndjson",
    }
)
_TEXT_TYPES = frozenset(
    {"application/graphql", "application/javascript", "application/toml", "application/yaml"}
    | {"application/x-yaml", "application/xml"}
)


class MediaTypes:
    """Tells what media types mean.

    Args:
        overrides: Media types that mean what another one means.
    """

    def __init__(self, overrides: Mapping[str, str] | None = None) -> None:
        self._overrides = {key.lower(): value for key, value in (overrides or {}).items()}

    def meaning(self, media_type: str) -> str:
        """Give the media type that counts, without parameters, in lower case."""
        bare = media_type.partition(";")[0].strip().lower()
        return self._overrides.get(bare, bare).partition(";")[0].strip().lower()

    def is_any(self, media_type: str) -> bool:
        """Tell whether a media type stands for several."""
        return "*" in self.meaning(media_type)

    def read_as(self, media_type: str) -> str:
        """Tell how a response is read.

        Returns:
            `json`, `lines`, `events`, `html`, `text`, `binary`; or `any` where what has come tells.
        """
        meaning = self.meaning(media_type)
        if meaning in {"*/*", "application/*"}:
            return "any"
        if meaning == "application/json" or meaning.endswith("+json"):
            return "json"
        if meaning in _LINES:
            return "lines"
        if meaning == "text/event-stream":
            return "events"
        if meaning == "text/html":
            return "html"
        if meaning.startswith("image/"):
            return "binary"
        if meaning.startswith("text/") or meaning in _TEXT_TYPES or meaning.endswith("+xml"):
            return "text"
        return "binary"

    def sent_as(self, media_type: str) -> str:
        """Tell how a request body is sent: a key of `BODY_ARGUMENTS`."""
        meaning = self.meaning(media_type)
        if meaning == "application/x-www-form-urlencoded":
            return "form"
        if meaning == "multipart/form-data":
            return "multipart"
        read = self.read_as(media_type)
        return {"any": "json", "html": "text", "events": "text", "lines": "text"}.get(read, read)

    def sent_type(self, media_type: str) -> str:
        """Give the media type that a request names, without its charset."""
        meaning = media_type.partition(";")[0].strip().lower()
        return USUAL[self.sent_as(media_type)] if "*" in meaning else meaning
