#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: sim drmgr lsslot
# lsslot --sense: what the host offers, and what only an addition shows.

# shellcheck disable=SC2154 # set by guest

load ../../guest/verbs
load ../../lib/cards

setup_file()
{
	guest_boot -smp 1,maxcpus=2,cores=2,threads=1 -m 1G,slots=4,maxmem=2G
}

# Print "NAME OFFERED" of each connector in the document.
offers()
{
	jq -r '.connectors[] | "\(.name) \(.offered)"' <<<"$output"
}

@test "a card that waits on the host is offered, until the partition has it" {
	guest lsslot -c pci --json
	assert_equal "$(jq -r '[.connectors[].offered] | unique | .[]' <<<"$output")" null
	plug n0 virtio-net-pci 1 "$nic"
	guest -0 lsslot -c pci --sense --json
	assert_equal "$(offers | grep -v ' false')" 'C8 true'
	assert_equal "$(jq -r '.connectors[] | select(.offered) | .state' <<<"$output")" empty
	guest lsslot -c pci --sense -F:
	assert_line --regexp '^C8:.*:yes:Empty$'
	assert_line --regexp '^C16:.*:no:Empty$'
	guest lsslot -c pci --sense -s C8
	assert_line --regexp '^# Slot +Description +Offered  Device\(s\)$'
	assert_line --regexp '^C8 .* yes      Empty$'
	guest lsslot --summary --sense -c pci
	assert_line --regexp '^Type +Owned +Not owned +Reserved  Offered  '
	assert_line --regexp '^pci +0 +[0-9]+ +0        1  -'
	guest drmgr -c pci -a -s C8 -n
	guest lsslot -c pci --sense --json
	assert_equal "$(offers | grep -v ' false')" ''
	guest lsslot -c pci --sense -F:
	assert_line --regexp '^C8:.*:no:0000:00:01.0$'
}

# The sensor has one value for all that is not owned.
@test "firmware does not tell which processors and memory the host offers" {
	guest lsslot -c cpu --sense --json
	assert_equal "$(offers)" $'CPU 1 null\nCPU 0 false'
	guest lsslot -c mem --sense --json
	assert_equal "$(jq -r '.connectors[] | "\(.state) \(.offered)"' <<<"$output" | sort -u)" \
		$'not-owned null\nreserved false'
	guest lsslot --summary --sense --json
	assert_equal "$(jq -c '.types[] | select(.type == "cpu" or .type == "pci") | .offered' <<<"$output" | sort)" \
		$'0\nnull'
	guest lsslot --summary --sense --json -c mem
	assert_equal "$(jq -c '.types[].offered' <<<"$output")" null
}

@test "refused: another user, other tables, captured trees" {
	guest_sh -1 'grep -qs ^nobody /etc/passwd || echo nobody:x:65534:65534::/:/bin/sh >>/etc/passwd
		chmod 755 /; su nobody -s /bin/sh -c "lsslot -c pci --sense --json"'
	assert_equal "$(jq -r .error.code <<<"$output")" not-permitted
	assert_stderr 'lsslot: --sense: only root can call firmware'
	guest -1 lsslot -c mem --sense
	assert_stderr 'lsslot: --sense: the table of -c mem does not show it; add --json or --summary'
	guest -1 lsslot -c pci --sense --sysroot /
	assert_stderr 'lsslot: --sense and --sysroot exclude each other: only the firmware of this machine can be called'
}

@test "a sensor that cannot be read is null" {
	host x-papr-fault '{"call": "get-sensor-state", "status": -1}'
	guest lsslot -c pci -s C8 --sense --json
	host x-papr-fault-clear
	assert_status 0
	assert_equal "$(offers)" 'C8 null'
}

# Row: connector type, key, words of the advice.
@test "an addition for which the host has nothing says what adds it there" {
	local type key words

	while IFS='|' read -r type key words; do
		guest_sh "drmgr -c $type -a $key -n --json"
		[[ $status -ne 0 ]]
		assert_equal "$(jq -r '.warnings[-1]' <<<"$output")" \
			"The host $words"
		guest_sh "drmgr -c $type -a $key -n"
		[[ $stderr != *QEMU* ]]
		guest_sh "script -qec 'stty cols 250; drmgr -c $type -a $key -n' /dev/null </dev/null"
		assert_line --regexp "^Hint: "
		assert_line --partial "The host $words"
	done <<-'ROWS'
		pci|-s C16 -w 1s|has no such resource for this partition, or not enough. To add it there, on QEMU's monitor: device_add DRIVER,addr=SLOT
		cpu|-q 1|has no such resource for this partition, or not enough. To add it there, on QEMU's monitor: device_add TYPE,core-id=NUMBER, as in info hotpluggable-cpus
		cpu|-s "CPU 1"|has no such resource for this partition, or not enough. To add it there, on QEMU's monitor: device_add TYPE,core-id=NUMBER, as in info hotpluggable-cpus
		mem|-q 1|has no such resource for this partition, or not enough. To add it there, on QEMU's monitor: object_add memory-backend-ram,id=m1,size=SIZE, then device_add pc-dimm,memdev=m1
	ROWS
}

@test "a dry run says what only the addition shows" {
	guest -0 drmgr -c cpu -a -s 'CPU 1' --dry-run --json
	assert_equal "$(jq -r '.warnings[]' <<<"$output")" \
		'Only the addition shows if the host has the resources: sensors do not tell.'
	guest drmgr -c cpu -a -s 'CPU 1' --dry-run
	assert_stderr 'Only the addition shows if the host has the resources: sensors do not tell.'
	plug n0 virtio-net-pci 1 "$nic"
	guest drmgr -c pci -a -s C8 --dry-run --json
	assert_equal "$(jq -r '.warnings[]' <<<"$output")" ''
}

# The second machine stays until the end.
@test "PowerVM: the HMC adds resources" {
	guest_down
	rm -r "$GUEST_DIR"
	GUEST_MACHINE_OPTIONS=x-powervm=on GUEST_PLATFORM=lpar \
		guest_boot -machine modern-hotplug-events=off -smp 1,maxcpus=2 -m 1G,slots=4,maxmem=2G
	guest drmgr -c cpu -a --json
	assert_equal "$(jq -r '.warnings[-1]' <<<"$output")" \
		'The host has no such resource for this partition, or not enough. To add it there, on the HMC: chhwres -r proc -o a'
}
