/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * type.h - the description of a connector type
 *
 * Lists, documents, tables, help and completion follow from it. A new type is a file with
 * one struct dr_type, and its name in types/types.c.
 */
#pragma once

#include "libdrmgr/core/connector.h"
#include "libdrmgr/drmgr.h"

/* Get a value of an object; of its i-th item if the object has a list of them. The caller
 * has set kind and object, all else is 0: unknown. */
typedef void dr_get_fn(const void *object, size_t i, struct dr_value *value);

/* A fact about a connector, a list, or an item of a list. The last one of an array has no
 * get. */
struct dr_member {
	const char *key;     /* "numa_node"; NULL: a plain value of a list */
	const char *heading; /* of its column; NULL: tables do not have it */
	enum dr_kind kind;
	dr_get_fn *get;
	/* DR_KIND_LIST: members of the items. Their object is that of the list, unless get
	 * sets value->object. */
	const struct dr_member *items;
	bool is_internal; /* documents do not have it */
};

enum connector_state {
	CONNECTOR_EMPTY,     /* no node */
	CONNECTOR_NO_DEVICE, /* a node, but Linux has no device for it */
	CONNECTOR_CONFIGURED,
	/* For resources without a slot: this partition owns it, or not. */
	CONNECTOR_OWNED,
	CONNECTOR_NOT_OWNED,
	CONNECTOR_RESERVED, /* memory that can be neither added nor removed */
	/* A node, and a capture that does not show if Linux has a device for it. */
	CONNECTOR_UNKNOWN,
};

/* Does the host offer what the partition does not own? */
enum connector_offer { OFFER_UNKNOWN, OFFER_NO, OFFER_YES };

/* What all types know of a connector. */
struct dr_connector {
	const struct dr_type *type;
	const struct connector *c; /* NULL: not in the tables */
	uint32_t index;		   /* if c is NULL; 0: unknown */
	const char *description, *loc_code;
	enum connector_state state;
	enum connector_offer offer; /* with DR_LIST_SENSE; set by dr_list_next() */
	const void *row;	    /* the object of the type's members */
};

struct dr_list {
	const struct dr_ctx *dr;
	struct dr *context; /* senses; of the public functions */
	const struct dr_type *type;
	const char *key; /* valid only in open */
	unsigned int flags;
	struct dr_error error; /* of open */
	int err;	       /* of open or next */
	struct dr_connector current;
	void *rows;	/* of the type: the object of its list_members */
	struct mem mem; /* of all that the type reads */
};

struct dr_list_ops {
	size_t rows_bytes; /* of dr_list.rows, which are zeroed at first */
	/* Read the connectors, and find the one of the key. Return 0, or a negative errno
	 * and error. */
	int (*open)(struct dr_list *list);
	/* Set current, except its type. Return 1, 0 at the end, or a negative errno. */
	int (*next)(struct dr_list *list);
	void (*rewind)(struct dr_list *list);
};

struct run_ops;

/* A word of struct dr_request.parameter. */
struct dr_parameter {
	const char *word; /* "ent_capacity"; NULL: the last one */
	const struct run_ops *run;
};

struct dr_type {
	const char *name;
	const char *title;    /* "PCI hot-plug slots" */
	const char *usage;    /* of drmgr -h, without "drmgr" */
	unsigned int actions; /* bits 1 << enum dr_action */
	unsigned int several; /* the same: those that take several indexes */
	/* Check a request, as dr_check() does. *text receives the message. */
	int (*check)(const struct dr_request *request, char **text);
	const struct run_ops *run; /* NULL: not by the engine */
	bool runs_query;	   /* dr_run() answers DR_QUERY, and changes nothing */
	/* dr_can_remove(); NULL: the type has no such query. */
	int (*can_remove)(const struct dr_ctx *dr, const char *key, uint32_t *index,
			  struct dr_error *error);
	const struct dr_parameter *parameters;		/* NULL: it has none */
	const struct dr_list_ops *list;			/* NULL: it has no connectors */
	const struct dr_member *members, *list_members; /* NULL: none */
	/* Texts of lists: the machine has no connectors; the key names none. */
	const char *none, *unknown;
	/* It has connectors, but no present or no absent one; NULL: none says that. */
	const char *none_present, *none_absent;
};

/* ---- For the functions of types ---- */

/* Set *text. Return -EINVAL. */
int request_refuse(char **text, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Check that the type has the action. Return 0, or -EINVAL and the message in *text. */
int request_check_action(const struct dr_request *request, const char *message,
			 char **text);

/* Check that the backend is "auto" or this one. Return as above. */
int request_check_backend(const struct dr_request *request, const char *name,
			  const char *use, char **text);

/* Set a value to a text, NULL: unknown. */
void value_set_text(struct dr_value *value, const char *text);
void value_set_number(struct dr_value *value, int64_t number);
void value_set_list(struct dr_value *value, size_t n);

/* Members of an item of "devices" for types whose only device is a node: the object is the
 * path of the node. */
extern const struct dr_member connector_node_members[];
/* Set a list of no device (path NULL) or one. */
void value_set_node(struct dr_value *value, const char *path);
