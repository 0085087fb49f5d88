#!/bin/sh
# Runs the ten stages on the demo tenant, and decode with keys of every kind, under valgrind: the
# shims of libcurl and libcrypto with what they allocate. Ends with 99 when valgrind found something.
set -eu
cd "$(dirname "$0")/../.."
swift build --product hybrid-flow
exec valgrind --error-exitcode=99 --leak-check=full --show-leak-kinds=definite \
  --errors-for-leak-kinds=definite --suppressions=Tests/Fuzz/valgrind.supp \
  .build/debug/hybrid-flow run
