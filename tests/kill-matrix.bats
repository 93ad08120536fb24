#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Every operation that changes a machine, killed before each of its steps: the next drmgr
# brings back what was before. So do signals that only ask to stop. A step is what killat
# takes for one.
#
# KILL_STRIDE says that each so many steps is enough; 1 (make check-kills): all of them.

load guest/verbs
load matrix

setup()
{
	local machine=${BATS_TEST_DESCRIPTION%%:*}

	unset GUEST_MISSING
	matrix_boot "$machine"
	guest_needed
	mapfile -t rows < <(matrix_rows "$machine")
	stride=${KILL_STRIDE:-$(default_stride "$machine")}
	kills=0 row_number=0
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
		if is_unfinished; then was_unfinished=true; else was_unfinished=false; fi
		drmgr --recover >/tmp/out 2>/tmp/err || say "recovery: $?"
		if $was_unfinished; then
			grep -Eq "^An earlier run \(PID [0-9]+: drmgr .*\) was interrupted: [0-9]+ of its steps looked at and undone\.$" /tmp/err || say not told
		else
			[ ! -s /tmp/err ] && grep -qx "Nothing to recover\." /tmp/out || say too much told
		fi
		[ "$(drmgr --recover 2>&1)" = "Nothing to recover." ] || say a second recovery does something
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
	*) echo 61 ;;
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

# The command with something in front, as in "killat 7 drmgr ...".
disturbed() # WORDS
{
	printf '%s' "${row_command//drmgr /$1 drmgr }"
}

complain()
{
	{
		echo "$row_name, step $n: $1"
		[[ -z ${seen-} ]] || diff <(echo "$before") <(echo "$seen")
	} | fail
}

works() # SCRIPT
{
	guest_sh "$1"
	[[ $status -eq 0 ]] || complain "$1"
}

# The states before and after.
row_begin() # ROW
{
	matrix_row "$1" || return 1
	n=0 seen=
	outcomes=(undone complete)
	! may_be_partial || outcomes+=(partial)
	works "$row_before"
	# The first time leaves other things behind than the second: it warms up.
	works "{ $row_command; } && { $row_inverse; }"
	before=$(matrix_state)
	works "$row_command"
	after=$(matrix_state)
	works "$row_inverse"
	seen=$(matrix_state)
	[[ $seen == "$before" ]] || complain "its inverse is none"
	between=
	if is_replace; then
		works 'drmgr -c pci -r -s C8 -n'
		between=$(matrix_state)
		works 'drmgr -c pci -a -s C8 -n'
		outcomes+=(between)
	fi
	row_number=$((row_number + 1))
	# Most steps of a host bridge look for cards, one slot after the other.
	step=$stride
	[[ $row_name != phb-* || $stride -eq 1 ]] || step=$((4 * stride))
}

row_end()
{
	seen=
	works "$row_home"
}

# How often they were disturbed.
tell() # WHAT
{
	echo "# $BATS_TEST_DESCRIPTION: $kills $1 in ${#rows[@]} operations" >&3
	# With the strides of other kernels it may be few.
	((kills > 0))
	[[ -n ${KILL_ROW:-}${KILL_STRIDE:-}${GUEST_PROFILE:-} ]] || ((kills >= ${#rows[@]} / 2))
}

# What became of it: nothing, all, a replacement's empty slot, some.
outcome()
{
	case $seen in
	"$before") echo undone ;;
	"$after") echo complete ;;
	"${between-}") echo between ;;
	*) echo partial ;;
	esac
}

# From there to the state before, if it is one of these.
come_home() # OUTCOME...
{
	local was

	seen=$(matrix_state)
	was=$(outcome)
	# A replacement: that is the same.
	[[ $was != undone || $before != "$after" ]] || set -- undone "$@"
	[[ " $* " == *" $was "* ]] || complain "$was, not $*"
	case $was in
	undone) return ;;
	complete) works "$row_inverse" ;;
	between) works 'drmgr -c pci -a -s C8 -n' ;;
	*) guest_sh "$row_repair" ;;
	esac
	seen=$(matrix_state)
	[[ $seen == "$before" ]] || complain "$was, and then not as before"
}

# After a recovery: and the operation works then.
look()
{
	come_home "${outcomes[@]}"
	works "{ $row_command; } && { $row_inverse; }"
}

# Into $status: 137 as long as it was killed.
kill_it() # MORE
{
	guest_sh ". /tmp/kill.sh; { $(disturbed "\$k $n"); } >/tmp/said 2>&1; killed \$?; $1"
	[[ $output != 'killed' ]] || status=137
}

kill_everywhere() # ROW
{
	row_begin "$1"
	for ((n = row_number % step + 1;; n += step)); do
		kill_it "recover; echo killed"
		[[ $status -eq 137 ]] || break
		kills=$((kills + 1))
		look
	done
	[[ $status -eq 0 ]] || complain "failed: $output $stderr"
	works "$row_inverse"
	row_end
}

# The command itself, once more.
kill_and_repeat() # ROW
{
	row_begin "$1"
	for ((n = (row_number + step / 2) % step + 1;; n += step)); do
		kill_it "{ $row_command; } >/tmp/out 2>/tmp/err; echo killed"
		[[ $status -eq 137 ]] || break
		kills=$((kills + 1))
		come_home complete "${outcomes[@]:2}"
	done
	[[ $status -eq 0 ]] || complain "failed: $output $stderr"
	works "$row_inverse"
	seen=$(matrix_state)
	[[ $seen == "$before" ]] || complain 'not as before'
	row_end
}

# Killed at a step, and the recovery at each of its own.
kill_recovery() # ROW
{
	local k again=$(((stride + 1) / 2))

	row_begin "$1"
	for n in $((5 + row_number % 7)) $((21 + row_number % 11)) $((45 + row_number % 13)); do
		for ((k = row_number % again + 1;; k += again)); do
			guest_sh ". /tmp/kill.sh; { $(disturbed "\$k $n"); } >/tmp/said 2>&1; [ \$? = 137 ] || { echo finished; exit; }
				\$k $k drmgr --recover >/tmp/said 2>&1; s=\$?; [ \$s = 137 ] || { echo recovered; exit \$s; }
				recover; echo killed"
			[[ $output == killed ]] || break
			kills=$((kills + 1))
			look
		done
		[[ $status -eq 0 ]] || complain "recovery step $k: $output $stderr"
		seen=
		[[ $output != finished ]] || works "$row_inverse"
		come_home "${outcomes[@]}"
	done
	row_end
}

# With a signal at a step: done all the same (0), undone (255), before it began (as any
# program), or some are and some are not (64).
signal_everywhere() # ROW
{
	local signals=(15 2 1 3) signal

	row_begin "$1"
	for ((n = row_number % step + 1;; n += step)); do
		signal=${signals[kills % 4]}
		guest_sh "rm -f /var/log/drmgr; . /tmp/kill.sh
			{ $(disturbed "\$k -$signal $n"); } >/tmp/said 2>&1; signalled \$? $signal"
		[[ $output != end ]] || break
		kills=$((kills + 1))
		case ${lines[0]} in
		0) come_home complete ;;
		64) come_home partial ${between:+between} ;;
		255 | $((128 + signal))) come_home undone ${between:+between} ;;
		*) complain "ended with $output" ;;
		esac
	done
	works "$row_inverse"
	seen=$(matrix_state)
	[[ $seen == "$before" ]] || complain 'not as before'
	row_end
}

each_row() # FUNCTION [UNLESS]
{
	local row

	for row in "${rows[@]}"; do
		[[ -z ${KILL_ROW:-} || $row == $KILL_ROW ]] || continue
		matrix_row "$row"
		[[ -z ${2-} ]] || ! "$2" || continue
		"$1" "$row"
	done
}

@test "qemu: killed, then --recover" {
	each_row kill_everywhere
	tell kills
}

@test "lpar: killed, then --recover" {
	each_row kill_everywhere
	tell kills
}

@test "qemu: killed, then the command once more" {
	each_row kill_and_repeat
	tell kills
}

@test "lpar: killed, then the command once more" {
	each_row kill_and_repeat is_one_write
	tell kills
}

@test "qemu: killed, and then the recovery as well" {
	each_row kill_recovery
	tell kills
}

@test "lpar: killed, and then the recovery as well" {
	each_row kill_recovery is_one_write
	tell kills
}

@test "qemu: signals that ask to stop" {
	each_row signal_everywhere
	tell signals
}

@test "lpar: signals that ask to stop" {
	each_row signal_everywhere
	tell signals
}
