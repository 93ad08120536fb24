# What is in a tree of QEMU 10.0, and not in the same tree of QEMU 7.2, for sed -E -z.

# Processors: no transactional memory, of a later revision
s/  (ibm,pa-features 4200f63f c7c0)80(f0 80000000 00000000 00008000 80008000 00008000 80008000) 80008000 c0008000 8000/  ibm,pi-features 010000\n  \100\2 00008000 c0000000 0000/g
s/  (ibm,pa-features 1800f63f c7c0)80/  ibm,pi-features 010000\n  \100/g
s/  (ibm,pa-features 0600f63f c700)80/  ibm,pi-features 010000\n  \100/g
s/cpu-version 004e1200/cpu-version 004e1202/g
# The capacity of a machine whose memory cannot grow
s|(ibm,lrdr-capacity 00000000 )00000000(.*\n/memory@0\n(  [^\n]*\n){1,3}  reg 00000000 00000000 00000000 )([0-9a-f]{8})|\1\4\2\4|
