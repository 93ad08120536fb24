#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: sim guest drmgr
# drmgr in the process states of a careless caller, and with signals at its steps: the
# exit status matches the state. These are the cases of outcomes.bats that a real guest
# can run.
# shellcheck disable=SC2016 # the guest's shell

load ../../guest/verbs
load ../../lib/cards

# In the guest. state: all that drmgr changes. removed, added: the two states.
in_guest='
	cd /usr/lib/guest
	state() { ./seen; }
	back() { drmgr -c pci -a -s C8 -n >/tmp/back 2>&1; }
	say() { echo "$*"; cat /tmp/said; diff /tmp/before /tmp/now; exit 1; }
	# The state must match the exit status.
	judge() {
		state >/tmp/now
		case $1 in
		0) cmp -s /tmp/now /tmp/after || say "$2: 0, and it is not done" ;;
		255) cmp -s /tmp/now /tmp/before || say "$2: 255, and something is changed" ;;
		65) drmgr --recover >/tmp/said 2>&1 || say "$2: no recovery"
			state >/tmp/now
			cmp -s /tmp/now /tmp/before || say "$2: 65, and not recovered" ;;
		*) say "$2: status $1" ;;
		esac
		cmp -s /tmp/now /tmp/before || back
		state >/tmp/now
		cmp -s /tmp/now /tmp/before || say "$2: cannot be restored"
	}
	remove() { drmgr -c pci -r -s C8 -n >/tmp/said 2>&1; }
	remove && back && remove && state >/tmp/after && back && state >/tmp/before || say "cannot be learnt"
'

setup_file()
{
	guest_boot
	[[ -n ${GUEST_MISSING:-} ]] || _guest_ctl run -i -- sh -c 'cat >/tmp/states.sh' <<<"$in_guest"
}

configured_card()
{
	plug n0 virtio-net-pci 1 "$nic"
	guest -0 drmgr -c pci -a -s C8 -n
}

@test "closed descriptors, pipes without a reader, ignored and blocked signals are survived [io-odd-states]" {
	configured_card
	# Files of a simulated kernel have a size limit, too.
	guest_sh -0 '. /tmp/states.sh
		while read -r options; do
			./odd $options drmgr -c pci -r -s C8 -n >/tmp/said 2>&1
			s=$?
			[ $s = 0 ] || [ "$1 $options $s" = "sim -f 0 255" ] || say "odd $options: $s"
			judge $s "odd $options"
		done <<-END
			-c 1
			-c 2
			-c 0,1,2
			-p
			-P
			-i CHLD
			-i all
			-b all
			-b ALRM -t 5
			-b VTALRM,PROF -T 5
			-f 0
		END' "${GUEST_KIND:-real}"
}

@test "signals at the steps and readers that exit there are survived [io-odd-signals]" {
	configured_card
	# 34: SIGRTMIN
	guest_sh -0 -t 300 '. /tmp/states.sh
		for n in 1 2 4 6 8; do
			for how in -1 -15 -10 -14 -24 -13 -34 "-r 1" "-r 2"; do
				./killat $how -f $n drmgr -c pci -r -s C8 -n >/tmp/said 2>&1
				judge $? "killat $how -f $n"
			done
			./odd -i HUP ./killat -1 -f $n drmgr -c pci -r -s C8 -n >/tmp/said 2>&1
			s=$?
			[ $s = 0 ] || say "HUP ignored: $s"
			judge 0 "nohup, $n"
		done'
}
