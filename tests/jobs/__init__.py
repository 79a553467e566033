"""Tests of `dqops.jobs`: over real sockets, and its procedures alone in a time of their own."""
