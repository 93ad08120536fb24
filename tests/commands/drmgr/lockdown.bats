#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: sim guest kernel few drmgr lsslot
#
# A kernel that was booted with lockdown=integrity: calls that work, calls that are
# refused, and messages that name the kernel. Without /dev/mem there are no work areas.
# Only newer kernels have interfaces that need none.

# shellcheck disable=SC2016,SC2154 # for the guest's shell; set by the verbs

load ../../guest/verbs
load ../../lib/cards
load ../../lib/beside

setup_file()
{
	export GUEST_LOCKDOWN=integrity
	# A real kernel does not load the module, which is not signed.
	[[ ${GUEST_KIND:-real} != sim ]] || export GUEST_DT_OVERLAY=yes
	# The kernel adds no core and no LMB before drmgr does.
	guest_boot -machine modern-hotplug-events=off -smp 1,maxcpus=4,cores=4,threads=1 \
		-m 1G,slots=2,maxmem=4G
	beside_setup
}

rtascall()
{
	guest -0 /usr/lib/guest/rtascall "$@"
}

refused='EPERM (refused by the kernel: no CAP_SYS_RAWIO for /dev/mem, or lockdown)'

@test "the kernel is locked down" {
	guest cat /sys/kernel/security/lockdown
	assert_stdout 'none [integrity] confidentiality'
}

# The module is not signed with a key of this kernel.
@test "the module is not loaded, and overlays are refused [ov-lockdown]" {
	guest_sh 'cd /lib/modules/$(uname -r)/updates 2>/dev/null && insmod papr-dt-overlay.ko 2>&1 | grep -o "Operation not permitted"
		/usr/lib/guest/rawcall write /proc/device-tree-overlay x 2>&1; true'
	if [[ ${GUEST_KIND:-real} == sim ]]; then
		assert_stdout EPERM
		guest -255 drmgr -c pci -a -n -s C8 --backend overlay
		assert_stderr 'The device tree cannot be changed through overlay: kernel lockdown'
	else
		assert_stdout $'Operation not permitted\nENOENT'
	fi
}

@test "calls without a work area work" {
	rtascall get_sensor 9003 0x40000008 , set_indicator 9001 0x40000008 0 , \
		set_power_level -1 100 , get_power_level -1 , get_time , display_char A , \
		token set-indicator , errinjct_open , sanity_check
	assert_stdout 'get_sensor 9003 0x40000008 = 0 state 0
set_indicator 9001 0x40000008 0 = 0
set_power_level -1 100 = 0 level 100
get_power_level -1 = 0 level 100
get_time = 0 plausible
display_char A = 0
token set-indicator = 8218
errinjct_open = -1099 token 0x5a5a5a5a
sanity_check = 0'
}

@test "the kernel refuses calls with a work area" {
	rtascall -e set_debug 1 , get_rmo_buffer 4096 , cfg_connector 40000008 , update_nodes 01 1 , \
		get_vpd U789 8 1 , get_indices 0 9007 64 1 , platform_dump 1 0 1024 , \
		get_sensor 9003 0x12345678
	assert_stdout 'set_debug 1 = 0
get_rmo_buffer 4096 = -1098 (EPERM)
cfg_connector 40000008 = -1098 (EPERM) area 40000008
update_nodes 01 1 = -1098 (EPERM) area 01
get_vpd U789 8 1 = -1098 (EPERM) next 0x5a5a5a5a bytes 0x5a5a5a5a area zero
get_indices 0 9007 64 1 = -1098 (EPERM) next 0x5a5a5a5a area zero
platform_dump 1 0 1024 = -1098 (EPERM) next 0x5a5a5a5a5a5a5a5a bytes 0x5a5a5a5a5a5a5a5a area zero
get_sensor 9003 0x12345678 = -3 state 0'
	[ "$(grep -cF "= $refused" <<<"$stderr")" = 6 ]
	assert_stderr --partial 'get-sensor-state(9003, 0x12345678) = -3 (no such sensor)'
}

# Since Linux 6.8, a device of the kernel reads and writes them.
@test "system parameters work only if the kernel has a device for them" {
	guest test -c /dev/papr-sysparm
	if [ "$status" -eq 0 ]; then
		rtascall set_debug 1 , get_sysparm 42 16 , get_sysparm 60000 16 , set_sysparm 42 0001
		assert_stdout 'set_debug 1 = 0
get_sysparm 42 16 = 0 area 0001
get_sysparm 60000 16 = -3 area zero
set_sysparm 42 0001 = -9002'
		assert_stderr --partial 'ioctl /dev/papr-sysparm get(42) = 0 (success)'
		refute_stderr --partial lockdown
	else
		rtascall -e set_debug 1 , get_sysparm 42 16 , set_sysparm 42 0001
		assert_stdout 'set_debug 1 = 0
get_sysparm 42 16 = -1098 (EPERM) area zero
set_sysparm 42 0001 = -1098 (EPERM)'
		assert_stderr --partial "= $refused"
	fi
}

# The peers' library returns the same where it has the call.
@test "the peers' library returns the same results" {
	beside '/usr/lib/guest/rtascall get_sensor 9003 0x40000008 , set_indicator 9003 0x40000008 1 , \
		set_power_level -1 100 , get_rmo_buffer 4096 , cfg_connector 40000008 , \
		update_nodes 00 1 , errinjct_open , display_char A , get_time'
	assert_status 0
	assert_stdout_line 'cfg_connector 40000008 = -1098 area 40000008'
}

@test "lsslot lists" {
	guest -0 lsslot -c pci -s C8 -F:
	assert_stdout 'C8:PCI-E capable, Rev 2, 8x lanes:Empty'
}

# Without a file to change the device tree, drmgr changes nothing. If the kernel changes
# the tree itself, drmgr needs no work area.
@test "drmgr adds a card if the kernel configures it, and otherwise names the refusal" {
	plug n0 virtio-net-pci 1 "$nic"
	guest drmgr -c pci -a -s C8 -n --trace
	if guest_has_dt; then
		assert_status 0
		assert_stderr --partial 'trace: write /sys/kernel/dlpar'
		guest -0 test -e /sys/class/net/eth0
		return
	fi
	assert_status 255
	assert_stderr 'The device tree cannot be changed through any interface of this kernel: kernel lockdown'
	guest lsslot -c pci -s C8 -F:
	assert_stdout --partial ':Empty'
	# The host unplugs its card, which the guest has not configured.
	host device_del '{"id": "n0"}'
	host_wait DEVICE_DELETED device=n0
	forget n0
}

@test "what does not change the device tree needs no way to change it [io-lockdown-none]" {
	guest -0 drmgr -c pci -a
	guest -0 drmgr -c pci -i -s C8 -n
	guest -0 drmgr -c pci -Q -s C8
	guest -5 drmgr -c phb -a -s 'PHB 0'
	guest -3 drmgr -c phb -r -s 'PHB 1'
	plug n0 virtio-net-pci 1 "$nic"
	guest -255 drmgr -c pci -a -n -s C8 --backend ofdt --json
	assert_stdout --partial '"code": "not-permitted"'
	assert_stdout --partial 'only without kernel lockdown'
	host device_del '{"id": "n0"}'
	host_wait DEVICE_DELETED device=n0
	forget n0
}

# The kernel walks the card's connector, too: the host can unplug the card.
@test "a host bridge is added with its card, which the host unplugs, then the bridge [io-lockdown-phb]" {
	host device_add '{"driver": "spapr-pci-host-bridge", "id": "phb1", "index": 1}'
	host device_add "{\"driver\": \"virtio-net-pci\", \"id\": \"b1\", \"bus\": \"phb1.0\", \"addr\": \"2\", $nic}"
	guest drmgr -c phb -a -s 'PHB 1' --trace
	if ! guest_has_dt; then
		assert_status 255
		assert_stderr 'The device tree cannot be changed through any interface of this kernel: kernel lockdown'
		return
	fi
	assert_status 0
	refute_stderr --partial 'refused by the kernel'
	assert_stderr_line --partial 'write /sys/kernel/dlpar dt add index 0x40010010'
	assert_node /pci@800000020000001/ethernet@2
	guest -0 drmgr -c pci -r -s C65552 -n
	guest -0 drmgr -c pci -a -s C65552 -n
	host device_del '{"id": "b1"}'
	guest -0 drmgr -c pci -r -s C65552 -n
	host_wait DEVICE_DELETED device=b1
	host device_del '{"id": "phb1"}'
	guest -0 drmgr -c phb -r -s 'PHB 1'
	host_wait DEVICE_DELETED device=phb1
}

# The kernel changes LMBs and cores itself.
@test "an LMB is added and removed" {
	local block=/sys/devices/system/memory/memory4

	host object-add '{"qom-type": "memory-backend-ram", "id": "m", "size": 268435456}'
	host device_add '{"driver": "pc-dimm", "id": "dm", "memdev": "m"}'
	guest -0 drmgr -c mem -a -q 1
	guest -0 test -e $block
	guest -0 drmgr -c mem -r -s 0x80000004 --force
	guest -1 test -e $block
}

# Last, because an emulated QEMU 7.2 crashes when its memory changes after a core is gone.
@test "a core is added, removed, added, and released to the host" {
	local action online

	plug_core 1
	for action in -a -r -a; do
		guest -0 drmgr -c cpu $action -q 1
		online=0
		[[ $action == -r ]] || online=0-1
		guest cat /sys/devices/system/cpu/online
		assert_stdout $online
	done
	if guest_has_dt; then # as after a removal that failed with EIO
		guest_sh 'echo 0 >/sys/devices/system/cpu/cpu1/online && cd /usr/lib/guest &&
			./rawcall write /sys/kernel/dlpar "dt remove index 0x10000001" &&
			cat /sys/devices/system/cpu/present &&
			./rtascall set_indicator 9001 0x10000001 0 , set_indicator 9001 0x10000001 1 &&
			./rawcall write /sys/kernel/dlpar "dt add index 0x10000001" &&
			echo 1 >/sys/devices/system/cpu/cpu1/online && cat /sys/devices/system/cpu/online'
		assert_stdout $'26\n0\nset_indicator 9001 0x10000001 0 = 0\nset_indicator 9001 0x10000001 1 = 0\n23\n0-1'
	fi
	host device_del '{"id": "c1"}'
	guest -0 drmgr -c cpu -r -q 1
	host_wait DEVICE_DELETED device=c1
}

# Restore the variables that the test of guest_has_dt reads.
guest_has_dt()
{
	_guest_ctl run -- grep -q '\<dt\>' /sys/kernel/dlpar
}
