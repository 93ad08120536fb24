// SPDX-License-Identifier: LGPL-2.1-or-later
/* Options of a card. Backends and the ROM are accepted: each command line of QEMU's has them.
 * Other options of QEMU's cards that have no effect here are refused. */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/base/machine.h"
#include "vmm/base/option.h"
#include "vmm/base/rtas_frame.h"
#include "vmm/pci/pci.h"
#include "vmm/pci/pci_models.h"

const struct pci_model *pci_model_find(const struct pci_model *const *cards,
				       const char *driver)
{
	for (const struct pci_model *const *at = cards; *at; at++) {
		const struct pci_model *m = *at;

		if (!strcmp(m->driver, driver) || (m->alias && !strcmp(m->alias, driver)))
			return m;
	}
	return NULL;
}

/* Read hexadecimal digits at *text, a value of at most max. */
static bool read_hex(const char **text, unsigned int max, unsigned int *value)
{
	const char *from = *text;
	unsigned int digits = 0;

	*value = 0;
	if (from[0] == '0' && (from[1] == 'x' || from[1] == 'X'))
		from += 2;
	for (; isxdigit((unsigned char)*from) && digits < 8; from++, digits++) {
		int c = tolower((unsigned char)*from);

		*value =
			*value << 4 | (unsigned int)(isdigit(c) ? c - '0' : c - 'a' + 10);
	}
	*text = from;
	return digits && *value <= max;
}

/* Read "slot" or "slot.function", hexadecimal. */
static int read_addr(const struct pci_model *model, const char *text, int *devfn,
		     struct papr_error *error)
{
	const char *at = text;
	unsigned int slot, func = 0;

	if (!read_hex(&at, 31, &slot))
		goto bad;
	if (*at == '.') {
		at++;
		if (!read_hex(&at, 7, &func))
			goto bad;
	}
	if (*at)
		goto bad;
	*devfn = PCI_DEVFN(slot, func);
	return 0;
bad:
	return papr_fail(error, -EINVAL, "Property '%s.addr' doesn't take value '%s'",
			 model->driver, text);
}

/* Report a bad MAC address. On virtio cards the option belongs to the inner device. */
static int mac_error(const struct pci_model *model, const char *text,
		     struct papr_error *error)
{
	bool virtio = !strcmp(model->driver, "virtio-net-pci");

	return papr_fail(error, -EINVAL, "Property '%s.mac' doesn't take value '%s'",
			 virtio ? "virtio-net-device" : model->driver, text);
}

/* Return true if the list has this name. A blank follows each name. */
static bool has_name(const char *list, const char *name)
{
	size_t len = strlen(name);

	for (const char *at = list; at && *at; at = strchr(at, ' ') + 1)
		if (!strncmp(at, name, len) && at[len] == ' ')
			return true;
	return false;
}

bool pci_model_is_bridge(const struct pci_model *model)
{
	return has_name(model->options, "chassis_nr");
}

bool pci_model_has_option(const struct pci_model *model, const char *name)
{
	return has_name("driver id bus addr multifunction romfile ", name) ||
	       has_name(model->options, name) ||
	       (!strncmp(model->driver, "virtio-", 7) &&
		has_name("vectors disable-legacy disable-modern iommu_platform ", name));
}

static int check_names(const struct pci_model *model, const struct papr_option *options,
		       size_t n, struct papr_error *error)
{
	for (size_t i = 0; i < n; i++)
		if (!pci_model_has_option(model, options[i].name))
			return papr_fail(error, -EINVAL, "Property '%s.%s' not found",
					 model->driver, options[i].name);
	return 0;
}

/* Read the switches of virtio cards for the interfaces that they have. */
static int read_modes(const struct papr_option *options, size_t n, struct pci_wish *wish,
		      struct papr_error *error)
{
	const char *legacy = option_get(options, n, "disable-legacy");
	bool no_modern = false;
	int err = option_bool(options, n, "disable-modern", &no_modern, error);

	if (!err && no_modern)
		err = papr_fail(error, -EINVAL,
				"disable-modern=on is not supported: each card has the "
				"modern interface");
	if (!err && legacy && strcmp(legacy, "auto") &&
	    option_bool(options, n, "disable-legacy", &wish->is_modern, NULL))
		err = papr_fail(error, -EINVAL,
				"Parameter 'disable-legacy' does not accept value '%s'",
				legacy);
	if (!err)
		err = option_bool(options, n, "iommu_platform", &wish->iommu_platform,
				  error);
	return err;
}

/* Read the number of MSI-X vectors. */
static int read_vectors(const struct papr_option *options, size_t n,
			struct pci_wish *wish, struct papr_error *error)
{
	int err = option_number(options, n, "vectors", "uint32_t", UINT32_MAX,
				&wish->vectors, error);

	if (!err && !wish->vectors && option_get(options, n, "vectors"))
		err = papr_fail(error, -EINVAL,
				"vectors=0 is not supported: each card has MSI-X");
	return err;
}

int pci_wish_read(const struct pci_model *model, const struct papr_option *options,
		  size_t n, struct pci_wish *wish, struct papr_error *error)
{
	const char *addr = option_get(options, n, "addr");
	const char *mac = option_get(options, n, "mac");
	int err = check_names(model, options, n, error);

	*wish = (struct pci_wish){ .devfn = -1 };
	if (!err && addr)
		err = read_addr(model, addr, &wish->devfn, error);
	if (!err)
		err = option_bool(options, n, "multifunction", &wish->multifunction,
				  error);
	if (!err)
		err = option_number(options, n, "chassis_nr", "uint8_t", UINT8_MAX,
				    &wish->chassis, error);
	if (!err)
		err = read_vectors(options, n, wish, error);
	if (!err)
		err = read_modes(options, n, wish, error);
	if (!err && mac) {
		wish->has_mac = mac_read(mac, wish->mac);
		if (!wish->has_mac)
			err = mac_error(model, mac, error);
	}
	return err;
}

int pci_needs_check(const struct pci_model *model, const struct papr_option *options,
		    size_t n, struct papr_error *error)
{
	const char *words = model->needs ? strchr(model->needs, '=') : NULL;
	size_t len = words ? (size_t)(words - model->needs) : 0;

	if (!words)
		return 0;
	for (size_t i = 0; i < n; i++)
		if (!strncmp(options[i].name, model->needs, len) && !options[i].name[len])
			return 0;
	return papr_fail(error, -EINVAL, "%s", words + 1);
}
