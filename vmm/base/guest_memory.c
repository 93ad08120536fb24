// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>

#include "vmm/base/guest_memory.h"
#include "vmm/base/machine.h"
#include "wire/builder.h"
#include "wire/cursor.h"

static bool wraps(uint64_t addr, size_t len)
{
	return len && addr + (len - 1) < addr;
}

int guest_read(const struct papr_vmm *vmm, uint64_t addr, void *buf, size_t len)
{
	if (wraps(addr, len) ||
	    (len && machine_of(vmm)->env.read(machine_of(vmm)->env.priv, addr, buf, len)))
		return -EFAULT;
	return 0;
}

int guest_write(const struct papr_vmm *vmm, uint64_t addr, const void *buf, size_t len)
{
	if (wraps(addr, len) ||
	    (len &&
	     machine_of(vmm)->env.write(machine_of(vmm)->env.priv, addr, buf, len)))
		return -EFAULT;
	return 0;
}

void *guest_map(const struct papr_vmm *vmm, uint64_t addr, size_t len)
{
	const struct papr_machine_ops *env = &machine_of(vmm)->env;

	return env->map && len && !wraps(addr, len) ? env->map(env->priv, addr, len)
						    : NULL;
}

int guest_read_be32(const struct papr_vmm *vmm, uint64_t addr, uint32_t *value)
{
	uint8_t be[4];
	struct cursor c = cursor_of(be, sizeof(be));
	int err = guest_read(vmm, addr, be, sizeof(be));

	if (!err)
		*value = cursor_be32(&c);
	return err;
}

int guest_write_be32(const struct papr_vmm *vmm, uint64_t addr, uint32_t value)
{
	uint8_t be[4];
	struct builder b = builder_of(be, sizeof(be));

	builder_be32(&b, value);
	return guest_write(vmm, addr, be, sizeof(be));
}

int guest_read_str(const struct papr_vmm *vmm, uint64_t addr, char *buf, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		/* Read single bytes: memory may end right after the NUL. */
		if (addr + i < addr || guest_read(vmm, addr + i, &buf[i], 1))
			return -EFAULT;
		if (!buf[i])
			return 0;
	}

	return -ENAMETOOLONG;
}
