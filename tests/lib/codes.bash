# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# codes.bash - the table of errors, from its sources

_codes_source=$(dirname "${BASH_SOURCE[0]}")/../..

# Print "CODE|HINT" for each code of the library except "none".
codes_of_library()
{
	tr -d '\n\t' <"$_codes_source/libdrmgr/api/code.c" | grep -oE '\[DR_CODE_[A-Z_]+\] = \{[^}]*\}' |
		sed -E 's/.*\{ "([^"]*)", *"(.*)" \}/\1|\2/; /NULL/d'
}

# Print the same from the table of drmgr(8). Each code has its meaning, then its hint.
codes_of_manual()
{
	sed -n '/^\.Sh CODES/,/^\.El/p' "$_codes_source/man/drmgr-messages.7" | sed 's/\\-/-/g' | awk '
		function end() { if (code && meaning) print code "|" hint }
		/^\.It Cm / || /^\.El/ { end(); code = $3; meaning = hint = ""; after = 0; next }
		/^\.br/ { after = 1; next }
		after { hint = hint (hint ? " " : "") $0; next }
		code { meaning = meaning $0 }'
}

# Print the codes of a schema.
codes_of_schema() # NAME
{
	/usr/bin/python3 - "$_codes_source/data/schema/$1-1.json" <<-'CODES'
		import json, sys
		def enums(schema):
		    if isinstance(schema, list):
		        for each in schema:
		            yield from enums(each)
		    elif isinstance(schema, dict):
		        if "code" in schema.get("properties", {}):
		            yield schema["properties"]["code"]["enum"]
		        for value in schema.values():
		            yield from enums(value)
		found = list(enums(json.load(open(sys.argv[1]))))
		assert len(found) == 1
		print(*found[0], sep="\n")
	CODES
}
