#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: here drmon
# Commands that change nothing, while an allocation fails, or all from one on: the whole
# document, or one that says so, and a status that fits. NO_MEMORY=all: each allocation.

load ../../lib/json
load ../../lib/rootfs

setup_file()
{
	export roots=$BATS_FILE_TMPDIR
	rootfs_make qemu-pseries "$roots/qemu-pseries"
	rootfs_make powervm "$roots/powervm"
}

setup()
{
	build=$(realpath "${top_builddir:-build}")
	library=$build/tests/guest/.libs/failalloc.so
	export FAILCALL_LOG=$BATS_TEST_TMPDIR/log
	declare -gA known=()
	! grep -q __asan_init "$build/drmgr/lsslot" ||
		skip 'the sanitizer has its own allocations'
}

# Print why the result is wrong.
judge() # STATUS
{
	local out=$BATS_TEST_TMPDIR/out err=$BATS_TEST_TMPDIR/err sum

	! cmp -s "$BATS_TEST_TMPDIR/good" "$out" || [[ $1 -ne $good ]] || return 0
	[[ $1 -ne 0 ]] || echo 'something else, with status 0'
	[[ $1 -lt 124 || $1 -eq 255 ]] || echo "status $1"
	[[ -s $err ]] || echo 'no message'
	[[ -s $out && $(head -c 1 "$BATS_TEST_TMPDIR/good") == '{' ]] ||
		return 0 # a text, or not even libjson-c could be loaded
	sum=$(md5sum <"$out")
	if [[ -z ${known[$sum]-} ]]; then
		known[$sum]=$(json_check <"$out"
			jq -e .error "$out" >/dev/null || echo 'a document without an error')
		: "${known[$sum]:=right}"
	fi
	[[ ${known[$sum]} == right ]] || echo "${known[$sum]}"
}

# With always the same time in the document. A NUMA score that is unknown is null.
document() # COMMAND...
{
	set -o pipefail
	"$@" | sed 's/^  "time": ".*"/  "time": "2026-11-26T12:00:00Z"/
		s/"numa_score": [0-9][0-9]*/"numa_score": null/'
}

# shellcheck disable=SC2094 # the log of one run
sweep() # COMMAND...
{
	local all n step lasts complaint status good=0 cases=0 wrong=0

	document "$@" >"$BATS_TEST_TMPDIR/good" || good=$?
	rm -f "$FAILCALL_LOG"
	LD_PRELOAD=$library "$@" >/dev/null || [[ $good -ne 0 ]]
	all=$(wc -l <"$FAILCALL_LOG")
	step=$((all / 16 + 1))
	[[ ${NO_MEMORY-} != all ]] || step=1
	for lasts in '' FAILCALL_LASTS=yes; do
		for ((n = all; n > 0; n -= step)); do
			status=0
			rm -f "$FAILCALL_LOG"
			document env "FAILCALL_NTH=$n" $lasts "LD_PRELOAD=$library" timeout 60 "$@" \
				>"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err" || status=$?
			cases=$((cases + 1))
			complaint=$(judge "$status")
			[[ -n $complaint ]] || continue
			wrong=$((wrong + 1))
			echo "$n $lasts $(<"$FAILCALL_LOG"): $status: $complaint"
			cat "$BATS_TEST_TMPDIR/err"
		done
	done
	echo "# $1: $cases cases, $wrong wrong" >&3
	[[ $wrong -eq 0 ]]
}

@test "lsslot" {
	sweep "$build/drmgr/lsslot" --sysroot "$roots/qemu-pseries" -c pci --json
	sweep "$build/drmgr/lsslot" --sysroot "$roots/powervm" -c mem --json
	sweep "$build/drmgr/lsslot" --sysroot "$roots/powervm" -o --json
	sweep "$build/drmgr/lsslot" --sysroot "$roots/powervm" -c cpu
}

@test "drmgr -Q" {
	sweep "$build/drmgr/drmgr" --sysroot "$roots/qemu-pseries" -c pci -Q --json
}

@test "drmon --once" {
	[[ -x $build/drmon/drmon ]] || skip 'drmon is not built'
	sweep "$build/drmon/drmon" --sysroot "$roots/qemu-pseries" --once --json
}

@test "rtas-event" {
	sweep "$build/rtas-event" --json "${top_srcdir:-.}"/tests/data/golden/rtas-event/platform
	sweep "$build/rtas-event" "${top_srcdir:-.}"/tests/data/golden/rtas-event/platform
}

@test "ofpathtool" {
	sweep "$build/ofpathtool/ofpathtool" --list --json
}
