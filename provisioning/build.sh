#!/usr/bin/env bash
# Configures and builds one CMake preset, quietly: the log is shown only when something fails.
# usage: build.sh PRESET [TARGET...]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
[ $# -gt 0 ] || { sed -n '2,3{s/^# \{0,1\}//;p}' "$0" >&2; exit 2; }
preset=$1
shift
mkdir -p "build/$preset"
log=build/$preset/build.log
start=$SECONDS

echo "building: preset $preset${*:+, $*} (log: $log)"
steps() {
  cmake --preset "$preset"
  cmake --build --preset "$preset" --parallel "$(nproc)" ${@:+--target "$@"}
}
if ! steps "$@" > "$log" 2>&1; then
  grep -nE 'error|Error|FAILED|violation' "$log" | head -40 >&2 || true
  echo "build of preset $preset FAILED; the whole log is $log, its end:" >&2
  tail -n 25 "$log" >&2
  exit 1
fi
echo "built: preset $preset in $((SECONDS - start)) s"
