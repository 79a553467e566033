"""Operators that import tables."""
