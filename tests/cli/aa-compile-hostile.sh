# SPDX-License-Identifier: GPL-2.0-or-later
# aa-compile build between people, pipelines and accidents: hostile texts and names, compilers that misbehave, builds that are
# killed at any moment, and builds of one bundle at the same time.
# shellcheck shell=bash disable=SC2016 source=tests/cli/refusals.sh
. "${AAKIT_SRCDIR:?}/tests/cli/refusals.sh"
have_parser || skip_all 'apparmor_parser is not installed'
features=(--features debian-12-6.1)

# bad REGEX NAME: what is in the directory in/ does not compile, and the message names it.
bad() {
  refuses 5 "$1" "$2" aa-compile in -o b --base base "${features[@]}"
  rm -rf in
  mkdir in
}
mkdir in && cp -r /etc/apparmor.d base

# --- texts
head -c 3000 /dev/urandom | tr -d '\0' > in/noise
bad 'in/noise:' 'noise'
head -c 5000000 /dev/zero | tr '\0' '#' > in/huge
bad 'in/huge: larger than' 'a huge text'
printf 'include <abstractions/zz-loop>\nprofile x {\n}\n' > in/loop
echo 'include <abstractions/zz-loop>' > base/abstractions/zz-loop
run aa-compile in -o loop --base base "${features[@]}" -q
# apparmor_parser reads a file once; what matters is that there is an end.
[ "$rc" -eq 0 ] || { [ "$rc" -eq 5 ] && grep -qE '(in/loop|zz-loop):' "$scratch/err"; }
result $? 'an include that includes itself has an end'
rm -rf in loop
mkdir in
printf 'profile x {\n%s\n' "$(printf 'profile y {%.0s' {1..3000})" > in/deep
bad 'in/deep:' 'profiles in profiles in profiles'
printf 'profile x {\n  /%s r,\n}\n' "$(printf '{a,b%.0s' {1..2000})" > in/braces
bad 'in/braces' 'braces in braces'
printf 'profile x {\n  /%s r,\n}\n' "$(printf '%*s' 100000 '' | tr ' ' a)" > in/long
run aa-compile in -o long --base base "${features[@]}" -q
if [ "$rc" -ne 0 ]; then says 'in/long' 'a name of 100,000 bytes is named where it does not compile'; else result 0 'a name of 100,000 bytes compiles'; fi
rm -rf in long
mkdir in
for name in '../../x' '/../x' 'a/../../x' '/x/../../y' '..' '.x' 'x;rm' "a'b" '$(id)' '-o'; do
  printf 'profile "%s" {\n}\n' "$name" > in/name
  run aa-compile in -o names --base base "${features[@]}" -q
  # Where it is taken, it is a plain file of the bundle; all else is refused with the text's name.
  found=$(find . -newer in/name -type f -not -path './names/*' -not -path './in/*' | head -n 1)
  [ -z "$found" ] && { [ "$rc" -eq 0 ] || { [ "$rc" -eq 5 ] && grep -q 'in/name' "$scratch/err"; }; }
  result $? "the name $name stays in the bundle or is refused"
  rm -rf names
done
rm in/name
ln -s /etc/passwd in/link
bad 'in/link: a link that leads out of its directory' 'a link out of the directory'
ln -s nowhere in/link
bad 'in/link: a link that leads nowhere' 'a link to nothing'
mkdir in/..data && printf 'profile k {\n}\n' > in/..data/k && ln -s ..data/k in/k
run aa-compile in -o volume --base base "${features[@]}" -q
exits 0 "links within the directory are a ConfigMap's volume"
rm -rf in volume && mkdir in
printf 'profile x {\n}\n' > "in/$(printf 'a\033[31mb')"
printf 'profile x {\n}\n' > in/other
bad 'x1b\[31mb' 'a file name with control characters is escaped'

# --- ten thousand
mkdir thousands
for i in {1..10000}; do echo "profile x {" > "thousands/p$i"; done
cat > "$scratch/quick" << 'END'
#!/bin/sh
[ "$1" = --version ] && { echo 'AppArmor parser version 3.0.8'; exit 0; }
echo "AppArmor parser error for /proc/self/fd/0 in profile /proc/self/fd/0 at line 2: what" >&2
exit 1
END
chmod 755 "$scratch/quick"
LIMIT=300
before=$(listing "$scratch/work" | sha256sum)
rc=0
(
  grep -qaF __asan_init "$AAKIT_BUILDDIR/aa-compile" || ulimit -v 2000000 # a sanitizer takes more addresses
  exec timeout "$LIMIT" env AAKIT_APPARMOR_PARSER="$scratch/quick" "$AAKIT_BUILDDIR/aa-compile" thousands -o b "${features[@]}"
) > "$scratch/out" 2> "$scratch/err" < /dev/null || rc=$?
exits 5 'ten thousand profiles that do not compile'
says '^and 9950 more$' 'the errors are bounded'
[ "$before" = "$(listing "$scratch/work" | sha256sum)" ]
result $? 'and nothing is left behind'
rm -rf thousands
LIMIT=60

# --- compilers that misbehave; the time limit of one that hangs is a unit test's (test-compiler)
misbehaves() { # BODY CODE REGEX NAME
  printf '#!/bin/sh\n[ "$1" = --version ] && { echo "AppArmor parser version 3.0.8"; exit 0; }\n%s\n' "$1" > "$scratch/odd"
  chmod 755 "$scratch/odd"
  before=$(listing "$scratch/work")
  rc=0
  timeout -k 5 "$LIMIT" env AAKIT_APPARMOR_PARSER="$scratch/odd" "$AAKIT_BUILDDIR/aa-compile" in -o b "${features[@]}" \
    > "$scratch/out" 2> "$scratch/err" < /dev/null || rc=$?
  judge "$2" "$3" "$4" "$before"
}
printf 'profile x {\n}\n' > in/x
misbehaves 'kill -SEGV $$' 1 'in/x: apparmor_parser was ended by signal 11' 'a compiler that crashes'
misbehaves 'exit 0' 5 'in/x: no profile in it' 'one that prints nothing'
misbehaves 'exit 7' 1 'in/x: apparmor_parser exited with 7 without a word' 'one that fails without a word'
misbehaves 'yes' 1 'in/x: apparmor_parser printed more than 64 MiB' 'one that floods stdout'
misbehaves 'yes >&2' 1 'in/x: apparmor_parser printed more than 64 MiB' 'one that floods stderr'
misbehaves 'echo garbage' 5 'in/x' 'one that prints what is no policy'
misbehaves 'sleep 100 & exit 7' 1 'exited with 7' 'one that leaves a child behind'
misbehaves 'a=x; while :; do a=$a$a; done' 1 'in/x: apparmor_parser' 'one that takes memory without end'

# --- killed at any moment
cat > "$scratch/slow" << 'END'
#!/bin/sh
[ "$1" = --version ] && { echo 'AppArmor parser version 3.0.8'; exit 0; }
sleep 0.02
exec apparmor_parser "$@"
END
chmod 755 "$scratch/slow"
rm -rf in
mkdir in one two
for i in 1 2 3 4 5 6; do
  put_profile one/p$i "p$i" '' /one
  put_profile two/p$i "p$i" '' /two
done
export AAKIT_APPARMOR_PARSER=$scratch/slow
aa-compile one -o first "${features[@]}" > /dev/null
aa-compile two -o second "${features[@]}" > /dev/null
content() { (cd "$1" && find . -type f -not -name .inputs -exec sha256sum {} + | sort | sha256sum); }
first=$(content first) second=$(content second)
cp -r first bundle
broken=0
for round in {1..40}; do
  from=one
  [ $((round % 2)) -eq 0 ] || from=two
  "$AAKIT_BUILDDIR/aa-compile" $from -o bundle "${features[@]}" > /dev/null 2>&1 &
  pid=$!
  sleep "0.$((RANDOM % 40 + 10))"
  kill -9 "$pid" 2> /dev/null
  wait "$pid" 2> /dev/null
  now=$(content bundle)
  [ "$now" = "$first" ] || [ "$now" = "$second" ] || broken=$((broken + 1))
done
result $broken 'a bundle whose builds are killed is whole, 40 times'
run aa-compile two -o bundle "${features[@]}"
exits 0 'the next build ends'
[ "$(content bundle)" = "$second" ]
result $? 'with what it was to make'
[ -z "$(find . -maxdepth 1 -name '.bundle*')" ]
result $? 'and what the killed ones left is gone'
mkdir .bundle.aakit-a1B2c3
touch .bundle.aakit-a1B2c3/file
run aa-compile two -o bundle "${features[@]}"
exits 0 'a build with nothing to do, of a sealed bundle'
ok 'removes it as well' test ! -e .bundle.aakit-a1B2c3
mkdir .bundle.aakit-a1B2c3
run aa-compile two -o bundle "${features[@]}" --rebuild
exits 0 'one that makes the same bytes'
ok 'does, too' test ! -e .bundle.aakit-a1B2c3

# --- two at the same time
broken=0
for round in {1..20}; do
  rm -rf bundle
  cp -r first bundle
  for from in one two two one; do
    "$AAKIT_BUILDDIR/aa-compile" "$from" -o bundle "${features[@]}" --rebuild > /dev/null 2> "$scratch/err.$from.$round" &
  done
  [ $((round % 3)) -ne 0 ] || { sleep "0.0$((RANDOM % 9))" && kill -9 $! 2> /dev/null; }
  wait
  now=$(content bundle)
  [ "$now" = "$first" ] || [ "$now" = "$second" ] || broken=$((broken + 1))
  ! grep -q error "$scratch"/err.*."$round" || broken=$((broken + 1))
done
result $broken 'four builds of one bundle at once leave one of both whole, 20 times' || head -n 3 "$scratch"/err.* | diag
run aa-compile one -o bundle "${features[@]}" --rebuild
[ "$rc" -eq 0 ] && [ "$(content bundle)" = "$first" ] && [ -z "$(find . -maxdepth 1 -name '.bundle*')" ]
result $? 'and nothing beside it, after the next one'
finish
