// SPDX-License-Identifier: LGPL-2.1-or-later
/* State of x-powervm=on: indicators, dumps, times. Sequences in progress start again:
 * their numbers count as issued, and are answered "start over". */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "vmm/powervm/powervm.h"
#include "vmm/state/state.h"

struct powervm_loaded {
	struct powervm powervm;
	bool restart_policy; /* a system parameter that only PowerVM has */
};

static void save_dump(const struct dump *dump, struct builder *b)
{
	builder_u8(b, 1); /* another dump follows */
	builder_be64(b, dump->tag);
	builder_be64(b, dump->expected);
	builder_be32(b, (uint32_t)dump->offset);
	builder_u8(b, dump->complete);
	builder_be32(b, (uint32_t)dump->bytes);
	builder_bytes(b, dump->content, dump->bytes);
}

static void save(const struct papr_vmm *vmm, struct builder *b)
{
	const struct powervm *p = powervm_of(vmm);

	builder_be32(b, p->last_number);
	builder_be32(b, p->errinjct);
	builder_be32(b, p->last_errinjct);
	builder_u8(b, (uint8_t)p->activation);
	builder_u8(b, rtas_of(vmm)->restart_policy);
	for (int i = 0; i < 7; i++)
		builder_be32(b, p->power_on[i]);
	for (const struct dump *dump = p->dumps; dump; dump = dump->next)
		save_dump(dump, b);
	builder_u8(b, 0);
	for (const struct led *led = p->leds; led; led = led->next) {
		builder_u8(b, (uint8_t)(led->on[0] | led->on[1] << 1));
		builder_str(b, led->location);
	}
}

static void discard(void *loaded)
{
	struct powervm_loaded *l = loaded;

	powervm_free(&l->powervm);
	free(l);
}

static int load_dump(struct cursor *c, struct dump ***end)
{
	uint64_t tag = cursor_be64(c), expected = cursor_be64(c);
	size_t offset = cursor_be32(c), bytes;
	bool complete = state_bool(c);
	const uint8_t *content;
	struct dump *dump;

	bytes = cursor_be32(c);
	content = cursor_bytes(c, bytes);
	if (!content || bytes > POWERVM_DUMP_BYTES || offset > bytes ||
	    (complete && offset != bytes))
		return -EBADMSG;
	dump = calloc(1, sizeof(*dump) + bytes);
	if (!dump)
		return -ENOMEM;
	*dump = (struct dump){ .tag = tag,
			       .expected = expected,
			       .offset = offset,
			       .complete = complete,
			       .bytes = bytes };
	memcpy(dump->content, content, bytes);
	**end = dump;
	*end = &dump->next;
	return 0;
}

static bool has_tag_twice(const struct dump *dumps)
{
	for (; dumps; dumps = dumps->next)
		for (const struct dump *d = dumps->next; d; d = d->next)
			if (d->tag == dumps->tag)
				return true;
	return false;
}

static int load_dumps(struct cursor *c, struct powervm *p)
{
	struct dump **end = &p->dumps;
	int err = 0, n = 0;

	while (!err && state_bool(c))
		err = ++n > POWERVM_DUMPS ? -EBADMSG : load_dump(c, &end);
	return err ? err : has_tag_twice(p->dumps) ? -EBADMSG : 0;
}

static int load_led(struct cursor *c, struct led ***end)
{
	uint8_t on = cursor_u8(c);
	const char *location = cursor_str(c);
	struct led *led;

	if (!location || strlen(location) >= LOCATION_BYTES || !on || on > 3)
		return -EBADMSG;
	led = calloc(1, sizeof(*led));
	if (!led)
		return -ENOMEM;
	snprintf(led->location, sizeof(led->location), "%s", location);
	led->on[0] = on & 1;
	led->on[1] = on >> 1;
	**end = led;
	*end = &led->next;
	return 0;
}

static int load_leds(struct cursor *c, struct powervm *p)
{
	struct led **end = &p->leds;
	int err = 0;

	while (!err && cursor_left(c))
		err = load_led(c, &end);
	return err;
}

static int load(const struct papr_vmm *vmm, struct cursor *c, void **loaded,
		struct papr_error *error)
{
	struct powervm_loaded *l = malloc(sizeof(*l));
	struct powervm *p;
	int err;

	(void)vmm, (void)error;
	if (!l)
		return -ENOMEM;
	p = &l->powervm;
	powervm_init(p);
	p->last_number = cursor_be32(c);
	p->errinjct = cursor_be32(c);
	p->last_errinjct = cursor_be32(c);
	p->activation = cursor_u8(c);
	l->restart_policy = state_bool(c);
	for (int i = 0; i < 7; i++)
		p->power_on[i] = cursor_be32(c);
	err = load_dumps(c, p);
	if (!err)
		err = load_leds(c, p);
	if (!err && (c->err || !p->last_number || p->last_number > INT32_MAX ||
		     p->errinjct > p->last_errinjct || p->last_errinjct > INT32_MAX ||
		     p->activation >= POWERVM_ACTIVATIONS))
		err = -EBADMSG;
	if (err)
		discard(l);
	else
		*loaded = l;
	return err;
}

static void apply(struct papr_vmm *vmm, void *loaded)
{
	struct change *changes = powervm_of(vmm)->changes;
	const struct powervm_loaded *l = loaded;

	powervm_free(powervm_of(vmm));
	*powervm_of(vmm) = l->powervm;
	powervm_of(vmm)->changes = changes;
	rtas_of(vmm)->restart_policy = l->restart_policy;
	free(loaded);
}

const struct state_section state_powervm = {
	.tag = "PVM_", .save = save, .load = load, .apply = apply, .discard = discard
};
