// SPDX-License-Identifier: GPL-2.0-or-later
/* runs in: guest, sim; links: */
/*
 * overlaymodel - compare /proc/device-tree-overlay with a model of the tree, by random
 * blobs
 *
 *   overlaymodel SEED BLOBS
 *
 * Below /ovm, which it adds: fragments of each operation, properties and nodes that are
 * changed twice, handles in all combinations, blobs with papr,format and without it. In
 * between: nodes removed and added by ofdt, reverts in any order, and a
 * part of the kernel that refuses (a processor too many). The model predicts the result
 * of each write, and then the whole tree is compared.
 *
 * If the module papr_test_notifier is loaded, it refuses a chosen step of some blobs. It
 * also compares the tree at each notification: once the removed nodes are gone, all changes
 * are in the tree at the first one.
 *
 * Prints the first difference, or the numbers. Exit status: 0, 1 a difference.
 */
#include <dirent.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_NAME "/proc/device-tree-overlay"
#define OFDT	  "/proc/ppc64/ofdt"
#define TREE	  "/proc/device-tree"
#define TOP	  "/ovm"
#define REFUSE_AT "/sys/module/papr_test_notifier/parameters/refuse_at"
#define SUMS	  "/sys/module/papr_test_notifier/parameters/sums"

enum {
	NAMES = 3,
	PROPS = 3,
	HANDLES = 4,
	HANDLE_FIRST = 0xfd01,
	HANDLE_TOP = 0xfc00,
	DEPTH = 3,
	PROPS_MAX = PROPS + 3, /* and handles */
	RECORDS = 4096,
	FRAGMENTS = 4,
	PATH_BYTES = 128,
	BLOB_BYTES = 65536,
};

static const char *const names[NAMES] = { "a", "b@1", "c" };
static const char *const props[PROPS] = { "p", "q", "r" };
static const char *const handles[] = { "phandle", "linux,phandle", "ibm,phandle" };

struct prop {
	const char *name;
	uint32_t value;
	bool is_touched; /* changed by this blob */
	bool is_set;
};

struct node {
	const char *name;
	struct node *parent;
	struct node *child[NAMES]; /* by name */
	struct prop prop[PROPS_MAX];
	int n_props;
	uint32_t handle;
	struct node *was; /* in the tree before; NULL: new */
};

enum effect_kind { ADDED, REMOVED, PROPERTY };

struct effect {
	struct effect *next;
	enum effect_kind kind;
	char path[PATH_BYTES];
	struct node *copy;
	struct prop old, now;
};

struct record {
	bool is_there;
	unsigned int order;
	struct effect *effects;
};

static struct node *live;
static struct record records[RECORDS];
static unsigned int last_order, n_applied, n_refused, n_reverted, n_busy, n_others,
	n_stopped, n_extended, n_watched;
static uint64_t state;
static char story[8192];

static uint32_t dice(uint32_t n)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (uint32_t)((state >> 16) % n);
}

static void tell(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
static void tell(const char *fmt, ...)
{
	size_t len = strlen(story);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(story + len, sizeof(story) - len, fmt, ap);
	va_end(ap);
}

/* ---- The model ------------------------------------------------------------------------- */

static struct node *node_new(const char *name, struct node *parent)
{
	struct node *n = calloc(1, sizeof(*n));

	if (!n)
		err(2, "memory");
	n->name = name;
	n->parent = parent;
	return n;
}

static struct node **place_of(struct node *parent, const char *name)
{
	for (int i = 0; i < NAMES; i++)
		if (!strcmp(names[i], name))
			return &parent->child[i];
	errx(2, "no such name: %s", name);
}

static struct prop *prop_of(struct node *n, const char *name)
{
	for (int i = 0; i < n->n_props; i++)
		if (!strcmp(n->prop[i].name, name))
			return &n->prop[i];
	return NULL;
}

static bool has(struct node *n, const char *name)
{
	const struct prop *p = prop_of(n, name);

	return p && p->is_set;
}

static void put(struct node *n, const char *name, uint32_t value, bool is_set)
{
	struct prop *p = prop_of(n, name);

	if (!p) {
		if (n->n_props == PROPS_MAX)
			errx(2, "too many properties");
		p = &n->prop[n->n_props++];
		p->name = name;
	}
	p->value = value;
	p->is_set = is_set;
	p->is_touched = true;
}

static bool is_handle(const char *name)
{
	return strstr(name, "phandle") != NULL;
}

static struct node *copy_of(struct node *n, struct node *parent)
{
	struct node *copy = node_new(n->name, parent);

	copy->handle = n->handle;
	copy->was = n;
	for (int i = 0; i < n->n_props; i++)
		if (n->prop[i].is_set) {
			copy->prop[copy->n_props] = n->prop[i];
			copy->prop[copy->n_props++].is_touched = false;
		}
	for (int i = 0; i < NAMES; i++)
		if (n->child[i])
			copy->child[i] = copy_of(n->child[i], copy);
	return copy;
}

static struct node *by_handle(struct node *n, uint32_t handle)
{
	struct node *found = NULL;

	if (n->handle == handle)
		return n;
	for (int i = 0; i < NAMES && !found; i++)
		if (n->child[i])
			found = by_handle(n->child[i], handle);
	return found;
}

static void path_of(const struct node *n, char *path)
{
	if (!n->parent) {
		strcpy(path, TOP);
		return;
	}
	path_of(n->parent, path);
	strcat(path, "/");
	strcat(path, n->name);
}

static struct node *find(struct node *top, const char *path)
{
	char copy[PATH_BYTES], *save, *word;
	struct node *n = top;

	snprintf(copy, sizeof(copy), "%s", path);
	word = strtok_r(copy, "/", &save); /* TOP */
	while (n && (word = strtok_r(NULL, "/", &save)))
		n = *place_of(n, word);
	return n;
}

/* ---- A blob's bytes -------------------------------------------------------------------- */

static uint8_t structure[BLOB_BYTES], strings[BLOB_BYTES], blob[BLOB_BYTES * 3];
static size_t structure_len, strings_len;

static void word(uint32_t value)
{
	uint8_t *at = structure + structure_len;

	at[0] = (uint8_t)(value >> 24);
	at[1] = (uint8_t)(value >> 16);
	at[2] = (uint8_t)(value >> 8);
	at[3] = (uint8_t)value;
	structure_len += 4;
}

static void bytes(const void *data, size_t len)
{
	memcpy(structure + structure_len, data, len);
	structure_len += len;
	while (structure_len % 4)
		structure[structure_len++] = 0;
}

static void begin(const char *name)
{
	word(1);
	bytes(name, strlen(name) + 1);
}

static void end(void)
{
	word(2);
}

static void property(const char *name, const void *value, size_t len)
{
	word(3);
	word((uint32_t)len);
	word((uint32_t)strings_len);
	bytes(value, len);
	memcpy(strings + strings_len, name, strlen(name) + 1);
	strings_len += strlen(name) + 1;
}

static void text(const char *name, const char *value)
{
	property(name, value, strlen(value) + 1);
}

static void cell(const char *name, uint32_t value)
{
	uint8_t be[4] = { (uint8_t)(value >> 24), (uint8_t)(value >> 16),
			  (uint8_t)(value >> 8), (uint8_t)value };

	property(name, be, sizeof(be));
}

static void blob_begin(void)
{
	structure_len = strings_len = 0;
	begin("");
}

/* Return 0, or the number of the error. */
static int blob_write(void)
{
	static const uint32_t reserved[4];
	size_t body, total;
	uint32_t head[10];
	uint8_t *at = blob;
	int fd, result;

	end();
	word(9);
	body = sizeof(head) + sizeof(reserved);
	total = body + structure_len + strings_len;
	memcpy(head,
	       (uint32_t[]){ 0xd00dfeed, (uint32_t)total, (uint32_t)body,
			     (uint32_t)(body + structure_len), sizeof(head), 17, 16, 0,
			     (uint32_t)strings_len, (uint32_t)structure_len },
	       sizeof(head));
	for (int i = 0; i < 10; i++)
		for (int shift = 24; shift >= 0; shift -= 8)
			*at++ = (uint8_t)(head[i] >> shift);
	memcpy(blob + sizeof(head), reserved, sizeof(reserved));
	memcpy(blob + body, structure, structure_len);
	memcpy(blob + body + structure_len, strings, strings_len);
	fd = open(FILE_NAME, O_WRONLY);
	if (fd < 0)
		err(2, FILE_NAME);
	result = write(fd, blob, total) == (ssize_t)total ? 0 : errno;
	close(fd);
	return result;
}

/* ---- Random fragments: their blob, and their effect on the model
 * ----------------------- */

enum op { MERGE, ADD, UPDATE, REMOVE_NODE, REMOVE_PROPERTIES, OPS };

static const char *const ops[OPS] = { "merge", "add", "update", "remove-node",
				      "remove-properties" };

struct fragment {
	char name[16];
	enum op op;
	char path[PATH_BYTES]; /* of the target; "": by handle */
	uint32_t handle;
	struct node *target;
	struct node *content;
	const char *removed[PROPS_MAX];
	int n_removed;
};

static void random_props(struct node *n)
{
	for (int i = 0; i < PROPS; i++) {
		if (dice(3))
			continue;
		put(n, props[i], dice(3), true);
	}
	if (!dice(6)) {
		const char *name = handles[dice(3)];

		put(n, name, HANDLE_FIRST + dice(HANDLES), true);
		n->handle = prop_of(n, name)->value;
	}
}

static struct node *random_content(struct node *parent, const char *name, int depth)
{
	struct node *n = node_new(name, parent);

	random_props(n);
	for (int i = 0; i < NAMES && depth; i++)
		if (!dice(3))
			n->child[i] = random_content(n, names[i], depth - 1);
	return n;
}

static void content_write(const struct node *n)
{
	for (int i = 0; i < n->n_props; i++) {
		cell(n->prop[i].name, n->prop[i].value);
		tell(" %s=%x", n->prop[i].name, n->prop[i].value);
	}
	for (int i = 0; i < NAMES; i++)
		if (n->child[i]) {
			begin(names[i]);
			tell(" %s{", names[i]);
			content_write(n->child[i]);
			tell(" }");
			end();
		}
}

static int merge_property(struct node *top, struct node *n, enum op op,
			  const struct prop *p)
{
	if (is_handle(p->name)) {
		if (n->handle)
			return n->handle == p->value ? 0 : EINVAL;
		if (n->was) /* a live node gets no handle */
			return EOPNOTSUPP;
		if (op == UPDATE)
			return ENOENT;
		if (by_handle(top, p->value))
			return EEXIST;
		n->handle = p->value;
	} else if (op == ADD && has(n, p->name)) {
		return EEXIST;
	} else if (op == UPDATE && !has(n, p->name)) {
		return ENOENT;
	}
	put(n, p->name, p->value, true);
	return 0;
}

static int add(struct node *top, struct node *parent, const struct node *like)
{
	struct node *n;
	int error = 0;

	if (like->handle && by_handle(top, like->handle))
		return EEXIST;
	n = *place_of(parent, like->name) = node_new(like->name, parent);
	n->handle = like->handle;
	for (int i = 0; i < like->n_props; i++)
		put(n, like->prop[i].name, like->prop[i].value, true);
	for (int i = 0; i < NAMES && !error; i++)
		if (like->child[i])
			error = add(top, n, like->child[i]);
	return error;
}

static int merge(struct node *top, struct node *n, enum op op, const struct node *content)
{
	int error = 0;

	for (int i = 0; i < content->n_props && !error; i++)
		error = merge_property(top, n, op, &content->prop[i]);
	for (int i = 0; i < NAMES && !error; i++) {
		if (!content->child[i])
			continue;
		if (n->child[i])
			error = op == ADD
					? EEXIST
					: merge(top, n->child[i], op, content->child[i]);
		else
			error = op == UPDATE ? ENOENT : add(top, n, content->child[i]);
	}
	return error;
}

/* Each fragment depends on the ones before. */
static int apply_fragment(struct node *top, struct fragment *f)
{
	struct node *n = *f->path ? find(top, f->path) : by_handle(top, f->handle);

	f->target = n;
	if (!n)
		return ENODEV;
	switch (f->op) {
	case REMOVE_NODE:
		*place_of(n->parent, n->name) = NULL;
		return 0;
	case REMOVE_PROPERTIES:
		for (int i = 0; i < f->n_removed; i++) {
			if (!has(n, f->removed[i]))
				return ENOENT;
			if (is_handle(f->removed[i]))
				return EINVAL;
			put(n, f->removed[i], 0, false);
		}
		return 0;
	default:
		return merge(top, n, f->op, f->content);
	}
}

/* The path of an existing node, sometimes of a missing one. */
static void random_path(struct node *top, char *path)
{
	struct node *n = top, *child;

	while ((child = n->child[dice(NAMES)]) && dice(4))
		n = child;
	path_of(n, path);
	if (dice(12) || !n->parent)
		return;
	strcat(path, "/");
	strcat(path, names[dice(NAMES)]);
}

static const char *random_prop(const struct node *n)
{
	const char *name = NULL;

	if (n && n->n_props && dice(8))
		name = n->prop[dice((uint32_t)n->n_props)].name;
	if (name)
		return name;
	return dice(6) ? props[dice(PROPS)] : handles[dice(3)];
}

/* In most cases, an operation that can succeed. */
static enum op random_op(void)
{
	static const enum op often[] = {
		MERGE, MERGE,  MERGE,	    MERGE,	 MERGE,
		ADD,   UPDATE, REMOVE_NODE, REMOVE_NODE, REMOVE_PROPERTIES
	};

	return often[dice(sizeof(often) / sizeof(*often))];
}

/* The path of a node in the content of the fragment before. */
static bool random_extension(struct fragment *f, int number)
{
	const struct node *n = number && *f[-1].path ? f[-1].content : NULL, *child;

	if (!n || dice(3) || strlen(f[-1].path) > PATH_BYTES / 2)
		return false;
	strcpy(f->path, f[-1].path);
	for (; (child = n->child[dice(NAMES)]); n = child)
		sprintf(f->path + strlen(f->path), "/%s", child->name);
	n_extended += n != f[-1].content;
	return n != f[-1].content;
}

static void random_fragment(struct node *top, struct fragment *f, int number)
{
	struct node *target = NULL;
	char list[64];
	size_t len = 0;

	*f = (struct fragment){ .op = random_op() };
	snprintf(f->name, sizeof(f->name), dice(4) ? "fragment@%d" : "any-%d", number);
	begin(f->name);
	if (dice(8)) {
		if (!random_extension(f, number))
			random_path(top, f->path);
		if (number && !dice(6))
			sprintf(f->path + strlen(f->path), "/%s", names[dice(NAMES)]);
		text("target-path", f->path);
		tell("; %s", f->path);
		target = find(top, f->path);
	} else {
		f->handle = HANDLE_FIRST + dice(HANDLES);
		cell("target", f->handle);
		tell("; %x", f->handle);
		target = by_handle(top, f->handle);
	}
	/* The top node is not removed; an earlier fragment can give it a handle. */
	if (f->op == REMOVE_NODE && (target == top || (number && !*f->path)))
		f->op = MERGE;
	text("papr,op", ops[f->op]);
	tell(" %s", ops[f->op]);
	if (f->op == REMOVE_PROPERTIES) {
		f->n_removed = 1 + !dice(4);
		for (int i = 0; i < f->n_removed; i++) {
			f->removed[i] = random_prop(target);
			tell(" %s", f->removed[i]);
			memcpy(list + len, f->removed[i], strlen(f->removed[i]) + 1);
			len += strlen(f->removed[i]) + 1;
		}
		property("papr,properties", list, len);
	} else if (f->op != REMOVE_NODE) {
		f->content = random_content(NULL, "__overlay__", 2);
		begin("__overlay__");
		content_write(f->content);
		end();
	}
	end();
}

/* ---- Effects of a blob
 * ------------------------------------------------------------------- */

static struct effect *effect_new(struct effect **list, enum effect_kind kind,
				 const struct node *n)
{
	struct effect *e = calloc(1, sizeof(*e));

	if (!e)
		err(2, "memory");
	e->kind = kind;
	path_of(n, e->path);
	e->next = *list;
	return *list = e;
}

static void effects_of_props(struct effect **list, struct node *n)
{
	for (int i = 0; i < n->n_props; i++) {
		struct prop *p = &n->prop[i], *old = prop_of(n->was, p->name);
		struct effect *e;

		if (!p->is_touched || (!p->is_set && !old) ||
		    (p->is_set && old && p->value == old->value))
			continue;
		e = effect_new(list, PROPERTY, n);
		e->now = *p;
		e->old = old ? *old : (struct prop){ .name = p->name };
	}
}

static void effects_of(struct effect **list, struct node *n)
{
	effects_of_props(list, n);
	for (int i = 0; i < NAMES; i++) {
		struct node *now = n->child[i], *before = n->was->child[i];

		if (before && (!now || now->was != before))
			effect_new(list, REMOVED, before)->copy = copy_of(before, NULL);
		if (now && !now->was)
			effect_new(list, ADDED, now)->copy = copy_of(now, NULL);
		else if (now)
			effects_of(list, now);
	}
}

static bool is_below(const char *path, const char *other)
{
	size_t len = strlen(path);

	return !strncmp(path, other, len) && other[len] == '/';
}

static bool effects_overlap(const struct effect *x, const struct effect *y)
{
	if (!strcmp(x->path, y->path))
		return x->kind != PROPERTY || y->kind != PROPERTY ||
		       !strcmp(x->now.name, y->now.name);
	return (x->kind != PROPERTY && is_below(x->path, y->path)) ||
	       (y->kind != PROPERTY && is_below(y->path, x->path));
}

static bool overlap(const struct record *a, const struct record *b)
{
	for (const struct effect *x = a->effects; x; x = x->next)
		for (const struct effect *y = b->effects; y; y = y->next)
			if (effects_overlap(x, y))
				return true;
	return false;
}

static unsigned int count(const struct node *n)
{
	unsigned int nodes = 1;

	for (int i = 0; i < NAMES; i++)
		if (n->child[i])
			nodes += count(n->child[i]);
	return nodes;
}

/* Return the number of changes of the tree that notifiers see. */
static unsigned int steps_of(const struct effect *effects)
{
	unsigned int steps = 0;

	for (; effects; effects = effects->next)
		steps += effects->copy ? count(effects->copy) : 1;
	return steps;
}

/* Sometimes a notifier refuses one of the steps: return 0, or the error of the write. */
static int refuse_step(unsigned int steps)
{
	unsigned int at = 1 + dice(12);
	char number[16];
	int fd, len;

	if (dice(3))
		return 0;
	fd = open(REFUSE_AT, O_WRONLY);
	if (fd < 0)
		return 0;
	len = snprintf(number, sizeof(number), "%u", at);
	if (write(fd, number, (size_t)len) != len)
		err(2, REFUSE_AT);
	close(fd);
	tell("; stopped at %u", at);
	return at <= steps ? EREMOTEIO : 0;
}

static void differs(const char *path, const char *what)
{
	printf("%s: %s\n%s\n", path, what, story);
	exit(1);
}

static void parameter_reset(const char *file)
{
	int fd = open(file, O_WRONLY);

	if (fd >= 0 && write(fd, "0", 1) != 1)
		err(2, "%s", file);
	if (fd >= 0)
		close(fd);
}

/* Write the blob. If it succeeds, the kernel's parts saw its changes all at once. */
static int watched_write(void)
{
	unsigned int different, last, now;
	FILE *sums;
	int result;

	parameter_reset(SUMS);
	result = blob_write();
	parameter_reset(REFUSE_AT);
	sums = fopen(SUMS, "r");
	if (!sums)
		return result;
	if (fscanf(sums, "%u %x %x", &different, &last, &now) != 3)
		errx(2, "%s", SUMS);
	fclose(sums);
	if (!result && (different || (last && last != now)))
		differs(TOP, "was another tree when the kernel's parts were notified");
	n_watched += !result && last;
	return result;
}

static bool same(struct node *a, struct node *b)
{
	int n = 0;

	for (int i = 0; i < a->n_props; i++)
		if (a->prop[i].is_set) {
			const struct prop *p = prop_of(b, a->prop[i].name);

			if (!p || !p->is_set || p->value != a->prop[i].value)
				return false;
			n++;
		}
	for (int i = 0; i < b->n_props; i++)
		n -= b->prop[i].is_set;
	for (int i = 0; i < NAMES; i++)
		if (!a->child[i] != !b->child[i] ||
		    (a->child[i] && !same(a->child[i], b->child[i])))
			return false;
	return !n;
}

static int take_back_property(struct node *top, const struct effect *e)
{
	struct node *n = find(top, e->path);
	const struct prop *p = n ? prop_of(n, e->now.name) : NULL;
	bool is_set = p && p->is_set;

	if (!n || is_set != e->now.is_set || (is_set && p->value != e->now.value))
		return EBUSY;
	put(n, e->now.name, e->old.value, e->old.is_set);
	return 0;
}

static bool handles_are_free(struct node *top, const struct node *n)
{
	if (n->handle && by_handle(top, n->handle))
		return false;
	for (int i = 0; i < NAMES; i++)
		if (n->child[i] && !handles_are_free(top, n->child[i]))
			return false;
	return true;
}

static int take_back(struct node *top, const struct effect *e)
{
	char above[PATH_BYTES];
	struct node *n = find(top, e->path), *parent;

	switch (e->kind) {
	case ADDED:
		if (!n || !same(n, e->copy))
			return EBUSY;
		*place_of(n->parent, n->name) = NULL;
		return 0;
	case PROPERTY:
		return take_back_property(top, e);
	case REMOVED:
		break;
	}
	strcpy(above, e->path);
	*strrchr(above, '/') = '\0';
	parent = find(top, above);
	if (n || !parent || !handles_are_free(top, e->copy))
		return EBUSY;
	*place_of(parent, e->copy->name) = copy_of(e->copy, parent);
	return 0;
}

/* ---- The tree ------------------------------------------------------------------------------ */

static void compare(struct node *n, const char *path)
{
	char file[256];
	struct dirent *entry;
	int n_props = 0, n_nodes = 0;
	DIR *dir;

	snprintf(file, sizeof(file), TREE "%s", path);
	dir = opendir(file);
	if (!dir)
		differs(path, "is not there");
	while ((entry = readdir(dir))) {
		n_props += entry->d_type == DT_REG && strcmp(entry->d_name, "name");
		n_nodes += entry->d_type == DT_DIR && *entry->d_name != '.';
	}
	closedir(dir);
	for (int i = 0; i < n->n_props; i++) {
		uint8_t value[8];
		ssize_t len;
		int fd;

		if (!n->prop[i].is_set)
			continue;
		n_props--;
		snprintf(file, sizeof(file), TREE "%s/%s", path, n->prop[i].name);
		fd = open(file, O_RDONLY);
		len = fd < 0 ? -1 : read(fd, value, sizeof(value));
		if (fd >= 0)
			close(fd);
		if (len != 4 || ((uint32_t)value[0] << 24 | (uint32_t)value[1] << 16 |
				 (uint32_t)value[2] << 8 | value[3]) != n->prop[i].value)
			differs(file, "is not as it should be");
	}
	for (int i = 0; i < NAMES; i++)
		if (n->child[i]) {
			n_nodes--;
			snprintf(file, sizeof(file), "%s/%s", path, names[i]);
			compare(n->child[i], file);
		}
	if (n_props)
		differs(path, "has other properties");
	if (n_nodes)
		differs(path, "has other nodes");
}

/* In most cases one of the newest, which do not depend on each other. Records that cannot
 * be reverted stay for ever. */
static unsigned int random_old(void)
{
	unsigned int skip = dice(4) ? dice(3) : dice(40), found = 0;

	for (unsigned int order = last_order; order; order--)
		for (unsigned int id = 0; id < RECORDS; id++)
			if (records[id].is_there && records[id].order == order) {
				found = id;
				if (!skip--)
					return id;
			}
	return found;
}

static void expect(int result, int expected)
{
	if (result == expected)
		return;
	printf("%s instead of %s\n", result ? strerrorname_np(result) : "0",
	       expected ? strerrorname_np(expected) : "0");
	differs(TOP, "the write");
}

/* ---- Steps ----------------------------------------------------------------------------------- */

/* A name that is unused, or sometimes in use. */
static unsigned int random_new(void)
{
	unsigned int id = dice(RECORDS);

	while (dice(20) && records[id].is_there)
		id = (id + 1) % RECORDS;
	return dice(20) ? id : random_old();
}

static void step_blob(void)
{
	struct fragment f[FRAGMENTS];
	struct node *top = copy_of(live, NULL);
	unsigned int n = 1 + dice(FRAGMENTS), id = random_new();
	bool is_checked = !dice(12), is_transient = !dice(6), is_refused = !dice(12);
	bool is_marked = dice(2);
	struct effect *effects = NULL;
	int expected = 0, result;
	char name[16];

	snprintf(name, sizeof(name), "r%u", id);
	tell("%s%s%s%s", name, is_checked ? " check" : "",
	     is_transient ? " transient" : "", is_marked ? " marked" : "");
	blob_begin();
	if (is_marked)
		cell("papr,format", 1);
	text("papr,overlay-id", name);
	cell("papr,flags", is_checked | (unsigned int)is_transient << 1);
	for (unsigned int i = 0; i < n; i++)
		random_fragment(top, &f[i], (int)i);
	if (is_refused) {
		begin("fragment@cpu");
		text("target-path", "/cpus");
		begin("__overlay__");
		begin("cpu@99");
		text("device_type", "cpu");
		cell("ibm,ppc-interrupt-server#s", 0x99);
		end();
		end();
		end();
		tell("; refused");
	}
	if (records[id].is_there)
		expected = EEXIST;
	for (unsigned int i = 0; i < n && !expected; i++)
		expected = apply_fragment(top, &f[i]);
	if (!expected)
		effects_of(&effects, top);
	if (!expected && is_refused && !is_checked)
		expected = ENOSPC;
	else if (!expected && !is_checked)
		expected = refuse_step(steps_of(effects));
	result = watched_write();
	expect(result, expected);
	n_stopped += result == EREMOTEIO;
	if (result || is_checked) {
		n_refused += result != 0;
		return;
	}
	n_applied++;
	if (!is_transient) {
		records[id].is_there = true;
		records[id].order = ++last_order;
		records[id].effects = effects;
	}
	live = copy_of(top, NULL);
}

static void step_revert(void)
{
	unsigned int id = random_old();
	struct record *r = &records[id];
	struct node *top = copy_of(live, NULL);
	int expected = r->is_there ? 0 : ENOENT, result;
	char name[16];

	snprintf(name, sizeof(name), "r%u", id);
	tell("take back %s", name);
	for (int i = 0; i < RECORDS && !expected; i++)
		if (records[i].is_there && records[i].order > r->order &&
		    overlap(&records[i], r))
			expected = EBUSY;
	for (int kind = 0; kind < 3; kind++) {
		static const enum effect_kind kinds[] = { ADDED, PROPERTY, REMOVED };

		for (struct effect *e = r->effects; e && !expected; e = e->next)
			if (e->kind == kinds[kind])
				expected = take_back(top, e);
	}
	blob_begin();
	text("papr,revert", name);
	if (!expected)
		expected = refuse_step(steps_of(r->effects));
	result = watched_write();
	expect(result, expected);
	n_stopped += result == EREMOTEIO;
	n_busy += result == EBUSY;
	if (result)
		return;
	n_reverted++;
	r->is_there = false;
	r->effects = NULL;
	live = copy_of(top, NULL);
}

static struct node *parent_of(const char *path)
{
	char above[PATH_BYTES];

	strcpy(above, path);
	*strrchr(above, '/') = '\0';
	return find(live, above);
}

static void add_by_others(const char *path)
{
	const char *name = strrchr(path, '/') + 1;
	struct node *parent = parent_of(path);

	for (int i = 0; i < NAMES; i++)
		if (!strcmp(names[i], name))
			parent->child[i] = node_new(names[i], parent);
}

/* Other writers: nodes are added and removed. */
static void step_ofdt(void)
{
	char path[PATH_BYTES], command[128];
	struct node *n;
	int fd, len;

	random_path(live, path);
	if (dice(2) || !strcmp(path, TOP)) {
		strcat(path, "/"); /* the parent exists: otherwise the kernel crashes */
		strcat(path, names[dice(NAMES)]);
	}
	n = find(live, path);
	if (!n && !parent_of(path))
		return;
	len = snprintf(command, sizeof(command), n ? "remove_node %s" : "add_node %s ",
		       path);
	tell("ofdt %s", command);
	fd = open(OFDT, O_WRONLY);
	if (fd < 0)
		err(2, OFDT);
	if (write(fd, command, (size_t)len) == len) {
		n_others++;
		if (n)
			*place_of(n->parent, n->name) = NULL;
		else
			add_by_others(path);
	}
	close(fd);
}

int main(int argc, char *argv[])
{
	unsigned int blobs;

	if (argc != 3)
		errx(2, "usage: overlaymodel SEED BLOBS");
	state = strtoull(argv[1], NULL, 0) * UINT64_C(0x9e3779b97f4a7c15) + 1;
	blobs = (unsigned int)strtoul(argv[2], NULL, 0);

	live = node_new(TOP, NULL);
	live->handle = HANDLE_TOP;
	put(live, "phandle", HANDLE_TOP, true);
	blob_begin();
	cell("papr,format", 1);
	cell("papr,flags", 2);
	begin("fragment@0");
	text("target-path", "/");
	begin("__overlay__");
	begin(&TOP[1]);
	cell("phandle", HANDLE_TOP);
	end();
	end();
	end();
	if (blob_write())
		err(2, "no " TOP);
	for (unsigned int i = 0; i < blobs; i++) {
		uint32_t kind = dice(10);

		snprintf(story, sizeof(story), "seed %s, step %u: ", argv[1], i);
		if (kind < 6)
			step_blob();
		else if (kind < 9 || dice(3))
			step_revert();
		else
			step_ofdt();
		compare(live, TOP);
	}
	printf("%u blobs: %u applied, %u refused, %u reverted, %u busy, "
	       "%u by others, %u stopped, %u extended, %u watched\n",
	       blobs, n_applied, n_refused, n_reverted, n_busy, n_others, n_stopped,
	       n_extended, n_watched);
	if (!n_applied || !n_refused || !n_reverted || !n_others)
		return 1;
	/* A short run may lack these. */
	return blobs >= 500 &&
	       (!n_extended || (!access(REFUSE_AT, F_OK) && (!n_stopped || !n_watched)));
}
