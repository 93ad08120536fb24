#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# drmgr killed before each write and each call into firmware: the next one brings the
# machine back to what it was.

load guest/verbs
load cards

# What a guest has: nodes of cards, functions, slots that are switched on.
machine='find -L /proc/device-tree/pci@* -type d | sort; ls /sys/bus/pci/devices;
	grep -H . /sys/bus/pci/slots/*/adapter | grep :1'

# In the guest: kills COMMAND before its first, second, third... step until it comes to
# its end. RECOVER brings back what was, but for the last few steps, where what was begun
# is complete: then UNDO does.
kill_everywhere() # COMMAND RECOVER UNDO
{
	guest_sh "state() { $machine; }"'
		say() { echo "step $n: $*"; cat /tmp/said; state; exit 1; }
		before=$(state) n=0 complete=0
		while n=$((n + 1)); /usr/lib/guest/killat $n '"$1"' >/tmp/said 2>&1; s=$?; [ $s = 137 ]; do
			'"$2"' >/tmp/said 2>&1 || say recovery failed
			[ ! -e /run/drmgr/journal ] || say a journal is left
			[ "$(state)" = "$before" ] && [ $complete = 0 ] && continue
			complete=$((complete + 1))
			'"$3"' >/tmp/said 2>&1 || say neither undone nor complete
			[ "$(state)" = "$before" ] || say not as before
		done
		[ $s = 0 ] || say failed with $s
		'"$3"' && echo "steps: $n $complete"'
	assert_status 0
	[[ $output =~ steps:\ ([0-9]+)\ ([0-9]+) ]]
	# Fewer where the kernel walks the connector.
	((BASH_REMATCH[1] > 15 && BASH_REMATCH[2] <= 3))
}

@test "add, killed before each step; --recover" {
	plug n0 virtio-net-pci 1 "$nic"
	kill_everywhere 'drmgr -c pci -a -s C8 -n' 'drmgr --recover' 'drmgr -c pci -r -s C8 -n'
}

@test "remove, killed before each step; --recover" {
	plug n0 virtio-net-pci 1 "$nic"
	guest drmgr -c pci -a
	kill_everywhere 'drmgr -c pci -r -s C8 -n' 'drmgr --recover' 'drmgr -c pci -a -s C8 -n'
}

# The removal is the host's wish, so isolation takes the card away: the next drmgr
# completes or undoes, and the one after it finds a slot that works.
@test "the host's removal, killed; the next drmgr" {
	local n killed=137

	for ((n = 1; killed == 137; n += 3)); do
		plug n0 virtio-net-pci 1 "$nic"
		guest drmgr -c pci -a
		host device_del '{"id": "n0"}'
		guest /usr/lib/guest/killat $n drmgr -c pci -r -s C8 -n
		killed=$status
		# now it is gone, or is there and can be removed
		guest drmgr -c pci -r -s C8 -n
		host_wait DEVICE_DELETED device=n0
		forget n0
		refute_node $phb/ethernet@1
		guest test -e /run/drmgr/journal
		assert_status 1
	done
	((n > 15))
}

@test "what is undone is said, and by JSON" {
	plug n0 virtio-net-pci 1 "$nic"
	guest /usr/lib/guest/killat 12 drmgr -c pci -a -s C8 -n
	assert_status 137
	guest drmgr --recover --json
	assert_status 0
	assert_stdout --partial '"recovered": true'
	assert_stderr --regexp '^An earlier run \(PID [0-9]+: drmgr -c pci -a -s C8 -n\) was interrupted: [0-9]+ of its steps looked at and undone\.$'
	guest drmgr --recover
	assert_status 0
	assert_stdout 'Nothing to recover.'
	assert_stderr ''
}

@test "--recover goes with few" {
	local more

	for more in '-c pci' '-a' '-Q' '-s C8' '-q 1' '-n' '-H' '--dry-run' '--force'; do
		# shellcheck disable=SC2086 # words
		guest drmgr --recover $more
		assert_status 255
		assert_stderr '--recover goes with -w, -d, --json and --trace alone'
	done
	guest drmgr --recover -w 1 -d 1 --trace
	assert_status 0
}
