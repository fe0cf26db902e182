/* SPDX-License-Identifier: GPL-2.0-or-later
 * The bytes of a file, plain or compressed: which it is, its first bytes tell, never its name. */
#pragma once

#include <glib.h>

typedef struct AakSourceDecoder AakSourceDecoder;

/* Reads @fd (which the decoder then owns) from where it stands. Once @wake_fd (-1: none; not owned)
 * is readable, a pipe is at its end. NOT_FOUND where the file is compressed by a method that aakit
 * was built without. */
AakSourceDecoder *aak_source_decoder_new (int fd, int wake_fd,
                                          GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* At most @len bytes of the content. Returns their number, 0 at the end, or -1 with an error: IO
 * where the file cannot be read, INVALID where its compressed data is damaged or ends early, or
 * where it is the journal's and no log, TOO_LARGE where decompressing needs more memory than is
 * allowed. All that comes before the damage is given first. */
gssize aak_source_decoder_read (AakSourceDecoder *decoder, char *buffer, gsize len,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* TRUE where the content is the file's own bytes, and the file stands behind those that were given.
 */
gboolean aak_source_decoder_is_plain (const AakSourceDecoder *decoder);

void aak_source_decoder_free (AakSourceDecoder *decoder);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakSourceDecoder, aak_source_decoder_free)
