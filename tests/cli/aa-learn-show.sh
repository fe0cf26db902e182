# SPDX-License-Identifier: GPL-2.0-or-later
# aa-learn show: what rules rest on, how complete a state is, and that no name of a state reaches the terminal as it is.
# shellcheck source=tests/cli/refusals.sh
. "${AAKIT_SRCDIR:?}/tests/cli/refusals.sh"
cases=$AAKIT_SRCDIR/tests/cases
web=$cases/web/expected/files/k8s-web.learned.yaml
odd=$cases/odd/expected/files/k8s-odd.learned.yaml

# json EXPRESSION: the document in $scratch/out, as d, makes it true.
json() {
  python3 -c 'import json, sys; d = json.load(open(sys.argv[1])); sys.exit(not eval(sys.argv[2]))' "$scratch/out" "$1"
}

# why REGEX NAME ARGS...: show with ARGS succeeds, and prints a line that is REGEX.
why() {
  local regex=$1 name=$2
  shift 2
  run aa-learn show "$@"
  [ "$rc" = 0 ] && grep -qxE -- "$regex" "$scratch/out"
  result $? "$name"
}

why '/var/lib/nginx/body/\[0-9\]\* rw,' 'a path is explained by the rule that matches it' --why /var/lib/nginx/body/0000000009 "$web"
why ' +/var/lib/nginx/body/0000000001 rwcd  # .* events, 1 run, .*' 'with what it stands for' --why /var/lib/nginx/body/0000000009 "$web"
why '  active: counter: 4 files, 12 events, 1 run' 'the text of a rule, with its comment' \
  --why '  /var/lib/nginx/body/[0-9]* rw,  # counter: 4 files' "$web"
why '  review: password hashes \[password-hashes\]; 1 file, 1 event, 1 run' 'a rule for review' --why '#/etc/shadow r,' "$odd"
why '  unwritable: the path is disconnected.*' 'what no rule can say' --why disconnected/path "$odd"
why '  active: 1 file, .*' 'a rule of a hostile name' --why '"/tmp/esc\033\[31mred" r,' "$odd"
why '    /tmp/esc\\x1b\[31mred r  # .*' 'a path of hostile bytes' --why $'/tmp/esc\e[31mred' "$odd"
why 'k8s-web:' 'of several states those that have it' --why /etc/passwd "$odd" "$web"
! out_has 'k8s-odd:'
result $? 'and no other'
why '  the pass "content" widened it.*' 'the pass that widened it' --why /var/www/html/never-seen.html "$web"
refuses 1 "no rule is '/var/www/html/x.php'" 'a path that no rule matches' aa-learn show --why /var/www/html/x.php "$web"
refuses 1 "no rule is '\\\\x1b'" 'a question of control characters' aa-learn show --why $'\e' "$web"
refuses 1 "no rule is ''" 'an empty question' aa-learn show --why '' "$web"
refuses 2 'at least one state' 'no state' aa-learn show
refuses 1 'nothere' 'a state that is not there' aa-learn show "$web" nothere --json

# Every rule of the profile, and nothing that it does not have.
run aa-learn show "$web"
diff <(sed -nE '/^rules$/,/^$/s/^  (.*),  # .*/\1/p' "$scratch/out") \
  <(sed -nE '/^ *(signal|ptrace) .*peer=/d; s/^  (.*),( +# .*)?$/\1/p' "${web%.learned.yaml}") > "$scratch/diff"
result $? 'the rules are those of the profile' || diag < "$scratch/diff"
run aa-learn show "$web" "$odd"
! LC_ALL=C grep -qP '[^\n -~\xc3\xbc]' "$scratch/out"
result $? 'no control character comes out'

run aa-learn show --json "$web" "$odd"
json 'd["schema"] == "aakit/show/1" and [s["label"] for s in d["states"]] == ["k8s-web", "k8s-odd"]'
result $? '--json: both states'
json 'all(sum(c["accesses"] for c in s["classes"].values()) == s["completeness"]["accesses"] == sum(s["completeness"]["curve"])
  for s in d["states"])'
result $? '--json: every access is of one class, and has one place in the curve'
json 'all(r["accesses"] > 0 and r["events"] >= r["accesses"] and r["runs"] == 1 for s in d["states"] for r in s["rules"])'
result $? '--json: every rule stands for an access'
json '(lambda c: c["enough_events"] and abs(c["chance_new"] - c["met_once"] / c["events"]) < 1e-9
  and c["chance_new_low"] < c["chance_new"] < c["chance_new_high"])(d["states"][0]["completeness"])'
result $? '--json: the estimate'
json 'not d["states"][1]["completeness"]["enough_events"] and d["states"][1]["runs"][0]["lost"] == 8'
result $? '--json: too few events, and what was lost'
json 'd["states"][1]["classes"]["capability"] == {"accesses": 3, "rules": 2}'
result $? '--json: counts by class'
json '{r["standing"] for r in d["states"][1]["rules"]} == {"active", "review", "unwritable", "unmediated", "implied"}'
result $? '--json: the standing of rules'
run aa-learn show --json "$cases"/classes/expected/files/*.yaml
json 'any(r["standing"] == "unmediated" and r["class"] == "userns" for s in d["states"] for r in s["rules"])'
result $? 'what the abi does not mediate needs no rule'
run aa-learn show --json --abi 4.0 "$cases"/classes/expected/files/*.yaml
json 'all(r["standing"] != "unmediated" for s in d["states"] for r in s["rules"] if r["class"] == "userns")'
result $? 'and is a rule under another abi'
refuses 2 'abi' 'an unknown abi' aa-learn show --abi 2 "$web"
run aa-learn show --json --why /proc/7/status "$odd"
json '[a["access"] for a in d["states"][0]["rules"][0]["stands_for"]] == ["/proc/41/status r", "/proc/99/status r"]'
result $? '--why --json'

# More than is shown is counted.
{
  sed -n '1,/^file:/p' "$odd"
  for pid in {1..60}; do echo "- {path: \"/proc/$pid/stat\", mask: \"r\", seen: [[0, 1, 5, 6]]}"; done
  printf 'capability: []\nnetwork: []\nsignal: []\nptrace: []\n'
} > many.learned.yaml
why '    \.\.\. and 35 more' 'what is left out is counted' --why /proc/1/stat many.learned.yaml

# On a terminal: bars where the locale is UTF-8, numbers where it is not.
curve() {
  LC_ALL=$1 timeout "$LIMIT" script -qec "aa-learn show '$web'" /dev/null < /dev/null | tr -d '\r' | grep -F 'new accesses over' > "$scratch/out"
}
curve C.UTF-8
grep -qF '█' "$scratch/out"
result $? 'bars on a terminal'
curve C
grep -qxE '  new accesses over 4 s of recording: [0-9]+( [0-9]+){9}' "$scratch/out"
result $? 'numbers on a terminal that is not UTF-8'
finish
