# SPDX-License-Identifier: GPL-2.0-or-later
# The main job on a copy of the recorded node: learn, compile, register; a second time nothing is to be changed.
# shellcheck source=tests/cli/refusals.sh
. "${AAKIT_SRCDIR:?}/tests/cli/refusals.sh"
have_parser || skip_all 'apparmor_parser is not installed'
node=$scratch/node
copy_node "$node"

run aa-learn --pod web --root "$node" -o out
exits 0 'aa-learn finds the pod and learns'
says 'web-.*wears k8s-web: learning from it' 'it says whom it learns from'
says '^aa-learn: next: aa-compile' 'it says what is next'
prints '^lost: 0 ' 'it says that nothing was lost'
run aa-learn --pod web --root "$node" -o out --json -q
is_json aakit/record/1 'record --json'
[ ! -s "$scratch/err" ]
result $? '-q: a run without findings is silent'

run aa-compile out -o bundle --root "$node"
exits 0 'aa-compile takes the directory; the state beside the profile is no profile'
prints '^bundle: 1 compiled' 'it compiled one profile'

run aa-register bundle --root "$node"
exits 0 'aa-register'
prints '^replace +k8s-web +complain -> enforce +proved sha' 'the learning profile is replaced, and proved'
says 'recording of a kernel' 'it says that this is no kernel'
grep -qx 'k8s-web (enforce)' "$node/sys/kernel/security/apparmor/profiles"
result $? 'the recorded kernel holds it, enforced'
cmp -s out/k8s-web "$node/etc/apparmor.d/k8s-web"
result $? 'its text is in /etc/apparmor.d'

before=$(listing "$node")
run aa-register bundle --root "$node"
exits 0 'a second time'
prints '^nothing to change: 1 profile is loaded as wanted' 'a second time it says that there is nothing to change'
after=$(listing "$node" | grep -v run/aakit/sealed)
[ "$before" = "$after" ]
result $? 'and changes nothing, but that it is sealed' || diff <(echo "$before") <(echo "$after") | diag
run aa-register diff bundle --root "$node"
exits 0 'diff: no difference'
run aa-register status --root "$node"
exits 0 'status: as registered'
prints '^loaded +k8s-web +enforce +sha' 'status shows the profile'
run aa-register status --root "$node" --json
is_json aakit/status/1 'status --json'
run aa-register out/k8s-web --root "$node"
exits 0 'the text in the place of the bundle'
prints '^nothing to change' 'is the same profile'

mode=$(echo "$node"/sys/kernel/security/apparmor/policy/profiles/k8s-web.*/mode)
rm -f "$mode"
echo complain > "$mode"
run aa-register status --root "$node"
exits 3 'a mode that somebody changed is drift'
prints '^drifted +k8s-web' 'and is named'
run aa-register bundle --root "$node" -q
exits 0 'registered again'
run aa-register status --root "$node" -q
exits 0 'and it is as wanted'
finish
