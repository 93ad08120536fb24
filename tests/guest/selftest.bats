#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: guest drmgr lsslot
#
# The verbs of the harness in a guest.

# shellcheck disable=SC2016,SC2153,SC2154 # the guest's shell; set by the verbs

load verbs

setup_file()
{
	guest_boot
}

@test "exit statuses are returned" {
	guest -0 true
	guest -1 false
	guest_sh -255 'exit 255'
}

@test "a command that is not found: 127; not executable: 126" {
	guest -127 no-such-command
	assert_stderr --partial "no-such-command: No such file"
	guest -126 /etc/guest-modules
}

@test "a killed command: 128 + signal" {
	guest_sh -137 'kill -9 $$'
	guest_sh -143 'kill -TERM $$'
}

@test "stdout and stderr are separate" {
	guest_sh -3 'echo one; echo two >&2; echo three; exit 3'
	assert_stdout $'one\nthree'
	assert_stderr two
	assert_stdout_line --index 1 three
	assert_stderr_line two
	refute_stdout_line two
}

@test "arguments are unchanged" {
	guest printf '<%s>' '' 'a b' $'tab\tnewline\n' '$HOME "*"' 'grün'
	assert_stdout "<><a b><tab"$'\t'"newline"$'\n''><$HOME "*"><grün>'
	guest_sh 'echo "$# $2"' first second
	assert_stdout "2 second"
}

@test "300 kB of every byte value are returned unchanged, in both directions" {
	local dir=$BATS_TEST_TMPDIR i

	for i in {0..255}; do
		# shellcheck disable=SC2059 # the format is the byte
		printf "\\x$(printf %02x "$i")\\r\\0\\r"
	done >"$dir/block"
	for i in {1..300}; do
		cat "$dir/block"
	done >"$dir/sent"
	[ "$(wc -c <"$dir/sent")" -eq 307200 ]

	_guest_ctl run -i -- tee /tmp/copy <"$dir/sent" >"$dir/received"
	cmp "$dir/sent" "$dir/received"
	guest cmp /tmp/copy /tmp/copy
	guest md5sum /tmp/copy
	assert_stdout --partial "$(md5sum <"$dir/sent" | cut -d' ' -f1)"
}

@test "stdin: given with -i, else empty" {
	guest -i cat <<<"from here"
	assert_stdout "from here"
	guest -0 cat
	assert_stdout ""
}

@test "a command that does not read its input still ends" {
	head -c 1000000 /dev/zero >"$BATS_TEST_TMPDIR/zeros"
	guest -0 -i true <"$BATS_TEST_TMPDIR/zeros"
}

@test "a command over its limit: 124, and its children are gone" {
	guest -124 -t 1 sh -c 'echo before; sleep 1234 & sleep 1234'
	assert_stdout before
	guest_sh -1 'ps | grep "[s]leep 1234"'
}

@test "a background process does not delay the end of its command" {
	local start=$SECONDS

	guest_sh -0 'sleep 100 >/dev/null 2>&1 & echo $!'
	local pid=$output
	guest -0 kill "$pid"

	# Nor if it keeps stdout open.
	guest_sh 'sleep 100 & echo started'
	assert_stdout started
	guest killall sleep
	[ $((SECONDS - start)) -lt 50 ]
}

@test "commands of two clients do not mix" {
	local dir=$BATS_TEST_TMPDIR n

	for n in 1 2 3 4; do
		_guest_ctl run -- sh -c "for i in 1 2 3 4 5 6 7 8 9; do echo $n; done" \
			>"$dir/$n" &
	done
	host query-status
	wait
	for n in 1 2 3 4; do
		[ "$(sort "$dir/$n" | uniq -c | tr -d ' ')" = "9$n" ]
	done
}

@test "the machine answers while a command runs" {
	_guest_ctl run -- sleep 2 &
	host query-status
	[[ $host_reply == *'"running":true'* ]]
	wait
}

@test "a client that is killed ends its command" {
	local client

	"$GUEST_BIN/guestctl" run "$GUEST_DIR" -- sleep 1235 &
	client=$!
	wait_until '_guest_ctl qmp query-status >/dev/null'
	kill -9 "$client"
	guest_sh -1 'ps | grep "[s]leep 1235"'
}

@test "the machine's refusal is reported" {
	refute_host no-such-command
	[[ $host_reply == "CommandNotFound: The command no-such-command has not been found" ]]
	refute_host device_add '{"driver":"no-such-device"}'
	[[ $host_reply == GenericError:* ]]
	run ! host device_del '{"id":"nothing"}'
}

@test "a missing command of papr-vmm skips the test" {
	skip()
	{
		echo "skipped: $*"
		exit 77
	}
	run -77 host x-papr-no-such-command
	assert_output --partial "skipped: this machine has no x-papr-no-such-command"
}

@test "events are kept until they are read, once" {
	host stop
	host cont
	host_wait STOP
	host_wait RESUME
	refute_event STOP
}

@test "a card is plugged, found, and unplugged" {
	local node=/pci@800000020000000/ethernet@0

	refute_node "$node"
	host device_add '{"driver":"virtio-net-pci","id":"n0","addr":"0","romfile":""}'
	guest -0 /peer/sbin/drmgr -c pci -a -s C0 -n
	assert_node "$node"
	guest ls /sys/class/net
	assert_stdout_line eth0

	host device_del '{"id":"n0"}'
	guest -0 /peer/sbin/drmgr -c pci -r -s C0 -n
	host_wait DEVICE_DELETED device=n0
	refute_node "$node"
}

@test "the peers find their libraries" {
	guest -0 /peer/sbin/lsslot -c pci
	guest_sh -0 'for p in /peer/sbin/drmgr /usr/sbin/rtas_errd /usr/bin/strace /bin/bash; do
		/lib64/ld64.so.2 --list $p; done'
	refute_stdout --partial "not found"
}

@test "an error of the kernel is found, with the lines after it" {
	guest_sh 'echo "BUG: this is a test" >/dev/kmsg; echo "and this follows" >/dev/kmsg'
	run -0 _guest_ctl oops
	assert_line --partial "BUG: this is a test"
	assert_line --partial "and this follows"
	run -1 _guest_ctl oops
}

@test "an agent that dies fails its command, and the next command works" {
	guest_sh -125 'kill -9 $PPID; sleep 100'
	assert_stderr --partial restarted
	guest -0 true
}

@test "a reset guest boots again" {
	host system_reset
	host_wait RESET
	guest -0 cat /proc/uptime
	[ "${output%%.*}" -lt 60 ]
}

# The last tests end their guests, so each has its own.

throw_away()
{
	GUEST_DIR=$BATS_TEST_TMPDIR/guest
	"$_guest_verbs/boot" "$GUEST_DIR" "$BATS_ROOT_PID"
}

@test "a guest that panics during a command: 125, immediately" {
	local start

	throw_away
	start=$SECONDS
	guest_sh -125 'echo c >/proc/sysrq-trigger; sleep 100'
	assert_stderr --partial "the guest is gone"
	assert_stderr --partial "Kernel panic"
	[ $((SECONDS - start)) -lt 20 ]
	host_wait GUEST_PANICKED
	run -0 _guest_ctl oops
	guest -125 true
	guest_down
}

@test "a machine that cannot start reports the reason" {
	GUEST_DIR=$BATS_TEST_TMPDIR/guest
	run -125 _guest_ctl start -- "${GUEST_QEMU:-qemu-system-ppc64}" -no-such-option
	assert_output --partial "no-such-option"
	run -125 _guest_ctl run -- true
	run -0 _guest_ctl stop
}
