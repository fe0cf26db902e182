# SPDX-License-Identifier: GPL-2.0-or-later
# aa-register status on a copy of the recorded node: what is registered, what the kernel holds, which pods wear it, which
# want what is not there, and names that would be more than names.
# shellcheck source=tests/cli/refusals.sh
. "${AAKIT_SRCDIR:?}/tests/cli/refusals.sh"

refuses 2 'Unknown option --al' 'a misspelt option' aa-register status --al
have_parser || {
  skip 'status' 'apparmor_parser is not installed'
  finish
  exit 0
}
node=$scratch/node
copy_node "$node"
mkdir -p "$node/etc" "$node/var/lib"
kernel=$node/sys/kernel/security/apparmor/policy/profiles
bundles=$node/run/containerd/io.containerd.runtime.v2.task/k8s.io
rm -rf "${kernel:?}"/* "${bundles:?}"/*
web=$(printf 'a%.0s' {1..64}) db=$(printf 'b%.0s' {1..64})

# container ID POD NAME PROFILE: a bundle as containerd writes it.
container() {
  mkdir -p "$bundles/$1"
  cat > "$bundles/$1/config.json" << JSON
{"process": {"apparmorProfile": "$4"}, "annotations": {"io.kubernetes.cri.container-type": "container",
 "io.kubernetes.cri.container-name": "$3", "io.kubernetes.cri.sandbox-name": "$2", "io.kubernetes.cri.sandbox-namespace": "shop"}}
JSON
}
# task PID LABEL COMM GROUP: a process as /proc shows it.
task() {
  mkdir -p "$node/proc/$1/attr/apparmor"
  printf '%s\n' "$2" > "$node/proc/$1/attr/apparmor/current"
  printf '%s\n' "$3" > "$node/proc/$1/comm"
  printf '0::%s\n' "$4" > "$node/proc/$1/cgroup"
}
# loaded NAME MODE: a profile that somebody else loaded.
loaded() {
  mkdir -p "$kernel/other.$((count_loaded += 1))"
  printf '%s\n' "$1" > "$kernel/other.$count_loaded/name"
  printf '%s\n' "$2" > "$kernel/other.$count_loaded/mode"
}
count_loaded=500
status() { run aa-register status --root "$node" "$@"; }
# holds EXPRESSION NAME: a Python expression about the document d, and its profiles by name p.
holds() {
  python3 -c 'import json, sys
d = json.load(open(sys.argv[1])); p = {x["name"]: x for x in d["profiles"]}
sys.exit(not eval(sys.argv[2]))' "$scratch/out" "$1"
  result $? "$2"
}

mkdir texts
printf 'profile k8s-web { /a r, }\n' > texts/k8s-web
printf 'profile k8s-db { /a r, }\n' > texts/k8s-db
run aa-register texts --root "$node" -q
exits 0 'two profiles are registered'
container "$web" web-0 web k8s-web
printf 70 > "$bundles/$web/init.pid"
task 70 'k8s-web (enforce)' nginx "/kubepods/pod1/$web"
task 71 'k8s-web//hat (enforce)' nginx "/kubepods.slice/kubepods-pod1.slice/cri-containerd-$web.scope"
task 72 'k8s-web (enforce)' bash /user.slice
task 73 unconfined sleep "/kubepods/pod1/$web"
status
exits 0 'all is as it should be'
prints '^loaded +k8s-web +enforce +sha[0-9]+:[0-9a-f]{16} +20[0-9-]{8}T[0-9:]{8}Z +3 tasks$' 'a line a profile'
prints '^    pod shop/web-0, container web: 70 \(nginx\), 71 \(nginx\)$' 'a line a pod'
prints '^    no pod: 72 \(bash\)$' 'and one for what is of none'
status --html page.html
exits 0 'a page'
python3 "$AAKIT_SRCDIR/tests/cli/page.py" page.html --check
result $? 'with one style and one script of ours, and a policy for just these'
python3 "$AAKIT_SRCDIR/tests/cli/page.py" page.html > "$scratch/out"
prints '^k8s-web [|] loaded [|] enforce [|] 20[0-9-]{8}T[0-9:]{8}Z [|] pod shop/web-0, container web: 2 tasksof no pod: 1 task' 'it has the profile, and who wears it'
status --html -
exits 0 'a page on standard output' && cmp -s page.html "$scratch/out"
result $? 'has nothing else with it'
refuses 2 'both be on standard output' 'a page and JSON in one place' aa-register status --root "$node" --html - --json
status --json k8s-web
holds 'list(p) == ["k8s-web"] and [t["pid"] for t in p["k8s-web"]["worn-by"]] == [70, 71, 72]' 'one profile by its name'
holds '[t.get("pod") for t in p["k8s-web"]["worn-by"]] == ["web-0", "web-0", None]' 'with the pods of its tasks'

loaded cri-containerd.apparmor.d enforce
status
exits 0 'a profile of others is no difference'
prints '1 other profiles in the kernel' 'it is counted'
! grep -q cri-containerd "$scratch/out"
result $? 'and not listed'
status --all
prints '^foreign +cri-containerd.apparmor.d' 'unless it is asked for'

container "$db" db-0 db k8s-missing
status
exits 3 'a container that wants a profile that is not there is a difference'
prints '^wanted +k8s-missing +- +- +- +0 tasks' 'the profile is listed'
prints '^    pod shop/db-0, container db wants it' 'with the pod'
status --json
fits 'as JSON of the schema that ships'
status k8s-web
exits 0 'a profile that is all right, by its name'
status k8s-nothere
exits 3 'one that nobody knows'
prints '^absent +k8s-nothere' 'is absent'
container "$db" db-0 db k8s-db
printf 80 > "$bundles/$db/init.pid"
task 80 unconfined postgres "/kubepods/pod2/$db"
status
exits 3 'a container that runs without its profile, which was unloaded meanwhile, is one too'
prints 'pod shop/db-0, container db wants it, and runs without it' 'and is named'
printf 'runc:[2:INIT]\n' > "$node/proc/80/comm"
status
exits 0 'while a runtime starts it, it is none'
task 80 'k8s-db//&crun (enforce)' postgres "/kubepods/pod2/$db"
status
exits 0 'a stack with its profile is enough'

# --- hostile names
container "$db" 'x\u001b[2J\ny' 'c\"\u0000d' 'a\u001b[31m\n\"name'
loaded "$(printf 'odd\033[2Jname')" complain
task 90 "$(printf 'odd\033[2Jname (complain)')" "$(printf 'a\033]0;x')" "/kubepods/pod2/$db/cri-containerd-$web.scope"
status --all
exits 3 'names that would steer a terminal'
prints 'odd\\x1b\[2Jname' 'are escaped'
[ "$(tr -d '\n -~' < "$scratch/out" | wc -c)" = 0 ]
result $? 'nothing but printable text comes out'
status --all --html page.html
python3 "$AAKIT_SRCDIR/tests/cli/page.py" page.html --check
result $? 'a page of such names is sound'
grep -qF 'odd\x1b[2Jname' page.html && ! LC_ALL=C grep -qP '[\x00-\x08\x0b-\x1f]' page.html
result $? 'and has them as text'
refuses 1 'nodir' 'a page in a directory that is not there' aa-register status --root "$node" --html nodir/page.html
status --all --json
is_json aakit/status/1 'and they are JSON'
fits 'of the schema that ships'
printf '{"annotations": []' > "$bundles/$db/config.json"
status
says 'config.json.*this container is left out' 'a damaged bundle is told'

# --- files for others
rm -r "${bundles:?}/$db"
refuses 2 'nfd-ttl takes seconds' 'labels that hold for no time' aa-register status --root "$node" --nfd-ttl 9
refuses 1 'nodir' 'a file in a directory that is not there' aa-register status --root "$node" --metrics nodir/x.prom
mkdir out
status --metrics out/aakit.prom --nfd out/aakit
exits 0 'metrics and labels'
[ "$(ls -A out)" = "$(printf 'aakit\naakit.prom')" ] && [ "$(stat -c %a out/aakit out/aakit.prom | sort -u)" = 644 ]
result $? 'two files that everybody can read, and nothing else'
grep -qx 'aakit_profile_tasks{profile="k8s-web"} 3' out/aakit.prom && grep -qx 'aakit_profiles{state="loaded"} 2' out/aakit.prom
result $? 'the metrics have counts'
grep -qxE '# .expiry-time=20[0-9-]{8}T[0-9:]{8}Z' out/aakit \
  && grep -qx 'feature.node.kubernetes.io/apparmor-profile.k8s-web=enforce' out/aakit
result $? 'the labels have the profile'
if command -v promtool > /dev/null; then
  promtool check metrics < out/aakit.prom > "$scratch/out" 2>&1
  result $? 'promtool has nothing to say' || diag < "$scratch/out"
else
  skip 'promtool has nothing to say' 'promtool is not installed (package prometheus)'
fi
before=$(cat out/aakit.prom)
ln -sf "$scratch/elsewhere" out/aakit.prom
status --metrics out/aakit.prom
[ ! -e "$scratch/elsewhere" ] && [ ! -L out/aakit.prom ] && [ "$(wc -l <<< "$before")" = "$(wc -l < out/aakit.prom)" ]
result $? 'a link is replaced, not followed'
finish
