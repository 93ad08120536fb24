#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: sim guest drmgr lsslot
# The start of drmgr: the machine, rights, the lock, the log, the kernel's module; and its
# end by a signal.

# shellcheck disable=SC2016 # for the guest's shell

load ../../guest/verbs
load ../../lib/cards

lock=/var/lock/dr_config_lock

# In SCRIPT, $holder is a drmgr that waits at a question with the lock. Enter ends it.
with_holder() # SCRIPT [ARGUMENTS...]
{
	guest_sh 'rm -f /tmp/answers /tmp/held; mkfifo /tmp/answers
		drmgr -c pci -i -s C9 </tmp/answers >/tmp/held 2>&1 & holder=$!; exec 3>/tmp/answers
		wait_until "grep -qs indicator /tmp/held"
		'"$1" "${@:2}"
}

@test "usage, capabilities and queries take no lock and write no log [io-1 io-start-7]" {
	local options

	for options in '' '-h' '-c pci -h' '-c phb -h' '-C' '-c pci -Q -s C8' '-c pci -a --dry-run'; do
		guest_sh -0 'rm -f "$2" /var/log/drmgr; drmgr $1 >/dev/null 2>&1; s=$?; test ! -e "$2" -a ! -e /var/log/drmgr || exit 99; exit $s' \
			"$options" $lock
	done
	guest -0 drmgr
	assert_stdout ''
	assert_stderr_line --index 0 'Usage: drmgr [-w minutes] [-d detail_level] [-C | --capabilities] [-h | --help]'
	assert_stderr_line --index 1 '{-c {port | slot | phb | pci | mem | cpu | acc} | -m}'
}

@test "a refused command line takes no lock and writes no log [io-start-2]" {
	guest_sh -255 'rm -f "$1" /var/log/drmgr; drmgr -c pci -a -r -s C8 -n; s=$?; test ! -e "$1" -a ! -e /var/log/drmgr || exit 99; exit $s' $lock
	assert_stderr 'Only one action may be specified'
}

@test "the lock: a busy one is reported with its holder; queries need none [io-14 io-16]" {
	with_holder 'drmgr -c pci -i -n -s C8; echo "second $?"
		lsslot -c pci -s C8 -F:; echo "lsslot $?"
		drmgr -c pci -Q -s C8 >/dev/null; echo "query $?"
		drmgr -C >/dev/null 2>&1; echo "capabilities $?"
		drmgr -c pci -a --dry-run >/dev/null; echo "plan $?"
		echo "holder $holder" >&2
		echo >&3; wait $holder; echo "first $?"; drmgr -c pci -i -n -s C8; echo "again $?"'
	assert_stdout 'second 255
C8:PCI-E capable, Rev 2, 8x lanes:Empty
lsslot 0
query 0
capabilities 0
plan 0
first 0
again 0'
	assert_stderr_line --index 0 '/var/lock/dr_config_lock: Resource temporarily unavailable'
	assert_stderr_line --index 1 "held by PID ${stderr_lines[3]#holder } (drmgr -c pci -i -s C9)"
	assert_stderr_line --index 2 'Unable to obtain Dynamic Reconfiguration lock. Please try command again later.'
}

@test "the lock: -w waits for it [io-15 io-bug-9]" {
	with_holder '(drmgr -w 1 -c pci -i -n -s C8; echo "waited $?" >/tmp/waited) & waits=$!
		sleep 0.3; test ! -e /tmp/waited || cat /tmp/waited
		echo >&3; wait $holder; wait $waits; cat /tmp/waited; rm /tmp/waited'
	assert_stdout 'waited 0'
	assert_stderr ''
}

@test "the lock: only root can read its file, an older one is changed [io-lock-file]" {
	guest_sh -0 'rm -f "$1"; drmgr -c pci -i -n -s C8 && stat -c %a "$1" && chmod 444 "$1" && drmgr -c pci -i -n -s C8 && stat -c %a "$1"' $lock
	assert_stdout $'600\n600'
}

@test "the lock: its file names the holder, and is empty after that [io-lock-holder]" {
	with_holder 'test "$(cat "$1")" = "$holder drmgr -c pci -i -s C9" || { cat "$1"; exit 9; }
		echo >&3; wait $holder; stat -c %s "$1"' $lock
	assert_status 0
	assert_stdout 0
}

@test "the lock: another user's file is replaced [io-lock-stranger]" {
	guest_sh -0 'grep -qs ^nobody /etc/passwd || echo nobody:x:65534:65534::/:/bin/sh >>/etc/passwd
		chmod 755 /; stat -Lc %a /var/lock
		for put in mkfifo "ln -s /etc/passwd" mkdir touch; do
			rm -f "$1"; su nobody -s /bin/sh -c "$put $1" || exit 9
			drmgr -c pci -i -n -s C8 || exit 8
			stat -c "%u %a %F" "$1"
		done; ls -A /var/lock/ | grep -c dr_config' $lock
	assert_stdout '1777
0 600 regular empty file
0 600 regular empty file
0 600 regular empty file
0 600 regular empty file
1'
}

@test "the lock: its folder is missing, or a link replaces it [io-19 io-start-3]" {
	guest_sh -255 'mv /var/lock /var/lock.away && ln -s /nowhere/lock /var/lock
		drmgr -c pci -i -n -s C8; s=$?; rm /var/lock; mv /var/lock.away /var/lock; exit $s'
	assert_stderr '/var/lock/dr_config_lock: No such file or directory
Unable to obtain Dynamic Reconfiguration lock. Please try command again later.'
	guest_sh -255 'rm -f "$1"; ln -s /etc/passwd "$1"; drmgr -c pci -i -n -s C8; s=$?; rm "$1"; exit $s' $lock
	guest_sh -255 'mkfifo "$1"; drmgr -c pci -i -n -s C8; s=$?; rm "$1"; exit $s' $lock
	assert_stderr_line --index 0 '/var/lock/dr_config_lock: not a regular file of root with one link: remove it'
}

time='[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3} drmgr\[[0-9]+\]'

@test "the log: lines of messages between two lines with the date [io-log-file]" {
	local date='########## [A-Z][a-z]{2} [0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2} [0-9]{4} ##########'

	guest_sh 'rm -f /var/log/drmgr; drmgr -c pci -r -s C8 -n >/dev/null 2>&1; stat -c %a /var/log/drmgr; cat /var/log/drmgr'
	assert_line --index 0 644
	assert_regex "$output" "^644"$'\n\n'"$date"$'\n'"$time debug drmgr: -c pci -r -s C8 -n"$'\n'
	assert_stdout_line --regexp "^$time error There is no configured card to remove from the specified PCI slot\.$"
	assert_regex "${lines[-1]}" "^$date$"
	guest_sh 'drmgr -c pci -i -n -s C8; grep -c "^##########" /var/log/drmgr'
	assert_stdout 4
}

@test "the log: lines are complete, and control bytes do not start a line [io-bug-13 io-start-13]" {
	guest_sh 'rm -f /var/log/drmgr; name=$(printf "%2000s" | tr " " x)
		drmgr -c pci -a -n -s "$name" 2>/dev/null; grep -c "drmgr: -c pci -a -n -s $name" /var/log/drmgr
		drmgr -c pci -a -n -s "$(printf "a\nb\033[2J")" 2>/dev/null; grep -c "s a.nb.x1b" /var/log/drmgr'
	assert_stdout $'1\n1'
}

@test "the log: -d selects what is shown, and all is written [io-opt-d14 io-log-levels]" {
	local n

	for n in 0 1; do
		guest drmgr -c pci -i -n -s C8 -d $n
		assert_stderr ''
	done
	guest drmgr -c pci -i -n -s C8 -d 4
	assert_stderr_line 'drmgr: -c pci -i -n -s C8 -d 4'
	guest drmgr -c pci -i -n -s C8 -d 14
	assert_stderr_line --partial 'trace: rtas set-indicator(9002, 0x40000008, 2) = 0'
}

@test "the log: it is renamed at 1 MiB [io-17]" {
	guest_sh -0 'yes filler | head -c 1048575 >/var/log/drmgr; echo older >/var/log/drmgr.0
		drmgr -c pci -i -n -s C8; s=$?; wc -c </var/log/drmgr.0; test ! -e /var/log/drmgr || echo there; exit $s'
	assert_stderr 'Rotating logs...'
	((output > 1048575))
	guest_sh -0 'rm -f /var/log/drmgr*; drmgr -c pci -i -n -s C8; test -e /var/log/drmgr -a ! -e /var/log/drmgr.0'
	assert_stderr ''
}

@test "the log: without one, drmgr continues [io-18 io-start-4]" {
	guest_sh -0 'mv /var/log /var/log.away; drmgr -c pci -i -n -s C8; s=$?; mv /var/log.away /var/log; exit $s'
	assert_stderr $'Could not open log file /var/log/drmgr\n\tNo such file or directory'
	with_holder 'echo >&3; wait $holder; drmgr -c pci -i -n -s C8'
	assert_status 0
}

@test "signals: at a question, all is undone, and the lock is free [io-76 io-signals]" {
	local signal number

	for signal in INT:2 TERM:15 HUP:1 QUIT:3; do
		number=${signal#*:}
		guest_sh -255 'rm -f /tmp/answers /tmp/out /var/log/drmgr; mkfifo /tmp/answers
			/usr/lib/guest/odd -d HUP,INT,QUIT drmgr -c pci -a -s C8 --trace </tmp/answers >/tmp/out 2>/tmp/err & pid=$!
			exec 3>/tmp/answers; wait_until "grep -qs indicator /tmp/out"
			kill -$1 $pid; wait $pid; s=$?; cat /tmp/err
			grep -o "Received signal.*" /var/log/drmgr; drmgr -c pci -i -n -s C8 || exit 99; exit $s' "${signal%:*}"
		assert_stdout_line --regexp 'set-indicator\(9002, 0x40000008, 0\) = 0'
		assert_stdout_line "Received signal $number, attempting to cleanup and exit"
		refute_stdout_line --partial 9001
	done
}

@test "users other than root are refused before the lock [io-78 io-start-root]" {
	guest_sh -255 'grep -qs ^nobody /etc/passwd || echo nobody:x:65534:65534::/:/bin/sh >>/etc/passwd
		rm -f "$1"; chmod 755 /; su nobody -s /bin/sh -c "/usr/sbin/drmgr -c pci -a -s C8 -n"; s=$?; test ! -e "$1" || exit 99; exit $s' $lock
	assert_stderr 'drmgr: must be run as root'
	guest_sh -0 'su nobody -s /bin/sh -c "/usr/sbin/drmgr; /usr/sbin/drmgr -h; /usr/sbin/drmgr --version && /usr/sbin/drmgr -C && /usr/sbin/drmgr -c pci -Q -s C8"'
	assert_stdout_line --partial 'cpu_dlpar='
}

# Replace a file of the machine by one of ours.
instead() # FILE TEXT COMMAND...
{
	guest_sh 'printf "$2" >/tmp/instead; mount --bind /tmp/instead "$1" || exit 98; file=$1; shift 2
		"$@"; s=$?; umount "$file"; exit $s' "$@"
	[[ $status -ne 98 ]] || skip 'nothing can be mounted here'
}

@test "the machine's kind comes from its files [io-79 io-start-1 io-exit-1]" {
	local words name

	while IFS='|' read -r name words; do
		instead /proc/cpuinfo "$words" drmgr -c pci -a
		assert_status 1
		assert_stderr "drmgr: is not supported on the $name platform"
		instead /proc/cpuinfo "$words" lsslot -c pci
		assert_status 1
		assert_stderr "lsslot: is not supported on the $name platform"
	done <<-'ROWS'
		PowerNV|platform\t: PowerNV\n
		PowerNV|model\t: pSeries\nplatform\t: PowerNV\n
		Unknown|model\t: a computer\n
		Unknown|
	ROWS
	for words in 'platform\t: pSeries\n' 'model\t: IBM pSeries (emulated by qemu)\nplatform: PowerNV\n'; do
		instead /proc/cpuinfo "$words" drmgr -c pci -i -n -s C8
		assert_status 0
	done
}

@test "the machine's kind comes from the device tree [io-80 io-start-11]" {
	instead /proc/device-tree/device_type 'desktop\0' drmgr -c pci -i -n -s C8
	assert_status 255
	assert_stderr 'This command is not supported for chrp platforms.'
	guest_sh 'mkdir -p /tmp/empty && mount --bind /tmp/empty /proc/device-tree/ || exit 98
		drmgr -c pci -i -n -s C8; s=$?; umount /proc/device-tree/; exit $s'
	[[ $status -ne 98 ]] || skip 'nothing can be mounted here'
	assert_status 255
	assert_stderr 'Cannot validate platform chrp'
}

# pci needs no module; phb, slot and -C load it.
@test "the kernel's module for host bridges is loaded [io-bug-15 io-start-6]" {
	guest_sh 'rmmod rpadlpar_io 2>/dev/null; test ! -e /sys/bus/pci/slots/control || exit 98; drmgr -c pci -i -n -s C8; echo $?
		test -e /sys/bus/pci/slots/control || echo none; drmgr -c phb -r -s "PHB 9"; echo $?
		test -e /sys/bus/pci/slots/control/add_slot && echo there'
	[[ $status -ne 98 ]] || skip 'the module stays'
	assert_stdout $'0\nnone\n3\nthere'
	guest_sh 'rmmod rpadlpar_io; mv /sbin/modprobe /sbin/modprobe.away
		drmgr -c phb -r -s "PHB 9"; echo $?; drmgr -C 2>/dev/null; mv /sbin/modprobe.away /sbin/modprobe
		drmgr -C 2>/dev/null'
	assert_stdout_line --index 0 255
	assert_stdout_line --index 1 --partial 'slot_dlpar=no,phb_dlpar=no'
	assert_stdout_line --index 2 --partial 'slot_dlpar=yes,phb_dlpar=yes'
	assert_stderr_line 'rpadlpar_io module was not loaded'
}

# Without -d, nothing is printed on success.
@test "-d 3 prints what the kernel supports [io-cap-told]" {
	guest -6 drmgr -c phb -Q -s 'PHB 0'
	assert_stderr ''
	guest -3 drmgr -c phb -r -s 'PHB 9' -d 3
	assert_stderr_line --index 0 'Validating PHB DLPAR capability...yes.'
	guest -3 drmgr -c slot -r -s V9 -d 3
	assert_stderr_line --index 0 'Validating I/O DLPAR capability...yes.'
}
