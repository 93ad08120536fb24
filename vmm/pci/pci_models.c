// SPDX-License-Identifier: LGPL-2.1-or-later
/* What each version of QEMU answered about each card: made by tests/diff/record-pci,
 * so the file is as long as the list of cards. Not to be edited. */
#include "vmm/pci/pci_models.h"

// clang-format off
#define REGISTERS(array) \
	.registers = (array), .n_registers = sizeof(array) / sizeof(*(array))

/* ---- QEMU 7.2 ---- */

static const struct pci_register pci_bridge_7_2[] = {
	{ 0x00, 0x11b36, 0x0 }, { 0x04, 0xb00000, 0x507 }, { 0x08, 0x6040000, 0x0 },
	{ 0x0c, 0x10000, 0xff }, { 0x10, 0x4, 0xffffff00 }, { 0x14, 0x0, 0xffffffff },
	{ 0x18, 0x0, 0xffffffff }, { 0x1c, 0xa00000, 0xf0f0 }, { 0x20, 0x0, 0xfff0fff0 },
	{ 0x24, 0x10001, 0xfff0fff0 }, { 0x28, 0x0, 0xffffffff },
	{ 0x2c, 0x0, 0xffffffff }, { 0x34, 0x4c, 0x0 }, { 0x3c, 0x100, 0xbff00ff },
	{ 0x40, 0xc, 0xff0000 }, { 0x44, 0x0, 0x0 }, { 0x48, 0x1204004, 0xff000000 },
	{ 0x4c, 0x1804805, 0x710000 }, { 0x50, 0x0, 0xfffffffc }, { 0x58, 0x0, 0xffff },
	{ 0x5c, 0x0, 0x1 }, { 0x60, 0x0, 0x0 },
};

static const struct pci_model model_pci_bridge_7_2 = {
	REGISTERS(pci_bridge_7_2), .driver = "pci-bridge", .alias = NULL, .inner = NULL,
	.needs = NULL,
	.cold_only = false, .extended = false,
	.options =
	  "bus-reserve chassis_nr io-reserve mem-reserve msi pref32-reserve "
	  "pref64-reserve shpc ",
};

static const struct pci_register e1000_7_2[] = {
	{ 0x00, 0x100e8086, 0x0 }, { 0x04, 0x0, 0x507 }, { 0x08, 0x2000003, 0x0 },
	{ 0x0c, 0x0, 0xff }, { 0x10, 0x0, 0xfffe0000 }, { 0x14, 0x1, 0xffffffc0 },
	{ 0x2c, 0x11001af4, 0x0 }, { 0x3c, 0x100, 0xff },
};

static const struct pci_model model_e1000_7_2 = {
	REGISTERS(e1000_7_2), .driver = "e1000", .alias = "e1000-82540em", .inner = NULL,
	.needs = NULL,
	.cold_only = false, .extended = false,
	.options =
	  "autonegotiation bootindex extra_mac_registers init-vet mac "
	  "migrate_tso_props mitigation netdev ",
};

static const struct pci_register e1000_82544gc_7_2[] = {
	{ 0x00, 0x100c8086, 0x0 }, { 0x04, 0x0, 0x507 }, { 0x08, 0x2000003, 0x0 },
	{ 0x0c, 0x0, 0xff }, { 0x10, 0x0, 0xfffe0000 }, { 0x14, 0x1, 0xffffffc0 },
	{ 0x2c, 0x11001af4, 0x0 }, { 0x3c, 0x100, 0xff },
};

static const struct pci_model model_e1000_82544gc_7_2 = {
	REGISTERS(e1000_82544gc_7_2), .driver = "e1000-82544gc", .alias = NULL, .inner = NULL,
	.needs = NULL,
	.cold_only = false, .extended = false,
	.options =
	  "autonegotiation bootindex extra_mac_registers init-vet mac "
	  "migrate_tso_props mitigation netdev ",
};

static const struct pci_register e1000_82545em_7_2[] = {
	{ 0x00, 0x100f8086, 0x0 }, { 0x04, 0x0, 0x507 }, { 0x08, 0x2000003, 0x0 },
	{ 0x0c, 0x0, 0xff }, { 0x10, 0x0, 0xfffe0000 }, { 0x14, 0x1, 0xffffffc0 },
	{ 0x2c, 0x11001af4, 0x0 }, { 0x3c, 0x100, 0xff },
};

static const struct pci_model model_e1000_82545em_7_2 = {
	REGISTERS(e1000_82545em_7_2), .driver = "e1000-82545em", .alias = NULL, .inner = NULL,
	.needs = NULL,
	.cold_only = false, .extended = false,
	.options =
	  "autonegotiation bootindex extra_mac_registers init-vet mac "
	  "migrate_tso_props mitigation netdev ",
};

static const struct pci_register e1000e_7_2[] = {
	{ 0x00, 0x10d38086, 0x0 }, { 0x04, 0x100000, 0x507 }, { 0x08, 0x2000000, 0x0 },
	{ 0x0c, 0x0, 0xff }, { 0x10, 0x0, 0xfffe0000 }, { 0x14, 0x0, 0xfffe0000 },
	{ 0x18, 0x1, 0xffffffe0 }, { 0x1c, 0x0, 0xffffc000 }, { 0x2c, 0x8086, 0x0 },
	{ 0x34, 0xc8, 0x0 }, { 0x3c, 0x100, 0xff }, { 0xa0, 0x40011, 0xc0000000 },
	{ 0xa4, 0x3, 0x0 }, { 0xa8, 0x2003, 0x0 }, { 0xc8, 0x22d001, 0x0 },
	{ 0xcc, 0x0, 0x1f03 }, { 0xd0, 0x80e005, 0x710000 }, { 0xd4, 0x0, 0xfffffffc },
	{ 0xe0, 0x1a010, 0x0 }, { 0xe4, 0x8000, 0x0 }, { 0xe8, 0x0, 0x0 },
	{ 0xec, 0x411, 0x0 }, { 0xf0, 0x110000, 0x0 }, { 0x100, 0x14020001, 0x0 },
	{ 0x104, 0x0, 0x0 }, { 0x108, 0x0, 0x0 }, { 0x10c, 0x462030, 0x3fff030 },
	{ 0x110, 0x0, 0x0 }, { 0x114, 0xe000, 0xf1c1 }, { 0x118, 0xa0, 0x140 },
	{ 0x11c, 0x0, 0x0 }, { 0x120, 0x0, 0x0 }, { 0x124, 0x0, 0x0 },
	{ 0x128, 0x0, 0x0 }, { 0x12c, 0x0, 0x0 }, { 0x130, 0x0, 0x0 },
	{ 0x134, 0x0, 0x0 }, { 0x138, 0x0, 0x0 }, { 0x13c, 0x0, 0x0 },
	{ 0x140, 0x10003, 0x0 }, { 0x144, 0xff123456, 0x0 }, { 0x148, 0x525400ff, 0x0 },
};

static const struct pci_model model_e1000e_7_2 = {
	REGISTERS(e1000e_7_2), .driver = "e1000e", .alias = NULL, .inner = NULL,
	.needs = NULL,
	.cold_only = false, .extended = true,
	.options =
	  "bootindex disable_vnet_hdr init-vet mac netdev subsys subsys_ven ",
};

static const struct pci_register i82551_7_2[] = {
	{ 0x00, 0x12098086, 0x0 }, { 0x04, 0x2900000, 0x507 }, { 0x08, 0x200000f, 0x0 },
	{ 0x0c, 0x2000, 0xff }, { 0x10, 0x8, 0xfffff000 }, { 0x14, 0x1, 0xffffffc0 },
	{ 0x18, 0x0, 0xfffe0000 }, { 0x2c, 0x11001af4, 0x0 }, { 0x34, 0xdc, 0x0 },
	{ 0x3c, 0x18080100, 0xff }, { 0xdc, 0x7e210001, 0x0 }, { 0xe0, 0x0, 0x0 },
};

static const struct pci_model model_i82551_7_2 = {
	REGISTERS(i82551_7_2), .driver = "i82551", .alias = NULL, .inner = NULL,
	.needs = NULL,
	.cold_only = false, .extended = false,
	.options =
	  "bootindex mac netdev ",
};

static const struct pci_register i82559er_7_2[] = {
	{ 0x00, 0x12098086, 0x0 }, { 0x04, 0x2900000, 0x507 }, { 0x08, 0x2000009, 0x0 },
	{ 0x0c, 0x2000, 0xff }, { 0x10, 0x8, 0xfffff000 }, { 0x14, 0x1, 0xffffffc0 },
	{ 0x18, 0x0, 0xfffe0000 }, { 0x2c, 0x11001af4, 0x0 }, { 0x34, 0xdc, 0x0 },
	{ 0x3c, 0x18080100, 0xff }, { 0xdc, 0x7e210001, 0x0 }, { 0xe0, 0x0, 0x0 },
};

static const struct pci_model model_i82559er_7_2 = {
	REGISTERS(i82559er_7_2), .driver = "i82559er", .alias = NULL, .inner = NULL,
	.needs = NULL,
	.cold_only = false, .extended = false,
	.options =
	  "bootindex mac netdev ",
};

static const struct pci_register ne2k_pci_7_2[] = {
	{ 0x00, 0x802910ec, 0x0 }, { 0x04, 0x0, 0x507 }, { 0x08, 0x2000000, 0x0 },
	{ 0x0c, 0x0, 0xff }, { 0x10, 0x1, 0xffffff00 }, { 0x2c, 0x11001af4, 0x0 },
	{ 0x3c, 0x100, 0xff },
};

static const struct pci_model model_ne2k_pci_7_2 = {
	REGISTERS(ne2k_pci_7_2), .driver = "ne2k_pci", .alias = NULL, .inner = NULL,
	.needs = NULL,
	.cold_only = false, .extended = false,
	.options =
	  "bootindex mac netdev ",
};

static const struct pci_register pcnet_7_2[] = {
	{ 0x00, 0x20001022, 0x0 }, { 0x04, 0x2800000, 0x507 }, { 0x08, 0x2000010, 0x0 },
	{ 0x0c, 0x0, 0xff }, { 0x10, 0x1, 0xffffffe0 }, { 0x14, 0x0, 0xffffffe0 },
	{ 0x3c, 0xff060100, 0xff },
};

static const struct pci_model model_pcnet_7_2 = {
	REGISTERS(pcnet_7_2), .driver = "pcnet", .alias = NULL, .inner = NULL,
	.needs = NULL,
	.cold_only = false, .extended = false,
	.options =
	  "bootindex mac netdev ",
};

static const struct pci_register rtl8139_7_2[] = {
	{ 0x00, 0x813910ec, 0x0 }, { 0x04, 0x0, 0x507 }, { 0x08, 0x2000020, 0x0 },
	{ 0x0c, 0x0, 0xff }, { 0x10, 0x1, 0xffffff00 }, { 0x14, 0x0, 0xffffff00 },
	{ 0x2c, 0x11001af4, 0x0 }, { 0x34, 0xdc, 0x0 }, { 0x3c, 0x100, 0xff },
};

static const struct pci_model model_rtl8139_7_2 = {
	REGISTERS(rtl8139_7_2), .driver = "rtl8139", .alias = NULL, .inner = NULL,
	.needs = NULL,
	.cold_only = false, .extended = false,
	.options =
	  "bootindex mac netdev ",
};

static const struct pci_register tulip_7_2[] = {
	{ 0x00, 0x191011, 0x0 }, { 0x04, 0x0, 0x507 }, { 0x08, 0x2000000, 0x0 },
	{ 0x0c, 0x0, 0xff }, { 0x10, 0x1, 0xffffff80 }, { 0x14, 0x0, 0xffffff80 },
	{ 0x2c, 0x104f103c, 0x0 }, { 0x3c, 0x100, 0xff },
};

static const struct pci_model model_tulip_7_2 = {
	REGISTERS(tulip_7_2), .driver = "tulip", .alias = NULL, .inner = NULL,
	.needs = NULL,
	.cold_only = false, .extended = false,
	.options =
	  "bootindex mac netdev ",
};

static const struct pci_register vmxnet3_7_2[] = {
	{ 0x00, 0x7b015ad, 0x0 }, { 0x04, 0x100000, 0x507 }, { 0x08, 0x2000001, 0x0 },
	{ 0x0c, 0x0, 0xff }, { 0x10, 0x0, 0xfffff000 }, { 0x14, 0x0, 0xfffff000 },
	{ 0x18, 0x0, 0xffffe000 }, { 0x2c, 0x7b015ad, 0x0 }, { 0x34, 0x9c, 0x0 },
	{ 0x3c, 0x100, 0xff }, { 0x84, 0x800005, 0x710000 }, { 0x88, 0x0, 0xfffffffc },
	{ 0x9c, 0x188411, 0xc0000000 }, { 0xa0, 0x2, 0x0 }, { 0xa4, 0x1002, 0x0 },
	{ 0x100, 0x10003, 0x0 }, { 0x104, 0x563412fe, 0x0 }, { 0x108, 0xff005452, 0x0 },
};

static const struct pci_model model_vmxnet3_7_2 = {
	REGISTERS(vmxnet3_7_2), .driver = "vmxnet3", .alias = NULL, .inner = NULL,
	.needs = NULL,
	.cold_only = false, .extended = true,
	.options =
	  "bootindex mac netdev x-disable-pcie x-old-msi-offsets ",
};

static const struct pci_register virtio_net_pci_7_2[] = {
	{ 0x00, 0x10001af4, 0x0 }, { 0x04, 0x100000, 0x507 }, { 0x08, 0x2000000, 0x0 },
	{ 0x0c, 0x0, 0xff }, { 0x10, 0x1, 0xffffffe0 }, { 0x14, 0x0, 0xfffff000 },
	{ 0x20, 0xc, 0xffffc000 }, { 0x24, 0x0, 0xffffffff }, { 0x2c, 0x11af4, 0x0 },
	{ 0x34, 0x98, 0x0 }, { 0x3c, 0x100, 0xff }, { 0x40, 0x1100009, 0x0 },
	{ 0x44, 0x4, 0x0 }, { 0x48, 0x0, 0x0 }, { 0x4c, 0x1000, 0x0 },
	{ 0x50, 0x3104009, 0x0 }, { 0x54, 0x4, 0x0 }, { 0x58, 0x1000, 0x0 },
	{ 0x5c, 0x1000, 0x0 }, { 0x60, 0x4105009, 0x0 }, { 0x64, 0x4, 0x0 },
	{ 0x68, 0x2000, 0x0 }, { 0x6c, 0x1000, 0x0 }, { 0x70, 0x2146009, 0x0 },
	{ 0x74, 0x4, 0x0 }, { 0x78, 0x3000, 0x0 }, { 0x7c, 0x1000, 0x0 },
	{ 0x80, 0x4, 0x0 }, { 0x84, 0x5147009, 0x0 }, { 0x88, 0x0, 0xff },
	{ 0x98, 0x38411, 0xc0000000 }, { 0x9c, 0x1, 0x0 }, { 0xa0, 0x801, 0x0 },
};

static const struct pci_model model_virtio_net_pci_7_2 = {
	REGISTERS(virtio_net_pci_7_2), .driver = "virtio-net-pci", .alias = "virtio-net", .inner = "virtio-backend",
	.needs = NULL,
	.cold_only = false, .extended = false,
	.options =
	  "bootindex csum ctrl_guest_offloads ctrl_mac_addr ctrl_rx ctrl_rx_extra "
	  "ctrl_vlan ctrl_vq duplex failover gso guest_announce guest_csum guest_ecn "
	  "guest_rsc_ext guest_tso4 guest_tso6 guest_ufo hash host_ecn host_mtu "
	  "host_tso4 host_tso6 host_ufo mac mq mrg_rxbuf netdev rsc_interval rss "
	  "rx_queue_size speed status tx tx_queue_size x-mtu-bypass-backend x-txburst "
	  "x-txtimer ",
};

static const struct pci_register virtio_net_pci_non_transitional_7_2[] = {
	{ 0x00, 0x10411af4, 0x0 }, { 0x04, 0x100000, 0x507 }, { 0x08, 0x2000001, 0x0 },
	{ 0x0c, 0x0, 0xff }, { 0x14, 0x0, 0xfffff000 }, { 0x20, 0xc, 0xffffc000 },
	{ 0x24, 0x0, 0xffffffff }, { 0x2c, 0x11001af4, 0x0 }, { 0x34, 0x98, 0x0 },
	{ 0x3c, 0x100, 0xff }, { 0x40, 0x1100009, 0x0 }, { 0x44, 0x4, 0x0 },
	{ 0x48, 0x0, 0x0 }, { 0x4c, 0x1000, 0x0 }, { 0x50, 0x3104009, 0x0 },
	{ 0x54, 0x4, 0x0 }, { 0x58, 0x1000, 0x0 }, { 0x5c, 0x1000, 0x0 },
	{ 0x60, 0x4105009, 0x0 }, { 0x64, 0x4, 0x0 }, { 0x68, 0x2000, 0x0 },
	{ 0x6c, 0x1000, 0x0 }, { 0x70, 0x2146009, 0x0 }, { 0x74, 0x4, 0x0 },
	{ 0x78, 0x3000, 0x0 }, { 0x7c, 0x1000, 0x0 }, { 0x80, 0x4, 0x0 },
	{ 0x84, 0x5147009, 0x0 }, { 0x88, 0x0, 0xff }, { 0x98, 0x38411, 0xc0000000 },
	{ 0x9c, 0x1, 0x0 }, { 0xa0, 0x801, 0x0 },
};

static const struct pci_model model_virtio_net_pci_non_transitional_7_2 = {
	REGISTERS(virtio_net_pci_non_transitional_7_2), .driver = "virtio-net-pci-non-transitional", .alias = NULL, .inner = "virtio-backend",
	.needs = NULL,
	.cold_only = false, .extended = false,
	.options =
	  "bootindex csum ctrl_guest_offloads ctrl_mac_addr ctrl_rx ctrl_rx_extra "
	  "ctrl_vlan ctrl_vq duplex failover gso guest_announce guest_csum guest_ecn "
	  "guest_rsc_ext guest_tso4 guest_tso6 guest_ufo hash host_ecn host_mtu "
	  "host_tso4 host_tso6 host_ufo mac mq mrg_rxbuf netdev rsc_interval rss "
	  "rx_queue_size speed status tx tx_queue_size x-mtu-bypass-backend x-txburst "
	  "x-txtimer ",
};

static const struct pci_register virtio_net_pci_transitional_7_2[] = {
	{ 0x00, 0x10001af4, 0x0 }, { 0x04, 0x100000, 0x507 }, { 0x08, 0x2000000, 0x0 },
	{ 0x0c, 0x0, 0xff }, { 0x10, 0x1, 0xffffffe0 }, { 0x14, 0x0, 0xfffff000 },
	{ 0x20, 0xc, 0xffffc000 }, { 0x24, 0x0, 0xffffffff }, { 0x2c, 0x11af4, 0x0 },
	{ 0x34, 0x98, 0x0 }, { 0x3c, 0x100, 0xff }, { 0x40, 0x1100009, 0x0 },
	{ 0x44, 0x4, 0x0 }, { 0x48, 0x0, 0x0 }, { 0x4c, 0x1000, 0x0 },
	{ 0x50, 0x3104009, 0x0 }, { 0x54, 0x4, 0x0 }, { 0x58, 0x1000, 0x0 },
	{ 0x5c, 0x1000, 0x0 }, { 0x60, 0x4105009, 0x0 }, { 0x64, 0x4, 0x0 },
	{ 0x68, 0x2000, 0x0 }, { 0x6c, 0x1000, 0x0 }, { 0x70, 0x2146009, 0x0 },
	{ 0x74, 0x4, 0x0 }, { 0x78, 0x3000, 0x0 }, { 0x7c, 0x1000, 0x0 },
	{ 0x80, 0x4, 0x0 }, { 0x84, 0x5147009, 0x0 }, { 0x88, 0x0, 0xff },
	{ 0x98, 0x38411, 0xc0000000 }, { 0x9c, 0x1, 0x0 }, { 0xa0, 0x801, 0x0 },
};

static const struct pci_model model_virtio_net_pci_transitional_7_2 = {
	REGISTERS(virtio_net_pci_transitional_7_2), .driver = "virtio-net-pci-transitional", .alias = NULL, .inner = "virtio-backend",
	.needs = NULL,
	.cold_only = false, .extended = false,
	.options =
	  "bootindex csum ctrl_guest_offloads ctrl_mac_addr ctrl_rx ctrl_rx_extra "
	  "ctrl_vlan ctrl_vq duplex failover gso guest_announce guest_csum guest_ecn "
	  "guest_rsc_ext guest_tso4 guest_tso6 guest_ufo hash host_ecn host_mtu "
	  "host_tso4 host_tso6 host_ufo mac mq mrg_rxbuf netdev rsc_interval rss "
	  "rx_queue_size speed status tx tx_queue_size x-mtu-bypass-backend x-txburst "
	  "x-txtimer ",
};

static const struct pci_register am53c974_7_2[] = {
	{ 0x00, 0x20201022, 0x0 }, { 0x04, 0x0, 0x507 }, { 0x08, 0x1000010, 0x0 },
	{ 0x0c, 0x0, 0xff }, { 0x10, 0x1, 0xffffff80 }, { 0x2c, 0x11001af4, 0x0 },
	{ 0x3c, 0x100, 0xff },
};

static const struct pci_model model_am53c974_7_2 = {
	REGISTERS(am53c974_7_2), .driver = "am53c974", .alias = NULL, .inner = "esp",
	.needs = NULL,
	.cold_only = false, .extended = false,
	.options =
	  "esp ",
};

static const struct pci_register dc390_7_2[] = {
	{ 0x00, 0x20201022, 0x0 }, { 0x04, 0x0, 0x507 }, { 0x08, 0x1000010, 0x0 },
	{ 0x0c, 0x0, 0xff }, { 0x10, 0x1, 0xffffff80 }, { 0x2c, 0x11001af4, 0x0 },
	{ 0x3c, 0x100, 0xff }, { 0x80, 0x0, 0x0 }, { 0xc0, 0x0, 0x0 },
};

static const struct pci_model model_dc390_7_2 = {
	REGISTERS(dc390_7_2), .driver = "dc390", .alias = NULL, .inner = "esp",
	.needs = NULL,
	.cold_only = false, .extended = false,
	.options =
	  "esp ",
};

static const struct pci_register ich9_ahci_7_2[] = {
	{ 0x00, 0x29228086, 0x0 }, { 0x04, 0x100000, 0x507 }, { 0x08, 0x1060102, 0x0 },
	{ 0x0c, 0x0, 0xff }, { 0x20, 0x1, 0xffffffe0 }, { 0x24, 0x0, 0xfffff000 },
	{ 0x2c, 0x11001af4, 0x0 }, { 0x34, 0x80, 0x0 }, { 0x3c, 0x100, 0xff },
	{ 0x80, 0x80a805, 0x710000 }, { 0x84, 0x0, 0xfffffffc },
	{ 0x90, 0x40, 0xffffffff }, { 0xa8, 0x100012, 0x0 }, { 0xac, 0x48, 0x0 },
};

static const struct pci_model model_ich9_ahci_7_2 = {
	REGISTERS(ich9_ahci_7_2), .driver = "ich9-ahci", .alias = "ahci", .inner = NULL,
	.needs = NULL,
	.cold_only = false, .extended = false,
	.options =
	  "ahci-idp[0] ahci[0] ",
};

static const struct pci_register lsi53c810_7_2[] = {
	{ 0x00, 0x11000, 0x0 }, { 0x04, 0x0, 0x507 }, { 0x08, 0x1000000, 0x0 },
	{ 0x0c, 0xff00, 0xff }, { 0x10, 0x1, 0xffffff00 }, { 0x14, 0x0, 0xfffffc00 },
	{ 0x18, 0x0, 0xffffe000 }, { 0x2c, 0x10000000, 0x0 }, { 0x3c, 0x100, 0xff },
};

static const struct pci_model model_lsi53c810_7_2 = {
	REGISTERS(lsi53c810_7_2), .driver = "lsi53c810", .alias = NULL, .inner = NULL,
	.needs = NULL,
	.cold_only = false, .extended = false,
	.options =
	  NULL,
};

static const struct pci_register lsi53c895a_7_2[] = {
	{ 0x00, 0x121000, 0x0 }, { 0x04, 0x0, 0x507 }, { 0x08, 0x1000000, 0x0 },
	{ 0x0c, 0xff00, 0xff }, { 0x10, 0x1, 0xffffff00 }, { 0x14, 0x0, 0xfffffc00 },
	{ 0x18, 0x0, 0xffffe000 }, { 0x2c, 0x10000000, 0x0 }, { 0x3c, 0x100, 0xff },
};

static const struct pci_model model_lsi53c895a_7_2 = {
	REGISTERS(lsi53c895a_7_2), .driver = "lsi53c895a", .alias = "lsi", .inner = NULL,
	.needs = NULL,
	.cold_only = false, .extended = false,
	.options =
	  NULL,
};

static const struct pci_register megasas_7_2[] = {
	{ 0x00, 0x601000, 0x0 }, { 0x04, 0x100000, 0x507 }, { 0x08, 0x1040000, 0x0 },
	{ 0x0c, 0x0, 0xff }, { 0x10, 0x4, 0xffffc000 }, { 0x14, 0x0, 0xffffffff },
	{ 0x18, 0x1, 0xffffff00 }, { 0x1c, 0x4, 0xfffc0000 }, { 0x20, 0x0, 0xffffffff },
	{ 0x2c, 0x10131000, 0x0 }, { 0x34, 0x68, 0x0 }, { 0x3c, 0x100, 0xff },
	{ 0x50, 0x800005, 0x710000 }, { 0x54, 0x0, 0xfffffffc },
	{ 0x68, 0xe5011, 0xc0000000 }, { 0x6c, 0x2000, 0x0 }, { 0x70, 0x3800, 0x0 },
};

static const struct pci_model model_megasas_7_2 = {
	REGISTERS(megasas_7_2), .driver = "megasas", .alias = NULL, .inner = NULL,
	.needs = NULL,
	.cold_only = false, .extended = false,
	.options =
	  "hba_serial max_cmds max_sge msi msix sas_address use_jbod ",
};

static const struct pci_register megasas_gen2_7_2[] = {
	{ 0x00, 0x791000, 0x0 }, { 0x04, 0x100000, 0x507 }, { 0x08, 0x1040000, 0x0 },
	{ 0x0c, 0x0, 0xff }, { 0x10, 0x1, 0xffffff00 }, { 0x14, 0x4, 0xffffc000 },
	{ 0x18, 0x0, 0xffffffff }, { 0x1c, 0x4, 0xfffc0000 }, { 0x20, 0x0, 0xffffffff },
	{ 0x2c, 0x92611000, 0x0 }, { 0x34, 0xa0, 0x0 }, { 0x3c, 0x100, 0xff },
	{ 0x50, 0x800005, 0x710000 }, { 0x54, 0x0, 0xfffffffc },
	{ 0x68, 0xe5011, 0xc0000000 }, { 0x6c, 0x2001, 0x0 }, { 0x70, 0x3801, 0x0 },
	{ 0xa0, 0x26810, 0x0 }, { 0xa4, 0x8000, 0x0 }, { 0xa8, 0x0, 0x0 },
	{ 0xac, 0x411, 0x0 }, { 0xb0, 0x110000, 0x0 }, { 0xb4, 0x0, 0x0 },
	{ 0xb8, 0x0, 0x0 }, { 0xbc, 0x0, 0x0 }, { 0xc0, 0x0, 0x0 },
	{ 0xc4, 0x300000, 0x0 }, { 0xc8, 0x0, 0x8000 }, { 0xcc, 0x0, 0x0 },
	{ 0xd0, 0x0, 0x0 }, { 0xd4, 0x0, 0x0 }, { 0xd8, 0x0, 0x0 }, { 0x100, 0x0, 0x0 },
};

static const struct pci_model model_megasas_gen2_7_2 = {
	REGISTERS(megasas_gen2_7_2), .driver = "megasas-gen2", .alias = NULL, .inner = NULL,
	.needs = NULL,
	.cold_only = false, .extended = true,
	.options =
	  "hba_serial max_cmds max_sge msi msix sas_address use_jbod ",
};

static const struct pci_register mptsas1068_7_2[] = {
	{ 0x00, 0x541000, 0x0 }, { 0x04, 0x100000, 0x507 }, { 0x08, 0x1000000, 0x0 },
	{ 0x0c, 0x0, 0xff }, { 0x10, 0x1, 0xffffff00 }, { 0x14, 0x0, 0xffffc000 },
	{ 0x18, 0x0, 0xffff0000 }, { 0x2c, 0x80001000, 0x0 }, { 0x34, 0x40, 0x0 },
	{ 0x3c, 0x100, 0xff }, { 0x40, 0x800005, 0x710000 }, { 0x44, 0x0, 0xfffffffc },
};

static const struct pci_model model_mptsas1068_7_2 = {
	REGISTERS(mptsas1068_7_2), .driver = "mptsas1068", .alias = NULL, .inner = NULL,
	.needs = NULL,
	.cold_only = false, .extended = false,
	.options =
	  "msi sas_address ",
};

static const struct pci_register nvme_7_2[] = {
	{ 0x00, 0x101b36, 0x0 }, { 0x04, 0x100000, 0x507 }, { 0x08, 0x1080202, 0x0 },
	{ 0x0c, 0x0, 0xff }, { 0x10, 0x4, 0xffffc000 }, { 0x14, 0x0, 0xffffffff },
	{ 0x2c, 0x11001af4, 0x0 }, { 0x34, 0x40, 0x0 }, { 0x3c, 0x100, 0xff },
	{ 0x40, 0x408011, 0xc0000000 }, { 0x44, 0x2000, 0x0 }, { 0x48, 0x3000, 0x0 },
	{ 0x60, 0x30001, 0x0 }, { 0x64, 0x8, 0x3 }, { 0x80, 0x26010, 0x0 },
	{ 0x84, 0x10008000, 0x0 }, { 0x88, 0x0, 0x0 }, { 0x8c, 0x411, 0x0 },
	{ 0x90, 0x110000, 0x0 }, { 0x94, 0x0, 0x0 }, { 0x98, 0x0, 0x0 },
	{ 0x9c, 0x0, 0x0 }, { 0xa0, 0x0, 0x0 }, { 0xa4, 0x300000, 0x0 },
	{ 0xa8, 0x0, 0x8000 }, { 0xac, 0x0, 0x0 }, { 0xb0, 0x0, 0x0 },
	{ 0xb4, 0x0, 0x0 }, { 0xb8, 0x0, 0x0 }, { 0x100, 0x0, 0x0 },
};

static const struct pci_model model_nvme_7_2 = {
	REGISTERS(nvme_7_2), .driver = "nvme", .alias = NULL, .inner = NULL,
	.needs = "serial=serial property not set",
	.cold_only = false, .extended = true,
	.options =
	  "account-failed account-invalid aer_max_queued aerl backend_defaults "
	  "bootindex cmb_size_mb discard_granularity drive ioeventfd "
	  "logical_block_size max_ioqpairs mdts min_io_size msix-exclusive-bar "
	  "msix_qsize num_queues opt_io_size physical_block_size pmrdev serial "
	  "share-rw smart_critical_warning sriov_max_vfs sriov_max_vi_per_vf "
	  "sriov_max_vq_per_vf sriov_vi_flexible sriov_vq_flexible subsys use-intel-id "
	  "vsl write-cache zoned.auto_transition zoned.zasl ",
};

static const struct pci_register pvscsi_7_2[] = {
	{ 0x00, 0x7c015ad, 0x0 }, { 0x04, 0x100000, 0x507 }, { 0x08, 0x1000002, 0x0 },
	{ 0x0c, 0xff00, 0xff }, { 0x10, 0x0, 0xffff8000 }, { 0x2c, 0x7c015ad, 0x0 },
	{ 0x34, 0x7c, 0x0 }, { 0x3c, 0x100, 0xff }, { 0x7c, 0x800005, 0x710000 },
	{ 0x80, 0x0, 0xfffffffc },
};

static const struct pci_model model_pvscsi_7_2 = {
	REGISTERS(pvscsi_7_2), .driver = "pvscsi", .alias = NULL, .inner = NULL,
	.needs = NULL,
	.cold_only = false, .extended = true,
	.options =
	  "use_msg x-disable-pcie x-old-pci-configuration ",
};

static const struct pci_register sdhci_pci_7_2[] = {
	{ 0x00, 0x71b36, 0x0 }, { 0x04, 0x0, 0x507 }, { 0x08, 0x8050100, 0x0 },
	{ 0x0c, 0x0, 0xff }, { 0x10, 0x0, 0xffffff00 }, { 0x2c, 0x11001af4, 0x0 },
	{ 0x3c, 0x100, 0xff },
};

static const struct pci_model model_sdhci_pci_7_2 = {
	REGISTERS(sdhci_pci_7_2), .driver = "sdhci-pci", .alias = NULL, .inner = NULL,
	.needs = NULL,
	.cold_only = false, .extended = false,
	.options =
	  "capareg maxcurr sd-spec-version uhs vendor ",
};

static const struct pci_register sii3112_7_2[] = {
	{ 0x00, 0x31121095, 0x0 }, { 0x04, 0x0, 0x507 }, { 0x08, 0x1040001, 0x0 },
	{ 0x0c, 0x0, 0xff }, { 0x10, 0x1, 0xfffffff8 }, { 0x14, 0x1, 0xfffffffc },
	{ 0x18, 0x1, 0xfffffff8 }, { 0x1c, 0x1, 0xfffffffc }, { 0x20, 0x1, 0xfffffff0 },
	{ 0x24, 0x0, 0xfffffe00 }, { 0x2c, 0x11001af4, 0x0 }, { 0x3c, 0x100, 0xff },
};

static const struct pci_model model_sii3112_7_2 = {
	REGISTERS(sii3112_7_2), .driver = "sii3112", .alias = NULL, .inner = NULL,
	.needs = NULL,
	.cold_only = false, .extended = false,
	.options =
	  NULL,
};

static const struct pci_register virtio_9p_pci_7_2[] = {
	{ 0x00, 0x10091af4, 0x0 }, { 0x04, 0x100000, 0x507 }, { 0x08, 0x20000, 0x0 },
	{ 0x0c, 0x0, 0xff }, { 0x10, 0x1, 0xffffffe0 }, { 0x14, 0x0, 0xfffff000 },
	{ 0x20, 0xc, 0xffffc000 }, { 0x24, 0x0, 0xffffffff }, { 0x2c, 0x91af4, 0x0 },
	{ 0x34, 0x98, 0x0 }, { 0x3c, 0x100, 0xff }, { 0x40, 0x1100009, 0x0 },
	{ 0x44, 0x4, 0x0 }, { 0x48, 0x0, 0x0 }, { 0x4c, 0x1000, 0x0 },
	{ 0x50, 0x3104009, 0x0 }, { 0x54, 0x4, 0x0 }, { 0x58, 0x1000, 0x0 },
	{ 0x5c, 0x1000, 0x0 }, { 0x60, 0x4105009, 0x0 }, { 0x64, 0x4, 0x0 },
	{ 0x68, 0x2000, 0x0 }, { 0x6c, 0x1000, 0x0 }, { 0x70, 0x2146009, 0x0 },
	{ 0x74, 0x4, 0x0 }, { 0x78, 0x3000, 0x0 }, { 0x7c, 0x1000, 0x0 },
	{ 0x80, 0x4, 0x0 }, { 0x84, 0x5147009, 0x0 }, { 0x88, 0x0, 0xff },
	{ 0x98, 0x18411, 0xc0000000 }, { 0x9c, 0x1, 0x0 }, { 0xa0, 0x801, 0x0 },
};

static const struct pci_model model_virtio_9p_pci_7_2 = {
	REGISTERS(virtio_9p_pci_7_2), .driver = "virtio-9p-pci", .alias = "virtio-9p", .inner = "virtio-backend",
	.needs = "fsdev=9pfs device couldn't find fsdev with the id = NULL",
	.cold_only = false, .extended = false,
	.options =
	  "fsdev mount_tag ",
};

static const struct pci_register virtio_9p_pci_non_transitional_7_2[] = {
	{ 0x00, 0x10491af4, 0x0 }, { 0x04, 0x100000, 0x507 }, { 0x08, 0x20001, 0x0 },
	{ 0x0c, 0x0, 0xff }, { 0x14, 0x0, 0xfffff000 }, { 0x20, 0xc, 0xffffc000 },
	{ 0x24, 0x0, 0xffffffff }, { 0x2c, 0x11001af4, 0x0 }, { 0x34, 0x98, 0x0 },
	{ 0x3c, 0x100, 0xff }, { 0x40, 0x1100009, 0x0 }, { 0x44, 0x4, 0x0 },
	{ 0x48, 0x0, 0x0 }, { 0x4c, 0x1000, 0x0 }, { 0x50, 0x3104009, 0x0 },
	{ 0x54, 0x4, 0x0 }, { 0x58, 0x1000, 0x0 }, { 0x5c, 0x1000, 0x0 },
	{ 0x60, 0x4105009, 0x0 }, { 0x64, 0x4, 0x0 }, { 0x68, 0x2000, 0x0 },
	{ 0x6c, 0x1000, 0x0 }, { 0x70, 0x2146009, 0x0 }, { 0x74, 0x4, 0x0 },
	{ 0x78, 0x3000, 0x0 }, { 0x7c, 0x1000, 0x0 }, { 0x80, 0x4, 0x0 },
	{ 0x84, 0x5147009, 0x0 }, { 0x88, 0x0, 0xff }, { 0x98, 0x18411, 0xc0000000 },
	{ 0x9c, 0x1, 0x0 }, { 0xa0, 0x801, 0x0 },
};

static const struct pci_model model_virtio_9p_pci_non_transitional_7_2 = {
	REGISTERS(virtio_9p_pci_non_transitional_7_2), .driver = "virtio-9p-pci-non-transitional", .alias = NULL, .inner = "virtio-backend",
	.needs = "fsdev=9pfs device couldn't find fsdev with the id = NULL",
	.cold_only = false, .extended = false,
	.options =
	  "fsdev mount_tag ",
};

static const struct pci_register virtio_9p_pci_transitional_7_2[] = {
	{ 0x00, 0x10091af4, 0x0 }, { 0x04, 0x100000, 0x507 }, { 0x08, 0x20000, 0x0 },
	{ 0x0c, 0x0, 0xff }, { 0x10, 0x1, 0xffffffe0 }, { 0x14, 0x0, 0xfffff000 },
	{ 0x20, 0xc, 0xffffc000 }, { 0x24, 0x0, 0xffffffff }, { 0x2c, 0x91af4, 0x0 },
	{ 0x34, 0x98, 0x0 }, { 0x3c, 0x100, 0xff }, { 0x40, 0x1100009, 0x0 },
	{ 0x44, 0x4, 0x0 }, { 0x48, 0x0, 0x0 }, { 0x4c, 0x1000, 0x0 },
	{ 0x50, 0x3104009, 0x0 }, { 0x54, 0x4, 0x0 }, { 0x58, 0x1000, 0x0 },
	{ 0x5c, 0x1000, 0x0 }, { 0x60, 0x4105009, 0x0 }, { 0x64, 0x4, 0x0 },
	{ 0x68, 0x2000, 0x0 }, { 0x6c, 0x1000, 0x0 }, { 0x70, 0x2146009, 0x0 },
	{ 0x74, 0x4, 0x0 }, { 0x78, 0x3000, 0x0 }, { 0x7c, 0x1000, 0x0 },
	{ 0x80, 0x4, 0x0 }, { 0x84, 0x5147009, 0x0 }, { 0x88, 0x0, 0xff },
	{ 0x98, 0x18411, 0xc0000000 }, { 0x9c, 0x1, 0x0 }, { 0xa0, 0x801, 0x0 },
};

static const struct pci_model model_virtio_9p_pci_transitional_7_2 = {
	REGISTERS(virtio_9p_pci_transitional_7_2), .driver = "virtio-9p-pci-transitional", .alias = NULL, .inner = "virtio-backend",
	.needs = "fsdev=9pfs device couldn't find fsdev with the id = NULL",
	.cold_only = false, .extended = false,
	.options =
	  "fsdev mount_tag ",
};

static const struct pci_register virtio_blk_pci_7_2[] = {
	{ 0x00, 0x10011af4, 0x0 }, { 0x04, 0x100000, 0x507 }, { 0x08, 0x1000000, 0x0 },
	{ 0x0c, 0x0, 0xff }, { 0x10, 0x1, 0xffffff80 }, { 0x14, 0x0, 0xfffff000 },
	{ 0x20, 0xc, 0xffffc000 }, { 0x24, 0x0, 0xffffffff }, { 0x2c, 0x21af4, 0x0 },
	{ 0x34, 0x98, 0x0 }, { 0x3c, 0x100, 0xff }, { 0x40, 0x1100009, 0x0 },
	{ 0x44, 0x4, 0x0 }, { 0x48, 0x0, 0x0 }, { 0x4c, 0x1000, 0x0 },
	{ 0x50, 0x3104009, 0x0 }, { 0x54, 0x4, 0x0 }, { 0x58, 0x1000, 0x0 },
	{ 0x5c, 0x1000, 0x0 }, { 0x60, 0x4105009, 0x0 }, { 0x64, 0x4, 0x0 },
	{ 0x68, 0x2000, 0x0 }, { 0x6c, 0x1000, 0x0 }, { 0x70, 0x2146009, 0x0 },
	{ 0x74, 0x4, 0x0 }, { 0x78, 0x3000, 0x0 }, { 0x7c, 0x1000, 0x0 },
	{ 0x80, 0x4, 0x0 }, { 0x84, 0x5147009, 0x0 }, { 0x88, 0x0, 0xff },
	{ 0x98, 0x18411, 0xc0000000 }, { 0x9c, 0x1, 0x0 }, { 0xa0, 0x801, 0x0 },
};

static const struct pci_model model_virtio_blk_pci_7_2 = {
	REGISTERS(virtio_blk_pci_7_2), .driver = "virtio-blk-pci", .alias = "virtio-blk", .inner = "virtio-backend",
	.needs = "drive=drive property not set",
	.cold_only = false, .extended = false,
	.options =
	  "account-failed account-invalid backend_defaults bootindex class config-wce "
	  "cyls discard discard_granularity drive heads iothread lcyls lheads "
	  "logical_block_size lsecs max-discard-sectors max-write-zeroes-sectors "
	  "min_io_size num-queues opt_io_size physical_block_size queue-size "
	  "report-discard-granularity request-merging rerror scsi secs seg-max-adjust "
	  "serial share-rw werror write-cache write-zeroes x-enable-wce-if-config-wce ",
};

static const struct pci_register virtio_blk_pci_non_transitional_7_2[] = {
	{ 0x00, 0x10421af4, 0x0 }, { 0x04, 0x100000, 0x507 }, { 0x08, 0x1000001, 0x0 },
	{ 0x0c, 0x0, 0xff }, { 0x14, 0x0, 0xfffff000 }, { 0x20, 0xc, 0xffffc000 },
	{ 0x24, 0x0, 0xffffffff }, { 0x2c, 0x11001af4, 0x0 }, { 0x34, 0x98, 0x0 },
	{ 0x3c, 0x100, 0xff }, { 0x40, 0x1100009, 0x0 }, { 0x44, 0x4, 0x0 },
	{ 0x48, 0x0, 0x0 }, { 0x4c, 0x1000, 0x0 }, { 0x50, 0x3104009, 0x0 },
	{ 0x54, 0x4, 0x0 }, { 0x58, 0x1000, 0x0 }, { 0x5c, 0x1000, 0x0 },
	{ 0x60, 0x4105009, 0x0 }, { 0x64, 0x4, 0x0 }, { 0x68, 0x2000, 0x0 },
	{ 0x6c, 0x1000, 0x0 }, { 0x70, 0x2146009, 0x0 }, { 0x74, 0x4, 0x0 },
	{ 0x78, 0x3000, 0x0 }, { 0x7c, 0x1000, 0x0 }, { 0x80, 0x4, 0x0 },
	{ 0x84, 0x5147009, 0x0 }, { 0x88, 0x0, 0xff }, { 0x98, 0x18411, 0xc0000000 },
	{ 0x9c, 0x1, 0x0 }, { 0xa0, 0x801, 0x0 },
};

static const struct pci_model model_virtio_blk_pci_non_transitional_7_2 = {
	REGISTERS(virtio_blk_pci_non_transitional_7_2), .driver = "virtio-blk-pci-non-transitional", .alias = NULL, .inner = "virtio-backend",
	.needs = "drive=drive property not set",
	.cold_only = false, .extended = false,
	.options =
	  "account-failed account-invalid backend_defaults bootindex class config-wce "
	  "cyls discard discard_granularity drive heads iothread lcyls lheads "
	  "logical_block_size lsecs max-discard-sectors max-write-zeroes-sectors "
	  "min_io_size num-queues opt_io_size physical_block_size queue-size "
	  "report-discard-granularity request-merging rerror scsi secs seg-max-adjust "
	  "serial share-rw werror write-cache write-zeroes x-enable-wce-if-config-wce ",
};

static const struct pci_register virtio_blk_pci_transitional_7_2[] = {
	{ 0x00, 0x10011af4, 0x0 }, { 0x04, 0x100000, 0x507 }, { 0x08, 0x1000000, 0x0 },
	{ 0x0c, 0x0, 0xff }, { 0x10, 0x1, 0xffffff80 }, { 0x14, 0x0, 0xfffff000 },
	{ 0x20, 0xc, 0xffffc000 }, { 0x24, 0x0, 0xffffffff }, { 0x2c, 0x21af4, 0x0 },
	{ 0x34, 0x98, 0x0 }, { 0x3c, 0x100, 0xff }, { 0x40, 0x1100009, 0x0 },
	{ 0x44, 0x4, 0x0 }, { 0x48, 0x0, 0x0 }, { 0x4c, 0x1000, 0x0 },
	{ 0x50, 0x3104009, 0x0 }, { 0x54, 0x4, 0x0 }, { 0x58, 0x1000, 0x0 },
	{ 0x5c, 0x1000, 0x0 }, { 0x60, 0x4105009, 0x0 }, { 0x64, 0x4, 0x0 },
	{ 0x68, 0x2000, 0x0 }, { 0x6c, 0x1000, 0x0 }, { 0x70, 0x2146009, 0x0 },
	{ 0x74, 0x4, 0x0 }, { 0x78, 0x3000, 0x0 }, { 0x7c, 0x1000, 0x0 },
	{ 0x80, 0x4, 0x0 }, { 0x84, 0x5147009, 0x0 }, { 0x88, 0x0, 0xff },
	{ 0x98, 0x18411, 0xc0000000 }, { 0x9c, 0x1, 0x0 }, { 0xa0, 0x801, 0x0 },
};

static const struct pci_model model_virtio_blk_pci_transitional_7_2 = {
	REGISTERS(virtio_blk_pci_transitional_7_2), .driver = "virtio-blk-pci-transitional", .alias = NULL, .inner = "virtio-backend",
	.needs = "drive=drive property not set",
	.cold_only = false, .extended = false,
	.options =
	  "account-failed account-invalid backend_defaults bootindex class config-wce "
	  "cyls discard discard_granularity drive heads iothread lcyls lheads "
	  "logical_block_size lsecs max-discard-sectors max-write-zeroes-sectors "
	  "min_io_size num-queues opt_io_size physical_block_size queue-size "
	  "report-discard-granularity request-merging rerror scsi secs seg-max-adjust "
	  "serial share-rw werror write-cache write-zeroes x-enable-wce-if-config-wce ",
};

static const struct pci_register virtio_scsi_pci_7_2[] = {
	{ 0x00, 0x10041af4, 0x0 }, { 0x04, 0x100000, 0x507 }, { 0x08, 0x1000000, 0x0 },
	{ 0x0c, 0x0, 0xff }, { 0x10, 0x1, 0xffffffc0 }, { 0x14, 0x0, 0xfffff000 },
	{ 0x20, 0xc, 0xffffc000 }, { 0x24, 0x0, 0xffffffff }, { 0x2c, 0x81af4, 0x0 },
	{ 0x34, 0x98, 0x0 }, { 0x3c, 0x100, 0xff }, { 0x40, 0x1100009, 0x0 },
	{ 0x44, 0x4, 0x0 }, { 0x48, 0x0, 0x0 }, { 0x4c, 0x1000, 0x0 },
	{ 0x50, 0x3104009, 0x0 }, { 0x54, 0x4, 0x0 }, { 0x58, 0x1000, 0x0 },
	{ 0x5c, 0x1000, 0x0 }, { 0x60, 0x4105009, 0x0 }, { 0x64, 0x4, 0x0 },
	{ 0x68, 0x2000, 0x0 }, { 0x6c, 0x1000, 0x0 }, { 0x70, 0x2146009, 0x0 },
	{ 0x74, 0x4, 0x0 }, { 0x78, 0x3000, 0x0 }, { 0x7c, 0x1000, 0x0 },
	{ 0x80, 0x4, 0x0 }, { 0x84, 0x5147009, 0x0 }, { 0x88, 0x0, 0xff },
	{ 0x98, 0x38411, 0xc0000000 }, { 0x9c, 0x1, 0x0 }, { 0xa0, 0x801, 0x0 },
};

static const struct pci_model model_virtio_scsi_pci_7_2 = {
	REGISTERS(virtio_scsi_pci_7_2), .driver = "virtio-scsi-pci", .alias = "virtio-scsi", .inner = "virtio-backend",
	.needs = NULL,
	.cold_only = false, .extended = false,
	.options =
	  "cmd_per_lun hotplug iothread max_sectors num_queues param_change "
	  "seg_max_adjust virtqueue_size ",
};

static const struct pci_register virtio_scsi_pci_non_transitional_7_2[] = {
	{ 0x00, 0x10481af4, 0x0 }, { 0x04, 0x100000, 0x507 }, { 0x08, 0x1000001, 0x0 },
	{ 0x0c, 0x0, 0xff }, { 0x14, 0x0, 0xfffff000 }, { 0x20, 0xc, 0xffffc000 },
	{ 0x24, 0x0, 0xffffffff }, { 0x2c, 0x11001af4, 0x0 }, { 0x34, 0x98, 0x0 },
	{ 0x3c, 0x100, 0xff }, { 0x40, 0x1100009, 0x0 }, { 0x44, 0x4, 0x0 },
	{ 0x48, 0x0, 0x0 }, { 0x4c, 0x1000, 0x0 }, { 0x50, 0x3104009, 0x0 },
	{ 0x54, 0x4, 0x0 }, { 0x58, 0x1000, 0x0 }, { 0x5c, 0x1000, 0x0 },
	{ 0x60, 0x4105009, 0x0 }, { 0x64, 0x4, 0x0 }, { 0x68, 0x2000, 0x0 },
	{ 0x6c, 0x1000, 0x0 }, { 0x70, 0x2146009, 0x0 }, { 0x74, 0x4, 0x0 },
	{ 0x78, 0x3000, 0x0 }, { 0x7c, 0x1000, 0x0 }, { 0x80, 0x4, 0x0 },
	{ 0x84, 0x5147009, 0x0 }, { 0x88, 0x0, 0xff }, { 0x98, 0x38411, 0xc0000000 },
	{ 0x9c, 0x1, 0x0 }, { 0xa0, 0x801, 0x0 },
};

static const struct pci_model model_virtio_scsi_pci_non_transitional_7_2 = {
	REGISTERS(virtio_scsi_pci_non_transitional_7_2), .driver = "virtio-scsi-pci-non-transitional", .alias = NULL, .inner = "virtio-backend",
	.needs = NULL,
	.cold_only = false, .extended = false,
	.options =
	  "cmd_per_lun hotplug iothread max_sectors num_queues param_change "
	  "seg_max_adjust virtqueue_size ",
};

static const struct pci_register virtio_scsi_pci_transitional_7_2[] = {
	{ 0x00, 0x10041af4, 0x0 }, { 0x04, 0x100000, 0x507 }, { 0x08, 0x1000000, 0x0 },
	{ 0x0c, 0x0, 0xff }, { 0x10, 0x1, 0xffffffc0 }, { 0x14, 0x0, 0xfffff000 },
	{ 0x20, 0xc, 0xffffc000 }, { 0x24, 0x0, 0xffffffff }, { 0x2c, 0x81af4, 0x0 },
	{ 0x34, 0x98, 0x0 }, { 0x3c, 0x100, 0xff }, { 0x40, 0x1100009, 0x0 },
	{ 0x44, 0x4, 0x0 }, { 0x48, 0x0, 0x0 }, { 0x4c, 0x1000, 0x0 },
	{ 0x50, 0x3104009, 0x0 }, { 0x54, 0x4, 0x0 }, { 0x58, 0x1000, 0x0 },
	{ 0x5c, 0x1000, 0x0 }, { 0x60, 0x4105009, 0x0 }, { 0x64, 0x4, 0x0 },
	{ 0x68, 0x2000, 0x0 }, { 0x6c, 0x1000, 0x0 }, { 0x70, 0x2146009, 0x0 },
	{ 0x74, 0x4, 0x0 }, { 0x78, 0x3000, 0x0 }, { 0x7c, 0x1000, 0x0 },
	{ 0x80, 0x4, 0x0 }, { 0x84, 0x5147009, 0x0 }, { 0x88, 0x0, 0xff },
	{ 0x98, 0x38411, 0xc0000000 }, { 0x9c, 0x1, 0x0 }, { 0xa0, 0x801, 0x0 },
};

static const struct pci_model model_virtio_scsi_pci_transitional_7_2 = {
	REGISTERS(virtio_scsi_pci_transitional_7_2), .driver = "virtio-scsi-pci-transitional", .alias = NULL, .inner = "virtio-backend",
	.needs = NULL,
	.cold_only = false, .extended = false,
	.options =
	  "cmd_per_lun hotplug iothread max_sectors num_queues param_change "
	  "seg_max_adjust virtqueue_size ",
};

static const struct pci_register ich9_usb_ehci1_7_2[] = {
	{ 0x00, 0x293a8086, 0x0 }, { 0x04, 0x0, 0x507 }, { 0x08, 0xc032003, 0x0 },
	{ 0x0c, 0x0, 0xff }, { 0x10, 0x0, 0xfffff000 }, { 0x2c, 0x11001af4, 0x0 },
	{ 0x3c, 0x400, 0xff }, { 0x60, 0x2020, 0xffffffff }, { 0x68, 0x1, 0xffffffff },
	{ 0x6c, 0xc0000000, 0xffffffff },
};

static const struct pci_model model_ich9_usb_ehci1_7_2 = {
	REGISTERS(ich9_usb_ehci1_7_2), .driver = "ich9-usb-ehci1", .alias = NULL, .inner = NULL,
	.needs = NULL,
	.cold_only = true, .extended = false,
	.options =
	  "capabilities[0] ehci[0] maxframes operational[0] ports[0] ",
};

static const struct pci_register ich9_usb_uhci1_7_2[] = {
	{ 0x00, 0x29348086, 0x0 }, { 0x04, 0x0, 0x507 }, { 0x08, 0xc030003, 0x0 },
	{ 0x0c, 0x0, 0xff }, { 0x20, 0x1, 0xffffffe0 }, { 0x2c, 0x11001af4, 0x0 },
	{ 0x3c, 0x100, 0xff }, { 0x60, 0x10, 0xffffffff }, { 0x68, 0x10000, 0xffffffff },
};

static const struct pci_model model_ich9_usb_uhci1_7_2 = {
	REGISTERS(ich9_usb_uhci1_7_2), .driver = "ich9-usb-uhci1", .alias = NULL, .inner = NULL,
	.needs = NULL,
	.cold_only = true, .extended = false,
	.options =
	  "bandwidth firstport masterbus maxframes ",
};

static const struct pci_register nec_usb_xhci_7_2[] = {
	{ 0x00, 0x1941033, 0x0 }, { 0x04, 0x100000, 0x507 }, { 0x08, 0xc033003, 0x0 },
	{ 0x0c, 0x0, 0xff }, { 0x10, 0x4, 0xffffc000 }, { 0x14, 0x0, 0xffffffff },
	{ 0x2c, 0x11001af4, 0x0 }, { 0x34, 0x90, 0x0 }, { 0x3c, 0x100, 0xff },
	{ 0x60, 0x30, 0xffffffff }, { 0x70, 0x880005, 0x710000 },
	{ 0x74, 0x0, 0xfffffffc }, { 0x90, 0xf7011, 0xc0000000 }, { 0x94, 0x3000, 0x0 },
	{ 0x98, 0x3800, 0x0 },
};

static const struct pci_model model_nec_usb_xhci_7_2 = {
	REGISTERS(nec_usb_xhci_7_2), .driver = "nec-usb-xhci", .alias = NULL, .inner = NULL,
	.needs = NULL,
	.cold_only = false, .extended = true,
	.options =
	  "force-pcie-endcap host intrs msi msix p2 p3 slots streams "
	  "superspeed-ports-first xhci-core ",
};

static const struct pci_register pci_ohci_7_2[] = {
	{ 0x00, 0x3f106b, 0x0 }, { 0x04, 0x0, 0x507 }, { 0x08, 0xc031000, 0x0 },
	{ 0x0c, 0x0, 0xff }, { 0x10, 0x0, 0xffffff00 }, { 0x2c, 0x11001af4, 0x0 },
	{ 0x3c, 0x100, 0xff },
};

static const struct pci_model model_pci_ohci_7_2 = {
	REGISTERS(pci_ohci_7_2), .driver = "pci-ohci", .alias = NULL, .inner = NULL,
	.needs = NULL,
	.cold_only = true, .extended = false,
	.options =
	  "firstport masterbus num-ports ",
};

static const struct pci_register piix3_usb_uhci_7_2[] = {
	{ 0x00, 0x70208086, 0x0 }, { 0x04, 0x0, 0x507 }, { 0x08, 0xc030001, 0x0 },
	{ 0x0c, 0x0, 0xff }, { 0x20, 0x1, 0xffffffe0 }, { 0x2c, 0x11001af4, 0x0 },
	{ 0x3c, 0x400, 0xff }, { 0x60, 0x10, 0xffffffff }, { 0x68, 0x10000, 0xffffffff },
};

static const struct pci_model model_piix3_usb_uhci_7_2 = {
	REGISTERS(piix3_usb_uhci_7_2), .driver = "piix3-usb-uhci", .alias = NULL, .inner = NULL,
	.needs = NULL,
	.cold_only = false, .extended = false,
	.options =
	  "bandwidth maxframes ",
};

static const struct pci_register piix4_usb_uhci_7_2[] = {
	{ 0x00, 0x71128086, 0x0 }, { 0x04, 0x0, 0x507 }, { 0x08, 0xc030001, 0x0 },
	{ 0x0c, 0x0, 0xff }, { 0x20, 0x1, 0xffffffe0 }, { 0x2c, 0x11001af4, 0x0 },
	{ 0x3c, 0x400, 0xff }, { 0x60, 0x10, 0xffffffff }, { 0x68, 0x10000, 0xffffffff },
};

static const struct pci_model model_piix4_usb_uhci_7_2 = {
	REGISTERS(piix4_usb_uhci_7_2), .driver = "piix4-usb-uhci", .alias = NULL, .inner = NULL,
	.needs = NULL,
	.cold_only = false, .extended = false,
	.options =
	  "bandwidth maxframes ",
};

static const struct pci_register qemu_xhci_7_2[] = {
	{ 0x00, 0xd1b36, 0x0 }, { 0x04, 0x100000, 0x507 }, { 0x08, 0xc033001, 0x0 },
	{ 0x0c, 0x0, 0xff }, { 0x10, 0x4, 0xffffc000 }, { 0x14, 0x0, 0xffffffff },
	{ 0x2c, 0x11001af4, 0x0 }, { 0x34, 0x90, 0x0 }, { 0x3c, 0x100, 0xff },
	{ 0x60, 0x30, 0xffffffff }, { 0x90, 0xf0011, 0xc0000000 }, { 0x94, 0x3000, 0x0 },
	{ 0x98, 0x3800, 0x0 },
};

static const struct pci_model model_qemu_xhci_7_2 = {
	REGISTERS(qemu_xhci_7_2), .driver = "qemu-xhci", .alias = NULL, .inner = NULL,
	.needs = NULL,
	.cold_only = false, .extended = true,
	.options =
	  "host p2 p3 streams xhci-core ",
};

static const struct pci_register usb_ehci_7_2[] = {
	{ 0x00, 0x24cd8086, 0x0 }, { 0x04, 0x0, 0x507 }, { 0x08, 0xc032010, 0x0 },
	{ 0x0c, 0x0, 0xff }, { 0x10, 0x0, 0xfffff000 }, { 0x2c, 0x11001af4, 0x0 },
	{ 0x3c, 0x400, 0xff }, { 0x60, 0x2020, 0xffffffff }, { 0x68, 0x1, 0xffffffff },
	{ 0x6c, 0xc0000000, 0xffffffff },
};

static const struct pci_model model_usb_ehci_7_2 = {
	REGISTERS(usb_ehci_7_2), .driver = "usb-ehci", .alias = NULL, .inner = NULL,
	.needs = NULL,
	.cold_only = false, .extended = false,
	.options =
	  "capabilities[0] ehci[0] maxframes operational[0] ports[0] ",
};

static const struct pci_register pci_serial_7_2[] = {
	{ 0x00, 0x21b36, 0x0 }, { 0x04, 0x0, 0x507 }, { 0x08, 0x7000201, 0x0 },
	{ 0x0c, 0x0, 0xff }, { 0x10, 0x1, 0xfffffff8 }, { 0x2c, 0x11001af4, 0x0 },
	{ 0x3c, 0x100, 0xff },
};

static const struct pci_model model_pci_serial_7_2 = {
	REGISTERS(pci_serial_7_2), .driver = "pci-serial", .alias = NULL, .inner = "serial",
	.needs = NULL,
	.cold_only = false, .extended = false,
	.options =
	  "baudbase chardev prog_if serial wakeup ",
};

static const struct pci_register pci_serial_2x_7_2[] = {
	{ 0x00, 0x31b36, 0x0 }, { 0x04, 0x0, 0x507 }, { 0x08, 0x7000201, 0x0 },
	{ 0x0c, 0x0, 0xff }, { 0x10, 0x1, 0xfffffff0 }, { 0x2c, 0x11001af4, 0x0 },
	{ 0x3c, 0x100, 0xff },
};

static const struct pci_model model_pci_serial_2x_7_2 = {
	REGISTERS(pci_serial_2x_7_2), .driver = "pci-serial-2x", .alias = NULL, .inner = "serial[1] serial[0]",
	.needs = NULL,
	.cold_only = false, .extended = false,
	.options =
	  "chardev1 chardev2 prog_if serial[0] serial[1] ",
};

static const struct pci_register pci_serial_4x_7_2[] = {
	{ 0x00, 0x41b36, 0x0 }, { 0x04, 0x0, 0x507 }, { 0x08, 0x7000201, 0x0 },
	{ 0x0c, 0x0, 0xff }, { 0x10, 0x1, 0xffffffe0 }, { 0x2c, 0x11001af4, 0x0 },
	{ 0x3c, 0x100, 0xff },
};

static const struct pci_model model_pci_serial_4x_7_2 = {
	REGISTERS(pci_serial_4x_7_2), .driver = "pci-serial-4x", .alias = NULL, .inner = "serial[3] serial[2] serial[1] serial[0]",
	.needs = NULL,
	.cold_only = false, .extended = false,
	.options =
	  "chardev1 chardev2 chardev3 chardev4 prog_if serial[0] serial[1] serial[2] "
	  "serial[3] ",
};

static const struct pci_register virtio_balloon_pci_7_2[] = {
	{ 0x00, 0x10021af4, 0x0 }, { 0x04, 0x100000, 0x507 }, { 0x08, 0xff0000, 0x0 },
	{ 0x0c, 0x0, 0xff }, { 0x10, 0x1, 0xffffffc0 }, { 0x20, 0xc, 0xffffc000 },
	{ 0x24, 0x0, 0xffffffff }, { 0x2c, 0x51af4, 0x0 }, { 0x34, 0x84, 0x0 },
	{ 0x3c, 0x100, 0xff }, { 0x40, 0x1100009, 0x0 }, { 0x44, 0x4, 0x0 },
	{ 0x48, 0x0, 0x0 }, { 0x4c, 0x1000, 0x0 }, { 0x50, 0x3104009, 0x0 },
	{ 0x54, 0x4, 0x0 }, { 0x58, 0x1000, 0x0 }, { 0x5c, 0x1000, 0x0 },
	{ 0x60, 0x4105009, 0x0 }, { 0x64, 0x4, 0x0 }, { 0x68, 0x2000, 0x0 },
	{ 0x6c, 0x1000, 0x0 }, { 0x70, 0x2146009, 0x0 }, { 0x74, 0x4, 0x0 },
	{ 0x78, 0x3000, 0x0 }, { 0x7c, 0x1000, 0x0 }, { 0x80, 0x4, 0x0 },
	{ 0x84, 0x5147009, 0x0 }, { 0x88, 0x0, 0xff },
};

static const struct pci_model model_virtio_balloon_pci_7_2 = {
	REGISTERS(virtio_balloon_pci_7_2), .driver = "virtio-balloon-pci", .alias = "virtio-balloon", .inner = "virtio-backend",
	.needs = NULL,
	.cold_only = false, .extended = false,
	.options =
	  "deflate-on-oom free-page-hint free-page-reporting "
	  "guest-stats-polling-interval guest-stats iothread page-poison "
	  "qemu-4-0-config-size ",
};

static const struct pci_register virtio_balloon_pci_non_transitional_7_2[] = {
	{ 0x00, 0x10451af4, 0x0 }, { 0x04, 0x100000, 0x507 }, { 0x08, 0xff0001, 0x0 },
	{ 0x0c, 0x0, 0xff }, { 0x20, 0xc, 0xffffc000 }, { 0x24, 0x0, 0xffffffff },
	{ 0x2c, 0x11001af4, 0x0 }, { 0x34, 0x84, 0x0 }, { 0x3c, 0x100, 0xff },
	{ 0x40, 0x1100009, 0x0 }, { 0x44, 0x4, 0x0 }, { 0x48, 0x0, 0x0 },
	{ 0x4c, 0x1000, 0x0 }, { 0x50, 0x3104009, 0x0 }, { 0x54, 0x4, 0x0 },
	{ 0x58, 0x1000, 0x0 }, { 0x5c, 0x1000, 0x0 }, { 0x60, 0x4105009, 0x0 },
	{ 0x64, 0x4, 0x0 }, { 0x68, 0x2000, 0x0 }, { 0x6c, 0x1000, 0x0 },
	{ 0x70, 0x2146009, 0x0 }, { 0x74, 0x4, 0x0 }, { 0x78, 0x3000, 0x0 },
	{ 0x7c, 0x1000, 0x0 }, { 0x80, 0x4, 0x0 }, { 0x84, 0x5147009, 0x0 },
	{ 0x88, 0x0, 0xff },
};

static const struct pci_model model_virtio_balloon_pci_non_transitional_7_2 = {
	REGISTERS(virtio_balloon_pci_non_transitional_7_2), .driver = "virtio-balloon-pci-non-transitional", .alias = NULL, .inner = "virtio-backend",
	.needs = NULL,
	.cold_only = false, .extended = false,
	.options =
	  "deflate-on-oom free-page-hint free-page-reporting "
	  "guest-stats-polling-interval guest-stats iothread page-poison "
	  "qemu-4-0-config-size ",
};

static const struct pci_register virtio_balloon_pci_transitional_7_2[] = {
	{ 0x00, 0x10021af4, 0x0 }, { 0x04, 0x100000, 0x507 }, { 0x08, 0xff0000, 0x0 },
	{ 0x0c, 0x0, 0xff }, { 0x10, 0x1, 0xffffffc0 }, { 0x20, 0xc, 0xffffc000 },
	{ 0x24, 0x0, 0xffffffff }, { 0x2c, 0x51af4, 0x0 }, { 0x34, 0x84, 0x0 },
	{ 0x3c, 0x100, 0xff }, { 0x40, 0x1100009, 0x0 }, { 0x44, 0x4, 0x0 },
	{ 0x48, 0x0, 0x0 }, { 0x4c, 0x1000, 0x0 }, { 0x50, 0x3104009, 0x0 },
	{ 0x54, 0x4, 0x0 }, { 0x58, 0x1000, 0x0 }, { 0x5c, 0x1000, 0x0 },
	{ 0x60, 0x4105009, 0x0 }, { 0x64, 0x4, 0x0 }, { 0x68, 0x2000, 0x0 },
	{ 0x6c, 0x1000, 0x0 }, { 0x70, 0x2146009, 0x0 }, { 0x74, 0x4, 0x0 },
	{ 0x78, 0x3000, 0x0 }, { 0x7c, 0x1000, 0x0 }, { 0x80, 0x4, 0x0 },
	{ 0x84, 0x5147009, 0x0 }, { 0x88, 0x0, 0xff },
};

static const struct pci_model model_virtio_balloon_pci_transitional_7_2 = {
	REGISTERS(virtio_balloon_pci_transitional_7_2), .driver = "virtio-balloon-pci-transitional", .alias = NULL, .inner = "virtio-backend",
	.needs = NULL,
	.cold_only = false, .extended = false,
	.options =
	  "deflate-on-oom free-page-hint free-page-reporting "
	  "guest-stats-polling-interval guest-stats iothread page-poison "
	  "qemu-4-0-config-size ",
};

static const struct pci_register virtio_crypto_pci_7_2[] = {
	{ 0x00, 0x10541af4, 0x0 }, { 0x04, 0x100000, 0x507 }, { 0x08, 0xff0001, 0x0 },
	{ 0x0c, 0x0, 0xff }, { 0x14, 0x0, 0xfffff000 }, { 0x20, 0xc, 0xffffc000 },
	{ 0x24, 0x0, 0xffffffff }, { 0x2c, 0x11001af4, 0x0 }, { 0x34, 0x98, 0x0 },
	{ 0x3c, 0x100, 0xff }, { 0x40, 0x1100009, 0x0 }, { 0x44, 0x4, 0x0 },
	{ 0x48, 0x0, 0x0 }, { 0x4c, 0x1000, 0x0 }, { 0x50, 0x3104009, 0x0 },
	{ 0x54, 0x4, 0x0 }, { 0x58, 0x1000, 0x0 }, { 0x5c, 0x1000, 0x0 },
	{ 0x60, 0x4105009, 0x0 }, { 0x64, 0x4, 0x0 }, { 0x68, 0x2000, 0x0 },
	{ 0x6c, 0x1000, 0x0 }, { 0x70, 0x2146009, 0x0 }, { 0x74, 0x4, 0x0 },
	{ 0x78, 0x3000, 0x0 }, { 0x7c, 0x1000, 0x0 }, { 0x80, 0x4, 0x0 },
	{ 0x84, 0x5147009, 0x0 }, { 0x88, 0x0, 0xff }, { 0x98, 0x18411, 0xc0000000 },
	{ 0x9c, 0x1, 0x0 }, { 0xa0, 0x801, 0x0 },
};

static const struct pci_model model_virtio_crypto_pci_7_2 = {
	REGISTERS(virtio_crypto_pci_7_2), .driver = "virtio-crypto-pci", .alias = NULL, .inner = "virtio-backend",
	.needs = "cryptodev='cryptodev' parameter expects a valid object",
	.cold_only = false, .extended = false,
	.options =
	  "cryptodev ",
};

static const struct pci_register virtio_keyboard_pci_7_2[] = {
	{ 0x00, 0x10521af4, 0x0 }, { 0x04, 0x100000, 0x507 }, { 0x08, 0x9000001, 0x0 },
	{ 0x0c, 0x0, 0xff }, { 0x14, 0x0, 0xfffff000 }, { 0x20, 0xc, 0xffffc000 },
	{ 0x24, 0x0, 0xffffffff }, { 0x2c, 0x11001af4, 0x0 }, { 0x34, 0x98, 0x0 },
	{ 0x3c, 0x100, 0xff }, { 0x40, 0x1100009, 0x0 }, { 0x44, 0x4, 0x0 },
	{ 0x48, 0x0, 0x0 }, { 0x4c, 0x1000, 0x0 }, { 0x50, 0x3104009, 0x0 },
	{ 0x54, 0x4, 0x0 }, { 0x58, 0x1000, 0x0 }, { 0x5c, 0x1000, 0x0 },
	{ 0x60, 0x4105009, 0x0 }, { 0x64, 0x4, 0x0 }, { 0x68, 0x2000, 0x0 },
	{ 0x6c, 0x1000, 0x0 }, { 0x70, 0x2146009, 0x0 }, { 0x74, 0x4, 0x0 },
	{ 0x78, 0x3000, 0x0 }, { 0x7c, 0x1000, 0x0 }, { 0x80, 0x4, 0x0 },
	{ 0x84, 0x5147009, 0x0 }, { 0x88, 0x0, 0xff }, { 0x98, 0x18411, 0xc0000000 },
	{ 0x9c, 0x1, 0x0 }, { 0xa0, 0x801, 0x0 },
};

static const struct pci_model model_virtio_keyboard_pci_7_2 = {
	REGISTERS(virtio_keyboard_pci_7_2), .driver = "virtio-keyboard-pci", .alias = "virtio-keyboard", .inner = "virtio-backend",
	.needs = NULL,
	.cold_only = false, .extended = false,
	.options =
	  "display head serial ",
};

static const struct pci_register virtio_mouse_pci_7_2[] = {
	{ 0x00, 0x10521af4, 0x0 }, { 0x04, 0x100000, 0x507 }, { 0x08, 0x9020001, 0x0 },
	{ 0x0c, 0x0, 0xff }, { 0x14, 0x0, 0xfffff000 }, { 0x20, 0xc, 0xffffc000 },
	{ 0x24, 0x0, 0xffffffff }, { 0x2c, 0x11001af4, 0x0 }, { 0x34, 0x98, 0x0 },
	{ 0x3c, 0x100, 0xff }, { 0x40, 0x1100009, 0x0 }, { 0x44, 0x4, 0x0 },
	{ 0x48, 0x0, 0x0 }, { 0x4c, 0x1000, 0x0 }, { 0x50, 0x3104009, 0x0 },
	{ 0x54, 0x4, 0x0 }, { 0x58, 0x1000, 0x0 }, { 0x5c, 0x1000, 0x0 },
	{ 0x60, 0x4105009, 0x0 }, { 0x64, 0x4, 0x0 }, { 0x68, 0x2000, 0x0 },
	{ 0x6c, 0x1000, 0x0 }, { 0x70, 0x2146009, 0x0 }, { 0x74, 0x4, 0x0 },
	{ 0x78, 0x3000, 0x0 }, { 0x7c, 0x1000, 0x0 }, { 0x80, 0x4, 0x0 },
	{ 0x84, 0x5147009, 0x0 }, { 0x88, 0x0, 0xff }, { 0x98, 0x18411, 0xc0000000 },
	{ 0x9c, 0x1, 0x0 }, { 0xa0, 0x801, 0x0 },
};

static const struct pci_model model_virtio_mouse_pci_7_2 = {
	REGISTERS(virtio_mouse_pci_7_2), .driver = "virtio-mouse-pci", .alias = "virtio-mouse", .inner = "virtio-backend",
	.needs = NULL,
	.cold_only = false, .extended = false,
	.options =
	  "display head serial wheel-axis ",
};

static const struct pci_register virtio_rng_pci_7_2[] = {
	{ 0x00, 0x10051af4, 0x0 }, { 0x04, 0x100000, 0x507 }, { 0x08, 0xff0000, 0x0 },
	{ 0x0c, 0x0, 0xff }, { 0x10, 0x1, 0xffffffe0 }, { 0x14, 0x0, 0xfffff000 },
	{ 0x20, 0xc, 0xffffc000 }, { 0x24, 0x0, 0xffffffff }, { 0x2c, 0x41af4, 0x0 },
	{ 0x34, 0x98, 0x0 }, { 0x3c, 0x100, 0xff }, { 0x40, 0x1100009, 0x0 },
	{ 0x44, 0x4, 0x0 }, { 0x48, 0x0, 0x0 }, { 0x4c, 0x1000, 0x0 },
	{ 0x50, 0x3104009, 0x0 }, { 0x54, 0x4, 0x0 }, { 0x58, 0x1000, 0x0 },
	{ 0x5c, 0x1000, 0x0 }, { 0x60, 0x4105009, 0x0 }, { 0x64, 0x4, 0x0 },
	{ 0x68, 0x2000, 0x0 }, { 0x6c, 0x1000, 0x0 }, { 0x70, 0x2146009, 0x0 },
	{ 0x74, 0x4, 0x0 }, { 0x78, 0x3000, 0x0 }, { 0x7c, 0x1000, 0x0 },
	{ 0x80, 0x4, 0x0 }, { 0x84, 0x5147009, 0x0 }, { 0x88, 0x0, 0xff },
	{ 0x98, 0x18411, 0xc0000000 }, { 0x9c, 0x1, 0x0 }, { 0xa0, 0x801, 0x0 },
};

static const struct pci_model model_virtio_rng_pci_7_2 = {
	REGISTERS(virtio_rng_pci_7_2), .driver = "virtio-rng-pci", .alias = "virtio-rng", .inner = "virtio-backend",
	.needs = NULL,
	.cold_only = false, .extended = false,
	.options =
	  "max-bytes period rng ",
};

static const struct pci_register virtio_rng_pci_non_transitional_7_2[] = {
	{ 0x00, 0x10441af4, 0x0 }, { 0x04, 0x100000, 0x507 }, { 0x08, 0xff0001, 0x0 },
	{ 0x0c, 0x0, 0xff }, { 0x14, 0x0, 0xfffff000 }, { 0x20, 0xc, 0xffffc000 },
	{ 0x24, 0x0, 0xffffffff }, { 0x2c, 0x11001af4, 0x0 }, { 0x34, 0x98, 0x0 },
	{ 0x3c, 0x100, 0xff }, { 0x40, 0x1100009, 0x0 }, { 0x44, 0x4, 0x0 },
	{ 0x48, 0x0, 0x0 }, { 0x4c, 0x1000, 0x0 }, { 0x50, 0x3104009, 0x0 },
	{ 0x54, 0x4, 0x0 }, { 0x58, 0x1000, 0x0 }, { 0x5c, 0x1000, 0x0 },
	{ 0x60, 0x4105009, 0x0 }, { 0x64, 0x4, 0x0 }, { 0x68, 0x2000, 0x0 },
	{ 0x6c, 0x1000, 0x0 }, { 0x70, 0x2146009, 0x0 }, { 0x74, 0x4, 0x0 },
	{ 0x78, 0x3000, 0x0 }, { 0x7c, 0x1000, 0x0 }, { 0x80, 0x4, 0x0 },
	{ 0x84, 0x5147009, 0x0 }, { 0x88, 0x0, 0xff }, { 0x98, 0x18411, 0xc0000000 },
	{ 0x9c, 0x1, 0x0 }, { 0xa0, 0x801, 0x0 },
};

static const struct pci_model model_virtio_rng_pci_non_transitional_7_2 = {
	REGISTERS(virtio_rng_pci_non_transitional_7_2), .driver = "virtio-rng-pci-non-transitional", .alias = NULL, .inner = "virtio-backend",
	.needs = NULL,
	.cold_only = false, .extended = false,
	.options =
	  "max-bytes period rng ",
};

static const struct pci_register virtio_rng_pci_transitional_7_2[] = {
	{ 0x00, 0x10051af4, 0x0 }, { 0x04, 0x100000, 0x507 }, { 0x08, 0xff0000, 0x0 },
	{ 0x0c, 0x0, 0xff }, { 0x10, 0x1, 0xffffffe0 }, { 0x14, 0x0, 0xfffff000 },
	{ 0x20, 0xc, 0xffffc000 }, { 0x24, 0x0, 0xffffffff }, { 0x2c, 0x41af4, 0x0 },
	{ 0x34, 0x98, 0x0 }, { 0x3c, 0x100, 0xff }, { 0x40, 0x1100009, 0x0 },
	{ 0x44, 0x4, 0x0 }, { 0x48, 0x0, 0x0 }, { 0x4c, 0x1000, 0x0 },
	{ 0x50, 0x3104009, 0x0 }, { 0x54, 0x4, 0x0 }, { 0x58, 0x1000, 0x0 },
	{ 0x5c, 0x1000, 0x0 }, { 0x60, 0x4105009, 0x0 }, { 0x64, 0x4, 0x0 },
	{ 0x68, 0x2000, 0x0 }, { 0x6c, 0x1000, 0x0 }, { 0x70, 0x2146009, 0x0 },
	{ 0x74, 0x4, 0x0 }, { 0x78, 0x3000, 0x0 }, { 0x7c, 0x1000, 0x0 },
	{ 0x80, 0x4, 0x0 }, { 0x84, 0x5147009, 0x0 }, { 0x88, 0x0, 0xff },
	{ 0x98, 0x18411, 0xc0000000 }, { 0x9c, 0x1, 0x0 }, { 0xa0, 0x801, 0x0 },
};

static const struct pci_model model_virtio_rng_pci_transitional_7_2 = {
	REGISTERS(virtio_rng_pci_transitional_7_2), .driver = "virtio-rng-pci-transitional", .alias = NULL, .inner = "virtio-backend",
	.needs = NULL,
	.cold_only = false, .extended = false,
	.options =
	  "max-bytes period rng ",
};

static const struct pci_register virtio_serial_pci_7_2[] = {
	{ 0x00, 0x10031af4, 0x0 }, { 0x04, 0x100000, 0x507 }, { 0x08, 0x7800000, 0x0 },
	{ 0x0c, 0x0, 0xff }, { 0x10, 0x1, 0xffffffc0 }, { 0x14, 0x0, 0xfffff000 },
	{ 0x20, 0xc, 0xffffc000 }, { 0x24, 0x0, 0xffffffff }, { 0x2c, 0x31af4, 0x0 },
	{ 0x34, 0x98, 0x0 }, { 0x3c, 0x100, 0xff }, { 0x40, 0x1100009, 0x0 },
	{ 0x44, 0x4, 0x0 }, { 0x48, 0x0, 0x0 }, { 0x4c, 0x1000, 0x0 },
	{ 0x50, 0x3104009, 0x0 }, { 0x54, 0x4, 0x0 }, { 0x58, 0x1000, 0x0 },
	{ 0x5c, 0x1000, 0x0 }, { 0x60, 0x4105009, 0x0 }, { 0x64, 0x4, 0x0 },
	{ 0x68, 0x2000, 0x0 }, { 0x6c, 0x1000, 0x0 }, { 0x70, 0x2146009, 0x0 },
	{ 0x74, 0x4, 0x0 }, { 0x78, 0x3000, 0x0 }, { 0x7c, 0x1000, 0x0 },
	{ 0x80, 0x4, 0x0 }, { 0x84, 0x5147009, 0x0 }, { 0x88, 0x0, 0xff },
	{ 0x98, 0x18411, 0xc0000000 }, { 0x9c, 0x1, 0x0 }, { 0xa0, 0x801, 0x0 },
};

static const struct pci_model model_virtio_serial_pci_7_2 = {
	REGISTERS(virtio_serial_pci_7_2), .driver = "virtio-serial-pci", .alias = "virtio-serial", .inner = "virtio-backend",
	.needs = NULL,
	.cold_only = false, .extended = false,
	.options =
	  "class emergency-write max_ports ",
};

static const struct pci_register virtio_serial_pci_non_transitional_7_2[] = {
	{ 0x00, 0x10431af4, 0x0 }, { 0x04, 0x100000, 0x507 }, { 0x08, 0x7800001, 0x0 },
	{ 0x0c, 0x0, 0xff }, { 0x14, 0x0, 0xfffff000 }, { 0x20, 0xc, 0xffffc000 },
	{ 0x24, 0x0, 0xffffffff }, { 0x2c, 0x11001af4, 0x0 }, { 0x34, 0x98, 0x0 },
	{ 0x3c, 0x100, 0xff }, { 0x40, 0x1100009, 0x0 }, { 0x44, 0x4, 0x0 },
	{ 0x48, 0x0, 0x0 }, { 0x4c, 0x1000, 0x0 }, { 0x50, 0x3104009, 0x0 },
	{ 0x54, 0x4, 0x0 }, { 0x58, 0x1000, 0x0 }, { 0x5c, 0x1000, 0x0 },
	{ 0x60, 0x4105009, 0x0 }, { 0x64, 0x4, 0x0 }, { 0x68, 0x2000, 0x0 },
	{ 0x6c, 0x1000, 0x0 }, { 0x70, 0x2146009, 0x0 }, { 0x74, 0x4, 0x0 },
	{ 0x78, 0x3000, 0x0 }, { 0x7c, 0x1000, 0x0 }, { 0x80, 0x4, 0x0 },
	{ 0x84, 0x5147009, 0x0 }, { 0x88, 0x0, 0xff }, { 0x98, 0x18411, 0xc0000000 },
	{ 0x9c, 0x1, 0x0 }, { 0xa0, 0x801, 0x0 },
};

static const struct pci_model model_virtio_serial_pci_non_transitional_7_2 = {
	REGISTERS(virtio_serial_pci_non_transitional_7_2), .driver = "virtio-serial-pci-non-transitional", .alias = NULL, .inner = "virtio-backend",
	.needs = NULL,
	.cold_only = false, .extended = false,
	.options =
	  "class emergency-write max_ports ",
};

static const struct pci_register virtio_serial_pci_transitional_7_2[] = {
	{ 0x00, 0x10031af4, 0x0 }, { 0x04, 0x100000, 0x507 }, { 0x08, 0x7800000, 0x0 },
	{ 0x0c, 0x0, 0xff }, { 0x10, 0x1, 0xffffffc0 }, { 0x14, 0x0, 0xfffff000 },
	{ 0x20, 0xc, 0xffffc000 }, { 0x24, 0x0, 0xffffffff }, { 0x2c, 0x31af4, 0x0 },
	{ 0x34, 0x98, 0x0 }, { 0x3c, 0x100, 0xff }, { 0x40, 0x1100009, 0x0 },
	{ 0x44, 0x4, 0x0 }, { 0x48, 0x0, 0x0 }, { 0x4c, 0x1000, 0x0 },
	{ 0x50, 0x3104009, 0x0 }, { 0x54, 0x4, 0x0 }, { 0x58, 0x1000, 0x0 },
	{ 0x5c, 0x1000, 0x0 }, { 0x60, 0x4105009, 0x0 }, { 0x64, 0x4, 0x0 },
	{ 0x68, 0x2000, 0x0 }, { 0x6c, 0x1000, 0x0 }, { 0x70, 0x2146009, 0x0 },
	{ 0x74, 0x4, 0x0 }, { 0x78, 0x3000, 0x0 }, { 0x7c, 0x1000, 0x0 },
	{ 0x80, 0x4, 0x0 }, { 0x84, 0x5147009, 0x0 }, { 0x88, 0x0, 0xff },
	{ 0x98, 0x18411, 0xc0000000 }, { 0x9c, 0x1, 0x0 }, { 0xa0, 0x801, 0x0 },
};

static const struct pci_model model_virtio_serial_pci_transitional_7_2 = {
	REGISTERS(virtio_serial_pci_transitional_7_2), .driver = "virtio-serial-pci-transitional", .alias = NULL, .inner = "virtio-backend",
	.needs = NULL,
	.cold_only = false, .extended = false,
	.options =
	  "class emergency-write max_ports ",
};

static const struct pci_register virtio_tablet_pci_7_2[] = {
	{ 0x00, 0x10521af4, 0x0 }, { 0x04, 0x100000, 0x507 }, { 0x08, 0x9800001, 0x0 },
	{ 0x0c, 0x0, 0xff }, { 0x14, 0x0, 0xfffff000 }, { 0x20, 0xc, 0xffffc000 },
	{ 0x24, 0x0, 0xffffffff }, { 0x2c, 0x11001af4, 0x0 }, { 0x34, 0x98, 0x0 },
	{ 0x3c, 0x100, 0xff }, { 0x40, 0x1100009, 0x0 }, { 0x44, 0x4, 0x0 },
	{ 0x48, 0x0, 0x0 }, { 0x4c, 0x1000, 0x0 }, { 0x50, 0x3104009, 0x0 },
	{ 0x54, 0x4, 0x0 }, { 0x58, 0x1000, 0x0 }, { 0x5c, 0x1000, 0x0 },
	{ 0x60, 0x4105009, 0x0 }, { 0x64, 0x4, 0x0 }, { 0x68, 0x2000, 0x0 },
	{ 0x6c, 0x1000, 0x0 }, { 0x70, 0x2146009, 0x0 }, { 0x74, 0x4, 0x0 },
	{ 0x78, 0x3000, 0x0 }, { 0x7c, 0x1000, 0x0 }, { 0x80, 0x4, 0x0 },
	{ 0x84, 0x5147009, 0x0 }, { 0x88, 0x0, 0xff }, { 0x98, 0x18411, 0xc0000000 },
	{ 0x9c, 0x1, 0x0 }, { 0xa0, 0x801, 0x0 },
};

static const struct pci_model model_virtio_tablet_pci_7_2 = {
	REGISTERS(virtio_tablet_pci_7_2), .driver = "virtio-tablet-pci", .alias = "virtio-tablet", .inner = "virtio-backend",
	.needs = NULL,
	.cold_only = false, .extended = false,
	.options =
	  "display head serial wheel-axis ",
};

static const struct pci_register vga_7_2[] = {
	{ 0x00, 0x11111234, 0x0 }, { 0x04, 0x0, 0x507 }, { 0x08, 0x3000002, 0x0 },
	{ 0x0c, 0x0, 0xff }, { 0x10, 0x8, 0xff000000 }, { 0x18, 0x0, 0xfffff000 },
	{ 0x2c, 0x11001af4, 0x0 }, { 0x3c, 0x0, 0xff },
};

static const struct pci_model model_vga_7_2 = {
	REGISTERS(vga_7_2), .driver = "VGA", .alias = NULL, .inner = NULL,
	.needs = NULL,
	.cold_only = true, .extended = false,
	.options =
	  "big-endian-framebuffer edid global-vmstate mmio qemu-extended-regs "
	  "refresh_rate vgamem_mb xmax xres ymax yres ",
};

static const struct pci_register ati_vga_7_2[] = {
	{ 0x00, 0x50461002, 0x0 }, { 0x04, 0x0, 0x507 }, { 0x08, 0x3000000, 0x0 },
	{ 0x0c, 0x0, 0xff }, { 0x10, 0x8, 0xff000000 }, { 0x14, 0x1, 0xffffff00 },
	{ 0x18, 0x0, 0xffffc000 }, { 0x2c, 0x11001af4, 0x0 }, { 0x3c, 0x100, 0xff },
};

static const struct pci_model model_ati_vga_7_2 = {
	REGISTERS(ati_vga_7_2), .driver = "ati-vga", .alias = NULL, .inner = NULL,
	.needs = NULL,
	.cold_only = true, .extended = false,
	.options =
	  "guest_hwcursor model vgamem_mb x-device-id x-pixman ",
};

static const struct pci_register bochs_display_7_2[] = {
	{ 0x00, 0x11111234, 0x0 }, { 0x04, 0x0, 0x507 }, { 0x08, 0x3800002, 0x0 },
	{ 0x0c, 0x0, 0xff }, { 0x10, 0x8, 0xff000000 }, { 0x18, 0x0, 0xfffff000 },
	{ 0x2c, 0x11001af4, 0x0 }, { 0x3c, 0x0, 0xff },
};

static const struct pci_model model_bochs_display_7_2 = {
	REGISTERS(bochs_display_7_2), .driver = "bochs-display", .alias = NULL, .inner = NULL,
	.needs = NULL,
	.cold_only = false, .extended = false,
	.options =
	  "big-endian-framebuffer edid refresh_rate vgamem xmax xres ymax yres ",
};

static const struct pci_register cirrus_vga_7_2[] = {
	{ 0x00, 0xb81013, 0x0 }, { 0x04, 0x0, 0x507 }, { 0x08, 0x3000000, 0x0 },
	{ 0x0c, 0x0, 0xff }, { 0x10, 0x8, 0xfe000000 }, { 0x14, 0x0, 0xfffff000 },
	{ 0x2c, 0x11001af4, 0x0 }, { 0x3c, 0x0, 0xff },
};

static const struct pci_model model_cirrus_vga_7_2 = {
	REGISTERS(cirrus_vga_7_2), .driver = "cirrus-vga", .alias = NULL, .inner = NULL,
	.needs = NULL,
	.cold_only = true, .extended = false,
	.options =
	  "blitter global-vmstate vgamem_mb ",
};

static const struct pci_register secondary_vga_7_2[] = {
	{ 0x00, 0x11111234, 0x0 }, { 0x04, 0x0, 0x507 }, { 0x08, 0x3800002, 0x0 },
	{ 0x0c, 0x0, 0xff }, { 0x10, 0x8, 0xff000000 }, { 0x18, 0x0, 0xfffff000 },
	{ 0x2c, 0x11001af4, 0x0 }, { 0x3c, 0x0, 0xff },
};

static const struct pci_model model_secondary_vga_7_2 = {
	REGISTERS(secondary_vga_7_2), .driver = "secondary-vga", .alias = NULL, .inner = NULL,
	.needs = NULL,
	.cold_only = false, .extended = false,
	.options =
	  "big-endian-framebuffer edid qemu-extended-regs refresh_rate vgamem_mb xmax "
	  "xres ymax yres ",
};

static const struct pci_register virtio_gpu_pci_7_2[] = {
	{ 0x00, 0x10501af4, 0x0 }, { 0x04, 0x100000, 0x507 }, { 0x08, 0x3800001, 0x0 },
	{ 0x0c, 0x0, 0xff }, { 0x14, 0x0, 0xfffff000 }, { 0x20, 0xc, 0xffffc000 },
	{ 0x24, 0x0, 0xffffffff }, { 0x2c, 0x11001af4, 0x0 }, { 0x34, 0x98, 0x0 },
	{ 0x3c, 0x100, 0xff }, { 0x40, 0x1100009, 0x0 }, { 0x44, 0x4, 0x0 },
	{ 0x48, 0x0, 0x0 }, { 0x4c, 0x1000, 0x0 }, { 0x50, 0x3104009, 0x0 },
	{ 0x54, 0x4, 0x0 }, { 0x58, 0x1000, 0x0 }, { 0x5c, 0x1000, 0x0 },
	{ 0x60, 0x4105009, 0x0 }, { 0x64, 0x4, 0x0 }, { 0x68, 0x2000, 0x0 },
	{ 0x6c, 0x1000, 0x0 }, { 0x70, 0x2146009, 0x0 }, { 0x74, 0x4, 0x0 },
	{ 0x78, 0x3000, 0x0 }, { 0x7c, 0x1000, 0x0 }, { 0x80, 0x4, 0x0 },
	{ 0x84, 0x5147009, 0x0 }, { 0x88, 0x0, 0xff }, { 0x98, 0x28411, 0xc0000000 },
	{ 0x9c, 0x1, 0x0 }, { 0xa0, 0x801, 0x0 },
};

static const struct pci_model model_virtio_gpu_pci_7_2 = {
	REGISTERS(virtio_gpu_pci_7_2), .driver = "virtio-gpu-pci", .alias = "virtio-gpu", .inner = "virtio-backend",
	.needs = NULL,
	.cold_only = true, .extended = false,
	.options =
	  "blob edid max_hostmem max_outputs xres yres ",
};

static const struct pci_register ac97_7_2[] = {
	{ 0x00, 0x24158086, 0x0 }, { 0x04, 0x2800000, 0x507 }, { 0x08, 0x4010001, 0x0 },
	{ 0x0c, 0x0, 0xff }, { 0x10, 0x1, 0xfffffc00 }, { 0x14, 0x1, 0xffffff00 },
	{ 0x2c, 0x11001af4, 0x0 }, { 0x3c, 0x100, 0xff },
};

static const struct pci_model model_ac97_7_2 = {
	REGISTERS(ac97_7_2), .driver = "AC97", .alias = "ac97", .inner = NULL,
	.needs = NULL,
	.cold_only = false, .extended = false,
	.options =
	  "audiodev ",
};

static const struct pci_register es1370_7_2[] = {
	{ 0x00, 0x50001274, 0x0 }, { 0x04, 0x4000000, 0x507 }, { 0x08, 0x4010000, 0x0 },
	{ 0x0c, 0x0, 0xff }, { 0x10, 0x1, 0xffffff00 }, { 0x2c, 0x4c4c4942, 0x0 },
	{ 0x3c, 0x800c0100, 0xff },
};

static const struct pci_model model_es1370_7_2 = {
	REGISTERS(es1370_7_2), .driver = "ES1370", .alias = "es1370", .inner = NULL,
	.needs = NULL,
	.cold_only = false, .extended = false,
	.options =
	  "audiodev ",
};

static const struct pci_register ich9_intel_hda_7_2[] = {
	{ 0x00, 0x293e8086, 0x0 }, { 0x04, 0x100000, 0x507 }, { 0x08, 0x4030003, 0x0 },
	{ 0x0c, 0x0, 0xff }, { 0x10, 0x0, 0xffffc000 }, { 0x2c, 0x11001af4, 0x0 },
	{ 0x34, 0x60, 0x0 }, { 0x3c, 0x100, 0xff }, { 0x40, 0x1, 0xffffffff },
	{ 0x60, 0x800005, 0x710000 }, { 0x64, 0x0, 0xfffffffc },
};

static const struct pci_model model_ich9_intel_hda_7_2 = {
	REGISTERS(ich9_intel_hda_7_2), .driver = "ich9-intel-hda", .alias = NULL, .inner = NULL,
	.needs = NULL,
	.cold_only = false, .extended = false,
	.options =
	  "debug msi old_msi_addr ",
};

static const struct pci_register intel_hda_7_2[] = {
	{ 0x00, 0x26688086, 0x0 }, { 0x04, 0x100000, 0x507 }, { 0x08, 0x4030001, 0x0 },
	{ 0x0c, 0x0, 0xff }, { 0x10, 0x0, 0xffffc000 }, { 0x2c, 0x11001af4, 0x0 },
	{ 0x34, 0x60, 0x0 }, { 0x3c, 0x100, 0xff }, { 0x40, 0x1, 0xffffffff },
	{ 0x60, 0x800005, 0x710000 }, { 0x64, 0x0, 0xfffffffc },
};

static const struct pci_model model_intel_hda_7_2 = {
	REGISTERS(intel_hda_7_2), .driver = "intel-hda", .alias = NULL, .inner = NULL,
	.needs = NULL,
	.cold_only = false, .extended = false,
	.options =
	  "debug msi old_msi_addr ",
};

static const struct pci_register edu_7_2[] = {
	{ 0x00, 0x11e81234, 0x0 }, { 0x04, 0x100000, 0x507 }, { 0x08, 0xff0010, 0x0 },
	{ 0x0c, 0x0, 0xff }, { 0x10, 0x0, 0xfff00000 }, { 0x2c, 0x11001af4, 0x0 },
	{ 0x34, 0x40, 0x0 }, { 0x3c, 0x100, 0xff }, { 0x40, 0x800005, 0x710000 },
	{ 0x44, 0x0, 0xfffffffc },
};

static const struct pci_model model_edu_7_2 = {
	REGISTERS(edu_7_2), .driver = "edu", .alias = NULL, .inner = NULL,
	.needs = NULL,
	.cold_only = false, .extended = false,
	.options =
	  "dma_mask ",
};

static const struct pci_register i6300esb_7_2[] = {
	{ 0x00, 0x25ab8086, 0x0 }, { 0x04, 0x0, 0x507 }, { 0x08, 0x8800000, 0x0 },
	{ 0x0c, 0x0, 0xff }, { 0x10, 0x0, 0xfffffff0 }, { 0x2c, 0x11001af4, 0x0 },
	{ 0x3c, 0x0, 0xff },
};

static const struct pci_model model_i6300esb_7_2 = {
	REGISTERS(i6300esb_7_2), .driver = "i6300esb", .alias = NULL, .inner = NULL,
	.needs = NULL,
	.cold_only = false, .extended = false,
	.options =
	  NULL,
};

static const struct pci_register ivshmem_plain_7_2[] = {
	{ 0x00, 0x11101af4, 0x0 }, { 0x04, 0x0, 0x507 }, { 0x08, 0x5000001, 0x0 },
	{ 0x0c, 0x0, 0xff }, { 0x10, 0x0, 0xffffff00 }, { 0x18, 0xc, 0xfff00000 },
	{ 0x1c, 0x0, 0xffffffff }, { 0x2c, 0x11001af4, 0x0 }, { 0x3c, 0x0, 0xff },
};

static const struct pci_model model_ivshmem_plain_7_2 = {
	REGISTERS(ivshmem_plain_7_2), .driver = "ivshmem-plain", .alias = NULL, .inner = NULL,
	.needs = "memdev=You must specify a 'memdev'",
	.cold_only = false, .extended = false,
	.options =
	  "master memdev ",
};

static const struct pci_register pci_testdev_7_2[] = {
	{ 0x00, 0x51b36, 0x0 }, { 0x04, 0x0, 0x507 }, { 0x08, 0xff0000, 0x0 },
	{ 0x0c, 0x0, 0xff }, { 0x10, 0x0, 0xfffff000 }, { 0x14, 0x1, 0xffffff00 },
	{ 0x2c, 0x11001af4, 0x0 }, { 0x3c, 0x0, 0xff },
};

static const struct pci_model model_pci_testdev_7_2 = {
	REGISTERS(pci_testdev_7_2), .driver = "pci-testdev", .alias = NULL, .inner = NULL,
	.needs = NULL,
	.cold_only = false, .extended = false,
	.options =
	  "membar ",
};

static const struct pci_register pvpanic_pci_7_2[] = {
	{ 0x00, 0x111b36, 0x0 }, { 0x04, 0x0, 0x507 }, { 0x08, 0x8800001, 0x0 },
	{ 0x0c, 0x0, 0xff }, { 0x10, 0x0, 0xfffffffe }, { 0x2c, 0x11001af4, 0x0 },
	{ 0x3c, 0x0, 0xff },
};

static const struct pci_model model_pvpanic_pci_7_2 = {
	REGISTERS(pvpanic_pci_7_2), .driver = "pvpanic-pci", .alias = NULL, .inner = NULL,
	.needs = NULL,
	.cold_only = false, .extended = false,
	.options =
	  "events ",
};

static const struct pci_register tpci200_7_2[] = {
	{ 0x00, 0x30c81498, 0x0 }, { 0x04, 0x2800000, 0x507 }, { 0x08, 0x6800000, 0x0 },
	{ 0x0c, 0x0, 0xff }, { 0x10, 0x0, 0xffffff80 }, { 0x14, 0x1, 0xffffff80 },
	{ 0x18, 0x0, 0xffffff00 }, { 0x1c, 0x0, 0xfffffc00 }, { 0x20, 0x0, 0xfe000000 },
	{ 0x24, 0x0, 0xff000000 }, { 0x2c, 0x300a1498, 0x0 }, { 0x34, 0x40, 0x0 },
	{ 0x3c, 0x100, 0xff }, { 0x40, 0x48014801, 0xffffffff },
	{ 0x48, 0x24c06, 0xffffffff }, { 0x4c, 0x3, 0xffffffff },
};

static const struct pci_model model_tpci200_7_2 = {
	REGISTERS(tpci200_7_2), .driver = "tpci200", .alias = NULL, .inner = NULL,
	.needs = NULL,
	.cold_only = false, .extended = false,
	.options =
	  NULL,
};

static const struct pci_register i82550_7_2[] = {
	{ 0x00, 0x12098086, 0x0 }, { 0x04, 0x2900000, 0x507 }, { 0x08, 0x200000e, 0x0 },
	{ 0x0c, 0x2000, 0xff }, { 0x10, 0x8, 0xfffff000 }, { 0x14, 0x1, 0xffffffc0 },
	{ 0x18, 0x0, 0xfffe0000 }, { 0x2c, 0x11001af4, 0x0 }, { 0x34, 0xdc, 0x0 },
	{ 0x3c, 0x18080100, 0xff }, { 0xdc, 0x7e210001, 0x0 }, { 0xe0, 0x0, 0x0 },
};

static const struct pci_model model_i82550_7_2 = {
	REGISTERS(i82550_7_2), .driver = "i82550", .alias = NULL, .inner = NULL,
	.needs = NULL,
	.cold_only = false, .extended = false,
	.options =
	  "bootindex mac netdev ",
};

static const struct pci_register i82557a_7_2[] = {
	{ 0x00, 0x12298086, 0x0 }, { 0x04, 0x2800000, 0x507 }, { 0x08, 0x2000001, 0x0 },
	{ 0x0c, 0x2000, 0xff }, { 0x10, 0x8, 0xfffff000 }, { 0x14, 0x1, 0xffffffc0 },
	{ 0x18, 0x0, 0xfffe0000 }, { 0x2c, 0x11001af4, 0x0 }, { 0x3c, 0x18080100, 0xff },
};

static const struct pci_model model_i82557a_7_2 = {
	REGISTERS(i82557a_7_2), .driver = "i82557a", .alias = NULL, .inner = NULL,
	.needs = NULL,
	.cold_only = false, .extended = false,
	.options =
	  "bootindex mac netdev ",
};

static const struct pci_register i82557b_7_2[] = {
	{ 0x00, 0x12298086, 0x0 }, { 0x04, 0x2800000, 0x507 }, { 0x08, 0x2000002, 0x0 },
	{ 0x0c, 0x2000, 0xff }, { 0x10, 0x8, 0xfffff000 }, { 0x14, 0x1, 0xffffffc0 },
	{ 0x18, 0x0, 0xfffe0000 }, { 0x2c, 0x11001af4, 0x0 }, { 0x3c, 0x18080100, 0xff },
};

static const struct pci_model model_i82557b_7_2 = {
	REGISTERS(i82557b_7_2), .driver = "i82557b", .alias = NULL, .inner = NULL,
	.needs = NULL,
	.cold_only = false, .extended = false,
	.options =
	  "bootindex mac netdev ",
};

static const struct pci_register i82557c_7_2[] = {
	{ 0x00, 0x12298086, 0x0 }, { 0x04, 0x2800000, 0x507 }, { 0x08, 0x2000003, 0x0 },
	{ 0x0c, 0x2000, 0xff }, { 0x10, 0x8, 0xfffff000 }, { 0x14, 0x1, 0xffffffc0 },
	{ 0x18, 0x0, 0xfffe0000 }, { 0x2c, 0x11001af4, 0x0 }, { 0x3c, 0x18080100, 0xff },
};

static const struct pci_model model_i82557c_7_2 = {
	REGISTERS(i82557c_7_2), .driver = "i82557c", .alias = NULL, .inner = NULL,
	.needs = NULL,
	.cold_only = false, .extended = false,
	.options =
	  "bootindex mac netdev ",
};

static const struct pci_register i82558a_7_2[] = {
	{ 0x00, 0x12298086, 0x0 }, { 0x04, 0x2900000, 0x507 }, { 0x08, 0x2000004, 0x0 },
	{ 0x0c, 0x2000, 0xff }, { 0x10, 0x8, 0xfffff000 }, { 0x14, 0x1, 0xffffffc0 },
	{ 0x18, 0x0, 0xfffe0000 }, { 0x2c, 0x11001af4, 0x0 }, { 0x34, 0xdc, 0x0 },
	{ 0x3c, 0x18080100, 0xff }, { 0xdc, 0x7e210001, 0x0 }, { 0xe0, 0x0, 0x0 },
};

static const struct pci_model model_i82558a_7_2 = {
	REGISTERS(i82558a_7_2), .driver = "i82558a", .alias = NULL, .inner = NULL,
	.needs = NULL,
	.cold_only = false, .extended = false,
	.options =
	  "bootindex mac netdev ",
};

static const struct pci_register i82558b_7_2[] = {
	{ 0x00, 0x12298086, 0x0 }, { 0x04, 0x2900000, 0x507 }, { 0x08, 0x2000005, 0x0 },
	{ 0x0c, 0x2000, 0xff }, { 0x10, 0x8, 0xfffff000 }, { 0x14, 0x1, 0xffffffc0 },
	{ 0x18, 0x0, 0xfffe0000 }, { 0x2c, 0x11001af4, 0x0 }, { 0x34, 0xdc, 0x0 },
	{ 0x3c, 0x18080100, 0xff }, { 0xdc, 0x7e210001, 0x0 }, { 0xe0, 0x0, 0x0 },
};

static const struct pci_model model_i82558b_7_2 = {
	REGISTERS(i82558b_7_2), .driver = "i82558b", .alias = NULL, .inner = NULL,
	.needs = NULL,
	.cold_only = false, .extended = false,
	.options =
	  "bootindex mac netdev ",
};

static const struct pci_register i82559a_7_2[] = {
	{ 0x00, 0x12298086, 0x0 }, { 0x04, 0x2900000, 0x507 }, { 0x08, 0x2000006, 0x0 },
	{ 0x0c, 0x2000, 0xff }, { 0x10, 0x8, 0xfffff000 }, { 0x14, 0x1, 0xffffffc0 },
	{ 0x18, 0x0, 0xfffe0000 }, { 0x2c, 0x11001af4, 0x0 }, { 0x34, 0xdc, 0x0 },
	{ 0x3c, 0x18080100, 0xff }, { 0xdc, 0x7e210001, 0x0 }, { 0xe0, 0x0, 0x0 },
};

static const struct pci_model model_i82559a_7_2 = {
	REGISTERS(i82559a_7_2), .driver = "i82559a", .alias = NULL, .inner = NULL,
	.needs = NULL,
	.cold_only = false, .extended = false,
	.options =
	  "bootindex mac netdev ",
};

static const struct pci_register i82559b_7_2[] = {
	{ 0x00, 0x12298086, 0x0 }, { 0x04, 0x2900000, 0x507 }, { 0x08, 0x2000007, 0x0 },
	{ 0x0c, 0x2000, 0xff }, { 0x10, 0x8, 0xfffff000 }, { 0x14, 0x1, 0xffffffc0 },
	{ 0x18, 0x0, 0xfffe0000 }, { 0x2c, 0x11001af4, 0x0 }, { 0x34, 0xdc, 0x0 },
	{ 0x3c, 0x18080100, 0xff }, { 0xdc, 0x7e210001, 0x0 }, { 0xe0, 0x0, 0x0 },
};

static const struct pci_model model_i82559b_7_2 = {
	REGISTERS(i82559b_7_2), .driver = "i82559b", .alias = NULL, .inner = NULL,
	.needs = NULL,
	.cold_only = false, .extended = false,
	.options =
	  "bootindex mac netdev ",
};

static const struct pci_register i82559c_7_2[] = {
	{ 0x00, 0x12298086, 0x0 }, { 0x04, 0x2900000, 0x507 }, { 0x08, 0x200000c, 0x0 },
	{ 0x0c, 0x2000, 0xff }, { 0x10, 0x8, 0xfffff000 }, { 0x14, 0x1, 0xffffffc0 },
	{ 0x18, 0x0, 0xfffe0000 }, { 0x2c, 0x408086, 0x0 }, { 0x34, 0xdc, 0x0 },
	{ 0x3c, 0x18080100, 0xff }, { 0xdc, 0x7e210001, 0x0 }, { 0xe0, 0x0, 0x0 },
};

static const struct pci_model model_i82559c_7_2 = {
	REGISTERS(i82559c_7_2), .driver = "i82559c", .alias = NULL, .inner = NULL,
	.needs = NULL,
	.cold_only = false, .extended = false,
	.options =
	  "bootindex mac netdev ",
};

static const struct pci_register i82562_7_2[] = {
	{ 0x00, 0x12098086, 0x0 }, { 0x04, 0x2900000, 0x507 }, { 0x08, 0x200000e, 0x0 },
	{ 0x0c, 0x2000, 0xff }, { 0x10, 0x8, 0xfffff000 }, { 0x14, 0x1, 0xffffffc0 },
	{ 0x18, 0x0, 0xfffe0000 }, { 0x2c, 0x11001af4, 0x0 }, { 0x34, 0xdc, 0x0 },
	{ 0x3c, 0x18080100, 0xff }, { 0xdc, 0x7e210001, 0x0 }, { 0xe0, 0x0, 0x0 },
};

static const struct pci_model model_i82562_7_2 = {
	REGISTERS(i82562_7_2), .driver = "i82562", .alias = NULL, .inner = NULL,
	.needs = NULL,
	.cold_only = false, .extended = false,
	.options =
	  "bootindex mac netdev ",
};

static const struct pci_register i82801_7_2[] = {
	{ 0x00, 0x24498086, 0x0 }, { 0x04, 0x2900000, 0x507 }, { 0x08, 0x2000003, 0x0 },
	{ 0x0c, 0x2000, 0xff }, { 0x10, 0x8, 0xfffff000 }, { 0x14, 0x1, 0xffffffc0 },
	{ 0x18, 0x0, 0xfffe0000 }, { 0x2c, 0x11001af4, 0x0 }, { 0x34, 0xdc, 0x0 },
	{ 0x3c, 0x18080100, 0xff }, { 0xdc, 0x7e210001, 0x0 }, { 0xe0, 0x0, 0x0 },
};

static const struct pci_model model_i82801_7_2 = {
	REGISTERS(i82801_7_2), .driver = "i82801", .alias = NULL, .inner = NULL,
	.needs = NULL,
	.cold_only = false, .extended = false,
	.options =
	  "bootindex mac netdev ",
};

static const struct pci_register pci_bridge_seat_7_2[] = {
	{ 0x00, 0xa1b36, 0x0 }, { 0x04, 0xb00000, 0x507 }, { 0x08, 0x6040000, 0x0 },
	{ 0x0c, 0x10000, 0xff }, { 0x10, 0x4, 0xffffff00 }, { 0x14, 0x0, 0xffffffff },
	{ 0x18, 0x0, 0xffffffff }, { 0x1c, 0xa00000, 0xf0f0 }, { 0x20, 0x0, 0xfff0fff0 },
	{ 0x24, 0x10001, 0xfff0fff0 }, { 0x28, 0x0, 0xffffffff },
	{ 0x2c, 0x0, 0xffffffff }, { 0x34, 0x4c, 0x0 }, { 0x3c, 0x100, 0xbff00ff },
	{ 0x40, 0xc, 0xff0000 }, { 0x44, 0x0, 0x0 }, { 0x48, 0x1204004, 0xff000000 },
	{ 0x4c, 0x1804805, 0x710000 }, { 0x50, 0x0, 0xfffffffc }, { 0x58, 0x0, 0xffff },
	{ 0x5c, 0x0, 0x1 }, { 0x60, 0x0, 0x0 },
};

static const struct pci_model model_pci_bridge_seat_7_2 = {
	REGISTERS(pci_bridge_seat_7_2), .driver = "pci-bridge-seat", .alias = NULL, .inner = NULL,
	.needs = NULL,
	.cold_only = false, .extended = false,
	.options =
	  "bus-reserve chassis_nr io-reserve mem-reserve msi pref32-reserve "
	  "pref64-reserve shpc ",
};

static const struct pci_register ich9_usb_ehci2_7_2[] = {
	{ 0x00, 0x293c8086, 0x0 }, { 0x04, 0x0, 0x507 }, { 0x08, 0xc032003, 0x0 },
	{ 0x0c, 0x0, 0xff }, { 0x10, 0x0, 0xfffff000 }, { 0x2c, 0x11001af4, 0x0 },
	{ 0x3c, 0x400, 0xff }, { 0x60, 0x2020, 0xffffffff }, { 0x68, 0x1, 0xffffffff },
	{ 0x6c, 0xc0000000, 0xffffffff },
};

static const struct pci_model model_ich9_usb_ehci2_7_2 = {
	REGISTERS(ich9_usb_ehci2_7_2), .driver = "ich9-usb-ehci2", .alias = NULL, .inner = NULL,
	.needs = NULL,
	.cold_only = true, .extended = false,
	.options =
	  "capabilities[0] ehci[0] maxframes operational[0] ports[0] ",
};

static const struct pci_register ich9_usb_uhci2_7_2[] = {
	{ 0x00, 0x29358086, 0x0 }, { 0x04, 0x0, 0x507 }, { 0x08, 0xc030003, 0x0 },
	{ 0x0c, 0x0, 0xff }, { 0x20, 0x1, 0xffffffe0 }, { 0x2c, 0x11001af4, 0x0 },
	{ 0x3c, 0x200, 0xff }, { 0x60, 0x10, 0xffffffff }, { 0x68, 0x10000, 0xffffffff },
};

static const struct pci_model model_ich9_usb_uhci2_7_2 = {
	REGISTERS(ich9_usb_uhci2_7_2), .driver = "ich9-usb-uhci2", .alias = NULL, .inner = NULL,
	.needs = NULL,
	.cold_only = true, .extended = false,
	.options =
	  "bandwidth firstport masterbus maxframes ",
};

static const struct pci_register ich9_usb_uhci3_7_2[] = {
	{ 0x00, 0x29368086, 0x0 }, { 0x04, 0x0, 0x507 }, { 0x08, 0xc030003, 0x0 },
	{ 0x0c, 0x0, 0xff }, { 0x20, 0x1, 0xffffffe0 }, { 0x2c, 0x11001af4, 0x0 },
	{ 0x3c, 0x300, 0xff }, { 0x60, 0x10, 0xffffffff }, { 0x68, 0x10000, 0xffffffff },
};

static const struct pci_model model_ich9_usb_uhci3_7_2 = {
	REGISTERS(ich9_usb_uhci3_7_2), .driver = "ich9-usb-uhci3", .alias = NULL, .inner = NULL,
	.needs = NULL,
	.cold_only = true, .extended = false,
	.options =
	  "bandwidth firstport masterbus maxframes ",
};

static const struct pci_register ich9_usb_uhci4_7_2[] = {
	{ 0x00, 0x29378086, 0x0 }, { 0x04, 0x0, 0x507 }, { 0x08, 0xc030003, 0x0 },
	{ 0x0c, 0x0, 0xff }, { 0x20, 0x1, 0xffffffe0 }, { 0x2c, 0x11001af4, 0x0 },
	{ 0x3c, 0x100, 0xff }, { 0x60, 0x10, 0xffffffff }, { 0x68, 0x10000, 0xffffffff },
};

static const struct pci_model model_ich9_usb_uhci4_7_2 = {
	REGISTERS(ich9_usb_uhci4_7_2), .driver = "ich9-usb-uhci4", .alias = NULL, .inner = NULL,
	.needs = NULL,
	.cold_only = true, .extended = false,
	.options =
	  "bandwidth firstport masterbus maxframes ",
};

static const struct pci_register ich9_usb_uhci5_7_2[] = {
	{ 0x00, 0x29388086, 0x0 }, { 0x04, 0x0, 0x507 }, { 0x08, 0xc030003, 0x0 },
	{ 0x0c, 0x0, 0xff }, { 0x20, 0x1, 0xffffffe0 }, { 0x2c, 0x11001af4, 0x0 },
	{ 0x3c, 0x200, 0xff }, { 0x60, 0x10, 0xffffffff }, { 0x68, 0x10000, 0xffffffff },
};

static const struct pci_model model_ich9_usb_uhci5_7_2 = {
	REGISTERS(ich9_usb_uhci5_7_2), .driver = "ich9-usb-uhci5", .alias = NULL, .inner = NULL,
	.needs = NULL,
	.cold_only = true, .extended = false,
	.options =
	  "bandwidth firstport masterbus maxframes ",
};

static const struct pci_register ich9_usb_uhci6_7_2[] = {
	{ 0x00, 0x29398086, 0x0 }, { 0x04, 0x0, 0x507 }, { 0x08, 0xc030003, 0x0 },
	{ 0x0c, 0x0, 0xff }, { 0x20, 0x1, 0xffffffe0 }, { 0x2c, 0x11001af4, 0x0 },
	{ 0x3c, 0x300, 0xff }, { 0x60, 0x10, 0xffffffff }, { 0x68, 0x10000, 0xffffffff },
};

static const struct pci_model model_ich9_usb_uhci6_7_2 = {
	REGISTERS(ich9_usb_uhci6_7_2), .driver = "ich9-usb-uhci6", .alias = NULL, .inner = NULL,
	.needs = NULL,
	.cold_only = true, .extended = false,
	.options =
	  "bandwidth firstport masterbus maxframes ",
};

static const struct pci_register sm501_7_2[] = {
	{ 0x00, 0x501126f, 0x0 }, { 0x04, 0x0, 0x507 }, { 0x08, 0x3800000, 0x0 },
	{ 0x0c, 0x0, 0xff }, { 0x10, 0x0, 0xfc000000 }, { 0x14, 0x0, 0xffe00000 },
	{ 0x2c, 0x11001af4, 0x0 }, { 0x3c, 0x0, 0xff },
};

static const struct pci_model model_sm501_7_2 = {
	REGISTERS(sm501_7_2), .driver = "sm501", .alias = NULL, .inner = NULL,
	.needs = NULL,
	.cold_only = true, .extended = false,
	.options =
	  "vram-size ",
};

static const struct pci_register vmware_svga_7_2[] = {
	{ 0x00, 0x40515ad, 0x0 }, { 0x04, 0x0, 0x507 }, { 0x08, 0x3000000, 0x0 },
	{ 0x0c, 0x4000, 0xff }, { 0x10, 0x1, 0xfffffff0 }, { 0x14, 0x8, 0xff000000 },
	{ 0x18, 0x8, 0xffff0000 }, { 0x2c, 0x40515ad, 0x0 }, { 0x3c, 0x0, 0xff },
};

static const struct pci_model model_vmware_svga_7_2 = {
	REGISTERS(vmware_svga_7_2), .driver = "vmware-svga", .alias = NULL, .inner = NULL,
	.needs = NULL,
	.cold_only = true, .extended = false,
	.options =
	  "global-vmstate vgamem_mb ",
};

static const struct pci_register acpi_erst_7_2[] = {
	{ 0x00, 0x121b36, 0x0 }, { 0x04, 0x0, 0x507 }, { 0x08, 0xff0000, 0x0 },
	{ 0x0c, 0x0, 0xff }, { 0x10, 0x0, 0xfffffff0 }, { 0x14, 0x0, 0xffffe000 },
	{ 0x2c, 0x11001af4, 0x0 }, { 0x3c, 0x0, 0xff },
};

static const struct pci_model model_acpi_erst_7_2 = {
	REGISTERS(acpi_erst_7_2), .driver = "acpi-erst", .alias = NULL, .inner = NULL,
	.needs = "memdev='memdev' property is not set",
	.cold_only = true, .extended = false,
	.options =
	  "memdev record_size ",
};

static const struct pci_register virtio_iommu_pci_7_2[] = {
	{ 0x00, 0x10571af4, 0x0 }, { 0x04, 0x100000, 0x507 }, { 0x08, 0xff0001, 0x0 },
	{ 0x0c, 0x0, 0xff }, { 0x20, 0xc, 0xffffc000 }, { 0x24, 0x0, 0xffffffff },
	{ 0x2c, 0x11001af4, 0x0 }, { 0x34, 0x84, 0x0 }, { 0x3c, 0x100, 0xff },
	{ 0x40, 0x1100009, 0x0 }, { 0x44, 0x4, 0x0 }, { 0x48, 0x0, 0x0 },
	{ 0x4c, 0x1000, 0x0 }, { 0x50, 0x3104009, 0x0 }, { 0x54, 0x4, 0x0 },
	{ 0x58, 0x1000, 0x0 }, { 0x5c, 0x1000, 0x0 }, { 0x60, 0x4105009, 0x0 },
	{ 0x64, 0x4, 0x0 }, { 0x68, 0x2000, 0x0 }, { 0x6c, 0x1000, 0x0 },
	{ 0x70, 0x2146009, 0x0 }, { 0x74, 0x4, 0x0 }, { 0x78, 0x3000, 0x0 },
	{ 0x7c, 0x1000, 0x0 }, { 0x80, 0x4, 0x0 }, { 0x84, 0x5147009, 0x0 },
	{ 0x88, 0x0, 0xff },
};

static const struct pci_model model_virtio_iommu_pci_7_2 = {
	REGISTERS(virtio_iommu_pci_7_2), .driver = "virtio-iommu-pci", .alias = NULL, .inner = "virtio-backend",
	.needs = NULL,
	.cold_only = true, .extended = false,
	.options =
	  "boot-bypass class len-reserved-regions primary-bus ",
};

static const struct pci_model *const models_7_2[] = {
	&model_pci_bridge_7_2,
	&model_e1000_7_2,
	&model_e1000_82544gc_7_2,
	&model_e1000_82545em_7_2,
	&model_e1000e_7_2,
	&model_i82551_7_2,
	&model_i82559er_7_2,
	&model_ne2k_pci_7_2,
	&model_pcnet_7_2,
	&model_rtl8139_7_2,
	&model_tulip_7_2,
	&model_vmxnet3_7_2,
	&model_virtio_net_pci_7_2,
	&model_virtio_net_pci_non_transitional_7_2,
	&model_virtio_net_pci_transitional_7_2,
	&model_am53c974_7_2,
	&model_dc390_7_2,
	&model_ich9_ahci_7_2,
	&model_lsi53c810_7_2,
	&model_lsi53c895a_7_2,
	&model_megasas_7_2,
	&model_megasas_gen2_7_2,
	&model_mptsas1068_7_2,
	&model_nvme_7_2,
	&model_pvscsi_7_2,
	&model_sdhci_pci_7_2,
	&model_sii3112_7_2,
	&model_virtio_9p_pci_7_2,
	&model_virtio_9p_pci_non_transitional_7_2,
	&model_virtio_9p_pci_transitional_7_2,
	&model_virtio_blk_pci_7_2,
	&model_virtio_blk_pci_non_transitional_7_2,
	&model_virtio_blk_pci_transitional_7_2,
	&model_virtio_scsi_pci_7_2,
	&model_virtio_scsi_pci_non_transitional_7_2,
	&model_virtio_scsi_pci_transitional_7_2,
	&model_ich9_usb_ehci1_7_2,
	&model_ich9_usb_uhci1_7_2,
	&model_nec_usb_xhci_7_2,
	&model_pci_ohci_7_2,
	&model_piix3_usb_uhci_7_2,
	&model_piix4_usb_uhci_7_2,
	&model_qemu_xhci_7_2,
	&model_usb_ehci_7_2,
	&model_pci_serial_7_2,
	&model_pci_serial_2x_7_2,
	&model_pci_serial_4x_7_2,
	&model_virtio_balloon_pci_7_2,
	&model_virtio_balloon_pci_non_transitional_7_2,
	&model_virtio_balloon_pci_transitional_7_2,
	&model_virtio_crypto_pci_7_2,
	&model_virtio_keyboard_pci_7_2,
	&model_virtio_mouse_pci_7_2,
	&model_virtio_rng_pci_7_2,
	&model_virtio_rng_pci_non_transitional_7_2,
	&model_virtio_rng_pci_transitional_7_2,
	&model_virtio_serial_pci_7_2,
	&model_virtio_serial_pci_non_transitional_7_2,
	&model_virtio_serial_pci_transitional_7_2,
	&model_virtio_tablet_pci_7_2,
	&model_vga_7_2,
	&model_ati_vga_7_2,
	&model_bochs_display_7_2,
	&model_cirrus_vga_7_2,
	&model_secondary_vga_7_2,
	&model_virtio_gpu_pci_7_2,
	&model_ac97_7_2,
	&model_es1370_7_2,
	&model_ich9_intel_hda_7_2,
	&model_intel_hda_7_2,
	&model_edu_7_2,
	&model_i6300esb_7_2,
	&model_ivshmem_plain_7_2,
	&model_pci_testdev_7_2,
	&model_pvpanic_pci_7_2,
	&model_tpci200_7_2,
	&model_i82550_7_2,
	&model_i82557a_7_2,
	&model_i82557b_7_2,
	&model_i82557c_7_2,
	&model_i82558a_7_2,
	&model_i82558b_7_2,
	&model_i82559a_7_2,
	&model_i82559b_7_2,
	&model_i82559c_7_2,
	&model_i82562_7_2,
	&model_i82801_7_2,
	&model_pci_bridge_seat_7_2,
	&model_ich9_usb_ehci2_7_2,
	&model_ich9_usb_uhci2_7_2,
	&model_ich9_usb_uhci3_7_2,
	&model_ich9_usb_uhci4_7_2,
	&model_ich9_usb_uhci5_7_2,
	&model_ich9_usb_uhci6_7_2,
	&model_sm501_7_2,
	&model_vmware_svga_7_2,
	&model_acpi_erst_7_2,
	&model_virtio_iommu_pci_7_2,
	NULL,
};

const struct pci_cards pci_cards_7_2 = {
	.models = models_7_2,
	.common_options =
	  "acpi-index addr failover_pair_id multifunction rombar romfile romsize "
	  "x-pcie-extcap-init x-pcie-lnksta-dllla ",
	.virtio_options =
	  "aer any_layout ats disable-legacy disable-modern event_idx indirect_desc "
	  "ioeventfd iommu_platform migrate-extra modern-pio-notify notify_on_empty "
	  "packed page-per-vq queue_reset use-disabled-flag use-started vectors "
	  "virtio-backend virtio-pci-bus-master-bug-migration x-ats-page-aligned "
	  "x-disable-legacy-check x-disable-pcie x-ignore-backend-features "
	  "x-pcie-deverr-init x-pcie-flr-init x-pcie-lnkctl-init x-pcie-pm-init ",
};

/* ---- QEMU 10.0 ---- */

static const struct pci_model model_pci_bridge_10_0 = {
	REGISTERS(pci_bridge_7_2), .driver = "pci-bridge", .alias = NULL, .inner = NULL,
	.needs = NULL,
	.cold_only = false, .extended = false,
	.options =
	  "bus-reserve chassis_nr io-reserve mem-reserve msi pref32-reserve "
	  "pref64-reserve shpc x-pci-express-writeable-slt-bug ",
};

static const struct pci_model model_e1000_10_0 = {
	REGISTERS(e1000_7_2), .driver = "e1000", .alias = "e1000-82540em", .inner = NULL,
	.needs = NULL,
	.cold_only = false, .extended = false,
	.options =
	  "bootindex extra_mac_registers init-vet mac migrate_tso_props netdev ",
};

static const struct pci_model model_e1000_82544gc_10_0 = {
	REGISTERS(e1000_82544gc_7_2), .driver = "e1000-82544gc", .alias = NULL, .inner = NULL,
	.needs = NULL,
	.cold_only = false, .extended = false,
	.options =
	  "bootindex extra_mac_registers init-vet mac migrate_tso_props netdev ",
};

static const struct pci_model model_e1000_82545em_10_0 = {
	REGISTERS(e1000_82545em_7_2), .driver = "e1000-82545em", .alias = NULL, .inner = NULL,
	.needs = NULL,
	.cold_only = false, .extended = false,
	.options =
	  "bootindex extra_mac_registers init-vet mac migrate_tso_props netdev ",
};

static const struct pci_register e1000e_10_0[] = {
	{ 0x00, 0x10d38086, 0x0 }, { 0x04, 0x100000, 0x507 }, { 0x08, 0x2000000, 0x0 },
	{ 0x0c, 0x0, 0xff }, { 0x10, 0x0, 0xfffe0000 }, { 0x14, 0x0, 0xfffe0000 },
	{ 0x18, 0x1, 0xffffffe0 }, { 0x1c, 0x0, 0xffffc000 }, { 0x2c, 0x8086, 0x0 },
	{ 0x34, 0xc8, 0x0 }, { 0x3c, 0x100, 0xff }, { 0xa0, 0x40011, 0xc0000000 },
	{ 0xa4, 0x3, 0x0 }, { 0xa8, 0x2003, 0x0 }, { 0xc8, 0x22d001, 0x0 },
	{ 0xcc, 0x0, 0x1f03 }, { 0xd0, 0x80e005, 0x710000 }, { 0xd4, 0x0, 0xfffffffc },
	{ 0xe0, 0x1a010, 0x0 }, { 0xe4, 0x8020, 0x0 }, { 0xe8, 0x0, 0x0 },
	{ 0xec, 0x411, 0x0 }, { 0xf0, 0x110000, 0x0 }, { 0x100, 0x14020001, 0x0 },
	{ 0x104, 0x0, 0x0 }, { 0x108, 0x2400000, 0x3fff030 },
	{ 0x10c, 0x462030, 0x3fff030 }, { 0x110, 0x0, 0x0 }, { 0x114, 0xe000, 0xf1c1 },
	{ 0x118, 0xa0, 0x140 }, { 0x11c, 0x0, 0x0 }, { 0x120, 0x0, 0x0 },
	{ 0x124, 0x0, 0x0 }, { 0x128, 0x0, 0x0 }, { 0x12c, 0x0, 0x0 },
	{ 0x130, 0x0, 0x0 }, { 0x134, 0x0, 0x0 }, { 0x138, 0x0, 0x0 },
	{ 0x13c, 0x0, 0x0 }, { 0x140, 0x10003, 0x0 }, { 0x144, 0xff123456, 0x0 },
	{ 0x148, 0x525400ff, 0x0 },
};

static const struct pci_model model_e1000e_10_0 = {
	REGISTERS(e1000e_10_0), .driver = "e1000e", .alias = NULL, .inner = NULL,
	.needs = NULL,
	.cold_only = false, .extended = true,
	.options =
	  "bootindex disable_vnet_hdr init-vet mac migrate-timadj netdev subsys "
	  "subsys_ven ",
};

static const struct pci_model model_virtio_net_pci_10_0 = {
	REGISTERS(virtio_net_pci_7_2), .driver = "virtio-net-pci", .alias = "virtio-net", .inner = "virtio-backend",
	.needs = NULL,
	.cold_only = false, .extended = false,
	.options =
	  "bootindex csum ctrl_guest_offloads ctrl_mac_addr ctrl_rx ctrl_rx_extra "
	  "ctrl_vlan ctrl_vq duplex ebpf-rss-fds failover gso guest_announce "
	  "guest_csum guest_ecn guest_rsc_ext guest_tso4 guest_tso6 guest_ufo "
	  "guest_uso4 guest_uso6 hash host_ecn host_mtu host_tso4 host_tso6 host_ufo "
	  "host_uso mac mq mrg_rxbuf netdev rsc_interval rss rx_queue_size speed "
	  "status tx tx_queue_size x-mtu-bypass-backend x-txburst x-txtimer ",
};

static const struct pci_model model_virtio_net_pci_non_transitional_10_0 = {
	REGISTERS(virtio_net_pci_non_transitional_7_2), .driver = "virtio-net-pci-non-transitional", .alias = NULL, .inner = "virtio-backend",
	.needs = NULL,
	.cold_only = false, .extended = false,
	.options =
	  "bootindex csum ctrl_guest_offloads ctrl_mac_addr ctrl_rx ctrl_rx_extra "
	  "ctrl_vlan ctrl_vq duplex ebpf-rss-fds failover gso guest_announce "
	  "guest_csum guest_ecn guest_rsc_ext guest_tso4 guest_tso6 guest_ufo "
	  "guest_uso4 guest_uso6 hash host_ecn host_mtu host_tso4 host_tso6 host_ufo "
	  "host_uso mac mq mrg_rxbuf netdev rsc_interval rss rx_queue_size speed "
	  "status tx tx_queue_size x-mtu-bypass-backend x-txburst x-txtimer ",
};

static const struct pci_model model_virtio_net_pci_transitional_10_0 = {
	REGISTERS(virtio_net_pci_transitional_7_2), .driver = "virtio-net-pci-transitional", .alias = NULL, .inner = "virtio-backend",
	.needs = NULL,
	.cold_only = false, .extended = false,
	.options =
	  "bootindex csum ctrl_guest_offloads ctrl_mac_addr ctrl_rx ctrl_rx_extra "
	  "ctrl_vlan ctrl_vq duplex ebpf-rss-fds failover gso guest_announce "
	  "guest_csum guest_ecn guest_rsc_ext guest_tso4 guest_tso6 guest_ufo "
	  "guest_uso4 guest_uso6 hash host_ecn host_mtu host_tso4 host_tso6 host_ufo "
	  "host_uso mac mq mrg_rxbuf netdev rsc_interval rss rx_queue_size speed "
	  "status tx tx_queue_size x-mtu-bypass-backend x-txburst x-txtimer ",
};

static const struct pci_register megasas_gen2_10_0[] = {
	{ 0x00, 0x791000, 0x0 }, { 0x04, 0x100000, 0x507 }, { 0x08, 0x1040000, 0x0 },
	{ 0x0c, 0x0, 0xff }, { 0x10, 0x1, 0xffffff00 }, { 0x14, 0x4, 0xffffc000 },
	{ 0x18, 0x0, 0xffffffff }, { 0x1c, 0x4, 0xfffc0000 }, { 0x20, 0x0, 0xffffffff },
	{ 0x2c, 0x92611000, 0x0 }, { 0x34, 0xa0, 0x0 }, { 0x3c, 0x100, 0xff },
	{ 0x50, 0x800005, 0x710000 }, { 0x54, 0x0, 0xfffffffc },
	{ 0x68, 0xe5011, 0xc0000000 }, { 0x6c, 0x2001, 0x0 }, { 0x70, 0x3801, 0x0 },
	{ 0xa0, 0x26810, 0x0 }, { 0xa4, 0x8020, 0x0 }, { 0xa8, 0x0, 0x0 },
	{ 0xac, 0x411, 0x0 }, { 0xb0, 0x110000, 0x0 }, { 0xb4, 0x0, 0x0 },
	{ 0xb8, 0x0, 0x0 }, { 0xbc, 0x0, 0x0 }, { 0xc0, 0x0, 0x0 },
	{ 0xc4, 0x300000, 0x0 }, { 0xc8, 0x0, 0x8000 }, { 0xcc, 0x0, 0x0 },
	{ 0xd0, 0x0, 0x0 }, { 0xd4, 0x0, 0x0 }, { 0xd8, 0x0, 0x0 }, { 0x100, 0x0, 0x0 },
};

static const struct pci_model model_megasas_gen2_10_0 = {
	REGISTERS(megasas_gen2_10_0), .driver = "megasas-gen2", .alias = NULL, .inner = NULL,
	.needs = NULL,
	.cold_only = false, .extended = true,
	.options =
	  "hba_serial max_cmds max_sge msi msix sas_address use_jbod ",
};

static const struct pci_register nvme_10_0[] = {
	{ 0x00, 0x101b36, 0x0 }, { 0x04, 0x100000, 0x507 }, { 0x08, 0x1080202, 0x0 },
	{ 0x0c, 0x0, 0xff }, { 0x10, 0x4, 0xffffc000 }, { 0x14, 0x0, 0xffffffff },
	{ 0x2c, 0x11001af4, 0x0 }, { 0x34, 0x40, 0x0 }, { 0x3c, 0x100, 0xff },
	{ 0x40, 0x408011, 0xc0000000 }, { 0x44, 0x2000, 0x0 }, { 0x48, 0x3000, 0x0 },
	{ 0x60, 0x30001, 0x0 }, { 0x64, 0x8, 0x3 }, { 0x80, 0x26010, 0x0 },
	{ 0x84, 0x10008020, 0x0 }, { 0x88, 0x0, 0xf }, { 0x8c, 0x411, 0x0 },
	{ 0x90, 0x110000, 0x0 }, { 0x94, 0x0, 0x0 }, { 0x98, 0x0, 0x0 },
	{ 0x9c, 0x0, 0x0 }, { 0xa0, 0x0, 0x0 }, { 0xa4, 0x300000, 0x0 },
	{ 0xa8, 0x0, 0x8000 }, { 0xac, 0x0, 0x0 }, { 0xb0, 0x0, 0x0 },
	{ 0xb4, 0x0, 0x0 }, { 0xb8, 0x0, 0x0 }, { 0x100, 0x0, 0x0 },
};

static const struct pci_model model_nvme_10_0 = {
	REGISTERS(nvme_10_0), .driver = "nvme", .alias = NULL, .inner = NULL,
	.needs = "serial=serial property not set",
	.cold_only = false, .extended = true,
	.options =
	  "account-failed account-invalid aer_max_queued aerl atomic.awun atomic.awupf "
	  "atomic.dn backend_defaults bootindex cmb_size_mb ctratt.mem dbcs "
	  "discard_granularity drive ioeventfd logical_block_size max_ioqpairs mdts "
	  "min_io_size mqes msix-exclusive-bar msix_qsize num_queues ocp opt_io_size "
	  "physical_block_size pmrdev serial share-rw smart_critical_warning spdm_port "
	  "sriov_max_vfs sriov_max_vi_per_vf sriov_max_vq_per_vf sriov_vi_flexible "
	  "sriov_vq_flexible subsys use-intel-id vsl write-cache zoned.auto_transition "
	  "zoned.zasl ",
};

static const struct pci_model model_sdhci_pci_10_0 = {
	REGISTERS(sdhci_pci_7_2), .driver = "sdhci-pci", .alias = NULL, .inner = NULL,
	.needs = NULL,
	.cold_only = false, .extended = false,
	.options =
	  "capareg endianness maxcurr sd-spec-version uhs vendor ",
};

static const struct pci_model model_sii3112_10_0 = {
	REGISTERS(sii3112_7_2), .driver = "sii3112", .alias = NULL, .inner = NULL,
	.needs = NULL,
	.cold_only = false, .extended = false,
	.options =
	  "isa-irq[0] isa-irq[1] ",
};

static const struct pci_model model_virtio_blk_pci_10_0 = {
	REGISTERS(virtio_blk_pci_7_2), .driver = "virtio-blk-pci", .alias = "virtio-blk", .inner = "virtio-backend",
	.needs = "drive=drive property not set",
	.cold_only = false, .extended = false,
	.options =
	  "account-failed account-invalid backend_defaults bootindex class config-wce "
	  "cyls discard discard_granularity drive heads iothread-vq-mapping iothread "
	  "lcyls lheads logical_block_size lsecs max-discard-sectors "
	  "max-write-zeroes-sectors min_io_size num-queues opt_io_size "
	  "physical_block_size queue-size report-discard-granularity request-merging "
	  "rerror secs seg-max-adjust serial share-rw werror write-cache write-zeroes "
	  "x-enable-wce-if-config-wce ",
};

static const struct pci_model model_virtio_blk_pci_non_transitional_10_0 = {
	REGISTERS(virtio_blk_pci_non_transitional_7_2), .driver = "virtio-blk-pci-non-transitional", .alias = NULL, .inner = "virtio-backend",
	.needs = "drive=drive property not set",
	.cold_only = false, .extended = false,
	.options =
	  "account-failed account-invalid backend_defaults bootindex class config-wce "
	  "cyls discard discard_granularity drive heads iothread-vq-mapping iothread "
	  "lcyls lheads logical_block_size lsecs max-discard-sectors "
	  "max-write-zeroes-sectors min_io_size num-queues opt_io_size "
	  "physical_block_size queue-size report-discard-granularity request-merging "
	  "rerror secs seg-max-adjust serial share-rw werror write-cache write-zeroes "
	  "x-enable-wce-if-config-wce ",
};

static const struct pci_model model_virtio_blk_pci_transitional_10_0 = {
	REGISTERS(virtio_blk_pci_transitional_7_2), .driver = "virtio-blk-pci-transitional", .alias = NULL, .inner = "virtio-backend",
	.needs = "drive=drive property not set",
	.cold_only = false, .extended = false,
	.options =
	  "account-failed account-invalid backend_defaults bootindex class config-wce "
	  "cyls discard discard_granularity drive heads iothread-vq-mapping iothread "
	  "lcyls lheads logical_block_size lsecs max-discard-sectors "
	  "max-write-zeroes-sectors min_io_size num-queues opt_io_size "
	  "physical_block_size queue-size report-discard-granularity request-merging "
	  "rerror secs seg-max-adjust serial share-rw werror write-cache write-zeroes "
	  "x-enable-wce-if-config-wce ",
};

static const struct pci_model model_virtio_scsi_pci_10_0 = {
	REGISTERS(virtio_scsi_pci_7_2), .driver = "virtio-scsi-pci", .alias = "virtio-scsi", .inner = "virtio-backend",
	.needs = NULL,
	.cold_only = false, .extended = false,
	.options =
	  "cmd_per_lun hotplug iothread-vq-mapping iothread max_sectors num_queues "
	  "param_change seg_max_adjust virtqueue_size ",
};

static const struct pci_model model_virtio_scsi_pci_non_transitional_10_0 = {
	REGISTERS(virtio_scsi_pci_non_transitional_7_2), .driver = "virtio-scsi-pci-non-transitional", .alias = NULL, .inner = "virtio-backend",
	.needs = NULL,
	.cold_only = false, .extended = false,
	.options =
	  "cmd_per_lun hotplug iothread-vq-mapping iothread max_sectors num_queues "
	  "param_change seg_max_adjust virtqueue_size ",
};

static const struct pci_model model_virtio_scsi_pci_transitional_10_0 = {
	REGISTERS(virtio_scsi_pci_transitional_7_2), .driver = "virtio-scsi-pci-transitional", .alias = NULL, .inner = "virtio-backend",
	.needs = NULL,
	.cold_only = false, .extended = false,
	.options =
	  "cmd_per_lun hotplug iothread-vq-mapping iothread max_sectors num_queues "
	  "param_change seg_max_adjust virtqueue_size ",
};

static const struct pci_model model_nec_usb_xhci_10_0 = {
	REGISTERS(nec_usb_xhci_7_2), .driver = "nec-usb-xhci", .alias = NULL, .inner = NULL,
	.needs = NULL,
	.cold_only = false, .extended = true,
	.options =
	  "conditional-intr-mapping host intrs msi msix p2 p3 slots streams xhci-core ",
};

static const struct pci_model model_qemu_xhci_10_0 = {
	REGISTERS(qemu_xhci_7_2), .driver = "qemu-xhci", .alias = NULL, .inner = NULL,
	.needs = NULL,
	.cold_only = false, .extended = true,
	.options =
	  "conditional-intr-mapping host msi msix p2 p3 streams xhci-core ",
};

static const struct pci_register virtio_balloon_pci_10_0[] = {
	{ 0x00, 0x10021af4, 0x0 }, { 0x04, 0x100000, 0x507 }, { 0x08, 0xff0000, 0x0 },
	{ 0x0c, 0x0, 0xff }, { 0x10, 0x1, 0xffffffc0 }, { 0x14, 0x0, 0xfffff000 },
	{ 0x20, 0xc, 0xffffc000 }, { 0x24, 0x0, 0xffffffff }, { 0x2c, 0x51af4, 0x0 },
	{ 0x34, 0x98, 0x0 }, { 0x3c, 0x100, 0xff }, { 0x40, 0x1100009, 0x0 },
	{ 0x44, 0x4, 0x0 }, { 0x48, 0x0, 0x0 }, { 0x4c, 0x1000, 0x0 },
	{ 0x50, 0x3104009, 0x0 }, { 0x54, 0x4, 0x0 }, { 0x58, 0x1000, 0x0 },
	{ 0x5c, 0x1000, 0x0 }, { 0x60, 0x4105009, 0x0 }, { 0x64, 0x4, 0x0 },
	{ 0x68, 0x2000, 0x0 }, { 0x6c, 0x1000, 0x0 }, { 0x70, 0x2146009, 0x0 },
	{ 0x74, 0x4, 0x0 }, { 0x78, 0x3000, 0x0 }, { 0x7c, 0x1000, 0x0 },
	{ 0x80, 0x4, 0x0 }, { 0x84, 0x5147009, 0x0 }, { 0x88, 0x0, 0xff },
	{ 0x98, 0x18411, 0xc0000000 }, { 0x9c, 0x1, 0x0 }, { 0xa0, 0x801, 0x0 },
};

static const struct pci_model model_virtio_balloon_pci_10_0 = {
	REGISTERS(virtio_balloon_pci_10_0), .driver = "virtio-balloon-pci", .alias = "virtio-balloon", .inner = "virtio-backend",
	.needs = NULL,
	.cold_only = false, .extended = false,
	.options =
	  "deflate-on-oom free-page-hint free-page-reporting "
	  "guest-stats-polling-interval guest-stats iothread page-poison "
	  "qemu-4-0-config-size ",
};

static const struct pci_register virtio_balloon_pci_non_transitional_10_0[] = {
	{ 0x00, 0x10451af4, 0x0 }, { 0x04, 0x100000, 0x507 }, { 0x08, 0xff0001, 0x0 },
	{ 0x0c, 0x0, 0xff }, { 0x14, 0x0, 0xfffff000 }, { 0x20, 0xc, 0xffffc000 },
	{ 0x24, 0x0, 0xffffffff }, { 0x2c, 0x11001af4, 0x0 }, { 0x34, 0x98, 0x0 },
	{ 0x3c, 0x100, 0xff }, { 0x40, 0x1100009, 0x0 }, { 0x44, 0x4, 0x0 },
	{ 0x48, 0x0, 0x0 }, { 0x4c, 0x1000, 0x0 }, { 0x50, 0x3104009, 0x0 },
	{ 0x54, 0x4, 0x0 }, { 0x58, 0x1000, 0x0 }, { 0x5c, 0x1000, 0x0 },
	{ 0x60, 0x4105009, 0x0 }, { 0x64, 0x4, 0x0 }, { 0x68, 0x2000, 0x0 },
	{ 0x6c, 0x1000, 0x0 }, { 0x70, 0x2146009, 0x0 }, { 0x74, 0x4, 0x0 },
	{ 0x78, 0x3000, 0x0 }, { 0x7c, 0x1000, 0x0 }, { 0x80, 0x4, 0x0 },
	{ 0x84, 0x5147009, 0x0 }, { 0x88, 0x0, 0xff }, { 0x98, 0x18411, 0xc0000000 },
	{ 0x9c, 0x1, 0x0 }, { 0xa0, 0x801, 0x0 },
};

static const struct pci_model model_virtio_balloon_pci_non_transitional_10_0 = {
	REGISTERS(virtio_balloon_pci_non_transitional_10_0), .driver = "virtio-balloon-pci-non-transitional", .alias = NULL, .inner = "virtio-backend",
	.needs = NULL,
	.cold_only = false, .extended = false,
	.options =
	  "deflate-on-oom free-page-hint free-page-reporting "
	  "guest-stats-polling-interval guest-stats iothread page-poison "
	  "qemu-4-0-config-size ",
};

static const struct pci_register virtio_balloon_pci_transitional_10_0[] = {
	{ 0x00, 0x10021af4, 0x0 }, { 0x04, 0x100000, 0x507 }, { 0x08, 0xff0000, 0x0 },
	{ 0x0c, 0x0, 0xff }, { 0x10, 0x1, 0xffffffc0 }, { 0x14, 0x0, 0xfffff000 },
	{ 0x20, 0xc, 0xffffc000 }, { 0x24, 0x0, 0xffffffff }, { 0x2c, 0x51af4, 0x0 },
	{ 0x34, 0x98, 0x0 }, { 0x3c, 0x100, 0xff }, { 0x40, 0x1100009, 0x0 },
	{ 0x44, 0x4, 0x0 }, { 0x48, 0x0, 0x0 }, { 0x4c, 0x1000, 0x0 },
	{ 0x50, 0x3104009, 0x0 }, { 0x54, 0x4, 0x0 }, { 0x58, 0x1000, 0x0 },
	{ 0x5c, 0x1000, 0x0 }, { 0x60, 0x4105009, 0x0 }, { 0x64, 0x4, 0x0 },
	{ 0x68, 0x2000, 0x0 }, { 0x6c, 0x1000, 0x0 }, { 0x70, 0x2146009, 0x0 },
	{ 0x74, 0x4, 0x0 }, { 0x78, 0x3000, 0x0 }, { 0x7c, 0x1000, 0x0 },
	{ 0x80, 0x4, 0x0 }, { 0x84, 0x5147009, 0x0 }, { 0x88, 0x0, 0xff },
	{ 0x98, 0x18411, 0xc0000000 }, { 0x9c, 0x1, 0x0 }, { 0xa0, 0x801, 0x0 },
};

static const struct pci_model model_virtio_balloon_pci_transitional_10_0 = {
	REGISTERS(virtio_balloon_pci_transitional_10_0), .driver = "virtio-balloon-pci-transitional", .alias = NULL, .inner = "virtio-backend",
	.needs = NULL,
	.cold_only = false, .extended = false,
	.options =
	  "deflate-on-oom free-page-hint free-page-reporting "
	  "guest-stats-polling-interval guest-stats iothread page-poison "
	  "qemu-4-0-config-size ",
};

static const struct pci_model model_virtio_gpu_pci_10_0 = {
	REGISTERS(virtio_gpu_pci_7_2), .driver = "virtio-gpu-pci", .alias = "virtio-gpu", .inner = "virtio-backend",
	.needs = NULL,
	.cold_only = true, .extended = false,
	.options =
	  "blob edid hostmem max_hostmem max_outputs x-scanout-vmstate-version xres "
	  "yres ",
};

static const struct pci_model model_ac97_10_0 = {
	REGISTERS(ac97_7_2), .driver = "AC97", .alias = "ac97", .inner = NULL,
	.needs = "audiodev=no default audio driver available",
	.cold_only = false, .extended = false,
	.options =
	  "audiodev ",
};

static const struct pci_model model_es1370_10_0 = {
	REGISTERS(es1370_7_2), .driver = "ES1370", .alias = "es1370", .inner = NULL,
	.needs = "audiodev=no default audio driver available",
	.cold_only = false, .extended = false,
	.options =
	  "audiodev ",
};

static const struct pci_model *const models_10_0[] = {
	&model_pci_bridge_10_0,
	&model_e1000_10_0,
	&model_e1000_82544gc_10_0,
	&model_e1000_82545em_10_0,
	&model_e1000e_10_0,
	&model_i82551_7_2,
	&model_i82559er_7_2,
	&model_ne2k_pci_7_2,
	&model_pcnet_7_2,
	&model_rtl8139_7_2,
	&model_tulip_7_2,
	&model_vmxnet3_7_2,
	&model_virtio_net_pci_10_0,
	&model_virtio_net_pci_non_transitional_10_0,
	&model_virtio_net_pci_transitional_10_0,
	&model_am53c974_7_2,
	&model_dc390_7_2,
	&model_ich9_ahci_7_2,
	&model_lsi53c810_7_2,
	&model_lsi53c895a_7_2,
	&model_megasas_7_2,
	&model_megasas_gen2_10_0,
	&model_mptsas1068_7_2,
	&model_nvme_10_0,
	&model_pvscsi_7_2,
	&model_sdhci_pci_10_0,
	&model_sii3112_10_0,
	&model_virtio_9p_pci_7_2,
	&model_virtio_9p_pci_non_transitional_7_2,
	&model_virtio_9p_pci_transitional_7_2,
	&model_virtio_blk_pci_10_0,
	&model_virtio_blk_pci_non_transitional_10_0,
	&model_virtio_blk_pci_transitional_10_0,
	&model_virtio_scsi_pci_10_0,
	&model_virtio_scsi_pci_non_transitional_10_0,
	&model_virtio_scsi_pci_transitional_10_0,
	&model_ich9_usb_ehci1_7_2,
	&model_ich9_usb_uhci1_7_2,
	&model_nec_usb_xhci_10_0,
	&model_pci_ohci_7_2,
	&model_piix3_usb_uhci_7_2,
	&model_piix4_usb_uhci_7_2,
	&model_qemu_xhci_10_0,
	&model_usb_ehci_7_2,
	&model_pci_serial_7_2,
	&model_pci_serial_2x_7_2,
	&model_pci_serial_4x_7_2,
	&model_virtio_balloon_pci_10_0,
	&model_virtio_balloon_pci_non_transitional_10_0,
	&model_virtio_balloon_pci_transitional_10_0,
	&model_virtio_crypto_pci_7_2,
	&model_virtio_keyboard_pci_7_2,
	&model_virtio_mouse_pci_7_2,
	&model_virtio_rng_pci_7_2,
	&model_virtio_rng_pci_non_transitional_7_2,
	&model_virtio_rng_pci_transitional_7_2,
	&model_virtio_serial_pci_7_2,
	&model_virtio_serial_pci_non_transitional_7_2,
	&model_virtio_serial_pci_transitional_7_2,
	&model_virtio_tablet_pci_7_2,
	&model_vga_7_2,
	&model_ati_vga_7_2,
	&model_bochs_display_7_2,
	&model_cirrus_vga_7_2,
	&model_secondary_vga_7_2,
	&model_virtio_gpu_pci_10_0,
	&model_ac97_10_0,
	&model_es1370_10_0,
	&model_ich9_intel_hda_7_2,
	&model_intel_hda_7_2,
	&model_edu_7_2,
	&model_i6300esb_7_2,
	&model_ivshmem_plain_7_2,
	&model_pci_testdev_7_2,
	&model_pvpanic_pci_7_2,
	&model_tpci200_7_2,
	NULL,
};

const struct pci_cards pci_cards_10_0 = {
	.models = models_10_0,
	.common_options =
	  "acpi-index addr busnr failover_pair_id multifunction rombar romfile romsize "
	  "x-max-bounce-buffer-size x-pcie-ari-nextfn-1 x-pcie-err-unc-mask "
	  "x-pcie-ext-tag x-pcie-extcap-init x-pcie-lnksta-dllla ",
	.virtio_options =
	  "aer any_layout ats disable-legacy disable-modern event_idx in_order "
	  "indirect_desc ioeventfd iommu_platform migrate-extra modern-pio-notify "
	  "notify_on_empty packed page-per-vq queue_reset use-disabled-flag "
	  "use-started vectors virtio-backend virtio-pci-bus-master-bug-migration "
	  "x-ats-page-aligned x-disable-legacy-check x-disable-pcie "
	  "x-ignore-backend-features x-pcie-deverr-init x-pcie-flr-init "
	  "x-pcie-lnkctl-init x-pcie-pm-init x-pcie-pm-no-soft-reset ",
};

/* ---- QEMU 11.1 ---- */

static const struct pci_model model_e1000_11_1 = {
	REGISTERS(e1000_7_2), .driver = "e1000", .alias = "e1000-82540em", .inner = NULL,
	.needs = NULL,
	.cold_only = false, .extended = false,
	.options =
	  "bootindex init-vet mac migrate_tso_props netdev ",
};

static const struct pci_model model_e1000_82544gc_11_1 = {
	REGISTERS(e1000_82544gc_7_2), .driver = "e1000-82544gc", .alias = NULL, .inner = NULL,
	.needs = NULL,
	.cold_only = false, .extended = false,
	.options =
	  "bootindex init-vet mac migrate_tso_props netdev ",
};

static const struct pci_model model_e1000_82545em_11_1 = {
	REGISTERS(e1000_82545em_7_2), .driver = "e1000-82545em", .alias = NULL, .inner = NULL,
	.needs = NULL,
	.cold_only = false, .extended = false,
	.options =
	  "bootindex init-vet mac migrate_tso_props netdev ",
};

static const struct pci_model model_vmxnet3_11_1 = {
	REGISTERS(vmxnet3_7_2), .driver = "vmxnet3", .alias = NULL, .inner = NULL,
	.needs = NULL,
	.cold_only = false, .extended = true,
	.options =
	  "bootindex mac netdev ",
};

static const struct pci_model model_virtio_net_pci_11_1 = {
	REGISTERS(virtio_net_pci_7_2), .driver = "virtio-net-pci", .alias = "virtio-net", .inner = "virtio-backend",
	.needs = NULL,
	.cold_only = false, .extended = false,
	.options =
	  "bootindex csum ctrl_guest_offloads ctrl_mac_addr ctrl_rx ctrl_rx_extra "
	  "ctrl_vlan ctrl_vq duplex ebpf-rss-fds failover gso guest_announce "
	  "guest_csum guest_ecn guest_rsc_ext guest_tso4 guest_tso6 guest_tunnel "
	  "guest_tunnel_csum guest_ufo guest_uso4 guest_uso6 hash-ipv4 hash-ipv6 "
	  "hash-ipv6ex hash-tcp4 hash-tcp6 hash-tcp6ex hash-udp4 hash-udp6 hash-udp6ex "
	  "hash host_ecn host_mtu host_tso4 host_tso6 host_tunnel host_tunnel_csum "
	  "host_ufo host_uso mac mq mrg_rxbuf netdev rsc_interval rss rx_queue_size "
	  "speed status tx tx_queue_size x-txburst x-txtimer ",
};

static const struct pci_model model_virtio_net_pci_non_transitional_11_1 = {
	REGISTERS(virtio_net_pci_non_transitional_7_2), .driver = "virtio-net-pci-non-transitional", .alias = NULL, .inner = "virtio-backend",
	.needs = NULL,
	.cold_only = false, .extended = false,
	.options =
	  "bootindex csum ctrl_guest_offloads ctrl_mac_addr ctrl_rx ctrl_rx_extra "
	  "ctrl_vlan ctrl_vq duplex ebpf-rss-fds failover gso guest_announce "
	  "guest_csum guest_ecn guest_rsc_ext guest_tso4 guest_tso6 guest_tunnel "
	  "guest_tunnel_csum guest_ufo guest_uso4 guest_uso6 hash-ipv4 hash-ipv6 "
	  "hash-ipv6ex hash-tcp4 hash-tcp6 hash-tcp6ex hash-udp4 hash-udp6 hash-udp6ex "
	  "hash host_ecn host_mtu host_tso4 host_tso6 host_tunnel host_tunnel_csum "
	  "host_ufo host_uso mac mq mrg_rxbuf netdev rsc_interval rss rx_queue_size "
	  "speed status tx tx_queue_size x-txburst x-txtimer ",
};

static const struct pci_model model_virtio_net_pci_transitional_11_1 = {
	REGISTERS(virtio_net_pci_transitional_7_2), .driver = "virtio-net-pci-transitional", .alias = NULL, .inner = "virtio-backend",
	.needs = NULL,
	.cold_only = false, .extended = false,
	.options =
	  "bootindex csum ctrl_guest_offloads ctrl_mac_addr ctrl_rx ctrl_rx_extra "
	  "ctrl_vlan ctrl_vq duplex ebpf-rss-fds failover gso guest_announce "
	  "guest_csum guest_ecn guest_rsc_ext guest_tso4 guest_tso6 guest_tunnel "
	  "guest_tunnel_csum guest_ufo guest_uso4 guest_uso6 hash-ipv4 hash-ipv6 "
	  "hash-ipv6ex hash-tcp4 hash-tcp6 hash-tcp6ex hash-udp4 hash-udp6 hash-udp6ex "
	  "hash host_ecn host_mtu host_tso4 host_tso6 host_tunnel host_tunnel_csum "
	  "host_ufo host_uso mac mq mrg_rxbuf netdev rsc_interval rss rx_queue_size "
	  "speed status tx tx_queue_size x-txburst x-txtimer ",
};

static const struct pci_model model_ich9_ahci_11_1 = {
	REGISTERS(ich9_ahci_7_2), .driver = "ich9-ahci", .alias = "ahci", .inner = NULL,
	.needs = NULL,
	.cold_only = false, .extended = false,
	.options =
	  "ahci-idp[0] ahci[0] update-irq ",
};

static const struct pci_model model_nvme_11_1 = {
	REGISTERS(nvme_10_0), .driver = "nvme", .alias = NULL, .inner = NULL,
	.needs = "serial=serial property not set",
	.cold_only = false, .extended = true,
	.options =
	  "account-failed account-invalid aer_max_queued aerl atomic.awun atomic.awupf "
	  "atomic.dn backend_defaults bootindex cmb_size_mb ctratt.mem dbcs "
	  "discard_granularity drive firmware-version ioeventfd legacy-cmb "
	  "logical_block_size max_ioqpairs mdts min_io_size model mqes "
	  "msix-exclusive-bar msix_qsize num_queues ocp opt_io_size "
	  "physical_block_size pmrdev serial share-rw smart_critical_warning spdm_port "
	  "spdm_trans sriov_max_vfs sriov_max_vi_per_vf sriov_max_vq_per_vf "
	  "sriov_vi_flexible sriov_vq_flexible stats-intervals subsys use-intel-id vsl "
	  "write-cache zoned.auto_transition zoned.zasl ",
};

static const struct pci_model model_pvscsi_11_1 = {
	REGISTERS(pvscsi_7_2), .driver = "pvscsi", .alias = NULL, .inner = NULL,
	.needs = NULL,
	.cold_only = false, .extended = true,
	.options =
	  "use_msg ",
};

static const struct pci_model model_sdhci_pci_11_1 = {
	REGISTERS(sdhci_pci_7_2), .driver = "sdhci-pci", .alias = NULL, .inner = NULL,
	.needs = NULL,
	.cold_only = false, .extended = false,
	.options =
	  "capareg maxcurr sd-spec-version uhs ",
};

static const struct pci_model model_virtio_blk_pci_11_1 = {
	REGISTERS(virtio_blk_pci_7_2), .driver = "virtio-blk-pci", .alias = "virtio-blk", .inner = "virtio-backend",
	.needs = "drive=drive property not set",
	.cold_only = false, .extended = false,
	.options =
	  "account-failed account-invalid backend_defaults bootindex class config-wce "
	  "cyls discard discard_granularity drive heads iothread-vq-mapping iothread "
	  "lcyls lheads logical_block_size lsecs max-discard-sectors "
	  "max-write-zeroes-sectors min_io_size num-queues opt_io_size "
	  "physical_block_size queue-size report-discard-granularity request-merging "
	  "rerror secs seg-max-adjust serial share-rw stats-intervals werror "
	  "write-cache write-zeroes x-enable-wce-if-config-wce ",
};

static const struct pci_model model_virtio_blk_pci_non_transitional_11_1 = {
	REGISTERS(virtio_blk_pci_non_transitional_7_2), .driver = "virtio-blk-pci-non-transitional", .alias = NULL, .inner = "virtio-backend",
	.needs = "drive=drive property not set",
	.cold_only = false, .extended = false,
	.options =
	  "account-failed account-invalid backend_defaults bootindex class config-wce "
	  "cyls discard discard_granularity drive heads iothread-vq-mapping iothread "
	  "lcyls lheads logical_block_size lsecs max-discard-sectors "
	  "max-write-zeroes-sectors min_io_size num-queues opt_io_size "
	  "physical_block_size queue-size report-discard-granularity request-merging "
	  "rerror secs seg-max-adjust serial share-rw stats-intervals werror "
	  "write-cache write-zeroes x-enable-wce-if-config-wce ",
};

static const struct pci_model model_virtio_blk_pci_transitional_11_1 = {
	REGISTERS(virtio_blk_pci_transitional_7_2), .driver = "virtio-blk-pci-transitional", .alias = NULL, .inner = "virtio-backend",
	.needs = "drive=drive property not set",
	.cold_only = false, .extended = false,
	.options =
	  "account-failed account-invalid backend_defaults bootindex class config-wce "
	  "cyls discard discard_granularity drive heads iothread-vq-mapping iothread "
	  "lcyls lheads logical_block_size lsecs max-discard-sectors "
	  "max-write-zeroes-sectors min_io_size num-queues opt_io_size "
	  "physical_block_size queue-size report-discard-granularity request-merging "
	  "rerror secs seg-max-adjust serial share-rw stats-intervals werror "
	  "write-cache write-zeroes x-enable-wce-if-config-wce ",
};

static const struct pci_model model_pci_serial_11_1 = {
	REGISTERS(pci_serial_7_2), .driver = "pci-serial", .alias = NULL, .inner = "serial",
	.needs = NULL,
	.cold_only = false, .extended = false,
	.options =
	  "baudbase chardev serial wakeup ",
};

static const struct pci_model model_pci_serial_2x_11_1 = {
	REGISTERS(pci_serial_2x_7_2), .driver = "pci-serial-2x", .alias = NULL, .inner = "serial[1] serial[0]",
	.needs = NULL,
	.cold_only = false, .extended = false,
	.options =
	  "chardev1 chardev2 irq[0] irq[1] serial[0] serial[1] ",
};

static const struct pci_model model_pci_serial_4x_11_1 = {
	REGISTERS(pci_serial_4x_7_2), .driver = "pci-serial-4x", .alias = NULL, .inner = "serial[3] serial[2] serial[1] serial[0]",
	.needs = NULL,
	.cold_only = false, .extended = false,
	.options =
	  "chardev1 chardev2 chardev3 chardev4 irq[0] irq[1] irq[2] irq[3] serial[0] "
	  "serial[1] serial[2] serial[3] ",
};

static const struct pci_model model_virtio_balloon_pci_11_1 = {
	REGISTERS(virtio_balloon_pci_10_0), .driver = "virtio-balloon-pci", .alias = "virtio-balloon", .inner = "virtio-backend",
	.needs = NULL,
	.cold_only = false, .extended = false,
	.options =
	  "deflate-on-oom free-page-hint free-page-reporting "
	  "guest-stats-polling-interval guest-stats iothread page-poison ",
};

static const struct pci_model model_virtio_balloon_pci_non_transitional_11_1 = {
	REGISTERS(virtio_balloon_pci_non_transitional_10_0), .driver = "virtio-balloon-pci-non-transitional", .alias = NULL, .inner = "virtio-backend",
	.needs = NULL,
	.cold_only = false, .extended = false,
	.options =
	  "deflate-on-oom free-page-hint free-page-reporting "
	  "guest-stats-polling-interval guest-stats iothread page-poison ",
};

static const struct pci_model model_virtio_balloon_pci_transitional_11_1 = {
	REGISTERS(virtio_balloon_pci_transitional_10_0), .driver = "virtio-balloon-pci-transitional", .alias = NULL, .inner = "virtio-backend",
	.needs = NULL,
	.cold_only = false, .extended = false,
	.options =
	  "deflate-on-oom free-page-hint free-page-reporting "
	  "guest-stats-polling-interval guest-stats iothread page-poison ",
};

static const struct pci_model model_virtio_mouse_pci_11_1 = {
	REGISTERS(virtio_mouse_pci_7_2), .driver = "virtio-mouse-pci", .alias = "virtio-mouse", .inner = "virtio-backend",
	.needs = NULL,
	.cold_only = false, .extended = false,
	.options =
	  "display head serial ",
};

static const struct pci_model model_virtio_serial_pci_11_1 = {
	REGISTERS(virtio_serial_pci_7_2), .driver = "virtio-serial-pci", .alias = "virtio-serial", .inner = "virtio-backend",
	.needs = NULL,
	.cold_only = false, .extended = false,
	.options =
	  "class max_ports ",
};

static const struct pci_model model_virtio_serial_pci_non_transitional_11_1 = {
	REGISTERS(virtio_serial_pci_non_transitional_7_2), .driver = "virtio-serial-pci-non-transitional", .alias = NULL, .inner = "virtio-backend",
	.needs = NULL,
	.cold_only = false, .extended = false,
	.options =
	  "class max_ports ",
};

static const struct pci_model model_virtio_serial_pci_transitional_11_1 = {
	REGISTERS(virtio_serial_pci_transitional_7_2), .driver = "virtio-serial-pci-transitional", .alias = NULL, .inner = "virtio-backend",
	.needs = NULL,
	.cold_only = false, .extended = false,
	.options =
	  "class max_ports ",
};

static const struct pci_model model_virtio_tablet_pci_11_1 = {
	REGISTERS(virtio_tablet_pci_7_2), .driver = "virtio-tablet-pci", .alias = "virtio-tablet", .inner = "virtio-backend",
	.needs = NULL,
	.cold_only = false, .extended = false,
	.options =
	  "display head serial ",
};

static const struct pci_model model_vga_11_1 = {
	REGISTERS(vga_7_2), .driver = "VGA", .alias = NULL, .inner = NULL,
	.needs = NULL,
	.cold_only = true, .extended = false,
	.options =
	  "big-endian-framebuffer edid mmio qemu-extended-regs refresh_rate vgamem_mb "
	  "xmax xres ymax yres ",
};

static const struct pci_register ati_vga_11_1[] = {
	{ 0x00, 0x50461002, 0x0 }, { 0x04, 0x0, 0x507 }, { 0x08, 0x3000000, 0x0 },
	{ 0x0c, 0x0, 0xff }, { 0x10, 0x8, 0xfc000000 }, { 0x14, 0x1, 0xffffff00 },
	{ 0x18, 0x0, 0xffffc000 }, { 0x2c, 0x11001af4, 0x0 }, { 0x3c, 0x100, 0xff },
};

static const struct pci_model model_ati_vga_11_1 = {
	REGISTERS(ati_vga_11_1), .driver = "ati-vga", .alias = NULL, .inner = NULL,
	.needs = NULL,
	.cold_only = true, .extended = false,
	.options =
	  "edid guest_hwcursor model refresh_rate vgamem_mb x-device-id "
	  "x-linear-aper-size x-pixman xmax xres ymax yres ",
};

static const struct pci_model model_cirrus_vga_11_1 = {
	REGISTERS(cirrus_vga_7_2), .driver = "cirrus-vga", .alias = NULL, .inner = NULL,
	.needs = NULL,
	.cold_only = true, .extended = false,
	.options =
	  "blitter vgamem_mb ",
};

static const struct pci_model model_virtio_gpu_pci_11_1 = {
	REGISTERS(virtio_gpu_pci_7_2), .driver = "virtio-gpu-pci", .alias = "virtio-gpu", .inner = "virtio-backend",
	.needs = NULL,
	.cold_only = true, .extended = false,
	.options =
	  "blob edid hostmem max_hostmem max_outputs outputs x-scanout-vmstate-version "
	  "xres yres ",
};

static const struct pci_model model_pci_testdev_11_1 = {
	REGISTERS(pci_testdev_7_2), .driver = "pci-testdev", .alias = NULL, .inner = NULL,
	.needs = NULL,
	.cold_only = false, .extended = false,
	.options =
	  "membar-backed membar ",
};

static const struct pci_model *const models_11_1[] = {
	&model_pci_bridge_10_0,
	&model_e1000_11_1,
	&model_e1000_82544gc_11_1,
	&model_e1000_82545em_11_1,
	&model_e1000e_10_0,
	&model_i82551_7_2,
	&model_i82559er_7_2,
	&model_ne2k_pci_7_2,
	&model_pcnet_7_2,
	&model_rtl8139_7_2,
	&model_tulip_7_2,
	&model_vmxnet3_11_1,
	&model_virtio_net_pci_11_1,
	&model_virtio_net_pci_non_transitional_11_1,
	&model_virtio_net_pci_transitional_11_1,
	&model_am53c974_7_2,
	&model_dc390_7_2,
	&model_ich9_ahci_11_1,
	&model_lsi53c810_7_2,
	&model_lsi53c895a_7_2,
	&model_megasas_7_2,
	&model_megasas_gen2_10_0,
	&model_mptsas1068_7_2,
	&model_nvme_11_1,
	&model_pvscsi_11_1,
	&model_sdhci_pci_11_1,
	&model_sii3112_10_0,
	&model_virtio_9p_pci_7_2,
	&model_virtio_9p_pci_non_transitional_7_2,
	&model_virtio_9p_pci_transitional_7_2,
	&model_virtio_blk_pci_11_1,
	&model_virtio_blk_pci_non_transitional_11_1,
	&model_virtio_blk_pci_transitional_11_1,
	&model_virtio_scsi_pci_10_0,
	&model_virtio_scsi_pci_non_transitional_10_0,
	&model_virtio_scsi_pci_transitional_10_0,
	&model_ich9_usb_ehci1_7_2,
	&model_ich9_usb_uhci1_7_2,
	&model_nec_usb_xhci_10_0,
	&model_pci_ohci_7_2,
	&model_piix3_usb_uhci_7_2,
	&model_piix4_usb_uhci_7_2,
	&model_qemu_xhci_10_0,
	&model_usb_ehci_7_2,
	&model_pci_serial_11_1,
	&model_pci_serial_2x_11_1,
	&model_pci_serial_4x_11_1,
	&model_virtio_balloon_pci_11_1,
	&model_virtio_balloon_pci_non_transitional_11_1,
	&model_virtio_balloon_pci_transitional_11_1,
	&model_virtio_crypto_pci_7_2,
	&model_virtio_keyboard_pci_7_2,
	&model_virtio_mouse_pci_11_1,
	&model_virtio_rng_pci_7_2,
	&model_virtio_rng_pci_non_transitional_7_2,
	&model_virtio_rng_pci_transitional_7_2,
	&model_virtio_serial_pci_11_1,
	&model_virtio_serial_pci_non_transitional_11_1,
	&model_virtio_serial_pci_transitional_11_1,
	&model_virtio_tablet_pci_11_1,
	&model_vga_11_1,
	&model_ati_vga_11_1,
	&model_bochs_display_7_2,
	&model_cirrus_vga_11_1,
	&model_secondary_vga_7_2,
	&model_virtio_gpu_pci_11_1,
	&model_ac97_10_0,
	&model_es1370_10_0,
	&model_ich9_intel_hda_7_2,
	&model_intel_hda_7_2,
	&model_edu_7_2,
	&model_i6300esb_7_2,
	&model_ivshmem_plain_7_2,
	&model_pci_testdev_11_1,
	&model_pvpanic_pci_7_2,
	&model_tpci200_7_2,
	NULL,
};

const struct pci_cards pci_cards_11_1 = {
	.models = models_11_1,
	.common_options =
	  "acpi-index addr busnr failover_pair_id multifunction rombar romfile romsize "
	  "sriov-pf x-max-bounce-buffer-size x-pcie-ari-nextfn-1 x-pcie-err-unc-mask "
	  "x-pcie-ext-tag x-pcie-lnksta-dllla ",
	.virtio_options =
	  "aer any_layout ats disable-legacy disable-modern event_idx in_order "
	  "indirect_desc ioeventfd iommu_platform modern-pio-notify notify_on_empty "
	  "packed page-per-vq queue_reset use-disabled-flag use-started vectors "
	  "virtio-backend virtio-pci-bus-master-bug-migration x-ats-page-aligned "
	  "x-disable-legacy-check x-pcie-flr-init x-pcie-pm-no-soft-reset ",
};

// clang-format on
