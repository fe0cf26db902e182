# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Sourced by tests of documents: the console blocks of a Markdown file are run, and print what they show; … stands for anything.
# The including test has sourced tests/cli/refusals.sh.
# shellcheck disable=SC2154,SC2016  # scratch and LIMIT are set there; Markdown's backquotes

# What commands end with that do not end with 0: ends_with[COMMAND]=CODE.
declare -A ends_with=()

# Commands of programs that not every machine has are skipped there.
declare -A optional=([dpkg-scanpackages]=1 [apt-ftparchive]=1 [gpg]=1 [xorriso]=1 [kubectl]=1 [helm]=1 [jq]=1)

# Judges the command $1, whose lines shown are in $scratch/shown: what is printed has each of them.
judge_command() {
  local line code=0 word
  for word in $1; do
    [ -z "${optional[$word]:-}" ] || command -v "$word" > /dev/null || {
      skip "$1" "$word is not installed"
      return
    }
  done
  rc=0
  timeout "$LIMIT" bash -c "$1" > "$scratch/out" 2> "$scratch/err" < /dev/null || rc=$?
  while IFS= read -r line; do
    [ "$line" != … ] || continue
    awk -v shown="${line//\\/\\\\}" '
      BEGIN { n = split(shown, part, "…") }
      {
        rest = $0; ok = index(rest, part[1]) == 1
        for (i = 1; ok && i <= n; i++) {
          at = index(rest, part[i]); ok = part[i] == "" || at > 0
          if (part[i] != "") rest = substr(rest, at + length(part[i]))
        }
        if (ok && (rest == "" || part[n] == "")) { found = 1; exit }
      }
      END { exit !found }' "$scratch/out" "$scratch/err" || {
      echo "# not printed: $line"
      code=1
    }
  done < "$scratch/shown"
  [ "$rc" -eq "${ends_with[$1]:-0}" ] || code=1
  result $code "$1"
}

# Runs the console blocks of the file $1 in the current directory, one after the other.
run_shown() {
  local command='' line
  while IFS= read -r line; do
    if [[ $line == '$ '* || $line == '```' ]]; then
      [ -z "$command" ] || judge_command "$command"
      command=${line#'$ '} command=${command#'```'}
      : > "$scratch/shown"
    else
      printf '%s\n' "$line" >> "$scratch/shown"
    fi
  done < <(sed -n '/^```console$/,/^```$/{/^```console$/d;p}' "$1")
}
