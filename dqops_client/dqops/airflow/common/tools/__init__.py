"""Helpers of the official package, for operators that were derived from its own."""
