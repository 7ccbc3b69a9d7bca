#!/usr/bin/env bash
# Every shell script of the project through shellcheck.
set -euo pipefail
cd "$(dirname "$0")/../.."
mapfile -t scripts < <(grep -lE '^#!.*(bash|/sh)$' scripts/* .ci/run 2>/dev/null)
exec shellcheck --external-sources --source-path=SCRIPTDIR/.. "${scripts[@]}" scripts/lib/*.sh
