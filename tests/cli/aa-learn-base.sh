# SPDX-License-Identifier: GPL-2.0-or-later
# aa-learn --base: learned rules join a profile by another hand; whatever else is in its text stays.
# shellcheck source=tests/cli/refusals.sh
. "${AAKIT_SRCDIR:?}/tests/cli/refusals.sh"
features=$AAKIT_SRCDIR/profiles/features/debian-12-6.1
node=$AAKIT_SRCDIR/tests/nodes/web

cat > base << 'BASE'
# Our web server; } is no brace here.
abi <abi/3.0>,
@{WWW} = /var/www /srv/www

profile helper { /helper r, }

profile   k8s-web   flags=(attach_disconnected,mediate_deleted) {
  include if exists <local/of-a-test>

  network inet stream,     # it listens
    "/srv/a \} b"  r,
  @{WWW}/{a,b}/** r,
  audit deny /etc/shadow r,

  profile child /usr/bin/child {/usr/bin/child mr,} # its own
  ^hat {/hat r,}
  # the end }
}
profile last { /last r, }
BASE

# denial SERIAL NAME MASK [LABEL]: what the kernel writes when it refuses a file.
denial() {
  printf 'type=AVC msg=audit(1763780000.123:%s): apparmor="DENIED" operation="open" class="file" profile="%s" name=%s pid=41 comm="w" requested_mask="%s" denied_mask="%s" fsuid=0 ouid=0\n' \
    "$1" "${4:-k8s-web}" "$2" "$3" "$3"
}
{
  denial 101 '"/new"' r
  denial 102 '"/srv/www/a/x"' rw
  denial 103 '"/etc/shadow"' r
  denial 104 '"/proc/kcore"' r
  denial 105 2F6E65770A7D2071 r
} > denials.log

# learn DIR ARGS...: records the denials into DIR.
learn() {
  local dir=$1
  shift
  run aa-learn record --profile k8s-web --input denials.log -o "$dir" --features "$features" "$@"
}

# block FILE: the lines between the marks; rest FILE: all others.
block() { sed -n '/# learned: begin/,/# learned: end/p' "$1" | sed '1d;$d'; }
rest() { sed '/# learned: begin/,/# learned: end/d' "$1"; }

learn out --base base
test "$rc" -eq 0 && rest out/k8s-web | cmp -s - base
result $? 'denials join the base, and every other byte of it stays'
cat > wanted << 'WANTED'
  "/new\012\} q" r,  # 1 file, 1 event, 1 run
  /new r,  # 1 file, 1 event, 1 run
  /srv/www/a/x w,  # 1 file, 1 event, 1 run
WANTED
block out/k8s-web | grep -v '^  #' | cmp -s - wanted
result $? 'only what it lacks, sorted, with what it rests on' || block out/k8s-web | diag
block out/k8s-web | grep '^  #' | grep -q '^  #/proc/kcore r,  # .* \[[a-z-]*\]; 1 file' && ! grep -q '#/etc/shadow' out/k8s-web
result $? 'what is sensitive waits for review'
grep -q 'base has deny rules for what was seen, which stays denied (1 access)' "$scratch/err" \
  && grep -q 'file /etc/shadow r' "$scratch/err"
result $? 'what a deny rule forbids is named'
grep -q '^k8s-web: 5 events, 3 new rules, 1 for review$' "$scratch/out"
result $? 'the summary counts the new rules' || diag < "$scratch/out"

cp out/k8s-web before
chmod 600 out/k8s-web
learn out --base out/k8s-web --json
python3 -c 'import json, sys; p, = json.load(sys.stdin)["profiles"]; sys.exit(not (p["joins"] and p["rules"] == 0 and p["check"]["held_back"] == 2))' < "$scratch/out"
result $? 'as JSON' || diag < "$scratch/out"
learn out --base out/k8s-web
test "$(stat -c %a out/k8s-web)" = 600
result $? 'the base keeps its mode'
test "$rc" -eq 0 && cmp -s out/k8s-web before && ! test -e out/k8s-web.new && grep -q ' 0 new rules' "$scratch/out"
result $? 'again: nothing changes'
run aa-learn profile out/k8s-web.learned.yaml --base base --features "$features"
test "$rc" -eq 0 && cmp -s "$scratch/out" before
result $? 'profile --base prints the same'
run aa-learn profile out/k8s-web.learned.yaml --base out/k8s-web --features "$features" --allow kernel-memory
test "$rc" -eq 0 && block "$scratch/out" | grep -q '^  /proc/kcore r,  # .*; --allow kernel-memory$' && ! block "$scratch/out" | grep -q '# review'
result $? 'what is allowed by hand is a rule then' || block "$scratch/out" | diag

run aa-learn record --profile k8s-web --input denials.log -o live
grep -q 'no profile is written from denials alone; --base PROFILE adds' "$scratch/err" && ! test -e live/k8s-web
result $? 'denials alone make no profile; --base is told of'
mkdir -p root/etc/apparmor.d && cp base root/etc/apparmor.d/k8s-web
run aa-learn record --profile k8s-web --input denials.log -o live --root root
grep -q -- '--base root/etc/apparmor.d/k8s-web adds' "$scratch/err"
result $? 'and the text that lies on the node is named'

sed 's/# it listens/# edited/' base > out/k8s-web
cp out/k8s-web edited
learn out --base base
cmp -s out/k8s-web edited && cmp -s out/k8s-web.new before
result $? 'another text in the directory stays: the outcome goes to .new'

{
  denial 201 '"/by-child"' r k8s-web//child
  denial 202 '"/by-hat"' r k8s-web//hat
  denial 203 '"/by-other"' r k8s-web//other
  denial 204 '"/by-self"' r
} > children.log
run aa-learn record --profile k8s-web --input children.log -o children --features "$features" --base base
test "$rc" -eq 0 && grep -q '^k8s-web: 4 events, 4 new rules' "$scratch/out"
result $? 'children and hats get rules of their own'
cat > wanted << 'WANTED'
  profile child /usr/bin/child {/usr/bin/child mr,
  # learned: begin (aakit adds rules up to the end mark, and sorts them)
  /by-child r,  # 1 file, 1 event, 1 run
  # learned: end
} # its own
  ^hat {/hat r,
  # learned: begin (aakit adds rules up to the end mark, and sorts them)
  /by-hat r,  # 1 file, 1 event, 1 run
  # learned: end
}
  # the end }
  # learned: begin (aakit adds rules up to the end mark, and sorts them)
  /by-other r,  # 1 file, 1 event, 1 run
  /by-self r,  # 1 file, 1 event, 1 run
  # learned: end
}
WANTED
sed -n '/^  profile child/,/^profile last/p' children/k8s-web | sed '$d' | cmp -s - wanted
result $? 'each in the body that it belongs to; what the text has no child for is for the profile itself' || diag < children/k8s-web
cp children/k8s-web before
run aa-learn profile children/k8s-web.learned.yaml --base children/k8s-web --features "$features"
cmp -s "$scratch/out" before
result $? 'again: nothing changes in any of them'
run aa-learn record --profile k8s-web --root "$node" -o whole --base base
test "$rc" -eq 0 && rest whole/k8s-web | cmp -s - base && aa-compile whole/k8s-web -o bundle --root "$node" > /dev/null 2>&1
result $? 'what was learned in complain mode joins a base as well'

for state in classes/expected/files/k8s-c odd/expected/files/k8s-odd; do
  label=${state##*/}
  printf 'abi <abi/3.0>,\nprofile %s {\n}\n' "$label" > empty
  run aa-learn profile "$AAKIT_SRCDIR/tests/cases/$state.learned.yaml" --base empty --features "$features"
  code=$rc
  cp "$scratch/out" full
  run aa-learn profile "$AAKIT_SRCDIR/tests/cases/$state.learned.yaml" --base full --features "$features"
  test "$code" -eq 0 && test "$rc" -eq 0 && rest full | cmp -s - empty && cmp -s "$scratch/out" full
  result $? "rules of every class and hostile names join an empty profile, once: $label" || diag < "$scratch/err"
done

# refuses CODE TEXT BASE DESCRIPTION: the base is refused with that message, and no profile is written.
refuses() {
  printf '%s' "$3" > bad
  rm -rf refused
  learn refused --base bad
  test "$rc" -eq "$1" && grep -qF -- "$2" "$scratch/err" && ! test -e refused/k8s-web
  result $? "$4" || diag < "$scratch/err"
}
refuses 5 'bad:1:1: no profile "k8s-web" in this text itself, but k8s-wob' 'profile k8s-wob { }' 'a base without the profile'
mkdir -p inc/abi inc/abstractions && cp -r /etc/apparmor.d/abi/. inc/abi/ && cp base inc/included
AAKIT_APPARMOR_BASE=$PWD/inc refuses 5 'bad:1:1: no profile "k8s-web" in this text itself' 'include <included>
' 'a profile that stands in an include'
refuses 5 'bad:2:11: syntax error' 'profile k8s-web {
  nonsense,
}' 'a base that does not compile'
refuses 5 'bad:2:24: it cannot be told whether the rule ends' 'profile k8s-web {
set rlimit nofile <= 10,/x r,
}' 'a base that can be read in two ways'
refuses 5 'bad:3:7: a learned block has rules and comments that end on their line' "profile k8s-web {
  # learned: begin (aakit adds rules up to the end mark, and sorts them)
/a r, /b
  r,
  # learned: end
}" 'a learned block that was edited into something else'
finish
