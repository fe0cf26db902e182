#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Judges manifests as a strict API server would: kubernetes.py check|mutate|policy FILE...

check: every field is one that Kubernetes knows, of its type, and what has to be there is. mutate: each mapping with a field that
nobody knows, and each value with one of another type, is refused. policy: the pods ask for no more than docs/kubernetes.md says.

The tables are of the API's types (core/v1 and apps/v1) as of Kubernetes 1.30 to 1.35, as far as a DaemonSet may need them.
A type is a name, "[TYPE]" for a list, or a tuple of allowed words; "!" after a field: it has to be there.
"""

import copy
import re
import sys

try:
    import yaml
except ImportError:
    sys.exit(77)

SCALARS = {"str": str, "int": int, "bool": bool}
QUANTITY = re.compile(r"[0-9]+(\.[0-9]+)?(m|k|Ki|M|Mi|G|Gi|T|Ti)?$")
LABEL = re.compile(r"([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$")
KEY = re.compile(r"([a-z0-9]([-a-z0-9.]*[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$")
DNS = re.compile(r"[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$")
DATA_KEY = re.compile(r"(?!\.\.)[-._a-zA-Z0-9]{1,253}$")
PROFILE = {"type!": ("Unconfined", "RuntimeDefault", "Localhost"), "localhostProfile": "str"}
KEY_TO_PATH = {"key!": "str", "path!": "str", "mode": "int"}
EXEC = {"command": "[str]"}
HTTP_GET = {"path": "str", "port!": "amount", "host": "str", "scheme": ("HTTP", "HTTPS"), "httpHeaders": "[Pair]"}

TYPES = {
    "Namespace": {"apiVersion!": ("v1",), "kind!": ("Namespace",), "metadata!": "ObjectMeta", "spec": "Empty"},
    "ConfigMap": {"apiVersion!": ("v1",), "kind!": ("ConfigMap",), "metadata!": "ObjectMeta", "data": "data", "binaryData": "data",
                  "immutable": "bool"},
    "DaemonSet": {"apiVersion!": ("apps/v1",), "kind!": ("DaemonSet",), "metadata!": "ObjectMeta", "spec!": "DaemonSetSpec"},
    "ObjectMeta": {"name!": "name", "namespace": "name", "labels": "labels", "annotations": "annotations"},
    "DaemonSetSpec": {"selector!": "LabelSelector", "template!": "PodTemplate", "updateStrategy": "UpdateStrategy",
                      "minReadySeconds": "int", "revisionHistoryLimit": "int"},
    "LabelSelector": {"matchLabels!": "labels"},
    "UpdateStrategy": {"type": ("RollingUpdate", "OnDelete"), "rollingUpdate": "RollingUpdate"},
    "RollingUpdate": {"maxUnavailable": "amount", "maxSurge": "amount"},
    "PodTemplate": {"metadata!": "TemplateMeta", "spec!": "PodSpec"},
    "TemplateMeta": {"labels!": "labels", "annotations": "annotations"},
    "PodSpec": {
        "containers!": "[Container]", "initContainers": "[Container]", "volumes": "[Volume]", "hostNetwork": "bool", "hostPID": "bool",
        "hostIPC": "bool", "hostUsers": "bool", "dnsPolicy": ("Default", "ClusterFirst", "ClusterFirstWithHostNet", "None"),
        "automountServiceAccountToken": "bool", "serviceAccountName": "name", "enableServiceLinks": "bool", "priorityClassName": "name",
        "terminationGracePeriodSeconds": "int", "nodeSelector": "labels", "tolerations": "[Toleration]", "shareProcessNamespace": "bool",
        "securityContext": "PodSecurity", "imagePullSecrets": "[Reference]", "restartPolicy": ("Always",), "hostname": "str",
        "runtimeClassName": "name", "schedulerName": "str", "activeDeadlineSeconds": "int",
    },
    "Reference": {"name!": "name"},
    "Toleration": {"key": "str", "operator": ("Exists", "Equal"), "value": "str", "tolerationSeconds": "int",
                   "effect": ("NoSchedule", "PreferNoSchedule", "NoExecute")},
    "PodSecurity": {"runAsUser": "int", "runAsGroup": "int", "runAsNonRoot": "bool", "fsGroup": "int", "supplementalGroups": "[int]",
                    "fsGroupChangePolicy": ("Always", "OnRootMismatch"), "seccompProfile": "Profile", "appArmorProfile": "Profile"},
    "Profile": PROFILE,
    "Container": {
        "name!": "name", "image!": "str", "imagePullPolicy": ("Always", "IfNotPresent", "Never"), "command": "[str]", "args": "[str]",
        "workingDir": "str", "env": "[Variable]", "ports": "[Port]", "resources": "Resources", "volumeMounts": "[VolumeMount]",
        "readinessProbe": "Probe", "livenessProbe": "Probe", "startupProbe": "Probe", "securityContext": "ContainerSecurity",
        "lifecycle": "Lifecycle", "terminationMessagePath": "str", "terminationMessagePolicy": ("File", "FallbackToLogsOnError"),
        "stdin": "bool", "tty": "bool",
    },
    "Variable": {"name!": "str", "value": "str"},
    "Port": {"containerPort!": "int", "name": "name", "protocol": ("TCP", "UDP", "SCTP"), "hostPort": "int"},
    "Resources": {"requests": "Amounts", "limits": "Amounts"},
    "Amounts": {"cpu": "quantity", "memory": "quantity", "ephemeral-storage": "quantity"},
    "VolumeMount": {"name!": "name", "mountPath!": "path", "readOnly": "bool", "subPath": "str", "recursiveReadOnly": ("Disabled", "IfPossible", "Enabled"),
                    "mountPropagation": ("None", "HostToContainer", "Bidirectional")},
    "Probe": {"exec": "Exec", "httpGet": "HttpGet", "initialDelaySeconds": "int", "periodSeconds": "int", "timeoutSeconds": "int",
              "successThreshold": "int", "failureThreshold": "int", "terminationGracePeriodSeconds": "int"},
    "Exec": EXEC,
    "HttpGet": HTTP_GET,
    "Pair": {"name!": "str", "value!": "str"},
    "Lifecycle": {"preStop": "Handler", "postStart": "Handler"},
    "Handler": {"exec": "Exec", "httpGet": "HttpGet"},
    "ContainerSecurity": {
        "runAsUser": "int", "runAsGroup": "int", "runAsNonRoot": "bool", "privileged": "bool", "allowPrivilegeEscalation": "bool",
        "readOnlyRootFilesystem": "bool", "capabilities": "Capabilities", "seccompProfile": "Profile", "appArmorProfile": "Profile",
        "procMount": ("Default", "Unmasked"),
    },
    "Capabilities": {"add": "[capability]", "drop": "[capability]"},
    "Volume": {"name!": "name", "hostPath": "HostPath", "emptyDir": "EmptyDir", "configMap": "ConfigMapSource"},
    "HostPath": {"path!": "path", "type": ("", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket")},
    "EmptyDir": {"medium": ("", "Memory"), "sizeLimit": "quantity"},
    "ConfigMapSource": {"name!": "name", "optional": "bool", "defaultMode": "int", "items": "[KeyToPath]"},
    "KeyToPath": KEY_TO_PATH,
    "Empty": {},
}


# --- one value -----------------------------------------------------------------------------------


def words(mapping, at, key_form, value_form):
    if not isinstance(mapping, dict):
        return [f"{at}: no mapping"]
    found = []
    for key, value in mapping.items():
        if not isinstance(key, str) or not key_form.match(key):
            found.append(f"{at}: {key!r} is no key")
        if not isinstance(value, str) or not value_form.match(value):
            found.append(f"{at}.{key}: {value!r} is no value")
    return found


ANY = re.compile(r"(?s).*$")
FORMS = {
    "name": lambda value: isinstance(value, str) and DNS.match(value),
    "path": lambda value: isinstance(value, str) and value.startswith("/") and ":" not in value,
    "quantity": lambda value: isinstance(value, (str, int)) and not isinstance(value, bool) and QUANTITY.match(str(value)),
    "amount": lambda value: type(value) is int or isinstance(value, str) and re.match(r"[0-9]{1,3}%$", value),
    "capability": lambda value: isinstance(value, str) and re.match(r"(?!CAP_)[A-Z_]+$", value),
}
MAPS = {"labels": (KEY, LABEL), "annotations": (KEY, ANY), "data": (DATA_KEY, ANY)}


def judge(value, kind, at):
    """What is wrong with a value."""
    if isinstance(kind, tuple):
        return [] if isinstance(value, str) and value in kind else [f"{at}: {value!r} is none of {', '.join(kind)}"]
    if kind.startswith("["):
        if not isinstance(value, list):
            return [f"{at}: no list"]
        return [problem for i, item in enumerate(value) for problem in judge(item, kind[1:-1], f"{at}[{i}]")]
    if kind in SCALARS:
        return [] if type(value) is SCALARS[kind] else [f"{at}: {value!r} is no {kind}"]
    if kind in FORMS:
        return [] if FORMS[kind](value) else [f"{at}: {value!r} is no {kind}"]
    if kind in MAPS:
        return words(value, at, *MAPS[kind])
    return judge_mapping(value, kind, at)


def judge_mapping(value, kind, at):
    if not isinstance(value, dict):
        return [f"{at}: no mapping"]
    fields = {name.rstrip("!"): of for name, of in TYPES[kind].items()}
    found = [f"{at}: {name.rstrip('!')} is missing" for name in TYPES[kind] if name.endswith("!") and name.rstrip("!") not in value]
    for name, item in value.items():
        if name not in fields:
            found.append(f"{at}: unknown field {name!r}")
        else:
            found += judge(item, fields[name], f"{at}.{name}")
    return found + (RULES[kind](value, at) if kind in RULES and not found else [])


# --- what types do not say -----------------------------------------------------------------------


def exactly_one(names):
    def rule(value, at):
        given = [name for name in names if name in value]
        return [] if len(given) == 1 else [f"{at}: one of {', '.join(names)} is needed"]
    return rule


def unique(items, key, at):
    seen = [item[key] for item in items]
    return [f"{at}: {key} {name!r} is there twice" for name in sorted(set(seen)) if seen.count(name) > 1]


def pod_rule(value, at):
    volumes = {volume["name"] for volume in value.get("volumes", [])}
    found = unique(value.get("volumes", []), "name", f"{at}.volumes") + unique(value["containers"], "name", f"{at}.containers")
    used = set()
    for container in value["containers"]:
        mounts = container.get("volumeMounts", [])
        found += unique(mounts, "mountPath", f"{at}.{container['name']}")
        used |= {mount["name"] for mount in mounts}
    return found + [f"{at}: no volume {name!r}" for name in used - volumes] + [f"{at}: volume {name!r} is not mounted" for name in volumes - used]


def template_rule(value, at):
    names = {container["name"] for container in value["spec"]["containers"]}
    prefix = "container.apparmor.security.beta.kubernetes.io/"
    return [f"{at}: {key} names no container" for key in value["metadata"].get("annotations", {})
            if key.startswith(prefix) and key.removeprefix(prefix) not in names]


def set_rule(value, at):
    labels = value["template"]["metadata"]["labels"]
    wrong = [name for name, label in value["selector"]["matchLabels"].items() if labels.get(name) != label]
    return [f"{at}: the selector's {name} is not the template's" for name in wrong]


def profile_rule(value, at):
    return [] if (value["type"] == "Localhost") == ("localhostProfile" in value) else [f"{at}: localhostProfile goes with Localhost"]


RULES = {
    "Volume": exactly_one(("hostPath", "emptyDir", "configMap")),
    "Probe": exactly_one(("exec", "httpGet")),
    "PodSpec": pod_rule,
    "PodTemplate": template_rule,
    "DaemonSetSpec": set_rule,
    "Profile": profile_rule,
}


def judge_document(document):
    kind = document.get("kind") if isinstance(document, dict) else None
    if kind not in ("Namespace", "ConfigMap", "DaemonSet"):
        return [f"kind {kind!r} is not known here"]
    return judge(document, kind, f"{kind}/{document.get('metadata', {}).get('name')}")


# --- mutations -----------------------------------------------------------------------------------


def places(value, at=()):
    yield at, value
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in pairs:
        yield from places(item, at + (key,))


def is_free(at):
    """In a mapping whose keys are anybody's."""
    return any(word in at for word in ("labels", "annotations", "matchLabels", "nodeSelector", "data", "binaryData"))


def mutate(document):
    """Mutations that were taken, and how many there were."""
    taken, count = [], 0
    for at, value in places(document):
        if is_free(at):
            continue
        wrong = copy.deepcopy(document)
        parent = wrong
        for key in at[:-1]:
            parent = parent[key]
        if isinstance(value, dict):
            (parent[at[-1]] if at else wrong)["noSuchField"] = "x"
        else:
            parent[at[-1]] = {"another": "type"}
        count += 1
        if not judge_document(wrong):
            taken.append(f"{'.'.join(map(str, at))}: a wrong value is taken")
    return taken, count


# --- policy --------------------------------------------------------------------------------------


def policy(document):
    """What a pod of ours asks for beyond what is documented, without options."""
    if document["kind"] != "DaemonSet":
        return []
    name, spec = document["metadata"]["name"], document["spec"]["template"]["spec"]
    allowed = {"aa-register": ["MAC_ADMIN"], "aa-learn": ["AUDIT_READ"]}[name]
    found = [] if spec.get("automountServiceAccountToken") is False else ["a service account's token is mounted"]
    if spec.get("securityContext", {}).get("seccompProfile") != {"type": "RuntimeDefault"}:
        found.append("the runtime's seccomp profile is not asked for")
    if spec.get("hostPID") or spec.get("hostIPC") or bool(spec.get("hostNetwork")) != (name == "aa-learn"):
        found.append("namespaces of the node")
    for container in spec["containers"]:
        security = container["securityContext"]
        if security["capabilities"] != {"drop": ["ALL"], "add": allowed} or security["runAsUser"] != 0:
            found.append(f"capabilities {security['capabilities']} of user {security['runAsUser']}")
        if security["privileged"] or security["allowPrivilegeEscalation"] or not security["readOnlyRootFilesystem"]:
            found.append("a privilege, or a root file system that can be written to")
        if "memory" not in container["resources"]["limits"]:
            found.append("memory has no limit")
    return [f"{name}: {problem}" for problem in found]


def main():
    what, files = sys.argv[1], sys.argv[2:]
    problems, count = [], 0
    for path in files:
        with open(path, encoding="utf-8") as file:
            documents = [document for document in yaml.safe_load_all(file) if document is not None]
        if not documents:
            problems.append(f"{path}: no document")
        for document in documents:
            if what == "mutate":
                taken, more = mutate(document)
                problems += taken
                count += more
            else:
                problems += judge_document(document) if what == "check" else policy(document)
                count += 1
    print("\n".join(f"# {problem}" for problem in problems), end="\n" if problems else "")
    print(f"# {count} looked at")
    return 1 if problems or count == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
