// SPDX-License-Identifier: LGPL-2.1-or-later
/* Platform dumps. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include "librtas/librtas.h"
#include "librtas/sequences.h"

static void dump_store64(uint64_t *out, const uint32_t cells[2])
{
	if (out)
		*out = (uint64_t)cells[0] << 32 | cells[1];
}

static int dump_by_call(uint64_t dump_tag, uint64_t sequence, void *buffer, size_t length,
			uint64_t *next_seq, uint64_t *bytes_ret)
{
	struct library_call c = {
		.call = RTAS_PLATFORM_DUMP,
		INPUTS(HIGH(dump_tag), LOW(dump_tag), HIGH(sequence), LOW(sequence), 0,
		       library_size(length)),
		BUFFERS(buffer),
	};
	int result = library_run(&c);

	if (c.answered) {
		dump_store64(next_seq, &c.args.out[1]);
		dump_store64(bytes_ret, &c.args.out[3]);
	}
	return result;
}

/* Allow the kernel to delete a dump that was read. It keeps the dump until then. */
static int dump_drop(struct sequence *s, uint64_t dump_tag)
{
	struct papr_answer answer;
	char subject[24];

	snprintf(subject, sizeof(subject), "0x%" PRIx64, dump_tag);
	papr_dev_end(library_devices(), RTAS_PLATFORM_DUMP, s->fd, subject, &dump_tag,
		     &answer);
	sequence_end(s);
	return papr_dev_result(&answer);
}

/* Read the next piece. A read of 0 bytes is the end, but the sequence stays for
 * dump_drop(). */
static int dump_read(struct sequence *s, void *buffer, size_t length, uint64_t *next_seq,
		     uint64_t *bytes_ret)
{
	size_t len = length > PAPR_DUMP_READ_MAX ? PAPR_DUMP_READ_MAX : length;
	struct papr_answer answer;

	if (length < PAPR_DUMP_READ_MIN) {
		sequence_keep(s);
		return library_result(-EINVAL, 0);
	}

	papr_dev_read(library_devices(), RTAS_PLATFORM_DUMP, s->fd, buffer, &len,
		      &answer);
	if (answer.err) {
		sequence_end(s);
		return papr_dev_result(&answer);
	}
	if (next_seq)
		*next_seq = s->number;
	if (bytes_ret)
		*bytes_ret = len;
	sequence_keep(s);
	return len ? RTAS_MORE : RTAS_SUCCESS;
}

/* Begin a sequence. The kernel has one descriptor per dump, so an older sequence of the
 * same dump is ended first. */
static enum sequence_way dump_begin(uint64_t dump_tag, struct sequence **s, int *result)
{
	enum sequence_way way;
	char subject[24];

	sequence_end_tag(RTAS_PLATFORM_DUMP, dump_tag);
	snprintf(subject, sizeof(subject), "0x%" PRIx64, dump_tag);
	way = sequence_begin(RTAS_PLATFORM_DUMP, subject, &dump_tag, s, result);
	if (way == BY_DEVICE)
		(*s)->tag = dump_tag;
	return way;
}

static enum sequence_way dump_continue(uint64_t dump_tag, uint64_t sequence,
				       struct sequence **s, int *result)
{
	enum sequence_way way = sequence_find(RTAS_PLATFORM_DUMP, sequence, s, result);

	if (way != BY_DEVICE || (*s)->tag == dump_tag)
		return way;
	sequence_keep(*s);
	errno = EBADF;
	*result = RTAS_PARAMETER_ERROR;
	return REFUSED;
}

int rtas_platform_dump(uint64_t dump_tag, uint64_t sequence, void *buffer, size_t length,
		       uint64_t *next_seq, uint64_t *bytes_ret)
{
	enum sequence_way way = BY_CALL;
	struct sequence *s;
	int result;

	/* Without a buffer and a sequence, firmware drops a dump that was not read. That
	 * call needs no work area. */
	if (sequence)
		way = dump_continue(dump_tag, sequence, &s, &result);
	else if (buffer)
		way = dump_begin(dump_tag, &s, &result);

	if (way == BY_CALL)
		return dump_by_call(dump_tag, sequence, buffer, length, next_seq,
				    bytes_ret);
	if (way == REFUSED)
		return result;
	if (buffer)
		return dump_read(s, buffer, length, next_seq, bytes_ret);
	if (bytes_ret)
		*bytes_ret = 0;
	return dump_drop(s, dump_tag);
}
