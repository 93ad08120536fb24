#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: sim guest papr-eventd
# papr-eventd is killed at any moment while the host plugs and unplugs cards. Afterwards the
# guest is what the host requested.

# shellcheck disable=SC2016,SC2154 # scripts for the guest; set by the verbs

load ../../guest/verbs
load ../../lib/eventd

# Kill the daemon before its nth system call, and start the next one, until /tmp/enough exists.
# n grows by $1 until a request is done, so the daemon gets forward on any machine. Then n has a
# small value again, another one each time. /tmp/kills has the number of kills, and of those in
# the middle of a change, which left a journal.
killer='kills=0 changing=0 finished=0 n=1
	until [ -e /tmp/enough ]; do
		/usr/lib/guest/killat -a $n papr-eventd --foreground 2>>/tmp/eventd.log
		[ $? = 137 ] || break
		kills=$((kills + 1))
		! ls -d /run/drmgr/[jl]* >/dev/null 2>&1 || changing=$((changing + 1))
		echo $kills $changing >/tmp/kills.new
		mv /tmp/kills.new /tmp/kills
		before=$finished n=$((n + $1))
		finished=$(grep -c -e ": done" -e ": nothing-to-do" /tmp/eventd.log)
		[ $finished = $before ] || n=$((kills * 37 % $1 + 1))
	done
	: >/tmp/ended'

# End the loop. Its last daemon waits for an event, and ends with the signal.
end_kills()
{
	guest_until '[ -e /tmp/ended ] || { : >/tmp/enough; kill $(pidof papr-eventd); false; }'
}

teardown()
{
	[[ -n ${GUEST_MISSING:-} ]] || end_kills
	eventd_teardown
}

# Wait until a script in the guest succeeds. The limit is a number of kills, which can take most
# of an hour, and a minute for each.
killed_until() # SCRIPT
{
	guest_sh -0 -t 3000 'kills() { read -r n _ </tmp/kills; echo ${n:-0}; }
		limit=$(($(kills) + 1000)) came=
		until [ "$came" ] || [ $(kills) -ge $limit ]; do
			wait_until "eval \"\$1\" >/dev/null 2>&1 && came=yes || [ \$(kills) -gt $(kills) ]" "$1"
		done
		[ "$came" ]' "$1"
}

@test "kill -9 at any moment: no event is lost" {
	local slot round kills=0 changing=0 stride=50

	# QEMU's processor is slow, so the same changes have fewer kills.
	[[ ${GUEST_KIND:-real} != real ]] || stride=200
	guest rm -f /tmp/enough /tmp/ended
	guest_sh -i 'echo 0 0 >/tmp/kills; cat >/tmp/killer; { sh /tmp/killer "$1" >/dev/null 2>&1 & }' $stride <<<"$killer"
	for ((round = 1; round <= 40 && (kills < 50 || changing < 10); round++)); do
		for slot in {1..10}; do
			plug "n$round-$slot" virtio-net-pci "$(printf %x "$slot")" "$nic"
		done
		killed_until '[ "$(ls -d /sys/bus/pci/devices/0000:00:*.0/driver | wc -l)" = 10 ]'
		for slot in {1..10}; do
			host device_del "{\"id\": \"n$round-$slot\"}"
		done
		killed_until '[ -z "$(ls /sys/bus/pci/devices)" ]'
		for slot in {1..10}; do
			host_wait -t 120 DEVICE_DELETED device="n$round-$slot"
		done
		plugged=()
		guest cat /tmp/kills
		read -r kills changing <<<"$output"
	done
	end_kills
	echo "$round rounds, $kills kills, $changing in the middle of a change"
	((kills >= 50 && changing >= 10))
	eventd
	eventd_idle
	guest_until '[ -z "$(ls /sys/bus/pci/devices)" ]'
	guest -1 test -e /run/drmgr/journal
	refute_logged 'dropped'
	refute_logged ': failed'
}
