# SPDX-License-Identifier: GPL-2.0-or-later
# States of several nodes and runs become one; whatever cannot be merged is refused, and what is there already is not lost.
# shellcheck source=tests/cli/refusals.sh
. "${AAKIT_SRCDIR:?}/tests/cli/refusals.sh"

# part NAME LABEL FIRST LAST: a recording of some lines of the log, as the state NAME/LABEL.learned.yaml.
part() {
  sed -n "$3,$4p" "$LOG" | sed "s/k8s-web/$2/g" > "$1.log"
  run aa-learn --profile "$2" --input "$1.log" -o "$1" --state-only -q
  exits 0 "state $1"
}

lines=$(wc -l < "$LOG")
part a k8s-web 1 $((lines / 2))
part b k8s-web $((lines / 2 + 1)) "$lines"
part c k8s-web $((lines / 3)) $((2 * lines / 3))
part other k8s-other 1 $((lines / 2))
state=k8s-web.learned.yaml

run aa-learn merge a/$state b/$state c/$state -o abc.yaml
exits 0 'three states into a file'
prints '^k8s-web: 3 states, 3 runs, [0-9]+ accesses$' 'the result is told'
prints '^  state    abc.yaml$' 'and where it is'

# merged_alike NAME ARGS...: merge with -o - and ARGS prints the bytes of abc.yaml.
merged_alike() {
  local name=$1
  shift
  run aa-learn merge -o - "$@"
  [ "$rc" = 0 ] && cmp -s "$scratch/out" abc.yaml
  result $? "$name"
}
merged_alike 'in another order' c/$state a/$state b/$state
merged_alike 'one of them again' c/$state a/$state b/$state a/$state ./a/$state
merged_alike 'a union among them' abc.yaml b/$state
merged_alike 'directories' a c b
printf '%s\n' a/$state b "$PWD/c" > list
merged_alike 'a list of names' --from list
merged_alike 'a list and words' --from list a
stdin=list
merged_alike 'a list on standard input' --from -
printf '%s\0' a b c > list0
stdin=list0
merged_alike 'a list with NULs' --from -
stdin=/dev/null
run aa-learn merge a b -o ab/
exits 0 'into a directory that is made'
run aa-learn merge b c -o bc.yaml
merged_alike 'any grouping' bc.yaml ab/

# It means what the parts mean.
run aa-learn profile --exact abc.yaml
grep -E '^  [^ #]' "$scratch/out" | sort > whole
for dir in a b c; do
  run aa-learn profile --exact $dir/$state
  grep -E '^  (/|capability|network)' "$scratch/out" | sed 's/ [a-z]*,$//' > parts
  grep -vFf <(sed 's/ [a-z]*,$//' whole) parts > lost
  [ -s parts ] && [ ! -s lost ]
  result $? "the union has what $dir has"
done

run aa-learn merge a b --json -o ab.yaml
is_json aakit/merge/1 'the result as JSON'

# Several labels.
cp other/k8s-other.learned.yaml a/
run aa-learn merge a b -o all/
exits 0 'several labels into a directory'
[ "$(cd all && echo ./*)" = './k8s-other.learned.yaml ./k8s-web.learned.yaml' ]
result $? 'a file for each'
refuses 2 'several labels \(k8s-other, k8s-web\).*name a directory' 'several labels into a file' aa-learn merge a b -o one.yaml
refuses 2 'several labels' 'several labels onto standard output' aa-learn merge a b -o -
rm a/k8s-other.learned.yaml

# What is there stays, unless the union has it.
run aa-learn merge a b c -o abc.yaml
exits 0 'over itself'
refuses 5 'abc.yaml is not overwritten: 1 of its 3 runs' 'over a state that has more runs' aa-learn merge a b -o abc.yaml
refuses 5 'not overwritten' 'over a state of a directory that has more runs' aa-learn merge c -o ab/
refuses 5 'is not overwritten: .*:[0-9]+:[0-9]+: ' 'over a file that is no state' aa-learn merge a b -o list
mkdir fresh
ln -s ../list fresh/$state
: > made
run aa-learn merge a -o made
[ "$rc" = 0 ] && cmp -s made a/$state
result $? 'over an empty file'
refuses 5 'not overwritten: /dev/null: not a regular file' 'over a device' aa-learn merge a -o /dev/null
refuses 5 'is not overwritten' 'over a link to something else' aa-learn merge a b -o fresh

# What one of the states allows by hand.
sed 's/^runs:/allow: ["password-hashes"]\nruns:/' b/$state > allowed.yaml
run aa-learn merge a allowed.yaml -o by-hand.yaml
prints '^  allowed  password-hashes$' 'what is allowed by hand is told'
grep -qx 'allow: \["password-hashes"\]' by-hand.yaml
result $? 'and kept'
run aa-learn merge a allowed.yaml -o -
says 'k8s-web: allowed by hand: password-hashes' 'also where the state is printed'
refuses 5 'by-hand.yaml is not overwritten: 0 of its 2 runs.*allows by hand' 'over a state that allows more' \
  aa-learn merge a b -o by-hand.yaml

# Contradictions.
sed 's/count/&/; 0,/, seen: \[\[0, \([0-9]*\)/s//, seen: [[0, 9\1/' a/$state > forged.yaml
refuses 5 'forged.yaml: its run [0-9a-f]+ is another one than in a/k8s-web' 'a run with other counts' \
  aa-learn merge a forged.yaml -o x.yaml
refuses 5 'a/k8s-web.learned.yaml: its run [0-9a-f]+ is another one than in forged.yaml' 'the same the other way round' \
  aa-learn merge forged.yaml a -o x.yaml
# A checkpoint has a position, and less than the whole run.
sed '0,/^ *pods:/s//  position: {files: []}\n&/' a/$state > checkpoint.yaml
run aa-learn merge checkpoint.yaml a -o - -q
cmp -s "$scratch/out" a/$state
result $? 'a checkpoint and the whole run'
sed '0,/^ *pods:/s//  position: {files: []}\n&/' forged.yaml > beyond.yaml
refuses 5 'another one' 'a checkpoint that is beyond the end' aa-learn merge a beyond.yaml -o x.yaml

# Damage.
for bad in 's/^label:/lable:/' 's,learned/1,learned/2,' 's/^runs:/runs: []\nruns:/' 's/mask: "r"/mask: "r", x: 1/' \
  's/"k8s-web"/"k8s\xff"/' 's/^schema: /&\&a /' 's/^schema: /&!!str /'; do
  sed "$bad" b/$state > bad.yaml
  refuses 5 'bad.yaml:' "damage: $bad" aa-learn merge a bad.yaml c -o x.yaml
done
{ sed -n '1,2p' b/$state; echo 'runs:'; } > bad.yaml
printf '%0100000d' 0 | tr 0 '[' >> bad.yaml
refuses 5 'bad.yaml:[0-9]+:[0-9]+: ' 'nested without end' aa-learn merge a bad.yaml -o x.yaml
{ cat b/$state; printf -- '---\n'; cat b/$state; } > bad.yaml
refuses 5 'bad.yaml:[0-9]+:1: holds more than one document' 'two documents' aa-learn merge a bad.yaml -o x.yaml
rm bad.yaml

# The command line.
refuses 2 'name at least one state' 'no state' aa-learn merge -o x.yaml
refuses 2 'say with -o' 'no output' aa-learn merge a
refuses 2 'say with -o' 'an empty output' aa-learn merge a -o ''
refuses 2 '-o - prints the state' 'two results on standard output' aa-learn merge a -o - --json
refuses 1 'nothere.*No such file' 'a state that is not there' aa-learn merge a nothere.yaml -o x.yaml
mkdir empty
refuses 1 'empty: no state' 'a directory without a state' aa-learn merge a empty -o x.yaml
refuses 1 'standard input: names no state' 'an empty list' aa-learn merge --from - -o x.yaml
refuses 1 'cannot open nolist' 'a list that is not there' aa-learn merge --from nolist -o x.yaml
mkfifo pipe
refuses 5 'pipe: not a regular file' 'a pipe does not block' aa-learn merge a pipe -o x.yaml
rm pipe
refuses 1 'cannot open directory' 'into a directory that is not there' aa-learn merge a -o no/where/x.yaml
refuses_on_full_disk 1 1 'File too large' 'a full disk' aa-learn merge a b -o full.yaml
mkdir full
refuses_on_full_disk 1 1 'File too large' 'a full disk below a directory' aa-learn merge a b -o full

# Thousands of states, of which most are of runs of their own.
mkdir many
python3 - a/$state many << 'PYTHON'
import re, sys
text = open(sys.argv[1], encoding="utf-8").read()
for i in range(2000):
    copy = re.sub(r'id: "[0-9a-f]*"', f'id: "{i:016x}"', text, count=1)
    open(f"{sys.argv[2]}/{i:04}.learned.yaml", "w", encoding="utf-8").write(copy)
PYTHON
run aa-learn merge many -o many.yaml
prints '^k8s-web: 2000 states, 2000 runs' 'two thousand states'
printf '%s\n' many/* | sort -r > list
cp many.yaml first.yaml
run aa-learn merge --from list many.yaml -o many.yaml
[ "$rc" = 0 ] && cmp -s many.yaml first.yaml
result $? 'the same in reverse, and with their union'
finish
