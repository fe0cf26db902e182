# SPDX-License-Identifier: GPL-2.0-or-later
# A state that is damaged, newer or another's is refused before anything is recorded, and stays as it is.
# shellcheck source=tests/cli/refusals.sh
. "${AAKIT_SRCDIR:?}/tests/cli/refusals.sh"

run aa-learn --profile k8s-web --input "$LOG" -o good
exits 0 'a state to damage'
state=good/k8s-web.learned.yaml
mkdir bad
record=(aa-learn --profile k8s-web --input "$LOG" -o bad)

# damaged REGEX NAME FILTER...: the state through FILTER is refused by record and by profile.
damaged() {
  local regex=$1 name=$2
  shift 2
  "$@" < "$state" > bad/k8s-web.learned.yaml
  refuses 5 "bad/k8s-web.learned.yaml$regex" "record: $name" "${record[@]}"
  refuses 5 "bad/k8s-web.learned.yaml$regex" "profile: $name" aa-learn profile bad/k8s-web.learned.yaml
}

size=$(stat -c %s "$state")
damaged ':1:1: .*empty' 'an empty state' head -c 0
for part in 1 2 3; do
  damaged ':[0-9]+:[0-9]+: ' "a state cut at $part of 4" head -c $((size * part / 4))
done
damaged '.*newer aakit.*upgrade' 'a newer schema' sed 's,learned/1,learned/2,'
damaged ':1:[0-9]+: .*schema' 'another kind of document' sed 's,learned/1,bundle/1,'
damaged ':1:1: .*schema' 'no schema' sed 1d
damaged ':[0-9]+:[0-9]+: ' 'no runs' sed '/^runs:/,/^file:/{/^file:/!d}'
damaged ':[0-9]+:[0-9]+: ' 'control characters' tr '1' '\001'
damaged ':[0-9]+:[0-9]+: .*permission' 'an unknown permission' sed 's/mask: "rwcd"/mask: "rwz"/'
damaged ':[0-9]+:[0-9]+: ' 'a run that is not there' sed 's/seen: \[\[0,/seen: [[7,/'
damaged ':[0-9]+:[0-9]+: ' 'a number that is none' sed 's/events: [0-9]*/events: many/'
damaged ':[0-9]+:[0-9]+: ' 'a number too large' sed 's/events: [0-9]*/events: 99999999999999999999999/'
damaged ':[0-9]+:[0-9]+: ' 'a damaged escape' sed 's,"/etc/group","/etc/\\\\xZZ",'
damaged ':[0-9]+:[0-9]+: ' 'nested without end' sh -c 'cat > /dev/null; head -c 20000 /dev/zero | tr "\0" "["'
damaged ':[0-9]+:[0-9]+: ' 'an alias bomb' sh -c 'cat > /dev/null; echo "schema: \"aakit/learned/1\""; echo "a: &a [1]"; echo "b: [*a, *a]"'
damaged ':[0-9]+:[0-9]+: ' 'bytes that are no text' sh -c 'cat; printf "x: \"\377\376\"\n"'

# A state with the position of a recording that was killed.
place='files: [{device: 1, inode: 2, offset: 3, digest: "00ff"}]'
position() { sed "s|^\( *\)pods:|\1position: $1\n&|" "$state"; }
position "{path: \"/log\", time: 5, serial: 6, $place}" > bad/k8s-web.learned.yaml
run aa-learn profile bad/k8s-web.learned.yaml
exits 0 'a state with a position'
damaged ':[0-9]+:[0-9]+: .*mapping' 'a position that is a word' position x
damaged ":[0-9]+:[0-9]+: .*'files'" 'a position without files' position '{serial: 6, time: 5}'
damaged ':[0-9]+:[0-9]+: .*list' 'files that are no list' position '{files: 3}'
damaged ':[0-9]+:[0-9]+: .*place' 'a digest that is none' position '{files: [{device: 1, inode: 2, offset: 3, digest: "../x"}]}'
damaged ':[0-9]+:[0-9]+: .*place' 'an offset beyond all files' position '{files: [{device: 1, inode: 2, offset: 18446744073709551615, digest: "0"}]}'
damaged ':[0-9]+:[0-9]+: .*number' 'a device that is no number' position '{files: [{device: "a", inode: 2, offset: 3, digest: "0"}]}'
damaged ':[0-9]+:[0-9]+: .*stamp' 'a serial of 33 bits' position '{files: [], time: 5, serial: 4294967296}'
damaged ':[0-9]+:[0-9]+: .*stamp' 'a time without its serial' position '{files: [], time: 5}'
damaged ':[0-9]+:[0-9]+: .*escaped' 'a cursor with a NUL' position '{files: [], cursor: "a\\\\x00"}'
damaged ':[0-9]+:[0-9]+: .*escaped' 'a path without end' position "{files: [], path: \"$(printf '%05000d' 1)\"}"
damaged ':[0-9]+:[0-9]+: .*more than' 'files without end' position "{files: [$(printf '{device: 1, inode: 2, offset: 3, digest: "0"},%.0s' {1..65})]}"
damaged ':[0-9]+:[0-9]+: .*list' 'members that are no list' position '{files: [], members: 3, seed: 1}'
damaged ":[0-9]+:[0-9]+: .*'seed'" 'members without their seed' position '{files: [], members: [{files: []}]}'
damaged ':[0-9]+:[0-9]+: .*one source' 'members of members' position '{files: [], members: [{files: [], members: []}], seed: 1}'
damaged ':[0-9]+:[0-9]+: .*number' 'records ahead that are no numbers' position '{files: [], ahead: ["x"]}'

# What a program that was killed had begun to write is ended, or refused.
mkdir begun
sed 's/^label:/label:  /' "$state" > begun/.k8s-web.learned.yaml.next
printf 'k8s-web.learned.yaml\n' > begun/.aakit.commit
run aa-learn --profile k8s-web --input "$LOG" -o begun -q
[ "$rc" = 0 ] && [ "$(ls -A begun)" = "$(printf 'k8s-web\nk8s-web.learned.yaml')" ]
result $? 'a set of states that was begun is ended'
printf '../evil\n' > begun/.aakit.commit
refuses 5 "commit: names '../evil'" 'a list that leads out of the directory' \
  aa-learn --profile k8s-web --input "$LOG" -o begun

sed 's/^label: .*/label: "k8s-other"/' "$state" > bad/k8s-web.learned.yaml
refuses 5 "another label, 'k8s-other'" 'the state of another label' "${record[@]}"
rm bad/k8s-web.learned.yaml
mkdir bad/k8s-web.learned.yaml
refuses 5 'not a regular file' 'a state that is a directory' "${record[@]}"
rmdir bad/k8s-web.learned.yaml
mkfifo bad/k8s-web.learned.yaml
refuses 5 'not a regular file' 'a state that is a pipe does not block' "${record[@]}"
rm bad/k8s-web.learned.yaml
refuses 1 'nothere.*No such file' 'profile of a state that is not there' aa-learn profile nothere.learned.yaml
refuses 5 'not a regular file' 'profile of a directory' aa-learn profile good

# What was there before is kept, and the profile follows from both.
run aa-learn --profile k8s-web --input "$LOG" -o good --state-only -q
exits 0 'into an existing state'
ln -s /etc/passwd link.learned.yaml
mkdir elsewhere through
: > elsewhere/target
ln -s ../elsewhere/target through/k8s-web
run aa-learn --profile k8s-web --input "$LOG" -o through -q
[ ! -s elsewhere/target ] && [ -L through/k8s-web ] && [ -f through/k8s-web.new ] && [ ! -L through/k8s-web.new ]
result $? 'a profile is never written through a symbolic link'

# Somebody's own words in a profile stay.
run aa-learn --profile k8s-web --input "$LOG" -o edited -q
cp edited/k8s-web edited.before
run aa-learn --profile k8s-web --input "$LOG" -o edited -q
cmp -s edited/k8s-web edited.before && [ ! -e edited/k8s-web.new ]
result $? 'an unedited profile is written anew'
echo '# mine' >> edited/k8s-web
cp edited/k8s-web edited.mine
run aa-learn --profile k8s-web --input "$LOG" -o edited
cmp -s edited/k8s-web edited.mine && cmp -s edited/k8s-web.new edited.before && [ "$rc" = 0 ]
result $? 'an edited profile stays, the new one goes beside it'

# Denials of an enforced profile are no picture of an application.
sed 's/apparmor="ALLOWED"/apparmor="DENIED"/; s/apparmor="AUDIT"/apparmor="DENIED"/' "$LOG" > denials.log
run aa-learn --profile k8s-web --input denials.log -o denials
[ "$rc" = 0 ] && [ -f denials/k8s-web.learned.yaml ] && [ ! -e denials/k8s-web ] && grep -q 'denials alone' "$scratch/err"
result $? 'no profile is written from denials alone'

run aa-learn --profile k8s-web --input "$LOG" -o only --state-only -q
[ "$rc" -eq 0 ] && [ -f only/k8s-web.learned.yaml ] && [ ! -e only/k8s-web ]
result $? '--state-only writes no profile'
run aa-learn --profile k8s-web --input "$LOG" -o exact --exact -q
! grep -q '# content' exact/k8s-web && grep -q '/etc/nginx/conf.d/\.\.2' exact/k8s-web
result $? '--exact widens nothing'
stdin=$LOG
run aa-learn --profile k8s-web --input - -o stdin -q
stdin=/dev/null
cmp -s stdin/k8s-web good/k8s-web
result $? '--input - reads standard input'
finish
