// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/firmware/vof_claim.h"

#define CLAIMABLE (1ULL << 32)

static uint64_t end_of(const struct vof_claim *c)
{
	return c->start + c->size;
}

int vof_claims_init(struct vof_claims *claims)
{
	*claims = (struct vof_claims){ .all = calloc(VOF_CLAIMS, sizeof(*claims->all)) };
	return claims->all ? 0 : -ENOMEM;
}

void vof_claims_reset(struct vof_claims *claims, uint64_t top)
{
	claims->n = 0;
	claims->base = 0;
	claims->top = top < CLAIMABLE ? top : CLAIMABLE;
}

void vof_claims_free(struct vof_claims *claims)
{
	free(claims->all);
	*claims = (struct vof_claims){ 0 };
}

/* Return the index of the first claim that ends after start. It may overlap a new claim;
 * otherwise the new one is inserted here. */
static size_t first_behind(const struct vof_claims *claims, uint64_t start)
{
	size_t low = 0, high = claims->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (end_of(&claims->all[middle]) > start)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

/* Return a claim that overlaps this range, or NULL. */
static const struct vof_claim *obstacle(const struct vof_claims *claims, uint64_t start,
					uint64_t size)
{
	size_t i = first_behind(claims, start);

	return i < claims->n && claims->all[i].start < start + size ? &claims->all[i]
								    : NULL;
}

static bool fits(const struct vof_claims *claims, uint64_t start, uint64_t size)
{
	return start < claims->top && size <= claims->top - start;
}

/* Find free memory upwards in steps of size, as QEMU does. All steps inside one claim are
 * taken at once. Unlike QEMU's result, the start is aligned even if size is not a
 * multiple of align. */
static uint64_t find_room(const struct vof_claims *claims, uint64_t size, uint64_t align)
{
	uint64_t start = (claims->base + align - 1) & ~(align - 1);

	while (fits(claims, start, size)) {
		const struct vof_claim *c = obstacle(claims, start, size);

		if (!c)
			return start;
		start += (end_of(c) - start + size - 1) / size * size;
		start = (start + align - 1) & ~(align - 1);
	}
	return VOF_NO_CLAIM;
}

static void insert(struct vof_claims *claims, uint64_t start, uint64_t size)
{
	size_t i = first_behind(claims, start);

	memmove(&claims->all[i + 1], &claims->all[i],
		(claims->n - i) * sizeof(*claims->all));
	claims->all[i] = (struct vof_claim){ start, size };
	claims->n++;
}

uint64_t vof_claim(struct vof_claims *claims, uint64_t virt, uint64_t size,
		   uint64_t align)
{
	uint64_t start = virt;

	if (!size || (align & (align - 1)) || claims->n == VOF_CLAIMS)
		return VOF_NO_CLAIM;

	if (align)
		start = find_room(claims, size, align);
	else if (!fits(claims, start, size) || obstacle(claims, start, size))
		return VOF_NO_CLAIM;
	if (start == VOF_NO_CLAIM)
		return VOF_NO_CLAIM;

	insert(claims, start, size);
	if (start + size > claims->base)
		claims->base = start + size;
	return start;
}

bool vof_release(struct vof_claims *claims, uint64_t start, uint64_t size)
{
	size_t i = first_behind(claims, start);

	if (i == claims->n || claims->all[i].start != start ||
	    claims->all[i].size != size)
		return false;

	claims->n--;
	memmove(&claims->all[i], &claims->all[i + 1],
		(claims->n - i) * sizeof(*claims->all));
	return true;
}

void vof_claims_free_space(const struct vof_claims *claims, uint64_t end,
			   void (*put)(void *arg, uint64_t start, uint64_t size),
			   void *arg)
{
	if (!claims->n || claims->all[0].start)
		put(arg, 0, claims->n ? claims->all[0].start : end);
	for (size_t i = 0; i < claims->n; i++) {
		uint64_t start = end_of(&claims->all[i]);
		uint64_t next = i + 1 < claims->n ? claims->all[i + 1].start : end;

		put(arg, start, next > start ? next - start : 0);
	}
}
