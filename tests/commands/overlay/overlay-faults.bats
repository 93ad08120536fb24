#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: debug
#
# /proc/device-tree-overlay on the debug kernel (make check-kmod-debug): each allocation of a
# write fails in turn; no memory is lost. KASAN, lockdep and the kernel's other checks print
# what they find in its log. Other kernels skip these tests.
#
# DEBUG_KERNEL: patched, with kmod/UPSTREAM; anything else without.

# shellcheck disable=SC2016,SC2154 # the guest's shell; set by the verbs

load ../../guest/verbs
load ../../lib/overlay

setup_file()
{
	overlay_boot -smp 2
}

setup()
{
	guest_sh 'test -w /proc/self/fail-nth && { grep -q debugfs /proc/mounts || mount -t debugfs debugfs /sys/kernel/debug; } &&
		test -e /sys/kernel/debug/failslab && test -e /sys/kernel/debug/kmemleak'
	[[ $status -eq 0 ]] || skip "the guest's kernel injects no faults"
}

# If sysfs rejects a property, Linux only prints a warning, and dereferences NULL when the
# property is removed. If it rejects a node, Linux dereferences NULL when the same changeset
# attaches a child. The patches fix this. Without them, allocations there do not fail.
faults='
	S=/sys/kernel/debug/failslab
	echo 0 >$S/ignore-gfp-wait
	echo 0 >$S/verbose
	functions() { sed -n "s/^\([0-9a-f]*\) [tT] \([^ ]*\)$/\1 \2/p" /proc/kallsyms | sort; }
	if [ "$1" != patched ]; then
		functions | awk "\$2 == \"__of_add_property_sysfs\" { from = \$1 } is_last && \$1 > is_last { print from, \$1; exit }
			\$2 == \"__of_attach_node_sysfs\" { is_last = \$1 }" >/tmp/range
		read -r from to </tmp/range
		echo 0x$from >$S/reject-start
		echo 0x$to >$S/reject-end
	fi

	# Each allocation of this write fails once. Success has the same result as without a
	# fault; after a refusal the tree is unchanged. The second blob undoes the first one.
	each() # WHAT BLOB UNDO
	{
		n=0 refused=0 was=$(tree) left=none
		[ "$(w $2)" = ok ] || { echo "$1: refused without a fault"; return; }
		goal=$(tree)
		[ "$(w $3)" = ok ] && [ "$(tree)" = "$was" ] || echo "$1: not undone without a fault"
		while :; do
			n=$((n + 1))
			$H/failwrite $F $n <$2 >/tmp/result 2>&1
			read -r result left </tmp/result
			now=$(tree)
			case $result in
			ok)
				[ "$now" = "$goal" ] || [ "$sysfs" = lost ] || echo "$1, allocation $n: success, but another tree"
				[ "$(w $3)" = ok ] || { echo "$1, allocation $n: cannot be undone"; return; }
				now=$(tree)
				;;
			# The kernel returns EINVAL if it has no memory for a platform
			# device.
			ENOMEM | EINVAL) refused=$((refused + 1)) ;;
			*) echo "$1, allocation $n: $result" ;;
			esac
			[ "$now" = "$was" ] || { echo "$1, allocation $n: $result, and the tree changed"; return; }
			[ "$left" = injected ] || break
			[ $n -lt 5000 ] || { echo "$1: no end"; break; }
		done
		echo "$1: $((n - 1)) allocations, $refused refusals" >&2
		[ $refused -gt 0 ] || echo "$1: no refusal"
	}
	[ "$1" != patched ] || sysfs=lost
	d=/tmp/faults
	mkdir -p $d
	words() { $H/fdtwords node "" "$@" end; }
'

@test "each allocation fails in turn: a write succeeds or changes nothing" {
	overlay -t 10800 "set -- ${DEBUG_KERNEL:-plain}; $faults"'
		words text papr,overlay-id add fragment / op add content node ovt text p one cell q 7 \
			node a cell ibm,phandle 0xfe01 text s x end node b end end end end >$d/add
		words text papr,revert add >$d/add-back
		each add $d/add $d/add-back
		w $d/add >/dev/null
		words text papr,overlay-id change fragment /ovt content text p two text r new cell q 8 node c cell y 1 end end end \
			fragment /ovt/c content cell x 1 end end fragment /ovt/a op remove-properties names papr,properties s end >$d/change
		words text papr,revert change >$d/change-back
		each change $d/change $d/change-back
		words text papr,overlay-id remove fragment /ovt op remove-node end >$d/remove
		words text papr,revert remove >$d/remove-back
		each remove $d/remove $d/remove-back
		w $d/change >/dev/null
		each "change undone" $d/change-back $d/change
		w $d/change-back >/dev/null
		w $d/remove >/dev/null
		each "removal undone" $d/remove-back $d/remove
		w $d/remove-back >/dev/null
		each "addition undone" $d/add-back $d/add
		w $d/add-back
		records'
	echo "# ${stderr//$'\n'/$'\n# '}" >&3
	answers ok
}

@test "no memory is lost: additions, changes, removals, undone and refused" {
	overlay -t 7200 "set -- ${DEBUG_KERNEL:-plain}; $faults"'
		K=/sys/kernel/debug/kmemleak
		echo scan >$K; sleep 6; echo scan >$K; echo clear >$K
		for i in 1 2 3 4 5 6 7 8 9 10; do
			base >/dev/null
			g text papr,overlay-id change fragment /ovt content text p two text r new node c cell y 1 end end end \
				fragment /ovt/c content cell x 1 end end fragment /ovt/b@1 op remove-node end
			g fragment /ovt op add content node a end end end
			g fragment /nowhere content end end
			r change
			back
			g cell papr,flags 2 fragment / content node ovt text x y node in end end end end
			g cell papr,flags 2 fragment /ovt op remove-node end
			echo $H/none >/tmp/blob; w
		done | sort | uniq -c | sed "s/^ *//"
		rmmod papr_dt_overlay
		echo scan >$K; sleep 6; echo scan >$K; sleep 1; echo scan >$K
		cat $K
		insmod /lib/modules/$(uname -r)/updates/papr-dt-overlay.ko'
	answers '10 EEXIST' '10 EINVAL' '10 ENODEV' '40 ok'
}
