"""Exchanges recorded from a real server, against specification, SDK and simulated server."""
