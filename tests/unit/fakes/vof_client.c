// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/unit/fakes/vof_client.h"

struct papr_config of_config(void)
{
	struct papr_config config = vm_config;

	config.max_ram_bytes = 0;
	config.mem_slots = 0;
	config.vof = true;
	config.firmware_bytes = OF_FIRMWARE_BYTES;
	return config;
}

void of_start(struct client *c, const struct papr_config *config)
{
	struct papr_config plain = of_config();

	*c = (struct client){ .strings = OF_STRINGS };
	vm_begin_with(&c->vm, config ? config : &plain, OF_MEMORY);
	vm_reset(&c->vm);
	vm_notes(&c->vm);
}

uint32_t of_str(struct client *c, const char *text)
{
	uint64_t at = c->strings;

	memcpy(c->vm.memory + at, text, strlen(text) + 1);
	c->strings += strlen(text) + 1;
	assert_true(c->strings < OF_BUFFER);
	return (uint32_t)at;
}

int64_t of_call_block(struct client *c, uint64_t addr)
{
	uint64_t args[PAPR_HCALL_ARGS] = { addr };

	return papr_vmm_hcall(c->vm.vmm, c->vm.cpu, KVMPPC_H_OF_CLIENT, args);
}

uint32_t of_call(struct client *c, const char *service, uint32_t nret, uint32_t nargs,
		 const uint32_t *args)
{
	vm_put_be32(&c->vm, OF_BLOCK, of_str(c, service));
	vm_put_be32(&c->vm, OF_BLOCK + 4, nargs);
	vm_put_be32(&c->vm, OF_BLOCK + 8, nret);
	for (uint32_t i = 0; i < nargs; i++)
		vm_put_be32(&c->vm, OF_BLOCK + 12 + 4 * i, args[i]);
	c->r3 = of_call_block(c, OF_BLOCK);
	for (uint32_t i = 0; i < nret; i++)
		c->rets[i] = vm_be32(&c->vm, OF_BLOCK + 12 + 4 * (nargs + i));
	c->strings = OF_STRINGS;
	return c->rets[0];
}

uint32_t of_phandle(struct client *c, const char *path)
{
	return OF(c, "finddevice", of_str(c, path));
}

uint32_t of_prop(struct client *c, const char *path, const char *name)
{
	uint32_t ph = of_phandle(c, path);

	memset(c->vm.memory + OF_BUFFER, 0xee, OF_BUFFER_BYTES);
	return OF(c, "getprop", ph, of_str(c, name), OF_BUFFER, OF_BUFFER_BYTES);
}

uint32_t of_set(struct client *c, const char *path, const char *name, const void *value,
		uint32_t len)
{
	uint32_t ph = of_phandle(c, path);

	memcpy(c->vm.memory + OF_BUFFER, value,
	       len < OF_BUFFER_BYTES ? len : OF_BUFFER_BYTES);
	return OF(c, "setprop", ph, of_str(c, name), OF_BUFFER, len);
}

uint64_t of_be64(struct client *c, uint64_t at)
{
	return (uint64_t)vm_be32(&c->vm, at) << 32 | vm_be32(&c->vm, at + 4);
}

const char *of_available(struct client *c)
{
	static char text[4096];
	uint32_t len = of_prop(c, "/memory@0", "available");
	size_t n = 0;

	assert_true(len != PROM_ERROR && len % 16 == 0);
	for (uint32_t i = 0; i < len && i < OF_BUFFER_BYTES; i += 16)
		n += (size_t)snprintf(text + n, sizeof(text) - n, "%s%llx+%llx",
				      i ? " " : "",
				      (unsigned long long)of_be64(c, OF_BUFFER + i),
				      (unsigned long long)of_be64(c, OF_BUFFER + i + 8));
	return text;
}
