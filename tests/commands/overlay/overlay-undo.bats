#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: guest kernel few debug
#
# /proc/device-tree-overlay while something else goes wrong: another writer changes what a
# refused blob has made, sysfs rejects a node, or the parent of a new node goes. The undo
# restores what it can, and names the rest. The kernel checks each freed object.

# shellcheck disable=SC2016,SC2154 # the guest's shell; set by the verbs

load ../../guest/verbs
load ../../lib/overlay

setup_file()
{
	export GUEST_KERNEL_OPTIONS='slub_debug=FZPU slab_nomerge'
	overlay_boot
	[[ -n ${GUEST_MISSING:-} ]] || guest -0 modprobe papr-test-notifier
}

teardown()
{
	[[ ! -d ${GUEST_DIR:-} ]] || overlay back
	assert_no_oops
	guest_sh 'dmesg | grep -E "BUG |Object padding|Redzone|Poison overwritten|not freed" || echo none'
	assert_stdout none
}

# M: the parameters of the notifier. told: a blob, its result, the reason, and what the
# kernel's log says that stays; then /hk.
undo_shell='
	M=/sys/module/papr_test_notifier/parameters
	hk() {
		[ ! -e $T/hk ] || g cell papr,flags 2 fragment /hk op remove-node end >/dev/null
		g cell papr,flags 2 fragment / content node hk text p one node a cell phandle 0xfe07 node in end end end end end
	}
	told() {
		dmesg -c >/dev/null
		g "$@"; reason; dmesg | sed -n "s/.*papr_dt_overlay: /log: /p"
		below /hk; tr "\0" "\n" <$T/hk/p 2>/dev/null
	}
'
# A blob that removes a node, sets a property and adds nodes.
all_kinds='fragment /hk/a op remove-node end fragment /hk content text p two text q x node new node below end end end end'

@test "another writer has removed a changed property: all other changes are undone" {
	overlay "$undo_shell"'hk; was=$(tree); echo "unset /hk p" >$M/meddle
		told '"$all_kinds"'
		g cell papr,flags 2 fragment /hk content text p one end end; [ "$(tree)" = "$was" ] && echo same'
	answers ok EREMOTEIO '/hk:p: changed meanwhile, not undone' \
		'log: /hk:p: changed meanwhile, not undone' \
		'. ./a ./a/in ./a/in/name ./a/name ./a/phandle ./name ' ok same
}

@test "another writer has replaced a changed property: its value stays" {
	overlay "$undo_shell"'hk; echo "put /hk p" >$M/meddle; told '"$all_kinds"
	answers ok EREMOTEIO '/hk:p: changed meanwhile, not undone' \
		'log: /hk:p: changed meanwhile, not undone' \
		'. ./a ./a/in ./a/in/name ./a/name ./a/phandle ./name ./p ' meddled
}

@test "another writer has put a property in place of a removed one" {
	overlay "$undo_shell"'hk; echo "put /hk p" >$M/meddle
		told fragment /hk op remove-properties names papr,properties p end fragment /hk content text q x node new end end end'
	answers ok EREMOTEIO '/hk:p: changed meanwhile, not undone' \
		'log: /hk:p: changed meanwhile, not undone' \
		'. ./a ./a/in ./a/in/name ./a/name ./a/phandle ./name ./p ' meddled
}

@test "another writer has removed a new node: it is gone, and freed once" {
	overlay "$undo_shell"'hk; was=$(tree)
		for i in 1 2 3 4 5 6 7 8; do
			echo "remove /hk/new/below" >$M/meddle; told '"$all_kinds"'
			echo "remove /hk/new" >$M/meddle
			told fragment /hk content text p two node new cell x 1 end end end
		done | sort | uniq -c | sed "s/^ *//"
		[ "$(tree)" = "$was" ] && echo same'
	answers ok \
		'16 . ./a ./a/in ./a/in/name ./a/name ./a/phandle ./name ./p ' '16 EREMOTEIO' \
		'16 blob: the kernel refuses the change, error 121' '16 one' same
}

@test "a refused blob: each of its changes is undone, whichever is refused" {
	overlay "$undo_shell"'hk; was=$(tree)
		for n in 1 2 3 4 5 6; do
			echo $n >$M/refuse_at; told '"$all_kinds"'
			[ "$(tree)" = "$was" ] || echo "$n: another tree"
		done | sort | uniq -c | sed "s/^ *//"'
	answers ok '6 . ./a ./a/in ./a/in/name ./a/name ./a/phandle ./name ./p ' \
		'1 /hk/a/in: the kernel refuses the change, error 121' \
		'1 /hk/a: the kernel refuses the change, error 121' '6 EREMOTEIO' \
		'4 blob: the kernel refuses the change, error 121' '6 one'
}

# What an unchanged kernel does if memory is short: the node is in its tree, but not in
# /proc/device-tree, and it has one reference too few.
@test "sysfs rejects a node: it is removed again, and no reference is lost" {
	overlay "$undo_shell"'hk; was=$(tree)
		for i in 1 2 3 4 5 6 7 8; do
			echo 1 >$M/reject_at; g fragment /hk content text p two node new cell x 1 end end end
			echo 2 >$M/reject_at; g fragment /hk content text p two node n1 end node n2 end end end
		done | sort | uniq -c
		cat $M/reject_at; [ "$(tree)" = "$was" ] && echo same
		g fragment /hk/a op remove-node end; back'
	answers ok '     16 ENOMEM' 0 same ok
}

@test "sysfs rejects a removed node that comes back: the reason and the log name it" {
	overlay "$undo_shell"'hk; g text papr,overlay-id gone fragment /hk/a/in op remove-node end
		echo 1 >$M/reject_at; r gone; ls $T/hk/a; r gone; ls $T/hk/a | tr "\n" " "; echo
		echo "remove /none" >$M/meddle; echo 2 >$M/reject_at
		told fragment /hk/a/in op remove-node end fragment /hk content node new end end end'
	answers ok ok ENOMEM name phandle ok 'in name phandle ' EREMOTEIO \
		'/hk/a/in: changed meanwhile, not undone' \
		'log: /hk/a/in: changed meanwhile, not undone' '. ./a ./a/name ./a/phandle ./name ./p ' one
}

# The other task runs where the module lets it, at the latest after the last check of a handle.
# Without a check of the parents after that, the kernel dereferences NULL. If that task runs after
# the change, the blob is applied.
@test "the parent of new nodes goes after they are checked: EBUSY" {
	overlay "$undo_shell"'
		for i in 1 2 3 4 5 6 7 8; do
			$H/rawcall write /proc/ppc64/ofdt "add_node /ovp " >/dev/null
			echo "0x7000001 /ovp" >$M/searched
			g fragment /ovp content node top node in cell phandle 0x7000001 end end end end; reason
			ls $T/ovp 2>/dev/null
		done | sort | uniq -c'
	assert_stdout_line --regexp '^ *[1-8] EBUSY$'
	assert_equal "$(awk '/EBUSY/{a=$1} /changed while/{b=$1} END{print a - b}' <<<"$output")" 0
}
