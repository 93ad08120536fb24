#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: sim guest drmgr drmon papr-eventd
# A write to the kernel does not return. drmgr ends after the time of -w, and long before the 5
# minutes of a call: status 65, because it is unknown what the kernel will do. HELD_SECONDS:
# the time, by default 1. HELD=all: all files; by default few of them.
# shellcheck disable=SC2154 # row_...: matrix.bash; output: verbs.bash

load ../../guest/verbs
load ../../lib/matrix

setup()
{
	[[ ${GUEST_KIND:-real} == sim ]] || skip "only a simulated machine can hold a write"
	seconds=${HELD_SECONDS:-1}
}

teardown()
{
	guest_down
}

# The operation of a row of matrix.bash holds at this file, then drmgr --recover undoes it.
held() # ROW FILE
{
	matrix_row "$1"
	guest_sh "$row_before"
	host x-papr-fault "{\"call\": \"write:$2\", \"hold\": true}"
	guest_sh "rm -f /tmp/passed /tmp/long; (sleep $seconds; : >/tmp/passed) & (sleep 60; : >/tmp/long) & \
		${row_command/drmgr/drmgr -w ${seconds}s}; echo \$?; ls /tmp/passed /tmp/long 2>/dev/null"
	assert_stdout_line 65

	assert_stdout_line /tmp/passed
	refute_stdout_line /tmp/long
	assert_stderr --regexp "when PID [0-9]+ has ended its write to $2, run drmgr --recover"
	host x-papr-fault-clear
	guest_until '! drmgr --recover 2>&1 | grep -q "has ended its write"'
	guest -0 drmgr --recover
	guest_sh "$row_home"
}

held_of_all() # ROW FILE
{
	[[ ${HELD-} != all ]] || held "$@"
}

@test "cards, host bridges, cores" {
	matrix_boot qemu
	guest_needed
	held pci-r "/sys/bus/pci/devices/0000:00:01.0/remove"
	held_of_all pci-a /sys/bus/pci/slots/C8/power
	held_of_all pci-a-bridge /sys/class/pci_bus/0000:00/rescan
	held cpu-r /sys/kernel/dlpar
	held_of_all phb-r /sys/bus/pci/slots/control/remove_slot
	held_of_all phb-a /sys/bus/pci/slots/control/add_slot
}

@test "memory, threads, shares, accelerators" {
	matrix_boot lpar
	guest_needed
	held mem-r-3 /sys/kernel/dlpar
	held_of_all cpu-smt /sys/devices/system/cpu/cpu1/online
	held_of_all cpu-entitlement /proc/ppc64/lparcfg
	held_of_all acc /sys/devices/virtual/misc/vas/vas0/gzip/qos_capabilities/update_total_credits
}

@test "the file of overlays" {
	export GUEST_DT_OVERLAY=yes MATRIX_WAY='--backend overlay'
	matrix_boot qemu
	guest_needed
	held pci-r /proc/device-tree-overlay
}

key() # JQ-PATH VALUE
{
	assert_equal "$(jq -c "$1" <<<"$output")" "$2"
}

# What is left is shown by each program, with the connector, the step and the command that
# helps.
@test "what a held write leaves is shown" {
	local file=/sys/bus/pci/devices/0000:00:01.0/remove pid
	local who='[0-9-]+ [0-9:]+, step slot-disable of PID [0-9]+ \(drmgr -w [0-9]+s -c pci -r -s C8 -n\): '

	matrix_boot qemu
	guest_needed
	host x-papr-fault "{\"call\": \"write:$file\", \"hold\": true}"
	guest -65 drmgr -w "${seconds}s" -c pci -r -s C8 -n
	assert_stderr --regexp "C8 \(0x40000008\): waiting for the kernel since ${who}when PID [0-9]+ has ended its write to $file, run drmgr --recover"
	assert_equal "$(grep -c 'has ended its write' <<<"$stderr")" 1
	guest drmon --once -c pci
	assert_stdout --regexp 'C8 .* waiting'
	assert_stderr --regexp "^drmon: C8 \(0x40000008\): waiting for the kernel since ${who}when PID [0-9]+ has ended its write to $file, run drmgr --recover$"

	guest -65 drmgr -c pci -a -s C8 -n --json
	key '.recovery_needed.connectors' '[{"index":"0x40000008","name":"C8"}]'
	key '.recovery_needed.step' '"slot-disable"'
	key '.recovery_needed.writer.file' "\"$file\""
	guest drmon --once --json
	key '.recovery_needed.connectors[0].name' '"C8"'
	key '.can_look' true
	guest_sh 'grep -qs ^nobody /etc/passwd || echo nobody:x:65534:65534::/:/bin/sh >>/etc/passwd; chmod 755 /
		su -s /bin/sh nobody -c "drmon --once --json"'
	assert_json_schema drmon
	key '[.can_look, .leftovers, .recovery_needed, .operation]' '[false,null,null,null]'
	guest_sh 'papr-eventd --foreground >/dev/null 2>&1 & wait_until "papr-eventd --status | grep -q waiting"; papr-eventd --status'
	assert_stdout --regexp "C8 \(0x40000008\): waiting for the kernel since ${who}when PID [0-9]+ has ended its write to $file, run drmgr --recover"

	host x-papr-fault-clear
	guest_until '! drmgr --recover >/tmp/said 2>&1 || ! grep -q "has ended its write" /tmp/said'
	guest cat /tmp/said
	assert_stdout_line "As before: C8 (0x40000008)"
	guest drmgr -c pci -i -s C8 -n --json
	key '.recovery_needed' null
}

# Another process writes to the kernel, too: both are named.
@test "the write that may hold up another one is named" {
	local other=/sys/bus/pci/devices/0000:00:02.0/remove file=/sys/bus/pci/devices/0000:00:01.0/remove

	matrix_boot qemu
	guest_needed
	host x-papr-fault "{\"call\": \"write:$other\", \"hold\": true}"
	host x-papr-fault "{\"call\": \"write:$file\", \"hold\": true}"
	guest_sh "sh -c 'echo \$\$ >/tmp/pid; exec /usr/lib/guest/rawcall write $other 1' >/dev/null 2>&1 & \
		wait_until 'ls -l /proc/\$(cat /tmp/pid)/fd 2>/dev/null | grep -q remove'
		drmgr -w ${seconds}s -c pci -r -s C8 -n; echo \$?; cat /tmp/pid"
	assert_stdout --regexp $'^65\n[0-9]+$'
	assert_stderr --regexp "when PID [0-9]+ has ended its write to $file, run drmgr --recover"
	assert_stderr --regexp "PID ${output#65?} has /sys/devices/.*/0000:00:02.0/remove open: that write may be waiting for it"
}
