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

# --- placing
dir=$node/var/lib/kubelet/seccomp
file=$dir/aakit/web.json
store=$node/var/lib/aakit/registered.yaml
watch=("$scratch/work" "$node/etc" "$node/sys" "$node/var/lib")
register=(aa-register --root "$node")
run aa-register diff bundle --root "$node"
exits 3 'diff finds it missing'
prints 'add      aakit/web.json  seccomp' 'and says so'
run aa-register diff bundle --root "$node" --json --texts
is_json aakit/apply/1 'diff --texts'
[ ! -e "$dir" ]
result $? 'but makes nothing'
run "${register[@]}" bundle
exits 0 'both kinds are applied'
prints 'add      aakit/web.json  seccomp  proved sha256:' 'the file is read back'
cmp -s bundle/seccomp/web.json "$file" && [ "$(stat -c %a "$file")" = 644 ]
result $? 'the file is there, for all to read'
grep -q 'name: "aakit/web.json"' "$store"
result $? 'it is registered'
before=$(listing "${watch[@]}")
run "${register[@]}" bundle
prints 'nothing to change: 2 profiles' 'again: nothing to do'
[ "$before" = "$(listing "${watch[@]}")" ]
result $? 'and nothing is done'
run "${register[@]}" bundle --json
prints '"sha256:' 'JSON has its hash'

echo '{}' > "$file"
run aa-register diff bundle --root "$node"
prints 'replace  aakit/web.json' 'a changed file is seen'
run "${register[@]}" bundle
prints '1 replaced' 'and put right'
chmod 666 "$file"
run "${register[@]}" bundle
prints '1 replaced' 'a file that others can write is put right'
[ "$(stat -c %a "$file")" = 644 ]
result $? 'for good'
rm "$file"
run "${register[@]}" bundle
prints '1 added' 'a removed file comes back'

run aa-register diff texts --root "$node"
exits 0 'a directory of texts with a seccomp profile beside them'
prints '1 profile is loaded' 'which only bundles bring'

# --- what is somebody else's
put_seccomp other.json read
run aa-compile other.json -o other.bundle
echo mine > "$dir/aakit/other.json"
refuses 1 "aakit/other.json.: a file of this name is there and not aakit's own" 'a file of somebody else' "${register[@]}" other.bundle
run "${register[@]}" other.bundle --adopt aakit/other.json
prints '1 replaced' 'unless it is taken over'
rm "$dir/aakit/other.json"
ln -s /etc/passwd "$dir/aakit/other.json"
refuses 1 'no file that can be read' 'a link in its place' "${register[@]}" other.bundle
rm "$dir/aakit/other.json"
mkdir "$node/open"
chmod 777 "$node/open"
refuses 5 'can write to it' 'a directory of everybody' "${register[@]}" other.bundle --seccomp-dir /open

# --- removing
run "${register[@]}" other.bundle
exits 0 'it is placed once more'
refuses 1 'which containers use a seccomp profile cannot be seen' 'rm is careful' aa-register rm aakit/other.json --root "$node"
run aa-register rm aakit/other.json --force --root "$node"
exits 0 'rm --force'
[ ! -e "$dir/aakit/other.json" ] && ! grep -q other.json "$store"
result $? 'removes and forgets it'
run "${register[@]}" other.bundle
run "${register[@]}" --prune bundle
exits 3 '--prune leaves what may be in use'
prints 'worn     aakit/other.json' 'and says so'
run "${register[@]}" --prune --force bundle
prints 'prune    aakit/other.json' 'unless it is forced'
[ ! -e "$dir/aakit/other.json" ] && [ -e "$file" ]
result $? 'nothing else goes'
run "${register[@]}" other.bundle
echo changed > "$dir/aakit/other.json"
run aa-register rm aakit/other.json --force --root "$node"
says 'was changed by somebody else and stays' 'what somebody changed stays'

run "${register[@]}" bundle --seccomp-dir /srv/seccomp
cmp -s bundle/seccomp/web.json "$node/srv/seccomp/aakit/web.json" && [ ! -e "$file" ]
result $? 'another directory: it moves there'

finish
