# SPDX-License-Identifier: GPL-2.0-or-later
# System calls: what record leaves, the profile of states, the reasons, and the profile that logs.
# shellcheck source=tests/cli/refusals.sh
. "${AAKIT_SRCDIR:?}/tests/cli/refusals.sh"
log=$AAKIT_SRCDIR/tests/cases/seccomp/node/var/log/audit/audit.log

# call NAME of a profile: "allow", "limited", "absent" or nothing.
answer() {
  python3 - "$1" "$2" << 'PYTHON'
import json
import sys

words = []
for rule in json.load(open(sys.argv[1]))["syscalls"]:
    if sys.argv[2] in rule["names"]:
        words.append("limited" if "args" in rule else {"SCMP_ACT_ALLOW": "allow", "SCMP_ACT_ERRNO": "absent"}[rule["action"]])
print(" ".join(words))
PYTHON
}

# same WANTED GOT NAME: two texts are equal.
same() {
  local code=0
  [ "$1" = "$2" ] || code=1
  result $code "$3" || printf '%s\n' "wanted: $1" "got:    $2" | diag
}

# --- record -------------------------------------------------------------------
run aa-learn --profile k8s-s --input "$log" -o out
exits 0 'records of AppArmor and of seccomp in one log'
prints '^  seccomp  out/k8s-s.seccomp.json$' 'the summary names the profile'
same SCMP_ACT_ERRNO "$(python3 -c 'import json; print(json.load(open("out/k8s-s.seccomp.json"))["defaultAction"])')" 'what is not there is refused'
same 'allow limited absent  ' "$(for call in openat clone clone3 keyctl ptrace; do printf '%s ' "$(answer out/k8s-s.seccomp.json $call)"; done | sed 's/ $//')" \
  'seen, without flags, by another one, and never'
run aa-learn seccomp out/k8s-s.learned.yaml
exits 0 'the profile of a state'
cmp -s "$scratch/out" out/k8s-s.seccomp.json
result $? 'is the one that record wrote'
run aa-learn seccomp out/k8s-s.learned.yaml out/k8s-s.learned.yaml -o twice.json
exits 0 'of two states'
cmp -s twice.json out/k8s-s.seccomp.json
result $? 'a run counts once'
cp out/k8s-s.seccomp.json before
run aa-learn --profile k8s-s --input "$log" -o out
exits 0 'again into its own state'
cmp -s before out/k8s-s.seccomp.json && [ ! -e out/k8s-s.seccomp.json.new ]
result $? 'the same bytes'
echo >> out/k8s-s.seccomp.json
cp out/k8s-s.seccomp.json before
run aa-learn --profile k8s-s --input "$log" -o out
says 'k8s-s.seccomp.json was not written by aa-learn, or edited since' 'a profile that somebody edited stays'
cmp -s before out/k8s-s.seccomp.json && [ -s out/k8s-s.seccomp.json.new ]
result $? 'and the new one goes beside it'
run aa-compile out -o bundle --features "$AAKIT_SRCDIR/profiles/features/debian-12-6.1"
exits 0 'a bundle of that directory'
same 'k8s-s ' "$(find bundle/text -type f -printf '%f\n' | sort | tr '\n' ' ')" 'has no text of the one beside it'
run aa-learn --profile k8s-s --input "$log" -o only --state-only
[ ! -e only/k8s-s.seccomp.json ]
result $? '--state-only writes none'
grep type=1326 "$log" > calls.log
run aa-learn --profile k8s-s --input calls.log -o calls
exits 0 'system calls alone'
says 'all of its events are system calls' 'are said to make no AppArmor profile'
same 'k8s-s.learned.yaml k8s-s.seccomp.json ' "$(find calls -type f -printf '%f\n' | sort | tr '\n' ' ')" 'and none is written'
run aa-learn show calls/k8s-s.learned.yaml
exits 0 'a state of system calls is shown'

# A filter that refuses and logs, beside an access that is allowed.
{
  sed -n '/subj=k8s-s /{s/code=0x7ffc0000/code=0x50001/p;q}' "$log"
  sed -n '/type=1400 .*ALLOWED.*profile="k8s-s"/{p;q}' "$log"
} > refused.log
run aa-learn --profile k8s-s --input refused.log -o refused
exits 0 'a call that seccomp refused'
grep -q 'events: 2, denied: 0, syscalls: 1,' refused/k8s-s.learned.yaml && [ -s refused/k8s-s ]
result $? 'is no denial of AppArmor, and what was seen beside it makes a profile'

run aa-learn events --profile k8s-s --input calls.log
prints ' ALLOWED k8s-s syscall x86_64 openat ' 'events names a call'
run aa-learn events --profile k8s-s --input calls.log --json
prints '"arch_name":"x86_64","call":"openat"' 'as JSON too'

# --- what is sensitive, and what has no name -------------------------------------
calls() { sed "0,/syscall=[0-9]* /s//syscall=$1 /" calls.log; }
calls 250 > keyctl.log
sed -i 's/subj=unconfined/subj=k8s-s/' keyctl.log
run aa-learn --profile k8s-s --input keyctl.log -o keyctl
exits 0 'a sensitive call'
says 'for review: keyctl \(1 event\): .*; --allow keyring allows it' 'is named, with what allows it'
same '' "$(answer keyctl/k8s-s.seccomp.json keyctl)" 'and left out'
run aa-learn seccomp keyctl/k8s-s.learned.yaml --allow keyring -o allowed.json
exits 0 'until it is allowed'
same allow "$(answer allowed.json keyctl)" 'and then it is there'
run aa-learn --profile k8s-s --input keyctl.log -o keyctl --allow keyring
same allow "$(answer keyctl/k8s-s.seccomp.json keyctl)" 'by record as well, which keeps it'
calls 999 | sed 's/subj=unconfined/subj=k8s-s/' > nameless.log
run aa-learn --profile k8s-s --input nameless.log -o nameless
exits 3 'a call without a name is a finding'
says '#999 \(1 event\) is not in the profile: nobody knows a name for it' 'and is told'

# --- is it allowed? -------------------------------------------------------------
run aa-learn check out/k8s-s.seccomp.json out/k8s-s.learned.yaml
exits 0 'the learned profile allows what was seen'
cp keyctl/k8s-s.seccomp.json learned.json
run aa-learn check learned.json keyctl/k8s-s.learned.yaml
exits 0 'with what was allowed by hand'
run aa-learn check allowed.json calls/k8s-s.learned.yaml
exits 0 'and so do those of others that saw more'
run aa-learn check calls/k8s-s.seccomp.json keyctl/k8s-s.learned.yaml
exits 3 'a call that the profile does not allow'
prints '^  x86_64 keyctl  # 1 event' 'is listed'
sed 's/c000003e/40000003/' calls.log > ia32.log
run aa-learn check calls/k8s-s.seccomp.json --profile k8s-s --input ia32.log
exits 3 'calls of an architecture that the profile does not have'
prints '^  x86 ' 'are listed'
sed 's/"SCMP_ACT_ERRNO"/"SCMP_ACT_ERNO"/' learned.json > wrong.json
refuses 5 'wrong.json' 'a profile with a word that is none' aa-learn check wrong.json calls/k8s-s.learned.yaml

grep type=1400 "$log" > files.log
run aa-learn --profile k8s-s --input files.log -o files -q
run aa-learn check calls/k8s-s.seccomp.json files/k8s-s.learned.yaml
exits 3 'a state without system calls proves nothing'
says 'no system call of k8s-s was seen: the profile was asked nothing' 'which is said'

# --- differences ----------------------------------------------------------------
run aa-learn diff calls/k8s-s.learned.yaml keyctl/k8s-s.learned.yaml
exits 3 'states of other calls'
prints '^syscall$' 'are told apart by class'
prints '^\+ keyctl$' 'and by the call that one allows'
run aa-learn diff calls/k8s-s.learned.yaml nameless/k8s-s.learned.yaml
prints '^\+ syscall ?#999|^\+ .*#999' 'or that nobody can name'
run aa-learn --profile k8s-s --input "$log" --allow userns -o userns -q
run aa-learn diff out/k8s-s.learned.yaml userns/k8s-s.learned.yaml
exits 3 'a clone that makes name spaces'
prints '^\+ namespaces clone$' 'is another one'
refuses 5 'compared by the states' 'seccomp profiles themselves' aa-learn diff calls/k8s-s.seccomp.json out/k8s-s.learned.yaml
run aa-learn diff out/k8s-s.learned.yaml out/k8s-s.learned.yaml
exits 0 'a state and itself'

# --- reasons ------------------------------------------------------------------
run aa-learn seccomp out/k8s-s.learned.yaml --explain
exits 0 '--explain'
prints '^allow   openat2  *open: opens a file$' 'a call that stands for another'
prints '^allow   capset  *capabilities: ' 'one of the start'
prints '^allow   openat  *[0-9]+ events, 1 run$' 'one that was seen'
run aa-learn seccomp out/k8s-s.learned.yaml --json
same aakit/seccomp/1 "$(python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["schema"])' "$scratch/out")" '--json'
fits 'it fits its schema'
mkdir documented
cp "$AAKIT_SRCDIR/tests/cases/seccomp/expected/files/k8s-s.learned.yaml" documented/k8s-web.learned.yaml
read -ra words <<< "$(taken aa-learn-seccomp.sh README.md | sed -n 's,^[$] \(.*\) out/,\1 documented/,p')"
run "${words[@]}"
exits 0 'as README.md has it'
prints '^allow   openat  ' 'it tells why'
run aa-learn seccomp out/k8s-s.learned.yaml --exact -o exact.json
same '' "$(answer exact.json faccessat2 | grep -v allow)$(answer exact.json timerfd_settime)" '--exact leaves out what stands for others'

# --- the profile that logs ------------------------------------------------------
dir=node/var/lib/kubelet/seccomp/aakit/log
run aa-learn seccomp --log-profile k8s-s --root node
exits 0 'a profile that logs'
says 'localhostProfile: aakit/log/k8s-s.json' 'and what to put into the pod'
same SCMP_ACT_LOG "$(python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["defaultAction"])' $dir/k8s-s.json)" 'logs everything'
same 644 "$(stat -c %a $dir/k8s-s.json)" 'everybody may read it'
run aa-learn seccomp --log-profile k8s-s --root node out/k8s-s.learned.yaml
exits 0 'with a state'
same 'allow  ' "$(for call in openat execve keyctl; do printf '%s ' "$(answer $dir/k8s-s.json $call)"; done | sed 's/ $//')" \
  'it logs what is new, and what begins programs'
mkdir -p actions/proc/sys/kernel/seccomp
echo 'kill_process errno' > actions/proc/sys/kernel/seccomp/actions_logged
run aa-learn seccomp --log-profile k8s-s --root actions
says 'the kernel does not log what a filter lets pass: sysctl' 'a kernel that does not log is told'
echo '{"defaultAction": "SCMP_ACT_ERRNO"}' > $dir/k8s-s.json
refuses 5 'k8s-s.json was not written by aa-learn, and stays' 'a profile of somebody else' \
  aa-learn seccomp --log-profile k8s-s --root node
same '{"defaultAction": "SCMP_ACT_ERRNO"}' "$(cat $dir/k8s-s.json)" 'is as it was'
rm $dir/k8s-s.json
ln -s /etc/passwd $dir/k8s-s.json
refuses 5 'k8s-s.json was not written by aa-learn' 'a link in its place' aa-learn seccomp --log-profile k8s-s --root node
rm $dir/k8s-s.json
chmod 777 $dir
refuses 5 'aakit/log' 'a directory that others can write to' aa-learn seccomp --log-profile k8s-s --root node
chmod 755 $dir

# --- refusals -----------------------------------------------------------------
refuses 2 'whose profile\?' 'no state' aa-learn seccomp
refuses 2 'goes with states only' '--log-profile and -o' aa-learn seccomp --log-profile k8s-s -o x
refuses 2 'the states are of k8s-s, not of k8s-t' 'a state of another label' \
  aa-learn seccomp --log-profile k8s-t --root node out/k8s-s.learned.yaml
for label in '../x' 'a b' 'a#b' $'a\033[2J' 'x: y'; do
  refuses 2 'cannot be the name of a seccomp profile' "a label that no pod can name a file by: $label" \
    aa-learn seccomp --log-profile "$label" --root node
done
refuses 2 'there is no such kind' 'an id that is none' aa-learn seccomp out/k8s-s.learned.yaml --allow nonsense
refuses 2 '--syscalls: only for what is recorded live' '--syscalls of a log' aa-learn --profile k8s-s --input "$log" --syscalls -o x
run aa-learn --profile k8s-web --input "$LOG" -o none -q
refuses 1 'no system call of k8s-web was seen' 'a state without system calls' aa-learn seccomp none/k8s-web.learned.yaml
finish
