#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: sim all
# The document of every operation that changes a machine: its resources are the connectors
# whose state the host sees change, and its steps are those of the dry run.
# shellcheck disable=SC2154 # row_...: matrix.bash

load ../../guest/verbs
load ../../lib/matrix

setup()
{
	[[ ${GUEST_KIND:-real} == sim ]] || skip "only a simulated machine has x-papr-drc"
	socket=$BATS_FILE_TMPDIR/documents
}

teardown()
{
	assert_no_oops
	guest_down
}

# The connectors of the row, one a line, with the host's state.
states()
{
	local drc

	for drc in $row_drcs; do
		echo "$drc $(_guest_ctl qmp x-papr-drc "{\"index\": \"$drc\"}" | jq -cS .)"
	done
}

# Print the steps that change something, in the order of time, each after its connector.
steps_of() # DOCUMENT
{
	jq -r '.resources[] | .index as $index | .steps[] | select(.op != "sense")
		| "\(.number) \($index) \(.op) \(.args)"' <<<"$1" | sort -n | cut -d " " -f 2-
}

# Print the steps of a run as a dry run knows them: not what only the walk shows, and no
# scan for a card that the slot driver has not found.
known_before() # PLAN; the steps are standard input
{
	awk -v known="$(jq -r '.resources[].index' <<<"$1" | tr '\n' ' ')" '
		function below(path) { sub("/[^/]*$", "", path); return path == "" ? "/" : path }
		$2 == "attach" && $5 == "add_node" {
			if (!walks[$1]++)
				print $1, $2, $3, $4, "nodes of that walk, below", below($6)
			next
		}
		$2 == "online" { sub("cpu[0-9]+/online 1", "cpuN/online 1 for each thread of that walk") }
		$2 == "update-property" { sub("array 0x[0-9a-e].*", "the array of that walk") }
		index(known, $1) && $2 != "rescan"'
}

# Run a command of the row, which succeeds.
step() # SCRIPT
{
	guest_sh "$1"
	((status == 0)) && return
	echo "$row_name: $1: status $status"
	return 1
}

# In a condition, so each failure is returned.
row()
{
	local before plan named changed command=${row_command/drmgr /drmgr --json }

	[[ $row_name != *-asked ]] || return 0 # documents need -n
	echo "$row_name"
	step "$row_before" || return
	before=$(states)
	step "${command/drmgr /drmgr --dry-run }" || return
	plan=$output
	diff <(echo "$before") <(states) || return
	step "$command" || return
	named=$(jq -r '.resources[].index // empty' <<<"$output" | sort)
	changed=$(diff <(echo "$before") <(states) | sed -n 's/^> \(0x[0-9a-f]*\) .*/\1/p' | sort)
	diff <(steps_of "$plan" | grep -v ' configure-below ') \
		<(steps_of "$output" | known_before "$plan") || wrong=1
	# A replaced card, and threads, leave all connectors as they were.
	[[ $row_name == @(pci-R|cpu-smt) ]] || diff <(echo "$changed") <(echo "$named") || wrong=1
	step "$row_inverse" && step "$row_home"
}

documents() # MACHINE
{
	local wrong=0

	matrix_each "$1" first '*' row
	return $((wrong | matrix_wrong))
}

@test "cards, host bridges, cores" {
	documents qemu
}

# The row, on a host bridge with two cards and a card below a bridge.
several() # NAME
{
	guest_boot -qmp "unix:$socket,server=on,wait=off" -smp 1 \
		-device spapr-pci-host-bridge,id=phb1,index=1 \
		-device virtio-net-pci,id=p1,bus=phb1.0,addr=1 \
		-device virtio-net-pci,id=p2,bus=phb1.0,addr=2 \
		-device pci-bridge,id=b1,bus=phb1.0,addr=3,chassis_nr=1 \
		-device virtio-net-pci,id=p3,bus=b1,addr=1
	guest_needed
	MATRIX_WAY='' wrong=0
	for row_name in phb-r phb-a; do
		matrix_row "$row_name"
		row_drcs='0x20000001 0x40010008 0x40010010 0x40010018 0x40010108'
		row || return
		((!wrong)) || return
	done
}

@test "a host bridge with several cards, below a bridge, too" {
	several
}

@test "the same under lockdown: the kernel attaches nodes" {
	export GUEST_PROFILE=6.12 GUEST_LOCKDOWN=integrity
	several
}

@test "memory, virtual adapters, cores with threads, shares" {
	documents lpar
}
