/* SPDX-License-Identifier: MIT */
/*
 * Which container each process is in, where its PID namespace does not tell: containers share one
 * with the host (docker run --pid=host), with each other (--pid=container:NAME, pods), or were
 * entered from outside.
 *
 * The kernel shows it by the cgroup, which any user can read and which children inherit. So only
 * those processes are asked that did not get theirs from a parent in the same container: those that
 * entered from outside, children of a process that keeps a container, and, where a namespace is
 * shared, what its init adopted. On a machine without such processes nothing is read.
 */
#pragma once

#include "scan/asking.h"
#include "scan/scanner.h"

/* Sets the container of namespaces and processes, once the labels of all namespaces are known. */
int scan_containers(struct scanner *scanner, struct asking *asking);
