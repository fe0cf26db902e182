# SPDX-License-Identifier: GPL-2.0-or-later
# Completes aa-register in fish.
complete -c aa-register -f -k -a '(__aakit_complete)'
