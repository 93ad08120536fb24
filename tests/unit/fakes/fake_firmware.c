// SPDX-License-Identifier: GPL-2.0-or-later
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "libdrmgr/core/journal.h"
#include "tests/unit/fakes/fake_parts.h"

enum { AREA_ADDRESS = 0x10000 };

/* Return true if this call must fail. */
bool fake_note(struct fake *f, uint32_t index, const char *fmt, ...)
{
	char word[64], full[96];
	size_t used = strlen(f->trace);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(word, sizeof(word), fmt, ap);
	va_end(ap);
	if (index && f->first && index != f->first)
		snprintf(full, sizeof(full), "%s@%x", word, index);
	else
		snprintf(full, sizeof(full), "%s", word);

	snprintf(f->trace + used, sizeof(f->trace) - used, "%s%s", used ? " " : "", full);
	if (!f->fail_word || strcmp(f->fail_word, full) != 0 || f->fail_nth--)
		return false;
	f->is_late = f->fail_late;
	return !f->is_late;
}

static void note_walk(struct fake *f, uint32_t index)
{
	size_t used = strlen(f->trace);
	char full[32];

	if (index != f->first)
		snprintf(full, sizeof(full), "CC@%x", index);
	else
		snprintf(full, sizeof(full), "CC");
	if (used >= strlen(full) && !strcmp(f->trace + used - strlen(full), full))
		return; /* the same configuration */
	snprintf(f->trace + used, sizeof(f->trace) - used, "%s%s", used ? " " : "", full);
}

struct fake_drc *fake_by_index(struct fake *f, uint32_t index)
{
	for (size_t i = 0; i < f->n; i++)
		if (f->drc[i].index == index)
			return &f->drc[i];
	return NULL;
}

struct fake_drc *fake_drc(struct fake *f, const char *name)
{
	for (size_t i = 0; i < f->n; i++)
		if (!strcmp(f->drc[i].name, name))
			return &f->drc[i];
	fail_msg("no connector %s", name);
	return NULL;
}

/* Firmware offers all unowned connectors. Only the allocation shows whether one
 * exists. */
static int32_t allocate(struct fake_drc *d, bool yes)
{
	if (!d->is_logical || !d->is_present || (!yes && d->state != FAKE_POWERON))
		return -3;
	d->is_allocated = yes;
	return 0;
}

static int32_t isolate(const struct fake *f, struct fake_drc *d)
{
	if (d->state == FAKE_UNISOLATE)
		return -3;
	if (f->never_isolates && d->is_logical)
		return -9001;
	d->state = FAKE_POWERON;
	if (f->goes_when_isolated)
		d->is_present = false;
	return 0;
}

static int32_t unisolate(struct fake_drc *d)
{
	if (!d->is_present || d->is_allocated != d->is_logical)
		return -3;
	if (d->state == FAKE_POWERON) {
		d->state = FAKE_UNISOLATE;
		fdt_walk_begin(&d->walk, d->frag.fdt, fdt_frag_top(&d->frag));
	}
	return 0;
}

static int32_t set_indicator(struct fake *f, const struct rtas_args *args)
{
	struct fake_drc *d = fake_by_index(f, args->in[1]);

	if (fake_note(f, args->in[1], "I%u=%u", args->in[0], args->in[2]))
		return f->fail_with;
	if (!d)
		return -3;
	if (args->in[0] == 9002) {
		d->led = (int)args->in[2];
		return 0;
	}
	if (args->in[0] == 9003)
		return allocate(d, args->in[2]);
	if (args->in[0] != 9001)
		return -3;
	return args->in[2] ? unisolate(d) : isolate(f, d);
}

static int32_t get_sensor(struct fake *f, struct rtas_args *args)
{
	struct fake_drc *d = fake_by_index(f, args->in[1]);
	int sense = d ? d->is_present : -3;

	if (d && d->is_logical)
		sense = d->is_allocated ? 1 : 2;

	if (d && d->n_sense) {
		sense = d->sense_script[0];
		memmove(d->sense_script, d->sense_script + 1,
			sizeof(d->sense_script) - sizeof(d->sense_script[0]));
		d->n_sense--;
	}
	if (fake_note(f, args->in[1], "S=%d", sense))
		return f->fail_with;
	args->out[1] = sense < 0 ? 0 : (uint32_t)sense;
	return sense < 0 ? sense : 0;
}

/* Here, each connector has its own power domain, with its own number. */
static int32_t set_power(struct fake *f, struct rtas_args *args)
{
	struct fake_drc *d = fake_by_index(f, args->in[0]);

	if (fake_note(f, args->in[0], "P%u", args->in[1]))
		return f->fail_with;
	if (!d)
		return -3;
	d->power = (int)args->in[1];
	args->out[1] = args->in[1];
	return 0;
}

static int32_t configure_connector(struct fake *f, const struct rtas_args *args)
{
	uint8_t *area = f->area + (args->in[0] - AREA_ADDRESS);
	struct fake_drc *d = fake_by_index(f, workarea_index(area));
	struct fdt_walk before;
	struct cc_item item;

	if (d)
		note_walk(f, d->index);
	if (f->cc_calls++ == f->fail_cc_nth)
		return f->fail_with;
	if (!d)
		return -3;
	if (d->state == FAKE_POWERON)
		return -9003;

	before = d->walk;
	assert_int_equal(fdt_walk_next(&d->walk, &item), 0);
	if (f->extent_wanted_for && item.name &&
	    !strcmp(item.name, f->extent_wanted_for) && !f->got_extent) {
		if (!args->in[1]) {
			d->walk = before;
			return CC_MORE_MEMORY;
		}
		f->got_extent = true;
	}
	assert_int_equal(workarea_encode(area, CC_PAGE_BYTES, &item), 0);
	if (item.status == CC_COMPLETE)
		d->state = FAKE_CONFIGURED;
	return item.status;
}

/* Called before and after each change of the machine. */
void fake_moment(struct fake *f)
{
	if (f->kill_at && !--f->kill_at)
		kill(getpid(), SIGKILL);
}

void fake_forget_process(struct fake *f)
{
	f->areas = 0;
	f->kill_at = 0;
	f->dr.journal = NULL;
}

bool fake_run_until_killed(struct fake *f, int moment,
			   int (*run)(struct fake *f, const void *arg), const void *arg)
{
	static char name[] = "drmgr", word[] = "-c";
	static char *const argv[] = { name, word, NULL };
	pid_t pid = fork();
	int status;

	assert_true(pid >= 0);
	if (!pid) {
		struct journal journal;

		journal_init(&journal, &f->root, 2, argv);
		f->dr.journal = &journal;
		f->kill_at = moment;
		_exit(run(f, arg) ? 1 : 0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	fake_forget_process(f);
	if (WIFSIGNALED(status))
		return true;
	assert_int_equal(status, 0);
	return false;
}

static int answer(struct fake *f, struct rtas_args *args)
{
	switch (args->token) {
	case 1:
		args->out[0] = (uint32_t)set_indicator(f, args);
		return 0;
	case 2:
		args->out[0] = (uint32_t)get_sensor(f, args);
		return 0;
	case 3:
		args->out[0] = (uint32_t)set_power(f, args);
		return 0;
	case 4:
		args->out[0] = (uint32_t)configure_connector(f, args);
		return 0;
	}
	return f->firmware ? f->firmware(f, args) : -EINVAL;
}

static int call(void *priv, struct rtas_args *args)
{
	struct fake *f = priv;
	int err;

	fake_moment(f);
	err = answer(f, args);
	fake_moment(f);
	return err;
}

static int rmo_get(void *priv, size_t pages, const struct deadline *dl,
		   struct rmo_area *area)
{
	struct fake *f = priv;

	(void)dl;
	area->va = calloc(pages, RMO_PAGE_BYTES);
	if (!area->va)
		return -ENOMEM;
	area->pa = AREA_ADDRESS;
	area->pages = pages;
	f->area = area->va;
	f->areas++;
	return 0;
}

static int rmo_put(void *priv, const struct rmo_area *area)
{
	struct fake *f = priv;

	free(area->va);
	f->areas--;
	return 0;
}

struct rtas_transport fake_firmware(struct fake *f)
{
	return (struct rtas_transport){
		.call = call, .rmo_get = rmo_get, .rmo_put = rmo_put, .priv = f
	};
}
