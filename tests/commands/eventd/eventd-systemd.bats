#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: systemd drmgr papr-eventd rtas-event
# papr-eventd as a service of systemd, in a real guest whose disk is below a host bridge of
# its own (make systemd-prepare).

# shellcheck disable=SC2016,SC2154 # scripts for the guest; set by the verbs

load ../../guest/verbs
load ../../lib/eventd

# Without this, QEMU plugs a card below the host bridge of the root file system, /dev/vda.
first_bus='"bus": "pci.0"'
drop_ins=/etc/systemd/system/papr-eventd.service.d

# Print why there is no such guest, or nothing.
systemd_missing()
{
	if [[ ${GUEST_KIND:-real} != real ]]; then
		echo "only a real guest has systemd"
	elif [[ ! -e ${GUEST_SYSTEMD:-} ]]; then
		echo "GUEST_SYSTEMD is no disk (see tests/guest/make-systemd)"
	elif ! PATH=$PATH:/usr/sbin:/sbin command -v mke2fs >/dev/null; then
		echo "mke2fs is missing"
	fi
}

setup_file()
{
	local missing

	missing=$(systemd_missing)
	if [[ -n $missing ]]; then
		export GUEST_MISSING=$missing
		return 0
	fi
	truncate -s 4M "$BATS_FILE_TMPDIR/data"
	PATH=$PATH:/usr/sbin:/sbin mke2fs -q -t ext4 -O ^has_journal "$BATS_FILE_TMPDIR/data"
	# The initramfs has none of our programs: they are on the disk.
	export GUEST_OVERLAY='' GUEST_KERNEL_OPTIONS="guest.root ${GUEST_KERNEL_OPTIONS:-}"
	guest_boot -no-shutdown -device spapr-pci-host-bridge,index=1,id=phb1 \
		-drive "if=none,id=root,format=raw,snapshot=on,file=$GUEST_SYSTEMD" \
		-device virtio-blk-pci,id=root0,bus=phb1.0,addr=1,drive=root \
		-drive "if=none,id=data,format=raw,snapshot=on,file=$BATS_FILE_TMPDIR/data" \
		-drive "if=none,id=data2,format=raw,snapshot=on,file=$BATS_FILE_TMPDIR/data"
	[[ -n ${GUEST_MISSING:-} ]] || guest systemctl is-system-running --wait
}

# The journal of a test begins here.
setup()
{
	cards_setup
	guest_sh 'journalctl -n 0 --show-cursor | sed -n "s/^-- cursor: //p"'
	cursor=$output
}

teardown()
{
	[[ -z ${GUEST_MISSING:-} ]] || return 0
	assert_no_oops
	[[ -n $cursor ]] || return 0 # the guest has ended
	guest journalctl --no-pager "--after-cursor=$cursor"
	unlock
	guest_sh 'rm -rf /etc/drmgr.d
		! rm -r "$1" 2>/dev/null || { systemctl daemon-reload && systemctl restart papr-eventd; }
		systemctl start papr-eventd' $drop_ins
	cards_teardown
}

# As in eventd.bash, but in the journal.
logged() # TEXT [COUNT]
{
	guest_until '[ "$(journalctl -u papr-eventd -o cat "--after-cursor=$1" | grep -cF -e "$2")" -ge "$3" ]' \
		"$cursor" "$1" "${2-1}"
}

refute_logged() # TEXT
{
	guest_sh 'journalctl -u papr-eventd -o cat "--after-cursor=$1"' "$cursor"
	refute_stdout --partial "$1"
}

property() # NAME
{
	guest -0 systemctl show -P "$1" papr-eventd
}

assert_property() # NAME VALUE
{
	property "$1"
	assert_stdout "$2"
}

# Change the service for the rest of the test, and start it again.
drop_in() # LINES
{
	guest_sh -i 'mkdir -p "$1" && cat >"$1/test.conf" && systemctl daemon-reload && systemctl restart papr-eventd' \
		$drop_ins <<<"$1"
	assert_status 0
}

# An executable file of root.
script() # PATH LINE...
{
	printf '%s\n' '#!/bin/sh' "${@:2}" >"$BATS_TEST_TMPDIR/script"
	guest_sh -0 -i 'mkdir -p "${1%/*}" && cat >"$1" && chmod 755 "$1"' "$1" <"$BATS_TEST_TMPDIR/script"
}

@test "systemd starts the daemon, and nothing fails" {
	guest systemctl is-system-running
	assert_stdout running
	assert_property Type notify
	assert_property ActiveState active
	assert_property StatusText '0 events, 0 requests done, 0 failed'
	guest -0 systemd-analyze verify --man=no papr-eventd.service
	assert_stdout ''
	assert_stderr ''
	eventd_status '"state": "reading"'
}

@test "the sandbox, as systemd sees it" {
	guest -0 systemd-analyze security --no-pager --threshold=30 papr-eventd
	assert_stdout --partial 'Overall exposure level for papr-eventd.service'
	sed 's/^/# /' <<<"$output" >&3
}

@test "a card is configured and removed, with its fields in the journal" {
	plug n0 virtio-net-pci 1 "$nic, $first_bus"
	configured 0000:00:01.0
	eventd_unplug n0
	logged 'remove pci 0x40000008: done'
	refute_node $phb/ethernet@1
	guest_sh 'journalctl -u papr-eventd -o json "--after-cursor=$1" EVENT_TYPE=229 PRIORITY=5' "$cursor"
	assert_equal "${#lines[@]}" 2
	for field in '"MESSAGE":"#1 hotplug add pci drc-index 0x40000008"' '"EVENT_SEQUENCE":"1"' \
		'"SYSLOG_IDENTIFIER":"papr-eventd"' '"_TRANSPORT":"journal"' \
		'"_SYSTEMD_UNIT":"papr-eventd.service"'; do
		assert_stdout_line --index 0 --partial "$field"
	done
	assert_property StatusText '2 events, 2 requests done, 0 failed'
	guest rtas-event --line $platform
	assert_stdout_line --index 1 --regexp 'hotplug remove pci drc-index 0x40000008$'
}

@test "a host bridge and its card are configured and removed" {
	host device_add '{"driver": "spapr-pci-host-bridge", "index": 2, "id": "phb2"}'
	logged 'add phb 0x20000002: done'
	host device_add "{\"driver\": \"virtio-net-pci\", \"id\": \"b0\", \"bus\": \"phb2.0\", \"addr\": \"1\", $nic}"
	logged 'add pci 0x40020008: done'
	host device_del '{"id": "b0"}'
	host_wait -t 60 DEVICE_DELETED device=b0
	host device_del '{"id": "phb2"}'
	host_wait -t 60 DEVICE_DELETED device=phb2
	refute_node /pci@800000020000002
}

@test "the host bridge of the root file system is not removed, and the host is informed" {
	host device_del '{"id": "phb1"}'
	host_wait -t 60 DEVICE_UNPLUG_GUEST_ERROR device=phb1
	logged '0x20000001: the removal is refused towards the host'
	logged 'remove phb 0x20000001: failed: PHB 1: cannot remove the PHB: /dev/vda is mounted on /'
	# the card alone: the unplug stays pending
	host device_del '{"id": "root0"}'
	logged 'remove pci 0x40010008: failed: C65544: cannot remove the card: /dev/vda is mounted on /'
	guest_sh -0 'date >/var/written && sync && echo 3 >/proc/sys/vm/drop_caches && /usr/bin/udevadm --version'
	refute_event DEVICE_DELETED device=root0
	guest systemctl is-system-running
	assert_stdout running
}

@test "a reload does not restart the daemon" {
	local pid

	property MainPID
	pid=$output
	guest -0 systemctl reload papr-eventd
	logged reloaded
	assert_property MainPID "$pid"
	assert_property ActiveState active
}

@test "a restart loses no event that is unread" {
	guest_sh 'kill -STOP $(pidof papr-eventd)'
	plug n0 virtio-net-pci 1 "$nic, $first_bus"
	guest -0 systemctl restart papr-eventd
	configured 0000:00:01.0
	guest systemctl stop papr-eventd
	host device_del '{"id": "n0"}'
	guest systemctl start papr-eventd
	host_has_it_back n0
	forget n0
	eventd_status '"lost": 0'
}

@test "a restart loses no event that is read, and waits for the lock" {
	lock
	plug n0 virtio-net-pci 1 "$nic, $first_bus"
	logged 'add pci 0x40000008 waits: the lock is held by PID'
	guest -0 systemctl stop papr-eventd
	guest systemctl start papr-eventd
	logged 'again after a restart: #'
	refute_node $phb/ethernet@1
	unlock
	configured 0000:00:01.0
	eventd_unplug n0
}

@test "systemd restarts a daemon that hangs, and no event is lost" {
	local pid

	drop_in $'[Service]\nWatchdogSec=10'
	property MainPID
	pid=$output
	guest kill -STOP "$pid"
	plug n0 virtio-net-pci 1 "$nic, $first_bus"
	configured 0000:00:01.0
	property MainPID
	[ "$output" -ne "$pid" ]
	assert_property NRestarts 1
	guest_sh 'journalctl -u papr-eventd -o cat "--after-cursor=$1"' "$cursor"
	assert_stdout_line --partial 'Watchdog timeout (limit 10s)!'
	eventd_unplug n0
}

@test "hooks run in the sandbox, and write to /var and /run" {
	script /etc/drmgr.d/pci/note \
		'echo "$ACTION $PHASE $DRC_NAME" >>/var/lib/hooked && echo >/run/hooked || exit 1' \
		'! echo 2>/dev/null >/usr/hooked && ! echo 2>/dev/null >/etc/hooked || exit 2' \
		'exec /usr/bin/systemctl --quiet is-active papr-eventd.service'
	plug n0 virtio-net-pci 1 "$nic, $first_bus"
	configured 0000:00:01.0
	logged 'add pci 0x40000008: done'
	eventd_unplug n0
	logged 'remove pci 0x40000008: done'
	guest cat /var/lib/hooked
	assert_stdout $'add pre C8\nadd post C8\nremove pre C8\nremove post C8'
	guest_sh -0 'test -e /run/hooked && ! test -e /usr/hooked && ! test -e /etc/hooked'
	refute_logged hook
}

# A hook that unmounts in its own namespace would lose data: the disk is removed with it.
@test "a hook cannot unmount itself, only through systemd, which has an effect everywhere" {
	plug d0 virtio-blk-pci 2 "\"drive\": \"data2\", $first_bus"
	configured 0000:00:02.0
	guest_until 'test -b /dev/vdb'
	guest mount /dev/vdb /mnt
	script /etc/drmgr.d/pci/unmount '[ "$ACTION $PHASE" = "remove pre" ] || exit 0' \
		'! /usr/bin/umount /mnt 2>/dev/null || exit 1' \
		'grep " /mnt " /proc/1/mounts >/dev/null || exit 2' \
		'/usr/bin/systemctl stop mnt.mount || exit 3' \
		'! grep " /mnt " /proc/self/mounts || exit 4'
	eventd_unplug d0
	logged 'remove pci 0x40000010: done'
	guest_sh 'grep "hook .unmount." /var/log/drmgr'
	assert_stdout --partial "hook 'unmount' exited with status 0"
	refute_stdout --regexp 'status [1-9]'
	guest rm -r /etc/drmgr.d
}

@test "the sandbox refuses the network, modules, the clock, a change of user, and kernel settings" {
	script /etc/drmgr.d/pci/try '[ "$ACTION $PHASE" = "add pre" ] || exit 0' 'exec 2>/dev/null' \
		'! wget -T 2 -O - http://127.0.0.1/ || exit 1' '! /usr/sbin/modprobe loop || exit 2' \
		'date -s 2020-01-01; [ "$(date +%Y)" -gt 2020 ] || exit 3' '! chown 1 /tmp || exit 4' \
		'! echo 0 >/proc/sys/vm/swappiness || exit 5' '! su nobody -s /bin/true || exit 6'
	plug n0 virtio-net-pci 1 "$nic, $first_bus"
	configured 0000:00:01.0
	logged 'add pci 0x40000008: done'
	eventd_unplug n0
	guest_sh 'grep "hook .try." /var/log/drmgr'
	assert_stdout --partial "hook 'try' exited with status 0"
	refute_stdout --regexp 'status [1-9]'
	guest rm -r /etc/drmgr.d
}

# ---- Names that udevd gives ----

# Let udevd rename the next interface, and need 2 seconds for it: the name is not final
# when the kernel has added the card.
rename_interfaces() # NAME
{
	guest_sh -i 'mkdir -p /run/udev/rules.d && cat >/run/udev/rules.d/70-test.rules && udevadm control --reload' \
		<<<'SUBSYSTEM=="net", ACTION=="add", KERNEL=="eth*", PROGRAM="/usr/bin/busybox sleep 2", NAME="'"$1"'"'
	assert_status 0
}

# The tests run drmgr themselves.
without_daemon()
{
	guest -0 systemctl stop papr-eventd
}

@test "papr-eventd logs the final name of an interface [io-udev-eventd]" {
	rename_interfaces renamed0
	plug n0 virtio-net-pci 1 "$nic, $first_bus"
	logged 'C8 (0x40000008): configured 0000:00:01.0 virtio-pci renamed0'
	logged 'add pci 0x40000008: done'
	eventd_unplug n0
	guest rm -r /run/udev/rules.d
}

@test "drmgr prints the final name of an interface, also in JSON [io-udev-final]" {
	rename_interfaces renamed0
	without_daemon
	plug n0 virtio-net-pci 1 "$nic, $first_bus"
	guest -0 drmgr -c pci -a
	assert_stdout 'C8 (0x40000008): configured 0000:00:01.0 virtio-pci renamed0'
	refute_stderr --partial 'has not finished'
	unplug n0
	# udevd has not noticed drmgr
	guest_sh 'journalctl -u systemd-udevd -o cat "--after-cursor=$1"' "$cursor"
	refute_stdout --partial message
	rename_interfaces renamed1
	plug n1 virtio-net-pci 2 "$nic, $first_bus"
	guest -0 drmgr -c pci -a -s C16 -n --json
	assert_stdout --partial '"renamed1"'
	unplug n1
	guest rm -r /run/udev/rules.d
}

@test "a host bridge is added, and the interface of its card has its final name" {
	rename_interfaces renamed0
	without_daemon
	host device_add '{"driver": "spapr-pci-host-bridge", "index": 2, "id": "phb2"}'
	host device_add "{\"driver\": \"virtio-net-pci\", \"id\": \"b0\", \"bus\": \"phb2.0\", \"addr\": \"1\", $nic}"
	guest -0 drmgr -c phb -a -q 1
	assert_stdout_line --regexp '^PHB 2 \(0x20000002\): configured 000[1-9]:00:01.0 virtio-pci renamed0$'
	guest -0 drmgr -c phb -r -s 'PHB 2'
	host device_del '{"id": "b0"}'
	host device_del '{"id": "phb2"}'
	host_wait -t 60 DEVICE_DELETED device=phb2
	guest rm -r /run/udev/rules.d
}

# Each card is complete in the first answer, whether its driver is loaded for it, or probes and scans
# in the background. ROUNDS=10 for a measurement.
add_cards() # SCRIPT: run in the guest before each card
{
	local model driver names name begin

	while read -r model driver names; do
		guest_sh "$1"
		case $model in
		nvme) plug c0 $model 1 "$first_bus, \"serial\": \"1\", \"drive\": \"null\"" ;;
		e1000e | virtio-net-pci) plug c0 $model 1 "$first_bus, $nic" ;;
		*) plug c0 $model 1 "$first_bus" ;;
		esac
		case $model in
		*scsi*) host device_add '{"driver": "scsi-hd", "bus": "c0.0", "drive": "null"}' ;;
		*xhci) host device_add '{"driver": "usb-storage", "bus": "c0.0", "drive": "null"}' ;;
		esac
		begin=$EPOCHREALTIME
		guest -0 drmgr -c pci -a </dev/null
		echo "$model: $output: $stderr: $(((${EPOCHREALTIME/./} - ${begin/./}) / 1000)) ms" | tee -a "${CARDS_LOG:-/dev/null}"
		name=${output#"C8 (0x40000008): configured 0000:00:01.0 $driver "}
		# shellcheck disable=SC2053 # a pattern
		[[ $name == $names || $stderr == *scan-may-continue* ]]
		refute_stderr --partial 'has not finished'
		unplug c0
	done <<-'CARDS'
		e1000e e1000e e+([0-9a-z])
		nvme nvme nvme+([0-9])n1
		virtio-scsi-pci virtio-pci sda
		qemu-xhci xhci_hcd sda
		virtio-net-pci virtio-pci e+([0-9a-z])
	CARDS
}

@test "drmgr waits for the interfaces and disks of new cards [io-udev-drivers]" {
	shopt -s extglob
	without_daemon
	host blockdev-add '{"driver": "null-co", "node-name": "null", "size": 4194304}'
	for ((round = 0; round < ${ROUNDS:-1}; round++)); do
		add_cards 'modprobe -r -q e1000e nvme virtio_scsi usb_storage sd_mod'
		add_cards ''
	done
	guest_sh -0 'systemctl stop systemd-udevd-control.socket systemd-udevd-kernel.socket systemd-udevd.service'
	add_cards ''
	guest_sh -0 'systemctl start systemd-udevd-control.socket systemd-udevd-kernel.socket systemd-udevd.service'
}

@test "drmgr does not wait for a udevd that has stopped or hangs" {
	without_daemon
	guest_sh -0 'systemctl stop systemd-udevd-control.socket systemd-udevd-kernel.socket systemd-udevd.service
		! pidof systemd-udevd && : >/run/udev/control'
	plug n0 virtio-net-pci 1 "$nic, $first_bus"
	guest -0 drmgr -c pci -a
	assert_stdout --partial 'C8 (0x40000008): configured 0000:00:01.0'
	assert_stderr ''
	unplug n0
	guest_sh -0 'rm /run/udev/control && systemctl start systemd-udevd-control.socket systemd-udevd-kernel.socket systemd-udevd.service &&
		udevadm settle && kill -STOP $(systemctl show -P MainPID systemd-udevd)'
	plug n0 virtio-net-pci 1 "$nic, $first_bus"
	guest -0 drmgr -c pci -a
	assert_stdout --partial 'C8 (0x40000008): configured 0000:00:01.0'
	assert_stderr --partial 'udevd has not finished'
	guest_sh -0 'kill -CONT $(systemctl show -P MainPID systemd-udevd) && udevadm settle'
	unplug n0
}

# ---- Events that QEMU does not send ----

# Let the daemon read a FIFO instead of the kernel's file. It has a writer all the time.
fake_error_log()
{
	guest_sh -0 'mkfifo -m 600 /run/error_log && { sleep 100000 <>/run/error_log >/dev/null 2>&1 & } &&
		mount --bind /run/error_log /proc/ppc64/rtas/error_log &&
		systemctl stop papr-eventd && rm /run/papr-eventd/events && systemctl start papr-eventd'
	echo 0 >"$BATS_FILE_TMPDIR/sequence"
}

# As in errd.bash, with the kernel's number in front of the event.
inject_bytes() # TYPE BODY
{
	local hex sequence

	sequence=$(($(<"$BATS_FILE_TMPDIR/sequence") + 1))
	echo $sequence >"$BATS_FILE_TMPDIR/sequence"
	printf -v hex '%02x000000063460%s%08x%s' $sequence "$1" $((${#2} / 2)) "$2"
	printf '%b' "$(sed 's/../\\x&/g' <<<"$hex")" >"$BATS_TEST_TMPDIR/record"
	guest_sh -0 -i 'cat >/run/error_log' <"$BATS_TEST_TMPDIR/record"
}

@test "hooks for events run in the sandbox" {
	script /etc/papr/event.d/note 'echo "type $EVENT_TYPE" && /bin/cat >/var/lib/event-hooked'
	fake_error_log
	inject e0 5053000855555555
	logged 'hook: type 224'
	eventd_status_becomes '"hooks": 0'
	guest cat /var/lib/event-hooked
	echo "$output" >"$BATS_TEST_TMPDIR/document"
	json_check rtas-event <"$BATS_TEST_TMPDIR/document"
}

@test "while a hook runs, the daemon shows that it lives, answers, and handles power events" {
	script /etc/drmgr.d/pci/slow '[ $PHASE = post ] || exit 0' ': >/run/slow' 'until [ -e /run/go ]; do sleep 0.1; done'
	drop_in $'[Service]\nWatchdogSec=2'
	plug n0 virtio-net-pci 1 "$nic, $first_bus"
	inject_hotplug 05 01 02 40000008
	guest_until 'test -e /run/slow'
	inject 40 $on_ups
	logged 'the machine runs on its UPS: it shuts down in 600 s'
	inject 40 $power_is_back
	logged 'the power has returned: no shutdown'
	eventd_status '"running": true'
	guest_sh 'wait_until "[ \$((\$(date +%s) - \$(stat -c %Y /run/slow))) -ge 5 ]"; touch /run/go'
	logged 'add pci 0x40000008: done'
	assert_property NRestarts 0
	guest_sh 'rm /run/slow /run/go'
	unplug n0
}

# The daemon has a mount namespace of its own, in which /boot is a mount already.
@test "a disk that is mounted on /boot while the daemon runs is not removed" {
	plug d0 virtio-blk-pci 2 "\"drive\": \"data\", $first_bus"
	inject_hotplug 05 01 02 40000010
	configured 0000:00:02.0
	guest_until 'test -b /dev/vdb'
	guest -0 mount /dev/vdb /boot
	host device_del '{"id": "d0"}'
	inject_hotplug 05 02 02 40000010
	logged 'remove pci 0x40000010: failed: C16: cannot remove the card: /dev/vdb is mounted on /boot'
	guest -0 test -b /dev/vdb
	guest -0 umount /boot
	inject_hotplug 05 02 02 40000010
	host_has_it_back d0
	forget d0
	logged 'remove pci 0x40000010: done'
}

# The last test: the guest ends.
@test "on its UPS, the guest shuts down after a delay, unless the power returns" {
	inject 40 $on_ups
	logged 'the machine runs on its UPS: it shuts down in 600 s'
	inject 40 $power_is_back
	logged 'the power has returned: no shutdown'
	eventd_status '"shutdown_in": null'
	guest systemctl is-system-running
	assert_stdout running
	drop_in $'[Service]\nExecStart=\nExecStart=/usr/sbin/papr-eventd --foreground --ups-delay 1'
	inject 40 $on_ups
	host_wait -t 120 SHUTDOWN guest=true
	cursor=
}
