/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Linux, and whatever understands its TCP_INFO. */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "socketbackend.h"

#ifdef HAVE_LINUX_TCP
#include <linux/sockios.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <stddef.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

/* How much the kernel may hold unsent: the rest stays in the relay, where it
 * can be seen and dropped. */
#define UNSENT_LIMIT (16 * 1024)
/* A peer that acknowledges nothing for so long is gone, ms. */
#define USER_TIMEOUT 20000

/* What the other side would take. Linux before 5.4 does not tell: then it is
 * never known to be closed. Less than a segment is as good as nothing: the
 * kernel waits for more before it sends, and for long on loopback, where a
 * segment is 64 kB. */
static guint
read_window (const struct tcp_info *tcp, socklen_t size)
{
  if (size < offsetof (struct tcp_info, tcpi_snd_wnd)
      + sizeof (tcp->tcpi_snd_wnd))
      return G_MAXUINT;
  return tcp->tcpi_snd_wnd < tcp->tcpi_snd_mss ? 0 : tcp->tcpi_snd_wnd;
}

/* What is acknowledged between the two reads is counted twice, never lost. */
static gboolean
read_info (gint descriptor, LiveSocketInfo * info)
{
  struct tcp_info tcp;
  socklen_t size = sizeof (tcp);
  gint queued = 0;

  memset (&tcp, 0, sizeof (tcp));
  if (ioctl (descriptor, SIOCOUTQ, &queued) != 0
      || getsockopt (descriptor, IPPROTO_TCP, TCP_INFO, &tcp, &size) != 0)
    return FALSE;
  info->acked = tcp.tcpi_bytes_acked;
  info->unacked = MAX (queued, 0);
  info->sacked = (guint64) tcp.tcpi_sacked * tcp.tcpi_snd_mss;
  info->unsent = tcp.tcpi_notsent_bytes;
  info->rtt = tcp.tcpi_rtt;
  info->min_rtt = tcp.tcpi_min_rtt;     /* or G_MAXUINT */
  info->retransmits = tcp.tcpi_total_retrans;
  info->segment = tcp.tcpi_snd_mss;
  info->window = read_window (&tcp, size);
  return TRUE;
}

const LiveSocketBackend live_socket_linux = {
  {{IPPROTO_TCP, TCP_NOTSENT_LOWAT, UNSENT_LIMIT},
      {IPPROTO_TCP, TCP_USER_TIMEOUT, USER_TIMEOUT}},
  read_info
};
#endif
