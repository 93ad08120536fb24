#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: sim drmgr lsslot
# Two drmgr at the same time, of all types, in a simulated partition of PowerVM: the
# second one waits, or names the process that has the lock. AT_ONCE is the number of
# rounds of each pair.

load ../../guest/verbs
load ../../lib/matrix

setup_file()
{
	matrix_boot lpar \
		-device virtio-net-pci,id=n0,bus=pci.0,addr=1 -device virtio-net-pci,id=n1,bus=pci.0,addr=2 \
		-device spapr-pci-host-bridge,id=phb3,index=3 \
		-device virtio-net-pci,id=p1,bus=phb3.0,addr=1
	# The first operation changes caches and names once, so run it before.
	[[ -n ${GUEST_MISSING:-} ]] || guest_sh 'drmgr -c phb -r -s "PHB 3" && drmgr -c phb -a -s "PHB 3" && drmgr -c pci -r -s C8 -n &&
		drmgr -c pci -r -s C16 -n && drmgr -c pci -a && drmgr -c cpu -r -q 2 && drmgr -c cpu -a -q 2 &&
		drmgr -c mem -r -q 4 && drmgr -c mem -a -q 4 && drmgr -c slot -r -s "VIO 2" && drmgr -c slot -r -s "VIO 5" &&
		drmgr -c slot -a -s "VIO 2" && drmgr -c slot -a -s "VIO 5"'
	# Ten rounds of each pair are a hundred.
	[[ ${GUEST_PROFILE:-6.1} == 6.1 ]] || export AT_ONCE=${AT_ONCE:-2}
}

setup()
{
	guest_needed
	row_drcs='0x40000008 0x40000010 0x20000003 0x40030008 0x10000004 0x10000008
		0x80000004 0x80000005 0x80000006 0x80000007 0x30000002 0x30000005'
	state=$(matrix_state)
}

# After each test, the guest and its host have the same state, which is the first one.
teardown()
{
	assert_no_oops
	[[ -n ${GUEST_MISSING:-} ]] || diff <(echo "$state") <(matrix_state)
}

# For scripts in the guest. two A B: run both, and set $a and $b. told OUT PID COMMAND:
# the message names this process and no other. stopped: killat has stopped the process $pid.
duel='
	lock=/var/lock/dr_config_lock killat=/usr/lib/guest/killat
	say() { echo "round $n: $*"; head -n 20 /tmp/a /tmp/b /tmp/c; exit 1; } 2>/dev/null
	a() { eval "exec $1" >/tmp/a 2>&1 & pid_a=$!; }
	b() { eval "exec $1" >/tmp/b 2>&1 & pid_b=$!; }
	both() { wait $pid_a; a=$?; wait $pid_b; b=$?; }
	two() { a "$1"; b "$2"; both; }
	told() { printf "%s\n" "$lock: Resource temporarily unavailable" "held by PID $2 ($3)" \
		"Unable to obtain Dynamic Reconfiguration lock. Please try command again later." | cmp -s - "$1"; }
	do_() { "$@" >/tmp/c 2>&1 || say "$*: $?"; }
	stopped() {
		pid=$(sed -n "s/^killat: \([0-9]*\) .*/\1/p" /tmp/c) && [ "$pid" ] && grep -q "^State:.T" /proc/$pid/status
	} 2>/dev/null
	rounds=${1:-10}
'

# Run SCRIPT once a round.
rounds() # SCRIPT [AT_ONCE]
{
	guest_sh -0 "$duel"' n=0; while [ $n -lt $rounds ]; do n=$((n + 1)); '"$1"'
		! ls -d /run/drmgr/[jl]* >/dev/null 2>&1 || say a journal is left
	done; echo "$n rounds"' "${2:-${AT_ONCE:-10}}"
	assert_stdout_line --regexp '^[0-9]+ rounds$'
	echo "# at once: $BATS_TEST_DESCRIPTION: $output" >&3
}

# One works first. The other one works after it, or names it.
@test "different slots, without -w: both work, or one names the other" {
	rounds 'A="drmgr -c pci -r -s C8 -n" B="drmgr -c pci -r -s C16 -n"
		two "$A" "$B"
		case $a$b in
		00) ;;
		0255) told /tmp/b $pid_a "$A" || say not reported; do_ $B ;;
		2550) told /tmp/a $pid_b "$B" || say not reported; do_ $A ;;
		*) say "$a $b" ;;
		esac
		two "drmgr -w 1 -c pci -a -s C8 -n" "drmgr -w 1 -c pci -a -s C16 -n"
		[ $a$b = 00 ] || say "$a $b"'
}

@test "the same slot: one works" {
	rounds 'two "drmgr -w 1 -c pci -r -s C8 -n" "drmgr -w 1 -c pci -r -s C8 -n"
		case $a$b in
		0255) grep -q "There is no configured card" /tmp/b || say not so ;;
		2550) grep -q "There is no configured card" /tmp/a || say not so ;;
		*) say "$a $b" ;;
		esac
		two "drmgr -w 1 -c pci -a -s C8 -n" "drmgr -w 1 -c pci -a -s C8 -n"
		case $a$b in
		0255) grep -q "already occupied" /tmp/b || say not so ;;
		2550) grep -q "already occupied" /tmp/a || say not so ;;
		*) say "$a $b" ;;
		esac'
}

@test "one adds a card while the other removes it" {
	rounds 'two "drmgr -w 1 -c pci -r -s C8 -n" "drmgr -w 1 -c pci -a -s C8 -n"
		case $a$b in
		00) ;;
		0255) do_ drmgr -c pci -a -s C8 -n ;;
		*) say "$a $b" ;;
		esac'
}

@test "memory and processors are changed together" {
	rounds 'two "drmgr -w 1 -c mem -r -q 2" "drmgr -w 1 -c cpu -r -q 1"
		[ $a$b = 00 ] || say "$a $b"
		two "drmgr -w 1 -c mem -a -q 2" "drmgr -w 1 -c cpu -a -q 1"
		[ $a$b = 00 ] || say "$a $b"'
}

# Each gets its part of the available memory, and not the other's.
@test "memory is added by both" {
	rounds 'owned() { lsslot -c mem --json | grep -c "\"state\": \"owned\""; }
		before=$(owned)
		two "drmgr -w 1 -c mem -r -q 1 --json" "drmgr -w 1 -c mem -r -q 3 --json"
		[ $a$b = 00 ] && [ $(owned) = $((before - 4)) ] || say "$a $b"
		[ $(grep -h "\"index\":" /tmp/a /tmp/b | sort -u | wc -l) = 4 ] || say the same one twice
		two "drmgr -w 1 -c mem -a -q 3 --json" "drmgr -w 1 -c mem -a -q 2 --json"
		case $a$b in 064 | 640) ;; *) say "$a $b" ;; esac
		[ $(owned) = $before ] || say "$(owned) of $before"'
}

@test "a host bridge and its card are changed together" {
	rounds 'two "drmgr -w 1 -c phb -r -s \"PHB 3\"" "drmgr -w 1 -c pci -r -s C196616 -n"
		case $a$b in 00 | 0255) ;; *) say "$a $b" ;; esac
		[ ! -e /proc/device-tree/pci@800000020000003 ] || say still there
		two "drmgr -w 1 -c phb -a -s \"PHB 3\"" "drmgr -w 1 -c pci -a"
		[ $a$b = 00 ] || say "$a $b"
		[ -e /proc/device-tree/pci@800000020000003/ethernet@1 ] || say no card'
}

@test "a virtual adapter and its neighbour are changed together" {
	rounds 'two "drmgr -w 1 -c slot -r -s \"VIO 2\"" "drmgr -w 1 -c slot -r -s \"VIO 5\""
		[ $a$b = 00 ] || say "$a $b"
		two "drmgr -w 1 -c slot -a -s \"VIO 2\"" "drmgr -w 1 -c slot -a -s \"VIO 5\""
		[ $a$b = 00 ] || say "$a $b"'
}

# One is stopped in the middle: queries work, commands without -w fail, commands with -w
# wait. When it is killed, the first of them recovers before its own work.
@test "one is stopped and then killed while two wait" {
	rounds '$killat -STOP $((4 + n % 7)) drmgr -c pci -r -s C8 -n >/tmp/c 2>&1 & holder=$!
		wait_until stopped
		drmgr -c cpu -r -q 1 2>/tmp/a && say not locked
		told /tmp/a $pid "drmgr -c pci -r -s C8 -n" || say not reported
		lsslot -c pci >/tmp/a && lsslot -c mem --json >/tmp/a && drmgr -c cpu -Q >/tmp/a &&
			drmgr -c phb -Q -s "PHB 3" >/tmp/a; [ $? = 6 ] || say not listed
		# a dry run before its node is removed, and after that
		drmgr -c pci -r -s C8 -n --dry-run >/tmp/a 2>&1 || grep -q "no configured card" /tmp/a || say no plan
		a "drmgr -w 1 -c pci -r -s C8 -n"; b "drmgr -w 1 -c pci -r -s C16 -n"
		kill -9 $pid; wait $holder
		both; [ $a$b = 00 ] || say "$a $b"
		cat /tmp/a /tmp/b | grep -c "^An earlier run (PID $pid: drmgr -c pci -r -s C8 -n) was interrupted" | grep -qx 1 ||
			say not said
		do_ drmgr -c pci -a'
}

@test "one is stopped, and continues" {
	rounds '$killat -STOP $((3 + 2 * n)) drmgr -c mem -r -q 1 >/tmp/c 2>&1 & holder=$!
		wait_until "stopped || ! kill -0 $holder 2>/dev/null"
		a "drmgr -w 1 -c mem -r -q 1"; b "drmgr -w 1 -c mem -r -q 1"
		[ ! "$pid" ] || kill -CONT $pid
		wait $holder || say holder
		both; [ $a$b = 00 ] || say "$a $b"
		do_ drmgr -c mem -a -q 3'
}

# Like other programs of the system; all users can read their lock file.
@test "another program has the lock" {
	rounds 'rm -f $lock; umask 0; mkfifo -m 600 /tmp/end.$n
		/usr/lib/guest/rawcall lock $lock cat /tmp/end.$n >/tmp/c 2>&1 & holder=$!
		wait_until "[ -e $lock ] && grep -q \" $holder \" /proc/locks"
		drmgr -c pci -r -s C8 -n 2>/tmp/a && say not locked
		told /tmp/a $holder "/usr/lib/guest/rawcall lock $lock cat /tmp/end.$n" || say not reported
		a "drmgr -w 1 -c pci -r -s C8 -n"; b "drmgr -w 1 -c cpu -r -q 1"
		sleep 0.02; kill -0 $pid_a && kill -0 $pid_b || say not waited
		: >/tmp/end.$n; wait $holder || say holder
		both; [ $a$b = 00 ] || say "$a $b"
		do_ drmgr -c pci -a -s C8 -n; do_ drmgr -c cpu -a -q 1
		[ "$(stat -c %a $lock)" = 600 ] || say "$(stat -c %a $lock)"'
}

# A query finds the state before or after the change, and never an empty list.
@test "lists and queries work during changes" {
	local n=${AT_ONCE:-10}

	# shellcheck disable=SC2016 # for the guest
	guest_sh -0 "$duel"'
		for n in $(seq $rounds); do drmgr -c pci -r -s C8 -n && drmgr -c cpu -r -q 1 && drmgr -c mem -r -q 2 &&
			drmgr -c phb -r -s "PHB 3" && drmgr -c phb -a -s "PHB 3" && drmgr -c mem -a -q 2 &&
			drmgr -c cpu -a -q 1 && drmgr -c pci -a -s C8 -n || exit; done >/tmp/a 2>&1 & busy=$!
		n=0; while kill -0 $busy 2>/dev/null; do n=$((n + 1))
			for type in pci phb cpu mem slot; do lsslot -c $type --json >/tmp/b || say "$type: $?"
				head -n 2 /tmp/b | grep -q schema && tail -n 1 /tmp/b | grep -qx "}" || say "$type: no document"; done
			for type in pci cpu mem; do drmgr -c $type -Q >/tmp/b || say "-Q $type: $?"; done
			drmgr -c phb -Q -s "PHB 3" >/tmp/b; case $? in 3 | 6) ;; *) say "-Q phb" ;; esac
		done; wait $busy || say "$?"; echo "$n looks"' "$((n / 5 + 1))"
}
