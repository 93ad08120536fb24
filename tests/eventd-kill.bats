#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# papr-eventd is killed at any moment while the host plugs and unplugs cards. Afterwards the
# guest is what the host requested.

# shellcheck disable=SC2016,SC2154 # scripts for the guest; set by the verbs

load guest/verbs
load eventd

# Kill the daemon after so many milliseconds, and start the next one, until /tmp/enough
# exists. /tmp/kills has the number of kills.
killer='n=0
	until [ -e /tmp/enough ]; do
		papr-eventd 2>>/tmp/eventd.log || exit
		sleep 0.$(printf %03d $((n * 7 % 90 + 3)))
		! pid=$(pidof papr-eventd) || kill -9 $pid
		while pidof papr-eventd >/dev/null; do :; done
		n=$((n + 1))
		echo $n >/tmp/kills
	done
	papr-eventd 2>>/tmp/eventd.log
	: >/tmp/ended'

teardown()
{
	guest_sh 'touch /tmp/enough; until [ -e /tmp/ended ]; do sleep 0.1; done'
	eventd_teardown
}

@test "kill -9 at any moment: no event is lost" {
	local slot round rounds=5

	# QEMU's processor is slow, so the same number of kills needs fewer cards
	[[ ${GUEST_KIND:-real} != real ]] || rounds=1
	guest rm -f /tmp/enough /tmp/ended /tmp/kills
	guest_sh -i 'cat >/tmp/killer; { sh /tmp/killer >/dev/null 2>&1 & }' <<<"$killer"
	for ((round = 1; round <= rounds; round++)); do
		for slot in {1..10}; do
			plug "n$round-$slot" virtio-net-pci "$(printf %x "$slot")" "$nic"
		done
		for slot in {1..10}; do
			configured "$(printf '0000:00:%02x.0' "$slot")"
		done
		eventd_unplug_all "n$round-"{1..10}
		plugged=()
	done
	guest_until '[ "$(cat /tmp/kills)" -ge 50 ]'
	guest touch /tmp/enough
	guest_until 'test -e /tmp/ended && pidof papr-eventd'
	guest_until '[ -z "$(ls /sys/bus/pci/devices)" ]'
	guest test -e /run/drmgr/journal
	assert_status 1
	eventd_idle
	refute_logged 'dropped'
	refute_logged ': failed'
}
