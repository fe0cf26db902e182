# SPDX-License-Identifier: GPL-2.0-or-later
# aa-register watch while it is at work: signals and changes during a reading, paths of every kind, a store that is gone,
# a kernel without room for watches, and drift without end.
# shellcheck shell=bash source=tests/cli/tap.sh
. "${AAKIT_SRCDIR:?}/tests/cli/tap.sh"
have_parser || skip_all 'apparmor_parser is not installed'
# shellcheck source=tests/cli/watching.sh
. "$AAKIT_SRCDIR/tests/cli/watching.sh"

# A parser that takes as long as the file "hold" is there, and tells each of its runs.
parser=$(PATH=/sbin:/usr/sbin:/usr/bin:/usr/local/sbin command -v apparmor_parser)
cat > slow << S
#!/bin/sh
[ "\$1" != --version ] || exec "$parser" --version
echo \$\$ >> "$scratch/runs"
[ ! -e "$scratch/poke" ] || touch "$scratch/texts/.poked"
while [ -e "$scratch/hold" ]; do sleep 0.05; done
exec "$parser" "\$@"
S
chmod +x slow
export AAKIT_APPARMOR_PARSER=$scratch/slow
: > runs
runs() { [ "$(wc -l < runs)" -ge "$1" ]; }
gone() { ! kill -0 "$1" 2> /dev/null; }

mkdir texts
put_profile texts/web k8s-web '' /web

# --- signals during a reading
: > hold
start texts
ok 'a reading is under way' soon runs 1
kill -HUP "$pid"
sleep 0.2
rm hold
ok 'SIGHUP during it makes it read again' soon runs 2
ok 'and that is brought in' soon said '"event":"generation"'
: > hold
kill -HUP "$pid"
ok 'another reading is under way' soon runs 3
unload k8s-web
ok 'drift is put right meanwhile' soon said '"event":"drift".*"k8s-web","action":"add"'
child=$(tail -n 1 runs)
ok 'SIGTERM ends it with 0, compiler or not' stop
ok 'and the compiler with it' soon gone "$child"
rm hold

# --- what systemd is told
: > runs
python3 -c '
import socket
heard = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
heard.bind("notify")
while True:
    words = [word.partition("=")[0] for word in heard.recv(4096).decode().splitlines()]
    runs = len(open("runs").readlines())
    with open("told", "a") as told:
        told.write(f"{runs} {words[0]} {words[-1]}\n")' &
helper=$!
soon test -S notify
export NOTIFY_SOCKET=$scratch/notify
start texts
ok 'it is ready after the first reading' soon grep -sqx '1 READY STATUS' told
: > hold
put_profile texts/web k8s-web '' /web2
soon runs 2
kill -HUP "$pid"
ok 'SIGHUP is a reload' soon grep -sqx '2 RELOADING MONOTONIC_USEC' told
rm hold
ok 'which is over after a reading that began later' soon grep -sqx '3 READY STATUS' told
ok 'not before' test "$(grep -c READY told)" -eq 2
stop
ok 'its end is told' soon grep -sq STOPPING told
unset NOTIFY_SOCKET
kill "$helper"
wait "$helper" 2> /dev/null
helper=0

# --- what never comes to rest
: > poke
start texts
ok 'what changes during each reading is told' soon said '"event":"failed".*goes on changing'
rm poke
ok 'and brought in once it rests' soon said '"event":"generation"'
while :; do
  mkdir "$kernel/policy/profiles/.storm"
  rmdir "$kernel/policy/profiles/.storm"
done 2> storm &
helper=$!
put_profile texts/web k8s-web '' /web3
ok 'a generation is taken in while the policy changes without end' soon in_force k8s-web /web3
soon at_least 2 '"event":"generation"'
unload k8s-web
ok 'drift is put right too' soon said '"event":"drift".*"k8s-web","action":"add"'
kill "$helper"
wait "$helper" 2> /dev/null
helper=0
stop
# It was killed between the two, or is in what was copied for a load.
rm -rf "$kernel/policy/profiles/.storm"

# --- the store
unset AAKIT_APPARMOR_PARSER
put_profile texts/db k8s-db 'flags=(complain)' /db
store=node/var/lib/aakit/registered.yaml
start texts
ok 'all is loaded' soon said '"event":"generation".*"k8s-db"'
rm "$store"
unload k8s-web
ok 'what is unloaded comes back without a store' soon said '"event":"drift".*"k8s-web","action":"add"'
ok 'which is there again' soon grep -sq k8s-web "$store"
echo '}{' > "$store"
mode=$(echo "$kernel"/policy/profiles/k8s-web.*/mode)
rm -f "$mode"
echo complain > "$mode"
ok 'with a damaged one too' soon said '"event":"drift".*"k8s-web","action":"replace"'
ok 'that is told' soon said '"event":"failed".*registered.yaml'
rm "$store"
rm -rf node/run/aakit
: > node/run/aakit
unload k8s-db
ok 'and without a lock' soon said '"event":"drift".*"k8s-db","action":"add"'
rm node/run/aakit
ok 'both are there again, once they can be' soon grep -sq k8s-db "$store"
stop

# --- what may not be put back does not keep the rest
start texts
soon said '"event":"generation"'
mode=$(echo "$kernel"/policy/profiles/k8s-db.*/mode)
rm -f "$mode"
echo enforce > "$mode"
ok 'a profile that was made to enforce is told' soon said '"event":"failed".*k8s-db.*--allow-complain'
unload k8s-web
ok 'the others come back' soon said '"event":"drift".*"k8s-web","action":"add"'
put_profile texts/db k8s-db '' /db2
ok 'and the next generation is taken in' soon in_force k8s-db /db2
stop
rm texts/db

# --- paths
mkdir -p data/one/deep data/two/deep
put_profile data/one/deep/web k8s-web '' /one
put_profile data/two/deep/web k8s-web '' /two
ln -s one data/current
ln -s data/current/deep profiles
start profiles
ok 'a path of links is read' soon in_force k8s-web /one
ln -s two data/next
mv -T data/next data/current
ok 'a link on the way that becomes another one is seen' soon in_force k8s-web /two
put_profile data/two/deep/.web k8s-web '' /three
mv data/two/deep/.web data/two/deep/web
ok 'so is what it leads to' soon in_force k8s-web /three
mkdir -p newer/one/deep
put_profile newer/one/deep/web k8s-web '' /four
ln -s one newer/current
mv data older
mv newer data
ok 'so is another directory high above' soon in_force k8s-web /four
stop
mkdir map
generation ..1 /five
start map/k8s-web
ok 'a single file of a ConfigMap is read' soon in_force k8s-web /five
generation ..2 /six
ok 'and its next generation' soon in_force k8s-web /six
stop

# --- no room for watches: max_user_instances belongs to all of root's processes, those in containers too
if unshare --user --map-root-user true 2> /dev/null; then
  # shellcheck disable=SC2016
  unshare --user --map-root-user sh -c 'echo 1 > /proc/sys/user/max_inotify_instances
    echo "$$" > inside; exec aa-register watch --root node --json --settle 50 texts' > log 2> err &
  pid=$!
  ok 'it reads what it cannot watch' soon in_force k8s-web /web3
  ok 'and tells so' soon said '"event":"failed".*cannot watch files'
  put_profile texts/web k8s-web '' /web8
  ok 'looks again after a while' soon at_least 2 '"k8s-web","action":"replace"'
  unload k8s-web
  ok 'and guards the kernel' soon said '"event":"drift".*"k8s-web","action":"add"'
  nsenter --user --target "$(cat inside)" --preserve-credentials \
    sh -c 'echo 9 > /proc/sys/user/max_inotify_instances' 2> /dev/null
  stop
fi
finish
