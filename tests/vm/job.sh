# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Sourced after lib.sh: gathers what a job on a node needs: the helpers, the attack program, a staged tree.

job_end() {
  if [ -n "${JOB_VM:-}" ]; then
    kill -TERM "$JOB_VM" 2> /dev/null || true
    wait "$JOB_VM" || true
  fi
  rm -rf "$job"
}

# job_run SUITE SECONDS OUT [OPTION...]: runs the job on a node, with more options for `run`; returns its exit code, 125
# without a result.
job_run() {
  local code=0
  "$VM_DIR/run" --suite "$1" --timeout "$2" --out "$3" "${@:4}" "$job" main &
  JOB_VM=$!
  wait "$JOB_VM" || code=$?
  JOB_VM=
  return "$code"
}

# job_begin: makes $job, a directory with the guest's helpers, removed at the end.
job_begin() {
  vm_need gcc tar
  job=$(mktemp -d "${TMPDIR:-/tmp}/aakit-job.XXXXXX")
  trap job_end EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  cp "$VM_DIR"/guest/*.py "$VM_DIR"/*.py "$job/"
  gcc -O1 -Wall -static -o "$job/attack" "$VM_DIR"/guest/attack*.c
}

# job_add_stage DIR: DIR is what make install DESTDIR=DIR left; it is unpacked over / in the guest.
job_add_stage() {
  [ -d "$1/usr" ] || die "$1 is no staged tree (make install DESTDIR=$1)"
  tar -C "$1" --owner=0 --group=0 -cf "$job/stage.tar" .
}

job_add_profiles() {
  [ -d "$1" ] || die "no directory $1"
  cp -r "$1" "$job/profiles"
}

# job_script COMMANDS: writes the job's main program.
job_script() {
  job_program main "$1"
}

# job_program NAME COMMANDS: writes a program of the job that begins with the stage's files in their places.
job_program() {
  cat > "$job/$1" << SCRIPT
#!/bin/bash
set -euo pipefail
if [ -f /job/stage.tar ]; then
  # Debian's /lib, /bin and /sbin are links: they stay.
  tar -C / --keep-directory-symlink --no-overwrite-dir -xf /job/stage.tar
  ldconfig
fi
$2
SCRIPT
  chmod +x "$job/$1"
}
