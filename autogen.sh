#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Make configure and its files in a checkout.
set -eu
cd "$(dirname "$0")"
tests/lists >tests/files.am
exec autoreconf --install --force "$@"
