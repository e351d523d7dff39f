/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "exportpart.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <sys/stat.h>

#include "exportname.h"

#ifdef G_OS_UNIX
#include <sys/file.h>
#include <unistd.h>
#else
#define O_NOFOLLOW 0
#define O_NONBLOCK 0
#define O_CLOEXEC 0
#endif
#ifndef O_BINARY
#define O_BINARY 0
#endif

#define FILE_MODE 0666
#define FOLDER_MODE 0777
/* Names of 32 random bits: more than this is not chance. */
#define MAX_TRIES 16

#define FACTS "standard::size,time::modified,time::modified-usec," \
    "time::changed,time::changed-usec,unix::inode"

static guint64
time_of (GFileInfo * info, const gchar * seconds, const gchar * rest)
{
  return g_file_info_get_attribute_uint64 (info, seconds) * G_USEC_PER_SEC
      + g_file_info_get_attribute_uint32 (info, rest);
}

void
export_part_init (ExportPart * part)
{
  part->name = NULL;
  part->fd = -1;
}

gboolean
export_part_look (const gchar * path, EchoelExportFacts * facts)
{
  GFile *file = g_file_new_for_path (path);
  GFileInfo *info = g_file_query_info (file, FACTS, G_FILE_QUERY_INFO_NONE,
      NULL, NULL);

  g_object_unref (file);
  if (info == NULL)
    return FALSE;
  facts->size = (guint64) g_file_info_get_size (info);
  facts->modified = time_of (info, "time::modified", "time::modified-usec");
  facts->changed = time_of (info, "time::changed", "time::changed-usec");
  facts->inode = g_file_info_get_attribute_uint64 (info, "unix::inode");
  g_object_unref (info);
  return TRUE;
}

static gboolean
read_note (const gchar * path, EchoelExportNote * note)
{
  gchar *name = echoel_export_name_note (path), *text = NULL;
  gboolean read = g_file_get_contents (name, &text, NULL, NULL)
      && echoel_export_note_read (note, text);

  g_free (name);
  g_free (text);
  return read;
}

gboolean
export_part_is_made (const gchar * path, const EchoelExportNote * wanted,
    guint64 * size)
{
  EchoelExportNote note = { NULL, };
  EchoelExportFacts facts;
  gboolean made = wanted != NULL && export_part_look (path, &facts)
      && read_note (path, &note) && g_str_equal (note.mark, wanted->mark)
      && echoel_export_note_is_of (&note, &facts);

  if (made)
    *size = facts.size;
  echoel_export_note_clear (&note);
  return made;
}

/* A link that leads nowhere is there, too. */
static gboolean
is_there (const gchar * path)
{
  return g_file_test (path, G_FILE_TEST_EXISTS)
      || g_file_test (path, G_FILE_TEST_IS_SYMLINK);
}

gboolean
export_part_may_replace (const gchar * path, const EchoelExportNote * wanted,
    gboolean overwrite, GError ** error)
{
  EchoelExportNote note = { NULL, };
  gboolean may = overwrite || !is_there (path), noted;

  if (may)
    return TRUE;
  noted = read_note (path, &note);
  may = noted && wanted != NULL && g_str_equal (note.input, wanted->input);
  if (!may && noted && wanted != NULL)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS,
        "Will not replace %s: it was made from %s.", path, note.input);
  else if (!may)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS,
        "Will not replace %s: it is there already, and overwrite=true is "
        "not set.", path);
  echoel_export_note_clear (&note);
  return may;
}

static gboolean
lock_file (gint fd, gboolean wait)
{
#ifdef G_OS_UNIX
  return flock (fd, LOCK_EX | (wait ? 0 : LOCK_NB)) == 0;
#else
  return FALSE;
#endif
}

static gboolean
is_same_file (gint fd, const gchar * path)
{
#ifdef G_OS_UNIX
  struct stat a, b;

  return fstat (fd, &a) == 0 && lstat (path, &b) == 0 && a.st_ino == b.st_ino
      && a.st_dev == b.st_dev;
#else
  return TRUE;
#endif
}

/* Nobody holds the lock of part @random any more. */
static void
sweep_part (const gchar * path, const gchar * part, guint32 random)
{
  gchar *early = echoel_export_name_hidden (path, random, ECHOEL_EXPORT_NOTE);
  gchar *note = echoel_export_name_note (path);
  gint fd = g_open (part, O_WRONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0);

  if (fd >= 0 && lock_file (fd, FALSE) && is_same_file (fd, part)) {
    if (!is_same_file (fd, path) || g_rename (early, note) != 0)
      g_unlink (early);
    g_unlink (part);
  }
  if (fd >= 0)
    g_close (fd, NULL);
  g_free (early);
  g_free (note);
}

void
export_part_sweep (const gchar * path)
{
  gchar *folder = g_path_get_dirname (path);
  GDir *dir = g_dir_open (folder, 0, NULL);
  const gchar *name;
  guint32 random;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL) {
    gchar *part;

    if (!echoel_export_name_is_part (path, name, &random))
      continue;
    part = g_build_filename (folder, name, NULL);
    sweep_part (path, part, random);
    g_free (part);
  }
  g_clear_pointer (&dir, g_dir_close);
  g_free (folder);
}

static void
set_error (GError ** error, const gchar * what, const gchar * path, gint code)
{
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), "%s %s: %s.",
      what, path, g_strerror (code));
}

/* Returns: an error number, EEXIST: another name may do. Until it is locked,
 * somebody may take it for one that was left. */
static gint
try_open (ExportPart * part)
{
  part->random = g_random_int ();
  part->name = echoel_export_name_hidden (part->path, part->random,
      ECHOEL_EXPORT_PART);
  part->fd = g_open (part->name, O_CREAT | O_EXCL | O_NOFOLLOW | O_WRONLY
      | O_CLOEXEC | O_BINARY, FILE_MODE);
  if (part->fd < 0) {
    gint code = errno;

    g_clear_pointer (&part->name, g_free);
    return code;
  }
  if (!lock_file (part->fd, TRUE) || is_same_file (part->fd, part->name))
    return 0;
  export_part_clear (part);
  return EEXIST;
}

gboolean
export_part_open (ExportPart * part, const gchar * path, GError ** error)
{
  gchar *folder = g_path_get_dirname (path);
  gint code = g_mkdir_with_parents (folder, FOLDER_MODE) == 0 ? EEXIST : errno;
  guint i, tries = code == EEXIST ? MAX_TRIES : 0;

  g_free (folder);
  part->path = path;
  for (i = 0; i < tries && code == EEXIST; i++)
    code = try_open (part);
  if (code != 0)
    set_error (error, "Cannot write", path, code);
  return code == 0;
}

/* What a power cut must not take away is on the disk before the name says
 * that the file is whole. Some file systems have nothing to flush. */
static gboolean
flush_to_disk (gint fd)
{
#ifdef G_OS_UNIX
  return fsync (fd) == 0 || errno == EINVAL || errno == ENOSYS;
#else
  return TRUE;
#endif
}

static void
flush_folder (const gchar * path)
{
#ifdef G_OS_UNIX
  gchar *folder = g_path_get_dirname (path);
  gint fd = g_open (folder, O_RDONLY | O_CLOEXEC, 0);

  if (fd >= 0) {
    flush_to_disk (fd);
    g_close (fd, NULL);
  }
  g_free (folder);
#endif
}

/* Returns: (transfer full) (nullable): the name of a note that speaks of the
 * part */
static gchar *
write_note (ExportPart * part, EchoelExportNote * note)
{
  EchoelExportFacts facts;
  gchar *name, *text;

  if (note == NULL || !export_part_look (part->name, &facts))
    return NULL;
  note->size = facts.size;
  note->modified = facts.modified;
  name = echoel_export_name_hidden (part->path, part->random,
      ECHOEL_EXPORT_NOTE);
  text = echoel_export_note_write (note);
  if (!g_file_set_contents (name, text, -1, NULL)) {
    GST_WARNING ("no note beside %s: resume will not know it", part->path);
    g_clear_pointer (&name, g_free);
  }
  g_free (text);
  return name;
}

/* Gives it a name that nobody has. The part is the last to go: as long as it
 * is there, its note can be found. */
static gint
name_new (ExportPart * part, const gchar * early, const gchar * note)
{
#ifdef G_OS_UNIX
  if (link (part->name, part->path) == 0) {
    if (early == NULL || g_rename (early, note) != 0)
      g_unlink (note);
    flush_folder (part->path);
    g_unlink (part->name);
    return 0;
  }
  if (errno == EEXIST || errno == ENOENT || errno == ENOSPC || errno == EIO)
    return errno;
#endif
  /* A file system without links. */
  if (is_there (part->path))
    return EEXIST;
  if (early == NULL || g_rename (early, note) != 0)
    g_unlink (note);
  return g_rename (part->name, part->path) == 0 ? 0 : errno;
}

/* In place of another: its note speaks of the new one before the name does, so
 * that nothing half done can be taken for whole. */
static gint
name_over (ExportPart * part, const gchar * early, const gchar * note)
{
  if (early == NULL || g_rename (early, note) != 0)
    g_unlink (note);
  if (g_rename (part->name, part->path) != 0)
    return errno;
  flush_folder (part->path);
  return 0;
}

static gint
name_part (ExportPart * part, EchoelExportNote * wanted, gboolean replace)
{
  gchar *note = echoel_export_name_note (part->path);
  gchar *early = write_note (part, wanted);
  gint code = replace ? name_over (part, early, note) :
      name_new (part, early, note);

  if (code != 0 && early != NULL)
    g_unlink (early);
  g_free (early);
  g_free (note);
  return code;
}

PartResult
export_part_publish (ExportPart * part, EchoelExportNote * note,
    gboolean overwrite, guint64 * size, GError ** error)
{
  EchoelExportFacts facts;
  gint code;

  if (!flush_to_disk (part->fd) || !is_same_file (part->fd, part->name)
      || !export_part_look (part->name, &facts)) {
    set_error (error, "Cannot write", part->path, errno ? errno : ENOENT);
    return PART_FAILED;
  }
  *size = facts.size;
  if (!overwrite && export_part_is_made (part->path, note, size))
    return PART_THERE;
  if (!export_part_may_replace (part->path, note, overwrite, error))
    return PART_FAILED;
  code = name_part (part, note, overwrite || is_there (part->path));
  if (code != 0) {
    set_error (error, "Cannot name", part->path, code);
    return PART_FAILED;
  }
  g_clear_pointer (&part->name, g_free);
  return PART_NAMED;
}

void
export_part_remove (ExportPart * part)
{
  if (part->name == NULL)
    return;
#ifdef G_OS_UNIX
  if (ftruncate (part->fd, 0) != 0)
    GST_DEBUG ("%s keeps its size until it is closed", part->name);
#endif
  g_unlink (part->name);
  g_clear_pointer (&part->name, g_free);
}

void
export_part_clear (ExportPart * part)
{
  if (part->fd >= 0)
    g_close (part->fd, NULL);
  part->fd = -1;
  g_clear_pointer (&part->name, g_free);
}
