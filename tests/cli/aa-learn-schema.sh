# SPDX-License-Identifier: GPL-2.0-or-later
# The JSON Schema of the state fits what aa-learn writes, and no damage that it can see.
# shellcheck source=tests/cli/refusals.sh
. "${AAKIT_SRCDIR:?}/tests/cli/refusals.sh"
schema=$AAKIT_SRCDIR/profiles/schema/learned-1.json
python3 -c 'import jsonschema, yaml' 2> /dev/null || skip_all 'python3-jsonschema or python3-yaml is not installed'

# These are compared when the test ends, as those of every test are: of recordings, of ones that were killed, and of logs whose
# records are odd.
find "$AAKIT_SRCDIR/tests/cases" "$AAKIT_SRCDIR/tests/fuzz/corpus/state" -name '*.learned.yaml' -size -100k > list
while read -r file; do
  cp "$file" "$(tr / _ <<< "${file#"$AAKIT_SRCDIR"/}")"
done < list
ls ./*.learned.yaml > copies
[ "$(wc -l < copies)" -ge 5 ]
result $? 'golden states and the corpus'
run aa-learn --profile k8s-web --input "$LOG" -o out -q
exits 0 'a state to damage'
state=out/k8s-web.learned.yaml
position() { sed "0,/^ *pods:/s||  position: $1\n&|" "$state"; }
known() { sed "s|^runs:|$1\n&|"; }
known 'syscall: [{arch: "x86_64", name: "openat", seen: [[0, 1, 2, 3]]}, {arch: "0xc000beef", name: "#512", seen: [[0, 1, 2, 3]]}]' \
  < "$state" > syscalls.learned.yaml
known 'volumes: [{path: "/a", type: "secret"}, {path: "/a", type: "empty-dir"}]\nimage: [{pattern: "/a*", files: 7, read: 7, sensitive: 1}]' \
  < "$state" > known.learned.yaml
run aa-learn profile known.learned.yaml
exits 0 'volumes and what was weighed'
position '{path: "/log", line: 3, time: 5, serial: 6, lost: 1, files: [{device: 1, inode: 2, offset: 3, digest: "00ff"}], ahead: [1]}' \
  > position.learned.yaml
position '{files: [], seed: 18446744073709551615, members: [{files: []}, {files: [], cursor: "s=1"}]}' > members.learned.yaml

# damaged NAME FILTER...: neither the schema nor aa-learn takes the state through FILTER.
damaged() {
  local name=$1
  shift
  "$@" < "$state" > bad.yaml
  refuses 5 '^aa-learn: error: bad.yaml:' "aa-learn: $name" aa-learn profile bad.yaml
  python3 "$AAKIT_SRCDIR/tests/cli/states.py" --refused "$schema" bad.yaml
  result $? "schema: $name"
}
damaged 'a newer schema' sed 's,learned/1,learned/2,'
damaged 'no label' sed '/^label:/d'
damaged 'another key' sed 's/^runs:/extra: 1\nruns:/'
damaged 'another key of a run' sed '0,/^  node:/s//  extra: 1\n&/'
damaged 'another key of an account' sed 's/account: {/&extra: 1, /'
damaged 'no account' sed '/^  account:/d'
damaged 'a negative number' sed 's/events: [0-9]*/events: -1/'
damaged 'a number that is too large' sed 's/events: [0-9]*/events: 9007199254740992/'
damaged 'a fraction' sed 's/events: [0-9]*/events: 1.5/'
damaged 'a word for a number' sed 's/start: [0-9]*/start: now/'
damaged 'no path' sed 's/{path: /{name: /'
damaged 'another key of an access' sed 's/{path: /{mode: "r", path: /'
damaged 'a permission that is none' sed 's/mask: "rwcd"/mask: "rwz"/'
damaged 'an empty mask' sed 's/mask: "rwcd"/mask: ""/'
damaged 'a damaged escape' sed 's,"/etc/group","/etc/\\\\xZZ",'
damaged 'a NUL' sed 's,"/etc/group","/etc/\\\\x00",'
damaged 'an access that no run saw' sed '0,/seen: .*}$/s//seen: []}/'
damaged 'three numbers of a run' sed '0,/seen: \[\[0, /s//seen: [[/'
damaged 'five numbers of a run' sed '0,/seen: \[\[0, /s//seen: [[0, 0, /'
damaged 'a count of nothing' sed '0,/seen: \[\[0, [0-9]*/s//seen: [[0, 0/'
damaged 'a class that is no list' sed 's/^ptrace: .*/ptrace: {}/'
damaged 'a volume of no type' known 'volumes: [{path: "/a"}]'
damaged 'a type that is none' known 'volumes: [{path: "/a", type: "tmpfs"}]'
damaged 'a volume that is no mount point' known 'volumes: [{path: "a", type: "secret"}]'
damaged 'a volume with a slash at its end' known 'volumes: [{path: "/a/", type: "secret"}]'
damaged 'a volume twice' known 'volumes: [{path: "/a", type: "secret"}, {path: "/a", type: "secret"}]'
damaged 'another key of a volume' known 'volumes: [{path: "/a", type: "secret", size: 1}]'
damaged 'a pattern without files' known 'image: [{pattern: "/a*"}]'
damaged 'a pattern of no file' known 'image: [{pattern: "/a*", files: 0}]'
damaged 'a pattern of no path' known 'image: [{pattern: "a*", files: 1}]'
damaged 'a number of files that is too large' known 'image: [{pattern: "/a*", files: 9007199254740992}]'
damaged 'no name of a system call' known 'syscall: [{arch: "x86_64", name: "open,", seen: [[0, 1, 2, 3]]}]'
damaged 'a mask of a system call' known 'syscall: [{arch: "x86_64", name: "open", mask: "r", seen: [[0, 1, 2, 3]]}]'
damaged 'another key of a pattern' known 'image: [{pattern: "/a*", files: 1, mapped: 1}]'
started='container: "a", uid: 0, capabilities: ["chown"], no_new_privs: 1, seccomp: 0'
damaged 'a container without a flag' known "containers: [{$started}]"
damaged 'a flag that is none' known "containers: [{$started, readonly_rootfs: 2}]"
damaged 'another key of a container' known "containers: [{$started, readonly_rootfs: 1, gid: 0}]"
damaged 'a container twice' known "containers: [{$started, readonly_rootfs: 1}, {$started, readonly_rootfs: 1}]"
damaged 'a capability that is none' known "containers: [{${started/chown/CAP_CHOWN}, readonly_rootfs: 1}]"
damaged 'a capability twice' known "containers: [{${started/\"chown\"/\"chown\", \"chown\"}, readonly_rootfs: 1}]"
damaged 'a user that cannot be' known "containers: [{${started/uid: 0/uid: 4294967296}, readonly_rootfs: 1}]"
damaged 'a program without what it gains' known 'programs: [{path: "/bin/x"}]'
damaged 'a gain that is none' known 'programs: [{path: "/bin/x", gains: ["root"]}]'
damaged 'a gain twice' known 'programs: [{path: "/bin/x", gains: ["setuid", "setuid"]}]'
damaged 'a program of no path' known 'programs: [{path: "x", gains: []}]'
damaged 'another key of a program' known 'programs: [{path: "/bin/x", gains: [], uid: 0}]'
damaged 'another key of a position' position '{files: [], extra: 1}'
damaged 'a position without files' position '{path: "x"}'
damaged 'a time without its serial' position '{files: [], time: 5}'
damaged 'a digest that is none' position '{files: [{device: 1, inode: 2, offset: 3, digest: "xx"}]}'
damaged 'members without their seed' position '{files: [], members: [{files: []}]}'
damaged 'members of members' position '{files: [], seed: 1, members: [{files: [], seed: 1, members: []}]}'
rm bad.yaml
finish
