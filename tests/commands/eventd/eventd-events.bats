#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: sim guest drmgr drmon papr-eventd rtas-event
# papr-eventd and events that are not about cards; lost and damaged events; the other daemon.
# A real machine sends only some of them; the remaining tests are for simulated guests.

# shellcheck disable=SC2016,SC2154 # scripts for the guest; set by the verbs

load ../../guest/verbs
load ../../lib/eventd

setup_file()
{
	GUEST_MACHINE_OPTIONS=x-powervm=on guest_boot
}

# ---- Lost events ----

# The host sends the events of all functions with function 0. A card that was never
# configured is unplugged without an event.
eight_events()
{
	local function

	for function in 7 6 5 4 3 2 1 0; do
		host device_add "{\"driver\": \"virtio-net-pci\", \"id\": \"f$function\", \"addr\": \"4.$function\", $nic, \"multifunction\": true}"
	done
	host device_del '{"id": "f0"}'
	for function in 7 6 5 4 3 2 1 0; do
		host_wait DEVICE_DELETED device=f$function
	done
}

@test "events that the kernel dropped are counted, and all cards are configured" {
	local i

	eventd
	plug n0 virtio-net-pci 1 "$nic"
	logged 'add pci 0x40000008: done'
	guest_sh 'kill -STOP $(pidof papr-eventd)'
	plug n1 virtio-net-pci 2 "$nic"
	plug n2 virtio-net-pci 3 "$nic"
	host device_add '{"driver": "spapr-pci-host-bridge", "index": 1, "id": "phb1"}'
	for i in {1..9}; do
		eight_events
	done
	guest_sh 'kill -CONT $(pidof papr-eventd)'
	configured 0000:00:02.0
	configured 0000:00:03.0
	logged 'add all: done'
	logged 'the kernel has dropped 11 events before #'
	assert_node /pci@800000020000001/reg
	eventd_status '"lost": 11'
	host device_del '{"id": "phb1"}'
	host_wait -t 60 DEVICE_DELETED device=phb1
}

# ---- rtas_errd ----

# A program that has its name, opens its file, and waits until a process can write to its FIFO.
errd_file()
{
	guest_sh -0 'mkfifo /tmp/errd-end; chmod 644 /tmp/errd-end
		printf "#!/bin/sh\ntrue </proc/ppc64/rtas/error_log\n: </tmp/errd-end\n" >/tmp/rtas_errd && chmod 755 /tmp/rtas_errd'
}

teardown()
{
	[[ -n ${GUEST_MISSING:-} ]] ||
		guest_sh '[ ! -p /tmp/errd-end ] || : <>/tmp/errd-end; rm -f /tmp/errd-end'
	eventd_teardown
}

# Run it as root. Until it has that name, it is a part of the shell.
errd()
{
	guest_sh -0 '{ /tmp/rtas_errd >/dev/null 2>&1 & }
		wait_until "[ \"\$(cat /proc/$!/comm)\" = rtas_errd ]"; echo $!'
	errd_pid=$output
}

# Kill a process. papr-eventd reads within a second. $output is the time, in 10 ms.
takes_over_from() # PID
{
	guest_sh -0 'now() { read -r up rest </proc/uptime; echo "${up%.*}${up#*.}"; }
		begin=$(now); kill -9 "$1"
		wait_until "grep -q \"rtas_errd has ended: reading the events\" $2"
		took=$(($(now) - begin)); echo $took; [ $took -lt 100 ]' "$1" $eventd_log
}

stands_aside()
{
	errd_file
	errd
	eventd
	plug n0 virtio-net-pci 1 "$nic"
	eventd_status '"state": "aside"'
	eventd_status "\"rtas_errd\": $errd_pid"
	eventd_status '"received": 0'
	refute_node $phb/ethernet@1
	takes_over_from "$errd_pid"
	configured 0000:00:01.0
	# it starts while the daemon runs
	errd
	plug n1 virtio-net-pci 2 "$nic"
	logged "rtas_errd runs (PID $errd_pid): it reads the events"
	refute_node $phb/ethernet@2
	guest_sh "kill $errd_pid"
	configured 0000:00:02.0
	eventd_status '"lost": 0'
}

@test "while rtas_errd runs, no event is read; after its end, all are" {
	stands_aside
}

@test "the same without inotify: then all processes are read" {
	[[ ${GUEST_KIND:-real} == real ]] || skip "a simulated guest has this computer's limits"
	guest_sh -0 'echo 0 >/proc/sys/fs/inotify/max_user_instances'
	stands_aside
	guest_sh -0 'echo 128 >/proc/sys/fs/inotify/max_user_instances'
}

@test "rtas_errd starts and ends 20 times, once with a new file: each event has one reader" {
	local round

	errd_file
	eventd
	for round in {1..20}; do
		[[ $round -ne 10 ]] || guest_sh -0 'cp -p /tmp/rtas_errd /tmp/new && mv /tmp/new /tmp/rtas_errd'
		errd
		plug "n$round" virtio-net-pci 1 "$nic"
		eventd_status '"state": "aside"'
		eventd_status "\"received\": $((2 * round - 2))"
		guest_sh "kill -9 $errd_pid"
		configured 0000:00:01.0
		eventd_unplug "n$round"
	done
	eventd_idle
	eventd_status '"received": 40'
	eventd_status '"done": 40'
	eventd_status '"lost": 0'
}

@test "a process of another user with its name has no effect" {
	errd_file
	guest_sh 'grep -qs ^nobody /etc/passwd || echo nobody:x:65534:65534::/:/bin/sh >>/etc/passwd
		chmod 755 /; su nobody -s /bin/sh -c "/tmp/rtas_errd >/dev/null 2>&1 &"'
	guest_until 'grep -x rtas_errd /proc/[0-9]*/comm'
	eventd
	plug n0 virtio-net-pci 1 "$nic"
	configured 0000:00:01.0
	eventd_status '"state": "reading"'
}

@test "the distribution's rtas_errd acts, and papr-eventd watches, until it is killed" {
	record
	start rtas_errd
	eventd
	eventd_status '"state": "aside"'
	eventd_status "\"rtas_errd\": $daemon_pid"
	plug n0 virtio-net-pci 1 "$nic"
	ran 1
	configured 0000:00:01.0
	eventd_unplug n0
	ran 2
	assert_commands 'drmgr -c pci -a -s 0x40000008 -n -d4 -V' 'drmgr -c pci -r -s 0x40000008 -n -d4 -V'
	eventd_status '"received": 0'
	# a stopped process still has the events
	guest kill -STOP "$daemon_pid"
	plug n1 virtio-net-pci 2 "$nic"
	eventd_status '"state": "aside"'
	refute_node $phb/ethernet@2
	takes_over_from "$daemon_pid"
	configured 0000:00:02.0
	eventd_status '"state": "reading"'
	eventd_status '"received": 1'
	eventd_unplug n1
	ran 2
}

# ---- Power ----

@test "on its UPS, the machine shuts down after a delay" {
	[[ ${GUEST_KIND:-real} == sim ]] || skip 'the shutdown of a real guest is its own'
	no_shutdown
	eventd --ups-delay 1
	inject 40 $on_ups
	guest_until 'cat /tmp/shutdown'
	assert_stdout '-P now'
	logged 'the machine still runs on its UPS: shutting down'
	eventd_status '"shutdown_in": null'
	shutdown_again
}

# In the real guest, a signal does not end the first process, so the guest stays.
@test "the host requests power off: the kernel acts, papr-eventd logs it and runs hooks" {
	[[ ${GUEST_KIND:-real} == real ]] || skip 'a simulated guest would be off'
	hook 10note $'#!/bin/sh\ncat >/tmp/hooked'
	eventd
	host system_powerdown
	logged 'epow'
	eventd_status_becomes '"hooks": 0'
	guest cat /tmp/hooked
	echo "$output" >"$BATS_TEST_TMPDIR/document"
	json_check rtas-event <"$BATS_TEST_TMPDIR/document"
	eventd_status '"shutdown_in": null'
}

@test "the shutdown is cancelled when the power returns, and outlives a kill" {
	local seconds

	[[ ${GUEST_KIND:-real} == sim ]] || skip 'the shutdown of a real guest is its own'
	no_shutdown
	eventd --ups-delay 300
	inject 40 $on_ups
	logged 'the machine runs on its UPS: it shuts down in 300 s'
	eventd_stop
	eventd --ups-delay 86400
	guest papr-eventd --status --json
	seconds=$(json_values shutdown_in)
	[[ $seconds -gt 200 && $seconds -le 300 ]]
	inject 40 $power_is_back
	logged 'the power has returned: no shutdown'
	eventd_status '"shutdown_in": null'
	# a warning alone changes nothing
	inject 40 4550001402000000010001000000000000000000
	logged 'epow warn-cooling'
	eventd_status '"shutdown_in": null'
	guest -1 test -e /tmp/shutdown
	shutdown_again
}

# ---- Dumps ----

# A platform dump 9, in this partition, with the name SYSDUMP.1.
dump_section=$(printf '4448004001020000000000090000000c0000000000001770%s' 53595344554d502e31000000)
printf -v dump_section '%-128s' "$dump_section"
dump_section=${dump_section// /0}

@test "a dump of the platform is saved, and firmware may delete it" {
	local data

	[[ ${GUEST_KIND:-real} == sim ]] || skip 'the host has no dumps'
	printf -v data '%06000d' 7
	data=${data//0/30}
	guest rm -rf /var/log/dump
	host x-papr-dump "{\"tag\": \"0x200000009\", \"data\": \"${data//7/37}\"}"
	eventd
	inject e4 "$dump_section"
	logged 'dump 0x0000000200000009 is saved: /var/log/dump/'
	guest_sh 'cd /var/log/dump && stat -c "%n %s %a" * && tail -c 3 *'
	assert_stdout $'SYSDUMP.1 6000 600\n007'
	inject e4 "$dump_section"
	logged 'dump 0x0000000200000009 is not saved: firmware refused'
	guest ls /var/log/dump
	assert_stdout SYSDUMP.1
}

# ---- Hooks ----

hook() # NAME SCRIPT
{
	guest_sh -0 -i 'umask 022; mkdir -p /etc/papr/event.d && cd /etc/papr/event.d && cat >"$1" && chmod 755 "$1"' "$1" <<<"$2"
}

@test "hooks receive each event but hotplug, in order, as a document" {
	hook 10note $'#!/bin/sh\nexec /usr/bin/env -i PATH=/usr/bin:/bin sh -c \'(echo "$@"; cat) >>/tmp/hooked\' sh "$# $EVENT_TYPE"'
	hook 9env $'#!/bin/sh\n/usr/bin/env | /bin/grep -vE "^(PWD|SHLVL|_|OLDPWD)=" >/tmp/hooked\necho from the hook'
	hook 20fails $'#!/bin/sh\nexit 3'
	guest_sh 'cd /etc/papr/event.d && echo "#!/bin/sh" >30unsafe && chmod 777 30unsafe && echo no >40text'
	eventd
	inject_hotplug 05 02 02 40000010
	logged 'nothing-to-do'
	inject e0 "5053000855555555"
	logged "20fails' exited with status 3"
	logged "hook '30unsafe' is not run: others than root can change it"
	logged 'hook: from the hook'
	guest sed -n 1,2p /tmp/hooked
	assert_stdout $'EVENT_TYPE=224\n0 224'
	guest_sh 'sed 1,2d /tmp/hooked'
	echo "$output" >"$BATS_TEST_TMPDIR/document"
	json_check rtas-event <"$BATS_TEST_TMPDIR/document"
	eventd_status_becomes '"hooks": 0'
}

@test "of the output of a hook, 64 KiB are logged" {
	hook flood $'#!/bin/sh\nhead -c 100000 /dev/zero | tr "\\\\0" x; echo end >/tmp/hooked'
	guest rm -f /tmp/hooked
	eventd
	inject e0 "5053000855555555"
	logged "flood' printed more than 65536 bytes: the rest is dropped"
	guest_sh 'grep -c "hook: xx*\$" "$1"' $eventd_log
	assert_stdout 256
	guest cat /tmp/hooked
	assert_stdout end
}

@test "a hook does not delay the next event, and runs again after a kill" {
	hook wait $'#!/bin/sh\necho run >>/tmp/hooked\nuntil [ -e /tmp/go ]; do sleep 0.1; done\necho end >>/tmp/hooked'
	guest rm -f /tmp/hooked /tmp/go
	eventd
	inject e0 "5053000855555555"
	guest_until 'grep run /tmp/hooked'
	plug n0 virtio-net-pci 1 "$nic"
	configured 0000:00:01.0
	eventd_status '"hooks": 1'
	eventd_stop
	eventd
	logged 'again after a restart: #'
	guest_until '[ "$(grep -c run /tmp/hooked)" -eq 2 ]'
	guest touch /tmp/go
	eventd_status_becomes '"hooks": 0'
}

# ---- Damaged events ----

@test "damaged events are logged, and events after them are handled" {
	local source=50530120010000000201000000000000$zeros$zeros$zeros$zeros

	eventd
	inject e0 55440004ffffffffffffffff
	inject e0 5544fff001000000${zeros}
	inject e0 "${source}c0000034cc2848c8ffff"
	inject_bytes e0 ffff 00000010
	inject_bytes e0 "" 00000000
	inject e0 "5544000c0000000000000000"
	inject e0 "4850000601000000"
	plug n0 virtio-net-pci 1 "$nic"
	configured 0000:00:01.0
	eventd_status '"received": 8'
	guest_sh 'grep -c "is damaged" "$1"' $eventd_log
	[ "$output" -ge 3 ]
	eventd_status '"done": 1'
}

@test "rtas-event and drmon show the events that the daemon has received" {
	eventd
	inject_hotplug 05 02 02 40000010
	inject 40 4550001402000000010001000000000000000000
	eventd_status_becomes '"received": 2'
	guest -0 rtas-event --line $platform
	assert_stdout_line --regexp 'hotplug remove pci drc-index 0x40000010$'
	assert_stdout_line --partial 'epow warn-cooling'
	guest -0 drmon --once --json
	assert_stdout_line --regexp '"drc_index": "0x40000010"'
}

# ---- Many events ----

# Inject event number I: one of ten is damaged. An empty slot has nothing to remove.
inject_kind() # I
{
	local index

	case $(($1 % 10)) in
	0 | 5)
		printf -v index 400000%02x $(($1 % 200 + 16))
		inject_hotplug 05 02 02 "$index"
		;;
	1) inject 40 4550001402000000010001000000000000000000 ;;
	2) inject e0 50530050010000000201000000000000$zeros$zeros$zeros$zeros ;;
	3) inject e4 "${dump_section:0:24}c0${dump_section:26}" ;;
	4) inject e1 4945002801000000030000004000000800000000${zeros}${zeros:0:8} ;;
	6) inject e2 55440010${zeros:0:24} ;;
	7) inject e3 4c52001401000000100000000000000100000000 ;;
	8) inject_hotplug 05 02 01 43393900 ;;
	9) inject_damaged $(($1 / 10)) ;;
	esac
}

inject_damaged() # I
{
	case $(($1 % 5)) in
	0) inject e0 5053fff001000000 ;;
	1) inject_bytes e0 ffffffff 000000f0 ;;
	2) inject e0 4850000601000000 ;;
	3) inject e4 4448000600000000 ;;
	4) inject_bytes e0 "$event_head${private_header:0:20}" ;;
	esac
}

resident_kib()
{
	guest_sh 'sed -n "s/^VmRSS:[^0-9]*\([0-9]*\) kB/\1/p" $(printf "/proc/%s/status " $(pidof papr-eventd)) | awk "{ n += \$1 } END { print n }"'
}

@test "many events of all kinds, some damaged: all are received, and memory does not grow" {
	local i n=${EVENTD_EVENTS:-250} first

	eventd
	for ((i = 0; i < n; i++)); do
		inject_kind $i
		[[ $((i % 40)) -ne 39 ]] || eventd_status_becomes "\"received\": $((i + 1))"
		if [[ $i -eq $((n / 5)) ]]; then
			resident_kib
			first=$output
		fi
	done
	eventd_status_becomes "\"received\": $n"
	eventd_idle
	eventd_status '"lost": 0'
	eventd_status "\"damaged\": $((n / 10))"
	eventd_status '"failed": 0'
	# the last events, without a gap
	guest_sh -0 'cat "$1.0" "$1" 2>/dev/null | awk "
			/ begin / { if (n++ && \$2 != last + 1) exit 1; last = \$2 }
			END { print n }"' $platform
	[ "$output" -eq "$n" ] || { [ "$output" -gt 500 ] && guest test -e $platform.0 && [ "$status" -eq 0 ]; }
	resident_kib
	echo "$first KiB, then $output KiB"
	[ "$output" -le $((first + 256)) ]
	guest_sh 'for pid in $(pidof papr-eventd); do ls /proc/$pid/fd | wc -l; done | sort -n | tail -n 1'
	[ "$output" -le 12 ]
}
