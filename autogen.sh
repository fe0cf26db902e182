#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Makes ./configure from configure.ac in a fresh checkout.
set -e
cd "$(dirname "$0")"
autoreconf --force --install
