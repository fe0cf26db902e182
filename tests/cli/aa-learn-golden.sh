# SPDX-License-Identifier: GPL-2.0-or-later
# Golden cases of learning: tests/cases/NAME/ holds the arguments, and what came of them: the files written, stdout, stderr
# and the exit code. "make update-golden" writes them anew; read the difference before you keep it.
# shellcheck source=tests/cli/refusals.sh
. "${AAKIT_SRCDIR:?}/tests/cli/refusals.sh"
cd "$AAKIT_SRCDIR" || exit 1

# Runs the case in directory $1 into directory $2.
learn() {
  local -a args
  mapfile -t args < "$1/args"
  mkdir -p "$2"
  run aa-learn "${args[@]}" -o "$2/files"
  sed "s,$2/files,OUT,g" "$scratch/out" > "$2/stdout"
  sed "s,$2/files,OUT,g" "$scratch/err" > "$2/stderr"
  echo "$rc" > "$2/status"
  aa-learn show "$2"/files/*.learned.yaml > "$2/show"
}

for dir in tests/cases/*/; do
  dir=${dir%/} name=$(basename "$dir")
  [ -f "$dir/args" ] || continue
  learn "$dir" "$scratch/$name"
  if [ "${AAKIT_UPDATE_GOLDEN:-}" = 1 ]; then
    rm -rf "$dir/expected"
    mv "$scratch/$name" "$dir/expected"
    learn "$dir" "$scratch/$name"
  fi
  diff -r "$dir/expected" "$scratch/$name" > "$scratch/diff" 2>&1
  result $? "$name: files, output and exit code are the golden ones" || head -n 60 "$scratch/diff" | diag

  learn "$dir" "$scratch/$name-again"
  diff -r "$scratch/$name" "$scratch/$name-again" > "$scratch/diff" 2>&1
  result $? "$name: learned twice, the same bytes" || head -n 60 "$scratch/diff" | diag

  # A run that is merged twice counts once: the same log into the state that it made changes nothing.
  cp -r "$scratch/$name/files" "$scratch/before"
  learn "$dir" "$scratch/$name"
  diff -r "$scratch/before" "$scratch/$name/files" > "$scratch/diff" 2>&1
  result $? "$name: learned again into its own state, nothing changes" || head -n 60 "$scratch/diff" | diag
  rm -rf "$scratch/before"

  mapfile -t shape < <(grep -E '^--exec=' "$dir/args")
  for state in "$scratch/$name"/files/*.learned.yaml; do
    run aa-learn profile "${shape[@]}" "$state"
    cmp -s "$scratch/out" "${state%.learned.yaml}"
    result $? "$name: aa-learn profile prints the profile that was written"
  done
done
finish
