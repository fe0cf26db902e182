# SPDX-License-Identifier: GPL-2.0-or-later
# aa-compile report: the page of a text, a compiled file, a bundle and a learned state, and what changed since an older one.
# shellcheck source=tests/cli/refusals.sh
. "${AAKIT_SRCDIR:?}/tests/cli/refusals.sh"
have_parser || skip_all 'apparmor_parser is not installed'
f61=$AAKIT_SRCDIR/profiles/features/debian-12-6.1

cat > web << 'END'
abi <abi/3.0>,
include <tunables/global>
profile web {
  include <abstractions/nameservice>
  capability chown,
  network inet stream,
  deny /etc/shadow r,
  /srv/** r,
  "/srv/<script>alert(1)</script>" w,
  owner /tmp/*.log rw,
  /usr/bin/[a-c]* Ux,
  /usr/bin/tool cx -> kid,
  profile kid {
    /k r,
  }
}
END
sed '/chown/d; s,/srv/\*\* r,/srv/** rw,' web > newer

page() {
  python3 "$AAKIT_SRCDIR/tests/cli/page.py" page.html "$@" > "$scratch/page" 2>&1
}

# tells NAME LINE: a line of $scratch/page holds LINE.
tells() {
  grep -qF -- "$2" "$scratch/page"
  result $? "$1" || head -n 40 "$scratch/page" | diag
}

# reports NAME ARGS...: a page is written with ARGS, and is sound.
reports() {
  local name=$1
  shift
  rm -f page.html
  run aa-compile report -o page.html "$@"
  [ "$rc" = 0 ] && [ ! -s "$scratch/out" ] && page --check
  result $? "$name: one page, with one style and one script of ours, and a policy for just these" || diag < "$scratch/page"
}

reports 'a text' --features "$f61" --profile web web
page p1
tells 'the text is named with its digest' "Profile text: web, SHA-256 $(sha256sum < web | cut -d ' ' -f 1)"
page p1-words
tells 'what is written' 'Write files: /srv/<script>alert(1)</script>, /tmp/*.log'
tells 'a capability' 'Use the capability chown, to change the owner of any file.'
page p1-rules
tells 'a rule has its place' '/srv/** r | | web:8'
tells 'one that denies says so' '/etc/shadow r | denies | web:7'
grep -qF 'abstractions/nameservice:' "$scratch/page"
result $? 'one of an include has the place there'
page p1-programs
tells 'a program that leaves confinement' '/usr/bin/[a-c]* | web | no confinement'
tells 'one that gets a child' '/usr/bin/tool | web | web//kid'
! grep -q '<script>alert' page.html
result $? 'a name of the text is text in the page'
reports 'all profiles of a text' --features "$f61" web
page
tells 'the child has its own part' 'web//kid'

reports 'what changed' --features "$f61" --profile web --against web newer
page p1-changes
tells 'wider' '+ Wider: allowed now, and not before: 1 rule'
tells 'what it is' '/srv/** w'
tells 'narrower' 'capability chown'
grep -vE 'kid|/k r|^  }' web > childless
reports 'a profile that is gone' --features "$f61" --against web childless
page p1-changes
tells 'is told of' 'The profile web//kid is gone.'

aa-compile build web -o bundle --features "$f61" > "$scratch/log" 2>&1
reports 'a bundle' --profile web bundle
page p1-rules
tells 'has the places in its text' '/srv/** r | | bundle/text/web:8'
LIMIT=120 # reading rules back asks the policy thousands of questions
blob=$(find bundle -mindepth 2 -name web -not -path '*/text/*')
reports "a compiled file" --profile web "$blob"
page p1
tells 'is named' "Compiled policy: $blob"
page p1-words
tells 'its rules are read back' 'Write files: '
page p1-rules
tells 'a rule that is read back' 'capability chown'

cp "$AAKIT_SRCDIR/tests/cases/markup/expected/files/k8s-markup.learned.yaml" .
reports 'a learned state' --features "$f61" k8s-markup.learned.yaml
page p1
tells 'the text is the one that it leads to' "Profile text of the learned state: k8s-markup.learned.yaml, SHA-256 $(
  aa-learn profile k8s-markup.learned.yaml 2> /dev/null | sha256sum | cut -d ' ' -f 1)"

mkdir -p rootfs/srv rootfs/etc
touch rootfs/srv/{a,b} rootfs/etc/shadow
reports 'a root filesystem' --features "$f61" --profile web --rootfs rootfs web
page p1-files
tells 'files that may be read' '/srv | 2 | 2 | 0 | 0'
tells 'a file that is denied' '/etc | 1 | 0 | 0 | 0'

refuses 2 'a page is no JSON' 'a page as JSON' aa-compile report --json wide -o x.html
refuses 2 'name one policy' 'no policy' aa-compile report -o x.html
refuses 2 'where does the page go' 'no page' aa-compile report --features "$f61" web
refuses 1 'no profile "nobody"' 'a profile that is not there' aa-compile report --features "$f61" --profile nobody -o x.html web
refuses 1 'nothere' 'a policy that is not there' aa-compile report --features "$f61" -o x.html nothere
finish
