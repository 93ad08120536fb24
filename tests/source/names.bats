#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: here drmgr drmon ofpathtool
# The name of a static function shows its object, and exists once.

bats_require_minimum_version 1.5.0

# To be extended by vmm. A file of the last three has several objects: only names that exist
# twice are searched there.
folders=(wire base kern librtas ofpathtool overlay drmon eventd tools kmod examples cli libdrmgr drmgr)

setup_file()
{
	cd "${top_srcdir:-.}" || return
	functions "${folders[@]}" >"$BATS_FILE_TMPDIR/functions"
	exceptions twice >"$BATS_FILE_TMPDIR/twice"
	exceptions prefix >"$BATS_FILE_TMPDIR/prefix"
}

# Print "static|extern NAME FILE" for each function. The sources are formatted: a function
# begins in the first column, and so does the brace of its body.
functions() # FOLDER...
{
	find "$@" -name '*.[ch]' -print0 | LC_ALL=C sort -z | xargs -0 awk '
		FNR == 1 { head = "" }
		/^{/ {
			gsub(/__attribute__\(\([a-z_]*(\([^)]*\))?\)\)/, "", head)
			if (match(head, /[A-Za-z0-9_]+\(/))
				print head ~ /^static / ? "static" : "extern",
				      substr(head, RSTART, RLENGTH - 1), FILENAME
			head = ""
		}
		/^[A-Za-z_]/ && !/[;:=]$/ { head = head " " $0; sub(/^ /, "", head) }
		/^[^A-Za-z_{\t]|^$|[;=]$/ { head = "" }'
}

# Print the entries of this kind: "FILE OR NAME[ PREFIX]". Each has a reason.
exceptions() # KIND
{
	awk -v kind="$1" '$1 == kind { sub(/^[a-z]+[ \t]+/, ""); sub(/[ \t]*# .+/, ""); print }' \
		tests/source/known-names
}

@test "the list has static functions of every folder" {
	local folder

	for folder in "${folders[@]}"; do
		echo "$folder"
		grep -q "^static [a-z0-9_]* $folder/" "$BATS_FILE_TMPDIR/functions"
	done
	[ "$(wc -l <"$BATS_FILE_TMPDIR/functions")" -gt 1500 ]
}

@test "exceptions have a reason" {
	run grep -vE '^(#.*|(prefix [a-z_/0-9.-]+ [a-z0-9]+|twice [a-z0-9_]+)[[:blank:]]+# .+)$' tests/source/known-names
	echo "$output"
	[ "$status" -eq 1 ]
}

@test "no file has a static function with the name of a function in another file" {
	local twice

	twice=$(sort -u -k2,3 "$BATS_FILE_TMPDIR/functions" |
		awk '{ n[$2]++; files[$2] = files[$2] " " $3; s[$2] = s[$2] || $1 == "static" }
			END { for (name in n) if (n[name] > 1 && s[name]) print name ":" files[name] }' |
		LC_ALL=C sort)
	echo "$twice"
	diff <(cut -d: -f1 <<<"$twice" | grep .) <(LC_ALL=C sort "$BATS_FILE_TMPDIR/twice")
}

# A prefix is a word of the file's name, or the first word of a function that the file
# exports. All other prefixes are in tests/source/known-names.
@test "the name of a static function begins with its object" {
	local bare

	bare=$(grep -vE ' (cli|libdrmgr|drmgr)/' "$BATS_FILE_TMPDIR/functions" | awk '
		function word(name) { sub(/_.*/, "", name); return name }
		function stem(file) { gsub(/.*\/|\..*/, "", file); return "_" file "_" }
		FILENAME != "-" { known[$1, $2]; next }
		$1 == "extern" { known[$3, word($2)]; next }
		{ name[++n] = $2; file[n] = $3 }
		END {
			for (i = 1; i <= n; i++)
				if (!((file[i], word(name[i])) in known) &&
				    stem(file[i]) !~ "_" word(name[i]) "s?_")
					print file[i] ": " name[i]
		}' "$BATS_FILE_TMPDIR/prefix" -)
	echo "$bare"
	[ -z "$bare" ]
}
