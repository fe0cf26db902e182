# SPDX-License-Identifier: GPL-2.0-or-later
# The console blocks of README.md are run, and print what they show; … stands for anything.
# shellcheck source=tests/cli/refusals.sh
. "${AAKIT_SRCDIR:?}/tests/cli/refusals.sh"
have_parser || skip_all 'apparmor_parser is not installed'
copy_node node
cp -r "$AAKIT_SRCDIR/tests/nodes/guards" guards
chmod -R u+w guards

# Judges the command $1, whose lines shown are in $scratch/shown.
judge_command() {
  local line code=0
  rc=0
  timeout "$LIMIT" bash -c "$1" > "$scratch/out" 2> "$scratch/err" < /dev/null || rc=$?
  while IFS= read -r line; do
    [ "$line" != … ] || continue
    awk -v shown="$line" '
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
  [ "$rc" -eq 0 ] || code=1
  result $code "$1"
}

blocks() {
  # shellcheck disable=SC2016  # Markdown's backquotes
  sed -n '/^```console$/,/^```$/{/^```console$/d;p}' "$AAKIT_SRCDIR/README.md"
}

command=''
while IFS= read -r line; do
  if [[ $line == '$ '* || $line == '```' ]]; then
    [ -z "$command" ] || judge_command "$command"
    command=${line#'$ '} command=${command#'```'}
    : > "$scratch/shown"
  else
    printf '%s\n' "$line" >> "$scratch/shown"
  fi
done < <(blocks)
[ "$count" -ge 5 ]
result $? 'README.md has commands to run'
finish
