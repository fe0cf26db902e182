# SPDX-License-Identifier: GPL-2.0-or-later
"""The policy that containerd loads by itself for a pod that asks for none, and what aa-compile says of it."""

import cri
import node

FEATURES = "/sys/kernel/security/apparmor/features"


def default_policy(client, image):
    """That policy as the kernel keeps it; a pod of the image makes containerd load it."""
    pod = cri.Pod(client, "default", "uid-default")
    pod.start(cri.Container("default", image, cri.DEFAULT_LABEL, command=["/bin/sleep", "60"]))
    folder = next(node.POLICY.glob(f"profiles/{cri.DEFAULT_LABEL}.*"))
    blob = (folder / "raw_data").read_bytes()
    pod.remove()
    return blob


def differences(document):
    """The entries of the table of exposures that one profile answers otherwise than the table says of containerd's."""
    lines = [line for line in document["profiles"][0]["lines"] if line["result"] != "not-claimed"]
    return [f"{line['id']}: {line['result']} {line['question'] or ''}" for line in lines
            if (line["result"] == "denied") == (line["containerd"] == "allows")]


def check(tap, out, client, image):
    """containerd's line in every report of aa-compile score is the score of what containerd loads here."""
    path = out / "containerd-default.bin"
    path.write_bytes(default_policy(client, image))
    code, document, err = node.run_json("aa-compile", "score", "--json", "--features", FEATURES, str(path))
    if document is None:
        tap.check("score: containerd's default profile", False, f"exit code {code}", err)
        return
    found, said = document["profiles"][0]["score"], document["profiles"][0]["references"]["containerd"]
    wrong = differences(document)
    tap.check(f"score: containerd's default profile comes to what is said of it, {said}", not wrong and found == said,
              f"here {found}", wrong)
