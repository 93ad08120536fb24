# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154
#
# errd.bash - a daemon in the guest that reads the host's events and runs drmgr: rtas_errd
# of the distribution, or our reader, which does only this
#
# Every test of a file that loads this begins with an empty bus, without a daemon, without
# unread records, and with empty logs.

# shellcheck source-path=SCRIPTDIR
source "$(dirname "${BASH_SOURCE[0]}")/cards.bash"

# rtas_errd saves the records here, and has its own log. Our reader has one log for both.
platform=/var/log/platform
errd_log=/var/log/rtas_errd.log
reader_log=/tmp/reader.log
drmgr_log=/var/log/drmgr
commands=/tmp/commands

setup()
{
	cards_setup
	daemon=
	stop_daemons
	guest_sh 'rm -f "$@"; /usr/lib/guest/rawcall drain /proc/ppc64/rtas/error_log' \
		$platform $errd_log $reader_log $drmgr_log $commands
}

teardown()
{
	[[ -z ${GUEST_MISSING:-} ]] || return 0
	stop_daemons
	unrecord
	cards_teardown
}

# A simulated guest has rtas_errd if it could be built for this machine.
daemon_needed() # DAEMON
{
	daemon=$1
	[[ $daemon == rtas_errd ]] || return 0
	guest test -x /usr/sbin/rtas_errd
	[[ $status -eq 0 || ${GUEST_KIND:-real} == sim ]] ||
		skip "the distribution has no rtas_errd for this processor"
	[[ $status -eq 0 ]] || skip "no rtas_errd for this machine (make errd-prepare)"
}

start() # DAEMON [LIBRARIES]
{
	daemon_needed "$1"
	if [[ $daemon == rtas_errd ]]; then
		guest -0 env "LD_LIBRARY_PATH=${2-}" rtas_errd
		guest_until 'test -e /var/log/epow_status && pidof rtas_errd'
	else
		guest_sh "/usr/lib/guest/reader >$reader_log 2>&1 & echo \$!"
	fi
	daemon_pid=$output
}

stop_daemons()
{
	# shellcheck disable=SC2016 # for the guest
	guest_sh 'for name in rtas_errd reader; do
			! pid=$(pidof $name) || kill -9 $pid
		done'
	guest_until '! pidof rtas_errd reader'
}

# The daemon still runs.
assert_alive()
{
	guest pidof "$daemon"
	assert_output "$daemon_pid"
}

# Wait until it has received COUNT records of TYPE, in hexadecimal as in rtas_errd's log.
took() # COUNT TYPE
{
	local pattern

	if [[ $daemon == rtas_errd ]]; then
		printf -v pattern '^RTAS 0: ......%02x ' "$2"
	else
		pattern=" type $2"
		guest_until "[ \$(grep -c '$pattern\\>' $reader_log) -eq $1 ]"
		return
	fi
	guest_until "[ \$(grep -c '$pattern' $platform) -eq $1 ]"
}

# Wait until it has run COUNT commands (see record).
ran() # COUNT
{
	# shellcheck disable=SC2016 # for the guest
	guest_until '[ "$(grep -c = "$1")" -eq "$2" ] <"$1"' "$commands" "$1"
}

# From now on, record the commands that run as drmgr, with their exit status. PROGRAM is
# run instead of it: the peer's, or one that does nothing. Without PROGRAM, run ours.
record() # [PROGRAM]
{
	guest_sh -i 'mv /usr/sbin/drmgr /usr/lib/guest/drmgr && cat >/usr/sbin/drmgr && chmod 755 /usr/sbin/drmgr' <<-EOF
		#!/bin/sh
		echo "drmgr \$*" >>$commands
		${1:-/usr/lib/guest/drmgr} "\$@"
		status=\$?
		echo "= \$status" >>$commands
		exit \$status
	EOF
	assert_status 0
}

unrecord()
{
	guest_sh '[ ! -e /usr/lib/guest/drmgr ] || mv /usr/lib/guest/drmgr /usr/sbin/drmgr'
}

# The recorded commands are these, without regard to their exit status.
assert_commands() # COMMAND...
{
	guest grep -v = "$commands"
	assert_stdout "$(printf '%s\n' "$@")"
}

# Inject an event of TYPE. BODY is all after the length, in hexadecimal.
inject_bytes() # TYPE BODY [LENGTH]
{
	local size

	printf -v size %08x $((${#2} / 2))
	host x-papr-inject-event "{\"data\": \"063460$1${3:-$size}$2\"}"
}

zeros=00000000000000000000000000000000
event_head=86008e00${zeros:0:16}49424d00
private_header=50480030${zeros:0:8}2026112006201400${zeros:0:16}48000003${zeros:0:24}01000000${zeros:0:8}
user_header=55480018${zeros:0:8}80000000${zeros:0:24}

# Inject an event as QEMU composes it, with the given SECTION.
inject() # TYPE SECTION
{
	inject_bytes "$1" "$event_head$private_header$user_header$2"
}

# Inject a hotplug section: type, action, identifier and value, in hexadecimal.
inject_hotplug() # TYPE ACTION IDENTIFIER VALUE
{
	local value=${4}00000000

	inject e5 "4850001401000000$1$2${3}00${value:0:16}"
}
