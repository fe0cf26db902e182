# SPDX-License-Identifier: GPL-2.0-or-later
# The examples of deploy/: what they name is what ships, and the profiles in them are sound. tests/vm/cloud-init boots nodes with them.
# shellcheck shell=bash source=tests/cli/tap.sh
. "${AAKIT_SRCDIR:?}/tests/cli/tap.sh"
have_parser || skip_all 'apparmor_parser is not installed'
python3 -c 'import yaml' 2> /dev/null || skip_all 'python3-yaml is not installed'
deploy=$AAKIT_SRCDIR/deploy
features=$AAKIT_SRCDIR/profiles/features/debian-12-6.1

# What the two examples write, as files below cloud/ and capi/, and their commands, one a line.
python3 - "$deploy" > "$scratch/out" 2> "$scratch/err" << 'PYTHON'
import base64, gzip, pathlib, sys, yaml

deploy = pathlib.Path(sys.argv[1])
decoders = {None: str.encode, "gzip+base64": lambda text: gzip.decompress(base64.b64decode(text))}

def lay(top, files, commands):
    for entry in files:
        path = pathlib.Path(top + entry["path"])
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(decoders[entry.get("encoding")](entry["content"]))
    pathlib.Path(top, "commands").write_text("".join(f"{line}\n" for line in commands))

text = (deploy / "cloud-init/user-data.yaml").read_text()
assert text.startswith("#cloud-config\n"), "cloud-init looks at the first line"
user_data = yaml.safe_load(text)
assert set(user_data) == {"write_files", "package_update", "packages", "runcmd"}
assert user_data["packages"] == ["aakit"]
lay("cloud", user_data["write_files"], user_data["runcmd"])
template = yaml.safe_load((deploy / "cluster-api/worker.yaml").read_text())
assert (template["apiVersion"], template["kind"]) == ("bootstrap.cluster.x-k8s.io/v1beta1", "KubeadmConfigTemplate")
spec = template["spec"]["template"]["spec"]
assert set(spec) == {"joinConfiguration", "files", "preKubeadmCommands"}
assert all("{{" not in entry["content"] and "{%" not in entry["content"] for entry in spec["files"]), "jinja would take it apart"
lay("capi", spec["files"], spec["preKubeadmCommands"])
PYTHON
ok 'the examples are what their readers take' test $? -eq 0

for kind in cloud capi; do
  ok "$kind: the service watches where the profile goes" grep -qE '^Environment=AAKIT_PATHS=/etc/aakit/profiles ' "$deploy/systemd/aa-register.service.in"
  ok "$kind: the profile is there" test -s "$kind/etc/aakit/profiles/k8s-web"
  ok "$kind: apt is told of a repository, whose key is there" grep -qx 'Signed-By: /etc/apt/keyrings/aakit.asc' "$kind/etc/apt/sources.list.d/aakit.sources"
  ok "$kind: which is another file" test -s "$kind/etc/apt/keyrings/aakit.asc"
  ok "$kind: a failure ends the script before the join" test "$(head -n 1 "$kind/commands")" = 'set -e'
  ok "$kind: which waits for the profile" test "$(grep -c '^aa-register wait .*k8s-web$' "$kind/commands")" = 1
done
ok 'the join comes last' grep -q '^kubeadm join ' <(tail -n 1 cloud/commands)
ok 'both bring the same profile' cmp cloud/etc/aakit/profiles/k8s-web capi/etc/aakit/profiles/k8s-web
ok "the drop-in of the second is kubeadm's" cmp "$deploy/kubeadm/kubelet-waits.conf" capi/etc/systemd/system/kubelet.service.d/20-aakit.conf

cp -r "${AAKIT_APPARMOR_BASE:-/etc/apparmor.d}" base
chmod -R u+w base
rm -rf base/abstractions/aakit
cp -r "$AAKIT_SRCDIR/profiles/abstractions/aakit" base/abstractions/
export AAKIT_APPARMOR_BASE=$scratch/base
ok 'nothing is found in the profile' gives 0 aa-compile check --features "$features" --fail-on warning cloud/etc/aakit/profiles/k8s-web
ok 'which the pod needs to serve' gives 0 aa-compile query --features "$features" cloud/etc/aakit/profiles/k8s-web k8s-web file /var/www/html/index.html r
ok 'and no more' gives 3 aa-compile query --features "$features" cloud/etc/aakit/profiles/k8s-web k8s-web file /etc/shadow r

# The commands as they stand, on a node where nobody enforces the profile and nobody waits.
cp -r "$AAKIT_SRCDIR/tests/nodes/web" node
chmod -R u+w node
read -ra words <<< "$(grep '^aa-register wait ' cloud/commands)"
ok 'their command is one of ours' gives 3 "${words[@]}" --root node --timeout 0
ok 'and says what it waits for' err_has k8s-web
drop_in=$deploy/kubeadm/kubelet-waits.conf
read -ra words <<< "$(sed -n 's/^ExecStartPre=//p' "$drop_in" | sed "s/\$AAKIT_WANTED/$(sed -n 's/^Environment=AAKIT_WANTED=//p' "$drop_in")/")"
ok "and so is the drop-in's" gives 3 "${words[@]}" --root node --timeout 0
unit=$(basename "$deploy"/systemd/aa-register.service.in .in)
ok 'it names the unit that ships' test "$(grep -cE "^(Wants|After)=$unit$" "$drop_in")" = 2
finish
