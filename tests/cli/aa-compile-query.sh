# SPDX-License-Identifier: GPL-2.0-or-later
# aa-compile query as its users meet it: one question, many of them, each form of policy, and what is refused.
# shellcheck shell=bash source=tests/cli/tap.sh
. "${AAKIT_SRCDIR:?}/tests/cli/tap.sh"
have_parser || skip_all 'apparmor_parser is not installed'

f61=$AAKIT_SRCDIR/profiles/features/debian-12-6.1
f612=$AAKIT_SRCDIR/profiles/features/debian-13-6.12
web=$AAKIT_SRCDIR/tests/policy/web.aa
export AAKIT_APPARMOR_BASE=${AAKIT_APPARMOR_BASE:-/etc/apparmor.d}

# asks CODE ANSWER WORD...: a question to the profile zz-web of $policy.
policy=(--features "$f61" "$web" zz-web)
asks() {
  local code=$1 answer=$2
  shift 2
  gives "$code" aa-compile query "${policy[@]}" "$@" && [ "$(cat out)" = "$answer" ]
}

ok 'a file that may be read' asks 0 allowed file /a/b r
ok 'and not written' asks 3 'denied mask=w' file /a/b rw
ok 'a file of its own' asks 0 allowed file /b/x rw owner
ok "and somebody else's" asks 3 'denied mask=rw' file /b/x rw other
ok 'a denial without a record' asks 3 'denied mask=r quiet=r' file /a/secret r
ok 'an access with a record' asks 0 'allowed audited=rw' file /audited rw
ok 'a name with blanks and quotes' asks 0 allowed file '/a/ " \ * ,#' r
ok 'exec inherits' asks 0 'allowed exec=ix label=zz-web' exec /bin/i
ok 'exec goes to another profile' asks 0 'allowed exec=Px label=px' exec /bin/p
ok 'to a child' asks 0 'allowed exec=Cx label=zz-web//kid' exec /bin/n
ok 'to a profile that is not here' asks 0 'allowed exec=px label=other' exec /bin/o
ok 'out of confinement' asks 0 'allowed exec=Ux label=unconfined' exec /bin/u
ok 'with a fallback' asks 0 'allowed exec=pux label=pglob' exec /bin/pu
ok 'or nowhere' asks 3 'denied mask=x' exec /bin/z
ok 'any file below a directory' asks 0 'allowed name=/a/a' below /a/ r
ok 'or none' asks 3 'denied mask=w' below /a/ w
ok 'a program that leaves confinement' asks 0 'allowed exec=Ux name=/bin/u' unconfined
ok 'a directory without its slash: usage' gives 2 aa-compile query "${policy[@]}" below /a r
ok 'a link' asks 0 allowed link /l/x /t/x
ok 'to something else' asks 3 'denied mask=l' link /l/x /u/x
ok 'a capability' asks 0 allowed capability chown
ok 'that is recorded' asks 0 'allowed audited' capability net_raw
ok 'that is denied without a record' asks 3 'denied quiet' capability sys_admin
ok 'a socket' asks 0 allowed network inet stream
ok 'of another type' asks 3 'denied mask=create' network inet dgram create
ok 'a unix socket' asks 0 allowed unix dgram send,receive
ok 'a signal' asks 0 allowed signal send term foo
ok 'from outside' asks 0 allowed signal receive kill unconfined
ok 'to somebody else' asks 3 'denied mask=send' signal send kill foo
ok 'ptrace' asks 0 allowed ptrace read bar
ok 'by somebody else' asks 3 'denied mask=trace' ptrace trace bar
ok 'a mount' asks 0 allowed mount /mnt/ source=tmpfs fstype=tmpfs options=rw,nosuid
ok 'with other options' asks 3 'denied mask=mount' mount /mnt/ source=tmpfs fstype=tmpfs options=rw
ok 'umount' asks 0 allowed umount /mnt/
ok 'pivot_root' asks 0 allowed pivot_root /new/ /new/old/
ok 'change_profile' asks 0 allowed change_profile other
ok 'change_profile on exec' asks 0 allowed change_profile late /bin/i
ok 'what this kernel does not mediate' asks 0 'allowed unmediated' userns

ok 'JSON' gives 3 aa-compile query --json "${policy[@]}" file /a/secret rw
python3 - out > facts << 'END'
import json, sys
a = json.load(open(sys.argv[1]))
print(a["schema"], a["allowed"], a["mediated"], a["requested"], a["denied"], a["quiet"], a["audited"])
END
ok 'has every part' test "$(cat facts)" = 'aakit/answer/1 False True rw rw r '

printf '%s\n' 'file /a/b r' '  file   /a/\x20x\x0a r  ' 'exec /bin/p' 'file /a/b w' > questions
ok 'many questions' gives 3 aa-compile query "${policy[@]}" < questions
ok 'are answered in their order' test "$(cat out)" = "$(printf '%s\n' allowed allowed 'allowed exec=Px label=px' 'denied mask=w')"
cat > dialogue.py << 'END'
import subprocess, sys
with subprocess.Popen(["aa-compile", "query", *sys.argv[1:]], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as asked:
    for question in ("file /a/b r", "file /a/b w", "file /a/b r"):
        asked.stdin.write(question + "\n")
        asked.stdin.flush()
        print(asked.stdout.readline(), end="")
    asked.stdin.close()
END
ok 'one after the other' gives 0 timeout 60 python3 dialogue.py "${policy[@]}"
ok 'are answered at once' test "$(cat out)" = "$(printf '%s\n' allowed 'denied mask=w' allowed)"
ok 'all allowed: 0' gives 0 aa-compile query "${policy[@]}" <<< 'file /a/b r'
ok 'none at all: 0' gives 0 aa-compile query "${policy[@]}" < /dev/null
ok 'no line end at the end' gives 3 aa-compile query "${policy[@]}" < <(printf 'file /a/b w')
ok 'JSON lines' gives 3 aa-compile query --json "${policy[@]}" < questions
ok 'are one a question' test "$(grep -c '"schema":"aakit/answer/1"' out)/$(wc -l < out)" = 4/4
printf '%s\n' 'file /a/b r' '' 'file /a/b' 'file /a/b q' 'file \q r' 'what /a' 'file \x00 r' 'file /a/b w' > questions
ok 'lines that are no questions' gives 5 aa-compile query "${policy[@]}" < questions
ok 'are answered as such, the others as ever' test "$(cut -d' ' -f1 out | tr '\n' ' ')" = \
  'allowed invalid invalid invalid invalid invalid invalid denied '
ok 'a line without end' gives 5 timeout 20 aa-compile query "${policy[@]}" < /dev/zero
head -c 100000 /dev/zero | tr '\0' x > long
ok 'a line that is too long' gives 5 aa-compile query "${policy[@]}" < long
ok 'with its number' err_has 'standard input:1:'

# Each form of policy.
mkdir texts
cp "$web" texts/web
aa-compile texts -o bundle --features "$f61" --features "$f612" > /dev/null 2>&1
aa-compile texts -o single --features "$f61" > /dev/null 2>&1
id61=$(aa-compile features --json "$f61" | sed -n 's/.*"id" : "\(.*\)".*/\1/p')
policy=("single" zz-web)
ok 'a bundle of one feature set' asks 0 allowed file /a/b r
policy=("bundle" zz-web//kid --features debian-12-6.1)
policy[3]=$f61
ok 'a child, in a bundle of several' asks 0 allowed file /k r
policy=("bundle" zz-web --features "$id61")
ok 'by the id of the feature set' asks 0 allowed file /a/b r
ok 'several, and none is named' gives 4 aa-compile query bundle zz-web file /a r --root "$scratch/nowhere"
ok 'one that it was not compiled for' gives 1 aa-compile query single zz-web file /a r --features "$f612"
policy=("single/$id61/zz-web" zz-web)
ok 'a compiled file' asks 0 allowed file /a/b r
if aa-compile query "$AAKIT_SRCDIR/tests/policy/web-4.1-table.zst" zz-web file /a/b r > /dev/null 2> err || ! err_has 'without libzstd'; then
  policy=("$AAKIT_SRCDIR/tests/policy/web-4.1-table.zst" zz-web)
  ok 'a compressed one of a newer parser' asks 3 'denied mask=r quiet=r' file /a/secret r

  # Addresses.
  policy=("$AAKIT_SRCDIR/tests/policy/inet-5.0-table.zst" zz-inet)
  ok 'an internet socket by its port' asks 0 allowed network inet stream bind,listen addr=10.9.9.9 port=8080
  ok 'and another port' asks 3 'denied mask=bind,listen' network inet stream bind,listen addr=10.9.9.9 port=8081
  ok 'by its peer' asks 0 allowed network inet stream connect port=40000 peer_addr=10.0.0.1 peer_port=5432
  ok 'and another peer' asks 3 'denied mask=connect' network inet stream connect peer_addr=10.0.0.2 peer_port=5432
  ok 'a port that needs a capability' asks 0 allowed network inet6 stream bind addr=::1 port=80
  ok 'a socket that is connected' asks 0 allowed network inet stream send,receive port=7 peer_addr=none
  ok 'to anywhere' asks 3 'denied mask=connect' network inet stream connect
  ok 'an address of another family: usage' gives 2 aa-compile query "${policy[@]}" network inet stream bind addr=::1
  ok 'a port that is none: usage' gives 2 aa-compile query "${policy[@]}" network inet stream bind port=65536
  ok 'a family without addresses: usage' gives 2 aa-compile query "${policy[@]}" network netlink raw create port=1

  # The classes of newer kernels and parsers.
  policy=("$AAKIT_SRCDIR/tests/policy/ipc-5.0-table.zst" zz-ipc)
  ok 'a unix socket by its address' asks 0 allowed unix stream bind,listen addr=@own
  ok 'and another address' asks 3 'denied mask=bind' unix stream bind addr=@other
  ok 'a unix socket with its peer' asks 0 allowed unix stream send,receive addr=none peer_addr=@srv peer=peer
  ok 'and another peer' asks 3 'denied mask=send' unix stream send peer_addr=@srv peer=other
  ok 'an address that is none: usage' gives 2 aa-compile query "${policy[@]}" unix stream bind addr=own
  ok 'a D-Bus message' asks 0 allowed dbus send system name=n peer=q path=/p interface=i member=m
  ok 'in the other direction' asks 3 'denied mask=receive' dbus send,receive system name=n peer=q path=/p interface=i member=m
  ok 'a name on a bus' asks 0 allowed dbus bind session name=org.x
  ok 'another name' asks 3 'denied mask=bind' dbus bind session name=org.y
  ok 'eavesdropping' asks 3 'denied mask=eavesdrop' dbus eavesdrop system
  ok 'two kinds of questions in one: usage' gives 2 aa-compile query "${policy[@]}" dbus send,bind system
  ok 'a part that is none of this class: usage' gives 2 aa-compile query "${policy[@]}" dbus send system addr=@x
  ok 'a POSIX message queue' asks 0 allowed mqueue /q read,open
  ok 'with one permission more' asks 3 'denied mask=write' mqueue /q read,write
  ok 'a System V message queue' asks 0 allowed mqueue 7 write
  ok 'a queue that is neither: usage' gives 2 aa-compile query "${policy[@]}" mqueue q read
  ok 'io_uring' asks 0 allowed io_uring sqpoll
  ok "with another's credentials" asks 3 denied io_uring override_creds another
  ok 'without the label: usage' gives 2 aa-compile query "${policy[@]}" io_uring override_creds
  ok 'a limit' asks 0 allowed rlimit nofile 1024
  ok 'beyond it' asks 3 denied rlimit nofile infinity
  ok 'one that the policy does not set' asks 0 'allowed unmediated' rlimit core infinity
  ok 'no limit: usage' gives 2 aa-compile query "${policy[@]}" rlimit nofiles 1
fi

# A tree of files.
mkdir -p tree/a/deep tree/b tree/bin tree/z
touch tree/a/one tree/a/deep/two "tree/a/new
line" tree/a/secret tree/b/own tree/bin/i tree/z/none
ln -s /a/one tree/a/link
ok 'a tree' gives 0 aa-compile query "single/$id61/zz-web" zz-web --tree tree
ok 'tells of each file with which something is allowed, and the totals' test "$(cat out)" = "$(printf '%s\n' \
  'r   /a/deep/two' 'r   /a/new\x0aline' 'r   /a/one' 'x   /bin/i' '7 files: 3 readable, 0 writable, 1 executable')"
ok 'of the own files' gives 0 aa-compile query "single/$id61/zz-web" zz-web --tree tree/ --owner
ok 'the owner rules, too' out_has 'rw  /b/own'
ok 'as JSON' gives 0 aa-compile query --json "single/$id61/zz-web" zz-web --tree tree
ok 'with the totals' out_has '"readable" : 3'
ok 'which is a document' python3 -c 'import json; d = json.load(open("out")); assert d["files"] == 7 and len(d["allowed"]) == 4'
ln tree/a/one tree/z/another-name
ln -s . tree/loop
ln -s tree link
ok 'a link to a tree' gives 0 aa-compile query "single/$id61/zz-web" zz-web --tree link
ok 'is that tree: a file counts by each of its names, and links lead nowhere' test "$(tail -n 1 out)" = \
  '8 files: 3 readable, 0 writable, 1 executable'
mkdir empty
ok 'an empty tree' gives 0 aa-compile query --json "single/$id61/zz-web" zz-web --tree empty
ok 'is a document, too' python3 -c 'import json; assert json.load(open("out"))["allowed"] == []'
# A directory whose name is longer than any that the kernel takes.
python3 - << 'END'
import os
os.chdir("empty")
for _ in range(25):
    os.mkdir("d" * 200)
    os.chdir("d" * 200)
open("hidden", "w")
END
ok 'what cannot be read' gives 3 aa-compile query "single/$id61/zz-web" zz-web --tree empty
ok 'is warned of' err_has 'File name too long: not in these totals'
ok 'and counted' gives 3 aa-compile query --json "single/$id61/zz-web" zz-web --tree empty
ok 'in JSON' out_has '"skipped" : 1'
ok 'a file for a tree' gives 1 aa-compile query --json "single/$id61/zz-web" zz-web --tree tree/a/one
ok 'nothing is printed' test ! -s out
ok 'a tree that is not there' gives 1 aa-compile query "single/$id61/zz-web" zz-web --tree nothing
ok 'a tree and a question: usage' gives 2 aa-compile query "single/$id61/zz-web" zz-web --tree tree file /a r
ok 'an owner without a tree: usage' gives 2 aa-compile query "single/$id61/zz-web" zz-web --owner file /a r

# A stream of questions without end.
# shellcheck disable=SC2016
ok 'answers that cannot be written' gives 1 timeout 100 bash -c 'yes "file /a r" | aa-compile query "$1" zz-web > /dev/full' - "single/$id61/zz-web"
ok 'end it' err_has 'cannot write to standard output'

# Refusals.
ok 'another profile' gives 1 aa-compile query "single/$id61/zz-web" k8s-web file /a r
ok 'and those that are there' err_has 'zz-web'
ok 'another profile of a bundle' gives 1 aa-compile query single k8s-web file /a r
ok 'no policy' gives 1 aa-compile query nothing zz-web file /a r
head -c 3000 "single/$id61/zz-web" > damaged
ok 'a damaged file' gives 5 aa-compile query damaged zz-web file /a r
ok 'a text that does not compile' gives 5 aa-compile query --features "$f61" questions zz-web file /a r
ok 'a text and no feature set' gives 4 aa-compile query --root "$scratch/nowhere" "$web" zz-web file /a r
ok 'no label: usage' gives 2 aa-compile query "$web"
ok 'no class of that name: usage' gives 2 aa-compile query --features "$f61" "$web" zz-web fiel /a r
ok 'a class without its arguments: usage' gives 2 aa-compile query --features "$f61" "$web" zz-web file /a
ok 'and how it is written' err_has 'file PATH MASK [owner|other]'
ok 'no such capability: usage' gives 2 aa-compile query --features "$f61" "$web" zz-web capability fly
ok 'a complain profile answers by its rules' gives 3 aa-compile query --features "$f61" "$web" pglob file /a r
ok 'and says so' err_has 'complain'
finish
