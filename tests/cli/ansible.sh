# SPDX-License-Identifier: GPL-2.0-or-later
# The modules of the Ansible collection on recordings of nodes: what they change, foretell, refuse and show.
# shellcheck shell=bash source=tests/cli/tap.sh
. "${AAKIT_SRCDIR:?}/tests/cli/tap.sh"
have_parser || skip_all 'apparmor_parser is not installed'
python=
for name in python3 /usr/bin/python3; do # another one may come first in PATH
  if [ -z "$python" ] && "$name" -c 'import ansible.module_utils.basic' 2>/dev/null; then python=$name; fi
done
[ -n "$python" ] || skip_all 'ansible-core is not installed'

mkdir -p library/ansible_collections/aakit home
ln -s "$(cd "$AAKIT_SRCDIR" && pwd)/ansible" library/ansible_collections/aakit/aakit
modules=library/ansible_collections/aakit/aakit/plugins/modules
export PYTHONPATH=$scratch/library PYTHONDONTWRITEBYTECODE=1 HOME=$scratch/home

# module NAME JSON: runs it as Ansible would on a node; what it says is in out. A module that failed ends with 1.
module() {
  printf '{"ANSIBLE_MODULE_ARGS": %s}' "$2" | "$python" "$modules/$1.py"
}
# register [OPTION...]: on the node, "key": value each.
register() {
  local given="\"root\": \"$scratch/node\""
  for option in "$@"; do given+=", $option"; done
  module aa_register "{$given}"
}
# packed PATH [FEATURES]: what the controller sends of it.
packed() {
  "$python" - "$@" <<'PYTHON'
import sys
from ansible_collections.aakit.aakit.plugins.module_utils import sent
print('"archive": "%s"' % sent.pack(*sys.argv[1:]))
PYTHON
}
# says EXPRESSION: it holds of the result r.
says() {
  python3 -c 'import json, sys
r = json.load(open("out"))
sys.exit(not eval(sys.argv[1]))' "$1" || {
    echo "# not so: $1"
    return 1
  }
}
snapshot() { (cd node && find . ! -name .replace ! -path './run/*' -type f | sort | xargs sha256sum && find . | sort); }
unchanged() { [ "$(snapshot)" = "$before" ]; }
check='"_ansible_check_mode": true' diff='"_ansible_diff": true'

make_node node
mkdir texts
put_profile texts/k8s-web k8s-web '' /web
put_profile texts/k8s-db k8s-db '' /db
f61=$AAKIT_SRCDIR/profiles/features/debian-12-6.1 f612=$AAKIT_SRCDIR/profiles/features/debian-13-6.12
aa-compile -q texts -o bundle --features "$f61" --features "$f612" >/dev/null
id=$(aa-register features -q --root node)

# --- from the controller's bundle
bundle=$(packed bundle)
before=$(snapshot)
ok 'check mode' gives 0 register "$bundle" "$check" "$diff" "\"dest\": \"$scratch/node/etc/aakit/profiles\""
ok 'foretells a change' says 'r["changed"] and [p["action"] for p in r["profiles"]] == ["add", "add"]'
ok 'with the rules' says '"/web r," in r["diff"][1]["after"] and r["diff"][1]["before"] == ""'
ok 'writes nothing' unchanged
ok 'for real' gives 0 register "$bundle" "\"dest\": \"$scratch/node/etc/aakit/profiles\""
ok 'is a change, proved' says 'r["changed"] and all(p["proved"] for p in r["profiles"]) and r["kept"] == "new"'
ok 'what was sent is not in the result' says '"archive" not in json.dumps(r.get("invocation", {}).get("module_args", {}).get("archive", "") or "") and len(json.dumps(r)) < 5000'
ok 'the kernel has it' test "$(cat node/sys/kernel/security/apparmor/profiles)" = "$(printf 'k8s-db (enforce)\nk8s-web (enforce)')"
before=$(snapshot)
ok 'again' gives 0 register "$bundle" "$diff" "\"dest\": \"$scratch/node/etc/aakit/profiles\""
ok 'is none' says 'not r["changed"] and r["kept"] == "same" and r["diff"] == []'
ok 'really' unchanged
ok 'only its own part, for one feature set' gives 0 register "$(packed bundle "$id")" "\"dest\": \"$scratch/node/etc/aakit/profiles\""
ok 'changes no policy' says 'not r["changed"] and r["kept"] == "replaced"'
ok 'and is what is kept' test "$(cd node/etc/aakit/profiles && echo *)" = "$id manifest.yaml text"
ok 'nothing else is left there' test "$(ls -A node/etc/aakit)" = profiles

# --- one text changes
put_profile texts/k8s-web k8s-web '' /next
printf '# \033[31m\n' >>texts/k8s-web
before=$(snapshot)
ok 'a text that is compiled on the node' gives 0 register "$(packed texts/k8s-web)" "$check" "$diff"
ok 'its difference' says 'r["diff"][0]["before"].count("/web r,") == 1 and r["diff"][0]["after"].count("/next r,") == 1 and len(r["diff"]) == 1'
ok 'is escaped' says '"\x1b" not in r["diff"][0]["after"] and "# \\x1b[31m" in r["diff"][0]["after"]'
ok 'nothing is written' unchanged
ok 'a directory of texts on the node' gives 0 register "\"paths\": [\"$scratch/texts\"]"
ok 'replaces one' says '[p["action"] for p in r["profiles"]] == ["keep", "replace"]'
mode=$(echo node/sys/kernel/security/apparmor/policy/profiles/k8s-web.*/mode)
rm -f "$mode"
echo complain >"$mode"
ok 'one that somebody made complain' gives 0 register "\"paths\": [\"$scratch/texts\"]" "$check" "$diff"
ok 'differs by its mode' says '"# in the kernel: complain\n" in r["diff"][0]["before"] and "# in the kernel: enforce\n" in r["diff"][0]["after"]'
register "\"paths\": [\"$scratch/texts\"]" >out

# --- refusals
before=$(snapshot)
rm -rf bad && cp -r bundle bad && printf x | dd of="bad/$id/k8s-web" bs=1 seek=900 conv=notrunc status=none
ok 'a corrupt bundle' gives 1 register "$(packed bad)"
ok 'is told' says 'r["failed"] and r["code"] == 5 and "truncated or altered" in r["msg"]'
aa-compile -q texts -o foreign --features "$f612" >/dev/null
ok 'a bundle for another kernel' gives 1 register "$(packed foreign)"
ok 'names it' says 'r["code"] == 5'
put_profile lax k8s-web 'flags=(complain)' /web
for mode in "$check" '"_ansible_check_mode": false'; do
  ok 'an enforced profile that would complain' gives 1 register "$(packed lax)" "$mode"
  ok 'is told' says '"allow-complain" in r["msg"] and r["profiles"][0]["action"] == "refuse"'
done
ok 'a bundle that is not there' gives 1 register '"paths": ["/nowhere"]'
ok 'no input' gives 1 register
ok 'nothing of what was sent may leave its directory' gives 1 register "$(python3 - <<'PYTHON'
import base64, io, tarfile, zlib
packed = io.BytesIO()
with tarfile.open(fileobj=packed, mode="w") as archive:
    member = tarfile.TarInfo("a/../../escaped")
    archive.addfile(member, io.BytesIO())
print('"archive": "%s"' % base64.b64encode(zlib.compress(packed.getvalue())).decode())
PYTHON
)"
ok 'which is said' says '"is no file of a bundle" in r["msg"]'
echo 'precious' >dest
ok 'a file in the place of dest' gives 1 register "$(packed texts)" "\"dest\": \"$scratch/dest\""
ok 'stays' test "$(cat dest)" = precious
ok 'nothing was changed by any of these' unchanged
ok 'but by leave' gives 0 register "$(packed lax)" '"allow_complain": true'
register "\"paths\": [\"$scratch/texts\"]" >out

# --- what goes
mkdir -p node/proc/78/attr/apparmor node/proc/78/task/78/attr/apparmor
echo 'k8s-db (enforce)' | tee node/proc/78/attr/apparmor/current >node/proc/78/task/78/attr/apparmor/current
echo worker | tee node/proc/78/comm >node/proc/78/task/78/comm
ok 'pruned, but worn' gives 0 register '"state": "pruned"' "$(packed texts/k8s-web)"
ok 'stays, with a warning' says 'not r["changed"] and r["worn"] == ["k8s-db"] and "k8s-db" in r["warnings"][0]'
ok 'or fails, if that is asked for' gives 1 register '"state": "pruned"' '"fail_on_worn": true' "$(packed texts/k8s-web)"
before=$(snapshot)
for mode in "$check" '"_ansible_check_mode": false'; do
  ok 'absent, but worn' gives 1 register '"state": "absent"' '"names": ["k8s-db", "k8s-web"]' "$mode"
  ok 'names the tasks' says 'r["worn"] == ["k8s-db"] and r["wearers"][0]["comm"] == "worker"'
done
ok 'and unloads nothing' unchanged
rm -rf node/proc/78
before=$(snapshot)
ok 'absent in check mode' gives 0 register '"state": "absent"' '"names": ["k8s-db", "k8s-not"]' "$check" "$diff"
ok 'foretells it' says 'r["changed"] and r["removed"] == ["k8s-db"] and r["diff"][0]["after"] == ""'
ok 'writes nothing' unchanged
ok 'absent' gives 0 register '"state": "absent"' '"names": ["k8s-db", "k8s-not"]'
ok 'unloads it' test "$(cat node/sys/kernel/security/apparmor/profiles)" = 'k8s-web (enforce)'
ok 'absent again' gives 0 register '"state": "absent"' '"names": ["k8s-db"]'
ok 'is no change' says 'not r["changed"] and r["removed"] == []'

# --- what the node says
ok 'the node is asked' gives 0 module aa_register_info "{\"root\": \"$scratch/node\", \"gather\": [\"features\", \"status\", \"doctor\"]}"
ok 'it tells' says 'r["apparmor"] and r["installed"] and r["counts"]["loaded"] == 1 and r["revision"] > 3 and len(r["checks"]) > 3'
ok 'its feature set' says "r['features']['id'] == '$id'"
echo N >node/sys/module/apparmor/parameters/enabled
ok 'without AppArmor' gives 0 module aa_register_info "{\"root\": \"$scratch/node\"}"
ok 'it tells that' says 'r["apparmor"] is False and "features" not in r'
ok 'registering fails there' gives 1 register "$bundle"
ok 'and says why' says '"does not use AppArmor" in r["msg"]'
ok 'or is skipped' gives 0 register "$bundle" '"without_apparmor": "skip"'
ok 'which is told' says 'r["skipped"] and not r["changed"]'
interpreter=$(command -v "$python")
elsewhere() { printf '{"ANSIBLE_MODULE_ARGS": {"root": "/nowhere"}}' | PATH=/usr/bin:/bin "$interpreter" "$modules/aa_register_info.py"; }
ok 'without aa-register' gives 0 elsewhere
ok 'it tells that too' says 'not r["installed"] and not r["apparmor"]'

# --- compiling
features=$(python3 -c 'import json, sys; print(json.dumps(open(sys.argv[1]).read()))' "$f61")
compile() { module aa_compile "{\"profiles\": [\"$scratch/texts\"], \"bundle\": \"$scratch/built\", \"features\": [$features]${1:+, $1}}"; }
ok 'compiling in check mode' gives 0 compile "$check"
ok 'foretells a bundle' says 'r["changed"] and len(r["profiles"]) == 2'
ok 'writes none' test ! -e built
ok 'compiling' gives 0 compile
ok 'makes it for that feature set' test -f "built/$id/k8s-web"
ok 'compiling again' gives 0 compile
ok 'changes nothing' says 'not r["changed"]'
ok 'with another mode' gives 0 compile '"mode": "complain"'
ok 'all complain' says 'all(p["mode"] == "complain" for p in r["profiles"])'
ok 'in their texts as well' grep -q '^profile k8s-web  flags=(complain) {' built/text/k8s-web
echo 'profile broken { /x r }' >texts/broken
ok 'a text that does not compile' gives 1 compile
ok 'is named with its place' says 'r["code"] == 5 and "broken:1" in r["msg"]'
ok 'the bundle stays' grep -q k8s-web built/manifest.yaml

# --- modes of texts: what is changed is only that
"$python" - >modes 2>&1 <<'PYTHON'
from ansible_collections.aakit.aakit.plugins.module_utils.profile_mode import change
HEAD = b"include <tunables/global>\n#include <x> {\n@{A} = {a,b} c\n"
CASES = [
    (b"profile a {\n /x r,\n}\n", b"profile a flags=(complain) {\n /x r,\n}\n", b"profile a {\n /x r,\n}\n"),
    (b"profile a flags=(kill,audit) {}", b"profile a flags=(audit, complain) {}", b"profile a flags=(audit) {}"),
    (b'"/o d{" (complain) { /{y,z}/** r, }', b'"/o d{" flags=(complain) { /{y,z}/** r, }', b'"/o d{"  { /{y,z}/** r, }'),
    (b"/{usr/,}bin/x{,y} {\n profile c { }\n ^h {}\n hat i {}\n}", b"/{usr/,}bin/x{,y} flags=(complain) {\n profile c flags=(complain) { }\n"
     b" ^h flags=(complain) {}\n hat i flags=(complain) {}\n}", None),
    (b"profile a { if $X { /x r, } else { /y r, } audit deny { /z w, } }", b"profile a flags=(complain) { if $X { /x r, } else { /y r, } audit deny { /z w, } }", None),
    (b"profile a { # profile b {\n}", b"profile a flags=(complain) { # profile b {\n}", None),
]
for text, complain, enforce in CASES:
    for wanted, mode in ((complain, "complain"), (text if enforce is None else enforce, "enforce")):
        got = change(HEAD + text, mode)
        if got != HEAD + wanted:
            print(mode, text, "became", got)
PYTHON
ok 'only the modes of texts are changed' test ! -s modes
[ ! -s modes ] || sed 's/^/# /' modes
finish
