# SPDX-License-Identifier: GPL-2.0-or-later
# The manual pages say what the programs say: every verb, every option of every verb, and the table of exit codes.
# shellcheck source=tests/cli/refusals.sh
. "${AAKIT_SRCDIR:?}/tests/cli/refusals.sh"

# The text of a section or subsection of page $1: section Sh|Ss NAME.
section() {
  awk -v kind=".$2" -v name="$3" '
    $1 == ".Sh" || $1 == ".Ss" {
      title = $0; sub(/^\.S[hs] /, "", title)
      inside = $1 == kind && title == name
      next
    }
    inside' "$1"
}

# The options of tagged items: both "Fl n , Fl -namespace" and "Fl -color Ns = ..." give one word a line.
tagged() {
  grep -E '^\.It Fl ' | grep -oE 'Fl -?[a-z][a-z-]*' | sed 's/^Fl /-/' | sort
}

# The options that --help lists, without those that every verb has.
listed() {
  "$@" --help | grep -E '^  -' | grep -oE '^  (-[a-z], )?(--[a-z-]+)' | tr -d ' ' | tr ',' '\n' | sort
}

same() {
  diff <(echo "$1") <(echo "$2") > "$scratch/out" 2>&1
  result $? "$3"
}

for page in aa-compile.1 aa-learn.1 aa-register.8; do
  program=${page%.*} page=$AAKIT_SRCDIR/man/$page
  verbs=$("$program" --help | sed -nE '1,/^Verbs:/d; s/^  ([a-z]+) .*/\1/p')
  same "$verbs" "$(sed -nE 's/^\.Ss ([a-z]+)$/\1/p' "$page")" "$program: the verbs of --help, in that order"
  common=$(section "$page" Sh 'COMMON OPTIONS' | tagged)
  for verb in $verbs; do
    same "$(listed "$program" "$verb")" "$(sort <(echo "$common") <(section "$page" Ss "$verb" | tagged) | sed '/^$/d')" \
      "$program $verb: the options of --help and of the page are the same"
  done
  same "$(seq 0 5)" "$(section "$page" Sh 'EXIT STATUS' | sed -nE 's/^\.It ([0-9])$/\1/p')" "$program: all exit codes"
  "$program" --version | grep -qE "^$program \(aakit\) [0-9]"
  result $? "$program --version"
  for heading in EXAMPLES FILES ENVIRONMENT SECURITY; do
    section "$page" Sh "$heading" | grep -q .
    result $? "$program: $heading"
  done
  grep -ohE 'AAKIT_[A-Z_]+' <(section "$page" Sh ENVIRONMENT) | sort -u > "$scratch/out"
  [ -s "$scratch/out" ] && ! grep -vxE 'AAKIT_(APPARMOR_(PARSER|BASE)|SENSITIVE)' "$scratch/out"
  result $? "$program: no variable that the programs do not know"
done
finish
