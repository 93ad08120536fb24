#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: sim guest kernel papr-overlay drmgr
#
# papr-overlay with /proc/device-tree-overlay: the module in the real guest, papr-vmm's
# file in the simulated one.

# shellcheck disable=SC2016,SC2154 # the guest's shell; set by the verbs

load ../../guest/verbs
load ../../lib/overlay

setup_file()
{
	overlay_boot
}

# Make blobs in files, /tmp/NAME, of the following words.
blobs='
	cd /tmp
	b() { name=$1; shift; $H/fdtwords node "" cell papr,format 1 "$@" end >$name; }
	b one fragment / content node ov1 text p x end end end
	b two fragment / content node ov2 text p y node in end end end end
	b bad fragment /nowhere content node ov3 end end end
	b again fragment /ov1 op add content text p z end end
	b named text papr,overlay-id from-blob fragment / content node ov4 end end end
	b transient cell papr,flags 2 fragment / content node ov5 end end end
	b checks cell papr,flags 1 fragment / content node ov6 end end end
	b command text papr,revert one
'

# Compile standard input with dtc -@ to /tmp/NAME in the guest.
compiled() # NAME
{
	command -v dtc >/dev/null || skip 'no dtc'
	dtc -q -@ -I dts -O dtb -o "$BATS_TEST_TMPDIR/$1" -
	guest_sh -i "cat >/tmp/$1" <"$BATS_TEST_TMPDIR/$1"
}

setup()
{
	guest_needed
	guest_sh -0 ". /tmp/overlay.sh; $blobs"
}

teardown()
{
	[[ ! -d ${GUEST_DIR:-} ]] || overlay back
	assert_no_oops
}

@test "check changes nothing, and a refusal has a reason" {
	local after=' (after the files before it)'

	overlay 'cd /tmp; tree >0; papr-overlay check one two named transient command; echo $?
		tree | cmp - 0; records'
	answers 'one: OK' "two: OK$after" "named: OK$after" "transient: OK$after" 1
	assert_stderr --regexp '^papr-overlay: command: ENOENT: .+$'
	overlay 'cd /tmp; papr-overlay check one bad two; echo $?; cd /; papr-overlay check - </tmp/one'
	answers 'one: OK' "two: OK$after" 1 '-: OK'
	assert_stderr --regexp '^papr-overlay: bad: ENODEV: .+$'
	guest -1 papr-overlay check --json /tmp/one /tmp/bad
	assert_stdout --partial '"errno": "ENODEV"'
}

@test "apply and revert use the name on the command line, in the blob, or a new one" {
	overlay 'cd /tmp; tree >0
		papr-overlay apply --id first one; papr-overlay apply two named
		papr-overlay list; below /ov2
		papr-overlay revert $(newest) first $(records | sed -n 2s/\ .*//p); echo $?
		records; tree | cmp - 0'
	assert_stdout --regexp $'^one: applied as first
two: applied as #[0-9]+
named: applied as from-blob
first nodes=\+1/-0 props=0
#[0-9]+ nodes=\+2/-0 props=0
from-blob nodes=\+1/-0 props=0
. ./in ./in/name ./name ./p 
from-blob: reverted
first: reverted
#[0-9]+: reverted
0$'
	guest -0 papr-overlay list --json
	assert_stdout --partial '"max": 1048576'
}

@test "all files or none: a refused file reverts the earlier ones" {
	overlay 'cd /tmp; tree >0; papr-overlay apply one two bad named; echo $?; tree | cmp - 0; records'
	answers 'two: undone' 'one: undone' 1
	assert_stderr --regexp '^papr-overlay: bad: ENODEV: [^[:cntrl:]]+$'
	overlay 'cd /tmp; tree >0; papr-overlay apply one again; echo $?; tree | cmp - 0; records'
	answers 'one: undone' 1
	assert_stderr --regexp '^papr-overlay: again: EEXIST: [^[:cntrl:]]+$'
	guest -1 papr-overlay apply --json /tmp/one /tmp/bad
	assert_stdout --partial '"result": "undone"'
	# An unreadable file is found before a write.
	overlay 'cd /tmp; n=$(seq); papr-overlay apply one two nothing; echo $? $(($(seq) - n))'
	answers '1 0'
}

@test "a blob that cannot be reverted or changes nothing is not applied" {
	overlay 'cd /tmp; n=$(seq); papr-overlay apply one transient; papr-overlay apply checks
		papr-overlay apply command; papr-overlay apply --transient one two; echo $? $(($(seq) - n)); records'
	answers '2 0'
	assert_stderr --partial 'transient: it is transient'
	assert_stderr --partial 'checks: its papr,flags only check'
	assert_stderr --partial 'command: it reverts a change'
	overlay 'cd /tmp; papr-overlay apply transient; below /ov5; records'
	answers 'transient: applied' '. ./name '
	overlay 'cd /tmp; remove() { g cell papr,flags 2 fragment $1 op remove-node end; }
		remove /ov5; papr-overlay apply --transient one; records; remove /ov1'
	answers ok 'one: applied' ok
}

@test "revert --forget drops records and leaves the tree as it is" {
	overlay 'cd /tmp; papr-overlay apply --id lost one >/dev/null; tree >1; papr-overlay revert --forget lost nobody; echo $?
		records; tree | cmp - 1; papr-overlay apply --forget one; echo $?
		g cell papr,flags 2 fragment /ov1 op remove-node end'
	answers 'lost: forgotten' 1 2 ok
	assert_stderr --partial 'nobody: ENOENT: no change is kept as nobody'
	assert_stderr --partial '--forget is not for this command'
}

@test "revert stops at the first name that fails" {
	overlay 'cd /tmp; papr-overlay apply --id a one >/dev/null; papr-overlay revert nobody a; echo $?; records'
	answers 1 'a nodes=+1/-0 props=0'
	assert_stderr --regexp '^papr-overlay: nobody: ENOENT: .+$'
	guest -1 papr-overlay revert --json a nobody
	guest -1 papr-overlay revert ''
	assert_stderr --partial 'papr-overlay: : ENOENT'
}

# The kernel renumbers handles: references still lead to their node, and no other has its
# handle.
@test "a compiler's overlay is applied, and the file resolves it" {
	guest_needed
	compiled plugin <<-'END'
		/dts-v1/;
		/plugin/;
		&{/} { ov7 { a: a { }; b { to = <&a>; }; }; };
	END
	overlay 'cd /tmp; tree >0; papr-overlay check plugin; papr-overlay apply --id plugin plugin
		cmp $T/ov7/a/phandle $T/ov7/b/to && echo same; od -An -tx1 $T/ov7/b/to | grep -c "00 00 00 01"
		papr-overlay revert plugin; tree | cmp - 0'
	answers 'plugin: OK' 'plugin: applied as plugin' same 0 'plugin: reverted'
	compiled plugin <<-'END'
		/dts-v1/;
		/plugin/;
		&nobody { };
	END
	guest -1 papr-overlay apply /tmp/plugin
	assert_stderr --regexp '^papr-overlay: /tmp/plugin: E[A-Z]+: .*nobody'
}

@test "an overlay may use labels of the live tree, and add its own for later ones" {
	guest_needed
	compiled l1 <<-'END'
		/dts-v1/;
		/plugin/;
		&ov1 { new: new { peer = <&ov1 &new>; }; };
	END
	compiled l2 <<-'END'
		/dts-v1/;
		/plugin/;
		&new { q = "r"; };
	END
	overlay 'cd /tmp; tree >0
		g fragment / content node ov1 cell phandle 0xfffff000 end \
			node __symbols__ text ov1 /ov1 end end end
		papr-overlay apply --id l1 l1; papr-overlay apply --id l2 l2
		bytes /ov1/new/peer; cat $T/ov1/new/q | tr "\0" "\n"
		papr-overlay revert l1; papr-overlay revert l2 l1; back; tree | cmp - 0'
	answers ok 'l1: applied as l1' 'l2: applied as l2' fffff000fffff001 r 'l2: reverted' 'l1: reverted'
	assert_stderr 'papr-overlay: l1: EBUSY: l1: the later change l2 must be reverted first'
}

# BeagleBone capes: the second one uses a label of the first.
@test "check treats its files in order, as apply does" {
	guest_needed
	compiled o1 <<-'END'
		/dts-v1/;
		/plugin/;
		/ { fragment@0 { target-path = "/ovt"; __overlay__ { hub: hub@1 { q = "1"; }; }; }; };
	END
	compiled o2 <<-'END'
		/dts-v1/;
		/plugin/;
		&hub { port@2 { q = "2"; }; };
	END
	overlay 'cd /tmp; base >/dev/null; g fragment / content node __symbols__ end end end; tree >0
		papr-overlay check o2 o1; echo $?; papr-overlay check o1 o2 && tree | cmp - 0
		papr-overlay apply o1 o2 | sed "s/ as .*//"; below /ovt/hub@1
		papr-overlay check o1 o1; echo $?'
	answers ok 'o1: OK (after the files before it)' 1 'o1: OK' 'o2: OK (after the files before it)' \
		'o1: applied' 'o2: applied' '. ./name ./phandle ./port@2 ./port@2/name ./port@2/q ./q ' \
		'o1: OK' 'o1: OK (after the files before it)' 0
	assert_stderr --partial 'o2: ENOENT: label hub: the base tree has no such label'
}

# Raspberry Pi: an overlay with parameters has a label on "__overlay__".
@test "a label of a content is the target's handle, and a reference to it the target" {
	guest_needed
	compiled pi <<-'END'
		/dts-v1/;
		/plugin/;
		/ {
			fragment@0 { target-path = "/ovt/a"; frag0: __overlay__ { speed = <1>; me = <&frag0>; }; };
			fragment@1 { target-path = "/ovt/b@1"; frag1: __overlay__ { speed = <1>; }; };
			fragment@2 { target = <&frag0>; __overlay__ { more = <&frag0>; }; };
			__overrides__ { speed = <&frag0>,"speed:0", <&frag1>,"speed:0"; };
		};
	END
	compiled none <<-'END'
		/dts-v1/;
		/plugin/;
		/ { fragment@0 { target-path = "/ovt/b@1"; frag: __overlay__ { me = <&frag>; }; }; };
	END
	overlay 'cd /tmp; base; tree >0; papr-overlay check pi; papr-overlay apply --id pi pi
		bytes /ovt/a/me; bytes /ovt/a/more; bytes /ovt/a/ibm,phandle; below /ovt/b@1
		papr-overlay revert pi; tree | cmp - 0; papr-overlay apply none; echo $?; tree | cmp - 0'
	answers ok 'pi: OK' 'pi: applied as pi' 0000fe01 0000fe01 0000fe01 '. ./name ./reg ./speed ' \
		'pi: reverted' 1
	assert_stderr --partial 'none: EOPNOTSUPP: fragment@0, /ovt/b@1: a node of the live tree cannot get a handle'
}

@test "apply and revert fail while another program holds the lock" {
	overlay 'cd /tmp; lock=/var/lock/dr_config_lock; papr-overlay apply --id kept one; tree >0
		rm -f $lock end; mkfifo end
		$H/rawcall lock $lock cat /tmp/end >/dev/null & holder=$!
		wait_until "[ -e $lock ] && grep -q \" $holder \" /proc/locks"
		papr-overlay apply two; echo $?; papr-overlay revert kept; echo $?
		papr-overlay check two; papr-overlay list; tree | cmp - 0
		: >end; wait $holder; papr-overlay revert kept'
	answers 'one: applied as kept' 1 1 'two: OK' 'kept nodes=+1/-0 props=0' 'kept: reverted'
	assert_stderr --regexp $'^papr-overlay: /var/lock/dr_config_lock: process [0-9]+ \\([^\n]*\\) is changing this partition; try again later\npapr-overlay: [^\n]* try again later$'
}

# The shell keeps the FIFO open, so the file does not end. Background commands of a shell ignore
# SIGINT.
@test "apply waits for its file without the lock, and resolves it against the tree of then" {
	overlay 'cd /tmp; base >/dev/null; tree >0; mkfifo in go; exec 3<>in
		$H/fdtwords node "" node __symbols__ end $(fixups text top /fragment@0/__overlay__:peer:0) \
			fragment /ovt content cell peer 0 end end end >late
		for signal in TERM INT; do
			head -c 40 late >&3
			env --default-signal=INT papr-overlay apply - <in & pid=$!
			wait_until "grep -q papr-overlay /proc/$pid/comm"
			drmgr -c pci -r -s none 2>&1 | grep -c again
			papr-overlay apply --id beside one; papr-overlay revert beside
			kill -$signal $pid; wait $pid; echo $?
			timeout 1 cat <&3 >/dev/null
		done
		tree | cmp - 0
		exec 3>&-; { head -c 40 late; cat go; tail -c +41 late; } >in &
		papr-overlay apply --id late - <in & pid=$!
		g fragment / content node __symbols__ text top /ovt/a end end end
		: >go; wait $pid; bytes /ovt/peer; papr-overlay revert late'
	answers 0 'one: applied as beside' 'beside: reverted' 143 0 'one: applied as beside' 'beside: reverted' 130 \
		ok '-: applied as late' 0000fe01 'late: reverted'
}

@test "users other than root get an error" {
	guest_sh 'id nobody && command -v setpriv'
	[[ $status -eq 0 ]] || skip 'no other user'
	guest setpriv --reuid 65534 papr-overlay list
	[[ ${GUEST_KIND:-real} == real ]] || skip 'users of a simulated guest are those of its machine'
	assert_status 1
	assert_stderr --partial "only root may open it"
}
