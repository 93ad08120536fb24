# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# abi.bash - the exported names and the needs of a shared library, from its dynamic
# section; the interface that a header declares

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

# Print the functions that a header declares.
functions_of() # PATTERN HEADER
{
	printf '#include "%s"\n' "$2" |
		"${CC:-cc}" -x c -aux-info prototypes -fsyntax-only - &&
		sed -nE "s,^/\* .*$(basename "$2"):.*[ *]($1) \(.*,\1,p" prototypes | LC_ALL=C sort -u
}

# Make a library that has only variables: a pointer to each function, struct and enum.
library_of() # PATTERN HEADER OUT
{
	{
		printf '#include "%s"\n' "$2"
		functions_of "$1" "$2" | sed 's/.*/__typeof__(&) *f_&;/'
		sed -nE 's/^(struct|enum) ([a-z_0-9]+)$/\1 \2/p; s/^(struct|enum) ([a-z_0-9]+) \{.*/\1 \2 *p_\2;/p' "$2"
	} >"$3.c"
	grep -q '\*[fp]_' "$3.c"
	"${CC:-cc}" -g -shared -fPIC -fvisibility=default -o "$3" -x c "$3.c"
}

# Compare the interface of a header with the library old.so. $suppressions is the file that
# lists what may change.
interface_is_kept() # PATTERN HEADER
{
	library_of "$1" "$2" new.so
	abidiff --no-show-locs --no-added-syms --suppressions "${suppressions:?}" old.so new.so
}

needs_abidiff()
{
	command -v abidiff >/dev/null || skip "abidiff is missing (package abigail-tools)"
	"${CC:-cc}" --version | grep -qi clang && skip "clang has no -aux-info"
	return 0
}
