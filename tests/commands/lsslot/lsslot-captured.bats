#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: here tarball drmgr lsslot papr-vmm
# lsslot with captured trees: its output for processors, memory and host bridges.

bats_require_minimum_version 1.5.0
bats_load_library bats-support
bats_load_library bats-assert

load ../../lib/json
load ../../lib/rootfs

trees='qemu-pseries qemu-numa papr-vmm powervm memory-nodes dynamic-memory-v1'

setup_file()
{
	local name

	for name in $trees; do
		rootfs_make "$name" "$BATS_FILE_TMPDIR/$name"
	done
}

setup()
{
	lsslot=${top_builddir:-build}/drmgr/lsslot
	drmgr=${top_builddir:-build}/drmgr/drmgr
	golden=${top_srcdir:-.}/tests/data/golden/lsslot
}

on() # TREE OPTION...
{
	run --separate-stderr "$lsslot" --sysroot "$BATS_FILE_TMPDIR/$1" "${@:2}"
}

# Row: tree, file of tests/data/golden/lsslot, options. Texts are compared byte for byte, with
# blanks at the ends of lines; documents as a line for each connector (options.bats has one
# byte for byte).
@test "the output is that of the golden files [io-ls-mem-nodes log-11.1-table log-11.2-nodes]" {
	local tree file options bad=0

	while IFS='|' read -r tree file options; do
		# shellcheck disable=SC2086 # words
		"$lsslot" --sysroot "$BATS_FILE_TMPDIR/$tree" $options >"$BATS_TEST_TMPDIR/out" \
			2>"$BATS_TEST_TMPDIR/err" || echo "status $?"
		[[ $file != *.json ]] || {
			jq -c '.connectors[], del(.connectors)' "$BATS_TEST_TMPDIR/out" >"$BATS_TEST_TMPDIR/json"
			mv "$BATS_TEST_TMPDIR/json" "$BATS_TEST_TMPDIR/out"
		}
		diff "$golden/$file" "$BATS_TEST_TMPDIR/out" || bad=1
		[ -z "${GOLDEN_RENEW:-}" ] || cp "$BATS_TEST_TMPDIR/out" "$golden/$file"
	done <<-'ROWS'
		powervm|powervm-cpu.txt|-c cpu
		powervm|powervm-cpu-all.txt|-c cpu -d 4
		powervm|powervm-cpu-b.txt|-c cpu -b
		powervm|powervm-cpu-p.txt|-c cpu -p
		powervm|powervm-cpu.json|-c cpu --json
		powervm|powervm-mem.txt|-c mem
		powervm|powervm-mem.json|-c mem --json
		powervm|powervm-phb.txt|-c phb
		powervm|powervm-phb.json|-c phb --json
		qemu-numa|qemu-numa-cpu.txt|-c cpu
		qemu-numa|qemu-numa-cpu-b.txt|-c cpu -b
		qemu-numa|qemu-numa-cpu.json|-c cpu --json
		qemu-numa|qemu-numa-mem.txt|-c mem
		qemu-numa|qemu-numa-mem-a.txt|-c mem -a
		qemu-numa|qemu-numa-mem-all.txt|-c mem -d 4
		qemu-numa|qemu-numa-mem.json|-c mem --json
		papr-vmm|papr-vmm-cpu.txt|-c cpu -d 4
		papr-vmm|papr-vmm-mem-all.txt|-c mem -d 5
		papr-vmm|papr-vmm-mem.json|-c mem --json
		dynamic-memory-v1|dynamic-memory-v1-mem.txt|-c mem -d 4
		dynamic-memory-v1|dynamic-memory-v1-mem.json|-c mem --json
		qemu-pseries|qemu-pseries-phb.txt|-c phb
		powervm|powervm-summary.txt|--summary
		qemu-numa|qemu-numa-summary.txt|--summary -c mem
	ROWS
	[ "$bad" -eq 0 ]
}

# Row: tree, first line, last line, number of lines, options.
@test "options select connectors [log-11.2-filter]" {
	local tree first last count options

	while IFS='|' read -r tree first last count options; do
		eval "on $tree $options"
		echo "lsslot $options: $status"
		echo "$output"
		assert_success
		assert_equal "$stderr" ''
		assert_equal "${lines[0]}" "$first"
		assert_equal "${lines[-1]}" "$last"
		assert_equal "${#lines[@]}" "$count"
	done <<-'ROWS'
		qemu-numa|Dynamic Reconfiguration Memory (LMB size 0x10000000)|    Section(s): 4|5|-c mem -s 0x80000004
		qemu-numa|Dynamic Reconfiguration Memory (LMB size 0x10000000)|    Section(s): 7|5|-c mem -s 2147483655
		qemu-numa|Dynamic Reconfiguration Memory (LMB size 0x10000000)|    Section(s): 6|5|-c mem -s "LMB 6"
		qemu-numa|Dynamic Reconfiguration Memory (LMB size 0x10000000)|    Removable: No              Associativity: Not Set|4|-c mem -s 0x80000008
		qemu-numa|Dynamic Reconfiguration Memory (LMB size 0x10000000)|    Section(s): 7|17|-c mem -s 0
		qemu-numa|Dynamic Reconfiguration Memory (LMB size 0x10000000)|    Section(s): 7|17|-c mem -w 5
		powervm|PHB name  OFDT Name            Slot(s) Connected|PHB 32    /pci@800000020000020 U78D8.ND1.FGD0012-P0-C3|2|-c phb -s "PHB 32"
		powervm|drc-name  OFDT-node           drc_index  thread id(s) |CPU 0     PowerPC,POWER10@0   10000000   0  1  2  3  4  5  6  7  |5|-c cpu -d 3
	ROWS
}

@test "options that memory does not have are ignored with a warning" {
	local expected

	on qemu-numa -c mem
	expected=$output
	on qemu-numa -c mem -F: -o -b
	assert_success
	assert_output "$expected"
	assert_equal "$stderr" "lsslot: -b is ignored: -c mem does not have this option; see lsslot --help mem
lsslot: -o is ignored: -c mem does not have this option; see lsslot --help mem
lsslot: -F is ignored: -c mem does not have this option; see lsslot --help mem"
}

# Row: status, message, tree, options. Standard output is empty.
@test "missing connectors have a message and a status [io-ls-port io-ls-cpu-none log-11.1-none]" {
	local expected message tree options

	while IFS='|' read -r expected message tree options; do
		eval "on $tree $options"
		echo "lsslot $options: $status, $stderr"
		assert_failure "$expected"
		assert_output ''
		assert_equal "$stderr" "$(printf "$message")"
	done <<-'ROWS'
		1|There are no dynamically reconfigurable CPUs in the captured tree.|dynamic-memory-v1|-c cpu
		1|There are no dynamically reconfigurable CPUs in the captured tree.|dynamic-memory-v1|-c cpu -p
		1|There are no DR capable PHBs in the captured tree.|memory-nodes|-c phb
		1|There is no dynamically reconfigurable memory in the captured tree.|memory-nodes|-c mem
		1|The specified PHB was not found.|powervm|-c phb -s "PHB 33"
		1|The specified PHB was not found.|powervm|-c phb -s "PHB 3"
		1|There are no LHEA ports in the captured tree.|powervm|-c port
		1|The specified port was not found.|powervm|-c port -s x
		1|There is no dynamically reconfigurable memory in the captured tree.|qemu-pseries|-c mem
		1|The specified LMB was not found: specify a name such as "LMB 4" or an\nindex such as 0x80000004.|qemu-numa|-c mem -s 80000004
		1|The specified LMB was not found: specify a name such as "LMB 4" or an\nindex such as 0x80000004.|qemu-numa|-c mem -s "LMB"
		1|The specified LMB was not found: specify a name such as "LMB 4" or an\nindex such as 0x80000004.|qemu-numa|-c mem -s 0x80000099
		1|The specified LMB was not found: specify a name such as "LMB 4" or an\nindex such as 0x80000004.|qemu-numa|-c mem -s 0x180000004
		1|The specified LMB was not found: specify a name such as "LMB 4" or an\nindex such as 0x80000004.|qemu-numa|-c mem -s -1
		1|The specified LMB was not found: specify a name such as "LMB 4" or an\nindex such as 0x80000004.|qemu-numa|-c mem -s ""
	ROWS
}

@test "types that are actions print nothing, with status 0 [io-ls-actions]" {
	local type

	for type in acc phib pmig; do
		on powervm -c "$type" -a -F: -s x -b -p -o
		assert_success
		assert_output ''
		assert_equal "$stderr" ''
	done
}

# Row: options that mean nothing for this type. One line has the reason.
@test "options that a type does not have are refused, with the reason [io-ls-options log-C38]" {
	local options

	while read -r options; do
		# shellcheck disable=SC2086 # words
		on powervm $options
		echo "lsslot $options: $status"
		assert_failure 1
		[[ $options == *--json* ]] || assert_output ''
		assert_equal "${#stderr_lines[@]}" 1
		assert_regex "$stderr" '^lsslot: (-[abFop]: -c [a-z]+ does not have this option, only [a-z, ]+; see lsslot --help [a-z]+|-.* exclude each other: .*)$'
	done <<-'ROWS'
		-c slot -a
		-c slot -b
		-c slot -o
		-c slot -p
		-c port -a
		-c port -b
		-c port -o
		-c port -p
		-c phb -a
		-c phb -b
		-c phb -F :
		-c phb -o
		-c phb -p
		-c pci -b
		-c pci -p
		-c cpu -a
		-c cpu -F :
		-c cpu -o
		-c cpu -b -p
		-c mem --json -F :
	ROWS
}

@test "-a alone lists PCI slots [io-71 io-bug-11]" {
	on qemu-pseries -a
	assert_success
	assert_line --index 0 '# Slot  Description                     Device(s)'
	assert_line --partial 'Empty'
}

@test "--json prints a document in each case" {
	local type

	for type in acc port phb cpu mem; do
		on qemu-pseries -c "$type" --json
		assert_line --index 0 '{'
		assert_line --index 1 '  "schema": "papr.lsslot/1",'
		assert_line --index 2 --partial "  \"type\": \"$type\""
		assert_equal "${lines[-1]}" '}'
		! command -v jq >/dev/null || jq -e . <<<"$output" >/dev/null
	done
}

# Keys may be added, and not be removed or changed.
@test "documents follow the schema [io-ls-json log-11.2-json]" {
	command -v jq >/dev/null || skip 'no jq'
	keys() # TREE TYPE
	{
		on "$1" -c "$2" --json
		assert_success
		jq -r '[(. | keys_unsorted), (.connectors | map(keys_unsorted) | add | unique)] | map(join(" ")) | .[]' \
			<<<"$output"
	}
	assert_equal "$(keys powervm cpu)" "schema type numa_score connectors error
caches description devices drc_type index loc_code name numa_node offered parent power_domain state threads type"
	assert_equal "$(keys powervm mem)" "schema type numa_score connectors error
aa_index address description devices drc_type index loc_code name numa_node offered parent power_domain removable sections size state type"
	assert_equal "$(keys powervm phb)" "schema type connectors error
description devices drc_type index loc_code name offered parent power_domain slots state type"
	assert_equal "$(keys powervm pci)" "schema type connectors error
description devices drc_type index loc_code name offered parent power_domain state type"
}

@test "documents of --summary follow their schema" {
	local tree

	for tree in $trees; do
		on "$tree" --summary --json
		assert_success
		assert_json_schema lsslot-summary
	done
}

# The sums of the ranges are the counts.
@test "the counts of --summary are those of the list" {
	local tree list

	command -v jq >/dev/null || skip 'no jq'
	for tree in $trees; do
		on "$tree" --summary -c mem --json
		assert_success
		# A system without memory of this kind fails, with an empty list.
		list=$("$lsslot" --sysroot "$BATS_FILE_TMPDIR/$tree" -c mem --json 2>/dev/null) || :
		jq -en --argjson s "$output" --argjson l "$list" '
			($s.types[0].owned == ([$l.connectors[] | select(.state == "owned")] | length)) and
			($s.types[0].not_owned == ([$l.connectors[] | select(.state == "not-owned")] | length)) and
			($s.types[0].owned_bytes == ([$l.connectors[] | select(.state == "owned") | .size] | add // 0)) and
			(([$s.memory[].lmbs] | add // 0) == ($l.connectors | length))'
	done
}

@test "--summary is refused with options that select" {
	local option

	for option in -a -o -b -p '-s 1' -F:; do
		# shellcheck disable=SC2086 # words
		on papr-vmm --summary $option
		assert_failure 1
		assert_equal "$stderr" 'lsslot: --summary counts all connectors: use it without -a, -b, -o, -p, -s and -F'
	done
	on papr-vmm --summary -c pmig --json
	assert_failure 1
	assert_equal "$stderr" 'lsslot: --summary: pmig has no connectors to count'
	assert_json_schema lsslot-summary
	assert_line --regexp '^ *"code": "bad-request",$'
}

@test "numa_score comes from firmware's NUMA properties [log-11.3-score]" {
	local tree type score

	while read -r tree type score; do
		on "$tree" -c "$type" --json
		assert_line --index 3 "  \"numa_score\": $score,"
	done <<-'ROWS'
		powervm cpu 75
		powervm mem 90
		qemu-numa cpu 100
		qemu-numa mem 100
		dynamic-memory-v1 mem null
		papr-vmm cpu null
		papr-vmm mem null
	ROWS
}

@test "drmgr -Q prints the same list, by name or index, with its own statuses" {
	query() # TREE OPTION...
	{
		run --separate-stderr "$drmgr" --sysroot "$BATS_FILE_TMPDIR/$1" -Q "${@:2}"
	}
	query qemu-numa -c mem
	assert_success
	assert_output "$(cat "$golden/qemu-numa-mem.txt")"
	query qemu-numa -c mem -s 'LMB 8'
	assert_success
	assert_line --index 1 'LMB 8: Not Owned'
	query qemu-numa -c mem -s 'LMB 99'
	assert_failure 3
	assert_output ''
	assert_equal "${stderr_lines[0]}" 'The specified LMB was not found: specify a name such as "LMB 4" or an'
	query powervm -c cpu
	assert_success
	assert_output "$(cat "$golden/powervm-cpu.txt")"
	query powervm -c cpu -s 0x10000020
	assert_success
	assert_equal "${#lines[@]}" 2
	assert_line --index 1 --regexp '^CPU 32    --  '
	query powervm -c cpu -s 'CPU 8' --json
	assert_success
	assert_equal "$(grep -c '"state"' <<<"$output")" 1
	query powervm -c cpu -s 10000020
	assert_failure 3
	query dynamic-memory-v1 -c cpu
	assert_failure 3
	assert_equal "$stderr" 'There are no dynamically reconfigurable CPUs in the captured tree.'
}

# Damage is reported, and only the damaged connectors are missing.
@test "damaged properties are reported [log-4.3-damaged]" {
	local root=$BATS_TEST_TMPDIR/root memory=ibm,dynamic-reconfiguration-memory

	rootfs_make powervm "$root"
	printf '\0\0' >"$root/proc/device-tree/cpus/PowerPC,POWER10@8/ibm,ppc-interrupt-server#s"
	printf '\0\0\0\1' >"$root/proc/device-tree/$memory/ibm,associativity-lookup-arrays"
	rm "$root/proc/device-tree/cpus/l2-cache@2001/ibm,phandle"
	printf '\x10\0\0\x77' >"$root/proc/device-tree/cpus/PowerPC,POWER10@18/ibm,my-drc-index"
	run --separate-stderr "$lsslot" --sysroot "$root" -c cpu -b
	assert_success
	assert_line --index 4 --regexp '^CPU 8     PowerPC,POWER10@8   10000008 {28}l2-cache@2002'
	assert_line --index 5 --regexp '^CPU 0 .* N/A            N/A            $'
	assert_line --index 2 --regexp '^CPU 24    --  '
	assert_equal "$stderr" "lsslot: /cpus/PowerPC,POWER10@8/ibm,ppc-interrupt-server#s: damaged, ignored
lsslot: /cpus/PowerPC,POWER10@18: connector 0x10000077 is unknown, ignored
lsslot: /cpus/l2-cache@2001: no phandle, ignored"
	run --separate-stderr "$lsslot" --sysroot "$root" -c mem -s 0x80000004
	assert_success
	assert_line --index 3 '    Removable: Yes             Associativity: (index: 1) unknown '
	assert_equal "$stderr" "lsslot: /$memory/ibm,associativity-lookup-arrays: damaged, ignored"
	printf '\0\0\0\2\0\0\0\1' >"$root/proc/device-tree/$memory/ibm,dynamic-memory-v2"
	run --separate-stderr "$lsslot" --sysroot "$root" -c mem
	assert_failure 1
	assert_output ''
	assert_equal "${stderr_lines[0]}" "lsslot: /$memory: damaged"
}

@test "only --json needs libjson-c, and says so if it cannot be loaded [log-11.2-lazy]" {
	local broken=$BATS_TEST_TMPDIR/libraries program

	for program in "$lsslot" "$drmgr"; do
		! LC_ALL=C objdump -p "$program" | grep -q 'NEEDED.*libjson-c' ||
			skip "$program is linked to the library: configure found no name for it"
	done
	mkdir "$broken"
	echo "no library" >"$broken/libjson-c.so.5"
	export LD_LIBRARY_PATH=$broken
	on qemu-pseries -c cpu
	assert_equal "$status" 0
	on qemu-pseries -c cpu --json
	assert_equal "$status" 1
	assert_equal "$output" ''
	assert_regex "$stderr" "^lsslot: --json: $broken/libjson-c.so.5: "
	run -255 --separate-stderr "$drmgr" -C --json --sysroot "$BATS_FILE_TMPDIR/qemu-pseries"
	assert_equal "$output" ''
	assert_regex "$stderr" "^drmgr: --json: $broken/libjson-c.so.5: "
}
