# SPDX-License-Identifier: GPL-2.0-or-later
# Completes aa-learn in fish.
complete -c aa-learn -f -k -a '(__aakit_complete)'
