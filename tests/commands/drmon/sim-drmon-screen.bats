#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: sim-once drmgr lsslot drmon papr-eventd
# drmon's screens of 80 x 24 on a machine with PowerVM's calls and 400 connectors: what the
# partition owns, a filter, a number of LMBs, the consequences of a removal, its progress.

# shellcheck disable=SC2016,SC2154 # for the guest's shell; set by the verbs

load ../../guest/verbs
load ../../lib/drmon

setup_file()
{
	GUEST_MACHINE_OPTIONS=x-powervm=on GUEST_PLATFORM=lpar guest_boot \
		-smp 2,maxcpus=8 -m 1G,slots=4,maxmem=5G \
		-blockdev node-name=disk0,driver=null-co,size=1048576,read-zeroes=on \
		-device spapr-pci-host-bridge,index=1,id=phb1,x-slots=on \
		-device virtio-net-pci,id=n0,bus=phb1.0,addr=2 \
		-device virtio-blk-pci,id=b0,bus=pci.0,addr=3,drive=disk0
	[[ -z ${GUEST_MISSING:-} ]] || return 0
	# memory that the host offers, and of which the partition owns nothing
	host object-add '{"qom-type": "memory-backend-ram", "id": "m0", "size": 1073741824}'
	host device_add '{"driver": "pc-dimm", "id": "d0", "memdev": "m0"}'
	guest_until '[ -d /sys/devices/system/memory/memory7 ]'
	guest -0 drmgr -c mem -r -q 4
}

setup()
{
	guest_needed
	columns=80 rows=24 screen_env=
}

teardown()
{
	screen_stop
	[[ -n ${GUEST_MISSING:-} ]] || host x-papr-fault-clear
	assert_no_oops
}

@test "the first page has what the partition owns, and A shows all [drmon-all-shown]" {
	screen_start
	shows '^ 7 of [0-9]{3} shown, [0-9]{3} not owned \(A: all\)'
	shows_file powervm-start
	keys A
	shows '^ ([0-9]{3}) of \1 shown, 7 owned \(A: only these\)'
	shows 'page [0-9]+/3[0-9]$'
	keys A
	shows '^ 7 of'
}

@test "a filter" {
	screen_start
	shows 'PHB 1'
	keys / v i r t i o - n e t
	shows '^ /virtio-net_'
	shows_no 'PHB 1'
	shows_file powervm-filter
	keys Enter
	shows '^ 1 of [0-9]{3} shown, 0 not owned \(A: all\)  filter virtio-net'
}

@test "LMBs are added by number, although none is owned [drmon-number]" {
	screen_start
	shows 'PHB 1'
	keys 4 +
	shows '^ Add how many LMBs\? 4_'
	shows_file powervm-quantity
	keys Enter
	shows 'y: yes'
	shows_file powervm-add
	keys y
	shows 'LMB 4-7 +0x80000004 +owned'
	shows '^ drmgr -c mem -a -q 4 +done'
	guest -0 drmgr -c mem -r -q 4
	shows_no 'LMB'
}

@test "the number is for the type of the list, or for another one [drmon-types]" {
	screen_start '-c slot'
	shows 'SLOT 258'
	keys -
	shows '^ -: type slot is not counted: select one and press r'
	keys t +
	shows '^ Add how many host bridges\? _'
	keys Tab
	shows '^ Add how many cores\? _'
	keys Tab 1 2 BSpace
	shows '^ Add how many LMBs\? 1_'
	keys Tab
	shows '^ Add how many cards\? 1_'
	keys Escape
	shows '  type phb'
	keys -
	shows '^ -: type phb is not counted: select one and press r'
	keys t - Enter
	shows '  type cpu'
	keys 9 9 -
	shows '^ Remove how many cores\? 99_'
	keys Enter
	shows '^-- drmgr refuses this'
	shows '^drmgr -c cpu -r -q 99$'
	shows '^hint: '
}

@test "the question before a removal has its consequences [drmon-loses]" {
	guest_sh -0 'mkdir -p /mnt && mount -t tmpfs /dev/vda /mnt'
	screen_start
	shows 'C24 '
	keys Home r
	shows 'y: yes'
	shows_file powervm-remove
	keys n
	shows 'C24 .* configured'
	guest umount /mnt
	keys r
	shows '^  no mount, swap space, address, route or console uses it'
}

@test "progress moves, and shows what is waited for [drmon-progress]" {
	local first

	guest -0 drmgr -c mem -a -q 4
	host x-papr-fault '{"call": "write:/sys/kernel/dlpar", "nth": 2, "hold": true}'
	[[ $host_reply =~ \"id\":\ *([0-9]+) ]]
	first=${BASH_REMATCH[1]}
	screen_start
	shows 'LMB 4-7'
	keys - 4 Enter
	shows '^  1 GiB of 2 GiB memory: LMB 7, LMB 6, LMB 5, LMB 4$'
	host x-papr-fault '{"call": "write:/sys/kernel/dlpar", "nth": 3, "hold": true}'
	keys y
	shows '^ \[##\.{8}\] 1 of 4  drmgr -c mem -r -q 4 +pid'
	host x-papr-fault-clear "{\"id\": $first}"
	shows '^ \[#####\.{5}\] 2 of 4  drmgr -c mem -r -q 4 +pid'
	shows 'memory memory6 removed'
	shows 'LMB 4-5 '
	shows_file powervm-progress
	# another action must wait
	keys Home a
	shows '^ a: drmgr is still running'
	host x-papr-fault-clear
	shows '^ drmgr -c mem -r -q 4 +done'
	shows_no 'LMB 4'
}

@test "a failure has its code and its hint [drmon-hint]" {
	host x-papr-fault '{"call": "write:/sys/kernel/dlpar", "count": 0, "errno": "EIO"}'
	screen_start
	shows 'PHB 1'
	keys + 2 Enter
	shows 'y: yes'
	keys y
	shows '^-- drmgr has failed'
	shows '^code: kernel-refused$'
	shows "^hint: Read the kernel's log with dmesg\\.\$"
	shows '^0 of 2 are done$'
	keys n
	shows '^ drmgr -c mem -a -q 2 +failed: '
	shows "^ hint: Read the kernel's log with dmesg\\.\$"
}

@test "a light is switched to identify and back, also by another drmon [drmon-light]" {
	screen_start
	shows 'C24 '
	keys Home i
	shows 'C24: the light is in its identify state'
	keys Enter
	shows '^light +identify'
	screen_stop
	screen_start
	shows '  light C24'
	keys Home i
	shows 'C24: the light is back in its normal state'
	keys Enter
	shows '^light +normal'
	guest_sh -0 'grep -c "set-indicator(9002, 0x40000018, 1) = 0" /var/log/drmgr'
}

@test "the pane of events names the daemon that handles them [drmon-daemon]" {
	screen_start
	shows '^-- Events \(nothing handles plug events: start papr-eventd\)'
	guest_sh 'papr-eventd >/dev/null 2>&1 & echo $! >/tmp/eventd'
	keys C-l
	guest_until 'grep -q . /tmp/eventd && pidof papr-eventd'
	keys C-l
	shows '^-- Events \(papr-eventd\)'
	guest_sh 'kill $(cat /tmp/eventd)'
}

# Read the full table on stdin. Each cell of the screen $1 must be whole, or a beginning that
# is marked.
cells_are_whole_or_marked()
{
	python3 -c '
import re, sys

def cells(header, line):
	starts = [m.start() for m in re.finditer(r"\S+", header)] + [None]
	return [line[a:b].strip() for a, b in zip(starts, starts[1:])]

full = {}
table = sys.stdin.read().splitlines()
for line in table[1:]:
	row = cells(table[0], line)
	full[row[0], row[2]] = row
screen = sys.argv[1].splitlines()
cut = seen = 0
for line in screen[2:]:
	if not re.match(r"[ >](PCI|SLOT|PHB|CPU|MEM) ", line):
		break
	row = cells(screen[1], line)
	for cell, whole in zip(row, full[row[0], row[2]]):
		if cell != whole:
			assert cell.endswith("~") and whole.startswith(cell[:-1]), (cell, whole)
			cut += 1
	seen += 1
print(seen, "rows,", cut, "cut")
assert seen
' "$1"
}

@test "no name is cut without a mark [drmon-marks]" {
	local width table

	guest -0 drmon --once
	table=$output
	screen_start
	shows 'PHB 1'
	for width in 120 80 70 60; do
		terminal resize-window -x "$width" -y 24
		shows '^ 7 of '
		shows "^-- Operation -{$((width - 13))}\$"
		# The terminal can be in the middle of the new screen.
		wait_until '{ run cells_are_whole_or_marked "$screen" <<<"$table"; [[ $status -eq 0 ]]; } || { look; false; }' ||
			fail "$output"
	done
	assert_output --regexp ', [1-9][0-9]* cut'
}

# The disk stays on / to the end of the guest.
@test "a removal that the system does not survive is refused with the reason [drmon-refused]" {
	guest_sh -0 'mount -t tmpfs /dev/vda /'
	screen_start
	shows 'C24 '
	keys Home r
	shows '^-- drmgr refuses this'
	shows_file powervm-refused
	keys y
	shows 'C24 .* configured'
	guest lsslot -c pci -s C24
	refute_stdout --partial Empty
}

@test "what the kernel holds: its row, the title, what helps; R is offered only after it [drmon-held]" {
	host x-papr-fault '{"call": "write:/sys/kernel/dlpar", "hold": true}'
	guest -65 drmgr -c cpu -r -s 'CPU 1' -w 1s
	screen_start
	shows 'lock: free  1 waiting'
	shows '^ when PID [0-9]+ has ended its write to /sys/kernel/dlpar, run drmgr --recover$'
	shows 'CPU 1 .* waiting'
	keys R
	shows 'R: CPU 1 \(0x[0-9a-f]+\): waiting for the kernel since'
	shows_no 'y: yes'
	host x-papr-fault-clear
	shows '^ .*run drmgr --recover \(R\)'
	keys R
	shows 'y: yes'
	keys y
	shows 'lock: free$'
	guest -1 test -e /run/drmgr/left-1
}
