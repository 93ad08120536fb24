#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: sim guest drmgr lsslot
# drmgr in unusual process states: inherited ones, and failing output during its work. As
# its status says, each change is complete, or nothing is changed.

# shellcheck disable=SC2016 # for the guest's shell

load ../../guest/verbs
load ../../lib/cards

setup_file()
{
	guest_boot -smp 1,maxcpus=8,cores=8,threads=1 -machine modern-hotplug-events=off \
		-m 1G,slots=16,maxmem=8G
}

odd=/usr/lib/guest/odd
card="$nic, \"bus\": \"pci.0\""

# Row: arguments of an addition | of the removal | command that finds the resource.
operations='-c pci -a -s C8 -n|-c pci -r -s C8 -n|ls -d /sys/bus/pci/devices/0000:00:01.0
-c cpu -a -q 1|-c cpu -r -q 1|grep -q 1 /sys/devices/system/cpu/online
-c mem -a -q 1|-c mem -r -q 1 --force|test "$(ls -d /sys/devices/system/memory/memory* | wc -l)" -gt 4
-c phb -a -q 1|-c phb -r -s "PHB 1"|ls -d /proc/device-tree/pci@800000020000001'

# Plug the resources of all rows except the first. They stay plugged for every test.
resources()
{
	[[ ! -e $BATS_FILE_TMPDIR/resources ]] || return 0
	touch "$BATS_FILE_TMPDIR/resources"
	! cores_can_go || plug_core 1
	host device_add '{"driver": "spapr-pci-host-bridge", "id": "phb1", "index": 1}'
}

# Run each operation with drmgr started by PREFIX, in a shell with the descriptors of
# REDIRECTION: status 0 and the requested state.
all_work() # PREFIX REDIRECTION
{
	local id=m$BATS_TEST_NUMBER.$RANDOM

	# a KVM guest cannot add memory again that it has removed
	host object-add "{\"qom-type\": \"memory-backend-ram\", \"id\": \"$id\", \"size\": 268435456}"
	host device_add "{\"driver\": \"pc-dimm\", \"id\": \"d$id\", \"memdev\": \"$id\"}"
	cores_can_go || operations=$(grep -v '^-c cpu' <<<"$operations")
	guest_sh 'printf "%s\n" "$1" >/tmp/operations
		rm -f /var/log/drmgr
		while IFS="|" read -r add remove there; do
			eval "$2 drmgr $add $3"; s=$?
			eval "$there" >/dev/null 2>&1 || { echo "$add: status $s, not there"; exit 1; }
			[ $s = 0 ] || { echo "$add: there, status $s"; exit 1; }
			eval "$2 drmgr $remove $3"; s=$?
			! eval "$there" >/dev/null 2>&1 || { echo "$remove: status $s, still there"; exit 1; }
			[ $s = 0 ] || { echo "$remove: gone, status $s"; exit 1; }
		done </tmp/operations
		! ls -d /run/drmgr/[jl]* >/dev/null 2>&1 || { echo a journal is left; exit 1; }
		grep -q "drmgr: -c phb -r" /var/log/drmgr || { echo no log; exit 1; }' \
		"$operations" "$1" "$2"
	assert_stdout ''
	assert_status 0
}

@test "every operation succeeds with closed standard descriptors [io-state-closed]" {
	plug n0 virtio-net-pci 1 "$card"
	resources
	all_work '' '<&- >&- 2>&-'
	# no output is in the wrong file
	guest_sh 'grep -v -e "^####" -e "^$" -e "^20.* drmgr\[" /var/log/drmgr /var/lock/dr_config_lock | grep -v dr_config_lock:[0-9]'
	assert_stdout ''
	all_work "$odd -c 0,2" '>/dev/null'
	all_work "$odd -c 1" '2>/dev/null'
}

@test "every operation succeeds when the reader has closed the pipe [io-state-pipe]" {
	plug n0 virtio-net-pci 1 "$card"
	resources
	all_work "$odd -p" '2>/dev/null'
	all_work "$odd -p -P" ''
}

@test "every operation succeeds with signals ignored or blocked, timers, an unusual umask [io-state-odd]" {
	plug n0 virtio-net-pci 1 "$card"
	resources
	all_work "$odd -i CHLD -b all -t 100 -T 100" '>/dev/null'
	guest_sh 'rm -f /var/lock/dr_config_lock; umask 777; drmgr -c pci -a -s C8 -n; stat -c %a /var/log/drmgr /var/lock/dr_config_lock'
	assert_stdout $'644\n600'
	guest -0 drmgr -c pci -r -s C8 -n
}

@test "hooks and writes with a limit have their status if the caller ignores SIGCHLD [io-state-chld]" {
	local phase

	plug n0 virtio-net-pci 1 "$card"
	guest_sh -0 'umask 022; mkdir -p /etc/drmgr.d/pci; cd /etc/drmgr.d/pci
		printf "#!/bin/sh\nexit 0\n" >good; printf "#!/bin/sh\necho \$PHASE; exit 3\n" >bad
		printf "#!/bin/sh\nkill -TERM \$\$\n" >killed; printf "#!/nonexistent\n" >absent; chmod 755 *
		"$1" -i CHLD drmgr -c pci -a -s C8 -n -w 1; s=$?; rm -r /etc/drmgr.d
		test -e /sys/bus/pci/devices/0000:00:01.0 && echo there; exit $s' $odd
	assert_stdout there
	for phase in pre post; do
		assert_stderr_line $phase
	done
	for phase in pre post; do
		assert_stderr_line "hook 'bad' exited with status 3 in phase $phase"
		assert_stderr_line "hook 'killed' exited with status 1 in phase $phase"
		assert_stderr_line "hook 'absent' could not be started in phase $phase: No such file or directory"
	done
	refute_stderr --partial "'good'"
	guest -0 $odd -i CHLD drmgr -c pci -r -s C8 -n -w 1
	guest_sh -0 'test ! -e /sys/bus/pci/devices/0000:00:01.0 && test ! -e /run/drmgr/journal'
}

# As root of a machine, drmgr raises the limit. If it may not, each file is like one on a
# full disk.
@test "without space for files, an operation is complete or has no effect [io-state-fsize]" {
	plug n0 virtio-net-pci 1 "$card"
	guest_sh '"$1" -f 0 drmgr -c pci -a -s C8 -n; s=$?; test -e /sys/bus/pci/devices/0000:00:01.0 && echo there; exit $s' $odd
	if [[ $status -eq 0 ]]; then
		assert_stdout there
	else
		assert_status 255
		assert_stdout ''
	fi
}

@test "standard output is full or closed: a change keeps its status, a query fails [io-state-output]" {
	plug n0 virtio-net-pci 1 "$card"
	guest_sh -0 'drmgr -c pci -a --json >/dev/full'
	assert_stderr 'drmgr: standard output: No space left on device'
	guest_sh -0 '"$1" -p drmgr -c pci -r -s C8 -n --json' $odd
	assert_stderr 'drmgr: standard output: Broken pipe'
	guest_sh -0 'drmgr -c pci -a >&-'
	assert_stderr 'drmgr: standard output: Bad file descriptor'
	guest_sh -0 'drmgr -c pci -r -s C8 -n >&-'
	assert_stderr ''
	guest_sh -255 'drmgr -c pci -Q >/dev/full'
	assert_stderr 'drmgr: standard output: No space left on device'
	guest_sh -1 'lsslot -c pci >&-'
	assert_stderr 'lsslot: standard output: Bad file descriptor'
	guest_sh -1 '"$1" -p lsslot -c pci' $odd
	assert_stderr ''
	guest_sh -255 '"$1" -p drmgr -c pci -a --dry-run' $odd
	assert_stderr ''
}

# Signals stop drmgr between steps, and it undoes its steps. The message has the number.
@test "signals that end a process stop drmgr between steps [io-signals-all]" {
	local signal

	plug n0 virtio-net-pci 1 "$card"
	for signal in 1 2 3 10 12 14 15 16 24 26 27 29 30 34 64; do
		guest_sh -255 '/usr/lib/guest/killat -$1 9 "$2" -d HUP,INT,QUIT drmgr -c pci -a -s C8 -n --json; s=$?
			test -e /sys/bus/pci/devices/0000:00:01.0 && echo there; exit $s' $signal $odd
		refute_stdout_line there
		[ "$(json_values undo)" = complete ]
		assert_stderr --partial "Received signal $signal, attempting to cleanup and exit"
		assert_stdout_line --partial '"message": '
	done
}

@test "signals that the caller ignores have no effect [io-signals-ignored]" {
	plug n0 virtio-net-pci 1 "$card"
	guest_sh -0 '/usr/lib/guest/killat -1 9 "$1" -i HUP drmgr -c pci -a -s C8 -n' $odd
	refute_stderr --partial 'Received signal'
	# as for a background job of a shell
	guest_sh -0 '/usr/lib/guest/killat -2 9 "$1" -i INT,QUIT -b INT drmgr -c pci -r -s C8 -n' $odd
	guest -1 test -e /sys/bus/pci/devices/0000:00:01.0
}

@test "a module is loaded with standard descriptors closed [io-state-module]" {
	guest_sh 'rmmod rpadlpar_io 2>/dev/null; test ! -e /sys/bus/pci/slots/control || exit 98
		drmgr -c phb -r -s "PHB 9" <&- >&- 2>&-; s=$?; test -e /sys/bus/pci/slots/control/add_slot || exit 99; exit $s'
	[[ $status -ne 98 ]] || skip 'the module stays'
	assert_status 3
}

# At each question: before the change nothing happens; at the last question it is
# complete.
@test "the end of input at a question ends drmgr [io-eof]" {
	plug n0 virtio-net-pci 1 "$card"
	guest drmgr -c pci -a -s C8 -n
	guest_sh -255 'drmgr -c pci -r -s C8 </dev/null'
	assert_stderr_line 'Specify -n to run without prompts.'
	guest_sh -255 'echo | drmgr -c pci -R -s C8'
	assert_stderr_line 'Specify -n to run without prompts.'
	assert_node $phb/ethernet@1
	guest_sh -0 'drmgr -c pci -r -I -s C8 <&-'
	refute_node $phb/ethernet@1
	guest_sh -255 'drmgr -c pci -a -s C8 </dev/null'
	guest_sh -255 'drmgr -c pci -a -I -s C8 </'
	assert_stderr_line 'Specify -n to run without prompts.'
	refute_node $phb/ethernet@1
}
