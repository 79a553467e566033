"""Tests of the command `dqopsctl`."""
