#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: here tarball
# The examples work with only the public interfaces of the libraries.

bats_require_minimum_version 1.5.0

setup()
{
	cd "${top_builddir:-build}"
}

@test "the embedder plugs a card, configures its connector, and unplugs it" {
	[ -x examples/embedder ] || skip "built without the host side"
	run ./examples/embedder
	echo "$output"
	[ "$status" -eq 0 ]
	[ "${lines[0]}" = "guest: CAS answers 0" ]
	[ "${lines[1]}" = "guest: event to add at connector 0x40000000" ]
	[ "${lines[2]}" = "  ethernet@0" ]
	grep -qx '    vendor-id = 00001af4' <<<"$output"
	grep -qx '    ibm,my-drc-index = 40000000' <<<"$output"
	[ "${lines[-2]}" = "guest: event to remove at connector 0x40000000" ]
	[ "${lines[-1]}" = "host: net0 is gone" ]
}

@test "the example is short" {
	[ "$(wc -l <"${top_srcdir:-..}/examples/embedder.c")" -lt 150 ]
}

@test "the example needs only the public header" {
	! grep '#include "' "${top_srcdir:-..}/examples/embedder.c"
}

@test "the embedder for KVM is shorter than 400 lines, and needs only the public header" {
	[ "$(wc -l <"${top_srcdir:-..}/examples/kvm.c")" -lt 400 ]
	! grep '#include "' "${top_srcdir:-..}/examples/kvm.c"
}

@test "dr-events is a daemon in at most 200 lines, with public headers only" {
	[ "$(wc -l <"${top_srcdir:-..}/examples/dr-events.c")" -le 200 ]
	! grep '#include "' "${top_srcdir:-..}/examples/dr-events.c"
}

# All that is known of connectors, read by Python.
@test "dr-list.py prints the list of lsslot --json" {
	local source=${top_srcdir:-..} tree=$BATS_TEST_TMPDIR/tree type

	[ -e .libs/libdrmgr.so.0 ] || skip "the library is not built"
	! readelf -d .libs/libdrmgr.so.0 | grep -q 'NEEDED.*san' || skip "the library has a sanitizer"
	# shellcheck disable=SC1091
	. "$source/tests/lib/rootfs.bash"
	rootfs_make qemu-pseries "$tree"
	for type in pci cpu phb; do
		echo "$type"
		LD_LIBRARY_PATH=.libs python3 "$source/examples/dr-list.py" "$type" "$tree" |
			jq . >"$BATS_TEST_TMPDIR/python"
		drmgr/lsslot -c "$type" --json --sysroot "$tree" | jq .connectors >"$BATS_TEST_TMPDIR/lsslot"
		diff "$BATS_TEST_TMPDIR/lsslot" "$BATS_TEST_TMPDIR/python"
		[ "$(jq length "$BATS_TEST_TMPDIR/python")" -ge 1 ]
	done
	run env LD_LIBRARY_PATH=.libs python3 "$source/examples/dr-list.py" nothing
	[ "$status" -eq 1 ]
	[ "$output" = 'dr-list: nothing: no such connector type' ]
	run env LD_LIBRARY_PATH=.libs python3 "$source/examples/dr-list.py" mem "$tree"
	[ "$status" -eq 1 ]
	[ "$output" = 'There is no dynamically reconfigurable memory in the captured tree.' ]
}
