# SPDX-License-Identifier: GPL-2.0-or-later
# Replays the corpora of all fuzz targets.
set -u
count=0
for corpus in "${AAKIT_SRCDIR:?}"/tests/fuzz/corpus/*; do
  target=${corpus##*/}
  out=$("${AAKIT_BUILDDIR:?}/tests/fuzz/replay-$target" "$corpus" 2>&1)
  code=$?
  files=$(grep -c '^ok' <<< "$out")
  count=$((count + 1))
  if [ "$code" -eq 0 ] && [ "$files" -gt 0 ] && ! grep -q '^not ok' <<< "$out"; then
    echo "ok $count - $target: $files inputs"
  else
    echo "not ok $count - $target: ended with $code after $files inputs"
    tail -n 20 <<< "$out" | sed 's/^/# /'
  fi
done
echo "1..$count"
