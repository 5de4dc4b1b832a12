# A group of real nodes on loopback, for the scripts beside this folder to source.
#
# ERAFT names the executable; without it the release build of this repository is taken. All files lie in a new directory
# under TMPDIR. However the script ends, what it started is ended by pid, and the directory is removed; KEEP=1 keeps it.
# shellcheck shell=bash

# shellcheck disable=SC2034 # The scripts use it.
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
readonly root
eraft=$(readlink -f "${ERAFT:-$root/.build/release/eraft}" || true)
readonly eraft
readonly name=${0##*/}

# The directory of the group, and the first port of its nodes: node n listens on base + 10 n, its clients connect to the
# next port, and its status page is on the one after that.
work=
base=
# What was started: the pids of nodes by number, and of everything else.
declare -A node_pids=()
declare -a other_pids=()

usage() { sed -n '2,/^set /{/^set /d; s/^# \{0,1\}//; p}' "$0"; }

# Ends the script: it cannot begin (2), or a step does not hold (1).
unusable() {
  printf '%s: %s\n' "$name" "$*" >&2
  exit 2
}
fail() {
  printf '\n%s: FAILED: %s\n' "$name" "$*" >&2
  show_logs
  exit 1
}

step() { printf '\n== %s\n' "$*"; }
proves() { printf '   proves: %s\n' "$*"; }

show_logs() {
  local file
  [[ -n $work ]] || return 0
  for file in "$work"/*.log; do
    [[ -s $file ]] || continue
    printf -- '-- the end of %s\n' "${file##*/}" >&2
    tail -n 5 "$file" >&2
  done
}

end_everything() {
  local pid
  trap - EXIT INT TERM
  for pid in "${node_pids[@]}" "${other_pids[@]}"; do kill -KILL "$pid" 2>/dev/null || true; done
  for pid in "${node_pids[@]}" "${other_pids[@]}"; do wait "$pid" 2>/dev/null || true; done
  [[ -z $work ]] || [[ ${KEEP:-} == 1 ]] || rm -rf "$work"
}

# Makes the working directory and promises to clean up.
begin() {
  [[ -x $eraft ]] || unusable "there is no $eraft: run \`make build\`, or set ERAFT to the executable"
  trap end_everything EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  work=$(mktemp -d "${TMPDIR:-/tmp}/eraft-$name.XXXXXX")
}

milliseconds() { echo "$((${EPOCHREALTIME/./} / 1000))"; }

# Whether somebody listens on a port.
listens() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# Finds COUNT * 10 ports in a row that nobody listens on, below those that the system gives to clients.
find_ports() {
  local count=$1 attempt port
  for ((attempt = 0; attempt < 50; attempt++)); do
    base=$((10000 + RANDOM % 2000 * 10))
    for ((port = base + 10; port < base + 10 * count + 13; port++)); do
      listens "$port" && continue 2
    done
    return 0
  done
  unusable "found no free ports"
}

client_port() { echo $((base + 10 * $1 + 1)); }

# Writes the configuration of a group; the options are those of `eraft admin new`.
new_group() {
  local count=$1
  shift
  find_ports "$count"
  "$eraft" admin new "$work" --base-port "$base" "$@" >/dev/null
}

# Starts a node and waits until it listens; further words are options of `eraft node`.
start_node() {
  local node=$1 give_up=$(($(milliseconds) + 20000))
  shift
  : >"$work/node-$node.ready"
  "$eraft" node --config "$work/node-$node.yaml" "$@" >"$work/node-$node.ready" 2>>"$work/node-$node.log" &
  node_pids[$node]=$!
  until grep -q '"ready":true' "$work/node-$node.ready"; do
    kill -0 "${node_pids[$node]}" 2>/dev/null || fail "node $node did not start"
    (($(milliseconds) < give_up)) || fail "node $node did not listen within 20 s"
    sleep 0.02
  done
}

# Kills a node as a crash does: it writes nothing any more and says good-bye to nobody.
kill_node() {
  kill -KILL "${node_pids[$1]}"
  wait "${node_pids[$1]}" 2>/dev/null || true
  unset "node_pids[$1]"
}

# Stops a node in good order.
stop_node() {
  local code=0
  kill -TERM "${node_pids[$1]}"
  wait "${node_pids[$1]}" || code=$?
  unset "node_pids[$1]"
  ((code == 0)) || fail "node $1 ended with code $code, expected 0"
}

admin() { "$eraft" admin "$1" --config "$work/node-1.yaml" "${@:2}"; }

# One field of a node's status page: a number, a word, or a list such as 1,2,3; nothing when the node does not answer.
status() {
  local line text=
  { exec 4<>"/dev/tcp/127.0.0.1/$((base + 10 * $1 + 2))"; } 2>/dev/null || return 0
  printf 'GET /status HTTP/1.0\r\n\r\n' >&4
  while IFS= read -r -t 5 line <&4 || [[ -n $line ]]; do text=$line; done
  exec 4>&-
  sed -nE "s/.*\"$2\":(\[([^]]*)\]|\"([^\"]*)\"|([^,}]*)).*/\2\3\4/p" <<<"$text"
}

# A node that says that it leads, once there is one; fails after ten seconds. Nodes that do not run are left out.
wait_for_leader() {
  local node give_up=$(($(milliseconds) + 10000))
  while (($(milliseconds) < give_up)); do
    for node in "${!node_pids[@]}"; do
      if [[ $(status "$node" part) == leader ]]; then
        echo "$node"
        return 0
      fi
    done
    sleep 0.02
  done
  fail "nobody leads after 10 s"
}

# Waits until two nodes have applied the same entries; fails after twenty seconds.
wait_until_equal() {
  local give_up=$(($(milliseconds) + 20000)) mine theirs
  while (($(milliseconds) < give_up)); do
    mine=$(status "$1" applied_index) theirs=$(status "$2" applied_index)
    [[ -n $mine && $mine == "$theirs" ]] && return 0
    sleep 0.05
  done
  fail "node $1 has applied $mine entries, node $2 $theirs: they are not equal after 20 s"
}

# Asks a node in Redis' protocol and prints its reply: the text of a status, a number or a value, "(nil)", or an error
# with a minus sign before it. Fails when there is no connection or no reply within PATIENCE seconds, by default five.
resp() {
  local word line size
  { exec 5<>"/dev/tcp/127.0.0.1/$(client_port "$1")"; } 2>/dev/null || return 1
  shift
  {
    printf '*%d\r\n' "$#"
    for word; do printf '$%d\r\n%s\r\n' "${#word}" "$word"; done
  } >&5
  if ! IFS= read -r -t "${PATIENCE:-5}" line <&5; then
    exec 5>&-
    return 1
  fi
  line=${line%$'\r'}
  case $line in
    '$-1') line='(nil)' ;;
    '$'*)
      size=${line#?}
      LC_ALL=C IFS= read -r -t 5 -N "$size" line <&5 || line=
      ;;
    [+:]*) line=${line#?} ;;
  esac
  exec 5>&-
  printf '%s\n' "$line"
}

# Writes through a node and repeats that until it is acknowledged; fails after ten seconds. A SET may be repeated.
set_key() {
  local give_up=$(($(milliseconds) + 10000)) reply=
  while (($(milliseconds) < give_up)); do
    reply=$(resp "$1" SET "$2" "$3" || true)
    [[ $reply == OK ]] && return 0
    sleep 0.05
  done
  fail "SET $2 at node $1 is not acknowledged after 10 s; the last reply was '$reply'"
}

# Reads at a node until it answers; fails when the value is another one than the given one.
expect_key() {
  local give_up=$(($(milliseconds) + 10000)) reply=
  while (($(milliseconds) < give_up)); do
    reply=$(resp "$1" GET "$2" || true)
    [[ $reply == "$3" ]] && return 0
    [[ $reply == -* || -z $reply ]] || fail "GET $2 at node $1 found '$reply', expected '$3'"
    sleep 0.05
  done
  fail "GET $2 at node $1 is not answered after 10 s; the last reply was '$reply'"
}
