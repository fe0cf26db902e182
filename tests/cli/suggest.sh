# SPDX-License-Identifier: GPL-2.0-or-later
# What is mistyped is answered with what was meant, for every verb and every option, and nothing is done.
# shellcheck source=tests/cli/refusals.sh
. "${AAKIT_SRCDIR:?}/tests/cli/refusals.sh"

verbs() {
  "$1" --help | sed -nE '1,/^Verbs:/d; s/^  ([a-z]+) .*/\1/p'
}

# typos WORD: a letter twice, two letters swapped, and, where enough is left, a letter gone: all in its midst.
typos() {
  local word=$1 at=$((${#1} / 2))
  echo "${word:0:at}${word:at-1:1}${word:at}"
  echo "${word:0:at-1}${word:at:1}${word:at-1:1}${word:at+1}"
  [ ${#word} -lt 5 ] || echo "${word:0:at}${word:at+1}"
}

# meant PROGRAM ANSWER WORD...: usage, and the answer, for each typo of the last word that is no word itself.
meant() {
  local program=$1 answer=$2 typo bad=0 tried=0
  local words=("${@:3:$#-3}") last=${*: -1}
  while read -r typo; do
    [ "$typo" != "${last#--}" ] || continue
    tried=$((tried + 1))
    [[ $last != --* ]] || typo=--$typo
    run "$program" "${words[@]}" "$typo"
    [ "$rc" -eq 2 ] && grep -qF "did you mean $answer?" "$scratch/err" && [ ! -s "$scratch/out" ] && continue
    echo "# $program ${words[*]} $typo: $rc, $(head -n 1 "$scratch/err")"
    bad=1
  done < <(typos "${last#--}")
  [ "$tried" -gt 0 ] || bad=1
  result "$bad" "$program ${words[*]} $last"
}

# What several verbs of a program take is asked for once.
declare -A seen
for program in aa-learn aa-compile aa-register; do
  for verb in $(verbs "$program"); do
    meant "$program" "'$verb'" "$verb"
    for option in $("$program" "$verb" --help | sed -nE 's/^  (-[a-z], )?--([a-z-]+).*/\2/p' | grep -xE '.{4,}'); do
      [ -z "${seen[$program $option]:-}" ] || continue
      seen[$program $option]=1
      meant "$program" "--$option" "$verb" "--$option"
    done
  done
done

run aa-learn zzzzzzzz
ok 'what nobody means is not guessed at' test "$rc" -eq 2 -a "$(grep -c 'did you mean' "$scratch/err")" -eq 0
finish
