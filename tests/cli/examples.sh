# SPDX-License-Identifier: GPL-2.0-or-later
# The commands of manual pages, README.md and docs/ are run, each document's in a directory of its own, and print what they show: all but
# those for which tests/cli/commands names another test. What is asked of root is asked of the recorded node; what they take to be there,
# tests/cli/beforehand/DOCUMENT makes, or learned-pod: what was learned of the pod, and a bundle of it.
# shellcheck source=tests/cli/refusals.sh
. "${AAKIT_SRCDIR:?}/tests/cli/refusals.sh"
# shellcheck source=tests/cli/shown.sh
. "$AAKIT_SRCDIR/tests/cli/shown.sh"
have_parser || skip_all 'apparmor_parser is not installed'
command -v openssl > /dev/null || skip_all 'openssl is not installed'
export GNUPGHOME=$scratch/gnupg
# shellcheck disable=SC2317  # called by a trap
end_keys() {
  ! command -v gpgconf > /dev/null || gpgconf --kill all
  drop_scratch
}
trap end_keys EXIT

# on_the_node DOCUMENT: console blocks, in which what a manual page asks of root, and what other documents ask of aakit, is asked of the
# recorded node, as is what is about the kernel in use; other programs' files of a node are its files.
on_the_node() {
  local of_aakit='s/^# /$ on_node /; /--features/!s/^[$] aa-compile/$ on_node aa-compile/'
  [[ $1 == man/* ]] || of_aakit='/^[$] /s/(^[$] |&& |\| )(aa-(learn|compile|register)) /\1on_node \2 /g'
  sed -E -e 's/^[#$] (mkdir|cp|install) /$ \1 /' -e '/^[$] (mkdir|cp|install) /s, /(etc|usr)/, node/\1/,g' -e "$of_aakit"
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
printf '%s\n' '#!/bin/bash' 'echo "joins: $*"' > bin/kubeadm
chmod +x bin/*
ends_with=(
  ['aa-compile check profiles/ --features debian-13-6.12']=3
  ['on_node aa-compile query bundle/ k8s-web file /etc/shadow r']=3
  ['aa-compile diff profiles/ k8s-web --tree rootfs/ --features debian-13-6.12']=3
  ['on_node aa-register diff bundle/']=3
  ['on_node aa-register diff bundle']=3
  ['on_node aa-learn inspect --all --level baseline']=3
)
PATH=$PWD/bin:$PATH

for document in $(documents_with examples.sh); do
  name=${document##*/} set_up=$AAKIT_SRCDIR/tests/cli/beforehand/${document##*/}
  [ -e "$set_up" ] || set_up=${set_up%/*}/learned-pod
  mkdir "$name"
  pushd "$name" > /dev/null || exit 1
  taken examples.sh "$document" | on_the_node "$document" > ../examples.md
  copy_node node
  cp -r "$AAKIT_SRCDIR/tests/nodes/guards" .
  chmod -R u+w guards
  bash -e "$set_up" > ../set-up.log 2>&1
  result $? "$name: what its examples need" || diag < ../set-up.log
  run_shown ../examples.md
  popd > /dev/null || exit 1
done
[ "$count" -ge 75 ]
result $? 'documents have commands to run'
finish
