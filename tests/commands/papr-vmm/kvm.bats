#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: kvm drmgr papr-vmm
# An unmodified kernel under papr-vmm -accel kvm, from its boot to its shutdown: cards,
# memory, processors, resets. "make check-kvm" runs this file in an emulated machine whose
# only program is papr-vmm. The last test has a machine of its own, which runs examples/kvm.

# shellcheck disable=SC2016 # scripts for the guest

load ../../guest/verbs

setup_file()
{
	[[ ${GUEST_KIND:-real} == kvm ]] || export GUEST_MISSING='not a guest under KVM'
	[[ -n ${GUEST_MISSING:-} ]] || guest_boot -m 1G,slots=4,maxmem=4G -smp 4,maxcpus=8 -action panic=none
}

online() # RANGE
{
	guest_until '[ "$(cat /sys/devices/system/cpu/online)" = "$1" ]' "$1"
}

# Wait until the guest's memory is more, or less, than this many MiB.
memory() # -gt|-lt MIB
{
	guest_until '[ $(($(sed -n "s/^MemTotal: *\([0-9]*\) kB/\1/p" /proc/meminfo) / 1024)) $1 $2 ]' "$1" "$2"
}

plug_dimm() # NUMBER
{
	host object-add "{\"qom-type\": \"memory-backend-ram\", \"id\": \"m$1\", \"size\": 268435456}"
	host device_add "{\"driver\": \"pc-dimm\", \"id\": \"d$1\", \"memdev\": \"m$1\"}"
}

@test "the guest has what is answered: processors, XICS, hypercalls" {
	online 0-3
	guest -0 grep -c XICS /proc/interrupts
	guest_sh 'tr "\0" " " </proc/device-tree/rtas/ibm,hypertas-functions'
	assert_stdout 'hcall-term hcall-dabr hcall-interrupt hcall-tce hcall-splpar hcall-set-mode hcall-vphn hcall-multi-tce '
	guest_sh 'od -An -tx1 /proc/device-tree/chosen/ibm,architecture-vec-5 | tr -d " \n"'
	assert_regex "$output" '^1900.*0040$'
	guest dmesg
	assert_stdout --partial 'Using radix MMU under hypervisor'
}

@test "a card whose registers are zeros is added and removed" {
	host device_add '{"driver": "virtio-net-pci", "id": "n1", "addr": "2"}'
	guest -0 drmgr -c pci -a
	assert_stdout 'C16 (0x40000010): configured 0000:00:02.0 virtio-pci'
	# the driver has given up
	guest_until 'dmesg | grep -q "does not have VIRTIO_F_VERSION_1"'
	guest cat /sys/bus/pci/devices/0000:00:02.0/vendor
	assert_stdout 0x1af4
	guest -0 drmgr -c pci -r -s C16 -n
	host device_del '{"id": "n1"}'
	host_wait DEVICE_DELETED device=n1
	refute_node /pci@800000020000000/ethernet@2
}

@test "a source of random numbers works, and does after it was plugged again" {
	guest modprobe virtio_rng
	for id in r1 r2; do
		host device_add "{\"driver\": \"virtio-rng-pci\", \"id\": \"$id\", \"addr\": \"3\"}"
		guest -0 drmgr -c pci -a
		guest_until 'grep -q ^virtio_rng /sys/class/misc/hw_random/rng_current'
		guest_sh 'head -c 100000 /dev/hwrng | tee /tmp/random | wc -c; gzip </tmp/random | wc -c'
		assert_stdout_line 100000
		[ "${lines[1]}" -gt 99000 ] # it cannot be compressed
		guest -0 drmgr -c pci -r -s C24 -n
		guest_until '! grep -q ^virtio_rng /sys/class/misc/hw_random/rng_current'
		host device_del "{\"id\": \"$id\"}"
		host_wait DEVICE_DELETED "device=$id"
	done
}

@test "a DIMM is plugged and unplugged, and its memory can be used" {
	memory -lt 1024
	plug_dimm 1
	memory -gt 1100
	host device_del '{"id": "d1"}'
	host_wait DEVICE_DELETED device=d1
	memory -lt 1024
	host object-del '{"id": "m1"}'
	plug_dimm 1 # at the same address
	memory -gt 1100
	guest_sh -0 'mount -t tmpfs -o size=1100M use /mnt && dd if=/dev/zero of=/mnt/use bs=1M count=1030 2>&1; umount /mnt'
	assert_stdout_line '1030+0 records out'
}

@test "four processors become eight; cores are unplugged, released and acquired" {
	for core in 4 5 6 7; do
		plug_core "$core"
	done
	online 0-7
	guest_sh 'taskset 80 true && grep -c ^processor /proc/cpuinfo'
	assert_stdout 8
	host device_del '{"id": "c5"}'
	host_wait DEVICE_DELETED device=c5
	online 0-4,6-7
	plug_core 5
	online 0-7
	guest -0 drmgr -c cpu -r -q 2
	guest_sh 'grep -c ^processor /proc/cpuinfo'
	assert_stdout 6
	guest -0 drmgr -c cpu -a -q 2
	online 0-7
	# each of them runs programs, and receives interrupts of the others
	guest_sh 'for mask in 1 2 4 8 10 20 40 80; do
			taskset $mask sh -c "i=0; while [ \$i -lt 1000 ]; do i=\$((i + 1)); done" &
		done
		wait
		grep XICS.*IPI /proc/interrupts'
	assert_regex "$output" '^ *[0-9]+:( +[1-9][0-9]*){8} '
}

@test "a paused guest continues" {
	host stop
	host query-status
	assert_regex "$host_reply" '"paused"'
	host cont
	guest -0 cat /proc/uptime
}

@test "cards, memory and cores survive a reset, by the host and by the guest" {
	host device_add '{"driver": "virtio-rng-pci", "id": "r3", "addr": "3"}'
	host system_reset
	host_wait RESET guest=false
	guest_ready
	online 0-7
	memory -gt 1100
	guest_sh 'modprobe virtio_rng && head -c 1000 /dev/hwrng | wc -c'
	assert_stdout 1000
	guest_sh 'reboot -f >/dev/null 2>&1 &'
	host_wait RESET guest=true
	guest_ready
	online 0-7
}

# The kernel panics: it has neither a debugger nor a kernel for dumps. It tells the host, and
# restarts by itself.
@test "a guest that hangs is interrupted by an NMI" {
	guest_sh 'echo 1 >/proc/sys/kernel/panic; echo 1 >/proc/sys/kernel/printk'
	host inject-nmi
	host_wait GUEST_PANICKED action=run
	host_wait RESET guest=true
	guest_ready
	run assert_no_oops # which the teardown does not find again
	assert_failure
	assert_output --partial 'Oops: System Reset'
}

@test "the power button, and the end" {
	host system_powerdown
	guest_until 'dmesg | grep -q "Power off requested"'
	guest_sh 'poweroff -f >/dev/null 2>&1 &'
	host_wait SHUTDOWN guest=true reason=guest-shutdown
	wait_until 'grep -q "papr-vmm ended" "$GUEST_DIR/console.log"'
	run grep 'papr-vmm ended' "$GUEST_DIR/console.log"
	assert_output --partial 'papr-vmm ended: 0'
}

@test "examples/kvm: the smallest embedder boots, restarts and ends a guest, and passes input" {
	local log=$BATS_TEST_TMPDIR/log root=$BATS_TEST_TMPDIR/root

	"$_guest_verbs/make-kvmhost" -e "$GUEST_CACHE" "${GUEST_KVM_STAGE:-${GUEST_OVERLAY%%:*}}" "$root"
	timeout 400 "${GUEST_QEMU:-qemu-system-ppc64}" -accel tcg -cpu power9 -m 3G -nodefaults -display none \
		-M pseries,cap-cfpc=broken,cap-sbbc=broken,cap-ibs=broken,cap-ccf-assist=off,x-vof=on,cap-nested-hv=on \
		-kernel "$GUEST_CACHE/kernel.stripped" -initrd "$root" -append 'console=hvc0 quiet' \
		-serial "file:$log" </dev/null
	run grep -a '^kvm: \|^example: \|^guest: \|^host: ' "$log"
	diff - <(tr -d '\r' <<<"$output") <<-'END'
		kvm: /nothing: No such file or directory
		example: exit status 1
		kvm: usage: kvm KERNEL INITRD ARGUMENTS
		example: exit status 2
		guest: 1 processor, XICS
		guest: 0 complaints
		guest: what now?
		guest: answer restart
		guest: 1 processor, XICS
		guest: 0 complaints
		guest: what now?
		guest: answer off
		example: exit status 0
		host: the end
	END
}
