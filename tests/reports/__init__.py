"""Tests of `dqops.reports`."""
