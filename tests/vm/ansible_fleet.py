# SPDX-License-Identifier: GPL-2.0-or-later
"""What a user's playbooks do to three nodes, judged by what the nodes say: ansible_fleet.py first|second SUITE, in the controller's root."""
import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import time

from tap import Tap

JOB = pathlib.Path("/job")
PROFILES = ["k8s-web", "k8s-cache"] + [f"k8s-app-{number}" for number in range(8)]
CORE = {"bookworm": "2.14", "trixie": "2.19"}
KERNEL = "/sys/kernel/security/apparmor"
LIMIT = 400

CONFIG = """[defaults]
inventory = hosts
collections_path = /collections
host_key_checking = true
nocows = true
retry_files_enabled = false
[connection]
pipelining = true
[ssh_connection]
ssh_args = -o ControlMaster=auto -o ControlPersist=300s -o ServerAliveInterval=5 -o ServerAliveCountMax=3
"""

SITE = """- name: Profiles on every node
  hosts: all
  gather_facts: false
  roles:
    - role: aakit.aakit.aa_register
      vars:
        aa_register_profiles:
          - "{{ playbook_dir }}/profiles"
"""

ROLLING = """- name: One node after the other
  hosts: all
  serial: 1
  gather_facts: false
  pre_tasks:
    - name: Wait for a word
      ansible.builtin.wait_for:
        path: /job/go
        timeout: 120
      delegate_to: localhost
  roles:
    - role: aakit.aakit.aa_register
      vars:
        aa_register_profiles:
          - "{{ playbook_dir }}/profiles"
"""

ABSENT = """- name: A profile goes
  hosts: all
  gather_facts: false
  tasks:
    - name: Unload it
      aakit.aakit.aa_register:
        state: absent
        names: [k8s-cache]
"""

BUNDLE = """- name: A bundle that was built before
  hosts: all
  gather_facts: false
  roles:
    - role: aakit.aakit.aa_register
      vars:
        aa_register_bundle: "{{ playbook_dir }}/corrupt"
"""

LEARN = """- name: Learn
  hosts: one two
  gather_facts: false
  roles:
    - role: aakit.aakit.aa_learn
      vars:
        aa_learn_label: k8s-job
        aa_learn_until_stable: 0
"""

PLAIN = """- name: The same without aakit
  hosts: all
  gather_facts: false
  tasks:
    - name: Copy the profiles
      ansible.builtin.copy:
        src: "{{ playbook_dir }}/plain/"
        dest: /etc/apparmor.d/
        mode: "0644"
      notify: Load them
  handlers:
    - name: Load them
      ansible.builtin.command:
        argv: "{{ ['apparmor_parser', '-r'] + (query('fileglob', playbook_dir ~ '/plain/*') | map('basename')
                  | map('regex_replace', '^', '/etc/apparmor.d/') | list) }}"
      changed_when: true
"""


# A node without apparmor_parser, whose repository has the package apparmor: made of what the node had.
WITHOUT_PARSER = """set -e
mkdir -p /srv/repo/tree/DEBIAN
cd /srv/repo
dpkg -L apparmor | while read -r file; do [ -d "$file" ] || echo "$file"; done | tar -C / -c -T - | tar -C tree -x
version=$(dpkg-query -W -f '${Version}' apparmor)
printf 'Package: apparmor\nVersion: %s\nArchitecture: amd64\nMaintainer: nobody <nobody@localhost>\nDescription: AppArmor\n' "$version" > tree/DEBIAN/control
dpkg-deb --root-owner-group -Znone -b tree apparmor.deb > /dev/null
{ cat tree/DEBIAN/control; echo 'Filename: ./apparmor.deb'; echo "Size: $(stat -c %s apparmor.deb)"; echo "SHA256: $(sha256sum < apparmor.deb | cut -d ' ' -f 1)"; } > Packages
echo 'deb [trusted=yes] file:/srv/repo ./' > /etc/apt/sources.list
rm -f /etc/apt/sources.list.d/*
dpkg --force-depends --purge apparmor > /dev/null 2>&1
apt-get -qq update > /dev/null 2>&1
test ! -e /sbin/apparmor_parser && echo gone"""


def text_of(name, extra="", mode=""):
    return f"abi <abi/3.0>,\nprofile {name} flags=(attach_disconnected{mode}) {{\n  file,\n  network,\n  signal,\n  deny /secret/{name}/** w,\n{extra}}}\n"


class Node:
    def __init__(self, name, port):
        self.name, self.port = name, port

    def ssh(self, command, seconds=60):
        """What a command of the node prints; None where it cannot be asked."""
        try:
            done = subprocess.run(["ssh", "-F", "/job/ssh_config", self.name, command], capture_output=True, text=True, timeout=seconds, check=False)
        except subprocess.TimeoutExpired:
            return None
        return done.stdout if done.returncode == 0 else None

    def wait(self, seconds=300):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if (self.ssh("systemctl is-active multi-user.target", 30) or "").strip() == "active":
                return True
            time.sleep(1)
        return False

    def monitor(self, *words):
        """Tells QEMU something."""
        with socket.socket(socket.AF_UNIX) as monitor:
            monitor.settimeout(20)
            monitor.connect(f"/job/{self.name}.monitor")
            for word in words:
                monitor.sendall(word.encode() + b"\n")
                end = time.monotonic() + 20
                seen = b""
                while b"(qemu) " not in seen and time.monotonic() < end:
                    seen += monitor.recv(4096)

    def revision(self):
        return self.ssh(f"head -n 1 {KERNEL}/revision")

    def profiles(self):
        return sorted(line for line in (self.ssh(f"cat {KERNEL}/profiles") or "").splitlines() if line.startswith("k8s-"))

    def files(self):
        """Digests of all that a run could write, but for logs and what belongs to connections."""
        return self.ssh("find /etc /usr /var/lib/aakit /var/lib/kubelet /var/lib/aakit-learn -type f 2>/dev/null | sort | xargs sha256sum | sha256sum", 200)


class Run:
    """A playbook that ran: its exit code, what it printed, and what became of each node."""

    fleet = 0  # how many nodes there are

    def __init__(self, name, *words):
        self.name = name
        self.begin = time.monotonic()
        self.log = JOB / "results" / f"{name}.log"
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(["ansible-playbook", *words], cwd=JOB, stdout=log, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)

    def done(self):
        self.code = self.process.wait(LIMIT)
        self.seconds = time.monotonic() - self.begin
        self.text = self.log.read_text(encoding="utf-8")
        self.recap = {}
        for host, counts in re.findall(r"^(\S+) +: (ok=.*)$", self.text, re.M):
            self.recap[host] = {key: int(value) for key, value in re.findall(r"(\w+)=(\d+)", counts)}
        return self

    def has(self, **wanted):
        """Whether these are the counts of all nodes."""
        return len(self.recap) == self.fleet and all(counts[key] == value for counts in self.recap.values() for key, value in wanted.items())

    def tell(self):
        return [f"{self.name}: exit code {self.code} after {self.seconds:.0f} s", *[f"{host}: {counts}" for host, counts in sorted(self.recap.items())]]


def play(name, *words):
    return Run(name, *words).done()


class Fleet:
    def __init__(self, suite):
        self.tap, self.suite = Tap(), suite
        self.nodes = []
        key = (JOB / "host_key").read_text(encoding="utf-8").strip()
        for line in (JOB / "nodes").read_text(encoding="utf-8").splitlines():
            name, port, _ = line.split()
            self.nodes.append(Node(name, int(port)))
        Run.fleet = len(self.nodes)
        hosts = [f"{node.name} ansible_host=127.0.0.1 ansible_port={node.port} ansible_user=root" for node in self.nodes]
        options = "ansible_ssh_private_key_file=/job/key\nansible_python_interpreter=/usr/bin/python3\n"
        options += "ansible_ssh_common_args='-o UserKnownHostsFile=/job/known_hosts -o StrictHostKeyChecking=yes'\n"
        self.write("hosts", "\n".join(hosts) + "\n[all:vars]\n" + options)
        self.write("known_hosts", "".join(f"[127.0.0.1]:{node.port} {key}\n" for node in self.nodes))
        common = "  HostName 127.0.0.1\n  User root\n  IdentityFile /job/key\n  UserKnownHostsFile /job/known_hosts\n  ConnectTimeout 20\n  BatchMode yes\n"
        self.write("ssh_config", "".join(f"Host {node.name}\n  Port {node.port}\n{common}" for node in self.nodes))
        self.write("ansible.cfg", CONFIG)
        for name, text in (("site", SITE), ("rolling", ROLLING), ("absent", ABSENT), ("bundle", BUNDLE), ("learn", LEARN), ("plain", PLAIN)):
            self.write(f"{name}.yml", text)

    def write(self, name, text):
        path = JOB / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def check(self, name, passed, run=None, *more):
        return self.tap.check(name, passed, *([run.tell()] if run else []), *more)

    def all(self, ask):
        return [ask(node) for node in self.nodes]

    # --- the parts of the scenario

    def prepare(self):
        for name in PROFILES:
            self.write(f"profiles/{name}", text_of(name))
            self.write(f"plain/{name.replace('k8s', 'plain')}", text_of(name.replace("k8s", "plain")))
        up = self.all(lambda node: node.wait())
        self.check("the nodes are up", all(up), None, str(up))
        version = subprocess.run(["ansible", "--version"], cwd=JOB, capture_output=True, text=True, check=False).stdout.splitlines()[0]
        self.check(f"the controller has ansible-core {CORE[self.suite]}", CORE[self.suite] in version, None, version)
        kernels = self.all(lambda node: (node.ssh("uname -r") or "").strip())
        self.check("the nodes have both kernels", {kernel[:4] for kernel in kernels} == {"6.1.", "6.12"}, None, str(kernels))
        for module in ("aa_register", "aa_register_info", "aa_compile"):
            told = subprocess.run(["ansible-doc", f"aakit.aakit.{module}"], cwd=JOB, capture_output=True, text=True, check=False)
            self.check(f"ansible-doc tells of {module}", told.returncode == 0 and "EXAMPLES" in told.stdout and not told.stderr, None, told.stderr[-600:])
        self.check("playbooks pass --syntax-check", play("syntax", "--syntax-check", "site.yml", "rolling.yml", "learn.yml").code == 0)

    def runtimes(self):
        return self.all(lambda node: node.ssh("systemctl show -p MainPID --value containerd"))

    def fresh(self):
        gone = self.nodes[-1].ssh(WITHOUT_PARSER, 200)
        self.check("the third node has no apparmor_parser", gone == "gone\n", None, str(gone))
        before = self.runtimes()
        run = play("fresh-check", "--check", "-e", "aa_register_deb=/job/aakit.deb", "site.yml")
        self.check("--check on fresh nodes does not fail", run.code == 0, run)
        self.check("and installs nothing", self.all(lambda node: node.ssh("test ! -e /usr/sbin/aa-register && echo none")) == ["none\n"] * Run.fleet)
        run = play("install", "-e", "aa_register_deb=/job/aakit.deb", "site.yml")
        self.check("fresh nodes: installed and registered", run.code == 0 and run.has(failed=0, unreachable=0), run)
        after = self.runtimes()
        told = str([before, after])
        self.check("containerd runs on, where it had its apparmor_parser", before[:-1] == after[:-1] and None not in before and "0\n" not in before, None, told)
        self.check("and was restarted where that came now", before[-1] != after[-1] and after[-1] != "0\n", None, told)
        wanted = [f"{name} (enforce)" for name in sorted(PROFILES)]
        self.check("every kernel holds every profile", self.all(Node.profiles) == [wanted] * Run.fleet, None, str(self.nodes[0].profiles()))
        built = sorted(path.name for path in (JOB / ".aakit").iterdir() if path.is_dir())
        self.check("compiled once for each of two feature sets", len(built) == 2, None, str(built))
        clean = self.all(lambda node: node.ssh("aa-register status -q && systemctl is-active aa-register"))
        self.check("aa-register agrees, and its service runs", all(text and text.endswith("active\n") for text in clean), None, str(clean))

    def again(self):
        before = self.all(Node.revision)
        run = play("again", "site.yml")
        self.check("second run: nothing changed", run.code == 0 and run.has(changed=0, failed=0, unreachable=0), run)
        self.check("the policies' revisions did not move", None not in before and self.all(Node.revision) == before, None, str(before))

    def change(self):
        self.write("profiles/k8s-web", text_of("k8s-web", "  deny /srv/www/new/** w,\n"))
        before = self.all(lambda node: (node.revision(), node.files()))
        run = play("check-diff", "--check", "--diff", "site.yml")
        lines = run.text.count("\n+  deny /srv/www/new/** w,\n")
        self.check("--check --diff tells of a change on each node", run.code == 0 and run.has(changed=1), run)
        self.check("and shows the rule that would be new, and nothing else", lines == Run.fleet and len(re.findall(r"^[+-](?![+-])", run.text, re.M)) == Run.fleet)
        self.check("and writes nothing", before == self.all(lambda node: (node.revision(), node.files())), None, str(before))
        run = play("change", "site.yml")
        self.check("one profile is changed", run.code == 0 and run.has(changed=1, failed=0), run)
        texts = self.all(lambda node: node.ssh("cmp /etc/apparmor.d/k8s-web /etc/aakit/profiles/text/k8s-web && grep -c srv/www /etc/apparmor.d/k8s-web"))
        self.check("its text is everywhere", texts == ["1\n"] * Run.fleet, None, str(texts))

    def worn(self):
        wear = "systemd-run -q --unit=wearer aa-exec -p k8s-cache -- sleep 1500"
        self.all(lambda node: node.ssh(wear))
        worn = self.all(lambda node: node.ssh("cat /proc/$(systemctl show -p MainPID --value wearer)/attr/current"))
        self.check("a task wears k8s-cache on each node", worn == ["k8s-cache (enforce)\n"] * Run.fleet, None, str(worn))
        run = play("absent-check", "--check", "absent.yml")
        self.check("removing it is refused in check mode", run.code == 2 and run.has(failed=1), run)
        run = play("absent", "absent.yml")
        self.check("removing it is refused", run.code == 2 and run.has(failed=1, changed=0), run)
        self.check("and the tasks are named", run.text.count('"comm": "sleep"') >= Run.fleet)
        (JOB / "profiles/k8s-cache").unlink()
        run = play("pruned-worn", "-e", "aa_register_state=pruned", "site.yml")
        self.check("pruned: it stays, which is a warning", run.code == 0 and run.has(failed=0)
                   and all(f"{node.name}: not unloaded, since tasks wear it: k8s-cache" in run.text for node in self.nodes), run)
        self.check("it is still in every kernel", all("k8s-cache (enforce)" in found for found in self.all(Node.profiles)))
        self.all(lambda node: node.ssh("systemctl stop wearer"))
        run = play("pruned", "-e", "aa_register_state=pruned", "site.yml")
        self.check("pruned once nobody wears it", run.code == 0 and run.has(changed=1, failed=0), run)
        self.check("it is in no kernel", not any("k8s-cache (enforce)" in found for found in self.all(Node.profiles)))

    def corrupt(self):
        sets = sorted((JOB / ".aakit").glob("*/*/.features"))
        subprocess.run(["aa-compile", "-q", "profiles", "-o", "corrupt", *[f"--features={path}" for path in sets]], cwd=JOB, check=True, stdout=subprocess.DEVNULL)
        for blob in (JOB / "corrupt").glob("*/k8s-web"):
            if blob.parent.name != "text":
                content = bytearray(blob.read_bytes())
                content[len(content) // 2] ^= 0x55
                blob.write_bytes(content)
        before = self.all(Node.revision)
        run = play("corrupt", "bundle.yml")
        self.check("a corrupt bundle fails on every node", run.code == 2 and run.has(failed=1, changed=0), run)
        self.check("it is said why", len(re.findall(r"^fatal: .*k8s-web.*truncated or altered", run.text, re.M)) == Run.fleet, run)
        self.check("no kernel saw it", None not in before and self.all(Node.revision) == before, None, str(before))

    def remove_unknown(self):
        held = self.all(Node.profiles)
        self.all(lambda node: node.ssh("aa-remove-unknown", 120))
        self.check("aa-remove-unknown unloads nothing of it", held == self.all(Node.profiles) and held[0] != [])
        run = play("after-remove-unknown", "site.yml")
        self.check("and the next run has nothing to do", run.code == 0 and run.has(changed=0, failed=0), run)

    def reboot(self):
        one = self.nodes[0]
        self.write("profiles/k8s-web", text_of("k8s-web", "  deny /srv/www/next/** w,\n"))
        run = Run("rolling-reboot", "rolling.yml")
        end = time.monotonic() + 120
        while "Wait for a word" not in run.log.read_text(encoding="utf-8") and time.monotonic() < end:
            time.sleep(0.2)
        one.monitor("system_reset", "stop")
        self.write("go", "")
        run.done()
        self.check("a node that goes away in the middle is told", run.code != 0 and "unreachable=1" in run.text, None, run.tell())
        self.check("and the nodes after it are left alone", "one" in run.recap and "two" not in run.recap and "three" not in run.recap)
        one.monitor("cont")
        self.check("it comes back", one.wait())
        self.check("with its profiles", len(one.profiles()) == len(PROFILES) - 1, None, str(one.profiles()))
        run = play("rolling", "rolling.yml")
        self.check("the next rolling run brings all nodes there", run.code == 0 and run.has(changed=1, failed=0, unreachable=0), run)
        texts = self.all(lambda node: node.ssh("grep -c srv/www/next /etc/apparmor.d/k8s-web"))
        self.check("with the new text", texts == ["1\n"] * Run.fleet, None, str(texts))

    def off(self):
        three = self.nodes[2]
        self.check("the third node is up without AppArmor", three.wait() and three.ssh(f"test ! -e {KERNEL}/policy && echo off") == "off\n")
        run = play("off", "site.yml")
        counts = run.recap.get("three", {})
        self.check("a node without AppArmor fails, and says why", run.code == 2 and counts.get("failed") == 1 and "does not use AppArmor" in run.text, run)
        self.check("and the others go on", all(run.recap.get(name, {}).get("failed") == 0 for name in ("one", "two")))
        run = play("off-skip", "-e", "aa_register_without_apparmor=skip", "site.yml")
        self.check("or is skipped", run.code == 0 and run.has(failed=0, changed=0, unreachable=0), run)

    def learn(self):
        self.write("job/k8s-job", "abi <abi/3.0>,\nprofile k8s-job {\n  audit /** ix,\n}\n")
        words = ["-l", "one,two", "-e", '{"aa_register_profiles": ["/job/job"]}', "-e", "aa_register_dest=/etc/aakit/job"]
        run = play("learn-prepare", *words, "-e", "aa_register_mode=complain", "site.yml")
        loaded = [node.profiles() for node in self.nodes[:2]]
        self.check("a profile complains, whatever its text says", run.code == 0 and all("k8s-job (complain)" in found for found in loaded), run)
        run = play("learn-start", "-e", "aa_learn_step=start", "learn.yml")
        self.check("recordings are started", run.code == 0, run)
        time.sleep(3)
        for node, name in zip(self.nodes[:2], ("hostname", "os-release")):
            node.ssh(f"aa-exec -p k8s-job -- cat /etc/{name}")
        run = play("learn-collect", "-e", "aa_learn_step=collect", "learn.yml")
        self.check("and collected", run.code == 0, run)
        learned = JOB / "learned" / "k8s-job"
        text = learned.read_text(encoding="utf-8") if learned.exists() else ""
        self.check("the profile has what each node saw", "/etc/hostname r," in text and "os-release r," in text, None, text)
        shutil.rmtree(JOB / "job")
        self.write("job/k8s-job", text)
        run = play("learned", *words, "site.yml")
        loaded = [node.profiles() for node in self.nodes[:2]]
        self.check("it is registered, enforced", run.code == 0 and all("k8s-job (enforce)" in found for found in loaded), run)

    def measure(self):
        """Beside the plain way: the same number of profiles, on nodes that have none of them."""
        (JOB / "go").unlink(missing_ok=True)
        runs = [play("measured-again", "-l", "one,two", "site.yml")]
        runs += [play("plain-fresh", "-l", "one,two", "plain.yml"), play("plain-again", "-l", "one,two", "plain.yml")]
        self.write("profiles/k8s-web", text_of("k8s-web", "  deny /srv/www/last/** w,\n"))
        self.write("plain/plain-web", text_of("plain-web", "  deny /srv/www/last/** w,\n"))
        runs += [play("measured-change", "-l", "one,two", "site.yml"), play("plain-change", "-l", "one,two", "plain.yml")]
        self.check("both ways work", all(run.code == 0 for run in runs))
        for run in runs:
            tasks = max(counts["ok"] for counts in run.recap.values())
            self.tap.note(f"measured {run.name}: {run.seconds:.1f} s for {len(run.recap)} nodes, {tasks} tasks on a node")


PARTS = {
    "first": [Fleet.prepare, Fleet.fresh, Fleet.again, Fleet.change, Fleet.worn, Fleet.corrupt, Fleet.remove_unknown, Fleet.reboot],
    "second": [Fleet.measure, Fleet.learn, Fleet.off],
}


def main(part, suite):
    os.environ.update(ANSIBLE_NOCOLOR="1", ANSIBLE_CONFIG="/job/ansible.cfg", PYTHONDONTWRITEBYTECODE="1", ANSIBLE_LOCALHOST_WARNING="false")
    fleet = Fleet(suite)
    for step in PARTS[part]:
        try:
            step(fleet)
        except Exception:  # what is left of the scenario still says something
            fleet.tap.crash(step.__name__)
    return fleet.tap.finish()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
