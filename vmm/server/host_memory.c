// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "vmm/paprvmm.h"
#include "vmm/server/host_parts.h"

/* DIMMs begin at the next multiple of this after RAM. */
#define DIMM_AREA_ALIGN (UINT64_C(1) << 30)
/* A process can map this much, with room for its own use. */
#define MEMORY_LIMIT (UINT64_C(1) << 46)

static uint64_t size_of(const struct papr_config *config)
{
	uint64_t ram = config->ram_bytes, max = config->max_ram_bytes;

	if (max <= ram)
		return ram;
	return ((ram + DIMM_AREA_ALIGN - 1) & ~(DIMM_AREA_ALIGN - 1)) + (max - ram);
}

int host_memory_new(struct host *host)
{
	const struct papr_config *config = &host->options.config;

	if (config->ram_bytes > MEMORY_LIMIT || config->max_ram_bytes > MEMORY_LIMIT)
		return -ENOMEM;
	host->memory_bytes = size_of(config);
	host->memory_fd = memfd_create("guest-memory", MFD_CLOEXEC);
	if (host->memory_fd < 0 || ftruncate(host->memory_fd, (off_t)host->memory_bytes))
		return -errno;
	host->memory = mmap(NULL, host->memory_bytes, PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_NORESERVE, host->memory_fd, 0);
	if (host->memory == MAP_FAILED) {
		host->memory = NULL;
		return -errno;
	}
	return 0;
}

void host_memory_free(struct host *host)
{
	if (host->memory)
		munmap(host->memory, host->memory_bytes);
	if (host->memory_fd >= 0)
		close(host->memory_fd);
}

static size_t at_most(uint64_t bytes, size_t len)
{
	return bytes < len ? (size_t)bytes : len;
}

size_t host_memory_run(const struct host *host, uint64_t address, size_t len,
		       bool *is_memory)
{
	uint64_t ram = host->options.config.ram_bytes, next = UINT64_MAX;
	struct papr_memory_info dimm = { .size = sizeof(dimm) };

	*is_memory = address < ram;
	if (*is_memory)
		return at_most(ram - address, len);
	for (size_t n = 0; host->vmm && papr_vmm_memory_info(host->vmm, n, &dimm) > 0;
	     n++) {
		if (dimm.address > address && dimm.address < next)
			next = dimm.address;
		if (address < dimm.address || address - dimm.address >= dimm.bytes)
			continue;
		*is_memory = true;
		return at_most(dimm.bytes - (address - dimm.address), len);
	}
	return next == UINT64_MAX ? len : at_most(next - address, len);
}

/* Return true if the whole range is memory. A partly written structure would be neither
 * old nor new, so ranges are accessed as a whole or not at all. */
static bool is_all_memory(const struct host *host, uint64_t address, size_t len)
{
	bool is_memory = true;

	if (len > host->memory_bytes || address > host->memory_bytes - len)
		return false;
	while (len && is_memory) {
		size_t run = host_memory_run(host, address, len, &is_memory);

		address += run;
		len -= run;
	}
	return is_memory;
}

void host_memory_share(struct host *host, int fd, uint64_t address, uint64_t bytes)
{
	host->shared = (struct host_shared){ fd, address, bytes };
}

/* Return the length of the first bytes of this range that are all shared, or all not. */
static size_t shared_run(const struct host_shared *shared, uint64_t address, size_t len,
			 bool *is_shared)
{
	uint64_t end = shared->address + shared->bytes;

	*is_shared = address >= shared->address && address < end;
	if (*is_shared)
		return at_most(end - address, len);
	return address < shared->address ? at_most(shared->address - address, len) : len;
}

/* Read from the shared file. What programs cut off reads as zeros. */
static int shared_read(const struct host_shared *shared, uint64_t address, uint8_t *buf,
		       size_t len)
{
	ssize_t n;

	for (; len; buf += n, len -= (size_t)n, address += (uint64_t)n) {
		n = pread(shared->fd, buf, len, (off_t)address);
		if (n < 0)
			return -EFAULT;
		if (!n) {
			memset(buf, 0, len);
			return 0;
		}
	}
	return 0;
}

static int shared_write(const struct host_shared *shared, uint64_t address,
			const uint8_t *buf, size_t len)
{
	ssize_t n;

	for (; len; buf += n, len -= (size_t)n, address += (uint64_t)n) {
		n = pwrite(shared->fd, buf, len, (off_t)address);
		if (n <= 0)
			return -EFAULT;
	}
	return 0;
}

int host_read(const struct host *host, uint64_t address, void *buf, size_t len)
{
	uint8_t *to = buf;
	bool is_shared;
	int err = is_all_memory(host, address, len) ? 0 : -EFAULT;

	for (size_t run; !err && len; address += run, to += run, len -= run) {
		run = shared_run(&host->shared, address, len, &is_shared);
		if (is_shared)
			err = shared_read(&host->shared, address, to, run);
		else
			memcpy(to, host->memory + address, run);
	}
	return err;
}

int host_write(struct host *host, uint64_t address, const void *buf, size_t len)
{
	const uint8_t *from = buf;
	bool is_shared;
	int err = is_all_memory(host, address, len) ? 0 : -EFAULT;

	for (size_t run; !err && len; address += run, from += run, len -= run) {
		run = shared_run(&host->shared, address, len, &is_shared);
		if (is_shared)
			err = shared_write(&host->shared, address, from, run);
		else
			memcpy(host->memory + address, from, run);
	}
	return err;
}

void *host_map(const struct host *host, uint64_t address, size_t len)
{
	bool is_shared = false;

	if (!is_all_memory(host, address, len))
		return NULL;
	if (shared_run(&host->shared, address, len, &is_shared) < len || is_shared)
		return NULL;
	return host->memory + address;
}

void host_memory_drop_unused(struct host *host)
{
	uint64_t address = 0;

	while (address < host->memory_bytes) {
		bool is_memory;
		size_t run = host_memory_run(host, address, host->memory_bytes - address,
					     &is_memory);

		if (!is_memory)
			fallocate(host->memory_fd,
				  FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
				  (off_t)address, (off_t)run);
		address += run;
	}
}
