#!/usr/bin/env bash
# Runs the experiments of experiments/iwqos19 and holds them against what was published: verdicts and figures go to
# runs/reproduce. Without arguments all are run, else those that are named: scripts/reproduce.sh E15 E17. JOBS says how
# many runs are made at a time, by default one for each processor.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
readonly root
readonly eraft=$root/.build/release/eraft
readonly python=$root/.venv/bin/python
readonly results=runs/reproduce
# In the order of the ids; E8 is read from the runs of E7. Longest first would end no sooner: each uses all processors.
readonly all=(E7 E9 E10 E11 E12 E13 E15 E17 E18 E19 E20 E21)

say() { printf '\n== %s\n' "$*"; }

fail() {
  printf 'reproduce: %s\n' "$*" >&2
  exit 2
}

# The sweep that an experiment's results come from.
sweep_of() {
  case $1 in
    E8) echo E7 ;;
    *)
      [[ -f experiments/iwqos19/$1.yaml ]] || fail "there is no experiment $1; there are E8 and ${all[*]}"
      echo "$1"
      ;;
  esac
}

# The command that runs now. It is waited for in the background, so that a signal is dealt with while it runs.
child=

# A sweep ends with what was complete, and what comes after it is not begun. Ctrl-C reaches it by itself, and a second
# signal would end it before it has written what it has; others reach this script alone.
interrupted() {
  trap '' INT TERM
  if [[ -n $child ]]; then
    [[ $1 == INT ]] || kill -TERM "$child" 2>/dev/null || true
    wait "$child" || true
  fi
  printf 'reproduce: interrupted: complete runs stay below %s, there are no verdicts of this run\n' "$results" >&2
  exit 130
}

run() {
  "$@" &
  child=$!
  local status=0
  wait "$child" || status=$?
  child=
  return "$status"
}

main() {
  cd "$root"
  trap 'interrupted INT' INT
  trap 'interrupted TERM' TERM
  local ids=() id
  if (($# == 0)); then
    ids=("${all[@]}")
  else
    for id in "$@"; do ids+=("$(sweep_of "$id")"); done
  fi
  [[ -x $eraft ]] || fail "there is no $eraft; make build makes it"
  [[ -x $python ]] || fail "there is no $python; scripts/setup-python.sh makes it"
  local number=0 broken=()
  for id in "${ids[@]}"; do
    number=$((number + 1))
    say "$id ($number of ${#ids[@]}), $SECONDS s so far"
    # A run that broke a check is told at the end: the others are worth having.
    run "$eraft" sweep "experiments/iwqos19/$id.yaml" --out "$results/$id" ${JOBS:+--jobs "$JOBS"} || broken+=("$id")
  done
  say "Verdicts and figures, $SECONDS s so far"
  run "$python" -m eraft_analysis reproduce "$results"
  if ((${#broken[@]} > 0)); then
    printf 'reproduce: runs failed or broke a check: %s\n' "${broken[*]}" >&2
    exit 1
  fi
}

main "$@"
