"""Operators that wait for jobs of other tasks."""
