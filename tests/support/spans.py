"""Where tests find the spans of OpenTelemetry."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest


@cache
def _exporter() -> Any:
    """Make the place where all spans of this process go; there can be one provider only."""
    trace = pytest.importorskip("opentelemetry.trace")
    sdk = pytest.importorskip("opentelemetry.sdk.trace")
    export = pytest.importorskip("opentelemetry.sdk.trace.export")
    memory = pytest.importorskip("opentelemetry.sdk.trace.export.in_memory_span_exporter")
    exporter = memory.InMemorySpanExporter()
    provider = sdk.TracerProvider()
    provider.add_span_processor(export.SimpleSpanProcessor(exporter))
    trace.set_tracer_provider(provider)
    return exporter


@pytest.fixture
def spans() -> Any:
    """Where finished spans are."""
    exporter = _exporter()
    exporter.clear()
    return exporter
