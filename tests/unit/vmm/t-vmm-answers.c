// SPDX-License-Identifier: GPL-2.0-or-later
/* What an embedder answers, is offered to the guest; terminals. */
#include <libfdt.h>

#include "tests/unit/fakes/test.h"
#include "vmm/paprvmm.h"
#include "wire/cas.h"
#include "wire/hcall.h"

enum {
	MEMORY = 8 << 20,
	KERNEL = 0x400000,
	VECTORS = 0x40000,
	REPLY = 0x80000,
	REPLY_BYTES = 0x40000
};

struct host {
	uint8_t memory[MEMORY];
	char terminal[64]; /* output of the second terminal */
	char notes[256];   /* interrupts, terminals that the guest has read */
};

static struct host host;
static struct papr_vmm *vmm;

static int peek(void *priv, uint64_t addr, void *buf, size_t len)
{
	struct host *h = priv;

	if (addr > MEMORY || len > MEMORY - addr)
		return -EFAULT;
	memcpy(buf, h->memory + addr, len);
	return 0;
}

static int poke(void *priv, uint64_t addr, const void *buf, size_t len)
{
	struct host *h = priv;

	if (addr > MEMORY || len > MEMORY - addr)
		return -EFAULT;
	memcpy(h->memory + addr, buf, len);
	return 0;
}

static uint64_t now(void *priv)
{
	(void)priv;
	return 0;
}

static void note(void *priv, const char *what, unsigned int n)
{
	struct host *h = priv;
	size_t len = strlen(h->notes);

	snprintf(h->notes + len, sizeof(h->notes) - len, "%s%x ", what, n);
}

static void interrupt(void *priv, uint32_t irq)
{
	note(priv, "irq", irq);
}

static void was_read(void *priv, unsigned int terminal)
{
	note(priv, "read", terminal);
	/* The one function that this callback may call */
	papr_vmm_console_input(vmm, terminal, "", 0);
}

static void chance(void *priv, void *buf, size_t len)
{
	(void)priv;
	memset(buf, 0x5a, len);
}

static void print(void *priv, unsigned int terminal, const void *text, size_t len)
{
	struct host *h = priv;
	size_t at = strlen(h->terminal);

	snprintf(h->terminal + at, sizeof(h->terminal) - at, "%u:%.*s", terminal,
		 (int)len, (const char *)text);
}

static int create_with(const struct papr_config *config,
		       const struct papr_answers *answers, struct papr_error *error)
{
	const struct papr_machine_ops embedder = {
		.size = sizeof(struct papr_machine_ops),
		.read = peek,
		.write = poke,
		.clock_ns = now,
		.interrupt = interrupt,
		.terminal = print,
		.terminal_read = was_read,
		.random = chance,
		.answers = answers,
		.priv = &host,
	};

	memset(&host, 0, sizeof(host));
	return papr_vmm_new(&vmm, config, &embedder, error);
}

static void create(const struct papr_config *config, const struct papr_answers *answers)
{
	assert_int_equal(create_with(config, answers, NULL), 0);
	assert_int_equal(papr_vmm_reset(vmm), 0);
}

static const struct papr_config power9 = { .size = sizeof(struct papr_config),
					   .ram_bytes = 1ULL << 30,
					   .cpu_model = "power9" };

static const void *tree(void)
{
	size_t bytes;

	return papr_vmm_fdt(vmm, &bytes);
}

/* ---- What is announced --------------------------------------------------------------- */

/* Return the names of the sets, separated by spaces. */
static const char *announced(void)
{
	static char names[512];
	const void *fdt = tree();
	const char *value;
	int len;

	value = fdt_getprop(fdt, fdt_path_offset(fdt, "/rtas"), "ibm,hypertas-functions",
			    &len);
	assert_non_null(value);
	assert_true(len < (int)sizeof(names));
	if (!len)
		return "";
	memcpy(names, value, (size_t)len);
	for (int i = 0; i < len - 1; i++)
		if (!names[i])
			names[i] = ' ';
	return names;
}

static const uint8_t *offered(void)
{
	const void *fdt = tree();
	int len;
	const uint8_t *pairs = fdt_getprop(fdt, fdt_path_offset(fdt, "/chosen"),
					   "ibm,arch-vec-5-platform-support", &len);

	assert_non_null(pairs);
	assert_int_equal(len, 8);
	return pairs;
}

static void all_by_default(void **state)
{
	(void)state;
	create(&power9, NULL);
	assert_string_equal(announced(),
			    "hcall-pft hcall-term hcall-dabr hcall-interrupt hcall-tce "
			    "hcall-vio hcall-splpar hcall-join hcall-bulk "
			    "hcall-set-mode hcall-sprg0 hcall-copy hcall-debug "
			    "hcall-vphn hcall-multi-tce hcall-hpt-resize hcall-watchdog");
	assert_int_equal(offered()[1], 0x80);
	assert_int_equal(offered()[3], 0xc0);
	papr_vmm_free(vmm);
}

/* A set is announced if all of its calls are answered, by the embedder or the library. */
static void only_what_is_answered(void **state)
{
	static const uint64_t hcalls[] = { H_EOI,	   H_CPPR, H_IPI,
					   H_IPOLL,	   H_XIRR, H_SET_MODE,
					   H_REGISTER_VPA, H_CEDE, H_CONFER };
	const struct papr_answers answers = { sizeof(struct papr_answers), hcalls,
					      COUNT(hcalls), PAPR_XICS, PAPR_RADIX };
	const struct papr_answers none = { sizeof(struct papr_answers), NULL, 0,
					   PAPR_XICS | PAPR_XIVE, PAPR_HASH };
	struct papr_config powervm = power9;

	(void)state;
	create(&power9, &answers);
	assert_string_equal(
		announced(),
		"hcall-term hcall-interrupt hcall-tce hcall-set-mode hcall-vphn "
		"hcall-multi-tce");
	assert_int_equal(offered()[1], 0);
	assert_int_equal(offered()[3], 0x40);
	papr_vmm_free(vmm);

	create(&power9, &none);
	assert_string_equal(announced(),
			    "hcall-term hcall-tce hcall-vphn hcall-multi-tce");
	assert_int_equal(offered()[1], 0x80);
	assert_int_equal(offered()[3], 0);
	papr_vmm_free(vmm);

	powervm.powervm = true; /* the library itself has more */
	create(&powervm, &none);
	assert_string_equal(announced(),
			    "hcall-term hcall-tce hcall-join hcall-vphn hcall-multi-tce");
	papr_vmm_free(vmm);
}

static void impossible_answers(void **state)
{
	static const struct papr_answers wrong[] = {
		{ sizeof(struct papr_answers), NULL, 0, PAPR_XIVE, PAPR_RADIX },
		{ sizeof(struct papr_answers), NULL, 0, PAPR_XICS, 0 },
		{ sizeof(struct papr_answers), NULL, 0, 0, 0 },
		{ 0, NULL, 0, PAPR_XICS, PAPR_RADIX },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(wrong); i++) {
		struct papr_error error = { PAPR_ERROR_GENERIC, NULL };

		assert_int_equal(create_with(&power9, &wrong[i], &error), -EINVAL);
		assert_non_null(strstr(error.text, "the embedder lacks XICS"));
		assert_null(vmm);
		papr_error_clear(&error);
	}
}

/* ---- What is negotiated -------------------------------------------------------------- */

/* Ask for these values of bytes 6 (HPT resizing), 23 and 24, as Linux does. */
static int64_t ask(uint8_t resize, uint8_t interrupts, uint8_t mmu)
{
	static const struct cas_pvr pvr = { 0xffff0000, 0x004e0000 };
	static const uint8_t v1[] = { 0, 0xff, 0xc0 }, rest[] = { 0, 0xe0 };
	uint8_t v5[26] = {
		[1] = 0xf0, [5] = resize, [22] = interrupts, [23] = mmu, [25] = 0x40
	};
	uint64_t args[PAPR_HCALL_ARGS] = { VECTORS, REPLY, REPLY_BYTES };
	struct builder b = builder_of(host.memory + VECTORS, REPLY - VECTORS);

	cas_encode_pvrs(&b, &pvr, 1);
	cas_encode_count(&b, 5);
	cas_encode_vector(&b, v1, sizeof(v1));
	for (int i = 2; i < 5; i++)
		cas_encode_vector(&b, rest, sizeof(rest));
	cas_encode_vector(&b, v5, sizeof(v5));
	return papr_vmm_hcall(vmm, 0, KVMPPC_H_CAS, args);
}

/* Return a byte of the negotiated vector 5, or 0 after its end. */
static uint8_t negotiated(int byte)
{
	const void *fdt = tree();
	const uint8_t *v;
	int len;

	v = fdt_getprop(fdt, fdt_path_offset(fdt, "/chosen"), "ibm,architecture-vec-5",
			&len);
	assert_non_null(v);
	return byte < len ? v[byte] : 0; /* byte 0 is the length */
}

static void offer_follows(void **state)
{
	static const struct papr_answers radix = { sizeof(struct papr_answers), NULL, 0,
						   PAPR_XICS, PAPR_RADIX };
	static const struct papr_answers hash = { sizeof(struct papr_answers), NULL, 0,
						  PAPR_XICS, PAPR_HASH };

	(void)state;
	create(&power9, NULL);
	assert_int_equal(ask(1, 0x40, 0x40), H_SUCCESS);
	assert_int_equal(negotiated(6) & 1, 1);
	assert_int_equal(negotiated(23), 0x40);
	assert_int_equal(negotiated(24), 0x40);
	assert_int_equal(ask(1, 0x40, 0), H_SUCCESS);
	papr_vmm_free(vmm);

	create(&power9, &radix);
	assert_int_equal(ask(1, 0, 0x40), H_SUCCESS);
	assert_int_equal(negotiated(6) & 1, 0);
	assert_int_equal(negotiated(23), 0);
	assert_int_equal(negotiated(24), 0x40);
	assert_int_equal(ask(1, 0x40, 0x40), H_PARAMETER); /* XIVE was not offered */
	assert_int_equal(ask(1, 0, 0), H_PARAMETER);	   /* nor hash translation */
	papr_vmm_free(vmm);

	create(&power9, &hash);
	assert_int_equal(ask(1, 0, 0), H_SUCCESS);
	assert_int_equal(negotiated(6) & 1, 1);
	assert_int_equal(ask(1, 0, 0x40), H_SUCCESS); /* radix is not granted */
	assert_int_equal(negotiated(24), 0);
	papr_vmm_free(vmm);
}

/* ---- Terminals ----------------------------------------------------------------------- */

/* Read from a terminal. Return the number of characters. */
static size_t get(uint64_t unit, char text[17])
{
	uint64_t args[PAPR_HCALL_ARGS] = { unit, UINT64_MAX, UINT64_MAX };

	assert_int_equal(papr_vmm_hcall(vmm, 0, H_GET_TERM_CHAR, args), H_SUCCESS);
	assert_true(args[0] <= 16);
	for (int i = 0; i < 16; i++)
		text[i] = (char)(args[1 + i / 8] >> (56 - 8 * (i % 8)));
	text[16] = '\0';
	return (size_t)args[0];
}

static void random_numbers(void **state)
{
	const struct papr_option rng[] = { { "driver", "spapr-rng" }, { "rng", "r" } };
	uint64_t args[PAPR_HCALL_ARGS] = { 0 };
	struct papr_error error = { 0 };

	(void)state;
	assert_int_equal(create_with(&power9, NULL, NULL), 0);
	assert_int_equal(papr_vmm_hcall(vmm, 0, H_RANDOM, args), H_FUNCTION);
	assert_int_equal(papr_vmm_device_add(vmm, rng, 1, &error), -EINVAL);
	papr_error_clear(&error);
	assert_int_equal(papr_vmm_device_add(vmm, rng, 2, &error), 0);
	assert_int_equal(papr_vmm_device_add(vmm, rng, 2, &error), -EEXIST);
	papr_error_clear(&error);
	assert_int_equal(papr_vmm_reset(vmm), 0);
	assert_int_equal(papr_vmm_hcall(vmm, 0, H_RANDOM, args), H_SUCCESS);
	assert_true(args[0] == UINT64_C(0x5a5a5a5a5a5a5a5a));
	assert_true(fdt_path_offset(tree(), "/ibm,platform-facilities/ibm,random-v1") >
		    0);
	papr_vmm_free(vmm);
}

static void terminal_input(void **state)
{
	char text[17];

	(void)state;
	create(&power9, NULL);
	assert_int_equal(papr_vmm_console_input(vmm, 0, "abc", 3), 3);
	assert_int_equal(papr_vmm_console_input(vmm, 0, "defghijklmnopq", 14), 14);
	assert_string_equal(host.notes, "irq1100 irq1100 ");
	assert_int_equal(get(0x71000000, text), 16);
	assert_string_equal(text, "abcdefghijklmnop");
	assert_int_equal(get(0, text), 1); /* the default terminal is the same one */
	assert_string_equal(text, "q");
	assert_string_equal(host.notes, "irq1100 irq1100 read0 read0 ");
	assert_int_equal(get(0, text), 0);
	assert_string_equal(text, "");

	/* The queue is limited, and a reset empties it. */
	for (int i = 0; i < 64; i++)
		assert_int_equal(papr_vmm_console_input(vmm, 0, "0123456789abcdef", 16),
				 16);
	assert_int_equal(papr_vmm_console_input(vmm, 0, "x", 1), 0);
	assert_int_equal(get(0, text), 16);
	assert_int_equal(papr_vmm_console_input(vmm, 0, "0123456789abcdef+", 17), 16);
	assert_int_equal(papr_vmm_reset(vmm), 0);
	assert_int_equal(get(0, text), 0);

	/* Terminals that do not exist */
	assert_int_equal(papr_vmm_console_input(vmm, 1, "x", 1), 0);
	assert_int_equal(papr_vmm_console_input(vmm, 16, "x", 1), 0);
	assert_int_equal(papr_vmm_console_input(vmm, UINT32_MAX, "x", 1), 0);
	papr_vmm_free(vmm);
}

static void more_terminals(void **state)
{
	uint64_t args[PAPR_HCALL_ARGS] = { 0x71000002, 2,
					   (uint64_t)'h' << 56 | (uint64_t)'i' << 48 };
	struct papr_config config = power9;
	struct papr_error error = { PAPR_ERROR_GENERIC, NULL };
	const void *fdt;
	char text[17];

	(void)state;
	config.more_vtys = 2;
	create(&config, NULL);
	fdt = tree();
	assert_true(fdt_path_offset(fdt, "/vdevice/vty@71000000") > 0);
	assert_true(fdt_path_offset(fdt, "/vdevice/vty@71000001") > 0);
	assert_true(fdt_path_offset(fdt, "/vdevice/vty@71000002") > 0);
	assert_true(fdt_path_offset(fdt, "/vdevice/nvram@71000003") > 0);
	assert_true(fdt_path_offset(fdt, "/vdevice/vty@71000004") < 0);

	assert_int_equal(papr_vmm_hcall(vmm, 0, H_PUT_TERM_CHAR, args), H_SUCCESS);
	assert_string_equal(host.terminal, "2:hi");
	args[0] = 0x71000003; /* NVRAM */
	assert_int_equal(papr_vmm_hcall(vmm, 0, H_PUT_TERM_CHAR, args), H_PARAMETER);
	args[0] = 0x71000004;
	assert_int_equal(papr_vmm_hcall(vmm, 0, H_PUT_TERM_CHAR, args), H_PARAMETER);

	assert_int_equal(papr_vmm_console_input(vmm, 1, "one", 3), 3);
	assert_int_equal(papr_vmm_console_input(vmm, 2, "two", 3), 3);
	assert_string_equal(host.notes, "irq1101 irq1102 ");
	assert_int_equal(get(0x71000001, text), 3);
	assert_string_equal(text, "one");
	assert_int_equal(get(0x71000002, text), 3);
	assert_string_equal(text, "two");
	assert_int_equal(get(0x71000000, text), 0);
	papr_vmm_free(vmm);

	config.more_vtys = 16;
	assert_int_equal(create_with(&config, NULL, &error), -EINVAL);
	assert_string_equal(error.text, "more than 16 terminals are not supported");
	papr_error_clear(&error);
}

static int add_vty(const char *reg, struct papr_error *error)
{
	const struct papr_option options[] = { { "driver", "spapr-vty" },
					       { "chardev", "c" },
					       { "reg", reg } };

	return papr_vmm_device_add(vmm, options, reg ? 3 : 2, error);
}

static void refuse_vty(const char *reg, const char *text)
{
	struct papr_error error = { PAPR_ERROR_GENERIC, NULL };

	assert_true(add_vty(reg, &error) < 0);
	assert_string_equal(error.text, text);
	papr_error_clear(&error);
}

static const char *stdout_path(void)
{
	const void *fdt = tree();

	return fdt_getprop(fdt, fdt_path_offset(fdt, "/chosen"), "linux,stdout-path",
			   NULL);
}

static void terminals_with_addresses(void **state)
{
	uint64_t args[PAPR_HCALL_ARGS] = { 0x30001000, 1, (uint64_t)'x' << 56 };
	struct papr_config config = power9;
	char text[17];

	(void)state;
	config.no_vty = true;
	assert_int_equal(create_with(&config, NULL, NULL), 0);
	assert_int_equal(papr_vmm_console_input(vmm, 0, "x", 1), 0);
	assert_int_equal(add_vty(NULL, NULL), 0); /* after the NVRAM */
	assert_int_equal(add_vty("0x30001000", NULL), 0);
	assert_int_equal(add_vty("0x71000002", NULL), 0);
	assert_int_equal(add_vty("4294967295", NULL), 0); /* the default */
	refuse_vty("0x30001000",
		   "spapr-vty and spapr-vty devices conflict at address 0x30001000");
	refuse_vty("0x71000000",
		   "spapr-vty and spapr-nvram devices conflict at address 0x71000000");
	refuse_vty("0x72000000", "IRQ 4352 is not free");
	refuse_vty("0xfff", "IRQ 4352 is not free");
	refuse_vty("0x30011000", "IRQ 4593 is not free");
	refuse_vty("-1", "Parameter 'reg' expects uint32_t");
	refuse_vty("x", "Parameter 'reg' expects integer");
	assert_int_equal(papr_vmm_reset(vmm), 0);
	refuse_vty("0x30002000", "Bus 'spapr-vio' does not support hotplugging");

	assert_string_equal(stdout_path(), "/vdevice/vty@30001000");
	assert_true(fdt_path_offset(tree(), "/vdevice/vty@71000003") > 0);
	assert_int_equal(papr_vmm_hcall(vmm, 0, H_PUT_TERM_CHAR, args), H_SUCCESS);
	assert_string_equal(host.terminal, "1:x");
	args[0] = 0; /* the default terminal */
	assert_int_equal(papr_vmm_hcall(vmm, 0, H_PUT_TERM_CHAR, args), H_SUCCESS);
	assert_string_equal(host.terminal, "1:x1:x");
	args[0] = 0x71000004;
	assert_int_equal(papr_vmm_hcall(vmm, 0, H_PUT_TERM_CHAR, args), H_PARAMETER);

	for (unsigned int i = 1; i < 4; i++)
		assert_int_equal(papr_vmm_console_input(vmm, i, "0123", i), i);
	assert_int_equal(papr_vmm_console_input(vmm, 4, "0123", 4), 0);
	assert_string_equal(host.notes, "irq11f1 irq1102 irq1103 ");
	assert_int_equal(get(0, text), 1);
	assert_int_equal(get(0x71000002, text), 2);
	assert_int_equal(get(0x71000003, text), 3);
	papr_vmm_free(vmm);
}

/* ---- Adapters ------------------------------------------------------------------------ */

static int add_vio(const char *driver, const char *reg, const char *mac)
{
	const struct papr_option options[] = { { "driver", driver },
					       { "reg", reg },
					       { "mac", mac } };

	return papr_vmm_device_add(vmm, options, mac ? 3 : 2, NULL);
}

/* Make a hypercall with the unit address and up to three more arguments. */
static int64_t call(uint64_t nr, uint64_t unit, uint64_t a, uint64_t b, uint64_t c)
{
	uint64_t args[PAPR_HCALL_ARGS] = { unit, a, b, c };

	return papr_vmm_hcall(vmm, 0, nr, args);
}

enum { VSCSI = 0x2000, VLAN = 0x3000 };

static void create_vio(void)
{
	assert_int_equal(create_with(&power9, NULL, NULL), 0);
	assert_int_equal(add_vio("spapr-vscsi", "0x2000", NULL), 0);
	assert_int_equal(add_vio("spapr-vlan", "0x3000", NULL), 0);
	assert_int_equal(add_vio("spapr-vlan", "0x4000", "00:11:22:33:44:5f"), 0);
	assert_int_equal(papr_vmm_reset(vmm), 0);
}

/* The library has no queues, so a guest is offered them only if the embedder has. */
static void queues(void **state)
{
	static const uint64_t calls[] = { H_REG_CRQ, H_FREE_CRQ, H_VIO_SIGNAL,
					  H_SEND_CRQ };
	struct papr_answers embedder = { .size = sizeof(embedder),
					 .interrupts = PAPR_XICS,
					 .mmu = PAPR_RADIX };

	(void)state;
	create_vio();
	for (size_t i = 0; i < COUNT(calls); i++)
		assert_int_equal(call(calls[i], VSCSI, 0, 0x1000, 0), H_FUNCTION);
	papr_vmm_free(vmm);

	embedder.hcalls = calls;
	embedder.n_hcalls = COUNT(calls) - 1;
	create(&power9, &embedder);
	assert_null(strstr(announced(), "hcall-vio"));
	papr_vmm_free(vmm);
	embedder.n_hcalls++;
	create(&power9, &embedder);
	assert_non_null(strstr(announced(), "hcall-vio"));
	papr_vmm_free(vmm);
}

static const uint8_t *mac_of(const char *path, int *len)
{
	const void *fdt = tree();

	return fdt_getprop(fdt, fdt_path_offset(fdt, path), "local-mac-address", len);
}

static const uint8_t first_mac[6] = { 0x52, 0x54, 0, 0x12, 0x34, 0x56 };

static void networks(void **state)
{
	static const uint8_t given[8] = { 0, 0, 0, 0x11, 0x22, 0x33, 0x44, 0x5f };
	int len;

	(void)state;
	create_vio();
	assert_memory_equal(mac_of("/vdevice/l-lan@3000", &len), first_mac, 6);
	assert_int_equal(len, 6);
	assert_memory_equal(mac_of("/vdevice/l-lan@4000", &len), given, 8);
	assert_int_equal(len, 8);
	papr_vmm_free(vmm);
}

/* A state is for a machine whose adapters have the same addresses. */
static void saved_adapters(void **state)
{
	void *saved, *again;
	size_t bytes, more;

	(void)state;
	create_vio();
	assert_int_equal(papr_vmm_save(vmm, &saved, &bytes), 0);
	papr_vmm_free(vmm);

	create_vio();
	assert_int_equal(papr_vmm_load(vmm, saved, bytes, NULL), 0);
	assert_int_equal(papr_vmm_save(vmm, &again, &more), 0);
	assert_int_equal(more, bytes);
	assert_memory_equal(again, saved, bytes);
	free(again);
	papr_vmm_free(vmm);

	/* Another address is another machine. */
	assert_int_equal(create_with(&power9, NULL, NULL), 0);
	assert_int_equal(add_vio("spapr-vscsi", "0x6000", NULL), 0);
	assert_int_equal(add_vio("spapr-vlan", "0x3000", NULL), 0);
	assert_int_equal(add_vio("spapr-vlan", "0x4000", NULL), 0);
	assert_int_equal(papr_vmm_reset(vmm), 0);
	assert_int_equal(papr_vmm_load(vmm, saved, bytes, NULL), -ENODEV);
	papr_vmm_free(vmm);
	free(saved);
}

/* ---- Images -------------------------------------------------------------------------- */

/* Without a copy, a reset loads what the caller's memory contains then. */
static void images_that_stay(void **state)
{
	static char kernel[] = "kernel";
	struct papr_config config = power9;

	(void)state;
	config.kernel = kernel;
	config.kernel_bytes = sizeof(kernel);
	for (int stays = 0; stays < 2; stays++) {
		kernel[0] = 'k';
		config.images_stay = stays;
		assert_int_equal(create_with(&config, NULL, NULL), 0);
		kernel[0] = 'K';
		assert_int_equal(papr_vmm_reset(vmm), 0);
		assert_int_equal(host.memory[KERNEL], stays ? 'K' : 'k');
		papr_vmm_free(vmm);
		assert_string_equal(kernel, "Kernel");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_by_default),
		cmocka_unit_test(only_what_is_answered),
		cmocka_unit_test(impossible_answers),
		cmocka_unit_test(offer_follows),
		cmocka_unit_test(random_numbers),
		cmocka_unit_test(terminal_input),
		cmocka_unit_test(more_terminals),
		cmocka_unit_test(terminals_with_addresses),
		cmocka_unit_test(queues),
		cmocka_unit_test(networks),
		cmocka_unit_test(saved_adapters),
		cmocka_unit_test(images_that_stay),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
