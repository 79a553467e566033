"""Tests of `dqops.dagster`, with Dagster."""
