"""Versions, changelog, and what a release consists of."""
