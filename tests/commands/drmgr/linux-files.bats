#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: sim guest
# The files of /sys and /proc that a simulated guest has are those that Linux has: names,
# modes, targets of links, content. golden/linux-files/6.1 has them as a real guest
# showed them; masks is a sed script, with a reason for each difference.
#
# To write it again: LINUX_FILES_PATHS=FILE, paths that a simulated guest has, in a real guest.

# shellcheck disable=SC2016,SC2154 # for the guest; set by the verbs

load ../../guest/verbs

setup_file()
{
	local n

	for n in 1 2 3; do
		set -- "$@" -blockdev node-name=d$n,driver=null-co,size=67108864,read-zeroes=on
	done
	guest_boot -smp 4,cores=4,maxcpus=4,threads=1 -m 1G,slots=4,maxmem=2G \
		-device spapr-pci-host-bridge,index=1,id=p1 \
		-device virtio-blk-pci,drive=d1,bus=pci.0,addr=2 \
		-device virtio-scsi-pci,id=s0,bus=pci.0,addr=3 \
		-device scsi-hd,bus=s0.0,drive=d2,scsi-id=2,lun=3 \
		-device nvme,drive=d3,serial=abc,bus=pci.0,addr=4 \
		-device e1000,romfile=,bus=p1.0,addr=2,mac=52:54:00:12:34:52 \
		-device spapr-vscsi,reg=0x71000002 \
		-device spapr-vlan,reg=0x71000003,mac=52:54:00:12:34:50 "$@"
}

# In the guest: print the paths of files. A read of error_log would wait. All slots are alike.
paths='find /sys ! -path "/sys/firmware/*" ! -path "/sys/bus/pci/slots/*" ! -type d
	find /sys/bus/pci/slots/C[018] ! -type d
	find /proc/cpuinfo /proc/modules /proc/powerpc /proc/ppc64 /proc/rtas ! -type d ! -name error_log'

# In the guest: print what each path of the list is.
show='while read -r path; do
		if [ -L "$path" ]; then echo "link $path $(readlink "$path")"
		elif [ ! -e "$path" ]; then echo "none $path"
		else
			mode=$(stat -c %a "$path")
			case $path in
			*/config) text=$(od -An -v -tx1 "$path" | tr -d " \n") ;;
			*) text=$(timeout 5 cat "$path" 2>/dev/null | tr "\n\0" "|@") ;;
			esac
			echo "$mode $path $text"
		fi
	done'

masked()
{
	sed -Ef "${top_srcdir:-.}/tests/data/golden/linux-files/masks" | grep . | LC_ALL=C sort -k2
}

@test "files, links and modes are those of Linux 6.1" {
	local seen=$BATS_TEST_TMPDIR/seen expected=${top_srcdir:-.}/tests/data/golden/linux-files/6.1

	guest uname -r
	[[ ${GUEST_KIND:-real} == sim || $output == 6.1.*-powerpc64le ]] || skip "the files are those of 6.1"
	[[ ${GUEST_KIND:-real} == sim ]] || guest -0 modprobe -a ibmveth ibmvscsi
	if [[ -n ${LINUX_FILES_PATHS-} ]]; then
		guest_sh -0 -i "$show" <"$LINUX_FILES_PATHS"
		echo "$output" | LC_ALL=C sort -k2 >"$expected"
	fi
	if [[ ${GUEST_KIND:-real} == sim ]]; then
		guest_sh -0 "$paths"
	else
		output=$(cut -d' ' -f2 "$expected")
	fi
	guest_sh -0 -i "$show" <<<"$output"
	masked <<<"$output" >"$seen"
	diff <(masked <"$expected") "$seen"
}
