// SPDX-License-Identifier: GPL-2.0-or-later
#include <fcntl.h>
#include <string.h>

#include "drmon/details.h"
#include "drmon/monitor.h"
#include "drmon/once.h"
#include "kern/cleanup.h"

/* ---- One connector ---- */

struct finding {
	uint32_t index;
	FILE *out;
	bool found;
};

/* Print "devices[0].driver  nvme": one line for each value. */
static void details_print_value(FILE *out, const char *name, json_object *value)
{
	char longer[128];

	if (json_object_is_type(value, json_type_object)) {
		json_object_object_foreach(value, key, member)
		{
			snprintf(longer, sizeof(longer), "%s%s%s", name, *name ? "." : "",
				 key);
			details_print_value(out, longer, member);
		}
	} else if (json_object_is_type(value, json_type_array)) {
		for (size_t i = 0; i < json_object_array_length(value); i++) {
			snprintf(longer, sizeof(longer), "%s[%zu]", name, i);
			details_print_value(out, longer,
					    json_object_array_get_idx(value, i));
		}
	} else {
		fprintf(out, "%-20s %s\n", name,
			value ? json_object_get_string(value) : "-");
	}
}

static void details_print_found(void *priv, json_object *object)
{
	struct finding *finding = priv;

	if (!finding->found && conn_index(object) == finding->index) {
		details_print_value(finding->out, "", object);
		finding->found = true;
	}
	json_object_put(object);
}

void details_open(struct monitor *m)
{
	const struct conn *c = view_conn(&m->view, m->view.selected);
	struct finding finding = { .index = c ? c->index : 0 };
	const struct json_sink sink = { .add = details_print_found, .priv = &finding };
	char *text = NULL, last[400];
	size_t len;

	finding.out = c ? open_memstream(&text, &len) : NULL;
	if (!finding.out)
		return;
	inventory_each(&m->session->dr, c->type, NULL, &sink);
	operation_text(&m->operation, last, sizeof(last));
	if (*last && strstr(m->operation.command, c->name))
		fprintf(finding.out, "\nlast operation\n%s\n%s\n", last,
			m->operation.step);
	fclose(finding.out);
	window_open(&m->window, c->name, text, false);
}

/* ---- The keys ---- */

static const char help[] =
	"arrows, PgUp, PgDn, Home, End   move; digits and G: to that line\n"
	"enter    opens a run of cores or memory; all there is of one connector\n"
	"/        filter as you type, over every column; state:present in that one\n"
	"Esc      no filter\n"
	"s  S     sort by the next column; the other way round\n"
	"t        all types, or only the next one\n"
	"e        empty PCI slots too\n"
	"a  r  i  add, remove, identify the connector: drmgr's plan, and a question\n"
	"A        add every card that waits (drmgr -c pci -a)\n"
	"R        undo what a killed drmgr left\n"
	"J        write what --once --json prints to drmon.json\n"
	"Ctrl-L   look again, draw again\n"
	"q        quit\n"
	"\n"
	"States: configured, owned: in use. present: a card that waits to be\n"
	"configured. no-device: a node that Linux has no device for. empty,\n"
	"not-owned: there is nothing, or not here.\n";

void help_open(struct monitor *m)
{
	window_open(&m->window, "Keys", strdup(help), false);
}

/* ---- A file ---- */

void details_write(struct monitor *m)
{
	static const char file[] = "drmon.json";
	const struct options all = { .type = -1, .filter = "" };
	_cleanup_close_ int fd =
		open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0644);
	json_object *document;

	if (fd < 0) {
		monitor_message(m, "%s: %s", file, strerror(errno));
		return;
	}
	document = once_document(&all, &m->session->dr);
	if (json_object_to_fd(fd, document, JSON_C_TO_STRING_PRETTY))
		monitor_message(m, "%s: it could not be written", file);
	else
		monitor_message(m, "%s is written", file);
	json_object_put(document);
}
