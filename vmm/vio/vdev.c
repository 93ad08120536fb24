// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/base/machine.h"
#include "vmm/dr/connectors.h"
#include "vmm/tree/fdt_out.h"
#include "vmm/vio/vdev.h"
#include "vmm/vio/vio.h"

enum { IRQ_EDGE = 0 };

struct vdev_model {
	enum vdev_kind kind;
	const char *driver, *node, *type, *compatible;
};

static const struct vdev_model models[] = {
	{ VDEV_VTY, "spapr-vty", "vty", "serial", "hvterm1" },
	{ VDEV_NVRAM, "spapr-nvram", "nvram", "nvram", "qemu,spapr-nvram" },
	{ VDEV_SCSI, "spapr-vscsi", "v-scsi", "vscsi", "IBM,v-scsi" },
	{ VDEV_LAN, "spapr-vlan", "l-lan", "network", "IBM,l-lan" },
};

static const struct vdev_model *model_of(const char *driver)
{
	for (size_t i = 0; i < sizeof(models) / sizeof(models[0]); i++)
		if (!strcmp(models[i].driver, driver))
			return &models[i];
	return NULL;
}

/* The machine has its NVRAM already, and one is the limit. */
bool vdev_is_driver(const char *driver)
{
	const struct vdev_model *model = model_of(driver);

	return model && model->kind != VDEV_NVRAM;
}

struct vdev *vdev_at(const struct papr_vmm *vmm, uint64_t reg)
{
	struct vdev *vdev = machine_of(vmm)->vdevs;

	while (vdev && vdev->reg != reg)
		vdev = vdev->next;
	return vdev;
}

bool vdev_is(const struct vdev *vdev, enum vdev_kind kind)
{
	return vdev && vdev->model->kind == kind;
}

/* ---- Unit addresses and interrupts ---- */

/* Return the interrupt of a unit address: the machine's own addresses are consecutive,
 * those of libvirt have a distance of 0x1000. */
static uint32_t irq_of(uint32_t reg)
{
	enum { LIBVIRT_REG = 0x30000000, LIBVIRT_IRQ = 0xf0 };

	if (reg >= VDEV_FIRST_REG)
		return VDEV_FIRST_IRQ | (reg & 0xff);
	if (reg >= LIBVIRT_REG)
		return VDEV_FIRST_IRQ | LIBVIRT_IRQ | (reg >> 12 & 0xf);
	return VDEV_FIRST_IRQ | (reg >> 12 & 0xff);
}

static bool irq_is_free(const struct papr_vmm *vmm, uint32_t irq)
{
	for (const struct vdev *v = machine_of(vmm)->vdevs; v; v = v->next)
		if (v->irq == irq)
			return false;
	return !vio_has_irq(vmm, irq);
}

static bool vdev_has_dma(const struct vdev *vdev)
{
	return vdev_is(vdev, VDEV_SCSI) || vdev_is(vdev, VDEV_LAN);
}

/* Find a place for the device. */
static int choose_reg(struct papr_vmm *vmm, struct vdev *vdev, struct papr_error *error)
{
	uint32_t *next = &machine_of(vmm)->vdev_next;
	const struct vdev *other;

	if (vdev->reg == UINT32_MAX)
		do
			vdev->reg = VDEV_FIRST_REG + (*next)++;
		while (vdev_at(vmm, vdev->reg));
	other = vdev_at(vmm, vdev->reg);
	if (other)
		return papr_fail(error, -EEXIST,
				 "%s and %s devices conflict at address %#x",
				 vdev->model->driver, other->model->driver,
				 (unsigned int)vdev->reg);
	if (connector_find(connectors_of(vmm), vdev->reg))
		return papr_fail(error, -EEXIST,
				 "%s and a connector conflict at address %#x",
				 vdev->model->driver, (unsigned int)vdev->reg);
	vdev->irq = irq_of(vdev->reg);
	if (!irq_is_free(vmm, vdev->irq))
		return papr_fail(error, -EBUSY, "IRQ %u is not free",
				 (unsigned int)vdev->irq);
	return vdev_has_dma(vdev) ? dma_window_check(vmm, vdev->reg, error) : 0;
}

static void insert(struct papr_vmm *vmm, struct vdev *vdev)
{
	struct vdev **at = &machine_of(vmm)->vdevs;

	while (*at && (*at)->reg < vdev->reg)
		at = &(*at)->next;
	vdev->next = *at;
	*at = vdev;
	if (vdev_is(vdev, VDEV_VTY))
		vdev->vty.number = machine_of(vmm)->n_vtys++;
	if (vdev_has_dma(vdev))
		vio_dma_register(vmm, &vdev->dma, vdev->reg);
}

/* ---- Devices of the command line ---- */

static int request_unplug(struct papr_vmm *vmm, struct device *dev,
			  struct papr_error *error)
{
	(void)vmm;
	(void)dev;
	return papr_fail(error, -EINVAL, "Bus 'spapr-vio' does not support hotplugging");
}

static const struct device_class vdev_class = { .request_unplug = request_unplug };

static const char *const vty_names[] = { "chardev", "reg", NULL };
static const char *const vscsi_names[] = { "reg", "slot", NULL };
static const char *const vlan_names[] = {
	"bootindex", "mac", "netdev", "reg", "slot", "use-rx-buffer-pools", NULL,
};

/* Read the properties of a network card. */
static int read_lan(struct vdev *vdev, const struct papr_option *options, size_t n,
		    struct papr_error *error)
{
	const char *mac = option_get(options, n, "mac");
	bool pools = true;

	if (mac && !mac_read(mac, vdev->lan.mac))
		return papr_fail(error, -EINVAL,
				 "Property 'spapr-vlan.mac' doesn't take value '%s'",
				 mac);
	return option_bool(options, n, "use-rx-buffer-pools", &pools, error);
}

static int read_options(struct vdev *vdev, const struct papr_option *options, size_t n,
			struct papr_error *error)
{
	static const char *const *const names[] = {
		[VDEV_VTY] = vty_names,
		[VDEV_SCSI] = vscsi_names,
		[VDEV_LAN] = vlan_names,
	};
	const char *driver = vdev->model->driver;
	int err = option_check_names(options, n, driver, names[vdev->model->kind], error);

	if (!err && option_get(options, n, "slot"))
		err = papr_fail(error, -EINVAL, "Property '%s.slot' not found", driver);

	if (!err)
		err = option_number(options, n, "reg", "uint32_t", UINT32_MAX, &vdev->reg,
				    error);
	if (!err && vdev_is(vdev, VDEV_LAN))
		err = read_lan(vdev, options, n, error);
	if (!err && vdev_is(vdev, VDEV_VTY) && !option_get(options, n, "chardev"))
		err = papr_fail(error, -EINVAL, "chardev property not set");
	return err;
}

static struct vdev *vdev_new(const char *driver)
{
	struct vdev *vdev = calloc(1, sizeof(*vdev));

	if (!vdev)
		return NULL;
	vdev->model = model_of(driver);
	vdev->reg = UINT32_MAX;
	vdev->lan.mac_number = -1;
	vdev->dev =
		(struct device){ .class = &vdev_class, .driver = vdev->model->driver };
	return vdev;
}

int vdev_add(struct papr_vmm *vmm, const char *driver, const struct papr_option *options,
	     size_t n, struct papr_error *error)
{
	struct vdev *vdev;
	int err;

	if (machine_of(vmm)->started)
		return papr_fail(error, -EINVAL,
				 "Bus 'spapr-vio' does not support hotplugging");
	vdev = vdev_new(driver);
	if (!vdev)
		return papr_fail(error, -ENOMEM, "out of memory");
	err = read_options(vdev, options, n, error);
	if (!err)
		err = choose_reg(vmm, vdev, error);
	if (!err)
		err = device_register(vmm, &vdev->dev, option_get(options, n, "id"),
				      error);
	if (err) {
		free(vdev);
		return err;
	}
	vdev->is_added = true;
	if (vdev_is(vdev, VDEV_LAN))
		vdev->lan.mac_number = option_get(options, n, "mac")
					       ? mac_keep(vmm, vdev->lan.mac)
					       : mac_take(vmm, vdev->lan.mac);
	insert(vmm, vdev);
	return 0;
}

/* ---- The machine's own ---- */

static int add_own(struct papr_vmm *vmm, const char *driver)
{
	struct vdev *vdev = vdev_new(driver);
	int err;

	if (!vdev)
		return -ENOMEM;
	err = choose_reg(vmm, vdev, NULL);
	if (err)
		free(vdev);
	else
		insert(vmm, vdev);
	return err;
}

int vdev_init(struct papr_vmm *vmm)
{
	const struct papr_config *cfg = &machine_of(vmm)->cfg;
	unsigned int terminals = !cfg->no_vty + cfg->more_vtys;
	int err = 0;

	while (!err && terminals--)
		err = add_own(vmm, "spapr-vty");
	return err ? err : add_own(vmm, "spapr-nvram");
}

/* Input that the guest did not read is lost. */
void vdev_reset(struct papr_vmm *vmm)
{
	vio_dma_reset(vmm);
	for (struct vdev *v = machine_of(vmm)->vdevs; v; v = v->next)
		v->vty.len = 0;
}

void vdev_free(struct papr_vmm *vmm)
{
	struct vdev *vdev;

	while ((vdev = machine_of(vmm)->vdevs)) {
		machine_of(vmm)->vdevs = vdev->next;
		device_unregister(vmm, &vdev->dev);
		dma_window_unregister(vmm, &vdev->dma);
		mac_release(vmm, vdev->lan.mac_number);
		free(vdev);
	}
}

/* ---- Nodes ---- */

/* Linux expects 6 bytes only if the first one is that of an address assigned locally. Other
 * addresses follow two zeroes. */
static void put_mac(const struct lan *lan, struct fdt_out *out)
{
	uint8_t bytes[2 + MAC_BYTES] = { 0 };
	bool is_short = (lan->mac[0] & 3) == 2;

	memcpy(bytes + 2, lan->mac, MAC_BYTES);
	fdt_out_prop(out, "local-mac-address", bytes + 2 * is_short,
		     sizeof(bytes) - 2 * is_short);
}

/* Write the properties that only devices of this kind have. */
static void put_own(const struct vdev *v, struct fdt_out *out)
{
	if (v->model->kind == VDEV_NVRAM)
		fdt_out_u32(out, "#bytes", VDEV_NVRAM_BYTES);
	if (v->model->kind == VDEV_LAN) {
		fdt_out_u32(out, "ibm,mac-address-filters", 0);
		put_mac(&v->lan, out);
	}
	if (v->model->kind == VDEV_SCSI) {
		fdt_out_u32(out, "#size-cells", 0);
		fdt_out_u32(out, "#address-cells", 2);
	}
	if (v->model->kind != VDEV_SCSI && v->model->kind != VDEV_LAN)
		return;
	FDT_OUT_CELLS(out, "ibm,my-dma-window", v->reg, 0, 0, 0, VIO_DMA_BYTES);
	fdt_out_u32(out, "ibm,#dma-size-cells", 2);
	fdt_out_u32(out, "ibm,#dma-address-cells", 2);
}

void vdev_put_nodes(const struct papr_vmm *vmm, struct fdt_out *out)
{
	for (const struct vdev *v = machine_of(vmm)->vdevs; v; v = v->next) {
		fdt_out_node(out, "%s@%x", v->model->node, (unsigned int)v->reg);
		put_own(v, out);
		FDT_OUT_CELLS(out, "interrupts", v->irq, IRQ_EDGE);
		fdt_out_str(out, "compatible", v->model->compatible);
		fdt_out_str(out, "device_type", v->model->type);
		fdt_out_u32(out, "reg", v->reg);
		fdt_out_node_end(out);
	}
}
