#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: sim drmgr papr-eventd
# papr-eventd while something makes its worker wait: a power event, --status and SIGTERM do not
# wait. The kill of a worker.

# shellcheck disable=SC2016,SC2154 # scripts for the guest; set by the verbs

load ../../guest/verbs
load ../../lib/eventd

remove=/sys/bus/pci/devices/0000:00:01.0/remove

teardown()
{
	[[ -n ${GUEST_MISSING:-} ]] || guest_sh ': >/tmp/go; rm -rf /etc/drmgr.d; ! pid=$(pidof sleep) || kill $pid
		[ ! -e /var/lock.own -a ! -L /var/lock.own ] || { rm -r /var/lock /tmp/nowhere; mv /var/lock.own /var/lock; }'
	host x-papr-fault-clear
	eventd_teardown
}

# A hook for cards runs SCRIPT in a phase.
card_hook() # PHASE SCRIPT
{
	guest_sh -i 'umask 022; rm -f /tmp/go /tmp/hooked; mkdir -p /etc/drmgr.d/pci && cd /etc/drmgr.d/pci && cat >hook && chmod 755 hook' \
		<<<"#!/bin/sh
[ \$PHASE = $1 ] || exit 0
PATH=/usr/sbin:/usr/bin:/sbin:/bin
$2"
	assert_status 0
}

card_hook_waits() # PHASE
{
	card_hook "$1" ': >/tmp/hooked; until [ -e /tmp/go ]; do sleep 0.05; done'
}

# The power fails, --status answers, and the machine shuts down. The time from the event to the
# shutdown is printed.
power_fails()
{
	no_shutdown
	guest_sh 'date +%s.%N >/tmp/failed'
	inject 40 $on_ups
	logged 'the machine runs on its UPS: it shuts down in 1 s'
	eventd_status '"state": "reading"'
	guest_until 'cat /tmp/shutdown'
	guest_sh 'echo $(cat /tmp/failed) $(stat -c %.9Y /tmp/shutdown) | awk "{ print \$2 - \$1 }"'
	echo "# ${BATS_TEST_DESCRIPTION% \[*}: shutdown after $output s" >&3
	shutdown_again
}

@test "beside a hook" {
	card_hook_waits post
	eventd --ups-delay 1
	plug n0 virtio-net-pci 1 "$nic"
	guest_until 'test -e /tmp/hooked'
	power_fails
	eventd_status '"running": true'
	refute_logged ': done'
	guest touch /tmp/go
	logged 'add pci 0x40000008: done'
}

@test "beside the lock" {
	lock
	eventd --ups-delay 1
	plug n0 virtio-net-pci 1 "$nic"
	logged 'waits: the lock is held by PID'
	power_fails
	refute_logged ': done'
	unlock
	logged 'add pci 0x40000008: done'
}

# The host requests the card, and the kernel does not return from its removal.
hold_a_removal()
{
	plug n0 virtio-net-pci 1 "$nic"
	logged 'add pci 0x40000008: done'
	host x-papr-fault "{\"call\": \"write:$remove\", \"hold\": true}"
	host device_del '{"id": "n0"}'
	guest_until 'grep "^writer .*/remove" /run/drmgr/journal'
}

@test "beside a write that the kernel holds" {
	eventd --ups-delay 1
	hold_a_removal
	power_fails
	eventd_status '"running": true'
	host x-papr-fault-clear
	logged 'remove pci 0x40000008: done'
	plugged=()
}

@test "a write that the kernel holds does not keep the lock [io-held-eventd]" {
	eventd
	hold_a_removal
	guest_until 'grep "^waiter " /run/drmgr/left-1'
	guest -0 drmgr -c pci -i -s C16 -n -w 10s
	assert_stderr --regexp '^C8 \(0x40000008\): waiting for the kernel since [0-9: -]+, step [a-z-]+ of PID [0-9]+ \(papr-eventd remove pci 0x40000008\): it goes on when its write to /.*/remove has ended$'
	refute_logged 'remove pci 0x40000008: done'
	host x-papr-fault-clear
	logged 'remove pci 0x40000008: done'
	guest_sh 'ls /run/drmgr'
	assert_stdout ''
	plugged=()
}

@test "beside a write that the kernel holds, other workers have the other requests and hooks [io-held-workers]" {
	eventd
	hold_a_removal
	eventd_status_becomes '"problem": "PID [0-9]+ waits for the kernel"'
	guest_sh -0 'umask 022; rm -f /tmp/hooked; mkdir -p /etc/papr/event.d && cd /etc/papr/event.d &&
		printf "#!/bin/sh\n: >/tmp/hooked\n" >hook && chmod 755 hook'
	plug n1 virtio-net-pci 2 "$nic"
	guest_until 'papr-eventd --status --json | grep -c "waits for the kernel" | grep 2'
	inject e0 "5053000855555555"
	guest_until 'test -e /tmp/hooked'
	guest -0 drmgr -c pci -i -s C24 -n -w 10s
	refute_logged 'remove pci 0x40000008: done'
	refute_logged 'add pci 0x40000010: done'
	host x-papr-fault-clear
	logged 'remove pci 0x40000008: done'
	logged 'add pci 0x40000010: done'
	eventd_idle
	guest_until '[ "$(pidof papr-eventd | wc -w)" = 2 ]'
	guest_sh 'ls /run/drmgr'
	assert_stdout ''
	refute_logged ' ends\|another one starts'
}

@test "a write that the kernel held: another worker, which has the lock first, leaves it the lock" {
	eventd
	hold_a_removal
	eventd_status_becomes '"problem": "PID [0-9]+ waits for the kernel"'
	plug n1 virtio-net-pci 2 "$nic"
	guest_until 'papr-eventd --status --json | grep -c "waits for the kernel" | grep 2'
	guest_sh -0 'kill -STOP $(sed -n "s/^waiter \([0-9]*\) .*/\1/p" /run/drmgr/left-1)'
	host x-papr-fault-clear
	guest_until 'grep " Z " /proc/$(sed -n "s/^writer \([0-9]*\) .*/\1/p" /run/drmgr/left-1)/stat'
	guest drmgr -c pci -a -s C16 -n -w 2s
	assert_stderr --regexp 'PID [0-9]+ \(papr-eventd remove pci 0x40000008\) must go on with its change first: nothing is changed'
	refute_logged 'remove pci 0x40000008: done'
	guest_sh -0 'kill -CONT $(sed -n "s/^waiter \([0-9]*\) .*/\1/p" /run/drmgr/left-1)'
	logged 'remove pci 0x40000008: done'
	logged 'add pci 0x40000010: done'
	forget n0
	eventd_idle
}

@test "beside a write that the kernel holds, all that is present waits in a worker of its own [io-held-all]" {
	eventd
	hold_a_removal
	eventd_status_becomes '"problem": "PID [0-9]+ waits for the kernel"'
	guest_sh 'kill -STOP $(pidof papr-eventd)'
	plug n1 virtio-net-pci 2 "$nic"
	for i in {1..72}; do
		inject e0 "5053000855555555"
	done
	guest_sh 'kill -CONT $(pidof papr-eventd)'
	guest_until '[ "$(pidof papr-eventd | wc -w)" = 4 ]'
	guest -0 drmgr -c pci -i -s C24 -n -w 10s
	refute_logged 'add all'
	host x-papr-fault-clear
	logged 'remove pci 0x40000008: done'
	logged 'add all: done'
	configured 0000:00:02.0
	eventd_idle
	guest_until '[ "$(pidof papr-eventd | wc -w)" = 2 ]'
}

# The host requests N slots, of which none exists. The kernel must not drop any.
inject_requests() # N
{
	local i

	for ((i = 1; i <= $1; i++)); do
		inject_hotplug 05 02 02 "$(printf %08x $((0x40000000 + 8 * i)))"
		[[ $((i % 40)) -ne 0 && $i -ne $1 ]] || eventd_status_becomes "\"received\": $i"
	done
}

@test "beside 140 requests that wait, of which each record is kept" {
	lock
	eventd --ups-delay 1
	inject_requests 140
	power_fails
	guest_sh 'papr-eventd --status | grep -c "remove pci 0x4"'
	assert_stdout 140
	refute_logged ': nothing-to-do'
	unlock
	logged ': nothing-to-do' 140
	eventd_status '"lost": 0'
}

@test "beside more requests than slots, which become one" {
	lock
	eventd --ups-delay 1
	inject_requests 270
	power_fails
	logged 'too many requests wait' 15
	eventd_status '"lost": 15'
	unlock
	logged 'add all: '
	logged ': nothing-to-do' 255
}

@test "beside a reader of standard error that has stopped" {
	guest_sh -0 'rm -f /tmp/full; mkfifo /tmp/full; sleep 1000 </tmp/full >/dev/null 2>&1 &
		exec 3>/tmp/full; dd if=/dev/zero of=/proc/self/fd/3 oflag=nonblock bs=4096 count=100 2>/dev/null
		papr-eventd --ups-delay 1 2>&3'
	no_shutdown
	plug n0 virtio-net-pci 1 "$nic"
	configured 0000:00:01.0
	inject 40 $on_ups
	guest_until 'cat /tmp/shutdown'
	eventd_status '"done": 1'
	shutdown_again
	guest_sh 'kill $(pidof papr-eventd)'
	guest_until '! pidof papr-eventd'
	guest -0 pidof sleep
}

@test "beside a hook that runs --status" {
	card_hook post 'papr-eventd --status >/tmp/hooked'
	eventd
	plug n0 virtio-net-pci 1 "$nic"
	logged 'add pci 0x40000008: done'
	guest cat /tmp/hooked
	assert_stdout_line --partial 'reading, PID '
	assert_stdout_line '  add pci 0x40000008  -  running'
	refute_logged 'was terminated'
}

@test "the folder of the lock is missing: its link is made, or the request waits for it" {
	guest_sh -0 'mv /var/lock /var/lock.own'
	eventd
	plug n0 virtio-net-pci 1 "$nic"
	logged 'add pci 0x40000008: done'
	guest_sh -0 'readlink /var/lock && rm /var/lock && ln -s /tmp/nowhere/lock /var/lock'
	assert_stdout ../run/lock
	plug n1 virtio-net-pci 2 "$nic"
	logged 'add pci 0x40000010: to be tried again: '
	guest -0 mkdir -p /tmp/nowhere/lock
	logged 'add pci 0x40000010: done'
	eventd_status '"failed": 0'
}

@test "beside a udevd that hangs" {
	guest_sh 'for lib in /lib/*/libudev.so.1 /usr/lib*/libudev.so.1; do ! [ -e "$lib" ] || exit 0; done; exit 1'
	[[ $status -eq 0 ]] || skip "libudev.so.1 is missing"
	guest /usr/lib/guest/udevd 60000
	guest_sh -0 ': >/run/udev/queue; SYSTEMD_DEVICE_VERIFY_SYSFS=0 papr-eventd --ups-delay 1 2>>/tmp/eventd.log'
	plug n0 virtio-net-pci 1 "$nic"
	guest_until 'test -e /sys/bus/pci/devices/0000:00:01.0/driver'
	power_fails
	refute_logged ': done'
	guest_sh 'kill -9 "$(cat /run/udev/pid)"; rm -r /run/udev'
	logged 'add pci 0x40000008: done'
}

@test "shutdown(8) hangs" {
	no_shutdown
	guest_sh 'printf "#!/bin/sh\n: >/tmp/shutdown; exec sleep 1000\n" >/usr/sbin/shutdown; rm -f /tmp/shutdown'
	eventd --ups-delay 0
	inject 40 $on_ups
	guest_until 'test -e /tmp/shutdown'
	plug n0 virtio-net-pci 1 "$nic"
	configured 0000:00:01.0
	eventd_status '"shutdown_in": null'
	guest_sh 'kill $(pidof sleep)'
	logged 'shutdown(8) failed: it was killed'
	eventd_status '"shutdown_in": [0-9]+'
	shutdown_again
}

@test "SIGTERM stops a change between two steps, which the next daemon repeats" {
	card_hook_waits pre
	eventd
	plug n0 virtio-net-pci 1 "$nic"
	guest_until 'test -e /tmp/hooked'
	guest_sh 'kill $(pidof papr-eventd)'
	guest_until '! pidof papr-eventd'
	refute_logged ': done'
	guest touch /tmp/go
	eventd
	logged 'again after a restart: #'
	configured 0000:00:01.0
	eventd_idle
}

@test "SIGTERM while the kernel holds a write: the daemon answers, and ends before the write" {
	eventd
	hold_a_removal
	guest_sh 'kill $(pidof papr-eventd)'
	eventd_status_becomes '"stopping": true'
	inject e0 "5053000855555555"
	eventd_status_becomes '"received": 3'
	guest papr-eventd --status
	assert_stdout_line --regexp '^reading, PID [0-9]+, stopping$'
	# It gives the write 60 s.
	guest_sh 'wait_until -t 180 "! papr-eventd --status >/dev/null"'
	guest -0 grep "has not ended: PID [0-9]* still writes to $remove" $eventd_log
	guest grep -c "^writer .*/remove" /run/drmgr/left-1
	assert_stdout 1
	host x-papr-fault-clear
	guest_until '! pidof papr-eventd'
	eventd
	logged 'again after a restart: #'
	host_wait -t 60 DEVICE_DELETED device=n0
	plugged=()
	eventd_idle
	eventd_status '"failed": 0'
}

@test "the worker is killed at ten moments of an addition" {
	local n

	for n in {1..10}; do
		guest_sh '{ /usr/lib/guest/killat -9 -c $1 papr-eventd --foreground 2>>/tmp/eventd.log >/dev/null & }' $((2 * n))
		guest_until 'papr-eventd --status'
		plug "n$n" virtio-net-pci 1 "$nic"
		configured 0000:00:01.0
		eventd_idle
		eventd_unplug "n$n"
		eventd_idle
		guest_sh 'kill $(pidof papr-eventd)'
		guest_until '! pidof papr-eventd'
	done
	logged 'was ended by signal 9: another one starts' 10
	logged 'was interrupted' 5
	refute_logged ': failed'
	guest -1 test -e /run/drmgr/journal
}

@test "hooks and requests that end the worker each time are given up" {
	guest_sh 'umask 022; mkdir -p /etc/papr/event.d && cd /etc/papr/event.d &&
		printf "#!/bin/sh\nread -r _ _ _ parent _ </proc/\$PPID/stat; read -r _ _ _ worker _ </proc/\$PPID/stat; kill -9 \$worker\n" >kill && chmod 755 kill'
	eventd
	inject e0 "5053000855555555"
	logged 'hooks are given up: the worker ended 6 times'
	eventd_status '"hooks": 0'
	guest_sh 'rm -r /etc/papr'
	plug n0 virtio-net-pci 1 "$nic"
	configured 0000:00:01.0
}
