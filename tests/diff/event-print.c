// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * event-print - event logs printed by whichever librtasevent.so.2 the loader finds
 *
 *   event-print [-v LEVEL] [-w WIDTH] [-r | -s] FILE...
 *
 * Reads each FILE, one binary record (no sequence number before it), and prints it:
 * the whole event, with -r its bytes, with -s section by section. A line of the form
 * "-- FILE: N bytes" with what the library returned follows, "-- FILE: not parsed" for
 * a record it refuses. The library is not linked but loaded, so one binary compares
 * two libraries: only LD_LIBRARY_PATH differs.
 */
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { RECORD_MAX = 65536 };

/* What both libraries' headers say, as far as it is needed here. */
struct rtas_event;
struct scn_header {
	struct scn_header *next;
	struct rtas_event *re;
	unsigned int raw_offset;
	int scn_id;
};
struct rtas_event {
	int version;
	int event_no;
	char *buffer;
	unsigned int offset;
	unsigned int event_length;
	struct scn_header *event_scns;
};

static struct rtas_event *(*parse)(char *, int);
static int (*cleanup)(struct rtas_event *);
static int (*print_event)(FILE *, struct rtas_event *, int);
static int (*print_raw)(FILE *, struct rtas_event *);
static int (*print_section)(FILE *, struct scn_header *, int);
static int (*set_width)(int);

static int load(void)
{
	void *lib = dlopen("librtasevent.so.2", RTLD_NOW);

	if (!lib) {
		fprintf(stderr, "%s\n", dlerror());
		return -1;
	}
	*(void **)&parse = dlsym(lib, "parse_rtas_event");
	*(void **)&cleanup = dlsym(lib, "cleanup_rtas_event");
	*(void **)&print_event = dlsym(lib, "rtas_print_event");
	*(void **)&print_raw = dlsym(lib, "rtas_print_raw_event");
	*(void **)&print_section = dlsym(lib, "rtas_print_scn");
	*(void **)&set_width = dlsym(lib, "rtas_set_print_width");
	return parse && cleanup && print_event && print_raw && print_section && set_width
		       ? 0
		       : -1;
}

static int print(struct rtas_event *event, int how, int level)
{
	int sum = 0;

	if (how == 'r')
		return print_raw(stdout, event);
	if (how != 's')
		return print_event(stdout, event, level);
	for (struct scn_header *s = event->event_scns; s; s = s->next)
		sum += print_section(stdout, s, level);
	return sum;
}

/* The record stands before zeros, as the kernel's 2052 bytes hold it: a parser that
 * looks further than the record does so without consequence. */
static void show(const char *file, int how, int level)
{
	static char record[2 * RECORD_MAX];
	struct rtas_event *event;
	FILE *f = fopen(file, "rb");
	size_t len;

	if (!f) {
		fprintf(stderr, "%s: %s\n", file, strerror(errno));
		exit(1);
	}
	memset(record, 0, sizeof(record));
	len = fread(record, 1, RECORD_MAX, f);
	fclose(f);
	event = parse(record, (int)len);
	if (!event) {
		printf("-- %s: not parsed\n", file);
		return;
	}
	len = (size_t)print(event, how, level);
	printf("-- %s: %zu bytes\n", file, len);
	cleanup(event);
}

int main(int argc, char **argv)
{
	int opt, how = 0, level = 2, width = 0;

	while ((opt = getopt(argc, argv, "rsv:w:")) != -1) {
		switch (opt) {
		case 'r':
		case 's':
			how = opt;
			break;
		case 'v':
			level = (int)strtol(optarg, NULL, 10);
			break;
		case 'w':
			width = (int)strtol(optarg, NULL, 10);
			break;
		default:
			return 2;
		}
	}
	if (load())
		return 2;
	if (width && set_width(width)) {
		fprintf(stderr, "width %d refused\n", width);
		return 2;
	}
	for (; optind < argc; optind++)
		show(argv[optind], how, level);
	return 0;
}
