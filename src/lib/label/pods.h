/* SPDX-License-Identifier: MIT */
/*
 * Names of pods and containers in what the kubelet leaves for everybody to read. Pure.
 *
 * The names in /var/log/containers are `POD_NAMESPACE_CONTAINER-ID.log` (logSymlink() in
 * pkg/kubelet/kuberuntime/legacy.go), those in /var/log/pods `NAMESPACE_POD_UID`
 * (BuildPodLogsDirectory() in pkg/kubelet/kuberuntime/helpers.go). Kubernetes allows no underscore
 * in a name.
 */
#pragma once

#include "label/text.h"

#define PODS_LOGS "/var/log/pods"
#define PODS_CONTAINER_LOGS "/var/log/containers"

/* What was found; empty: unknown. */
struct pod_names {
    struct text namespace, pod, container;
};

/* Searches the names in PODS_CONTAINER_LOGS, one a line, for the ID of a container. */
bool pods_find_container(struct text names, const char *id, struct pod_names *out);

/* Searches the names in PODS_LOGS for the UID of a pod. */
bool pods_find_pod(struct text names, const char *uid, struct pod_names *out);

/* The name of a container, if its mounts say the same UID: `…/pods/UID/containers/NAME/HASH` is on
 * /dev/termination-log, the default of terminationMessagePath. Empty: unknown. */
struct text pods_mounted_name(struct text mountinfo, const char *uid);
