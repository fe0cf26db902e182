# SPDX-License-Identifier: GPL-2.0-or-later
# aa-register on copies of the recorded node: the plan, the proof, who owns what, and what is refused with nothing changed.
# Without --root it runs here as nobody only, so that no kernel is ever touched.
# shellcheck source=tests/cli/refusals.sh
. "${AAKIT_SRCDIR:?}/tests/cli/refusals.sh"

refuses 2 'name a bundle' 'no arguments at all' aa-register
refuses 2 "no verb 'aplly'.*'apply'" 'a misspelt verb gets a suggestion' aa-register aplly
refuses 2 '--dry-rn.*--dry-run' 'a misspelt option gets a suggestion' aa-register --dry-rn b
refuses 2 'Unknown option --dry-run' 'diff takes no --dry-run' aa-register diff --dry-run b
refuses 2 'name the profiles' 'rm without names' aa-register rm
have_parser || {
  skip 'registering' 'apparmor_parser is not installed'
  finish
  exit 0
}

profiles=$AAKIT_SRCDIR/tests/cases/web/expected/files
node=$scratch/node
watch=("$scratch/work" "$node/etc" "$node/sys" "$node/var/lib")

# Every test begins with the node as it was recorded.
fresh() {
  copy_node "$node"
  mkdir -p "$node/etc" "$node/var/lib"
}
fresh
"$AAKIT_BUILDDIR/aa-compile" "$profiles/k8s-web" -o "$scratch/bundle" --root "$NODE" -q > /dev/null 2>&1
result $? 'a bundle to register'
id=$(sed 1q < <("$AAKIT_BUILDDIR/aa-register" features --root "$NODE"))
register=(aa-register --root "$node")

# --- no AppArmor, no privilege
refuses_nobody 4 'AppArmor|CAP_MAC_ADMIN|Permission denied' 'live, without any privilege' aa-register "$scratch/bundle"
refuses 4 'no AppArmor' 'a root without AppArmor' aa-register --root "$scratch/work" "$scratch/bundle"
refuses 4 'no AppArmor' 'status of a root without AppArmor' aa-register status --root "$scratch/work"
echo N > "$node/sys/module/apparmor/parameters/enabled"
refuses 4 'AppArmor is disabled.*apparmor=1' 'AppArmor switched off' "${register[@]}" "$scratch/bundle"
fresh
chmod -R go-w "$node"
[ "$(id -u)" -eq 0 ] || chmod -R a-w "$node"
refuses_nobody 4 'Permission denied' 'a node that is not writable' aa-register --root "$node" "$scratch/bundle"
chmod -R u+w "$node"

# --- bundles
# altered CODE REGEX NAME COMMAND...: a copy of the bundle, altered by the command, is refused.
altered() {
  local code=$1 regex=$2 name=$3
  shift 3
  rm -rf altered
  cp -r "$scratch/bundle" altered
  "$@"
  refuses "$code" "$regex" "$name" "${register[@]}" altered
}
in_manifest() { sed -i "$1" altered/manifest.yaml; }
altered 5 'altered/manifest.yaml:[0-9]+:[0-9]+: ' 'a manifest that is cut' truncate -s 100 altered/manifest.yaml
altered 5 'altered/manifest.yaml:1:1: .*empty' 'an empty manifest' truncate -s 0 altered/manifest.yaml
altered 5 'manifest.yaml.*newer aakit.*upgrade' 'a bundle of a newer schema' in_manifest s,bundle/1,bundle/2,
altered 5 'manifest.yaml:[0-9]+:[0-9]+: .*schema' 'a manifest of another kind' in_manifest s,bundle/1,learned/1,
altered 5 'manifest.yaml:[0-9]+:[0-9]+: .*mode' 'an unknown mode' in_manifest 's/"enforce"/"maybe"/'
altered 5 'manifest|another mode' 'a mode that the blob does not have' in_manifest 's/"enforce"/"complain"/'
altered 5 'manifest.yaml:[0-9]+:[0-9]+: ' 'a file name that leads out of the bundle' in_manifest 's,file: .*,file: "../../x",'
altered 5 'altered or|altered' 'a blob that is cut' truncate -s 500 "altered/$id/k8s-web"
flip() { printf X | dd of="altered/$id/k8s-web" bs=1 seek=2000 conv=notrunc status=none; }
altered 5 'altered' 'a blob with a flipped byte' flip
altered 5 'altered' 'a text that was changed' sh -c 'echo "# more" >> altered/text/k8s-web'
altered 5 'symbolic link' 'a blob that is a link' ln -sf "$scratch/bundle/$id/k8s-web" "altered/$id/k8s-web"
rm -rf altered
refuses 1 'nothere: No such file' 'a bundle that is not there' "${register[@]}" nothere
refuses 5 'named twice' 'the same bundle twice' "${register[@]}" "$scratch/bundle" "$scratch/bundle"
"$AAKIT_BUILDDIR/aa-compile" "$profiles/k8s-web" -o other --features "$AAKIT_SRCDIR/profiles/features/debian-13-6.12" -q > /dev/null 2>&1
refuses 5 "other is compiled for other kernels.*\\($id\\)" 'a bundle for another kernel' "${register[@]}" other
rm -rf other
printf 'profile bad {\n  /a rq,\n}\n' > bad
refuses 5 'bad:2:[0-9]+: ' 'a text that does not compile' "${register[@]}" bad
rm bad

# --- the plan
run "${register[@]}" status
exits 0 'status: nothing registered'
before=$(listing "${watch[@]}")
run aa-register diff "$scratch/bundle" --root "$node"
exits 3 'diff: there is something to do'
run "${register[@]}" --dry-run "$scratch/bundle"
exits 0 'a dry run is no finding'
prints '^replace +k8s-web +complain -> enforce' 'a dry run shows the plan'
run "${register[@]}" --dry-run "$scratch/bundle" --json
is_json aakit/apply/1 'apply --dry-run --json'
[ "$before" = "$(listing "${watch[@]}")" ]
result $? 'neither changed anything'

# --- ownership
mkdir -p "$node/etc/apparmor.d"
echo 'profile k8s-web {}' > "$node/etc/apparmor.d/k8s-web"
refuses 1 'not aakit.s own.*--adopt k8s-web' 'a text that somebody else put there' "${register[@]}" "$scratch/bundle"
run "${register[@]}" "$scratch/bundle" --adopt k8s-web
exits 0 'unless it is taken over'
fresh
echo enforce > "$node/sys/kernel/security/apparmor/policy/profiles/k8s-web.0/mode"
refuses 1 'not aakit.s own.*--adopt k8s-web' 'an enforced profile that somebody else loaded' "${register[@]}" "$scratch/bundle"
fresh
mkdir -p "$node/var/lib/aakit"
echo junk > "$node/var/lib/aakit/registered.yaml"
refuses 5 'registered.yaml:1:1: ' 'damaged notes of what was registered' "${register[@]}" "$scratch/bundle"
refuses 5 'registered.yaml:1:1: ' 'damaged notes: status' aa-register status --root "$node"
echo 'schema: "aakit/registered/9"' > "$node/var/lib/aakit/registered.yaml"
refuses 5 'registered.yaml.*newer aakit' 'notes of a newer schema' "${register[@]}" "$scratch/bundle"
fresh

# --- a full disk: nothing is half loaded
watch=("$scratch/work" "$node/etc" "$node/sys")
refuses_on_full_disk 3 1 'No space|too large' 'no room: the recorded kernel stays as it was' "${register[@]}" "$scratch/bundle"
run "${register[@]}" status
exits 0 'and nothing counts as registered'

# --- somebody else is at it
mkdir -p "$node/run/aakit"
exec 9> "$node/run/aakit/register.lock"
flock 9
refuses 1 'register.lock' 'the lock is held' "${register[@]}" "$scratch/bundle"
exec 9>&-

# --- removal
run "${register[@]}" "$scratch/bundle" -q
exits 0 'registered'
printf 'profile k8s-web flags=(complain) {}\n' > weaker
refuses 1 'make an enforced profile complain.*--allow-complain' 'an enforced profile is not made complain' "${register[@]}" weaker
run "${register[@]}" weaker --allow-complain -q
exits 0 'unless that is meant'
rm weaker
run "${register[@]}" "$scratch/bundle" -q
exits 0 'and back'
mkdir -p "$node/proc/77/attr/apparmor"
echo 'k8s-web (enforce)' > "$node/proc/77/attr/apparmor/current"
echo nginx > "$node/proc/77/comm"
refuses 1 'worn by 1 task.*77 \(nginx\).*--force' 'a profile that a task wears is not removed' aa-register rm k8s-web --root "$node"
rm -r "$node/proc/77"
refuses 1 'no profile "nothere"' 'rm of a profile that is not there' aa-register rm nothere --root "$node"
refuses 1 'no profile "nothere"' 'one wrong name of two: none is removed' aa-register rm k8s-web nothere --root "$node"
run aa-register rm k8s-web --root "$node" --json
is_json aakit/rm/1 'rm --json'
[ ! -e "$node/etc/apparmor.d/k8s-web" ] && ! grep -q k8s-web "$node/sys/kernel/security/apparmor/profiles"
result $? 'it is gone, with its text'

timeout "$LIMIT" "$AAKIT_BUILDDIR/aa-register" status --root "$node" > /dev/full 2> "$scratch/err"
rc=$? && : > "$scratch/out"
exits 1 'a result that cannot be printed: exit 1'
run aa-register features --root "$node" --json
is_json aakit/features/1 'features --json'
finish
