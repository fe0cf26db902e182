# SPDX-License-Identifier: GPL-2.0-or-later
# Seccomp profiles in bundles: what aa-compile takes and refuses, and how aa-register places them.
# shellcheck source=tests/cli/refusals.sh
. "${AAKIT_SRCDIR:?}/tests/cli/refusals.sh"
have_parser || skip_all 'apparmor_parser is not installed'

node=$scratch/node
make_node "$node"
mkdir -p "$node/etc" "$node/var/lib" texts
put_profile texts/web k8s-web '' /web

# put_seccomp FILE CALL: a profile that allows the call and nothing else.
put_seccomp() {
  printf '{\n  "defaultAction": "SCMP_ACT_ERRNO",\n  "syscalls": [\n    { "names": ["%s"], "action": "SCMP_ACT_ALLOW" }\n  ]\n}\n' \
    "$2" > "$1"
}
put_seccomp texts/web.seccomp.json read

# --- building
run aa-compile texts -o bundle --root "$node"
exits 0 'a text and a seccomp profile of one directory'
prints 'proved     aakit/web.json' 'the profile is named as pods name it'
prints '1 compiled, 0 unchanged, 1 seccomp profile proved' 'both are counted'
cmp -s texts/web.seccomp.json bundle/seccomp/web.json
result $? 'the file goes in as it is'
before=$(listing bundle)
run aa-compile texts -o bundle --root "$node"
prints 'nothing to change: 2 compiled as wanted' 'a second build finds nothing to do'
[ "$before" = "$(listing bundle)" ]
result $? 'and does nothing'
run aa-compile texts -o other --root "$node"
cmp -s bundle/manifest.yaml other/manifest.yaml
result $? 'the same inputs, the same manifest'
cp texts/web.seccomp.json saved
put_seccomp texts/web.seccomp.json write
run aa-compile texts -o bundle --root "$node"
prints '0 compiled, 1 unchanged, 1 seccomp profile proved' 'a change of it alone compiles nothing'
cp saved texts/web.seccomp.json
run aa-compile texts/web.seccomp.json -o alone
exits 0 'without a text no kernel has to be named'
run aa-compile texts/web.seccomp.json -o alone --json
prints '"name" : "aakit/web.json"' 'JSON tells of it'

put_seccomp odd.json not_a_call
run aa-compile odd.json -o odd
exits 0 'a call that libseccomp does not know'
says 'odd.json: libseccomp knows no system call of this name, and runtimes pass over it: not_a_call' 'is told'
mkdir twice
put_seccomp twice/web.json read
put_seccomp twice/web.seccomp.json read
refuses 5 'seccomp profile "aakit/web.json" is in twice/web.json already' 'two files for one name' aa-compile twice -o out.bundle

# damaged NAME JSON MESSAGE: it is refused, and no bundle is written.
damaged() {
  printf '%s' "$2" > "$1"
  refuses 5 "$3" "refused: $3" aa-compile "$1" -o out.bundle
}
damaged bad.json '{"defaultAction": ' 'bad.json:1:'
damaged bad.json '{"defaultAction":"SCMP_ACT_ERRNO","syscalls":[{"names":["bpf"],"action":"SCMP_ACT_ALLOW","includes":{"caps":["CAP_BPF"]}}]}' \
  "bad.json: syscalls.0..includes: a field of Docker's own form: containerd passes over it"
damaged bad.json '{"defaultAction":"SCMP_ACT_ERRNO","Syscalls":[]}' 'Syscalls: an unknown field'
damaged bad.json '{"defaultAction":"SCMP_ACT_ERRNO","architectures":["SCMP_ARCH_S390X"]}' 'no filter can be made of it: SCMP_ARCH_S390X'
damaged 'a b.json' '{"defaultAction":"SCMP_ACT_ERRNO"}' 'a seccomp profile is called NAME.json'
[ ! -e out.bundle ]
result $? 'no bundle was written'

finish
