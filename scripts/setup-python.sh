#!/usr/bin/env bash
# Makes .venv from the pinned requirements, with the analysis package importable in it. Does nothing when it is up to
# date. PYTHON names another interpreter than the newest one found.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
readonly root
readonly venv=$root/.venv
readonly requirements=$root/analysis/requirements.txt
readonly stamp=$venv/requirements.stamp
readonly pip_options=(--disable-pip-version-check --no-input --quiet)

say() { printf 'setup-python: %s\n' "$*"; }

fail() {
  printf 'setup-python: %s\n' "$*" >&2
  exit 1
}

# Prints an interpreter that is new enough for the pinned packages.
find_python() {
  local candidate
  for candidate in ${PYTHON:+"$PYTHON"} python3 python3.14 python3.13 python3.12 python3.11; do
    if command -v "$candidate" >/dev/null 2>&1 \
      && "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      command -v "$candidate"
      return
    fi
  done
  fail "Python 3.11 or later is needed; install it, or name one with PYTHON=/path/to/python3"
}

# What the environment depends on: another value means that it must be made again.
fingerprint() {
  {
    cat "$requirements" "${BASH_SOURCE[0]}"
    "$1" -c 'import sys; print(sys.version)'
    printf '%s\n' "$root"
  } | cksum
}

# Makes the environment with the first of three ways that this interpreter has.
create() {
  local python=$1
  rm -rf "$venv"
  if "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    say "making .venv with venv"
    "$python" -m venv "$venv"
    install_into_environment
  elif "$python" -c 'import virtualenv' 2>/dev/null; then
    say "making .venv with virtualenv, since venv is not complete here"
    "$python" -m virtualenv --quiet "$venv"
    install_into_environment
  elif "$python" -c 'import pip' 2>/dev/null; then
    say "making .venv with pip alone, since venv is not complete here"
    install_beside "$python"
  else
    fail "$python has neither venv with ensurepip, nor virtualenv, nor pip; on Debian and Ubuntu run: sudo apt-get install -y python3-venv"
  fi
}

install_into_environment() {
  say "installing the pinned packages"
  "$venv/bin/python" -m pip install "${pip_options[@]}" --requirement "$requirements"
  local packages
  packages=$("$venv/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
  printf '%s\n' "$root/analysis" >"$packages/eraft_analysis.pth"
}

# Without an environment of its own: the packages in a folder, and a `python` that looks there.
install_beside() {
  local python=$1
  mkdir -p "$venv/bin"
  say "installing the pinned packages"
  "$python" -m pip install "${pip_options[@]}" --target "$venv/packages" --requirement "$requirements"
  cat >"$venv/bin/python" <<SHIM
#!/bin/sh
PYTHONPATH='$venv/packages:$root/analysis'\${PYTHONPATH:+:\$PYTHONPATH}
export PYTHONPATH
exec '$python' "\$@"
SHIM
  chmod +x "$venv/bin/python"
}

main() {
  local python wanted
  python=$(find_python)
  wanted=$(fingerprint "$python")
  if [[ -x $venv/bin/python && -f $stamp && $(<"$stamp") == "$wanted" ]]; then
    return
  fi
  create "$python"
  "$venv/bin/python" -c 'import eraft_analysis.cli' || fail "the packages were installed but do not import"
  printf '%s\n' "$wanted" >"$stamp"
  say "ready: .venv/bin/python"
}

main "$@"
