"""Clients of other services that data pipelines lean on."""
