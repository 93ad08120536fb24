#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: sim-once
# drmon with more than 10,000 connectors.

# shellcheck disable=SC2016,SC2154 # for the guest's shell; set by the verbs

load ../../guest/verbs
load ../../lib/drmon

setup_file()
{
	local -a phbs=()
	local i

	for i in {1..30}; do
		phbs+=(-device "spapr-pci-host-bridge,index=$i")
	done
	guest_boot -m 1G,slots=4,maxmem=768G -smp 8,maxcpus=64 "${phbs[@]}"
}

teardown()
{
	screen_stop
	assert_no_oops
}

@test "10,000 connectors: scroll to the end, to the beginning, to one of them, filter [drmon-many]" {
	columns=80 rows=24 screen_start -A
	shows '^ [0-9]+ of 1[0-9]{4} shown'
	shows 'page 1/[0-9]{3}'
	keys End
	shows 'LMB [0-9]+-3071 '
	keys Enter End
	shows '^>MEM +LMB 3071 '
	keys Home
	shows '^>PCI +C0 '
	terminal send-keys -N 200 NPage
	shows 'page 20[0-9]/[0-9]{3}'
	keys 9 9 9 9 G
	shows '^>.* 0x'
	shows 'page [0-9]{3}/[0-9]{3}'
	keys / L M B Space 3 0 0 7
	shows '^ /LMB 3007_'
	keys Enter
	shows 'MEM +LMB 3007 +0x80000bbf'
	keys Escape Home
	shows '^>PCI +C0 '
}
