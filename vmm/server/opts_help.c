// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <string.h>

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
	"  -audiodev none,id=ID  -audio none        what devices refer to; they have no data\n"
	"  -nic TYPE[,model=M][,mac=MAC]            a network card; also -net nic\n"
	"  -cdrom FILE                              a SCSI adapter, as with -drive if=scsi\n"
	"  -pflash FILE                             content of the NVRAM, as -drive if=pflash\n"
	"  -global spapr-nvram.drive=ID             the same; other defaults have no effect\n"
	"  -snapshot                                not with a drive that is the NVRAM\n"
	"  -kernel FILE  -initrd FILE  -append TEXT  -bios FILE\n"
	"  -name TEXT  -uuid UUID  -rtc [base=TIME][,clock=host|vm]\n"
	"  -qmp DEVICE  -qtest DEVICE  -monitor DEVICE  -serial DEVICE  -parallel DEVICE\n"
	"                                           unix:PATH,server=on,wait=off, tcp::PORT,\n"
	"                                           pty, stdio, file:PATH, null, none\n"
	"  -chardev TYPE,id=ID[,PROPERTY=VALUE]...  socket, pty, stdio, file, null\n"
	"  -mon chardev=ID[,mode=control]           -qtest-log FILE  -nographic\n"
	"  -S  -preconfig  -no-shutdown  -no-reboot  -action EVENT=ACTION[,...]\n"
	"  -accel kvm, -enable-kvm                  run -kernel on this computer (ppc64le)\n"
	"  -accel tcg  -qmp-pretty DEVICE           -nodefaults  -readconfig FILE\n"
	"  -daemonize                               continue in the background\n"
	"  -x-newer-qmp                             replies for clients of QEMU 10.0\n"
	"  -pidfile FILE                            write the process id to FILE\n"
	"  -h, --help                               print this text\n"
	"  -M help, -M TYPE,help, -cpu help, -device help, -device DRIVER,help, -object help\n"
	"                                           print what exists, or the properties\n"
	"  --version                                print the version\n"
	"Properties of the machine that QEMU lacks:\n"
	"  x-cas-reply=diff  x-drc-info=on  x-epapr=on\n"
	"  x-cc-delay=STATUS  x-cc-delays=N  x-cc-extent=on  x-cc-page=BYTES\n"
	"  x-cc-siblings=on  x-powervm=on\n"
	"Properties of devices that QEMU lacks:\n"
	"  spapr-pci-host-bridge: x-slots=on\n"
	"Options of run, attach, ctl, ps: papr-vmm run --help, and so on\n"
	"Options of QEMU that are accepted, without effect:\n";

static bool help_is_idle(const struct opts_row *row)
{
	return row->idle || row->flag == offsetof(struct opts, ignored);
}

/* Print the names of the options without effect, or of the refused ones. */
static void help_names(bool idle)
{
	enum { WIDTH = 88 };
	size_t column = 0;

	for (const struct opts_row *row = opts_rows; row->name; row++) {
		size_t len = strlen(row->name) + 2;

		if (idle ? !help_is_idle(row) : !row->refused)
			continue;
		if (column && column + len > WIDTH) {
			putchar('\n');
			column = 0;
		}
		printf("%s-%s", column ? " " : "  ", row->name);
		column += column ? len : len + 1;
	}
	putchar('\n');
}

void opts_print_help(void)
{
	fputs(help_begin, stdout);
	help_names(true);
	puts("Options of QEMU that are refused, with a message that has the reason:");
	help_names(false);
	puts("See papr-vmm(1).");
}
