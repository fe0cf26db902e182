# SPDX-License-Identifier: GPL-2.0-or-later
# Sourced by tests of playbooks, after tap.sh: the collection, two recordings of nodes with different kernels, old and new, and a systemd that
# runs at once what is to be a unit: there aa-learn reads what was recorded.
# shellcheck shell=bash disable=SC2154  # scratch is set there
have_parser || skip_all 'apparmor_parser is not installed'
command -v ansible-playbook >/dev/null || skip_all 'ansible-core is not installed'

mkdir -p library/ansible_collections/aakit home bin
cp -r "$AAKIT_SRCDIR/ansible" library/ansible_collections/aakit/aakit
cat >ansible.cfg <<'CFG'
[defaults]
inventory = hosts
collections_path = library
nocows = true
[diff]
context = 1
CFG
export LC_ALL=C.UTF-8 HOME=$scratch/home ANSIBLE_CONFIG=$scratch/ansible.cfg ANSIBLE_NOCOLOR=1 PYTHONDONTWRITEBYTECODE=1
export ANSIBLE_LOCAL_TEMP=$scratch/home/tmp ANSIBLE_REMOTE_TEMP=$scratch/home/tmp ANSIBLE_LOCALHOST_WARNING=false
cat >hosts <<'HOSTS'
[nodes]
old ansible_connection=local ansible_python_interpreter=/usr/bin/python3
new ansible_connection=local ansible_python_interpreter=/usr/bin/python3
HOSTS
make_node old
make_node new
rm -rf new/sys/kernel/security/apparmor/features
unfold_features "$AAKIT_SRCDIR/profiles/features/debian-13-6.12" new/sys/kernel/security/apparmor/features
play() { ansible-playbook "$@" </dev/null; }
# recap HOST WORD...: its counts are these.
recap() {
  local host=$1 word line
  shift
  line=$(grep "^$host  *: ok=" out) || return 1
  for word in "$@"; do [[ $line == *" $word "* || $line == *" $word" ]] || return 1; done
}
cat >bin/systemd-run <<'RUN'
#!/bin/bash
while [[ $1 == --* ]]; do
  case $1 in --property=StandardError=append:*) exec 2>>"${1#*append:}" ;; esac
  shift
done
exec "$@"
RUN
cat >bin/systemctl <<'CTL'
#!/bin/bash
[ "$1" != show ] || echo ActiveState=inactive
[ "$1" != stop ] || exit 5
CTL
chmod +x bin/*
export PATH=$scratch/bin:$PATH
