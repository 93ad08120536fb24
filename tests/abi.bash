# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# abi.bash - the exported names and the needs of a shared library, from its dynamic
# section

# Print "FUNC name" or "OBJECT bytes name", with the version if there is one.
symbols_of() # LIBRARY
{
	readelf --dyn-syms -W "$1" | sed 's/\[[^]]*\]//' | awk '
		NF >= 8 && $1 ~ /^[0-9]+:$/ && $7 != "UND" && $5 != "LOCAL" {
			print $4 == "OBJECT" ? $4 " " $3 : $4, $8
		}' | LC_ALL=C sort
}

# Print the values of an entry: NEEDED, SONAME.
entries_of() # LIBRARY ENTRY
{
	readelf -d -W "$1" | sed -n "s/.*($2) .*\[\(.*\)\]/\1/p"
}
