#!/usr/bin/env bash
# Holds what two builds print side by side: runs of every response type, every fault of the lab, every
# recording that comes along in every export, the help and the manual page. Times, ports and random
# values are put aside; what else differs is shown.
#
#   Tests/compare-builds.sh OLD NEW
set -u
old=$(realpath "$1") new=$(realpath "$2")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export HOME=$work XDG_CONFIG_HOME=$work XDG_STATE_HOME=$work

# What is made anew with each run becomes its kind and its length.
plain() {
  # A long value is broken where the line ends: the reading order is compared without its breaks.
  { case $name in plain*) sed -zE 's/\n +//g' ;; *) cat ;; esac; } | sed -E \
    -e 's/localhost(%3A|:)[0-9]{2,5}/localhost:PORT/g; s/demo_tenant_[0-9]+/demo_tenant_PORT/g' \
    -e 's/"(at|started_at|ended_at|time|iat|exp|nbf|auth_time|updated_at|expires_at|milliseconds|duration_ms|id_token_age|seconds)": ?-?[0-9.]+/"\1":TIME/g' \
    -e 's/[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9:.]+(Z|[+-][0-9:]+)?/TIME/g; s/1[0-9]{9,12}/TIME/g' \
    -e 's/\b[0-9]+ m?s\b/SPAN/g' \
    -e 's/[A-Za-z0-9_-]{4,}…[A-Za-z0-9_-]{4,}/SHORT/g; s/eyJ[A-Za-z0-9_.-]{20,}/JWT/g' \
    -e 's/\bkid [A-Za-z0-9_-]{16}/kid KEY/g; s/[A-Za-z0-9_-]{22,}/RANDOM/g; s/(kid|key)(\W{1,8})[A-Za-z0-9_-]{16}\b/\1\2KEY/g; s/[A-Za-z0-9_-]{4}… ?\(/SHORT(/g' \
    -e 's/"Content-Length": ?"[0-9]+"/"Content-Length":N/gI; s/"(length|size|bodySize|headersSize)": ?-?[0-9]+/"\1":N/g'
}

count=0 bad=0
same() { # NAME ARGUMENTS...
  local name=$1; shift
  "$old" "$@" >"$work/old" 2>"$work/old.err" </dev/null; local a=$?
  "$new" "$@" >"$work/new" 2>"$work/new.err" </dev/null; local b=$?
  count=$((count + 1))
  for stream in "" .err; do
    plain <"$work/old$stream" >"$work/a" && plain <"$work/new$stream" >"$work/b"
    if ! diff -q "$work/a" "$work/b" >/dev/null; then
      bad=$((bad + 1)); echo "differs: $name$stream"; diff "$work/a" "$work/b" | cut -c1-300 | head -6
    fi
  done
  [ $a = $b ] || { bad=$((bad + 1)); echo "exit code: $name: $a, now $b"; }
}

for type in 'code id_token' 'code token' 'code id_token token'; do
  same "run $type" run --json --response-type "$type"
  same "plain $type" run --plain --response-type "$type"
  same "afterwards $type" run --json --response-type "$type" --then refresh,userinfo,logout
done
for fault in $("$old" lab --list --json 2>/dev/null | grep -oE '"id": ?"[a-z0-9-]+"' | cut -d'"' -f4 | sort -u); do
  same "lab $fault" lab "$fault" --json
done
for name in $("$old" replay --list 2>/dev/null | grep -oE '^  [a-z0-9_-]+' | sort -u); do
  same "replay $name" replay --json "$name"
  for format in har markdown mermaid curl asciicast svg; do
    same "export $format $name" export "$name" --format $format
  done
done
for command in explore run check decode explain lab replay compare export tenant theme paths completion; do
  same "help $command" help $command
done
same man man
same 'theme list' theme list
for text in 'invalid_grant' 'AADSTS50011: mismatch' 'Callback URL mismatch' 'nothing known'; do
  same "explain $text" explain --json "$text"
done
same 'unknown option' run --isuer x
same 'unknown command' lok
echo "$count comparisons, $bad differences"
[ $bad = 0 ]
