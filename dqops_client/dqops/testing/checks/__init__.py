"""Checks: which there are, which a table has, and what their rules say."""
