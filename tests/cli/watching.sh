# SPDX-License-Identifier: GPL-2.0-or-later
# Sourced by the tests of aa-register watch, after tap.sh: a recording of a node, a watch in the background, and what it says.
# shellcheck shell=bash
make_node node
kernel=node/sys/kernel/security/apparmor
pid=0
helper=0
end_all() {
  local one
  for one in "$pid" "$helper"; do
    [ "$one" -eq 0 ] || kill -KILL "$one" 2> /dev/null
  done
  drop_scratch
}
trap end_all EXIT

# start PATH...: a watch, which writes to log; what it says from then on is waited for.
start() {
  : > log
  aa-register watch --root node --json --settle 50 "$@" > log 2> err &
  pid=$!
}

# soon COMMAND...: it succeeds within twenty seconds; a machine may be slow.
soon() {
  local i
  for ((i = 0; i < 400; i++)); do
    "$@" && return
    sleep 0.05
  done
  tail -n 5 log err | sed 's/^/# /'
  return 1
}

said() { grep -qE -- "$1" log; }
at_least() { [ "$(grep -cE -- "$2" log)" -ge "$1" ]; }
loaded() { grep -qxF "$1" "$kernel/profiles"; }
not_loaded() { ! loaded "$1"; }
unload() { rm -r "$kernel"/policy/profiles/"$1".*; }
in_force() { grep -qF -- "$2" "node/etc/apparmor.d/$1"; }

stop() {
  local code=0
  kill -TERM "$pid"
  wait "$pid" || code=$?
  pid=0
  [ "$code" -eq 0 ]
}

# generation NAME RULE: the volume "map" gets another generation, by the calls that a kubelet makes: a directory with a time
# in its name, a link to it, which is renamed.
generation() {
  local old
  old=$(readlink map/..data)
  mkdir "map/$1"
  put_profile "map/$1/k8s-web" k8s-web '' "$2"
  put_profile "map/$1/k8s-db" k8s-db '' "$2"
  ln -s "$1" map/..data_tmp
  mv -T map/..data_tmp map/..data
  for name in k8s-web k8s-db; do
    [ -L "map/$name" ] || ln -s "..data/$name" "map/$name"
  done
  [ -z "$old" ] || rm -r "map/$old"
}
