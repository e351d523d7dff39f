/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a container or a job scheduler lets a process use of its machine. */
#pragma once

#include "exportplan.h"

G_BEGIN_DECLS

/**
 * echoel_export_machine_limit:
 * @machine: cores and bytes that the machine has; 0 bytes: not known
 * @root: folder of the system's files, "/"
 *
 * Lowers what @machine says to what the control groups of this process allow
 * (Linux, both versions). Reads files; any thread.
 */
void echoel_export_machine_limit (EchoelExportMachine * machine,
    const gchar * root);

G_END_DECLS
