#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: sim drmgr lsslot rtas-event
# Output on a terminal: with 80 columns, and in a narrower window. For the simulated
# guest, which has script(1).

load ../../guest/verbs
load ../../lib/cards

setup_file()
{
	GUEST_MACHINE_OPTIONS=x-powervm=on GUEST_PLATFORM=lpar \
		guest_boot -machine modern-hotplug-events=off -smp 2,maxcpus=4 -m 1G,slots=8,maxmem=64G
}

setup()
{
	cards_setup
	[[ ${GUEST_KIND:-real} == sim ]] || skip "the real guest has no script(1)"
}

# Run a command with a terminal for all streams. $output has its raw output.
on_terminal() # COLUMNS COMMAND [TERM]
{
	# shellcheck disable=SC2016 # for the guest
	guest_sh 'export TERM="$3"
		script -qec "stty cols $1 rows 24; $2" /dev/null </dev/null | sed "s/\r*\$//"' \
		"$1" "$2" "${3-linux}"
}

# Check the lines that the command leaves on the screen: none is too long or repeated, and
# none has control bytes.
reads_well() # COLUMNS
{
	local line before=

	refute_output --partial $'\x1b'
	while IFS= read -r line; do
		# Overwritten.
		line=${line##*$'\r'}
		if ((${#line} > $1)) && [[ $line == *' '* ]]; then
			fail "${#line} columns: $line"
		fi
		if [[ $line && $line == "$before" ]]; then
			fail "twice: $line"
		fi
		before=$line
	done <<<"$output"
}

@test "every message fits" {
	local command

	plug n0 virtio-net-pci 1 "$nic"
	while read -r command; do
		on_terminal 80 "$command"
		reads_well 80
	done <<-'COMMANDS'
		drmgr
		drmgr --help
		drmgr -h
		drmgr -c pci -h
		drmgr -c phb -h
		drmgr -c slot -h
		drmgr -c port -h
		drmgr -c cpu -h
		drmgr -c mem -h
		drmgr -c acc -h
		drmgr -m -h
		lsslot --help
		lsslot -Z
		rtas-event --help
		drmgr -C >/dev/null
		drmgr -Z
		drmgr -c pci -a -q 9 -s C8
		drmgr -c pci -i -n -s NOPE
		drmgr -c pci -r -n -s 0x1
		drmgr -c pci -a --dry-run
		drmgr -c cpu -r --backend overlay
		drmgr -c pci -a
		drmgr -c pci -a -n -s C8
		drmgr -c pci -a -q 3
		drmgr -c pci -r -n -s C8
		drmgr -c pci -r -n -s C8
		drmgr -c pci -a -n -s C16 -w 1s
		drmgr -c phb -a -s 'PHB 1'
		drmgr -c phb -a -q 1
		drmgr -c phb -r -s 'PHB 7'
		drmgr -c slot -a -s NOPE
		drmgr -c slot -r -s NOPE
		drmgr -c port -a -s HEA1
		drmgr -c cpu -a -q 9
		drmgr -c cpu -r -q 9
		drmgr -c cpu -r -s 0x99
		drmgr -c cpu -r -p smt_threads
		drmgr -c cpu -a -p ent_capacity
		drmgr -c mem -a -q 3
		drmgr -c mem -a -q 999
		drmgr -c mem -a -s 80000001
		drmgr -c mem -a -s 0x80000006
		drmgr -c mem -r -p ent_capacity
		drmgr -c acc -t gzip -q 1
		drmgr --recover
		drmgr -c cpu -Q
		drmgr -c mem -Q -s 9x
		lsslot
		lsslot -c pci -s C8
		lsslot -c phb
		lsslot -c cpu
		lsslot -c mem -s 0x80000006
		lsslot -c port
		lsslot -c cpu -b -p
	COMMANDS
}

@test "messages for refusals name firmware or the kernel, the object, the reason" {
	local call members

	plug n0 virtio-net-pci 1 "$nic"
	while read -r call members; do
		host x-papr-fault "{\"call\": \"$call\", $members}"
		on_terminal 80 'drmgr -c pci -a -n -s C8 --backend ofdt'
		host x-papr-fault-clear
		reads_well 80
		assert_output --partial 'C8 (0x40000008): '
	done <<-'FAULTS'
		set-indicator "status": -1
		set-indicator "status": -9001, "nth": 3
		set-indicator "errno": "EPERM"
		get-sensor-state "errno": "EINVAL"
		get-sensor-state "status": -1
		set-power-level "status": -9000
		ibm,configure-connector "status": -1
		ibm,configure-connector "status": -9003
		write:/proc/ppc64/ofdt "errno": "EIO"
	FAULTS
}

@test "programs get the known lines of the messages that a terminal shows" {
	guest drmgr -c cpu -h
	assert_stderr_line --partial '{variable_weight | ent_capacity} [-s drc_name | drc_index]'
	on_terminal 80 'drmgr -c cpu -h'
	assert_line '-c cpu {-a | -r} {-q <quantity> -p {variable_weight | ent_capacity} [-s drc_name'
	on_terminal 40 'drmgr -c pci -a -s NOPE -n'
	reads_well 40
}

lmbs()
{
	local id=m$RANDOM

	host object-add "{\"qom-type\": \"memory-backend-ram\", \"id\": \"$id\", \"size\": $((96 << 28))}"
	host device_add "{\"driver\": \"pc-dimm\", \"id\": \"d$id\", \"memdev\": \"$id\"}"
}

@test "the bar has the available width, and is removed at the end" {
	lmbs
	on_terminal 80 'drmgr -c mem -a -q 70'
	assert_output --regexp $'\\[#{36}\\.{4}\\] 64 of 70 LMBs\r {56}\r\\[#{40}\\]'
	assert_output --regexp $'70 of 70 LMBs\r {56}\rDR_TOTAL_RESOURCES=70$'
	# The bar is narrower than the window: at full width, the cursor would wrap.
	on_terminal 30 'drmgr -c mem -r -q 3'
	assert_output --regexp '\[#{15}\] 3 of 3 LMBs'
	on_terminal 18 'drmgr -c mem -r -q 3'
	assert_output --partial '3 of 3 LMBs'
	refute_output --partial '['
	on_terminal 8 'drmgr -c mem -r -q 3'
	refute_output --partial ' of '
}

@test "there is no bar if it cannot be overwritten, or with many messages" {
	local command

	on_terminal 80 'drmgr -c mem -r -q 3' dumb
	assert_output 'DR_TOTAL_RESOURCES=3'
	on_terminal 80 'drmgr -c mem -r -q 3' ''
	assert_output 'DR_TOTAL_RESOURCES=3'
	on_terminal 80 'drmgr -c mem -a -q 3 2>/dev/null'
	assert_output 'DR_TOTAL_RESOURCES=3'
	for command in '--trace' '-d 4' '--dry-run'; do
		on_terminal 80 "drmgr -c mem -r -q 2 $command"
		refute_output --partial '#]'
	done
	guest drmgr -c mem -r -q 3
	assert_stderr ''
}

# The window is made smaller while the bar is drawn.
@test "the bar follows a window that changes" {
	lmbs
	# shellcheck disable=SC2016 # for the guest
	guest_sh 'mkdir -p /etc/drmgr.d/mem; cd /etc/drmgr.d/mem
		printf "#!/bin/sh\nstty cols 24 <\$(cat /tmp/tty)\n" >narrow; chmod 755 narrow
		TERM=linux script -qec "stty cols 80; tty >/tmp/tty; drmgr -c mem -a -q 3" /dev/null </dev/null
		rm -r /etc/drmgr.d/mem'
	assert_output --regexp $'\\[#{9}\\] 3 of 3 LMBs\r {23}\rDR'
}
