#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: here
#
# guestctl and the agent on the build machine, with a process that only answers like a
# machine: failures of a guest without the time to boot one.

# shellcheck disable=SC2016,SC2153,SC2154 # the guest's shell; set by the verbs

load verbs

setup()
{
	[[ -x ${GUEST_BIN:-}/guestctl && -x $GUEST_BIN/agent ]] ||
		skip "GUEST_BIN has no guestctl and agent"
	export GUEST_DIR=$BATS_TEST_TMPDIR/guest
}

teardown()
{
	[[ ! -d $GUEST_DIR ]] || _guest_ctl stop
}

start() # [OPTION...]
{
	_guest_ctl start --owner "$BATS_ROOT_PID" "$@" --bare -- \
		"$_guest_verbs/fake-machine" "$GUEST_BIN/agent"
}

# Start a command in the guest that runs until it is killed. $pid is its process id.
start_sleeper()
{
	"$GUEST_BIN/guestctl" run "$GUEST_DIR" -- \
		sh -c 'echo $$; exec sleep 1000' >"$BATS_TEST_TMPDIR/pid" 3>&- &
	client=$!
	wait_until '[ -s "$BATS_TEST_TMPDIR/pid" ]'
	pid=$(cat "$BATS_TEST_TMPDIR/pid")
}

assert_wait() # STATUS PID
{
	local ended=0

	wait "$2" || ended=$?
	assert_equal "$ended" "$1"
}

parent() # PID
{
	ps -o ppid= -p "$1" | tr -d " "
}

gone() # PID
{
	local state

	# In a container, the first process may not collect zombies.
	state=$(ps -o stat= -p "$1") || true
	[[ -z $state || $state == Z* ]]
}

@test "commands run, and stop leaves no process" {
	start
	guest -7 sh -c 'echo out; echo err >&2; exit 7'
	assert_stdout out
	assert_stderr err
	_guest_ctl stop
	_guest_ctl stop
	[ ! -e "$GUEST_DIR/ctl" ]
	guest -125 true
	assert_stderr "guestctl: no guest is running there"
}

@test "a command must have the status that an option has" {
	start
	guest -0 true
	guest_sh -3 -i 'cat; exit 3' <<<text
	assert_output text
	run guest -0 false
	assert_failure
	assert_output --partial 'exit status differs'
}

@test "three megabytes are transferred in both directions" {
	start
	head -c 3000000 /dev/urandom >"$BATS_TEST_TMPDIR/sent"
	_guest_ctl run -i -- cat <"$BATS_TEST_TMPDIR/sent" >"$BATS_TEST_TMPDIR/received"
	cmp "$BATS_TEST_TMPDIR/sent" "$BATS_TEST_TMPDIR/received"
}

@test "a second start in the same place is refused" {
	start
	run -125 start
	assert_output --partial "running there already"
	guest -0 true
}

@test "the time limit ends a command" {
	start
	guest -124 -t 0.2 sleep 1000
	guest -0 true
}

@test "a client that exits ends its command" {
	start
	start_sleeper
	kill -9 "$client"
	guest -0 true
	gone "$pid"
}

@test "commands run one by one, requests to the machine at any time" {
	start
	start_sleeper
	_guest_ctl run -- echo after >"$BATS_TEST_TMPDIR/after" 3>&- &
	host echo '{"a": 1}'
	[ "$host_reply" = '{"a":1}' ]
	[ ! -s "$BATS_TEST_TMPDIR/after" ]
	kill "$pid"
	wait
	[ "$(cat "$BATS_TEST_TMPDIR/after")" = after ]
}

@test "refusals have class and text" {
	start
	run -1 _guest_ctl qmp fail
	assert_output "GenericError: as asked"
	run -125 _guest_ctl qmp echo '[1]'
	run -125 _guest_ctl qmp echo '{'
}

@test "events are found by name and data, each once, from the start" {
	start
	host emit '{"event": "GONE", "data": {"device": "a", "n": 1}}'
	host emit '{"event": "GONE", "data": {"device": "b", "n": 2, "yes": true}}'
	host_wait GONE device=b n=2 yes=true
	[[ $host_reply == *'"device":"b"'* ]]
	refute_event GONE device=b
	host_wait GONE
	refute_event GONE
	run -1 _guest_ctl wait -t 0.1 GONE
}

@test "an event ends a wait that has begun" {
	start
	_guest_ctl wait LATE 3>&- >"$BATS_TEST_TMPDIR/event" &
	host emit '{"event": "LATE"}'
	wait $!
	[ "$(cat "$BATS_TEST_TMPDIR/event")" = '{"event":"LATE"}' ]
}

@test "a machine that dies ends each wait with an error" {
	start
	start_sleeper
	_guest_ctl qmp mute 3>&- 2>"$BATS_TEST_TMPDIR/mute" &
	mute=$!
	_guest_ctl wait NEVER 3>&- 2>"$BATS_TEST_TMPDIR/never" &
	never=$!
	host emit '{"event": "LAST"}'
	host quit
	assert_wait 125 "$client"
	assert_wait 125 "$mute"
	assert_wait 125 "$never"
	grep "the guest is gone (exit status 0)" "$BATS_TEST_TMPDIR/mute"
	grep "fake machine: booting" "$BATS_TEST_TMPDIR/never"
	host_wait LAST
	guest -125 true
}

@test "a command on a guest that is reset is lost" {
	start
	start_sleeper
	host emit '{"event": "RESET"}'
	assert_wait 125 "$client"
}

@test "an agent that does not answer fails pings" {
	start
	guest_ready 5
	host deaf
	run -125 _guest_ctl ping -t 0.2
	assert_output "guestctl: no answer in time"
}

@test "an agent that does not answer fails its command, and waiting commands" {
	start --grace 0.3
	host deaf
	_guest_ctl run -t 0.2 -- true 3>&- 2>"$BATS_TEST_TMPDIR/first" &
	first=$!
	assert_wait 125 "$first"
	grep "the guest does not answer" "$BATS_TEST_TMPDIR/first"
	guest -125 true
	assert_stderr --partial "since an earlier command"
	# The agent was only slow.
	host hearing
	guest_ready 5
	wait_until '_guest_ctl run -- true'
}

@test "a machine that does not boot is killed at the deadline" {
	run -125 _guest_ctl start -t 0.3 --bare -- sh -c \
		'echo my last words >&5; echo $$ >"$0"; exec sleep 1000' "$BATS_TEST_TMPDIR/pid"
	assert_output --partial "did not come up in time"
	assert_output --partial "my last words"
	gone "$(cat "$BATS_TEST_TMPDIR/pid")"
	[ ! -e "$GUEST_DIR/ctl" ]
}

@test "a machine that exits immediately is reported with its output" {
	run -125 _guest_ctl start --bare -- no-such-program
	assert_output --partial "no-such-program: No such file or directory"
}

@test "a guest ends when its owner ends" {
	sleep 1000 3>&- &
	owner=$!
	start --owner "$owner"
	start_sleeper
	kill "$owner"
	assert_wait 125 "$client"
	wait_until 'gone "$pid"'
	run -125 _guest_ctl run -- true
}

@test "a guest is not started if its owner has ended" {
	true 3>&- &
	owner=$!
	wait "$owner"
	run -125 start --owner "$owner"
	assert_output --partial "the owner has ended"
}

@test "a machine ends when its daemon is killed, and a new one starts in the same folder" {
	start
	guest sh -c 'echo $PPID'
	agent=$output
	daemon=$(parent "$(parent "$agent")")
	kill -9 "$daemon"
	wait_until 'gone "$agent"'
	start
	guest -0 true
}

@test "errors on the console are shown once" {
	local log=$GUEST_DIR/console.log

	start
	run -1 _guest_ctl oops
	printf '[ 1.0] fine\n[ 1.1] WARNING: CPU: 0\n[ 1.2] behind\n[ 1.3] BUG: cut' >>"$log"
	run -0 _guest_ctl oops
	assert_output $'[ 1.1] WARNING: CPU: 0\n[ 1.2] behind'
	run -1 _guest_ctl oops
	echo " off" >>"$log"
	run -0 _guest_ctl oops
	assert_output "[ 1.3] BUG: cut off"
}
