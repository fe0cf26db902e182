# SPDX-License-Identifier: GPL-2.0-or-later
# aa-register seals a run that found nothing to do: the next one reads no policy, unless anything at all has changed.
# shellcheck shell=bash source=tests/cli/tap.sh
# shellcheck disable=SC2016,SC2119,SC2120 # sed has addresses like $; what is not given is an empty list
. "${AAKIT_SRCDIR:?}/tests/cli/tap.sh"
have_parser || skip_all 'apparmor_parser is not installed'

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
with "$store" '$a# more' 'what is registered'
with "$copy" '$a# more' 'a copy that somebody changed'
with bundle/manifest.yaml '$a# more' 'another manifest'
with "$seal" 's,sealed/3,sealed/2,' 'a seal of another kind'
with "$seal" '3s/^./x/' 'another sum of the rest'
with "$seal" '4s/.*/two/' 'no number'
with "$seal" '2y/0123456789abcdef/123456789abcdef0/' 'another key'
with "$seal" '2s/^./x/' 'a key that is none'
with "$seal" '2s/^..//' 'a key that is short'
with "$seal" '2s/^/00/' 'a key that is long'
with "$seal" '2d' 'no key'
with "$seal" '5y/0123456789abcdef/123456789abcdef0/' 'another sum'
with "$seal" '5s/^..//' 'a sum that is short'
with "$seal" '5s/ .*//' 'a sum without a path'
with "$seal" '$s/ / x/' 'a path that is none'
with "$seal" '$s,/,/../,' 'a path that leads elsewhere'
with "$seal" '2,$d' 'a seal that is cut'
with "$seal" '$!s/$/\x00/' 'a seal with NUL bytes'
mv "$copy" kept
ok 'a copy that is gone: no seal' unsealed
mv kept "$copy"
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
sed -n 2p "$seal" >key
rm "$seal"
register -q bundle >/dev/null
ok 'by another key' test "$(sed -n 2p "$seal")" != "$(cat key)"
put_profile texts/db k8s-db '' /other
aa-compile -q texts -o bundle --root node >/dev/null
ok 'a bundle that changed is loaded' gives 0 register bundle
ok 'by one replacement' out_has '1 replaced, 0 added, 1 unchanged'
ok 'which breaks the seal' test ! -e "$seal"
register -q bundle >/dev/null 2>&1
ok 'sealed' test -e "$seal"
ok 'rm' gives 0 register rm k8s-db
ok 'breaks it' test ! -e "$seal"
ok 'what it took out comes back' gives 0 register bundle
ok 'as an addition' out_has '0 replaced, 1 added, 1 unchanged'
finish
