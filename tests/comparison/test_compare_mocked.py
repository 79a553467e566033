"""Every GET of public documents is called against a mock, and what is not read has a cause."""

from __future__ import annotations

import gzip
import shlex
import sys
from typing import TYPE_CHECKING

from comparing.mocked import main

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

SHOP = """\
openapi: 3.0.3
info: {title: Shop, version: "1"}
security: [{key: []}]
paths:
  /fine/{id}:
    get:
      operationId: fine
      parameters:
        - {name: id, in: path, required: true, schema: {type: integer, minimum: 5}}
        - {name: at, in: query, required: true, schema: {type: string, format: date-time}}
        - {name: kinds, in: query, required: true, schema: {type: array, items: {enum: [a, b]}}}
        - {name: page, in: query, schema: {type: integer}}
      responses: &thing
        "200":
          description: A thing.
          content: {application/json: {schema: {$ref: "#/components/schemas/Thing"}}}
  /long: {get: {operationId: long, responses: *thing}}
  /wrong: {get: {operationId: wrong, responses: *thing}}
  /refused: {get: {operationId: refused, responses: *thing}}
  /pet:
    get:
      operationId: pet
      responses:
        "200":
          description: A pet.
          content: {application/json: {schema: {$ref: "#/components/schemas/Pet"}}}
  /broken: {get: {operationId: broken, responses: *thing}}
  /empty: {get: {operationId: empty, responses: {"204": {description: Nothing.}}}}
  /made: {post: {operationId: made, responses: *thing}}
components:
  securitySchemes: {key: {type: apiKey, in: header, name: X-Key}}
  schemas:
    Thing:
      type: object
      properties: {size: {type: integer}, takes: {type: string, format: duration}}
    Pet:
      type: object
      properties: {kind: {type: string}}
      discriminator:
        propertyName: kind
        mapping: {cat: "#/components/schemas/Cat", dog: "#/components/schemas/Dog"}
    Cat:
      allOf: [{$ref: "#/components/schemas/Pet"}]
      required: [lives]
      properties: {lives: {type: integer}}
    Dog:
      allOf: [{$ref: "#/components/schemas/Pet"}]
      properties: {name: {type: string}}
"""
# Takes what Prism takes, and says of a request that it refuses what Prism says.
MOCK = """\
import os
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer

QUERY = "/fine/5?at=2027-01-31T10%3A20%3A30Z&kinds=a"
RESPONSES = {QUERY: (200, b'{"size": 1}'), "/wrong": (200, b'{"size": "large"}')}
RESPONSES["/long"] = (200, b'{"takes": "long"}')
RESPONSES |= {"/empty": (204, b""), "/pet": (200, b'{"kind": "cat"}')}


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/broken":
            print("It breaks", flush=True)
            os._exit(1)
        status, body = RESPONSES.get(self.path, (422, b"{}"))
        status = status if self.headers["X-Key"] else 401
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        if status == 422:
            self.send_header("sl-violations", '[{"message": "It is refused"}]')
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


HTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
"""
TABLE = """\
| document | GETs | read | refused | not valid | faults |
|---|---|---|---|---|---|
| shop | 7 | 2 | 2 | 3 | 0 |
| all | 7 | 2 | 2 | 3 | 0 |
- shop.long: not valid: $.takes: 'long' is not a 'duration'
- shop.wrong: not valid: $.size: 'large' is not of type 'integer'
- shop.refused: refused: 422 [{"message": "It is refused"}]
- shop.pet: not valid: $: 'lives' is a required property
- shop.broken: refused: ProtocolFailure; the mock said: It breaks
"""


def test_what_is_not_read_has_a_cause(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The mock refuses it, or sends what the document does not say; else it is a fault."""
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "shop.yaml.gz").write_bytes(gzip.compress(SHOP.encode()))
    (tmp_path / "documents" / "README.md").touch()
    mock = tmp_path / "mock.py"
    mock.write_text(MOCK)
    command = f"{shlex.quote(sys.executable)} {shlex.quote(str(mock))} {{port}} {{document}}"

    assert 0 == main([str(tmp_path / "documents"), "--mock", command])
    assert TABLE == capsys.readouterr().out
