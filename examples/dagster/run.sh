#!/usr/bin/env bash
# Makes all assets once, with their checks, against an embedded DQOps; with `dev` it serves Dagster's
# page on loopback instead. `PYTHON` names the interpreter of an environment with
# `pip install "dqops-client[dagster,testing]" dagster-webserver`.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
PYTHON=${PYTHON:-python}
PORT=${PORT:-18880}
export DQOPS_URL=http://127.0.0.1:$PORT DAGSTER_DISABLE_TELEMETRY=1

"$PYTHON" -m dqops.testing --port "$PORT" --job-duration 2 &
server=$!
trap 'kill $server' EXIT
if [ "${1:-}" = dev ]; then
  "$PYTHON" -m dagster dev --python-file definitions.py --host 127.0.0.1 --port "${PAGE_PORT:-3000}"
else
  "$PYTHON" -m dagster asset materialize --select "*" --python-file definitions.py
fi
