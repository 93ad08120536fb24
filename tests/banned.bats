#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Calls that are not made, text that is not written.

bats_require_minimum_version 1.5.0

setup()
{
	cd "${top_srcdir:-.}"
}

# Shows what there should not be.
none()
{
	run "$@"
	echo "$output"
	[ "$status" -eq 1 ]
}

# Our own C files, without comments and strings.
code()
{
	find wire kern librtas libdrmgr cli drmgr ofpathtool overlay tools vmm -name '*.[ch]' | LC_ALL=C sort | while read -r file; do
		gcc -fpreprocessed -dD -E -P "$file" 2>/dev/null | sed 's/"\(\\.\|[^"\\]\)*"//g' |
			sed "s|^|$file: |"
	done
}

# What kind of terminal there is, only the environment tells.
@test "no unbounded copies, no shell, no fixed sleeps, no environment" {
	none grep -E '\b(strcpy|strcat|sprintf|vsprintf|strncpy|atoi|atol|gets|alloca|system|popen|sleep|usleep|abort|getenv|secure_getenv)[[:space:]]*\(' \
		<(code | grep -v '^drmgr/progress.c: .*kind = getenv()')
}

@test "exit only where a program ends" {
	none grep -wE '[^_]exit[[:space:]]*\(' <(code)
}

@test "byte order is converted in wire alone" {
	none grep -rnE '\b(be(16|32|64)toh|htobe(16|32|64)|ntohl|htonl)\b' kern librtas drmgr ofpathtool overlay tools vmm
}

@test "every file says its licence first" {
	local file bad=()

	while read -r file; do
		head -n 2 "$file" | grep -q 'SPDX-License-Identifier: \(L\?GPL-2\.[01]-or-later\)' ||
			bad+=("$file")
	done < <(find wire kern librtas libdrmgr cli drmgr ofpathtool overlay tools vmm examples tests -name '*.[ch]' -o -name '*.bats')
	echo "without: ${bad[*]}"
	[ ${#bad[@]} -eq 0 ]
}

@test "libraries are LGPL, programs GPL" {
	[ -z "$(grep -rL --include='*.[ch]' 'Identifier: LGPL-2.1-or-later' wire kern librtas vmm/*.[ch])" ]
	[ -z "$(grep -rL --include='*.[ch]' 'Identifier: GPL-2.0-or-later' libdrmgr cli drmgr ofpathtool overlay tools vmm/server vmm/sim)" ]
}
