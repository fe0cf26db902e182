# SPDX-License-Identifier: GPL-2.0-or-later
# /etc/aakit/sensitive.yaml: what a site adds to the table of sensitive accesses, and what it takes out of it.
# shellcheck source=tests/cli/refusals.sh
. "${AAKIT_SRCDIR:?}/tests/cli/refusals.sh"
cp "$AAKIT_SRCDIR/tests/fuzz/corpus/state/k8s-odd.learned.yaml" state.yaml
cat > site.yaml <<'YAML'
schema: "aakit/sensitive/1"
sensitive:
  - id: "quoted-names"
    why: "names that ops wants to see"
    source: "ops"
    paths: ["/tmp/a b"]
silenced:
  - id: "password-hashes"
    reason: "the image has made-up ones"
YAML
chmod 644 site.yaml

run aa-learn profile state.yaml
exits 0 'without a file'
grep -q '#/etc/shadow r,  # password hashes' "$scratch/out"
result $? 'the table that is built in'
export AAKIT_SENSITIVE=$PWD/site.yaml
run aa-learn profile state.yaml
exits 0 'with one'
grep -q '# names that ops wants to see \[quoted-names\]' "$scratch/out"
result $? 'what the site adds is for review'
grep -qx '  /etc/shadow r,' "$scratch/out"
result $? 'what it silences is not'
says 'password-hashes is not held back for review: the image has made-up ones' 'which is said, with its reason'
run aa-learn profile state.yaml --allow quoted-names
grep -q -- '--allow quoted-names' "$scratch/out"
result $? 'and can be allowed by its id'
unset AAKIT_SENSITIVE

# Wherever this build has its directory of configuration.
for dir in etc usr/etc usr/local/etc; do
  mkdir -p "root/$dir/aakit"
  cp site.yaml "root/$dir/aakit/sensitive.yaml"
done
run aa-learn profile state.yaml --root "$PWD/root"
if grep -q 'quoted-names' "$scratch/out"; then
  result 0 'it is found below the root'
else
  skip 'it is found below the root' 'this build has its configuration elsewhere'
fi
run aa-learn show state.yaml --root "$PWD/root"
exits 0 'the other verbs know it, too'

# refused FILTER MESSAGE WHAT: the file through FILTER is not taken.
refused() {
  sed "$1" site.yaml > bad.yaml
  chmod 644 bad.yaml
  export AAKIT_SENSITIVE=$PWD/bad.yaml
  refuses 5 "$2" "$3" aa-learn profile state.yaml
}
refused 's/paths:/pathes:/' 'bad.yaml:6:5: .*pathes' 'a key that is not known'
refused 's/id: "password-hashes"/id: "passwords"/' 'bad.yaml:8:.*passwords' 'an entry that is not there'
refused 's/reason: .*/reason: ""/' 'bad.yaml:8:' 'silence without a reason'
refused 's/sensitive.1/sensitive\/2/' 'bad.yaml' 'a newer one'
refused 's/why: .*/why: "a\\n\/** rwix,"/' 'bad.yaml:3:.*one line' 'a text that would be more than a comment'
export AAKIT_SENSITIVE=$PWD/none.yaml
refuses 1 'none.yaml' 'a named one that is not there' aa-learn profile state.yaml
export AAKIT_SENSITIVE=$PWD/site.yaml
chmod 664 site.yaml
refuses 5 'site.yaml: others can write to it' 'one that others can write to' aa-learn profile state.yaml
finish
