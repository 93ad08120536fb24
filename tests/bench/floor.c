// SPDX-License-Identifier: GPL-2.0-or-later
/* runs in: guest; links: */
/*
 * floor - add a PCI card with only the necessary calls and writes: no search, no lock, no
 * log, no check, no rollback
 *
 *   floor DRC-INDEX PARENT SLOT
 *
 * The minimum cost of an addition, to compare drmgr with. Do not use it for anything
 * else.
 */
#include <endian.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "wire/papr_sys_rtas.h"

struct block {
	uint32_t token, nargs, nret, cell[16];
	uint64_t unused;
};

static uint32_t token(const char *name)
{
	char path[128];
	uint32_t t = 0;
	int fd;

	snprintf(path, sizeof(path), "/proc/device-tree/rtas/%s", name);
	fd = open(path, O_RDONLY);
	if (read(fd, &t, 4) != 4)
		exit(1);
	close(fd);
	return t;
}

static int32_t call(uint32_t t, uint32_t nargs, uint32_t a, uint32_t b, uint32_t c)
{
	struct block block = { t,
			       htobe32(nargs),
			       htobe32(nargs == 2 ? 2 : 1),
			       { htobe32(a), htobe32(b), htobe32(c) },
			       0 };

	if (syscall(PAPR_SYS_RTAS, &block))
		exit(1);
	return (int32_t)be32toh(block.cell[nargs]);
}

static int32_t configure(uint32_t t, uint32_t area)
{
	struct block block = { t, htobe32(2), htobe32(1), { htobe32(area) }, 0 };

	if (syscall(PAPR_SYS_RTAS, &block))
		exit(1);
	return (int32_t)be32toh(block.cell[2]);
}

static void write_file(const char *path, const void *bytes, size_t len)
{
	int fd = open(path, O_WRONLY);

	if (write(fd, bytes, len) != (ssize_t)len)
		exit(1);
	close(fd);
}

int main(int argc, char *argv[])
{
	static char command[65536];
	unsigned long base;
	unsigned int size;
	uint32_t index, indicator, sensor, power, connector, *area;
	char path[256];
	size_t len;
	FILE *f;
	int fd;

	if (argc != 4)
		return 2;
	index = (uint32_t)strtoul(argv[1], NULL, 0);
	indicator = token("set-indicator");
	sensor = token("get-sensor-state");
	power = token("set-power-level");
	connector = token("ibm,configure-connector");

	call(indicator, 3, 9001, index, 0);
	call(power, 2, 0xffffffff, 0, 0);
	call(indicator, 3, 9002, index, 1);
	call(sensor, 2, 9003, index, 0);
	call(power, 2, 0xffffffff, 100, 0);
	call(indicator, 3, 9001, index, 1);

	f = fopen("/proc/ppc64/rtas/rmo_buffer", "r");
	if (!f || fscanf(f, "%lx %x", &base, &size) != 2)
		return 1;
	fclose(f);
	fd = open("/dev/mem", O_RDWR);
	area = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, (off_t)base);
	if (area == MAP_FAILED)
		return 1;

	area[0] = htobe32(index);
	area[1] = 0;
	configure(connector, (uint32_t)base);
	len = (size_t)sprintf(command, "add_node %s/%s", argv[2],
			      (char *)area + be32toh(area[2]));
	while (configure(connector, (uint32_t)base) == 3) {
		uint32_t n = be32toh(area[3]);

		len += (size_t)sprintf(command + len, " %s %u ",
				       (char *)area + be32toh(area[2]), n);
		memcpy(command + len, (char *)area + be32toh(area[4]), n);
		len += n;
	}
	write_file("/proc/ppc64/ofdt", command, len + 1);
	snprintf(path, sizeof(path), "/sys/bus/pci/slots/%s/power", argv[3]);
	write_file(path, "1", 1);
	return 0;
}
