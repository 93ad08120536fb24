#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: sim all drmgr
# What drmgr tells while it runs: events of --json=lines, progress and waits, on a terminal
# and elsewhere. The verb "guest" validates each line with its schema.

load ../../guest/verbs
load ../../lib/cards

setup_file()
{
	GUEST_MACHINE_OPTIONS=x-powervm=on GUEST_PLATFORM=lpar \
		guest_boot -smp 1001 -m 1G,slots=4,maxmem=4G
}

setup()
{
	cards_setup
}

# Print the kinds of the events, and "document".
kinds()
{
	jq -r '.event // "document"' <<<"$output"
}

# Print one member of the events of a kind.
of_event() # KIND MEMBER
{
	jq -c --arg kind "$1" "select(.event == \$kind) | $2" <<<"$output"
}

@test "events of one card, in their order; the document is the last line" {
	plug n0 virtio-net-pci 1 "$nic"
	guest -0 drmgr -c pci -a -s C8 -n --json=lines
	assert_equal "$(kinds | uniq | paste -sd' ')" 'begin step resource document'
	assert_equal "$(of_event begin '[.name, .index]')" '["C8","0x40000008"]'
	assert_equal "$(of_event resource .resource.result)" '"done"'
	# The same steps, and the same resource.
	diff <(of_event step .step) <(tail -n 1 <<<"$output" | jq -c '.resources[0].steps[] | del(.number)')
	assert_equal "$(tail -n 1 <<<"$output" | jq -c '[.resources[0].steps[].number]')" \
		"$(jq -cs '[range(1; 1 + ([.[] | select(.event == "step")] | length))]' <<<"$output")"
	diff <(of_event resource .resource) <(tail -n 1 <<<"$output" | jq -c '.resources[0] | del(.steps)')
	guest -255 drmgr -c pci -a -s C8 -n --json=lines
	assert_equal "$(of_event error .error.code)" '"already-there"'
	assert_equal "$(tail -n 1 <<<"$output" | jq -c .error)" "$(of_event error .error)"
	guest -0 drmgr -c pci -r -s C8 -n --dry-run --json=lines
	assert_equal "$(kinds | uniq | paste -sd' ')" 'begin step resource document'
}

@test "a thousand processors: progress while it runs" {
	local at last

	guest -0 -t 300 drmgr -c cpu -r -q 1000 --json=lines
	(($(grep -c '"event"' <<<"$output") >= 10))
	assert_equal "$(of_event progress .done)" "$(seq 1000)"
	assert_equal "$(of_event progress .total | uniq)" 1000
	# Each event is printed when it happens: the first ones long before the end.
	guest_sh -0 'mkfifo /tmp/events; drmgr -c cpu -a -q 1000 --json=lines >/tmp/events & pid=$!
		exec 3</tmp/events; read -r first <&3; test -d /proc/$pid || exit 9
		case $first in *\"event\":\"begin\"*) ;; *) exit 8 ;; esac
		cat <&3 >/tmp/rest; wait $pid || exit 7; rm /tmp/events'
	guest -0 -t 300 drmgr -c cpu -r -q 1000
	for at in 1 2 3 4 5 6 7 8 9; do
		assert_stderr_line "${at}00 of 1000 processors"
	done
	last=$(grep -c ' of 1000 processors' <<<"$stderr")
	assert_equal "$last" 10
}

@test "a wait for a card is one line on stderr, or events" {
	guest -255 drmgr -c pci -a -s C16 -n -w 4s
	assert_stderr_line --regexp '^waiting for a card in slot C16, at most [23] s$'
	assert_equal "$(grep -c waiting <<<"$stderr")" 1
	guest -255 drmgr -c pci -a -s C16 -n -w 4s --json=lines
	refute_stderr --partial waiting
	assert_equal "$(of_event wait .what | uniq)" '"a card in slot C16"'
	(($(of_event wait .left_ms | head -n 1) < 3500))
	# A short wait is not worth a line.
	guest drmgr -c pci -a -s C16 -n -w 1s
	refute_stderr --partial waiting
}

@test "firmware that is busy, and a hook" {
	plug n0 virtio-net-pci 1 "$nic"
	host x-papr-fault '{"call": "ibm,configure-connector", "nth": 1, "count": 3, "status": 9903}'
	guest drmgr -c pci -a -s C8 -n
	host x-papr-fault-clear
	assert_status 0
	assert_stderr_line --regexp \
		'^waiting for firmware, which is busy with ibm,configure-connector, at most [0-9]+ s$'
	guest_sh 'umask 022; mkdir -p /etc/drmgr.d/pci; cd /etc/drmgr.d/pci
		printf "#!/bin/sh\nexec sleep 2.5\n" >slow; chmod 755 slow'
	guest drmgr -c pci -r -s C8 -n
	assert_stderr_line --regexp '^waiting for hook slow to end, at most [0-9]+ s$'
	guest_sh 'rm -r /etc/drmgr.d'
}

@test "the lock: its holder is named while drmgr waits" {
	plug n0 virtio-net-pci 1 "$nic"
	guest_sh -0 'umask 022; mkdir -p /etc/drmgr.d/pci; cd /etc/drmgr.d/pci; mkfifo /tmp/held /tmp/go
		printf "#!/bin/sh\n[ \$PHASE = pre ] || exit 0\necho >/tmp/held; read -r line </tmp/go\n" >hold; chmod 755 hold
		exec 3<>/tmp/held 4<>/tmp/go; drmgr -c pci -a -s C8 -n >/tmp/first 2>&1 & holder=$!
		read -r line </tmp/held; rm -r /etc/drmgr.d
		drmgr -c pci -a -w 30s >/tmp/second 2>&1 & second=$!
		wait_until "grep -q \"^waiting for the lock\" /tmp/second"; echo >&4
		wait $second; status=$?; wait $holder; cat /tmp/second; exit $status'
	assert_line --regexp '^waiting for the lock, which PID [0-9]+ \(.*\) has, at most 2[0-9] s$'
}

@test "on a terminal the wait is one line that is cleared" {
	[[ ${GUEST_KIND:-real} == sim ]] || skip "the real guest has no script(1)"
	guest_sh 'TERM=linux script -qec "stty cols 40 rows 24; drmgr -c pci -a -s C16 -n -w 4s" /dev/null </dev/null'
	assert_output --partial '3 s: waiting for a card in slot C16'
	refute_output --partial 'at most'
	refute_line --regexp '.*: waiting for a card in slot C16$'
}

@test "formats that do not exist, and queries, are refused" {
	guest -255 drmgr -c pci -a --json=line
	assert_stderr_line '--json=line: unknown format; use --json or --json=lines'
	guest -255 drmgr -c pci -Q --json=lines
	assert_stderr_line '--json=lines is for changes: use --json'
}

# A reader that leaves does not stop the change.
@test "events to a closed pipe" {
	plug n0 virtio-net-pci 1 "$nic"
	guest_sh '(drmgr -c pci -a -s C8 -n --json=lines; echo $? >/tmp/status) | true
		wait_until "[ -s /tmp/status ]"; cat /tmp/status'
	assert_line 0
	guest -0 drmgr -c pci -r -s C8 -n
}
