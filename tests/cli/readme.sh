# SPDX-License-Identifier: GPL-2.0-or-later
# The console blocks of README.md are run, and print what they show; before them the command that makes the node.
# shellcheck source=tests/cli/refusals.sh
. "${AAKIT_SRCDIR:?}/tests/cli/refusals.sh"
# shellcheck source=tests/cli/shown.sh
. "$AAKIT_SRCDIR/tests/cli/shown.sh"
have_parser || skip_all 'apparmor_parser is not installed'
ln -s "$AAKIT_SRCDIR/tests" tests
taken readme.sh README.md > before.md
run_shown before.md
chmod -R u+w node
cp -r "$AAKIT_SRCDIR/tests/nodes/guards" guards
chmod -R u+w guards
run_shown "$AAKIT_SRCDIR/README.md"
[ "$count" -ge 5 ]
result $? 'README.md has commands to run'
finish
