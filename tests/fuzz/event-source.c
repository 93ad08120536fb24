// SPDX-License-Identifier: GPL-2.0-or-later
/* links: libeventsource.la libeventshow.la */
/* rtas-event: events in files of all formats, in pieces of any size, and their output.
 * The first byte is the format and the size of the pieces. */
#include <string.h>

#include "tests/fuzz/fuzz.h"
#include "cli/event_show.h"
#include "tools/event_source.h"

struct file {
	const uint8_t *data;
	size_t len, piece;
};

static int64_t read_piece(void *priv, void *buf, size_t len)
{
	struct file *file = priv;
	size_t n = file->piece < file->len ? file->piece : file->len;

	MUST(n <= len);
	if (n)
		memcpy(buf, file->data, n);
	file->data += n;
	file->len -= n;
	return (int64_t)n;
}

static void show(struct rtas_event *re, FILE *out)
{
	json_object *document = event_show_json(re);
	const char *text = json_object_to_json_string(document);

	MUST(text);
	event_show_text(out, text, strlen(text));
	json_object_put(document);
	event_show_line(out, re);
	event_show_damage(re);
}

static void check_item(const struct event_item *item, FILE *out)
{
	struct rtas_event *re;
	char *bytes;

	MUST(item->seq >= -1 && item->seq <= UINT32_MAX);
	MUST(memchr(item->problem, 0, sizeof(item->problem)));
	if (item->problem[0])
		return;
	MUST(item->len >= EVENT_HEAD_BYTES && item->len <= EVENT_LIMIT);
	bytes = malloc(item->len);
	MUST(bytes);
	memcpy(bytes, item->bytes, item->len);
	re = parse_rtas_event(bytes, (int)item->len);
	if (re) {
		re->event_no = (int)item->seq;
		show(re, out);
		cleanup_rtas_event(re);
	}
	free(bytes);
}

/* Any contents are one line. */
static void check_lines(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		MUST(text[i] == '\n' || (text[i] >= ' ' && text[i] <= '~'));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct file file = { .piece = 1 };
	struct event_bytes bytes = { .read = read_piece, .priv = &file };
	struct event_source source;
	struct event_item item;
	size_t len = 0, n = 0;
	char *text = NULL;
	FILE *out;

	if (!size)
		return 0;
	file = (struct file){ data + 1, size - 1, 1 + (size_t)(data[0] >> 3) * 64 };
	bytes.records = data[0] >> 2 & 1;
	out = open_memstream(&text, &len);
	MUST(out);
	event_source_init(&source, &bytes, (enum event_form)(data[0] & 3));
	while (event_source_next(&source, &item) > 0) {
		MUST(item.offset < size && n++ < size);
		check_item(&item, out);
	}
	event_source_free(&source);
	fclose(out);
	check_lines(text, len);
	free(text);
	return 0;
}
