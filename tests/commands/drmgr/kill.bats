#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: sim guest drmgr
# Kill drmgr before each write and each call of firmware: the next drmgr restores the
# first state of the machine.

load ../../guest/verbs
load ../../lib/cards

# The state of a guest: nodes of cards, functions, enabled slots.
machine='find -L /proc/device-tree/pci@* -type d | sort; ls /sys/bus/pci/devices | sed s/^[0-9a-f]*[1-9a-f][0-9a-f]*:/N:/;
	grep -H . /sys/bus/pci/slots/C?/adapter | grep :1'

# A simulated guest is killed at every step; a real one, to save time, at every seventh.
stride()
{
	[[ ${GUEST_KIND:-real} = sim ]] && echo 1 || echo 7
}

# In the guest, run COMMAND and kill it before its first, second... step (every STRIDEth)
# until it ends. RECOVER restores the first state, except after the last few steps, when
# recovery completes the operation: then UNDO restores it.
kill_everywhere() # COMMAND RECOVER UNDO [STRIDE]
{
	guest_sh -0 "state() { $machine; }"'
		say() { echo "step $n: $*"; cat /tmp/said; state; exit 1; }
		before=$(state) n=0 complete=0
		while n=$((n + '"${4-$(stride)}"')); /usr/lib/guest/killat $n '"$1"' >/tmp/said 2>&1; s=$?; [ $s = 137 ]; do
			'"$2"' >/tmp/said 2>&1 || say recovery failed
			! ls -d /run/drmgr/[jl]* >/dev/null 2>&1 || say a journal is left
			[ "$(state)" = "$before" ] && [ $complete = 0 ] && continue
			complete=$((complete + 1))
			'"$3"' >/tmp/said 2>&1 || say neither undone nor complete
			[ "$(state)" = "$before" ] || say not as before
		done
		[ $s = 0 ] || say failed with $s
		'"$3"' && echo "steps: $n $complete"'
	[[ $output =~ steps:\ ([0-9]+)\ ([0-9]+) ]]
	# The count is smaller if the kernel configures the connector.
	((BASH_REMATCH[1] > 11 && BASH_REMATCH[2] <= 3))
}

@test "an addition is killed at its steps, and --recover undoes it" {
	plug n0 virtio-net-pci 1 "$nic"
	kill_everywhere 'drmgr -c pci -a -s C8 -n' 'drmgr --recover' 'drmgr -c pci -r -s C8 -n'
}

@test "a removal is killed at its steps, and --recover undoes it" {
	plug n0 virtio-net-pci 1 "$nic"
	guest drmgr -c pci -a
	kill_everywhere 'drmgr -c pci -r -s C8 -n' 'drmgr --recover' 'drmgr -c pci -a -s C8 -n'
}

@test "a host bridge with a card is added and removed, killed at each step" {
	host device_add '{"driver": "spapr-pci-host-bridge", "id": "phb1", "index": 1}'
	host device_add '{"driver": "virtio-net-pci", "id": "b1", "bus": "phb1.0", "addr": "1", "romfile": ""}'
	kill_everywhere "drmgr -c phb -a -s 'PHB 1'" 'drmgr --recover' "drmgr -c phb -r -s 'PHB 1'" 17
	guest -0 drmgr -c phb -a -s 'PHB 1'
	kill_everywhere "drmgr -c phb -r -s 'PHB 1'" 'drmgr --recover' "drmgr -c phb -a -s 'PHB 1'" 2
	guest -0 drmgr -c phb -r -s 'PHB 1'
	host device_del '{"id": "b1"}'
	host device_del '{"id": "phb1"}'
}

# The host requested the removal, so isolation removes the card. The next drmgr completes
# or undoes the removal, and the one after it works with the slot.
@test "the host's removal is killed, and the next drmgr completes or undoes it" {
	local n killed=137

	for ((n = 1; killed == 137; n += 3)); do
		plug n0 virtio-net-pci 1 "$nic"
		guest drmgr -c pci -a
		host device_del '{"id": "n0"}'
		guest /usr/lib/guest/killat $n drmgr -c pci -r -s C8 -n
		killed=$status
		# the card was removed, or exists and can be removed
		guest drmgr -c pci -r -s C8 -n
		host_wait DEVICE_DELETED device=n0
		forget n0
		refute_node $phb/ethernet@1
		guest -1 test -e /run/drmgr/journal
	done
	((n > 15))
}

# Both cards or none, at any time of the signal: the signal does not stop the rollback of
# the first card. When both are done, the signal has no effect.
@test "all or nothing holds when a signal arrives" {
	plug n0 virtio-net-pci 1 "$nic"
	plug n1 virtio-net-pci 2 "$nic"
	# The slot that stays enabled is the one whose card was removed last.
	guest_sh -0 "state() { { $machine; } | grep -v /adapter; }"'
		say() { echo "step $n: $*"; cat /tmp/said; state; exit 1; }
		removed() { drmgr -c pci -r -s C8 -n && drmgr -c pci -r -s C16 -n; }
		empty=$(state) n=3 stride=5 taken_back=0 too_late=0
		while n=$((n + stride)); /usr/lib/guest/killat -15 $n drmgr -c pci -a --all-or-nothing --json >/tmp/said 2>&1; s=$?
			grep -q "^killat: " /tmp/said || [ $stride = 5 ]; do
			# After the last step: the steps since the signal before, one by one
			if ! grep -q "^killat: " /tmp/said; then
				[ $s = 0 ] && removed || say failed with $s
				n=$((n - stride)) stride=1
				continue
			fi
			! ls -d /run/drmgr/[jl]* >/dev/null 2>&1 || say a journal is left
			case $s in
			0)
				too_late=$((too_late + 1))
				grep -q "^Received signal" /tmp/said && say reported
				removed || say not removed ;;
			255) grep -q "^Received signal 15" /tmp/said || say not reported
				if grep -q "result.: .undone" /tmp/said; then taken_back=$((taken_back + 1)); fi ;;
			*) say "ended with $s" ;;
			esac
			[ "$(state)" = "$empty" ] || say not as before
		done
		[ $s = 0 ] && removed && echo "$n $taken_back $too_late"'
	read -r n taken_back too_late <<<"$output"
	# The count is smaller if the kernel configures the connector.
	((n > 60 && taken_back > 1 && too_late > 0))
}

@test "a recovery is reported as text and as JSON" {
	plug n0 virtio-net-pci 1 "$nic"
	guest -137 /usr/lib/guest/killat 12 drmgr -c pci -a -s C8 -n
	guest -0 drmgr --recover --json
	assert_stdout --partial '"recovered": true'
	assert_stderr --regexp '^An earlier run \(PID [0-9]+: drmgr -c pci -a -s C8 -n\) was interrupted: [0-9]+ of its steps undone\.'
	assert_stderr_line "As before: C8 (0x40000008)"
	guest -0 drmgr --recover
	assert_stdout 'Nothing to recover.'
	assert_stderr ''
}

# MAKE damages the journal of a run. drmgr refuses it and changes nothing.
damaged() # MAKE STATUS TEXT
{
	guest_sh -0 "/usr/lib/guest/killat 12 drmgr -c pci -a -s C8 -n; cd /run/drmgr && cp -a journal /tmp/journal && $1"
	for command in 'drmgr --recover' 'drmgr -c pci -a -s C16 -n'; do
		guest_sh "$command"
		assert_status "$2"
		assert_stderr "$3"
	done
	guest_sh -0 'rm -rf /run/drmgr; mkdir -m 700 /run/drmgr; mv /tmp/journal /run/drmgr/journal; drmgr --recover'
	assert_stderr --partial 'steps undone'
}

@test "a damaged journal is refused" {
	local file=/run/drmgr/journal
	local not_ours="$file: not a file that only root can write: examine it and the machine, then run drmgr --recover --discard"
	local none="$file: not a journal: examine it and the machine, then run drmgr --recover --discard"

	plug n0 virtio-net-pci 1 "$nic"
	damaged 'echo something else >journal' 65 "$none"
	damaged 'sed -i s/^begin/began/ journal' 65 "$none"
	damaged 'head -c 100000 /dev/zero >journal; echo >>journal' 65 "$none"
	damaged 'truncate -s 1099511627776 journal' 65 "$none"
	damaged 'mv journal j; ln -s j journal' 255 "$not_ours"
	damaged 'ln journal j' 255 "$not_ours"
	damaged 'rm journal; mkdir journal' 65 "$file: Is a directory: examine it and the machine, then run drmgr --recover --discard"
	damaged 'chown 1 journal' 255 "$not_ours"
	damaged 'chmod 755 .' 255 "$not_ours"
	# from another boot: its steps are lost; the current boot's steps are not
	guest_sh -0 '/usr/lib/guest/killat 4 drmgr -c pci -a -s C8 -n; sed -i "1s/ 2 [0-9a-f-]\{36\} / 1 00000000-0000-0000-0000-000000000000 /; s/ #[0-9a-f]*$//" /run/drmgr/journal
		drmgr --recover; ls /run/drmgr'
	assert_stdout 'Nothing to recover.'
}

@test "without a folder for the journal, drmgr warns and continues" {
	plug n0 virtio-net-pci 1 "$nic"
	guest_sh -0 'rm -rf /run/drmgr; echo >/run/drmgr; drmgr -c pci -a -s C8 -n; s=$?; rm /run/drmgr; exit $s'
	assert_stderr '/run/drmgr/journal: Not a directory: continuing without a journal; if drmgr is killed, changes can remain incomplete'
	assert_node $phb/ethernet@1
}

# The journal is renamed and nothing is undone: the steps of the run remain.
@test "--recover --discard sets the journal aside [io-discard]" {
	plug n0 virtio-net-pci 1 "$nic"
	guest_sh 'rm -rf /run/drmgr; drmgr --recover --discard; drmgr --discard; echo $?; drmgr --discard -c pci -a; echo $?; ls /run/drmgr'
	assert_stdout $'Nothing to recover.\n255\n255'
	assert_stderr --partial '--discard needs --recover'

	guest /usr/lib/guest/killat 12 drmgr -c pci -a -s C8 -n
	guest_sh -0 'cp /run/drmgr/journal /tmp/journal; drmgr --recover --discard'
	assert_stdout '/run/drmgr/journal was moved to /run/drmgr/discarded-1. Nothing was undone.'
	assert_stderr --regexp $'^(not undone: [a-z-]+ C8\n)+An earlier run \\(PID [0-9]+: drmgr -c pci -a -s C8 -n\\) was interrupted: [0-9]+ of its steps may be incomplete\\.$'
	guest_sh -0 'cmp /tmp/journal /run/drmgr/discarded-1/journal && ls /run/drmgr && drmgr --recover --discard'
	assert_stdout $'discarded-1\nNothing to recover.'

	# Use the same journal again, in JSON; then edit it.
	guest_sh 'cp -p /run/drmgr/discarded-1/journal /run/drmgr; drmgr --recover --discard --json; ls /run/drmgr/*'
	assert_stdout --partial '"recovered": false'
	assert_stdout --regexp '"warnings": \[[^]]*"not undone: [^]]*may be incomplete'
	assert_stdout --regexp $'discarded-1:\njournal\n\n/run/drmgr/discarded-2:\njournal$'
	guest_sh -0 'mv /run/drmgr/discarded-2/journal /run/drmgr; drmgr --recover; rm -r /run/drmgr'
	assert_stderr --partial 'steps undone'
}

# MAKE makes a journal that drmgr refuses. After --discard the next drmgr works.
discards() # MAKE STDERR STDOUT
{
	guest_sh "rm -rf /run/drmgr*; /usr/lib/guest/killat 12 drmgr -c pci -a -s C8 -n; cd /run/drmgr && cp -a journal /tmp/journal && $1"
	guest -0 drmgr --recover --discard
	assert_stdout "/run/drmgr/journal was moved to $3. Nothing was undone."
	assert_stderr --partial "$2"
	guest_sh -0 "ls -d $3 && ! ls -d /run/drmgr/[jl]* >/dev/null 2>&1 && drmgr --recover && drmgr -c pci -Q >/dev/null"
	assert_stderr ''
	guest_sh -0 'rm -rf /run/drmgr*; mkdir -m 700 /run/drmgr; mv /tmp/journal /run/drmgr/journal; drmgr --recover'
	assert_stderr --partial 'steps undone'
}

@test "--recover --discard sets a damaged journal aside [io-discard-damaged]" {
	local inside=/run/drmgr/discarded-1 beside=/run/drmgr.discarded-1
	local not_ours='not a file that only root can write: it is unknown what is incomplete'

	plug n0 virtio-net-pci 1 "$nic"
	discards 'echo something else >journal' 'not a journal: it is unknown what is incomplete' $inside
	discards 'echo rubbish >>journal' 'not a journal: it is unknown what else is incomplete' $inside
	discards 'truncate -s 1099511627776 journal' 'not a journal: it is unknown' $inside
	discards 'rm journal; ln -s /no/where journal' 'it is unknown what is incomplete' $inside
	discards 'rm journal; mkfifo journal' "$not_ours" $inside
	discards 'rm journal; mkdir journal' "$not_ours" $inside
	discards 'chown 1 journal' "$not_ours" $inside
	discards 'chmod 755 .' "$not_ours" $beside
	discards 'chown 1 .' "$not_ours" $beside
}

@test "--recover accepts few other options" {
	local more

	for more in '-c pci' '-a' '-Q' '-s C8' '-q 1' '-n' '-H' '--dry-run' '--force'; do
		# shellcheck disable=SC2086 # words
		guest -255 drmgr --recover $more
		assert_stderr '--recover allows only --discard, -w, -d, --json and --trace'
	done
	guest -0 drmgr --recover -w 1 -d 1 --trace
}
