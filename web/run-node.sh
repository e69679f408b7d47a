#!/bin/sh
# run-node.sh SCRIPT ARGS... - runs SCRIPT on the Node that the lock file pins. Debian 12's own Node
# is too old for the build tools; it only has to start npm. Elsewhere the Node on the PATH serves.
here=$(cd "$(dirname "$0")" && pwd)
for pinned in "$here"/node_modules/node-linux-*/bin/node; do
    if "$pinned" --version >/dev/null 2>&1; then exec "$pinned" "$@"; fi
done
exec node "$@"
