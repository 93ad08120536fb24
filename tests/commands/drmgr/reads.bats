#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: sim all drmgr lsslot drmon papr-eventd papr-overlay
# Run operations that change a machine, and let each of their reads of files fail, once and
# for ever: an open, a read, a listing, a link, a test for existence. "Cannot be read" is
# never "does not exist": the exit status must match the state. The same with changes of
# files: a journal, a log or a lock that cannot be made, written or removed, and with each
# allocation. Then lists, and a daemon with one event.
#
# By default few operations, and one of eight calls, or 40 allocations. READS=all: all of
# them; READS=two: two operations of each type. READS_ERROR: the number of another error,
# such as 12, ENOMEM, or 4, EINTR, which comes only once.
# shellcheck disable=SC2154 # row_...: matrix.bash

load ../../guest/verbs
load ../../lib/matrix
load ../../lib/overlay

setup()
{
	[[ ${GUEST_KIND:-real} == sim ]] || skip "only a simulated machine can be made to fail"
	socket=$BATS_FILE_TMPDIR/reads
}

teardown()
{
	guest_down
}

# If the row fails, bats shows the output.
row() # OPTION...
{
	local said status=0 fault_options

	matrix_fault_options
	set -- "$@" "${fault_options[@]}"
	[[ -z ${READS_ERROR-} ]] || set -- "$@" -e "$READS_ERROR"
	matrix_run faults "${calls:--u}" "$@" || status=$?
	sed -n "\$s/^/# /p" "$said" >&3
	return $status
}

reads() # MACHINE FEW TWO ALL
{
	local pattern=$2 options=(-q)

	case ${READS-} in
	two) pattern=$3 options=() ;;
	all) pattern=$4 options=() ;;
	esac
	[[ -z ${MATRIX_ROWS-} ]] || pattern='*'
	matrix_each "$1" first "$pattern" row "${options[@]}"
	return "$matrix_wrong"
}

@test "cards, host bridges, cores" {
	reads qemu '@(pci-r|phb-a)' '@(pci-[ar]|phb-[ar]|cpu-[ar])' '*'
}

@test "memory, threads, virtual adapters, accelerators" {
	reads lpar '@(mem-r-3|slot-r)' '@(mem-[ar]-@(3|ofdt)|slot-[ar]|cpu-smt|*-weight|acc)' '*'
}

@test "changes of files: cards, host bridges, cores" {
	calls=-w
	reads qemu '@(pci-a|cpu-r)' '@(pci-[ar]|phb-[ar]|cpu-[ar])' '*'
}

@test "changes of files: memory, threads, virtual adapters, accelerators" {
	calls=-w
	reads lpar '@(mem-a-3|slot-a)' '@(mem-[ar]-@(3|ofdt)|slot-[ar]|cpu-smt|*-weight|acc)' '*'
}

@test "allocations: cards, host bridges, cores" {
	calls=-m
	reads qemu '@(pci-r|phb-a)' '@(pci-[ar]|phb-[ar]|cpu-[ar])' '*'
}

@test "allocations: memory, threads, virtual adapters, accelerators" {
	calls=-m
	reads lpar slot-a '@(mem-[ar]-@(3|ofdt)|slot-[ar]|cpu-smt|*-weight|acc)' '*'
}

# Let each read of a command that changes nothing fail. It must print the same, or fail with a
# message on standard error, or in the document. A NUMA score or a sensor that is unknown is
# null.
# shellcheck disable=SC2016
lists() # COMMAND...
{
	guest sh -c '
		export FAILCALL_LOG=/tmp/lists.log
		wrong=0 cases=0 failed=0
		list()
		{
			local status=0
			LD_PRELOAD=/usr/lib/guest/failcall.so $1 >/tmp/lists.out 2>/tmp/lists.err ||
				status=$?
			sed "s/\"numa_score\": *[0-9a-z]*//; s/\"\(sense\|time\)\": .*//" /tmp/lists.out
			return $status
		}
		for command; do
			good=$(list "$command") || { echo "$command: fails"; exit 1; }
			n=$(wc -l <$FAILCALL_LOG)
			while [ $n -gt 0 ]; do
				rm $FAILCALL_LOG
				status=0
				now=$(FAILCALL_NTH=$n list "$command") || status=$?
				cases=$((cases + 1))
				what="$command: $(cat $FAILCALL_LOG)"
				case $status-$now in
				0-"$good") ;;
				0-*) echo "$what: prints something else"; wrong=1 ;;
				*cannot\ be\ read*) failed=$((failed + 1)) ;;
				*)
					failed=$((failed + 1))
					grep -q "cannot be read\|/: Too many" /tmp/lists.err ||
						{ echo "$what: $status, $(cat /tmp/lists.err)"; wrong=1; }
					;;
				esac
				n=$((n - 1))
			done
			rm $FAILCALL_LOG
		done
		echo "$cases cases, $failed failed"
		exit $wrong' sh "$@"
	echo "# lists: ${output##*$'\n'}" >&3
	assert_status 0
}

@test "lists of cards, host bridges, cores" {
	matrix_boot qemu
	guest_needed
	lists 'lsslot -c pci' 'lsslot -c pci --json' 'lsslot -c phb' 'lsslot -c phb --json' \
		'lsslot -c cpu -b' 'lsslot -c cpu --json' 'drmgr -c pci -Q -s C8'
}

@test "lists of memory, virtual adapters" {
	matrix_boot lpar
	guest_needed
	lists 'lsslot -c mem' 'lsslot -c mem --json' 'lsslot -c slot' 'lsslot -c slot --json' \
		'lsslot -c slot --all'
}

@test "lists of drmon" {
	matrix_boot qemu
	guest_needed
	lists 'drmon --once' 'drmon --once --json'
}

@test "lists of papr-overlay" {
	overlay_boot
	guest_needed
	lists 'papr-overlay list' 'papr-overlay list --json'
}

# A daemon starts with a saved event for a card that is present, and one of its calls fails.
# It does what the event says, or the log and the state are those of a failure. If it cannot
# start, the next daemon does it.
# shellcheck disable=SC2016
daemon() # reads|changes|memory
{
	local script

	read -r -d '' script <<'EOF' || true
export FAILCALL_LOG=/tmp/daemon.calls FAILCALL_KIND=$1
preload=LD_PRELOAD=/usr/lib/guest/failcall.so stride=${2:-6}
[ $1 != memory ] || preload=LD_PRELOAD=/usr/lib/guest/failalloc.so stride=${2:-20}
events=/run/papr-eventd/events driver=/sys/bus/pci/devices/0000:00:09.0/driver
wrong=0 cases=0 refused=0 failed=0
result='add pci 0x40000048: \(done\|failed\)'

start() # ENVIRONMENT...
{
	cp /tmp/events $events
	: >/tmp/daemon.log
	env "$@" papr-eventd --foreground 2>>/tmp/daemon.log &
	wait_until 'grep -q "$result" /tmp/daemon.log || ! kill -0 $! 2>/dev/null'
	kill $! 2>/dev/null
	wait $!
}

blame()
{
	wrong=$((wrong + 1))
	echo "$what: $*"
	cat /tmp/daemon.log
}

again()
{
	drmgr -c pci -r -s C72 -n || blame "drmgr: $?"
	rm -f $FAILCALL_LOG
}

start $preload || { cat /tmp/daemon.log; exit 1; }
[ -e $driver ] || { cat /tmp/daemon.log; ls /sys/bus/pci/devices; exit 1; }
n=$(wc -l <$FAILCALL_LOG)
again
while [ $n -gt 0 ]; do
	start $preload FAILCALL_NTH=$n
	status=$?
	cases=$((cases + 1))
	what=$(cat $FAILCALL_LOG)
	case $status-$(grep -o "$result" /tmp/daemon.log) in
	0-*:\ done)
		[ -e $driver ] || blame "no driver" ;;
	0-*:\ failed)
		failed=$((failed + 1))
		[ $1 != memory ] || blame "not tried again"
		[ ! -e $driver ] || blame "has a driver"
		grep -q "$result: ." /tmp/daemon.log || blame "no reason"
		start || blame "the next daemon"
		[ -e $driver ] || blame "the next daemon does nothing" ;;
	1-)
		refused=$((refused + 1))
		[ -s /tmp/daemon.log ] || blame "no message"
		[ ! -e $driver ] || blame "has a driver"
		start || blame "the next daemon"
		[ -e $driver ] || blame "the next daemon does nothing" ;;
	*)
		blame "status $status"
		start ;;
	esac
	[ ! -e /run/drmgr/journal ] || blame "a journal"
	again
	n=$((n - stride))
done
echo "daemon, $1 cases: $cases, $refused refused, $failed failed, $wrong wrong"
[ $wrong = 0 ]
EOF
	guest_sh -t 600 "$script" "$1" ${READS:+1}
	echo "# ${output##*$'\n'}" >&3
	assert_status 0
}

@test "the daemon" {
	matrix_boot qemu
	guest_needed
	guest_sh -0 '/usr/lib/guest/rawcall lock /var/lock/dr_config_lock sleep 1000 >/dev/null 2>&1 &
		papr-eventd 2>/tmp/log'
	host device_add '{"driver": "virtio-net-pci", "id": "e0", "bus": "pci.0", "addr": "9"}'
	guest_until 'papr-eventd --status | grep "add pci 0x40000048"'
	guest_sh 'kill -9 $(pidof papr-eventd); kill $(pidof sleep)'
	guest -0 cp /run/papr-eventd/events /tmp/events
	daemon reads
	daemon changes
	daemon memory
}
