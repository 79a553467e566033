"""Operators that collect statistics."""
