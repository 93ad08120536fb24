#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Make configure and its files in a checkout, and the list of what belongs to the tests.
set -eu
cd "$(dirname "$0")"
{
	echo "# Made by autogen.sh."
	echo "EXTRA_DIST += \\"
	find tests -type f ! -name '*.o' ! -name '*.lo' ! -name '*.log' ! -name '*.trs' ! -path '*/.*' ! -name files.am |
		LC_ALL=C sort | sed 's/.*/	& \\/; $s/ \\$//'
} >tests/files.am
exec autoreconf --install --force "$@"
