# SPDX-License-Identifier: GPL-2.0-or-later
# The playbooks of documents, by the commands that they show, on recordings of two nodes. Added is where the recordings lie, and that the
# package is there; nobody becomes root.
# shellcheck shell=bash source=tests/cli/tap.sh
. "${AAKIT_SRCDIR:?}/tests/cli/tap.sh"
# shellcheck source=tests/cli/playing.sh
. "$AAKIT_SRCDIR/tests/cli/playing.sh"
printf '%s\n' '[staging]' old >> hosts
mkdir group_vars
cat > group_vars/all.yml << 'VARS'
ansible_become: false
aa_register_install: false
aa_register_dest: "{{ playbook_dir }}/{{ inventory_hostname }}/etc/aakit/profiles"
aa_learn_until_stable: 0
aa_learn_node_dir: "{{ playbook_dir }}/{{ inventory_hostname }}-learned"
aa_learn_arguments: ["--root={{ playbook_dir }}/recorded-{{ inventory_hostname }}"]
VARS
cp -r "$AAKIT_SRCDIR/tests/nodes/web" recorded-old

# playbook NAME DOCUMENT: the block of DOCUMENT that begins with the play of that name, on the recordings.
playbook() {
  awk -v first="- name: $1" '
    /^```/ { inside = 0 }
    $0 == first { inside = 1 }
    inside { print }
    inside && /^  hosts:/ {
      print "  module_defaults:"
      print "    aakit.aakit.aa_register_info: &node {root: \"{{ playbook_dir }}/{{ inventory_hostname }}\"}"
      print "    aakit.aakit.aa_register: *node"
    }' "$2"
}
# task NAME DOCUMENT: a playbook of the task of that name.
task() {
  printf '%s\n' '- name: One task' '  hosts: nodes' '  gather_facts: false' '  tasks:' > all.md
  awk -v first="    - name: $1" '/^```/ { inside = 0 } $0 == first { inside = 1 } inside { print }' "$2" >> all.md
  playbook 'One task' all.md
}
kernel() { tr '\n' ' ' < "$1/sys/kernel/security/apparmor/profiles"; }
snapshot() { find old new ! -name .replace ! -path '*/run/*' -type f | sort | xargs sha256sum; }
changed() { recap old changed="$1" failed=0 && recap new changed="$1" failed=0; }

# before COMMAND: what somebody did. after COMMAND: what it left.
before() {
  local name
  was=$(snapshot)
  case $1 in
    *'--check'*) for name in k8s-web k8s-cache; do put_profile "profiles/$name" $name '' "/$document/$name"; done ;;
    *=pruned*) rm profiles/k8s-cache ;;
  esac
}
after() {
  case $1 in
    *'--check --diff'*)
      ok 'both would change' changed 1
      ok 'by these rules' out_has "+  /$document/k8s-web r,"
      ok 'nothing is written' test "$was" = "$(snapshot)"
      ;;
    'ansible-playbook site.yml')
      ok 'both change' changed 1
      ok 'their kernels have it' test "$(kernel old)$(kernel new)" = 'k8s-cache (enforce) k8s-web (enforce) k8s-cache (enforce) k8s-web (enforce) '
      ;;
    *=pruned*) ok 'what is not named is gone' test "$(kernel old)$(kernel new)" = 'k8s-web (enforce) k8s-web (enforce) ' ;;
    *'=complain -l staging'*) ok 'those of staging complain' test "$(kernel old)$(kernel new)" = 'k8s-web (complain) k8s-web (enforce) ' ;;
    *=start*) ok 'it records' test -s old-learned/web/k8s-web.learned.yaml -a ! -e learned ;;
    *=collect*)
      ok 'the states are here' test -s learned/states/old/k8s-web.learned.yaml -a -s learned/k8s-web.learned.yaml
      ok 'and a profile' grep -q '^profile k8s-web ' learned/k8s-web
      ;;
    *) ok "it is known what this leaves: $1" false ;;
  esac
}

mkdir profiles
for document in $(documents_with ansible-documents.sh); do
  playbook 'Profiles on every node' "$AAKIT_SRCDIR/$document" > site.yml
  playbook 'Learn the pod web' "$AAKIT_SRCDIR/$document" > learn.yml
  while read -ra words; do
    before "${words[*]}"
    case ${words[*]} in
      *learn.yml*) [ "$(id -u)" = 0 ] || continue ;; # it gives directories to root
    esac
    ok "$document: ${words[*]}" gives 0 play "${words[@]:1}"
    after "${words[*]}"
  done < <(taken ansible-documents.sh "$document" | sed -n 's/^[$] //p')
done

put_profile profiles/k8s-cache k8s-cache '' /cache
ok 'a profile more' gives 0 play site.yml
task 'Unload it' "$AAKIT_SRCDIR/docs/ansible.md" > task.yml
ok "docs/ansible.md's task for one that goes" gives 0 play task.yml
ok 'unloads it' test "$(kernel old)$(kernel new)" = 'k8s-web (enforce) k8s-web (enforce) '
ok 'documents have commands to run' test "$count" -ge 15
finish
