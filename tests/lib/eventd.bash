# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2016,SC2154 # for the guest's shell; set by the verbs
#
# eventd.bash - papr-eventd in the guest
#
# Every test of a file that loads this begins with an empty bus, without a daemon, without
# unread records, and with empty logs.

# shellcheck source-path=SCRIPTDIR
source "$(dirname "${BASH_SOURCE[0]}")/cards.bash"
# shellcheck source-path=SCRIPTDIR
source "$(dirname "${BASH_SOURCE[0]}")/errd.bash"

eventd_log=/tmp/eventd.log
lock=/var/lock/dr_config_lock
# Sections of power events. Action 3, system shutdown; modifier 2, the machine runs on its
# UPS. Action 0, reset.
on_ups=4550001402000000030201000000000000000000
power_is_back=4550001402000000000001000000000000000000

setup()
{
	cards_setup
	eventd_stop
	guest_sh 'rm -rf /run/papr-eventd /etc/papr "$@"
		/usr/lib/guest/rawcall drain /proc/ppc64/rtas/error_log' \
		"$eventd_log" "$drmgr_log" "$commands" "$platform" "$platform.0"
}

teardown()
{
	eventd_teardown
}

eventd_teardown()
{
	[[ -z ${GUEST_MISSING:-} ]] || return 0
	guest_sh 'cat "$1"' $eventd_log
	unlock
	eventd_stop
	stop_daemons
	unrecord
	guest_sh 'umount /boot /mnt 2>/dev/null; true'
	cards_teardown
}

# Start the daemon, and return when it is ready.
eventd() # [OPTION...]
{
	guest_sh -0 'cd /tmp && papr-eventd "$@" 2>>/tmp/eventd.log' "$@"
}

# A child with its name is killed, too. The daemon must not see that.
eventd_stop()
{
	guest_sh '! pid=$(pidof papr-eventd) || { kill -STOP $pid; kill -9 $pid; }'
	guest_until '! pidof papr-eventd'
}

# Wait until the log has a line that contains this, COUNT times.
logged() # TEXT [COUNT]
{
	guest_until '[ "$(grep -cF -e "$1" "$2")" -ge "$3" ]' "$1" $eventd_log "${2-1}"
}

refute_logged() # TEXT
{
	guest -1 grep -F -e "$1" $eventd_log
}

# The document has this line, except for blanks and a comma at its ends.
eventd_status() # LINE
{
	guest -0 papr-eventd --status --json
	assert_stdout_line --regexp "^ *$1,?\$"
}

eventd_status_becomes() # LINE
{
	guest_until 'papr-eventd --status --json | grep -E "^ *$1,?\$"' "$1"
}

# No request waits.
eventd_idle()
{
	guest_until 'papr-eventd --status | sed -n "/^waiting:/ { n; p; }" | grep "^recent:"'
}

# Another program has the lock, until unlock.
lock()
{
	guest_sh -0 'mkfifo /tmp/locked && { /usr/lib/guest/rawcall lock '$lock' cat /tmp/locked >/dev/null 2>&1 & }
		wait_until "[ -e '$lock' ] && grep -q \"POSIX .*WRITE $! \" /proc/locks"'
}

unlock()
{
	guest_sh '[ ! -p /tmp/locked ] || { : >/tmp/locked; rm /tmp/locked; }'
}

# A function has a driver, and no function has this address.
configured() # ADDRESS
{
	guest_until 'test -e /sys/bus/pci/devices/$1/driver' "$1"
}

# The host unplugs several cards at once, and receives all.
eventd_unplug_all() # ID...
{
	local id

	for id; do
		host device_del "{\"id\": \"$id\"}"
	done
	for id; do
		host_wait -t 120 DEVICE_DELETED device="$id"
	done
}

# The host unplugs a card, and receives it without a command in the guest.
eventd_unplug() # ID
{
	host device_del "{\"id\": \"$1\"}"
	host_has_it_back "$1"
	forget "$1"
}

# Replace shutdown(8) by a note.
no_shutdown()
{
	guest stat -c %u /usr/sbin/shutdown
	[[ $output != 65534 ]] || skip "this user's guest cannot change files of the computer's root"
	guest_sh -0 'mv /usr/sbin/shutdown /usr/sbin/shutdown.own 2>/dev/null
		printf "#!/bin/sh\necho \"\$@\" >>/tmp/shutdown\n" >/usr/sbin/shutdown && chmod 755 /usr/sbin/shutdown && rm -f /tmp/shutdown'
}

shutdown_again()
{
	guest_sh 'rm /usr/sbin/shutdown; mv /usr/sbin/shutdown.own /usr/sbin/shutdown 2>/dev/null; true'
}
