// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Error injection. One user at a time opens the facility, and passes the token that it
 * received with each error. Errors are only logged; nothing breaks.
 *
 * Source:  PAPR+ 7.3.10 (calls; "ibm,errinjct-tokens")
 */
#include <stdlib.h>

#include "vmm/base/guest_memory.h"
#include "vmm/base/machine.h"
#include "vmm/base/rtas_frame.h"
#include "vmm/powervm/powervm.h"
#include "vmm/tree/fdt_out.h"
#include "wire/builder.h"
#include "wire/rtas_args.h"

/* Status: already open, not open, or open with another token. */
enum { ERRINJCT_CALL_ERROR = -4, ERRINJCT_BYTES = 1024 };

static const struct {
	uint32_t token;
	const char *name;
} errors[] = {
	{ 1, "fatal" },
	{ 2, "recovered-random-event" },
	{ 3, "recovered-special-event" },
	{ 4, "corrupted-page" },
	{ 5, "corrupted-slb" },
	{ 6, "translator-failure" },
	{ 7, "ioa-bus-error" },
	{ 8, "platform-specific" },
	{ 9, "corrupted-dcache-start" },
	{ 10, "corrupted-dcache-end" },
	{ 11, "corrupted-icache-start" },
	{ 12, "corrupted-icache-end" },
	{ 13, "corrupted-tlb-start" },
	{ 14, "corrupted-tlb-end" },
	{ 15, "ioa-bus-error-64" },
};

enum { ERRORS = sizeof(errors) / sizeof(errors[0]) };

/* Write the name and the number of each error. */
static void put_tokens(struct builder *b)
{
	for (int i = 0; i < ERRORS; i++) {
		builder_str(b, errors[i].name);
		builder_be32(b, errors[i].token);
	}
}

void powervm_put_props(struct fdt_out *out)
{
	uint8_t tokens[512];
	struct builder b = builder_of(tokens, sizeof(tokens));

	put_tokens(&b);
	fdt_out_prop(out, "ibm,errinjct-tokens", tokens, b.len);
}

/* -> token, status. Only this call has the status second. */
void rtas_open_errinjct(struct papr_vmm *vmm, struct rtas_frame *f)
{
	struct powervm *p = powervm_of(vmm);

	if (p->errinjct) {
		rtas_out(f, 0, 0);
		rtas_out(f, 1, (uint32_t)ERRINJCT_CALL_ERROR);
		return;
	}
	p->last_errinjct = p->last_errinjct >= INT32_MAX ? 1 : p->last_errinjct + 1;
	p->errinjct = p->last_errinjct;
	rtas_out(f, 0, p->errinjct);
	rtas_out(f, 1, RTAS_SUCCESS);
}

static bool is_open_with(const struct papr_vmm *vmm, uint32_t token)
{
	return token && powervm_of(vmm)->errinjct == token;
}

static const char *error_of(uint32_t token)
{
	for (int i = 0; i < ERRORS; i++)
		if (errors[i].token == token)
			return errors[i].name;
	return NULL;
}

/* error, token, work area -> status */
void rtas_errinjct(struct papr_vmm *vmm, struct rtas_frame *f)
{
	const char *error = error_of(rtas_in(f, 0));
	uint8_t area[ERRINJCT_BYTES];

	if (!is_open_with(vmm, rtas_in(f, 1))) {
		rtas_status(f, ERRINJCT_CALL_ERROR);
	} else if (!error || guest_read(vmm, rtas_in(f, 2), area, sizeof(area))) {
		rtas_status(f, RTAS_PARAMETER_ERROR);
	} else {
		machine_log(vmm, "error injected: %s", error);
		rtas_status(f, RTAS_SUCCESS);
	}
}

/* token -> status */
void rtas_close_errinjct(struct papr_vmm *vmm, struct rtas_frame *f)
{
	bool ok = is_open_with(vmm, rtas_in(f, 0));

	if (ok)
		powervm_of(vmm)->errinjct = 0;
	rtas_status(f, ok ? RTAS_SUCCESS : ERRINJCT_CALL_ERROR);
}
