# SPDX-License-Identifier: GPL-2.0-or-later
# The roles of the Ansible collection, by playbooks as users write them, on recordings of two nodes with different kernels.
# shellcheck shell=bash source=tests/cli/tap.sh
. "${AAKIT_SRCDIR:?}/tests/cli/tap.sh"
# shellcheck source=tests/cli/playing.sh
. "$AAKIT_SRCDIR/tests/cli/playing.sh"
mkdir texts
put_profile texts/k8s-web k8s-web '' /web
put_profile texts/k8s-db k8s-db '' /db
# What a user writes, but that each node is a directory here.
cat >site.yml <<'SITE'
- name: Profiles on every node
  hosts: nodes
  gather_facts: false
  serial: "{{ batch | default(2) }}"
  module_defaults:
    aakit.aakit.aa_register_info:
      root: "{{ playbook_dir }}/{{ inventory_hostname }}"
    aakit.aakit.aa_register:
      root: "{{ playbook_dir }}/{{ inventory_hostname }}"
  roles:
    - role: aakit.aakit.aa_register
      vars:
        aa_register_profiles: ["{{ playbook_dir }}/texts"]
        aa_register_dest: "{{ playbook_dir }}/{{ inventory_hostname }}/etc/aakit/profiles"
        aa_register_install: false
SITE
snapshot() { find old new ! -name .replace ! -path '*/run/*' -type f | sort | xargs sha256sum; }
unchanged() { [ "$(snapshot)" = "$before" ]; }
both() { recap old "$@" && recap new "$@"; }
kernel() { cat "$1/sys/kernel/security/apparmor/profiles"; }

before=$(snapshot)
ok 'a plan' gives 0 play --check --diff site.yml
ok 'tells of a change on both nodes' both changed=1 failed=0
ok 'with the rules' out_has '+  /web r,'
ok 'and writes nothing there' unchanged
ok 'the roles do it' gives 0 play site.yml
ok 'on both nodes' both changed=1 failed=0
ok 'each has a bundle for its own kernel' test "$(cd .aakit && printf '%s\n' * | sort)" = "$(for node in old new; do aa-register features -q --root $node; done | sort)"
ok 'the kernels hold the profiles' test "$(kernel old)$(kernel new)" = "$(printf 'k8s-db (enforce)\nk8s-web (enforce)')$(printf 'k8s-db (enforce)\nk8s-web (enforce)')"
before=$(snapshot)
ok 'again, node by node' gives 0 play -e batch=1 site.yml
ok 'nothing changed' both changed=0 failed=0
ok 'really nothing' unchanged
put_profile texts/k8s-web k8s-web '' /next
ok 'a change, complaining' gives 0 play --diff -e aa_register_mode=complain site.yml
ok 'is shown' out_has '+# in the kernel: complain'
ok 'as it is' test "$(kernel old)" = "$(printf 'k8s-db (complain)\nk8s-web (complain)')"
rm texts/k8s-db
ok 'what is not named goes' gives 0 play -e aa_register_state=pruned site.yml
ok 'and the rest is enforced again' test "$(kernel new)" = 'k8s-web (enforce)'
echo 'profile broken { /x r }' >texts/broken
before=$(snapshot)
ok 'a text that does not compile' gives 2 play site.yml
ok 'stops all' out_has 'broken:1'
ok 'no node is touched' unchanged
rm texts/broken
echo N >new/sys/module/apparmor/parameters/enabled
ok 'a node without AppArmor' gives 2 play site.yml
ok 'fails' recap new failed=1
ok 'alone' recap old failed=0
ok 'or is skipped' gives 0 play -e aa_register_without_apparmor=skip site.yml
ok 'without a failure' both failed=0 changed=0
ok 'an option that there is not' gives 2 play -e aa_register_state=gone site.yml
ok 'is said' out_has 'aa_register_state'

# --- learning
cat >learn.yml <<'LEARN'
- name: Learn a pod
  hosts: nodes
  gather_facts: false
  roles:
    - role: aakit.aakit.aa_learn
      vars:
        aa_learn_pod: web
        aa_learn_until_stable: 0
        aa_learn_node_dir: "{{ playbook_dir }}/{{ inventory_hostname }}-learned"
        aa_learn_arguments: ["--root={{ playbook_dir }}/recorded-{{ inventory_hostname }}"]
LEARN
if [ "$(id -u)" = 0 ]; then # it gives directories to root
  for node in old new; do cp -r "$AAKIT_SRCDIR/tests/nodes/web" "recorded-$node"; done
  ok 'learning' gives 0 play learn.yml
  ok 'on both nodes' both failed=0
  ok 'brings each state to the controller' test -s learned/states/old/k8s-web.learned.yaml -a -s learned/states/new/k8s-web.learned.yaml
  ok 'with its messages' test -e learned/states/new/messages.log
  ok 'merged' test -s learned/k8s-web.learned.yaml
  ok 'with a profile that compiles' gives 0 aa-compile -q learned/k8s-web -o learned-bundle --features "$AAKIT_SRCDIR/profiles/features/debian-12-6.1"
  ok 'which has what the pod did' grep -q 'capability setuid' learned/k8s-web
fi
ok 'a pod or a label has to be named' gives 2 play -e '{"aa_learn_pod": ""}' learn.yml
ok 'and not as a path' gives 2 play -e 'aa_learn_pod=../web' learn.yml
finish
