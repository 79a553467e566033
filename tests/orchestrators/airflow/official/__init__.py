"""A DAG written for the official operators, to be run with them and with ours."""
