#!/usr/bin/env bash
# The fast lane: what a change can be held against every few minutes; under 60 s after a build.
# Without what starts programs, servers, terminals and browsers, without walks through every fault,
# state and size, fuzz, and tests of how time grows. The full lane has all: README.md has its command.
#
#   Tests/fast.sh [more words for swift test]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

targets='(EndToEnd|Terminal|Command|Network|Explorer|Preflight|Recording|Lab|Fuzz)Tests\.'
suites='(Hostile|Noise|RandomKey|EventWalk|Recordings|LabMenu|Waiting|Copy|Way|Order|Reveal|WholeWords'
suites+='|Layout)Tests/|Noise around an answer'
tests='no size traps|no text breaks a border|the marked row is always seen|it plays through all ten'
tests+='|linear time|in time that grows|one changed byte anywhere|thousands of begun|a thousand other'
tests+='|a half that starts with zero|the public key has its members|a megabyte is taken'
exec swift test --disable-xctest --no-parallel --skip "^$targets|$suites|$tests" "$@"
