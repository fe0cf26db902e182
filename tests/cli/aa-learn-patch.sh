# SPDX-License-Identifier: GPL-2.0-or-later
# What a pod needs of its security context: beside the profile, printed from states, and as JSON.
# shellcheck source=tests/cli/refusals.sh
. "${AAKIT_SRCDIR:?}/tests/cli/refusals.sh"
cp -r "$AAKIT_SRCDIR/tests/nodes/web" node
chmod -R u+w node
bundle=$(dirname "$(grep -l '"apparmorProfile": *"k8s-web"' node/run/containerd/io.containerd.runtime.v2.task/k8s.io/*/config.json)")

# says LINE NAME: the file named last by look has the line.
look() { seen=$1; }
says() {
  grep -qxF -- "$1" "$seen"
  result $? "$2" || diag < "$seen"
}
says_not() {
  ! grep -qE -- "$1" "$seen"
  result $? "$2" || diag < "$seen"
}

# --- what record writes -----------------------------------------------------------------------------------------------
run aa-learn --pod web --root node -o out
exits 0 'record'
grep -qF '  patch    out/k8s-web.pod.yaml' "$scratch/out" && grep -qF '  needs    container web: 3 of 14 capabilities (chown setgid setuid)' "$scratch/out"
result $? 'the summary names the patch, and what is needed' || diag < "$scratch/out"
look out/k8s-web.pod.yaml
says '          drop: ["ALL"]' 'all capabilities are dropped'
says '          - CHOWN  # 1 event, 1 run' 'those that were used are added, with their evidence'
says '          localhostProfile: "k8s-web"' 'the profile is named'
says '        # runAsNonRoot: true  # it was started as root (uid 0)' 'what the evidence speaks against is a comment'
says '        #   /var/lib/nginx/' 'what would need a volume is listed'
grep -qE '^        # allowPrivilegeEscalation: false  # uncertain: ' "$seen"
result $? 'without the image it is not known what programs gain' || diag < "$seen"
if python3 -c 'import yaml' 2> /dev/null; then
  python3 -c 'import sys, yaml
context = yaml.safe_load(open(sys.argv[1]))["spec"]["containers"][0]["securityContext"]
assert context == {"appArmorProfile": {"type": "Localhost", "localhostProfile": "k8s-web"}, "seccompProfile": {"type": "RuntimeDefault"},
  "capabilities": {"drop": ["ALL"], "add": ["CHOWN", "SETGID", "SETUID"]}}, context' "$seen" 2> "$scratch/err"
  result $? 'another reader of YAML reads it so' || diag < "$scratch/err"
fi
run aa-learn patch out/k8s-web.learned.yaml
cmp -s "$scratch/out" out/k8s-web.pod.yaml
result $? 'patch prints what record wrote'
sed '/^syscall:/,$!d' "$AAKIT_SRCDIR/tests/cases/seccomp/expected/files/k8s-s.learned.yaml" \
  | cat out/k8s-web.learned.yaml - > with-calls.yaml
run aa-learn patch with-calls.yaml
exits 0 'a state with system calls'
look "$scratch/out"
says '        seccompProfile:  # learned, too' 'the seccomp profile that was learned takes the place of the default'
says '          localhostProfile: "aakit/k8s-web.json"' 'by the name that aa-register gives it'
says_not RuntimeDefault 'and the default is not asked for'
run aa-learn --pod web --root node -o out --kubernetes 1.29 -q
look out/k8s-web.pod.yaml
says '    "container.apparmor.security.beta.kubernetes.io/web": "localhost/k8s-web"  # learned; a field only from 1.30 on' \
  'before 1.30 it is an annotation'
says_not appArmorProfile 'and no field'
echo '# mine' >> out/k8s-web.pod.yaml
run aa-learn --pod web --root node -o out -q
grep -q 'edited since' "$scratch/err" && grep -qx '# mine' out/k8s-web.pod.yaml && [ -f out/k8s-web.pod.yaml.new ]
result $? 'one that was edited stays' || diag < "$scratch/err"
run aa-learn --pod web --root node -o only --state-only -q
[ ! -e only/k8s-web.pod.yaml ]
result $? '--state-only writes none'

# --- the image, and another start -------------------------------------------------------------------------------------
mkdir -p "$bundle/rootfs/bin"
echo x > "$bundle/rootfs/bin/busybox"
chmod 755 "$bundle/rootfs/bin/busybox"
run aa-learn --pod web --root node -o image -q
look image/k8s-web.pod.yaml
grep -q '^- {path: "/bin/busybox", gains: \[\]}$' image/k8s-web.learned.yaml
result $? 'the state keeps what programs gain' || grep -A3 '^programs' image/k8s-web.learned.yaml | diag
says '        allowPrivilegeEscalation: false  # 1 program executed, and none is setuid, setgid or has capabilities' \
  'where none gains anything, privileges need not escalate'
chmod 4755 "$bundle/rootfs/bin/busybox"
run aa-learn --pod web --root node -o image -q
says '        # allowPrivilegeEscalation: false  # /bin/busybox has setuid, and was executed' 'a setuid program needs them to'
run aa-learn patch out/k8s-web.learned.yaml image/k8s-web.learned.yaml
cmp -s "$scratch/out" image/k8s-web.pod.yaml
result $? 'states of one label count as one'
sed -i 's/"uid": *0,/"uid":101,/' "$bundle/config.json"
run aa-learn --pod web --root node -o user -q
look user/k8s-web.pod.yaml
says '        runAsNonRoot: true  # it was started as uid 101' 'another user than root is kept'
grep -q '^        runAsUser: 101  # ' "$seen"
result $? 'by its number' || diag < "$seen"
run aa-learn patch image/k8s-web.learned.yaml user/k8s-web.learned.yaml
look "$scratch/out"
says_not '^        runAsNonRoot' 'one start as root is enough'

python3 - "$bundle/config.json" << 'PYTHON'
import json
import sys

bundle = json.load(open(sys.argv[1]))
held = bundle["process"]["capabilities"]["bounding"]
held.remove("CAP_CHOWN")
held.append("CAP_SYS_ADMIN")
json.dump(bundle, open(sys.argv[1], "w"))
PYTHON
run aa-learn --pod web --root node -o other -q
look other/k8s-web.pod.yaml
grep -q '^        privileged: false  # it held sys_admin; ' "$seen" && ! grep -q '^        privileged' image/k8s-web.pod.yaml
result $? 'a container that may be privileged is told not to be' || diag < "$seen"
run aa-learn diff image/k8s-web.learned.yaml other/k8s-web.learned.yaml
exits 3 'states of one label whose containers hold different capabilities'
grep -A9 '^container$' "$scratch/out" | tr '\n' ' ' | grep -qxF 'container - web holds chown - web needs chown + web holds sys_admin '
result $? 'diff names what one of them holds and needs' || diag < "$scratch/out"
run aa-learn diff --json image/k8s-web.learned.yaml other/k8s-web.learned.yaml
fits 'the document fits its schema'
python3 -c 'import json, sys
found = json.load(open(sys.argv[1]))
assert found["containers_only_b"] == [{"container": "web", "what": "holds", "capability": "sys_admin"}], found' "$scratch/out" 2> "$scratch/err"
result $? 'and has them too' || diag < "$scratch/err"
run aa-learn diff image/k8s-web.learned.yaml image/k8s-web.learned.yaml
exits 0 'a state and itself'

# --- printing ---------------------------------------------------------------------------------------------------------
run aa-learn patch --json out/k8s-web.learned.yaml
exits 0 'patch --json'
python3 -c 'import json, sys
found = json.load(open(sys.argv[1]))
assert found["schema"] == "aakit/patch/1" and found["kubernetes"] == "1.30", found
one, = found["containers"]
assert one["container"] == "web" and one["label"] == "k8s-web" and len(one["held"]) == 14 and one["uid"] == 0, one
assert [use["capability"] for use in one["capabilities"] if use["add"]] == ["chown", "setgid", "setuid"], one
assert one["non_root"]["verdict"] == "breaks" and one["no_new_privs"]["verdict"] == "uncertain", one
assert [dir["directory"] for dir in one["written"]] == ["/run/", "/var/lib/nginx/", "/var/log/nginx/"], one
assert found["patch"].startswith("# A patch"), found' "$scratch/out" 2> "$scratch/err"
result $? 'the document has what the patch rests on' || diag < "$scratch/err"
fits 'it fits its schema, and no damage to it does'
run aa-learn patch -o file.yaml out/k8s-web.learned.yaml
exits 0 'patch -o'
aa-learn patch out/k8s-web.learned.yaml | cmp -s - file.yaml
result $? 'the file is what is printed otherwise'
run aa-learn show out/k8s-web.learned.yaml
grep -qx '    add        chown  # 1 event, 1 run' "$scratch/out"
result $? 'show tells of capabilities' || diag < "$scratch/out"

run aa-learn patch --init-container web out/k8s-web.learned.yaml
look "$scratch/out"
says '  initContainers:' 'an init container is patched where it is'
says_not '^  containers:' 'and nothing is patched among the others'
refuses 1 '--init-container other: no such container' 'one that is not there' \
  aa-learn patch --init-container other out/k8s-web.learned.yaml
sed '1,/^label:/s/k8s-web/k8s+web/' with-calls.yaml > plus.yaml
run aa-learn patch plus.yaml
look "$scratch/out"
says '        seccompProfile:  # learned, but no pod can name a seccomp profile that is called as the label is' \
  'a profile that cannot be named is said to be so'

# --- whom it is for ---------------------------------------------------------------------------------------------------
run aa-learn --profile k8s-web --input "$LOG" -o alone -q
[ ! -e alone/k8s-web.pod.yaml ]
result $? 'a label alone has no patch'
refuses 5 'which container wears k8s-web is not known' 'nor can one be printed' aa-learn patch alone/k8s-web.learned.yaml
run aa-learn patch -c web alone/k8s-web.learned.yaml
look "$scratch/out"
says '        capabilities:  # what it held is not known' 'a container that is named is taken'
refuses 1 "no container 'other' is in these states" 'one that never was' aa-learn patch -c other out/k8s-web.learned.yaml
refuses 5 "cannot be the name of a container" 'a name that is none' aa-learn patch -c 'a: b' alone/k8s-web.learned.yaml
refuses 2 'a version such as 1.29' 'a version that is none' aa-learn patch --kubernetes 1.18 out/k8s-web.learned.yaml
refuses 2 'at least one state' 'no state' aa-learn patch
refuses 2 'one of the two' '-o and --json' aa-learn patch --json -o x out/k8s-web.learned.yaml
finish
