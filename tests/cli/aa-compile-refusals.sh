# SPDX-License-Identifier: GPL-2.0-or-later
# aa-compile: bundles are reproducible, reused, and written whole or not at all; what it refuses, it names.
# shellcheck source=tests/cli/refusals.sh
. "${AAKIT_SRCDIR:?}/tests/cli/refusals.sh"

# --- the command line, which needs no compiler
refuses 2 'at least one profile text' 'no arguments at all' aa-compile
refuses 2 "no verb 'buld'.*'build'" 'a misspelt verb gets a suggestion' aa-compile buld
refuses 2 '-o BUNDLE' 'no -o' aa-compile some/profile
refuses 2 '--freatures.*--features' 'a misspelt option gets a suggestion' aa-compile p -o b --freatures x
refuses 2 '-j' '-j with a word' aa-compile p -o b -j many
refuses 2 '-j' '-j -1' aa-compile p -o b -j -1
refuses 2 'two feature sets at most' 'three feature sets for features' aa-compile features a b c
refuses 2 '-o takes one feature set' 'two feature sets to save' aa-compile features a b -o c
refuses 4 'no AppArmor.*/nothere/sys/kernel/security' 'a root without AppArmor' aa-compile features --root /nothere
refuses 1 'nothere' 'a feature set that is not there' aa-compile features nothere
refuses 5 'not an AppArmor feature set' 'a feature set that is none' aa-compile features /etc/passwd
: > nothing
refuses 5 'not an AppArmor feature set' 'an empty feature set' aa-compile features nothing
mkdir empty
refuses 5 'not an AppArmor feature set' 'a directory that is no feature set' aa-compile features "$scratch/work/empty"
refuses 1 '/nope' 'features that cannot be saved' aa-compile features --root "$NODE" -o /nope/x
run aa-compile features --root "$NODE" -o saved
exits 0 'features are saved'
id=$(cat "$scratch/out")
run aa-compile features saved --json
is_json aakit/features/1 'features --json'
grep -qF "\"$id\"" "$scratch/out"
result $? 'saved and read again they have the same id'
for file in "$AAKIT_SRCDIR"/profiles/features/*; do
  run aa-compile features "$file" -q
  cmp -s "$scratch/out" "$file"
  result $? "$(basename "$file") is in the form that features prints"
done

parser_missing=(env AAKIT_APPARMOR_PARSER=/nothere "$AAKIT_BUILDDIR/aa-compile")
before=$(listing "$scratch/work")
timeout "$LIMIT" "${parser_missing[@]}" saved -o b --features saved > "$scratch/out" 2> "$scratch/err"
rc=$?
judge 1 'AAKIT_APPARMOR_PARSER=/nothere' 'a compiler that is not there' "$before"
printf '#!/bin/sh\nexit 1\n' > "$scratch/liar"
chmod 755 "$scratch/liar"
timeout "$LIMIT" env AAKIT_APPARMOR_PARSER="$scratch/liar" "$AAKIT_BUILDDIR/aa-compile" saved -o b --features saved > "$scratch/out" 2> "$scratch/err"
rc=$?
judge 1 'does not tell a version' 'a compiler that is none' "$before"

# --- profiles
have_parser || {
  skip 'compiling' 'apparmor_parser is not installed'
  finish
  exit 0
}
node=(--root "$NODE")
golden=$AAKIT_SRCDIR/tests/cases
cp "$golden/web/expected/files/k8s-web" good

for features in "$AAKIT_SRCDIR"/profiles/features/*; do
  for dir in "$golden"/*/expected/files; do
    run aa-compile "$dir" -o "$scratch/golden" --features "$features"
    exits 0 "every learned profile of $(basename "${dir%/expected/files}") compiles for $(basename "$features")"
    rm -rf "$scratch/golden"
  done
done

refuses 1 'nothere: No such file' 'a profile that is not there' aa-compile nothere -o b "${node[@]}"
refuses 1 'no profile in this directory' 'a directory without profiles' aa-compile empty -o b "${node[@]}"
refuses 4 'no AppArmor feature set.*/nothere' 'no feature set below the root' aa-compile good -o b --root /nothere

# bad REGEX NAME TEXT: a text that does not compile.
bad() {
  printf '%b' "$3" > bad
  refuses 5 "$1" "$2" aa-compile bad -o b "${node[@]}"
}
bad 'bad:2:15: syntax error' 'a syntax error has its file and line' 'profile bad {\n  /etc/passwd rq,\n}\n'
bad "bad:3:12: .*nope" 'an include that is not there' 'abi <abi/3.0>,\nprofile bad {\n  include <nope>\n}\n'
bad 'bad.*NUL' 'a NUL byte' 'profile bad {}\n\0'
bad 'bad: no profile' 'an empty text' ''
bad 'bad: no profile' 'a text of comments' '# nothing here\n'
bad 'bad:3:1: ' 'a text that is cut' 'profile bad {\n  /a r,\n'
bad 'bad.*file name' 'a profile name that is no file name' 'profile "b;d" {}\n'
rm bad
mkdir two
printf 'profile x {}\n' > two/a
printf 'profile x { /a r, }\n' > two/b
refuses 5 'two/b: profile "x" is in two/a already' 'a profile twice' aa-compile two -o b "${node[@]}"
printf 'profile one {}\n' > two/a
printf 'profile bad {\n' > two/b
refuses 5 'two/b:' 'one bad profile of two: no bundle' aa-compile two -o b "${node[@]}"
mkfifo pipe
refuses 5 'not a regular file' 'a profile that is a pipe does not block' aa-compile pipe -o b "${node[@]}"
rm pipe

# --- the bundle
refuses 5 'good is there already and no bundle' 'a bundle in the place of a file' aa-compile good -o good "${node[@]}"
refuses 5 'two is there already and no bundle' 'a bundle in the place of a directory' aa-compile good -o two "${node[@]}"
refuses 1 '/proc' 'a bundle where none can be made' aa-compile good -o /proc/b "${node[@]}"
mkdir -m 555 closed
refuses_nobody 4 'closed: Permission denied' 'a bundle in a directory that is not writable' aa-compile good -o closed/b "${node[@]}"
refuses_on_full_disk 2 1 'No space|too large' 'no room for the bundle' aa-compile good -o b "${node[@]}"

if run_on_tiny_disk 8 aa-compile good -o tiny/b "${node[@]}"; then
  judge_tiny 'a disk of 8 KiB that is full: nothing is left'
else
  skip 'a disk that is full' 'no file system can be mounted here'
fi

run aa-compile good -o bundle "${node[@]}" -q
exits 0 'a bundle'
first=$(listing bundle)
run aa-compile good -o bundle "${node[@]}" -q
exits 0 'the same again'
prints 'nothing to change' 'the same again changes nothing, and says so'
[ "$first" = "$(listing bundle)" ]
result $? 'and nothing is changed'
run aa-compile good -o bundle2 "${node[@]}" -j 1 -q
diff -r bundle bundle2 > /dev/null
result $? 'another bundle of the same has the same bytes'
{ cat good && echo '# changed'; } > good.new && mv good.new good
refuses_on_full_disk 2 1 'No space|too large' 'no room for a changed bundle: the one that was there stays' \
  aa-compile good -o bundle "${node[@]}"
[ "$first" = "$(listing bundle)" ]
result $? 'and is as it was'
run aa-compile good two/a -o bundle --features "$AAKIT_SRCDIR/profiles/features/debian-12-6.1" \
  --features "$AAKIT_SRCDIR/profiles/features/debian-13-6.12" --features saved --json -q
exits 0 'three feature sets at once'
is_json aakit/build/1 'build --json'
[ "$(find bundle -name k8s-web | wc -l)" -eq 4 ]
result $? 'each has its compiled form, and the text is there once' || find bundle | diag
printf 'damaged' > "bundle/$id/k8s-web"
run aa-compile good two/a -o bundle "${node[@]}" -q
exits 0 'a bundle that was damaged is mended'
[ "$(stat -c %s "bundle/$id/k8s-web")" -gt 1000 ]
result $? 'its blob is whole again'
finish
