#!/bin/sh
# build.sh - makes dist/: checks the lock file and both languages, bundles, writes .gz and .br beside each text file,
# and fails when the first load is heavier than its budget.
set -eu
cd "$(dirname "$0")"
sh run-node.sh tools/lock.mjs --check
sh run-node.sh src/i18n/check-keys.mjs
sh run-node.sh node_modules/vite/bin/vite.js build
sh run-node.sh tools/finish.mjs dist
