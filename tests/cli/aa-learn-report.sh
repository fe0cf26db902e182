# SPDX-License-Identifier: GPL-2.0-or-later
# aa-learn report: a page that tells what the state holds and the compiled policy says, and in which no name is more than text.
# shellcheck source=tests/cli/refusals.sh
. "${AAKIT_SRCDIR:?}/tests/cli/refusals.sh"
have_parser || skip_all 'apparmor_parser is not installed'
cases=$AAKIT_SRCDIR/tests/cases
for name in web odd classes children seccomp markup; do
  cp "$cases/$name"/expected/files/k8s-*.learned.yaml .
done
chmod u+w ./*.yaml

# page [ID]: what the page that was written last says, or the element ID of it, is in $scratch/page.
page() {
  python3 "$AAKIT_SRCDIR/tests/cli/page.py" page.html "$@" > "$scratch/page" 2>&1
}

# tells NAME LINE: a line of $scratch/page holds LINE.
tells() {
  grep -qF -- "$2" "$scratch/page"
  result $? "$1" || head -n 40 "$scratch/page" | diag
}

# reports CODE NAME ARGS...: a page is written with ARGS, and is sound.
reports() {
  local code=$1 name=$2
  shift 2
  rm -f page.html
  run aa-learn report -o page.html "$@"
  [ "$rc" = "$code" ] && [ ! -s "$scratch/out" ] && page --check
  result $? "$name: one page, with one style and one script of ours, and a policy for just these" || diag < "$scratch/page"
}

reports 0 'an ordinary state' k8s-web.learned.yaml
page
tells 'the label is the title' 'Profile k8s-web'
tells 'the state is named with its digest' "Learned state: k8s-web.learned.yaml, SHA-256 $(sha256sum < k8s-web.learned.yaml | cut -d ' ' -f 1)"
tells 'and the profile' "SHA-256 $(sha256sum < "$cases/web/expected/files/k8s-web" | cut -d ' ' -f 1)"
page p1-words
tells 'plain words: what is written' 'Write files: /dev/null, /run/nginx.pid'
tells 'what is run' 'Run programs: /bin/busybox.'
tells 'a capability, and what it is for' 'Use the capability chown, to change the owner of any file.'
tells 'what it may not' "It may not, though containerd's default profile lets it: use the container runtime's socket; "
page p1-capabilities
tells 'a capability that was used' 'chown | change the owner of any file | yes | yes | 1 | used and allowed'
tells 'one that is held for nothing' 'net_raw | use raw sockets: forge packets, and listen to those of others | no | yes | 0 | held, never used'
page p1-peers
tells 'a network in words' 'network inet stream, | TCP over IPv4 | yes | 593'
page p1-programs
tells 'what a program leads to' '/bin/busybox | k8s-web | keeps the profile |'
page p1-growth
said=$(aa-learn show --json k8s-web.learned.yaml | python3 -c '
import json, sys
print("%.1f %%" % (json.load(sys.stdin)["states"][0]["completeness"]["chance_new"] * 100))')
tells 'the estimate is that of show' "with a chance of ${said:-?} (95 %"
page p1-runs
tells 'the loss, and whose pods' '1 | complete nothing lost | 777 | 2026-11-21T23:54:12Z | node | file | default/web-7d4b9c5f6-x2x9k, container web'
page p1-exposure
tells 'the exposure beside that of containerd' "containerd's default"
page p1-files
tells 'files by the compiled policy' '45 files: 41 may be read, 8 written and 1 run'
tells 'a directory of them' '/var/lib/nginx/body | 4 | '

# Each rule that show lists has a row, with its numbers.
aa-learn show --json k8s-web.learned.yaml > show.json
page p1-rules
python3 - show.json "$scratch/page" << 'PYTHON' > "$scratch/diff" 2>&1
import json
import sys

rows = [line.strip().split(" | ") for line in open(sys.argv[2], encoding="utf-8")]
for rule in json.load(open(sys.argv[1], encoding="utf-8"))["states"][0]["rules"]:
    found = [row for row in rows if row[0] == rule["rule"] and str(rule["events"]) in row]
    stamp = f"audit({rule['first'] // 1000}.{rule['first'] % 1000:03d}"
    if not any(row[-1] == stamp for row in found):
        sys.exit(f"no row of {rule}")
PYTHON
result $? 'every rule has a row with its events and its first record' || diag < "$scratch/diff"
run aa-learn report k8s-web.learned.yaml -o - && cmp -s page.html "$scratch/out"
result $? 'the same state gives the same page, on standard output too'

reports 3 'a state with losses and things to review' k8s-odd.learned.yaml
page p1
tells 'the loss is on top' 'some, or not known'
page p1-review
tells 'what waits for review, and the command' '/etc/shadow r, | password hashes | 1 |'
command=$(sed -nE 's/.*(aa-learn profile --allow password-hashes .*)/\1/p' "$scratch/page")
result "$([ -n "$command" ] && echo 0 || echo 1)" 'a command allows it'
bash -c "$command" > allowed 2> /dev/null
grep -q '^  /etc/shadow r,' allowed
result $? 'which it does'

reports 0 'names that are markup' k8s-markup.learned.yaml
page p1-rules
tells 'a name is text' '"/tmp/<script>alert(1)</script>" r,'
tells 'an end of a script is' '"/tmp/</script><script>alert(2)</script>" w,'
! grep -qE '<script>(alert|\")|<base|<img|<b>|<i>' page.html
result $? 'none is in the page as it was'
! LC_ALL=C grep -qP '\xe2\x80[\xae\x8b\xa8]|[\x00-\x08\x0b-\x1f]' page.html
result $? 'no character that is not seen, or turns what is'

reports 0 'system calls' k8s-s.learned.yaml
page p1-calls
tells 'those that were seen' 'openat | x86_64 |'
reports 0 'several states' k8s-web.learned.yaml k8s-markup.learned.yaml
page
tells 'have a title for all' '2 profiles'
tells 'and one each' 'k8s-markup'

# large N: a state of N rules that nothing widens, one of which is markup, and its page.
large() {
  local i file
  for ((i = 0; i < $1; i++)); do
    file=file-$i
    [ "$i" -gt 0 ] || file='zz</noscript><script>'
    printf 'type=AVC msg=audit(1763719200.%03d:%d): apparmor="ALLOWED" operation="open" profile="k8s-large" name="/data/%s" pid=1 comm="app" requested_mask="r" denied_mask="r" fsuid=0 ouid=0\n' \
      $((i % 1000)) $((i + 1)) "$file"
  done > large.log
  aa-learn --input large.log --profile k8s-large --state-only -o "large-$1" > /dev/null 2>&1
  reports 0 "a page of $1 rules" --exact "large-$1/k8s-large.learned.yaml"
  page p1-rules
  [ "$(grep -c '^"\?/data/.* r,' "$scratch/page")" = "$1" ]
  result $? "all $1 are there" || diag < "$scratch/page"
}
large 600
! grep -q '^<noscript>' page.html
result $? 'none of 600 rules waits'
large 601
[ "$(grep -c '^<noscript><div' page.html)" = 1 ] && [ "$(grep -c '</noscript>' page.html)" = 1 ]
result $? 'what is behind them does, as one group'
sed -n '/^<noscript>/,/<.noscript>/p' page.html | grep -qF 'zz&lt;/noscript&gt;&lt;script&gt;'
result $? 'and its markup is text'

# --- what changed, and another profile

sed 's,^  /etc/passwd r\,$,  /etc/** r\,,; /setuid/d' "$cases/web/expected/files/k8s-web" > other
reports 3 'another profile' --profile other k8s-web.learned.yaml
page p1-words
tells 'plain words are of that profile' '/etc (1), '
! grep -q setuid "$scratch/page"
result $? 'and of no other'
page p1-denied
tells 'what was seen and it denies' 'capability setuid'
page p1-changes
tells 'what it allows that nobody saw' '/etc/** r'
tells 'what it lacks' 'capability setuid'
reports 0 'against an older profile' --against other k8s-web.learned.yaml
page p1-changes
tells 'wider' '+ Wider: allowed now, and not before: 1 rule'
tells 'narrower' 'Narrower: allowed before, and not now: 1 rule'
reports 0 'against itself' --against k8s-web.learned.yaml k8s-web.learned.yaml
page p1-changes
tells 'nothing is wider' '+ Wider: allowed now, and not before: nothing'

mkdir -p rootfs/usr/lib/x 'rootfs/srv/<b>' rootfs/bin
touch rootfs/usr/lib/x/{1,2,3} 'rootfs/srv/<b>/"4' rootfs/bin/busybox
reports 0 'a root filesystem' --rootfs rootfs k8s-web.learned.yaml
page p1-files
tells 'files that nothing is allowed with count' '/usr/lib/x | 3 | 0 | 0 | 0'
tells 'a name of it is text' '/srv/<b> | 1 | 0 | 0 | 0'
tells 'a program of it' '/bin | 1 | 0 | 0 | 1'

# --- refusals

refuses 2 'at least one state' 'no state' aa-learn report -o x.html
refuses 2 'a page is no JSON' 'a page as JSON' aa-learn report --json k8s-web.learned.yaml -o x.html
refuses 2 'where does the page go' 'no page' aa-learn report k8s-web.learned.yaml
refuses 2 'single state' 'another profile for several states' aa-learn report --profile other -o x.html k8s-web.learned.yaml k8s-odd.learned.yaml
refuses 1 'nothere' 'a state that is not there' aa-learn report -o x.html nothere
refuses 1 'nothere' 'a root filesystem that is not there' aa-learn report -o x.html --rootfs nothere k8s-web.learned.yaml
refuses 1 'nothere' 'an older state that is not there' aa-learn report -o x.html --against nothere k8s-web.learned.yaml
refuses 5 'other' 'a profile for a state' aa-learn report -o x.html other
finish
