/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * opts.h - papr-vmm's command line: QEMU's, as far as this machine goes
 *
 * Shape:   options with one dash or two, each with at most one argument; the first word
 *          that is no option ("run", "attach") ends them.
 * Memory:  a struct opts owns every text that it or its host.config points to, except
 *          those of argv.
 * Errors:  negative errno, and one line of words in opts.error.
 * Source:  QEMU 7.2, qemu(1); options that QEMU lacks are properties of the machine
 *          that begin with "x-".
 * Layer:   papr-vmm
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "vmm/server/host.h"
#include "vmm/server/keyval.h"

enum opts_protocol { OPTS_QMP, OPTS_QTEST };

/* A socket to be served. */
struct opts_server {
	enum opts_protocol protocol;
	const char *path; /* NULL: fd */
	int fd;		  /* a connection that was inherited */
	bool listens;	  /* server=on; else this end connects */
	bool waits;	  /* wait=on: the machine starts when somebody is there */
};

/* Where the characters of the machine's terminal go. */
enum opts_console {
	OPTS_CONSOLE_DEFAULT, /* not said; after opts_parse() it is one of the others */
	OPTS_CONSOLE_NONE,    /* the machine has no terminal */
	OPTS_CONSOLE_NULL,
	OPTS_CONSOLE_STDIO,
	OPTS_CONSOLE_FILE,
};

struct opts_list {
	struct keyval *items;
	size_t n;
};

struct opts {
	struct host_options host;
	struct opts_list devices, objects;
	struct opts_list chardevs, monitors; /* -chardev, -mon */
	struct opts_list kept;		     /* whose texts others point to */
	struct opts_server *servers;
	size_t n_servers;
	const char *kernel, *initrd, *bios; /* files */
	const char *qtest_log;		    /* a file, or NULL */
	enum opts_console console;
	const char *console_path;
	bool stopped; /* -S */
	bool no_defaults;
	bool help, version; /* win over everything */
	bool ignored;	    /* what switches something that this machine lacks */
	char **command;	    /* what follows the options; NULL-terminated, or NULL */
	char *error;	    /* owned */
};

/* 0, -EINVAL, -ENOMEM; the files are not looked at. To be freed in any case. */
int opts_parse(struct opts *opts, char *argv[]);
void opts_free(struct opts *opts);

/* Reads kernel, initrd and firmware into host.config. */
int opts_load_files(struct opts *opts);

/* What --help prints. */
extern const char opts_help[];
