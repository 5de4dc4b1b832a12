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
readonly all=(E7 E10 E12 E13 E15 E17 E18 E19 E20 E21)

say() { printf '\n== %s\n' "$*"; }

fail() {
  printf 'reproduce: %s\n' "$*" >&2
  exit 2
}

# The sweep that an experiment's results come from.
sweep_of() {
  case $1 in
    E8) echo E7 ;;
    E9 | E11) fail "$1 cannot run yet: there is no spec of it" ;;
    *)
      [[ -f experiments/iwqos19/$1.yaml ]] || fail "there is no experiment $1; there are E8 and ${all[*]}"
      echo "$1"
      ;;
  esac
}

main() {
  cd "$root"
  # The sweep ends by itself at Ctrl-C, with what was complete; those after it are not begun.
  trap 'exit 130' INT TERM
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
    say "$id ($number of ${#ids[@]}), $(date +%H:%M:%S)"
    # A run that broke a check is told at the end: the others are worth having.
    "$eraft" sweep "experiments/iwqos19/$id.yaml" --out "$results/$id" ${JOBS:+--jobs "$JOBS"} || broken+=("$id")
  done
  say "Verdicts and figures, $(date +%H:%M:%S)"
  "$python" -m eraft_analysis reproduce "$results"
  if ((${#broken[@]} > 0)); then
    printf 'reproduce: runs failed or broke a check: %s\n' "${broken[*]}" >&2
    exit 1
  fi
}

main "$@"
