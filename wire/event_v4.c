// SPDX-License-Identifier: LGPL-2.1-or-later
#include "wire/event_v4.h"

static void event_read_flags(struct cursor *c, uint8_t *flags, size_t len)
{
	for (size_t i = 0; i < len; i++)
		flags[i] = cursor_u8(c);
}

struct event_cpu_body event_cpu_decode(struct cursor *c)
{
	struct event_cpu_body cpu;

	cpu.flags = cursor_u8(c);
	cpu.id = cursor_u8(c);
	cpu.element = cursor_be16(c);
	cpu.address = cursor_be64(c);
	cpu.more = cursor_u8(c);
	cursor_bytes(c, 15);
	return cpu;
}

struct event_memory_body event_memory_decode(struct cursor *c)
{
	struct event_memory_body memory;

	event_read_flags(c, memory.flags, sizeof(memory.flags));
	memory.detected_by = cursor_u8(c);
	memory.faulted = cursor_u8(c);
	memory.address = cursor_be64(c);
	memory.syndrome = cursor_be16(c);
	memory.card = cursor_u8(c);
	cursor_bytes(c, 1);
	memory.sub_elements = cursor_be32(c);
	memory.element = cursor_be16(c);
	cursor_bytes(c, 6);
	return memory;
}

static struct event_ioa event_read_ioa(struct cursor *c)
{
	struct event_ioa ioa;

	ioa.bus_id = cursor_u8(c);
	ioa.bus = cursor_u8(c);
	ioa.devfn = cursor_u8(c);
	ioa.device = cursor_be16(c);
	ioa.vendor = cursor_be16(c);
	ioa.revision = cursor_u8(c);
	ioa.slot = cursor_u8(c);
	return ioa;
}

struct event_io_body event_io_body_decode(struct cursor *c)
{
	struct event_io_body io;

	event_read_flags(c, io.flags, sizeof(io.flags));
	io.signalled = event_read_ioa(c);
	io.sending = event_read_ioa(c);
	cursor_bytes(c, 8);
	return io;
}

struct event_post_body event_post_decode(struct cursor *c)
{
	struct event_post_body post;

	event_read_flags(c, post.flags, sizeof(post.flags));
	post.device = cursor_bytes(c, 12);
	post.error = cursor_be32(c);
	post.firmware = cursor_be16(c);
	post.location = cursor_bytes(c, 8);
	return post;
}

struct event_epow_body event_epow_body_decode(struct cursor *c)
{
	struct event_epow_body epow;

	epow.sensor = cursor_be32(c);
	event_read_flags(c, epow.flags, sizeof(epow.flags));
	epow.token = cursor_be32(c);
	epow.index = cursor_be32(c);
	epow.value = cursor_be32(c);
	epow.status = cursor_be32(c);
	cursor_bytes(c, 4);
	return epow;
}

struct event_sp_body event_sp_decode(struct cursor *c)
{
	struct event_sp_body sp;

	sp.company = cursor_bytes(c, 4);
	event_read_flags(c, sp.flags, sizeof(sp.flags));
	sp.token = cursor_be32(c);
	sp.index = cursor_be32(c);
	cursor_bytes(c, 12);
	return sp;
}

struct event_vendor_body event_vendor_decode(struct cursor *c)
{
	struct event_vendor_body vendor;

	vendor.id = cursor_bytes(c, 4);
	vendor.len = cursor_left(c);
	vendor.data = cursor_bytes(c, vendor.len);
	return vendor;
}
