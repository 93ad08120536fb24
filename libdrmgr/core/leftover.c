// SPDX-License-Identifier: LGPL-2.1-or-later
#include <fcntl.h>
#include <libfdt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "libdrmgr/core/journal.h"
#include "libdrmgr/core/journal_words.h"
#include "libdrmgr/core/leftover.h"
#include "libdrmgr/core/number_map.h"
#include "libdrmgr/core/undo_kinds.h"
#include "kern/pci.h"
#include "kern/text.h"

enum { NAMES_MAX = 16 }; /* in a message */

/* ---- The connectors of the steps ---- */

struct reading {
	struct leftover *left;
	struct left_connector *list; /* of each step; index 0: none */
	size_t n;
	leftover_step *step;
	void *priv;
};

/* Find the connector in the words of a step, "begin N OP INDEX NAME TYPE DOMAIN PARENT...",
 * or for memory "begin N OP COUNT INDEX". Other steps have none. */
static void left_connector_set(struct left_connector *c, struct mem *m, char *const *word,
			       int n)
{
	bool is_range = n > 4 && (!strcmp(word[2], "memory-add") ||
				  !strcmp(word[2], "memory-remove"));
	bool has_name = !is_range && n > 4 && strncmp(word[4], "0x", 2) != 0;
	bool is_known = is_range ? journal_number(word[3], &c->count) &&
					   journal_number(word[4], &c->index)
				 : has_name && journal_number(word[3], &c->index);

	if (!is_known || !c->index) {
		c->index = 0;
		return;
	}
	c->name = has_name ? mem_copy(m, word[4]) : "";
	c->parent = has_name && n > 7 ? mem_copy(m, word[7]) : NULL;
}

static int reading_add_step(void *priv, char *const *word, int n)
{
	struct reading *r = priv;
	struct mem *m = r->left->read.mem;
	struct left_connector *c = vec_add(m, r->list, r->n);

	c->count = 1;
	left_connector_set(c, m, word, n);
	return mem_check(m) || !r->step ? mem_check(m) : r->step(r->priv, word, n);
}

/* The children of one node, by the indexes of their connectors. */
struct left_nodes {
	struct mem mem;
	const char *parent; /* NULL: none read */
	const char **list;
	size_t n;
	struct number_map by_index;
};

static void left_nodes_read(struct left_nodes *nodes, const struct kern_root *root,
			    const char *parent)
{
	_cleanup_names_ struct kern_names names = { 0 };
	uint32_t index;

	mem_end(&nodes->mem);
	*nodes = (struct left_nodes){ .parent = parent };
	if (node_children(root, parent, &names))
		return;
	for (size_t i = 0; i < names.n; i++) {
		const char *node = node_child(&nodes->mem, parent, names.name[i]);

		if (mem_check(&nodes->mem) ||
		    prop_u32(root, node, "ibm,my-drc-index", &index))
			continue;
		number_map_add(&nodes->mem, &nodes->by_index, index, nodes->n);
		*vec_add(&nodes->mem, nodes->list, nodes->n) = node;
	}
	number_map_sort(&nodes->by_index);
}

/* Find the nodes that occupy the connectors now. A long list has one parent. */
static void leftover_find_nodes(struct leftover *left, const struct kern_root *root)
{
	struct left_nodes nodes = { 0 };
	size_t at;

	for (size_t i = 0; i < left->n; i++) {
		struct left_connector *c = &left->list[i];

		if (!c->parent)
			continue;
		if (!nodes.parent || strcmp(nodes.parent, c->parent) != 0)
			left_nodes_read(&nodes, root, c->parent);
		if (!mem_check(&nodes.mem) &&
		    number_map_find(&nodes.by_index, c->index, &at))
			c->node = mem_copy(left->read.mem, nodes.list[at]);
	}
	mem_end(&nodes.mem);
}

/* Keep each connector of an open step once. */
static int reading_collect(struct reading *r)
{
	struct leftover *left = r->left;
	struct number_map *map = &left->by_index;
	struct mem *m = left->read.mem;
	size_t at;

	for (size_t i = 0; i < r->n; i++)
		if (r->list[i].index && journal_step_is_open(&left->read, i))
			number_map_add(m, map, r->list[i].index, i);
	number_map_sort(map);
	if (mem_check(m))
		return -ENOMEM;
	for (size_t i = r->n; i--;)
		if (left->read.steps[i].save && journal_step_is_open(&left->read, i) &&
		    number_map_find(map, r->list[i].index, &at))
			r->list[at].saved = i + 1;
	for (size_t i = 0; i < r->n; i++)
		if (number_map_find(map, r->list[i].index, &at) && at == i) {
			left->has_ranges |= r->list[i].count > 1;
			*vec_add(m, left->list, left->n) = r->list[i];
		}
	return mem_check(m);
}

/* ---- Location codes ---- */

static void leftover_add_saved_codes(struct leftover *left, const struct fdt_frag *saved)
{
	const char *code;
	int len;

	for (int top = fdt_frag_top(saved); top >= 0;
	     top = fdt_frag_next_top(saved, top)) {
		code = fdt_getprop(saved->fdt, top, "ibm,loc-code", &len);
		if (code && len > 0 && memchr(code, 0, (size_t)len) == code + len - 1)
			*vec_add(left->read.mem, left->codes, left->n_codes) =
				mem_copy(left->read.mem, code);
	}
}

/* A code that cannot be read names no connector. */
static void leftover_find_codes(struct leftover *left, const struct kern_root *root,
				int dir)
{
	char line[JOURNAL_LINE_MAX];

	for (size_t i = 0; i < left->n; i++) {
		const struct left_connector *c = &left->list[i];
		_cleanup_free_ char *code = NULL;
		struct fdt_frag saved = { 0 };
		const char *file = NULL;

		if (c->node && !prop_str(root, c->node, "ibm,loc-code", &code))
			*vec_add(left->read.mem, left->codes, left->n_codes) =
				mem_copy(left->read.mem, code);
		if (!c->node && c->saved)
			file = journal_step_saved(&left->read, c->saved - 1, line);
		if (file && !journal_load_saved(dir, file, &saved))
			leftover_add_saved_codes(left, &saved);
		fdt_frag_free(&saved);
	}
}

/* ---- One leftover ---- */

static void leftover_find_step(struct leftover *left)
{
	char line[JOURNAL_LINE_MAX], *word[JOURNAL_WORDS_MAX];
	size_t i = left->read.n;

	while (i && !journal_step_is_open(&left->read, i - 1))
		i--;
	if (i && journal_step_words(&left->read, i - 1, line, word) > 2)
		snprintf(left->step, sizeof(left->step), "%s", word[2]);
}

void leftover_read_open(struct leftover *left, struct mem *m,
			const struct kern_root *root, int fd, leftover_step *step,
			void *priv)
{
	struct reading r = { .left = left, .step = step, .priv = priv };
	struct stat st;
	int err;

	left->read =
		(struct journal_read){ .mem = m, .begun = reading_add_step, .priv = &r };
	if (!fstat(fd, &st))
		left->since = st.st_mtime;
	left->err = fd < 0 ? fd : journal_read(&left->read, root, fd);
	/* While the run waits, it is as if it were writing: nothing else undoes its steps. */
	if (!writer_is_alive(root, &left->read.waiter))
		left->read.waiter.pid = 0;
	if (!writer_is_alive(root, &left->read.writer)) {
		left->read.writer.pid = 0;
		if (left->read.waiter.pid)
			left->read.writer = left->read.waiter;
	}
	err = reading_collect(&r);
	leftover_find_step(left);
	if (!left->err)
		left->err = err;
	leftover_find_nodes(left, root);
}

int leftover_read(struct leftover *left, struct mem *m, const struct kern_root *root,
		  const char *file, leftover_step *step, void *priv)
{
	_cleanup_close_ int dir = -1, fd = journal_open(root, file, O_RDONLY, &dir);

	*left = (struct leftover){ .err = 0 };
	snprintf(left->file, sizeof(left->file), "%s", file);
	leftover_read_open(left, m, root, fd, step, priv);
	leftover_find_codes(left, root, dir);
	if (!left->err)
		left->err = mem_check(m);
	return left->err;
}

/* ---- All leftovers ---- */

static int leftover_by_number(const void *a, const void *b)
{
	const char *const *x = a, *const *y = b;
	long m = strtol(*x + strlen(JOURNAL_LEFT_PREFIX), NULL, 10);
	long n = strtol(*y + strlen(JOURNAL_LEFT_PREFIX), NULL, 10);

	return (m > n) - (m < n);
}

int leftovers_list(const struct kern_root *root, struct kern_names *files)
{
	_cleanup_names_ struct kern_names all = { 0 };
	int err = kern_list(root, JOURNAL_DIR, KERN_LIST_FILES, &all);

	/* Only root can look into the folder. */
	if (err == -ENOENT || err == -ENOTDIR || err == -EACCES)
		return 0;
	for (size_t i = 0; !err && i < all.n; i++)
		if (!strncmp(all.name[i], JOURNAL_LEFT_PREFIX,
			     strlen(JOURNAL_LEFT_PREFIX)))
			err = kern_names_add(files, all.name[i]);
	if (files->n)
		qsort(files->name, files->n, sizeof(*files->name), leftover_by_number);
	return err;
}

int leftovers_read(struct leftovers *ls, const struct kern_root *root)
{
	_cleanup_names_ struct kern_names files = { 0 };
	int err = leftovers_list(root, &files);

	mem_end(&ls->mem);
	ls->list = NULL;
	ls->n = 0;
	for (size_t i = 0; !err && i < files.n; i++) {
		struct leftover left;

		if (leftover_read(&left, &ls->mem, root, files.name[i], NULL, NULL) !=
		    -ESTALE) /* of another boot */
			*vec_add(&ls->mem, ls->list, ls->n) = left;
	}
	return err ? err : mem_check(&ls->mem);
}

/* ---- Which one blocks ---- */

/* Return true if the connector's node is above the one that is left. */
static bool left_connector_is_below(const struct left_connector *left,
				    const struct connectors *cs,
				    const struct connector *c)
{
	const struct occupant *o;
	size_t i = 0;

	while (left->parent && (o = connector_occupant(cs, c, &i)))
		if (pci_node_is_under(left->parent, o->path))
			return true;
	return false;
}

static bool left_connector_blocks(const struct left_connector *left,
				  const struct connectors *cs, const struct connector *c)
{
	if (c->drc.index - left->index < left->count)
		return true;
	return left_connector_is_below(left, cs, c) ||
	       (left->node && pci_node_is_under(c->parent->path, left->node));
}

const struct leftover *leftovers_find(const struct leftovers *ls,
				      const struct connectors *cs,
				      const struct connector *c)
{
	for (size_t i = 0; ls && i < ls->n; i++)
		for (size_t k = 0; k < ls->list[i].n; k++)
			if (left_connector_blocks(&ls->list[i].list[k], cs, c))
				return &ls->list[i];
	return NULL;
}

static bool leftover_has_index(const struct leftover *left, uint32_t index)
{
	size_t at;

	if (number_map_find(&left->by_index, index, &at))
		return true;
	for (size_t i = 0; left->has_ranges && i < left->n; i++)
		if (index - left->list[i].index < left->list[i].count)
			return true;
	return false;
}

const struct leftover *leftovers_find_index(const struct leftovers *ls, uint32_t index)
{
	for (size_t i = 0; ls && i < ls->n; i++)
		if (leftover_has_index(&ls->list[i], index))
			return &ls->list[i];
	return NULL;
}

bool leftover_has_key(const struct leftover *left, const char *key)
{
	uint32_t index;

	if (journal_number(key, &index))
		return leftover_has_index(left, index);
	for (size_t i = 0; *key && i < left->n; i++)
		if (!strcmp(left->list[i].name, key))
			return true;
	for (size_t i = 0; *key && i < left->n_codes; i++)
		if (!strcmp(left->codes[i], key))
			return true;
	return false;
}

/* Return true if it has no connector, and blocks this kind of request. */
static bool leftover_blocks_kind(const struct leftover *left, const char *kind)
{
	return !left->n && (!*left->read.kind || !strcmp(left->read.kind, kind));
}

const struct leftover *leftovers_find_request(const struct leftovers *ls, const char *key,
					      const char *kind)
{
	for (size_t i = 0; i < ls->n; i++)
		if ((key && leftover_has_key(&ls->list[i], key)) ||
		    leftover_blocks_kind(&ls->list[i], kind))
			return &ls->list[i];
	return NULL;
}

/* ---- For messages ---- */

char *leftover_names(const struct leftover *left)
{
	char *text = NULL;
	size_t size;
	FILE *to = open_memstream(&text, &size);

	if (!to)
		return NULL;
	for (size_t i = 0; i < left->n && i < NAMES_MAX; i++) {
		const struct left_connector *c = &left->list[i];

		fprintf(to, "%s%s%s0x%08x%s", i ? ", " : "", c->name,
			*c->name ? " (" : "", c->index, *c->name ? ")" : "");
	}
	if (left->n > NAMES_MAX)
		fprintf(to, " and %zu more", left->n - NAMES_MAX);
	if (!left->n && *left->read.command)
		fputs(left->read.command, to);
	else if (!left->n)
		fprintf(to, "/" JOURNAL_DIR "/%s", left->file);
	return text_close(to, &text);
}

static void leftover_print_help(FILE *to, const struct leftover *left)
{
	const struct kern_writer *writer = &left->read.writer;
	bool is_foreign = *left->step && !undo_kind_by_name(left->step);
	bool is_set_aside =
		!strncmp(left->file, JOURNAL_LEFT_PREFIX, strlen(JOURNAL_LEFT_PREFIX));

	if (left->read.waiter.pid)
		fprintf(to, "it goes on when its write to /%s has ended", writer->path);
	else if (writer->pid)
		fprintf(to, "when PID %d has ended its write to /%s, run drmgr --recover",
			(int)writer->pid, writer->path);
	else if (left->err || is_foreign)
		fprintf(to,
			"%sundo its steps by hand, and run drmgr --recover --discard%s%s",
			is_foreign
				? "by another version of papr-toolkit: let that one run "
				  "drmgr --recover, or "
				: "",
			is_set_aside ? " " : "", is_set_aside ? left->file : "");
	else
		fprintf(to, "%srun drmgr --recover",
			is_set_aside ? "correct the cause, and " : "");
}

char *leftover_text(const struct leftover *left)
{
	_cleanup_free_ char *names = leftover_names(left);
	time_t time = (time_t)left->since;
	struct tm tm = { .tm_mday = 1 };
	char since[32], *text = NULL;
	size_t size;
	FILE *to = open_memstream(&text, &size);

	if (!to)
		return NULL;
	localtime_r(&time, &tm);
	strftime(since, sizeof(since), "%Y-%m-%d %H:%M:%S", &tm);
	if (left->read.waiter.pid)
		fprintf(to, "%s: waiting for the kernel since %s", names ? names : "",
			since);
	else
		fprintf(to, "%s: incomplete since %s", names ? names : "", since);
	if (left->read.pid)
		fprintf(to, ", step %s of PID %d (%s)", *left->step ? left->step : "-",
			left->read.pid, left->read.command);
	if (left->err)
		fprintf(to, ", and cannot be read: %s",
			left->err == -EBADMSG || left->err == -E2BIG
				? "not a journal"
				: strerror(-left->err));
	fputs(": ", to);
	leftover_print_help(to, left);
	return text_close(to, &text);
}
