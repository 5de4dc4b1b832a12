#!/usr/bin/env bash
# Sees to it that the commands eraft is built and tested with are there: a Swift toolchain, Python, make and git.
# As root on a system with apt it installs what is missing; otherwise it says what to run. Says nothing when all is there.
# `setup-system.sh model` sees to what checking the models needs, and only that.
set -euo pipefail

readonly swift_major=6 swift_minor=1

say() { printf 'setup-system: %s\n' "$*"; }

fail() {
  printf 'setup-system: %s\n' "$*" >&2
  exit 1
}

has() { command -v "$1" >/dev/null 2>&1; }

# Prints the apt packages whose commands are missing, one per line.
missing_packages() {
  local command
  for command in git make; do
    has "$command" || printf '%s\n' "$command"
  done
  if ! has python3; then
    printf '%s\n' python3 python3-venv
  elif ! python3 -c 'import ensurepip, venv' 2>/dev/null \
    && ! python3 -c 'import virtualenv' 2>/dev/null \
    && ! python3 -c 'import pip' 2>/dev/null; then
    # Any of the three is enough for setup-python.sh; this is the one that a distribution has for sure.
    printf '%s\n' python3-venv
  fi
}

# The same of what the models need. Without its recommendations gcc comes without the headers of the C library.
missing_model_packages() {
  has spin || printf '%s\n' spin
  has gcc || printf '%s\n' gcc libc6-dev
}

install_packages() {
  if ! has apt-get; then
    fail "missing: $*. This system has no apt-get; install them with its own package manager and run this again."
  fi
  if [[ $(id -u) -ne 0 ]]; then
    fail "missing: $*. Installing needs root; run: sudo apt-get update && sudo apt-get install -y --no-install-recommends $*"
  fi
  say "installing $*"
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends "$@"
}

check_swift() {
  if ! has swift; then
    fail "there is no Swift toolchain. Install Swift ${swift_major}.${swift_minor} or later as https://www.swift.org/install tells, and put its bin directory on PATH."
  fi
  local version
  version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9][0-9]*\.[0-9][0-9]*\).*/\1/p' | head -n 1)
  local major=${version%%.*} minor=${version#*.}
  if [[ -z $version ]]; then
    fail "'swift --version' names no version."
  fi
  if ((major < swift_major || (major == swift_major && minor < swift_minor))); then
    fail "Swift ${version} is too old: ${swift_major}.${swift_minor} or later is needed."
  fi
}

main() {
  local packages target=${1:-}
  case $target in
    '') mapfile -t packages < <(missing_packages) ;;
    model) mapfile -t packages < <(missing_model_packages) ;;
    *) fail "unknown argument $target" ;;
  esac
  if ((${#packages[@]} > 0)); then
    install_packages "${packages[@]}"
  fi
  if [[ -z $target ]]; then
    check_swift
  fi
}

main "$@"
