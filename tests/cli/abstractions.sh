# SPDX-License-Identifier: GPL-2.0-or-later
# The abstractions that ship: they say what the tables say, compile for every kernel that is known, and allow what they are for.
# shellcheck shell=bash source=tests/cli/tap.sh
. "${AAKIT_SRCDIR:?}/tests/cli/tap.sh"
have_parser || skip_all 'apparmor_parser is not installed'
mine=$AAKIT_SRCDIR/profiles/abstractions/aakit
base=$scratch/base
cp -r "${AAKIT_APPARMOR_BASE:-/etc/apparmor.d}" base
chmod -R u+w base
rm -rf base/abstractions/aakit
cp -r "$mine" base/abstractions/
export AAKIT_APPARMOR_BASE=$base

# profile [ABSTRACTION...]: the text of a profile that includes them.
profile() {
  local name
  printf 'abi <abi/3.0>,\nprofile k8s-web flags=(attach_disconnected, mediate_deleted) {\n'
  for name in "$@"; do printf '  include <abstractions/aakit/%s>\n' "$name"; done
  printf '  /usr/sbin/nginx r,\n}\n'
}

rules() {
  sed -nE 's/^ *((signal|ptrace) .*)/\1/p' "$mine/pod-runtime" | sort
}

sed -nE 's/^ *rule: "(.*)"$/\1/p' "$AAKIT_SRCDIR/profiles/runtime.yaml" | sed 's/\\"/"/g' | sort > table
rules > "$scratch/out"
ok 'pod-runtime has the rules of profiles/runtime.yaml, and no other' cmp table "$scratch/out"
ok 'of which there are some' test "$(wc -l < table)" -ge 7

for file in "$mine"/*; do
  profile "${file##*/}" > k8s-web
  for features in "$AAKIT_SRCDIR"/profiles/features/*; do
    ok "${file##*/} compiles for ${features##*/}" gives 0 aa-compile k8s-web --features "$features" -o "bundle-${features##*/}"
    rm -rf bundle-*
  done
done

features=$AAKIT_SRCDIR/profiles/features/debian-12-6.1
# found ID: the last check found this.
found() { out_has "[$1]" || err_has "[$1]"; }
profile > bare
profile pod-runtime > k8s-web
gives 3 aa-compile check --features "$features" bare
ok 'a profile without it can not be stopped' found unstoppable
ok 'and its processes not see each other' found own-processes
ok 'with it nothing is found' gives 0 aa-compile check --features "$features" --fail-on note k8s-web

profile service-account > k8s-web
# asks CODE QUESTION...
asks() { local code=$1 && shift && gives "$code" aa-compile query --features "$features" k8s-web k8s-web "$@"; }
volume=run/secrets/kubernetes.io/serviceaccount
for top in / /var/; do
  for name in ca.crt namespace token; do
    ok "a pod reads $top$volume's $name" asks 0 file "$top$volume/..2026_11_23_02_00_00.123456789/$name" r
  done
  ok 'its directory' asks 0 file "$top$volume/" r
  ok 'and writes none' asks 3 file "$top$volume/..2026_11_23_02_00_00.123456789/token" w
  ok 'nor reads what else may be there' asks 3 file "$top$volume/..2026_11_23_02_00_00.123456789/key" r
done
ok 'no other secret' asks 3 file /run/secrets/other/token r
finish
