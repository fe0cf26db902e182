# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Sourced by the nightly job.

say() { printf '%s %s[%d] %s\n' "$(date -u +%FT%TZ)" "${0##*/}" $$ "$*" >> "$LOG"; }

# Keeps the last three logs, compressed.
rotate() {
  [ "$(stat -c %s "$LOG")" -gt 4000 ] || return 0
  local n
  for n in 2 1; do
    [ ! -f "$LOG.$n.gz" ] || mv "$LOG.$n.gz" "$LOG.$((n + 1)).gz"
  done
  mv "$LOG" "$LOG.1"
  gzip -f "$LOG.1"
}
