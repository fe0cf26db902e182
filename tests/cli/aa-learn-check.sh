# SPDX-License-Identifier: GPL-2.0-or-later
# Does a profile allow what was seen? States and logs asked of profile texts, compiled policy and bundles; and what record and
# profile do where their own result would not.
# shellcheck source=tests/cli/refusals.sh
. "${AAKIT_SRCDIR:?}/tests/cli/refusals.sh"
have_parser || skip_all 'apparmor_parser is not installed'
features=(--features "$AAKIT_SRCDIR/profiles/features/debian-12-6.1")

# event NUMBER FIELDS: a record of the label k8s-t, that second.
event() {
  printf 'type=AVC msg=audit(17950000%02d.000:%d): apparmor="ALLOWED" %s profile="k8s-t" pid=7 comm="c"\n' "$1" "$1" "$2"
}
# file NUMBER NAME MASK
file() {
  event "$1" "operation=\"open\" name=$2 requested_mask=\"$3\" denied_mask=\"$3\" fsuid=0 ouid=1"
}

{
  file 1 '"/etc/app.conf"' r
  file 2 '"/srv/data"' rw
  event 3 'operation="capable" class="cap" capability=0  capname="chown"'
  event 4 'operation="create" class="net" family="inet" sock_type="stream" protocol=6 requested="create" denied="create"'
} > a.log
run aa-learn --profile k8s-t --input a.log -o a
exits 0 'a state and its profile'
says 'k8s-t: checked: as compiled it allows the 4 accesses that were seen' 'record says that it checked its result'
profile=a/k8s-t state=a/k8s-t.learned.yaml

# checks CODE NAME WANTED ARGS...: exit code and standard output.
checks() {
  local code=$1 name=$2 wanted=$3
  shift 3
  run aa-learn check "$@"
  [ "$rc" -eq "$code" ] && diff <(echo "$wanted") "$scratch/out"
  result $? "$name"
}
checks 0 'a profile allows what it was made from' 'k8s-t: 4 accesses, 4 allowed' "${features[@]}" "$profile" "$state"

# --- what is not allowed ---------------------------------------------------------------------------------------------------

{
  cat a.log
  file 11 '"/srv/data"' k
  file 12 '"/srv/data"' k
  file 13 '"/etc/shadow"' r
  file 14 2F746D702F1B5B33316D0A21 r
  event 15 'operation="capable" class="cap" capability=38  capname="of_tomorrow"'
  event 16 'operation="userns_create" class="namespace" requested="userns_create" denied="userns_create"'
} > b.log
run aa-learn --profile k8s-t --input b.log -o b --state-only -q
later=b/k8s-t.learned.yaml
uncovered='file
  /etc/shadow r  # 1 event, 2026-11-18T11:06:53Z; review: password hashes [password-hashes]
  /srv/data k  # 3 events, 2026-11-18T11:06:42Z to 2026-11-18T11:06:52Z
  /tmp/\x1b[31m\x0a! r  # 1 event, 2026-11-18T11:06:54Z
capability
  of_tomorrow  # 1 event, 2026-11-18T11:06:55Z; not asked: no number is known for its name
k8s-t: 8 accesses, 4 allowed, 3 not allowed (1 of them for review), 1 not asked'
checks 3 'a state: what is not allowed, by class, with its evidence' "$uncovered" "${features[@]}" "$profile" "$later"
says 'k8s-t: not mediated by this policy, and so allowed: 1 of userns' 'what the policy does not look at is said'
located=$(sed -E '/shadow/s/53Z/&, b.log:7/; /data/s/52Z/&, b.log:5/; /tmp/s/54Z/&, b.log:8/; /tomorrow/s/55Z/&, b.log:9/' <<< "$uncovered")
checks 3 'a log: the same, with its places' "$located" "${features[@]}" "$profile" --input b.log --profile k8s-t
checks 3 'a log by a glob' "$located" "${features[@]}" "$profile" --input b.log --profile 'k8s-*'
stdin=b.log
checks 3 'a log on standard input' "${located//b.log/stdin}" "${features[@]}" "$profile" --input - --profile k8s-t
stdin=/dev/null

run aa-learn check --json "${features[@]}" "$profile" --input b.log --profile k8s-t
exits 3 'as JSON'
is_json aakit/check/1 'of its schema'
python3 - "$scratch/out" << 'PYTHON'
import json, sys
label, = json.load(open(sys.argv[1], encoding="utf-8"))["labels"]
numbers = [label[k] for k in ("accesses", "allowed", "unmediated", "denied", "review", "not_asked", "events_without_access")]
assert (label["label"], numbers) == ("k8s-t", [8, 3, 1, 3, 1, 1, 0]), label
by_name = {one.get("path", one.get("capability")): one for one in label["uncovered"]}
data = by_name["/srv/data"]
assert (data["perms"], data["denied"], data["events"], data["position"]) == ("rwk", "k", 3, "b.log:5"), data
assert by_name["/etc/shadow"]["review"] == "password-hashes" and by_name["/tmp/\\x1b[31m\\x0a!"]["review"] is None
assert by_name["of_tomorrow"]["verdict"] == "not_asked" and by_name["of_tomorrow"]["why"]
PYTHON
result $? 'with all that the text says'

file 13 '"/etc/shadow"' r > c.log
run aa-learn --profile k8s-t --input a.log --input c.log -o c -q
exits 0 'a profile with something for review'
run aa-learn check "${features[@]}" c/k8s-t c/k8s-t.learned.yaml
exits 3 'which is not allowed'
run aa-learn check --but-review "${features[@]}" c/k8s-t c/k8s-t.learned.yaml
exits 0 'and with --but-review no finding'
prints '/etc/shadow r .*\[password-hashes\]' 'though it is listed'
sed 's|^  /srv/data rw,|&\n  deny /srv/data w,|' "$profile" > denies
checks 3 'what is denied is not allowed' 'file
  /srv/data w  # 1 event, 2026-11-18T11:06:42Z
k8s-t: 4 accesses, 3 allowed, 1 not allowed' "${features[@]}" denies "$state"

# --- the forms of policy ---------------------------------------------------------------------------------------------------

run aa-compile "$profile" -o bundle "${features[@]}" -q
blob=$(find bundle -type f -name k8s-t -not -path '*/text/*')
checks 0 'a compiled file' 'k8s-t: 4 accesses, 4 allowed' "$blob" "$state"
checks 0 'a bundle' 'k8s-t: 4 accesses, 4 allowed' bundle "$state"
checks 0 'several states' 'k8s-t: 4 accesses, 4 allowed
k8s-t: 4 accesses, 4 allowed' bundle "$state" "$state"
sed 's/flags=(/flags=(complain, /' "$profile" > complains
run aa-learn check "${features[@]}" complains "$later"
exits 3 'a complain profile is asked for its rules'
says 'a complain profile' 'which is said'

{
  sed '$d' "$profile"
  printf '  profile kid {\n    /k r,\n  }\n}\n'
} > parent
checks 0 'a profile with a child' 'k8s-t: 4 accesses, 4 allowed' "${features[@]}" parent "$state"
says 'a profile with 1 below it' 'is said'

# --- what is refused -------------------------------------------------------------------------------------------------------

refuses 2 'takes a profile' 'nothing to check' aa-learn check
refuses 2 'Name states' 'a profile alone' aa-learn check "$profile"
refuses 2 'not both' 'a state and a log' aa-learn check "$profile" "$state" --input a.log --profile k8s-t
refuses 2 'whose events' 'a log without a label' aa-learn check "$profile" --input a.log
refuses 2 'go with --input' 'a label without a log' aa-learn check "$profile" "$state" --profile k8s-t
refuses 4 'Name its feature set with --features' 'a text for no kernel' aa-learn check --root "$scratch" "$profile" "$state"
sed 's/profile k8s-t/profile other/' "$profile" > other
refuses 1 'no profile "k8s-t"; it has other' 'the profile of another label' aa-learn check "${features[@]}" other "$state"
refuses 1 'no event of a label' 'a log of others' aa-learn check "${features[@]}" "$profile" --input a.log --profile k8s-u
refuses 1 'none.log' 'a log that is not there' aa-learn check "${features[@]}" "$profile" --input none.log --profile k8s-t
sed 's/ rw,/ rw/' "$profile" > broken
refuses 5 'broken:[0-9]+:[0-9]+: ' 'a text that does not compile' aa-learn check "${features[@]}" broken "$state"
head -c 900 "$blob" > short
refuses 5 'short' 'a damaged compiled file' aa-learn check short "$state"
sed 's/^label:.*/label: [/' "$state" > damaged
refuses 5 'damaged:[0-9]+:[0-9]+' 'a damaged state' aa-learn check "${features[@]}" "$profile" damaged
echo 'type=AVC msg=audit(1795000020.000:20): apparmor="ALLOWED" operation="open" profile="k8s-t" name="/x' >> a.log
run aa-learn check "${features[@]}" "$profile" --input a.log --profile k8s-t
exits 3 'a log with a record that does not parse'
says 'a.log:5: ' 'which is named'
sed -i '$d' a.log

# --- record and profile check what they hand out ---------------------------------------------------------------------------

# A compiler that leaves a permission out.
cat > forgetful << 'SCRIPT'
#!/bin/sh
case " $* " in *' --version '*) exec apparmor_parser "$@" ;; esac
sed 's| rw,$| r,|' | exec apparmor_parser "$@"
SCRIPT
chmod +x forgetful
export AAKIT_APPARMOR_PARSER=$PWD/forgetful
run aa-learn --profile k8s-t --input a.log -o wrong
exits 1 'a profile that would not allow what was seen is not written'
says 'no profile is written, since as compiled it would deny .*: file /srv/data w \(--no-check' 'with what it would deny'
cmp -s "$state" wrong/k8s-t.learned.yaml
result $? 'the state is written'
[ ! -e wrong/k8s-t ]
result $? 'and no profile'
run aa-learn --profile k8s-t --input a.log -o wrong --no-check
exits 0 'with --no-check it is written'
cmp -s "$profile" wrong/k8s-t
result $? 'as it is'
refuses 1 'file /srv/data w' 'aa-learn profile refuses as well' aa-learn profile "$state"
run aa-learn profile --no-check "$state"
exits 0 'but with --no-check'
run aa-learn --profile k8s-t --input a.log -o stateonly --state-only
exits 0 'a state alone needs no check'

export AAKIT_APPARMOR_PARSER=$PWD/none
run aa-learn --json --profile k8s-t --input a.log -o unchecked
exits 3 'without a compiler there is no check'
says 'k8s-t: not checked whether it allows what was seen: ' 'which is said'
python3 -c 'import json, sys
check = json.load(open(sys.argv[1]))["profiles"][0]["check"]
sys.exit(check["accesses"] != 0 or not check["unmade"])' "$scratch/out"
result $? 'in JSON too'
cmp -s "$profile" unchecked/k8s-t
result $? 'and the profile is written'
run aa-learn profile "$state"
exits 3 'the same of aa-learn profile'
cmp -s "$profile" "$scratch/out"
result $? 'which prints it'
unset AAKIT_APPARMOR_PARSER
finish
