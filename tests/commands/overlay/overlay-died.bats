#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: guest kernel
#
# A write to /proc/device-tree-overlay dies in the kernel: the file answers, and does not
# change the tree any more.

# shellcheck disable=SC2016,SC2154 # the guest's shell; set by the verbs

load ../../guest/verbs
load ../../lib/overlay

teardown()
{
	guest_down
}

@test "after a write dies in the kernel, next ones get EIO, readers the reason, nothing hangs [ov-died]" {
	overlay_boot
	overlay 'g cell papr,flags 2 fragment / content node ovt text p one end end end
		modprobe papr-test-notifier die_at=2
		f node "" cell papr,format 1 fragment /ovt content node x end node y end end end end
		echo 0 >/sys/module/papr_test_notifier/parameters/die_at
		g fragment /ovt content node z end end end; r base; reason
		g cell papr,flags 1 fragment /ovt content node z end end end
		sed "s/ max.*//" $F
		cat $T/ovt/p | tr "\0" "\n"; ls $T/ovt/z 2>/dev/null
		rmmod papr_dt_overlay 2>/dev/null & wait_until "! kill -0 $! 2>/dev/null"; wait $! || echo "in use"
		dmesg | grep "incomplete blob is dropped" | wc -l'
	assert_stdout - <<-'EOF'
		ok
		
		EIO
		EIO
		an earlier write died in the kernel; see the kernel's log
		EIO
		papr-dt-overlay 1 backend=changeset
		reason: an earlier write died in the kernel; see the kernel's log
		one
		in use
		0
	EOF
}
