#!/bin/sh
# Runs the ten stages on the demo tenant, then the terminal probe, under valgrind: the shims of
# libcurl, libcrypto and ncurses with what they allocate. Ends with 99 when valgrind found something.
set -eu
cd "$(dirname "$0")/../.."
swift build --product hybrid-flow
swift build --product terminal-probe
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
# valgrind 3.19 gives up on the debugging information of Swift.
for name in hybrid-flow terminal-probe; do
  strip -g -o "$folder/$name" ".build/debug/$name"
done
check="valgrind --error-exitcode=99 --leak-check=full --show-leak-kinds=definite"
check="$check --errors-for-leak-kinds=definite"
$check "$folder/hybrid-flow" run --timeout 120
(sleep 15; printf 'abcq') | TERM=xterm-256color script -qec \
  "$check --log-file=$folder/probe.log $folder/terminal-probe" /dev/null
cat "$folder/probe.log"
