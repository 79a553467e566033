"""Operators that run checks and judge what is true of the data afterwards."""
