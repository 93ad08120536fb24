#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: sim drmgr
# One request of libdrmgr that names its resources by index (tests/guest/indexes.c).

# shellcheck disable=SC2016,SC2154 # scripts for the guest; set by the verbs

load ../../guest/verbs
load ../../lib/cards

indexes=/usr/lib/guest/indexes

setup_file()
{
	GUEST_MACHINE_OPTIONS=x-powervm=on GUEST_PLATFORM=lpar \
		guest_boot -smp 2,maxcpus=2,cores=2,threads=1 -m 1G,slots=4,maxmem=2G \
		-object memory-backend-ram,id=mem0,size=1G -device pc-dimm,id=d0,memdev=mem0
}

teardown()
{
	[[ -n ${GUEST_MISSING:-} ]] || guest_sh 'rm -rf /etc/drmgr.d /tmp/hooked
		! [ -e /run/udev/pid ] || kill -9 "$(cat /run/udev/pid)" 2>/dev/null; rm -rf /run/udev'
	cards_teardown
}

plug_three()
{
	plug n1 virtio-net-pci 1 "$nic"
	plug n2 virtio-net-pci 2 "$nic"
	plug n3 virtio-net-pci 3 "$nic"
}

# A hook that writes its environment to a file.
hook_for_pci()
{
	guest_sh -0 'umask 022; mkdir -p /etc/drmgr.d/pci; cd /etc/drmgr.d/pci
		printf "#!/bin/sh\necho \$ACTION \$PHASE \$DRC_COUNT \$DRC_INDEX \$DRC_NAME >>/tmp/hooked\n" >note
		chmod 755 note'
}

@test "three cards in one request: each has its hooks, and there is one wait for udevd [io-indexes]" {
	guest_sh 'for lib in /lib/*/libudev.so.1 /usr/lib*/libudev.so.1; do ! [ -e "$lib" ] || exit 0; done; exit 1'
	[[ $status -eq 0 ]] || skip "libudev.so.1 is missing"
	guest -0 /usr/lib/guest/udevd 1500
	hook_for_pci
	plug_three
	guest -0 env SYSTEMD_DEVICE_VERIFY_SYSFS=0 $indexes pci add describe 0x40000010 0x40000008 0x40000018
	assert_stdout 'begin 0x40000010
begin 0x40000008
begin 0x40000018
wait for udevd to finish with new devices
end 0x40000010 done 0000:00:02.0 eth0
end 0x40000008 done 0000:00:01.0 eth1
end 0x40000018 done 0000:00:03.0 eth2
result 0x40000010 done 0000:00:02.0 eth0 with steps
result 0x40000008 done 0000:00:01.0 eth1 with steps
result 0x40000018 done 0000:00:03.0 eth2 with steps
done: 3 of 3'
	guest_sh -0 'for n in eth0 eth1 eth2; do ! grep ID_RENAMING "/run/udev/data/n$(cat /sys/class/net/$n/ifindex)" || exit 1; done'
	guest cat /tmp/hooked
	assert_stdout 'add pre 1 0x40000010 C16
add post 1 0x40000010 C16
add pre 1 0x40000008 C8
add post 1 0x40000008 C8
add pre 1 0x40000018 C24
add post 1 0x40000018 C24'
}

@test "a card that fails is undone, and an unknown index fails: the other cards are done [io-indexes-fail]" {
	hook_for_pci
	plug_three
	# the power of the second card; a card needs two calls
	host x-papr-fault '{"call": "set-power-level", "nth": 4, "status": -1}'
	guest -1 $indexes pci add 0x40000008 0x40000010 0x4fffffff 0x40000018
	host x-papr-fault-clear
	assert_stdout_line 'result 0x40000008 done with steps'
	assert_stdout_line 'result 0x40000010 failed (firmware-refused) with steps'
	assert_stdout_line 'result 0x4fffffff failed (no-such-index)'
	assert_stdout_line 'result 0x40000018 done with steps'
	assert_stdout_line 'partial: 2 of 4'
	assert_stdout_line --partial 'no-such-index: '
	refute_node $phb/ethernet@2
	assert_node $phb/ethernet@3
	guest_sh '! ls -d /run/drmgr/[jl]* 2>/dev/null; cut -d" " -f2- /tmp/hooked'
	assert_stdout 'pre 1 0x40000008 C8
post 1 0x40000008 C8
pre 1 0x40000010 C16
post 0 0x40000010 C16
pre 1 0x40000018 C24
post 1 0x40000018 C24'
	guest -0 $indexes pci remove describe 0x40000018 0x40000008
	assert_stdout --partial 'end 0x40000018 done 0000:00:03.0 eth1
begin 0x40000008
end 0x40000008 done 0000:00:01.0 eth0'
	guest -1 $indexes pci remove 0x40000018 0x40000008
	assert_stdout_line 'result 0x40000018 failed (nothing-there) with steps'
	assert_stdout_line 'failed: 0 of 2'
	guest -0 $indexes pci remove needed 0x40000018 0x40000008
	assert_stdout_line --regexp '^result 0x40000018 skipped'
	assert_stdout_line 'done: 0 of 2'
	guest -1 $indexes pci remove needed 0x40000018 0x4fffffff
	assert_stdout_line 'failed: 0 of 2'
	guest -0 $indexes pci add 0x40000008
	guest -1 $indexes pci add needed 0x40000008 0x40000010 0x4fffffff
	assert_stdout_line 'partial: 1 of 3'
	guest -0 $indexes pci remove needed 0x40000018 0x40000010 0x40000008
	assert_stdout_line 'done: 2 of 3'
}

@test "a signal: the card that has begun is undone, and the next one is skipped [io-indexes-stop]" {
	plug_three
	guest -1 $indexes pci add stop 0x40000008 0x40000010
	assert_stdout --partial 'result 0x40000008 failed (interrupted)'
	assert_stdout_line 'result 0x40000010 skipped'
	assert_stdout_line 'failed: 0 of 2'
	refute_node $phb/ethernet@1
}

@test "what an earlier run left blocks only its own card [io-indexes-left]" {
	plug_three
	guest -0 drmgr -c pci -a -s C8 -n
	host x-papr-fault '{"call": "set-indicator", "nth": 2, "count": 0, "status": -1}'
	guest -65 drmgr -c pci -r -s C8 -n
	host x-papr-fault-clear
	# its undo fails again, only by the first call
	host x-papr-fault '{"call": "set-indicator", "nth": 1, "status": -1}'
	guest -1 $indexes pci add 0x40000008 0x40000010
	host x-papr-fault-clear
	assert_stdout_line 'result 0x40000008 failed (undo-incomplete)'
	assert_stdout_line 'result 0x40000010 done with steps'
	assert_stdout_line 'partial: 1 of 2'
	# the cause has gone: it is undone before, as for a request of its own
	guest -0 $indexes pci remove 0x40000008 0x40000010
	guest_sh '! ls -d /run/drmgr/[jl]* 2>/dev/null'
	assert_stdout ''
}

@test "a plan of several changes nothing [io-indexes-plan]" {
	plug_three
	hook_for_pci
	guest -0 $indexes pci add plan describe 0x40000008 0x40000010
	assert_stdout_line 'result 0x40000008 planned with steps'
	assert_stdout_line 'result 0x40000010 planned with steps'
	refute_node $phb/ethernet@1
	guest -1 test -e /tmp/hooked
}

@test "bad requests are refused before anything is changed [io-indexes-bad]" {
	local words

	plug_three
	for words in 'pci add key 0x40000008' 'pci add count 0x40000008' 'pci add' \
		'pci add all 0x40000008 0x40000010' 'pci add ask 0x40000008 0x40000010' \
		'pci add 0x40000008 0x40000010 0x40000008' 'phb remove 0x20000001 0x20000002' \
		'mem remove 0x80000001 0x80000002'; do
		# shellcheck disable=SC2086 # words
		guest -1 $indexes $words
		assert_stdout_line 'failed: 0 of 0'
		assert_stdout_line --partial 'bad-request: '
	done
	refute_node $phb/ethernet@1
}

@test "one index is a key of each type [io-indexes-one]" {
	plug n1 virtio-net-pci 1 "$nic"
	guest -0 $indexes pci add 0x40000008
	guest -0 $indexes pci remove 0x40000008
	host device_add '{"driver": "spapr-pci-host-bridge", "index": 1, "id": "phb1"}'
	guest -0 $indexes phb add 0x20000001
	guest -0 $indexes phb remove 0x20000001
	host device_del '{"id": "phb1"}'
	host_wait DEVICE_DELETED device=phb1
	guest -0 $indexes mem remove 0x80000004
	assert_stdout_line 'result 0x80000004 done with steps'
	guest -0 $indexes mem add 0x80000004
	guest -0 $indexes cpu remove 0x10000001
	assert_stdout_line 'result 0x10000001 done cpu1 - with steps'
	guest -0 $indexes cpu add 0x10000001
}

# QEMU does not remove a bridge, so this test is the last one.
@test "a bridge and a card below it: the bridge brings the card [io-indexes-bridge]" {
	host device_add '{"driver": "pci-bridge", "id": "b1", "addr": "4", "chassis_nr": 1}'
	host device_add "{\"driver\": \"virtio-net-pci\", \"id\": \"below\", \"bus\": \"b1\", \"addr\": \"1\", $nic}"
	guest -1 $indexes pci add describe 0x40000020 0x40000108
	assert_stdout_line --partial 'result 0x40000020 done '
	assert_stdout_line --partial 'result 0x40000108 done '
	assert_stdout_line --partial 'result 0x40000108 failed (already-there)'
	assert_stdout_line 'partial: 1 of 2'
	guest -1 $indexes pci remove 0x40000020 0x40000108
	assert_stdout_line 'result 0x40000108 failed (no-such-index)'
}
