#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: sim drmgr drmon papr-eventd
# The kernel holds the write of a removal. After 5 s drmgr releases its lock, and waits for the
# kernel alone. Requests that do not need the same lock of the kernel go on. Tests assert the
# order of events, not seconds.
# shellcheck disable=SC2016 # the guest's shell

load ../../guest/verbs
load ../../lib/matrix

setup()
{
	[[ ${GUEST_KIND:-real} == sim ]] || skip "only a simulated machine can hold a write"
	[[ $BATS_TEST_DESCRIPTION != PowerVM:* ]] || return 0
	guest_boot -smp 2,maxcpus=4,cores=4,threads=1 -m 1G,slots=4,maxmem=4G \
		-device virtio-net-pci,id=m0,addr=2 -device virtio-net-pci,id=m1,addr=3
	guest_needed
	guest_sh 'cd /sys/bus/pci/devices; for d in *; do
		echo "$d $(readlink -f $d/of_node | sed "s|.*/base||")"; done'
	remove=/sys/bus/pci/devices/$(sed -n 's|\(.*\) /pci@800000020000000/ethernet@2$|\1|p' <<<"$output")/remove
	host x-papr-fault "{\"call\": \"write:$remove\", \"hold\": true}"
}

teardown()
{
	host x-papr-fault-clear
	assert_no_oops
	guest_down
}

# Begin a request, and go on while it runs. Its output ends with its status.
begins() # NAME ARGUMENT...
{
	guest_sh 'name=$1; shift
		(drmgr "$@" >/tmp/$name 2>&1; echo "= $?" >>/tmp/$name) >/dev/null 2>&1 </dev/null &' "$@"
}

# The removal of C16, which the kernel holds, has released the lock.
held() # ARGUMENT...
{
	begins first -c pci -r -s C16 -n "$@"
	guest_until 'test -e /run/drmgr/left-1'
}

ends_with() # NAME STATUS
{
	guest_until "grep -q ^= /tmp/$1"
	guest tail -n 1 "/tmp/$1"
	assert_stdout "= $2"
}

still_runs() # NAME
{
	guest grep -c ^= "/tmp/$1"
	assert_stdout 0
}

goes_on() # ARGUMENT...
{
	guest -0 drmgr "$@" -w 10s
	is_waiting "${for_lock[@]}"
	still_runs first
}

# The output of a program has the words of the removal that waits, once.
is_waiting()
{
	assert_stderr --regexp "^C16 \(0x40000010\): waiting for the ${1:-kernel} since [0-9: -]+, step slot-disable of PID [0-9]+ \(drmgr -c pci -r -s C16 -n.*\): it goes on when ${2:-its write to $remove has ended}"
	assert_equal "$(grep -c 'waiting for the .* since' <<<"$stderr")" 1
}

others_go_on()
{
	goes_on -c cpu -r -s 'CPU 1'
	goes_on -c cpu -a -s 'CPU 1'
	goes_on -c pci -i -s C24 -n
}

nothing_is_left()
{
	guest_sh 'ls /run/drmgr'
	assert_stdout ''
	guest -0 drmgr --recover
	guest -1 test -e "${remove%/remove}"
	guest -0 drmgr -c pci -a
	assert_stderr ''
}

@test "others go on, and the removal completes when the kernel lets it [io-held-others]" {
	held
	others_go_on
	host x-papr-fault-clear
	ends_with first 0
	nothing_is_left
}

@test "a second removal waits without the lock, then makes its change [io-held-second]" {
	held -w 60s
	begins second -c pci -r -s C24 -n -w 60s
	guest_until 'grep -q "waiting for PID" /tmp/second'
	others_go_on
	still_runs second
	host x-papr-fault-clear
	ends_with first 0
	ends_with second 0
	nothing_is_left
}

@test "a second removal ends at its limit, with nothing done [io-held-limit]" {
	held
	guest -255 drmgr -c pci -r -s C24 -n -w 1s
	assert_stderr --partial "is still writing to $remove, and the kernel would let this change wait for it: nothing is changed"
	guest -65 drmgr -c pci -r -s C16 -n -w 1s
	is_waiting
	still_runs first
	guest -65 drmgr --recover
	is_waiting
	host x-papr-fault-clear
	ends_with first 0
	nothing_is_left
}

@test "the limit passes first: 65, and a recovery after the write completes [io-held-late]" {
	held -w 7s
	ends_with first 65
	guest_sh 'ls -d /run/drmgr/left-* /run/drmgr/journal 2>/dev/null'
	assert_stdout /run/drmgr/left-1
	host x-papr-fault-clear
	guest_until '! drmgr --recover 2>&1 | grep -q "has ended its write"'
	guest -0 drmgr -c pci -a
	assert_stderr ''
	guest_sh 'ls /run/drmgr'
	assert_stdout ''
}

@test "a core: cards go on, processors and memory wait without the lock [io-held-core]" {
	host x-papr-fault-clear
	host x-papr-fault '{"call": "write:/sys/kernel/dlpar", "hold": true}'
	begins first -c cpu -r -s 'CPU 1'
	guest_until 'test -e /run/drmgr/left-1'
	guest -0 drmgr -c pci -r -s C24 -n -w 10s
	assert_stderr --partial 'waiting for the kernel since'
	guest -0 drmgr -c pci -a -s C24 -n -w 10s
	begins second -c cpu -a -q 1 -w 60s
	guest_until 'grep -q "waiting for PID" /tmp/second'
	guest -0 drmgr -c pci -i -s C24 -n -w 10s
	guest -255 drmgr -c cpu -a -q 1 -w 1s
	assert_stderr --partial 'is still writing to /sys/kernel/dlpar'
	guest -255 drmgr -c mem -a -q 1 -w 1s
	assert_stderr --partial 'is still writing to /sys/kernel/dlpar'
	still_runs first
	still_runs second
	host x-papr-fault-clear
	ends_with first 0
	ends_with second 0
	guest_sh 'ls /run/drmgr'
	assert_stdout ''
}

@test "killed while it waits: the leftover is undone by a recovery [io-held-killed]" {
	held
	guest_sh 'kill -9 $(pidof drmgr)'
	ends_with first 137
	host x-papr-fault-clear
	guest_until '! drmgr --recover 2>&1 | grep -q "has ended its write"'
	guest -0 drmgr -c pci -a
	guest_sh 'ls /run/drmgr'
	assert_stdout ''
}

@test "a signal during the wait: the removal is undone when the kernel lets it [io-held-signal]" {
	held
	guest_sh 'kill -TERM $(pidof drmgr)'
	still_runs first
	host x-papr-fault-clear
	ends_with first 255
	guest grep -c 'signal' /tmp/first
	refute_stdout 0
	guest_sh 'ls /run/drmgr'
	assert_stdout ''
	guest -0 test -e "${remove%/remove}"
}

# drmon, papr-eventd and the documents of drmgr have the same word for the removal; only an
# incomplete one needs a recovery, and only a process that lives is its writer.
words_are() # STATE [HAS_WRITER]
{
	local needed=null writer=null program

	[[ $1 != incomplete ]] || needed=1
	[[ $1 == incomplete ]] || writer=1
	guest drmon --once --json
	assert_equal "$(jq -r .operation.state <<<"$output")" "$1"
	for program in 'drmon --once' 'papr-eventd --status' 'drmgr -c pci -i -s C24 -n'; do
		guest_sh "$program --json"
		assert_equal "$(jq -c '[.leftovers[].state], .leftovers[0].connectors[0].name,
			(if .recovery_needed then 1 else null end),
			(if .leftovers[0].writer then 1 else null end)' <<<"$output")" \
			"[\"$1\"]"$'\n"C16"\n'"$needed"$'\n'"$writer"
	done
}

@test "running, waiting, needs-lock, incomplete: all programs agree [io-held-words]" {
	guest_sh -0 'cd /tmp && papr-eventd 2>>/tmp/eventd.log'
	begins first -c pci -r -s C16 -n
	guest_until 'grep -q ^writer /run/drmgr/journal'
	words_are running
	guest_until 'test -e /run/drmgr/left-1'
	words_are waiting
	guest_sh 'sed -n "s/^waiter \([0-9]*\).*/\1/p" /run/drmgr/left-1'
	waiter=$output
	guest kill -STOP "$waiter"
	host x-papr-fault-clear
	guest_until "! test -e ${remove%/remove}"
	words_are needs-lock
	guest kill -9 "$waiter"
	ends_with first 137
	words_are incomplete
	guest_sh 'kill $(pidof papr-eventd)'
	guest -0 drmgr --recover
	guest_sh 'ls /run/drmgr'
	assert_stdout ''
}

# It waited, had the lock again, and then could not undo its steps: it no longer goes on.
@test "an undo that fails after the wait is incomplete, without a writer [io-held-undo]" {
	host x-papr-fault-clear
	host x-papr-fault "{\"call\": \"write:$remove\", \"hold\": true}"
	id=$(jq .id <<<"$host_reply")
	held --json
	guest_sh 'kill -TERM $(pidof drmgr)'
	host x-papr-fault '{"call": "write:/sys/class/pci_bus/0000:00/rescan", "count": 0, "errno": "EIO"}'
	host x-papr-fault '{"call": "write:/sys/bus/pci/slots/C16/power", "count": 0, "errno": "EIO"}'
	host x-papr-fault-clear "{\"id\": $id}"
	ends_with first 65
	guest cat /tmp/first
	words=$(sed -n '/^{/,/^}/p' <<<"$output")
	assert_equal "$(jq -c '[.leftovers[] | .state, .writer], .undo' <<<"$words")" $'["incomplete",null]\n"incomplete"'
	host x-papr-fault-clear
	guest -0 drmgr --recover
	guest -0 test -e "${remove%/remove}"
}

# The run that waits is stopped, so that others come between the end of its write and the lock.
@test "others between the end of the write and the lock: one outcome [io-held-between]" {
	held -w 60s
	guest_sh 'sed -n "s/^waiter \([0-9]*\).*/\1/p" /run/drmgr/left-1'
	waiter=$output
	guest kill -STOP "$waiter"
	host x-papr-fault-clear
	guest_until "! test -e ${remove%/remove}"
	for_lock=(lock 'it has the lock')
	guest -65 drmgr --recover
	is_waiting "${for_lock[@]}"
	guest -255 drmgr -c pci -r -s C24 -n -w 1s
	assert_stderr --partial "PID $waiter (drmgr -c pci -r -s C16 -n -w 60s) must go on with its change first: nothing is changed"
	goes_on -c cpu -r -s 'CPU 1'
	goes_on -c cpu -a -s 'CPU 1'
	guest kill -CONT "$waiter"
	ends_with first 0
	nothing_is_left
}

@test "PowerVM: cores, memory and virtual adapters go on beside the removal of a slot [io-held-powervm]" {
	matrix_boot lpar
	guest_needed
	guest_sh 'ls /sys/bus/pci/devices'
	remove=/sys/bus/pci/devices/${output##*$'\n'}/remove
	host x-papr-fault "{\"call\": \"write:$remove\", \"hold\": true}"
	begins first -c slot -r -s 'SLOT 258' -w 60s
	guest_until 'test -e /run/drmgr/left-1'
	for words in '-c cpu -r -q 1' '-c cpu -a -q 1' '-c mem -r -q 2' '-c mem -a -q 2' \
		'-c slot -r -s VIO\ 2' '-c slot -a -s VIO\ 2'; do
		guest_sh -0 "drmgr $words -w 10s"
		still_runs first
	done
	guest -255 drmgr -c phb -a -q 1 -w 1s
	assert_stderr --partial "is still writing to $remove"
	host x-papr-fault-clear
	ends_with first 0
	guest_sh 'ls /run/drmgr'
	assert_stdout ''
}

@test "PowerVM: cards go on beside the removal of a virtual adapter, slots wait [io-held-virtual]" {
	local file=/sys/bus/pci/slots/control/remove_slot

	matrix_boot lpar
	guest_needed
	host x-papr-fault "{\"call\": \"write:$file\", \"hold\": true}"
	begins first -c slot -r -s 'VIO 2' -w 60s
	guest_until 'test -e /run/drmgr/left-1'
	guest -255 drmgr -c slot -r -s 'VIO 5' -w 1s
	assert_stderr --partial "is still writing to $file"
	guest -0 drmgr -c pci -r -s 0x40010010 -n -w 10s
	still_runs first
	host x-papr-fault-clear
	ends_with first 0
	guest_sh 'ls /run/drmgr'
	assert_stdout ''
}

@test "PowerVM: memory without a limit: slots go on [io-held-memory]" {
	matrix_boot lpar
	guest_needed
	host x-papr-fault '{"call": "write:/sys/kernel/dlpar", "hold": true}'
	begins first -c mem -r -q 2
	guest_until 'test -e /run/drmgr/left-1'
	guest -0 drmgr -c slot -r -s 'SLOT 258' -w 10s
	guest -255 drmgr -c cpu -r -q 1 -w 1s
	assert_stderr --partial 'is still writing to /sys/kernel/dlpar'
	still_runs first
	host x-papr-fault-clear
	ends_with first 0
	guest_sh 'ls /run/drmgr'
	assert_stdout ''
}
