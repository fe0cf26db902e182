# SPDX-License-Identifier: GPL-2.0-or-later
# Completes aa-compile in fish.
complete -c aa-compile -f -k -a '(__aakit_complete)'
