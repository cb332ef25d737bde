/* SPDX-License-Identifier: MIT */
/*
 * What rests on PIDs, which are used again. A process was read while its PPid meant one process;
 * by the time that this PID is read, it can be another's. So where something follows from a parent
 * (place.c), it is proven here that the parent is still the one that was there before the child was
 * read: the inode of its /proc directory is the same then and now (pid_revalidate() in
 * fs/proc/base.c lets a directory die with its process), and so the PPid meant it. Where it is not,
 * child and parent are read again, a few times. What is not proven then is marked as unsure, and
 * nothing follows from it.
 *
 * A process that only elimination can place needs more: that all namespaces it could be in are
 * known. Each has an init for as long as it has any process, also below it
 * (zap_pid_ns_processes() in kernel/pid_namespace.c waits for all), so /proc is listed once more.
 * An init that lived through all of this list is on it; and so is everything whose PIDs rule a
 * place out.
 */
#pragma once

#include "scan/scanner.h"

/* Finds the drafts whose PPid may mean another process than the one that was read, and those whose
 * PIDs prove nothing (struct draft). All processes have been read and the drafts are sorted. */
int scan_prove(struct scanner *scanner);
