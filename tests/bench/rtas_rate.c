// SPDX-License-Identifier: GPL-2.0-or-later
/* links: */
/*
 * rtas_rate - measure one RTAS call in this guest
 *
 *   rtas_rate CALLS
 *
 * Reads a connector's sensor CALLS times with the bare system call, and prints the mean
 * in microseconds.
 */
#include <endian.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "wire/papr_sys_rtas.h"

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

int main(int argc, char *argv[])
{
	unsigned long calls = argc == 2 ? strtoul(argv[1], NULL, 10) : 0;
	int fd = open("/proc/device-tree/rtas/get-sensor-state", O_RDONLY | O_CLOEXEC);
	uint32_t block[19] = { 0, htobe32(2), htobe32(2), htobe32(9003),
			       htobe32(0x40000008) };
	uint64_t begin;

	if (!calls || read(fd, block, 4) != 4) {
		fprintf(stderr,
			"rtas_rate: CALLS is missing, or this is no pseries guest\n");
		return 1;
	}
	close(fd);

	begin = now_ns();
	for (unsigned long i = 0; i < calls; i++) {
		if (syscall(PAPR_SYS_RTAS, block) || block[5]) {
			fprintf(stderr, "rtas_rate: a call failed\n");
			return 1;
		}
	}
	printf("%.2f\n", (double)(now_ns() - begin) / 1000 / (double)calls);
	return 0;
}
