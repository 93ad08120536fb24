#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: here-sim papr-vmm
# The simulated guest itself: its start and end, and that its kernel refuses the same
# requests in the same way as the real one.

bats_require_minimum_version 1.5.0
load ../../lib/sim

setup()
{
	sim_setup
}

teardown()
{
	[[ -z ${background:-} ]] || kill -9 "$background" 2>/dev/null || true
}

# Run in the background, and wait until a file appears or the guest ends.
in_background() # COMMAND...
{
	"$GUEST_VMM" "${machine[@]}" run -- "$@" 3>&- &
	background=$!
}

attach()
{
	run --separate-stderr timeout 60 "$GUEST_VMM" attach "$background" -- "$@" 3>&-
}

# The guest has started when attach works.
until_attached()
{
	wait_until 'attach true; [[ $status -eq 0 ]]'
}

@test "the exit status is that of the command" {
	sim 'exit 7'
	assert_equal "$status" 7
	sim 'kill -TERM $$'
	assert_equal "$status" 143
	run "$GUEST_VMM" -M pseries -m 512M run -- /etc/passwd
	assert_failure 126
	run -127 "$GUEST_VMM" -M pseries -m 512M run -- /no/such/program
	run "$GUEST_VMM" -M pseries -m 512M run --frob -- true
	assert_failure 125
	run "$GUEST_VMM" -M pseries -m 512M run --kernel-profile 2.4 -- true
	assert_failure 125
	run "$GUEST_VMM" -M pseries -m 512M run
	assert_failure 125
}

@test "processors are those of the machine" {
	local about='sed -n "s/^\\(cpu\\|revision\\)[^:]*: //p" /proc/cpuinfo; ls $T/cpus | grep PowerPC'

	sim "$about"
	assert_output $'POWER9 (architected), altivec supported\n2.2 (pvr 004e 1202)\nPowerPC,POWER9@0'
	machine=(-M pseries-7.2 -m 1G)
	sim "$about"
	assert_output $'POWER9 (architected), altivec supported\n2.0 (pvr 004e 1200)\nPowerPC,POWER9@0'
	machine=(-M pseries -m 1G)
	sim "$about"
	assert_output $'POWER10 (architected), altivec supported\n2.0 (pvr 0080 1200)\nPowerPC,POWER10@0'
}

@test "changes of files by a command stay in the guest" {
	local here=$BATS_TEST_TMPDIR/file

	echo machine >"$here"
	export here
	sim 'echo guest >$here; rm -f /etc/hostname; mv /var/log /var/gone; rm -rf /usr/share 2>/dev/null; cat $here; ls -A /run/lock /var/tmp | wc -l'
	answers guest 3
	assert_equal "$(cat "$here")" machine
	[[ -d /usr/share && -d /var/log ]]
}

@test "nothing remains: killed early, with SIGKILL, ended by a signal" {
	local mounts marker=$RANDOM$RANDOM

	mounts=$(wc -l </proc/self/mounts)
	in_background sh -c "sleep 7$marker & cat /proc/ppc64/rtas/error_log; sleep 8$marker"
	until_attached
	kill -9 "$background"
	wait "$background" || true
	wait_until '! pgrep -f "sleep [78]$marker"'
	in_background sleep "9$marker"
	until_attached
	kill -TERM "$background"
	wait "$background" || status=$?
	assert_equal "$status" 143
	run pgrep -f "sleep 9$marker"
	assert_failure
	assert_equal "$(wc -l </proc/self/mounts)" "$mounts"
}

@test "a process is listed even if another one has read it before" {
	sim 'sleep 1000 & for i in 1 2 3; do cat /proc/$!/comm >/dev/null; ls /proc | grep -cx $!; done; pidof sleep | wc -w'
	answers 1 1 1 1
}

@test "mount lists /proc and /sys by type, for scripts" {
	unshare -rmn mount -t sysfs sysfs /mnt 2>/dev/null || skip "this computer permits no sysfs in a namespace"
	sim 'for type in proc sysfs; do mount -t $type | head -1 | awk "{ print \$3 }"; done; ls -d /sys/firmware/devicetree/base/rtas'
	answers /proc /sys /sys/firmware/devicetree/base/rtas
}

@test "in a chroot, the message has the solution" {
	local dir=$BATS_TEST_TMPDIR/root

	mkdir "$dir"
	unshare -rm sh -c 'mount --rbind / "$1"' sh "$dir" || skip "this computer permits no mount in a namespace"
	run -125 unshare -rm sh -c 'mount --rbind / "$1" && PATH=$PATH:/usr/sbin && chroot "$1" "$2" -M pseries run -- true' \
		sh "$dir" "$GUEST_VMM"
	assert_output 'papr-vmm: the simulated guest cannot start: its namespaces cannot be created: Operation not permitted: Linux permits no user namespace in a chroot (enter: the directory with bwrap or systemd-nspawn, which use pivot_root, instead of chroot); see papr-vmm doctor'
}

@test "attach runs commands in a running guest" {
	in_background sleep 1000
	until_attached
	attach sh -c 'echo one >/tmp/mark; exit 5'
	assert_equal "$status" 5
	attach sh -c 'cat /tmp/mark; test -e /proc/device-tree/model'
	assert_success
	assert_output one
	attach sh -c 'kill -9 $$'
	assert_equal "$status" 137
	attach sh -c 'exec /etc/passwd'
	assert_equal "$status" 126
	kill -9 "$background"
	wait "$background" || true
	attach true
	assert_equal "$status" 125
}

# script(1) runs its command on a terminal. The seventh field of stat is the number of the
# controlling terminal.
@test "attach gives a command on a terminal a controlling terminal" {
	local said

	in_background sleep 1000
	until_attached
	cat >"$BATS_TEST_TMPDIR/typed" <<-'END'
		stty rows 33 cols 111
		tty=$(tty)
		eval "$wait"
		{
			wait_until '"$vmm" attach "$pid" -- test -e /tmp/ready </dev/null 2>&1'
			stty -F "$tty" rows 44
		} &
		"$vmm" attach "$pid" -- sh -c 'cut -d " " -f 7 /proc/self/stat; stty size
			trap "stty size; exit 5" WINCH; touch /tmp/ready; while :; do sleep 0.1; done'
		echo "ended $?"
		stty -a | tr -s ' ;' '\n\n' | grep -x -e icanon -e echo
	END
	mkfifo "$BATS_TEST_TMPDIR/keys" # nothing is typed, and there is no end
	run env vmm="$GUEST_VMM" pid="$background" wait="$wait_in_script" timeout 100 script -qec "sh '$BATS_TEST_TMPDIR/typed'" /dev/null 3>&- <>"$BATS_TEST_TMPDIR/keys"
	said=${output//$'\r'/}
	echo "$said"
	kill "$background"
	[[ ${said%%$'\n'*} -gt 0 ]]
	assert_equal "${said#*$'\n'}" $'33 111\n44 111\nended 5\nicanon\necho'
}

# The end of the command was not seen, so the status is not 0.
cut_short()
{
	assert_equal "$status" 123
	assert_equal "$output" ''
	assert_equal "$stderr" 'papr-vmm: the machine was shut down before the command ended'
}

@test "reboot restarts the guest, power off ends it" {
	run timeout 60 "$GUEST_VMM" "${machine[@]}" run -- sh -c \
		'read -r word; test ! -e /tmp/mark; echo "boot $? $word"; [ "$word" != again ] || exit 9; touch /tmp/mark; "$RAW" restart; echo never' \
		< <(printf 'first\nagain\n')
	assert_failure 9
	assert_output $'boot 0 first\nboot 0 again'
	sim '"$RAW" off; echo never'
	cut_short
	machine+=(-M x-epapr=on -no-reboot)
	sim 'test -e $T/hypervisor && "$RAW" restart; echo never'
	cut_short
	sim '"$RAW" magic; unshare -Ur "$RAW" restart'
	answers EINVAL EPERM
}

@test "the rtas system call checks user, counts, areas, and calls" {
	sim 'unshare -Ur "$RAW" rtas get-time-of-day 0 8; 
		for call in 0xffffffff 0x1234 event-scan check-exception nvram-fetch power-off ibm,suspend-me; do
			"$RAW" rtas $call 0 1; done'
	answers EPERM EINVAL EINVAL EINVAL EINVAL EINVAL EINVAL EINVAL
	sim 'call=get-time-of-day; "$RAW" rtas $call 16 0; "$RAW" rtas $call 8 9; "$RAW" rtas $call 0 17
		"$RAW" rtas $call 15 1 | head -1; "$RAW" rtas $call 0 0; "$RAW" rtas-at 8'
	answers EINVAL EINVAL EINVAL 0 0 EFAULT
	sim '"$RAW" rtas get-sensor-state 2 2 9003 0x40000000; "$RAW" rtas get-sensor-state 2 2 9003 0x4fffffff'
	answers 0 0 0 0 -3 0
	sim 'read -r base bytes </proc/ppc64/rtas/rmo_buffer; cc="$RAW rtas ibm,configure-connector 2 1"
		$cc 0x$base 0; $cc 0x1000 0; $cc $((0x$base + 0xf001)) 0
		get="$RAW rtas ibm,get-system-parameter 3 1 20"; $get 0x$base 256 | head -1; $get 0x$base 0x10001; $get 0x$base 0'
	answers 0 -3 EINVAL EINVAL 0 EINVAL EINVAL
}

@test "a source that uses __NR_rtas is compiled unchanged" {
	command -v cc >/dev/null || skip "no C compiler"
	cat >"$BATS_TEST_TMPDIR/call.c" <<-'EOF'
		#include <stdio.h>
		#include <sys/syscall.h>
		#include <unistd.h>
		int main(void)
		{
			unsigned int block[19] = { 0xffffffff };

			syscall(__NR_rtas, block);
			perror("rtas");
			return SYS_rtas != __NR_rtas;
		}
	EOF
	cc -I"${top_srcdir:-.}/wire" -include papr_sys_rtas.h -o "$BATS_TEST_TMPDIR/call" "$BATS_TEST_TMPDIR/call.c"
	export call=$BATS_TEST_TMPDIR/call
	sim '$call 2>&1'
	assert_success
	answers 'rtas: Invalid argument'
	[[ $(uname -m) == ppc* ]] || {
		run "$call"
		assert_output 'rtas: Function not implemented'
	}
}

@test "ofdt: bad requests are refused with the kernel's errno [log-3.6]" {
	# An empty write does not reach a file of FUSE: it returns 0, not EINVAL.
	sim 'w $O add_node; w $O "foo bar"; w $O "add_node /kt1"; w $O "add_node /kt1 "
		wb $O "add_node /kt1 name 4 kt1\0 "; w $O "remove_node /kt1"'
	answers EINVAL EINVAL EINVAL 14 EINVAL 16
	sim 'wb $O "add_node /kt1 name 4 kt1\0 bin 5 \0\1 \n\377 ibm,phandle 4 \0\0\253\315 "; od -An -tx1 $T/kt1/bin
		wb $O "add_node /kt1/a@1 name 2 a\0"; w $O "remove_node /kt1"; w $O "remove_node /nonexist"
		w $O "remove_node /kt1/a"; w $O "remove_node /"; wb $O "remove_node /kt1/a@1\n"
		w $O "add_property 43981 newp 3 abc"; w $O "add_property 43981 newp 3 xyz"; cat $T/kt1/newp; echo
		w $O "add_property 0xabcd newq 3 abc"; w $O "add_property 0xdead newq 3 abc"; w $O "add_property 0xabcd newq"
		w $O "update_property 0xabcd newp 4 wxyz"; w $O "update_property 0xabcd fresh 4 wxyz"
		w $O "update_property 0xabcd  4 wxyz"; w $O "update_property 0xabcd"
		w $O "remove_property 0xabcd newp"; w $O "remove_property 0xabcd newp"; w $O "remove_property 0xabcd "; w $O "remove_property 0xdead x"'
	answers 57 ' 00 01 20 0a ff' 27 EBUSY ENODEV ENODEV EINVAL ENODEV 29 29 abc 30 ENODEV EINVAL 34 35 ENODEV ENODEV 27 ENODEV EINVAL ENODEV
	sim 'for rest in "name x kt3" "name 9 kt3" "name 2 kt3X" "name -1 x" "name 4294967295 x" "name 0 "; do w $O "add_node /kt3 $rest"; done
		w $O "add_node /kt4 name 0  e 0  f 1 x"; w $O "add_node /kt5 name 3 kt5 name 3 kt5"; ls $T/kt5
		w $O "add_node /kt6@ name 3 kt6"; test -d $T/kt6@ && echo ok; wb $O "add_node kt2 name 4 kt2\0"; w $O "remove_node kt2"; w $O "remove_node /kt2"'
	answers EINVAL EINVAL EINVAL EINVAL EINVAL EINVAL 32 35 name 'name#1' 25 ok 24 ENODEV 16
	sim 'r $O 10; w $T/model x; mkdir $T/x 2>/dev/null || echo no'
	answers EIO EACCES no
}

@test "the terminal of the hypervisor has its driver, and firmware names it" {
	sim 'tr -d "\0" <$T/chosen/stdout-path; echo; basename $(readlink /sys/bus/vio/devices/71000000/driver)'
	answers /vdevice/vty@71000000 hvc_console
	machine+=(-nodefaults)
	sim 'ls $T/chosen | grep stdout; ls $T/vdevice | grep vty'
	answers ''
}

@test "users other than root are refused" {
	[[ $(id -u) -eq 0 ]] || skip "only root's guest has other users"
	open_programs "$RAW"
	RAW=$opened/rawcall
	sim 'su nobody -s /bin/sh -c "$RAW rtas get-time-of-day 0 8; $RAW write $O x; $RAW read $E 4096 nonblock"'
	answers EPERM EACCES EACCES
	run_options=(--kernel-profile 6.12)
	sim 'su nobody -s /bin/sh -c "$RAW sysparm /dev/papr-sysparm r get 20"'
	answers EACCES
}

@test "ofdt: the console reports crashes of the real kernel" {
	exec 4>"$BATS_TEST_TMPDIR/console"
	machine+=(-serial fd:4)
	sim 'wb $O "add_node /nope/x name 2 x\0"; w $O "add_node /neg p 2147483648 x"'
	answers EINVAL EINVAL
	run grep -c Oops: "$BATS_TEST_TMPDIR/console"
	assert_output 2
}

@test "dlpar: grammar and errors are the kernel's" {
	sim 'w $D ""; for text in garbage cpu "cpu add" "cpu frob index 1" "cpu add index" "cpu add index zz" "cpu add index 0x100000001" \
			"cpu add index 0x10000001" "cpu add count 1" "cpu remove count 1" "cpu add indexed-count 1 0x10000001" \
			"cpu remove index 0x10000001" "cpu remove index 0x10000000" "cpu  add index 1" " cpu add index 1" \
			"pci add index 0x40000000" "dt add index 0x40000000" "memory remove index 0x80000003" \
			"memory add index 0x90000000" "memory remove count 100" "memory remove count 0" "memory add count 1"; do w $D "$text"; done
		cat $D; r $D 3'
	answers 0 EINVAL EINVAL EINVAL EINVAL EINVAL EINVAL EINVAL EINVAL EINVAL EINVAL EINVAL ENODEV EINVAL EINVAL EINVAL \
		EINVAL EINVAL EINVAL EINVAL EINVAL EINVAL EINVAL memory,cpu 3 6d656d
}

@test "slots: power, attention and control have files" {
	local nic=0000:00:01.0

	machine+=(-device virtio-net-pci,addr=1)
	sim 'cat $S/C8/power $S/C8/adapter $S/C8/address $S/C0/adapter $S/C0/address
		w $S/C8/power 0; w $S/C8/power 0; cat $S/C8/adapter; w $S/C8/power 1; w $S/C8/power 2; w $S/C8/power 257; w $S/C8/power abc; ls $P
		w $S/C0/power 0; w $S/C8/power 1; w $S/C0/power 0; ls $P
		w $S/C8/power 1; ls $P; w /sys/bus/pci/rescan 1; ls $P
		w $P/$nic/remove 1; w $S/C8/power 1; ls $P; w /sys/class/pci_bus/0000:00/rescan 1; ls $P
		w $S/C8/attention 3; cat $S/C8/attention'
	answers 100 1 0000:00:01 0 0000:00 1 EINVAL 2 1 EINVAL 3 3 1 1 EINVAL $nic 1 $nic 1 $nic 1 1 1 $nic 1 1
}

@test "names of interfaces and disks go on after 26" {
	local slot function cards=(-device pci-bridge,id=b,chassis_nr=1,addr=2)

	for slot in {1..7}; do
		for function in {0..7}; do
			cards+=(-blockdev "null-co,node-name=d$slot$function")
			cards+=(-device "$( ((slot < 4)) && echo virtio-net-pci || echo "virtio-blk-pci,drive=d$slot$function"),bus=b,addr=$slot.$function,multifunction=on")
		done
	done
	machine+=("${cards[@]}")
	sim 'cd /sys; ls -d class/net/eth23 block/vda block/vdz block/vdaa block/vdaf'
	assert_equal "$status" 0
	sim 'ls /sys/class/net /sys/block | sort | uniq -d'
	assert_output ''
}

@test "slots: control files accept names" {
	sim 'name() { printf "%*s" $1 "" | tr " " A; }
		w $C/add_slot C0; w $C/add_slot nosuch; wb $C/add_slot "nosuch\n"; w $C/add_slot "$(name 63)"; w $C/add_slot ""
		for n in 64 255 256 300; do w $C/add_slot "$(name $n)"; done; w $C/remove_slot nosuch
		w $C/add_slot "PHB 0"; cat $C/add_slot'
	answers ENODEV ENODEV ENODEV ENODEV 0 0 0 0 0 ENODEV EINVAL 0
}

@test "error_log: short reads, no record, files of firmware" {
	sim 'r $E 100 nonblock; r $E 2051 nonblock; r $E 4096 nonblock; timeout 0.3 cat $E; echo $?
		F=/proc/ppc64/rtas; w $F/clock abc; w $F/clock 1700000000; w $F/clock 0000000000000000000000000000000001700000000; w $F/volume 500; cat $F/volume
		cat /proc/rtas/rmo_buffer; w /sys/kernel/mobility/migration ""; w /sys/kernel/mobility/migration zz; w /sys/kernel/mobility/migration 99999999999999999999999
		w /sys/devices/system/cpu/cpu0/online 0; w /sys/devices/system/cpu/probe x; w /sys/devices/system/memory/probe 0x99; w /sys/devices/system/memory/memory0/state offline'
	answers EINVAL EINVAL EAGAIN 124 EINVAL 10 EINVAL 3 100 '000000003ffc0000 10000' 0 EINVAL ERANGE EBUSY EINVAL EINVAL EBUSY
}

# Linux 6.1 reads the token of a call from the tree each time, later kernels did so at boot.
@test "the kernel's own calls have the tokens of its device tree" {
	local profile

	# 0x2000 is display-character: with other counts, it fails.
	for profile in 6.1=0 6.12=1; do
		run_options=(--kernel-profile "${profile%=*}")
		sim 'clock() { grep -cx "[1-9][0-9]*" /proc/ppc64/rtas/clock; }
			clock; "$OVERLAY" flags 2 merge /rtas cell get-time-of-day 0x2000 >/tmp/blob
			"$RAW" write /proc/device-tree-overlay </tmp/blob >/dev/null; od -An -tx1 $T/rtas/get-time-of-day; clock'
		answers 1 ' 00 00 20 00' "${profile#*=}"
	done
}

@test "kernel profiles have their files" {
	run_options=(--kernel-profile 6.12)
	machine+=(-device virtio-net-pci,addr=1)
	sim 'cat $D /proc/ppc64/rtas/rmo_buffer; stat -c %s $D; w $D "dt add index 0x40000008"; w $D "dt remove index 0x12345678"
		w $D "dt add index 0x12345678"; w $D "dt add count 1"; w $D "dt frob index 1"
		w $D "dt remove index 0x40000008"; ls -d $T/pci@800000020000000/ethernet@1 2>/dev/null || echo gone'
	answers memory,cpu,dt '000000003ffe0000 10000' 4096 EINVAL 26 EIO EINVAL EINVAL 26 gone
	run_options=(--lockdown integrity)
	sim 'cat /sys/kernel/security/lockdown; w $O "add_node /x "; cat /dev/mem 2>&1 >/dev/null | grep -c "not permitted"'
	answers 'none [integrity] confidentiality' EPERM 1
	run_options=(--platform lpar)
	sim 'grep -c emulated /proc/cpuinfo; grep -a . $T/model | tr "\0" "|"; grep IBM /proc/cpuinfo'
	answers 0 'IBM,PAPR-VMM|' $'model\t\t: IBM,PAPR-VMM' $'machine\t\t: CHRP IBM,PAPR-VMM'
	run_options=()
	sim 'tr "\0" "|" <$T/model; echo; grep IBM /proc/cpuinfo'
	answers 'IBM pSeries (emulated by qemu)|' $'model\t\t: IBM pSeries (emulated by qemu)' $'machine\t\t: CHRP IBM pSeries (emulated by qemu)'
}

@test "/dev/papr-sysparm exists in some kernels, and answers" {
	sim 'ls /dev/papr-* 2>/dev/null || echo none'
	answers none
	run_options=(--kernel-profile 6.12)
	sim 'ls /dev/papr-*; test -c /dev/papr-sysparm && echo device; dev=/dev/papr-sysparm; p="$RAW sysparm"
		$p $dev r get 20; $p $dev r get 43; $p $dev r get 20 1024 | head -1; $p $dev r get 20 1025'
	answers /dev/papr-sysparm device 0 '61 MaxEntCap=1,DesMem=1024,DesProcs=1,MaxPlatProcs=1,HostThrs=4' EOPNOTSUPP 0 EINVAL
	# To set, the file must be open for writing; powerpc has its own ioctl numbers.
	sim 'dev=/dev/papr-sysparm; p="$RAW sysparm"; $p $dev r set 42 1; $p $dev rw set 42 1; $p $dev rw 0x8fa8b202 42 1
		$p $dev rw 0xb203 42; $p $dev rw 0x5401 42; $p /dev/null rw get 20; $p /dev/papr-vpd r get 20 | head -1
		unshare -Ur $p $dev r get 20 | head -1'
	answers EBADF EPERM EPERM ENOTTY ENOTTY ENOTTY ENOENT 0
	run_options=(--kernel-profile current)
	sim 'ls /dev/papr-*'
	answers /dev/papr-sysparm
}

@test "the files of Linux 7.2" {
	run_options=(--kernel-profile current)
	sim 'cd /sys/devices/system; cat cpu/enabled cpu/crash_hotplug memory/crash_hotplug memory/auto_online_blocks
		sed -n "s/^\(partition_max\|DesMem\|DesProcs\|system_pot\)/\1/p" /proc/powerpc/lparcfg
		w /proc/powerpc/lparcfg partition_entitled_capacity=1'
	answers 0 0 0 online partition_max_entitled_capacity=1 DesMem=1024 DesProcs=1 \
		system_potential_processors=1 EIO
}

@test "lockdown: no /dev/mem, ofdt, overlay or error injection, but the kernel's devices" {
	machine[1]=pseries,x-powervm=on
	for profile in 6.12 current; do
		run_options=(--kernel-profile $profile --lockdown integrity)
		sim 'cat /sys/kernel/security/lockdown; cat /dev/mem 2>&1 >/dev/null | grep -c "not permitted"
			w $O "add_node /x "; w /proc/device-tree-overlay x; "$RAW" rtas ibm,open-errinjct 0 2
			base=$((0x$(cut -d" " -f1 /proc/ppc64/rtas/rmo_buffer))); "$RAW" rtas ibm,errinjct 3 1 7 1 $base
			"$RAW" rtas ibm,close-errinjct 1 1 1; "$RAW" rtas get-sensor-state 2 2 9003 0x40000008; w $D frob
			"$RAW" sysparm /dev/papr-sysparm r get 55 | head -1; "$RAW" papr /dev/papr-vpd r vpd UPAPR.VMM.0000001 : 4'
		answers 'none [integrity] confidentiality' 1 EPERM EPERM EPERM EPERM 0 -4 0 0 0 EINVAL 0 fd 4
	done
	sim 'loc=UPAPR.VMM.0000001; "$RAW" papr /dev/papr-indices r indices 0 9007 : 4096; "$RAW" papr /dev/papr-indices rw indicator 9007 $loc 1
		"$RAW" papr /dev/papr-indices r sensor 9007 $loc; "$RAW" papr /dev/papr-platform-dump r dump 1 : 4096
		"$RAW" papr /dev/papr-physical-attestation r attest 0 12 : 4096'
	answers fd 4096 0 1 fd EIO fd 12
}

# o WORD...: make a blob of these words and write it.
overlay_words='
	F=/proc/device-tree-overlay
	o() { "$OVERLAY" "$@" >/tmp/blob && "$RAW" write $F </tmp/blob; }
	size() { stat -c %s /tmp/blob; }
	same() { [ "$1" = "$(size)" ] && echo ok || echo "$1"; }
	ok() { same "$(o "$@")"; }
	all() { (cd $T && find . -type f -exec md5sum {} + | sort | md5sum; find . | sort | md5sum); }
	tree() { (cd $T && find . | grep -E "/ov|/extra" | sort | tr "\n" " "; echo); }
'

overlay_sim()
{
	sim "$overlay_words $1"
}

@test "overlay: the file exists with its option, for root" {
	run_options=(--kernel-profile 6.1)
	sim 'stat -c "%a %s" /proc/device-tree-overlay; ls -d /sys/module/papr*; cat /proc/device-tree-overlay'
	answers '600 0' /sys/module/papr_dt_overlay 'papr-dt-overlay 1 backend=changeset max=1048576 seq=0 last=0'
	run_options=(--kernel-profile current --no-overlay)
	sim 'ls /proc/device-tree-overlay 2>/dev/null || echo none'
	answers none
	run_options=(--lockdown integrity)
	overlay_sim 'o merge / cell ov 1; head -c 17 $F'
	answers EPERM 'papr-dt-overlay 1'
	run_options=()
	overlay_sim 'o remove / >/dev/null; unshare -Ur "$RAW" write $F </tmp/blob'
	answers EPERM
}

@test "overlay: nodes are added, changed, removed, and reverted step by step" {
	overlay_sim 'all >/tmp/0
		ok id one merge / node ov@10 cell reg 16 text bool "" cell ibm,phandle 0xabcd node a end node b end end merge /chosen text extra hello
		cat $T/chosen/extra $T/ov@10/name | tr "\0" " "; echo; od -An -tx1 $T/ov@10/reg; all >/tmp/1; tree; o id one merge / cell extra 1
		ok id two update /ov@10 text bool no merge /ov@10 node c end drop /chosen extra; cat $T/ov@10/bool | tr "\0" " "; echo; all >/tmp/2; tree
		ok id three remove /ov@10; tree; cat $F
		o revert one; ok revert three; all | cmp - /tmp/2 && echo back; ok revert two; all | cmp - /tmp/1 && echo back
		ok revert one; all | cmp - /tmp/0 && echo back; o revert one; cat $F'
	answers ok 'hello ov ' ' 00 00 00 10' './chosen/extra ./ov@10 ./ov@10/a ./ov@10/a/name ./ov@10/b ./ov@10/b/name ./ov@10/bool ./ov@10/ibm,phandle ./ov@10/name ./ov@10/reg ' \
		EEXIST ok 'no ' './ov@10 ./ov@10/a ./ov@10/a/name ./ov@10/b ./ov@10/b/name ./ov@10/bool ./ov@10/c ./ov@10/c/name ./ov@10/ibm,phandle ./ov@10/name ./ov@10/reg ' \
		ok '' 'papr-dt-overlay 1 backend=changeset max=1048576 seq=3 last=0' '1 one nodes=+3/-0 props=1' '2 two nodes=+1/-0 props=2' '3 three nodes=+0/-4 props=0' \
		EBUSY ok back ok back ok back ENOENT 'papr-dt-overlay 1 backend=changeset max=1048576 seq=6 last=-2' \
		'reason: blob: no change is kept as one'
}

@test "overlay: a failing blob changes nothing" {
	overlay_sim 'all >/tmp/0; unchanged() { "$@"; all | cmp - /tmp/0; }
		unchanged o merge / node ov1 end remove /no/such
		unchanged o merge / node ov1 end add / node chosen end
		unchanged o merge /chosen text extra x add /rtas cell rtas-error-log-max 1
		unchanged o merge / node ov1 end update /chosen text nosuch x
		unchanged o drop /rtas rtas-error-log-max update / node ov2 end
		unchanged o drop /rtas rtas-error-log-max drop /rtas rtas-error-log-max
		unchanged o remove /rtas remove /rtas
		unchanged o remove /rtas remove /
		unchanged o merge / node ov1 cell phandle 0x7001 end node ov2 node a cell ibm,phandle 0x7001 end end
		unchanged o merge / node ov1 node a cell phandle 5 end node b cell phandle 5 end end
		unchanged ok flags 1 id check merge / node ov1 end drop /rtas rtas-error-log-max remove /rtas
		unchanged o flags 1 merge / node ov1 end remove /no; unchanged o id "a b" merge / node ov1 end
		unchanged o flags 4 merge / node ov1 end; unchanged o merge nowhere node ov1 end; cat $F'
	answers ENODEV EEXIST EEXIST ENOENT ENOENT ENOENT ENODEV EPERM EEXIST EEXIST ok ENODEV EINVAL EOPNOTSUPP EINVAL \
		'papr-dt-overlay 1 backend=changeset max=1048576 seq=0 last=-22' \
		'reason: fragment@0: target-path must be an absolute path, not nowhere'
}

@test "overlay: several writes are one blob" {
	overlay_sim 'o flags 2 merge / node ov1 cell x 1 end; tree; cat $F
		"$OVERLAY" flags 2 remove /ov1 >/tmp/b; dd if=/tmp/b of=$F bs=7 2>/dev/null && tree
		"$OVERLAY" flags 2 merge / node ov3 end >/tmp/c; cat /tmp/c >$F; tree; "$OVERLAY" flags 2 remove /ov3 >/tmp/b
		(cat /tmp/b; sleep 0; cat /tmp/c) >$F; tree; cat /tmp/b /tmp/c | "$RAW" write $F; tree
		head -c 100 /tmp/b >$F; wait_until "sed 1q $F | grep -q last=-32"; echo dropped
		w $F "add_node /x "; w $F text; printf "\320\r\376\355\177\0\0\0" | "$RAW" write $F; cat $F'
	answers 233 './ov1 ./ov1/name ./ov1/x ' 'papr-dt-overlay 1 backend=changeset max=1048576 seq=1 last=0' '' './ov3 ./ov3/name ' './ov3 ./ov3/name ' EINVAL './ov3 ./ov3/name ' dropped \
		EINVAL 4 EFBIG 'papr-dt-overlay 1 backend=changeset max=1048576 seq=5 last=-27' \
		'reason: blob: 2130706432 bytes, the limit is 1048576'
}

@test "overlay: a later change by others, and records without a name, have errors" {
	overlay_sim 'o id one merge / node ov1 node a end end >/dev/null; w $O "remove_node /ov1/a"; o revert one; w $O "add_node /ov1/a "; ok revert one; tree
		o merge /chosen text extra x >/dev/null; o merge / node ov2 end >/dev/null; sed 1d $F; ok revert "#2"; ok revert "#3"; tree
		o id gone remove /rtas; w $O "add_node /rtas "; o revert gone; w $O "remove_node /rtas"; ok revert gone; test -e $T/rtas/event-scan && echo back'
	answers 18 EBUSY 16 ok '' '2 #2 nodes=+0/-0 props=1' '3 #3 nodes=+1/-0 props=0' ok ok '' 228 15 EBUSY 17 ok back
}
