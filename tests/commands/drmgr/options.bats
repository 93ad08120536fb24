#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: here tarball drmgr lsslot
# Command lines that can be tested without a partition: with a captured tree, and on a
# machine that is not a partition.

bats_require_minimum_version 1.5.0
bats_load_library bats-support
bats_load_library bats-assert

load ../../lib/rootfs

setup_file()
{
	export root=$BATS_FILE_TMPDIR/root
	rootfs_make qemu-pseries "$root"
}

setup()
{
	drmgr=${top_builddir:-build}/drmgr/drmgr
	lsslot=${top_builddir:-build}/drmgr/lsslot
}

@test "help and version take precedence over everything, on any machine [io-start-9]" {
	run --separate-stderr "$drmgr" --frob --help
	assert_success
	assert_line --index 0 'Usage: drmgr -c TYPE {-a | -r | -R | -i | -Q} [OPTION]...'
	assert_equal "$stderr" ''
	run --separate-stderr "$drmgr" -c frob --version -Z -s
	assert_success
	assert_output --regexp '^drmgr \(papr-toolkit\) [0-9]'
	run --separate-stderr "$lsslot" -Z --help
	assert_success
	run --separate-stderr "$lsslot" --version
	assert_success
}

@test "--help has the options of each type, one a line, and up to five examples" {
	local type rows examples

	for type in pci slot phb cpu mem port acc phib pmig; do
		run --separate-stderr "$drmgr" --help "$type"
		assert_success
		assert_equal "$stderr" ''
		assert_line --index 0 --regexp "^Usage: drmgr -c $type( [{].*[}])? \[OPTION\]\.\.\.$"
		rows=$(grep -cE '^  (-|    --)' <<<"$output")
		[ "$rows" -ge 2 ]
		examples=$(sed '1,/^Examples:/d; /^$/,$d' <<<"$output")
		assert_equal "$(grep -c "^  drmgr -c $type " <<<"$examples")" "$(grep -c . <<<"$examples")"
		[[ $(grep -c . <<<"$examples") -le 5 && ($examples || $type == port) ]]
		# Title, usage, blank lines, the manual
		assert_equal "$(grep -c . <<<"$output")" \
			$((rows + 3 + $(grep -c . <<<"$examples") + $(grep -c '^Examples:' <<<"$output")))
		assert_equal "$(grep -c '.\{81\}' <<<"$output")" 0
		assert_equal "$("$drmgr" -c "$type" --help)" "$output"
	done
	run "$drmgr" --help cpu
	assert_line '  drmgr -c cpu -a -p smt_threads'
	run "$drmgr" --help
	[ "${#lines[@]}" -lt 70 ]
	assert_equal "$(grep -c '.\{81\}' <<<"$output") $(grep -c '^  drmgr ' <<<"$output")" '0 5'
	run "$drmgr" --help cpu
	refute_line --regexp '^  -(R|i|n|H)'
	for type in pci slot phb cpu mem; do
		run --separate-stderr "$lsslot" --help "$type"
		assert_success
		assert_equal "$stderr" ''
		assert_line --index 0 "Usage: lsslot -c $type [OPTION]..."
		assert_equal "$(grep -c '^  lsslot ' <<<"$output")" 5
	done
	run --separate-stderr "$drmgr" --help frob
	assert_failure 255
	assert_output ''
	assert_equal "$stderr" '--help frob: unknown type; use pci, slot, phb, cpu, mem, port, acc, phib or pmig'
	run --separate-stderr "$lsslot" --help acc
	assert_failure 1
	assert_output ''
	assert_equal "$stderr" 'lsslot: --help acc: unknown type; use pci, slot, phb, cpu or mem'
}

# The examples of drmgr --help that query, and all of lsslot's, are valid with a tree.
@test "examples of --help are valid command lines" {
	local line words tested=0

	while read -r line; do
		eval "words=(${line#* })"
		run --separate-stderr "$lsslot" "${words[@]}" --sysroot "$root"
		echo "$line: $stderr"
		refute_regex "$stderr" '^lsslot: '
		tested=$((tested + 1))
	done < <(for type in '' pci slot phb cpu mem; do
		# Captured trees have no firmware to sense.
		"$lsslot" --help $type | grep "^ *lsslot " | grep -v -e --sense
	done)
	[ "$tested" -eq 30 ]
	while read -r line; do
		eval "words=(${line#* })"
		run --separate-stderr "$drmgr" --sysroot "$root" "${words[@]}"
		echo "$line: $stderr"
		# The command line was accepted: then a tree cannot be changed.
		assert_regex "$stderr" '(sysroot is for -C and -Q|must be run as root)'
		tested=$((tested + 1))
	done < <(for type in pci slot phb cpu mem acc phib pmig; do
		"$drmgr" --help $type | grep '^ *drmgr ' | grep -v -e ' -Q ' -e ' -C '
	done)
	[ "$tested" -gt 50 ]
}

@test "a machine that is not a partition is refused, but -h works [log-1.2-platform]" {
	grep -q pSeries /proc/cpuinfo && skip 'this is a partition'
	run --separate-stderr "$drmgr" -c pci -a
	assert_failure 1
	assert_equal "$stderr" "$drmgr: is not supported on the Unknown platform"
	run --separate-stderr "$lsslot" -c pci
	assert_failure 1
	assert_equal "$stderr" "$lsslot: is not supported on the Unknown platform"
	run --separate-stderr "$drmgr" -c acc -h
	assert_success
	assert_equal "${stderr_lines[1]}" '-c acc -t <accelType> -q <QoS_credit_count>'
}

# A full stdout is an error, not a silent loss.
@test "full standard output is an error" {
	run --separate-stderr bash -c "'$lsslot' --sysroot '$root' -c pci >/dev/full"
	assert_failure 1
	assert_regex "$stderr" 'standard output'
}

@test "lsslot -c pci lists the slots of a captured tree" {
	run --separate-stderr "$lsslot" --sysroot "$root" -c pci
	assert_success
	assert_output "$(cat "${top_srcdir:-.}/tests/data/golden/lsslot-pci.txt")"
	assert_equal "$stderr" ''
	run --separate-stderr "$lsslot" --sysroot "$root" -o --json
	assert_success
	assert_output "$(cat "${top_srcdir:-.}/tests/data/golden/lsslot-pci.json")"
}

@test "lsslot: options select slots [io-70 io-72]" {
	run --separate-stderr "$lsslot" --sysroot "$root" -o
	assert_success
	assert_line --index 0 '# Slot  Description                     Device(s)'
	assert_equal "${#lines[@]}" 4
	run --separate-stderr "$lsslot" --sysroot "$root" -c pci -a -F,
	assert_success
	refute_line --partial '# Slot'
	assert_line --index 0 'C0,PCI-E capable, Rev 2, 8x lanes,Empty'
	run --separate-stderr "$lsslot" --sysroot "$root" -c pci -a -o -F:
	assert_equal "${#lines[@]}" 256
	run --separate-stderr "$lsslot" --sysroot "$root" -c pci -s C16 -F:
	assert_success
	assert_output 'C16:PCI-E capable, Rev 2, 8x lanes:0000:00:02.0'
	run --separate-stderr "$lsslot" --sysroot "$root" -c pci -s ZZ
	assert_failure 1
	assert_output ''
	assert_equal "${stderr_lines[0]}" 'The specified PCI slot is either invalid'
}

@test "lsslot: an empty list is reported [io-log-lsslot]" {
	run --separate-stderr "$lsslot" --sysroot "$root"
	assert_success
	assert_output ''
	assert_equal "$stderr" 'There are no DR slots in the captured tree.'
}

@test "lsslot: a name without -c is looked for in all types [io-72-type]" {
	local nothing=$'The specified PCI slot is either invalid\nor does not support hot plug operations.'

	for name in C8 0x40000008 0000:00:01.0; do
		run --separate-stderr "$lsslot" --sysroot "$root" -c pci -s "$name"
		listed=$output
		run --separate-stderr "$lsslot" --sysroot "$root" -s "$name"
		assert_success
		assert_output "$listed"
		assert_equal "$stderr" ''
	done
	run --separate-stderr "$lsslot" --sysroot "$root" -s 'PHB 0' --json
	assert_success
	assert_line '  "type": "phb",'
	for options in '-s nonsense' '-s 0' '-c slot -s nonsense' '-c pci -s nonsense'; do
		# shellcheck disable=SC2086 # several words
		run --separate-stderr "$lsslot" --sysroot "$root" $options
		assert_failure 1
		assert_output ''
		assert_equal "$stderr" "$nothing"
	done
	run --separate-stderr "$lsslot" --sysroot "$root" -c slot -s C8
	assert_failure 1
	assert_equal "$stderr" "$nothing"$'\nIt is of another type: use -c pci.'
	run --separate-stderr "$lsslot" --sysroot "$root" -s 'PHB 0' -F:
	assert_failure 1
	assert_output ''
	assert_equal "$stderr" 'lsslot: -F: -c phb does not have this option, only pci, slot; see lsslot --help phb'
}

# lsslot of powerpc-utils refuses it, too.
@test "lsslot: -F for types without columns is as in powerpc-utils [io-73-types]" {
	for type in cpu phb; do
		run --separate-stderr "$lsslot" --sysroot "$root" -c "$type" -F:
		assert_failure 1
		assert_output ''
		assert_equal "$stderr" "lsslot: -F: -c $type does not have this option, only pci, slot; see lsslot --help $type"
	done
}

@test "lsslot: a name without -s is refused" {
	run --separate-stderr "$lsslot" --sysroot "$root" C8
	assert_failure 1
	assert_output ''
	assert_equal "$stderr" "lsslot: unexpected argument 'C8': name a connector with -s, and its type with -c (lsslot --help lists the types)"
	run --separate-stderr "$lsslot" --sysroot "$root" --json -c cpu pci
	assert_failure 1
	assert_line '  "schema": "papr.lsslot/1",'
	assert_equal "$stderr" "lsslot: unexpected argument 'pci': name a type with -c pci"
}

@test "lsslot: bad command lines are refused [io-ls-type io-ls-usage io-ls-w]" {
	local line

	for line in '-Z' '-c' '-c pci -b' '-c pci -p' '-c slot -a' '-w -1' '-F: --json -c pci'; do
		# shellcheck disable=SC2086 # words
		run --separate-stderr "$lsslot" --sysroot "$root" $line
		assert_failure 1
		[[ $line == *--json* ]] || assert_output ''
		assert_equal "${#stderr_lines[@]}" 1
		assert_regex "$stderr" '^lsslot: -'
	done
	run --separate-stderr "$lsslot" --sysroot "$root" -h
	assert_failure 1
	assert_output ''
	assert_equal "${stderr_lines[0]}" 'Usage: lsslot [-c | -a | -b | -p | -o | -s ][-F | -d | -w]'
	run --separate-stderr "$lsslot" --sysroot "$root" -c frob
	assert_failure 1
	assert_line 'The specified connector type is invalid.'
	run --separate-stderr "$lsslot" --sysroot "$root" -c pci -F ab
	assert_failure 1
	assert_equal "${stderr_lines[0]}" 'You may specify only one character for the -F option,'
	run --separate-stderr "$lsslot" --sysroot /nonexistent -c pci
	assert_failure 1
	assert_equal "$stderr" 'lsslot: /nonexistent: No such file or directory'
	run --separate-stderr "$lsslot" --sysroot "$BATS_TEST_TMPDIR" -c pci
	assert_failure 1
}

@test "drmgr -Q and -C work with a captured tree, for any user [io-query]" {
	local of_tree=cpu_dlpar=unknown,mem_dlpar=unknown,slot_dlpar=unknown,phb_dlpar=unknown,hea_dlpar=unknown,pmig=no,cpu_entitlement=unknown,mem_entitlement=unknown,slb_resize=unknown,phib=unknown

	run --separate-stderr "$drmgr" --sysroot "$root" -c pci -Q -s C16
	assert_success
	assert_output "$("$lsslot" --sysroot "$root" -c pci -s C16)"
	run --separate-stderr "$drmgr" --sysroot "$root" -c pci -Q -s 0x40000010
	assert_success
	assert_line --partial 'C16'
	run --separate-stderr "$drmgr" --sysroot "$root" -c pci -Q -s ZZ
	assert_failure 3
	assert_equal "${stderr_lines[0]}" 'The specified PCI slot is either invalid'
	run --separate-stderr "$drmgr" --sysroot "$root" -C
	assert_success
	assert_output "$of_tree"
	run --separate-stderr "$drmgr" --sysroot "$root" --cap --json
	assert_success
	assert_line --partial '"papr.drmgr/1"'

	mkdir -p "$BATS_TEST_TMPDIR/tree/proc/device-tree"
	run --separate-stderr "$drmgr" --sysroot "$BATS_TEST_TMPDIR/tree" -C
	assert_success
	assert_output "$of_tree"
	assert_equal "${stderr_lines[0]}" 'Validating CPU DLPAR capability...unknown.'
	run --separate-stderr "$drmgr" --sysroot "$BATS_TEST_TMPDIR/tree" -C --json
	assert_success
	assert_line --partial '"slot_dlpar": null'
	assert_line --partial '"pmig": false'
}

# Row: exit status, message, command line.
# Behaviours: io-3 io-4 io-5 io-6 io-7 io-8-remove io-9 io-10 io-66-other io-bug-8 io-opt-q
# Behaviours: io-opt-w io-opt-none io-opt-operand io-opt-q0 io-cmd-hea io-valid-pci io-valid-phb
# Behaviours: io-valid-slot io-valid-port io-valid-acc log-bug-2 log-1.1-unknown log-7-type
@test "drmgr: bad command lines are refused" {
	local status_ message line

	while IFS='|' read -r status_ message line; do
		# shellcheck disable=SC2086 # words
		run --separate-stderr "$drmgr" --sysroot "$root" $line
		echo "drmgr $line: $status, $stderr"
		assert_equal "$status" "$status_"
		assert_output ''
		assert_equal "$stderr" "$message"
	done <<-'ROWS'
		255|Invalid option specified 'Z'|-Z
		255|Invalid option specified 'Z'|-Z -c pci
		255|Invalid option specified 'c'|-c
		255|Invalid option specified '--frob'|--frob
		255|Invalid option specified '--backend'|--backend
		255|A connector type (-c) must be specified|-a
		255|A connector type (-c) must be specified (unknown type 'foo': use pci, slot, phb, cpu, mem, port, acc, phib or pmig)|-c foo -a -s C0
		255|Only one action may be specified|-c pci -a -r -s C0
		255|The -q and -s flags are mutually exclusive|-c pci -a -q 2 -s C0
		255|Invalid quantity specified: 3x|-c pci -a -q 3x
		255|Invalid quantity specified: -1|-c pci -a -q -1
		255|Invalid quantity specified: 99999999999|-c pci -a -q 99999999999
		255|Invalid quantity specified: 0|-c pci -a -q 0
		255|Invalid quantity specified: 0|-c cpu -r -q 0
		255|Invalid quantity specified: 0|-c mem -r -q 0x0 -p ent_capacity
		255|Invalid quantity specified: 0|-c phb -a -q 0
		255|unexpected argument 'C9': name a connector with -s|-c pci -r C9
		255|unexpected argument 'C9': name a connector with -s|-c pci C9 -R
		255|unexpected argument 'C9': name a connector with -s|-c slot 1 C9 1 -a -n
		255|unexpected argument '0x80000001': name a connector with -s|-c mem -r 0x80000001
		255|unexpected argument '0': name a connector with -s|-c cpu -a 0
		255|unexpected argument '3': give a number with -q 3|-c mem -r 3
		255|unexpected argument '3': name a connector with -s|-c mem -r -q 2 3
		255|unexpected argument '2'|-c cpu -r -s 0x10000001 2
		255|unexpected argument '-s': name a connector with -s|-c cpu -r -- -s
		255|Invalid timeout specified: -1|-c pci -a -w -1
		255|Invalid timeout specified: -1s|-c pci -a -w -1s
		255|Invalid timeout specified: 1ss|-c pci -a -w 1ss
		255|Invalid timeout specified: s|-c pci -a -w s
		255|Invalid timeout specified: 2147484s|-c pci -a -w 2147484s
		255|Invalid timeout specified: 5d|-c pci -a -w 5d
		255|Invalid timeout specified: 597h|-c pci -a -w 597h
		255|--sysroot is for -C and -Q|-c pci -a -n -s C0 -w 5m
		255|--sysroot is for -C and -Q|--type pci --add --no-prompt --connector C0 --wait 1h --detail 2
		255|-s is given twice: C0 and C1|-c pci -r --connector C0 -s C1 -n
		255|A drc name or index must be specified|-c pci
		255|A drc name or index must be specified|-c pci -r
		255|A drc name or index must be specified|-c pci -R
		255|A drc name or index must be specified|-c pci -i
		255|The '-r', '-a', '-R' or '-i' option must be spcified for PCI operations|-c pci -s C9
		255|Cannot specify the -i and -I option together|-c pci -i -I -s C0
		255|-c phib is hibernation: it allows no action|-c phib -a -q 1
		255|-c phib is hibernation: it allows no action|-c phib -Q
		255|A command must be specified|-c phib
		255|A command must be specified|-m
		255|The -m must be specified for migrations|-c pmig -p pre -s 1
		255|--backend dlpar is invalid for pmig: use ofdt or auto|-m -p pre -s 1 --backend dlpar
		255|The '-r' or '-a' option must be specified for CPU operations.|-c cpu
		255|The '-r' or '-a' option must be specified for CPU operations.|-c cpu -R
		255|The -q and -s flags are mutually exclusive|-c cpu -a -q 2 -s 0x10000001
		255|-q is invalid with -p smt_threads|-c cpu -r -q 2 -p smt_threads
		255|Invalid parameter 'ent_capcity': -p is ent_capacity or variable_weight|-c cpu -r -q 50 -p ent_capcity
		255|The '-r' or '-a' option must be specified for memory operations|-c mem
		255|Invalid parameter 'weight': -p is ent_capacity or variable_weight|-c mem -a -p weight
		255|The -p and -s flags are mutually exclusive|-c mem -a -p ent_capacity -s 0x80000000
		255|--backend overlay is invalid for mem: the kernel changes cores and memory, use auto or dlpar|-c mem -a --backend overlay
		255|A drc name or index must be specified|-c phb -a
		255|A drc name or index must be specified|-c phb -r -q 1
		255|The '-r', '-a', or '-Q' option must be specified for PHB operations.|-c phb -R -s C0
		255|A drc name or index must be specified|-c phb
		255|A drc name or index must be specified|-c phb -Q
		255|The '-r', '-a', '-R' or '-i' option must be spcified for PCI operations|-c pci -n -s 0x40000008
		255|Only one action may be specified|-c pci -a -a -s C0
		255|Only one action may be specified|-a -m
		255|-s is given twice: eth1 and eth0|-c pci -r -s eth1 -s eth0 -n
		255|-q is given twice: 1 and 2|-c pci -a -q 1 -q 2
		255|-c is given twice: pci and mem|-c pci -c mem -a
		255|-c is given twice: pci and pci|-c pci -c pci -a -s C9
		255|-p is given twice: pre and post|-m -p pre -p post -s 1
		255|-t is given twice: gzip and gzip|-c acc -a -t gzip -t gzip -q 1
		255|-P is given twice: /a and /b|-P /a -P /b
		255|Invalid option specified 'w'|-c pci -a -w
		255|Invalid option specified 'y'|-c pci -y
		255|Invalid option specified 'l'|-l
		255|A drc name must be specified|-c slot
		255|A drc name must be specified|-c slot -a
		255|The '-r', '-a', or '-Q' option must be specified for slot operations.|-c slot -i -s V1
		255|A drc name  must be specified|-c port -a
		255|The '-r', '-a', or '-Q' option must be specified for HEA operations.|-s HEA1
		255|The '-r', '-a', or '-Q' option must be specified for HEA operations.|-c pci -R -s HEA1
		255|The '-r', '-a', or '-Q' option must be specified for HEA operations.|-c port -s P1
		255|-t gzip must be specified|-c acc -q 1
		255|Invalid Accelerator type: foo|-c acc -t foo -q 1
		255|-q and the number of credits must be specified|-c acc -t gzip
		255|-q: there are at most 65535 credits|-c acc -t gzip -q 65536
		255|--sysroot is for -C and -Q|-c pci -a -n -s C0
	ROWS
}

# Test suites and the event daemon have used these for years: a 1, a word after -d.
@test "drmgr: other words cause a warning only [io-opt-stray]" {
	local words line

	while IFS='|' read -r words line; do
		# shellcheck disable=SC2086 # words
		run --separate-stderr "$drmgr" --sysroot "$root" $line
		echo "drmgr $line: $status, $stderr"
		assert_equal "${stderr_lines[0]}" "ignoring argument '$words'"
		refute_regex "$stderr" 'unexpected argument'
	done <<-'ROWS'
		1|-c pci -a -n -s C0 1
		1|-c cpu -r 1 -q 1
		verbose|-c pci -d verbose -a -n -s C0
		C9|-c pci -Q C9
		C9|-c pci -i C9 -s C0
		C9|-c pci -a C9 -C
	ROWS
	for line in '-c pci -a C9 -h' '-c pci -a -q 0 -h'; do
		# shellcheck disable=SC2086 # words
		run --separate-stderr "$drmgr" --sysroot "$root" $line
		assert_success
		assert_equal "${stderr_lines[-1]}" '-c pci -s <drc_name | drc_index> {-i | -a [-I] | -r [-I] | -R [-I]}'
	done
	run --separate-stderr "$drmgr" --sysroot "$root" -m -p check -n 60
	refute_regex "$stderr" argument
}

@test "drmgr --json prints a document at each exit, and never prompts [io-bug-19]" {
	run --separate-stderr "$drmgr" --sysroot "$root" --json -c pci -a -s C0
	assert_failure 255
	assert_equal "$stderr" '--json never prompts: specify -n as well'
	assert_line --partial '"exit_status": 255'
	assert_line --partial '"message": "--json never prompts: specify -n as well"'
	run --separate-stderr "$drmgr" --sysroot "$root" --json -Z
	assert_failure 255
	assert_line --partial '"schema": "papr.drmgr/1"'
	run --separate-stderr "$drmgr" --sysroot "$root" --json -c pci -Q
	assert_success
	assert_line --index 1 --partial '"papr.lsslot/1"'
}

# Row: the option, its usage text.
@test "drmgr: each type has its usage text [io-2 io-bug-14 io-cmd-migrate io-usage]" {
	local first='Usage: drmgr [-w minutes] [-d detail_level] [-C | --capabilities] [-h | --help]'
	local generic='{-c {port | slot | phb | pci | mem | cpu | acc} | -m}
For more information on the specific options for the various
connector types, run drmgr -c <type> -h'
	local line text

	for line in '' '-h' '-c foo -h' '-a -s C8 -h'; do
		# shellcheck disable=SC2086 # words
		run --separate-stderr "$drmgr" --sysroot "$root" $line
		[ -n "$line" ] || continue # --sysroot alone is an option, too
		assert_success
		assert_equal "$stderr" "$first"$'\n'"$generic"
	done
	while IFS=';' read -r line text; do
		# shellcheck disable=SC2086 # words
		run --separate-stderr "$drmgr" --sysroot "$root" $line -h --frob
		assert_success
		assert_output ''
		assert_equal "$stderr" "$first"$'\n'"$text"
	done <<-'ROWS'
		-c pci;-c pci -s <drc_name | drc_index> {-i | -a [-I] | -r [-I] | -R [-I]}
		-c phb;-c phb [-Q | -r | -a] -s <drc_name | drc_index>
		-c slot;-c slot {-a | -r | -Q} -s <drc_name | drc_index>
		-c port;-c port {-a | -r | -Q} -s drc_name
		-c pci -s HEA1;-c port {-a | -r | -Q} -s drc_name
		-c mem;-c mem {-a | -r} {-q <quantity> -p {variable_weight | ent_capacity} | {-q <quantity> | -s [<drc_name> | <drc_index>]}}
		-c cpu;-c cpu {-a | -r} {-q <quantity> -p {variable_weight | ent_capacity} [-s drc_name | drc_index]
		-c acc;-c acc -t <accelType> -q <QoS_credit_count>
		-c pmig;-m -p {check | pre} -s <stream_id>
		-m;-m -p {check | pre} -s <stream_id>
		-c cpu -m;-m -p {check | pre} -s <stream_id>
		-c phib;-m -p {check | pre} -s <stream_id> -n <self-arp secs>
	ROWS
}

# Options in any order and form. The peers' clients use each of them.
@test "drmgr: options have several forms [io-opt-c io-opt-C io-opt-ws]" {
	local line

	for line in '-c pci -Q -s C16' '-Q -cpci -sC16' '-s C16 -w 5 -d4 -c pci -Q' '-Qc pci -s C16 -w0' '-Q -w 2s -c pci -s C16' '-Q -w0s -c pci -s C16' \
		'-d1 -d4 -w1 -w 2 -c pci -Q -s C16' '-nIVHQ -c pci -s C16'; do
		# shellcheck disable=SC2086 # words
		run --separate-stderr "$drmgr" --sysroot "$root" $line
		echo "$line: $stderr"
		assert_success
		assert_line --index 1 --partial '0000:00:02.0'
	done
	for line in --cap --capabilities -C '-C -c pci' '-c foo -C'; do
		# shellcheck disable=SC2086 # words
		run --separate-stderr "$drmgr" --sysroot "$root" $line
		assert_success
		assert_output --regexp '^cpu_dlpar='
	done
}

@test "drmgr -C: each key comes from its file [io-cap-keys io-cap-stderr]" {
	local tree=$BATS_TEST_TMPDIR/root file

	caps()
	{
		run --separate-stderr "$drmgr" --sysroot "$tree" -C
		assert_success
		assert_equal "${#lines[@]}" 1
	}
	mkdir -p "$tree"/proc/{device-tree,ppc64} "$tree"/sys/devices/system/{cpu,memory,power} "$tree"/sys/bus/{pci/slots,ibmebus}
	printf 'chrp\0' >"$tree/proc/device-tree/device_type"
	caps
	assert_output 'cpu_dlpar=no,mem_dlpar=no,slot_dlpar=no,phb_dlpar=no,hea_dlpar=no,pmig=no,cpu_entitlement=no,mem_entitlement=no,slb_resize=no,phib=no'
	assert_equal "${#stderr_lines[@]}" 14
	assert_equal "${stderr_lines[0]}" 'Validating CPU DLPAR capability...no.'
	assert_equal "${stderr_lines[1]}" '    stat("/sys/devices/system/cpu/cpu0/online"): No such file or directory'
	assert_equal "${stderr_lines[10]}" 'Validating partition migration capability...no.'
	assert_equal "${stderr_lines[13]}" '    stat("/sys/devices/system/power/hibernate"): No such file or directory'
	for file in sys/devices/system/cpu/cpu8/online sys/devices/system/memory/block_size_bytes \
		sys/bus/pci/slots/control/add_slot sys/bus/ibmebus/probe \
		proc/device-tree/ibm,migratable-partition sys/devices/system/power/hibernate; do
		mkdir -p "$tree/${file%/*}"
		echo 1 >"$tree/$file"
	done
	printf 'lparcfg 1.9\npartition_entitled_capacity=100\n' >"$tree/proc/ppc64/lparcfg"
	caps
	assert_output 'cpu_dlpar=yes,mem_dlpar=yes,slot_dlpar=yes,phb_dlpar=yes,hea_dlpar=yes,pmig=yes,cpu_entitlement=yes,mem_entitlement=no,slb_resize=no,phib=yes'
	assert_equal "${stderr_lines[6]}" 'Validating partition hibernation capability...yes.'
	printf 'entitled_memory=1\nslb_size=32\n' >>"$tree/proc/ppc64/lparcfg"
	caps
	assert_output --partial 'mem_entitlement=yes,slb_resize=yes'
}

# Row: the keys that the folder shows.
@test "drmgr -C: a folder that was not captured makes only its own keys unknown" {
	local tree folder keys

	while read -r folder keys; do
		tree=$(mktemp -d -p "$BATS_TEST_TMPDIR")
		mkdir -p "$tree/$folder"
		run --separate-stderr "$drmgr" --sysroot "$tree" -C
		echo "$folder: $output"
		assert_success
		run -0 tr ',' '\n' <<<"$output"
		assert_equal "$(printf '%s\n' "${lines[@]}" | sed -n 's/=no$//p' | xargs)" "$keys"
		assert_equal "$(printf '%s\n' "${lines[@]}" | grep -c '=unknown$')" $((10 - $(wc -w <<<"$keys")))
	done <<-'ROWS'
		sys
		sys/class/net
		sys/kernel/dlpar
		sys/bus/pci/devices
		sys/devices/system/node
		proc
		sys/firmware/devicetree/base pmig
		proc/device-tree pmig
		proc/ppc64 cpu_entitlement mem_entitlement slb_resize
		sys/bus/pci/slots slot_dlpar phb_dlpar
		sys/bus/ibmebus hea_dlpar
		sys/devices/system/cpu cpu_dlpar
		sys/devices/system/memory mem_dlpar
		sys/devices/system/power phib
	ROWS
	# The kernel's link is absolute.
	mkdir "$tree/proc"
	ln -s /sys/firmware/devicetree/base "$tree/proc/device-tree"
	run --separate-stderr "$drmgr" --sysroot "$tree" -C
	assert_output --partial 'pmig=unknown,'
	mkdir -p "$tree/sys/firmware/devicetree/base"
	run --separate-stderr "$drmgr" --sysroot "$tree" -C
	assert_output --partial 'pmig=no,'
}

@test "drmgr: usage has the type's text, words that are not options are ignored [io-opt-d log-1.1-level]" {
	run --separate-stderr "$drmgr" --sysroot "$root" -c pci -h --frob
	assert_success
	assert_output ''
	assert_equal "${stderr_lines[1]}" '-c pci -s <drc_name | drc_index> {-i | -a [-I] | -r [-I] | -R [-I]}'
	run --separate-stderr "$drmgr" --sysroot "$root" -c pci -Q -s C16 5 -d verbose
	assert_success
	assert_equal "${stderr_lines[0]}" "ignoring argument '5'"
	assert_equal "${stderr_lines[1]}" "ignoring argument 'verbose'"
}
