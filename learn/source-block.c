/* SPDX-License-Identifier: GPL-2.0-or-later
 * The bytes of a block. */
#include "config.h"

#include "learn/source-block.h"

#include <errno.h>
#include <unistd.h>

gboolean
aak_source_block_load (AakSourceBlock *block)
{
  gsize loaded = block->fd < 0 ? block->len : 0;
  while (loaded < block->len)
    {
      ssize_t n = pread (block->fd, block->bytes + loaded, block->len - loaded,
                         (off_t) (block->offset + (gint64) loaded));
      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        {
          block->len = 0;
          return FALSE;
        }
      loaded += (gsize) n;
    }
  block->fd = -1;
  return TRUE;
}
