/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * opts.h - papr-vmm's command line: QEMU's options, as far as this machine supports them
 *
 * Shape:   options with one dash or two, each with at most one argument; the first word
 *          that is no option ("run", "attach") ends them.
 * Memory:  a struct opts owns every text that it or its host.config points to, except
 *          those of argv.
 * Errors:  negative errno, and one line of text in opts.error.
 * Source:  QEMU 7.2, qemu(1); options that QEMU lacks are properties of the machine
 *          that begin with "x-".
 * Layer:   papr-vmm
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vmm/server/host.h"
#include "vmm/server/keyval.h"

/* What a character device is connected to */
enum opts_protocol {
	OPTS_QMP,
	OPTS_QTEST,
	OPTS_CONSOLE, /* a terminal of the machine */
	OPTS_UNUSED,
};

enum opts_backend {
	OPTS_SOCKET, /* a unix socket: path, or fd */
	OPTS_FD,     /* fd: a unix socket, or something else for output only */
	OPTS_STDIO,
	OPTS_NULL,
};

/* A character device: a place where a protocol is served */
struct opts_server {
	const char *label; /* its id, or "serial0"; NULL: it has none */
	enum opts_protocol protocol;
	enum opts_backend backend;
	const char *path; /* NULL: fd */
	int fd;	     /* inherited: a connection, or with server=on a listening socket */
	bool is_own; /* fd is a connection that papr-vmm has accepted itself */
	unsigned int terminal; /* of OPTS_CONSOLE: its number */
	bool has_input;	       /* of OPTS_CONSOLE: the guest can read it */
	bool is_guests;	 /* clients are programs of the guest, which are not trusted */
	bool listens;	 /* server=on; otherwise papr-vmm connects */
	bool waits;	 /* wait=on: the machine starts when a client has connected */
	bool is_guarded; /* set by servers_open(): programs of the guest are refused */
};

/* Limit: terminals of -serial. Devices can add more. */
enum { OPTS_VTYS = 16 };

struct opts_list {
	struct keyval *items;
	size_t n;
};

/* What a word "help" of an option is about */
enum opts_topic {
	OPTS_NO_TOPIC,
	OPTS_CPUS,
	OPTS_DEVICES,
	OPTS_MACHINES,
	OPTS_OBJECTS,
};

/* Counts of -smp; 0: not given */
struct opts_topology {
	uint32_t cpus, max_cpus, sockets, dies, clusters, cores, threads;
};

struct opts {
	struct host_options host;
	struct opts_list devices, objects;
	struct opts_list netdevs, blockdevs, drives;
	struct opts_list monitors; /* -mon */
	struct opts_list kept;	   /* texts that other members point to */
	const char **numa;	   /* arguments of -numa; owned */
	size_t n_numa;
	struct papr_numa_node *numa_nodes;
	uint8_t *core_nodes;
	struct opts_topology smp;
	const char *smp_text;	     /* last argument of -smp */
	const char *memory_text;     /* last argument of -m */
	struct opts_server *servers; /* -chardev and others */
	size_t n_servers;
	unsigned int n_serials, n_monitors; /* -serial; -monitor and -qmp */
	const char *serials[OPTS_VTYS];	    /* chardevs of -serial chardev:ID, or NULL */
	const char *kernel, *initrd, *bios; /* files */
	const char *qtest_log;		    /* a file, or NULL */
	unsigned int n_vtys;		    /* terminals of -serial */
	bool no_more_vtys;		    /* after -serial none */
	bool kvm, enable_kvm;		    /* -accel kvm; -enable-kvm */
	bool stopped;			    /* -S: do not start the machine */
	bool no_defaults;
	bool nographic;	       /* the terminal is standard output */
	bool help, version;    /* take precedence over all other options */
	enum opts_topic topic; /* print this, and end */
	char **command;	       /* the words after the options; NULL-terminated, or NULL */
	char *error;	       /* owned */
};

/* Parse the command line, without opening files. Return 0, -EINVAL or -ENOMEM. opts must
 * be freed even after an error. */
int opts_parse(struct opts *opts, char *argv[]);
void opts_free(struct opts *opts);

/* Read kernel, initrd and firmware into host.config. */
int opts_load_files(struct opts *opts);

void opts_print_topic(const struct opts *opts);

/* Print the output of --help. */
void opts_print_help(void);
