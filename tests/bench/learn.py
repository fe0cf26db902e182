#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Judges learned profiles by real applications: what they deny on another day, and what else they allow.

Called by script/bench, which builds. Stages: record (a VM records the applications, in training and held out), profiles
(aa-learn, aa-logprof and containerd's default, from that recording), measure (asked of the compiled policy), enforce (a
VM runs the held-out load and the attacks under them). What a VM brought back is kept in the cache, under a name made of
all that it depends on; nothing else is needed again, and a cache that is gone is made again.
"""

import argparse
import concurrent.futures
import gzip
import hashlib
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tarfile

import yaml

import learn_table
import policy

TOP = pathlib.Path(__file__).resolve().parents[2]
VM = TOP / "tests/vm"
APPLICATIONS = ["nginx", "redis", "memcached", "postgres", "python", "node", "cron"]
TRAINING = [10, 50, 240]  # seconds of load of the first, second and third pod
SPANS = ["10 s", "1 min", "5 min"]  # of load when each of them is over
HELD_OUT = 30
MAIN = "1 min"
SUITES = ["bookworm", "trixie"]
DEFAULT = "cri-containerd.apparmor.d"
USES = {"readable": "r", "writable": "w", "executable": "x"}
GUEST = ["application", "attacks", "audit", "browser", "cri", "node", "services", "stores", "volumes", "workloads"]
RUNTIME = "run/containerd/io.containerd.runtime.v2.task/k8s.io"
ATTACKED = "aakit-attacked"  # the label that they were recorded under
REFUSED = {1, 13}  # EPERM, EACCES
NEVER_REFUSED = {"unshare-user"}  # no profile of abi 3.0 can
# Data that every installation of a distribution has alike.
PUBLIC = tuple(below for entry in yaml.safe_load((TOP / "profiles/generalise.yaml").read_text())["public"] for below in entry["below"])


def say(*words):
    print("bench:", *words, file=sys.stderr, flush=True)


def run(*command, **options):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False, **options)
    if done.returncode not in (0, 3):
        raise SystemExit(f"bench: {' '.join(map(str, command))} ended with {done.returncode}\n{done.stderr[-3000:]}")
    return done.stdout


def digest(*parts):
    """Of files and texts."""
    whole = hashlib.sha256()
    for part in parts:
        data = part.read_bytes() if isinstance(part, pathlib.Path) else str(part).encode()
        whole.update(f"{len(data)}\n".encode() + data)
    return whole.hexdigest()[:12]


class Bench:
    def __init__(self, options, bindir, work):
        self.options, self.bindir, self.work = options, pathlib.Path(bindir), pathlib.Path(work)
        base = os.environ.get("AAKIT_CACHE") or pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache",
                                                            "aakit")
        self.cache = pathlib.Path(base, "learn")
        self.names = options.applications
        self.image = self.recording = self.node = self.features = None
        self.results = {name: {} for name in self.names}
        self.has_logprof = subprocess.run(["/usr/bin/python3", "-c", "import apparmor.aa"], capture_output=True,
                                          check=False).returncode == 0
        if not self.has_logprof:
            say("aa-logprof is left out: the Debian package python3-apparmor is not there")

    # --- what a VM brings back is kept

    def guest_key(self, plan):
        """Of all that a recording or an enforcement depends on but for the profiles."""
        guest = [VM / f"guest/{name}.py" for name in GUEST]
        return digest(self.image.name, json.dumps(plan), VM / "evaluate.py", *guest, *sorted(VM.glob("guest/attack*.[ch]")))

    def in_vm(self, kind, key, plan, *more):
        """The directory of what a VM brought back, from the cache or anew."""
        kept = self.cache / f"{kind}-{key}"
        if not kept.is_dir():
            say(f"{kind}: in a VM, into {kept}")
            self.cache.mkdir(parents=True, exist_ok=True)
            out = self.cache / f"{kind}-{key}.{os.getpid()}"
            (self.work / "plan.json").write_text(json.dumps(plan))
            code = subprocess.run([VM / "evaluate", kind, self.options.suite, self.work / "stage", out, self.work / "plan.json",
                                   *more], check=False).returncode
            if code:
                raise SystemExit(f"bench: the VM ended with {code}; see {out}")
            os.rename(out, kept)
        return kept

    def record(self):
        found = subprocess.run([VM / "applications/image", self.options.suite], stdout=subprocess.PIPE, text=True, check=True)
        self.image = pathlib.Path(found.stdout.strip())
        plan = {"applications": self.names, "training": TRAINING, "held_out": HELD_OUT}
        key = digest(self.guest_key(plan), TOP / "learn/learning-profile.c")
        self.recording = self.in_vm("record", key, plan)
        self.features = self.recording / "features"  # of that very kernel: aa-register takes no others

    def unpack(self, name):
        """The application's root filesystem, as aa-learn finds it on the node."""
        rootfs = self.work / "rootfs" / name
        rootfs.mkdir(parents=True)
        with tarfile.open(self.image / f"{name}.tar") as image:
            layer = max(image.getmembers(), key=lambda member: member.size)
            with tarfile.open(fileobj=gzip.open(image.extractfile(layer))) as files:
                members = [m for m in files.getmembers() if m.isfile() or m.isdir() or m.issym() or m.islnk()]
                files.extractall(rootfs, members)
        return rootfs

    # --- profiles

    def lay_node(self):
        """The node as aa-learn would have found it: the bundles with their root filesystems."""
        node = self.work / "node"
        shutil.copytree(self.recording / "node", node)
        for name in self.names:
            rootfs = self.unpack(name)
            for config in (node / RUNTIME).glob("*/config.json"):
                document = json.loads(config.read_text())
                if document["annotations"].get("io.kubernetes.cri.container-name") == name:
                    shutil.copytree(rootfs, config.parent / "rootfs", symlinks=True, copy_function=os.link)
        self.node = node

    def learn(self, name):
        """The profiles of one application, NAME of the variant -> text: by aa-learn from one, two and three pods."""
        label, state, texts = f"k8s-{name}", self.work / "states" / name, {}
        for number, span in enumerate(SPANS, 1):
            run(self.bindir / "aa-learn", "record", "--root", self.node, "--pod", name,
                "--input", self.recording / f"training-{number}.log", "--no-check", "-o", state, "-q")
            texts[f"aa-learn {span}"] = (state / label).read_text()
            texts[f"--exact {span}"] = run(self.bindir / "aa-learn", "profile", "--exact", state / f"{label}.learned.yaml")
        if not self.has_logprof:
            return texts
        log = self.work / f"{name}.log"
        log.write_text("".join((self.recording / f"training-{n}.log").read_text() for n in (1, 2)))
        texts[f"aa-logprof {MAIN}"] = run("/usr/bin/python3", TOP / "tests/bench/logprof_rules.py", log, label)
        return texts

    def write_profiles(self):
        (self.work / "states").mkdir()
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            for name, texts in zip(self.names, pool.map(self.learn, self.names)):
                for variant, text in texts.items():
                    folder = self.work / "profiles" / variant
                    folder.mkdir(parents=True, exist_ok=True)
                    (folder / f"k8s-{name}").write_text(text)

    # --- measuring

    def measure_one(self, name, path, label, asked):
        """Of one profile: what it denies of the held-out load, which attacks it refuses, what of the image it allows."""
        blob, seconds = (path.read_bytes(), None) if label == DEFAULT else policy.compile_text(path, self.features)
        if blob is None:
            return {"failed": f"does not compile within {policy.LONGEST} s", "rules": policy.rule_count(path.read_text())}
        compiled = self.work / "compiled"
        compiled.write_bytes(blob)
        profile = policy.Policy(self.bindir / "aa-compile", self.features, compiled, label)
        denied = profile.denied(asked)
        tree, files = profile.tree(self.work / "rootfs" / name)
        text = None if label == DEFAULT else path.read_text()
        return {"rules": text and policy.rule_count(text), "review": text and text.count("# review"),
                "held_out_asked": len(asked), "held_out_denied": len(denied), "denied": denied,
                "attacks": self.judge(name, profile), "files": files,
                **{key: sum(letter in mask for mask in tree.values()) for key, letter in USES.items()},
                "compile_s": seconds and round(seconds, 4), "dfa_bytes": policy.dfa_size(blob), "tree": tree}

    def measure(self):
        for name in self.names:
            asked = policy.questions(self.recording / "held-out.log", f"k8s-{name}")
            default = {question.replace(f" k8s-{name}", f" {DEFAULT}"): count for question, count in asked.items()}
            rows = {variant.name: (variant / f"k8s-{name}", f"k8s-{name}")
                    for variant in sorted((self.work / "profiles").iterdir())}
            rows["containerd default"] = (self.recording / "containerd-default.bin", DEFAULT)
            for variant, (path, label) in rows.items():
                self.results[name][variant] = self.measure_one(name, path, label, default if label == DEFAULT else asked)
            for span in SPANS:
                self.beyond(name, span, asked)

    def working(self, name):
        """The attacks on one application that succeed where nothing is refused."""
        control = json.loads((self.recording / "control.json").read_text())[name]
        return [attack for attack, number in control.items() if number == 0 and attack not in NEVER_REFUSED]

    def judge(self, name, profile):
        """An attack is refused where anything that it does is denied."""
        working, log = self.working(name), self.recording / f"attacks-{name}.log"
        asked = {attack: policy.questions(log, ATTACKED, attack) for attack in working}
        denied = profile.denied(dict.fromkeys(question for questions in asked.values() for question in questions))
        through = [attack for attack, questions in asked.items() if not any(question in denied for question in questions)]
        return {"working": len(working), "refused": len(working) - len(through), "through": through}

    def needed(self, name, asked, exact):
        """{letter: the image's files with which that was seen, in training or held out}."""
        found = {letter: {path for path, mask in exact["tree"].items() if letter in mask} for letter in "rwx"}
        for question in asked:
            kind, path, mask = (question.split() + [""])[:3]
            path = path.encode().decode("unicode_escape").encode("latin-1").decode("utf-8", "replace")
            if kind in ("file", "exec") and (self.work / "rootfs" / name / path.lstrip("/")).is_file():
                for letter in ("x" if kind == "exec" else mask):
                    found.get({"c": "w", "d": "w", "a": "w"}.get(letter, letter), set()).add(path)
        return found

    def beyond(self, name, span, asked):
        """What the generaliser allows beyond the bare observations, of that span and of the held-out load."""
        rows = self.results[name]
        if "failed" in rows[f"aa-learn {span}"] or "failed" in rows[f"--exact {span}"]:
            return
        needed = self.needed(name, asked, rows[f"--exact {span}"])
        rows[f"aa-learn {span}"]["needed"] = {letter: len(paths) for letter, paths in needed.items()}
        for key, letter in USES.items():
            allowed = {path for path, mask in rows[f"aa-learn {span}"]["tree"].items() if letter in mask}
            rows[f"aa-learn {span}"][f"beyond_{key}"] = sorted(allowed - needed[letter])
        row = rows[f"aa-learn {span}"]
        row["beyond_public"] = [path for path in row["beyond_readable"] if path.startswith(PUBLIC)]
        row["beyond_readable"] = [path for path in row["beyond_readable"] if not path.startswith(PUBLIC)]

    # --- enforcing

    def enforce(self):
        """The held-out load and the attacks under the profiles of one minute's load, on a real kernel."""
        variant, bundle = f"aa-learn {MAIN}", self.work / "bundle"
        run(self.bindir / "aa-compile", self.work / "profiles" / variant, "--features", self.features, "-o", bundle)
        plan = {"applications": self.names, "held_out": HELD_OUT}
        blobs = sorted(path for path in bundle.rglob("k8s-*") if "text" not in path.parts)
        found = json.loads((self.in_vm("enforce", digest(self.guest_key(plan), *blobs), plan, bundle)
                            / "results.json").read_text())
        for name in self.names:
            attacked = found["attacks"][name]
            through = [attack for attack in self.working(name) if attacked[attack][0] not in REFUSED]
            self.results[name][variant]["enforced"] = {**found["load"][name], "attacks_through": through}


def parse():
    parser = argparse.ArgumentParser(prog="script/bench learn", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bindir", help=argparse.SUPPRESS)
    parser.add_argument("work", help=argparse.SUPPRESS)
    parser.add_argument("--suite", choices=SUITES, default="bookworm")
    parser.add_argument("--applications", type=lambda text: text.split(","), default=APPLICATIONS, metavar="A,B,...")
    parser.add_argument("--no-enforce", action="store_true", help="do not boot the VM that runs the profiles")
    parser.add_argument("--json", action="store_true", help="all figures, also which accesses are denied and allowed beyond")
    parser.add_argument("--keep", metavar="DIR", help="copy the profiles there")
    options = parser.parse_args()
    unknown = set(options.applications) - set(APPLICATIONS)
    if unknown:
        parser.error(f"no application {', '.join(sorted(unknown))}: there are {', '.join(APPLICATIONS)}")
    return options


def main():
    options = parse()
    bench = Bench(options, options.bindir, options.work)
    bench.record()
    bench.lay_node()
    bench.write_profiles()
    if options.keep:
        shutil.copytree(bench.work / "profiles", options.keep, dirs_exist_ok=True)
    bench.measure()
    if not options.no_enforce:
        bench.enforce()
    for rows in bench.results.values():
        for row in rows.values():
            row.pop("tree", None)
    if options.json:
        json.dump({"schema": "aakit/learn-bench/1", "suite": options.suite, "training_s": TRAINING, "held_out_s": HELD_OUT,
                   "applications": bench.results}, sys.stdout, indent=1)
    else:
        learn_table.write(bench.results)
    return 0


if __name__ == "__main__":
    sys.exit(main())
