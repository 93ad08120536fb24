#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Every operation that changes a machine, killed before each of its steps: the next drmgr
# brings back what was before. So do signals that only ask to stop. A step is what killat
# takes for one.
#
# KILL_STRIDE says that each so many steps is enough; 1 (make check-kills): all of them, by
# each way to change the tree that the kernel has. KILL_ROW: rows of this pattern alone;
# KILL_WAY: one way, as "overlay"; KILL_LOG: what went wrong goes there, too.

load guest/verbs
load matrix

setup()
{
	unset GUEST_MISSING
	[[ ${GUEST_KIND:-real} == sim ]] || skip "the machine has to tell of its connectors"
	machine=${BATS_TEST_DESCRIPTION%%:*}
	socket=$BATS_FILE_TMPDIR/kills
	stride=${KILL_STRIDE:-$(default_stride "$machine")}
	kills=0 operations=0
}

matrix_booted()
{
	guest_sh -i 'cat >/tmp/kill.sh' <<<"$in_guest"
}

# For scripts in the guest.
in_guest='
	k=/usr/lib/guest/killat
	# Does the journal tell of something that is not undone?
	is_unfinished() {
		[ -e /run/drmgr/journal ] && ! grep -qx commit /run/drmgr/journal &&
			[ "$(awk "/^begin /{b[\$2]} /^undone /{delete b[\$2]} /^commit /{for (i in b) if (i + 0 <= \$2) delete b[i]} END{for (i in b) n++; print n + 0}" /run/drmgr/journal)" != 0 ]
	}
	say() { echo "$*"; cat /tmp/out /tmp/err; ls /run/drmgr; cat /run/drmgr/journal; exit 1; }
	# A recovery that says what it did, and a second one that has nothing to do.
	recover() {
		: >/var/log/drmgr # a log of 1 MiB is put aside, with a word
		if is_unfinished; then was_unfinished=true; else was_unfinished=false; fi
		drmgr --recover >/tmp/out 2>/tmp/err || say "recovery: $?"
		if $was_unfinished; then
			grep -Eq "^An earlier run \(PID [0-9]+: drmgr .*\) was interrupted: [0-9]+ of its steps undone\.$" /tmp/err || say not told
		else
			[ ! -s /tmp/err ] && grep -qx "Nothing to recover\." /tmp/out || say too much told
		fi
		second=$(drmgr --recover 2>&1)
		[ "$second" = "Nothing to recover." ] || say "a second recovery: $second"
		[ -z "$(ls /run/drmgr 2>/dev/null)" ] || say something is left
	}
	# Is it killed? Else its end is ours.
	killed() { [ $1 = 137 ] || { cat /tmp/said; exit $1; }; }
	# Did the signal come, and was it told of?
	signalled() {
		grep -q "^killat: " /tmp/said || { echo end; exit; }
		[ -z "$(ls /run/drmgr 2>/dev/null)" ] || say something is left
		text="Received signal $2, attempting to cleanup and exit"
		case $1 in 255 | 64) grep -qx "$text" /tmp/said && grep -q "$text$" /var/log/drmgr || say not told; esac
		: >/var/log/drmgr
		echo $1; [ $1 = 0 ] || cat /tmp/said
	}
'

teardown()
{
	assert_no_oops
	guest_down
}

# So that all of it takes a minute or two; of other kernels a part of that.
default_stride() # MACHINE
{
	case ${GUEST_PROFILE:-6.1} in
	6.1) [[ $1 == qemu ]] && echo 29 || echo 11 ;;
	*) echo 23 ;;
	esac
}

# What is done by one write which the kernel does or does not do: no journal, and done once
# more it is another change.
is_one_write()
{
	[[ $row_name == @(*-entitlement|*-weight|mem-?-3|acc) ]]
}

# Several, each of which stays once it is done.
may_be_partial()
{
	[[ $row_name == @(pci-a-all|pci-?-functions|cpu-?-2|cpu-smt|mem-?-3) ]]
}

# Once a card is out, another one may come: the old one is not put back.
is_replace()
{
	[[ $row_name == pci-R* ]]
}

# The row; what went wrong is in the test's output.
disturb() # HOW [UNLESS]
{
	local said status=0 step=$stride options=()

	[[ -z ${2-} ]] || ! "$2" || return 0
	operations=$((operations + 1))
	# Most steps of a host bridge look for cards, one slot after the other.
	[[ $row_name != phb-* || $stride -eq 1 ]] || step=$((4 * stride))
	! may_be_partial || options+=(-p)
	! is_replace || options+=(-b 'drmgr -c pci -r -s C8 -n')
	matrix_run "${KILL_LOG-}" kills "${options[@]}" -r "$operations" -s "$step" "$1" ||
		status=$?
	kills=$((kills + $(sed -n '$s/.*: \([0-9]*\) kills, .*/\1/p' "$said" | grep . || echo 0)))
	return $status
}

each_row() # HOW [UNLESS]
{
	local ways=first

	[[ $stride -ne 1 ]] || ways=all
	matrix_each "$machine" $ways "${KILL_ROW:-*}" "${KILL_WAY-}" disturb "$@"
	echo "# $BATS_TEST_DESCRIPTION: $kills disturbed in $operations operations" >&3
	# With the strides of other kernels it may be few.
	[[ -n ${KILL_ROW:-} ]] || ((kills > 0))
	[[ -n ${KILL_ROW:-}${KILL_STRIDE:-}${GUEST_PROFILE:-} ]] || ((kills >= operations / 2))
	return "$matrix_wrong"
}

@test "qemu: killed, then --recover" {
	each_row recover
}

@test "lpar: killed, then --recover" {
	each_row recover
}

@test "qemu: killed, then the command once more" {
	each_row repeat
}

@test "lpar: killed, then the command once more" {
	each_row repeat is_one_write
}

@test "qemu: killed, and then the recovery as well" {
	each_row recovery
}

@test "lpar: killed, and then the recovery as well" {
	each_row recovery is_one_write
}

@test "qemu: signals that ask to stop" {
	each_row signal
}

@test "lpar: signals that ask to stop" {
	each_row signal
}
