// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>

#include "vmm/server/opts_parts.h"

static const char help_begin[] =
	"Usage: papr-vmm [option]...\n"
	"       papr-vmm [option]... run [run option]... [--] command [argument]...\n"
	"       papr-vmm attach pid [--] command [argument]...\n"
	"       papr-vmm doctor [--json]\n"
	"       papr-vmm ctl [option]... [pid|name] command [key=value]...\n"
	"       papr-vmm ps [option]...\n"
	"\n"
	"Simulate the host of a PAPR partition, and run a command in a simulated guest.\n"
	"Options are QEMU's, with one dash or two:\n"
	"  -machine, -M TYPE[,PROPERTY=VALUE]...    pseries, pseries-10.0, pseries-7.2\n"
	"  -cpu MODEL                               power8, power9, power10, power11\n"
	"  -smp N[,maxcpus=N][,cores=N][,threads=N][,sockets=N]\n"
	"  -m SIZE[,slots=N][,maxmem=SIZE]\n"
	"  -numa node[,nodeid=N][,memdev=ID][,cpus=RANGE]...  -numa cpu,node-id=N[,core-id=N]\n"
	"  -numa dist,src=N,dst=N,val=DISTANCE\n"
	"  -device DRIVER[,PROPERTY=VALUE]...       -object TYPE,id=ID[,PROPERTY=VALUE]...\n"
	"  -netdev TYPE,id=ID[,...]  -blockdev DRIVER,node-name=ID[,...]  -drive id=ID[,...]\n"
	"  -kernel FILE  -initrd FILE  -append TEXT  -bios FILE\n"
	"  -name TEXT  -uuid UUID  -rtc [base=TIME][,clock=host|vm]\n"
	"  -qmp DEVICE  -qtest DEVICE  -serial DEVICE\n"
	"                                           unix:PATH,server=on,wait=off, fd:N, stdio,\n"
	"                                           null, none\n"
	"  -chardev TYPE,id=ID[,PROPERTY=VALUE]...  socket, fd, stdio, null\n"
	"  -mon chardev=ID[,mode=control]           -qtest-log FILE  -nographic\n"
	"  -S  -no-shutdown  -no-reboot  -action EVENT=ACTION[,...]\n"
	"  -accel kvm, -enable-kvm                  run -kernel on this computer (ppc64le)\n"
	"  -accel tcg  -display none                for command lines of QEMU\n"
	"  -nodefaults                              no terminal without -serial\n"
	"  -h, --help                               print this text\n"
	"  -M help, -cpu help, -device help, -object help\n"
	"                                           print what exists\n"
	"  --version                                print the version\n"
	"Properties of the machine that QEMU lacks:\n"
	"  x-cas-reply=diff  x-drc-info=on  x-drmem=1  x-epapr=on\n"
	"  x-cc-delay=STATUS  x-cc-delays=N  x-cc-extent=on  x-cc-page=BYTES\n"
	"  x-cc-siblings=on  x-powervm=on\n"
	"Properties of devices that QEMU lacks:\n"
	"  spapr-pci-host-bridge: x-slots=on\n"
	"Options of run, attach, ctl, ps: papr-vmm run --help, and so on\n"
	"See papr-vmm(1).\n";

void opts_print_help(void)
{
	fputs(help_begin, stdout);
}
