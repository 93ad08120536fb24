// SPDX-License-Identifier: GPL-2.0-or-later
/* runs in: sim; links: $(JSON_LIBS) */
/*
 * outcomes - disturb an operation in each way at each of its steps: its exit status must
 * match the state
 *
 *   outcomes [-amv] [-b COMMAND] [-o PATTERN] [-p PART/PARTS] [-r ROW] [-s STRIDE]
 *            [-w LIMIT] NAME BEFORE COMMAND INVERSE HOME REPAIR [CONNECTOR...]
 *
 * Run it like faults. A case is a name such as "SIGCHLD ignored, write:... #1 fails". It
 * is one of these disturbances, or two of them:
 *
 *   errors       a step fails once, or from then on
 *   hangs        firmware is busy for ever; a write blocks, and returns after drmgr has
 *                ended, with success or failure
 *   odd states   of the process that starts drmgr (odd.c), with each step failing
 *   signals      at each step; also a reader that closes its pipe
 *
 * Then the state is read, and compared with the meaning of the status:
 *
 *   0     the requested state
 *   64    exactly the changes that the JSON document calls done
 *   65    a journal exists, and --recover restores the state before; without space for a
 *         journal, messages list the differences
 *   255   the state before; the same for drmgr's other statuses
 *
 * -a: the command chooses connectors by itself. -m: it changes several, each of which is
 * complete by itself. -b: a command that leads to one more permitted state after a
 * failure. -o: cases whose names match. -p: a part of the cases, 0/2 and 1/2 are all. -r:
 * the row's number. -s: one of STRIDE cases. -w: the time limit of a command with a hang.
 *
 * Prints, on standard error, a line for each wrong case with the differences, and one at
 * the end. Exit status: 0, 1 a case is wrong, 125 the operation does not work at all.
 */
#include <err.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "outcomes.h"

#define RUN_FOLDER "/run/drmgr"

enum { TROUBLE = 125 };

static const struct oddity oddities[] = {
	{ .name = "stdout closed", .odd = "-c 1", .is_mute = true },
	{ .name = "stderr closed", .odd = "-c 2", .is_mute = true },
	{ .name = "descriptors 0 to 2 closed", .odd = "-c 0,1,2", .is_mute = true },
	{ .name = "stdout without a reader", .odd = "-p", .is_mute = true },
	{ .name = "stderr without a reader", .odd = "-P", .is_mute = true },
	{ .name = "SIGCHLD ignored", .odd = "-i CHLD" },
	{ .name = "SIGHUP ignored", .odd = "-i HUP" },
	{ .name = "signals blocked", .odd = "-b all" },
	{ .name = "a timer", .odd = "-b ALRM -t 7" },
	{ .name = "file size limit 0", .odd = "-f 0", .is_mute = true, .is_full = true },
	{ .name = "no room in /run", .run_folder = "size=4k,nr_inodes=1,mode=700" },
	{ .name = "/run is full",
	  .run_folder = "size=4k,nr_inodes=9,mode=700",
	  .is_filled = true },
};

enum { N_ODDITIES = sizeof(oddities) / sizeof(oddities[0]) };

/* ---- One case -------------------------------------------------------------------------- */

static void fill_folder(void)
{
	static const char bytes[4096];
	int fd = open(RUN_FOLDER "/.filler", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	if (fd < 0 || write(fd, bytes, sizeof(bytes)) != sizeof(bytes) || close(fd))
		err(TROUBLE, "%s", RUN_FOLDER);
}

static void cover_run_folder(const struct oddity *odd)
{
	if (!odd || !odd->run_folder)
		return;
	mkdir(RUN_FOLDER, 0700);
	if (mount("none", RUN_FOLDER, "tmpfs", 0, odd->run_folder))
		err(TROUBLE, "%s", RUN_FOLDER);
	if (odd->is_filled)
		fill_folder();
}

static void uncover_run_folder(const struct oddity *odd)
{
	if (odd && odd->run_folder && umount2(RUN_FOLDER, MNT_DETACH))
		err(TROUBLE, "%s", RUN_FOLDER);
}

/* Return the command with drmgr started in the disturbance's way. */
static char *script(const struct outcomes *o, const struct disturbance *d)
{
	static const char folder[] = "/usr/lib/guest/";
	const char *odd = d->oddity ? d->oddity->odd : NULL;
	bool hangs = d->fault && (d->fault->is_hang || d->fault->holds);
	char *text;

	if (asprintf(&text, "drmgr() { %s%s%s %s%s%s %s drmgr%s %s %s \"$@\"; }\n%s",
		     odd ? folder : "", odd ? "odd " : "", odd ? odd : "",
		     d->killat ? folder : "", d->killat ? "killat " : "",
		     d->killat ? d->killat : "", odd || d->killat ? "" : "command",
		     judge_can_read_json(o) ? " --json" : "", hangs ? "-w" : "",
		     hangs ? o->limit : "", o->op.command) < 0)
		err(TROUBLE, "memory");
	return text;
}

/* A number without a pattern, because neighbours are alike. */
static uint32_t scatter(uint32_t n)
{
	n = (n ^ n >> 16) * UINT32_C(0x85ebca6b);
	n = (n ^ n >> 13) * UINT32_C(0xc2b2ae35);
	return n ^ n >> 16;
}

/* Return true if this case is one of the STRIDE and PARTS. */
static bool case_begin(struct outcomes *o)
{
	uint32_t n = scatter(o->seen++ + o->row * 7919);

	return (!o->only || !fnmatch(o->only, o->what, 0)) &&
	       n % (o->stride * o->parts) == o->part;
}

/* Clear the fault, which releases a held write. Return true if the step was reached. */
static bool case_release(struct outcomes *o, const struct disturbance *d, int status)
{
	bool is_reached;

	if (!d->fault)
		return !d->killat || strstr(said(SAID_ERR), "killat: ");
	if (d->fault->holds)
		judge_held(o, d, status);
	is_reached = machine_clear(&o->op.machine, d->fault);
	if (!writers_wait())
		judge_blame(o, status, "a process of drmgr is left", NULL, NULL);
	return is_reached || !d->fault->count;
}

static void summary(const struct outcomes *o);

/* Return drmgr's type for a connector that can be removed and added alone, or NULL. */
static const char *type_of(const char *drc)
{
	switch (drc[2]) {
	case '1':
		return "cpu";
	case '2':
		return "phb";
	case '3':
	case '5':
		return "slot";
	case '4':
		return "pci -n";
	case '8':
		return "mem";
	default:
		return NULL;
	}
}

/* Run a command for a connector: its type and index are $t and $i. */
static void run_for(struct outcomes *o, const char *command, const char *drc)
{
	const char *type = type_of(drc);
	char *text;

	if (!type)
		type = "";
	if (asprintf(&text, "t=\"%s\" i=%s; %s", type, drc, command) < 0)
		err(TROUBLE, "memory");
	run(&o->op.machine, text);
	free(text);
}

/* Firmware releases a connector once it has been configured. */
#define RELEASE                                                     \
	"cd /usr/lib/guest; ./halfwalk $i all; ./halfwalk $i all; " \
	"./rtascall set_indicator 9001 $i 0; ./rtascall set_indicator 9003 $i 0"

/* Remove each connector alone, and add it if it was owned. */
static void restore_connectors(struct outcomes *o, bool all)
{
	char **now = judge_connectors(o);

	for (size_t i = 0; i < o->n_drcs; i++) {
		const char *drc = o->drcs[i];
		bool is_suspect = all || i < (size_t)o->op.n_drcs ||
				  strcmp(now[i], o->before[i]) != 0;

		if (strcmp(now[i], o->before[i]) && strstr(o->before[i], "\"sense\":2"))
			run_for(o, RELEASE, drc);
		if (strcmp(now[i], o->before[i]))
			run_for(o,
				strstr(o->before[i], "\"indicator\":1")
					? "/usr/lib/guest/rtascall set_indicator 9002 $i 1"
					: "/usr/lib/guest/rtascall set_indicator 9002 $i 0",
				drc);
		if (!is_suspect || !type_of(drc))
			continue;
		run_for(o,
			"drmgr -c $t -r -s $i --force || "
			"lsslot -c cpu | grep -q \" ${i#0x} \" || { " RELEASE "; }",
			drc);
		if (strstr(o->before[i], "\"sense\":1"))
			run_for(o, "drmgr -c $t -a -s $i", drc);
	}
	judge_free_connectors(o, now);
}

/* Restore the state before, from any state that a case has left. A wrong state can make
 * the row's own commands fail. */
static void case_end(struct outcomes *o)
{
	const char *const ways[] = { o->op.inverse,	 o->op.repair,	"drmgr --recover",
				     o->op.inverse,	 o->op.command, o->op.inverse,
				     "rm -r /run/drmgr", o->op.command, o->op.inverse,
				     o->op.repair,	 NULL };

	for (const char *const *way = ways; *way; way++) {
		if (operation_is_in(&o->op, o->op.state_before))
			return;
		run(&o->op.machine, *way);
	}
	for (int all = 0; all <= 1; all++) {
		if (operation_is_in(&o->op, o->op.state_before))
			return;
		restore_connectors(o, all);
		if (!operation_is_in(&o->op, o->op.state_before))
			run(&o->op.machine, o->op.inverse);
	}
	if (operation_is_in(&o->op, o->op.state_before))
		return;
	judge_blame(o, 0, "no way back", o->op.state_before, operation_state(&o->op));
	summary(o);
	exit(TROUBLE);
}

static void case_run(struct outcomes *o, const struct disturbance *d)
{
	struct verdict v = { 0 };
	char *text, *now;

	if (!case_begin(o))
		return;
	text = script(o, d);
	cover_run_folder(d->oddity);
	if (d->fault)
		machine_fault(&o->op.machine, d->fault);
	v.status = run_quickly(&o->op.machine, text);
	v.document = json_tokener_parse(said(SAID_OUT));
	o->cases++;
	o->unreached += !case_release(o, d, v.status);
	v.now = now = operation_state(&o->op);
	if (o->is_verbose)
		fprintf(stderr, "%s: %s: %d: %s\n", o->op.name, o->what, v.status,
			said(SAID_ERR));
	judge(o, d, &v);
	uncover_run_folder(d->oddity);
	json_object_put(v.document);
	free(now);
	case_end(o);
	free(text);
}

/* ---- All of them ----------------------------------------------------------------------- */

static void name_case(struct outcomes *o, const struct oddity *odd,
		      const struct fault *fault)
{
	snprintf(o->what, sizeof(o->what), "%s%s%s #%u %s", odd ? odd->name : "",
		 odd ? ", " : "", fault->step->name, fault->step->nth, fault->what);
}

static void fault_cases(struct outcomes *o, struct step *step, struct fault *fault)
{
	for (size_t i = 0; i <= N_ODDITIES; i++) {
		const struct oddity *odd = i ? &oddities[i - 1] : NULL;

		name_case(o, odd, fault);
		step_find(step);
		case_run(o, &(struct disturbance){ .oddity = odd,
						   .fault = fault,
						   .is_mute = odd && odd->is_mute });
	}
}

/* Faults that an undo may not overcome, also without a journal. */
static void last_fault_cases(struct outcomes *o, struct step *step, struct fault *fault,
			     const char *what)
{
	snprintf(fault->what, sizeof(fault->what), "%s", what);
	for (size_t i = 0; i <= N_ODDITIES; i++) {
		const struct oddity *odd = i ? &oddities[i - 1] : NULL;

		if (odd && !odd->run_folder)
			continue;
		name_case(o, odd, fault);
		step_find(step);
		case_run(o, &(struct disturbance){ .oddity = odd, .fault = fault });
	}
}

/* Steps that do not return: for ever, and then with each result. */
static void hang_cases(struct outcomes *o, struct step *step)
{
	struct fault fault = { .step = step, .count = 1 };

	if (step->is_write) {
		fault.holds = true;
		last_fault_cases(o, step, &fault, "hangs, works late");
		fault.error = "EIO";
		last_fault_cases(o, step, &fault, "hangs, fails late");
	} else if (step->is_drmgrs) {
		fault.is_hang = true;
		fault.count = 0;
		fault.status = 9903;
		last_fault_cases(o, step, &fault, "hangs with 9903");
		fault.status = -2;
		last_fault_cases(o, step, &fault, "hangs with -2");
	}
}

static void step_cases(struct outcomes *o, struct step *step)
{
	struct fault fault;

	if (fault_of(step, 0, FAULTS_QUICK, &fault)) {
		fault_cases(o, step, &fault);
		fault.count = 0;
		last_fault_cases(o, step, &fault, "fails from then on");
	}
	hang_cases(o, step);
}

/* The odd states alone. */
static void odd_cases(struct outcomes *o)
{
	for (size_t i = 0; i < N_ODDITIES; i++) {
		snprintf(o->what, sizeof(o->what), "%s", oddities[i].name);
		case_run(o, &(struct disturbance){ .oddity = &oddities[i],
						   .is_mute = oddities[i].is_mute });
	}
}

static void killat_case(struct outcomes *o, const struct oddity *odd, bool is_mute,
			const char *words, unsigned int n)
{
	char killat[64];

	snprintf(killat, sizeof(killat), "%s -f %u", words, n);
	snprintf(o->what, sizeof(o->what), "%s%skillat %s", odd ? odd->name : "",
		 odd ? ", " : "", killat);
	case_run(o, &(struct disturbance){
			    .oddity = odd, .killat = killat, .is_mute = is_mute });
}

static void signal_cases(struct outcomes *o)
{
	static const struct oddity nohup = { .name = "nohup", .odd = "-i HUP" };
	const int signals[] = { SIGTERM, SIGINT,  SIGQUIT, SIGUSR1,   SIGUSR2,
				SIGALRM, SIGXCPU, SIGPROF, SIGVTALRM, SIGIO,
				SIGPWR,	 SIGPIPE, SIGXFSZ, SIGRTMIN };
	const unsigned int n_signals = sizeof(signals) / sizeof(signals[0]);
	char words[16];

	for (unsigned int n = 1; n <= o->steps.n_own; n++) {
		if (!step_own_counts(&o->steps, n - 1))
			continue;
		snprintf(words, sizeof(words), "-%d", signals[(n + o->row) % n_signals]);
		killat_case(o, NULL, false, words, n);
		killat_case(o, NULL, false, "-1", n);
		killat_case(o, &nohup, false, "-1", n);
		killat_case(o, NULL, true, "-r 1", n);
		killat_case(o, NULL, true, "-r 2", n);
	}
}

static void all_cases(struct outcomes *o)
{
	odd_cases(o);
	signal_cases(o);
	for (size_t i = 0; i < o->steps.n; i++)
		if (step_counts(&o->steps, &o->steps.all[i], false))
			step_cases(o, &o->steps.all[i]);
}

/* ---- The row --------------------------------------------------------------------------- */

static void learn(struct outcomes *o)
{
	operation_learn(&o->op, &o->steps);
	judge_learn_connectors(o);
	if (!o->to_between)
		return;
	operation_must(&o->op, "between", o->to_between, NULL);
	o->state_between = operation_state(&o->op);
	operation_must(&o->op, "back from between", o->op.repair, o->op.state_before);
}

static void summary(const struct outcomes *o)
{
	fprintf(stderr,
		"%s: %zu steps, %u cases: %u done, %u undone, %u partial, %u recovered, "
		"%u told, %u not reached, %u wrong\n",
		o->op.name, o->steps.n, o->cases, o->done, o->undone, o->partial,
		o->recovered, o->told, o->unreached, o->wrong);
}

static bool take_option(struct outcomes *o, int option)
{
	switch (option) {
	case 'a':
		o->chooses = true;
		return true;
	case 'b':
		o->to_between = optarg;
		return true;
	case 'm':
		o->is_many = true;
		return true;
	case 'o':
		o->only = optarg;
		return true;
	case 'p':
		return sscanf(optarg, "%u/%u", &o->part, &o->parts) == 2 &&
		       o->part < o->parts;
	case 'r':
		o->row = (unsigned int)strtoul(optarg, NULL, 10);
		return true;
	case 's':
		o->stride = (unsigned int)strtoul(optarg, NULL, 10);
		return o->stride > 0;
	case 'v':
		o->is_verbose = true;
		return true;
	case 'w':
		o->limit = optarg;
		return true;
	}
	return false;
}

int main(int argc, char *argv[])
{
	struct outcomes o = { .stride = 1, .parts = 1, .limit = "2s" };
	int option;

	while ((option = getopt(argc, argv, "+ab:mo:p:r:s:vw:")) != -1)
		if (!take_option(&o, option))
			return TROUBLE;
	operation_take(&o.op, argv + optind);
	learn(&o);
	all_cases(&o);
	operation_must(&o.op, "home", o.op.home, NULL);
	summary(&o);
	return o.wrong ? 1 : 0;
}
