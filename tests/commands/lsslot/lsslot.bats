#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: sim guest drmgr lsslot
# lsslot in a guest that is not a logical partition of PowerVM: memory and processors that
# its host plugs, host bridges.

load ../../guest/verbs

setup_file()
{
	local nodes=()

	# papr-vmm has one NUMA node.
	[[ ${GUEST_KIND:-real} == sim ]] ||
		nodes=(-object memory-backend-ram,id=m0,size=1G -numa node,nodeid=0,memdev=m0,cpus=0
			-numa node,nodeid=1,cpus=1 -numa node,nodeid=2,cpus=2-3)
	# Plugged memory gets no pages that cannot be moved.
	export GUEST_KERNEL_OPTIONS=memhp_default_state=online_movable
	guest_boot -m 1G,slots=8,maxmem=4G -smp 1,maxcpus=4,cores=4,threads=1 "${nodes[@]}" \
		-device spapr-pci-host-bridge,id=p1,index=1
}

# The kernel configures new devices soon after the plug.
guest_has() # FILE
{
	# shellcheck disable=SC2016 # for the guest
	guest_until 'test -e "$1"' "$1"
}

# Linux 6.1 prints one message for a processor on a node without one, and no other.
one_word_about_processors()
{
	run _guest_ctl oops
	assert_equal "$(grep -vE 'workqueue cpumask: online intersect > possible intersect|^$' <<<"$output")" ''
}

plug_memory() # ID NODE BLOCK
{
	host object-add "{\"qom-type\": \"memory-backend-ram\", \"id\": \"m-$1\", \"size\": 536870912}"
	host device_add "{\"driver\": \"pc-dimm\", \"id\": \"$1\", \"memdev\": \"m-$1\", \"node\": $2}"
	guest_has "/sys/devices/system/memory/memory$3"
}

header='Dynamic Reconfiguration Memory (LMB size 0x10000000)'

# bug-19: boot memory is "Reserved".
@test "memory: removable blocks are listed, and more with options [log-C36 log-bug-19]" {
	guest -0 lsslot -c mem
	assert_stdout "$header"
	assert_stderr ''
	# lsslot of powerpc-utils ignores -F here
	guest -0 lsslot -c mem -F:
	assert_stdout "$header"
	assert_stderr 'lsslot: -F is ignored: -c mem does not have this option; see lsslot --help mem'
	guest lsslot -c mem -a
	assert_equal "$(grep -c ': Not Owned$' <<<"$output")" 12
	refute_stdout_line --partial Reserved
	guest lsslot -c mem -d 4
	assert_equal "$(grep -c '^--: Reserved$' <<<"$output")" 4
	assert_equal "$(grep -c ': Not Owned$' <<<"$output")" 12
	guest -0 lsslot -c mem -s 0x80000004
	assert_stdout "$header
LMB 4: Not Owned
    DRC Index: 80000004        Address: 40000000
    Removable: No              Associativity: Not Set"
}

@test "memory: a reserved block is one LMB, and cannot be removed [log-mem-reserved-block]" {
	for command in 'lsslot -c mem' 'lsslot' 'drmgr -c mem -Q'; do
		# shellcheck disable=SC2086 # several words
		guest -0 $command -s memory3
		assert_stdout "$header
--: Reserved
    DRC Index: --        Address: 30000000
    Removable: No              Associativity: Not Set"
	done
	guest -255 drmgr -c mem -r -s memory3
	assert_stderr 'memory3 is reserved: it can neither be added nor removed.'
	guest -1 lsslot -c mem -s memory99
	assert_stdout ''
}

@test "memory: a plugged module is listed [io-ls-mem log-11.2-record]" {
	plug_memory d1 0 5
	guest -0 lsslot -c mem
	assert_stdout "$header
LMB 4: 
    DRC Index: 80000004        Address: 40000000
    Removable: Yes             Associativity: (index: 0) 0 
    Section(s): 4
LMB 5: 
    DRC Index: 80000005        Address: 50000000
    Removable: Yes             Associativity: (index: 0) 0 
    Section(s): 5"
	guest -0 lsslot -c mem -s 'LMB 5' --json
	assert_stdout_line --partial '"index": "0x80000005"'
	assert_stdout_line --partial '"state": "owned"'
	assert_stdout_line --partial '"address": "0x0000000050000000"'
	assert_stdout_line --partial '"size": 268435456'
	assert_stdout_line --partial '"removable": true'
	guest lsslot -c mem --json
	assert_stdout_line '  "numa_score": 100,'
	guest -1 lsslot -c mem -s 'LMB 50'
	assert_stdout ''
}

@test "memory: NUMA nodes and the entitlement are listed [log-11.3-live]" {
	[[ ${GUEST_KIND:-real} == real ]] || skip 'one NUMA node alone'
	plug_memory d2 2 7
	guest lsslot -c mem -s 0x80000007
	assert_stdout_line --index 3 '    Removable: Yes             Associativity: (index: 2) 2 '
	guest lsslot -c mem --json
	assert_stdout_line --index 3 '  "numa_score": 100,'
	assert_stdout_line '      "numa_node": 2,'
}

@test "processors: all are listed, with a plugged one [io-bug-24 io-ls-cpu log-C35 log-bug-16 log-12.4-list]" {
	guest -0 lsslot -c cpu
	assert_stdout 'drc-name  OFDT-node           drc_index  thread id(s) 
CPU 0     PowerPC,POWER9@0    10000000   0  '
	assert_stderr ''
	plug_core 1
	guest_has /proc/device-tree/cpus/PowerPC,POWER9@1
	guest -0 lsslot -c cpu
	assert_stdout_line --partial 'CPU 1     PowerPC,POWER9@1    10000001   1  '
	guest -0 lsslot -c cpu -b
	assert_equal "${#lines[@]}" 5
	assert_stdout_line 'CPU 2     --                  10000002                            N/A            N/A            '
	assert_stdout_line 'CPU 1     PowerPC,POWER9@1    10000001   1                        N/A            N/A            '
	guest -0 lsslot -c cpu -p
	assert_stdout 'cache-name              phandle'
	guest lsslot -c cpu --json
	assert_equal "$(grep -c '"state": "owned"' <<<"$output")" 2
	assert_equal "$(grep -c '"state": "not-owned"' <<<"$output")" 2
	one_word_about_processors
}

@test "host bridges and their slots are listed [io-ls-phb]" {
	guest -0 lsslot -c phb
	assert_stdout_line --index 0 'PHB name  OFDT Name            Slot(s) Connected'
	assert_stdout_line --regexp '^PHB 0     /pci@800000020000000 C[0-9]+$'
	assert_stdout_line --regexp '^PHB 1     /pci@800000020000001 C[0-9]+$'
	assert_equal "${#lines[@]}" 513
	guest lsslot -c phb -s 'PHB 1'
	assert_equal "${#lines[@]}" 257
	guest -1 lsslot -c phb -s 'PHB 7'
	assert_stdout ''
	guest lsslot -c phb --json
	assert_equal "$(grep -c '"state": "owned"' <<<"$output")" 2
	assert_equal "$(grep -c '"state": "not-owned"' <<<"$output")" 29
}

@test "any user can run lsslot [io-ls-anybody log-11.2-lock]" {
	guest_sh -0 'grep -qs ^nobody /etc/passwd || echo nobody:x:65534:65534::/:/bin/sh >>/etc/passwd
		chmod 755 /; su nobody -s /bin/sh -c "lsslot -c mem -s 0x80000004 && lsslot -c cpu && lsslot -c phb -s \"PHB 1\""'
	assert_stderr ''
	assert_stdout_line --index 0 "$header"
}

# The peer prints empty names of LMBs; its addresses are decimal up to 1.3.10. Its host
# bridges are in the order of the folder.
@test "memory and host bridges are listed as by the peer [log-11.2-peer]" {
	local options

	for options in '-c mem' '-c mem -s 0x80000004' '-c mem -s 0' '-c mem -F: -b -o -p'; do
		# shellcheck disable=SC2016 # for the guest
		guest_sh -0 'lsslot $1 | sed "s/^LMB [0-9]*: /: /" >/tmp/ours
			/peer/sbin/lsslot $1 >/tmp/peer
			! cmp -s /tmp/ours /tmp/peer || exit 0
			while IFS= read -r line; do
				address=${line##*Address: }
				[ "$address" = "$line" ] || line="${line%Address: *}Address: $(printf %x "$address")"
				echo "$line"
			done </tmp/peer | diff /tmp/ours -' "$options"
	done
	# shellcheck disable=SC2016 # for the guest
	guest_sh 'lsslot -c phb | sort >/tmp/ours; /peer/sbin/lsslot -c phb | sort | diff /tmp/ours -
		lsslot -c phb -s "PHB 1" >/tmp/ours; /peer/sbin/lsslot -c phb -s "PHB 1" | diff /tmp/ours -'
	assert_stdout ''
}

# The peer lists only processors of logical partitions; up to 1.3.10, columns have other
# widths.
@test "processors are listed as by the peer [log-11.1-peer]" {
	local options

	# shellcheck disable=SC2016 # for the guest
	guest_sh -0 'root=$(od -An -v -tx1 /proc/device-tree/phandle | tr -d " ")
		printf "add_property %d ibm,lpar-capable 1 x\0" 0x$root >/proc/ppc64/ofdt
		/peer/sbin/lsslot -c cpu >/dev/null'
	for options in '-c cpu' '-c cpu -d 4' '-c cpu -b' '-c cpu -p'; do
		# shellcheck disable=SC2016 # for the guest
		guest_sh -0 'squeeze() { tr -s " " | sed "s/ $//"; }
			/peer/sbin/lsslot $1 | squeeze >/tmp/peer; lsslot $1 | squeeze | diff - /tmp/peer' "$options"
	done
}

@test "lsslot refuses the options that the peer refuses" {
	local options

	for options in '-c cpu -a' '-c cpu -F:' '-c cpu -o' '-c cpu -s x' '-c cpu -b -p' '-c phb -F:' \
		'-c phb -a' '-c port -o' '-c slot -b' '-c pci -p' '-w -1' '-Z' '-c'; do
		# shellcheck disable=SC2016 # for the guest
		guest_sh -0 'lsslot $1 >/tmp/ours 2>&1; ours=$?; /peer/sbin/lsslot $1 >/tmp/peer 2>&1; peer=$?
			head -n 1 /tmp/ours; head -n 1 /tmp/peer; [ $ours -eq $peer ]' "$options"
	done
	for options in '-c acc' '-c phib -a' '-c pmig -F:'; do
		# shellcheck disable=SC2016 # for the guest
		guest_sh -0 'lsslot $1 && /peer/sbin/lsslot $1' "$options"
		assert_stdout ''
	done
}

# This test comes last: it removes devices of the other tests.
@test "removed devices are no longer listed" {
	needs_cores_that_go
	guest_sh 'for n in 4 5; do echo online_movable >/sys/devices/system/memory/memory$n/state; done; true'
	host device_del '{"id": "d1"}'
	host_wait DEVICE_DELETED device=d1
	host device_del '{"id": "c1"}'
	host_wait DEVICE_DELETED device=c1
	guest lsslot -c mem -s 0x80000005
	assert_stdout_line --index 1 'LMB 5: Not Owned'
	guest lsslot -c cpu
	refute_stdout_line --partial 'CPU 1'
	assert_stdout_line --partial 'CPU 0'
}
