# SPDX-License-Identifier: GPL-2.0-or-later
# The rule classes beyond files: what --abi and --dbus change, on the golden case that has a record of each.
# shellcheck source=tests/cli/refusals.sh
. "${AAKIT_SRCDIR:?}/tests/cli/refusals.sh"
node=$AAKIT_SRCDIR/tests/cases/classes/node
learn=(aa-learn --profile k8s-c --root "$node")

# has LINE FILE WHAT: the file has a line that begins so.
has() {
  grep -qE -- "^ *$1" "$2"
  result $? "$3"
}

# lacks TEXT FILE WHAT
lacks() {
  ! grep -qF -- "$1" "$2"
  result $? "$3"
}

run "${learn[@]}" -o plain
exits 3 'without --dbus: learned, with what no rule can say'
lacks 'dbus' plain/k8s-c.learned.yaml 'without --dbus nothing of D-Bus is in the state'
lacks 'forged' plain/k8s-c.learned.yaml 'nor what only looks like it'

run "${learn[@]}" --dbus -o bus
exits 3 'with --dbus'
has 'dbus \(send\) bus=system path=/x interface=a.b member=Call' bus/k8s-c 'what the bus decided is a rule'
lacks 'forged' bus/k8s-c.learned.yaml 'a record of somebody else is none'
says 'D-Bus records were sent by somebody else' 'that is said'

run "${learn[@]}" --abi 4.0 -o newer
exits 3 'with --abi 4.0'
has 'abi <abi/4.0>,' newer/k8s-c 'the profile is for that abi'
has 'mqueue \(create,write\) type=posix /queue,' newer/k8s-c 'it has what abi 4.0 mediates'
has '#userns create,' newer/k8s-c 'a user namespace is for review'
has '# needs no rule: userns create' plain/k8s-c 'under abi 3.0 it needs no rule'
cmp -s plain/k8s-c.learned.yaml newer/k8s-c.learned.yaml
result $? 'the state is the same, whatever the abi'

run "${learn[@]}" --abi 4.0 -o newer
[ ! -e newer/k8s-c.new ]
result $? 'its own profile of either abi is replaced'
run "${learn[@]}" -o newer
[ ! -e newer/k8s-c.new ]
result $? 'by one of another, too'

run aa-learn profile --abi 4.0 plain/k8s-c.learned.yaml
has 'abi <abi/4.0>,' "$scratch/out" 'aa-learn profile takes an abi'
sed 's|^label: .*|label: "x {\\\\x0a /** rwix"|' plain/k8s-c.learned.yaml > hostile.yaml
refuses 5 'cannot be the name of a profile' 'a label that would be more than a name' aa-learn profile hostile.yaml
refuses 2 '--abi 5: 3.0, 4.0 or 4.0-ip' 'an abi that is not known' aa-learn profile --abi 5 plain/k8s-c.learned.yaml
refuses 2 '--abi x: 3.0, 4.0 or 4.0-ip' 'the same for record' "${learn[@]}" --abi x -o none
refuses 1 'etc/passwd' '--dbus where the bus has no user' aa-learn --profile k8s-c --dbus --root "$AAKIT_SRCDIR/tests/cases/odd/node" -o none
finish
