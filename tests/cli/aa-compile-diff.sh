# SPDX-License-Identifier: GPL-2.0-or-later
# aa-compile diff as its users meet it: texts, bundles, compiled files, states, trees, and what is refused.
# shellcheck shell=bash source=tests/cli/tap.sh
. "${AAKIT_SRCDIR:?}/tests/cli/tap.sh"
have_parser || skip_all 'apparmor_parser is not installed'

f61=$AAKIT_SRCDIR/profiles/features/debian-12-6.1
f612=$AAKIT_SRCDIR/profiles/features/debian-13-6.12
export AAKIT_APPARMOR_BASE=${AAKIT_APPARMOR_BASE:-/etc/apparmor.d}

# profile NAME FLAGS RULES: a text on stdout.
profile() { printf 'abi <abi/3.0>,\nprofile %s %s {\n%s\n}\n' "$1" "$2" "$3"; }
# lines LINE...: the last run wrote these lines, after its two headers, and no other; the places of rules aside.
lines() {
  printf '%s\n' "$@" > wanted
  sed '1,2d; /^    \(allowed\|denied\) at /d' out | diff -u wanted - >&2
}
# behind LINE PLACE...: the places that stand below that line.
behind() {
  local line=$1
  shift
  printf '    %s\n' "$@" > wanted
  awk -v line="$line" '$0 == line { on = 1; next } on && /^    / { print; next } { on = 0 }' out | diff -u wanted - >&2
}

profile web '' '  /etc/app/** r,
  /log/*.log w,
  /bin/tool ix,
  capability chown,
  network inet stream,
  signal (receive) peer=unconfined,' > old
# The same in other words.
profile web '' '  network inet stream,
  /etc/app/{,**} r, deny /etc/app/ r,
  /log/{a*,}*.log w,
  /bin/tool ix,
  capability chown,
  /etc/app/{a*,b} r,
  signal (receive) peer=unconfined,' > same
profile web 'flags=(complain)' '  /etc/app/app.conf r,
  /log/*.log wk,
  /bin/tool px -> tool,
  audit capability chown,
  capability net_raw,
  network inet stream,
  deny /secret r,
  signal (receive) set=(kill) peer=unconfined,' > new

ok 'a text and itself' gives 0 aa-compile diff old old --features "$f61"
ok 'nothing is printed then' test ! -s out
ok 'other words for the same' gives 0 aa-compile diff old same --features "$f61"
ok 'two texts' gives 3 aa-compile diff old new --features "$f61"
ok 'what is allowed, class by class' lines 'profile web' 'mode' '- enforce' '+ complain' 'capability' '+ capability net_raw' 'file' \
  '- /bin/tool mix' '- /etc/app/** r  # but not: /etc/app/app.conf r' '+ /bin/tool px -> tool' '+ /log/*.log k' 'signal' \
  '- signal (receive) set=(all but kill) peer=unconfined' 'capability (records only)' '+ audit capability chown' \
  'file (records only)' '+ deny /secret r'
ok 'where the rule stands that allows it' behind '+ capability net_raw' 'allowed at new:7'
ok 'of a file' behind '+ /bin/tool px -> tool' 'allowed at new:5'
ok 'of a pattern' behind '+ /log/*.log k' 'allowed at new:4'
ok 'of a signal' behind '- signal (receive) set=(all but kill) peer=unconfined' 'allowed at old:8'
ok 'not of what is recorded' test -z "$(grep -A1 -F '+ deny /secret r' out | sed 1d)"
grep -v '^    ' out > forth
ok 'the other way round' gives 3 aa-compile diff new old --features "$f61"
ok 'it is mirrored' test "$(sed 1,2d forth | sed 's/^-/~/; s/^+/-/; s/^~/+/' | sort)" = "$(sed 1,2d out | grep -v '^    ' | sort)"

profile web '' 'audit /etc/x r,' > loud
profile web '' '/etc/x r,' > quiet
ok 'only records' gives 0 aa-compile diff loud quiet --features "$f61"
ok 'are told of' lines 'profile web' 'file (records only)' '- audit /etc/x r'
ok 'and said to be that' err_has 'differ in what is recorded'

mkdir -p base/abi base/abstractions
cp "$AAKIT_APPARMOR_BASE/abi/3.0" base/abi/
printf '/shared/** r,\n' > base/abstractions/shared
profile web '' '  include <abstractions/shared>
  deny /etc/shadow r,
  /etc/s* rw,' > denies
profile web '' '  /etc/s* r,' > allows
ok 'a rule of an include, and one that denies' gives 3 aa-compile diff allows denies --base base --features "$f61"
ok 'the include' behind '+ /shared/** r' "allowed at $PWD/base/abstractions/shared:1"
ok 'the denial' behind '- /etc/shadow r' 'allowed at allows:3' 'denied at denies:4'
ok 'as JSON' gives 3 aa-compile diff allows denies --json --base base --features "$f61"
ok 'too' python3 -c '
import json
profile = json.load(open("out"))["profiles"][0]
lost = {one["rule"]: one for one in profile["lost"]}
assert lost["/etc/shadow r"]["denied_at"] == {"path": "denies", "line": 4, "column": 3}, lost
assert lost["/etc/shadow r"]["allowed_at"]["path"] == "allows", lost'
aa-compile allows -o left -q --features "$f61"
aa-compile denies -o right -q --base base --features "$f61"
ok 'two bundles' gives 3 aa-compile diff left right --base base
ok 'have their texts' behind '- /etc/shadow r' 'allowed at left/text/web:3' 'denied at right/text/web:4'
ok 'and compiled files have none' gives 3 aa-compile diff left/[0-9a-f]*/web right/[0-9a-f]*/web
ok 'so that nothing is said' test -z "$(grep '^    ' out)"

# A kernel that does not mediate what another one does allows all of it.
sed '/^ptrace {/,+2d; /^mount {/,+2d' "$f61" > lenient
profile web '' '/a r,' > little
aa-compile little -o lax -q --features lenient
aa-compile little -o strict -q --features "$f61"
ok 'classes that only one of two kernels mediates' gives 3 aa-compile diff lax strict
ok 'are told of' lines 'profile web' 'mount' '- mount  # all of it: not mediated' 'ptrace' '- ptrace  # all of it: not mediated'

profile web /bin/web '' > plain
profile web '/bin/web xattrs=(security.tag=a user.tag=b)' '' > tagged
ok 'conditions on extended attributes' gives 3 aa-compile diff plain tagged --features "$f61"
ok 'are told of by their names' lines 'profile web' 'xattrs' '- none' '+ security.tag, user.tag'

ok 'a bundle' gives 0 aa-compile old -o one --features "$f61"
ok 'another' gives 0 aa-compile new -o two --features "$f61"
ok 'bundles' gives 3 aa-compile diff one two
ok 'say the same as texts' test "$(sed 1,2d forth)" = "$(sed 1,2d out | grep -v "^    ")"
ok 'a text beside a bundle is compiled for its kernel' gives 3 aa-compile diff one new
ok 'and says the same' test "$(sed 1,2d forth)" = "$(sed 1,2d out | grep -v "^    ")"
cp one/[0-9a-f]*/web web.1
cp two/[0-9a-f]*/web web.2
ok 'compiled files' gives 3 aa-compile diff web.1 web.2
ok 'too' test "$(sed 1,2d forth)" = "$(sed 1,2d out | grep -v "^    ")"

mkdir many
cp new many/web
profile other '' '/x r,' > many/other
ok 'a directory with one more' gives 3 aa-compile diff one many
ok 'which is told of' out_has '+ the profile'
sed s/web/www/ old > www
ok 'a profile under another name' gives 0 aa-compile diff old www --features "$f61"
printf 'abi <abi/3.0>,\nprofile web {\n profile kid { /k r, }\n}\n' > kid
printf 'abi <abi/3.0>,\nprofile web {\n profile kid { /k rw, }\n}\n' > kid2
ok 'children' gives 3 aa-compile diff kid kid2 --features "$f61"
ok 'by their names' lines 'profile web//kid' 'file' '+ /k w'

ok 'for two kernels' gives 0 aa-compile old -o both --features "$f61" --features "$f612"
ok 'a bundle for two and one for one: usage' gives 2 aa-compile diff both one
ok 'one of them is chosen' gives 0 aa-compile diff both one --features "$f61"
ok 'set by set' gives 0 aa-compile diff both both

mkdir -p root/etc/app root/log root/bin
touch root/etc/app/app.conf root/etc/app/x root/log/a.log root/bin/tool root/other
ok 'a tree' gives 3 aa-compile diff old new --features "$f61" --tree root
ok 'the file that was readable' out_has '- /etc/app/x r'
ok 'and no other' test "$(sed -n '/^files of/,$p' out | wc -l)" -eq 2

printf '/%s r,\n' {a..g}{h..n} {A..G}{H..I} > rules
profile web '' "$(cat rules)" > wide
profile web '' '' > none
ok 'much' gives 3 aa-compile diff wide none --features "$f61"
ok 'is not printed as a whole' out_has '- ... and 13 more'
ok 'unless it is to be' gives 3 aa-compile diff wide none --features "$f61" --most 1000
ok 'then it is' test "$(grep -c '^- /' out)" -eq 63
state=$(find "$AAKIT_SRCDIR/tests/cases/web" -name '*.learned.yaml' | head -n 1)
ok 'a learned state' gives 0 aa-compile diff "$state" "$state" --features "$f61"

ok 'JSON' gives 3 aa-compile diff --json old new --features "$f61" --tree root
python3 - out > facts << 'END'
import json, sys
document = json.load(open(sys.argv[1]))
profile = document["profiles"][0]
print(document["schema"], profile["name"], profile["there"], profile["changes"], profile["files"])
print([line for line in profile["lost"] if line["but"]])
END
ok 'is complete' grep -qF "aakit/policy-diff/1 web both [{'what': 'mode', 'old': 'enforce', 'new': 'complain'}] [{'path': '/etc/app/x', 'lost': 'r', 'gained': ''}]" facts
ok 'with exceptions' grep -qF "'rule': '/etc/app/** r', 'mediated': True, 'but': ['/etc/app/app.conf r'], 'more': False" facts

ok 'one side: usage' gives 2 aa-compile diff old
ok '--owner alone: usage' gives 2 aa-compile diff old new --owner
ok '--most 0: usage' gives 2 aa-compile diff old new --most 0
ok 'a side that is not there' gives 1 aa-compile diff old nowhere --features "$f61"
ok 'it is named' err_has nowhere
ok 'no tree' gives 1 aa-compile diff old new --features "$f61" --tree nowhere
echo 'profile web { oops }' > bad
ok 'a text that does not compile' gives 5 aa-compile diff old bad --features "$f61"
ok 'says nothing on stdout' test ! -s out
finish
