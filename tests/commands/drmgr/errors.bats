#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: sim drmgr lsslot ofpathtool papr-overlay rtas-event
# Each code of an error, provoked in a simulated guest: the document has the code with the
# hint of drmgr(8), and its message is on standard error.

# shellcheck disable=SC2016,SC2154 # for the guest's shell; set by guest

load ../../guest/verbs
load ../../lib/cards
load ../../lib/codes

setup_file()
{
	guest_boot -smp 1,maxcpus=4,cores=4,threads=1 -m 1G,slots=4,maxmem=4G \
		-blockdev node-name=disk0,driver=null-co,size=1048576,read-zeroes=on
	codes_of_manual >"$BATS_FILE_TMPDIR/codes"
	: >"$BATS_FILE_TMPDIR/provoked"
}

setup()
{
	cards_setup
}

teardown()
{
	[[ -n ${GUEST_MISSING:-} ]] || host x-papr-fault-clear
	guest_sh 'umount /boot /mnt 2>/dev/null; true'
	cards_teardown
}

# The next of these calls fails.
fault() # CALL JSON-MEMBERS
{
	host x-papr-fault "{\"call\": \"$1\", $2}"
}

# Print the value of a key of the document's own error.
error_value() # KEY
{
	sed -n '/^  "error": {/,/^  }/p' <<<"$output" | sed -nE "s/^    \"$1\": \"?(.*[^\",])\"?,?$/\1/p"
}

# Print "CODE|HINT" of each error in the document, also of resources.
document_codes()
{
	sed -nE 's/^ *"(code|hint)": "(.*)",?$/\2/p' <<<"$output" | paste -d'|' - -
}

# The last command failed, and its document has this error. The codes and hints in it are
# those of the table.
assert_code() # CODE [ERRNO]
{
	[[ $status -ne 0 ]]
	assert_equal "$(error_value code)" "$1"
	grep -qx "$1|$(error_value hint)" "$BATS_FILE_TMPDIR/codes"
	assert_equal "$(document_codes | grep -vxFf "$BATS_FILE_TMPDIR/codes")" ''
	[[ $output != *papr.drmgr* ]] || assert_equal "$(error_value errno)" "${2:-null}"
	[[ $stderr == Usage:* ]] ||
		assert_stderr --partial "$(error_value message | sed 's/\\n.*//; s/\\//g')"
	echo "$1" >>"$BATS_FILE_TMPDIR/provoked"
}

# Row: code, command.
@test "errors of requests that change nothing" {
	local code command

	while IFS='|' read -r code command; do
		guest_sh "$command --json"
		assert_code "$code"
	done <<-'ROWS'
		bad-request|drmgr -Z
		bad-request|drmgr -c frob -a
		bad-request|drmgr -c pci -a -s C8
		bad-request|lsslot -c frob
		bad-request|lsslot -c pci -b
		bad-request|lsslot -c pci -F ab
		no-connectors|lsslot -c port
		no-such-connector|lsslot -c cpu -s NOPE
		no-such-connector|drmgr -c cpu -Q -s NOPE
		no-such-index|lsslot -c pci -s 0x1
		no-such-index|drmgr -c mem -r -s 0x1
		wrong-type|drmgr -c slot -r -s C8
		already-there|drmgr -c phb -a -s 'PHB 0'
		nothing-there|drmgr -c pci -r -s C8 -n
		host-has-too-little|drmgr -c cpu -a -q 4
		too-few|drmgr -c mem -r -q 1 --force
		last-one|drmgr -c cpu -r
		not-supported|drmgr -c acc -a -t gzip -q 1
		not-supported|drmgr -m -p check
	ROWS
}

# Row: code, command.
@test "errors of ofpathtool, rtas-event and papr-overlay" {
	local code command

	guest_sh 'echo letter >/tmp/letter'
	while IFS='|' read -r code command; do
		guest_sh "$command --json"
		[[ $status -ne 0 ]]
		assert_equal "$(document_codes)" "$(grep "^$code|" "$BATS_FILE_TMPDIR/codes")"
		echo "$code" >>"$BATS_FILE_TMPDIR/provoked"
	done <<-'ROWS'
		no-such-device|ofpathtool sdz
		no-such-device|ofpathtool -l /pci@1
		no-path|ofpathtool lo
		no-kernel-file|ofpathtool --sysroot /tmp sda
		bad-file|ofpathtool --sysroot /nonexistent sda
		bad-request|ofpathtool --frob
		bad-request|rtas-event -n 5-4
		bad-file|rtas-event /tmp/letter
		bad-file|rtas-event /nonexistent
		bad-file|papr-overlay check --offline /tmp/letter
		not-supported|papr-overlay list
		not-supported|papr-overlay revert x
		bad-request|papr-overlay revert
	ROWS
}

@test "slots of a captured tree: two with one name, and one without hot plug" {
	plug n0 virtio-net-pci 1 "$nic"
	guest drmgr -c pci -a -s C8 -n
	guest_sh 'mkdir -p /tmp/root/proc/device-tree /tmp/root/sys && cp /proc/cpuinfo /tmp/root/proc &&
		cp -r /proc/device-tree/. /tmp/root/proc/device-tree &&
		cd /tmp/root/proc/device-tree/pci@800000020000000 && sed s/C16/C24/ ibm,drc-names >/tmp/names &&
		chmod u+w . ibm,drc-names ethernet@1 ethernet@1/ibm,loc-code && cat /tmp/names >ibm,drc-names &&
		printf "X/T1\0" >ethernet@1/ibm,loc-code'
	guest lsslot --sysroot /tmp/root -c pci -s C24 --json
	assert_code ambiguous
	guest lsslot --sysroot /tmp/root -c pci -s C8 --json
	assert_code not-hot-pluggable
}

@test "a user without privilege" {
	guest_sh 'grep -qs ^nobody /etc/passwd || echo nobody:x:65534:65534::/:/bin/sh >>/etc/passwd
		chmod 755 /; su nobody -s /bin/sh -c "drmgr -c cpu -r --json"'
	assert_code not-permitted
}

# Row: code, errno, call that fails, how.
@test "firmware and the kernel refuse a card" {
	local code errno call how

	plug n0 virtio-net-pci 1 "$nic"
	while IFS='|' read -r code errno call how; do
		fault "$call" "$how"
		guest drmgr -c pci -a -s C8 -n -w 1s --backend ofdt --json
		host x-papr-fault-clear
		assert_code "$code" "$errno"
	done <<-'ROWS'
		firmware-refused|null|set-indicator|"status": -1
		timed-out|null|get-sensor-state|"status": -2, "count": 0
		not-permitted|EPERM|write:/proc/ppc64/ofdt|"errno": "EPERM"
		no-memory|ENOMEM|write:/proc/ppc64/ofdt|"errno": "ENOMEM"
		kernel-refused|EINVAL|write:/proc/ppc64/ofdt|"errno": "EINVAL"
	ROWS
}

@test "a signal ends a request" {
	guest_sh 'drmgr -c pci -a -s C8 -n --trace --json 2>/tmp/err & pid=$!
		wait_until "grep -qs get-sensor-state /tmp/err"
		kill -TERM $pid; wait $pid; s=$?; cat /tmp/err >&2; exit $s'
	assert_code interrupted
}

@test "a disk that is in use" {
	plug b0 virtio-blk-pci 1 '"drive": "disk0", "romfile": ""'
	guest drmgr -c pci -a -s C8 -n
	guest_until 'test -e /sys/class/block/vda'
	guest_sh 'mkdir -p /boot && mount -t tmpfs /dev/vda /boot'
	guest drmgr -c pci -r -s C8 -n --json
	assert_code would-lose-system
	guest_sh 'umount /boot; mkdir -p /mnt && mount -t tmpfs /dev/vda /mnt'
	guest drmgr -c pci -r -s C8 -n --no-loss --json
	assert_code would-lose-use
}

@test "memory of a KVM guest" {
	host object-add '{"qom-type": "memory-backend-ram", "id": "m0", "size": 268435456}'
	host device_add '{"driver": "pc-dimm", "id": "d0", "memdev": "m0"}'
	guest_until 'lsslot -c mem --json | grep -q "\"index\": \"0x80000004\"" && test -e /sys/devices/system/memory/memory4'
	guest drmgr -c mem -r -s 0x80000004 --json
	assert_code would-strand
	host x-papr-memory '{"used": 1288490188}'
	guest drmgr -c mem -r -s 0x80000004 --force --json
	assert_code memory-needed
	host x-papr-memory
}

@test "another process has the lock" {
	guest_sh 'umask 022; mkdir -p /etc/drmgr.d/cpu; cd /etc/drmgr.d/cpu
		printf "#!/bin/sh\n[ \$PHASE = pre ] && /usr/sbin/drmgr -c mem -a --json >/tmp/out 2>/tmp/err\n" >again
		chmod 755 again; drmgr -c cpu -a >/dev/null 2>&1
		rm -r /etc/drmgr.d/cpu; cat /tmp/out; cat /tmp/err >&2; exit 255'
	assert_code lock-held
}

@test "an interrupted run: its undo fails, and its journal is damaged" {
	plug n0 virtio-net-pci 1 "$nic"
	guest -137 /usr/lib/guest/killat 12 drmgr -c pci -a -s C8 -n
	fault set-indicator '"status": -1, "count": 0'
	guest drmgr --recover --json
	assert_code undo-incomplete
	host x-papr-fault-clear
	guest -0 drmgr --recover
	guest_sh 'echo frob >/run/drmgr/journal; drmgr --recover --json'
	assert_code journal-damaged
	guest -0 drmgr --recover --discard
}

@test "a driver does not release its device" {
	plug n0 virtio-net-pci 1 "$nic"
	guest drmgr -c pci -a -s C8 -n
	fault write:/sys/bus/pci/devices/0000:00:01.0/remove '"hold": true'
	guest drmgr -c pci -r -s C8 -n -w 1s --json
	assert_code device-in-use
}

# The driver of the slot fails, and the kernel's scan cannot read the configuration space.
@test "a card without a device" {
	plug n0 virtio-net-pci 1 "$nic"
	fault write:/sys/bus/pci/slots/C8/power '"errno": "EIO", "count": 0'
	fault ibm,read-pci-config '"status": -1, "count": 0'
	guest drmgr -c pci -a -s C8 -n -w 1s --json
	assert_code no-device
}

# Documents never have questions: the text has the hint, on a terminal.
@test "a question without an answer" {
	plug n0 virtio-net-pci 1 "$nic"
	guest_sh 'script -qec "stty cols 200; drmgr -c pci -a -s C8 </dev/null" /dev/null </dev/null'
	[[ $status -ne 0 ]]
	assert_line --partial "Hint: $(sed -n 's/^no-answer|//p' "$BATS_FILE_TMPDIR/codes")"
	echo no-answer >>"$BATS_FILE_TMPDIR/provoked"
}

# The second machine, which can be migrated and has the file of overlays, stays until the
# end.
@test "a hook refuses the migration" {
	guest_down
	rm -r "$GUEST_DIR"
	GUEST_DT_OVERLAY=yes GUEST_MACHINE_OPTIONS=x-powervm=on GUEST_PLATFORM=lpar guest_boot
	guest_sh 'umask 022; mkdir -p /etc/drmgr.d/pmig; cd /etc/drmgr.d/pmig
		printf "#!/bin/sh\nexit 3\n" >no; chmod 755 no; drmgr -m -c pmig -p check --json'
	assert_code hook-failed
}

# Set the names of the connectors of PHB 0.
set_names() # HEXADECIMAL
{
	dtc -q -O dtb -o "$BATS_TEST_TMPDIR/names" <<-NAMES
		/dts-v1/; /plugin/; / { fragment@0 { target-path = "/pci@800000020000000";
			__overlay__ { ibm,drc-names = [$1]; }; }; };
	NAMES
	guest_sh -0 -i 'cat >/proc/device-tree-overlay' <"$BATS_TEST_TMPDIR/names"
}

# The name of the connector does not fit into a line of the journal.
@test "a step that does not fit into the journal" {
	local names

	plug n0 virtio-net-pci 1 "$nic"
	guest_sh 'od -An -v -tx1 "$1" | tr -d " \n"' /proc/device-tree/pci@800000020000000/ibm,drc-names
	names=$output
	set_names "${names/00433800/00$(printf '78%.0s' {1..17000})00}"
	guest drmgr -c pci -a -s 0x40000008 -n --json
	assert_code journal-full
	set_names "$names"
}

# This test comes last.
@test "each code was provoked" {
	guest_needed
	diff <(cut -d'|' -f1 "$BATS_FILE_TMPDIR/codes" | sort) <(sort -u "$BATS_FILE_TMPDIR/provoked")
}
