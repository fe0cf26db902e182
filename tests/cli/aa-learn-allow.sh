# SPDX-License-Identifier: GPL-2.0-or-later
# aa-learn --allow: a kind of sensitive access is granted where it was seen, and only that; the state keeps it.
# shellcheck source=tests/cli/refusals.sh
. "${AAKIT_SRCDIR:?}/tests/cli/refusals.sh"
node=$AAKIT_SRCDIR/tests/cases/odd/node
state=$AAKIT_SRCDIR/tests/cases/odd/expected/files/k8s-odd.learned.yaml

# learn DIR ARGS...: records the odd log into DIR.
learn() {
  local dir=$1
  shift
  aa-learn record --profile k8s-odd --root "$node" -o "$dir" -q "$@" > "$scratch/out" 2> "$scratch/err"
  rc=$?
}

learn plain
grep -qxE '  #/etc/shadow r,  # password hashes \[password-hashes\]; 1 file, 1 event, 1 run' plain/k8s-odd && ! grep -q '^allow:' plain/k8s-odd.learned.yaml
result $? 'without it a sensitive access is for review, under its id'
learn allowed --allow password-hashes
grep -qxE '  /etc/shadow r,  # --allow password-hashes' allowed/k8s-odd
result $? 'with it the access is allowed, and the rule says why'
test "$(grep -c '^  #[a-z/].*\]; ' plain/k8s-odd)" -eq "$(($(grep -c '^  #[a-z/].*\]; ' allowed/k8s-odd) + 1))"
result $? 'and no other one'
grep -qx 'allow: \["password-hashes"\]' allowed/k8s-odd.learned.yaml
result $? 'the state keeps it'
cp allowed/k8s-odd before
learn allowed --allow sys-admin
grep -qx 'allow: \["password-hashes", "sys-admin"\]' allowed/k8s-odd.learned.yaml && grep -qx '  capability sys_admin,  # --allow sys-admin' allowed/k8s-odd
result $? 'a later recording adds another kind'
run aa-learn profile allowed/k8s-odd.learned.yaml
cmp -s "$scratch/out" allowed/k8s-odd
result $? 'profile prints what the state allows'
run aa-learn profile --allow password-hashes "$state"
cmp -s "$scratch/out" before
result $? 'profile --allow prints what a recording would write'
aa-compile allowed/k8s-odd -o bundle --features "$AAKIT_SRCDIR/profiles/features/debian-12-6.1" > "$scratch/out" 2> "$scratch/err"
result $? 'it compiles' || diag < "$scratch/err"
run aa-learn record --profile k8s-odd --root "$node" --allow password-hash
test "$rc" -eq 2 && grep -q 'did you mean password-hashes?' "$scratch/err"
result $? 'an id that is nearly one'
run aa-learn profile --allow $'\e[31m' "$state"
test "$rc" -eq 2 && grep -q 'there are password-hashes, runtime-socket' "$scratch/err" && ! grep -q $'\e' "$scratch/err"
result $? 'an id that is none: all are named'
sed 's/^runs:/allow: ["password-hashes", "No id"]\nruns:/' "$state" > damaged.learned.yaml
run aa-learn profile damaged.learned.yaml
test "$rc" -eq 5 && grep -q 'damaged.learned.yaml:3:28: not an id' "$scratch/err"
result $? 'a state with what is no id' || diag < "$scratch/err"
sed 's/^runs:/allow: ["of-a-later-version"]\nruns:/' "$state" > later.learned.yaml
run aa-learn profile later.learned.yaml
cmp -s "$scratch/out" plain/k8s-odd
result $? 'an id of another version allows nothing, and is no error'
finish
