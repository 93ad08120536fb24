#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: kvm
# The tree that a kernel has read from its firmware, under papr-vmm -accel kvm and on QEMU: the
# same machine. tests/peers/kvm-tree-differences lists each difference with its reason.
# The two guests run one after the other.

# bats file_tags=kvm

load ../../guest/verbs

options=(-m 1G,slots=4,maxmem=4G -smp 2,maxcpus=4)

# Boot this kind of guest, and print its tree as text to $BATS_FILE_TMPDIR/KIND.
record() # KIND MACHINE
{
	export GUEST_KIND=$1
	guest_boot -M "$2" "${options[@]}"
	guest_needed
	guest_sh -0 'base64 /sys/firmware/fdt'
	base64 -d <<<"$output" >"$BATS_FILE_TMPDIR/$1.dtb"
	guest_down
	"${GUEST_BIN%/guest}/peers/diff/dt-text" "$BATS_FILE_TMPDIR/$1.dtb" >"$BATS_FILE_TMPDIR/$1"
	grep -q '^/chosen$' "$BATS_FILE_TMPDIR/$1"
}

# If a test has failed.
teardown()
{
	guest_down
}

@test "the tree under KVM is read" {
	[[ ${GUEST_KIND:-real} == kvm ]] || skip 'not a guest under KVM'
	record kvm pseries-7.2
}

@test "the tree on QEMU is read, with the same interrupt controller" {
	[[ ${GUEST_KIND:-real} == kvm ]] || skip 'not a guest under KVM'
	export GUEST_FIRMWARE=vof
	record real pseries-7.2,ic-mode=xics
}

@test "the trees are equal, except for the listed differences" {
	[[ -e $BATS_FILE_TMPDIR/kvm && -e $BATS_FILE_TMPDIR/real ]] || skip 'a tree is missing'
	"${top_srcdir:-.}/tests/peers/tree-differences" "${top_srcdir:-.}/tests/peers/kvm-tree-differences" \
		"$BATS_FILE_TMPDIR/real" "$BATS_FILE_TMPDIR/kvm"
}

# Without a guest.
@test "the comparison finds what is not listed, and what is listed in vain" {
	local list=$BATS_TEST_TMPDIR/list a=$BATS_TEST_TMPDIR/a b=$BATS_TEST_TMPDIR/b

	printf '%s\n' / '  one 1' '  two 2' /x '  three 3' >"$a"
	printf '%s\n' / '  two 2' '  one 1' /x '  three 4' >"$b"
	echo '/x three: a reason' >"$list"
	"${top_srcdir:-.}/tests/peers/tree-differences" "$list" "$a" "$b"
	run "${top_srcdir:-.}/tests/peers/tree-differences" "$list" "$a" "$a"
	[ "$status" -eq 1 ]
	[ "$output" = 'in the list, but no difference: /x three' ]
	printf '%s\n' /y '  four' >>"$b"
	run "${top_srcdir:-.}/tests/peers/tree-differences" "$list" "$a" "$b"
	[ "$status" -eq 1 ]
	[ "$output" = 'not in the list: /y' ]
	echo '/y:' >>"$list"
	run "${top_srcdir:-.}/tests/peers/tree-differences" "$list" "$a" "$b"
	[ "$status" -eq 1 ]
	assert_output --partial 'a line without a reason: /y:'
	: >"$b"
	run "${top_srcdir:-.}/tests/peers/tree-differences" "$list" "$a" "$b"
	[ "$status" -eq 1 ]
	assert_output --partial 'a tree is empty'
}
