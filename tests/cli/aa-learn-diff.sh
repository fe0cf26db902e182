# SPDX-License-Identifier: GPL-2.0-or-later
# What one state allows that another one does not: by class, in both directions, for people and as JSON; profile texts only
# where it is known what they say.
# shellcheck source=tests/cli/refusals.sh
. "${AAKIT_SRCDIR:?}/tests/cli/refusals.sh"

# event NUMBER FIELDS: a record of the label k8s-t, that second.
event() {
  printf 'type=AVC msg=audit(17950000%02d.000:%d): apparmor="ALLOWED" %s profile="k8s-t" pid=7 comm="c"\n' "$1" "$1" "$2"
}
# file NUMBER NAME MASK
file() {
  event "$1" "operation=\"open\" name=$2 requested_mask=\"$3\" denied_mask=\"$3\" fsuid=0 ouid=0"
}
# state NAME: NAME.log, learned.
state() {
  run aa-learn --profile k8s-t --input "$1.log" -o "$1" -q
  exits 0 "state $1"
}

{
  file 1 '"/etc/app.conf"' r
  file 2 '"/srv/data"' rw
  file 3 '"/var/www/html/a.html"' r
  file 4 '"/var/www/html/b.html"' r
  file 5 '"/var/www/html/c.html"' r
  event 6 'operation="capable" class="cap" capability=0  capname="chown"'
} > a.log
state a
{
  file 11 '"/etc/app.conf"' r
  file 12 '"/srv/data"' r
  file 13 '"/var/www/html/d.html"' r
  file 14 '"/etc/shadow"' r
  file 15 2F746D702F1B5B33316D0A21 r
  event 16 'operation="create" class="net" family="inet" sock_type="stream" protocol=6 requested="create" denied="create"'
} > b.log
state b
a=a/k8s-t.learned.yaml b=b/k8s-t.learned.yaml

# differs NAME WANTED ARGS...: exit code 3, and just that on standard output.
differs() {
  local name=$1 wanted=$2
  shift 2
  run aa-learn diff "$@"
  [ "$rc" -eq 3 ] && diff <(echo "$wanted") "$scratch/out"
  result $? "$name"
}
differs 'by class, in both directions' "--- $a
+++ $b
file
- /srv/data w,
- /var/www/html/**.html r,  # content
+ /etc/shadow r,  # review: password hashes
+ \"/tmp/\\033\\[31m\\012!\" r,
capability
- capability chown,
network
+ network inet stream," "$a" "$b"
differs 'with nothing widened' "--- $b
+++ $a
file
- /etc/shadow r,  # review: password hashes
- \"/tmp/\\033\\[31m\\012!\" r,
- /var/www/html/d.html r,
+ /srv/data w,
+ /var/www/html/a.html r,
+ /var/www/html/b.html r,
+ /var/www/html/c.html r,
capability
+ capability chown,
network
- network inet stream," --exact "$b" "$a"

run aa-learn diff --json "$a" "$b"
fits 'the document fits its schema'
[ "$rc" -eq 3 ] && is_json aakit/diff/1 'as JSON' && python3 - "$scratch/out" << 'PYTHON'
import json, sys
found = json.load(open(sys.argv[1], encoding="utf-8"))
assert found["a"] == "a/k8s-t.learned.yaml" and found["b"] == "b/k8s-t.learned.yaml", found
assert [r["rule"] for r in found["only_a"]] == ["capability chown,", "/srv/data w,", "/var/www/html/**.html r,"], found
assert [r["class"] for r in found["only_a"]] == ["capability", "file", "file"], found
assert found["only_a"][2]["pass"] == "content", found
review = [r for r in found["only_b"] if r["standing"] == "review"]
assert [r["rule"] for r in review] == ["/etc/shadow r,"] and review[0]["reason"], found
PYTHON
result $? 'the same in it'

run aa-learn diff "$a" "$a"
exits 0 'a state and itself'
says 'allow the same' 'which is said'
run aa-learn diff --json "$a" "$a"
exits 0 'a state and itself as JSON'
is_json aakit/diff/1 'is JSON too'
run aa-learn merge "$a" "$b" -o ab.yaml
run aa-learn diff ab.yaml "$a"
[ "$rc" -eq 3 ] && ! grep '^+ ' "$scratch/out"
result $? 'a part allows nothing beyond the union'

sed 's/k8s-t/k8s-u/' "$a" > other.yaml
run aa-learn diff "$a" other.yaml
exits 0 'states of two labels'
says 'two labels, k8s-t and k8s-u' 'which is said'

# Profile texts.
run aa-learn diff a/k8s-t "$b"
exits 3 'a text that lies beside its state'
run aa-learn diff a/k8s-t "$a"
exits 0 'a text and its state'
if have_parser; then
  run aa-learn diff --exact a/k8s-t "$a"
  [ "$rc" -eq 3 ] && grep -q '^- /var/www/html/\*\*\.html r  # but not: ' "$scratch/out" && ! grep -q '^+ ' "$scratch/out"
  result $? 'a text that is not exact is compared as compiled'
  cp -r a edited
  echo '# mine' >> edited/k8s-t
  run aa-learn diff edited/k8s-t "$a"
  exits 0 'an edited text that says the same'
  sed -i 's|^  /etc/app.conf r,|  /etc/app* rw,|' edited/k8s-t
  differs 'an edited text' '--- a/k8s-t.learned.yaml
+++ edited/k8s-t
file
+ /etc/app* rw  # but not: /etc/app.conf rw
+ /etc/app* w' "$a" edited/k8s-t
  run aa-learn diff --json "$a" edited/k8s-t
  fits 'what compiled policy tells fits the schema, too'
  [ "$rc" -eq 3 ] && is_json aakit/diff/1 'as JSON, too' && grep -q '"/etc/app.conf rw"' "$scratch/out"
  result $? 'with the exceptions'
  printf 'profile x {\n}\n' > hand
  run aa-learn diff hand hand
  exits 0 'texts by hand'
  printf 'profile x {\n oops\n}\n' > bad
  refuses 5 'bad:3:1: ' 'a text that does not compile' aa-learn diff hand bad
  printf 'profile x {\n}\nprofile y {\n}\n' > two
  refuses 5 'two: has several profiles' 'a text of several profiles, none of which is meant' aa-learn diff two "$a"

fi
AAKIT_APPARMOR_PARSER=/nonexistent refuses 1 'without the state.*compiled' 'a text alone, and no compiler' aa-learn diff "$b" edited/k8s-t
AAKIT_APPARMOR_PARSER=/nonexistent run aa-learn diff "$a" "$b"
exits 3 'states, and no compiler'
says 'several of the other side' 'which is said'

refuses 2 'two states or profile texts' 'one state' aa-learn diff "$a"
refuses 2 'two states or profile texts' 'three states' aa-learn diff "$a" "$b" "$a"
refuses 1 'nothere.*No such file' 'a state that is not there' aa-learn diff "$a" nothere
echo 'something else' > neither
refuses 5 'neither:1:1: ' 'a file that is neither' aa-learn diff "$a" neither
finish
