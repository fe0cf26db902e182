# SPDX-License-Identifier: GPL-2.0-or-later
# The console blocks of docs/ are run, each document's in a directory of its own with the recorded node, and print what they show. What a
# document names is there: files of this tree, and headings of other documents.
# shellcheck source=tests/cli/refusals.sh
. "${AAKIT_SRCDIR:?}/tests/cli/refusals.sh"
# shellcheck source=tests/cli/shown.sh
. "$AAKIT_SRCDIR/tests/cli/shown.sh"
have_parser || skip_all 'apparmor_parser is not installed'

# The headings of the Markdown file $1 as the words of links.
anchors() {
  sed -n 's/^#\{1,6\} //p' "$1" | tr '[:upper:]' '[:lower:]' | sed 's/[^a-z0-9 _-]//g; s/ /-/g'
}

# Judges the links of the document $1 that lead into this tree.
judge_links() {
  local link file anchor code=0
  while IFS= read -r link; do
    file=${link%%#*} anchor=''
    [[ $link != *'#'* ]] || anchor=${link#*#}
    file=${1%/*}/${file:-${1##*/}}
    if [ ! -e "$file" ]; then
      echo "# there is no $link"
      code=1
    elif [ -n "$anchor" ] && ! anchors "$file" | grep -qxF -- "$anchor"; then
      echo "# $file has no heading #$anchor"
      code=1
    fi
  done < <(grep -oE '\]\([^)]+\)' "$1" | sed 's/^](//; s/)$//' | grep -vE '^https?://')
  result $code "links of ${1##*/}"
}

ran=0
for document in "$AAKIT_SRCDIR"/docs/*.md; do
  judge_links "$document"
  grep -q '^```console$' "$document" || continue
  mkdir "${document##*/}"
  pushd "${document##*/}" > /dev/null || exit 1
  copy_node node
  name=${document##*/}
  [ ! -d "$AAKIT_SRCDIR/tests/cli/docs/${name%.md}" ] || cp -r "$AAKIT_SRCDIR/tests/cli/docs/${name%.md}/." .
  before=$count
  run_shown "$document"
  popd > /dev/null || exit 1
  ran=$((ran + count - before))
done
missing=$(cd "$AAKIT_SRCDIR/docs" && for document in *.md; do grep -qF "($document)" index.md || [ "$document" = index.md ] || echo "$document"; done)
[ -z "$missing" ]
result $? 'the index names every document' || echo "$missing" | diag
[ "$ran" -ge 20 ]
result $? 'documents have commands to run'
finish
