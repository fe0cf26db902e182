# SPDX-License-Identifier: GPL-2.0-or-later
"""Random events at a watch of aa-register, on a recording of a node.

usage: replay.py NODE EVENTS SEED

NODE is a recording; the current directory becomes that of what is watched: a ConfigMap volume with a bundle, and a directory of
texts. The events are what may befall a watch in days: generations good and bad, drift of each kind, SIGHUP, paths that are renamed,
vanish and come back, a store that is lost, texts that are lost, more files than inotify's queue holds. Memory, descriptors
and threads of the process are taken throughout, after a quarter of the events. Prints "NAME EARLY LATE" of the least of each (what a leak raises) in
the second quarter and in the last, and of the events; the exit code is 1 where the watch ended, or does not come to hold what
is wanted in the end.
"""

import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import time

NAMES = ("k8s-web", "k8s-db", "k8s-cache")
GENERATIONS = 4


def text(name, rule, flags=""):
    return f"abi <abi/3.0>,\nprofile {name} {flags} {{\n  {rule} r,\n}}\n"


class Replay:
    def __init__(self, node, seed):
        self.node, self.dice, self.number = node, random.Random(seed), 0
        self.profiles = node / "sys/kernel/security/apparmor/policy/profiles"
        self.volume, self.texts = pathlib.Path("volume"), pathlib.Path("texts")
        self.paths = [str(self.volume / "bundle"), str(self.texts)]
        self.made = [self.build(i) for i in range(GENERATIONS)]
        self.bad = self.spoil(self.made[0])
        self.volume.mkdir()
        self.texts.mkdir()
        self.swap(self.made[0])
        os.symlink("..data/bundle", self.volume / "bundle")
        self.put_text("/begin")
        self.log = open("log", "w", encoding="ascii")  # pylint: disable=consider-using-with
        self.process = subprocess.Popen(["aa-register", "watch", "-q", "--root", node, "--json", "--settle", "20", *self.paths],
                                        stdout=self.log, stderr=subprocess.DEVNULL)
        self.wait_for("generation")

    # --- what is watched

    def build(self, number):
        source, bundle = pathlib.Path(f"source-{number}"), pathlib.Path(f"made-{number}")
        source.mkdir()
        for name in NAMES:
            (source / name).write_text(text(name, f"/generation-{number}"))
        subprocess.run(["aa-compile", "-q", "--root", self.node, source, "-o", bundle], check=True, stdout=subprocess.DEVNULL)
        return bundle

    @staticmethod
    def spoil(good):
        """Three generations that are none: a blob cut off, a manifest that is no YAML, nothing at all."""
        bad = [pathlib.Path(f"bad-{i}") for i in range(3)]
        for one in bad:
            shutil.copytree(good, one)
        blob = next(path for path in bad[0].rglob("k8s-web") if path.parent.name != "text")
        blob.write_bytes(blob.read_bytes()[:-20])
        (bad[1] / "manifest.yaml").write_text("}{")
        shutil.rmtree(bad[2])
        bad[2].mkdir()
        return bad

    def swap(self, bundle):
        """The next generation of the volume, by the calls that a kubelet makes."""
        self.number += 1
        data, link = self.volume / f"..2026_{self.number}", self.volume / "..data"
        old = os.readlink(link) if link.is_symlink() else None
        data.mkdir()
        shutil.copytree(bundle, data / "bundle")
        os.symlink(data.name, self.volume / "..data_tmp")
        os.rename(self.volume / "..data_tmp", link)
        if old:
            shutil.rmtree(self.volume / old)

    def put_text(self, rule):
        (self.texts / ".new").write_text(text("k8s-text", rule))
        (self.texts / ".new").rename(self.texts / "text")

    # --- what happens

    def loaded(self, *file):
        """The recorded directories of profiles, or a file in one that was chosen."""
        try:
            all_of = sorted(self.profiles.iterdir())
        except FileNotFoundError:
            all_of = []  # it is being replaced
        return self.dice.choice(all_of).joinpath(*file) if all_of else None

    def unload(self):
        one = self.loaded()
        if one is not None:
            shutil.rmtree(one, ignore_errors=True)

    def unload_all(self):
        for one in list(self.profiles.iterdir()):
            shutil.rmtree(one, ignore_errors=True)

    def alter(self, file, content):
        path = self.loaded(file)
        try:
            path.with_name(".new").write_text(content)
            path.with_name(".new").rename(path)
        except (FileNotFoundError, AttributeError):
            pass  # the watch has put another one there

    def add_foreign(self):
        one = self.profiles / f"foreign.{self.dice.randrange(5)}"
        if one.exists():
            shutil.rmtree(one, ignore_errors=True)
        else:
            try:
                one.mkdir(parents=True)
                (one / "name").write_text("foreign\n")
                (one / "mode").write_text("enforce\n")
            except FileNotFoundError:
                pass  # the watch has put others there

    def rename_and_back(self, path):
        away = path.with_name(f"{path.name}-away")
        path.rename(away)
        time.sleep(self.dice.random() / 10)
        away.rename(path)

    def replace_texts(self):
        shutil.copytree(self.texts, "texts-new")
        self.texts.rename("texts-old")
        pathlib.Path("texts-new").rename(self.texts)
        shutil.rmtree("texts-old")

    def bad_text(self):
        (self.texts / "text").write_text("profile k8s-text {\n  nonsense\n")
        time.sleep(self.dice.random() / 5)
        self.put_text("/mended")

    def bad_generation(self):
        self.swap(self.dice.choice(self.bad))
        time.sleep(self.dice.random() / 5)
        self.swap(self.dice.choice(self.made))

    def flood(self):
        """More events than the queue holds, while nobody takes them."""
        self.process.send_signal(signal.SIGSTOP)
        for i in range(17000):
            (self.texts / f".flood{i % 2}").write_bytes(b"")
        self.process.send_signal(signal.SIGCONT)

    def happen(self):
        events = {
            lambda: self.swap(self.dice.choice(self.made)): 20,
            self.bad_generation: 5,
            lambda: self.put_text(f"/{self.dice.random()}"): 5,
            self.bad_text: 3,
            self.unload: 20,
            self.unload_all: 3,
            lambda: self.alter("mode", "complain\n"): 10,
            lambda: self.alter("sha256", f"{0:064}\n"): 10,
            self.add_foreign: 5,
            lambda: self.process.send_signal(signal.SIGHUP): 10,
            lambda: self.rename_and_back(self.volume): 3,
            lambda: self.rename_and_back(self.texts): 3,
            self.replace_texts: 3,
            lambda: (self.node / "var/lib/aakit/registered.yaml").unlink(missing_ok=True): 2,
            lambda: shutil.rmtree(self.node / "etc/apparmor.d", ignore_errors=True): 2,
        }
        self.dice.choices(list(events), list(events.values()))[0]()

    # --- what is seen

    def wait_for(self, what, seconds=60):
        end = time.monotonic() + seconds
        while f'"event":"{what}"' not in pathlib.Path("log").read_text():
            if time.monotonic() > end or self.process.poll() is not None:
                sys.exit(f"no {what}")
            time.sleep(0.05)

    def sizes(self):
        proc = pathlib.Path(f"/proc/{self.process.pid}")
        status = proc.joinpath("status").read_text()
        number = {key: int(status.partition(f"{key}:")[2].split()[0]) for key in ("VmRSS", "Threads")}
        return {"memory-KiB": number["VmRSS"], "descriptors": len(list((proc / "fd").iterdir())), "threads": number["Threads"]}

    def run(self, events):
        samples = []
        for i in range(events):
            self.happen()
            if i % max(events // 4, 1000) == 0:
                self.flood()
            time.sleep(self.dice.random() * 0.1)
            if self.process.poll() is not None:
                sys.exit(f"the watch ended with {self.process.returncode} at event {i}")
            samples.append(self.sizes())
        early, late = samples[events // 4:events // 2], samples[-(events // 4):]
        for key in samples[0]:
            print(key, min(one[key] for one in early), min(one[key] for one in late))

    def end(self):
        """All is good in the end, and comes to be held."""
        self.put_text("/end")
        self.swap(self.made[1])
        end = time.monotonic() + 120
        check = ["aa-register", "diff", "-q", "--root", self.node, *self.paths]
        while subprocess.run(check, check=False, capture_output=True).returncode != 0:
            if time.monotonic() > end:
                sys.exit(subprocess.run(check, check=False, capture_output=True, text=True).stdout)
            time.sleep(0.1)
        self.process.terminate()
        code = self.process.wait(60)
        self.log.close()
        said = pathlib.Path("log").read_text()
        for kind in ("generation", "drift", "failed"):
            print(f"told-{kind}", said.count(f'"event":"{kind}"'))
        return code


def main():
    replay = Replay(pathlib.Path(sys.argv[1]).resolve(), int(sys.argv[3]))
    try:
        replay.run(int(sys.argv[2]))
        return replay.end()
    finally:
        replay.process.kill()


if __name__ == "__main__":
    sys.exit(main())
