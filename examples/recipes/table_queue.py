"""Checks many tables over several workers, which take their work from a queue in a SQLite file.

    python table_queue.py fill queue.db CONNECTION   adds each table of a connection
    python table_queue.py work queue.db              takes tables until none is left; start several

A message is hidden while a worker has it, and deleted when its table was judged. If the worker is
lost, the message can be seen again after LEASE seconds; whoever takes it then takes up the job that
was started for it, by its business key. So a lease that is too short does no harm. DQOPS_URL and
DQOPS_API_KEY say where DQOps is. The exit code is 1 if the data of a table that this worker took is
not good, or not known to be.
"""

from __future__ import annotations

import os
import sqlite3
import sys
import time
import uuid
from contextlib import closing

from dqops import DQOps, jobs
from dqops.client.errors import ClientError
from dqops.client.models import CheckSearchFilters

LEASE = float(os.environ.get("LEASE", "600"))
# How often a table is tried where it could not be judged.
TRIES = 3

SCHEMA = """
CREATE TABLE IF NOT EXISTS messages (
    id TEXT PRIMARY KEY, connection TEXT, full_table_name TEXT, visible_at REAL, tries INTEGER
)
"""
TAKE = """
UPDATE messages SET visible_at = :until, tries = tries + 1
WHERE id = (SELECT id FROM messages WHERE visible_at <= :now ORDER BY visible_at LIMIT 1)
RETURNING id, connection, full_table_name, tries
"""


def open_queue(path: str) -> sqlite3.Connection:
    """Open the queue; each statement is a transaction.

    Args:
        path: The SQLite file.

    Returns:
        The connection to it.
    """
    queue = sqlite3.connect(path, timeout=60, isolation_level=None)
    queue.execute(SCHEMA)
    return queue


def fill(queue: sqlite3.Connection, connection: str) -> int:
    """Add a message for each table.

    Args:
        queue: The queue.
        connection: The connection in DQOps.

    Returns:
        The exit code.
    """
    with DQOps.from_env() as dq:
        targets = [each.target for each in dq.search.iterate_tables(connection=connection)]
    queue.executemany(
        "INSERT INTO messages VALUES (?, ?, ?, 0, 0)",
        [
            (str(uuid.uuid4()), connection, f"{each.schema_name}.{each.table_name}")
            for each in targets
            if each
        ],
    )
    print(f"{len(targets)} tables")
    return 0


def work(queue: sqlite3.Connection) -> int:
    """Take messages until the queue is empty.

    Args:
        queue: The queue.

    Returns:
        The exit code.
    """
    bad = 0
    with DQOps.from_env() as dq:
        while queue.execute("SELECT EXISTS (SELECT * FROM messages)").fetchone()[0]:
            now = time.time()
            # All rows are read, which ends the statement and with it the transaction.
            taken = queue.execute(TAKE, {"now": now, "until": now + LEASE}).fetchall()
            if not taken:  # other workers have the rest, and may be lost
                time.sleep(1)
                continue
            ((key, connection, table, tries),) = taken
            try:
                verdict = jobs.gate(
                    dq,
                    CheckSearchFilters(connection=connection, full_table_name=table),
                    business_key=f"queue-{key}",
                    if_exists="attach",
                    cancel_on_interrupt=True,
                )
            except ClientError as error:
                print(f"{table}: {error}", flush=True)
                if tries < TRIES:
                    continue  # it can be seen again after its lease
                bad += 1
            else:
                print(verdict, flush=True)
                bad += not verdict.passed
            queue.execute("DELETE FROM messages WHERE id = ?", (key,))
    return 1 if bad else 0


def main(arguments: list[str]) -> int:
    """Fill the queue, or work on it.

    Args:
        arguments: `fill`, the file and the connection; or `work` and the file.

    Returns:
        The exit code.
    """
    action, path, *rest = arguments
    with closing(open_queue(path)) as queue:
        return fill(queue, *rest) if action == "fill" else work(queue)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
