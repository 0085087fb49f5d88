#!/usr/bin/env bash
# The README's five minutes with the demo, key by key, in a real terminal and in real time: it reads
# for 90 seconds at stage 5, at three sizes at once. Needs tmux; takes about two minutes.
#
#   Tests/five-minutes.sh [PROGRAM]
set -u
program=$(realpath "${1:-.build/debug/hybrid-flow}")
seconds=${SECONDS_OF_READING:-90}
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT

# One run at one size; says what was not true.
walk() {
  local columns=$1 rows=$2 bad=0 socket=$home/$1
  tmux() { command tmux -u -S "$socket" -f /dev/null "$@"; }
  screen() { tmux capture-pane -p; }
  await() { # WORDS: waits until they are on the screen
    for _ in $(seq 200); do screen | grep -qF -- "$1" && return; sleep 0.1; done
    echo "${columns}x$rows: not on the screen: $1"; screen; bad=1
  }
  read_down_to() { # WORDS: turns pages until they are on the screen
    for _ in 1 2 3 4 5 6; do screen | grep -qF -- "$1" && return; press PageDown; sleep 0.3; done
    await "$1"
  }
  never() { if screen | grep -qF -- "$1"; then echo "${columns}x$rows: on the screen: $1"; bad=1; fi; }
  # SHOWN: whether this stage is in the title row.
  stage() {
    for _ in $(seq 200); do screen | head -1 | grep -qE " $1(/| of )10 " && return; sleep 0.1; done
    echo "${columns}x$rows: stage $1 is not shown"; screen; bad=1
  }
  press() { tmux send-keys "$@"; }
  on() { await "→ next"; press Right; stage "$1"; }

  tmux new-session -d -x "$columns" -y "$rows" \
    "env HOME=$home XDG_CONFIG_HOME=$home '$program' --no-query"
  stage 1; await "checks 13✓"; on 2; on 3; on 4
  await "[ Sign in ]"; press Enter
  await "[ Allow ]"; press Enter
  on 5
  await "waits for you"; never "code lives"
  sleep "$seconds"
  never "code ran out"; await "waits for you"
  press ]; sleep 0.3; press ]; sleep 0.3; press ]; await "callback-method"; read_down_to "c-hash-match"
  on 6; on 7; on 8
  for _ in 1 2 3 4 5 6 7; do screen | grep -qF "first: front channel" && break; press ]; sleep 0.3; done
  await "first: front channel"
  on 9; on 10
  await "appointments"
  press x; await "type to find"
  tmux send-keys -l swapped-code; press Enter
  stage 5; await "LAB swapped-code"; await "n next fault"; await "space without this check"
  press Space; await "c-hash-match OFF"
  press q
  tmux kill-server 2>/dev/null
  [ "$bad" = 0 ] && echo "${columns}x$rows: all of it true, after $seconds s at stage 5"
  return "$bad"
}

pids=()
for size in "80 24" "120 36" "200 50"; do walk $size & pids+=($!); done
status=0
for pid in "${pids[@]}"; do wait "$pid" || status=1; done
exit $status
