// SPDX-License-Identifier: LGPL-2.1-or-later
#include <time.h>

#include "vmm/base/machine.h"
#include "vmm/rtas/rtas_calls.h"
#include "wire/rtas_args.h"

enum { NS_PER_S = 1000000000 };

void rtas_get_time_of_day(struct papr_vmm *vmm, struct rtas_frame *f)
{
	struct tm date;
	uint32_t ns;

	machine_clock_date(vmm, &date, &ns);
	rtas_status(f, RTAS_SUCCESS);
	rtas_out(f, 1, (uint32_t)(date.tm_year + 1900));
	rtas_out(f, 2, (uint32_t)(date.tm_mon + 1));
	rtas_out(f, 3, (uint32_t)date.tm_mday);
	rtas_out(f, 4, (uint32_t)date.tm_hour);
	rtas_out(f, 5, (uint32_t)date.tm_min);
	rtas_out(f, 6, (uint32_t)date.tm_sec);
	/* Nanoseconds within the second, as PAPR says. QEMU does not reduce them. */
	rtas_out(f, 7, ns);
}

static int64_t floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

/* Return the days from 1970-01-01 to the first of a month, in the proleptic Gregorian
 * calendar. Years are counted from March, so that the leap day is the last day of its
 * year. */
static int64_t days_to_month(int64_t year, int64_t month)
{
	int64_t from_march, days;

	year += floor_div(month - 1, 12);
	month -= floor_div(month - 1, 12) * 12;
	from_march = (month + 9) % 12;
	if (month < 3)
		year--;
	days = 365 * year + floor_div(year, 4) - floor_div(year, 100) +
	       floor_div(year, 400);
	return days + (153 * from_march + 2) / 5 - 719468;
}

/* Return the seconds since 1970. Values out of range carry over: the 40th of a month is a
 * day of the next month. */
static int64_t seconds_of(const struct rtas_frame *f)
{
	int64_t in[6], days;

	for (unsigned int i = 0; i < 6; i++)
		in[i] = (int32_t)rtas_in(f, i);
	days = days_to_month(in[0], in[1]) + in[2] - 1;
	return ((days * 24 + in[3]) * 60 + in[4]) * 60 + in[5];
}

void rtas_set_time_of_day(struct papr_vmm *vmm, struct rtas_frame *f)
{
	int64_t host = machine_host_ns(vmm), seconds = seconds_of(f), ns, offset;

	if (__builtin_mul_overflow(seconds, NS_PER_S, &ns) ||
	    __builtin_sub_overflow(ns, host, &offset)) {
		rtas_status(f, RTAS_PARAMETER_ERROR);
		return;
	}
	machine_of(vmm)->clock_offset_ns = offset;
	rtas_status(f, RTAS_SUCCESS);
	machine_tell(vmm, &(struct papr_event){ .type = PAPR_EV_RTC_CHANGE,
						.by_guest = true,
						.offset_s = seconds -
							    floor_div(host, NS_PER_S) });
}
