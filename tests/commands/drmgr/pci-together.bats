#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: sim guest drmgr lsslot
# Our programs beside the distribution's (powerpc-utils, librtas) in one guest: each works
# with the other's results, only one runs at a time, and lines that scripts parse are the
# same.

load ../../guest/verbs
load ../../lib/cards

@test "lsslot prints what the peer prints, byte for byte [io-ls-peer]" {
	local options

	plug a virtio-net-pci 1 "$nic"
	plug b e1000 3 "$nic"
	guest drmgr -c pci -a
	for options in '-c pci' '-c pci -a' '-c pci -o' '-c pci -a -o' '-c pci -s C8' '-c pci -F:' \
		'-c pci -o -F :' '-c pci -s C8/x'; do
		# shellcheck disable=SC2016 # for the guest
		guest_sh -0 'lsslot $1 >/tmp/ours; ours=$?; /peer/sbin/lsslot $1 >/tmp/peer; peer=$?
			cmp /tmp/ours /tmp/peer && [ $ours -eq $peer ]' "$options"
	done
}

@test "usage texts are those of the peer" {
	local type

	for type in '' '-c pci' '-c slot' '-c phb' '-c port' '-c mem' '-c cpu' '-c acc' '-c phib' '-c pmig'; do
		# shellcheck disable=SC2016 # for the guest
		guest_sh -0 'drmgr $1 -h 2>/tmp/ours; /peer/sbin/drmgr $1 -h 2>/tmp/peer; cat /tmp/peer; diff /tmp/ours /tmp/peer' "$type"
	done
	# shellcheck disable=SC2016 # for the guest
	guest_sh -0 'drmgr -C >/tmp/ours 2>/dev/null; /peer/sbin/drmgr -C 2>/dev/null | cmp - /tmp/ours'
}

# The peer's removal with -V leaves its slot files. Then its next addition without -V has
# nothing to do. So the removal without -V comes last.
@test "the peer lists and removes a card that ours added" {
	local options

	for options in -V ''; do
		plug n0 virtio-net-pci 1 "$nic"
		guest -0 drmgr -c pci -a -s C8 -n
		guest /peer/sbin/lsslot -c pci -s C8 -F:
		assert_stdout 'C8:PCI-E capable, Rev 2, 8x lanes:0000:00:01.0'
		# shellcheck disable=SC2086 # none or one
		guest -0 /peer/sbin/drmgr $options -c pci -r -s C8 -n
		refute_node $phb/ethernet@1
		guest -1 test -e /sys/bus/pci/devices/0000:00:01.0
		host device_del '{"id": "n0"}'
		host_wait DEVICE_DELETED device=n0
		forget n0
	done
}

@test "ours lists and removes a card that the peer added" {
	local options

	for options in '' -V; do
		plug n0 virtio-net-pci 1 "$nic"
		# shellcheck disable=SC2086 # none or one
		guest -0 /peer/sbin/drmgr $options -c pci -a -s C8 -n
		guest lsslot -c pci -s C8 -F:
		assert_stdout 'C8:PCI-E capable, Rev 2, 8x lanes:0000:00:01.0'
		unplug n0
		assert_status 0
		refute_node $phb/ethernet@1
	done
}

# Both use one slot in turn: each finds the state that it expects.
@test "both programs work in turn" {
	local round first second

	plug n0 virtio-net-pci 1 "$nic"
	for round in 'drmgr /peer/sbin/drmgr' '/peer/sbin/drmgr drmgr' 'drmgr drmgr' \
		'/peer/sbin/drmgr drmgr' 'drmgr /peer/sbin/drmgr'; do
		read -r first second <<<"$round"
		guest -0 "$first" -c pci -a -s C8 -n
		guest -0 test -e /sys/bus/pci/devices/0000:00:01.0
		guest -0 "$second" -c pci -r -s C8 -n
		guest -1 test -e /sys/bus/pci/devices/0000:00:01.0
	done
}

@test "the node equals the peer's" {
	plug n0 virtio-net-pci 1 "$nic"
	guest /peer/sbin/drmgr -c pci -a -s C8 -n
	guest_sh "cd /proc/device-tree$phb/ethernet@1 && md5sum * >/tmp/peer"
	guest drmgr -c pci -r -s C8 -n
	guest drmgr -c pci -a -s C8 -n --backend ofdt
	# our node has a property "name", too
	guest_sh -0 "cd /proc/device-tree$phb/ethernet@1 && md5sum * | grep -v ' name$' | cmp - /tmp/peer && cat name"
	assert_stdout ethernet
}

@test "one lock: neither runs while the other does [io-lock-peer]" {
	plug n0 virtio-net-pci 1 "$nic"
	# ours waits at a prompt with the lock
	# shellcheck disable=SC2016 # for the guest
	guest_sh 'rm -f /tmp/answers /tmp/out; mkfifo /tmp/answers; (drmgr -c pci -a -s C8 </tmp/answers >/tmp/out 2>&1; echo $? >/tmp/status) & exec 3>/tmp/answers
		wait_until "grep -qs indicator /tmp/out"
		/peer/sbin/drmgr -c pci -a -s C8 -n; echo "peer $?"
		drmgr -c pci -a -s C8 -n; echo "ours $?"
		lsslot -c pci -s C8 >/dev/null; echo "lsslot $?"
		drmgr -c pci -a -s C8 -n --dry-run >/dev/null; echo "plan $?"
		printf "\n\n" >&3; wait; cat /tmp/status'
	assert_stdout $'peer 255\nours 255\nlsslot 0\nplan 0\n0'
	assert_stderr_line '/var/lock/dr_config_lock: Resource temporarily unavailable'
	assert_stderr_line --regexp '^held by PID [0-9]+ \(drmgr -c pci -a -s C8\)$'
	assert_stderr_line 'Unable to obtain Dynamic Reconfiguration lock. Please try command again later.'
	assert_node $phb/ethernet@1

	# the peer holds the lock; ours waits until the limit of -w
	# shellcheck disable=SC2016 # for the guest
	guest_sh 'rm -f /tmp/answers /tmp/out /tmp/err; mkfifo /tmp/answers; /peer/sbin/drmgr -c pci -i -s C8 </tmp/answers >/dev/null 2>&1 & exec 3>/tmp/answers
		wait_until "drmgr -c pci -Q >/dev/null && ! drmgr -c pci -i -n -s C8 2>/dev/null"
		(drmgr -c pci -r -s C8 -n -w 1; echo "ours $?" >/tmp/status) & sleep 0.3; test ! -e /tmp/status || cat /tmp/status
		rm -f /tmp/status; echo >&3; wait; cat /tmp/status'
	assert_stdout_line 'ours 0'
	refute_node $phb/ethernet@1
}

@test "several work areas are used at the same time, and a stopped owner blocks none" {
	guest -0 /usr/lib/guest/areas
	assert_stdout 16
	# shellcheck disable=SC2016 # for the guest
	guest_sh '/usr/lib/guest/areas hold >/tmp/held & wait_until "[ -s /tmp/held ]"
		/usr/lib/guest/areas; kill -9 $!; wait $! 2>/dev/null; /usr/lib/guest/areas'
	assert_stdout $'15\n16'
}

@test "the peer's programs run with our library" {
	# In the guest's root, our library replaces the distribution's.
	guest_sh -1 'cmp -s /usr/lib/powerpc64le-linux-gnu/librtas.so.2 /peer/lib/librtas.so.2'
	plug n0 virtio-net-pci 1 "$nic"
	guest -0 /peer/sbin/drmgr -c pci -a -s C8 -n
	guest -0 /peer/sbin/drmgr -c pci -r -s C8 -n
	guest -0 /peer/sbin/lsslot -c pci -s C8 -F:
	guest -0 env LD_LIBRARY_PATH=/peer/lib /usr/lib/guest/halfwalk 0x40000008 17
	assert_stdout_line --index 17 0
	guest -0 drmgr -c pci -a # so that teardown has a card to remove
}

@test "a hundred cycles leave no resources in use" {
	plug n0 virtio-net-pci 1 "$nic"
	guest_sh 'rm -f /var/log/drmgr*; find /proc/device-tree/ | sort | md5sum; ls /sys/bus/pci/slots | wc -l'
	before=$output
	# shellcheck disable=SC2016 # for the guest
	guest_sh -0 'yes filler | head -c 1040000 >/var/log/drmgr
		for i in $(seq 100); do
			drmgr -c pci -a -s C8 -n 2>>/tmp/err || exit 1
			drmgr -c pci -r -s C8 -n 2>>/tmp/err || exit 2
		done; cat /tmp/err'
	assert_stdout 'Rotating logs...'
	guest_sh 'find /proc/device-tree/ | sort | md5sum; ls /sys/bus/pci/slots | wc -l'
	assert_stdout "$before"
	guest_sh -0 'test -e /var/log/drmgr && test -e /var/log/drmgr.0; test $(wc -c </var/log/drmgr) -lt 1048576'
	guest /usr/lib/guest/areas
	assert_stdout 16
}

@test "a signal between two steps causes a rollback, and is reported" {
	local signal

	plug n0 virtio-net-pci 1 "$nic"
	for signal in TERM INT HUP QUIT; do
		# shellcheck disable=SC2016 # for the guest
		guest_sh 'rm -f /tmp/answers /tmp/out; mkfifo /tmp/answers
			/usr/lib/guest/odd -d HUP,INT,QUIT drmgr -c pci -a -s C8 </tmp/answers >/tmp/out & pid=$!; exec 3>/tmp/answers
			wait_until "grep -qs indicator /tmp/out"
			kill -$1 $pid; wait $pid; echo $?' "$signal"
		assert_stdout 255
		assert_stderr --partial 'stopped by a signal'
		assert_stderr --partial "Received signal"
		guest -0 drmgr -c pci -a -s C8 -n
		guest -0 drmgr -c pci -r -s C8 -n
	done
	# during the wait for a card
	# shellcheck disable=SC2016 # for the guest
	guest_sh 'rm -f /tmp/err; drmgr -c pci -a -s C16 -n --trace 2>/tmp/err & pid=$!
		wait_until "grep -qs get-sensor-state /tmp/err"; kill $pid; wait $pid; echo $?'
	assert_stdout 255
}

@test "missing folders for log and lock are handled" {
	plug n0 virtio-net-pci 1 "$nic"
	guest_sh -0 'mv /var/log /var/log.away; drmgr -c pci -a -s C8 -n; rc=$?; mv /var/log.away /var/log; exit $rc'
	assert_stderr_line --index 0 'Could not open log file /var/log/drmgr'
	# shellcheck disable=SC2016 # for the guest
	guest_sh -0 'rm /var/lock; drmgr -c pci -i -s C8 -n; rc=$?; readlink /var/lock; exit $rc'
	assert_stdout_line ../run/lock
	guest_sh -255 'ln -sfn /nowhere/lock /var/lock; drmgr -c pci -r -s C8 -n; rc=$?; ln -sfn /run/lock /var/lock; exit $rc'
	assert_stderr_line --index 0 '/var/lock/dr_config_lock: No such file or directory'
	assert_node $phb/ethernet@1
	guest_sh -255 'rm -f /var/lock/dr_config_lock; ln -s /etc/passwd /var/lock/dr_config_lock; drmgr -c pci -r -s C8 -n; rc=$?
		rm /var/lock/dr_config_lock; exit $rc'
}

# Each kill of our addition, its journal put aside; the peer removes what it finds, and
# configures the card; the journal is back. A card that the peer has configured stays.
@test "a card that the peer has configured since a kill stays [io-recover-peer]" {
	plug n0 virtio-net-pci 1 "$nic"
	# shellcheck disable=SC2016 # for the guest
	guest_sh 'n=0 kept=0
		say() { echo "kill $n: $1"; cat /tmp/said; exit 1; }
		device=/sys/bus/pci/devices/0000:00:01.0
		while n=$((n + 1)); drmgr -c pci -r -s C8 -n >/dev/null 2>&1
			/usr/lib/guest/killat $n drmgr -c pci -a -s C8 -n >/tmp/said 2>&1; [ $? = 137 ]; do
			[ -e /run/drmgr/journal ] || continue
			mv /run/drmgr /run/away
			/peer/sbin/drmgr -c pci -r -s C8 -n >/dev/null 2>&1
			/peer/sbin/drmgr -c pci -a -s C8 -n >/tmp/said 2>&1
			[ -e $device ] && by_peer=1 || by_peer=
			rm -rf /run/drmgr; mv /run/away /run/drmgr
			drmgr --recover >/tmp/said 2>&1 || say "status $?"
			[ ! "$by_peer" ] || [ -e $device ] || say "the card is gone"
			[ ! "$by_peer" ] || kept=$((kept + 1))
			ls /run/drmgr | grep -q . && say "something remains"
		done; echo "$n kills, $kept times a card of the peer"'
	assert_status 0
	echo "$output"
	[[ $output == *' '[1-9]*' times a card of the peer' ]]
	guest -0 drmgr -c pci -r -s C8 -n
}
