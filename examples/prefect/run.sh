#!/usr/bin/env bash
# Runs the flow once against an embedded DQOps, with a Prefect server that lives as long. `PYTHON` names
# the interpreter of an environment with `pip install "dqops-client[prefect,testing]"`.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
PYTHON=${PYTHON:-python}
PORT=${PORT:-18880}
export DQOPS_URL=http://127.0.0.1:$PORT PREFECT_SERVER_ANALYTICS_ENABLED=false DO_NOT_TRACK=1
export PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS=120

"$PYTHON" -m dqops.testing --port "$PORT" --job-duration 2 &
server=$!
trap 'kill $server' EXIT
"$PYTHON" nightly_flow.py
