#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: sim drmgr
# drmgr --backend overlay: cards, host bridges and virtual slots through
# /proc/device-tree-overlay. The tree equals that of the other backend, byte for byte. A
# write that fails, or a kill, leaves no change.

# shellcheck disable=SC2016,SC2154 # for the guest's shell; set by the verbs

load ../../guest/verbs
load ../../lib/matrix
load ../../lib/ways

setup()
{
	unset GUEST_MISSING
	export GUEST_DT_OVERLAY=yes
}

teardown()
{
	assert_no_oops
	guest_down
}

overlay=/proc/device-tree-overlay

# In the guest: print the tree, and Linux' devices and slots.
state='
	state() { tree; ls /sys/bus/pci/devices /sys/bus/vio/devices 2>/dev/null | sed "s/^[0-9a-f]*[1-9a-f][0-9a-f]*:/N:/"
		grep -H . /sys/bus/pci/slots/C?/adapter 2>/dev/null | grep :1; true; }
'

boot() # MACHINE
{
	matrix_boot "$1"
	guest_needed
	ways_setup "$state"
}

answers() # LINE...
{
	assert_stdout "$(printf '%s\n' "$@")"
}

@test "the tree is the same: a card, functions of one card, a bridge with cards [ov-drmgr-card]" {
	boot qemu
	same_by_both -c pci -s C8 -n
	answers 'r 1' 'a 1'
	same_by_both -c pci -s C16 -n
	answers 'r 1' 'a 1'
	same_by_both -c pci -s C17 -n
	answers 'r 1' 'a 1'
	same_by_both -c pci -s C48 -n
	answers 'r 2' 'a 1' # one for each connector
	same_by_both -c pci -s C272 -n
	answers 'r 1' 'a 1'
	guest cat $overlay
	# transient: there is no record, which would keep the module loaded
	assert_stdout --regexp '^papr-dt-overlay 1 backend=changeset max=1048576 seq=[0-9]+ last=0$'
}

@test "the tree is the same: host bridges, empty and with a card [ov-drmgr-phb]" {
	boot qemu
	same_by_both -c phb -s 'PHB 1'
	answers 'r 2' 'a 1' # one for each connector
	same_by_both -c phb -s 'PHB 2'
	answers 'r 1' 'a 1'
}

@test "the tree is the same: virtual slots [ov-drmgr-slot]" {
	boot lpar
	# Without the child "disk", which only firmware's own boot makes
	guest -0 drmgr -c slot -r -s 'VIO 2'
	guest -0 drmgr -c slot -a -s 'VIO 2'
	same_by_both -c slot -s 'VIO 2'
	answers 'r 1' 'a 1'
	same_by_both -c slot -s 'VIO 5'
	answers 'r 1' 'a 1'
}

# Writes to them would fail. If strace is installed, its list would have an open.
@test "the other files are not opened [ov-drmgr-alone]" {
	boot qemu
	host x-papr-fault '{"call": "write:/proc/ppc64/ofdt", "errno": "EIO", "count": 0}'
	[[ ${GUEST_PROFILE:-6.1} == 6.1 ]] ||
		host x-papr-fault '{"call": "write:/sys/kernel/dlpar", "errno": "EIO", "count": 0}'
	for what in r a; do
		guest -0 drmgr -c pci -$what -s C8 -n --backend overlay
		guest -0 drmgr -c phb -$what -s 'PHB 1' --backend overlay
	done
	guest_sh 'command -v strace'
	[[ $status -eq 0 ]] || return 0
	for what in r a; do
		guest_sh 'strace -f -o /tmp/calls -e trace=open,openat,openat2 drmgr -c pci -$1 -s C8 -n --backend overlay &&
			grep -c device-tree-overlay /tmp/calls && grep -c ppc64/ofdt /tmp/calls' $what
		[[ $output != '' ]] || skip 'strace does not work here'
		assert_stdout --regexp $'^[1-9][0-9]*\n0$'
	done
}

@test "--dry-run and --trace show the one write [ov-drmgr-shown]" {
	boot qemu
	guest -0 drmgr -c pci -r -s C8 -n --backend overlay --dry-run
	assert_stdout_line --partial "write $overlay remove-node /pci@800000020000000/ethernet@1"
	assert_node /pci@800000020000000/ethernet@1
	guest -0 drmgr -c pci -r -s C8 -n --backend overlay --trace
	assert_stderr_line --regexp "^trace: write $overlay remove-node /pci@800000020000000/ethernet@1[^=]* = [0-9]+ "
	guest -0 drmgr -c pci -a -s C8 -n --backend overlay --dry-run
	assert_stdout_line --partial "write $overlay nodes of that walk, below /pci@800000020000000"
	refute_node /pci@800000020000000/ethernet@1
	guest -0 drmgr -c pci -a -s C8 -n --backend overlay
}

# The errors of the file, and their messages.
errors='
	EINVAL|Invalid argument
	EFBIG|File too large
	E2BIG|Argument list too long
	EOPNOTSUPP|Operation not supported
	ENODEV|No such device
	ENOENT|No such file or directory
	EEXIST|File exists
	EPERM|Operation not permitted
	EBUSY|Device or resource busy
	ENOMEM|Cannot allocate memory
	EFAULT|Bad address
	ENOSPC|No space left on device
'

fails_with_each() # WHO DRMGR-OPTION...
{
	local name text who=$1

	shift
	in_guest 'state >/tmp/before'
	while IFS='|' read -r -u 9 name text; do
		host x-papr-fault "{\"call\": \"write:$overlay\", \"errno\": \"$name\"}"
		guest -255 drmgr "$@" --backend overlay
		assert_stderr --partial "$who: Write to $overlay failed: $text"
		in_guest 'state | diff /tmp/before -; ls /run/drmgr 2>/dev/null'
		assert_stdout ''
		host x-papr-fault-clear
	done 9< <(sed -n 's/^\t//p' <<<"$errors")
}

@test "a failing write leaves no change, with each error [ov-drmgr-errors]" {
	boot qemu
	fails_with_each 'C8 (0x40000008): detach' -c pci -r -s C8 -n
	guest -0 drmgr -c pci -r -s C8 -n --backend overlay
	fails_with_each 'C8 (0x40000008): attach' -c pci -a -s C8 -n
	guest -0 drmgr -c pci -a -s C8 -n --backend overlay
}

@test "a failing write for a host bridge or virtual slot leaves no change [ov-drmgr-fails]" {
	boot qemu
	errors=$'\tEBUSY|Device or resource busy'
	guest -0 drmgr -c phb -r -s 'PHB 2' --backend overlay
	fails_with_each 'PHB 2 (0x20000002): attach' -c phb -a -s 'PHB 2'
	guest_down
	boot lpar
	fails_with_each 'VIO 2 (0x30000002): detach' -c slot -r -s 'VIO 2'
	guest -0 drmgr -c slot -r -s 'VIO 2' --backend overlay
	fails_with_each 'VIO 2 (0x30000002): attach' -c slot -a -s 'VIO 2'
}

# Kill COMMAND before its first, second... step. drmgr --recover restores the first state,
# except after the last few steps, when the operation is complete: then UNDO restores it.
kill_everywhere() # COMMAND UNDO [STRIDE]
{
	in_guest 'say() { echo "step $n: $*"; cat /tmp/said; state | diff /tmp/before -; exit 1; }
		state >/tmp/before; n=0 complete=0
		as_before() { state | cmp -s /tmp/before -; }
		while n=$((n + '"${3-1}"')); /usr/lib/guest/killat $n '"$1"' >/tmp/said 2>&1; s=$?; [ $s = 137 ]; do
			drmgr --recover >/tmp/said 2>&1 || say recovery failed
			! ls -d /run/drmgr/[jl]* >/dev/null 2>&1 || say a journal is left
			as_before && [ $complete = 0 ] && continue
			complete=$((complete + 1))
			'"$2"' >/tmp/said 2>&1 || say neither undone nor complete
			as_before || say not as before
		done
		[ $s = 0 ] || say failed with $s
		'"$2"' && echo "steps: $n $complete"'
	assert_status 0
	[[ $output =~ steps:\ ([0-9]+)\ ([0-9]+) ]]
	((BASH_REMATCH[1] > 9 && BASH_REMATCH[2] <= 3))
}

@test "a card: killed before each step, and --recover restores the state [ov-drmgr-killed]" {
	local o='--backend overlay'

	boot qemu
	# The first operation changes names and caches once, so run it before.
	guest_sh "drmgr -c pci -r -s C8 -n $o && drmgr -c pci -a -s C8 -n $o"
	kill_everywhere "drmgr -c pci -r -s C8 -n $o" "drmgr -c pci -a -s C8 -n $o"
	guest_sh "drmgr -c pci -r -s C8 -n $o"
	kill_everywhere "drmgr -c pci -a -s C8 -n $o" "drmgr -c pci -r -s C8 -n $o"
}

@test "a host bridge, a virtual slot: killed, and --recover restores the state [ov-drmgr-killed-types]" {
	local o='--backend overlay'

	boot qemu
	guest_sh "drmgr -c phb -r -s 'PHB 1' $o && drmgr -c phb -a -s 'PHB 1' $o"
	kill_everywhere "drmgr -c phb -r -s 'PHB 1' $o" "drmgr -c phb -a -s 'PHB 1' $o" 3
	guest_sh "drmgr -c phb -r -s 'PHB 1' $o"
	kill_everywhere "drmgr -c phb -a -s 'PHB 1' $o" "drmgr -c phb -r -s 'PHB 1' $o" 23
	guest_down
	boot lpar
	guest_sh "drmgr -c slot -r -s 'VIO 2' $o && drmgr -c slot -a -s 'VIO 2' $o"
	kill_everywhere "drmgr -c slot -r -s 'VIO 2' $o" "drmgr -c slot -a -s 'VIO 2' $o"
	guest_sh "drmgr -c slot -r -s 'VIO 2' $o"
	kill_everywhere "drmgr -c slot -a -s 'VIO 2' $o" "drmgr -c slot -r -s 'VIO 2' $o"
}

@test "without the file, or for other types, the backend is refused [ov-drmgr-without]" {
	GUEST_DT_OVERLAY=no boot qemu
	in_guest 'state >/tmp/before'
	guest -255 drmgr -c pci -r -s C8 -n --backend overlay
	assert_stderr 'The device tree cannot be changed through overlay: No such file or directory'
	guest -255 drmgr -c phb -r -s 'PHB 1' --backend overlay
	guest -255 drmgr -c mem -a -q 1 --backend overlay
	assert_stderr --partial '--backend overlay is invalid for mem: '
	guest -255 drmgr -c cpu -r -q 1 --backend overlay
	in_guest 'state | diff /tmp/before -'
	assert_stdout ''
}
