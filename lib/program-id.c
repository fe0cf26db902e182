/* SPDX-License-Identifier: LGPL-2.1-or-later
 * The build id out of an ELF file's notes (elf(5)). */
#include "config.h"

#include "lib/program-id.h"

#include "lib/sha256.h"

#include <elf.h>
#include <link.h>
#include <string.h>

#if __ELF_NATIVE_CLASS == 64
#define NATIVE_CLASS ELFCLASS64
#else
#define NATIVE_CLASS ELFCLASS32
#endif

#define MAX_ID 64 /* bytes; a SHA-1 has 20 */

typedef struct
{
  const guint8 *data;
  gsize len;
} Bytes;

/* The @len bytes at @at, or nothing where they are not all there. */
static Bytes
slice (Bytes bytes, guint64 at, guint64 len)
{
  if (at > bytes.len || len > bytes.len - at)
    return (Bytes){ NULL, 0 };
  return (Bytes){ bytes.data + at, len };
}

static char *
to_hex (Bytes id)
{
  GString *hex = g_string_new ("build-id:");
  for (gsize i = 0; i < id.len; i++)
    g_string_append_printf (hex, "%02x", id.data[i]);
  return g_string_free (hex, FALSE);
}

/* The build id in a segment of notes, or NULL. */
static char *
find_in_notes (Bytes notes)
{
  for (guint64 at = 0; slice (notes, at, sizeof (ElfW (Nhdr))).data != NULL;)
    {
      ElfW (Nhdr) note;
      memcpy (&note, notes.data + at, sizeof note);
      guint64 name_at = at + sizeof note;
      guint64 id_at = name_at + (((guint64) note.n_namesz + 3) & ~(guint64) 3);
      Bytes name = slice (notes, name_at, note.n_namesz), id = slice (notes, id_at, note.n_descsz);
      if (name.data == NULL || id.data == NULL)
        return NULL;
      if (note.n_type == NT_GNU_BUILD_ID && name.len == sizeof ELF_NOTE_GNU
          && memcmp (name.data, ELF_NOTE_GNU, name.len) == 0 && id.len > 0 && id.len <= MAX_ID)
        return to_hex (id);
      at = id_at + (((guint64) note.n_descsz + 3) & ~(guint64) 3);
    }
  return NULL;
}

static char *
find_build_id (Bytes file)
{
  ElfW (Ehdr) head;
  if (file.len < sizeof head)
    return NULL;
  memcpy (&head, file.data, sizeof head);
  if (head.e_ident[EI_CLASS] != NATIVE_CLASS || head.e_phentsize != sizeof (ElfW (Phdr)))
    return NULL;
  for (guint i = 0; i < head.e_phnum; i++)
    {
      ElfW (Phdr) segment;
      Bytes entry = slice (file, head.e_phoff + (guint64) i * sizeof segment, sizeof segment);
      if (entry.data == NULL)
        return NULL;
      memcpy (&segment, entry.data, sizeof segment);
      char *id = segment.p_type == PT_NOTE
                     ? find_in_notes (slice (file, segment.p_offset, segment.p_filesz))
                     : NULL;
      if (id != NULL)
        return id;
    }
  return NULL;
}

char *
aak_program_id (const char *path)
{
  g_autoptr (GMappedFile) map = g_mapped_file_new (path, FALSE, NULL);
  if (map == NULL || g_mapped_file_get_length (map) < SELFMAG)
    return NULL;
  Bytes file = { (const guint8 *) g_mapped_file_get_contents (map),
                 g_mapped_file_get_length (map) };
  if (memcmp (file.data, ELFMAG, SELFMAG) != 0)
    return NULL;
  char *id = find_build_id (file);
  if (id != NULL)
    return id;
  g_autoptr (GBytes) bytes = g_mapped_file_get_bytes (map);
  g_autofree char *sum = aak_sha256_of (bytes);
  return g_strconcat ("sha256:", sum, NULL);
}
