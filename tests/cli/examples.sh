# SPDX-License-Identifier: GPL-2.0-or-later
# The examples of the manual pages, and the indented commands of README.md and docs/, are run, each document's in a directory of its own, and
# print what they show. What is asked of root is asked of the recorded node; what they take to be there, tests/cli/beforehand/DOCUMENT makes, or
# learned-pod: what was learned of the pod, and a bundle of it.
# shellcheck source=tests/cli/refusals.sh
. "${AAKIT_SRCDIR:?}/tests/cli/refusals.sh"
# shellcheck source=tests/cli/shown.sh
. "$AAKIT_SRCDIR/tests/cli/shown.sh"
have_parser || skip_all 'apparmor_parser is not installed'
command -v openssl > /dev/null || skip_all 'openssl is not installed'

# Lines that end with a backslash, and the next.
joined() { sed -e ':a' -e '/\\$/{N;s/\\\n *//;ba' -e '}'; }

# A console block, as Markdown has it.
console() { echo '```console' && cat && echo '```'; }

# The examples of the page $1 as console blocks; those of files, whose first line names one, are left out, as is --until-stable: a
# recording has its end. A prompt of root means the recorded node, and so do commands that ask for the kernel in use.
examples() {
  awk '
    /^\.Sh / { inside = $2 == "EXAMPLES" }
    !inside { next }
    /^\.Bd / { block = 1; file = 0; next }
    /^\.Ed/ { block = 0; next }
    block && /^# \// { file = 1 }
    block && !file { gsub(/\\e/, "\\"); print }
    sub(/^\.Dl /, "") { print }' "$1" | joined |
    sed -e 's/^\(node-a\)\?# /$ on_node /' -e '/--until-stable/d' -e '/--features/!s/^[$] aa-compile/$ on_node aa-compile/' | console
}

# The indented commands of the Markdown file $1 as console blocks, on the recorded node: those of aakit, and openssl, whose keys they take.
# The service's watch does not end; recording system calls needs the kernel.
indented() {
  joined < "$1" | sed -nE 's/^    ((aa-(learn|compile|register)|openssl) .*)/\1/p' |
    sed -E -e 's/ +# .*//' -e 's/(aa-(learn|compile|register)) /on_node \1 /g' -e '/aa-register watch|--syscalls|aa-learn seccomp|kubectl|kubeadm/d' -e 's/^/$ /' |
    console
}

mkdir bin
cat > bin/on_node << 'S'
#!/bin/bash
# The program $1 as it would run on the recorded node, whose files are meant; pods are seen on one that has several.
root=node words=()
[ "$2" != inspect ] || root=guards
for word in "${@:2}"; do
  [ ! -e "node$word" ] || word=node$word
  words+=("$word")
done
exec "$1" "${words[@]}" --root "$root"
S
chmod +x bin/on_node
ends_with=(
  ['aa-compile check profiles/ --features debian-13-6.12']=3
  ['on_node aa-compile query bundle/ k8s-web file /etc/shadow r']=3
  ['aa-compile diff profiles/ k8s-web --tree rootfs/ --features debian-13-6.12']=3
  ['on_node aa-register diff bundle/']=3
  ['on_node aa-register diff bundle']=3
  ['on_node aa-learn inspect --all --level baseline']=3
)
PATH=$PWD/bin:$PATH

# try NAME LEAST: runs the commands in examples.md, of the document NAME, of which there are LEAST and more.
try() {
  local before=$count set_up=$AAKIT_SRCDIR/tests/cli/beforehand/$1
  [ -e "$set_up" ] || set_up=${set_up%/*}/learned-pod
  mkdir "$1"
  pushd "$1" > /dev/null || exit 1
  copy_node node
  cp -r "$AAKIT_SRCDIR/tests/nodes/guards" .
  chmod -R u+w guards
  bash -e "$set_up" > ../set-up.log 2>&1
  result $? "$1: what its examples need" || diag < ../set-up.log
  run_shown ../examples.md
  popd > /dev/null || exit 1
  [ $((count - before)) -gt "$2" ]
  result $? "$1 has examples that run"
}

for page in aa-compile.1 aa-learn.1 aa-register.8; do
  examples "$AAKIT_SRCDIR/man/$page" > examples.md
  try "$page" 4
done
for document in README.md from-hand-written.md kubernetes.md mixed-fleet.md refine.md; do
  file=$AAKIT_SRCDIR/docs/$document
  [ -e "$file" ] || file=$AAKIT_SRCDIR/$document
  indented "$file" > examples.md
  try "$document" 1
done
finish
