// SPDX-License-Identifier: LGPL-2.1-or-later
#include <fcntl.h>
#include <libfdt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "libdrmgr/core/leftover.h"
#include "libdrmgr/core/undo_kinds.h"
#include "kern/own_file.h"
#include "kern/pci.h"
#include "kern/sysfs.h"
#include "kern/text.h"
#include "wire/fdt_check.h"
#include "wire/number.h"

enum { NAMES_MAX = 16 }; /* in a message */

/* ---- Lines and words ---- */

/* Split a line into its decoded words, in place, one after the other. Return their number, or
 * -EBADMSG if a word is damaged. */
static int line_split(char *line)
{
	const char *at = line + strspn(line, " ");
	char *to = line;
	uint64_t byte;
	int n = 0;

	for (; *at; n++) {
		for (; *at && *at != ' '; at++) {
			byte = (unsigned char)*at;
			if (*at == '%' && (!at[1] || number_read(at + 1, 2, 16, &byte)))
				return -EBADMSG;
			at += *at == '%' ? 2 : 0;
			if (byte) /* "%00" is an empty word */
				*to++ = (char)byte;
		}
		at += strspn(at, " ");
		*to++ = '\0';
	}
	return n;
}

const char *journal_word_next(const char *word)
{
	return word + strlen(word) + 1;
}

bool journal_number(const char *word, uint32_t *v)
{
	uint64_t n;

	if (strncmp(word, "0x", 2) != 0 ||
	    number_read(word + 2, strlen(word + 2), 16, &n) || n > UINT32_MAX)
		return false;
	*v = (uint32_t)n;
	return true;
}

void journal_words_join(const char *word, int n, char *text, size_t size)
{
	size_t used = 0;

	*text = '\0';
	for (int i = 0; i < n && used < size; i++, word = journal_word_next(word))
		used += (size_t)snprintf(text + used, size - used, "%s%s", i ? " " : "",
					 word);
}

/* Cut off the checksum of a line. Return 0, or -EBADMSG if the line is damaged. */
static int line_check(char *line)
{
	char sum[] = " #XXXXXXXX";
	size_t len = strlen(line), end = len - (sizeof(sum) - 1);

	if (len < sizeof(sum))
		return -EBADMSG;
	snprintf(sum, sizeof(sum), " #%08x", journal_checksum(line, end));
	if (strcmp(line + end, sum) != 0)
		return -EBADMSG;
	line[end] = '\0';
	return 0;
}

/* Parse the first line. -ESTALE: the journal is of another boot. */
static int leftover_parse_header(struct leftover *left, const struct kern_root *root,
				 char *line)
{
	const char *word = line, *boot_id, *slash;
	int err, n = line_split(line);
	char now[64];

	if (n < 4 || strcmp(word, "drmgr-journal") != 0)
		return -EBADMSG;
	word = journal_word_next(word);
	if (strcmp(word, "1") != 0 && strcmp(word, "2") != 0)
		return -EBADMSG;
	boot_id = journal_word_next(word);
	word = journal_word_next(boot_id);
	left->pid = (int)strtol(word, NULL, 10);
	word = journal_word_next(word);
	slash = n > 4 ? strrchr(word, '/') : NULL;
	journal_words_join(slash ? slash + 1 : word, n - 4, left->command,
			   sizeof(left->command));
	err = sysfs_text(root, now, sizeof(now), "proc/sys/kernel/random/boot_id");
	return err ? err : strcmp(boot_id, now) != 0 ? -ESTALE : 0;
}

/* Parse "begin NUMBER OP ARGUMENT...". */
static int leftover_parse_begin(struct leftover *left, struct mem *m, char *line)
{
	char *end, *number = line + strlen("begin ");
	struct journal_step *step;
	int n;

	if (strtoul(number, &end, 10) != left->n_steps + 1 || *end != ' ')
		return -EBADMSG;
	if (left->n_steps == JOURNAL_STEPS_MAX)
		return -E2BIG;
	n = line_split(line);
	step = vec_add(m, left->steps, left->n_steps);
	*step = (struct journal_step){ .words = "" };
	if (n > 2)
		*step = (struct journal_step){
			.words = journal_word_next(journal_word_next(line)),
			.n_words = n - 2,
		};
	return mem_check(m);
}

/* Parse the process of a "writer" or "waiter" line. The newest counts: writers follow each
 * other. */
static int writer_parse(struct kern_writer *writer, const char *word)
{
	const char *start = journal_word_next(word);
	uint64_t pid;

	if (number_read(word, strlen(word), 10, &pid) || pid > INT32_MAX ||
	    number_read(start, strlen(start), 10, &writer->start))
		return -EBADMSG;
	writer->pid = (pid_t)pid;
	snprintf(writer->path, sizeof(writer->path), "%s", journal_word_next(start));
	return 0;
}

static int leftover_parse_line(struct leftover *left, struct mem *m, char *line,
			       struct kern_writer *waiter)
{
	struct journal_step *step;
	const char *word;
	uint64_t number;
	int n;

	if (!strncmp(line, "begin ", strlen("begin ")))
		return leftover_parse_begin(left, m, line);
	n = line_split(line);
	word = n > 1 ? journal_word_next(line) : "";
	if (n == 1 && !strcmp(line, "commit")) {
		left->n_kept = left->n_steps;
		return 0;
	}
	if (n == 2 && !strcmp(line, "kind")) {
		snprintf(left->kind, sizeof(left->kind), "%s", word);
		return 0;
	}
	if (n == 3 && !strcmp(line, "save")) /* older versions saved nodes in files */
		return -EPROTO;
	if (n == 4 && !strcmp(line, "writer"))
		return writer_parse(&left->writer, word);
	if (n == 4 && !strcmp(line, "waiter"))
		return writer_parse(waiter, word);
	if (n < 2 || number_read(word, strlen(word), 10, &number) || !number ||
	    number > left->n_steps)
		return -EBADMSG;
	if (!strcmp(line, "done")) {
		step = &left->steps[number - 1];
		step->is_done = true;
		step->n_inodes = n - 2;
		step->inodes = journal_word_next(word);
		return 0;
	}
	if (n > 2)
		return -EBADMSG;
	if (!strcmp(line, "undone"))
		left->steps[number - 1].is_undone = true;
	else if (strcmp(line, "commit") != 0)
		return -EBADMSG;
	else if (number > left->n_kept)
		left->n_kept = number;
	return 0;
}

/* Parse all lines. A last line without an LF is ignored. */
static int leftover_parse(struct leftover *left, struct mem *m,
			  const struct kern_root *root, char *text, size_t len,
			  struct kern_writer *waiter)
{
	bool has_sums =
		strncmp(text, "drmgr-journal 1 ", strlen("drmgr-journal 1 ")) != 0;
	char *line = text, *end;
	int err = 0;

	while (!err && (end = memchr(line, '\n', len - (size_t)(line - text)))) {
		*end = '\0';
		if (strlen(line) != (size_t)(end - line) ||
		    (has_sums && line_check(line)))
			return -EBADMSG;
		err = line == text ? leftover_parse_header(left, root, line)
				   : leftover_parse_line(left, m, line, waiter);
		line = end + 1;
		left->size = (size_t)(line - text);
	}
	return err;
}

/* ---- The connectors of the open steps, and their nodes ---- */

bool leftover_step_is_open(const struct leftover *left, size_t i)
{
	return i >= left->n_kept && !left->steps[i].is_undone;
}

const struct journal_step *leftover_open_step(const struct leftover *left)
{
	size_t i = left->n_steps;

	while (i && !leftover_step_is_open(left, i - 1))
		i--;
	return i ? &left->steps[i - 1] : NULL;
}

/* The words are "OP INDEX NAME TYPE DOMAIN PARENT...", or for memory "OP COUNT INDEX". */
bool step_connector(const struct journal_step *step, struct left_connector *c)
{
	const char *word = step->words, *first, *second;
	bool is_range;

	*c = (struct left_connector){ .count = 1, .name = "" };
	if (step->n_words < 3)
		return false;
	is_range = !strcmp(word, "memory-add") || !strcmp(word, "memory-remove");
	first = journal_word_next(word);
	second = journal_word_next(first);
	if (is_range)
		return journal_number(first, &c->count) &&
		       journal_number(second, &c->index) && c->index;
	if (!strncmp(second, "0x", 2) || !journal_number(first, &c->index) || !c->index)
		return false;
	c->name = second;
	if (step->n_words > 5)
		c->parent =
			journal_word_next(journal_word_next(journal_word_next(second)));
	return true;
}

/* The children of one node, by the indexes of their connectors. */
struct left_nodes {
	struct mem mem;
	int err;	    /* of reading any */
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
	int err;

	mem_end(&nodes->mem);
	*nodes = (struct left_nodes){ .parent = parent, .err = nodes->err };
	err = kern_read_failure(node_children(root, parent, &names));
	if (err)
		nodes->err = err;
	for (size_t i = 0; i < names.n; i++) {
		const char *node = node_child(&nodes->mem, parent, names.name[i]);

		err = mem_check(&nodes->mem);
		if (!err)
			err = prop_u32(root, node, "ibm,my-drc-index", &index);
		if (kern_read_failure(err))
			nodes->err = err;
		if (err)
			continue;
		number_map_add(&nodes->mem, &nodes->by_index, index, nodes->n);
		*vec_add(&nodes->mem, nodes->list, nodes->n) = node;
	}
	number_map_sort(&nodes->by_index);
}

/* Find the node that occupies the connector now. A long list has one parent. */
static void left_nodes_find(struct left_nodes *nodes, struct mem *m,
			    const struct kern_root *root, struct left_connector *c)
{
	size_t at;

	if (!c->parent)
		return;
	if (!nodes->parent || strcmp(nodes->parent, c->parent) != 0)
		left_nodes_read(nodes, root, c->parent);
	if (!mem_check(&nodes->mem) && number_map_find(&nodes->by_index, c->index, &at))
		c->node = mem_copy(m, nodes->list[at]);
}

int journal_decode_fdt(const char *word, struct fdt_frag *frag)
{
	size_t len = strlen(word) / 2;
	unsigned char *bytes = malloc(len + 1);
	uint64_t byte = 0;
	int err = bytes ? 0 : -ENOMEM;

	for (size_t i = 0; !err && i < len; i++) {
		err = number_read(word + 2 * i, 2, 16, &byte) ? -EBADMSG : 0;
		bytes[i] = (unsigned char)byte;
	}
	if (!err && fdt_check(bytes, len))
		err = -EBADMSG;
	*frag = (struct fdt_frag){ .fdt = bytes, .size = len };
	if (err)
		fdt_frag_free(frag);
	return err;
}

/* A code that cannot be read names no connector. */
static void leftover_add_code(struct leftover *left, struct mem *m, const char *code,
			      size_t len)
{
	if (len && memchr(code, 0, len) == code + len - 1)
		*vec_add(m, left->codes, left->n_codes) = mem_copy(m, code);
}

/* Add the codes of the nodes that a step removes. */
static void leftover_add_saved_codes(struct leftover *left, struct mem *m,
				     const struct journal_step *step)
{
	static const char magic[] = "d00dfeed";
	struct fdt_frag saved = { 0 };
	const char *word = step->words, *code;
	int len, top = -1;

	for (int i = 1; i < step->n_words; i++)
		word = journal_word_next(word);
	if (!strncmp(word, magic, strlen(magic)) && !journal_decode_fdt(word, &saved))
		top = fdt_frag_top(&saved);
	for (; top >= 0; top = fdt_frag_next_top(&saved, top)) {
		code = fdt_getprop(saved.fdt, top, "ibm,loc-code", &len);
		if (code)
			leftover_add_code(left, m, code, (size_t)len);
	}
	fdt_frag_free(&saved);
}

/* Find each connector of an open step once. */
static int leftover_find_connectors(struct leftover *left, struct mem *m,
				    const struct kern_root *root)
{
	struct left_nodes nodes = { 0 };
	struct left_connector c;
	size_t at;

	for (size_t i = left->n_kept; i < left->n_steps; i++)
		if (leftover_step_is_open(left, i) && step_connector(&left->steps[i], &c))
			number_map_add(m, &left->by_index, c.index, i);
	number_map_sort(&left->by_index);
	for (size_t i = 0; !mem_check(m) && i < left->n_steps; i++) {
		_cleanup_free_ char *code = NULL;

		if (!leftover_step_is_open(left, i) ||
		    !step_connector(&left->steps[i], &c))
			continue;
		left_nodes_find(&nodes, m, root, &c);
		if (!c.node)
			leftover_add_saved_codes(left, m, &left->steps[i]);
		if (!number_map_find(&left->by_index, c.index, &at) || at != i)
			continue;
		left->has_ranges |= c.count > 1;
		*vec_add(m, left->list, left->n) = c;
		if (c.node && !prop_str(root, c.node, "ibm,loc-code", &code))
			leftover_add_code(left, m, code, strlen(code) + 1);
	}
	left->nodes_err = nodes.err;
	mem_end(&nodes.mem);
	return mem_check(m);
}

/* ---- One leftover ---- */

int journal_open(const struct kern_root *root, const char *file, int flags, int *dir)
{
	int fd;

	*dir = own_dir_open(root, JOURNAL_DIR);
	fd = *dir < 0 ? *dir : own_file_open(*dir, file, flags, 0);
	/* a link, or another file in place of the folder */
	return fd == -ELOOP || fd == -ENOTDIR ? -EPERM : fd;
}

bool leftover_is_unread_now(int err)
{
	return err == -EMFILE || err == -ENFILE || err == -ENOMEM;
}

int leftover_load(struct leftover *left, struct mem *m, const struct kern_root *root,
		  const char *file, int fd)
{
	struct kern_writer waiter = { .pid = 0 };
	char *text = NULL;
	struct stat st;
	size_t len = 0;
	int err;

	*left = (struct leftover){ .err = fd < 0 ? fd : 0 };
	snprintf(left->file, sizeof(left->file), "%s", file);
	if (fd >= 0 && !fstat(fd, &st))
		left->since = st.st_mtime;
	if (!left->err)
		left->err = kern_read_fd(fd, JOURNAL_BYTES_MAX, &text, &len);
	text = mem_own(m, text);
	if (!left->err)
		left->err = text ? leftover_parse(left, m, root, text, len, &waiter)
				 : -ENOMEM;
	left->has_run = writer_is_alive(root, &waiter);
	if (writer_is_alive(root, &left->writer)) {
		left->state = LEFTOVER_WAITING;
	} else if (left->has_run) {
		left->state = LEFTOVER_NEEDS_LOCK;
		left->writer = waiter;
	} else {
		left->writer.pid = 0;
	}
	err = leftover_find_connectors(left, m, root);
	if (!left->err)
		left->err = err;
	return left->err;
}

int leftover_read(struct leftover *left, struct mem *m, const struct kern_root *root,
		  const char *file)
{
	_cleanup_close_ int dir = -1, fd = journal_open(root, file, O_RDONLY, &dir);

	return leftover_load(left, m, root, file, fd);
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

		if (leftover_read(&left, &ls->mem, root, files.name[i]) !=
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
	return !left->n && (!*left->kind || !strcmp(left->kind, kind));
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
	if (!left->n && *left->command)
		fputs(left->command, to);
	else if (!left->n)
		fprintf(to, "/" JOURNAL_DIR "/%s", left->file);
	return text_close(to, &text);
}

static bool leftover_is_set_aside(const struct leftover *left)
{
	return strcmp(left->file, JOURNAL_FILE) != 0;
}

static void leftover_print_discard(FILE *to, const struct leftover *left)
{
	bool is_named = leftover_is_set_aside(left);

	fprintf(to, "run drmgr --recover --discard%s%s", is_named ? " " : "",
		is_named ? left->file : "");
}

const char *leftover_reason(int err)
{
	switch (err) {
	case -EPERM:
		return "not a file that only root can write";
	case -EPROTO:
		return "the journal of another version of papr-toolkit";
	case -EBADMSG:
	case -E2BIG:
		return "not a journal";
	default:
		return strerror(-err);
	}
}

/* Print why it cannot be read, and what helps. */
static void leftover_print_unread(FILE *to, const struct leftover *left)
{
	fprintf(to, "/" JOURNAL_DIR "/%s: %s: ", left->file, leftover_reason(left->err));
	if (leftover_is_unread_now(left->err)) {
		fputs("it cannot be read now: try again", to);
	} else {
		fputs("examine it and the machine, then ", to);
		leftover_print_discard(to, left);
	}
}

/* Print what helps now. step: the last open one; NULL: no step is open. */
static void leftover_print_help(FILE *to, const struct leftover *left,
				const struct journal_step *step)
{
	if (left->state == LEFTOVER_RUNNING)
		fputs("it has the lock", to);
	else if (left->state == LEFTOVER_NEEDS_LOCK)
		fputs("it goes on when it has the lock", to);
	else if (left->has_run)
		fprintf(to, "it goes on when its write to /%s has ended",
			left->writer.path);
	else if (left->state == LEFTOVER_WAITING)
		fprintf(to, "when PID %d has ended its write to /%s, run drmgr --recover",
			(int)left->writer.pid, left->writer.path);
	else if (!step || undo_kind_by_name(step->words))
		fprintf(to, "%srun drmgr --recover",
			leftover_is_set_aside(left) ? "correct the cause, and " : "");
	else {
		fputs("by another version of papr-toolkit: let that one run drmgr "
		      "--recover, or undo its steps by hand, and ",
		      to);
		leftover_print_discard(to, left);
	}
}

char *leftover_text(const struct leftover *left)
{
	static const char *const states[] = {
		[LEFTOVER_INCOMPLETE] = ": incomplete since",
		[LEFTOVER_NEEDS_LOCK] = ": waiting for the lock since",
		[LEFTOVER_WAITING] = ": waiting for the kernel since",
		[LEFTOVER_RUNNING] = ": running since",
	};
	const struct journal_step *open = leftover_open_step(left);
	const char *step = open && *open->words ? open->words : "-";
	_cleanup_free_ char *names = leftover_names(left);
	time_t time = (time_t)left->since;
	struct tm tm = { .tm_mday = 1 };
	char since[32], *text = NULL;
	size_t size;
	FILE *to = open_memstream(&text, &size);

	if (!to)
		return NULL;
	if (left->err && left->state != LEFTOVER_RUNNING) {
		leftover_print_unread(to, left);
		return text_close(to, &text);
	}
	localtime_r(&time, &tm);
	strftime(since, sizeof(since), "%Y-%m-%d %H:%M:%S", &tm);
	fprintf(to, "%s%s %s", names ? names : "", states[left->state], since);
	if (left->pid)
		fprintf(to, ", step %s of PID %d (%s)", step, left->pid, left->command);
	fputs(": ", to);
	leftover_print_help(to, left, open);
	return text_close(to, &text);
}
