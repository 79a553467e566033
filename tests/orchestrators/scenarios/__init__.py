"""What becomes of tasks and jobs, whatever happens to either: one table for all orchestrators.

Each program runs the scenarios of an orchestrator in its environment, one after the other, prints a
row for each, and fails where a row is not what it must be:

    make scenarios

That is on the embedded server. For a running DQOps, one where nothing can be lost, the environment
says where it is and what can be done to it:

- `DQOPS_URL` and `DQOPS_API_KEY`: the server, which asks for keys;
- `DQOPS_HOME`: its user home, in which folders are put aside to make a job fail;
- `DQOPS_RESTART`: a command that stops it, starts it, and ends when it is up.

It has a connection `shop` with the tables `files.customers.csv`, whose data is good,
`files.orders.csv`, whose data is bad, and some `files.big*`, whose checks run for ten seconds.
"""
