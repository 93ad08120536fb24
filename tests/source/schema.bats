#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: here tarball drmgr lsslot drmon rtas-event papr-vmm
# Documents of --json: their schemas, their manual page, and every exit that needs no
# partition.

bats_require_minimum_version 1.5.0
bats_load_library bats-support
bats_load_library bats-assert

load ../lib/codes
load ../lib/json
load ../lib/rootfs

trees='dynamic-memory-v1 memory-nodes papr-vmm powervm qemu-numa qemu-pseries'

setup_file()
{
	local tree

	export roots=$BATS_FILE_TMPDIR schemas_missing=0 json_check schemas
	json_check=$(realpath "${top_srcdir:-.}/tests/lib/json-check")
	schemas=$(realpath "${top_srcdir:-.}/data/schema")
	"$json_check" "$schemas" <<<'{}' >/dev/null || schemas_missing=$?
	for tree in $trees; do
		rootfs_make "$tree" "$roots/$tree"
	done
}

setup()
{
	drmgr=${top_builddir:-build}/drmgr/drmgr
	lsslot=${top_builddir:-build}/drmgr/lsslot
	rtas_event=${top_builddir:-build}/rtas-event
	source=${top_srcdir:-.}
	[[ $schemas_missing -ne 77 ]] || skip 'no python3-jsonschema'
	mkdir "$BATS_TEST_TMPDIR/documents"
	documents=0
}

# Check all documents of the test at once; the number of a document is in the output, with its
# command.
teardown()
{
	[[ $schemas_missing -ne 77 ]] || return 0
	cd "$BATS_TEST_TMPDIR/documents"
	[[ $documents -eq 0 ]] || "$json_check" --files "$schemas" *
}

# Keep all bytes: run would drop line ends.
document() # NAME COMMAND...
{
	"${@:2}" >"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err" </dev/null && status=0 ||
		status=$?
	documents=$((documents + 1))
	echo "$documents: ${*:2}: $status"
	cp "$BATS_TEST_TMPDIR/out" "$BATS_TEST_TMPDIR/documents/$documents.$1"
}

@test "documents that are files are checked with the schema of their ending" {
	cd "$BATS_TEST_TMPDIR/documents"
	echo '{"schema": "papr.lsslot/1", "type": "pci", "connectors": [], "error": null}' >1.lsslot
	run "$json_check" --files "$schemas" 1.lsslot
	assert_success
	assert_output ''
	cp 1.lsslot 2.drmgr
	printf %s "$(<1.lsslot)" >3.lsslot
	run "$json_check" --files "$schemas" *
	assert_failure 1
	assert_line --partial '2.drmgr: papr.drmgr/1 was wanted'
	assert_line --partial '3.lsslot: one object and one line end'
	refute_line --partial '1.lsslot'
}

# Row: words of the error, document.
@test "a document that violates its schema is an error" {
	local complaint text

	while IFS='|' read -r complaint text; do
		run json_check <<<"$text"
		echo "$text"
		assert_failure 1
		assert_output --partial "$complaint"
	done <<-'ROWS'
		('more' was unexpected)|{"schema": "papr.lsslot/1", "type": "pci", "connectors": [], "error": null, "more": 1}
		('extra' was unexpected)|{"schema": "papr.lsslot/1", "type": "phb", "connectors": [{"extra": 1}], "error": null}
		'connectors' is a required property|{"schema": "papr.lsslot/1", "type": "pci"}
		'error' is a required property|{"schema": "papr.lsslot/1", "type": "pci", "connectors": []}
		$.error.code: 'frob' is not one of|{"schema": "papr.lsslot/1", "type": "pci", "connectors": [], "error": {"code": "frob", "message": "", "hint": ""}}
		'numa_score' is a required property|{"schema": "papr.lsslot/1", "type": "cpu", "connectors": [], "error": null}
		$.numa_score: 101 is greater|{"schema": "papr.lsslot/1", "type": "cpu", "numa_score": 101, "connectors": [], "error": null}
		should not be valid|{"schema": "papr.lsslot/1", "type": "pci", "numa_score": null, "connectors": [], "error": null}
		'hea' is not one of|{"schema": "papr.lsslot/1", "type": "hea", "connectors": [], "error": null}
		the first key is not schema|{"type": "pci", "schema": "papr.lsslot/1", "connectors": [], "error": null}
		the key "type" stands there 2 times|{"schema": "papr.lsslot/1", "type": "pci", "type": "pci", "connectors": [], "error": null}
		No such file|{"schema": "papr.frob/1"}
		Extra data|{"schema": "papr.lsslot/1"}{}
		'undo' is a required property|{"schema": "papr.drmgr/1"}
		'phib' is a required property|{"schema": "papr.drmgr/1", "capabilities": {}}
		$.capabilities.pmig: 'yes' is not of type|{"schema": "papr.drmgr/1", "capabilities": {"pmig": "yes"}}
		$.events[0].sections[0].id: 'XY' is not one of|{"schema": "papr.rtas-event/1", "events": [{"sections": [{"id": "XY"}]}]}
		'drc' was unexpected|{"schema": "papr.rtas-event/1", "events": [{"sections": [{"id": "HP", "drc": 1}]}]}
		does not match|{"schema": "papr.rtas-event/1", "events": [{"raw": "0AF"}]}
	ROWS
	run json_check lsslot <<<'{"schema": "papr.rtas-event/1", "events": []}'
	assert_failure 1
}

@test "lsslot: every type on every tree gives a valid document" {
	local tree type

	for tree in $trees; do
		for type in pci slot phb cpu mem port acc phib pmig; do
			document lsslot "$lsslot" --sysroot "$roots/$tree" -c "$type" --json
			grep -qx "  \"type\": \"$type\",\?" "$BATS_TEST_TMPDIR/out"
		done
	done
	document lsslot "$lsslot" --sysroot "$roots/qemu-numa" -c mem -s 'LMB 8' --json
	[ "$status" -eq 0 ]
	document lsslot "$lsslot" --sysroot "$roots/qemu-pseries" -o --json
	[ "$status" -eq 0 ]
}

# Row: type of the document, options.
@test "lsslot: each error gives a valid document" {
	local type options

	while IFS='|' read -r type options; do
		# shellcheck disable=SC2086 # words
		document lsslot "$lsslot" --sysroot "$roots/qemu-pseries" --json $options
		[ "$status" -eq 1 ]
		[ -s "$BATS_TEST_TMPDIR/err" ]
		grep -qx "  \"type\": $type,\?" "$BATS_TEST_TMPDIR/out"
	done <<-'ROWS'
		"slot"|-Z
		"slot"|-c
		null|-c frob
		"pci"|-c pci -F:
		"pci"|-c pci -F ab
		"pci"|-c pci -b
		"pci"|-c pci -s NOPE
		"cpu"|-c cpu -o
		"mem"|-c mem -s NOPE
		"phb"|-c phb -s NOPE
		"port"|-c port
		"pci"|--sysroot /nonexistent -c pci
		"cpu"|--sysroot / -c cpu
	ROWS
	grep -q pSeries /proc/cpuinfo || document lsslot "$lsslot" --json -c mem
}

# Row: schema, exit status, options.
@test "drmgr: each exit gives a valid document" {
	local name exit_status options

	while IFS='|' read -r name exit_status options; do
		eval "document $name '$drmgr' --sysroot '$roots/powervm' --json $options"
		[ "$status" -eq "$exit_status" ]
		[ "$name" != drmgr ] || ! grep exit_status "$BATS_TEST_TMPDIR/out" ||
			grep -qx "  \"exit_status\": $exit_status," "$BATS_TEST_TMPDIR/out"
	done <<-'ROWS'
		drmgr|255|-Z
		drmgr|255|-C -Z
		drmgr|255|-c
		drmgr|255|-a
		drmgr|255|-c pci -a -s C0
		drmgr|255|-c pci -a -q 2 -s C0
		drmgr|255|-c pci -a -n -s C0
		drmgr|255|--recover
		drmgr|255|-c cpu -R
		drmgr|255|-c slot -Q
		drmgr|255|-c port -Q -s HEA1
		drmgr|255|-c phib -a
		drmgr|0|-C
		drmgr|0|-C 5
		drmgr|0|-h
		drmgr|0|-c mem -h
		lsslot|0|-c pci -Q
		lsslot|3|-c pci -Q -s NOPE
		lsslot|0|-c cpu -Q
		lsslot|0|-c cpu -Q -s 'CPU 8'
		lsslot|3|-c cpu -Q -s NOPE
		lsslot|0|-c mem -Q
		lsslot|3|-c mem -Q -s NOPE
		lsslot|6|-c phb -Q -s 'PHB 32'
		lsslot|3|-c phb -Q -s 'PHB 33'
		lsslot|6|-c phb -Q -s 0x20000020
		lsslot|3|-c phb -Q -s 'PHB 999'
		lsslot|3|-c slot -Q -s NOPE
	ROWS
	document drmgr "$drmgr" --sysroot /nonexistent -c cpu -Q --json
	[ "$status" -eq 255 ]
}

# A host bridge that was requested by its index is in the document, too.
@test "drmgr -Q --json has the requested connector" {
	local key

	for key in 'PHB 33' 0x20000021; do
		document lsslot "$drmgr" --sysroot "$roots/powervm" -c phb -Q -s "$key" --json
		[ "$(grep -c '"state"' "$BATS_TEST_TMPDIR/out")" -eq 1 ]
		grep '"index": "0x20000021"' "$BATS_TEST_TMPDIR/out"
	done
}

@test "a machine that is not a partition has a document; help takes precedence" {
	grep -q pSeries /proc/cpuinfo && skip 'this is a partition'
	for options in -C '-c pci -a' '-c cpu -Q' --recover '-Z'; do
		# shellcheck disable=SC2086 # words
		document drmgr "$drmgr" --json $options
		[ "$status" -eq 1 ]
		grep '"message": ".*is not supported on the Unknown platform"' \
			"$BATS_TEST_TMPDIR/out"
	done
	run --separate-stderr "$drmgr" --json --help
	assert_success
	assert_line --index 0 --partial 'Usage: drmgr'
	document drmgr "$drmgr" --json -h
	assert_success
}

@test "usage is not mixed with the document" {
	run --separate-stderr "$drmgr" --sysroot "$roots/powervm" --json -c cpu -h
	assert_success
	assert_equal "${stderr_lines[1]}" '-c cpu {-a | -r} {-q <quantity> -p {variable_weight | ent_capacity} [-s drc_name | drc_index]'
	assert_json_schema drmgr
}

@test "rtas-event: every kind of event and non-event gives a valid document" {
	local file n=0

	for file in "$source"/tests/data/corpus/event*/* "$source/tests/data/golden/rtas-event/platform"; do
		document rtas-event "$rtas_event" --json "$file"
		n=$((n + 1))
	done
	[ "$n" -gt 40 ]
	document rtas-event "$rtas_event" --json --line "$file"
	[ "$status" -eq 2 ]
	document rtas-event "$rtas_event" --json -n 5-4 "$file"
	[ "$status" -eq 2 ]
	document rtas-event "$rtas_event" --json missing
	[ "$status" -eq 1 ]
}

@test "papr-eventd: without a daemon, and with a wrong command line" {
	local eventd=${top_builddir:-build}/eventd/papr-eventd

	document eventd "$eventd" --status --json
	[ "$status" -eq 1 ]
	document eventd "$eventd" --json
	[ "$status" -eq 2 ]
	document eventd "$eventd" --status --json --wrong
	[ "$status" -eq 2 ]
}

# The library's headers have the names of sections: the page lists each.
@test "the schemas have exactly the codes of the library" {
	local name

	for name in drmgr drmon lsslot lsslot-summary ofpath overlay rtas-event; do
		diff <(codes_of_library | cut -d'|' -f1) <(codes_of_schema "$name")
	done
}

@test "schema and manual have exactly the kinds of uses that a removal takes" {
	local kinds

	cd "$source"
	kinds=$(sed -n 's/^\t\[IMPACT_[A-Z_]*\] = { "\([a-z-]*\)".*/\1/p' libdrmgr/impact/impact.c | sort)
	[ "$(wc -l <<<"$kinds")" -ge 18 ]
	diff <(echo "$kinds") <(jq -r '[.. | .kind? | objects | .enum? | arrays | select(index("mount"))][0][]' \
		data/schema/drmgr-1.json | sort)
	diff <(echo "$kinds") <(sed -n 's/^\.It Li \([a-z-]*\) Ta .*/\1/p' man/dr_impact_get_kind.3 | sort)
}

@test "papr-json(5) has exactly the keys of the schemas" {
	diff <(sed -nE 's/^\.It Cm //p' "$source/man/papr-json.5" | tr -d '\\&' | tr -s ' ,' '\n' |
			grep -v '^$' | sort -u) \
		<(/usr/bin/python3 - "$source"/data/schema/*.json <<-'KEYS' | sort -u
			import json, sys
			def keys(schema):
			    if isinstance(schema, list):
			        for each in schema:
			            yield from keys(each)
			    elif isinstance(schema, dict):
			        for key, value in schema.items():
			            if key == "properties":
			                yield from value
			                yield from keys(list(value.values()))
			            else:
			                yield from keys(value)
			for name in sys.argv[1:]:
			    print(*keys(json.load(open(name))), sep="\n")
		KEYS
		)
}
