"""Tests of `dqops.airflow`, with Apache Airflow."""
