# SPDX-License-Identifier: GPL-2.0-or-later
# What aa-register takes as policy, by its kind and by who may have had a hand in it; and what it refuses before the kernel sees it.
# shellcheck source=tests/cli/refusals.sh
. "${AAKIT_SRCDIR:?}/tests/cli/refusals.sh"
have_parser || skip_all 'apparmor_parser is not installed'

node=$scratch/node
make_node "$node"
mkdir -p "$node/etc" "$node/var/lib"
watch=("$scratch/work" "$node/etc" "$node/sys" "$node/var/lib")
register=(aa-register --root "$node")
put_profile web k8s-web '' /web
put_profile db k8s-db '' /db
"$AAKIT_BUILDDIR/aa-compile" -q web db -o bundle --root "$node" > /dev/null
id=$("$AAKIT_BUILDDIR/aa-register" features -q --root "$node")
policy=$AAKIT_SRCDIR/tests/policy

# --- kinds
# A compiled profile is a file of the bundle, and of apparmor_parser's -S.
cp "bundle/$id/k8s-web" blob
run "${register[@]}" blob
exits 0 'compiled policy is known by its content'
prints '^add +k8s-web +enforce +proved' 'and loaded'
says 'whether it is compiled for this kernel cannot be told' 'a feature set beside it is missing, which is said'
[ ! -e "$node/etc/apparmor.d/k8s-web" ]
result $? 'it has no text to keep'
run "${register[@]}" status
exits 0 'status knows it'
run "${register[@]}" "bundle/$id/k8s-db"
exits 0 'with its feature set beside it'
! grep -q 'cannot be told' "$scratch/err"
result $? 'nothing is open'
put_profile lone k8s-lone '' /lone
mkdir mixed
cp lone blob mixed
run "${register[@]}" mixed "bundle/$id/k8s-db"
exits 0 'a directory of both kinds, and a file'
prints '^1 .*added|^0 replaced, 1 added, 2 unchanged' 'each is known'
run "${register[@]}" bundle
exits 0 'a bundle over policy without texts'
cmp -s web "$node/etc/apparmor.d/k8s-web"
result $? 'brings the texts'
put_profile web2 k8s-web '' /next
"$AAKIT_BUILDDIR/aa-compile" -q web2 -o next --root "$node" > /dev/null
run "${register[@]}" "next/$id/k8s-web"
exits 0 'compiled policy over a text'
[ ! -e "$node/etc/apparmor.d/k8s-web" ]
result $? 'takes the old text away'
run "${register[@]}" bundle
exits 0 'and the bundle again'
run "${register[@]}" next
exits 0 'and the next one'

head -c 900 blob > short
: > empty
head -c 3000 /dev/urandom > noise
printf '\004\010\000version\000\002\377\377\000\000' > version
refuses 5 'short: .*(truncated|damaged|byte)' 'compiled policy that is cut' "${register[@]}" short
refuses 5 'empty: empty' 'an empty file' "${register[@]}" empty
refuses 5 'noise: neither a profile text' 'noise' "${register[@]}" noise
refuses 5 'version: policy version' 'a version that no kernel takes' "${register[@]}" version
{ cat blob && echo more; } > long
refuses 5 'long: ' 'something behind compiled policy' "${register[@]}" long
refuses 5 'k8s-web.*named twice' 'a profile in two places' "${register[@]}" blob web
for kind in web-5.0-table.zst web-4.1-table.zst; do
  refuses 5 "$kind: its permissions are in tables, which this kernel \\(feature set $id\\) does not know.*aa-compile" \
    "policy for a newer kernel: $kind" "${register[@]}" "$policy/$kind"
done
run "${register[@]}" --dry-run --insecure-paths "$policy/web-5.0-words.zst"
exits 0 'compressed policy'
mkdir elsewhere
cp blob "$AAKIT_SRCDIR/profiles/features/debian-13-6.12" elsewhere
mv elsewhere/debian-13-6.12 elsewhere/.features
refuses 5 "blob is compiled for another kernel \\(feature set [0-9a-f]+\\) than this one \\($id\\).*aa-compile" \
  'policy beside another feature set' "${register[@]}" elsewhere/blob
refuses 5 "blob is compiled for another kernel" 'the same as a directory' "${register[@]}" elsewhere
for i in 5 6 7 8 9; do rm -f "$node/sys/kernel/security/apparmor/features/policy/versions/v$i"; done
echo yes > "$node/sys/kernel/security/apparmor/features/policy/versions/v5"
refuses 5 'policy of version [6-9], which this kernel' 'a version that this kernel does not take' "${register[@]}" blob
for i in 6 7 8 9; do echo yes > "$node/sys/kernel/security/apparmor/features/policy/versions/v$i"; done
AAKIT_APPARMOR_PARSER=/nowhere refuses 1 'a bundle, which .aa-compile PATH -o BUNDLE. makes elsewhere, needs no compiler' \
  'a text where no compiler is' "${register[@]}" web
mkdir nothing
refuses 1 'nothing: no profile in this directory' 'a directory without profiles' "${register[@]}" nothing

# --- who had a hand in it; the scratch directory can be entered by all
# opened CODE REGEX NAME PATH: refused because others can write somewhere, and taken when that is asked for.
opened() {
  refuses 5 "$2" "$3" "${register[@]}" --dry-run "$4"
  run "${register[@]}" --dry-run --force --insecure-paths "$4"
  [ "$rc" -eq 0 ]
  result $? "$3: taken with --insecure-paths"
}
chmod 666 web
opened 5 'web: others can write to it \(mode 0666.*chmod go-w' 'a text that others can write to' web
chmod 664 web
opened 5 'web: others can write to it \(mode 0664' 'one that the group can write to' web
chmod 644 web
mkdir -p open/dir
cp web open/dir
chmod 777 open
opened 5 'open: others can write to it \(mode 0777' 'a directory above it' open/dir/web
chmod 1777 open
run "${register[@]}" --dry-run open/dir/web
exits 0 'the sticky bit will do'
chmod 755 open
chmod 775 open/dir
opened 5 'dir: others can write to it' 'a directory of texts' open/dir
chmod 755 open/dir
for part in manifest.yaml text/k8s-web "$id/k8s-web" text "$id" .; do
  chmod go+w "bundle/$part"
  opened 5 'bundle.*: others can write to it.*chmod go-w' "of a bundle: $part" bundle
  chmod go-w "bundle/$part"
done
if [ "$(id -u)" -eq 0 ]; then
  for part in manifest.yaml text/k8s-web "$id/k8s-web" text "$id" .; do
    chown "$NOBODY" "bundle/$part"
    opened 5 "bundle.*: owned by user $NOBODY.*chown -h 0" "somebody else's, of a bundle: $part" bundle
    chown 0 "bundle/$part"
  done
  ln -s web link
  chown -h "$NOBODY" link
  opened 5 "link: owned by user $NOBODY" "somebody else's link" link
  rm link
fi
mkdir hidden hidden/volume
cp web hidden/volume
chmod 700 hidden
chmod 777 hidden/volume
run "${register[@]}" --dry-run hidden/volume
exits 0 'what nobody else can get to may be open'
mkdir links
ln -s "$scratch/work/web" links/web
refuses 5 'links/web: a link that leads out' 'a link that leads out of its directory' "${register[@]}" links
refuses 5 'links/web: a link that leads out' 'whoever asks for it' "${register[@]}" --insecure-paths links
rm links/web
ln -s nothere links/web
refuses 1 'links/web|nothere' 'a link that leads nowhere' "${register[@]}" links
rm links/web
mkfifo links/web
refuses 5 'links/web: not a regular file' 'a pipe among the texts' "${register[@]}" links
refuses 5 'links/web: not a regular file' 'a pipe' "${register[@]}" links/web
refuses 5 '/dev/zero: not a regular file' 'a device' "${register[@]}" /dev/zero
rm -r links
mkfifo bundle/.pipe
mv "bundle/$id/k8s-web" kept
mv bundle/.pipe "bundle/$id/k8s-web"
refuses 5 'k8s-web: not a regular file' 'a pipe in a bundle' "${register[@]}" bundle
mv kept "bundle/$id/k8s-web"
truncate -s 5M big
refuses 5 'big: neither a profile text' 'a large file of nothing' "${register[@]}" big
tr '\0' '#' < big > big-text
refuses 5 'big-text: larger than a profile text may be' 'a text that is too large' "${register[@]}" big-text
truncate -s 65M big
refuses 5 'big: larger than' 'a file that is too large' "${register[@]}" big
rm big big-text

# --- what texts include
base=$scratch/base
mkdir "$base" "$base/abi"
cp /etc/apparmor.d/abi/3.0 "$base/abi"
ln -s nothere "$base/dangling"
export AAKIT_APPARMOR_BASE=$base
run "${register[@]}" --dry-run web
exits 0 'a directory of includes'
chmod 666 "$base/abi/3.0"
opened 5 'abi/3.0: others can write to it \(mode 0666' 'an include that others can write to' web
chmod 644 "$base/abi/3.0"
chmod 777 "$base/abi"
opened 5 'base/abi: others can write to it' 'a directory of includes' web
chmod 755 "$base/abi"
mkdir -m 777 "$scratch/far"
ln -s "$scratch/far" "$base/far"
opened 5 'far: others can write to it' 'what a link among includes leads to' web
unset AAKIT_APPARMOR_BASE

# --- a ConfigMap as a kubelet mounts it: 0777, below a directory that others cannot enter
mkdir -p pods/volume/..2026_1
chmod 750 pods
chmod 777 pods/volume
chgrp 0 pods 2> /dev/null || chmod 700 pods
cp web pods/volume/..2026_1/web
ln -s ..2026_1 pods/volume/..data
ln -s ..data/web pods/volume/web
run "${register[@]}" --dry-run pods/volume
exits 0 'the volume of a ConfigMap'
chmod 751 pods
opened 5 'volume: others can write to it \(mode 0777' 'one that others can get to' pods/volume
finish
