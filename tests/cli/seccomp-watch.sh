# SPDX-License-Identifier: GPL-2.0-or-later
# aa-register watch and wait with seccomp profiles: generations, and files that somebody changes or removes.
# shellcheck shell=bash source=tests/cli/tap.sh
. "${AAKIT_SRCDIR:?}/tests/cli/tap.sh"
have_parser || skip_all 'apparmor_parser is not installed'
# shellcheck source=tests/cli/watching.sh
. "$AAKIT_SRCDIR/tests/cli/watching.sh"

mkdir texts
put_profile texts/web k8s-web '' /web
printf '{"defaultAction":"SCMP_ACT_ERRNO"}' > texts/web.seccomp.json
printf '{"defaultAction":"SCMP_ACT_KILL"}' > next.json
file=node/var/lib/kubelet/seccomp/aakit/web.json
ok 'a bundle' gives 0 aa-compile texts -o bundle --root node
ok 'nothing is there yet' gives 3 aa-register wait aakit/web.json --timeout 0 --root node
start bundle
ok 'it is placed' soon said '"event":"generation".*"aakit/web.json","action":"add","mode":"seccomp"'
ok 'as it is' cmp -s texts/web.seccomp.json "$file"
ok 'which can be waited for' gives 0 aa-register wait aakit/web.json k8s-web --root node
rm "$file"
ok 'a removed file comes back' soon said '"event":"drift".*"aakit/web.json","action":"add"'
echo '{}' > "$file"
ok 'a changed one is put right' soon said '"event":"drift".*"aakit/web.json","action":"replace"'
ok 'really' cmp -s texts/web.seccomp.json "$file"
cp next.json texts/web.seccomp.json
ok 'another generation' gives 0 aa-compile texts -o bundle --root node
ok 'is taken in' soon cmp -s next.json "$file"
ok 'it ends with 0' stop
ok 'the file stays' test -e "$file"
ok 'status has both kinds' gives 0 aa-register status --root node
ok 'one a file' grep -qE '^loaded +aakit/web.json +seccomp +sha256:[0-9a-f]{16} ' "$scratch/out"
ok 'and in JSON' gives 0 aa-register status --json --root node
ok 'with its kind' out_has '"kind" : "seccomp"'
echo '{}' > "$file"
ok 'what differs is a finding' gives 3 aa-register status --root node --metrics metrics.prom --nfd nfd
ok 'and is named' grep -qE '^drifted +aakit/web.json' "$scratch/out"
ok 'metrics tell it' grep -qxF 'aakit_profile_as_registered{profile="aakit/web.json"} 0' metrics.prom
ok 'the node is not ready' grep -q 'profiles.ready=false' nfd
finish
