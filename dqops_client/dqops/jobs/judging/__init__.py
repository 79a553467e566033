"""Quality gates: what is true of the data now.

The functions that callers use are in `jobs.gates` and `jobs.asynchronous_gates`.
"""
