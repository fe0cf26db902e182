# SPDX-License-Identifier: GPL-2.0-or-later
# The metrics and labels that aa-register watch writes while it goes on: up to date, and whole whenever they are read.
# shellcheck shell=bash source=tests/cli/tap.sh
. "${AAKIT_SRCDIR:?}/tests/cli/tap.sh"
have_parser || skip_all 'apparmor_parser is not installed'

make_node node
kernel=node/sys/kernel/security/apparmor
pid=0
trap '[ "$pid" -eq 0 ] || kill -KILL "$pid" 2> /dev/null; drop_scratch' EXIT

# soon COMMAND...: it succeeds within a minute.
soon() {
  local i
  for ((i = 0; i < 600; i++)); do
    "$@" && return
    sleep 0.1
  done
  tail -n 30 exported/aakit* err | sed 's/^/# /'
  return 1
}
metric() { grep -qxF "aakit_$1" exported/aakit.prom 2> /dev/null; }
label() { grep -qxF "feature.node.kubernetes.io/apparmor-$1" exported/aakit 2> /dev/null; }
# whole: both files end as they do when they are whole.
whole() { tail -n 1 exported/aakit.prom | grep -q '^aakit_watch_last_success' && tail -n 1 exported/aakit | grep -q 'profiles.ready='; }

mkdir texts exported
put_profile texts/web k8s-web '' /web
aa-register watch --root node --settle 50 --metrics exported/aakit.prom --nfd exported/aakit --nfd-ttl 10 texts > log 2> err &
pid=$!
ok 'a generation is counted' soon metric 'watch_generations_total 1'
ok 'its profile has metrics' metric 'profile_as_registered{profile="k8s-web"} 1'
ok 'and a label' soon label 'profile.k8s-web=enforce'
first=$(head -n 1 exported/aakit)
put_profile texts/.db k8s-db '' /db
mv texts/.db texts/db
ok 'the next one too' soon metric 'watch_generations_total 2'
ok 'with its profile' soon label 'profile.k8s-db=enforce'
rm -r "$kernel"/policy/profiles/k8s-db.*
ok 'drift that is repaired is counted' soon metric 'watch_drifts_repaired_total 1'
ok 'it is as registered again' soon metric 'profile_as_registered{profile="k8s-db"} 1'
echo 'profile k8s-web {' > texts/web
ok 'a failure is counted' soon grep -qE '^aakit_watch_failures_total [1-9]' exported/aakit.prom
ok 'the labels stay' label 'profile.k8s-web=enforce'
renewed() { [ "$(head -n 1 exported/aakit)" != "$first" ]; }
ok 'their time is renewed' soon renewed
ok 'both are whole' whole
mv exported elsewhere
ok 'a directory that is gone is told' soon grep -q 'metrics and labels are not up to date: .*exported' err
ok 'and the watch goes on' kill -0 "$pid"
mkdir exported
ok 'until it is there again' soon test -s exported/aakit.prom
kill -TERM "$pid"
wait "$pid"
rc=$?
pid=0
ok 'it ends' test "$rc" -eq 0
ok 'and the files stay' whole
ok 'nothing else is left there' test "$(ls -A exported)" = "$(printf 'aakit\naakit.prom')"

# --- as README.md has it, but that the node is a recording
read -ra words <<< "$(taken aa-register-export.sh README.md | sed -n 's/^[$] //p')"
words=("${words[@]/#\//node/}")
mkdir -p node/etc/aakit/profiles
put_profile node/etc/aakit/profiles/shown k8s-shown '' /shown
for ((i = 1; i < ${#words[@]}; i++)); do
  case ${words[i - 1]} in --metrics | --nfd) mkdir -p "${words[i]%/*}" ;; esac
done
"${words[@]}" --root node > log 2> err &
pid=$!
ok "README.md's: the profile is counted" soon grep -qsF '{profile="k8s-shown"} 1' node/var/lib/prometheus/node-exporter/aakit.prom
ok "README.md's: the node is labelled" soon grep -qsF 'profile.k8s-shown=enforce' node/etc/kubernetes/node-feature-discovery/features.d/aakit
kill -TERM "$pid"
wait "$pid"
pid=0
finish
