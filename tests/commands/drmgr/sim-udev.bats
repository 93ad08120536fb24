#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: sim drmgr papr-eventd
# A played udevd (tests/guest/udevd.c) in a simulated guest: drmgr waits until it has
# finished with a new device, and not if it is dead. Final names: eventd-systemd.bats.

# shellcheck disable=SC2016,SC2154 # scripts for the guest; set by the verbs

load ../../guest/verbs
load ../../lib/cards
load ../../lib/drmon

# For libudev, /sys must be one of the kernel's.
on_fuse=SYSTEMD_DEVICE_VERIFY_SYSFS=0
done_line='C8 (0x40000008): configured 0000:00:01.0 virtio-pci eth0'

setup()
{
	cards_setup
	[[ -n ${GUEST_MISSING:-} ]] || guest_sh '! [ -e /run/udev/pid ] || kill -9 "$(cat /run/udev/pid)" 2>/dev/null; rm -rf /run/udev'
	guest_sh 'for lib in /lib/*/libudev.so.1 /usr/lib*/libudev.so.1; do ! [ -e "$lib" ] || exit 0; done; exit 1'
	[[ $status -eq 0 ]] || skip "libudev.so.1 is missing"
}

play_udevd() # MS [SOCKET]
{
	guest -0 /usr/lib/guest/udevd "$@"
}

# Run drmgr and print on stderr whether it has loaded libudev.
drmgr_and_libraries() # OPTION...
{
	guest_sh 'LD_DEBUG=files LD_DEBUG_OUTPUT=/tmp/loaded '$on_fuse' drmgr "$@"
		cat /tmp/loaded.* | grep -c "calling init: .*libudev" >&2; rm /tmp/loaded.*' "$@"
}

# The interface's record is final, and not that of the renaming.
assert_record() # IFINDEX
{
	guest -0 cat "/run/udev/data/n$1"
	refute_stdout --partial ID_RENAMING
}

# Print the number of the interface.
ifindex()
{
	guest -0 cat /sys/class/net/eth0/ifindex
}

# drmgr adds a card, waits for its interface, and prints it once.
add_and_wait()
{
	plug n0 virtio-net-pci 1 "$nic"
	drmgr_and_libraries -c pci -a
	assert_stdout "$done_line"
	assert_stderr 1
	ifindex
	assert_record "$output"
}

@test "drmgr waits until udevd has finished with an interface, and prints it once [io-udev-wait]" {
	play_udevd 300
	add_and_wait
}

@test "a document of a named slot waits, too; without one, drmgr prints nothing and does not wait [io-udev-json]" {
	play_udevd 300
	plug n0 virtio-net-pci 1 "$nic"
	guest -0 env $on_fuse drmgr -c pci -a -s C8 -n --json
	assert_stdout --partial '"eth0"'
	ifindex
	assert_record "$output"
	guest drmgr -c pci -r -s C8 -n
	drmgr_and_libraries -c pci -a -s C8 -n
	assert_stdout ''
	assert_stderr 0
}

@test "the cards of a host bridge: drmgr waits for all [io-udev-phb]" {
	play_udevd 100
	host device_add '{"driver": "spapr-pci-host-bridge", "index": 1, "id": "phb1"}'
	host device_add "{\"driver\": \"virtio-net-pci\", \"id\": \"a\", \"bus\": \"phb1.0\", \"addr\": \"1\", $nic}"
	host device_add "{\"driver\": \"e1000\", \"id\": \"b\", \"bus\": \"phb1.0\", \"addr\": \"2\", $nic}"
	guest -0 env $on_fuse drmgr -c phb -a -q 1
	assert_stdout --partial 'configured 0001:00:01.0 virtio-pci eth0, 0001:00:02.0 e1000 eth1'
	assert_stderr ''
	guest_sh -0 'for n in eth0 eth1; do ! grep ID_RENAMING "/run/udev/data/n$(cat /sys/class/net/$n/ifindex)" || exit 1; done'
	guest -0 drmgr -c phb -r -s 'PHB 1'
	host device_del '{"id": "phb1"}'
	host_wait DEVICE_DELETED device=phb1
}

@test "the same card again: it has a new number, and is waited for again [io-udev-again]" {
	local first

	play_udevd 100
	for round in 1 2 3; do
		plug n0 virtio-net-pci 1 "$nic"
		guest env $on_fuse drmgr -c pci -a
		assert_stdout "$done_line"
		assert_stderr ''
		ifindex
		[ "$output" != "${first-}" ]
		first=$output
		assert_record "$first"
		unplug n0
	done
}

@test "a udevd of systemd 258, which has another socket" {
	play_udevd 300 io.systemd.Udev
	guest_sh ': >/run/udev/control' # an older libudev gets no events without this file
	add_and_wait
}

@test "without udevd, libudev is not loaded [io-udev-none]" {
	plug n0 virtio-net-pci 1 "$nic"
	drmgr_and_libraries -c pci -a
	assert_stdout "$done_line"
	assert_stderr 0
}

@test "the file of a udevd that has ended: drmgr does not wait, and does not load libudev [io-udev-ended]" {
	play_udevd 0
	guest_sh -0 'kill -9 "$(cat /run/udev/pid)" && test -e /run/udev/control'
	plug n0 virtio-net-pci 1 "$nic"
	drmgr_and_libraries -c pci -a
	assert_stdout "$done_line"
	assert_stderr 0
}

@test "a udevd that hangs: drmgr prints the present name, and warns once [io-udev-hangs]" {
	play_udevd 0
	guest_sh 'kill -STOP "$(cat /run/udev/pid)"'
	plug n0 virtio-net-pci 1 "$nic"
	plug n1 virtio-net-pci 2 "$nic"
	guest -0 env $on_fuse drmgr -c pci -a
	assert_stdout "$done_line"$'\nC16 (0x40000010): configured 0000:00:02.0 virtio-pci eth1'
	assert_stderr_line --index 0 --partial 'waiting for udevd to finish with new devices, at most '
	assert_stderr_line --index 1 '0000:00:01.0: udevd has not finished with this device: the names of interfaces and disks may still change'
	assert_equal "${#stderr_lines[@]}" 2
	guest tail -n 20 /var/log/drmgr
	assert_stdout --partial '0000:00:01.0: udevd has not finished with this device'
}

@test "the limit of -w ends the wait, and is no error [io-udev-limit]" {
	play_udevd 60000
	guest_sh ': >/run/udev/queue' # it works: no limit for silence
	plug n0 virtio-net-pci 1 "$nic"
	guest -0 env $on_fuse drmgr -c pci -a -w 3s
	assert_stdout "$done_line"
	assert_stderr --partial 'udevd has not finished with this device'
}

# When the interface's record says that it is being renamed, the card is configured.
@test "SIGTERM ends the wait: the card remains configured, and its present name is printed [io-udev-signal]" {
	play_udevd 10000
	plug n0 virtio-net-pci 1 "$nic"
	guest_sh $on_fuse' drmgr -c pci -a >/tmp/out 2>&1 & pid=$!
		wait_until "grep -qs ID_RENAMING /run/udev/data/n*"
		kill $pid; wait $pid; echo $?; cat /tmp/out; grep -l ID_RENAMING /run/udev/data/n*'
	assert_stdout_line --index 0 0
	assert_stdout_line "$done_line"
	assert_stdout_line --partial /run/udev/data/n
}

@test "drmon shows a device when udevd has finished with it [drmon-udev]" {
	play_udevd 0
	screen_env=$on_fuse screen_start
	shows 'PHB 0'
	guest_sh 'kill -STOP "$(cat /run/udev/pid)"'
	plug n0 virtio-net-pci 1 "$nic"
	guest -0 drmgr -c pci -a -s C8 -n
	shows 'drmgr -c pci -a -s C8 -n +done'
	shows_no 'eth0 added'
	guest_sh 'kill -CONT "$(cat /run/udev/pid)"'
	shows 'net eth0 added'
	shows 'C8 .*eth0'
	keys q
	shows 'ended 0'
	screen_stop
}

@test "interfaces have a number, and a write to their file uevent sends an event" {
	local path=/devices/pci0000:00/0000:00:01.0/virtio0/net/eth0

	plug n0 virtio-net-pci 1 "$nic"
	guest drmgr -c pci -a -s C8 -n
	guest_sh -0 'test "$(cat /sys/class/net/eth0/uevent)" = "INTERFACE=eth0
IFINDEX=$(cat /sys/class/net/eth0/ifindex)"'
	guest /usr/lib/guest/rawcall uevents sh -c 'echo add >/sys/class/net/eth0/uevent'
	assert_stdout "add net $path"
	guest /usr/lib/guest/rawcall uevents sh -c 'echo change 12345678-0000-0000-0000-000000000000 A=b >/sys/bus/pci/devices/0000:00:01.0/uevent'
	assert_stdout "change pci ${path%/virtio0*}"
	guest -0 /usr/lib/guest/rawcall uevents sh -c '! echo added >/sys/class/net/eth0/uevent'
	assert_stdout ''
}

@test "papr-eventd logs what it has configured" {
	play_udevd 100
	guest_sh -0 $on_fuse' papr-eventd 2>/tmp/eventd.log'
	plug n0 virtio-net-pci 1 "$nic"
	guest_until 'grep -F "add pci 0x40000008: done" /tmp/eventd.log'
	guest grep -c "$done_line" /tmp/eventd.log
	assert_stdout 1
	ifindex
	assert_record "$output"
	guest_sh 'kill $(pidof papr-eventd)'
	guest_until '! pidof papr-eventd'
}
