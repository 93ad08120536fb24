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
	"arrows, PgUp, PgDn, Home, End   move; digits and G: go to that line\n"
	"enter    open a group of cores or memory, or the details of a connector\n"
	"/        filter while you type, in all columns; state:present: in one\n"
	"Esc      remove the filter\n"
	"s  S     sort by the next column; reverse the order\n"
	"t        show all types, or only the next one\n"
	"e        show empty PCI slots too\n"
	"a  r  i  add, remove, identify the connector: show drmgr's plan first\n"
	"A        add all cards that are not configured (drmgr -c pci -a)\n"
	"R        undo the steps of an interrupted drmgr\n"
	"J        write the document of --once --json to drmon.json\n"
	"Ctrl-L   read and draw everything again\n"
	"q        quit\n"
	"\n"
	"States: configured, owned: Linux uses the resource. present: a card that\n"
	"is not configured. no-device: a node without a device in Linux. empty,\n"
	"not-owned: no resource, or none that belongs to this partition.\n";

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
		monitor_message(m, "%s: cannot be written", file);
	else
		monitor_message(m, "%s: written", file);
	json_object_put(document);
}
