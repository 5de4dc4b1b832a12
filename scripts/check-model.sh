#!/usr/bin/env bash
# Checks the Promela models under Tests/Models with spin, exhaustively within the bounds that it prints.
#
#   check-model.sh                the models must hold                             (about a minute)
#   check-model.sh --deep         the same in larger bounds                        (about a quarter of an hour)
#   check-model.sh --mutants      every known-bad variant of them must be caught   (about a minute)
#   check-model.sh --trail NAME   shows the shortest run that goes wrong in a known-bad variant
#
# After --models (the default), --deep or --mutants a text selects the searches whose line holds it.
#
# MODEL_DEPTH and MODEL_MEMORY (in megabytes) limit a search: a search that meets a limit is incomplete and fails.
# Exit codes: 0 all is well; 1 a model is violated, a search is incomplete, or a known-bad variant is not caught;
# 2 spin or gcc is missing, or the command line is of no use.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
readonly root
readonly models=$root/Tests/Models
readonly depth_limit=${MODEL_DEPTH:-10000}
readonly memory_limit=${MODEL_MEMORY:-}

# A line is one search: the model, its bounds and switches. A mutant's line begins with the switch that breaks a rule,
# and its bounds lie within those of a line above, where the model without the switch holds.
readonly default_runs="
Raft TERMS=3 ENTRIES=2 CRASHES=0
Raft TERMS=2 ENTRIES=2 CRASHES=1
Raft TERMS=4 ENTRIES=1 CRASHES=0
Raft NODES=4 TERMS=2 ENTRIES=1 CRASHES=0
Membership TERMS=2 ENTRIES=3
Membership TERMS=2 ENTRIES=3 JOINT
Membership TERMS=2 ENTRIES=3 PROMPT_COMMIT UNCOVERED
Membership TERMS=2 ENTRIES=3 CRASHES=1 NO_COMMANDS
Membership NODES=4 TERMS=2 ENTRIES=2 NO_COMMANDS
Membership NODES=4 TERMS=2 ENTRIES=2 NO_COMMANDS JOINT
"
readonly deep_runs="
Raft TERMS=3 ENTRIES=2 CRASHES=1
Raft TERMS=2 ENTRIES=2 CRASHES=2
Raft TERMS=2 ENTRIES=3 CRASHES=1
Raft TERMS=4 ENTRIES=2 CRASHES=0
Membership TERMS=3 ENTRIES=3
Membership TERMS=2 ENTRIES=3 CRASHES=1
Membership TERMS=3 ENTRIES=3 NO_COMMANDS JOINT
Membership TERMS=3 ENTRIES=4 CHANGEABLE=5 NO_COMMANDS PROMPT_COMMIT UNCOVERED
Membership NODES=4 TERMS=2 ENTRIES=3 CHANGEABLE=12 NO_COMMANDS
Membership NODES=4 TERMS=2 ENTRIES=3 NO_COMMANDS JOINT
"
readonly mutants="
ANY_LOG Raft TERMS=2 ENTRIES=1 CRASHES=0
LONGEST_LOG Raft TERMS=3 ENTRIES=2 CRASHES=0
VOTE_TWICE Raft TERMS=1 ENTRIES=1 CRASHES=0
VOTE_BEFORE_WRITE Raft TERMS=1 ENTRIES=1 CRASHES=1
OWN_VOTE_BEFORE_WRITE Raft TERMS=1 ENTRIES=1 CRASHES=1
ACKNOWLEDGE_BEFORE_WRITE Raft TERMS=2 ENTRIES=1 CRASHES=1
COUNT_BEFORE_WRITE Raft TERMS=2 ENTRIES=1 CRASHES=1
ACKNOWLEDGE_OWN_END Raft TERMS=3 ENTRIES=2 CRASHES=0
COMMIT_OWN_END Raft TERMS=3 ENTRIES=2 CRASHES=0
OLD_TERM_COMMIT Raft TERMS=4 ENTRIES=1 CRASHES=0
CUT_ALWAYS Raft TERMS=2 ENTRIES=2 CRASHES=0
ANY_PREVIOUS Raft TERMS=2 ENTRIES=2 CRASHES=0
HALF_QUORUM Raft NODES=4 TERMS=1 ENTRIES=1 CRASHES=0
UNCOVERED Membership TERMS=2 ENTRIES=3
UNCOVERED Membership NODES=4 TERMS=2 ENTRIES=3 CHANGEABLE=12 NO_COMMANDS
CAMPAIGN_UNAPPLIED Membership TERMS=2 ENTRIES=3
TWO_AT_ONCE Membership TERMS=2 ENTRIES=3 CHANGEABLE=3
INHERITED_UNAPPLIED Membership TERMS=3 ENTRIES=4 CHANGEABLE=5 NO_COMMANDS PROMPT_COMMIT UNCOVERED
COMMIT_NOT_STORED Membership TERMS=2 ENTRIES=3 CRASHES=1 CHANGEABLE=6 NO_COMMANDS
COUNT_REMOVED_LEADER Membership TERMS=2 ENTRIES=3 CHANGEABLE=3
ONE_HALF Membership TERMS=2 ENTRIES=2 JOINT
NO_JOINT Membership TERMS=2 ENTRIES=2 JOINT
"

usage() { sed -n '2,/^set /{/^set /d; s/^# \{0,1\}//; p}' "${BASH_SOURCE[0]}"; }

fail() {
  printf 'check-model: %s\n' "$*" >&2
  exit 2
}

require() {
  command -v "$1" >/dev/null 2>&1 \
    || fail "$1 is missing. On Debian and Ubuntu run: sudo apt-get update && sudo apt-get install -y spin gcc"
}

# The lines of a list that hold a text.
lines() { sed '/^$/d' <<<"$1" | grep -F -e "${2:-}" || fail "no search matches '${2:-}'"; }

# Translates a model with its bounds and switches, compiles it with the given options and searches it: the report goes
# to `report`, the path of a violation to `MODEL.pml.trail`, all in the working directory.
search() {
  local model=$1 optimise=$2 memory=$3
  local -a defines compiler_options
  read -ra defines <<<"$4"
  read -ra compiler_options <<<"$5"
  rm -f ./*
  cp "$models"/*.pml .
  spin -a "${defines[@]/#/-D}" "$model.pml" >translation || fail "spin does not take $model.pml: $(<translation)"
  # Nothing is reduced by order: every rule touches shared state. Warnings would be about spin's code.
  gcc "$optimise" -w -DSAFETY -DNOREDUCE -DMEMLIM="${memory_limit:-$memory}" "${compiler_options[@]}" -o pan pan.c
  ./pan -n -m"$depth_limit" -w24 >report 2>&1 || true
}

# Prints what a pattern with one group finds in the report, or a question mark.
reported() {
  local value
  value=$(sed -nE "s/$1/\\1/p" report | head -n 1)
  echo "${value:-?}"
}

# Says how a search ended: holds, violated, or why it is incomplete.
outcome() {
  if grep -q 'assertion violated' report; then
    echo violated
  elif grep -q 'max search depth too small' report; then
    echo "incomplete: the search depth $depth_limit is too small"
  elif grep -Eqi 'out of memory|memory limit|MEMLIM' report; then
    echo "incomplete: out of memory"
  elif grep -Eq 'Search not completed|assertion failed|error:' report || ! grep -q 'errors: 0' report; then
    echo "incomplete: $(grep -Em 1 '^pan:|error' report || echo 'the search was cut short')"
  else
    echo holds
  fi
}

# Replays the path that a search has left, without the state at its end.
replay() {
  local model=$1
  local -a defines
  read -ra defines <<<"$2"
  touch "$model.pml.trail"
  spin -t "${defines[@]/#/-D}" "$model.pml" | sed '/^spin: trail ends/q'
}

# The property that a replayed path violates: the comment beside the assertion.
violated_property() {
  local model=$1 line
  line=$(replay "$model" "$2" | sed -n "s/^spin: $model.pml:\([0-9]*\), Error: assertion violated.*/\1/p")
  sed -n "${line:-\$}s|.*/\* \(.*\) \*/.*|\1|p" "$model.pml"
}

seconds_since() { awk -v from="$1" -v to="$EPOCHREALTIME" 'BEGIN { printf "%.1f", to - from }'; }

check_models() {
  local optimise=$1 memory=$2 options=$3 failures=0 row='%-11s %-54s %10s %14s %6s %8s %7s  %s\n'
  # shellcheck disable=SC2059
  printf "$row" model bounds states transitions depth MB seconds result
  local model defines result start
  while read -r model defines; do
    start=$EPOCHREALTIME
    search "$model" "$optimise" "$memory" "$defines" "$options"
    result=$(outcome)
    # shellcheck disable=SC2059
    printf "$row" "$model" "$defines" "$(reported ' *(\S+) states, stored.*')" "$(reported ' *(\S+) transitions .*')" \
      "$(reported '.*depth reached ([0-9]+).*')" "$(reported ' *([0-9]+)\S*\s+total actual memory.*')" \
      "$(seconds_since "$start")" "$result"
    if [[ $result != holds ]]; then
      failures=$((failures + 1))
      if [[ $result == violated ]]; then replay "$model" "$defines"; fi
    fi
  done
  if ((failures > 0)); then
    echo "check-model: $failures of the searches failed" >&2
    return 1
  fi
}

# Breadth first: the path found is a shortest one.
search_mutant() { search "$2" -O1 4000 "$1 $3" -DBFS; }

check_mutants() {
  local failures=0 row='%-24s %-11s %-58s %5s %7s  %s\n'
  # shellcheck disable=SC2059
  printf "$row" mutant model bounds steps seconds result
  local switch model defines result start steps
  while read -r switch model defines; do
    start=$EPOCHREALTIME
    search_mutant "$switch" "$model" "$defines"
    result=$(outcome) steps=
    if [[ $result == violated ]]; then
      # Every step of a node prints one line, which its column indents; the start prints none.
      steps=$(replay "$model" "$switch $defines" | grep -c '^ *n[0-9]')
      result="caught: $(violated_property "$model" "$switch $defines")"
    else
      failures=$((failures + 1))
      result="NOT CAUGHT: $result"
    fi
    # shellcheck disable=SC2059
    printf "$row" "$switch" "$model" "$defines" "$steps" "$(seconds_since "$start")" "$result"
  done
  if ((failures > 0)); then
    echo "check-model: $failures of the known-bad variants were not caught" >&2
    return 1
  fi
}

show_trail() {
  local wanted=$1 switch model defines
  while read -r switch model defines; do
    if [[ $switch == "$wanted" ]]; then
      search_mutant "$switch" "$model" "$defines"
      replay "$model" "$switch $defines"
      return
    fi
  done
  fail "there is no mutant $wanted; there are: $(lines "$mutants" | cut -d ' ' -f 1 | paste -sd ' ')"
}

main() {
  local mode=${1:-}
  if [[ $mode == --help || $mode == -h ]]; then
    usage
    return
  fi
  require spin
  require gcc
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  cd "$work"
  local list
  case $mode in
    '' | --models) list=$(lines "$default_runs" "${2:-}") && check_models -O2 4000 '' <<<"$list" ;;
    --deep) list=$(lines "$deep_runs" "${2:-}") && check_models -O2 12000 '' <<<"$list" ;;
    --mutants) list=$(lines "$mutants" "${2:-}") && check_mutants <<<"$list" ;;
    --trail) list=$(lines "$mutants") && show_trail "${2:-}" <<<"$list" ;;
    *) fail "unknown option $mode; --help lists them" ;;
  esac
}

main "$@"
