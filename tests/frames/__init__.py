"""Tests of `dqops.frames`."""
