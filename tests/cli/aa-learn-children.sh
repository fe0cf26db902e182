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
finish
