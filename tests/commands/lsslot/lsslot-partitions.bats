#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: here lsslot
# lsslot with trees as real partitions have them, made here from facts in reports: each with
# links of_node, with files devspec, and with files of sysfs that a copy has padded with NUL.

bats_require_minimum_version 1.5.0
bats_load_library bats-support
bats_load_library bats-assert

setup()
{
	lsslot=${top_builddir:-build}/drmgr/lsslot
	golden=${top_srcdir:-.}/tests/data/golden/lsslot
	tree=$BATS_TEST_TMPDIR/tree
}

# make PARTITION FORM: a tree in $tree. FORM: of_node, devspec, padded.
make()
{
	rm -rf "$tree"
	python3 - "$tree" "$1" "$2" <<-'END'
		import os, struct, sys

		root, partition, form = sys.argv[1:]

		def write(path, data):
		    path = root + "/" + path
		    os.makedirs(os.path.dirname(path), exist_ok=True)
		    with open(path, "wb") as f:
		        f.write(data)

		def cells(*numbers):
		    return b"".join(struct.pack(">I", n) for n in numbers)

		def prop(path, data):
		    write("proc/device-tree/" + path, data)

		def attr(path, text):
		    data = text.encode()
		    write("sys/" + path, data.ljust(4096, b"\0") if form == "padded" else data)

		def node_of(path, node):
		    if form == "of_node":
		        os.makedirs(root + "/sys/" + path, exist_ok=True)
		        os.symlink("/sys/firmware/devicetree/base" + node, root + "/sys/" + path + "/of_node")
		    else:
		        attr(path + "/devspec", node + "\n")

		def lists(node, connectors):
		    "connectors: (name, index, type)"
		    def strings(which):
		        return cells(len(connectors)) + b"".join(c[which].encode() + b"\0" for c in connectors)
		    prop(node + "/ibm,drc-names", strings(0))
		    prop(node + "/ibm,drc-types", strings(2))
		    prop(node + "/ibm,drc-indexes", cells(len(connectors), *(c[1] for c in connectors)))
		    prop(node + "/ibm,drc-power-domains", cells(len(connectors), *[0xffffffff] * len(connectors)))

		def virtual(index, kind, name):
		    node = "vdevice/%s@%x" % (kind, index)
		    prop(node + "/ibm,my-drc-index", cells(index))
		    prop(node + "/name", kind.encode() + b"\0")
		    prop(node + "/ibm,loc-code", name.encode() + b"-T1\0")
		    node_of("bus/vio/devices/%x" % index, "/" + node)

		def card(node, index, name, address):
		    prop(node + "/ibm,my-drc-index", cells(index))
		    prop(node + "/name", node.split("/")[-1].split("@")[0].encode() + b"\0")
		    prop(node + "/ibm,loc-code", name.encode() + b"-T1\0")
		    if address:
		        node_of("bus/pci/devices/" + address, "/" + node)

		def bridge(index, slots):
		    "slots: (name, index, type)"
		    node = "pci@8000000%x" % (index & 0xfffffff | 0x20000000)
		    prop(node + "/ibm,my-drc-index", cells(index))
		    lists(node, slots)
		    return node

		write("proc/cpuinfo", b"platform\t: pSeries\n")
		prop("device_type", b"chrp\0")
		os.makedirs(root + "/sys/bus/pci/devices")

		def slots_300():
		    unit = "U9080.HEX.1234567-V9"
		    lists("vdevice", [("%s-C%d" % (unit, n), 0x30000000 + n, "SLOT") for n in range(count)])
		    virtual(0x30000000, "vty", unit + "-C0")
		    virtual(0x30000002, "l-lan", unit + "-C2")
		    virtual(0x3000006d, "v-scsi", unit + "-C109")

		def power8():
		    unit = "U78CB.001.WZS0001-P1"
		    slots = [("C7", 0x21010010), ("C9", 0x21010011), ("C12", 0x21020014), ("C15", 0x2105001f)]
		    slots += [("C%d" % n, 0x21010020 + n) for n in (2, 3, 5, 6, 10, 11, 14)]
		    bridges = []
		    for i, (name, index) in enumerate(slots):
		        phb = 0x20000010 + i
		        bridges.append(("PHB %d" % (phb & 0xff), phb, "PHB"))
		        node = bridge(phb, [(unit + "-" + name, index, "36")])
		        if name in ("C7", "C12", "C15"):
		            card(node + "/ethernet@0", index, unit + "-" + name, "%04x:01:00.0" % (i + 1))
		    # of an expansion unit
		    bridges.append(("U2 Bus 18", 0x20010022, "PHB"))
		    # ports of SR-IOV
		    bridges += [("PHB %d" % (4096 + n), 0x27004000 + n, "PHB") for n in range(8)]
		    bridge(0x27004004, [])
		    prop("pci@800000027004004/pci1014,1@0/ibm,loc-code", b"-\0")
		    lists("", bridges)

		def power10(missing):
		    unit = "U78DA.ND0.WZS0001-P0"
		    lists("", [("PHB %d" % n, 0x20000000 + n, "PHB") for n in (18, 19, 20, 21)
		               if not (missing and n == 20)])
		    for n in (18, 19, 20):
		        node = bridge(0x20000000 + n, [("%s-C%d" % (unit, n - 10), 0x21000000 + n, "42")])
		        prop(node + "/ibm,loc-code", (unit + "-C%d\0" % (n - 10)).encode())
		        if n != 19:
		            card(node + "/fibre-channel@0", 0x21000000 + n, "%s-C%d" % (unit, n - 10), "%04x:01:00.0" % n)

		def cores(count, threads, kind, online, summary, cache):
		    "online: test of a thread's number"
		    lists("cpus", [("CPU %d" % (4 * n + 1), 0x10000000 + threads * n, "CPU") for n in range(count)])
		    for n in range(count):
		        node = "cpus/PowerPC,%s@%x" % (kind, threads * n)
		        prop(node + "/ibm,my-drc-index", cells(0x10000000 + threads * n))
		        first = threads * n
		        prop(node + "/ibm,ppc-interrupt-server#s", cells(*range(first, first + threads)))
		        # 64 cores on eight nodes
		        domain = (0, 1, 4, 5, 8, 9, 12, 13)[n * 8 // count]
		        prop(node + "/ibm,associativity", cells(4, 0, 0, domain // 4, domain))
		        if cache:
		            prop(node + "/l2-cache", cells(0x2000 + n // 2))
		            prop("cpus/l2-cache@%x/ibm,phandle" % (0x2000 + n // 2), cells(0x2000 + n // 2))
		    for t in range(count * threads):
		        attr("devices/system/cpu/cpu%d/physical_id" % t, "%d\n" % t)
		        attr("devices/system/cpu/cpu%d/online" % t, "%d\n" % online(t))
		    prop("rtas/ibm,associativity-reference-points", cells(4, 2))
		    if summary:
		        attr("devices/system/cpu/present", "0-%d\n" % (count * threads - 1))
		        attr("devices/system/cpu/online", "0-%d\n" % (count * threads - 1))

		count = 300
		if partition.startswith("virtual"):
		    count = int(partition[7:])
		    slots_300()
		elif partition == "power8":
		    power8()
		elif partition.startswith("power10"):
		    power10(partition.endswith("missing"))
		elif partition == "power7":
		    cores(64, 4, "POWER7", lambda t: 1, True, False)
		else:
		    cores(32, 2, "POWER6", lambda t: t % 2 == 0, False, True)
	END
}

# Row: partition, file of tests/data/golden/lsslot, options.
@test "each partition has the golden output, in each form of a capture [io-list-partitions]" {
	local partition file options form bad=0 n=0

	for form in of_node devspec padded; do
		while IFS='|' read -r partition file options; do
			make "$partition" "$form"
			# shellcheck disable=SC2086 # words
			"$lsslot" --sysroot "$tree" $options >"$BATS_TEST_TMPDIR/out" \
				2>"$BATS_TEST_TMPDIR/err" || echo "$partition, $options: status $?"
			cat "$BATS_TEST_TMPDIR/err" >>"$BATS_TEST_TMPDIR/out"
			[ -z "${GOLDEN_RENEW:-}" ] || cp "$BATS_TEST_TMPDIR/out" "$golden/$file"
			diff "$golden/$file" "$BATS_TEST_TMPDIR/out" || bad=1
			n=$((n + 1))
		done <<-'ROWS'
			virtual300|partition-virtual.txt|
			power8|partition-power8-pci.txt|-c pci
			power8|partition-power8-phb.txt|-c phb
			power10|partition-power10-pci.txt|-c pci
			power10|partition-power10-phb.txt|-c phb
			power10-missing|partition-power10-missing.txt|-c phb
			power7|partition-power7.txt|-c cpu
			power6|partition-power6.txt|-c cpu
			power6|partition-power6-b.txt|-c cpu -b
		ROWS
	done
	[ "$bad" -eq 0 ]
	[ "$n" -eq 27 ]
}

@test "300 virtual slots: text has the devices, and --all and documents have the slots [io-list-owned]" {
	make virtual300 devspec
	run --separate-stderr "$lsslot" --sysroot "$tree" -F:
	assert_equal "${#lines[@]}" 3
	run --separate-stderr "$lsslot" --sysroot "$tree" --all -F:
	assert_equal "${#lines[@]}" 300
	run --separate-stderr "$lsslot" --sysroot "$tree" --json
	assert_equal "$(grep -c '"state": "empty"' <<<"$output")" 297
	assert_equal "$(grep -c '"state": "configured"' <<<"$output")" 3
	run --separate-stderr "$lsslot" --sysroot "$tree" -s U9080.HEX.1234567-V9-C3 -F:
	assert_output 'U9080.HEX.1234567-V9-C3:Virtual I/O Slot::Empty'
}

@test "32,767 virtual slots: system calls grow with devices, not with slots [io-list-many]" {
	local few many

	command -v strace >/dev/null || skip 'no strace'
	make virtual300 of_node
	few=$(strace -f -o "$BATS_TEST_TMPDIR/few" "$lsslot" --sysroot "$tree" -F:)
	few=$(grep -cv 'brk\|mmap\|munmap\|mremap\| read(' "$BATS_TEST_TMPDIR/few")
	make virtual32767 of_node
	run --separate-stderr strace -f -o "$BATS_TEST_TMPDIR/many" "$lsslot" --sysroot "$tree" -F:
	assert_equal "${#lines[@]}" 3
	many=$(grep -cv 'brk\|mmap\|munmap\|mremap\| read(' "$BATS_TEST_TMPDIR/many")
	echo "$few, $many"
	[ "$many" -lt $((few + 20)) ]
}

@test "threads have the state of their own files if the lists are missing [io-list-states]" {
	command -v jq >/dev/null || skip 'no jq'
	make power6 padded
	run --separate-stderr "$lsslot" --sysroot "$tree" -c cpu --json
	assert_equal "$(jq '[.connectors[].threads[] | select(.online == true)] | length' <<<"$output")" 32
	assert_equal "$(jq '[.connectors[].threads[] | select(.online == false)] | length' <<<"$output")" 32
	find "$tree" -name online -delete
	run --separate-stderr "$lsslot" --sysroot "$tree" -c cpu --json
	assert_equal "$(jq '[.connectors[].threads[] | select(.online == null)] | length' <<<"$output")" 64
}

@test "a device tree alone: what Linux has is unknown [io-list-tree-alone]" {
	make power10 of_node
	rm -r "$tree/sys"
	run --separate-stderr "$lsslot" --sysroot "$tree" -c pci -F:
	assert_success
	assert_equal "$(grep -c ':?$' <<<"$output")" 2
	refute_output --partial no-device
	run --separate-stderr "$lsslot" --sysroot "$tree" -c pci --json
	assert_equal "$(grep -c '"state": null' <<<"$output")" 2
	make power7 of_node
	rm -r "$tree/sys"
	run --separate-stderr "$lsslot" --sysroot "$tree" -c cpu
	assert_line --index 1 --regexp '^CPU 253   PowerPC,POWER7@fc   100000fc   \?  \?  \?  \?  $'
	# only below /sys
	mkdir -p "$tree/sys/firmware/devicetree"
	mv "$tree/proc/device-tree" "$tree/sys/firmware/devicetree/base"
	rm "$tree/sys/firmware/devicetree/base/device_type"
	run --separate-stderr "$lsslot" --sysroot "$tree" -c cpu
	assert_success
	assert_equal "${#lines[@]}" 65
}
