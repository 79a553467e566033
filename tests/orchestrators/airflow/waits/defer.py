"""Defers tasks as their workers would, which would take an hour: writes their triggers.

Those of this package if a prefix of business keys is given, and else ones of Airflow's own.
"""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from airflow.models.taskinstance import TaskInstance
from airflow.models.trigger import Trigger
from airflow.providers.standard.triggers.temporal import DateTimeTrigger
from airflow.utils.session import create_session
from airflow.utils.state import TaskInstanceState
from dqops.airflow.triggers import DqopsJobTrigger
from sqlalchemy import select

if TYPE_CHECKING:
    from airflow.triggers.base import BaseTrigger

with create_session() as session:
    for ti in session.scalars(select(TaskInstance).where(TaskInstance.dag_id == "thousand")):
        trigger: BaseTrigger = DateTimeTrigger(datetime.now(UTC) + timedelta(hours=2))
        if sys.argv[1:]:
            trigger = DqopsJobTrigger(
                conn_id="dqops_default",
                kind="run_checks",
                business_key=f"{sys.argv[1]}-{ti.map_index}",
                wait_until=time.time() + 3600,
            )
        row = Trigger.from_object(trigger)
        session.add(row)
        session.flush()
        ti.trigger_id = row.id
        ti.state = TaskInstanceState.DEFERRED
        ti.next_method = "execute_complete"
        ti.next_kwargs = {}
