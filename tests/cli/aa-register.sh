# SPDX-License-Identifier: GPL-2.0-or-later
# aa-register on a recording of a node: plan, load, proof, refusals, and what failures leave behind.
# shellcheck shell=bash source=tests/cli/tap.sh
. "${AAKIT_SRCDIR:?}/tests/cli/tap.sh"
have_parser || skip_all 'apparmor_parser is not installed'

make_node node
kernel=node/sys/kernel/security/apparmor
f612=$AAKIT_SRCDIR/profiles/features/debian-13-6.12
mkdir texts
put_profile texts/web k8s-web '' /web
put_profile texts/db k8s-db '' /db
aa-compile -q texts -o bundle --root node >/dev/null || echo 'Bail out! aa-compile failed'
register() { aa-register --root node "$@"; }
snapshot() { (cd node && find . -type f ! -name .replace ! -path './run/*' | sort | xargs sha256sum); }
unchanged() { [ "$(snapshot)" = "$before" ]; }

before=$(snapshot)
ok 'diff is a finding' gives 3 register diff bundle
ok 'diff tells what to do' out_has 'to do: 0 to replace, 2 to add, 0 refused, 0 unchanged'
ok 'a dry run is none' gives 0 register --dry-run bundle
ok 'neither changes anything' unchanged
ok 'apply' gives 0 register bundle
ok 'adds' out_has 'add      k8s-db  enforce  proved sha256:'
ok 'counts' out_has '0 replaced, 2 added, 0 unchanged'
ok 'says that this is a recording' err_has 'note: node holds a recording of a kernel, not a kernel: nothing was loaded here'
ok 'says it once' test "$(grep -c recording err)" = 1
ok 'keeps the text' cmp node/etc/apparmor.d/k8s-web texts/web
ok 'the kernel lists them' test "$(cat $kernel/profiles)" = "$(printf 'k8s-db (enforce)\nk8s-web (enforce)')"
before=$(snapshot)
ok 'a second run' gives 0 register bundle
ok 'changes nothing and says so' out_has 'nothing to change: 2 profiles are loaded as wanted'
ok 'really nothing' unchanged
ok 'diff agrees' gives 0 register diff bundle
ok 'as JSON' gives 0 register --json bundle
fits 'JSON has its schema'
ok 'JSON says keep' test "$(grep -c '"action" : "keep"' out)" = 2
ok 'status is clean' gives 0 register status
ok 'status counts' out_has '2 registered: 2 loaded, 0 drifted, 0 missing; 0 other profiles in the kernel'

ok 'as JSON' gives 0 register status --json
fits 'of its schema'

# what others are about to load, or have just removed: a directory that has no name yet
mkdir $kernel/policy/profiles/half
rm -r $kernel/policy/profiles/k8s-web.*
ok 'a profile of others that is coming or going is no trouble' gives 0 register bundle
rmdir $kernel/policy/profiles/half

# drift
mode=$(echo $kernel/policy/profiles/k8s-web.*/mode)
rm -f "$mode"
echo complain >"$mode"
ok 'drift is found' gives 3 register status
ok 'drift is named' out_has 'drifted   k8s-web  complain'
ok 'as JSON' gives 3 register diff --json bundle
fits 'of its schema, with a mode that differs'
ok 'drift is mended' gives 0 register bundle
ok 'by one replacement' out_has '1 replaced, 0 added, 1 unchanged'

# what of a text changes
put_profile worded k8s-web '' /next
printf '# \001 \\ \303\244\tx\n' >>worded
before=$(snapshot)
ok 'the lines of texts are for programs' gives 2 register diff --texts worded
ok 'which is said' err_has '--texts needs --json'
ok 'a plan with the lines that change' gives 3 register diff --json --texts worded
fits 'of its schema, with lines'
ok 'nothing is changed by that' unchanged
lines() { python3 -c 'import json, sys; print("|".join(json.load(open("out"))["profiles"][0].get(sys.argv[1], ["none"])))' "$1"; }
ok 'the lines that are there' test "$(lines old-text)" = 'abi <abi/3.0>,|profile k8s-web  {|  /web r,|}'
ok 'the lines that are wanted, escaped' test "$(lines new-text)" = 'abi <abi/3.0>,|profile k8s-web  {|  /next r,|}|# \x01 \x5c ä\x09x'
ok 'what stays has none' gives 0 register diff --json --texts bundle
ok 'neither' test "$(lines old-text) $(lines new-text)" = 'none none'
mv node/etc/apparmor.d/k8s-web kept-text
ln -s ../hostname node/etc/apparmor.d/k8s-web
ok 'a copy that is a link is not followed' gives 1 register diff --json --texts worded
ok 'and nothing is printed' test ! -s out
rm node/etc/apparmor.d/k8s-web
mv kept-text node/etc/apparmor.d/k8s-web
put_profile brand k8s-brand '' /brand
register diff --json --texts brand >out 2>/dev/null
ok 'what is new had no lines' test "$(lines old-text)" = none

# ownership
mkdir -p $kernel/policy/profiles/firefox.90
for file in name:firefox mode:enforce sha256:00; do echo "${file#*:}" >"$kernel/policy/profiles/firefox.90/${file%%:*}"; done
put_profile firefox firefox '' /f
before=$(snapshot)
ok 'a foreign profile is refused' gives 1 register firefox
ok 'with the way to adopt it' err_has '--adopt firefox'
ok 'nothing is changed' unchanged
ok 'the plan as JSON' gives 3 register diff --json firefox
fits 'of its schema, with a refusal'
ok 'one refusal refuses all' gives 1 register bundle firefox
ok 'really all' unchanged
ok 'adopted' gives 0 register --adopt firefox firefox
ok 'a text, compiled on the node' out_has 'replace  firefox  enforce  proved sha256:'
echo '# mine' >node/etc/apparmor.d/k8s-own
put_profile own k8s-own '' /own
ok "somebody's text is not overwritten" gives 1 register own
ok 'it stays' test "$(cat node/etc/apparmor.d/k8s-own)" = '# mine'

ok 'unless forced' gives 0 register --force own

# enforced profiles stay enforced
put_profile lax k8s-web 'flags=(complain)' /web
before=$(snapshot)
ok 'enforce to complain is refused' gives 1 register lax
ok 'nothing is changed by that' unchanged
ok 'unless asked for' gives 0 register --allow-complain lax
ok 'and told' out_has 'replace  k8s-web  enforce -> complain'
register -q bundle >/dev/null

# bundles that must not reach the kernel
before=$(snapshot)
aa-compile -q texts -o foreign --features "$f612" >/dev/null
ok 'a bundle for another kernel' gives 5 register foreign
ok 'both feature sets are named' err_has "$(register features -q)"
refuses() {
  local what=$1 told=$2
  ok "$what is refused" gives 5 register bad
  ok "$what is named" err_has "$told"
  ok "$what changes nothing" unchanged
  rm -rf bad
  cp -a bundle bad
}
id=$(register features -q)
cp -a bundle bad && truncate -s 100 "bad/$id/k8s-web" && refuses 'a truncated blob' 'truncated or altered'
truncate -s 0 "bad/$id/k8s-web" && refuses 'an empty blob' 'truncated or altered'
cp "bad/$id/k8s-db" "bad/$id/k8s-web" && refuses 'a swapped blob' 'truncated or altered'
sed -i 's/"complain"/"x"/; s/mode: "enforce"/mode: "kill"/' bad/manifest.yaml && refuses 'a wrong mode' 'another mode'
sed -i 's#bundle/1#bundle/9#' bad/manifest.yaml && refuses 'a newer schema' 'bundle/9'
printf 'schema: "aakit/bundle/1"\nprofiles: [' >bad/manifest.yaml && refuses 'a torn manifest' 'bad/manifest.yaml'
head -c 5000 /dev/urandom >bad/manifest.yaml && refuses 'noise' 'bad/manifest.yaml'

# the same with a manifest that agrees: what the blob itself says
# digest FILE: makes the manifest agree with a blob that was altered.
digest() {
  python3 - "bundle/$1" "bad/$1" bad/manifest.yaml <<'PYTHON'
import hashlib, pathlib, sys
old, new, manifest = map(pathlib.Path, sys.argv[1:])
text = manifest.read_text()
line = next(line for line in text.splitlines() if hashlib.sha256(old.read_bytes()).hexdigest() in line)
at = text.index(line)
end = text.index(f"size: {old.stat().st_size}", at)
text = text[:end] + f"size: {new.stat().st_size}" + text[end + len(f"size: {old.stat().st_size}"):]
manifest.write_text(text.replace(hashlib.sha256(old.read_bytes()).hexdigest(), hashlib.sha256(new.read_bytes()).hexdigest()))
PYTHON
}
rm -rf bad
cp -a bundle bad
cp $kernel/.replace seen
web=$id/k8s-web
truncate -s 100 "bad/$web" && digest "$web" && refuses 'a truncated blob of that digest' "$web: byte "
truncate -s 0 "bad/$web" && digest "$web" && refuses 'an empty blob of that digest' 'an impossible size'
head -c 5000 /dev/urandom >"bad/$web" && digest "$web" && refuses 'noise of that digest' 'no AppArmor policy header'
printf '\050\265\057\375' >"bad/$web" && digest "$web" && refuses 'a compressed blob' 'compressed (zstd) policy'
sed -i '1s/\(version\x00\x02\)./\1\x63/' "bad/$web" && digest "$web" && refuses 'policy of an unknown version' 'policy version 99, which no kernel known here takes'
cp "bad/$id/k8s-db" "bad/$web" && digest "$web" && refuses "another profile's blob" 'holds another profile than the manifest says'
cat "bad/$id/k8s-db" >>"bad/$web" && digest "$web" && refuses 'a blob of two profiles' 'holds more than one profile'
ok 'the kernel saw none of them' cmp $kernel/.replace seen

# trouble in the kernel and on the disk
rm -rf $kernel/.replace
ln -s /dev/full $kernel/.replace
put_profile lax k8s-web '' /next
before=$(snapshot)
ok 'a write that fails' gives 1 register lax
ok 'tells that all is as before' err_has 'the kernel holds what it held before'
ok 'and it is' unchanged
rm $kernel/.replace
: >$kernel/.replace
chmod 000 node/var/lib/aakit/registered.yaml
[ "$(id -u)" = 0 ] || ok 'an unreadable store' gives 4 register lax
chmod 644 node/var/lib/aakit/registered.yaml
cp node/var/lib/aakit/registered.yaml kept
echo 'schema: "aakit/registered/7"' >node/var/lib/aakit/registered.yaml
ok 'a store of a newer aakit' gives 5 register lax
cp kept node/var/lib/aakit/registered.yaml
echo N >node/sys/module/apparmor/parameters/enabled
ok 'AppArmor is off' gives 4 register bundle
ok 'with what to do' err_has "boot with 'apparmor=1"
echo Y >node/sys/module/apparmor/parameters/enabled

# two at once
exec 9>node/run/aakit/register.lock
flock 9
aa-register -q --root node bundle >waited 2>&1 &
waiting=$!
sleep 1
flock -u 9
ok 'a second apply waits for the first' wait "$waiting"
exec 9>&-
python3 -c 'import fcntl, time; lock = open("node/run/aakit/register.lock"); fcntl.flock(lock, fcntl.LOCK_EX); time.sleep(300)' &
holder=$!
while flock -n node/run/aakit/register.lock true; do sleep 0.1; done
ok 'and gives up at last' gives 1 register bundle
ok 'naming the lock' err_has 'register.lock'
ok 'and who holds it' err_has "python3, pid $holder, holds"
{ kill "$holder" && wait "$holder"; } 2>/dev/null

# killed at any moment: the next run converges
put_profile texts/web k8s-web '' /killed
aa-compile -q texts -o next --root node >/dev/null
for delay in 0.001 0.003 0.005 0.01 0.02 0.03; do
  { timeout -s KILL "$delay" aa-register -q --root node next; } >/dev/null 2>&1
  register -q next >/dev/null 2>&1 || echo "# failed after $delay"
  register -q bundle >/dev/null 2>&1 || echo "# failed back after $delay"
done
ok 'converges after being killed' gives 0 register next
ok 'and is clean then' gives 0 register status

# prune: what is registered and no longer named goes
rm -rf node/proc/77 # whoever it was
aa-compile -q texts/web -o only-web --root node >/dev/null
before=$(snapshot)
ok 'without --prune nothing goes' gives 0 register only-web
ok 'diff --prune is a finding' gives 3 register diff --prune only-web
ok 'and names what would go' out_has 'prune    k8s-db  enforce'
ok 'counted' out_has 'to do: 0 to replace, 0 to add, 0 refused, 1 unchanged, 3 to prune, 0 worn'
ok 'a dry run is none' gives 0 register --dry-run --prune only-web --json
ok 'as JSON' test "$(grep -c '"action" : "prune"' out)" = 3
ok 'neither changes anything' unchanged
mkdir -p node/proc/78/task/78 node/proc/78/task/79/attr/apparmor node/proc/78/attr/apparmor
echo unconfined >node/proc/78/attr/apparmor/current
echo 'k8s-db//&other (enforce)' >node/proc/78/task/79/attr/apparmor/current
echo worker >node/proc/78/task/79/comm
put_profile texts/new k8s-new '' /new
aa-compile -q texts/web texts/new -o new --root node >/dev/null
ok 'what a thread wears stays, which is a finding' gives 3 register --prune new
ok 'it is told who' out_has 'worn     k8s-db  enforce  worn by 1 task: no pod: 79 (worker); they would become unconfined for good (--force unloads it all the same)'
ok 'the rest is done' out_has '0 replaced, 1 added, 1 unchanged, 2 pruned, 1 worn'
ok 'the kernel holds that' test "$(cat $kernel/profiles)" = "$(printf 'k8s-db (enforce)\nk8s-new (enforce)\nk8s-web (enforce)')"
ok 'and the texts agree' test "$(ls -A node/etc/apparmor.d)" = "$(printf 'k8s-db\nk8s-new\nk8s-web')"
pod=$(printf 'c%.0s' {1..64})
mkdir -p node/proc/79 "node/run/containerd/io.containerd.runtime.v2.task/k8s.io/$pod"
printf '0::/kubepods/pod1/%s\n' "$pod" >node/proc/79/cgroup
printf '{"process": {"apparmorProfile": "k8s-db"}, "annotations": {"io.kubernetes.cri.container-type": "container",
 "io.kubernetes.cri.container-name": "db", "io.kubernetes.cri.sandbox-name": "db-0", "io.kubernetes.cri.sandbox-namespace": "shop"}}' \
  >"node/run/containerd/io.containerd.runtime.v2.task/k8s.io/$pod/config.json"
ok 'as JSON it is no change' gives 3 register --prune new --json
fits 'of its schema, with who wears it'
ok 'it is not changed, and the pod is named' python3 -c 'import json, sys
document = json.load(open(sys.argv[1]))
assert not document["changed"]
worn = {profile["name"]: profile.get("wearers") for profile in document["profiles"]}
assert worn["k8s-db"] == [{"pid": 79, "comm": "worker", "label": "k8s-db//&other", "namespace": "shop", "pod": "db-0",
                           "container": "db", "id": sys.argv[2]}], worn' "$scratch/out" "$pod"
rm -r node/run/containerd node/proc/79
ok 'it goes with --force' gives 0 register --prune --force new
ok 'which says what that did' out_has 'prune    k8s-db  enforce  worn by 1 task: no pod: 79 (worker); unconfined for good by this'
rm -r node/proc/78
ok 'then all is as wanted' gives 0 register diff --prune new
mkdir -p node/proc/80/attr/apparmor
head -c 10000 /dev/zero | tr '\0' a >node/proc/80/attr/apparmor/current
ok 'a label that cannot be read may be any' gives 3 register diff --prune only-web
ok 'so nothing would go' out_has 'worn     k8s-new  enforce  whether tasks wear it cannot be known: the labels of 1 tasks cannot be read'
rm -r node/proc/80
mkdir empty
sed '/^profiles:/,$d' new/manifest.yaml >empty/manifest.yaml
echo 'profiles: []' >>empty/manifest.yaml
before=$(snapshot)
ok 'an input without profiles prunes nothing' gives 5 register --prune empty
ok 'unless asked for' err_has 'would unload all 2 that are registered: say --allow-empty if that is meant'
ok 'and nothing is changed' unchanged
ok 'not even shown' gives 5 register diff --prune empty
ok 'asked for' gives 0 register --prune --allow-empty empty
ok 'nothing is left' test ! -s $kernel/profiles
printf 'abi <abi/3.0>,\nprofile k8s-web {\n  /a r,\n  ^one {\n    /b r,\n  }\n}\n' >texts/web
ok 'a profile with a hat' gives 0 register texts/web
sed -i 's/one/two/' texts/web
ok 'that gets another one' gives 0 register texts/web
ok 'the kernel keeps the first' grep -qF 'k8s-web//one (enforce)' $kernel/profiles
ok 'prune takes it out' gives 0 register --prune texts/web
ok 'and says so' out_has 'prune    k8s-web//one  enforce'
ok 'only that' test "$(cat $kernel/profiles)" = "$(printf 'k8s-web (enforce)\nk8s-web//two (enforce)')"

# the copies in /etc/apparmor.d
echo '# by hand' >>node/etc/apparmor.d/k8s-web
ok 'diff sees a copy that was changed by hand' gives 3 register diff texts/web
ok 'and names it' out_has 'keep     k8s-web  enforce  its text /etc/apparmor.d/k8s-web is not as it should be'
ok 'counted' out_has 'to do: 0 to replace, 0 to add, 0 refused, 1 unchanged, 1 texts to write'
ok 'as JSON' gives 3 register diff --json texts/web
fits 'of its schema'
ok 'which says so' out_has '"replace"'
ok 'a copy that was changed by hand' gives 0 register texts/web
ok 'is told' err_has '/etc/apparmor.d/k8s-web was changed or removed by somebody, and is written anew'
ok 'and is a copy again' cmp node/etc/apparmor.d/k8s-web texts/web
ok 'then diff has nothing to say' gives 0 register diff texts/web
rm node/etc/apparmor.d/k8s-web
ok 'diff sees one that was removed' gives 3 register diff texts/web
ok 'and says so' out_has 'its text /etc/apparmor.d/k8s-web is missing'
ok 'apply writes it' gives 0 register texts/web
ok 'tells that too' err_has 'changed or removed by somebody'
ok 'and what it did' out_has '0 replaced, 0 added, 1 unchanged, 1 texts written'
mv texts/web kept-web
printf '#include <tunables/global>\nprofile aaa {\n  /a r,\n}\n' | cat - kept-web >texts/web
sed -i '/abi/d; 1i abi <abi/3.0>,' texts/web
register -q --prune texts/web
ok 'two profiles of one text' test "$(ls -A node/etc/apparmor.d)" = aaa
ok 'a profile whose text has another name by now' gives 0 register --prune kept-web
ok 'leaves no text behind' test "$(ls -A node/etc/apparmor.d)" = k8s-web
chmod 555 node/etc/apparmor.d
before=$(snapshot)
if [ "$(id -u)" != 0 ]; then
  ok 'a text that cannot be written' gives 4 register bundle
  ok 'leaves the kernel alone' err_has 'the kernel was not touched'
  ok 'and all the rest' unchanged
fi
chmod 755 node/etc/apparmor.d
register -q --prune bundle 2>/dev/null

# rm
mkdir -p node/proc/77/attr/apparmor
echo 'k8s-web (enforce)' >node/proc/77/attr/apparmor/current
echo nginx >node/proc/77/comm
before=$(snapshot)
ok 'a worn label is not removed' gives 1 register rm k8s-db k8s-web
ok 'the wearer is named' err_has 'no pod: 77 (nginx)'
ok 'nothing is removed then' unchanged
ok 'an unknown name' gives 1 register rm k8s-nothing
ok 'an unworn one' gives 0 register rm k8s-db
ok 'its text goes too' test ! -e node/etc/apparmor.d/k8s-db
ok 'with force' gives 0 register rm --force k8s-web k8s-web
ok 'which says what that did' out_has 'removed  k8s-web  worn by 1 task: no pod: 77 (nginx); unconfined for good by this'
ok 'the kernel has it no more' test "$(grep -c k8s-web $kernel/profiles)" = 0
ok 'no name: usage' gives 2 register rm
ok 'no path: usage' gives 2 register apply
finish
