// SPDX-License-Identifier: GPL-2.0-or-later
#include <fcntl.h>
#include <string.h>

#include "cli/connectors.h"
#include "drmon/details.h"
#include "drmon/monitor.h"
#include "drmon/once.h"
#include "cli/common.h"

/* ---- One connector ---- */

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

static void details_print_connector(FILE *out, struct dr *dr, const struct conn *c)
{
	const struct dr_connector *connector;
	struct dr_list *list;

	dr_list_new(dr, c->type, NULL, DR_LIST_DETAILS, &list);
	if (!list)
		return;
	do
		connector = dr_list_next(list);
	while (connector && dr_connector_get_index(connector) != c->index);
	if (connector) {
		json_object *object = connector_object(connector);

		details_print_value(out, "", object);
		json_object_put(object);
	}
	dr_list_free(list);
}

void details_open(struct monitor *m)
{
	const struct conn *c = view_conn(&m->view, m->view.selected);
	char *text = NULL, last[400];
	size_t len;
	FILE *out = c ? open_memstream(&text, &len) : NULL;

	if (!out)
		return;
	details_print_connector(out, m->dr, c);
	if (type_is(c->type, TYPE_CARDS))
		fprintf(out, "%-20s %s\n", "light",
			lights_identifies(&m->lights, c->index)
				? "identify (i: back)"
				: "normal, as far as drmgr's log shows");
	operation_text(&m->operation, last, sizeof(last));
	if (*last && strstr(m->operation.command, c->name))
		fprintf(out, "\nlast operation\n%s\n%s\n", last, m->operation.step);
	if (text_close(out, &text))
		window_open(&m->window, c->name, text, false);
}

/* ---- The keys ---- */

/* Not more than 18 lines of 80 columns: a screen of 80 x 24 shows them at once. */
static const char help[] =
	"arrows j k PgUp PgDn Space Home g End   move; digits and G: go to that line\n"
	"Enter    open or close a group of cores or LMBs, or show a connector's details\n"
	"/        filter while you type, in all columns; state:present: in one\n"
	"Esc      remove the filter\n"
	"A        show all connectors, or only those that the partition owns\n"
	"t        show all types, or only the next one\n"
	"s  S     sort by the next column; reverse the order\n"
	"a  r     add, remove the connector: the plan and a question come first\n"
	"+  -     add, remove a number of LMBs, cores, cards, host bridges\n"
	"i        switch the light of the slot to its identify state, and back\n"
	"C        configure all cards that are plugged (drmgr -c pci -a)\n"
	"R        undo the steps of an interrupted drmgr\n"
	"J        write the document of --once --json to drmon.json\n"
	"Ctrl-L   read and draw everything again      ?  these keys      q  quit\n"
	"\n"
	"States: configured, owned: Linux uses the resource. present: the card waits.\n"
	"no-device: Linux has no device for the node. empty, not-owned, reserved: the\n"
	"partition has no resource that it can remove.\n";

void help_open(struct monitor *m)
{
	window_open(&m->window, "Keys", strdup(help), false);
}

/* ---- A file ---- */

void details_write(struct monitor *m)
{
	static const char file[] = "drmon.json";
	const struct options all = { .filter = "" };
	_cleanup_close_ int fd =
		open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0644);
	json_object *document;
	int err;

	if (fd < 0) {
		monitor_message(m, "%s: %s", file, strerror(errno));
		return;
	}
	document = once_document(&all, m->dr);
	err = json_write(fd, document);
	if (err)
		monitor_message(m, "%s: %s", file, strerror(-err));
	else
		monitor_message(m, "%s: written", file);
	json_object_put(document);
}
