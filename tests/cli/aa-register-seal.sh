# SPDX-License-Identifier: GPL-2.0-or-later
# aa-register seals a run that found nothing to do: the next one reads no policy, unless anything at all has changed.
# shellcheck shell=bash source=tests/cli/tap.sh
# shellcheck disable=SC2016,SC2119,SC2120 # sed has addresses like $; what is not given is an empty list
. "${AAKIT_SRCDIR:?}/tests/cli/tap.sh"
have_parser || skip_all 'apparmor_parser is not installed'
case $(stat -f -c %T .) in
  ext2/ext3 | xfs | btrfs | f2fs | zfs | overlayfs | tmpfs | ramfs) ;;
  *) skip_all 'the file system here is none that is known to keep change times' ;;
esac

make_node node
kernel=node/sys/kernel/security/apparmor
boot=node/proc/sys/kernel/random/boot_id
store=node/var/lib/aakit/registered.yaml
copy=node/etc/apparmor.d/k8s-web
seal=node/run/aakit/sealed
mkdir -p texts "$(dirname "$boot")"
echo 2f6b1d0c-0000-4000-8000-000000000001 >"$boot"
put_profile texts/web k8s-web '' /web
put_profile texts/db k8s-db '' /db
aa-compile -q texts -o bundle --root node >/dev/null || echo 'Bail out! aa-compile failed'
register() { aa-register --root node "$@"; }
id=$(register features -q)

ok 'apply' gives 0 register bundle
ok 'what changed something is not sealed' test ! -e "$seal"
sleep 0.2 # what was written this very moment is not sealed
ok 'a second run' gives 0 register bundle
ok 'is sealed' test -s "$seal"
ok 'for nobody else to read or change' test "$(stat -c %a "$seal")" = 600

# A blob that is cut tells whether it was read.
cp -a bundle whole
truncate -s 100 "bundle/$id/k8s-web"
sealed() { gives 0 register bundle && out_has 'nothing to change: 2 profiles are loaded as wanted'; }
unsealed() { gives 5 register "$@" bundle && err_has 'truncated or altered'; }
ok 'a third run reads no policy' sealed
ok 'and says once that this is a recording' test "$(grep -c recording err)" = 1
ok 'diff does' gives 5 register diff bundle
ok 'so does a dry run' unsealed --dry-run
ok 'and --json' unsealed --json
ok 'another option is another run' unsealed --force
ok 'so is a name to adopt' unsealed --adopt k8s-web
ok 'and another path' gives 5 register bundle/.
ok 'still sealed' sealed

# with PATH SED-SCRIPT WHAT: something else in a file ends it, and the old content brings it back.
with() {
  cp -a "$1" kept
  sed "$2" kept >other
  cat other >"$1"
  ok "$3: no seal" unsealed
  cp -a kept "$1"
  ok "$3: as it was" sealed
}
with "$kernel/revision" 's/.*/77/' 'the policy moved on'
with "$kernel/revision" 's/.*/0/' 'a revision that is not told'
with "$kernel/revision" '$d' 'a revision that cannot be read'
with "$boot" 's/1$/2/' 'another boot'
with "$boot" '$d' 'a boot that is not told'
with bundle/manifest.yaml '$a# more' 'another manifest'
with "$seal" 's,sealed/3,sealed/2,' 'a seal of another kind'
with "$seal" '2s/^./x/' 'another digest'
with "$seal" '2d' 'no digest'
with "$seal" '3s/.*/two/' 'no number'
with "$seal" '4s/^./x/' 'another stamp'
with "$seal" '4s/^..//' 'a stamp that is short'
with "$seal" '4s/ /0 /' 'a stamp that is long'
with "$seal" '4s/^[^ ]*//' 'no stamp'
with "$seal" '4s/ .*//' 'a stamp without a path'
with "$seal" '$s/ / x/' 'a path that is none'
with "$seal" '$s,/,/../,' 'a path that leads elsewhere'
with "$seal" '4,$d' 'a seal of no file'
with "$seal" '2,$d' 'a seal that is cut'
with "$seal" '$!s/$/\x00/' 'a seal with NUL bytes'

# seal_again: a run that looks at the whole bundle, and may have to wait until no change is of this very moment.
seal_again() {
  local i
  rm "$seal"
  mv bundle cut
  cp -a whole bundle
  for i in $(seq 50); do
    register -q bundle >out 2>err || break
    [ ! -e "$seal" ] || break
    sleep 0.1
  done
  rm -rf bundle
  mv cut bundle
  sealed
}
# changed FILE COMMAND WHAT: a file that COMMAND changed ends it, also where it is given its content and its times back.
changed() {
  cp -a "$1" kept
  cp -a "$1" other
  eval "$2"
  ok "$3: no seal" unsealed
  cat kept >other
  touch -r kept other
  mv other "$1"
  ok "$3: nor of its bytes again" unsealed
  ok "$3: until a run has looked" seal_again
}
for file in "$store" "$copy"; do
  changed "$file" 'echo "# more" >>"$1"' "$file is longer"
  changed "$file" 'sed -i y/a/b/ "$1"; touch -r kept "$1"' "$file has other bytes and the old times"
  changed "$file" 'sed y/a/b/ kept | dd of="$1" conv=notrunc status=none; touch -r kept "$1"' "$file was written over"
  changed "$file" 'rm "$1"' "$file is gone"
  changed "$file" 'mv "$1" away; ln -s "$PWD/away" "$1"' "$file is a link"
done
chmod 666 "$seal"
ok 'a seal that others can write: no seal' unsealed
chmod 600 "$seal"
ok 'as it was' sealed
mv $kernel/policy/profiles kept-profiles
mkdir $kernel/policy/profiles
ok 'another policy namespace: no seal' unsealed
rmdir $kernel/policy/profiles
mv kept-profiles $kernel/policy/profiles
ok 'as it was' sealed
noise() {
  local i
  for i in $(seq 40); do
    head -c $((i * 13)) /dev/urandom >"$seal"
    [ $((i % 2)) = 0 ] || { echo aakit/sealed/3; head -c $((i * 13)) /dev/urandom; } >"$seal"
    unsealed || return 1
  done
}
ok 'noise is no seal' noise

# what changes something breaks it
rm -rf bundle
mv whole bundle
ok 'a run without a seal' gives 0 register bundle
ok 'is sealed again' grep -q k8s-web "$seal"
put_profile texts/db k8s-db '' /other
aa-compile -q texts -o bundle --root node >/dev/null
ok 'a bundle that changed is loaded' gives 0 register bundle
ok 'by one replacement' out_has '1 replaced, 0 added, 1 unchanged'
ok 'which breaks the seal' test ! -e "$seal"
sleep 0.2
register -q bundle >/dev/null 2>&1
ok 'sealed' test -e "$seal"
ok 'rm' gives 0 register rm k8s-db
ok 'breaks it' test ! -e "$seal"
ok 'what it took out comes back' gives 0 register bundle
ok 'as an addition' out_has '0 replaced, 1 added, 1 unchanged'
finish
