#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: sim guest kernel papr-vmm
#
# Thousands of randomly damaged blobs: a kernel with memory checks prints no error, loses
# no memory, and the tree returns to its first state.

# shellcheck disable=SC2016,SC2154 # the guest's shell; set by the verbs

load ../../guest/verbs
load ../../lib/overlay

# Under emulation, with each access checked, seconds become minutes.
long=1500

setup_file()
{
	# assert_no_oops reads the console; the kernel checks each object.
	export GUEST_KERNEL_OPTIONS='slub_debug=FZPU slab_nomerge'
	overlay_boot
}

teardown()
{
	[[ ! -d ${GUEST_DIR:-} ]] || overlay back
	assert_no_oops
}

# Make blobs of each kind. "check": blobs that only check, so never change anything.
make_blobs='
	mkdir -p /tmp/blobs; cd /tmp/blobs
	b() { name=$1; shift; $H/fdtwords node "" $flags "$@" end >$name; }
	base >/dev/null
	b add fragment /ovt op add content node new cell reg 1 text s x node in cell phandle 0xfe10 end end node n2 end end end
	b merge fragment /ovt content text p two cell r 5 node a text s y node in2 end end end end fragment /chosen content text ovt x end end
	b update to 0xfe01 op update content text s z node in end end end
	b remove fragment /ovt/a op remove-node end fragment /ovt/b@1 op remove-node end
	b drop fragment /ovt op remove-properties names papr,properties p,q end
	b mixed text papr,overlay-id mixed fragment /ovt/a op remove-node end fragment /ovt content node a cell ibm,phandle 0xfe01 end end end \
		fragment /ovt op remove-properties names papr,properties p end node __symbols__ text x /ovt end
	b many fragment /ovt content nodes 40 props 20 deep 6 end end
	b revert text papr,revert nobody
'

# Count the objects whose callers include the module.
held='
	mount -t debugfs none /sys/kernel/debug
	held() {
		cat /sys/kernel/debug/slab/*/alloc_traces |
			awk -v RS= "/\\[papr_dt_overlay\\]/ { n += \$1 } END { print n + 0 }"
	}
'

no_slab_errors()
{
	guest_sh 'dmesg | grep -E "BUG |Object padding|Redzone|Poison overwritten|not freed" || echo none'
	assert_stdout none
}

# If the damage clears the flag, the blob makes a change. Its revert leaves the replaced
# properties in the kernel, which may have readers: a few for each change.
@test "damaged blobs that only check lose no memory [ov-leak]" {
	[[ ${GUEST_KIND:-real} != sim ]] || skip "the memory of this machine is not the guest's alone"
	overlay -t $long 'flags="cell papr,flags 1"; '"$make_blobs$held"'
		$H/mutate 200 1 add merge update remove drop mixed many revert >/dev/null; back; base >/dev/null
		before=$(held) from=$(seq)
		$H/mutate 3000 2 add merge update remove drop mixed many revert
		after=$(held) to=$(seq)
		[ "$before" -gt 10 ] && [ $((after - before)) -le $((4 * (to - from))) ] &&
			echo none || echo lost $before $after, changes $from $to'
	assert_stdout --regexp $'^accepted [0-9]+ rejected [0-9]+ unfinished [0-9]+\nnone$'
	no_slab_errors
}

@test "10000 damaged blobs: refused ones do not change the tree, the others can be reverted [ov-damaged]" {
	overlay -t $long 'flags=; '"$make_blobs"'
		$H/mutate 10000 3 add merge update remove drop mixed many'
	assert_stdout --regexp '^accepted [0-9]+ rejected [0-9]+ unfinished [0-9]+$'
	no_slab_errors
}

@test "the module and papr-vmm answer the same to each blob [ov-same]" {
	[[ ${GUEST_KIND:-real} != sim ]] || skip "this is papr-vmm"
	[[ -x ${GUEST_VMM:-} && -d ${GUEST_STAGE:-} ]] || skip "GUEST_VMM and GUEST_STAGE are not set"
	"$GUEST_VMM" -M pseries -m 512M run -- true || skip "no simulated guest here"
	local script='flags=; '"$make_blobs"'
		$H/mutate -l 2000 4 add merge update remove drop mixed many'

	"$GUEST_VMM" -M pseries -m 1G run -- sh -c "$overlay_shell H=$GUEST_STAGE/usr/lib/guest; $script" \
		>"$BATS_TEST_TMPDIR/papr-vmm"
	overlay -t $long "$script"
	diff "$BATS_TEST_TMPDIR/papr-vmm" - <<<"$output"
}
