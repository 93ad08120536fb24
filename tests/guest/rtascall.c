// SPDX-License-Identifier: GPL-2.0-or-later
/* runs in: guest, sim; links: librtas.la */
/*
 * rtascall - call functions of librtas by name, for tests
 *
 *   rtascall [-e] CALL [ARG...] [, CALL [ARG...]]...
 *
 * CALL is a function without its "rtas_", or "sleep MS". The ARGs are its inputs, in the
 * order of the prototype. Numbers have the syntax of strtoull(). The bytes of an area are
 * hexadecimal, followed by zeros, or "-": the area as the last call left it; "null": no
 * string. Prints a line for each call: the call, its result (with -e also the name of
 * errno if the call was not made) and each output, 0x5a... if the function did not write
 * it. An area is printed to its last byte that is not zero. The memory after an area is
 * inaccessible, so a function that reads too far crashes.
 *
 * Also built with another library of this soname. Status 2: a syntax error.
 */
#include <err.h>
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include <librtas.h>

/* The library has it, but no header. */
int interface_exists(void);
int read_entire_file(int fd, char **buf, size_t *len);
int rtas_token(const char *call_name);
int sanity_check(void);
extern int dbg_lvl;

enum { PAGE = 4096, ATTESTATION = 4096, ERRINJCT = 1024, BUFFERS_MAX = 20 };
#define UNSET	  UINT64_C(0x5a5a5a5a5a5a5a5a)
#define UNSET_INT (int)(uint32_t)UNSET

/* Results of rtas_get_rmo_buffer(), in order. */
static struct {
	void *va;
	uint32_t pa;
	size_t size;
} buffers[BUFFERS_MAX];
static int buffer_count;
static char *last_area;

static uint64_t number(const char *text)
{
	char *end;
	uint64_t n = strtoull(text, &end, 0);

	if (!*text || *end)
		errx(2, "%s: not a number", text);
	return n;
}

static int integer(const char *text)
{
	return (int)number(text);
}

static uint32_t word(const char *text)
{
	return (uint32_t)number(text);
}

/* The area ends at inaccessible memory. */
static char *new_area(size_t size)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE), pages = (size + page - 1) / page;
	char *at = mmap(NULL, (pages + 1) * page, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (at == MAP_FAILED || mprotect(at + pages * page, page, PROT_NONE))
		err(2, "no area");
	return at + pages * page - size;
}

static char *area(const char *text, size_t size)
{
	unsigned int byte;

	if (!strcmp(text, "-") && last_area)
		return last_area;
	last_area = new_area(size);
	for (size_t i = 0; i < size && sscanf(text + 2 * i, "%2x", &byte) == 1; i++) {
		last_area[i] = (char)byte;
		if (!text[2 * i + 1])
			errx(2, "%s: half a byte", text);
	}
	return last_area;
}

/* A location code for the calls: its length before it, in big-endian order. */
static char *location(const char *text)
{
	size_t len = strlen(text) + 1;
	char *at = new_area(4 + len);

	for (int i = 0; i < 4; i++)
		at[i] = (char)(len >> (24 - 8 * i));
	memcpy(at + 4, text, len);
	return at;
}

static void tell(FILE *out, const char *name, int64_t value)
{
	fprintf(out, " %s %" PRId64, name, value);
}

static void tell_word(FILE *out, const char *name, uint64_t value)
{
	fprintf(out, " %s 0x%" PRIx64, name, value);
}

static void tell_area(FILE *out, const char *bytes, size_t size)
{
	while (size && !bytes[size - 1])
		size--;
	fputs(" area ", out);
	for (size_t i = 0; i < size; i++)
		fprintf(out, "%02x", (unsigned char)bytes[i]);
	if (!size)
		fputs("zero", out);
}

static int tell_state(FILE *out, int result, const char *name, int value)
{
	if (value == UNSET_INT)
		tell_word(out, name, (uint32_t)value);
	else
		tell(out, name, value);
	return result;
}

static int activate_firmware(char **a, FILE *out)
{
	return rtas_activate_firmware();
}

static int cfg_connector(char **a, FILE *out)
{
	char *wa = area(a[0], PAGE);
	int result = rtas_cfg_connector(wa);

	tell_area(out, wa, PAGE);
	return result;
}

static int delay_timeout(char **a, FILE *out)
{
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
	return rtas_delay_timeout(number(a[0]));
#pragma GCC diagnostic pop
}

static int display_char(char **a, FILE *out)
{
	return rtas_display_char(a[0][0]);
}

static int display_msg(char **a, FILE *out)
{
	return rtas_display_msg(a[0]);
}

static int errinjct(char **a, FILE *out)
{
	char *wa = area(a[2], ERRINJCT);
	int result = rtas_errinjct(integer(a[0]), integer(a[1]), wa);

	tell_area(out, wa, ERRINJCT);
	return result;
}

static int errinjct_close(char **a, FILE *out)
{
	return rtas_errinjct_close(integer(a[0]));
}

static int errinjct_open(char **a, FILE *out)
{
	int token = UNSET_INT, result = rtas_errinjct_open(&token);

	return tell_state(out, result, "token", token);
}

/* The argument is the number of an allocated area. */
static int free_rmo_buffer(char **a, FILE *out)
{
	int n = integer(a[0]);

	if (n < 0 || n >= BUFFERS_MAX)
		errx(2, "no buffer %d", n);
	return rtas_free_rmo_buffer(buffers[n].va, buffers[n].pa, buffers[n].size);
}

static int get_config_addr_info2(char **a, FILE *out)
{
	uint32_t info = (uint32_t)UNSET;
	int result =
		rtas_get_config_addr_info2(word(a[0]), number(a[1]), word(a[2]), &info);

	tell_word(out, "info", info);
	return result;
}

static int get_dynamic_sensor(char **a, FILE *out)
{
	int state = UNSET_INT;
	int result = rtas_get_dynamic_sensor(integer(a[0]), location(a[1]), &state);

	return tell_state(out, result, "state", state);
}

static int get_indices(char **a, FILE *out)
{
	size_t size = number(a[2]);
	char *wa = area("", size);
	int next = UNSET_INT;
	int result = rtas_get_indices(integer(a[0]), integer(a[1]), wa, size,
				      integer(a[3]), &next);

	tell_state(out, result, "next", next);
	tell_area(out, wa, size);
	return result;
}

static int get_power_level(char **a, FILE *out)
{
	int level = UNSET_INT, result = rtas_get_power_level(integer(a[0]), &level);

	return tell_state(out, result, "level", level);
}

/* Print its offset in the pool, and whether it is all zeros. */
static int get_rmo_buffer(char **a, FILE *out)
{
	static const char *const path = "/proc/ppc64/rtas/rmo_buffer";
	size_t size = number(a[0]), i = 0;
	FILE *file = fopen(path, "re");
	unsigned long base = 0;
	uint32_t pa = 0;
	void *va = NULL;
	int result;

	if (file && fscanf(file, "%lx", &base) == 1)
		fclose(file);
	result = rtas_get_rmo_buffer(size, &va, &pa);
	if (result || buffer_count == BUFFERS_MAX)
		return result;
	while (i < size && !((char *)va)[i])
		i++;
	fprintf(out, " offset 0x%lx%s", (unsigned long)pa - base,
		i < size ? " used" : "");
	buffers[buffer_count].va = va;
	buffers[buffer_count].pa = pa;
	buffers[buffer_count++].size = size;
	return result;
}

static int get_sensor(char **a, FILE *out)
{
	int state = UNSET_INT;
	int result = rtas_get_sensor(integer(a[0]), integer(a[1]), &state);

	return tell_state(out, result, "state", state);
}

static int get_sysparm(char **a, FILE *out)
{
	size_t size = word(a[1]);
	char *data = area("", size);
	int result = rtas_get_sysparm(word(a[0]), word(a[1]), data);

	tell_area(out, data, size);
	return result;
}

/* The machine's time changes, so only check that it is a time. */
static int get_time(char **a, FILE *out)
{
	uint32_t t[7] = { 0 };
	int result = rtas_get_time(&t[0], &t[1], &t[2], &t[3], &t[4], &t[5], &t[6]);

	fprintf(out, " %s",
		t[0] >= 2000 && t[0] < 2200 && t[1] - 1 < 12 && t[2] - 1 < 31 &&
				t[3] < 24 && t[4] < 60 && t[5] < 61
			? "plausible"
			: "none");
	return result;
}

static int get_vpd(char **a, FILE *out)
{
	size_t size = number(a[1]);
	unsigned int next = (unsigned int)UNSET, bytes = (unsigned int)UNSET;
	char *wa = area("", size);
	int result = rtas_get_vpd(strcmp(a[0], "null") ? a[0] : NULL, wa, size,
				  word(a[2]), &next, &bytes);

	tell_word(out, "next", next);
	tell_word(out, "bytes", bytes);
	tell_area(out, wa, size);
	return result;
}

static int lpar_perftools(char **a, FILE *out)
{
	unsigned int next = (unsigned int)UNSET;
	char *wa = area(a[1], word(a[2]));
	int result =
		rtas_lpar_perftools(integer(a[0]), wa, word(a[2]), word(a[3]), &next);

	tell_word(out, "next", next);
	tell_area(out, wa, word(a[2]));
	return result;
}

static int physical_attestation(char **a, FILE *out)
{
	char *wa = area(a[0], ATTESTATION);
	int next = UNSET_INT, bytes = integer(a[2]);
	int result = rtas_physical_attestation(wa, integer(a[1]), &next, &bytes);

	tell_state(out, result, "next", next);
	tell(out, "bytes", bytes);
	tell_area(out, wa, ATTESTATION);
	return result;
}

static int platform_dump(char **a, FILE *out)
{
	size_t size = number(a[2]);
	uint64_t next = UNSET, bytes = UNSET;
	char *buf = size ? area("", size) : NULL;
	int result =
		rtas_platform_dump(number(a[0]), number(a[1]), buf, size, &next, &bytes);

	tell_word(out, "next", next);
	tell_word(out, "bytes", bytes);
	if (buf)
		tell_area(out, buf, size);
	return result;
}

static int read_slot_reset(char **a, FILE *out)
{
	int state = UNSET_INT, eeh = UNSET_INT;
	int result = rtas_read_slot_reset(word(a[0]), number(a[1]), &state, &eeh);

	tell_state(out, result, "state", state);
	return tell_state(out, result, "eeh", eeh);
}

static int scan_log_dump(char **a, FILE *out)
{
	size_t size = number(a[0]);
	char *buf = area("", size);
	int result = rtas_scan_log_dump(buf, size);

	tell_area(out, buf, size);
	return result;
}

static int set_debug(char **a, FILE *out)
{
	return rtas_set_debug(integer(a[0]));
}

static int debug_level(char **a, FILE *out)
{
	return dbg_lvl;
}

static int set_dynamic_indicator(char **a, FILE *out)
{
	return rtas_set_dynamic_indicator(integer(a[0]), integer(a[1]), location(a[2]));
}

static int set_eeh_option(char **a, FILE *out)
{
	return rtas_set_eeh_option(word(a[0]), number(a[1]), integer(a[2]));
}

static int set_indicator(char **a, FILE *out)
{
	return rtas_set_indicator(integer(a[0]), integer(a[1]), integer(a[2]));
}

static int set_power_level(char **a, FILE *out)
{
	int level = UNSET_INT;
	int result = rtas_set_power_level(integer(a[0]), integer(a[1]), &level);

	return tell_state(out, result, "level", level);
}

static int set_poweron_time(char **a, FILE *out)
{
	return rtas_set_poweron_time(word(a[0]), word(a[1]), word(a[2]), word(a[3]),
				     word(a[4]), word(a[5]), word(a[6]));
}

/* Put the length before the bytes. */
static int set_sysparm(char **a, FILE *out)
{
	size_t len = strlen(a[1]) / 2;
	char *data = area(a[1], len), *block = new_area(len + 2);

	block[0] = (char)(len >> 8);
	block[1] = (char)len;
	memcpy(block + 2, data, len);
	return rtas_set_sysparm(word(a[0]), block);
}

static int set_time(char **a, FILE *out)
{
	return rtas_set_time(word(a[0]), word(a[1]), word(a[2]), word(a[3]), word(a[4]),
			     word(a[5]), word(a[6]));
}

static int suspend_me(char **a, FILE *out)
{
	return rtas_suspend_me(number(a[0]));
}

static int update_nodes(char **a, FILE *out)
{
	char *wa = area(a[0], PAGE);
	int result = rtas_update_nodes(wa, word(a[1]));

	tell_area(out, wa, PAGE);
	return result;
}

static int update_properties(char **a, FILE *out)
{
	char *wa = area(a[0], PAGE);
	int result = rtas_update_properties(wa, word(a[1]));

	tell_area(out, wa, PAGE);
	return result;
}

static int token(char **a, FILE *out)
{
	return rtas_token(a[0]);
}

static int is_sane(char **a, FILE *out)
{
	return sanity_check();
}

static int is_there(char **a, FILE *out)
{
	return interface_exists();
}

static int read_input(char **a, FILE *out)
{
	char *bytes = NULL;
	size_t len = 0;
	int result = read_entire_file(STDIN_FILENO, &bytes, &len);

	tell(out, "bytes", (int64_t)len);
	if (!result && len)
		tell_area(out, bytes, len);
	free(bytes);
	return result;
}

/* Leave some data in an area. */
static int fill(char **a, FILE *out)
{
	int n = integer(a[0]);

	if (n < 0 || n >= buffer_count)
		errx(2, "no buffer %d", n);
	memset(buffers[n].va, 0xee, buffers[n].size);
	return 0;
}

static int sleep_ms(char **a, FILE *out)
{
	uint64_t ms = number(a[0]);
	struct timespec time = { .tv_sec = (time_t)(ms / 1000),
				 .tv_nsec = (long)(ms % 1000) * 1000000 };

	fflush(stdout);
	return nanosleep(&time, NULL);
}

/* Close the descriptors, as a daemon does. */
static int close_from(char **a, FILE *out)
{
	closefrom(3);
	return 0;
}

/* Permit no further descriptor. */
static int no_files(char **a, FILE *out)
{
	return setrlimit(RLIMIT_NOFILE, &(struct rlimit){ 3, 3 });
}

enum { REUSED = 17 };

/* Open a file of this program under each number that a library may have kept. */
static int reuse(char **a, FILE *out)
{
	int fd = memfd_create("reused", 0), n = 0;

	if (fd < 0 || write(fd, "text", 4) != 4 || lseek(fd, 0, SEEK_SET))
		return -1;
	for (int to = 3; to < 3 + REUSED; to++)
		n += to == fd || dup2(fd, to) == to;
	return n;
}

/* Count the numbers that are still this file, of which nothing was read. */
static int reused(char **a, FILE *out)
{
	char path[32], link[32];
	int n = 0;

	for (int fd = 3; fd < 3 + REUSED; fd++) {
		snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
		memset(link, 0, sizeof(link));
		n += readlink(path, link, sizeof(link) - 1) > 0 &&
		     strstr(link, "memfd:reused") && !lseek(fd, 0, SEEK_CUR);
	}
	return n;
}

static const struct call {
	const char *name;
	int args;
	int (*run)(char **args, FILE *outputs);
} calls[] = {
	{ "activate_firmware", 0, activate_firmware },
	{ "cfg_connector", 1, cfg_connector }, /* AREA */
	{ "closefrom", 0, close_from },
	{ "dbg_lvl", 0, debug_level },
	{ "delay_timeout", 1, delay_timeout },
	{ "display_char", 1, display_char },
	{ "display_msg", 1, display_msg },
	{ "errinjct", 3, errinjct }, /* ERROR TOKEN AREA */
	{ "errinjct_close", 1, errinjct_close },
	{ "errinjct_open", 0, errinjct_open },
	{ "fill", 1, fill },
	{ "free_rmo_buffer", 1, free_rmo_buffer },
	{ "get_config_addr_info2", 3, get_config_addr_info2 },
	{ "get_dynamic_sensor", 2, get_dynamic_sensor }, /* SENSOR LOCATION */
	{ "get_indices", 4, get_indices },		 /* IS-SENSOR TYPE SIZE START */
	{ "get_power_level", 1, get_power_level },
	{ "get_rmo_buffer", 1, get_rmo_buffer },
	{ "get_sensor", 2, get_sensor },
	{ "get_sysparm", 2, get_sysparm }, /* PARAMETER SIZE */
	{ "get_time", 0, get_time },
	{ "get_vpd", 3, get_vpd }, /* LOCATION SIZE SEQUENCE */
	{ "interface_exists", 0, is_there },
	{ "lpar_perftools", 4, lpar_perftools }, /* FUNCTION AREA SIZE SEQUENCE */
	{ "no_files", 0, no_files },
	{ "physical_attestation", 3, physical_attestation }, /* AREA SEQUENCE BYTES */
	{ "platform_dump", 3, platform_dump },		     /* TAG SEQUENCE SIZE */
	{ "read_entire_file", 0, read_input },
	{ "read_slot_reset", 2, read_slot_reset },
	{ "reuse", 0, reuse },
	{ "reused", 0, reused },
	{ "sanity_check", 0, is_sane },
	{ "scan_log_dump", 1, scan_log_dump }, /* SIZE */
	{ "set_debug", 1, set_debug },
	{ "set_dynamic_indicator", 3, set_dynamic_indicator }, /* ... LOCATION */
	{ "set_eeh_option", 3, set_eeh_option },
	{ "set_indicator", 3, set_indicator },
	{ "set_power_level", 2, set_power_level },
	{ "set_poweron_time", 7, set_poweron_time },
	{ "set_sysparm", 2, set_sysparm }, /* PARAMETER BYTES */
	{ "set_time", 7, set_time },
	{ "sleep", 1, sleep_ms },
	{ "suspend_me", 1, suspend_me },
	{ "token", 1, token },
	{ "update_nodes", 2, update_nodes }, /* AREA SCOPE */
	{ "update_properties", 2, update_properties },
};

static const struct call *call_of(const char *name, int args)
{
	size_t n = sizeof(calls) / sizeof(*calls);

	for (size_t i = 0; i < n; i++)
		if (!strcmp(calls[i].name, name)) {
			if (calls[i].args != args)
				errx(2, "%s: %d arguments, not %d", name, calls[i].args,
				     args);
			return &calls[i];
		}
	errx(2, "%s: no such call", name);
}

static void run(char **argv, int args, bool show_errno)
{
	const struct call *call = call_of(argv[0], args - 1);
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);
	int result, error;

	if (!out)
		err(2, "memory");
	errno = 0;
	result = call->run(argv + 1, out);
	error = errno;
	fclose(out);
	for (int i = 0; i < args; i++)
		printf("%s%s", i ? " " : "", *argv[i] ? argv[i] : "''");
	printf(" = %d", result);
	if (show_errno && result <= RTAS_KERNEL_INT && result >= RTAS_UNKNOWN_OP)
		printf(" (%s)", error ? strerrorname_np(error) : "-");
	printf("%s\n", text);
	free(text);
}

int main(int argc, char *argv[])
{
	bool show_errno = argc > 1 && !strcmp(argv[1], "-e");
	int begin = show_errno ? 2 : 1;

	if (begin >= argc)
		errx(2, "see the source");
	for (int i = begin; i <= argc; i++) {
		if (i < argc && strcmp(argv[i], ","))
			continue;
		if (i > begin)
			run(argv + begin, i - begin, show_errno);
		begin = i + 1;
	}
	return 0;
}
