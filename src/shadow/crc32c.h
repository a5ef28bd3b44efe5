/* CRC-32C (Castagnoli), as iSCSI has it (RFC 3720, section 12.1): tells a record that was written in part from a whole one. */
#ifndef SEGUE_SHADOW_CRC32C_H
#define SEGUE_SHADOW_CRC32C_H

#include <stddef.h>
#include <stdint.h>

/* Of the n bytes behind those of which `before` is the value; 0: there are none before. */
uint32_t crc32c(uint32_t before, const void *bytes, size_t n);

#endif
