#!/usr/bin/env bash
# Installs the Debian packages of the given groups of provisioning/packages.txt.
# usage: install_packages.sh [--list] [--dry-run] GROUP...      GROUP: run, build, test
#
#   --list     only print the packages of the groups, one per line
#   --dry-run  only say what would be installed
#
# Packages that are there already are left alone: when nothing is missing, it needs neither root nor
# a network. It says what it will install before it does, asks nothing, and uses sudo only when it
# is not root.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

usage() { sed -n '2,10{s/^# \{0,1\}//;p}' "${BASH_SOURCE[0]}"; }

mode=install
groups=()
for argument in "$@"; do
  case $argument in
    -h | --help) usage; exit 0 ;;
    --list) mode=list ;;
    --dry-run) mode=dry ;;
    run | build | test) groups+=("$argument") ;;
    *) echo "install_packages.sh: unknown argument '$argument'" >&2; usage >&2; exit 2 ;;
  esac
done
[ ${#groups[@]} -gt 0 ] || { usage >&2; exit 2; }

packages_of() {
  awk -v group="[$1]" '/^\[/ { here = ($1 == group); next } here && $1 !~ /^(#|$)/ { print $1 }' \
    "$here/packages.txt"
}
mapfile -t wanted < <(for group in "${groups[@]}"; do packages_of "$group"; done | sort -u)

if [ "$mode" = list ]; then
  printf '%s\n' "${wanted[@]}"
  exit 0
fi

if ! command -v apt-get > /dev/null; then
  echo "install_packages.sh: this is no Debian: install these by other means: ${wanted[*]}" >&2
  exit 1
fi
# shellcheck source=/dev/null
. /etc/os-release
[ "${ID:-}${VERSION_ID:-}" = debian12 ] ||
  echo "warning: TradSys is built and tested on Debian 12; this is ${PRETTY_NAME:-something else}"

installed() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2> /dev/null)" = installed ]; }
missing=()
for package in "${wanted[@]}"; do installed "$package" || missing+=("$package"); done
if [ ${#missing[@]} -eq 0 ]; then
  echo "packages: all ${#wanted[@]} are there"
  exit 0
fi

echo "packages: ${#missing[@]} of ${#wanted[@]} are missing."
echo "Installing these from Debian, with what they depend on:"
printf '%s\n' "${missing[@]}" | fmt -w 96 | sed 's/^/  /'
[ "$mode" = install ] || exit 0

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo > /dev/null || {
    echo "install_packages.sh: not root, and there is no sudo. As root, run:" >&2
    echo "  apt-get install --no-install-recommends ${missing[*]}" >&2
    exit 1
  }
  as_root=(sudo)
fi
log=$(mktemp "${TMPDIR:-/tmp}/tradsys-packages.XXXXXX")
trap 'rm -f "$log"' EXIT
apt() {
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=500 \
    -o Dpkg::Use-Pty=0 "$@" < /dev/null >> "$log" 2>&1
}
install() { apt install -y --no-install-recommends "${missing[@]}"; }

known() { apt-cache show "$1" > /dev/null 2>&1; }
fresh=true
for package in "${missing[@]}"; do known "$package" || fresh=false; done
# Lists that are a few weeks old name versions that are gone: one more try with new ones.
if { $fresh || apt update; } && install || { apt update && install; }; then
  echo "packages: installed"
  exit 0
fi
echo "install_packages.sh: apt-get failed; the end of what it said:" >&2
tail -n 25 "$log" >&2
exit 1
