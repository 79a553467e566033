"""Tests of the comparison with a contract."""
