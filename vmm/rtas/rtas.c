// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The dispatcher: from a guest's argument block, from two places in its memory, or from
 * an embedder's structure, to a handler and back.
 *
 * Source:  PAPR+ 7.2.7 (argument block); hypercall 0xf000 as QEMU 7.2, but output cells
 *          that the guest did not request are not written
 */
#include <errno.h>
#include <string.h>

#include "vmm/base/guest_memory.h"
#include "vmm/base/hcall.h"
#include "vmm/base/machine.h"
#include "vmm/base/rtas_frame.h"
#include "vmm/rtas/rtas.h"
#include "vmm/tree/fdt_out.h"
#include "wire/cursor.h"
#include "wire/fdt_frag.h"
#include "wire/rtas_args.h"

/* Old firmware uses this token for display-character. */
enum { TOKEN_OLD_DISPLAY_CHARACTER = 0x0a, TOKEN_DISPLAY_CHARACTER = 0x2000 };

enum {
	FIRST_TOKEN = 0x2000,
	LAST_TOKEN = 0x2050,
};

/* Return the next table of this machine from here on, or NULL. */
static const struct rtas_table *table_next(const struct papr_vmm *vmm,
					   const struct rtas_table *table)
{
	while (table->calls && table->is_there && !table->is_there(vmm))
		table++;
	return table->calls ? table : NULL;
}

const struct rtas_handler *rtas_by_token(const struct papr_vmm *vmm, uint32_t token)
{
	const struct rtas_table *t = machine_of(vmm)->hooks->rtas_tables;

	if (token == TOKEN_OLD_DISPLAY_CHARACTER)
		token = TOKEN_DISPLAY_CHARACTER;
	while ((t = table_next(vmm, t)) != NULL) {
		for (const struct rtas_handler *h = t->calls; h->name; h++)
			if (h->token == token)
				return h;
		t++;
	}
	return NULL;
}

const struct rtas_handler *rtas_by_name(const struct papr_vmm *vmm, const char *name)
{
	const struct rtas_table *t = machine_of(vmm)->hooks->rtas_tables;

	while ((t = table_next(vmm, t)) != NULL) {
		for (const struct rtas_handler *h = t->calls; h->name; h++)
			if (!strcmp(h->name, name))
				return h;
		t++;
	}
	return NULL;
}

uint32_t papr_vmm_rtas_token(const struct papr_vmm *vmm, const char *name)
{
	MACHINE_GUARD(vmm);
	const struct rtas_handler *h = rtas_by_name(vmm, name);

	return h ? h->token : 0;
}

void rtas_put_tokens(const struct papr_vmm *vmm, struct fdt_out *out)
{
	/* QEMU's tree has the highest token first. */
	for (uint32_t token = LAST_TOKEN; token >= FIRST_TOKEN; token--) {
		const struct rtas_handler *h = rtas_by_token(vmm, token);

		if (h)
			fdt_out_u32(out, h->name, h->token);
	}
}

static bool count_is_ok(uint32_t n, uint8_t wanted, uint8_t alternative)
{
	return wanted == RTAS_ANY || n == wanted || (alternative && n == alternative);
}

static bool counts_are_ok(const struct rtas_handler *h, const struct rtas_frame *f)
{
	return count_is_ok(f->nargs, h->nargs, h->nargs_alt) &&
	       count_is_ok(f->nret, h->nret, h->nret_alt);
}

static void answer_fault(struct papr_vmm *vmm, const struct rtas_handler *h,
			 struct rtas_frame *f, const struct papr_fault *fault)
{
	if (fault->area_bytes && f->nargs)
		guest_write(vmm, f->args[0], fault->area, fault->area_bytes);
	rtas_status(f, (int32_t)fault->status);
	for (unsigned int i = 0; i < fault->n_rets; i++)
		rtas_out(f, 1 + i, fault->rets[i]);
	for (unsigned int w = 0; w < h->number.words; w++)
		if (!fault->n_rets && rtas_status_is_busy((int32_t)fault->status))
			rtas_out(f, h->number.out + w, rtas_in(f, h->number.in + w));
}

static void trace(const struct papr_vmm *vmm, const struct rtas_handler *h,
		  const struct rtas_frame *f, bool injected)
{
	uint64_t args[PAPR_RTAS_CELLS], rets[PAPR_RTAS_CELLS];
	struct papr_call call = { .size = sizeof(call),
				  .name = h->name,
				  .n_args = f->nargs,
				  .args = args,
				  .n_rets = f->nret,
				  .rets = rets,
				  .injected = injected };

	if (!machine_of(vmm)->faults.trace)
		return;

	for (uint32_t i = 0; i < f->nargs; i++)
		args[i] = f->args[i];
	for (uint32_t i = 0; i < f->nret; i++)
		rets[i] = f->rets[i];
	if (f->nret) /* the status is the only signed word */
		rets[0] = (uint64_t)(int64_t)(int32_t)f->rets[0];
	trace_tell(vmm, &call);
}

void rtas_run(struct papr_vmm *vmm, const struct rtas_handler *h, struct rtas_frame *f)
{
	const struct papr_fault *fault = NULL;

	if (!counts_are_ok(h, f)) {
		rtas_status(f, h->bad_count);
	} else {
		fault = fault_take(vmm, h->name);
		if (fault)
			answer_fault(vmm, h, f, fault);
		else
			h->fn(vmm, f);
	}
	trace(vmm, h, f, fault);
}

int papr_vmm_rtas(struct papr_vmm *vmm, uint32_t cpu, struct papr_rtas *call)
{
	MACHINE_GUARD(vmm);
	const struct rtas_handler *h = rtas_by_token(vmm, call->token);
	struct rtas_frame f = { .nargs = call->nargs, .nret = call->nret };

	machine_of(vmm)->caller = cpu;
	if (!h || call->size < sizeof(*call) || call->nargs > PAPR_RTAS_CELLS ||
	    call->nret > PAPR_RTAS_CELLS || call->nargs + call->nret > PAPR_RTAS_CELLS)
		return -EINVAL;

	memcpy(f.args, call->args, sizeof(f.args));
	memcpy(f.rets, call->rets, sizeof(f.rets));
	rtas_run(vmm, h, &f);
	memcpy(call->rets, f.rets, sizeof(f.rets));
	return 0;
}

/* Addresses of a call's cells in guest memory. */
struct places {
	uint64_t args, rets;
};

static int read_cells(const struct papr_vmm *vmm, uint64_t addr, uint32_t *cells,
		      uint32_t n)
{
	uint8_t image[4 * PAPR_RTAS_CELLS];
	struct cursor c = cursor_of(image, sizeof(image));
	int err = guest_read(vmm, addr, image, 4 * (size_t)n);

	for (uint32_t i = 0; !err && i < n; i++)
		cells[i] = cursor_be32(&c);
	return err;
}

static void write_written(const struct papr_vmm *vmm, uint64_t addr,
			  const struct rtas_frame *f)
{
	for (uint32_t i = 0; i < f->nret; i++)
		if (f->written & 1u << i)
			guest_write_be32(vmm, addr + 4 * (uint64_t)i, f->rets[i]);
}

static int64_t run_at(struct papr_vmm *vmm, const struct rtas_handler *h, uint32_t nargs,
		      uint32_t nret, const struct places *at)
{
	struct rtas_frame f = { .nargs = nargs, .nret = nret };
	uint32_t before[PAPR_RTAS_CELLS];

	/* No call has that many cells: reject the guest's wrong count. */
	if (nargs > PAPR_RTAS_CELLS || nret > PAPR_RTAS_CELLS) {
		if (nret)
			guest_write_be32(vmm, at->rets, (uint32_t)RTAS_PARAMETER_ERROR);
		return H_SUCCESS;
	}

	/* Check all cells first, so that no call runs whose answer cannot be written. */
	if (read_cells(vmm, at->args, f.args, nargs) ||
	    read_cells(vmm, at->rets, before, nret))
		return H_PARAMETER;

	rtas_run(vmm, h, &f);
	write_written(vmm, at->rets, &f);
	return H_SUCCESS;
}

int64_t papr_vmm_rtas_at(struct papr_vmm *vmm, uint32_t cpu, const char *name,
			 uint32_t nargs, uint64_t args_addr, uint32_t nret,
			 uint64_t rets_addr)
{
	MACHINE_GUARD(vmm);
	const struct rtas_handler *h = rtas_by_name(vmm, name);
	const struct places at = { GUEST_REAL(args_addr), GUEST_REAL(rets_addr) };

	machine_of(vmm)->caller = cpu;
	return h ? run_at(vmm, h, nargs, nret, &at) : H_PARAMETER;
}

int64_t rtas_block(struct papr_vmm *vmm, uint64_t addr)
{
	enum { TOKEN, NARGS, NRET, HEAD };
	const struct rtas_handler *h;
	uint32_t head[HEAD];
	struct places at;

	addr = GUEST_REAL(addr);
	if (read_cells(vmm, addr, head, HEAD))
		return H_PARAMETER;

	at.args = addr + RTAS_HEAD_BYTES;
	at.rets = at.args + 4 * (uint64_t)head[NARGS];
	h = rtas_by_token(vmm, head[TOKEN]);
	if (h)
		return run_at(vmm, h, head[NARGS], head[NRET], &at);

	if (head[NRET])
		guest_write_be32(vmm, at.rets, (uint32_t)RTAS_PARAMETER_ERROR);
	return H_PARAMETER;
}
