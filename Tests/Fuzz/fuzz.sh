#!/bin/sh
# Fuzzes parsers with libFuzzer: fuzz.sh SECONDS [PARSER…]; without names, all of them in turn.
# What it found new goes to .build-fuzz/corpus/PARSER; crashes to .build-fuzz/crash/PARSER-….
set -eu
seconds=${1:?"give the seconds for each parser"}
shift
cd "$(dirname "$0")/../.."
HYBRID_FLOW_LIBFUZZER=1
export HYBRID_FLOW_LIBFUZZER
swift build -c release --scratch-path .build-fuzz --product fuzz-parsers \
  -Xswiftc -sanitize=fuzzer -Xswiftc -enable-testing -Xswiftc -parse-as-library
program=.build-fuzz/release/fuzz-parsers
if [ $# -eq 0 ]; then
  set -- $(ls Tests/Fuzz/Corpus)
fi
mkdir -p .build-fuzz/crash
failed=0
for parser; do
  mkdir -p ".build-fuzz/corpus/$parser"
  echo "== $parser"
  HYBRID_FLOW_FUZZ_PARSER=$parser "$program" -max_total_time="$seconds" -timeout=5 -rss_limit_mb=2048 \
    -max_len=8192 -print_final_stats=1 -artifact_prefix=".build-fuzz/crash/$parser-" \
    ".build-fuzz/corpus/$parser" "Tests/Fuzz/Corpus/$parser" 2>".build-fuzz/$parser.log" || failed=1
  grep -E 'cov:.*(DONE|INITED)|DONE|stat::number|stat::average|peak_rss|Property of|SUMMARY|Test unit' \
    ".build-fuzz/$parser.log" || true
done
exit $failed
