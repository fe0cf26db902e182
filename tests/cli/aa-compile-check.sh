# SPDX-License-Identifier: GPL-2.0-or-later
# aa-compile check as its users meet it: every finding where it is to be, and none where it is not; silences, JSON, SARIF.
# shellcheck source=tests/cli/refusals.sh
. "${AAKIT_SRCDIR:?}/tests/cli/refusals.sh"
have_parser || skip_all 'apparmor_parser is not installed'
F=$AAKIT_SRCDIR/profiles/features/debian-12-6.1

# What the last run found in text form: "LINE:COLUMN:id" for each, in their order.
found() { sed -nE 's/^[^ ]*:([0-9]+:[0-9]+): (note|warning|error): .* \[([a-z-]+)\]$/\1:\3/p' "$scratch/out" | tr '\n' ' ' | sed 's/ $//'; }

# finds WANTED NAME [OPTION...]: checks the text on stdin.
finds() {
  local wanted=$1 name=$2 code=0
  shift 2
  cat > text
  run aa-compile check text --features "$F" "$@"
  [ "$(found)" = "$wanted" ] || code=1
  result $code "$name" || echo "# wanted: $wanted; found: $(found)"
}

# A pod's profile with nothing to object, and rules from stdin, which begin on line 10.
pod() {
  cat << 'TEXT'
abi <abi/3.0>,
profile k8s-a flags=(attach_disconnected) {
  signal (receive) peer=unconfined,
  signal (receive) peer=runc,
  signal (receive) peer=crun,
  signal (send, receive) peer=@{profile_name},
  ptrace (read, readby) peer=@{profile_name},
  signal (send, receive) peer="{crun//&@{profile_name},@{profile_name}//&crun}",
  ptrace (read, readby) peer="{crun//&@{profile_name},@{profile_name}//&crun}",
TEXT
  cat
  echo '}'
}

# rule WANTED NAME RULE...: the rules in a pod's profile.
rule() {
  local wanted=$1 name=$2
  shift 2
  finds "$wanted" "$name" < <(printf '  %s\n' "$@" | pod)
}

# --- each finding

rule '' 'nothing to object' '/etc/hosts r,' 'network inet stream,' 'capability chown,'
exits 0 'and exit code 0'
prints '^1 file: 0 errors, 0 warnings, 0 notes, 0 silenced$' 'and a line that sums up'
rule '10:3:read-anywhere' 'reading anywhere' '/** r,'
rule '10:3:read-anywhere' 'reading anywhere, in other words' '/{,[^x]}** r,' 'deny /x w,'
rule '' 'reading anywhere of what is its own' 'owner /** r,'
rule '10:3:read-secrets' 'reading hashes' '/etc/shad* r,'
rule '' 'but not where it is denied' '/etc/* r,' 'deny /etc/{,g}shadow r,'
rule '10:3:write-anywhere' 'writing anywhere' '/** w,'
rule '10:3:write-programs' 'writing programs' '/usr/{,local/}bin/* w,'
rule '' 'writing one program' '/usr/bin/mine w,'
rule '10:3:write-configuration' 'writing configuration' '/etc/** w,'
rule '10:3:write-configuration' 'writing accounts' '/etc/passwd w,'
rule '10:3:kernel-control' "the kernel's switches" '/proc/sysrq-trigger w,'
finds '11:3:kernel-control' "the kernel's switches, by a variable" < <(echo '@{P}=/proc/'; echo '  @{P}/sysrq-trigger w,' | pod)
rule '10:3:runtime-socket' "the runtime's socket" '/run/containerd/containerd.sock* rw,'
rule '10:3:run-anything' 'running anything' '/** ix,'
rule '10:3:write-and-run' 'running what it wrote' '/tmp/** rwix,'
rule '' 'two rules that do it together are told of at the profile' '/x r,'
finds '2:9:write-and-run' 'two rules that do it together' < <(printf '  /tmp/** w,\n  /tmp/* ix,\n' | pod)
rule '10:3:run-unconfined' 'running unconfined' '/bin/x Ux,'
rule '10:3:run-unconfined' 'or where a profile is missing' '/bin/x PUx,'
rule '10:3:run-unconfined' 'or by name' '/bin/x px -> unconfined,'
rule '' 'not by another name' '/bin/x px -> other,'
rule '10:3:change-to-unconfined' 'changing to unconfined' 'change_profile,'
rule '' 'changing to another' 'change_profile -> other,'
rule '10:3:any-capability' 'all capabilities' 'capability,'
rule '10:3:strong-capability' 'a strong one' 'capability sys_admin chown,'
rule '10:3:any-network' 'all of the network' 'network,'
rule '10:3:raw-network' 'packet sockets' 'network packet raw,'
rule '10:3:raw-network' 'raw sockets' 'network inet raw,'
rule '10:3:any-mount' 'all mounts' 'mount,'
rule '' 'one mount' 'mount fstype=tmpfs -> /m/,'
rule '7:3:redundant 9:3:redundant 10:3:any-ptrace' 'tracing everybody' 'ptrace,'
rule '10:3:any-ptrace' 'reading everybody' 'ptrace (read),'
rule '10:3:any-signal' 'signals to everybody' 'signal (send),'

rule '10:3:redundant' 'a rule that another one swallows' '/srv/a r,' '/srv/* r,'
rule '11:3:redundant' 'of two that are alike the later one' '/etc/hosts r,' '/etc/hosts r,'
rule '12:3:redundant' 'a rule that two others swallow together' '/a/* r,' '/a/** w,' '/a/b rw,'
rule '10:3:redundant' 'a pattern that two others swallow together' '/a/{b,c}/x r,' '/a/b/* r,' '/a/c/* r,'
prints 'is allowed already by line 11 and others together \[redundant\]$' 'with the first of them'
rule '10:3:redundant' 'or one of single bytes' '/a/[0-9] r,' '/a/[0-4]* r,' '/a/[5-9]* rw,'
rule '10:3:redundant' 'each permission by others' '/a/{b,c} rw,' '/a/b* r,' '/a/c* r,' '/a/b{,1} w,' '/a/c{,1} w,'
rule '' 'nearly' '/a/[0-9] r,' '/a/[0-4]* r,' '/a/[6-9]* r,'
rule '' 'an owner among them' '/a/{b,c} r,' 'owner /a/b* r,' '/a/c* r,'
rule '' 'what is recorded among them' '/a/{b,c} r,' '/a/b* r,' 'audit /a/c* r,'
rule '' 'an owner is less than all' 'owner /a/* r,' '/a/b r,'
rule '' 'and other execs are not the same' '/a/* ix,' '/a/b px,'
rule '' 'nor is what is recorded' '/a/* r,' 'audit /a/b r,'
rule '11:3:redundant' 'capabilities' 'capability chown kill,' 'capability kill,'
rule '11:3:redundant' 'networks' 'network unix,' 'network unix stream,'
rule '11:3:denied' 'a rule that is denied' 'deny /a/** w,' '/a/b w,'
rule '' 'or only in part' 'deny /a/** w,' '/a/b rw,'

finds '1:9:missing-abi' 'no abi' < <(pod < /dev/null | sed 1d)
finds '2:9:attach-disconnected' 'no attach_disconnected' < <(pod < /dev/null | sed 's/ flags=([a-z_]*)//')
finds '2:9:mode-complain' 'complain mode' < <(pod < /dev/null | sed 's/(att/(complain, att/')
finds '2:9:mode-unconfined' 'unconfined mode' < <(pod < /dev/null | sed 's/(att/(unconfined, att/')
finds '2:9:unstoppable' 'no signals of the runtime' < <(pod < /dev/null | sed '/peer=runc/d')
prints 'hint: add: signal \(receive\) peer=runc,$' 'with the rule that is missing'
finds '2:9:own-processes' 'no signals among its own' < <(pod < /dev/null | sed '/peer=@/d')
finds '' 'a program of the host needs none of that' < <(printf 'abi <abi/3.0>,\nprofile a /usr/bin/a {\n}\n')
finds '' 'nor do profiles of a host' --host < <(printf 'abi <abi/3.0>,\nprofile a {\n}\n')
finds '2:10:pod-name' 'a name that no pod can have' < <(pod < /dev/null | sed 's/k8s-a/" k8s-a"/')
finds '2:9:pod-name 3:3:redundant' 'or that means something else' < <(pod < /dev/null | sed 's/k8s-a/unconfined/')
finds '2:1:unused-variable' 'an unused variable' < <(pod < /dev/null | sed '1a@{A}=/a')
exits 0 'a note is no failure'
finds '2:1:unused-variable' 'unless it is meant to be' --fail-on note < <(pod < /dev/null | sed '1a@{A}=/a')
exits 3 'which is exit code 3'
finds '10:3:unknown-variable' 'an unknown variable' < <(echo '  @{NONE}/a r,' | pod)
exits 5 'and what does not compile is exit code 5'
finds '11:9:duplicate-profile' 'two profiles of one name' < <(pod < /dev/null; pod < /dev/null | sed 1d)
finds '10:7:not-read' 'what cannot be read for sure' < <(echo '  /a/b,\c r,' | pod)
prints '^    /a/b,.c r,$' 'with its line'

# Learned profiles are all right.
learned=$(find "$AAKIT_SRCDIR/tests/cases" -path '*/files/*' -type f ! -name '*.yaml' ! -name '*.json')
for profile in $learned; do
  run aa-compile check "$profile" --features "$F"
  exits 0 "${profile#"$AAKIT_SRCDIR"/tests/}"
done

# --- includes

mkdir -p base/abi base/abstractions
cp "${AAKIT_APPARMOR_BASE:-/etc/apparmor.d}/abi/3.0" base/abi/
echo '/etc/** w,' > base/abstractions/wide
finds '10:3:write-configuration 11:3:redundant' 'what an include brings' --base base \
  < <(printf '  include <abstractions/wide>\n  /etc/hosts w,\n' | pod)
prints '^  see: .*/base/abstractions/wide:1:1$' 'with its place there'
finds '10:3:write-configuration' 'one that may be missing swallows nothing' --base base \
  < <(printf '  include if exists <abstractions/wide>\n  /etc/hosts w,\n' | pod)

# --- silences

rule '' 'a silence on the line' '/bin/x Ux,  # aakit: allow run-unconfined it is the updater'
prints ', 1 silenced$' 'is counted'
exits 0 'and not objected to'
finds '10:3:run-unconfined' 'and shown where that is wanted' --silenced \
  < <(echo '  /bin/x Ux,  # aakit: allow run-unconfined it is the updater' | pod)
prints '^  silenced: it is the updater$' 'with its reason'
rule '' 'a silence in front of the line' '# aakit: allow run-unconfined it is the updater' '' '# and more' '/bin/x Ux,'
rule '10:3:run-unconfined 10:15:silence-form' 'a silence without a reason' '/bin/x Ux,  # aakit: allow run-unconfined'
rule '10:15:silence-unknown' 'a silence of what there is not' '/bin/x r,   # aakit: allow run-unconfind x'
rule '10:15:silence-unused' 'a silence of nothing' '/bin/x r,   # aakit: allow run-unconfined x'
rule '10:15:silence-form' 'another word' '/bin/x r,   # aakit: ignore run-unconfined x'

# --- several files, other forms

mkdir profiles
pod < /dev/null > profiles/a
pod < /dev/null | sed 's/k8s-a/k8s-b/' > profiles/b
run aa-compile check profiles --features "$F"
exits 0 'a directory'
sed -i 's/k8s-b/k8s-a/' profiles/b
printf '  /** w,\n  /a/b\xff w,\n' | pod | sed 's/k8s-a/k8s-c/' > 'profiles/c "é"'
run aa-compile check profiles --features "$F"
exits 3 'findings in several'
prints '^profiles/b:2:9: error: profile k8s-a is already at profiles/a:2 \[duplicate-profile\]$' 'a name in two files'
prints '^    \^~~~~~$' 'and a mark below the line'

run aa-compile check profiles --features "$F" --json
exits 3 '--json'
is_json aakit/check/1 'is a document'
python3 - "$scratch/out" << 'PYTHON'
import json, sys
document = json.load(open(sys.argv[1], encoding="utf-8"))
by_id = {finding["id"]: finding for finding in document["findings"]}
assert [file["compiled"] for file in document["files"]] == [True] * 3, document["files"]
assert by_id["duplicate-profile"]["severity"] == "error", by_id
assert by_id["duplicate-profile"]["see"]["path"] == "profiles/a", by_id
assert by_id["write-anywhere"]["line"] == 10 and by_id["write-anywhere"]["hint"], by_id
assert by_id["redundant"]["end_column"] == 11, by_id
assert (document["errors"], document["warnings"], document["notes"], document["silenced"]) == (1, 1, 1, 0), document
PYTHON
result $? 'with all that text says'

# The parts of SARIF 2.1.0 that are used, as its schema has them: names, types, what is required.
echo '/bin/x Ux,  # aakit: allow run-unconfined é' | pod | sed 's/k8s-a/k8s-d/; /peer=runc/d' > profiles/d
echo 'profile broken {' > profiles/e
sed '/^signal {/,+2d' "$F" > silent # a kernel that does not mediate signals
run aa-compile check profiles --features "$F" --features silent --sarif
exits 5 '--sarif, and a text that does not compile'
cp "$scratch/out" findings.sarif
if python3 -c 'import jsonschema' 2> /dev/null; then
  python3 "$AAKIT_SRCDIR/tests/cli/sarif.py" findings.sarif > "$scratch/out" 2> "$scratch/err"
  result $? 'a SARIF document'
else
  skip 'a SARIF document' 'python3-jsonschema is not installed'
fi

run aa-compile check --list
exits 0 '--list'
section() { awk '$1 == ".Sh" || $1 == ".Ss" { inside = $2 == "check" } inside' "$AAKIT_SRCDIR/man/aa-compile.1"; }
diff <(sed -E 's/^([a-z-]+) +(note|warning|error) .*/\1 \2/' "$scratch/out" | sort) \
  <(section | sed -nE 's/^\.It Sy ([a-z-]+) Pq (note|warning|error)$/\1 \2/p' | sort)
result $? 'is what the manual lists'
run aa-compile check --list --json
is_json aakit/findings/1 'and a document'

# --- several feature sets

sed 's/peer=runc/peer=runx/' < <(echo '  /** w,' | pod) > two
run aa-compile check two --features silent
[ "$(found)" = '10:3:write-anywhere' ]
result $? 'a kernel that does not ask'
run aa-compile check two --features "$F" --features silent --features "$F"
exits 3 'several feature sets'
[ "$(found)" = '2:9:unstoppable 10:3:write-anywhere' ]
result $? 'have their findings, each told once'
[ "$(grep -c '^  only for: ' "$scratch/out")" = 1 ]
result $? 'and what is not for all'
prints "^  only for: $F\$" 'says for which'
run aa-compile check two --features "$F" --features silent --json
python3 - "$scratch/out" "$F" << 'PYTHON'
import json, sys
found = {f["id"]: f.get("only_for") for f in json.load(open(sys.argv[1]))["findings"]}
assert found == {"unstoppable": [sys.argv[2]], "write-anywhere": None}, found
PYTHON
result $? 'as JSON, too'
sed -i 's|^  /\*\* w,|  # aakit: allow write-anywhere a test\n&|; 2s|^|# aakit: allow unstoppable a test\n|' two
run aa-compile check two --features silent --features "$F"
exits 0 'a silence of what holds for one of them is used'
echo 'profile x {' > two
run aa-compile check two --features silent --features "$F"
exits 5 'a text that does not compile'
[ "$(grep -c 'syntax error' "$scratch/err")" = 1 ]
result $? 'for any of them is told once'
refuses 1 'no file or directory of that name' 'one that is not there' aa-compile check two --features "$F" --features nowhere
many=()
for ((i = 0; i < 65; i++)); do
  sed "s/^caps {mask {/&x$i /" "$F" > "set$i"
  many+=(--features "set$i")
done
refuses 2 '64 sets at most' 'too many' aa-compile check two "${many[@]}"

# --- hostile and odd

refuses 2 'name at least one' 'no path' aa-compile check --features "$F"
refuses 2 'fail-on takes' 'a severity that is none' aa-compile check profiles --features "$F" --fail-on fatal
refuses 2 'exclude each other' 'two forms' aa-compile check profiles --features "$F" --json --sarif
refuses 2 'takes no paths' '--list and a path' aa-compile check --list profiles
refuses 1 'No such file' 'a path that is not there' aa-compile check nothere --features "$F"
echo '#include <itself>' > base/itself
printf 'abi <abi/3.0>,\nprofile a /a {\n  #include <itself>\n}\n' > loop
run aa-compile check loop --features "$F" --base base
exits 0 'a file that includes itself'
name=$(printf 'a\033[31mb')
printf 'profile a {\n}\n\0' > "$name"
run aa-compile check "$name" --features "$F"
exits 5 'a name with control characters, of what is no text'
says 'a.x1b\[31mb: holds a NUL byte' 'is escaped'
head -c 5000000 /dev/zero > "$name"
run aa-compile check "$name" --features "$F"
says 'a.x1b\[31mb: larger than' 'or of what is huge'
refuses 5 'a.x1b\[31mb: ' 'and as a feature set' aa-compile check two --features "$name"
! grep -q "$(printf '\033')" "$scratch/err"
result $? 'without them'
head -c 5000000 /dev/zero | tr '\0' 'a' > huge
run aa-compile check huge --features "$F"
exits 5 'a file that is huge'
pod < /dev/null | tr -d '}' > profiles/f
run aa-compile check profiles/f profiles/a --features "$F"
exits 5 'a text without end'
prints '^profiles/f:2:1: warning: .* \[not-read\]$' 'is said to have none'
prints '^2 files: ' 'and the others are checked'
# --- seccomp profiles -------------------------------------------------------------
cat > open.json << 'JSON'
{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [
    {"names": ["bpf", "clone", "frobnicate", "mseal"], "action": "SCMP_ACT_LOG", "args": []},
    {"names": ["keyctl"], "action": "SCMP_ACT_LOG", "args": [{"index": 0, "value": 3, "op": "SCMP_CMP_EQ"}]},
    {"names": ["execve", "ptrace"], "action": "SCMP_ACT_ERRNO"}
  ]
}
JSON
run aa-compile check open.json
exits 3 'a seccomp profile that is wide open, without a feature set'
prints '^open.json:2:3: warning: .* \[seccomp-allows\]$' 'what it allows by default'
prints '^open.json:4:16: warning: bpf is allowed \(bpf\): loads kernel programs \[seccomp-sensitive\]$' 'a call that no application needs'
prints '^open.json:4:23: warning: clone is allowed with any flags' 'clone with all of its flags'
prints '^open.json:4:32: warning: libseccomp knows no system call frobnicate \[seccomp-unknown\]$' 'a name that is none'
prints '^open.json:6:16: error: execve is refused \[seccomp-no-start\]$' 'what ends every start'
prints '^1 file: 1 error, 4 warnings, 1 note' 'and nothing else: calls that are refused, depend on arguments, or are new'
sed 's/"SCMP_ACT_ALLOW",/"SCMP_ACT_LOG",/' open.json > log.json
run aa-compile check log.json --json
exits 3 'one for staging'
is_json aakit/check/1 'is told of as a document'
grep -q '"seccomp-logs"' "$scratch/out"
result $? 'with its finding'
echo '{"defaultAction": "SCMP_ACT_ERRNO", "architectures": ["SCMP_ARCH_X86_64"], "syscalls": [{"names": ["execve", "read"], "action": "SCMP_ACT_ALLOW"}]}' > tight.json
run aa-compile check tight.json
exits 3 'one under which no container was seen to start'
prints '^tight.json:1:2: warning: capget, capset, prctl refused \(capabilities\): .* \[seccomp-start\]$' 'is told what runtimes do'
! grep -q 'seccomp-no-start' "$scratch/out"
result $? 'which may be other runtimes'
cp "$AAKIT_SRCDIR/tests/cases/seccomp/expected/files/k8s-s.seccomp.json" learned.json
run aa-compile check learned.json
exits 0 'a learned one'
prints '^1 file: 0 errors, 0 warnings' 'has no finding'
mkdir mixed
cp learned.json profiles/a mixed
run aa-compile check mixed --features "$F"
prints '^2 files: ' 'a directory of both kinds'
run aa-compile check open.json --sarif
exits 3 'as SARIF'
echo '{"defaultAction": "SCMP_ACT_WARP"}' > wrong.json
run aa-compile check wrong.json
exits 5 'one that is none'
says 'wrong.json: defaultAction: unknown' 'is said'
finish
