# SPDX-License-Identifier: GPL-2.0-or-later
# aa-compile configmap, and aa-register on the volume that a kubelet makes of it.
# shellcheck shell=bash source=tests/cli/tap.sh
. "${AAKIT_SRCDIR:?}/tests/cli/tap.sh"
have_parser || skip_all 'apparmor_parser is not installed'
python3 -c 'import yaml' 2> /dev/null || skip_all 'python3-yaml is not installed'

# shellcheck source=tests/cli/watching.sh
. "$AAKIT_SRCDIR/tests/cli/watching.sh"

mkdir texts
put_profile texts/k8s-web k8s-web '' /web
put_profile texts/k8s-db k8s-db '' /db
printf '{"defaultAction":"SCMP_ACT_ALLOW"}\n' > texts/web.seccomp.json
compile() { aa-compile texts --features debian-12-6.1 --features debian-13-6.12 "$@" -o bundle > out 2> err; }
ok 'a bundle for two kernels' compile

# volume GENERATION FILE: what a kubelet makes of the ConfigMap in FILE: the volume "volume" has another generation.
volume() {
  python3 - "$1" "$2" << 'P'
import base64, os, pathlib, shutil, sys, yaml
top, generation = pathlib.Path("volume"), sys.argv[1]
top.mkdir(exist_ok=True)
document = yaml.safe_load(pathlib.Path(sys.argv[2]).read_text())
assert document["apiVersion"] == "v1" and document["kind"] == "ConfigMap"
new = top / generation
new.mkdir()
for key, value in document["binaryData"].items():
    (new / key).write_bytes(base64.b64decode(value, validate=True))
    if not (top / key).is_symlink():
        (top / key).symlink_to(f"..data/{key}")
old = os.readlink(top / "..data") if (top / "..data").is_symlink() else None
(top / "..data_tmp").symlink_to(generation)
os.rename(top / "..data_tmp", top / "..data")
for link in top.iterdir():
    if link.is_symlink() and not link.exists():
        link.unlink()
if old:
    shutil.rmtree(top / old)
P
}

ok 'is a ConfigMap' gives 0 aa-compile configmap -n node-policy --name policy-1 bundle -o map.yaml
ok 'how much of it is used is told' err_has 'bytes of the 1048576 that a ConfigMap may hold'
ok 'the same bytes on standard output' gives 0 aa-compile configmap -n node-policy --name policy-1 bundle
ok 'again and again' cmp out map.yaml
has() { grep -qE -- "$1" map.yaml; }
ok 'with the name' has '^  name: "policy-1"$'
ok 'in the namespace' has '^  namespace: "node-policy"$'
ok 'not immutable unless that is asked for' eval '! has immutable'
ok 'keys are flat names' has '^  "text\.k8s-web": '
ok 'of every feature set' test "$(grep -cE '^  "[0-9a-f]{12}\.k8s-db": ' map.yaml)" -eq 2
ok 'and seccomp profiles' has '^  "seccomp\.web\.json": '

volume ..1 map.yaml
mkdir -p seccomp
ok 'its volume is a bundle to aa-register' gives 0 aa-register --root node volume
ok 'both are loaded' loaded 'k8s-db (enforce)'
ok 'the seccomp profile is placed' test -f node/var/lib/kubelet/seccomp/aakit/web.json
ok 'again there is nothing to do' gives 0 aa-register diff --root node volume
ok 'and to the programs that ask bundles' gives 0 aa-compile query --features debian-12-6.1 volume/..data k8s-web file /web r
ok 'a page of it' gives 0 aa-compile report volume/..data -o page.html
ok 'shows the rules of the text' grep -qE '<code>/web' page.html

openssl genpkey -algorithm ed25519 -out key 2> err && openssl pkey -in key -pubout -out key.pub 2>> err
chmod 600 key
if [ -s key.pub ]; then
  compile --sign key
  ok 'a signed bundle stays signed' gives 0 aa-compile configmap bundle -o map.yaml
  volume ..2 map.yaml
  ok 'its signature is verified' gives 0 aa-register --root node --verify-key key.pub volume
  printf x > volume/..data/extra
  ok 'what the manifest does not name is refused' gives 5 aa-register --root node --verify-key key.pub volume
  ok 'and named' err_has 'extra: is not in the signed manifest'
  rm volume/..data/extra
fi

ok 'for one kernel only' gives 0 aa-compile configmap --features debian-12-6.1 bundle -o map.yaml
ok 'has half of it' test "$(grep -cE '^  "[0-9a-f]{12}\.k8s-db": ' map.yaml)" -eq 1
volume ..3 map.yaml
ok 'which is all that such a node reads' gives 0 aa-register diff --root node volume
ok 'immutable where that is asked for' gives 0 aa-compile configmap --immutable bundle
ok 'is so' grep -qx 'immutable: true' out

# --- a watch of the volume
start volume
ok 'a watch takes the volume in' soon said '"event":"generation"'
put_profile texts/k8s-db k8s-db '' /db2
compile
aa-compile configmap bundle > map.yaml 2> err
volume ..4 map.yaml
ok 'a swap of its generation is one generation' soon said '"event":"generation".*"k8s-db","action":"replace"'
cp -r bundle damaged
printf x >> damaged/text/k8s-db
sed 's/"text.k8s-db": "[^"]*"/"text.k8s-db": "AAAA"/' map.yaml > bad.yaml
volume ..5 bad.yaml
ok 'a damaged one is told' soon said '"event":"failed".*text.*k8s-db'
ok 'and the good one stays' in_force k8s-db /db2
ok 'it ends well' stop

# --- refusals
ok 'a damaged bundle is none' gives 5 aa-compile configmap damaged
ok 'a name that Kubernetes does not take' gives 5 aa-compile configmap --name 'a b' bundle
ok 'nor a namespace' gives 5 aa-compile configmap -n a.b bundle
ok 'a feature set that is not in it' gives 5 aa-compile configmap --features debian-12-6.1.0-50 bundle
ok 'no bundle at all' gives 2 aa-compile configmap
ok 'two bundles' gives 2 aa-compile configmap bundle bundle
mkdir odd
put_profile odd/odd k8s+odd '' /odd
aa-compile odd --features debian-12-6.1 -o odd-bundle > out 2> err
ok 'a profile whose name cannot be a key' gives 5 aa-compile configmap odd-bundle
ok 'is named' err_has 'cannot be a key of a ConfigMap'
mkdir large
for i in 1 2 3; do
  put_profile "large/l$i" "l$i" '' /l
  yes '# a comment' | head -n 33000 >> "large/l$i"
done
aa-compile large --features debian-12-6.1 -o large-bundle > out 2> err
ok 'more than a ConfigMap holds' gives 5 aa-compile configmap large-bundle
ok 'is told, with what to do' err_has 'build several bundles'
ok 'nothing is written then' test ! -s out
finish
