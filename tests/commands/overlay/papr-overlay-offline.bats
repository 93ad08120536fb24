#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: here papr-overlay
#
# papr-overlay on a machine without /proc/device-tree-overlay: checks, resolution, and
# messages for other kinds of files.

# shellcheck disable=SC2154 # from make

bats_require_minimum_version 1.5.0
bats_load_library bats-support
bats_load_library bats-assert

load ../../lib/json

setup()
{
	command -v dtc fdtoverlay >/dev/null || skip 'no dtc'
	overlay=$(realpath "${top_builddir:-build}/overlay/papr-overlay")
	cd "$BATS_TEST_TMPDIR" || return
	compile base.dtb -@ <<-'END'
		/dts-v1/;
		/ {
			soc: soc { uart: uart@0 { status = "disabled"; }; clk: clk { phandle = <0x21>; }; };
			user { clocks = <&clk>, <&uart>; };
		};
	END
	compile card.dtbo -@ <<-'END'
		/dts-v1/;
		/plugin/;
		&uart { status = "okay"; clocks = <&clk 3 &pins>; };
		&soc { pins: pins { self = <&pins>; odd = [01 02]; more { to = <&clk &pins>; }; }; };
	END
	compile ours.dtbo <<-'END'
		/dts-v1/;
		/ {
			papr,format = <1>;
			fragment@0 { target-path = "/soc"; papr,op = "add"; __overlay__ { n { phandle = <7>; }; }; };
			fragment@1 { target-path = "/user"; papr,op = "remove-node"; };
		};
	END
}

compile() # OUT [OPTION...] <SOURCE
{
	dtc -q -I dts -O dtb -o "$1" "${@:2}" -
}

# Rows "FILE|WORDS of the reason".
refused() # [OPTION...]
{
	local file words

	while IFS='|' read -r file words; do
		run --separate-stderr "$overlay" check --offline "$@" "$file"
		echo "$file: $stderr"
		assert_failure 1
		assert_equal "$output" ''
		[[ ${#stderr_lines[@]} -eq 1 && $stderr == "papr-overlay: $file: "*"$words"* ]]
	done
}

@test "check: format and meaning, without a base and with one" {
	run -0 --separate-stderr "$overlay" check --offline card.dtbo ours.dtbo
	assert_equal "${lines[0]}" 'card.dtbo: OK (offline: targets and labels are not checked)'
	run -0 --separate-stderr "$overlay" check --offline --symbols base.dtb card.dtbo ours.dtbo
	assert_equal "$output" $'card.dtbo: OK (against the base tree)\nours.dtbo: OK (against the base tree)'
	run -0 "$overlay" check --offline --symbols=base.dtb - <card.dtbo
	assert_output '-: OK (against the base tree)'
}

@test "other kinds of files are named, with advice" {
	printf '/dts-v1/;\n/plugin/;\n&uart { };\n' >card.dts
	head -c 100 card.dtbo >cut-off
	head -c 20 card.dtbo >only-head
	cat card.dtbo base.dtb >two
	: >empty
	mkdir folder
	head -c 1100000 /dev/zero >zeros
	{ printf '\xd0\x0d\xfe\xed\x7f\xff\xff\xff' && head -c 100 /dev/zero; } >huge
	{ printf '\xd0\x0d\xfe\xed\x00\x00\x00\x64' && head -c 92 /dev/zero; } >damaged
	refused <<-'ROWS'
		card.dts|this is source text; compile it with dtc -@ -I dts -O dtb
		cut-off|truncated: it has 100 of
		only-head|not a flattened device tree
		two|bytes follow the tree
		empty|the file is empty
		folder|Is a directory
		missing|No such file or directory
		zeros|not a flattened device tree
		/dev/zero|not a flattened device tree
		huge|larger than 1048576 bytes
		damaged|damaged
		base.dtb|no fragment
	ROWS
	run --separate-stderr "$overlay" check --offline --symbols card.dts card.dtbo
	assert_failure 1
	assert_equal "$stderr" 'papr-overlay: card.dts: this is source text; compile it with dtc -@ -I dts -O dtb'
}

@test "errors name the fragment and the missing part" {
	local n=0 text

	while IFS='|' read -r text _; do
		compile "$n" <<<"/dts-v1/; / { papr,format = <1>; $text };"
		n=$((n + 1))
	done <"${top_srcdir:-.}/tests/data/papr-overlay.rows"
	n=0
	while IFS='|' read -r _ text; do
		echo "$n|$text"
		n=$((n + 1))
	done <"${top_srcdir:-.}/tests/data/papr-overlay.rows" >rows
	refused <rows
}

@test "a base provides labels and targets" {
	compile label -@ <<<'/dts-v1/; /plugin/; &nobody { };'
	compile target <<<'/dts-v1/; / { fragment@0 { target-path = "/none"; __overlay__ { }; }; };'
	compile handle <<<'/dts-v1/; / { papr,format = <1>; fragment@0 { target = <0x99>; __overlay__ { }; }; };'
	refused --symbols base.dtb <<-'ROWS'
		label|label nobody: the base tree has no such label
		target|fragment@0: the base tree has no node at target-path /none
		handle|fragment@0: the base tree has no node with the target's handle 0x99
	ROWS
	run -0 "$overlay" check --offline label target handle
}

# The numbers are libfdt 1.8's; 1.6.1 refuses "label", or gives the node another handle.
@test "a label on __overlay__ is the target's handle" {
	local uart

	compile label -@ <<-'END'
		/dts-v1/;
		/plugin/;
		/ {
			fragment@0 { target = <&uart>; frag0: __overlay__ { s = <&frag0 &clk>; }; };
			fragment@1 { target-path = "/soc"; __overlay__ { c: clk { t = <&c>; }; }; };
			fragment@2 { target-path = "/user"; user: __overlay__ { s = <1>; }; };
			__overrides__ { s = <&frag0>,"s:0", <&user>,"s:0"; };
		};
	END
	run -0 "$overlay" check --offline --symbols base.dtb label
	"$overlay" resolve --symbols base.dtb -o out label
	uart=$(fdtget -t x base.dtb /soc/uart@0 phandle)
	assert_equal "$(fdtget -t x out /fragment@0/__overlay__ s)" "$uart 21"
	assert_equal "$(fdtget -t x out /fragment@0/__overlay__ phandle)" "$uart"
	assert_equal "$(fdtget -t x out /fragment@1/__overlay__/clk t)" 21
	run ! fdtget out /fragment@2/__overlay__ phandle
	# /user has no handle: it gets the overlay's.
	compile own -@ <<<'/dts-v1/; /plugin/; / { fragment@0 { target-path = "/user"; f: __overlay__ { s = <&f>; }; }; };'
	"$overlay" resolve --symbols base.dtb -o out own
	assert_equal "$(fdtget -t x out /fragment@0/__overlay__ s)" "$(fdtget -t x out /fragment@0/__overlay__ phandle)"
	run ! cmp -s <(fdtget out /fragment@0/__overlay__ s) <(echo 0)
}

# Compile BEFORE, LINE for each number (&), and AFTER.
many() # OUT BEFORE LINE AFTER NUMBER...
{
	{ echo "$2" && printf '%s\n' "${@:5}" | sed "s|.*|$3|" && echo "$4"; } | compile "$1" -@
}

# Nodes of the base in its order and backwards, new nodes, references to labels of the base,
# own labels, handles that fall. Reading all nodes for each took minutes.
@test "an overlay at the limit of nodes is checked and resolved at once" {
	local head='/dts-v1/; /plugin/; / { fragment@0 { target-path = "/"; __overlay__ {' up down kind
	local refs='p = <\&L& \&L& \&L& \&L& \&L& \&L&>;'

	mapfile -t up < <(seq 1010)
	mapfile -t down < <(seq 1010 -1 1)
	many many.dtb '/dts-v1/; / {' 'l&: n& { phandle = <&>; };' '};' "${up[@]}"
	many same "$head" "L&: n& { $refs };" '}; }; };' "${down[@]}"
	many backwards "$head" "L&: n& { $refs };" '}; }; };' "${up[@]}"
	many new "$head" "L&: m& { $refs };" '}; }; };' "${up[@]}"
	many labels "$head" "m& { ${refs//L/l} };" '}; }; };' "${up[@]}"
	many own "${head/'/plugin/;'/'/ { papr,format = <1>; };'}" 'm& { phandle = <(5000 + &)>; };' '}; }; };' "${down[@]}"
	for kind in same backwards new labels own; do
		run -0 timeout 20 "$overlay" check --offline --symbols many.dtb "$kind"
		assert_output "$kind: OK (against the base tree)"
		[ "$kind" = own ] || timeout 20 "$overlay" resolve --symbols many.dtb -o "$kind.out" "$kind"
	done
	for kind in same backwards labels; do
		node=n7
		[ "$kind" != labels ] || node=m7
		assert_equal "$(fdtget "$kind.out" "/fragment@0/__overlay__/$node" p)" '7 7 7 7 7 7'
	done
	assert_equal "$(fdtget new.out /fragment@0/__overlay__/m7 p | cut -d' ' -f6)" \
		"$(fdtget new.out /fragment@0/__overlay__/m7 phandle)"
}

@test "the fragment for labels counts, has a free name, and is made only for labels" {
	local i frags= why='with the fragment for its labels (__symbols__); compile it without -@, or split it'

	labels() # OUT FRAGMENTS [MORE]
	{
		frags=
		for ((i = 0; i < $2; i++)); do
			frags+="fragment@$i { target-path = \"/soc\"; __overlay__ { m$i { }; }; };"
		done
		compile "$1" <<<"/dts-v1/; / { $frags ${3-} __symbols__ { mine = \"${4-/fragment@0/__overlay__/m0}\"; }; };"
	}
	labels f63 63
	labels f64 64
	labels none64 64 '' /soc
	labels named 1 'papr-labels { };'
	labels twice 1 'papr-labels { x = "y"; }; papr-labels-2 { };'
	compile uses -@ <<<'/dts-v1/; /plugin/; / { fragment@0 { target-path = "/soc"; __overlay__ { to = <&mine>; }; }; };'
	compile revert <<<'/dts-v1/; / { papr,revert = "x"; __symbols__ { mine = "/fragment@0/__overlay__/m0"; }; };'
	for file in f63 none64 named twice revert; do
		run -0 "$overlay" check --offline --symbols base.dtb "$file"
		assert_output "$file: OK (against the base tree)"
	done
	for file in named twice; do # the label exists; its node has no handle
		run --separate-stderr "$overlay" check --offline --symbols base.dtb "$file" uses
		assert_equal "$stderr" 'papr-overlay: uses: label mine: its node is missing in the base tree, or has no handle'
	done
	run --separate-stderr "$overlay" check --offline --symbols base.dtb f64
	assert_failure 1
	assert_equal "$stderr" "papr-overlay: f64: too many fragments, $why"
	labels big 1 "$(for ((i = 0; i < 2043; i++)); do echo "n$i { };"; done)"
	run --separate-stderr "$overlay" check --offline --symbols base.dtb big
	assert_equal "$stderr" "papr-overlay: big: too many nodes, $why"
}

@test "a file may be padded to a block, as for the compiler" {
	for file in base.dtb card.dtbo; do
		cp "$file" "padded-$file"
		truncate -s 4096 "padded-$file"
		{ cat "$file" && head -c 700 /dev/zero | tr '\0' '\377'; } >"flash-$file"
		{ cat "$file" && printf '\0\1'; } >"more-$file"
	done
	"$overlay" resolve --symbols base.dtb -o plain card.dtbo
	for kind in padded flash; do
		"$overlay" resolve --symbols "$kind-base.dtb" -o out "$kind-card.dtbo"
		cmp plain out
		run -0 "$overlay" check --offline --symbols "$kind-base.dtb" "$kind-card.dtbo"
	done
	refused --symbols base.dtb <<<'more-card.dtbo|2 bytes follow the tree; remove them'
	run ! "$overlay" check --offline --symbols more-base.dtb card.dtbo
}

@test "labels of the overlay that are no paths of its contents are ignored" {
	compile odd <<-'END'
		/dts-v1/;
		/ {
			fragment@0 { target-path = "/soc"; __overlay__ { n { }; }; };
			__symbols__ {
				a = ""; b = "/"; c = "/fragment@0"; d = "/fragment@0/__overlay__x"; e = "//__overlay__";
				f = "/fragment@1/__overlay__/n"; n = "/fragment@0/__overlay__/n"; here = "/fragment@0/__overlay__";
			};
		};
	END
	compile uses -@ <<<'/dts-v1/; /plugin/; &n { }; &here { };'
	for label in a b c d e f; do
		compile "$label" -@ <<<"/dts-v1/; /plugin/; &$label { };"
		run --separate-stderr "$overlay" check --offline --symbols base.dtb odd "$label"
		assert_failure 1
		assert_equal "$stderr" "papr-overlay: $label: label $label: the base tree has no such label"
	done
	run --separate-stderr "$overlay" check --offline --symbols base.dtb odd uses
	assert_equal "$stderr" 'papr-overlay: uses: label n: its node is missing in the base tree, or has no handle'
}

@test "check treats its files in order; an alias and a path of the overlay are named" {
	compile one -@ <<<'/dts-v1/; /plugin/; &uart { hub: hub@1 { }; };'
	compile two -@ <<<'/dts-v1/; /plugin/; &hub { port { }; };'
	run -0 "$overlay" check --offline --symbols base.dtb one two
	run --separate-stderr "$overlay" check --offline --symbols base.dtb two one
	assert_failure 1
	assert_equal "$stderr" 'papr-overlay: two: label hub: the base tree has no such label'
	compile later -@ <<-'END'
		/dts-v1/;
		/plugin/;
		/ {
			fragment@0 { target = <&uart>; __overlay__ { a: a { }; }; };
			fragment@1 { target = <&a>; __overlay__ { b { }; }; };
		};
	END
	run -0 "$overlay" check --offline --symbols base.dtb later
	fdtoverlay -i base.dtb -o applied later
	fdtget -l applied /soc/uart@0/a
	compile alias <<<'/dts-v1/; / { fragment@0 { target-path = "serial0"; __overlay__ { }; }; };'
	refused --symbols base.dtb <<<'alias|fragment@0: target-path must be an absolute path, not serial0'
	compile path -@ <<<'/dts-v1/; /plugin/; &uart { a: a { }; b { path = &a; }; };'
	run -0 "$overlay" check --offline --symbols base.dtb path
	assert_output 'path: OK (fragment@0: property path remains the overlay'"'"'s own path /fragment@0/__overlay__/a)'
}

@test "resolve writes libfdt's numbers, and no list of references" {
	run -0 --separate-stderr "$overlay" resolve --symbols base.dtb -o out card.dtbo
	assert_equal "$output" 'card.dtbo: resolved'
	fdtoverlay -i base.dtb -o applied card.dtbo
	assert_equal "$(fdtget -t x out /fragment@0 target)" "$(fdtget -t x base.dtb /soc/uart@0 phandle)"
	for property in 'uart@0 clocks' 'pins self' 'pins phandle' 'pins odd' 'pins/more to'; do
		node=${property% *} name=${property#* }
		case $node in uart*) from=/fragment@0/__overlay__ ;; *) from=/fragment@1/__overlay__/$node ;; esac
		assert_equal "$(fdtget -t bx out "$from" "$name")" "$(fdtget -t bx applied "/soc/$node" "$name")"
	done
	assert_equal "$(fdtget -t x out / papr,format)" 1
	run ! fdtget -l out /__fixups__
	run ! fdtget -l out /__local_fixups__
	run ! grep -q fixups <(dtc -q -I dtb -O dts out)
	"$overlay" resolve --symbols base.dtb card.dtbo >stdout
	cmp out stdout
	"$overlay" resolve --symbols base.dtb -o - - <card.dtbo | cmp out -
	run -0 "$overlay" check --offline --symbols base.dtb out
	# The result is resolved: a second resolve does nothing.
	run --separate-stderr "$overlay" resolve --symbols base.dtb -o again out
	assert_failure 1
	assert_equal "$stderr" 'papr-overlay: out: already resolved, according to papr,format'
	[ ! -e again ]
}

@test "resolve writes nothing if a reference is unresolved" {
	compile label -@ <<<'/dts-v1/; /plugin/; &nobody { };'
	run --separate-stderr "$overlay" resolve --symbols base.dtb -o out label
	assert_failure 1
	assert_equal "$stderr" 'papr-overlay: label: label nobody: the base tree has no such label'
	[ ! -e out ]
	run --separate-stderr "$overlay" resolve --symbols base.dtb -o none/out card.dtbo
	assert_failure 1
	assert_equal "$stderr" 'papr-overlay: none/out: No such file or directory'
	run --separate-stderr "$overlay" resolve --symbols base.dtb -o /dev/full card.dtbo
	assert_failure 1
	assert_equal "$stderr" 'papr-overlay: /dev/full: No space left on device'
}

@test "a blob is not written to a terminal" {
	command -v script >/dev/null || skip 'no script'
	run script -qec "'$overlay' resolve --symbols base.dtb card.dtbo" /dev/null
	assert_failure 2
	assert_output --partial 'standard output: is a terminal; use -o OUT'
}

@test "without the file in /proc, apply, list and revert name it" {
	[ ! -e /proc/device-tree-overlay ] || skip 'this machine has it'
	for words in 'apply card.dtbo' list 'revert x'; do
		# shellcheck disable=SC2086 # words
		run --separate-stderr "$overlay" $words
		assert_failure 1
		assert_equal "$stderr" 'papr-overlay: /proc/device-tree-overlay: does not exist; load the module papr-dt-overlay'
	done
	run -0 "$overlay" check card.dtbo
}

# Row: words of the message, arguments.
@test "a wrong command line is status 2, with one line" {
	local said words

	while IFS='|' read -r said words; do
		eval "run --separate-stderr '$overlay' $words"
		echo "$words: $stderr"
		assert_failure 2
		assert_equal "$stderr" "papr-overlay: $said; see papr-overlay --help"
		eval "run --separate-stderr '$overlay' --json $words"
		assert_failure 2
		[[ $words == *--json* ]] || assert_json_schema overlay
	done <<-'ROWS'
		COMMAND: missing|
		frob: unknown command|frob
		check: an operand is missing|check
		revert: an operand is missing|revert
		x: unexpected operand|list x
		y: unexpected operand|resolve --symbols b x y
		list: --offline is not for this command|list --offline
		check: --id is not for this command|check --id x y
		revert: --transient is not for this command|revert --transient x
		apply: -o is not for this command|apply -o x y
		a b: invalid value of --id; use 1 to 63 letters, digits and ._:-|apply --id 'a b' x
		: invalid value of --id; use 1 to 63 letters, digits and ._:-|apply --id '' x
		--id: accepts only one file|apply --id a x y
		--transient: accepts only one file, because it cannot be reverted|apply --transient x y
		resolve: --symbols BASE is missing|resolve x
		--json: needs -o OUT, because the document is on standard output|resolve --json --symbols x y
	ROWS
	run -0 "$overlay" --help
	run -0 "$overlay" --version
	assert_output --regexp '^papr-overlay \(papr-toolkit\) '
}

@test "--json prints documents" {
	run --separate-stderr "$overlay" check --offline --json card.dtbo missing
	assert_failure 1
	assert_json_schema overlay
	run --separate-stderr "$overlay" resolve --json --symbols base.dtb -o out card.dtbo
	assert_success
	assert_json_schema overlay
	run --separate-stderr "$overlay" check --offline --json --symbols missing card.dtbo
	assert_failure 1
	assert_json_schema overlay
}

# Every truncation, and every byte changed: one line of output, no crash.
@test "damaged blobs and bases are refused" {
	local i size

	size=$(stat -c %s card.dtbo)
	for ((i = 0; i < size; i += 3)); do
		cp card.dtbo damaged
		printf '\xff' | dd of=damaged bs=1 seek="$i" conv=notrunc status=none
		status=0
		"$overlay" check --offline --symbols base.dtb damaged >said 2>&1 || status=$?
		[ "$status" -le 1 ]
		[ "$(wc -l <said)" -eq 1 ]
	done
	size=$(stat -c %s base.dtb)
	for ((i = 0; i < size; i += 3)); do
		cp base.dtb damaged
		printf '\xff' | dd of=damaged bs=1 seek="$i" conv=notrunc status=none
		status=0
		"$overlay" check --offline --symbols damaged card.dtbo >said 2>&1 || status=$?
		[ "$status" -le 1 ]
		[ "$(wc -l <said)" -eq 1 ]
	done
}
