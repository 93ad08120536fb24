#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: sim guest drmgr
# Two drmgr at the same time: the second one waits, or names the process that has the
# lock. All changes are complete in the end. AT_ONCE is the number of rounds.

load ../../guest/verbs
load ../../lib/cards

@test "two drmgr for two slots succeed if they wait, or one reports the lock" {
	plug n0 virtio-net-pci 1 "$nic"
	plug n1 virtio-net-pci 2 "$nic"
	# shellcheck disable=SC2016 # for the guest
	guest_sh -0 'told=0 devices=/sys/bus/pci/devices/0000:00
		say() { echo "round $n: $*"; cat /tmp/a /tmp/b; exit 1; }
		two() { drmgr $1 -s C8 -n 2>/tmp/a & a=$!; drmgr $1 -s C16 -n 2>/tmp/b & b=$!
			wait $a; a=$?; wait $b; b=$?; }
		for n in $(seq '"${AT_ONCE:-8}"'); do
			two "-w 1 -c pci -a"
			[ $a$b = 00 ] && [ -e $devices:01.0 ] && [ -e $devices:02.0 ] || say $a $b
			two "-c pci -r"
			case $a$b in
			00) ;;
			0255) grep -q "Please try command again later" /tmp/b || say not reported
				told=$((told + 1)); drmgr -c pci -r -s C16 -n || say again ;;
			2550) grep -q "Please try command again later" /tmp/a || say not reported
				told=$((told + 1)); drmgr -c pci -r -s C8 -n || say again ;;
			*) say $a $b ;;
			esac
			[ ! -e $devices:01.0 ] && [ ! -e $devices:02.0 ] || say left
			! ls -d /run/drmgr/[jl]* >/dev/null 2>&1 || say journal
		done; echo "told $told times"'
}

@test "one of two drmgr for the same slot succeeds" {
	plug n0 virtio-net-pci 1 "$nic"
	# shellcheck disable=SC2016 # for the guest
	guest_sh -0 'for n in $(seq '"${AT_ONCE:-8}"'); do
			drmgr -w 1 -c pci -a -s C8 -n 2>/tmp/a & a=$!
			drmgr -w 1 -c pci -a -s C8 -n 2>/tmp/b & b=$!
			wait $a; a=$?; wait $b; b=$?
			case $a$b in 0255 | 2550) ;; *) echo $a $b; exit 1 ;; esac
			grep -q "already occupied" /tmp/a /tmp/b || exit 2
			drmgr -c pci -r -s C8 -n || exit 3
		done'
}

@test "a lock of a user who is not root does not delay root" {
	local mode

	guest_sh 'grep -qs ^nobody /etc/passwd || echo nobody:x:65534:65534::/:/bin/sh >>/etc/passwd; chmod 755 /'
	for mode in '444 read-lock' '666 lock'; do
		plug n0 virtio-net-pci 1 "$nic"
		# shellcheck disable=SC2016 # for the guest
		guest_sh -0 'lock=/var/lock/dr_config_lock
			rm -f $lock /tmp/held; : >$lock; chmod ${1% *} $lock; mkfifo /tmp/held
			su -s /bin/sh nobody -c "exec /usr/lib/guest/rawcall ${1#* } $lock cat /tmp/held" &
			user=$!; exec 3>/tmp/held
			wait_until "grep -q \":$(stat -c %i $lock) \" /proc/locks"
			drmgr -c pci -a -s C8 -n; added=$?
			exec 3>&-; wait $user; exit $added' "$mode"
		unplug n0
	done
}
