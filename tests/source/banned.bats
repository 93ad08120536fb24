#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: here drmgr ofpathtool
# Functions that are not called, and text that is not written.

bats_require_minimum_version 1.5.0

setup()
{
	cd "${top_srcdir:-.}"
}

# Fail, and show the output, if there is any.
none()
{
	run "$@"
	echo "$output"
	[ "$status" -eq 1 ]
}

# Our own C files, without comments and strings.
setup_file()
{
	cd "${top_srcdir:-.}"
	find wire base kern librtas libdrmgr cli drmgr eventd ofpathtool overlay tools vmm -name '*.[ch]' | LC_ALL=C sort |
		while read -r file; do
			gcc -fpreprocessed -dD -E -P "$file" 2>/dev/null | sed 's/"\(\\.\|[^"\\]\)*"//g'"; s|^|$file: |"
		done >"$BATS_FILE_TMPDIR/code"
	[[ -s $BATS_FILE_TMPDIR/code ]]
}

code()
{
	cat "$BATS_FILE_TMPDIR/code"
}

# Only the environment has the kind of terminal, the socket of the service manager, the folder
# of the user's sockets, and what the caller preloads.
@test "sources have no unbounded copies, no shell, no fixed sleeps, no environment [io-bug-20 io-env]" {
	none grep -E '\b(strcpy|strcat|sprintf|vsprintf|strncpy|atoi|atol|gets|alloca|system|popen|sleep|usleep|abort|getenv|secure_getenv)[[:space:]]*\(' \
		<(code | grep -vE '^(drmgr/progress.c: .*kind|eventd/notify.c: .*|vmm/server/runs.c: .*base|vmm/sim/doctor.c: .*(dir|fakeroot)|vmm/server/papr-vmm.c: .*preload) = getenv\(')
}

@test "only the main files of programs call exit" {
	none grep -wE '[^_]exit[[:space:]]*\(' <(code)
}

@test "only wire converts byte order" {
	none grep -rnE '\b(be(16|32|64)toh|htobe(16|32|64)|ntohl|htonl)\b' kern librtas drmgr eventd ofpathtool overlay tools vmm
}

@test "the first lines of every file name its licence" {
	local file bad=()

	while read -r file; do
		head -n 2 "$file" | grep -q 'SPDX-License-Identifier: \(L\?GPL-2\.[01]-or-later\)' ||
			bad+=("$file")
	done < <(find wire base kern librtas libdrmgr cli drmgr eventd ofpathtool overlay tools vmm examples tests -name '*.[ch]' -o -name '*.bats')
	echo "without: ${bad[*]}"
	[ ${#bad[@]} -eq 0 ]
}

@test "libraries are LGPL, programs GPL" {
	[ -z "$(grep -rL --include='*.[ch]' 'Identifier: LGPL-2.1-or-later' wire base kern librtas libdrmgr --exclude-dir=server --exclude-dir=sim --exclude-dir=kvm vmm)" ]
	[ -z "$(grep -rL --include='*.[ch]' 'Identifier: GPL-2.0-or-later' cli drmgr eventd ofpathtool overlay tools vmm/kvm vmm/server vmm/sim)" ]
}
