# SPDX-License-Identifier: GPL-2.0-or-later
# aa-compile build: what is compiled again and what is not, several errors at once, what --keep-going leaves out, learned
# states, and builds that are killed or run at the same time.
# shellcheck shell=bash source=tests/cli/tap.sh
. "${AAKIT_SRCDIR:?}/tests/cli/tap.sh"
have_parser || skip_all 'apparmor_parser is not installed'

features=(--features "$AAKIT_SRCDIR/profiles/features/debian-12-6.1")
real=$(PATH=/sbin:/usr/sbin:/usr/bin:/usr/local/sbin command -v apparmor_parser)
tree() { (cd "$1" && find . -type f | sort | xargs sha256sum); }
same() { [ "$(tree "$1")" = "$(tree "$2")" ]; }
json() { python3 -c 'import json, sys; d = json.load(open(sys.argv[1])); sys.exit(0 if eval(sys.argv[2]) else 1)' "$scratch/out" "$1"; }

# --- no compiler is started for nothing
cp "$AAKIT_BUILDDIR/tests/cli/logged-parser" parser
ln -s "$real" parser.real
export AAKIT_APPARMOR_PARSER=$scratch/parser
starts() { # VERSIONS COMPILATIONS: since the last call
  local found
  touch parser.log
  found=$(grep -c version parser.log)/$(grep -c compile parser.log)
  rm parser.log
  [ "$found" = "$1/$2" ] || {
    echo "# starts: $found instead of $1/$2"
    return 1
  }
}
cp -r /etc/apparmor.d base
mkdir many
for i in 0 1 2 3 4 5 6 7 8 9; do put_profile many/p$i p$i '' /p$i; done
echo '/shared r,' > base/abstractions/zz-shared
echo 'include <abstractions/zz-shared>' > base/abstractions/zz-between
sed -i 's|/p. r,|&\n  include <abstractions/zz-shared>|' many/p1 many/p4
sed -i 's|/p. r,|&\n  include if exists <abstractions/zz-between>|' many/p7
build() { aa-compile many -o bundle --base base "${features[@]}" "$@"; }
ok 'builds ten' gives 0 build
ok 'by ten compilations, once asked for its version' starts 1 10
ok 'again' gives 0 build
ok 'says that there is nothing to change' out_has 'nothing to change: 10 compiled as wanted'
ok 'starts no compiler at all' starts 0 0
ok 'not for JSON either' gives 0 build --json
ok 'nor does that' starts 0 0
ok 'though it lists all' json 'len(d["profiles"]) == 10 and not d["changed"] and d["written"]'
touch -d @0 base/abstractions/* many/*
ok 'times do not matter' gives 0 build
ok 'no compiler' starts 0 0
cp -a bundle before
echo '/other r,' > base/abstractions/zz-shared
ok 'one abstraction changes' gives 0 build
ok 'exactly its three users are compiled' starts 0 3
ok 'and told' test "$(grep -c ^compiled out)/$(grep -c ^unchanged out)" = 3/7
ok 'their blobs are others' test "$(diff -rq before bundle | grep -cE '/p[147] ')" = 3
echo '/shared r,' > base/abstractions/zz-shared
ok 'it changes back' gives 0 build
ok 'the bundle is what it was' same before bundle
rm -f parser.log
rm base/abstractions/zz-between
ok 'an optional include goes' gives 0 build
ok 'its one user is compiled' starts 0 1
ok 'everything again on demand' gives 0 build --rebuild
ok 'all ten' starts 1 10
printf '\0' | dd of="$(echo bundle/????????????/p3)" bs=1 seek=900 conv=notrunc 2> /dev/null
ok 'a damaged blob of the same size' gives 0 build --rebuild
aa-compile many -o other --base base "${features[@]}" > /dev/null
ok 'is mended by it' same bundle other
rm -f parser.log
truncate -s 5 bundle/text/p5
ok 'a file of another size is noticed' gives 0 build
ok 'and mended' same bundle other
rm -f parser.log
sed -i '/^sha256:/d' bundle/.inputs
echo '/other r,' > base/abstractions/zz-shared
ok 'what was made is not told, and one abstraction changes' gives 0 build
ok 'all are compiled' starts 0 10
sed -i 's/inputs: "sha256:..../inputs: "sha256:0000/' bundle/manifest.yaml
echo '/shared r,' > base/abstractions/zz-shared
ok 'what is told was made is not in the manifest' gives 0 build
ok 'all are compiled then' starts 0 10
ok 'and the bundle is whole' same bundle other
cp parser.real better && rm parser.real && printf 'x' >> better && ln -s "$scratch/better" parser.real
cp parser parser.new && mv parser.new parser
ok 'a copy of the same compiler' gives 0 build
ok 'is the same compiler' starts 0 0
printf '#!/bin/sh\nexec "%s" "$@"\n' "$real" > script && chmod 755 script
export AAKIT_APPARMOR_PARSER=$scratch/script
ok 'a script is asked for its version, always' gives 0 build
ok 'and compiles' test "$(grep -c ^compiled out)" = 10
unset AAKIT_APPARMOR_PARSER

# --- several errors at once
rm -rf bundle
mkdir mixed
put_profile mixed/a a '' /a
put_profile mixed/d d '' /d
printf 'profile b {\n  /x r,\n\t/b rzz,\n}\n' > mixed/b
printf 'profile c {\n  capability nonsense,\n}\n' > mixed/c
head -c 100 /dev/zero > mixed/zero
ok 'what does not compile' gives 5 aa-compile mixed -o bundle "${features[@]}"
ok 'the first is named with line and column' err_has 'mixed/b:3:5: syntax error'
ok 'and shown' err_has '   /b rzz,'
ok 'with a caret' err_has '      ^~~'
ok 'so is the second' err_has 'mixed/c:2:14: Invalid capability nonsense.'
ok 'and what is no text' err_has 'mixed/zero: holds a NUL byte'
ok 'no bundle' test ! -e bundle
ok 'nothing on stdout' test ! -s out
ok 'the same as JSON' gives 5 aa-compile mixed -o bundle "${features[@]}" --json
ok 'has every error with its place' json '[(e["file"], e.get("line"), e.get("column")) for e in d["errors"]] == [("mixed/b", 3, 5), ("mixed/c", 2, 14), ("mixed/zero", None, None)]'
ok 'and what did compile' json '[p["name"] for p in d["profiles"]] == ["a", "d"] and not d["written"]'
ok 'keeps going' gives 5 aa-compile mixed -o bundle "${features[@]}" --keep-going
ok 'says what it did' out_has 'bundle: 2 compiled, 0 unchanged'
ok 'and what not' err_has '3 texts left out of the bundle'
ok 'and why' err_has 'mixed/c:2:14: Invalid'
ok 'the bundle has the others' test "$(grep -c '^- name' bundle/manifest.yaml)" = 2
ok 'again' gives 5 aa-compile mixed -o bundle "${features[@]}" -k
ok 'fails again, and changes nothing' out_has 'nothing to change: 2 compiled as wanted'
two=(--features debian-12-6.1 --features debian-13-6.12)
ok 'for two kernels' gives 5 aa-compile mixed -o both "${two[@]}" -k
ok 'a text is left out once' err_has '3 texts left out of the bundle'
ok 'an error is told once' test "$(grep -c 'mixed/c:2:14' err)" = 1
ok 'and the others are there for both' test "$(find both -name a -not -path '*/text/*' | wc -l)" = 2
rm mixed/a mixed/d
ok 'nothing compiles' gives 5 aa-compile mixed -o none "${features[@]}" -k
ok 'no bundle then' test ! -e none
mkdir in && echo '  /x rzz,' > base/abstractions/zz-bad
printf 'profile x {\n  include <abstractions/zz-bad>\n}\n' > in/x
ok 'an error in an include' gives 5 aa-compile in -o none --base base "${features[@]}"
ok 'is in the include' err_has "$scratch/base/abstractions/zz-bad:1:6: syntax error"
ok 'whose line is shown' err_has '    /x rzz,'
echo 'top secret' > secret
printf 'profile x {\n  include "%s"\n}\n' "$scratch/secret" > in/x
ok 'an error in a file elsewhere' gives 5 aa-compile in -o none --base base "${features[@]}"
ok 'whose line is not' test "$(grep -c 'top secret' err)" = 0

# --- learned states
web=$AAKIT_SRCDIR/tests/cases/web/expected/files
mkdir states
cp "$web/k8s-web.learned.yaml" states/
ok 'a learned state' gives 0 aa-compile states/k8s-web.learned.yaml -o learned "${features[@]}"
ok 'is compiled as its profile' out_has 'compiled   k8s-web  enforce'
aa-learn profile states/k8s-web.learned.yaml --no-check > text 2> /dev/null
ok 'the text is what aa-learn makes of it' cmp text learned/text/k8s-web
cp "$AAKIT_SRCDIR/tests/cases/odd/expected/files/k8s-odd" states/
ok 'a directory of states and texts' gives 0 aa-compile states -o learned "${features[@]}"
ok 'has both' test "$(grep -c '^- name' learned/manifest.yaml)" = 2
ok 'nothing to do again' gives 0 aa-compile states -o learned "${features[@]}"
ok 'told' out_has 'nothing to change: 2'
sed 's/^  \/etc\/nginx\/nginx.conf r,/  \/etc\/nginx\/* r,/' "$web/k8s-web" > states/k8s-web
ok 'beside a text' gives 0 aa-compile states -o learned "${features[@]}"
ok 'the text counts' cmp states/k8s-web learned/text/k8s-web
sed 's/^schema: .*/schema: "aakit\/learned\/99"/' "$web/k8s-web.learned.yaml" > states/new.learned.yaml
ok 'a state of a newer aakit' gives 5 aa-compile states -o learned "${features[@]}"
ok 'is named' err_has 'states/new.learned.yaml'

# --- feature sets
ok 'the sets that ship' gives 0 aa-compile features list
ok 'are told with where they are from' out_has 'debian-12-6.1      3ff8e062caa0  Debian 12, linux-image-cloud-amd64 (6.1): read from the running kernel'
ok 'all of them' test "$(wc -l < out)" = "$(find "$AAKIT_SRCDIR/profiles/features" -type f | wc -l)"
ok 'as JSON' gives 0 aa-compile features list --json
ok 'with their ids' json '[f["id"] for f in d["features"]] == ["3ff8e062caa0", "1098ebd76fab", "fef819e0946e"]'
ok 'by name' gives 0 aa-compile features debian-12-6.1
ok 'they are what lies in the tree' cmp out "$AAKIT_SRCDIR/profiles/features/debian-12-6.1"
ok 'a set that others have is not the same' gives 3 aa-compile features debian-13-6.12 debian-12-6.1
ok 'the older kernel lacks user namespaces' out_has 'lacks    namespaces/mask: userns_create'
ok 'the other way round' gives 3 aa-compile features debian-12-6.1 debian-13-6.12
ok 'the newer has them' out_has 'more     namespaces/mask: userns_create'
ok 'the same set' gives 0 aa-compile features debian-12-6.1 "$AAKIT_SRCDIR/profiles/features/debian-12-6.1"
ok 'is the same' out_has 'the same'
ok 'compared as JSON' gives 3 aa-compile features debian-13-6.12 debian-12-6.1 --json
ok 'has that too' json '{"kind": "lacks", "path": "namespaces/mask", "first": "userns_create"} in d["changes"]'
sed 's/tcp-fast-open {yes/tcp-fast-open {no/; s/version {1.2/version {1.3/' "$AAKIT_SRCDIR/profiles/features/debian-12-6.1" > changed
ok 'what is off, or of another version' gives 3 aa-compile features debian-12-6.1 changed
ok 'is told as a version' out_has 'differs  domain/version: 1.2 -> 1.3'

finish
