#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: sim drmgr lsslot
# Commands and calls of librtas make no more system calls than tests/source/calls records.
# CALLS_NEW: a file to write a new record to, for "make calls".

# shellcheck disable=SC2016,SC2317 # scripts for the guest; tests

load ../../guest/verbs

record=${top_srcdir:-$PWD}/tests/source/calls

# In this order: what one removes, the next one adds.
commands='lsslot -c pci
lsslot -c cpu
lsslot -c mem
lsslot -c phb
drmgr -c pci -Q -s C8
drmgr -c pci -r -s C8 -n
drmgr -c pci -a -s C8 -n
drmgr -c cpu -r -q 1
drmgr -c cpu -a -q 1
drmgr -c mem -r -q 1
drmgr -c mem -a -q 1
drmgr -c phb -r -s 0x20000001
drmgr -c phb -a -s 0x20000001'

# System calls of tests/guest/rtascall itself, and its words. %: 0, 1...
library='0 get_sensor 9003 0x40000008
0 get_power_level 0xffffffff
0 get_time
0 set_indicator 9002 0x40000008 0
2 get_sysparm 42 3
4 set_sysparm 21 01
2 get_vpd UPAPR.VMM.0000001 4096 1
2 get_indices 0 9007 4096 1
2 get_dynamic_sensor 9007 UPAPR.VMM.0000001
2 cfg_connector 40000010
2 platform_dump 0x100000002 0 1024
4 get_rmo_buffer 4096 , free_rmo_buffer %'

teardown()
{
	[[ ! -e $BATS_TEST_TMPDIR/transcript ]] || tail -n 20 "$BATS_TEST_TMPDIR/transcript"
	guest_down
	rm -rf "${GUEST_DIR:-/nowhere}"
}

# A root that does not depend on this machine, also not in the table of process 1's mounts,
# which drmgr reads. It has no /dev/papr-*, so it is not for librtas.
small_root()
{
	local mounts='21 1 0:20 / / rw - tmpfs guest rw
22 21 0:21 / /proc rw - proc proc rw
23 21 0:22 / /sys rw - sysfs sysfs rw
24 21 0:23 / /dev rw - tmpfs guest rw
25 21 0:24 / /tmp rw - tmpfs guest rw'

	guest_sh -0 'mkdir -p /tmp/small/dev /tmp/small/proc /tmp/small/run /tmp/small/sys /tmp/small/var/log
		for dir in dev proc sys; do mount --rbind /$dir /tmp/small/$dir; done
		set -- /usr/sbin/drmgr /usr/sbin/lsslot /usr/lib/guest/counts
		cp -L --parents "$@" $(ldd "$@" | grep -o "/[^ )]* (" | cut -d" " -f1 | sort -u) /tmp/small
		echo "$1" >/tmp/mountinfo
		mount --bind /tmp/mountinfo /tmp/small/proc/1/mountinfo' "$mounts"
}

# Set $calls, with those of children. The time zone's file and what malloc() asks for are not
# the same on all systems.
count() # COMMAND...
{
	local succeeded

	guest -0 env TZ=UTC0 GLIBC_TUNABLES=glibc.malloc.top_pad=8388608:glibc.malloc.trim_threshold=67108864 \
		"${root[@]}" /usr/lib/guest/counts "$@"
	read -r _ _ _ _ _ _ _ calls _ _ _ succeeded <<<"$output"
	assert_equal "$succeeded" 0
}

# Count all on a kernel, and print the lines of a record to descriptor 4.
measure() # PROFILE
{
	local line words calls own n all root
	local -A start

	GUEST_PROFILE=$1 GUEST_MACHINE_OPTIONS=x-powervm=on GUEST_PLATFORM=lpar guest_boot \
		-smp 2,maxcpus=2,cores=2,threads=1 -m 1G,slots=4,maxmem=2G \
		-object memory-backend-ram,id=m,size=1G -device pc-dimm,memdev=m \
		-device spapr-pci-host-bridge,index=1 \
		-device virtio-net-pci,bus=pci.0,addr=1 -device virtio-rng-pci,bus=pci.0,addr=2
	guest_needed
	small_root
	host x-papr-dump '{"tag": "0x100000002", "data": "00112233"}'
	guest -0 drmgr -c pci -r -s C16 -n
	guest -0 /usr/lib/guest/rtascall set_indicator 9001 0x40000010 1
	root=(chroot /tmp/small)
	for line in lsslot drmgr; do
		count "$line" --version
		start[$line]=$calls
	done
	# The record has the median, against which the smallest one is held: a process that writes
	# for drmgr is sometimes killed before it waits, and a slow machine writes more logs.
	for n in 1 2 3 4 5; do
		while read -r -a words; do
			count "${words[@]}"
			echo "$1 ${words[*]} $((calls - start[${words[0]}]))" >>"$BATS_TEST_TMPDIR/$1"
		done <<<"$commands"
	done
	n=1
	[[ -z ${CALLS_NEW-} ]] || n=3
	sort -V "$BATS_TEST_TMPDIR/$1" | sed -n "$n~5p" >&4
	root=()
	while read -r own line; do
		words=(/usr/lib/guest/rtascall)
		for n in 0 1 2 3; do
			# shellcheck disable=SC2054,SC2206 # words
			words+=(${line//%/$n} ,)
		done
		guest -0 "${words[@]}"
		refute_stdout --partial '= -'
		count "${words[@]}"
		all=$calls
		count "${words[@]:0:${#words[@]} / 2 + 1}"
		echo "$1 rtas_${line%% *} $(((all - calls) / 2 - own))" >&4
	done <<<"$library"
	guest_down
	rm -rf "$GUEST_DIR"
}

# Print the differences between a record and what was counted. Fewer calls are no failure.
compare() # RECORD COUNTED
{
	awk '
		/^#/ { next }
		{ n = $NF; name = $0; sub(/ [0-9]+$/, "", name) }
		side == "record" { was[name] = n; next }
		{ seen[name] = 1 }
		!(name in was) { print name ": " n " calls, not recorded: run make calls"; bad = 1; next }
		n != was[name] {
			grown = n + 0 > was[name] + 0
			print name ": " n " calls, recorded " was[name] ": run make calls" (grown ? " and say in the commit why" : "")
			bad = bad || grown
		}
		END {
			for (name in was)
				if (!(name in seen)) { print name ": recorded, not counted: run make calls"; bad = 1 }
			exit bad
		}' side=record "$1" side=counted "$2"
}

@test "no command and no call of librtas makes more system calls than recorded" {
	local profile counted=$BATS_TEST_TMPDIR/counted

	[[ -z ${GUEST_PROFILE-} ]] || skip "sim-calls.sim counts on other kernels, too"
	for profile in 6.1 current; do
		measure "$profile" 4>>"$counted" >"$BATS_TEST_TMPDIR/transcript"
	done
	rm "$BATS_TEST_TMPDIR/transcript"
	if [[ -n ${CALLS_NEW-} ]]; then
		{ grep '^#' "$record" && LC_ALL=C sort "$counted"; } >"$CALLS_NEW"
		return
	fi
	run compare "$record" "$counted"
	echo "$output"
	[[ $status -eq 0 ]]
	[[ -z $output ]] || printf '# %s\n' "${lines[@]}" >&3
}

@test "more calls and unknown or missing rows fail, one line each; fewer calls are reported" {
	local old=$BATS_TEST_TMPDIR/old new=$BATS_TEST_TMPDIR/new rows

	rows=$(grep -c '^[^#]' "$record")
	((rows > 40))
	run -0 compare "$record" "$record"
	assert_output ''
	: >"$old"
	run -1 compare "$old" "$record"
	assert_equal "${#lines[@]}" "$rows"
	printf '# comment\n6.1 lsslot -c pci 80\n6.1 gone 9\n' >"$old"
	printf '6.1 lsslot -c pci 83\n6.1 new 1\n' >"$new"
	run -1 compare "$old" "$new"
	assert_output '6.1 lsslot -c pci: 83 calls, recorded 80: run make calls and say in the commit why
6.1 new: 1 calls, not recorded: run make calls
6.1 gone: recorded, not counted: run make calls'
	printf '6.1 new 2\n6.1 lsslot -c pci 83\n' >"$old"
	run -0 compare "$old" "$new"
	assert_output '6.1 new: 1 calls, recorded 2: run make calls'
}
