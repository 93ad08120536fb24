#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Command lines that are written for QEMU: each of its options is known here.

bats_require_minimum_version 1.5.0
load papr-vmm

# accepts OPTION...: true if the command line is correct. Nothing is started.
accepts()
{
	run --separate-stderr timeout 10 "$papr_vmm" "$@" -device help </dev/null
	echo "$*: $status, $stderr"
	[[ $status -eq 0 && -z $stderr ]]
}

@test "each option of QEMU is in the help text" {
	local option

	command -v qemu-system-ppc64 || skip 'without qemu-system-ppc64'
	"$papr_vmm" -help | grep -oE -- '(^|[ ,|])--?[A-Za-z][A-Za-z0-9_-]*' | sed -E 's/^[ ,|]*-+//' |
		sort -u >"$BATS_TEST_TMPDIR/known"
	while read -r option; do
		echo "$option"
		grep -qxe "$option" "$BATS_TEST_TMPDIR/known"
	done < <(qemu-system-ppc64 -help | grep -E '^-' |
		grep -oE -- '^--?[A-Za-z][A-Za-z0-9_-]*|^-[a-z]+( or |/)-[a-z]+' |
		sed -E 's# or |/#\n#g' | sed -E 's/^-+//' | sort -u)
	[ "$(wc -l <"$BATS_TEST_TMPDIR/known")" -gt 100 ]
}

@test "options without effect are accepted as programs write them" {
	accepts -nodefaults -no-user-config -display none -vga none -net none -nic none -parallel none
	accepts -overcommit mem-lock=off -overcommit cpu-pm=on,mem-lock=on-fault
	accepts -msg timestamp=on -msg timestamp=on,guest-name=off
	accepts -sandbox on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny
	accepts -sandbox off -run-with async-teardown=on -async-teardown -singlestep -seed 0x12
	accepts -audio none -audiodev none,id=a -audiodev '{"id":"audio1","driver":"none"}'
	accepts -boot strict=on -boot order=cdn,once=n,menu=off -boot c -boot reboot-timeout=-1
	accepts -icount auto -icount shift=7,sleep=off,align=off -global virtio-net-pci.mac=1
	accepts -global driver=a,property=b,value=c -trace 'enable=qmp*' -d guest_errors,unimp -D log
	accepts -compat deprecated-input=reject,unstable-output=hide -watchdog-action pause
	accepts -mem-path /dev/shm -mem-prealloc -only-migratable -snapshot -k de -L /usr/share/qemu
	accepts --overcommit mem-lock=off --no-user-config
}

# Row: message, options.
@test "their values are checked as QEMU checks them" {
	local message options

	while IFS='|' read -r message options; do
		# shellcheck disable=SC2086 # words
		run --separate-stderr timeout 10 "$papr_vmm" $options -device help
		echo "$options: $status, $stderr"
		assert_equal "$status" 125
		assert_equal "$stderr" "papr-vmm: $options: $message"
	done <<-'ROWS'
		Invalid parameter 'foo'|-overcommit foo=1
		Parameter 'mem-lock' expects 'on' or 'off'|-overcommit mem-lock=zz
		Parameter 'cpu-pm' expects 'on' or 'off'|-overcommit cpu-pm=
		Invalid parameter 'foo'|-msg foo=1
		Parameter 'enable' expects 'on' or 'off'|-sandbox zz
		invalid argument for spawn|-sandbox on,spawn=children
		Invalid boot device 'x'|-boot xyz
		Boot device 'c' was given twice|-boot order=cdc
		Parameter 'strict' expects 'on' or 'off'|-boot strict=zz
		icount: Invalid shift value|-icount zz
		icount: Invalid shift value|-icount shift=11
		Parameter 'sleep' expects 'on' or 'off'|-icount sleep=zz
		Invalid seed number: x|-seed x
		Parameter 'watchdog' does not accept value 'zz'|-watchdog-action zz
		Parameter 'watchdog' does not accept value 'zz'|-action watchdog=zz
		Parameter 'deprecated-input' does not accept value 'hide'|-compat deprecated-input=hide
		options 'driver', 'property', and 'value' are required|-global driver=zz
		Invalid parameter 'zz'|-global zz
		Parameter 'id' is missing|-audiodev none
		'alsa' is not supported, only 'none'|-audiodev alsa,id=x
		JSON parse error|-audiodev {
		Parameter 'type' does not accept value 'zz'|-net zz
		Parameter 'type' does not accept value 'zz'|-nic zz
		invalid syntax for ethernet address|-nic user,mac=52:54:00:12:34
		invalid syntax for ethernet address|-net nic,macaddr=52:54:00:12:34:5g
		':1' is not supported, only 'none'|-vnc :1
	ROWS
}

@test "a refused option names the reason" {
	local option

	while read -r option; do
		run --separate-stderr timeout 10 "$papr_vmm" "$option" value
		assert_failure 125
		assert_output ''
		assert_equal "${#stderr_lines[@]}" 1
		[[ $stderr =~ ^'papr-vmm: '$option( value)?': not supported: '[A-Za-z] ]]
	done < <("$papr_vmm" -help | sed -n '/are refused/,/^See/p' | grep -oE -- '-[a-z0-9_-]+' | grep -v '^-vmm')
	run "$papr_vmm" -gdb
	assert_output 'papr-vmm: -gdb: requires an argument'
}
