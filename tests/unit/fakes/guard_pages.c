// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tests/unit/fakes/guard_pages.h"

struct guard_pages guard_pages_new(size_t room)
{
	struct guard_pages pages = { .page = (size_t)sysconf(_SC_PAGESIZE) };

	pages.room = (room + pages.page - 1) / pages.page * pages.page;
	pages.map = mmap(NULL, pages.room + 2 * pages.page, PROT_NONE,
			 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (pages.map == MAP_FAILED ||
	    mprotect(pages.map + pages.page, pages.room, PROT_READ | PROT_WRITE))
		pages.map = NULL;
	return pages;
}

void guard_pages_free(struct guard_pages *pages)
{
	munmap(pages->map, pages->room + 2 * pages->page);
}

char *guard_pages_first(const struct guard_pages *pages, const void *bytes, size_t len)
{
	return memcpy(pages->map + pages->page, bytes, len);
}

char *guard_pages_last(const struct guard_pages *pages, const void *bytes, size_t len)
{
	return memcpy(pages->map + pages->page + pages->room - len, bytes, len);
}
