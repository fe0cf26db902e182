# SPDX-License-Identifier: GPL-2.0-or-later
# aa-learn events: one JSON object a line under the kernel's names, hostile bytes and all; filters; the account.
# shellcheck source=tests/cli/refusals.sh
. "${AAKIT_SRCDIR:?}/tests/cli/refusals.sh"

ODD=$AAKIT_SRCDIR/tests/cases/odd/node/var/log/audit/audit.log

# lines PYTHON-EXPRESSION NAME: the expression holds, d being the list of the objects that stdout has, one a line.
lines() {
  python3 - "$scratch/out" "$1" > "$scratch/python" 2>&1 << 'PYTHON'
import json, sys
d = [json.loads(line) for line in open(sys.argv[1], encoding="utf-8")]
if not eval(sys.argv[2]):
    sys.exit("does not hold: " + sys.argv[2])
PYTHON
  result $? "$2" || diag < "$scratch/python"
}

run aa-learn events --root "$NODE" --json
result "$rc" 'a recorded node: nothing lost'
lines 'len(d) == 778' 'every event of the log is a line'
lines 'all(k in e for e in d for k in ("type", "serial", "time", "apparmor", "operation", "position"))' 'what every event has'
lines 'sum(e.get("pod", "").startswith("web-7d4b") and e["container"] == "web" for e in d) == 777' 'whose they are'
lines 'all(isinstance(e["pid"], int) for e in d)' 'numbers are numbers'
lines '{e["type"] for e in d} == {1400}' 'and nothing else is an event'

run aa-learn events --input "$ODD" --json
test "$rc" -eq 3
result $? 'records that do not parse: exit 3'
lines 'len(d) > 60 and any(e.get("name") == "/tmp/new\\x0aline" or "\\x0a" in e.get("name", "") for e in d)' \
  'a newline in a name is escaped'

# Whatever a container writes stays inside its own value.
{
  printf 'type=AVC msg=audit(1.000:1): apparmor="ALLOWED" operation="open" profile="p" name="/a,type=AVC,serial=9" pid=1 comm=%s requested_mask="r" fsuid=0 ouid=0\n' \
    "$(printf '"x", "pod": "y\n\xff' | od -An -tx1 | tr -d ' \n' | tr a-f A-F)"
  printf 'type=AVC msg=audit(1.000:2): apparmor="ALLOWED" operation="open" namespace="root//x" profile="p" name="/b" pod="forged" time=7 requested_mask="r"\n'
  printf 'type=AVC msg=audit(1.000:3): apparmor="ALLOWED" operation="open" profile="p" name="12345" requested_mask="r"\n'
  printf 'type=USER_AVC msg=audit(1.000:4): pid=1 msg='\''apparmor="ALLOWED" operation="open" profile="p" name="/c"'\''\n'
} > hostile.log
run aa-learn events --input hostile.log --json
lines 'len(d) == 3' 'what user space sent is no event'
lines 'd[0]["comm"] == "\"x\", \"pod\": \"y\\x0a\\xff" and "pod" not in d[0] and d[0]["serial"] == 1' 'a name that looks like JSON stays a name'
lines '"pod" not in d[1] and d[1]["kernel_pod"] == "forged" and d[1]["time"] == 1000 and d[1]["kernel_namespace"] == "root//x"' \
  'a field under one of our names does not take its place'
lines 'd[2]["name"] == "12345"' 'a name of digits stays a string'

run aa-learn events --root "$NODE" --pod web -n default --json -q
lines 'len(d) == 777' 'only a pod'
run aa-learn events --root "$NODE" --pod web -n other --json -q
lines 'not d' 'but not of another namespace'
run aa-learn events --root "$NODE" --profile 'uncon*' --json -q
lines 'len(d) == 1' 'only a label'
stdin=$LOG
run aa-learn events --input - -q
stdin=/dev/null
test "$(grep -c ' k8s-web ' "$scratch/out")" -ge 777
result $? 'text for people, from standard input'
# aakit's own records are nobody's events, unless they are asked for.
printf 'type=AVC msg=audit(1.000:1): apparmor="AUDIT" operation="capable" profile="aakit-nudge" pid=1 comm="aakit-nudge" capability=35  capname="wake_alarm"\n' > own.log
run aa-learn events --input own.log --json -q
lines 'not d' 'the records of aakit-nudge are left out'
run aa-learn events --input own.log --json -q --profile aakit-nudge
lines 'len(d) == 1 and d[0]["capname"] == "wake_alarm"' 'and shown where their label is named'
refuses 1 'no event of k8s-x .* no other label had one' 'nor is it a label that had events' \
  aa-learn --profile k8s-x --input own.log -o "$scratch/work"
# The kernel's log: text that others can write to is learned only with a warning, and exit 3.
printf 'Nov 21 22:00:00 n kernel: [ 1.5] audit: type=1400 audit(1.000:1): apparmor="ALLOWED" operation="open" profile="p" name="/t" requested_mask="r"\n' > syslog
printf '5,7,8,-;audit: type=1400 audit(1.000:1): apparmor="ALLOWED" operation="open" profile="p" name="/a\\x5cb" requested_mask="r"\n' > kmsg
run aa-learn events --input kmsg --json
lines 'd[0]["name"] == "/a\\x5cb"' '/dev/kmsg escapes a backslash, and so do we: once'
run aa-learn events --input kmsg --input syslog --json -q
lines 'len(d) == 2' 'two inputs'
run aa-learn record --profile p --input kmsg -o kmsg.d
result "$rc" 'a text that only the kernel writes'
run aa-learn record --profile p --input syslog -o syslog.d
test "$rc" -eq 3 && grep -q 'whoever may log can write' "$scratch/err"
result $? 'a text that others can write to is a finding'

# What the kernel says beside an event is added to it, and changes nothing of its own.
{
  printf 'node=a type=AVC msg=audit(1.000:1): apparmor="ALLOWED" operation="open" profile="p" name="/a" pid=1 comm="x" requested_mask="r"\n'
  printf 'node=b type=SYSCALL msg=audit(1.000:1): syscall=1 exe="/other"\n'
  printf 'node=a type=AVC msg=audit(1.000:2): apparmor="ALLOWED" operation="open" profile="p" name="/b" pid=1 comm="x" requested_mask="r" cwd="/forged"\n'
  printf 'node=a type=SYSCALL msg=audit(1.000:2): syscall=257 exe="/bin/b" subj=p" name="/forged" key="x"\n'
  printf 'node=a type=SYSCALL msg=audit(1.000:1): syscall=257 exe=2F61200A\n'
  printf 'node=a type=PATH msg=audit(1.000:1): item=0 name="/a"\035OUID="root"\n'
  printf 'node=a type=PROCTITLE msg=audit(1.000:1): proctitle=612C22\n'
  printf 'node=a type=USER_AVC msg=audit(1.000:2): proctitle="forged"\n'
} > beside.log
run aa-learn events --input beside.log --json
result "$rc" 'records of one event among others'
lines '[e["name"] for e in d] == ["/a", "/b"]' 'in the order of the events'
lines 'd[0]["syscall"] == {"syscall": 257, "exe": "/a \\x0a"} and d[0]["paths"] == [{"item": 0, "name": "/a"}] and d[0]["proctitle"] == "a,\""' \
  'what was called, with which path, by which command line'
lines 'd[1]["syscall"] == {"syscall": 257, "exe": "/bin/b"} and "proctitle" not in d[1] and "cwd" not in d[1] and d[1]["kernel_cwd"] == "/forged"' \
  'nothing of another node, of user space, or behind a label'
stdin=$PWD/beside.log
run aa-learn events --input - -q
stdin=/dev/null
lines_of_text=$(wc -l < "$scratch/out")
test "$lines_of_text" -eq 2 && ! grep -q syscall "$scratch/out"
result $? 'people read the events alone'

# Live, an event is there soon, whatever is still to come or never comes.
: > live.log
timeout "$LIMIT" aa-learn events --source audit-log="$PWD/live.log" --json > live.out 2> live.err &
live=$!
avc() { printf 'type=AVC msg=audit(1.000:%d): apparmor="ALLOWED" operation="open" profile="p" name="/a" requested_mask="r"\n' "$1" >> live.log; }
beside() { printf 'type=%s msg=audit(1.000:%d): %s\n' "$1" "$2" "$3" >> live.log; }
# seen TENTHS REGEX: a line of the output matches before so many tenths of a second are over.
seen() {
  local i
  for ((i = 0; i < $1; i++)); do
    grep -q "$2" live.out && return
    sleep 0.1
  done
  return 1
}
until seen 2 '"serial":1,' || ! kill -0 $live 2> "$scratch/err"; do avc 1; done
seen 1 '"serial":1,'
result $? 'live: an event in a stream of its own'
beside SYSCALL 2 syscall=2
avc 3
seen 30 '"serial":3,'
result $? 'live: an event whose companions never come'
avc 4
beside SYSCALL 4 syscall=2
beside PROCTITLE 4 'proctitle="x"'
seen 30 '"serial":4,.*"syscall":{"syscall":2},"proctitle":"x"'
result $? 'live: an event with its companions'
kill -INT $live
wait $live
# 3: no auditd writes that log, so nobody knows what is lost.
test $? -eq 3 && grep -q '3 events in 6 records' live.err
result $? 'live: Ctrl-C ends it' || diag < live.err

# Ctrl-C ends it, also where a pipe gives nothing.
mkfifo idle
exec 9<> idle
timeout -s INT -k 20 1 aa-learn events --input idle > "$scratch/out" 2> "$scratch/err"
test $? -eq 124 && grep -q '0 events in 0 records' "$scratch/err"
result $? 'an idle pipe: SIGINT ends it in order'
exec 9>&-

# A compressed log that is damaged gives what came before, and says where.
gzip -c "$LOG" > whole.gz
size=$(stat -c %s whole.gz)
head -c $((size / 2)) whole.gz > cut.gz
{ head -c $((size / 2)) whole.gz; head -c 64 /dev/zero; tail -c +$((size / 2 + 65)) whole.gz; } > hit.gz
for damage in cut hit; do
  run aa-learn events --input $damage.gz --json
  test "$rc" -eq 3 && grep -q "after $damage.gz:[0-9]*: the gzip data" "$scratch/err"
  result $? "a log that is $damage: exit 3, with the place"
  lines '100 < len(d) < 778' "a log that is $damage: what came before"
  run aa-learn record --profile k8s-web --input $damage.gz -o $damage.d
  test "$rc" -eq 3 && grep -q 'what came before counts' "$scratch/err" && test -s $damage.d/k8s-web \
    && grep -q 'unsized: 1' $damage.d/k8s-web.learned.yaml
  result $? "a log that is $damage: it is learned, and the loss is kept"
  run aa-learn events --input $damage.gz --input "$LOG" --json
  test "$rc" -eq 3 && test "$(wc -l < "$scratch/out")" -ge "$(aa-learn events --input "$LOG" --json | wc -l)"
  result $? "a log that is $damage and another: the other is read"
done

# The journal's own forms keep a program's message with its newlines: no line of theirs is believed.
forged='type=AVC msg=audit(1.000:1): apparmor="ALLOWED" operation="capable" profile="p" pid=1 comm="x" capability=21  capname="sys_admin"'
printf '__CURSOR=s=1;i=2\n__REALTIME_TIMESTAMP=1\n_TRANSPORT=stdout\nMESSAGE\n\200\0\0\0\0\0\0\0hello\n%s\n\n' "$forged" > exported
printf 'LPKSHHRH\0\0\0\0MESSAGE=hello\n%s\n' "$forged" > system.journal
gzip -c exported > exported.gz
for name in exported system.journal exported.gz; do
  run aa-learn events --input $name --json
  test "$rc" -ne 0 && test ! -s "$scratch/out" && grep -q -- '--source journald=DIR' "$scratch/err"
  result $? "$name is no log"
  run aa-learn record --profile p --input $name -o refused.d
  test "$rc" -ne 0 && test ! -e refused.d/p
  result $? "$name is not learned from"
done
printf '{"__CURSOR":"s=1","_TRANSPORT":"stdout","MESSAGE":"hello\\n%s"}\n' "${forged//\"/\\\"}" > journal.json
run aa-learn events --input journal.json --json
lines 'not d' 'the journal as JSON has no line of the kernel'

# The D-Bus daemon is heard where somebody asks for it, and nobody in its place.
mkdir -p bus/etc
echo 'messagebus:x:102:103::/:/bin/false' > bus/etc/passwd
text='apparmor="DENIED" operation="dbus_method_call"  bus="system" path="/x" interface="a.b" member="C" mask="send" name="a.b" pid=7 label="k8s-web" peer_pid=8'
for sender in 'uid=102 auid=1 ses=1 subj=unconfined' 'uid=102 auid=1 ses=1 subj=k8s-web' 'uid=0 auid=1 ses=1 subj=unconfined'; do
  printf "type=USER_AVC msg=audit(1.000:1): pid=612 %s msg='%s  exe=\"/usr/bin/dbus-daemon\" sauid=102'\n" "$sender" "$text"
done > bus.log
run aa-learn events --root "$PWD/bus" --input bus.log --json
lines 'not d' 'D-Bus: off unless it is asked for'
run aa-learn events --root "$PWD/bus" --input bus.log --json --dbus
lines 'len(d) == 1 and d[0]["sender"] == {"pid": 612, "uid": 102, "subj": "unconfined"} and d[0]["type"] == 1107 and d[0]["member"] == "C" and "exe" not in d[0]' \
  'D-Bus: with who sent it'
grep -q '2 D-Bus records were sent by somebody else' "$scratch/err"
result $? 'D-Bus: and who is not the bus is told'
mkdir -p nobus/etc
: > nobus/etc/passwd
run aa-learn events --root "$PWD/nobus" --input bus.log --dbus
test "$rc" -eq 1 && grep -q 'has no user messagebus' "$scratch/err"
result $? 'D-Bus: a node without a bus is refused'

run aa-learn events extra
test "$rc" -eq 2
result $? 'a word too many'
finish
