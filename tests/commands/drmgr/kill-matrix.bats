#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: matrix drmgr
# Run every operation that changes a machine, and kill it before each of its steps: the
# next drmgr restores the first state. The same with signals that request an end. A step
# is a call or write that killat counts.
#
# KILL_STRIDE: every so many steps of every row; 1 (make check-kills) is every step, with every
# backend of the kernel. Without it: few rows of matrix.bash.

load ../../guest/verbs
load ../../lib/matrix

setup()
{
	unset GUEST_MISSING
	[[ ${GUEST_KIND:-real} == sim ]] || skip "the machine has to tell of its connectors"
	machine=${BATS_TEST_DESCRIPTION%%:*}
	socket=$BATS_FILE_TMPDIR/kills
	stride=${KILL_STRIDE:-$(default_stride "$machine")}
	[[ -n ${KILL_STRIDE-} ]] || : "${MATRIX_ROWS:=$matrix_few}"
	kills=0 operations=0
}

matrix_booted()
{
	guest_sh -i 'cat >/tmp/kill.sh' <<<"$in_guest"
}

# Functions for scripts in the guest.
in_guest='
	k=/usr/lib/guest/killat
	# Succeed if the journal has steps that are not undone.
	is_unfinished() {
		[ -e /run/drmgr/journal ] && ! grep -q "^commit #" /run/drmgr/journal &&
			[ "$(awk "/^begin /{b[\$2]} /^undone /{delete b[\$2]} /^commit /{for (i in b) if (i + 0 <= \$2) delete b[i]} END{for (i in b) n++; print n + 0}" /run/drmgr/journal)" != 0 ]
	}
	say() { echo "$*"; cat /tmp/out /tmp/err; ls /run/drmgr; cat /run/drmgr/journal; exit 1; }
	# The first recovery reports its work, the second one has nothing to do.
	recover() {
		: >/var/log/drmgr # a log of 1 MiB is renamed, with a message
		if is_unfinished; then was_unfinished=true; else was_unfinished=false; fi
		drmgr --recover >/tmp/out 2>/tmp/err || say "recovery: $?"
		if $was_unfinished; then
			grep -Eq "^An earlier run \(PID [0-9]+: drmgr .*\) was interrupted: [0-9]+ of its steps undone\.$" /tmp/err || say not reported
		else
			[ ! -s /tmp/err ] && grep -qx "Nothing to recover\." /tmp/out || say too much reported
		fi
		second=$(drmgr --recover 2>&1)
		[ "$second" = "Nothing to recover." ] || say "a second recovery: $second"
		[ -z "$(ls /run/drmgr 2>/dev/null)" ] || say something is left
	}
	# Succeed if the command was killed. Otherwise its exit status ends the script.
	killed() { [ $1 = 137 ] || { cat /tmp/said; exit $1; }; }
	# Succeed if the signal arrived and was reported.
	signalled() {
		grep -q "^killat: " /tmp/said || { echo end; exit; }
		[ -z "$(ls /run/drmgr 2>/dev/null)" ] || say something is left
		text="Received signal $2, attempting to cleanup and exit"
		case $1 in 255 | 64) grep -qx "$text" /tmp/said && grep -q "$text$" /var/log/drmgr || say not reported; esac
		: >/var/log/drmgr
		echo $1; [ $1 = 0 ] || cat /tmp/said
	}
'

teardown()
{
	assert_no_oops
	guest_down
}

# Strides for a minute with the default kernel, and for less with other kernels.
default_stride() # MACHINE
{
	case ${GUEST_PROFILE:-6.1} in
	6.1) [[ $1 == qemu ]] && echo 61 || echo 19 ;;
	*) echo 37 ;;
	esac
}

# One write does all of the work or none. Such an operation has no journal, and running it
# again is another change.
is_one_write()
{
	[[ $row_name == @(*-entitlement|*-weight|mem-?-3|acc) ]]
}

# Each object of these operations is complete by itself, and stays.
may_be_partial()
{
	[[ $row_name == @(pci-a-all|pci-?-functions|cpu-?-2|cpu-smt|mem-?-3) ]]
}

# When the old card is out, another card may be plugged: the old one is not restored.
is_replace()
{
	[[ $row_name == pci-R* ]]
}

# Run the row. If it fails, bats shows the output.
disturb() # HOW [UNLESS]
{
	local said status=0 step=$stride options=()

	[[ -z ${2-} ]] || ! "$2" || return 0
	operations=$((operations + 1))
	# Most steps of a host bridge search for cards, slot by slot.
	[[ $row_name != phb-* || $stride -eq 1 ]] || step=$((4 * stride))
	! may_be_partial || options+=(-p)
	! is_replace || options+=(-b 'drmgr -c pci -r -s C8 -n')
	matrix_run kills "${options[@]}" -r "$operations" -s "$step" "$1" ||
		status=$?
	kills=$((kills + $(sed -n '$s/.*: \([0-9]*\) kills, .*/\1/p' "$said" | grep . || echo 0)))
	return $status
}

each_row() # HOW [UNLESS]
{
	local ways=first

	[[ $stride -ne 1 ]] || ways=all
	matrix_each "$machine" $ways '*' disturb "$@"
	echo "# $BATS_TEST_DESCRIPTION: $kills disturbed in $operations operations" >&3
	# With the strides of other kernels there may be no kill in a row.
	[[ ${MATRIX_ROWS-} != "$matrix_few" ]] || ((kills > 0))
	[[ ${MATRIX_ROWS-} != "$matrix_few" || -n ${GUEST_PROFILE:-} ]] || ((kills >= operations / 2))
	return "$matrix_wrong"
}

@test "qemu: killed, then --recover restores the machine" {
	each_row recover
}

@test "lpar: killed, then --recover restores the machine" {
	each_row recover
}

@test "qemu: killed, then the same command succeeds" {
	each_row repeat
}

@test "lpar: killed, then the same command succeeds" {
	each_row repeat is_one_write
}

@test "qemu: killed, the recovery killed, then --recover restores the machine" {
	each_row recovery
}

@test "lpar: killed, the recovery killed, then --recover restores the machine" {
	each_row recovery is_one_write
}

@test "qemu: a signal ends the operation with a rollback" {
	each_row signal
}

@test "lpar: a signal ends the operation with a rollback" {
	each_row signal
}
