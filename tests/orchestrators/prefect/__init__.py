"""Tests of `dqops.prefect`, with Prefect."""
