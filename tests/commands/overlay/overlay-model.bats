#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: sim guest kernel few debug
# Random blobs for /proc/device-tree-overlay, and a model, tests/guest/overlaymodel.c:
# after each blob the whole tree equals the model's.
#
# OVERLAY_BLOBS: blobs of each seed, 150; OVERLAY_SEEDS: the seeds, "1 2".

# shellcheck disable=SC2154 # set by the verbs

load ../../guest/verbs
load ../../lib/overlay

teardown()
{
	assert_no_oops
	guest_down
}

model_boot()
{
	overlay_boot
	[[ ${GUEST_KIND:-real} == sim ]] || guest -0 modprobe papr-test-notifier
}

@test "random blobs: each write and the whole tree match the model [ov-model]" {
	local seed

	model_boot
	for seed in ${OVERLAY_SEEDS:-1 2}; do
		guest dmesg -c
		guest -t 3600 /usr/lib/guest/overlaymodel "$seed" "${OVERLAY_BLOBS:-150}"
		echo "# $output" >&3
		assert_status 0
		guest_sh 'dmesg | grep -E "papr_dt_overlay|WARNING|BUG" || echo none'
		assert_stdout none
		guest_down
		model_boot
	done
}
