#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: sim guest kernel debug
# /proc/device-tree-overlay with concurrent users on two processors: writers, readers,
# ofdt that adds and removes their parents, and in the real guest rmmod. No oops, no hang,
# no record is lost, and the tree returns to its first state.
#
# OVERLAY_SECONDS: the duration, 10.

# shellcheck disable=SC2016,SC2154 # the guest's shell; set by the verbs

load ../../guest/verbs
load ../../lib/overlay

setup_file()
{
	local processors=(-smp 2)

	# The simulated kernel runs all of this on one processor.
	[[ ${GUEST_KIND:-real} != sim ]] || processors=()
	overlay_boot "${processors[@]}"
}

together='
	O=/proc/ppc64/ofdt dir=/tmp/together module=$2
	now() { cut -d. -f1 /proc/uptime; }
	end=$(($(now) + $1)) late=$(($(now) + $1 + 120))
	mkdir -p $dir
	has_all() { [ -s $dir/kept ] && { [ -z "$module" ] || [ -s $dir/unloaded ]; }; }
	goes_on() { [ "$(now)" -lt $end ] || { [ "$(now)" -lt $late ] && ! has_all; }; }
	tree >$dir/before
	for w in 1 2 3 4; do
		$H/fdtwords node "" text papr,overlay-id w$w fragment /ovp$((w % 2)) content node n$w cell x $w nodes 5 end end end end >$dir/add$w
		$H/fdtwords node "" text papr,revert w$w end >$dir/back$w
		$H/fdtwords node "" cell papr,flags 2 fragment / op add content node ovt$w nodes 5 end end end end >$dir/new$w
		$H/fdtwords node "" cell papr,flags 2 fragment /ovt$w op remove-node end end >$dir/del$w
	done
	# Each writer reports whether its node exists.
	writer() {
		there=0
		while goes_on; do
			[ "$(w $dir/add$1)" != ok ] || { there=1 && echo x >>$dir/kept; }
			w $dir/new$1; w $dir/del$1
			[ $there = 0 ] || [ "$(w $dir/back$1)" != ok ] || there=0
		done >/dev/null 2>&1
		echo "w$1 $there"
	}
	parents() {
		while goes_on; do
			for p in 0 1; do $H/rawcall write $O "add_node /ovp$p "; done
			for p in 0 1; do $H/rawcall write $O "remove_node /ovp$p"; done
		done
	}
	reader() { while goes_on; do cat $F; find $T -path "*/ov*"; done; }
	unload() {
		while goes_on; do
			rmmod papr_dt_overlay || continue
			echo x >>$dir/unloaded
			insmod /lib/modules/$(uname -r)/updates/papr-dt-overlay.ko
		done
	}
	for w in 1 2 3 4; do writer $w >$dir/said$w & done
	parents >/dev/null 2>&1 &
	reader >/dev/null 2>&1 & reader >/dev/null 2>&1 &
	[ -z "$module" ] || unload >/dev/null 2>&1 &
	wait
	[ -e $F ] || insmod /lib/modules/$(uname -r)/updates/papr-dt-overlay.ko
	for w in 1 2 3 4; do
		there=$(records | grep -c "^w$w ")
		[ "$(cat $dir/said$w)" = "w$w $there" ] || echo "$(cat $dir/said$w), but there are $there"
		[ $there = 0 ] || [ "$(w $dir/back$w)" = ok ] || echo "w$w cannot be undone"
		w $dir/del$w >/dev/null
	done
	for p in 0 1; do $H/rawcall write $O "remove_node /ovp$p" >/dev/null; done
	has_all || echo "no blob was kept, or the module never unloaded"
	tree | cmp - $dir/before && echo same
'

@test "writers, readers, ofdt and rmmod run at the same time" {
	local seconds=${OVERLAY_SECONDS:-10} module=yes

	[[ ${GUEST_KIND:-real} != sim ]] || module=
	overlay -t $((seconds + 300)) "set -- $seconds $module; $together"
	answers same
}
