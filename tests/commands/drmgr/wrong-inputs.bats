#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: here drmgr lsslot drmon papr-eventd ofpathtool papr-overlay rtas-event papr-vmm
# Wrong inputs of each program: one line on standard error names what is wrong and what to do
# next, no usage text is printed, and nothing is changed.

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
	source=$(cd "${top_srcdir:-.}" && pwd) build=$(cd "${top_builddir:-build}" && pwd)
	mkdir "$BATS_TEST_TMPDIR/here" && cd "$BATS_TEST_TMPDIR/here" || return
	printf 'this is no event\n' >letter
	tested=0
}

# Print the path of a program, and check that it was built.
program() # NAME
{
	case $1 in
	drmgr | lsslot) echo "$build/drmgr/$1" ;;
	ofpathname | ofpathtool) echo "$build/ofpathtool/$1" ;;
	papr-overlay) echo "$build/overlay/$1" ;;
	papr-eventd) echo "$build/eventd/$1" ;;
	drmon) echo "$build/drmon/$1" ;;
	quickstart) echo "$source/$1" ;;
	*) echo "$build/$1" ;;
	esac
}

# Print all that a wrong input must not change.
state()
{
	(cd "$root" && find . -printf '%p %s %m %T@\n')
	find . -printf '%p %s %m %T@\n'
	[ ! -e /run/drmgr ] || find /run/drmgr -printf '%p %s %T@\n'
}

# refuses PROGRAM ARGUMENT...: standard input has the rows "message|arguments".
refuses()
{
	local name=$1 message arguments before
	shift

	before=$(state | sort)
	while IFS='|' read -r message arguments; do
		eval "run --separate-stderr timeout 60 '$(program "$name")' $* $arguments </dev/null"
		echo "$name $arguments: $status, $stderr"
		[ "$status" -ne 0 ] && [ "$status" -ne 124 ]
		assert_equal "$stderr" "$message"
		refute_output --partial 'Usage:'
		assert_equal "$(state | sort)" "$before"
		tested=$((tested + 1))
	done
}

@test "drmgr" {
	local types='pci, slot, phb, cpu, mem, port, acc, phib or pmig'

	refuses drmgr --sysroot "$root" <<-ROWS
		--help frob: unknown type; use $types|--help frob
		A connector type (-c) must be specified (unknown type 'disk': use $types)|-c disk -a -s sda
		unexpected argument 'C9': name a connector with -s|-c pci -r C9
		unexpected argument '3': give a number with -q 3|-c mem -r 3
		Invalid parameter 'ent_capcity': -p is ent_capacity or variable_weight|-c cpu -r -q 50 -p ent_capcity
		--backend overlay is invalid for mem: the kernel changes cores and memory, use auto or dlpar|-c mem -a --backend overlay
		--backend dlpar is invalid for pmig: use ofdt or auto|-m -p pre -s 1 --backend dlpar
		--json never prompts: specify -n as well|--json -c pci -a -s C0
		-q: there are at most 65535 credits|-c acc -t gzip -q 65536
		-t gzip must be specified|-c acc -q 1
		--sysroot is for -C and -Q|-c cpu -a
		--recover allows only --discard, -w, -d, --json and --trace|--recover -c pci
		-Q changes nothing: use it without --dry-run, --force, --no-loss and --all-or-nothing|-c pci -Q --dry-run
		-Q changes nothing: use it without --dry-run, --force, --no-loss and --all-or-nothing|-c cpu -Q --no-loss
	ROWS
	[ "$tested" -eq 14 ]
}

@test "lsslot" {
	local types='pci, slot, phb, cpu or mem'

	refuses lsslot --sysroot "$root" <<-ROWS
		lsslot: --help acc: unknown type; use $types|--help acc
		lsslot: -c frob: unknown type; use $types|-c frob
		lsslot: -c is given twice: pci and cpu|-c pci -c cpu
		lsslot: -s is given twice: C8 and C9|-c pci -s C8 -s C9
		lsslot: unexpected argument 'C8': name a connector with -s, and its type with -c (lsslot --help lists the types)|C8
		lsslot: unexpected argument 'pci': name a type with -c pci|pci
		lsslot: -a: -c cpu does not have this option, only pci, mem; see lsslot --help cpu|-c cpu -a
		lsslot: -b: -c pci does not have this option, only cpu; see lsslot --help pci|-c pci -b
		lsslot: -b and -p exclude each other: use -p for the caches only|-c cpu -b -p
		lsslot: --json and -F exclude each other: a document has no columns|--json -F: -c pci
		lsslot: -Z: unknown option; see lsslot --help|-Z
		lsslot: -c: a value is missing; see lsslot --help|-c
		lsslot: -w -1: a timeout must not be negative; omit -w, lsslot never waits|-w -1
	ROWS
	[ "$tested" -eq 13 ]
}

@test "ofpathname and ofpathtool" {
	refuses ofpathname <<-'ROWS'
		ofpathname: --frob: unknown option; see ofpathname --help|--frob
	ROWS
	refuses ofpathtool <<-'ROWS'
		ofpathtool: --firmware open: use auto, slof, pfw, mac, efika or compat|--firmware open sda
		ofpathtool: -l: a value is missing; see ofpathtool --help|-l
		ofpathtool: --equal: needs two paths, without --json; see ofpathtool --help|--equal /a
	ROWS
	[ "$tested" -eq 4 ]
}

@test "rtas-event" {
	refuses rtas-event <<-'ROWS'
		rtas-event: letter: it contains no event; if it has another form, use --format bare or kernel|letter
		rtas-event: -n x: use the number of an event, or a range such as 5-9|-n x
		rtas-event: -w 0: use a width from 1 to 1023|-w 0
		rtas-event: --format elf: use auto, bare, kernel or text|--format elf
		rtas-event: --frob: unknown option; see rtas-event --help|--frob
	ROWS
	[ "$tested" -eq 5 ]
}

@test "papr-overlay" {
	refuses papr-overlay <<-'ROWS'
		papr-overlay: COMMAND: missing; see papr-overlay --help|
		papr-overlay: add: unknown command; see papr-overlay --help|add letter
		papr-overlay: check: an operand is missing; see papr-overlay --help|check
		papr-overlay: list: --offline is not for this command; see papr-overlay --help|list --offline
		papr-overlay: a b: invalid value of --id; use 1 to 63 letters, digits and ._:-; see papr-overlay --help|apply --id 'a b' letter
		papr-overlay: --frob: unknown option; see papr-overlay --help|--frob
	ROWS
	[ "$tested" -eq 6 ]
}

@test "drmon [drmon-no-column]" {
	[ -x "$(program drmon)" ] || skip 'drmon is not part of this build'
	refuses drmon <<-'ROWS'
		drmon: -c port: use pci, slot, phb, cpu or mem|-c port
		drmon: C8: unexpected argument; see drmon --help|C8
		drmon: --json: needs --once|--json
		drmon: -f bogus:x: no such column; use type, name, index, state, location, devices or driver|--once -f bogus:x
		drmon: -Z: unknown option; see drmon --help|-Z
		drmon: --jsno: unknown option, did you mean --json; see drmon --help|--once --jsno
	ROWS
	[ "$tested" -eq 6 ]
}

@test "papr-eventd" {
	refuses papr-eventd <<-'ROWS'
		papr-eventd: --ups-delay 1d: use seconds from 0 to 86400, or 5m|--ups-delay 1d
		papr-eventd: --json: use it only with --status|--json
		papr-eventd: again: unexpected argument; see papr-eventd --help|again
	ROWS
	[ "$tested" -eq 3 ]
}

@test "papr-vmm" {
	[ -x "$(program papr-vmm)" ] || skip 'built without the host side'
	refuses papr-vmm <<-'ROWS'
		papr-vmm: frob: unknown command; use attach, ctl, doctor, ps or run|-M pseries frob
		papr-vmm: --kernel-profile 2.4: unknown profile; use 6.1, 6.12 or current|run --kernel-profile 2.4 -- true
		papr-vmm: -qmp sock: 'sock' is not a valid char driver; use unix:PATH, fd:N, stdio or null|-qmp sock run -- true
		papr-vmm: -accel xen: invalid accelerator 'xen': use kvm, tcg or qtest|-accel xen
		papr-vmm: attach: xx: not a process id|attach xx
	ROWS
	[ "$tested" -eq 5 ]
}

@test "quickstart" {
	[ -x "$(program quickstart)" ] || skip 'not part of a release'
	refuses quickstart <<-'ROWS'
		quickstart: frob: unknown command; see ./quickstart --help|frob
		quickstart: check slow: use check, check quick or check diff; see ./quickstart --help|check slow
		quickstart: stage: an architecture and a directory are needed; see ./quickstart --help|stage
		quickstart: arm: unknown architecture; use powerpc64le, powerpc64 or native|stage arm /nonexistent
		quickstart: packages: one directory is needed; see ./quickstart --help|packages
	ROWS
	[ "$tested" -eq 5 ]
}
