# SPDX-License-Identifier: GPL-2.0-or-later
# --exec=child: from a log in which children have labels of their own to profiles, with and without children.
# shellcheck source=tests/cli/refusals.sh
. "${AAKIT_SRCDIR:?}/tests/cli/refusals.sh"
log=$AAKIT_SRCDIR/tests/cases/children/audit.log
learn=(aa-learn --profile k8s-job --input "$log")

# has TEXT FILE WHAT; lacks the same.
has() {
  grep -qF -- "$1" "$2"
  result $? "$3"
}
lacks() {
  ! grep -qF -- "$1" "$2"
  result $? "$3"
}

run "${learn[@]}" --exec=child -o child
exits 0 'learned with children'
has '  /usr/bin/grep cx -> "/usr/bin/grep",' child/k8s-job 'a program enters its child'
has '  profile "/usr/bin/grep" flags=' child/k8s-job 'which has a profile'
has '{child: "/usr/bin/grep", path: "/srv/job/data", mask: "r"' child/k8s-job.learned.yaml 'the state says who did it'
has '{target: "/usr/bin/grep", path: "/usr/bin/grep", mask: "x"' child/k8s-job.learned.yaml 'and what was executed into it'

run aa-learn profile --exec=child child/k8s-job.learned.yaml
exits 0 'aa-learn profile --exec=child'
cmp -s child/k8s-job "$scratch/out"
result $? 'writes the same'
run aa-learn profile child/k8s-job.learned.yaml
lacks ' cx ' "$scratch/out" 'without it there is no child'
has '  /usr/bin/grep rix,' "$scratch/out" 'and programs keep the profile'

run "${learn[@]}" --exec=child -o child
exits 0 'the same again'
[ ! -e child/k8s-job.new ]
result $? 'its own profile is known as such'

run "${learn[@]}" -o inherit
exits 0 'learned without children'
lacks 'child' inherit/k8s-job.learned.yaml 'nothing is told apart'
run aa-learn profile --exec=child inherit/k8s-job.learned.yaml
lacks ' cx ' "$scratch/out" 'and no child is made of it later'
refuses 5 'is another one than in' 'one recording in both ways' \
  aa-learn merge inherit/k8s-job.learned.yaml child/k8s-job.learned.yaml -o merged.yaml

run aa-learn show child/k8s-job.learned.yaml
exits 0 'aa-learn show reads it'
run aa-learn diff inherit/k8s-job.learned.yaml child/k8s-job.learned.yaml
exits 0 'folded, both allow the same'
if have_parser; then
  features=(--features "$AAKIT_SRCDIR/profiles/features/debian-12-6.1")
  run aa-learn check "${features[@]}" child/k8s-job child/k8s-job.learned.yaml
  exits 0 'a child is asked for what it did'
  run aa-learn check "${features[@]}" inherit/k8s-job child/k8s-job.learned.yaml
  exits 0 'where there is none, the label is'
  { grep -F 'name="/srv/job/data"' "$log" | sed 's,/srv/job/data,/srv/job/secret,'; } > other.log
  run aa-learn check "${features[@]}" child/k8s-job --profile k8s-job --input other.log
  exits 3 'what the label may do is not allowed to its child'
  has 'in child /usr/bin/grep' "$scratch/out" 'and the child is named'
fi
refuses 2 '--exec x: inherit or child is needed' 'another mode' "${learn[@]}" --exec x -o none
refuses 2 '--exec x: inherit or child is needed' 'for aa-learn profile too' aa-learn profile --exec x child/k8s-job.learned.yaml

# A profile by hand gets children for the programs that it does not let run.
cat > hand << 'HAND'
# By hand.
abi <abi/3.0>,
profile k8s-job flags=(attach_disconnected) {
  # mine
  /usr/bin/date rix,
  deny /usr/bin/head x,
  /etc/passwd r,   # stays
}
HAND
if have_parser; then
  run aa-learn profile --exec=child child/k8s-job.learned.yaml --base hand "${features[@]}"
  exits 0 'a base with --exec=child'
  cp "$scratch/out" joined
  diff hand joined | grep -q '^<'
  test $? -eq 1
  result $? 'every line of it stays'
  has '  /usr/bin/grep cx -> "/usr/bin/grep",' joined 'a program that it did not let run enters a child'
  has '  profile "/usr/bin/grep" flags=' joined 'which it has now'
  lacks 'profile "/usr/bin/date"' joined 'one that it lets run keeps the profile'
  lacks 'profile "/usr/bin/head"' joined 'and one that it forbids has none'
  says 'deny rules for what was seen' 'which is said'
  run aa-learn check "${features[@]}" joined child/k8s-job.learned.yaml --json
  python3 -c '
import json, sys
label = json.load(open(sys.argv[1]))["labels"][0]
denied = {a.get("path") for a in label["uncovered"] if a["verdict"] == "denied"}
sys.exit(not denied <= {"/usr/bin/head"})' "$scratch/out" 2> python.err
  result $? 'all else that was seen is allowed'
  run aa-learn profile --exec=child child/k8s-job.learned.yaml --base joined "${features[@]}"
  cmp -s "$scratch/out" joined
  result $? 'the same again changes nothing'
  sed 's,"/srv/job/data","/srv/job/more",' child/k8s-job.learned.yaml > more.yaml
  run aa-learn profile --exec=child more.yaml --base joined "${features[@]}"
  sed -n '/profile "\/usr\/bin\/grep"/,/^  }/p' "$scratch/out" > grep.block
  has '    /srv/job/more r,' grep.block 'what a child lacks later joins its own block'
  run aa-learn record --profile k8s-job --input "$log" --exec=child --base hand "${features[@]}" -o base
  cmp -s base/k8s-job joined
  result $? 'a recording does the same'
fi
finish
