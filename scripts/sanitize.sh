#!/usr/bin/env bash
# Runs the Swift tests under the address sanitizer and under the thread sanitizer, each in a build folder of its own; what
# stands on the command line goes to `swift test`. A sanitizer that the toolchain does not have is left out, and said so.
# On two cores it takes about five minutes to build and ten to test.
#
# Leaks are not looked for: Swift keeps the case of an enum in spare bits of the pointer that it carries, so that the leak
# checker takes what only such a pointer holds for lost; and XCTest leaves its suites behind in every run.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

say() { printf '\n== %s\n' "$*"; }

# Whether the toolchain can link a program with a sanitizer and start it.
works() {
  local folder
  folder=$(mktemp -d)
  printf 'print("ok")\n' >"$folder/main.swift"
  local result=1
  if swiftc -sanitize="$1" "$folder/main.swift" -o "$folder/main" >/dev/null 2>&1 && "$folder/main" >/dev/null 2>&1; then
    result=0
  fi
  rm -rf "$folder"
  return "$result"
}

export ASAN_OPTIONS=detect_leaks=0${ASAN_OPTIONS:+:$ASAN_OPTIONS}

status=0
tested=0
for sanitizer in address thread; do
  if ! works "$sanitizer"; then
    say "This toolchain has no $sanitizer sanitizer: left out"
    continue
  fi
  tested=1
  say "Testing under the $sanitizer sanitizer"
  log=$(mktemp)
  if ! swift test --sanitize="$sanitizer" --scratch-path ".build-$sanitizer" "$@" 2>&1 | tee "$log"; then
    status=1
  fi
  # A report does not always make the process fail.
  if grep -Eq 'WARNING: ThreadSanitizer|ERROR: AddressSanitizer|Swift access race' "$log"; then
    printf 'sanitize: the %s sanitizer reported something\n' "$sanitizer" >&2
    status=1
  fi
  rm -f "$log"
done
if ((tested == 0)); then
  echo "sanitize: nothing was tested" >&2
  exit 2
fi
exit "$status"
