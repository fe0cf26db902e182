# SPDX-License-Identifier: GPL-2.0-or-later
# aa-register on a recording of a node, with every one of its system calls going wrong in turn: nothing is half done.
# shellcheck shell=bash source=tests/cli/tap.sh
. "${AAKIT_SRCDIR:?}/tests/cli/tap.sh"
have_parser || skip_all 'apparmor_parser is not installed'
library=$AAKIT_BUILDDIR/tests/cli/fault.so
[ -e "$library" ] || skip_all "$library is not built"
! are_static || skip_all 'nothing can be preloaded into programs of one file'
LD_PRELOAD=$library aa-register --version >/dev/null 2>&1 ||
  skip_all 'this build cannot be preloaded into (its sanitizer has to come first)'

node=$scratch/node
make_node "$node"
mkdir -p "$node/proc/sys/kernel/random"
echo boot >"$node/proc/sys/kernel/random/boot_id"
# A task whose threads wear something: what cannot be looked at may wear anything.
mkdir -p "$node"/proc/9/attr/apparmor "$node"/proc/9/task/{9,10}/attr/apparmor
echo unconfined | tee "$node"/proc/9/attr/apparmor/current "$node"/proc/9/task/9/attr/apparmor/current >"$node/proc/9/task/10/attr/apparmor/current"
mkdir old new "$node/etc"
register() { aa-register -q --root "$node" "$@"; }
printf 'abi <abi/3.0>,\nprofile k8s-web {\n  /a r,\n  ^hat {\n    /b r,\n  }\n}\n' >old/web
sed 's,/a,/c,; s,hat,cap,' old/web >new/web
put_profile old/db k8s-db '' /db
cp old/db new/db
put_profile old/gone k8s-gone '' /gone
for name in old/web new/web new/new; do
  printf '{"defaultAction":"SCMP_ACT_ERRNO","syscalls":[{"names":["read"],"action":"SCMP_ACT_ALLOW","args":[]}]}\n' > "$name.seccomp.json"
done
sed -i s/ERRNO/KILL/ new/web.seccomp.json
put_profile new/new k8s-new '' /new
{ aa-compile -q old -o old.bundle --root "$node" && aa-compile -q new -o new.bundle --root "$node" && register old.bundle; } >out ||
  echo 'Bail out! the node cannot be prepared'

# walks HOW STEP COMMAND...: the command with each of its calls going wrong, or each STEPth; AAKIT_FAULT_STEP=1: each.
walks() {
  local how=$1 step=${AAKIT_FAULT_STEP:-$2} code=0
  shift 2
  python3 "$AAKIT_SRCDIR/tests/cli/faults.py" "$library" "$how" "$step" "$node" "$scratch/walk" "$@" >"$scratch/out" 2>&1 || code=$?
  grep '^#' "$scratch/out"
  return "$code"
}

apply=(aa-register -q --root "$node" --prune new.bundle)
remove=(aa-register -q --root "$node" rm k8s-web k8s-gone)
ok 'apply: changes fail' walks eio 5 "${apply[@]}"
ok 'apply: looks fail' walks blind 61 "${apply[@]}"
ok 'apply: the disk is full from a call on' walks full 17 "${apply[@]}"
ok 'apply: reads and writes are interrupted' walks eintr 53 "${apply[@]}"
ok 'apply: reads and writes are short' walks short 53 "${apply[@]}"
ok 'apply: killed before changes' walks kill 5 "${apply[@]}"
ok 'rm: changes fail' walks eio 11 "${remove[@]}"
ok 'rm: looks fail' walks blind 61 "${remove[@]}"
ok 'rm: the disk is full from a call on' walks full 17 "${remove[@]}"
ok 'rm: killed before changes' walks kill 11 "${remove[@]}"
finish
