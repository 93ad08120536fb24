#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: guest drmgr lsslot
#
# Unmodified programs of the distribution with our librtas and librtasevent, and with the
# peers' libraries: standard output, standard error and exit status are the same. Only for
# the real guest, because the programs need its processor.

# shellcheck disable=SC2016,SC2154 # for the guest's shell; set by the verbs

load ../guest/verbs
load ../lib/cards
load ../lib/beside

# The functions of our libraries that each program calls. Scripts call programs:
# rtas_dump, in perl, runs rtas_event_decode.
imports='
activate_firmware  rtas_activate_firmware rtas_get_sysparm rtas_set_sysparm
drmgr              rtas_activate_firmware rtas_cfg_connector rtas_get_sensor rtas_set_debug rtas_set_indicator rtas_set_power_level rtas_suspend_me rtas_update_nodes rtas_update_properties
errinjct           rtas_errinjct rtas_errinjct_close rtas_errinjct_open rtas_get_config_addr_info2 rtas_set_debug
extract_platdump   rtas_platform_dump rtas_set_sysparm
lp_diag            rtas_get_dynamic_sensor rtas_get_indices rtas_get_sensor rtas_set_dynamic_indicator rtas_set_indicator
lparnumascore      rtas_cfg_connector rtas_get_sensor rtas_set_debug rtas_set_indicator rtas_set_power_level
lsmcode            rtas_get_sysparm rtas_get_vpd
lsslot             rtas_cfg_connector rtas_get_sensor rtas_set_debug rtas_set_indicator rtas_set_power_level
ppc64_cpu          rtas_get_sysparm rtas_set_sysparm
rtas_errd          cleanup_rtas_event parse_rtas_event rtas_get_cpu_scn rtas_get_dump_scn rtas_get_epow_scn rtas_get_event_exthdr_scn rtas_get_event_hdr_scn rtas_get_hotplug_scn rtas_get_lri_scn rtas_get_mt_scn rtas_get_priv_hdr_scn rtas_get_sensor rtas_get_src_scn rtas_get_usr_hdr_scn rtas_set_debug rtas_set_sysparm rtas_update_nodes rtas_update_properties update_os_id_scn
rtas_event_decode  cleanup_rtas_event parse_rtas_event rtas_print_event rtas_print_raw_event rtas_set_print_width
rtas_ibm_get_vpd   rtas_get_vpd
serv_config        rtas_get_sysparm rtas_set_indicator rtas_set_sysparm
set_poweron_time   rtas_set_poweron_time
sys_ident          rtas_get_sysparm
uesensor           rtas_get_sensor
usysident          rtas_get_dynamic_sensor rtas_get_indices rtas_get_sensor rtas_set_dynamic_indicator rtas_set_indicator
vpdupdate          rtas_get_sysparm rtas_get_vpd
libservicelog-1.1.so.1  cleanup_rtas_event parse_rtas_event rtas_print_event rtas_print_raw_event rtas_set_print_width
'
# (usysattn and usysfault are links to usysident; lsvpd, lscfg and lsvio read files of
# vpdupdate; the programs of servicelog use libservicelog. rtas_errd has its own tests.)

# Commands, with the exit status of both. The same words for every setting:
#   guest      an unmodified QEMU guest, which many programs refuse
#   partition  /proc/cpuinfo and the device tree of a PowerVM partition, as far as
#              possible: QEMU's firmware answers -3 to the calls that it lacks
#   nobody     without root's rights
commands='
guest     0   drmgr -h
guest     0   drmgr -C
guest     0   drmgr
guest     255 drmgr -c pci -Q -s C8
guest     255 drmgr -c pci -a -s NOPE -n
guest     255 drmgr -c pci -r -s C8 -n
guest     255 drmgr -c nothing -a
guest     255 drmgr -c slot -a -s U1
guest     255 drmgr -c cpu -r -q 1
guest     1   drmgr -c cpu -a -q 1
guest     255 drmgr -c mem -a -q 1
guest     255 drmgr -c mem -r -q 1
guest     3   drmgr -c phb -Q -s "PHB 9"
guest     255 drmgr -m
guest     255 drmgr -c pmig -s 1
guest     0   lsslot
guest     0   lsslot -c pci
guest     0   lsslot -c pci -a
guest     1   lsslot -c pci -o
guest     0   lsslot -c pci -s C8 -F:
guest     0   lsslot -c slot
guest     0   lsslot -c phb
guest     1   lsslot -c port
guest     255 lsslot -c mem -d4
guest     1   rtas_event_decode -h
guest     1   rtas_event_decode -w 4000
guest     1   rtas_ibm_get_vpd
guest     1   serv_config -l
guest     2   set_poweron_time -m
guest     0   set_poweron_time -h
guest     0   ppc64_cpu --info
guest     0   ppc64_cpu --run-mode
guest     214 ppc64_cpu --run-mode=1
guest     255 ppc64_cpu --smt
guest     0   ppc64_cpu --dscr
guest     1   errinjct
guest     1   errinjct open
guest     1   errinjct eeh -v -f 0 -p U1
guest     0   usysident
guest     0   lp_diag
guest     255 extract_platdump
guest     1   extract_platdump -v 100000002
guest     1   activate_firmware
guest     0   vpdupdate
guest     0   lsmcode -A
partition 0   rtas_ibm_get_vpd -h
partition 1   rtas_ibm_get_vpd
partition 1   rtas_ibm_get_vpd -l U78
partition 0   serv_config -h
partition 0   serv_config -l
partition 0   serv_config -b
partition 0   serv_config -s
partition 0   serv_config -r
partition 0   serv_config -m
partition 0   serv_config -d
partition 0   serv_config -p
partition 1   serv_config -z
partition 0   sys_ident -p
partition 0   sys_ident -s
partition 1   sys_ident
partition 0   uesensor -l
partition 0   uesensor -a
partition 2   uesensor -t 9003 -i 1
partition 0   uesensor -t 9003 -i 1073741824
partition 0   uesensor -t 9003 -i 1073741824 -v
partition 1   uesensor
partition 8   activate_firmware
partition 8   activate_firmware -v
partition 7   activate_firmware -e
partition 0   set_poweron_time -m
partition 0   set_poweron_time -d h1
partition 0   set_poweron_time -t Y2036M12D31h23m59
partition 0   errinjct open
partition 253 errinjct close -k 1
partition 1   errinjct ioa-bus-error -v -f 0 -p U1
partition 253 usysident
partition 253 usysident -l U1 -s identify
partition 0   usysident -h
partition 255 usysattn
partition 255 usysfault
partition 255 lp_diag
partition 0   lp_diag -h
partition 1   extract_platdump 100000002
partition 1   extract_platdump -v 100000002
partition 0   lparnumascore -c cpu
partition 0   lparnumascore -c mem
partition 0   ppc64_cpu --run-mode
partition 0   vpdupdate
partition 0   lsvpd
partition 0   lscfg -v
partition 0   lsvio
partition 0   lsmcode
partition 0   lsmcode -A
partition 2   servicelog
partition 2   v1_servicelog
partition 0   v29_servicelog
partition 2   servicelog_notify --list
partition 0   log_repair_action -h
partition 1   rtas_dump -h
nobody    255 drmgr -c pci -r -s C8 -n
nobody    3   rtas_ibm_get_vpd
nobody    0   serv_config -l
nobody    0   sys_ident -p
nobody    2   uesensor -t 9003 -i 1073741824
nobody    3   activate_firmware
nobody    4   set_poweron_time -d h1
nobody    255 ppc64_cpu --run-mode
nobody    21  errinjct open
nobody    1   usysident
nobody    1   lp_diag
nobody    1   extract_platdump 100000002
nobody    255 vpdupdate
nobody    255 lsmcode
'

setup_file()
{
	export GUEST_OVERLAY=${GUEST_CACHE:-}/more:${GUEST_OVERLAY:-}

	guest_boot
	beside_setup
	[[ -d ${GUEST_DIR:-} ]] || return 0
	# Scripts of theirs call programs by their paths; ours keep their names.
	_guest_ctl run -- sh -c '
		for program in /peer/sbin/*; do
			[ -e "/usr/sbin/${program##*/}" ] || ln -s "$program" /usr/sbin
		done'
	_guest_ctl run -i -- sh -c 'cat >/root/partition' <<<"$partition"
	_guest_ctl run -- sh /root/partition prepare
}

setup()
{
	peers_needed
	cards_setup
}

teardown()
{
	[[ -d ${GUEST_DIR:-} ]] || return 0
	cards_teardown
	_guest_ctl run -- sh /root/partition end
}

# In the guest: differences from a partition that programs read.
partition='
tree=/sys/firmware/devicetree/base
case $1 in
prepare)
	echo nobody:x:65534:65534::/:/bin/sh >>/etc/passwd
	sed "s/IBM pSeries (emulated by qemu)/IBM,9009-42A/" /proc/cpuinfo >/root/cpuinfo
	cp -r $tree /root/tree 2>/dev/null
	cd /root/tree/rtas
	for call in activate-firmware close-errinjct errinjct get-dynamic-sensor-state \
		get-indices get-vpd open-errinjct platform-dump set-dynamic-indicator; do
		cp get-time-of-day ibm,$call
	done
	cp set-time-of-day set-time-for-power-on
	printf "ioa-bus-error\0\0\0\0\7" >ibm,errinjct-tokens
	printf "\0\0\0\11\0\0\0\0\0\0\43\53\0\0\0\2" >rtas-sensors
	printf IBM,0210ABCDE >../system-id
	;;
begin)
	mount --bind /root/cpuinfo /proc/cpuinfo
	mount --bind /root/tree $tree
	;;
end)
	umount /proc/cpuinfo $tree 2>/dev/null
	rm -f /tmp/input
	;;
esac
true'

# Programs that have moved are found there first.
as_they_are() # SETTING
{
	local setting expected command wrong=0
	# set_poweron_time prints seconds
	local now='/Dec 31/!s/... ... .. ..:..:.. 20/now 20/'
	local path='PATH=/peer/sbin:$PATH;' before='rm -f /var/log/drmgr* /var/lock/*'

	while read -r setting expected command; do
		[[ $setting == "$1" ]] || continue
		[[ $1 != nobody ]] || command="su -s /bin/sh nobody -c '$command'"
		if ! beside -b "$before" -s "$now" "$path $command" || ! assert_status "$expected"; then
			wrong=$((wrong + 1))
		fi
	done <<<"$commands"
	[ $wrong -eq 0 ]
}

as_partition()
{
	guest -0 sh /root/partition begin
}

# Print a program's library as the linker finds it in our folder or the peers'.
found() # FOLDER PROGRAM LIBRARY
{
	guest_sh -0 'LD_LIBRARY_PATH=$1 /lib64/ld64.so.2 --list "$(PATH=/peer/sbin:$PATH; which $2)" |
		sed -n "s/^.*$3.so.2 => \([^ ]*\).*/\1/p"' "$1" "$2" "$3"
}

@test "the programs import the listed functions" {
	local program file symbols

	while read -r program symbols; do
		[[ -n $program ]] || continue
		file=$(find "$GUEST_CACHE"/root/usr "$GUEST_CACHE"/more/usr -name "$program" | head -n 1)
		run -0 readelf --dyn-syms -W "$file"
		run -0 awk 'NF > 7 && $(NF - 1) == "UND" && $NF ~ /^rtas_|rtas_event$|^update_os/ { print $NF }' <<<"$output"
		run -0 sort <<<"$output"
		assert_output "$(tr ' ' '\n' <<<"$symbols")"
	done <<<"$imports"
}

@test "the programs are linked with our libraries, and with the peers'" {
	local program

	for library in librtas librtasevent; do
		guest_sh 'md5sum </usr/lib/powerpc64le-linux-gnu/$1.so.2; md5sum </peer/lib/$1.so.2' "$library"
		[[ ! -e ${GUEST_OVERLAY##*:}/usr/lib/powerpc64le-linux-gnu/$library.so.2 ]] ||
			[ "${lines[0]}" = "$(md5sum <"${GUEST_OVERLAY##*:}/usr/lib/powerpc64le-linux-gnu/$library.so.2")" ]
		[ "${lines[1]}" = "$(md5sum <"$GUEST_CACHE/root/usr/lib/powerpc64le-linux-gnu/$library.so.2")" ]
	done
	while read -r program _; do
		[[ -n $program && $program != lib* ]] || continue
		library=librtas
		[[ $program != *_decode ]] || library=librtasevent
		found '' "$program" $library
		# /lib is a link to /usr/lib.
		assert_stdout --regexp "^(/usr)?/lib/powerpc64le-linux-gnu/$library\\.so\\.2\$"
		found /peer/lib "$program" $library
		assert_stdout "/peer/lib/$library.so.2"
	done <<<"$imports"
}

# Read the mapped files of a program that waits for an answer.
@test "a running program has mapped the library" {
	local whose path

	for whose in '' /peer/lib; do
		guest_sh 'export LD_LIBRARY_PATH=$1; rm -f /tmp/answers; mkfifo /tmp/answers
			/peer/sbin/drmgr -c pci -i -s C8 </tmp/answers >/dev/null & exec 3>/tmp/answers
			wait_until "grep -q librtas /proc/$!/maps"
			grep -o "/.*librtas.*" /proc/$!/maps | sort -u
			kill $!' "$whose"
		path=${whose:-/usr/lib/powerpc64le-linux-gnu}
		assert_stdout "$path/librtas.so.2.0.0"
	done
}

@test "the results are the same in the unmodified guest" {
	as_they_are guest
}

@test "the results are the same as in a partition of PowerVM" {
	as_partition
	as_they_are partition
}

@test "the results are the same without root" {
	as_partition
	as_they_are nobody
}

@test "a card is plugged, listed, read, unplugged" {
	plug n0 virtio-net-pci 1 "$nic"
	beside -b 'drmgr -c pci -r -s C8 -n; rm -f /var/log/drmgr' \
		-s 's/^#* .* 20[0-9][0-9] #*$//' \
		'/peer/sbin/drmgr -c pci -a -s C8 -n && cat /var/log/drmgr'
	assert_status 0
	# 1.3.13 leaves the work to a kernel that can do it
	assert_stdout --regexp 'Adding ethernet@1|DLPAR "dt add index 0x40000008"'
	assert_node $phb/ethernet@1
	beside '/peer/sbin/lsslot -c pci -s C8'
	assert_stdout --partial '0000:00:01.0'
	beside '/peer/sbin/lsslot -c pci -s C8 -d5'
	beside '/peer/sbin/drmgr -c pci -a -s C8 -n'
	assert_status 255
	beside '/peer/sbin/drmgr -c pci -Q -s C8'
	beside 'echo | /peer/sbin/drmgr -c pci -i -s C8'
	assert_status 0
	as_partition
	beside 'vpdupdate && lsvpd && lscfg -vp && lsmcode -A'
	assert_status 0
	assert_stdout --partial eth0
	guest sh /root/partition end
	beside -b 'drmgr -c pci -a -s C8 -n; rm -f /var/log/drmgr' \
		-s 's/^#* .* 20[0-9][0-9] #*$//' \
		'/peer/sbin/drmgr -c pci -r -s C8 -n && cat /var/log/drmgr'
	assert_status 0
	assert_stdout --partial 'UNCONFIG adapter for C8'
	refute_node $phb/ethernet@1
}

# One host bridge for each library: Linux 6.12 crashes when slots of a bridge from an
# earlier test are read.
@test "a host bridge and its card are added and removed" {
	local n

	for n in 1 2; do
		host device_add "{\"driver\": \"spapr-pci-host-bridge\", \"id\": \"phb$n\", \"index\": $n}"
	done
	beside -s 's/PHB [12]/PHB N/; s/ [12]$/ N/; s/pci@80000002000000[12]/pci@N/' '
		PATH=/peer/sbin:$PATH; bridge="PHB 1"
		[ -n "$LD_LIBRARY_PATH" ] || bridge="PHB 2"
		drmgr -c phb -a -s "$bridge"; echo "status $?"
		ls /proc/device-tree; drmgr -c phb -Q -s "$bridge"; echo "status $?"
		drmgr -c phb -a -s "$bridge"; echo "status $?"
		lsslot -c phb | tr -s " " "\n" | sed "s/^C[0-9]\{5,6\}\$/Cn/" | sort | uniq -c
		drmgr -c phb -r -s "$bridge"; echo "status $?"
		ls /proc/device-tree; drmgr -c phb -r -s "$bridge"; echo "status $?"'
	assert_stdout_line --partial ' Cn'
	assert_stdout_line pci@N
	[ "$(grep '^status' <<<"$output")" = $'status 0\nstatus 6\nstatus 5\nstatus 0\nstatus 3' ]
	host device_del '{"id": "phb1"}'
	host device_del '{"id": "phb2"}'
}

# In the format of the kernel's log.
event_log='Nov 20 13:45:59 guest kernel: RTAS: 1 -------- RTAS event begin --------
Nov 20 13:45:59 guest kernel: RTAS 0: 063460e5 00000068 86008e00 00000000
Nov 20 13:45:59 guest kernel: RTAS 1: 00000000 49424d00 50480030 01000000
Nov 20 13:45:59 guest kernel: RTAS 2: 20241120 13455907 00000000 00000000
Nov 20 13:45:59 guest kernel: RTAS 3: 48000003 00000000 00000000 00000000
Nov 20 13:45:59 guest kernel: RTAS 4: 50000001 50000002 55480018 01000000
Nov 20 13:45:59 guest kernel: RTAS 5: 80000000 00000000 00000000 00000000
Nov 20 13:45:59 guest kernel: RTAS 6: 48500010 01000000 05010200 40000020
Nov 20 13:45:59 guest kernel: RTAS: 1 -------- RTAS event end ----------
Nov 20 13:46:00 guest kernel: something else
Nov 20 13:46:01 guest kernel: RTAS: 2 -------- RTAS event begin --------
Nov 20 13:46:01 guest kernel: RTAS 0: 063460e5 00001068 86008e00 00000000
Nov 20 13:46:01 guest kernel: RTAS: 2 -------- RTAS event end ----------'

@test "rtas_event_decode and rtas_dump print events from a log" {
	local options

	as_partition
	for options in '' -v '-d' '-d -v -w 120' '-n 1 -v' '-n 9'; do
		beside -i "/peer/sbin/rtas_event_decode $options" <<<"$event_log"
	done
	assert_stdout --partial 'RTAS Event Dump (9) Begin'
	guest -i sh -c 'mkdir -p /var/log; tee /var/log/messages >/tmp/log' <<<"$event_log"
	for options in '-f /tmp/log' '-d -v -f /tmp/log' '-v -n 1 -f /tmp/log' '-n 7 -f /tmp/log' '-f /nothing'; do
		beside "/peer/sbin/rtas_dump $options"
	done
	beside -i '/peer/sbin/rtas_dump -v' <<<"$event_log"
	assert_status 0
	assert_stdout --partial 'Hotplug drc_index:  40000020'
}

# A program that was built with our library; the distribution's were built with theirs.
# Calls with an intended difference are omitted: tests/commands/librtas/librtas.bats has them.
@test "a sequence of calls returns the same" {
	beside 'exec /usr/lib/guest/rtascall free_rmo_buffer 0 , \
		get_sensor 9003 0x40000000 , get_sensor 9003 0x12345678 , \
		set_indicator 9003 0x40000000 1 , set_indicator 1 0 0 , cfg_connector 12345678 , \
		get_sysparm 20 256 , get_sysparm 20 1 , get_sysparm 20 5000 , \
		set_power_level -1 100 , get_power_level 5 , get_power_level -1 , get_time , \
		display_char A , display_msg text , activate_firmware , errinjct_open , \
		errinjct_close 7 , errinjct 15 7 00000001 , suspend_me 1 , update_nodes 01 1 , \
		update_properties 0000000f 1 , read_slot_reset 0x10000 0x0800000020000000 , \
		get_config_addr_info2 0x10000 0x0800000020000000 0 , \
		set_eeh_option 0x10000 0x0800000020000000 1 , set_dynamic_indicator 9007 1 U789 , \
		scan_log_dump 4096 , set_poweron_time 2030 12 31 23 59 59 5 , set_debug 0 , \
		physical_attestation 01020304 1 0 , physical_attestation 01020304 1 4097 , \
		token set-indicator , token nope , sanity_check , interface_exists , dbg_lvl , \
		get_rmo_buffer 1 , free_rmo_buffer 0 , free_rmo_buffer 0 , \
		get_rmo_buffer 65536 , free_rmo_buffer 1 , get_rmo_buffer 65537 , get_rmo_buffer 0'
	assert_status 0
	assert_stdout_line 'get_sensor 9003 0x40000000 = 0 state 0'
}

@test "a connector's configuration is the same, step by step" {
	plug n0 virtio-net-pci 1 "$nic"
	beside -b '/usr/lib/guest/rtascall set_indicator 9001 0x40000008 0' '
		set -- set_indicator 9001 0x40000008 1 , cfg_connector 40000008
		for i in $(seq 19); do set -- "$@" , cfg_connector -; done
		exec /usr/lib/guest/rtascall "$@"'
	assert_status 0
	[ "$(grep -c '^cfg_connector - = 3 ' <<<"$output")" -ge 15 ]
	guest -0 drmgr -c pci -a -s C8 -n # so that teardown has a card to remove
}

# Their library prints to standard output, between the program's own lines. Ours prints to
# standard error, with numbers in the host's byte order.
@test "debug messages of the library have another text and place" {
	guest_sh 'LD_LIBRARY_PATH=/peer/lib /usr/lib/guest/rtascall set_debug 1 , get_sensor 9003 0x40000008'
	assert_stdout --partial 'librtas rtas_get_sensor()'
	assert_stderr ''
	guest_sh '/usr/lib/guest/rtascall set_debug 1 , get_sensor 9003 0x40000008'
	refute_stdout --partial librtas
	assert_stderr --partial 'get-sensor-state(9003, 0x40000008)'
}

# ours: without a wait; the hook is a probe while it makes its change. AT_ONCE: the number of
# rounds for each kind of lock.
@test "another user has locked the lock file: their drmgr and ours exclude each other, ours is not delayed" {
	plug n0 virtio-net-pci 1 "$nic"
	plug n1 virtio-net-pci 2 "$nic"
	guest -i sh -c 'mkdir -p /etc/drmgr.d/pci; cat >/etc/drmgr.d/pci/probe; chmod 755 /etc/drmgr.d/pci/probe' <<-'EOF'
		#!/bin/sh
		echo "$PHASE $(LD_LIBRARY_PATH=/peer/lib /peer/sbin/lsslot -c pci 2>&1)" >>/tmp/probes
	EOF
	guest_sh -0 '
		lock=/var/lock/dr_config_lock devices=/sys/bus/pci/devices/0000:00 rounds='"${AT_ONCE:-2}"'
		say() { echo "$mode, round $n: $*"; cat /tmp/ours /tmp/theirs; exit 1; }
		for mode in "444 read-lock" "666 lock"; do for n in $(seq $rounds); do
			for action in a r; do
				rm -f $lock /tmp/held /tmp/probes; : >$lock; chmod ${mode% *} $lock; mkfifo /tmp/held
				su -s /bin/sh nobody -c "exec /usr/lib/guest/rawcall ${mode#* } $lock cat /tmp/held" &
				user=$!; exec 3>/tmp/held
				wait_until "grep -q \":$(stat -c %i $lock) \" /proc/locks"
				LD_LIBRARY_PATH=/peer/lib /peer/sbin/drmgr -c pci -$action -s C8 -n >/tmp/theirs 2>&1 & theirs=$!
				drmgr -c pci -$action -s C16 -n >/tmp/ours 2>&1; ours=$?
				wait $theirs; theirs=$?
				if [ $ours = 255 ]; then # theirs was first
					grep -q "Please try command again later" /tmp/ours && [ $theirs = 0 ] || say $ours $theirs
					drmgr -c pci -$action -s C16 -n >/tmp/ours 2>&1 || say again
				fi
				[ $ours$theirs = 00 ] || LD_LIBRARY_PATH=/peer/lib /peer/sbin/drmgr -c pci -$action -s C8 -n >/tmp/theirs 2>&1 || say theirs
				exec 3>&-; wait $user
				[ "$(grep -c "config_lock: Resource temporarily unavailable" /tmp/probes)" = 2 ] || say "$(cat /tmp/probes)"
			done
		done; done; echo "as it must be"'
	assert_stdout 'as it must be'
}
