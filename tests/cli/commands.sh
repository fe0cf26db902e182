# SPDX-License-Identifier: GPL-2.0-or-later
# Every command that README.md, docs/ and the manual pages show is run by a test, or tests/cli/commands tells which program does on a node
# of its own, and that has it. And one that nobody runs is found.
# shellcheck source=tests/cli/refusals.sh
. "${AAKIT_SRCDIR:?}/tests/cli/refusals.sh"
judge() { gives "$1" python3 "$AAKIT_SRCDIR/tests/cli/commands.py" check "${2:-$AAKIT_SRCDIR}"; }

ok 'every command has a test' judge 0
sed -n 's/^# [0-9]/&/p' "$scratch/out"
ok 'they are many' test "$(awk '/^# [0-9]/ { n += $2 } END { print n }' "$scratch/out")" -ge 130
seeds=$AAKIT_SRCDIR/tests/vm/cloud_seed.py
ok 'the commands of a worker of Cluster API are run on a node' grep -q 'spec\["preKubeadmCommands"\]' "$seeds"
ok 'those that ship' grep -qF '"cluster-api/worker.yaml"' "$seeds"

# A copy of what documents and tests are.
mkdir copy
(cd "$AAKIT_SRCDIR" && cp -r --parents README.md ansible/README.md deploy docs man script tests/cli tests/vm "$OLDPWD/copy")
chmod -R u+w copy
ok 'a copy is sound' judge 0 copy

# finds TEXT DESCRIPTION FILE...: in the copy, whose files were just changed; they are as they were then.
finds() {
  local file
  ok "$2" judge 1 copy
  ok "$2: it is named" out_has "$1"
  for file in "${@:3}"; do cp "$AAKIT_SRCDIR/$file" "copy/$file"; done
}
printf '\n    frobnicate x |\n      frob\n' >> copy/README.md
finds 'frobnicate x | frob: no test runs this' 'an indented command that nobody runs' README.md
printf '\n    aa-compile x   # or: frob x\n' >> copy/docs/refine.md
finds 'frob x: no test runs this' 'another one, in a comment' docs/refine.md
printf '%s\n' '' '```sh' 'frob y' '```' >> copy/docs/ci-gate.md
finds 'frob y: no test runs this' 'a command in a block of another language' docs/ci-gate.md
printf '%s\n' '.Dl # frob z' >> copy/man/aa-register.8
finds 'frob z: no test runs this' 'a command of a manual page' man/aa-register.8
printf '%s\n' '' '```console' '$ aa-learn doctor' '```' >> copy/ansible/README.md
finds 'ansible/README.md:' 'a console block of a document whose blocks nobody runs' ansible/README.md
printf '\n    kubectl version\n' >> copy/docs/glossary.md
sed -i 's/documents_with cluster.sh/echo README.md/' copy/tests/cli/cluster.sh
finds 'takes no commands from docs/glossary.md' 'a document from which a test takes nothing' docs/glossary.md tests/cli/cluster.sh
sed -i 's/"daemon-reload"/"daemon-restart"/' copy/tests/vm/cloud_init.py
finds 'does not contain' 'a command that a program of tests/vm has no more' tests/vm/cloud_init.py
printf '\n    script/bench learn --wish\n' >> copy/docs/evaluation.md
finds 'does not know --wish' 'an option that is gone' docs/evaluation.md
sed -i 's/ctr -n k8s.io/ctr/' copy/docs/kubernetes.md
finds 'no document shows ctr -n k8s.io' 'a line of the list that is not needed any more' docs/kubernetes.md
finish
