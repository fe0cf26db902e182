# SPDX-License-Identifier: GPL-2.0-or-later
# aa-compile score as its users meet it: one profile, a bundle, thresholds, what nothing is claimed of, and what is refused.
# shellcheck shell=bash source=tests/cli/tap.sh
. "${AAKIT_SRCDIR:?}/tests/cli/tap.sh"
have_parser || skip_all 'apparmor_parser is not installed'

f61=$AAKIT_SRCDIR/profiles/features/debian-12-6.1
f612=$AAKIT_SRCDIR/profiles/features/debian-13-6.12
export AAKIT_APPARMOR_BASE=${AAKIT_APPARMOR_BASE:-/etc/apparmor.d}

mkdir texts
cat > texts/tight << 'END'
abi <abi/3.0>,
profile tight {
  /srv/** r,
  network inet stream,
}
END
cat > texts/wide << 'END'
abi <abi/3.0>,
profile wide {
  /** rw,
  /usr/bin/** ix,
  /opt/tool Ux,
  capability sys_admin,
  profile kid {
    /k r,
  }
}
END
cat > texts/learning << 'END'
abi <abi/3.0>,
profile learning flags=(complain) {
  /srv/** r,
}
END

# line MARK ID: the line of the report for an entry.
line() { grep -qE "^$1 +([0-9.]+ +)?$2 " out; }

ok 'one profile' gives 0 aa-compile score --features "$f61" texts/tight
ok 'what it leaves open' line X internet
ok 'what it does not' line '\+' mount
ok 'what the kernel does not mediate' line ' ' user-namespaces
ok 'and why nothing is claimed' out_has 'make user namespaces (the kernel does not mediate it)'
ok 'its score' grep -qxE ' +0\.1  tight       tight' out
ok "beside containerd's default profile" grep -qxE " +7\.9  exposed     containerd's default profile" out
ok 'and an unconfined pod' grep -qxE ' +10\.0  unconfined  an unconfined pod' out
ok 'no question without -v' test -z "$(grep -F 'network inet' out)"
ok 'with -v' gives 0 aa-compile score -v --features "$f61" texts/tight
ok 'the question that decided' grep -qx ' *network inet stream create,connect' out
question=$(sed -n 's/^ *\(network inet .*\)/\1/p' out)
# shellcheck disable=SC2086  # words of a question
ok 'which query takes' gives 0 aa-compile query --features "$f61" texts/tight tight $question
ok 'no colour where there is no terminal' test -z "$(grep -F $'\033' out)"
ok 'colour that is asked for' gives 0 aa-compile score --color=always --features "$f61" texts/tight
ok 'is there' out_has $'\033[31m'
ok 'a kernel that mediates more' gives 0 aa-compile score --features "$f612" texts/tight
ok 'and an abi that does not' out_has 'make user namespaces (the policy does not mediate it: name a newer abi)'
LC_ALL=C.UTF-8 ok 'marks where the locale has them' gives 0 env LC_ALL=C.UTF-8 aa-compile score --features "$f61" texts/tight
ok 'are there' line '✗' internet

ok 'a directory' gives 0 aa-compile score --features "$f61" texts
ok 'has a line for each profile, and each child' test "$(grep -cE '^ +[0-9.]+ ' out)" = 6
ok 'one that is not enforced counts as unconfined' grep -qE '^ +10\.0  unconfined  complain    learning ' out
ok 'and that is said' err_has 'not enforced counts as unconfined'
ok 'the child' grep -qE '^ +0\.0  tight       enforce     wide//kid ' out
ok 'highest and mean' grep -qxE 'highest 10\.0, mean [0-9.]+ of 4' out
ok 'what it were if it was enforced' gives 0 aa-compile score --features "$f61" texts/learning
ok 'is told' grep -qxE ' +0\.0  tight       were it enforced' out

ok 'a threshold that is kept' gives 0 aa-compile score --threshold 0.1 --features "$f61" texts/tight
ok 'and one that is not' gives 3 aa-compile score --threshold 0 --features "$f61" texts/tight
ok 'the report is the same' line X internet
ok 'one profile of several' gives 0 aa-compile score --threshold 1 --profile wide//kid --features "$f61" texts

ok 'JSON' gives 3 aa-compile score --json --threshold 4.5 --features "$f61" texts
cat > facts.py << 'END'
import json, sys
a = json.load(open(sys.argv[1]))
of = {p["name"]: p for p in a["profiles"]}
lines = {name: {line["id"]: line for line in p["lines"]} for name, p in of.items()}
print(a["schema"], a["threshold"], a["highest"], sorted(of))
print(of["learning"]["score"], of["learning"]["by_rules"], of["learning"]["mode"], of["learning"]["verdict"])
print(of["tight"]["references"], of["tight"]["policy"], len(of["tight"]["features"]))
wide = lines["wide"]
print(wide["exec-unconfined"]["question"], wide["exec-unconfined"]["name"], wide["sys-admin"]["result"])
print(wide["exec-written"]["result"], wide["exec-written"]["question"], wide["user-namespaces"]["result"], wide["mount"]["result"])
claimed = [line for line in wide.values() if line["result"] != "not-claimed"]
allowed = [line for line in claimed if line["result"] in ("allowed", "unmediated")]
sums = [sum(line["weight"] for line in some) for some in (allowed, claimed)]
print(of["wide"]["sum"] == -(-100 * sums[0] // sums[1]) / 10, of["wide"]["score"])
print(lines["wide"]["exec-unconfined"]["least"], lines["wide"]["write-anything"]["least"], "least" in lines["wide"]["shell"])
END
python3 facts.py out > facts
cat > wanted << 'END'
aakit/score/1 4.5 10.0 ['learning', 'tight', 'wide', 'wide//kid']
10.0 0.0 complain unconfined
{'containerd': 7.9, 'unconfined': 10.0} texts/tight 12
unconfined owner /opt/tool allowed
allowed below / wx owner not-claimed denied
True 9.5
9.5 7.1 False
END
ok 'has every part' diff wanted facts
ok 'numbers as the text says them' grep -qE '"containerd" : 7\.9,?$' out

# What is denied is worth little where the profile can be left.
mkdir leaving
cat > leaving/leaves << 'END'
abi <abi/3.0>,
profile leaves {
  /bin/ping Ux,
}
END
ok 'one program without confinement' gives 0 aa-compile score --features "$f61" leaving
ok 'scores near an unconfined pod' grep -qxE ' +9\.5  exposed     leaves' out
ok 'and says why' out_has 'run a program without confinement (a score of 9.5 at least)'

aa-compile texts -o bundle --features "$f61" --features "$f612" > /dev/null 2>&1
ok 'a bundle' gives 0 aa-compile score bundle
ok 'is scored for each feature set' test "$(grep -cE ' +enforce +tight ' out)" = 2
ok "with the references of each" test "$(grep -cF "(containerd's default)" out)" = 2
ok 'or for one' gives 0 aa-compile score bundle --features "$f612" --profile tight
ok 'as a text is' line X user-namespaces
ok 'several policies at once' gives 0 aa-compile score bundle texts/wide --features "$f612"
ok 'are all scored' grep -q ' of 6$' out
id61=$(aa-compile features --json "$f61" | sed -n 's/.*"id" : "\(.*\)".*/\1/p')
ok 'a compiled file' gives 0 aa-compile score "bundle/$id61/tight"
ok 'of an unknown kernel' err_has 'for which kernel a compiled file is cannot be told'
ok 'allows what it does not mediate' line X user-namespaces
ok 'a compiled file of a named kernel' gives 0 aa-compile score --features "$f61" "bundle/$id61/tight"
ok 'does not' line ' ' user-namespaces

# What is learned stands for the profile that comes of it.
state=$(find "$AAKIT_SRCDIR/tests/cases/web/expected/files" -name '*.learned.yaml')
ok 'a learned state' gives 0 aa-compile score --features "$f61" "$state"
sed 1d out > scored
ok 'as the text of it' gives 0 aa-compile score --features "$f61" "${state%.learned.yaml}"
ok 'scores' diff scored <(sed 1d out)
ok 'is asked' gives 3 aa-compile query --features "$f61" "$state" k8s-web file /etc/shadow r

# The table, and the weights that it gives.
if python3 -c 'import jsonschema, yaml' 2> /dev/null; then
  python3 - "$AAKIT_SRCDIR/profiles" > facts 2>&1 << 'END'
import json, pathlib, sys, jsonschema, yaml
folder = pathlib.Path(sys.argv[1])
schema = json.loads((folder / "schema/exposure-1.json").read_text())
jsonschema.Draft202012Validator.check_schema(schema)
jsonschema.Draft202012Validator(schema).validate(yaml.safe_load((folder / "exposure.yaml").read_text()))
print("fits")
END
  ok 'the table fits its schema' test "$(cat facts)" = fits
fi

# A terminal.
cat > terminal.py << 'END'
import fcntl, os, pty, struct, sys, termios
pid, fd = pty.fork()
if pid == 0:
    fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 40, 0, 0))
    os.execvp(sys.argv[1], sys.argv[1:])
out = b""
while True:
    try:
        data = os.read(fd, 65536)
    except OSError:
        break
    if not data:
        break
    out += data
sys.stdout.buffer.write(out.replace(b"\r\n", b"\n"))
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
END
ok 'a narrow terminal' gives 0 env TERM=xterm python3 terminal.py aa-compile score --features "$f61" texts/tight
sed 's/\x1b\[[0-9;]*m//g' out > plain
ok 'has no longer lines' test "$(awk '{ if (length($0) > n) n = length($0) } END { print n }' plain)" -le 40
ok 'and colour' out_has $'\033[32m'
ok 'unless NO_COLOR is set' gives 0 env TERM=xterm NO_COLOR=1 python3 terminal.py aa-compile score --features "$f61" texts/tight
ok 'which it heeds' test -z "$(grep -F $'\033[3' out)"

# Refusals.
ok 'no policy: usage' gives 2 aa-compile score
ok 'a threshold that is none: usage' gives 2 aa-compile score --threshold 11 texts/tight
ok 'no such profile' gives 1 aa-compile score --features "$f61" --profile nobody texts
ok 'with its name' err_has 'no profile "nobody"'
ok 'no such file' gives 1 aa-compile score --features "$f61" nothing
ok 'a text and no feature set' gives 4 aa-compile score --root "$scratch/nowhere" texts/tight
printf 'profile x {\n' > bad
ok 'a text that does not compile' gives 5 aa-compile score --features "$f61" bad
mkdir mixed
cp texts/tight texts/wide mixed
cp bad mixed/bad
head -c 2000 "bundle/$id61/wide" > mixed/damaged
ok 'among others' gives 5 aa-compile score --features "$f61" mixed
ok 'is told' err_has 'mixed/bad:'
ok 'as what is damaged is' err_has 'mixed/damaged'
ok 'and the others are scored' grep -qE ' enforce +tight ' out
ok 'all of them' grep -q ' of 3$' out
ok 'as JSON' gives 5 aa-compile score --json --threshold 0 --features "$f61" mixed
ok 'which is a whole document' python3 -c 'import json; assert len(json.load(open("out"))["profiles"]) == 3'
head -c 3000 "bundle/$id61/wide" > damaged
ok 'a damaged file' gives 5 aa-compile score damaged
sed -i 's/.*/&x/' "bundle/$id61/.features"
ok 'a damaged bundle' gives 5 aa-compile score bundle
finish
