/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Preloaded into a program: a system that does not tell how many bytes of a
 * TCP connection were acknowledged, as Linux before 4.2 and gVisor. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <stddef.h>
#include <sys/socket.h>

typedef int (*GetOption) (int, int, int, void *, socklen_t *);

int
getsockopt (int fd, int level, int name, void *restrict value,
    socklen_t * restrict size)
{
  GetOption real = (GetOption) dlsym (RTLD_NEXT, "getsockopt");
  int result = real (fd, level, name, value, size);

  if (result == 0 && level == IPPROTO_TCP && name == TCP_INFO
      && *size > offsetof (struct tcp_info, tcpi_bytes_acked))
     *size = offsetof (struct tcp_info, tcpi_bytes_acked);
  if (result == 0 && level == IPPROTO_TCP && name == TCP_INFO)
    ((struct tcp_info *) value)->tcpi_bytes_acked = 0;
  return result;
}
