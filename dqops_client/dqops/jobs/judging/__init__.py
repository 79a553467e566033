"""Quality gates: what is true of the data now.

`dqops.jobs` and `dqops.jobs.aio` give what callers need.
"""
