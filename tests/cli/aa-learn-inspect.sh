# SPDX-License-Identifier: GPL-2.0-or-later
# aa-learn inspect on the recorded node of tests/vm/inspect: the table, the document, verdicts and exit codes; tasks that differ,
# vanish or are damaged, and names that would be more than names.
# shellcheck source=tests/cli/refusals.sh
. "${AAKIT_SRCDIR:?}/tests/cli/refusals.sh"

refuses 2 'inspect what\? one of' 'no word about what to look at' aa-learn inspect
refuses 2 'inspect what\? one of' 'two at once' aa-learn inspect --all --pid 1
refuses 2 '--pid -3: no process' 'no number of a process' aa-learn inspect --pid -3
refuses 2 '--pid stands by itself' 'a process and a container' aa-learn inspect --pid 1 -c web
refuses 2 '--level high: baseline or restricted' 'no such level' aa-learn inspect --all --level high
refuses 2 'not a name that there can be' 'no name of a pod' aa-learn inspect --pod $'a\033b'

node=$scratch/node
cp -r "$AAKIT_SRCDIR/tests/nodes/guards" "$node"
chmod -R u+w,a+rX "$node"
bundles=$node/run/containerd/io.containerd.runtime.v2.task/k8s.io
inspect() { run aa-learn inspect --root "$node" "$@"; }
refuses 1 "no such container of a pod 'nobody'" 'a pod that is not there' aa-learn inspect --root "$node" --pod default --pod nobody
refuses 1 'No such file' 'a process that is not there' aa-learn inspect --root "$node" --pid 4711

# holds EXPRESSION NAME: a Python expression about the document d, and its containers by name c.
holds() {
  python3 -c 'import json, sys
d = json.load(open(sys.argv[1])); c = {x["container"]: x for x in d["containers"]}
def failing(name, level): return [f["control"] for f in c[name]["findings"] if f["verdict"] == "fails" and f["level"] == level]
sys.exit(not eval(sys.argv[2]))' "$scratch/out" "$1"
  result $? "$2"
}
# edit CONTAINER STATEMENT: changes the bundle b of a container.
edit() {
  python3 -c 'import json, pathlib, sys
for path in pathlib.Path(sys.argv[1]).glob("*/config.json"):
    b = json.loads(path.read_text())
    if b["annotations"].get("io.kubernetes.cri.container-name", "sandbox of " + b["annotations"]["io.kubernetes.cri.sandbox-name"]) == sys.argv[2]:
        exec(sys.argv[3]); path.write_text(json.dumps(b))' "$bundles" "$1" "$2"
}

# The whole table and document, as they were read and found right.
inspect --all
exits 0 'all containers'
diff "$AAKIT_SRCDIR/tests/cli/aa-learn-inspect.txt" "$scratch/out" > "$scratch/diff"
result $? 'side by side, as they shall be' || diag < "$scratch/diff"
awk 'length > 120 && !/^(  |Pod )/ { exit 1 }' "$scratch/out"
result $? 'no row is longer than is said'
inspect --all --json
exits 0 'as a document'
fits 'it fits its schema, and no damage to it does'
holds 'list(c) == ["privileged", "default", "hardened"] and d["problems"] == []' 'three containers, by namespace and pod'
holds 'c["default"]["tasks"][0]["effective"]["hex"] == "00000000a80425fb" and c["default"]["apparmor_origin"] == "default"' 'the default pod'
holds 'failing("hardened", "restricted") == [] and failing("hardened", "baseline") == ["host-namespaces"]' 'the hardened pod'
holds 'c["privileged"]["privileged"] == "yes" and c["privileged"]["host_paths"][0]["writable"]' 'the privileged pod'

# What a level comes to.
edit 'sandbox of hardened-0' 'b["linux"]["namespaces"] += [{"type": "network"}]'
edit hardened 'b["linux"]["namespaces"] = [{"type": t} for t in ("pid", "ipc", "uts", "mount", "cgroup")] + [{"type": "network", "path": "/proc/1/ns/net"}]'
ln -sfn 'net:[4026539999]' "$(dirname "$(grep -l '^Name:.*sleep' "$node"/proc/*/status | xargs grep -l '^CapBnd:.*0000000000000000$')")/ns/net"
inspect --pod hardened --level restricted
exits 0 'a pod that keeps all that can be seen of restricted'
prints '^restricted +holds$' 'which is said'
inspect --pod default --level baseline --json
exits 3 'one that does not keep baseline'
fits 'a document without the level above'
holds 'c["default"]["restricted"] is None and {f["level"] for f in c["default"]["findings"]} == {"baseline"}' 'which is not judged'
inspect --pod default -n kube-system
exits 1 'a namespace that the pod is not in'
inspect --pod default -c default --pod hardened -n shop
exits 1 'a container that one of them has not'
inspect --all -c default --json
holds 'list(c) == ["default"]' 'one container of all pods'

# Where the container does not run, its bundle tells.
mv "$node/proc" "$node/gone"
mkdir "$node/proc"
inspect --all --json
fits 'a node without processes'
holds 'not any(x["running"] for x in d["containers"]) and failing("default", "restricted") == ["privilege-escalation", "run-as-non-root", "seccomp", "capabilities"]' \
  'is judged by what is asked for'
rmdir "$node/proc"
mv "$node/gone" "$node/proc"

# Tasks: another one in the default pod, that differs; threads; hostile names; one that ends, one that is damaged.
first=$(grep -l 'a80425fb' "$node"/proc/*/status | head -n 1)
first=${first%/status}
# task PID SED-PROGRAM: a copy of the default pod's task.
task() {
  cp -r "$first" "$node/proc/$1"
  sed -i "$2" "$node/proc/$1/status"
}
task 7001 's/^CapEff:.*/CapEff:\t0000004000200001/; s/^NoNewPrivs:.*/NoNewPrivs:\t1/'
printf 'x\033[31m\ny\n' > "$node/proc/7001/comm"
inspect --pod default
exits 0 'a task that differs'
prints '^ +7001 \(x\\x1b\[31m\\x0ay\)$' 'is named, escaped'
prints 'effective: 0000004000200001 \(3\) chown sys_admin perfmon' 'with what differs'
mkdir -p "$node/proc/7001/task"
cp -r "$node/proc/7001" "$scratch/thread"
rm -r "$scratch/thread/task"
mv "$scratch/thread" "$node/proc/7001/task/7002"
sed -i 's/^CapEff:.*/CapEff:\t8000000000000000/' "$node/proc/7001/task/7002/status"
inspect --pod default --json
holds 'c["default"]["tasks"][-1]["pids"] == [7002] and c["default"]["tasks"][-1]["effective"]["names"] == ["63"]' 'a thread, and a capability without a name'
holds '"capabilities" in failing("default", "baseline")' 'one task is enough to fail'
for odd in 's/^CapEff:.*/CapEff:\tzz/' '/^Seccomp:/d' 's|^Cap|Cup|'; do
  task 7003 "$odd"
  inspect --pod default --json
  exits 3 "a damaged status ($odd) is a finding"
  holds 'any("7003" in p for p in d["problems"])' 'and said'
  rm -r "$node/proc/7003"
done
task 7003 ''
rm "$node/proc/7003/status"
inspect --pod default
exits 0 'a task that has ended is none'
rm -r "$node/proc/7003"
task 7003 's/^State:.*/State:\tZ (zombie)/; s/^Cap\(...\):.*/Cap\1:\tffffffffffffffff/'
inspect --pod default --json
exits 0 'one that its parent has not taken notice of'
holds '7003 not in [p for t in c["default"]["tasks"] for p in t["pids"]] and "sys_module" not in c["default"]["beyond_default"]["names"]' 'is none either'
refuses 1 'process 7003 has ended' 'also by its number' aa-learn inspect --root "$node" --pid 7003
rm -r "$node/proc/7003"

# What cannot be listed or attributed is said: it might be anything.
task 7003 ''
echo > "$node/proc/7003/task"
inspect --pod default --json
exits 3 'threads that cannot be listed are a finding'
fits 'whose document fits as well'
holds 'any("7003/task" in p for p in d["problems"])' 'and said'
rm -r "$node/proc/7003"
task 7003 ''
mv "$node/proc/7003/cgroup" "$node/proc/7003/cgroup.is"
mkdir "$node/proc/7003/cgroup"
inspect --pod default --json
exits 3 'so is a process whose container cannot be told'
holds 'any("7003/cgroup" in p for p in d["problems"])' 'which is said'
rm -r "$node/proc/7003"

# Threads are numbered as they come, and those of one process higher than the next process.
for pid in 7004 7006; do
  task $pid 's/^NoNewPrivs:.*/NoNewPrivs:\t1/'
  mkdir "$node/proc/$pid/task"
done
for thread in 7010 7009 7011; do
  cp -r "$node/proc/7006" "$scratch/thread"
  rm -r "$scratch/thread/task"
  mv "$scratch/thread" "$node/proc/7004/task/$thread"
done
sed -i 's/^CapEff:.*/CapEff:\t0000000000000001/' "$node/proc/7004/task/7010/status"
inspect --pod default --json
holds '[t["pids"] for t in c["default"]["tasks"][-2:]] == [[7004, 7006, 7009, 7011], [7010]]' 'tasks are in order, whatever the order of the directory'
rm -r "$node/proc/7004" "$node/proc/7006"
for many in {8001..8040}; do task "$many" "s/^Uid:.*/Uid:\t$many\t$many\t$many\t$many/"; done
inspect --pod default
prints 'and [0-9]+ more kinds of tasks' 'many kinds of tasks are counted, not listed'
rm -r "$node"/proc/80[0-4]? "$node/proc/7001"

# A profile may guard nothing.
cp "$first/attr/apparmor/current" label
echo 'k8s-lax (unconfined)' > "$first/attr/apparmor/current"
inspect --pod default --json
holds 'c["default"]["apparmor"] == "off" and not c["default"]["apparmor_lost"] and "apparmor" in failing("default", "baseline")' \
  'a profile in unconfined mode confines nothing, and was not lost'
echo 'k8s-lax (complain)' > "$first/attr/apparmor/current"
inspect --pod default
prints '^  apparmor +holds: in complain mode' 'one in complain mode is said to be so'
cp label "$first/attr/apparmor/current"

# A label that is gone, although the bundle names it; one that cannot be read.
echo unconfined > "$first/attr/apparmor/current"
inspect --pod default --json
exits 3 'a profile that was unloaded is a finding'
holds 'c["default"]["apparmor_lost"] and "apparmor" in failing("default", "baseline")' 'of the document too'
rm -r "$first/attr"
inspect --pod default --json
holds 'c["default"]["apparmor"] == "unknown"' 'no label is no verdict'

# Bundles that lie, or are none.
edit default 'b["annotations"]["io.kubernetes.cri.sandbox-name"] = "default-0\u001b[2J\n"'
edit default 'b["mounts"].append({"destination": "/h\n", "source": "/\u001b", "type": "bind"})'
edit default 'b["linux"]["seccomp"] = {"defaultAction": "SCMP\n", "syscalls": [{"names": ["a", 1]}, 3]}'
inspect --all
LC_ALL=C grep -qP '[\x00-\x09\x0b-\x1f\x7f]' "$scratch/out" "$scratch/err"
[ $? -eq 1 ]
result $? 'no control character comes through'
edit default 'b["annotations"]["io.kubernetes.cri.sandbox-id"] = "../../../../../../etc"'
inspect --all --json
holds '[f["verdict"] for f in c["default"]["findings"] if f["control"] == "sysctls"] == ["unknown"]' 'no sandbox is looked for elsewhere'
fits 'and still it fits'
for bundle in "$bundles"/*/config.json; do printf '{' > "$bundle"; done
inspect --all --json
exits 3 'bundles that are no JSON'
holds 'c == {} and len(d["problems"]) == 6' 'are said'
rm -r "${bundles:?}"
inspect --all
exits 0 'a node without containers'
inspect --pid "${first##*/}" --json
fits 'a process of no pod'
holds 'c[None]["findings"] == [] and c[None]["baseline"] is None' 'is not judged'
run aa-learn inspect --pid $$ --json
fits 'one of this machine'
finish
