/* SPDX-License-Identifier: LGPL-2.1-or-later */
#define _GNU_SOURCE
#include "readguard.h"

#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define MAX_GUARDS 64

/* The signal handler reads these: filled before a page is closed. */
static struct
{
  guint8 *data;
  gsize size;
  gint pages;                   /* atomic: opened by a touch */
} guards[MAX_GUARDS];

static struct sigaction before;

static gsize
page_size (void)
{
  return sysconf (_SC_PAGESIZE);
}

static void
open_page (int number, siginfo_t * info, void *context)
{
  guint8 *at = info->si_addr;
  guint i;

  for (i = 0; i < MAX_GUARDS; i++) {
    if (guards[i].data == NULL || at < guards[i].data
        || at >= guards[i].data + guards[i].size)
      continue;
    g_atomic_int_inc (&guards[i].pages);
    mprotect (guards[i].data + (at - guards[i].data) / page_size ()
        * page_size (), page_size (), PROT_READ | PROT_WRITE);
    return;
  }
  /* Not ours: as if this were not here. */
  sigaction (number, &before, NULL);
}

static void
catch_faults (void)
{
  static gsize once = 0;
  struct sigaction action = { 0, };

  if (!g_once_init_enter (&once))
    return;
  action.sa_sigaction = open_page;
  action.sa_flags = SA_SIGINFO;
  sigaction (SIGSEGV, &action, &before);
  g_once_init_leave (&once, 1);
}

void
read_guard_init (ReadGuard * guard, gsize size, guint8 value)
{
  gsize page = page_size ();
  gint fd;

  catch_faults ();
  guard->size = (size + page - 1) / page * page;
  fd = memfd_create ("guarded", MFD_CLOEXEC);
  g_assert (fd >= 0 && ftruncate (fd, guard->size) == 0);
  guard->data = mmap (NULL, guard->size, PROT_NONE, MAP_SHARED, fd, 0);
  guard->alias = mmap (NULL, guard->size, PROT_READ | PROT_WRITE, MAP_SHARED,
      fd, 0);
  g_assert (guard->data != MAP_FAILED && guard->alias != MAP_FAILED);
  close (fd);
  memset (guard->alias, value, guard->size);
  for (guard->slot = 0; guards[guard->slot].data != NULL;)
    g_assert (++guard->slot < MAX_GUARDS);
  guards[guard->slot].size = guard->size;
  g_atomic_int_set (&guards[guard->slot].pages, 0);
  guards[guard->slot].data = guard->data;
}

void
read_guard_clear (ReadGuard * guard)
{
  munmap (guard->data, guard->size);
  munmap (guard->alias, guard->size);
  guards[guard->slot].data = NULL;
}

gsize
read_guard_count (const ReadGuard * guard)
{
  return g_atomic_int_get (&guards[guard->slot].pages) * page_size ();
}
