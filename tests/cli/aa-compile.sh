# SPDX-License-Identifier: GPL-2.0-or-later
# aa-compile as its users meet it: what it builds, what it refuses, and what a refusal leaves behind.
# shellcheck shell=bash source=tests/cli/tap.sh
. "${AAKIT_SRCDIR:?}/tests/cli/tap.sh"
have_parser || skip_all 'apparmor_parser is not installed'

f61=$AAKIT_SRCDIR/profiles/features/debian-12-6.1
f612=$AAKIT_SRCDIR/profiles/features/debian-13-6.12
tree() { (cd "$1" && find . -type f | sort | xargs sha256sum); }
same() { [ "$(tree "$1")" = "$(tree "$2")" ]; }

mkdir profiles
put_profile profiles/web k8s-web '' /web
put_profile profiles/db k8s-db 'flags=(complain)' /db
echo 'not a profile' >profiles/README
echo 'not a profile' >profiles/web.learned.yaml
echo 'not a profile' >profiles/.hidden
echo 'not a profile' >profiles/web~

ok 'builds for two kernels' gives 0 aa-compile profiles -o bundle --features "$f61" --features "$f612"
ok 'tells what it compiled' out_has 'compiled   k8s-db  complain'
id61=$(aa-compile features --json "$f61" | sed -n 's/.*"id" : "\(.*\)".*/\1/p')
apparmor_parser=$(PATH=/sbin:/usr/sbin:/usr/bin:/usr/local/sbin command -v apparmor_parser)
"$apparmor_parser" --config-file=/dev/null -Q -K -M "$f61" -b /etc/apparmor.d -S profiles/web >expected 2>/dev/null
ok 'the blob is what apparmor_parser makes' cmp "bundle/$id61/k8s-web" expected
cp -a bundle first
ok 'runs again' gives 0 aa-compile profiles -o bundle --features "$f612" --features "$f61"
ok 'has nothing to compile then' out_has 'nothing to change: 4 compiled as wanted'
ok 'the first word may be the verb' gives 0 aa-compile build profiles/web profiles/db -o other --features "$f61" --features "$f612"
ok 'the same inputs give the same bytes' same bundle other
touch -d @0 profiles/web
ok 'JSON' gives 0 aa-compile --json profiles -o bundle --features "$f61" --features "$f612"
ok 'JSON has its schema' out_has '"schema" : "aakit/build/1"'
ok 'times do not matter' out_has '"changed" : false'

put_profile profiles/db k8s-db '' /other
ok 'one text changes' gives 0 aa-compile profiles -o bundle --features "$f61" --features "$f612"
ok 'only that one is compiled' test "$(grep -c ^compiled out)/$(grep -c ^unchanged out)" = 2/2
cp -a bundle good

printf 'profile x {\n  /a r,\n  /b rzz,\n}\n' >profiles/broken
ok 'a syntax error is refused' gives 5 aa-compile profiles -o bundle --features "$f61"
ok 'with file and line' err_has 'profiles/broken:3:6: '
ok 'and the old bundle stays' same bundle good
printf 'profile x {\n  include <no/such>\n}\n' >profiles/broken
ok 'a missing include is refused' gives 5 aa-compile profiles -o bundle --features "$f61"
ok 'with its name' err_has "profiles/broken:2:12: Could not open 'no/such'"
: >profiles/broken
ok 'an empty text is refused' gives 5 aa-compile profiles -o bundle --features "$f61"
put_profile profiles/broken k8s-web '' /twice
ok 'two texts for one name are refused' gives 5 aa-compile profiles -o bundle --features "$f61"
ok 'and both are named' err_has 'profiles/web: profile "k8s-web" is in profiles/broken already'
put_profile profiles/broken '"a b"' '' /x
ok 'a name that is no file name is refused' gives 5 aa-compile profiles -o bundle --features "$f61"
head -c 100000 /dev/zero >profiles/broken
ok 'what is no text is refused' gives 5 aa-compile profiles -o bundle --features "$f61"
head -c 5000000 /dev/zero | tr '\0' '#' >profiles/broken
ok 'a huge text is refused' gives 5 aa-compile profiles -o bundle --features "$f61"
rm profiles/broken
mkfifo profiles/broken
ok 'a pipe is refused, at once' gives 5 timeout 20 aa-compile profiles -o bundle --features "$f61"
rm profiles/broken
ok 'after all that the old bundle is whole' same bundle good

ok 'no feature set at all is told' gives 4 aa-compile profiles -o bundle --root "$scratch/nowhere"
ok 'with what to do' err_has '--features'
echo 'no features' >bad.features
ok 'what is no feature set is refused' gives 5 aa-compile profiles -o bundle --features bad.features
ok 'no path: usage' gives 2 aa-compile -o bundle
ok 'no output: usage' gives 2 aa-compile profiles
ok 'unknown option: usage' gives 2 aa-compile profiles --outptu x
ok 'unknown verb: usage' gives 2 aa-compile biuld
ok 'a path that is not there' gives 1 aa-compile nothing.aa -o bundle --features "$f61"
mkdir empty
ok 'a directory without profiles' gives 1 aa-compile empty -o bundle --features "$f61"
mkdir precious && echo data >precious/file
ok 'what is no bundle is not replaced' gives 5 aa-compile profiles -o precious --features "$f61"
ok 'and stays' test "$(cat precious/file)" = data
ok 'a place that cannot be written' gives 1 aa-compile profiles -o /proc/bundle --features "$f61"

# A parser that is slow: the build is killed while it compiles.
cat >slow <<'END'
#!/bin/sh
[ "$1" = --version ] && { echo 'AppArmor parser version 3.0.8'; exit 0; }
sleep 60
END
chmod +x slow
put_profile profiles/web k8s-web '' /killed
AAKIT_APPARMOR_PARSER=$scratch/slow aa-compile profiles -o bundle --features "$f61" >out 2>err &
pid=$!
sleep 1
kill -9 "$pid"
wait "$pid" 2>/dev/null
ok 'a killed build leaves the old bundle' same bundle good
ok 'and nothing beside it' test -z "$(find . -maxdepth 1 -name '.bundle*')"

# Two builds of one bundle at once.
aa-compile profiles -o bundle --features "$f61" >/dev/null 2>&1 &
one=$!
aa-compile profiles -o bundle --features "$f612" >/dev/null 2>&1 &
two=$!
codes=0
wait "$one" || codes=1
wait "$two" || codes=1
ok 'two builds at once both succeed' test "$codes" = 0
ok 'and one of them is there whole' test "$(grep -c 'sha256:' bundle/manifest.yaml)" -ge 2

make_node node
ok 'features of a kernel' gives 0 aa-compile features --root node -o saved
ok 'its id is the id of the file' out_has "$id61"
ok 'and its text the same' cmp saved "$f61"
finish
