# SPDX-License-Identifier: GPL-2.0-or-later
# aa-register keeps few privileges and gives its children none; what another user than root cannot do is told.
# shellcheck source=tests/cli/refusals.sh
. "${AAKIT_SRCDIR:?}/tests/cli/refusals.sh"
have_parser || {
  skip 'privileges' 'apparmor_parser is not installed'
  finish
  exit 0
}
parser=$(PATH=$PATH:/sbin:/usr/sbin command -v apparmor_parser)
node=$scratch/node
copy_node "$node"
mkdir -p "$node"/etc/apparmor.d "$node"/var/lib/aakit "$node"/run/aakit
put_profile "$scratch/work/k8s-one" k8s-one '' /one

# A compiler that notes what it may do, and to whom.
cat > "$scratch/parser" << PARSER
#!/bin/sh
grep -E '^(Cap(Prm|Eff|Amb)|NoNewPrivs):' /proc/self/status >> "$scratch/noted"
exec $parser "\$@"
PARSER
chmod 755 "$scratch/parser"
export AAKIT_APPARMOR_PARSER=$scratch/parser
run aa-register --root "$node" k8s-one
exits 0 'a text is compiled and registered'
ok 'the compiler was asked for its version, and for the policy' test "$(grep -c '^CapEff:' "$scratch/noted")" -ge 2
ok 'each time without any capability' test "$(grep -cE '^Cap[A-Za-z]+:[[:space:]]*0*[1-9a-f]' "$scratch/noted")" = 0
ok 'and without a way to one' test "$(grep -c '^NoNewPrivs:.1' "$scratch/noted")" = "$(grep -c '^CapEff:' "$scratch/noted")"
unset AAKIT_APPARMOR_PARSER

# Another user than root, who owns the two directories of aakit.
copy_node "$node"
mkdir -p "$node"/etc/apparmor.d "$node"/var/lib/aakit "$node"/run/aakit
if [ "$(id -u)" -eq 0 ]; then
  chown -R "$NOBODY" "$node/sys" "$node/var/lib/aakit" "$node/run/aakit"
fi
chmod a-w "$node/etc/apparmor.d"
chmod a+rX k8s-one
run_as_nobody aa-register --root "$node" "$scratch/work/k8s-one"
exits 0 'who may not write texts registers all the same'
says 'warning: no texts are kept in /etc/apparmor.d.*aa-remove-unknown' 'and is told what that means'
ok 'the profile is noted as his' grep -q k8s-one "$node/var/lib/aakit/registered.yaml"
run_as_nobody aa-register --root "$node" "$scratch/work/k8s-one"
exits 0 'once more'
ok 'where nothing changes, nothing is said' test "$(grep -c 'no texts are kept' "$scratch/err")" = 0
run_as_nobody aa-register status --root "$node"
exits 0 'status'
run_as_nobody aa-register rm k8s-one --root "$node"
exits 0 'rm'
chmod u+w "$node/etc/apparmor.d"

# The lock of a node is its owner's.
if [ "$(id -u)" -eq 0 ]; then
  chown -R 0 "$node"
  refuses_nobody 4 'cannot open the lock.*owns its directory.*Permission denied' 'a node of root' \
    aa-register --root "$node" "$scratch/work/k8s-one"
else
  skip 'a node of root' 'this is not root'
fi
finish
