"""The two calls that are measured: what is asked and what is answered."""

from __future__ import annotations

import json
from typing import Any

# Connections are opened before the clock starts, with as many calls at once: the first thousand at
# once on a new httpx client take ten times as long as the next.
WARM_UP = 100

TABLE = ("warehouse", "public", "orders")

# `is_healthy`
HEALTH_PATH = "/api/ishealthy"

# `get_table_basic`
GET_PATH = "/api/connections/{}/schemas/{}/tables/{}/basic".format(*TABLE)
_TABLE: dict[str, Any] = {
    "connection_name": TABLE[0],
    "table_hash": 3151534530113443211,
    "target": {"schema_name": TABLE[1], "table_name": TABLE[2]},
    "labels": ["orders", "finance"],
    "disabled": False,
    "stage": "landing",
    "filter": "{alias}.is_deleted = false",
    "priority": 1,
    "owner": {"data_steward": "someone@example.com", "application": "orders"},
    "profiling_checks_result_truncation": "store_the_most_recent_result_per_month",
    "has_any_configured_checks": True,
    "has_any_configured_profiling_checks": True,
    "has_any_configured_monitoring_checks": True,
    "has_any_configured_partition_checks": False,
    "partitioning_configuration_missing": False,
    "can_edit": True,
    "can_collect_statistics": True,
    "can_run_checks": True,
    "can_delete_data": True,
}
GET_ANSWER = json.dumps(_TABLE, separators=(",", ":")).encode()

# `test_connection`
POST_PATH = "/api/datasource/testconnection"
POST_BODY: dict[str, Any] = {
    "connection_name": TABLE[0],
    "parallel_jobs_limit": 4,
    "provider_type": "postgresql",
    "postgresql": {
        "host": "warehouse.example.com",
        "port": "5432",
        "database": "orders",
        "user": "reader",
        "password": "${POSTGRESQL_PASSWORD}",
        "sslmode": "require",
        "properties": {"connectTimeout": "10", "applicationName": "DQOps"},
    },
    "advanced_properties": {"costCenter": "finance", "owner": "someone"},
    "can_edit": True,
    "can_collect_statistics": True,
    "can_run_checks": True,
    "can_delete_data": False,
}
POST_CONTENT = json.dumps(POST_BODY, separators=(",", ":")).encode()
JSON_HEADERS = {"Content-Type": "application/json"}
POST_ANSWER = b'{"connectionTestResult":"SUCCESS","errorMessage":""}'
