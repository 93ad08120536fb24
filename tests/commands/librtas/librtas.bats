#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: sim guest kernel few kvm sanitized drmgr
#
# librtas.so.2 in a guest: its calls with a real kernel and QEMU's firmware. Answers that
# this firmware does not give (busy, or those of PowerVM) are in t-librtas.

# shellcheck disable=SC2016,SC2154 # for the guest's shell; set by the verbs

load ../../guest/verbs
load ../../lib/cards

rtascall()
{
	guest -0 /usr/lib/guest/rtascall "$@"
}

# Make a system call. "$base" and "$end" in its words are those of the pool.
raw_call() # NAME-OR-TOKEN NARGS NRET [ARG...]
{
	guest_sh -0 'read -r base bytes </proc/ppc64/rtas/rmo_buffer
		base=$((0x$base)) end=$((base + 0x$bytes)); eval "exec /usr/lib/guest/rawcall rtas $*"' "$@"
}

is_big_endian()
{
	guest uname -m
	[[ $output == ppc64 ]]
}

@test "work areas: allocated one by one until none is left, freed twice" {
	rtascall free_rmo_buffer 0
	assert_stdout 'free_rmo_buffer 0 = -1006'
	rtascall get_rmo_buffer 1 , get_rmo_buffer 4097 , get_rmo_buffer 1 , free_rmo_buffer 1 , \
		get_rmo_buffer 8192 , free_rmo_buffer 0 , free_rmo_buffer 0
	assert_stdout 'get_rmo_buffer 1 = 0 offset 0x0
get_rmo_buffer 4097 = 0 offset 0x1000
get_rmo_buffer 1 = 0 offset 0x3000
free_rmo_buffer 1 = 0
get_rmo_buffer 8192 = 0 offset 0x1000
free_rmo_buffer 0 = 0
free_rmo_buffer 0 = -1098'
}

@test "work areas: the whole window, more than that, nothing" {
	rtascall -e get_rmo_buffer 65536 , free_rmo_buffer 0 , get_rmo_buffer 65537 , get_rmo_buffer 0
	assert_stdout 'get_rmo_buffer 65536 = 0 offset 0x0
free_rmo_buffer 0 = 0
get_rmo_buffer 65537 = -1098 (ENOSPC)
get_rmo_buffer 0 = -1098 (ENOSPC)'
}

@test "work areas: contents are cleared before the next use" {
	rtascall get_rmo_buffer 65536 , fill 0 , free_rmo_buffer 0 , get_rmo_buffer 65536
	assert_stdout_line --index 3 'get_rmo_buffer 65536 = 0 offset 0x0'
	# A killed process cannot free its areas.
	guest_sh '/usr/lib/guest/rtascall get_rmo_buffer 65536 , fill 0 , sleep 60000 >/tmp/held &
		wait_until "grep -q fill /tmp/held"; kill -9 $!; wait $! 2>/dev/null
		/usr/lib/guest/rtascall get_rmo_buffer 65536'
	assert_stdout 'get_rmo_buffer 65536 = 0 offset 0x0'
}

# A library must not depend on descriptors of its own: a daemon closes all that it does not know.
@test "a program closes its descriptors, and uses their numbers: calls go on, its files stay" {
	local line

	rtascall get_sysparm 42 3 , get_time
	line=${lines[0]}
	rtascall get_sysparm 42 3 , closefrom , get_sysparm 42 3 , closefrom , reuse , get_sysparm 42 3 , reused , \
		get_sysparm 42 3 , reused
	assert_stdout "$line
closefrom = 0
$line
closefrom = 0
reuse = 17
$line
reused = 17
$line
reused = 17"
	# Areas in use stay in use, also if the lock file was closed.
	rtascall get_rmo_buffer 4096 , closefrom , get_rmo_buffer 4096 , reuse , get_rmo_buffer 4096 , \
		free_rmo_buffer 0 , free_rmo_buffer 1 , reused , get_rmo_buffer 4096
	assert_stdout 'get_rmo_buffer 4096 = 0 offset 0x0
closefrom = 0
get_rmo_buffer 4096 = 0 offset 0x1000
reuse = 17
get_rmo_buffer 4096 = 0 offset 0x2000
free_rmo_buffer 0 = 0
free_rmo_buffer 1 = 0
reused = 17
get_rmo_buffer 4096 = 0 offset 0x0'
}

# Calls that change nothing, or that this firmware does not have. Their answers do not change.
@test "each call answers after closefrom as before, and leaves the files of the program alone" {
	local call n=0

	while read -r call; do
		# shellcheck disable=SC2086 # words
		rtascall -e $call , closefrom , $call , closefrom , reuse , $call , reused
		assert_equal "${lines[2]}" "${lines[0]}"
		assert_equal "${lines[5]}" "${lines[0]}"
		assert_equal "${lines[6]}" 'reused = 17'
		n=$((n + 1))
	done <<-'CALLS'
		activate_firmware
		cfg_connector 00000000
		delay_timeout 0
		display_char 65
		display_msg text
		errinjct 1 2 -
		errinjct_close 1
		errinjct_open
		free_rmo_buffer 0
		get_config_addr_info2 0 0 1
		get_dynamic_sensor 9003 X
		get_indices 1 9003 4096 1
		get_power_level 1
		get_sensor 9003 0x40000008
		get_sysparm 42 64
		get_vpd X 4096 1
		interface_exists
		physical_attestation 00 1 0
		platform_dump 1 0 4096
		read_slot_reset 0 0
		sanity_check
		scan_log_dump 4096
		set_dynamic_indicator 9002 0 X
		set_eeh_option 0 0 0
		set_indicator 9 9 9
		set_power_level 0xffffffff 0
		set_poweron_time 1970 13 1 0 0 0 0
		set_sysparm 60000 0000
		set_time 1970 13 1 0 0 0 0
		token get-sensor-state
		update_nodes 00 1
		update_properties 00 1
	CALLS
	[ "$n" -eq 32 ]
}

@test "without a further descriptor, calls without a work area go on, others fail with the reason" {
	rtascall -e get_sensor 9003 0x40000008 , get_sysparm 42 3 , closefrom , no_files , \
		get_sensor 9003 0x40000008 , get_sysparm 42 3
	assert_equal "${lines[4]}" "${lines[0]}"
	assert_line --index 5 --partial 'get_sysparm 42 3 = -1098 (EMFILE)'
}

# Print how many system calls the third of three equal calls makes.
third() # CALL [ARG...]
{
	guest_sh -0 'count() { /usr/lib/guest/counts /usr/lib/guest/rtascall "$@" | cut -d" " -f8; }
		echo $(($(count "$@" , "$@" , "$@") - $(count "$@" , "$@")))' "$@"
}

@test "a later call without a work area is one system call" {
	third get_sensor 9003 0x40000008
	assert_stdout 1
	third get_power_level 1
	assert_stdout 1
	third display_char 65
	assert_stdout 1
}

@test "work areas: two processes share the window; one waits when it is full" {
	guest_sh 'rm -f /tmp/held; /usr/lib/guest/rtascall get_rmo_buffer 4096 , sleep 60000 >/tmp/held &
		wait_until "[ -s /tmp/held ]"
		/usr/lib/guest/rtascall get_rmo_buffer 4096 , get_sysparm 42 3; kill $!'
	assert_stdout --partial 'get_rmo_buffer 4096 = 0 offset 0x1000
get_sysparm 42 3 = 0'
	guest_sh 'rm /tmp/held; /usr/lib/guest/rtascall get_rmo_buffer 65536 , sleep 60000 >/tmp/held & held=$!
		wait_until "[ -s /tmp/held ]"
		/usr/lib/guest/rtascall -e delay_timeout 200 , get_rmo_buffer 4096
		{ sleep 0.5; kill $held; } & /usr/lib/guest/rtascall get_rmo_buffer 4096'
	assert_stdout_line --index 1 --partial 'get_rmo_buffer 4096 = -1098 (E'
	assert_stdout_line --index 2 'get_rmo_buffer 4096 = 0 offset 0x0'
}

@test "a user who is not root gets errors" {
	guest_sh 'grep -qs ^nobody /etc/passwd || echo nobody:x:65534:65534::/:/bin/sh >>/etc/passwd
		chmod 755 /; su nobody -s /bin/sh -c "/usr/lib/guest/rtascall \
			sanity_check , get_sensor 9003 0x40000001 , cfg_connector 40000001 , \
			suspend_me 1 , set_debug 0 , interface_exists , delay_timeout 200 , \
			get_indices 0 9007 0 1 , get_vpd U78 0 1 , physical_attestation 00 1 0"'
	assert_stdout 'sanity_check = -1003
get_sensor 9003 0x40000001 = -1003 state 0x5a5a5a5a
cfg_connector 40000001 = -1003 area 40000001
suspend_me 1 = -1098
set_debug 0 = 0
interface_exists = 0
delay_timeout 200 = -1003
get_indices 0 9007 0 1 = -1003 next 0x5a5a5a5a area zero
get_vpd U78 0 1 = -1003 next 0x5a5a5a5a bytes 0x5a5a5a5a area zero
physical_attestation 00 1 0 = -1003 next 0x5a5a5a5a bytes 0 area zero'
}

@test "the library finds tokens of calls" {
	rtascall token set-indicator , token nope , sanity_check , interface_exists
	assert_stdout 'token set-indicator = 8218
token nope = -1099
sanity_check = 0
interface_exists = 1'
}

# QEMU's firmware does not have these calls, nor does the simulated one.
@test "a call that firmware does not have writes nothing" {
	local absent='activate_firmware
display_msg text
errinjct 15 7 00000001
errinjct_close 7
errinjct_open
get_dynamic_sensor 9007 U789
get_indices 0 9007 1024 1
get_vpd U789 4096 1
lpar_perftools 2 01 4096 1
physical_attestation 01020304 1 64
platform_dump 0x100000002 0 1024
platform_dump 0x100000002 0 0
read_slot_reset 0x10000 0x0800000020000000
scan_log_dump 4096
set_dynamic_indicator 9007 1 U789
set_poweron_time 2030 12 31 23 59 59 5'

	guest -i sh -c 'while read -r call; do
		set -- "$@" $call , ; done; exec /usr/lib/guest/rtascall "$@"' <<<"$absent"
	assert_status 0
	assert_stdout 'activate_firmware = -1099
display_msg text = -1099
errinjct 15 7 00000001 = -1099 area 00000001
errinjct_close 7 = -1099
errinjct_open = -1099 token 0x5a5a5a5a
get_dynamic_sensor 9007 U789 = -1099 state 0x5a5a5a5a
get_indices 0 9007 1024 1 = -1099 next 0x5a5a5a5a area zero
get_vpd U789 4096 1 = -1099 next 0x5a5a5a5a bytes 0x5a5a5a5a area zero
lpar_perftools 2 01 4096 1 = -1099 next 0x5a5a5a5a area 01
physical_attestation 01020304 1 64 = -1099 next 0x5a5a5a5a bytes 64 area 01020304
platform_dump 0x100000002 0 1024 = -1099 next 0x5a5a5a5a5a5a5a5a bytes 0x5a5a5a5a5a5a5a5a area zero
platform_dump 0x100000002 0 0 = -1099 next 0x5a5a5a5a5a5a5a5a bytes 0x5a5a5a5a5a5a5a5a
read_slot_reset 0x10000 0x0800000020000000 = -1099 state 0x5a5a5a5a eeh 0x5a5a5a5a
scan_log_dump 4096 = -1099 area zero
set_dynamic_indicator 9007 1 U789 = -1099
set_poweron_time 2030 12 31 23 59 59 5 = -1099'
}

# bats test_tags=kvm
@test "the library returns firmware's answers" {
	rtascall get_sensor 9003 0x40000000 , get_sensor 9003 0x12345678 , set_indicator 1 0 0 , \
		set_power_level -1 100 , get_power_level 5 , get_power_level -1 , display_char A , \
		set_time 2024 2 29 23 59 58 0 , get_time , cfg_connector 12345678 , \
		get_config_addr_info2 0x10000 0x0800000020000000 0 , \
		set_eeh_option 0x10000 0x0800000020000000 1
	assert_stdout 'get_sensor 9003 0x40000000 = 0 state 0
get_sensor 9003 0x12345678 = -3 state 0
set_indicator 1 0 0 = -3
set_power_level -1 100 = 0 level 100
get_power_level 5 = -3 level 0
get_power_level -1 = 0 level 100
display_char A = 0
set_time 2024 2 29 23 59 58 0 = 0
get_time = 0 plausible
cfg_connector 12345678 = -3 area 12345678
get_config_addr_info2 0x10000 0x0800000020000000 0 = -3 info 0x0
set_eeh_option 0x10000 0x0800000020000000 1 = -3'
}

# The system call and /dev/papr-sysparm, if the kernel has it, return the same.
@test "system parameters: returned as long as they are, or as the caller's room" {
	rtascall get_sysparm 42 16 , get_sysparm 48 16 , get_sysparm 60000 16 , \
		get_sysparm 20 1 , set_sysparm 20 00 , set_sysparm 42 0001
	assert_stdout 'get_sysparm 42 16 = 0 area 0001
get_sysparm 48 16 = 0 area zero
get_sysparm 60000 16 = -3 area zero
get_sysparm 20 1 = -9999 area zero
set_sysparm 20 00 = -9002
set_sysparm 42 0001 = -9002'
	rtascall get_sysparm 20 256
	# BE16 length, then "MaxEntCap=1,DesMem="
	assert_stdout --regexp '= 0 area 00[0-9a-f]{2}4d6178456e744361703d312c4465734d656d3d'
}

# bats test_tags=kvm
@test "a connector: sensed, unisolated, configured step by step, twice" {
	plug r0 virtio-rng-pci 3
	rtascall get_sensor 9003 0x40000018 , set_indicator 9003 0x40000018 1 , \
		set_indicator 9001 0x40000018 1 , set_indicator 9002 0x40000018 3
	assert_stdout 'get_sensor 9003 0x40000018 = 0 state 1
set_indicator 9003 0x40000018 1 = -3
set_indicator 9001 0x40000018 1 = 0
set_indicator 9002 0x40000018 3 = 0'
	guest_sh -0 'set -- cfg_connector 40000018; for i in $(seq 19); do
		set -- "$@" , cfg_connector -; done; exec /usr/lib/guest/rtascall "$@"'
	assert_stdout_line --index 0 'cfg_connector 40000018 = 2 area 4000001800000000000000140000000000000000'"$(
		printf legacy-device@3 | od -An -tx1 | tr -d ' \n')"
	assert_stdout_line --index 1 --regexp '^cfg_connector - = 3 area 40000018000000000000001400000004'
	[ "$(grep -c '^cfg_connector - = 3 ' <<<"$output")" -ge 15 ]
	walk=$(grep -n ' = 0 ' <<<"$output" | cut -d: -f1)
	# A complete walk is followed by a new one.
	[ "$(sed -n "$((walk + 1))s/.* = \([0-9]*\) .*/\1/p" <<<"$output")" = 2 ]
	rtascall set_indicator 9001 0x40000018 0
	guest -0 drmgr -c pci -a -s C24 -n # so that teardown has a card to remove
}

@test "the kernel refuses system calls with bad areas" {
	raw_call query-cpu-stopped-state 1 2 0
	assert_stdout EINVAL
	raw_call ibm,get-system-parameter 3 1 20 0x1000000 64
	assert_stdout EINVAL
	raw_call ibm,get-system-parameter 3 1 20 '$((end - 32))' 64
	assert_stdout EINVAL
	raw_call ibm,get-system-parameter 3 1 20 '$base' 0
	assert_stdout EINVAL
	raw_call ibm,get-system-parameter 3 1 20 '$base' 64
	assert_stdout $'0\n0'
	raw_call ibm,configure-connector 2 1 '$base' 0
	assert_stdout $'0\n-3'
	raw_call ibm,configure-connector 2 1 '$((base + 1))' '$((end - 4095))'
	assert_stdout EINVAL
	raw_call get-time-of-day 16 0
	assert_stdout EINVAL
	raw_call get-time-of-day 15 1
	assert_stdout_line --index 0 0
	raw_call 0x7777 0 1
	assert_stdout EINVAL
	# A big-endian kernel lets this one pass: the last test.
	is_big_endian || {
		raw_call ibm,suspend-me 2 1 0 0
		assert_stdout EINVAL
	}
}

@test "messages of debug level 1 distinguish the kernel's errors from firmware's" {
	rtascall set_debug 1 , get_sensor 9003 0x12345678 , errinjct_open
	assert_stderr --partial 'get-sensor-state(9003, 0x12345678) = -3'
	assert_stderr --partial 'ibm,open-errinjct'
	is_big_endian || {
		rtascall set_debug 1 , suspend_me 1
		assert_stderr --partial 'ibm,suspend-me(0, 1) = EINVAL'
	}
}

@test "a big-endian kernel lets a program suspend the machine, which wakes again" {
	is_big_endian || skip "a little-endian kernel refuses the call"
	guest_sh '/usr/lib/guest/rtascall suspend_me 1 >/tmp/suspended 2>&1 &'
	host_wait SUSPEND
	host system_wakeup
	host_wait WAKEUP
	guest_until 'grep . /tmp/suspended'
	assert_stdout 'suspend_me 1 = 0'
}
