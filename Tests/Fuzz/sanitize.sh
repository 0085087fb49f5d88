#!/bin/sh
# Runs tests under a sanitizer: sanitize.sh address|thread [FILTER…]; without filters, those that
# touch C, threads, sockets and foreign bytes. Everything is built in .build-SANITIZER.
set -eu
sanitizer=${1:?"give address or thread"}
shift
cd "$(dirname "$0")/../.."
if [ $# -eq 0 ]; then
  set -- OpenIDTests CryptographyTests FuzzTests HybridFlowTests TerminalTests NetworkTests \
    ExplorerTests
fi
filter=$(printf '%s|' "$@")
# Swift's runtime keeps metadata for ever, which the leak checker takes for leaks.
ASAN_OPTIONS=${ASAN_OPTIONS-detect_leaks=0}
export ASAN_OPTIONS
exec swift test --disable-xctest --no-parallel --sanitize="$sanitizer" \
  --scratch-path ".build-$sanitizer" --filter "^(${filter%|})[.]"
