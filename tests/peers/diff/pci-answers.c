// SPDX-License-Identifier: GPL-2.0-or-later
/* links: libvmm.la */
/*
 * pci-answers MACHINE - print the library's answers in the format of record-pci --answers
 *
 * One line for each word of configuration space of each card, and of each virtio card with
 * disable-legacy=on: driver, register, value at the start, after writing ones, 0x00700000
 * and zeros.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "vmm/paprvmm.h"
#include "vmm/base/machine_types.h"
#include "vmm/pci/pci_models.h"

enum { BUID_HI = 0x8000000, BUID_LO = 0x20000000, SLOT = 0x8000 };

static int nothing(void *priv, uint64_t addr, void *buf, size_t len)
{
	(void)priv;
	(void)addr;
	memset(buf, 0, len);
	return 0;
}

static int nowhere(void *priv, uint64_t addr, const void *buf, size_t len)
{
	(void)priv;
	(void)addr;
	(void)buf;
	(void)len;
	return 0;
}

static uint64_t no_time(void *priv)
{
	(void)priv;
	return 0;
}

static uint32_t address(uint32_t reg)
{
	return (reg & 0xf00) << 20 | SLOT | (reg & 0xff);
}

static int get(struct papr_vmm *vmm, uint32_t reg, uint32_t *value)
{
	struct papr_rtas call = { .size = sizeof(struct papr_rtas),
				  .token =
					  papr_vmm_rtas_token(vmm, "ibm,read-pci-config"),
				  .nargs = 4,
				  .nret = 2,
				  .args = { address(reg), BUID_HI, BUID_LO, 4 } };

	papr_vmm_rtas(vmm, 0, &call);
	*value = call.rets[1];
	return (int)call.rets[0];
}

static uint32_t put_get(struct papr_vmm *vmm, uint32_t reg, uint32_t value)
{
	struct papr_rtas call = { .size = sizeof(struct papr_rtas),
				  .token = papr_vmm_rtas_token(vmm,
							       "ibm,write-pci-config"),
				  .nargs = 5,
				  .nret = 1,
				  .args = { address(reg), BUID_HI, BUID_LO, 4, value } };

	papr_vmm_rtas(vmm, 0, &call);
	get(vmm, reg, &value);
	return value;
}

/* name: the driver, with its property */
static void print_card(struct papr_vmm *vmm, const char *name)
{
	uint32_t first, ones, messages, zeroes;

	for (uint32_t reg = 0; reg < 4096 && !get(vmm, reg, &first); reg += 4) {
		ones = put_get(vmm, reg, 0xffffffff);
		messages = put_get(vmm, reg, 0x00700000);
		zeroes = put_get(vmm, reg, 0);
		printf("%s 0x%02" PRIx32 " 0x%08" PRIx32 " 0x%08" PRIx32 " 0x%08" PRIx32
		       " 0x%08" PRIx32 "\n",
		       name, reg, first, ones, messages, zeroes);
	}
}

/* Add a card with its required options. */
static int add(struct papr_vmm *vmm, const struct pci_model *m, bool is_modern)
{
	struct papr_option options[8] = { { "driver", m->driver }, { "addr", "10" } };
	struct papr_error error = { 0 };
	char needed[32] = "";
	size_t n = 2;
	int err;

	if (m->needs) {
		snprintf(needed, sizeof(needed), "%.*s", (int)strcspn(m->needs, "="),
			 m->needs);
		options[n++] = (struct papr_option){ needed, "x" };
	}
	if (m->options && strstr(m->options, "chassis_nr "))
		options[n++] = (struct papr_option){ "chassis_nr", "1" };
	if (is_modern)
		options[n++] = (struct papr_option){ "disable-legacy", "on" };
	err = papr_vmm_device_add(vmm, options, n, &error);
	if (err)
		fprintf(stderr, "%s: %s\n", m->driver, error.text);
	papr_error_clear(&error);
	return err;
}

static int answer(const struct papr_config *cfg, const struct pci_model *m,
		  bool is_modern)
{
	const struct papr_machine_ops env = { .size = sizeof(struct papr_machine_ops),
					      .read = nothing,
					      .write = nowhere,
					      .clock_ns = no_time };
	struct papr_error error = { 0 };
	struct papr_vmm *vmm;
	char name[96];
	int err;

	if (papr_vmm_new(&vmm, cfg, &env, &error))
		return 1;
	snprintf(name, sizeof(name), "%s%s", m->driver,
		 is_modern ? ",disable-legacy=on" : "");
	err = add(vmm, m, is_modern) || papr_vmm_reset(vmm);
	if (!err)
		print_card(vmm, name);
	papr_vmm_free(vmm);
	return err;
}

int main(int argc, char **argv)
{
	const struct machine_type *type = argc > 1 ? machine_type_find(argv[1]) : NULL;
	struct papr_config cfg = { .size = sizeof(struct papr_config),
				   .ram_bytes = 1ULL << 30 };
	int failed = 0;

	if (!type) {
		fprintf(stderr, "usage: pci-answers MACHINE\n");
		return 2;
	}
	cfg.machine = type->name;
	for (const struct pci_model *const *at = type->cards; *at; at++) {
		failed |= answer(&cfg, *at, false);
		if (!strncmp((*at)->driver, "virtio-", 7))
			failed |= answer(&cfg, *at, true);
	}
	return failed;
}
