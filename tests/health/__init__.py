"""Tests of the health of services."""
