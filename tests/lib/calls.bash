# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# calls.bash - the calls that drmgr --trace prints, in short words: the file to load
#
#   I9001=0  set-indicator of type 9001 to 0     P0, P100  set-power-level
#   S=1      get-sensor-state, and its answer    CC        a walk, once for all its calls
#   ofdt dt slot rescan remove add_slot remove_slot        writes to the kernel's files
#
# followed by "!STATUS" (or an errno's name) for a failure, "@INDEX" if the connector is
# not the one whose index is given.

# Print the calls in $stderr. Repetitions of a call are printed once, with "*".
calls() # INDEX
{
	local index=${1:-0x40000008}

	sed -nE '
		s/^trace: rtas set-indicator\(([0-9]+), (0x[0-9a-f]+), ([0-9]+)\) = (-?[0-9A-Z]+).*/I\1=\3!\4@\2/p
		s/^trace: rtas set-power-level\(0x[0-9a-f]+, ([0-9]+)\) = (-?[0-9A-Z]+).*/P\1!\2/p
		s/^trace: rtas get-sensor-state\(9003, (0x[0-9a-f]+)\) = 0 .*-> ([0-9]+) .*/S=\2@\1/p
		s/^trace: rtas get-sensor-state\(9003, (0x[0-9a-f]+)\) = (-?[0-9A-Z]+) .*/S=\2@\1/p
		s/^trace: rtas ibm,configure-connector.*/CC/p
		s,^trace: write /proc/ppc64/ofdt .* = ([0-9A-Z]+) [0-9.]+ ms$,ofdt=\1,p
		s,^trace: write /sys/kernel/dlpar .* = ([0-9A-Z]+) [0-9.]+ ms$,dt=\1,p
		s,^trace: write /sys/bus/pci/slots/control/([a-z_]+) .* = ([0-9A-Z]+) [0-9.]+ ms$,\1=\2,p
		s,^trace: write /sys/bus/pci/slots/[^/]+/power .* = ([0-9A-Z]+) [0-9.]+ ms$,slot=\1,p
		s,^trace: write /sys/.*/(rescan|remove) .* = ([0-9A-Z]+) [0-9.]+ ms$,\1=\2,p
	' <<<"$stderr" |
		sed -E "s/!0(@|$)/\1/; s/@$index$//; s/^([a-z_]+)=[0-9]+$/\1/; s/^([a-z_]+)=/\1!/" |
		awk '$0 != last { if (n) printf " "; printf "%s", $0; n++; starred = 0 }
			$0 == last && $0 !~ /^(CC|ofdt)/ && !starred { printf "*"; starred = 1 } { last = $0 }'
}

assert_calls() # WORDS [INDEX]
{
	assert_equal "$(calls "${2-}")" "$1"
}

# The calls for one connector, and the writes; without walks, whose calls have no index.
own_calls() # INDEX
{
	local all=$stderr stderr

	stderr=$(grep -E "$1|^trace: write " <<<"$all")
	calls "$1"
}
