// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/base/machine.h"
#include "vmm/base/sized.h"
#include "vmm/powervm/powervm.h"

/* Return the array index of an indicator type, or -1 if it is unknown. */
static int number_of(uint32_t type)
{
	return type == LED_FAULT ? 0 : type == LED_IDENTIFY ? 1 : -1;
}

static struct led **find(struct powervm *p, const char *location)
{
	struct led **at = &p->leds;

	while (*at && strcmp((*at)->location, location) != 0)
		at = &(*at)->next;
	return at;
}

bool led_is_on(const struct papr_vmm *vmm, const char *location, uint32_t type)
{
	int n = number_of(type);

	for (const struct led *led = powervm_of(vmm)->leds; led && n >= 0;
	     led = led->next)
		if (!strcmp(led->location, location))
			return led->on[n];
	return false;
}

/* Free indicators that are off, and those of places that no longer exist. */
static void forget_gone(struct papr_vmm *vmm)
{
	struct led **at = &powervm_of(vmm)->leds;

	while (*at) {
		struct led *led = *at;

		if ((led->on[0] || led->on[1]) && place_is_there(vmm, led->location)) {
			at = &led->next;
			continue;
		}
		*at = led->next;
		free(led);
	}
}

int led_set(struct papr_vmm *vmm, const char *location, uint32_t type, bool on)
{
	int n = number_of(type);
	struct led **at;

	if (n < 0)
		return -EINVAL;
	if (!place_is_there(vmm, location))
		return -ENOENT;
	at = find(powervm_of(vmm), location);
	if (!*at && on) {
		*at = calloc(1, sizeof(**at));
		if (!*at)
			return -ENOMEM;
		snprintf((*at)->location, sizeof((*at)->location), "%s", location);
	}
	if (*at)
		(*at)->on[n] = on;
	forget_gone(vmm);
	return 0;
}

/* ---- The host's access ---- */

struct search {
	const struct papr_vmm *vmm;
	size_t left;
	struct papr_location_info is;
};

static bool is_nth(const struct place *place, void *arg)
{
	struct search *s = arg;

	if (s->left--)
		return false;
	s->is = (struct papr_location_info){
		.fault = led_is_on(s->vmm, place->location, LED_FAULT),
		.identify = led_is_on(s->vmm, place->location, LED_IDENTIFY),
	};
	memcpy(s->is.location, place->location, sizeof(s->is.location));
	memcpy(s->is.description, place->description, sizeof(s->is.description));
	return true;
}

int papr_vmm_location_info(const struct papr_vmm *vmm, size_t n,
			   struct papr_location_info *out)
{
	MACHINE_GUARD(vmm);
	struct search s = { .vmm = vmm, .left = n };

	if (!machine_of(vmm)->cfg.powervm || !places_each(vmm, is_nth, &s))
		return 0;
	return sized_put(out, &s.is, sizeof(s.is));
}

int papr_vmm_indicator_set(struct papr_vmm *vmm, const char *location, uint32_t type,
			   bool on)
{
	MACHINE_GUARD(vmm);

	return machine_of(vmm)->cfg.powervm ? led_set(vmm, location, type, on) : -ENOTSUP;
}
