#!/usr/bin/env bash
# Runs the DAG `orders` once against an embedded DQOps, in an Airflow of its own below `.home/`:
# one command, and nothing listens on other addresses than loopback. `PYTHON` names the interpreter of
# an environment with `pip install "dqops-client[airflow,testing]"`.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
PYTHON=${PYTHON:-python}
PORT=${PORT:-18880}
export AIRFLOW_HOME=$PWD/.home AIRFLOW__CORE__LOAD_EXAMPLES=False AIRFLOW__CORE__DAGS_FOLDER=$PWD/dags
export AIRFLOW_CONN_DQOPS_DEFAULT="{\"conn_type\": \"dqops\", \"host\": \"http://127.0.0.1:$PORT\"}"

"$PYTHON" -m dqops.testing --port "$PORT" --job-duration 2 &
server=$!
trap 'kill $server' EXIT
"$PYTHON" -m airflow db migrate
"$PYTHON" dags/orders.py
