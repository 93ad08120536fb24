#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: sim guest kernel few debug sanitized papr-overlay papr-vmm
#
# /proc/device-tree-overlay: accepted and refused blobs, the reasons, and the tree after
# each. The real guest has the module, the simulated one papr-vmm's file.

# shellcheck disable=SC2016,SC2154 # the guest's shell; set by the verbs

load ../../guest/verbs
load ../../lib/overlay

setup_file()
{
	overlay_boot
}

teardown()
{
	[[ ! -d ${GUEST_DIR:-} ]] || overlay back
	assert_no_oops
}

@test "the file has its owner, mode and first line [ov-file]" {
	overlay 'stat -c "%a %u %g %s" $F; cat $F; test -d /sys/module/papr_dt_overlay && echo module'
	answers '600 0 0 0' 'papr-dt-overlay 1 backend=changeset max=1048576 seq=0 last=0' module
}

@test "the header: bad headers are refused [ov-header]" {
	overlay_table refused <<-'EOF'
		EINVAL|printf "add_node /x " >/tmp/blob; w
		EINVAL|f node "" fragment / content end end end done header 0 0xd00dfeee
		EINVAL|f node "" fragment / content end end end done header 0 0xedfe0dd0
		EINVAL|f node "" fragment / content end end end done header 1 39
		EINVAL|f node "" fragment / content end end end done header 1 0
		EFBIG|f node "" fragment / content end end end done header 1 0x100001
		EFBIG|f node "" fragment / content end end end done header 1 0xffffffff
		EINVAL|f node "" fragment / content end end end done header 1 -4
		EINVAL|f node "" fragment / content end end end done tail 1
		EINVAL|f node "" fragment / content end end end done header 1 40 cut 80
		EINVAL|f node "" fragment / content end end end done header 5 16
		EINVAL|f node "" fragment / content end end end done header 6 18
		EINVAL|f node "" fragment / content end end end done header 2 36
		EINVAL|f node "" fragment / content end end end done header 2 +2
		EINVAL|f node "" fragment / content end end end done header 2 0x7ffffffc
		EINVAL|f node "" fragment / content end end end done header 9 +0x1000
		EINVAL|f node "" fragment / content end end end done header 9 0xfffffffc
		EINVAL|f node "" fragment / content end end end done header 9 -4
		EINVAL|f node "" fragment / content end end end done header 9 0
		EINVAL|f node "" fragment / content end end end done header 3 8
		EINVAL|f node "" fragment / content end end end done header 3 0xffffffff
		EINVAL|f node "" fragment / content end end end done header 8 +1
		EINVAL|f node "" fragment / content end end end done header 8 0
		EINVAL|f node "" fragment / content end end end done header 4 44
		EINVAL|f node "" fragment / content end end end done header 4 0xfffffff8
		EINVAL|f node "" fragment / content end end end done header 4 0
	EOF
}

# The names at 140 are inside the value of x, and so are the zeros at 144.
@test "the header: blocks may not overlap" {
	overlay_table refused <<-'EOF'
		EINVAL|f node "" cell papr,format 1 fragment / content raw x "papr,format\x00target-path\x00x\x00" end end end done header 3 140|blob: damaged header
		EINVAL|f node "" cell papr,format 1 fragment / content fill x 40 end end end done header 4 144|blob: damaged header
		EINVAL|f node "" fragment / content end end end done header 9 +4|blob: damaged header
		EINVAL|f node "" fragment / content end end end done header 2 -8|blob: damaged header
		ok|f node "" cell papr,format 1 cell papr,flags 1 fragment / content fill x 40 end end end done tail 0
	EOF
}

@test "the structure: bad trees are refused [ov-structure]" {
	overlay_table refused <<-'EOF'
		EINVAL|f
		EINVAL|f open
		EINVAL|f node ""
		EINVAL|f node "" end
		EINVAL|f node root fragment / content end end end
		EINVAL|f node "" fragment / content end end end end
		EINVAL|f node "" fragment / content end end
		EINVAL|f node "" fragment / content end end end open
		EINVAL|f node "" fragment / content end end end node "" end
		EINVAL|f node "" end node "" fragment / content end end end
		EINVAL|f cell x 1 node "" fragment / content end end end
		EINVAL|f node "" fragment / content end end end cell x 1
		EINVAL|g fragment / content end cell x 1 end
		EINVAL|g fragment / content node ov end cell x 1 end end
		EINVAL|g fragment / content tag 5 end end
		EINVAL|g fragment / content tag 0 end end
		EINVAL|g fragment / content tag 0x01000000 end end
		EINVAL|g fragment / content tag 3 tag 4 tag 0x1000 tag 0 end end
		EINVAL|g fragment / content tag 3 tag 0xfffffff0 tag 0 tag 0 end end
		EINVAL|g fragment / content tag 3 tag 0xfffffff4 tag 0 tag 0 end end
		EINVAL|g fragment / content tag 3 tag 0x100000 tag 0 tag 0 end end
		EINVAL|f node "" fragment / content tag 3 tag 4 tag 0 open
		EINVAL|f node "" fragment / content tag 1 tag 0x61616161 open
		EINVAL|g fragment / content node "" end end end
		EINVAL|g fragment / content node . end end end
		EINVAL|g fragment / content node .. end end end
		EINVAL|g fragment / content node a/b end end end
		EINVAL|g fragment / content node "a b" end end end
		EINVAL|g fragment / content node "$(printf "a\tb")" end end end
		EINVAL|g fragment / content node "$(printf "a\303\244")" end end end
		EINVAL|g fragment / content node $(printf %0256d 0) end end end
		EINVAL|g fragment / content cell "" 1 end end
		EINVAL|g fragment / content cell a/b 1 end end
		EINVAL|g fragment / content cell .. 1 end end
		EINVAL|g fragment / content cell $(printf %0256d 0) 1 end end
		EINVAL|g fragment / content node ov end node ov end end end
		EINVAL|g fragment / content node ov cell x 1 cell x 1 end end end
		EINVAL|g fragment / content cell x 1 cell y 1 cell x 2 end end
		EINVAL|g fragment / content end content end end
		EINVAL|g fragment / text target-path / content end end
		EINVAL|g cell papr,flags 0 cell papr,flags 0 fragment / content end end
	EOF
}

@test "new nodes: properties that the kernel reads itself must have their format [ov-values]" {
	overlay_table refused <<-'EOF'
		EINVAL|g fragment / content node ov raw name ov end end end
		EINVAL|g fragment / content node ov raw name "" end end end
		EINVAL|g fragment / content node ov raw name "o\x00v\x00" end end end
		EINVAL|g fragment / content node ov raw phandle abc end end end
		EINVAL|g fragment / content node ov raw phandle "" end end end
		EINVAL|g fragment / content node ov raw linux,phandle abcde end end end
		EINVAL|g fragment / content node ov raw ibm,phandle "" end end end
		EINVAL|g fragment / content node ov node in raw ibm,phandle abc end end end end
	EOF
}

@test "the meaning: missing and extra parts are refused [ov-meaning]" {
	overlay_table refused <<-'EOF'
		EINVAL|g
		EINVAL|g node other end
		EINVAL|g node fragments content end end
		EINVAL|g node __symbols__ text x /ov end
		EINVAL|g node fragment@0 content end end
		EINVAL|g node fragment@0 text target-path relative content end end
		EINVAL|g node fragment@0 raw target-path / content end end
		EINVAL|g node fragment@0 raw target-path "" content end end
		EINVAL|g node fragment@0 raw target abc content end end
		EINVAL|g node fragment@0 raw target abc text target-path / content end end
		EINVAL|g fragment / end
		EINVAL|g fragment / op add end
		EINVAL|g fragment / op update end
		EINVAL|g fragment / op remove-node content end end
		EINVAL|g fragment / op remove-properties end
		EINVAL|g fragment / op remove-properties names papr,properties a content end end
		EINVAL|g fragment / op remove-properties raw papr,properties "" end
		EINVAL|g fragment / op remove-properties raw papr,properties a end
		EINVAL|g fragment / op remove-properties names papr,properties a,,b end
		EINVAL|g fragment / raw papr,op add content end end
		EINVAL|g text papr,overlay-id "" fragment / content end end
		EINVAL|g text papr,overlay-id "a b" fragment / content end end
		EINVAL|g text papr,overlay-id "a#1" fragment / content end end
		EINVAL|g text papr,overlay-id $(printf %064d 0) fragment / content end end
		EINVAL|g raw papr,overlay-id abc fragment / content end end
		EINVAL|c cell papr,format 0 fragment / content end end
		EINVAL|c raw papr,format 1 fragment / content end end
		EINVAL|g raw papr,flags "" fragment / content end end
		EINVAL|g text papr,revert x fragment / content end end
		EINVAL|g raw papr,revert x
		ENOENT|g text papr,revert nobody
		ENOENT|g text papr,revert ""
		EOPNOTSUPP|c cell papr,format 2 fragment / content end end
		EOPNOTSUPP|g cell papr,flags 4 fragment / content end end
		EOPNOTSUPP|g cell papr,flags 0x80000001 fragment / content end end
		EOPNOTSUPP|g fragment / op replace content end end
		EOPNOTSUPP|g fragment / op "" content end end
		EOPNOTSUPP|g fragment / content node ov end end end node __fixups__ text x /ov:y:0 end
		EOPNOTSUPP|g fragment / content node ov end end end node __local_fixups__ node in end end
	EOF
}

@test "a compiler's overlay: labels of the base, own handles above the largest, references [ov-compiled]" {
	overlay 'labels >/dev/null; before=$(tree)
		a text papr,overlay-id o \
			$(open_fragment cell own 1 fill both 13 node dev cell phandle 1 end \
				node other cell ibm,phandle 2 cell peer 1 end) \
			node __symbols__ text dev /fragment@0/__overlay__/dev text here /fragment@0/__overlay__ \
				text none /fragment@0/none text away /aliases/x end \
			$(fixups names a /fragment@0:target:0 \
				names top /fragment@0/__overlay__:both:1,/fragment@0/__overlay__:both:9) \
			node __local_fixups__ node fragment@0 node __overlay__ cell own 0 \
				node other cell peer 0 end end end end
		for file in own both dev/phandle other/ibm,phandle other/peer; do bytes /ovt/a/$file; done
		cat $T/__symbols__/dev $T/__symbols__/here | tr "\0" "\n"
		echo $(ls $T/__symbols__)
		a text papr,overlay-id later node anything cell target 0xffffffff content text q r end end \
			$(fixups names dev /anything:target:0)
		tr "\0" "\n" <$T/ovt/a/dev/q
		r o; reason; r later; r o; [ "$(tree)" = "$before" ] && echo same'
	answers ok fffff001 00fffff00000000000fffff000 fffff001 fffff002 fffff001 \
		/ovt/a/dev /ovt/a 'a b bad dev gone here name ovt top' ok r \
		EBUSY 'o: the later change later must be reverted first' ok ok same
}

@test "a compiler's overlay: its labels are not added to a tree that has none [ov-no-labels]" {
	overlay 'base >/dev/null
		c fragment /ovt content node n end end end node __symbols__ text n /fragment@0/__overlay__/n end
		r $(newest); a fragment /ovt content node n end end end node __symbols__ text n /fragment@0/__overlay__/n end
		ls $T/__symbols__ 2>/dev/null; below /ovt'
	answers ok ok ok '. ./a ./a/ibm,phandle ./a/in ./a/in/name ./a/name ./a/s ./b@1 ./b@1/name ./b@1/reg ./n ./n/name ./name ./p ./q '
}

@test "a compiler's overlay: unresolved references are refused [ov-unresolved]" {
	overlay_table refused 'labels >/dev/null;' <<-'EOF'
		ENOENT|a $(open_fragment) $(fixups names nolabel /fragment@0:target:0)|label nolabel: the base tree has no such label
		ENODEV|a $(open_fragment) $(fixups names gone /fragment@0:target:0)|label gone: its node is missing in the base tree, or has no handle
		ENODEV|a $(open_fragment) $(fixups names bad /fragment@0:target:0)|label bad: its node is missing in the base tree, or has no handle
		ENODEV|a $(open_fragment) $(fixups names b /fragment@0:target:0)|label b: its node is missing in the base tree, or has no handle
		EINVAL|a $(open_fragment) $(fixups names a /fragment@0:target)|label a: "/fragment@0:target" in __fixups__: not PATH:PROPERTY:OFFSET
		EINVAL|a $(open_fragment) $(fixups names a /fragment@0:target:)|label a: "/fragment@0:target:" in __fixups__: not PATH:PROPERTY:OFFSET
		EINVAL|a $(open_fragment) $(fixups names a /fragment@0:target:-1)|label a: "/fragment@0:target:-1" in __fixups__: not PATH:PROPERTY:OFFSET
		EINVAL|a $(open_fragment) $(fixups names a /fragment@0:target:0x0)|label a: "/fragment@0:target:0x0" in __fixups__: not PATH:PROPERTY:OFFSET
		EINVAL|a $(open_fragment) $(fixups names a fragment@0:target:0)|label a: "fragment@0:target:0" in __fixups__: not PATH:PROPERTY:OFFSET
		EINVAL|a $(open_fragment) $(fixups names a /fragment@1:target:0)|label a: "/fragment@1:target:0" in __fixups__: no such node
		EINVAL|a $(open_fragment) $(fixups names a /fragment@0:no:0)|label a: "/fragment@0:no:0" in __fixups__: no such property
		EINVAL|a $(open_fragment) $(fixups names a /fragment@0:target:1)|label a: "/fragment@0:target:1" in __fixups__: the offset is outside the property
		EINVAL|a $(open_fragment) $(fixups names a /fragment@0:target:4294967296)|label a: "/fragment@0:target:4294967296" in __fixups__: the offset is outside the property
		EINVAL|a $(open_fragment) $(fixups fill a 0)|label a: "" in __fixups__: it does not end with NUL
		EINVAL|a $(open_fragment) $(fixups raw a /fragment@0:target:0)|label a: "/fragment@0:target:0" in __fixups__: it does not end with NUL
		EINVAL|a fragment /ovt content end end node __local_fixups__ node fragment@1 cell x 0 end end|/: fragment@1: __local_fixups__ names a missing node
		EINVAL|a fragment /ovt content end end node __local_fixups__ node fragment@0 cell x 0 end end|/fragment@0: x: __local_fixups__ names a missing property
		EINVAL|a fragment /ovt content cell x 1 end end node __local_fixups__ node fragment@0 node __overlay__ cell x 1 end end end|/fragment@0/__overlay__: x: __local_fixups__ has an offset outside the property
		EINVAL|a fragment /ovt content cell x 1 end end node __local_fixups__ node fragment@0 node __overlay__ raw x 123 end end end|/fragment@0/__overlay__: x: __local_fixups__ has a partial cell
		ENOSPC|a fragment /ovt content cell x 0x1000 end end node __local_fixups__ node fragment@0 node __overlay__ cell x 0 end end end|/fragment@0/__overlay__: x: a reference exceeds 32 bits
		EINVAL|a fragment /ovt content end end node __symbols__ raw x /fragment@0/__overlay__ end|__symbols__: x must be one string
		EEXIST|a fragment /ovt content node new end end end node __symbols__ text a /fragment@0/__overlay__/new end|/__symbols__: label a is in use
		EEXIST|a fragment /ovt content node new end end end node __symbols__ text name /fragment@0/__overlay__/new end|/__symbols__: label name is in use
		ENOENT|a $(open_fragment) $(fixups names name /fragment@0:target:0)|label name: the base tree has no such label
		EINVAL|a fragment /ovt content end end $(fixups names a /fragment@0:target-path:1)|fragment@0: target-path must be an absolute path, not several
		EINVAL|a text papr,overlay-id abcd fragment /ovt content end end $(fixups raw a /:papr,overlay-id:1\\x00)|papr,overlay-id must be 1 to 63 letters, digits or ._:-
	EOF
}

@test "a compiler's overlay: the file refuses what is not resolved" {
	overlay_table refused 'labels >/dev/null;' <<-'EOF'
		EOPNOTSUPP|c $(open_fragment) $(fixups names a /fragment@0:target:0)|blob: __fixups__ is not resolved, see papr-overlay(8)
		EOPNOTSUPP|c fragment /ovt content cell x 1 end end node __local_fixups__ node fragment@0 end end|blob: __local_fixups__ is not resolved, see papr-overlay(8)
		EOPNOTSUPP|c fragment /ovt content node n end end end node __symbols__ text n /fragment@0/__overlay__/n end|blob: __symbols__ is not resolved, see papr-overlay(8)
		EINVAL|c fragment /ovt content node a cell phandle 1 end end end|fragment@0, /ovt/a: the node has handle 0xfe01, not 0x1
		ok|c cell papr,flags 1 fragment /ovt content node n cell ibm,phandle 0xfe02 end end end node __fixups__ end node __symbols__ end
		ok|g cell papr,flags 1 fragment /ovt content end end node __symbols__ text a /x end
	EOF
}

@test "a compiler's overlay: a fragment is found by its content, other nodes are ignored [ov-content]" {
	overlay 'labels >/dev/null
		c text compatible board node __overrides__ cell speed 0 text x "a:0" end \
			node fragment@1 text target-path /no end node aliases text i2c /x end \
			node whatever text target-path /ovt/b@1 content node n end end end
		a fragment /ovt/b@1 content node m end end end \
			node __symbols__ text ovt /fragment@0/__overlay__/m text new /fragment@0/__overlay__/m end
		reason; ls $T/__symbols__/new 2>&1 | tail -n 1 | sed "s/.*: //"
		a fragment /ovt content node m end end end node __symbols__ text ovt /fragment@0/__overlay__ end
		below /ovt/b@1'
	answers ok EEXIST '/__symbols__: label ovt is in use' 'No such file or directory' ok \
		'. ./n ./n/name ./name ./reg '
}

@test "reasons: a descriptor has that of its own blob, others that of the newest [ov-reasons]" {
	overlay 'bad() { $H/fdtwords node "" fragment /"$1" content end end end; }
		bad no1 >/tmp/1; bad no2 >/tmp/2; bad ovt >/tmp/good
		why() { sed -n "s/^reason: //p"; }
		base >/dev/null; why <$F
		exec 3<>$F 4<>$F
		cat /tmp/1 >&3; cat /tmp/2 >&4
		why <&3; why <&4; why <$F
		w /tmp/good; why <$F
		head -c 100 /tmp/1 >&4; exec 3>&- 4>&-; why <$F; sed -n "1s/.*last/last/p" $F'
	assert_stdout - <<-'EOF'
		fragment@0, /no1: the node does not exist
		fragment@0, /no2: the node does not exist
		fragment@0, /no2: the node does not exist
		ok
		blob: incomplete when the file was closed
		last=-32
	EOF
}

@test "reasons: a long name is cut, control bytes become question marks [ov-reason-text]" {
	overlay 'long=$(printf %0200d 0)
		g fragment /$long/$long/$long content end end; reason | wc -c
		g fragment "$(printf "/a\nb\377")" content end end; reason
		g fragment / content node $long node $long cell phandle 0xfe02 node x cell phandle 0xfe02 end end end end end
		reason | sed "s/0\{10,\}/&,/g; s/0*\(0\{5\},\)/\1/g"; reason | wc -c'
	answers ENODEV 238 ENODEV 'fragment@0, /a?b?: the node does not exist' EEXIST \
		'fragment@0, ...00000,/x: handle 0xfe02 is in use by ...00000,' 360
}

@test "the limits: the largest number is accepted, one more is refused [ov-limits]" {
	overlay_table refused <<-'EOF'
		ok|g cell papr,flags 1 fragment / content nodes 1024 end end
		E2BIG|g cell papr,flags 1 fragment / content nodes 1025 end end
		E2BIG|g cell papr,flags 1 fragment / content nodes 1000 end end fragment / content node ov nodes 24 end end end
		ok|g cell papr,flags 1 fragment / content deep 16 end end
		E2BIG|g cell papr,flags 1 fragment / content deep 17 end end
		ok|g cell papr,flags 1 fragment / content props 16380 end end
		E2BIG|g cell papr,flags 1 fragment / content props 16383 end end
		ok|g cell papr,flags 1 fragment / content end end nodes 0 node __symbols__ nodes 2044 end
		E2BIG|g cell papr,flags 1 fragment / content end end node __symbols__ nodes 2045 end
		ok|g cell papr,flags 1 $(i=0; while [ $i -lt 64 ]; do echo fragment / content end end; i=$((i + 1)); done)
		E2BIG|g cell papr,flags 1 $(i=0; while [ $i -lt 65 ]; do echo fragment / content end end; i=$((i + 1)); done)
		ok|g cell papr,flags 1 fragment / content node $(printf %0255d 0) cell $(printf %0255d 1) 1 end end end
		ok|g cell papr,flags 1 text papr,overlay-id $(printf %063d 0) fragment / content end end
		ok|f node "" cell papr,flags 1 fragment / content fill ov 1000000 end end end done size 1048576
		EFBIG|f node "" cell papr,flags 1 fragment / content fill ov 1000000 end end end done size 1048577
	EOF
}

# Each fragment adds up to 16 levels below the last node of the one before. 5 x 16 levels
# once exceeded the kernel's stack.
@test "the limits: 64 levels of new nodes, from however many fragments" {
	overlay 'levels() {
			local path=/ left=$1 deep=
			while [ $left -gt 0 ]; do
				deep=$((left < 16 ? left : 16)) left=$((left - 16))
				echo fragment $path content deep $deep end end
				[ $path != / ] || path=
				path=$path/d1/d2/d3/d4/d5/d6/d7/d8/d9/d10/d11/d12/d13/d14/d15/d16
			done
		}
		tree >/tmp/0
		g cell papr,flags 1 $(levels 64); tree | cmp - /tmp/0
		for flags in 1 0; do for n in 65 80 512; do
			g cell papr,flags $flags $(levels $n); reason | sed "s/[^ ]*\(.\{10\}: \)/\1/"
		done; done
		tree | cmp - /tmp/0
		g text papr,overlay-id deep $(levels 64); records; r deep; tree | cmp - /tmp/0
		g text papr,overlay-id two $(levels 63); g fragment $(cd $T && find d1 -name d15 | tail -n 1 | sed s,^,/,) content node x node y end end end end
		back; tree | cmp - /tmp/0'
	local refused=(E2BIG 'fragment@4, d15/d16/d1: more than 64 levels of new nodes')

	answers ok "${refused[@]}" "${refused[@]}" "${refused[@]}" "${refused[@]}" "${refused[@]}" \
		"${refused[@]}" ok 'deep nodes=+64/-0 props=0' ok ok ok
}

@test "targets: all are found by path or handle before a change [ov-targets]" {
	overlay_table refused 'base >/dev/null;' <<-'EOF'
		ENODEV|g fragment /no content end end
		ENODEV|g fragment /ovt/no content end end
		ENODEV|g fragment //ovt content end end
		ENODEV|g fragment /ovt/b content end end
		ENODEV|g fragment /ovt/b@1/ovt content end end
		ENODEV|g fragment /ovt#1 content end end
		ENODEV|g fragment /OVT content end end
		ENODEV|g fragment "/ovt:x" content end end
		ENODEV|g fragment /$(printf %0300d 0) content end end
		ENODEV|g to 0 content end end
		ENODEV|g to 0xfe77 content end end
		ENODEV|g to 0xffffffff content end end
		ENODEV|g to 0xfe77 text target-path /ovt content end end
		ENODEV|g fragment /ovt/new content end end fragment /ovt content node new end end end
		ENODEV|g fragment /ovt op remove-node end fragment /no content end end
		ENODEV|g fragment /no op remove-node end
		ok|g cell papr,flags 1 to 0xfe01 content end end
		ok|g cell papr,flags 1 to 0xfe01 text target-path /no content end end
		ok|g cell papr,flags 1 fragment /ovt/b@1/ content end end
		ok|g cell papr,flags 1 fragment / content end end
	EOF
}

@test "a failure in the middle: nothing is applied [ov-atomic]" {
	overlay_table refused 'base >/dev/null;' <<-'EOF'
		ENODEV|g fragment /ovt content node new end end end fragment /no content end end
		ENODEV|g fragment /ovt op remove-node end fragment /ovt content end end
		ENODEV|g fragment /ovt op remove-node end fragment /ovt/a content end end
		ENODEV|g fragment /ovt op remove-node end fragment /ovt op remove-node end
		EPERM|g fragment /ovt op remove-node end fragment / op remove-node end
		EEXIST|g fragment /ovt op add content node new end node a end end end
		EEXIST|g fragment /ovt content text p two end end fragment /ovt op add content text p three end end
		EEXIST|g fragment /ovt content node new end end end fragment /ovt op add content node new end end end
		ENOENT|g fragment /ovt content text p two end end fragment /ovt op update content text new x end end
		ENOENT|g fragment /ovt content text p two end end fragment /ovt op update content node new end end end
		ENOENT|g fragment /ovt op update content text p two node a node no end end end end
		ENOENT|g fragment /ovt op remove-properties names papr,properties p,q,no end
		ENOENT|g fragment /ovt op remove-properties names papr,properties p,p end
		ENOENT|g fragment /ovt op remove-properties names papr,properties p end fragment /ovt op update content text p x end end
		EEXIST|g fragment /ovt content node new cell phandle 0xfe01 end end end
		EEXIST|g fragment /ovt content node new cell ibm,phandle 0xfe01 end end end
		EEXIST|g fragment /ovt content node new cell linux,phandle 0xfe01 end end end
		EEXIST|g fragment /ovt content node n1 cell phandle 0xfe05 end node n2 cell ibm,phandle 0xfe05 end end end
		EEXIST|g fragment /ovt content node n1 cell phandle 0xfe05 end end end fragment / content node ovn cell phandle 0xfe05 end end end
		EOPNOTSUPP|g fragment /ovt/b@1 content cell ibm,phandle 0xfe01 end end
		EEXIST|g text papr,overlay-id base fragment /ovt content node new end end end
		EEXIST|g text papr,overlay-id base cell papr,flags 1 fragment /ovt content end end
		EEXIST|g text papr,overlay-id base cell papr,flags 2 fragment /ovt content end end
	EOF
}

@test "a check is answered like a change, and changes nothing [ov-check]" {
	overlay_table refused 'base >/dev/null;' <<-'EOF'
		ok|g cell papr,flags 1 fragment /ovt op add content node new end end end
		ok|g cell papr,flags 3 fragment /ovt op remove-node end
		ok|g cell papr,flags 1 fragment /ovt op remove-node end fragment / content node ovt end end end
		ok|g cell papr,flags 1 text papr,revert base
		ENOENT|g cell papr,flags 1 text papr,revert no
		EEXIST|g cell papr,flags 1 fragment /ovt op add content node a end end end
	EOF
}

@test "an addition: nested nodes, unchanged bytes, a name if the blob has none [ov-add]" {
	overlay 'tree >/tmp/0; base; below /ovt; od -An -tx1 $T/ovt/a/s $T/ovt/b@1/reg
		cat $T/ovt/name $T/ovt/b@1/name | od -An -c; records; r base; tree | cmp - /tmp/0; ls -d $T/ovt 2>/dev/null
		g fragment / content node x@1@2 end node @3 text e "" fill none 0 end end end; cat $T/x@1@2/name $T/@3/name | od -An -c
		stat -c %s $T/@3/none'
	answers ok '. ./a ./a/ibm,phandle ./a/in ./a/in/name ./a/name ./a/s ./b@1 ./b@1/name ./b@1/reg ./name ./p ./q ' \
		' 61 20 61 00 00 00 00 01' '   o   v   t  \0   b  \0' 'base nodes=+4/-0 props=0' ok ok '   x   @   1  \0  \0' 0
}

@test "several fragments: each depends on the earlier ones [ov-several]" {
	overlay 'base >/dev/null; tree >/tmp/0
		g text papr,overlay-id many fragment /ovt content node n cell x 1 end end end \
			fragment /ovt content node n cell y 2 node m end end end end fragment /ovt op update content node n cell x 3 end end end \
			fragment /ovt/a op remove-node end fragment /ovt content node a cell ibm,phandle 0xfe01 end end end \
			to 0xfe02 content end end
		g text papr,overlay-id many fragment /ovt content node n cell x 1 end end end \
			fragment /ovt content node n cell y 2 node m end end end end fragment /ovt op update content node n cell x 3 end end end \
			fragment /ovt/a op remove-node end fragment /ovt content node a cell ibm,phandle 0xfe01 end end end \
			fragment /ovt/n/m content cell z 1 end end to 0xfe01 content cell z 1 end end fragment /ovt/a op remove-properties names papr,properties z end \
			fragment /ovt op remove-properties names papr,properties p end fragment /ovt op add content text p again end end
		below /ovt; od -An -tx1 $T/ovt/n/x $T/ovt/n/y; cat $T/ovt/p | tr "\0" "\n"; records; r many; tree | cmp - /tmp/0; below /ovt'
	answers ENODEV ok '. ./a ./a/ibm,phandle ./a/name ./b@1 ./b@1/name ./b@1/reg ./n ./n/m ./n/m/name ./n/m/z ./n/name ./n/x ./n/y ./name ./p ./q ' \
		' 00 00 00 03 00 00 00 02' again 'base nodes=+4/-0 props=0' 'many nodes=+3/-2 props=1' ok \
		'. ./a ./a/ibm,phandle ./a/in ./a/in/name ./a/name ./a/s ./b@1 ./b@1/name ./b@1/reg ./name ./p ./q '
}

@test "several fragments: properties of a new node are added, changed and removed" {
	overlay_table refused "new='fragment / content node ovt cell p 1 text q a end end end'"'
		without="$new fragment /ovt op remove-properties names papr,properties p end"' <<-'EOF'
		EEXIST|g $new fragment /ovt op add content cell p 2 end end|fragment@1, /ovt: property p exists
		ENOENT|g $new fragment /ovt op update content cell r 2 end end|fragment@1, /ovt: property r does not exist
		ENOENT|g $new fragment /ovt op remove-properties names papr,properties q,q end|fragment@1, /ovt: property q does not exist
		ENOENT|g $without fragment /ovt op update content cell p 2 end end|fragment@2, /ovt: property p does not exist
		EINVAL|g $new fragment /ovt op remove-properties names papr,properties q,name end|fragment@1, /ovt: property name cannot be removed
		ok|g cell papr,flags 1 $without fragment /ovt op add content cell p 2 end end
		ok|g cell papr,flags 1 fragment / content node ovt props 8000 end end end fragment /ovt op update content props 8000 end end
	EOF
	overlay 'tree >/tmp/0; g text papr,overlay-id new fragment / content node ovt cell p 1 text q a cell r 3 node in cell x 1 end end end end \
			fragment /ovt content cell q 2 cell s 4 end end fragment /ovt op remove-properties names papr,properties p,q end \
			fragment /ovt content text q b node in cell y 2 end end end fragment /ovt op update content cell r 5 end end \
			fragment /ovt/in op remove-properties names papr,properties x,y end
		below /ovt; od -An -tx1 $T/ovt/r $T/ovt/s; cat $T/ovt/q | tr "\0" "\n"; records; r new; tree | cmp - /tmp/0'
	answers ok '. ./in ./in/name ./name ./q ./r ./s ' ' 00 00 00 05 00 00 00 04' b 'new nodes=+2/-0 props=0' ok
}

@test "an update: values changed, longer, shorter and empty, also in nodes below [ov-update]" {
	overlay 'base >/dev/null; tree >/tmp/0; i=0
		for words in "text p two" "text p a-much-longer-value-than-that-before" "fill p 0" "fill q 40000" "text p two text p2 x"; do
			g fragment /ovt content $words end end; od -An -v -tx1 $T/ovt/p | tr -d "\n" | cut -c1-30 | grep .; stat -c %s $T/ovt/q
		done
		g fragment /ovt op update content cell q 9 node a text s new end node b@1 cell reg 2 end end end
		cat $T/ovt/a/s | tr "\0" "\n"; od -An -tx1 $T/ovt/b@1/reg $T/ovt/q; back >/dev/null; base; tree | cmp - /tmp/0'
	answers ok ' 74 77 6f 00' 4 ok ' 61 2d 6d 75 63 68 2d 6c 6f 6e' 4 ok 4 ok 40000 ok ' 74 77 6f 00' 40000 \
		ok new ' 00 00 00 02 00 00 00 09' ok
}

@test "an update does not change a node's own properties [ov-own]" {
	overlay 'base >/dev/null
		g fragment /ovt/a content text name other cell phandle 0xfe01 cell linux,phandle 0xfe01 text s x end end
		g fragment /ovt content node a text name other end end end; below /ovt/a; cat $T/ovt/a/name | tr "\0" "\n"
		g cell papr,flags 1 to 0xfe09 content end end; g cell papr,flags 1 to 0xfe01 op update content text s y end end
		records | cut -d" " -f2-'
	answers ok ok '. ./ibm,phandle ./in ./in/name ./name ./s ' a ENODEV ok 'nodes=+4/-0 props=0' 'nodes=+0/-0 props=1' 'nodes=+0/-0 props=0'
}

@test "a handle: a live node keeps its own, or has none; that of a new node is free after the revert [ov-handle-live]" {
	overlay 'base >/dev/null; tree >/tmp/0
		for handle in phandle linux,phandle ibm,phandle; do g fragment /ovt/a content cell $handle 0xfe09 end end; done
		for handle in phandle linux,phandle ibm,phandle; do g fragment /ovt/a content cell $handle 0xfe01 end end; done
		for raw in abc abcde ""; do g fragment /ovt/b@1 content raw phandle "$raw" end end; done
		g fragment /ovt/b@1 content cell phandle 0 end end
		for op in merge add update; do g fragment /ovt/b@1 op $op content cell phandle 0xfe09 end end; done; reason
		for name in name ibm,phandle; do g fragment /ovt/a op remove-properties raw papr,properties "$name\x00" end; done; tree | cmp - /tmp/0
		g text papr,overlay-id takes fragment /ovt content node n end end end fragment /ovt/n content cell phandle 0xfe09 end end
		g cell papr,flags 1 to 0xfe09 content end end; g fragment / content node ovu cell phandle 0xfe09 end end end
		r takes; g cell papr,flags 1 to 0xfe09 content end end; tree | cmp - /tmp/0
		g fragment /ovt content node n end end end fragment /ovt/n op update content cell phandle 0xfe09 end end
		g text papr,overlay-id other fragment / content node ovu cell phandle 0xfe09 end end end; r other; tree | cmp - /tmp/0'
	answers EINVAL EINVAL EINVAL ok ok ok EINVAL EINVAL EINVAL EINVAL EOPNOTSUPP EOPNOTSUPP EOPNOTSUPP \
		'fragment@0, /ovt/b@1: a node of the live tree cannot get a handle' EINVAL EINVAL ok ok EEXIST ok ENODEV ENOENT ok ok
}

# The kernel keeps pointers to nodes by handle. 0xfe0a and other handles share a place there.
@test "a handle: no look-up finds a freed node [ov-handle-freed]" {
	overlay '{ g cell papr,flags 2 fragment / content node ovt node x end end end end
			g text papr,overlay-id hand fragment /ovt/x content cell phandle 0xfe0a end end
			g cell papr,flags 1 to 0xfe0a content end end
			r hand
			g cell papr,flags 2 fragment /ovt op remove-node end
			handle=$((0xf000)); while [ $handle -lt $((0xf100)) ]; do g cell papr,flags 1 to $handle content end end; handle=$((handle + 1)); done
		} | sort | uniq -c | sed "s/^ *//"'
	answers '257 ENODEV' '1 ENOENT' '1 EOPNOTSUPP' '2 ok'
}

@test "equal values are no change: no record of them, and no notification [ov-equal]" {
	overlay 'base >/dev/null
		g text papr,overlay-id same fragment /ovt content text p one cell q 7 node a text s "a a" end end end; records
		g cell papr,flags 2 fragment /ovt content text p two end end; r same
		[ ! -e /sys/module/papr_dt_overlay/refcnt ] || ! modprobe papr-test-notifier 2>/dev/null || {
			N=/sys/module/papr_test_notifier/parameters; echo /ovt >$N/watch
			g cell papr,flags 2 fragment /ovt content text p two node b@1 cell reg 1 end end end >/dev/null
			[ "$(cat $N/present)" = 0 ] || echo "$(cat $N/present) notifications"
			rmmod papr-test-notifier; }
		g cell papr,flags 2 fragment /ovt content text p one end end'
	answers ok 'base nodes=+4/-0 props=0' 'same nodes=+0/-0 props=0' ok ok ok
}

@test "a notified part of the kernel finds all of the blob [ov-at-once]" {
	[[ ${GUEST_KIND:-real} != sim ]] || skip "papr-vmm has no such parts"
	overlay 'base >/dev/null; modprobe papr-test-notifier watch=/ovt/new/in/last; N=/sys/module/papr_test_notifier/parameters
		g fragment /ovt content text p two text r x node new cell reg 1 node in node last end end end end end \
			fragment /ovt op remove-properties names papr,properties q end
		cat $N/present $N/absent; rmmod papr-test-notifier'
	answers ok 6 0
}

@test "a revert is refused while a later blob changes the same nodes" {
	overlay 'tree >/tmp/0; g text papr,overlay-id first fragment / content node ovt cell x 1 node in cell y 1 end end end end
		g cell papr,flags 2 fragment /ovt/in content cell y 2 end end; r first
		g cell papr,flags 2 fragment /ovt/in content cell y 1 cell z 1 end end; r first
		g cell papr,flags 2 fragment /ovt/in op remove-properties names papr,properties z end; r first; tree | cmp - /tmp/0
		base >/dev/null; g text papr,overlay-id del fragment /ovt/a op remove-node end
		g cell papr,flags 2 fragment / content node ovu cell phandle 0xfe01 end end end; r del
		g cell papr,flags 2 fragment /ovu op remove-node end; r del; g cell papr,flags 1 to 0xfe01 content end end'
	answers ok ok EBUSY ok EBUSY ok ok ok ok EBUSY ok ok ok
}

@test "a revert depends on later blobs for the same property, the node or the node above" {
	overlay 'base >/dev/null; tree >/tmp/0
		g text papr,overlay-id w fragment /ovt/a content cell w 1 end end; g text papr,overlay-id x fragment /ovt/a content cell x 1 end end
		g text papr,overlay-id in fragment /ovt/a/in content cell w 1 end end
		r w; g text papr,overlay-id w fragment /ovt/a content cell w 1 end end; r x; r in; ls $T/ovt/a | tr "\n" " "; echo
		g text papr,overlay-id again fragment /ovt/a content cell w 2 end end; r w; reason; r again
		g text papr,overlay-id node fragment /ovt/a content node n end end end; g text papr,overlay-id gone fragment /ovt op remove-node end
		r w; reason; r node; reason; for id in gone node w; do r $id; done; tree | cmp - /tmp/0'
	answers ok ok ok ok ok ok ok 'ibm,phandle in name s w ' ok EBUSY 'w: the later change again must be reverted first' ok ok ok \
		EBUSY 'w: the later change gone must be reverted first' EBUSY 'node: the later change gone must be reverted first' ok ok ok
}

@test "a property changed several times has one effect: a later failure undoes all changes" {
	overlay_table refused 'base >/dev/null;' <<-'EOF'
		ENOSPC|g fragment /ovt content cell w 1 node new cell x 1 end end end fragment /ovt content cell w 2 cell p 3 node new cell x 2 end end end fragment /cpus content node cpu@99 text device_type cpu cell reg 0x99 cell ibm,ppc-interrupt-server#s 0x99 end end end
		ENOSPC|g fragment /ovt op remove-properties names papr,properties p end fragment /ovt content text p again end end fragment /ovt/a op remove-node end fragment /ovt content node a end end end fragment /cpus content node cpu@99 text device_type cpu cell reg 0x99 cell ibm,ppc-interrupt-server#s 0x99 end end end
	EOF
	overlay 'base >/dev/null; tree >/tmp/0; g text papr,overlay-id twice fragment /ovt content cell w 1 end end fragment /ovt content cell w 2 end end \
			fragment /ovt content node n cell x 1 end end end fragment /ovt/b@1 op remove-node end
		od -An -tx1 $T/ovt/w; ls $T/ovt | tr "\n" " "; echo; records | tail -n 1; r twice; tree | cmp - /tmp/0
		g text papr,overlay-id none fragment /ovt content cell w 1 node n end end end fragment /ovt op remove-properties names papr,properties w end \
			fragment /ovt op update content text p one end end; records | tail -n 1; r none; tree | cmp - /tmp/0'
	answers ok ' 00 00 00 02' 'a n name p q w ' 'twice nodes=+1/-1 props=1' ok ok 'none nodes=+1/-0 props=0' ok
}

@test "a node of an online processor or memory is not removed" {
	overlay_table refused '' <<-'EOF'
		EBUSY|g fragment /cpus/PowerPC,POWER9@0 op remove-node end
		EBUSY|g cell papr,flags 1 fragment /cpus op remove-node end
		EBUSY|g fragment /memory@0 op remove-node end
	EOF
}

@test "a removal: properties, a leaf, all below a node [ov-remove]" {
	overlay 'base >/dev/null; tree >/tmp/0
		g fragment /ovt op remove-properties names papr,properties p,q end; below /ovt
		g fragment /ovt/b@1 op remove-node end to 0xfe01 op remove-node end; below /ovt
		g cell papr,flags 1 to 0xfe01 content end end
		g fragment /ovt op remove-node end; ls -d $T/ovt 2>/dev/null; records | cut -d" " -f2-
		r base; r "$(newest)"; r "$(newest)"; r "$(newest)"; tree | cmp - /tmp/0; below /ovt'
	answers ok '. ./a ./a/ibm,phandle ./a/in ./a/in/name ./a/name ./a/s ./b@1 ./b@1/name ./b@1/reg ./name ' ok '. ./name ' ENODEV ok \
		'nodes=+4/-0 props=0' 'nodes=+0/-0 props=2' 'nodes=+0/-3 props=0' 'nodes=+0/-1 props=0' EBUSY ok ok ok \
		'. ./a ./a/ibm,phandle ./a/in ./a/in/name ./a/name ./a/s ./b@1 ./b@1/name ./b@1/reg ./name ./p ./q '
}

@test "a removal: the handle is free again [ov-handle-free]" {
	overlay 'base >/dev/null; tree >/tmp/0
		g fragment /ovt/a op remove-node end fragment /ovt content node c cell phandle 0xfe01 end end end
		g cell papr,flags 1 to 0xfe01 op update content end end; below /ovt; r "$(newest)"; tree | cmp - /tmp/0'
	answers ok ok '. ./b@1 ./b@1/name ./b@1/reg ./c ./c/name ./c/phandle ./name ./p ./q ' ok
}

@test "a handle has three names, and phandle takes precedence [ov-handles]" {
	overlay 'g fragment / content node ovt node a cell phandle 0xfe01 end node b cell linux,phandle 0xfe02 end \
			node c cell ibm,phandle 0xfe03 cell phandle 0xfe04 end end end end
		for handle in 0xfe01 0xfe02 0xfe03 0xfe04; do g cell papr,flags 1 to $handle content end end; done'
	answers ok ok ok ENODEV ok
}

@test "a revert: newest first, or independent ones in any order [ov-revert]" {
	overlay 'tree >/tmp/0; base; g text papr,overlay-id two fragment /ovt content text p two end end
		g text papr,overlay-id three fragment /chosen content text ovt x end end
		g text papr,overlay-id four fragment /ovt/a content node n end end end
		for id in base two no four base three two base; do r $id; done; tree | cmp - /tmp/0; records'
	answers ok ok ok ok EBUSY ok ENOENT ok ok ok ENOENT ENOENT
}

@test "a revert is refused after a change by others, until that is undone [ov-revert-busy]" {
	overlay 'O=/proc/ppc64/ofdt; w_() { $H/rawcall write $O "$1"; }
		g text papr,overlay-id one fragment / content node ovt node a end end end end
		w_ "remove_node /ovt/a"; r one; w_ "add_node /ovt/a "; w_ "add_node /ovt/b "; r one; w_ "remove_node /ovt/b"; r one; ls -d $T/ovt 2>/dev/null
		base >/dev/null; g text papr,overlay-id gone fragment /ovt/a op remove-node end
		w_ "add_node /ovt/a "; r gone; w_ "remove_node /ovt/a"; r gone; ls $T/ovt/a | tr "\n" " "; echo
		g text papr,overlay-id set fragment /ovt/a content text new x end end; w_ "remove_property 0xfe01 new"; r set
		w_ "update_property 0xfe01 new 2 y "; r set
		printf "update_property 0xfe01 new 2 x\0" | $H/rawcall write $O; r set; ls $T/ovt/a | tr "\n" " "; echo'
	answers ok 18 EBUSY 16 16 EBUSY 18 ok ok 16 EBUSY 18 ok 'ibm,phandle in name s ' ok 26 EBUSY 31 EBUSY 31 ok 'ibm,phandle in name s '
}

@test "records have names or numbers, and transient blobs have none [ov-records]" {
	overlay 'seq=$(seq); g cell papr,flags 2 fragment / content node ovt end end end
		g cell papr,flags 2 text papr,overlay-id x fragment /ovt op remove-node end; records
		g text papr,overlay-id A.b_c:d-9 fragment /chosen content text ovt x end end; g fragment /chosen content text ovu x end end; records
		n=$(newest); r "$n"; r "$n"; r A.b_c:d-9; records; echo $(($(seq) - seq)); head -n 1 $F | sed "s/.*seq=[0-9]* //"'
	assert_stdout --regexp $'^ok\nok\nok\nok\nA.b_c:d-9 nodes=\+0/-0 props=1\n#[0-9]+ nodes=\+0/-0 props=1\nok\nENOENT\nok\n6\nlast=0$'
}

@test "256 changes are kept; a change that cannot be reverted is forgotten [ov-kept]" {
	overlay 'i=0; while [ $i -lt 256 ]; do
			g fragment / content node ovt cell x $i end end end; i=$((i + 1))
		done | sort | uniq -c | sed "s/^ *//"
		g fragment /ovt content cell y 1 end end; reason
		g cell papr,flags 1 fragment /ovt content cell y 1 end end; g cell papr,flags 2 fragment /ovt content cell y 1 end end
		tree >/tmp/1; seq=$(seq)
		records | cut -d" " -f1 | while read -r id; do
			[ "$id" = "$(newest)" ] || g cell papr,flags 2 text papr,revert "$id"
		done | sort | uniq -c | sed "s/^ *//"
		tree | cmp - /tmp/1
		g cell papr,flags 3 text papr,revert "$(newest)"; r "$(newest)"; records | wc -l
		g cell papr,flags 2 text papr,revert nobody; reason; echo $(($(seq) - seq))
		g cell papr,flags 2 fragment /ovt op remove-node end'
	answers '256 ok' ENOSPC 'blob: 256 changes are kept, revert or forget one' ENOSPC ok \
		'255 ok' ok ok 0 ENOENT 'blob: no change is kept as nobody' 1 ok
}

@test "memory of any size is compared with the memory that Linux has [ov-memory-range]" {
	overlay '$H/fdtwords node "" cell papr,flags 2 fragment / content node ovm text device_type memory \
			raw reg "\x00\x00\x01\x00\x00\x00\x00\x00\x40\x00\x00\x00\x00\x00\x00\x00" end end end end >/tmp/blob; w
		from=$(cut -d. -f1 /proc/uptime)
		g cell papr,flags 1 fragment /ovm op remove-node end; g cell papr,flags 2 fragment /ovm op remove-node end
		[ $(($(cut -d. -f1 /proc/uptime) - from)) -lt 15 ] || echo late'
	answers ok ok ok
}

@test "1 MB is accepted in one write and in many, and the list is complete [ov-large]" {
	overlay '$H/fdtwords node "" fragment / content node ovt fill big 1048000 cell x 7 end end end end done size 1048576 >/tmp/big
		w /tmp/big; stat -c %s $T/ovt/big; od -An -tx1 $T/ovt/x; back; ls -d $T/ovt 2>/dev/null
		dd if=/tmp/big of=$F bs=65535 2>/dev/null && stat -c %s $T/ovt/big; back
		cat /tmp/big >$F && od -An -tx1 $T/ovt/x; back; records'
	answers ok 1048000 ' 00 00 00 07' 1048000 ' 00 00 00 07'
}

@test "several writes are one blob, several blobs may follow each other [ov-writes]" {
	overlay 'f node "" cell papr,flags 2 fragment / content node ovt end end end end; ls $T/ovt
		$H/fdtwords node "" cell papr,flags 2 fragment /ovt op remove-node end end >/tmp/del
		dd if=/tmp/del of=$F bs=1 2>/dev/null && ls $T/ovt 2>/dev/null; cp /tmp/blob /tmp/add
		for n in 3 4 7 8 9 39 40 41; do
			dd if=/tmp/add of=$F bs=$n 2>/dev/null && ls -d $T/ovt | wc -l; dd if=/tmp/del of=$F bs=$n 2>/dev/null && ls -d $T/ovt 2>/dev/null
		done
		(cat /tmp/add; cat /tmp/del; cat /tmp/add) >$F; ls $T/ovt; (cat /tmp/del; cat /tmp/add; cat /tmp/del) >$F; ls $T/ovt 2>/dev/null
		cat /tmp/add /tmp/del >/tmp/both; w /tmp/both; ls $T/ovt 2>/dev/null; seq=$(seq); dd if=/tmp/both of=$F bs=$(wc -c </tmp/add) 2>/dev/null; echo $(($(seq) - seq))'
	answers ok name 1 1 1 1 1 1 1 1 name EINVAL 2
}

@test "an incomplete blob is dropped, a failing one changes nothing [ov-incomplete]" {
	overlay 'tree >/tmp/0; last() { sed -n "1s/.*last=//p" $F; }
		ended() { wait_until "[ \"\$(last)\" = $1 ]"; last; }
		$H/fdtwords node "" cell papr,flags 2 fragment / content node ovt end end end end >/tmp/add; seq=$(seq)
		for n in 1 7 8 39 40 100; do head -c $n /tmp/add >$F; ended -32; $H/rawcall write $F 12345678 ; last; done
		(printf 12345678; cat /tmp/add; printf "\320\r\376\355\177\0\0\0"; head -c 60 /tmp/add) >$F 2>/dev/null; ended -32
		{ printf 12345678 2>/dev/null; cat /tmp/add; } >$F; ls $T/ovt
		f node "" cell papr,flags 2 fragment /ovt op remove-node end end; last; tree | cmp - /tmp/0; echo $(($(seq) - seq))'
	answers -32 EINVAL -22 -32 EINVAL -22 -32 EINVAL -22 -32 EINVAL -22 -32 EINVAL -22 -32 EINVAL -22 -32 name ok 0 2
}

@test "concurrent writers: each blob is complete, and the tree has both [ov-writers]" {
	overlay 'tree >/tmp/0; seq=$(seq); mkdir -p /tmp/at-once
		for i in 1 2 3 4; do
			$H/fdtwords node "" cell papr,flags 2 fragment / content node ovt$i nodes 20 end end end end >/tmp/at-once/add$i
			$H/fdtwords node "" cell papr,flags 2 fragment /ovt$i op remove-node end end >/tmp/at-once/del$i
		done
		for i in 1 2 3 4; do
			(for n in 1 2 3 4 5 6 7 8 9 10; do
				dd if=/tmp/at-once/add$i of=$F bs=100 2>/dev/null; ls -d $T/ovt$i/n20; cat /tmp/at-once/del$i >$F
			done >/tmp/at-once/out$i 2>&1) &
		done; wait; cat /tmp/at-once/out* | sort | uniq -c | sed "s/^ *//"; tree | cmp - /tmp/0; echo $(($(seq) - seq))'
	answers '10 /proc/device-tree/ovt1/n20' '10 /proc/device-tree/ovt2/n20' '10 /proc/device-tree/ovt3/n20' '10 /proc/device-tree/ovt4/n20' 80
}

@test "concurrent writers for one node: one of them succeeds [ov-one-wins]" {
	overlay 'tree >/tmp/0; $H/fdtwords node "" fragment / op add content node ovt end end end end >/tmp/add; seq=$(seq)
		for i in 1 2 3 4 5 6 7 8; do w /tmp/add & done | sort | uniq -c | sed "s/^ *//"; echo $(($(seq) - seq)); back; tree | cmp - /tmp/0'
	answers '7 EEXIST' '1 ok' 1
}

@test "two writers with one descriptor: the result is a complete blob or nothing [ov-one-fd]" {
	overlay 'tree >/tmp/0; $H/fdtwords node "" cell papr,flags 2 fragment / op add content node ovt end end end end >/tmp/add
		(dd if=/tmp/add bs=8 2>/dev/null & dd if=/tmp/add bs=8 2>/dev/null & wait) >$F; sleep 0
		[ ! -e $T/ovt ] || f node "" cell papr,flags 2 fragment /ovt op remove-node end end >/dev/null; tree | cmp - /tmp/0 && echo same'
	answers same
}

@test "the writer: root, but not root of a user namespace [ov-namespace]" {
	overlay '$H/fdtwords node "" fragment / content node ovt end end end end >/tmp/blob; chmod 644 /tmp/blob
		unshare -Ur $H/rawcall write $F </tmp/blob; unshare -Ur head -c 17 $F; echo; [ ! -e $T/ovt ]'
	answers EPERM 'papr-dt-overlay 1'
}

@test "the writer: other users can neither write nor read [ov-user]" {
	overlay 'grep -qs ^nobody: /etc/passwd || echo "nobody:x:65534:65534::/:/bin/sh" >>/etc/passwd
		$H/fdtwords node "" fragment / content node ovt end end end end >/tmp/blob; chmod 755 /; chmod 644 /tmp/blob
		su nobody -s /bin/sh -c "$H/rawcall write $F </tmp/blob; $H/rawcall read $F 10"; [ ! -e $T/ovt ]'
	answers EACCES EACCES
}

@test "the writer: any user to whom root passes the open file [ov-given]" {
	overlay 'grep -qs ^nobody: /etc/passwd || echo "nobody:x:65534:65534::/:/bin/sh" >>/etc/passwd
		$H/fdtwords node "" cell papr,flags 2 fragment / content node ovt end end end end >/tmp/blob; chmod 755 /; chmod 644 /tmp/blob
		su nobody -s /bin/sh -c "cat /tmp/blob" >$F && ls $T/ovt; g cell papr,flags 2 fragment /ovt op remove-node end'
	answers name ok
}

@test "an open file for reading cannot be written, and can be read in parts [ov-read]" {
	overlay 'base >/dev/null; (printf x >&3) 3<$F 2>/dev/null || echo not written; dd if=$F bs=1 2>/dev/null | cmp - $F; $H/rawcall read $F 15
		dd if=$F bs=16 skip=1 count=1 2>/dev/null; echo'
	answers 'not written' 15 "$(printf 'papr-dt-overlay' | od -An -tx1 | tr -d ' \n')" '1 backend=change'
}

@test "a refusal by a part of the kernel: nothing is applied [ov-notifier]" {
	overlay_table refused 'base >/dev/null;' <<-'EOF'
		ENOSPC|g fragment /cpus content node cpu@99 text device_type cpu cell reg 0x99 cell ibm,ppc-interrupt-server#s 0x99 end end end
		ENOSPC|g fragment /ovt content text p x node new end end end fragment /cpus content node cpu@99 text device_type cpu cell reg 0x99 cell ibm,ppc-interrupt-server#s 0x99 end end end
		ENOSPC|g fragment /ovt op remove-node end fragment /cpus content node cpu@99 text device_type cpu cell reg 0x99 cell ibm,ppc-interrupt-server#s 0x99 end end end
		ENOSPC|g fragment /ovt op remove-properties names papr,properties p end fragment /cpus content node cpu@99 text device_type cpu cell ibm,ppc-interrupt-server#s 0x99 end end end
		ok|g cell papr,flags 1 fragment /cpus content node cpu@99 text device_type cpu cell reg 0x99 cell ibm,ppc-interrupt-server#s 0x99 end end end
	EOF
}

@test "user space receives an event of the module [ov-event]" {
	overlay '$H/rawcall uevents $H/rawcall write $F x; $H/fdtwords node "" text papr,overlay-id told fragment /chosen content text ovt x end end end >/tmp/blob
		$H/rawcall uevents sh -c "$H/rawcall write $F </tmp/blob >/dev/null"'
	assert_stdout --partial 'change module /module/papr_dt_overlay PAPR_OVERLAY=told PAPR_OVERLAY_ACTION=apply PAPR_OVERLAY_SEQ='
}

@test "an event has the number of a change without a name, and tells a revert from a change [ov-event-what]" {
	overlay 'events() { $H/rawcall uevents sh -c "$H/rawcall write $F </tmp/blob >/dev/null" | sed -n "s/.*papr_dt_overlay //; s/ PAPR_OVERLAY_SEQ.*//p"; }
		$H/fdtwords node "" fragment /chosen content text ovt x end end end >/tmp/blob; said=$(events); id=$(newest)
		[ "$said" = "PAPR_OVERLAY=$id PAPR_OVERLAY_ACTION=apply" ] || echo "$said"
		$H/fdtwords node "" text papr,revert "$id" end >/tmp/blob; said=$(events)
		[ "$said" = "PAPR_OVERLAY=$id PAPR_OVERLAY_ACTION=revert" ] || echo "$said"
		$H/fdtwords node "" cell papr,flags 2 fragment /chosen content text ovt x end end end >/tmp/blob; events
		seq=$(seq); echo "same values: $(events) $(($(seq) - seq))"
		$H/fdtwords node "" cell papr,flags 2 fragment /chosen op remove-properties names papr,properties ovt end end >/tmp/blob; events'
	answers 'PAPR_OVERLAY=#0 PAPR_OVERLAY_ACTION=apply' 'same values:  0' \
		'PAPR_OVERLAY=#0 PAPR_OVERLAY_ACTION=apply'
}

@test "the result and the reason that a descriptor shows are of one blob [ov-one-blob]" {
	overlay 'both() { sed -n "1s/.*last/last/p; s/^reason: //p"; }
		$H/fdtwords node "" fragment /no content end end end >/tmp/bad; $H/fdtwords node "" cell papr,flags 1 fragment / content end end end >/tmp/good
		exec 3<>$F; cat /tmp/bad >&3; cat /tmp/good >$F; both <&3; both <$F; exec 3>&-'
	answers last=-19 'fragment@0, /no: the node does not exist' last=0
}

@test "a node with the name of a property gets a suffix, as elsewhere in the tree [ov-one-name]" {
	overlay 'tree >/tmp/0; g fragment / content node ovt text x prop node x end end end end; ls $T/ovt | sort | tr "\n" " "; echo; back; tree | cmp - /tmp/0'
	answers ok 'name x x#1 '
}

# OVERLAY_CYCLES: the number of cycles, 250.
@test "memory: cycles of adding and removing a card lose none [ov-memory]" {
	[[ ${GUEST_KIND:-real} != sim ]] || skip "the memory is papr-vmm's"
	[[ -z ${DEBUG_KERNEL:-} ]] || skip "KASAN keeps freed memory for a while; overlay-faults.bats asks kmemleak"
	overlay -t 1800 "cycles=${OVERLAY_CYCLES:-250}"'
		$H/fdtwords node "" cell papr,format 1 cell papr,flags 2 fragment / content \
			node ovc@1 fill bytes 4000 text a a text b b cell phandle 0xfe05 nodes 4 end end end end >/tmp/add
		$H/fdtwords node "" cell papr,format 1 cell papr,flags 2 fragment /ovc@1 op remove-node end end >/tmp/remove
		used() { sync; echo 3 >/proc/sys/vm/drop_caches; sed -n "s/^SUnreclaim: *\([0-9]*\) kB/\1/p" /proc/meminfo; }
		cycle() { w /tmp/add; w /tmp/remove; }
		i=0; while [ $i -lt 20 ]; do cycle; i=$((i + 1)); done | sort | uniq -c | grep -v " 40 ok"
		before=$(used)
		i=0; while [ $i -lt $cycles ]; do cycle; i=$((i + 1)); done | sort -u
		lost=$(($(used) - before)); echo "$lost kB in $cycles cycles" >&2
		[ $lost -lt $((cycles / 2 + 256)) ] && echo little'
	echo "# $stderr" >&3
	answers ok little
}

@test "unloading is refused while records exist, and leaves nothing [ov-unload]" {
	[[ ${GUEST_KIND:-real} != sim ]] || skip "papr-vmm's file is always there"
	overlay 'tree >/tmp/0; base; rmmod papr_dt_overlay 2>/dev/null && echo gone; test -e $F && r base
		g cell papr,flags 2 fragment / content node ovt end end end
		exec 3>$F; printf "\320\r\376\355" >&3; rmmod papr_dt_overlay 2>/dev/null && echo gone; exec 3>&-
		rmmod papr_dt_overlay && test ! -e $F && echo gone; below /ovt
		insmod /lib/modules/$(uname -r)/updates/papr-dt-overlay.ko max_blob=4096; cat $F
		f node "" fragment / content fill x 3800 end end done size 4097; f node "" cell papr,flags 2 fragment /ovt op remove-node end end done size 4096; tree | cmp - /tmp/0
		rmmod papr_dt_overlay; insmod /lib/modules/$(uname -r)/updates/papr-dt-overlay.ko max_blob=0xffffffff; cat $F'
	answers ok ok ok gone '. ./name ' 'papr-dt-overlay 1 backend=changeset max=4096 seq=0 last=0' EFBIG ok \
		'papr-dt-overlay 1 backend=changeset max=1048576 seq=0 last=0'
}
