"""Tests of the simulated server, over real sockets."""
