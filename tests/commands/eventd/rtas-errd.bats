#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: sim guest drmgr lsslot
# The host's requests are handled without a user: the distribution's event daemon,
# rtas_errd, reads the records with our libraries and runs our drmgr. If that daemon is
# not available, a reader that uses only our libraries does so.

# shellcheck disable=SC2016 # scripts for the guest

load ../../guest/verbs
load ../../lib/errd

setup_file()
{
	guest_boot -blockdev node-name=disk0,driver=null-co,size=1048576,read-zeroes=on
}

@test "rtas_errd is linked with our libraries" {
	local path file tree

	start rtas_errd
	guest_sh 'sed -n "s/.* r-xp .* \(\/.*librtas.*\)/\1/p" /proc/$1/maps | xargs md5sum' "$daemon_pid"
	[ "${#lines[@]}" -eq 2 ]
	[[ $output == *librtas.so.2* && $output == *librtasevent.so.2* ]]
	tree=$GUEST_OVERLAY
	[[ ${GUEST_KIND:-real} == real ]] || tree=$GUEST_STAGE
	for path in "${lines[@]}"; do
		file=$tree${path#*  }
		assert_equal "${path%% *}" "$(md5sum <"$file" | cut -d' ' -f1)"
	done
}

# The card works when drmgr says so, and not before: the last line of an addition in the
# log.
configured() # SLOT INDEX FILE
{
	guest_until 'grep -q "drmgr: -c pci -a -s $1 -n -d4 -V$" "$2" && test -e "$3"' "$2" $drmgr_log "$3"
	guest lsslot -c pci -s "$1" -F:
	refute_stdout --partial :Empty
}

a_card() # DAEMON
{
	start "$1"
	plug n0 virtio-net-pci 1 "$nic"
	configured C8 0x40000008 /sys/class/net/eth0
	assert_node $phb/ethernet@1/reg
	plug d0 virtio-blk-pci 2 '"drive": "disk0"'
	configured C16 0x40000010 /sys/block/vda
	host device_del '{"id": "n0"}'
	host_has_it_back n0
	forget n0
	refute_node $phb/ethernet@1
	host device_del '{"id": "d0"}'
	host_has_it_back d0
	forget d0
	guest_until '[ "$(grep -c "drmgr: -c pci -r -s 0x400000[01][08] -n -d4 -V$" "$1")" -eq 2 ]' $drmgr_log
	guest_until '[ -z "$(ls /sys/bus/pci/devices)" ]'
	assert_alive
}

@test "rtas_errd: a card is configured and removed" {
	a_card rtas_errd
}

@test "reader: a card is configured and removed" {
	a_card reader
	guest cat $reader_log
	assert_stdout_line --index 0 --regexp '^[0-9]+ type 229: drmgr -c pci -a -s 0x40000008 -n -d4 -V = 0$'
	assert_stdout_line --index 3 --regexp '^[0-9]+ type 229: drmgr -c pci -r -s 0x40000010 -n -d4 -V = 0$'
}

# The host sends the events of all functions with function 0, and unplugs all with it.
several_functions() # DAEMON
{
	start "$1"
	plug f1 virtio-net-pci 3.1 "$nic, \"multifunction\": true"
	plug f0 virtio-net-pci 3.0 "$nic, \"multifunction\": true"
	configured C24 0x40000018 /sys/bus/pci/devices/0000:00:03.0/driver
	configured C25 0x40000019 /sys/bus/pci/devices/0000:00:03.1/driver
	host device_del '{"id": "f0"}'
	host_wait DEVICE_DELETED device=f1
	forget f1
	host_wait DEVICE_DELETED device=f0
	forget f0
	refute_node $phb/ethernet@3
	refute_node $phb/ethernet@3,1
	took 4 229
	assert_alive
}

@test "rtas_errd: several functions of a card are configured and removed" {
	several_functions rtas_errd
}

@test "reader: several functions of a card are configured and removed" {
	several_functions reader
}

@test "rtas_errd: events before its start are handled at the start" {
	daemon_needed rtas_errd
	plug n0 virtio-net-pci 1 "$nic"
	start rtas_errd
	configured C8 0x40000008 /sys/class/net/eth0
}

a_bridge_comes() # DAEMON [PROGRAM]
{
	daemon_needed "$1"
	record "${2-}"
	start "$1"
	host device_add '{"driver": "spapr-pci-host-bridge", "index": 1, "id": "phb1"}'
	ran 1
	assert_node /pci@800000020000001/reg
	guest_sh -0 'lsslot -c pci -F: | grep ^C65544:'
}

a_bridge_goes() # COMMAND...: all commands that it ran
{
	host device_del '{"id": "phb1"}'
	host_wait -t 60 DEVICE_DELETED device=phb1
	ran $#
	assert_commands "$@"
	guest grep = $commands
	assert_stdout "$(yes '= 0' | head -n $#)"
	refute_node /pci@800000020000001
	assert_alive
}

# With a card that is plugged into it later and unplugged first.
a_bridge() # DAEMON
{
	a_bridge_comes "$1"
	host device_add "{\"driver\": \"virtio-net-pci\", \"id\": \"b0\", \"bus\": \"phb1.0\", \"addr\": \"1\", $nic}"
	ran 2
	guest_sh 'ls /sys/bus/pci/devices'
	assert_stdout --regexp '^000[1-9]:00:01.0$'
	host device_del '{"id": "b0"}'
	host_wait -t 60 DEVICE_DELETED device=b0
	ran 3
	a_bridge_goes 'drmgr -c phb -a -s 0x20000001' 'drmgr -c pci -a -s 0x40010008 -n -d4 -V' \
		'drmgr -c pci -r -s 0x40010008 -n -d4 -V' 'drmgr -c phb -r -s 0x20000001'
}

@test "rtas_errd: a host bridge and its card are configured and removed [io-call-errd-phb log-12.3-bridge]" {
	a_bridge rtas_errd
}

@test "reader: a host bridge and its card are configured and removed" {
	a_bridge reader
}

# Linux 6.12 reads slots of the removed bus when the peer removes it.
@test "rtas_errd: a host bridge is configured by the peer's drmgr" {
	[[ ${GUEST_KIND:-real} == sim ]] || guest grep -qw dt /sys/kernel/dlpar
	[[ ${GUEST_KIND:-real} == sim || $status -ne 0 ]] || skip 'this kernel does not survive the peer'
	a_bridge_comes rtas_errd /peer/sbin/drmgr
	a_bridge_goes 'drmgr -c phb -a -s 0x20000001' 'drmgr -c phb -r -s 0x20000001'
}

# Eight at a time, because the kernel keeps only 64 records for slow readers. A card that
# was never configured is unplugged without an event.
many_records() # DAEMON
{
	local round function sequence

	daemon_needed "$1"
	record /bin/true
	start "$1"
	for ((round = 1; round <= 9; round++)); do
		for function in 7 6 5 4 3 2 1 0; do
			host device_add "{\"driver\": \"virtio-net-pci\", \"id\": \"f$function\", \"addr\": \"4.$function\", $nic, \"multifunction\": true}"
		done
		ran $((8 * round))
		host device_del '{"id": "f0"}'
		for function in 7 6 5 4 3 2 1 0; do
			host_wait DEVICE_DELETED device=f$function
		done
	done
	took 72 229
	guest sort -u $commands
	assert_stdout "$(printf '= 0\n'; printf 'drmgr -c pci -a -s 0x4000002%d -n -d4 -V\n' 0 1 2 3 4 5 6 7)"
	# Their numbers have no gap.
	if [[ $daemon == rtas_errd ]]; then
		guest sed -n 's/^RTAS: \([0-9]*\) .* begin .*/\1/p' $platform
	else
		guest sed 's/ .*//' $reader_log
	fi
	sequence=${lines[0]}
	assert_output "$(seq "$sequence" $((sequence + 71)))"
	assert_alive
}

@test "rtas_errd: no record is lost" {
	many_records rtas_errd
}

@test "reader: no record is lost" {
	many_records reader
}

# In the real guest, a signal does not end the first process, so the guest stays.
power_off_wish() # DAEMON
{
	[[ ${GUEST_KIND:-real} == real ]] || skip 'a simulated guest would be off'
	start "$1"
	host system_powerdown
	took 1 64
	assert_alive
}

@test "rtas_errd: the host requests power off" {
	power_off_wish rtas_errd
	guest_until 'grep "(Sequence #.*) Failed to read EPOW sensor state" "$1"' $errd_log
}

@test "reader: the host requests power off" {
	power_off_wish reader
}

# A fan failure: the kernel leaves it to programs. A machine with the sensor reports its
# severity, and rtas_errd runs a script.
power_failure()
{
	inject 40 4550001402000000010101000000000000000000
}

@test "rtas_errd: a power failure runs its script" {
	daemon_needed rtas_errd
	host x-papr-fault '{"call": "get-sensor-state", "status": 0, "rets": [3], "count": 0}'
	guest_sh 'printf "#!/bin/sh\necho called >/tmp/powerfail\n" >/etc/rc.powerfail && chmod 755 /etc/rc.powerfail'
	[[ $status -eq 0 ]] || skip 'this guest has the /etc of the machine'
	start rtas_errd
	power_failure
	took 1 64
	guest_until 'cat /tmp/powerfail && cat /var/log/epow_status'
	assert_output $'called\n8'
	host x-papr-fault-clear
	assert_alive
}

@test "reader: a power failure runs its command" {
	start reader
	power_failure
	took 1 64
	assert_alive
}

# The log of rtas_errd during these operations, without times and numbers.
story() # NAME [LIBRARIES]
{
	record
	start rtas_errd "${2-}"
	plug n0 virtio-net-pci 1 "$nic"
	ran 1
	host device_del '{"id": "n0"}'
	host_has_it_back n0
	forget n0
	ran 2
	host system_powerdown
	took 1 64
	guest_until 'grep "Failed to read EPOW" "$1"' $errd_log
	stop_daemons
	guest_sh -0 'sed "s/^RTAS: [0-9]* /RTAS: N /; s/^RTAS 2: .*/RTAS 2: when/; s/^RTAS 4: ......../RTAS 4: number/" <"$2" >"$1.records"
		sed "s/#[0-9]*/#N/" <"$3" >"$1.log"; cat "$1.log"; cp "$4" "$1.commands"
		rm "$2" "$3" "$4"' "/tmp/$1" $platform $errd_log $commands
	unrecord
}

@test "rtas_errd: the log is the same with our libraries and the peer's" {
	story ours
	story peer /peer/lib
	guest_sh -0 'for what in records log commands; do
			[ -s /tmp/ours.$what ] && diff /tmp/ours.$what /tmp/peer.$what || exit
		done; grep -c begin /tmp/ours.records'
	assert_stdout 3
}

# Records of real machines from the daemon's source, one after the other. Its results are
# in its log, its copy of the records, and a database of events that need service.
real_records() # NAME [LIBRARIES]
{
	guest_sh -0 'rm -rf "/tmp/$1" && mkdir -p "/tmp/$1" /var/lib/servicelog && cd "/tmp/$1" && : >/var/lib/servicelog/servicelog.db &&
		for file in /tmp/events/*; do
			name=${file##*/}
			LD_LIBRARY_PATH=$2 rtas_errd -d -R -f "$file" -p $name.records -l $name.log -e $name.epow -m /dev/null >$name.out 2>&1 </dev/null
			echo "$name $?" >>statuses
		done
		mv /var/lib/servicelog/servicelog.db servicelog.db && cat statuses *.log' "$1" "${2-}"
}

real_records_needed()
{
	local tests=${GUEST_SOURCES:-/nowhere}/ppc64-diag/rtas_errd/tests

	[[ -d $tests/events ]] || skip 'no source of rtas_errd (make errd-prepare)'
	daemon_needed rtas_errd
	guest -i tar xf - -C /tmp < <(tar cf - -C "$tests" events)
	number_of_records=$(find "$tests/events" -type f | wc -l)
}

# Its database, without the times of writing, and without the values that the peer's
# library reads from the wrong place: serial numbers and card identifiers of parts.
database() # NAME
{
	_guest_ctl run -- cat "/tmp/$1/servicelog.db" >"$BATS_TEST_TMPDIR/$1.db"
	sqlite3 "$BATS_TEST_TMPDIR/$1.db" "SELECT serial, ccin FROM callouts WHERE fru <> '' AND serial <> ''" \
		>"$BATS_TEST_TMPDIR/$1.parts"
	sqlite3 "$BATS_TEST_TMPDIR/$1.db" 'DROP TRIGGER trigger_events_update' \
		'UPDATE events SET time_logged = 0, time_last_update = 0' \
		"UPDATE callouts SET serial = '', ccin = ''" .dump >"$BATS_TEST_TMPDIR/$1"
}

@test "rtas_errd: records of real machines are handled" {
	real_records_needed
	real_records ours
	guest_sh 'cd /tmp/ours && grep -c " 0$" statuses; grep -l begin *.records | wc -l'
	assert_stdout "$number_of_records"$'\n'"$number_of_records"
}

@test "rtas_errd: those records give the same with our libraries and the peer's" {
	real_records_needed
	command -v sqlite3 >/dev/null || skip 'sqlite3 is missing'
	real_records ours
	real_records peer /peer/lib
	guest_sh -0 'cd /tmp/ours; for file in statuses *.records *.log *.epow *.out; do
			sed "s/rmsg = [0-9]*/rmsg = ADDRESS/" "../peer/$file" >/tmp/peer.text
			sed "s/rmsg = [0-9]*/rmsg = ADDRESS/" "$file" | diff - /tmp/peer.text || exit
		done'
	database ours
	database peer
	[ "$(grep -c 'INTO rtas' "$BATS_TEST_TMPDIR/ours")" -gt 10 ]
	diff "$BATS_TEST_TMPDIR/ours" "$BATS_TEST_TMPDIR/peer"
	grep -qx 'YL31F4197003|261C' "$BATS_TEST_TMPDIR/ours.parts"
	grep -qx 'CYL31F419700|' "$BATS_TEST_TMPDIR/peer.parts"
}
