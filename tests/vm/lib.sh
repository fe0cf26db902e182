# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Sourced by the host side programs of tests/vm: messages, the cache, the mirror, the need for tools.

VM_DIR=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck disable=SC2034  # used by the programs that source this file
VM_CACHE=${AAKIT_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/aakit}/vm
VM_START=$SECONDS
PATH=$PATH:/usr/sbin:/sbin # depmod, mke2fs and modprobe, for users without them

say() { printf '[%s %3ds] %s\n' "${0##*/}" "$((SECONDS - VM_START))" "$*" >&2; }

die() {
  printf '%s: %s\n' "${0##*/}" "$*" >&2
  exit 1
}

usage() {
  printf 'usage: %s %s\n' "${0##*/}" "$1" >&2
  exit 2
}

# vm_need TOOL...: ends the program with the names of all missing tools and how to get them.
vm_need() {
  local tool missing=()
  for tool in "$@"; do
    command -v "$tool" > /dev/null || missing+=("$tool")
  done
  [ ${#missing[@]} -eq 0 ] && return 0
  die "missing: ${missing[*]} (install the packages listed in $VM_DIR/packages)"
}

vm_check_suite() {
  case $1 in
    bookworm | trixie) ;;
    *) die "unknown suite '$1' (bookworm or trixie)" ;;
  esac
}

# vm_mirror: prints the Debian mirror that this machine's apt uses, from one-line or deb822 sources.
vm_mirror() {
  local mirror
  mirror=$(find /etc/apt/sources.list /etc/apt/sources.list.d -type f \
    \( -name '*.list' -o -name '*.sources' \) -exec cat {} + 2> /dev/null |
    awk '/^(deb |URIs:)/ { for (i = 2; i <= NF; i++) if (!m && $i ~ /\/debian\/?$/) m = $i }
         END { print m }')
  [ -n "$mirror" ] || die "no Debian mirror in this machine's apt sources"
  printf '%s\n' "$mirror"
}
