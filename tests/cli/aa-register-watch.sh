# SPDX-License-Identifier: GPL-2.0-or-later
# aa-register watch on a recording of a node: generations as people and kubelets write them, drift, and what goes wrong.
# shellcheck shell=bash source=tests/cli/tap.sh
. "${AAKIT_SRCDIR:?}/tests/cli/tap.sh"
have_parser || skip_all 'apparmor_parser is not installed'

# shellcheck source=tests/cli/watching.sh
. "$AAKIT_SRCDIR/tests/cli/watching.sh"

# --- what a directory holds
mkdir texts
put_profile texts/web k8s-web '' /web
start texts
ok 'what is there is loaded' soon said '"event":"generation".*"unchanged":0.*"k8s-web","action":"add"'
ok 'in the kernel' loaded 'k8s-web (enforce)'
put_profile texts/.new k8s-db '' /db
mv texts/.new texts/db
ok 'a new file is taken in' soon said '"unchanged":1.*"k8s-db","action":"add"'
put_profile texts/web k8s-web '' /web2
ok 'a changed one too' soon said '"unchanged":1.*"k8s-web","action":"replace"'
ok 'text and kernel agree' cmp -s texts/web node/etc/apparmor.d/k8s-web
echo 'profile k8s-web {' > texts/web
ok 'a bad generation is told' soon said '"event":"failed".*texts/web:[0-9]+:[0-9:]* syntax error'
ok 'and the good one stays' loaded 'k8s-web (enforce)'
ok 'the daemon goes on' kill -0 "$pid"

# --- drift, while the generation is still bad
rm -r "$kernel"/policy/profiles/k8s-db.*
ok 'what is unloaded comes back' soon said '"event":"drift".*"k8s-db","action":"add"'
mode=$(echo "$kernel"/policy/profiles/k8s-web.*/mode)
rm -f "$mode"
echo complain > "$mode"
ok 'what complains enforces again' soon said '"event":"drift".*"k8s-web","action":"replace"'
put_profile texts/web k8s-web '' /web3
ok 'the next good generation is taken in' soon grep -q /web3 node/etc/apparmor.d/k8s-web
ok 'it ends with 0' stop
ok 'and says so' said '"event":"stopped"'
ok 'everything stays loaded' loaded 'k8s-web (enforce)'

# --- killed, and started again
start texts
ok 'a second start finds all as wanted' soon said '"event":"generation".*"unchanged":2,"profiles":\[\]'
kill -KILL "$pid"
wait "$pid" 2> err
put_profile texts/web k8s-web '' /web4
rm -r "$kernel"/policy/profiles/k8s-db.*
start texts
ok 'after a kill it makes up for all' soon said '"event":"generation".*"k8s-db","action":"add".*"k8s-web","action":"replace"'
before=$(grep -c '"event":"generation"' log)
kill -HUP "$pid"
ok 'SIGHUP makes it read anew' soon at_least $((before + 1)) '"event":"generation"'
kill -STOP "$pid"
for i in {1..18000}; do : > "texts/.x$i"; done
rm -f texts/.x*
put_profile texts/web k8s-web '' /web5
kill -CONT "$pid"
ok 'more events than the queue holds lose nothing' soon said '"k8s-web","action":"replace"'
ok 'text in force' soon cmp -s texts/web node/etc/apparmor.d/k8s-web
stop

# --- what is no longer there
mkdir -p node/proc/78/attr/apparmor
echo 'k8s-db (enforce)' > node/proc/78/attr/apparmor/current
echo postgres > node/proc/78/comm
start --prune texts
ok 'with --prune' soon said '"event":"generation"'
mv texts/db db
put_profile texts/web k8s-web '' /web7
ok 'what a task wears stays, and holds nothing up' soon said '"k8s-web","action":"replace".*"k8s-db","action":"worn"'
ok 'in the kernel' loaded 'k8s-db (enforce)'
rm -r node/proc/78
kill -HUP "$pid"
ok 'when none does it goes' soon said '"k8s-db","action":"prune"'
ok 'from the kernel' not_loaded 'k8s-db (enforce)'
ok 'with its text' test ! -e node/etc/apparmor.d/k8s-db
mv texts/web web
ok 'a directory that has become empty is told' soon said '"event":"failed".*no profile in this directory'
ok 'and unloads nothing' loaded 'k8s-web (enforce)'
mv web db texts
ok 'what is there again is loaded again' soon loaded 'k8s-db (enforce)'
stop

# --- a bundle, which is swapped whole
aa-compile -q texts -o bundle --root node > /dev/null
start bundle
ok 'a bundle is taken in' soon said '"event":"generation".*"unchanged":2'
put_profile texts/web k8s-web '' /web6
aa-compile -q texts -o bundle --root node > /dev/null
ok 'the next one as well' soon said '"k8s-web","action":"replace"'
mv bundle away
ok 'a bundle that vanishes is told' soon said '"event":"failed"'
ok 'and unloads nothing' loaded 'k8s-web (enforce)'
put_profile texts/web k8s-web '' /web7
aa-compile -q texts -o away --root node > /dev/null
mv away bundle
ok 'one that comes back is taken in' soon at_least 2 '"k8s-web","action":"replace"'
stop

# --- a path that is not there yet, nor the directory above it
start late/er/texts
ok 'a path that is missing is told' soon said '"event":"failed".*late'
mkdir -p late/er
cp -r texts late/er/.texts
mv late/er/.texts late/er/texts
ok 'and taken in when it comes' soon said '"event":"generation"'
stop

# --- a ConfigMap
mkdir map
generation ..2026_11_22_10_00_00.1 /one
start map
ok 'a ConfigMap is taken in' soon said '"event":"generation"'
for i in 2 3 4 5 6; do generation "..2026_11_22_10_00_00.$i" "/gen$i"; done
ok 'its swaps too' soon grep -q /gen6 node/etc/apparmor.d/k8s-web
ok 'both files are of one generation' soon grep -q /gen6 node/etc/apparmor.d/k8s-db
ok 'swaps in a row are one generation, or two' test "$(grep -c '"event":"generation"' log)" -le 3
ok 'none failed' test "$(grep -c '"event":"failed"' log)" -eq 0
stop

# --- a file that says whether all is as wanted
mkdir ready
put_profile texts/web k8s-web '' /web6
echo 'profile k8s-bad {' > texts/bad
: > ready/file
start --ready ready/file texts
ok 'a broken generation' soon said '"event":"failed"'
ok 'is not ready, whatever was before' test ! -e ready/file
ok 'though what is registered is loaded' gives 0 aa-register status --root node
ok 'status tells where it is asked' gives 3 aa-register status --root node --ready ready/file
ok 'and why' err_has 'ready/file is not there'
rm texts/bad
ok 'a good one is ready' soon test -f ready/file
ok 'to status too' gives 0 aa-register status --root node --ready ready/file
echo 'profile k8s-bad {' > texts/bad
ok 'the next broken one is not' soon test ! -e ready/file
rm texts/bad
ok 'and again' soon test -f ready/file
ok 'it ends' stop
ok 'with nobody who keeps the profiles' test ! -e ready/file
ok 'nothing else is left' test -z "$(ls -A ready)"
ok 'where the file cannot be it does not begin' gives 1 aa-register watch --root node --ready texts texts

# --- waiting for profiles
ok 'wait finds what is loaded' gives 0 aa-register wait --root node k8s-web k8s-db --timeout 0
ok 'and says how many' out_has '2 loaded'
mv node/var/lib/aakit/registered.yaml registered.yaml
echo '{' > node/var/lib/aakit/registered.yaml
ok 'whatever the store says' gives 0 aa-register wait --root node k8s-web k8s-db --timeout 0
mv registered.yaml node/var/lib/aakit/registered.yaml
ok 'it waits in vain' gives 3 aa-register wait --root node k8s-web k8s-late --timeout 1
ok 'and names what is missing' err_has 'profile "k8s-late" is not loaded'
ok 'as JSON' gives 3 aa-register wait --root node k8s-web k8s-late --timeout 0 --json
ok 'JSON tells both' test "$(grep -c '"loaded" : ' out)" -eq 2
aa-register wait --root node k8s-late --timeout 60 > waited 2> err &
waiter=$!
put_profile late.txt k8s-late '' /late
aa-register --root node -q late.txt > out 2>> err
ok 'what comes is seen' wait "$waiter"
ok 'it says so' grep -qF '1 loaded' waited
put_profile late.txt k8s-late 'flags=(complain)' /late
aa-register --root node -q --allow-complain late.txt > out 2>> err
ok 'a complaining profile does not do' gives 3 aa-register wait --root node k8s-late --timeout 0
ok 'unless it may' gives 0 aa-register wait --root node k8s-late --timeout 0 --any-mode
ok 'no name to wait for' gives 2 aa-register wait --root node
ok 'no time to wait' gives 2 aa-register wait --root node --timeout -1 k8s-web

# --- not to be begun with
ok 'no path' gives 2 aa-register watch --root node
ok 'no settle time' gives 2 aa-register watch --root node --settle 0 texts
echo N > node/sys/module/apparmor/parameters/enabled
ok 'AppArmor off' gives 4 aa-register watch --root node texts
echo Y > node/sys/module/apparmor/parameters/enabled
mv "$kernel" node/later
start texts
ok 'securityfs that is not mounted yet is told' soon said '"event":"failed".*securityfs'
mv node/later "$kernel"
ok 'and waited for' soon said '"event":"generation"'
stop
finish
