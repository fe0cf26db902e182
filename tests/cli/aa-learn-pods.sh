# SPDX-License-Identifier: GPL-2.0-or-later
# From a pod's name to its label: pods that are not there, unconfined, or under somebody else's profile; damaged bundles.
# shellcheck source=tests/cli/refusals.sh
. "${AAKIT_SRCDIR:?}/tests/cli/refusals.sh"

tasks=run/containerd/io.containerd.runtime.v2.task/k8s.io
copy_node "$scratch/node"
web=$(grep -l '"io.kubernetes.cri.container-name":"web"\|"io.kubernetes.cri.container-name": "web"' \
  "$scratch"/node/$tasks/*/config.json | head -n 1)
[ -n "$web" ]
result $? 'the recorded node has the container web'

# Writes the bundle of web anew: edit PYTHON-STATEMENT, the document being d.
edit() {
  cp "$NODE/${web#"$scratch/node/"}" "$web"
  python3 - "$web" "$1" << 'PYTHON'
import json, sys
d = json.load(open(sys.argv[1]))
exec(sys.argv[2])
json.dump(d, open(sys.argv[1], "w"))
PYTHON
}
pod=(aa-learn --pod web --root "$scratch/node" -o "$scratch/work")

refuses 1 'nothing was learned: no event of k8s-nope' 'a pod that is not there' aa-learn --pod nope --root "$scratch/node" -o "$scratch/work"
refuses 1 'log: No such file' 'a node without a log' aa-learn --pod web --root "$scratch/work" -o "$scratch/work"

# Pods that wear no label of their own; the log knows none of theirs.
: > "$scratch/node/var/log/audit/audit.log"
edit 'd["process"].pop("apparmorProfile")'
refuses 1 'web.*is unconfined.*localhost/k8s-web' 'an unconfined pod: what to put into it' "${pod[@]}" -q
edit 'd["process"]["apparmorProfile"] = "unconfined"'
refuses 1 'web.*is unconfined' 'a pod that says unconfined' "${pod[@]}" -q
edit 'd["process"]["apparmorProfile"] = "cri-containerd.apparmor.d"'
refuses 1 'web.*wears cri-containerd.apparmor.d, which all pods.*share' 'a pod under the shared default profile' "${pod[@]}" -q
cat "$LOG" > "$scratch/node/var/log/audit/audit.log"
refuses 1 'is there, but no container of it can be learned from' 'nor from what other pods did under its default label' \
  "${pod[@]}" -q
edit 'pass'
refuses 1 'is there, but no container of it' 'another namespace' "${pod[@]}" -n other
says 'default/web.* is not selected' 'and what there is instead is named'
refuses 1 'is there, but no container of it' 'another container' "${pod[@]}" -c nope
edit 'd["process"]["apparmorProfile"] = "k8s-own"'
refuses 1 'nothing was learned' 'a pod under a label without events' "${pod[@]}" --profile k8s-own -c web -n default \
  --source "audit-log=$AAKIT_SRCDIR/tests/cases/odd/node/var/log/audit/audit.log"
says 'wears k8s-own: learning from it' 'and its label is named'
edit 'd["process"]["apparmorProfile"] = "../../etc/x"'
run "${pod[@]}" -q
says "web: '../../etc/x' cannot be the name of a profile" 'a label that leads out of the directory'
rm -rf "${scratch:?}"/work/*

edit 'd["mounts"].append({"destination": "/host/", "type": "bind", "source": "/var/run"})'
run "${pod[@]}" -q
says "web.*has the container runtime's socket \(/host/containerd/containerd.sock\)" 'a pod that can be root on the node, whatever its profile says'

edit 'd["annotations"]["io.kubernetes.cri.sandbox-name"] = "web\x1b[31m-x2x9k"'
run "${pod[@]}"
! grep -q $'\x1b' "$scratch/err" "$scratch/out"
result $? 'terminal escapes in a pod name are not passed on'
edit 'd["process"] = "a text"; d["linux"] = 7'
run "${pod[@]}" -q
[ "$rc" -lt 6 ]
result $? 'a bundle with parts of the wrong type'
for damage in '' '{' '[]' '"text"' 'null' '{"annotations": []}'; do
  printf '%s' "$damage" > "$web"
  run "${pod[@]}" -q
  [ "$rc" -lt 6 ]
  result $? "a bundle that is '$damage' ends nothing"
done
printf '{' > "$web"
run "${pod[@]}" -q
says 'config.json.*this container is left out' 'a damaged bundle is named'
head -c 5000000 /dev/zero | tr '\0' ' ' > "$web"
run "${pod[@]}" -q
says 'config.json.*larger than.*left out' 'a huge bundle is left out'

rm -rf "${scratch:?}"/work/*
cp "$NODE/${web#"$scratch/node/"}" "$web"
run "${pod[@]}" --json
exits 0 'the undamaged node is learned'
is_json aakit/record/1 'record --json'
# A stranger under the same label, whose bundle comes before and after that of the pod in their order.
stranger=$scratch/node/$tasks/stranger
for name in aaa zzz; do
  mkdir -p "$stranger"
  sed -E "s/(sandbox-name\": *\")[^\"]*/\1$name/" "$web" > "$stranger/config.json"
  run "${pod[@]}"
  exits 0 "with a stranger $name under its label"
  says "pod default/$name, container web wears k8s-web too: what it does is learned with the rest" 'it is named'
done
# The container of a pod that was replaced, and another one under a label of its own.
sed 's/k8s-web/k8s-web2/' "$web" > "$stranger/config.json"
run "${pod[@]}"
exits 0 'two containers of one pod under two labels'
says 'wears k8s-web: learning from it' 'the one'
says 'wears k8s-web2: learning from it' 'and the other'
test -s "$scratch/work/k8s-web" && test ! -e "$scratch/work/k8s-web2"
result $? 'each label has what was seen of it, and nothing else'
rm -rf "$stranger"

run aa-learn --pod "$(python3 -c 'import json,sys; print(json.load(open(sys.argv[1]))["annotations"]["io.kubernetes.cri.sandbox-name"])' "$web")" \
  --profile k8s-web --root "$scratch/node" -o whole
exits 0 'the pod by its whole name'
finish
