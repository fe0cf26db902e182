#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The shell-heavy job that children are learned from. $1: what its shell does beside the job.
set -eu
cd /srv/job
read -r word < secret
mkdir -p work
date > "work/stamp.$$"
grep -c x data > work/count || true
sort data | head -n 1 > work/first
python3 -B helper.py
sleep 60 &
sleeper=$!
sleep 1 # until it sleeps in earnest
kill -0 "$sleeper"
readlink "/proc/$sleeper/exe" > work/exe
kill "$sleeper"
wait "$sleeper" || true
for program in bin/*; do
  "$program" > /dev/null
done
case ${1:-} in
  attack) grep -c x helper.py ;;
esac
rm -r work
echo "done with $word"
