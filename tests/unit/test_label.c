/* SPDX-License-Identifier: MIT */
/*
 * The labels of namespaces. Recorded was the evidence of Docker 20.10 and 26, its builds,
 * Podman 4.3 and 5.4 with pods, pasta, Buildah, containerd 1.7 and 2.1, runc and crun 1.28 in the
 * foreground, rootlesskit, systemd 257, systemd-nspawn 252, LXC 5.0, bubblewrap and copies of it,
 * QtWebEngine 6, Nix, Guix, Apptainer 1.4, virtiofsd and linux-sandbox. That of the other engines
 * rests on their sources. `|` stands for the NULs in command lines and environments.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "label/engines.h"
#include "label/judge.h"
#include "label/notes.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

#define WEB "b61aae2d57bc23517697a4e4dc97ed87b50ecb7a33d04e72d063e9f0ba5a68a2"
#define HIDDEN "bf71c9aa416ef6d85b6dd7f09110b6452b66fa3725297acde099781c71259e21"
#define INNER "318a47e526242d217b5b33aaaa729912b8b5c2be4d840eaecca59a986696fe0b"
#define DB "6b4df4891334f1d5d94ce23ce7c776457eca9030f4575728a5bc9ba1546e95d1"
#define INFRA "06254fa78c2c718ce5889aaee48426b56f31db5bf86f430fd255e1907e73b606"
#define POD "c468ff20377602a0cfec2ec4089c2e200ef17dc6c51f4a99ee6a3b83ba6b879a"
/* The caller's user namespace. */
#define USER_NS "user:[4026531837]"
#define INITIAL 4026531836U /* PROC_PID_INIT_INO in include/linux/proc_ns.h */
#define OTHER 4026532375U
#define UID "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"
#define UID_ "0f1e2d3c_4b5a_6978_8796_a5b4c3d2e1f0"

/* A process. NULL: cannot be read. */
struct one {
    const char *comm, *cgroup, *args, *environment, *mounts, *mnt, *exe, *cwd, *user;
    uint32_t uid;
};

struct beneath {
    enum who who;
    const char *path, *content;
};

struct row {
    const char *name;
    struct one init, parent, outer, second, peer, grandparent;
    struct beneath files[3];
    bool wsl, nested_user_ns;
    bool member;  /* init is any process: which container is it in? */
    bool adopted; /* the parent process is the init of the parent namespace */
    uint32_t caller;
    const char *distribution; /* the caller's */
    const char *kind, *text;  /* NULL: nothing is known */
    struct {
        const char *id, *name, *k8s_namespace, *pod, *image; /* NULL: anything */
    } found;
};

/* The init of a machine and a process of it, without evidence. */
#define HOST_MOUNTS "22 27 0:21 / /proc rw - proc proc rw\n27 1 254:0 / / rw - ext4 /dev/vda rw\n"
#define HOST(NAME)                                                                                 \
    {                                                                                              \
        .comm = NAME, .cgroup = "1:cpu:/\n0::/init.scope\n", .args = "/sbin/init",                 \
        .environment = "TERM=linux", .mounts = HOST_MOUNTS, .mnt = "mnt:[1]"                       \
    }
#define SYSTEMD HOST("systemd")
#define SHIM(NAMESPACE, ID)                                                                        \
    {                                                                                              \
        .comm = "containerd-shim", .cgroup = "1:cpu:/\n0::/system.slice/docker.service\n",         \
        .args = "/usr/bin/containerd-shim-runc-v2|-namespace|" NAMESPACE "|-id|" ID                \
                "|-address|/run/containerd/containerd.sock",                                       \
        .exe = "/usr/bin/containerd-shim-runc-v2", .mnt = "mnt:[1]", .mounts = HOST_MOUNTS         \
    }
#define CONMON(ID, NAME) CONMON_OF("/run/bundle", ID, NAME)
#define CONMON_OF(BUNDLE, ID, NAME)                                                                \
    {                                                                                              \
        .comm = "conmon", .cgroup = "0::/libpod_parent/conmon\n",                                  \
        .args = "/usr/bin/conmon|--api-version|1|-c|" ID "|-u|" ID "|-r|/usr/bin/crun|-b|" BUNDLE  \
                "|-n|" NAME "|--exit-dir|/run/libpod/exits",                                       \
        .exe = "/usr/bin/conmon", .mnt = "mnt:[1]", .mounts = HOST_MOUNTS                          \
    }
#define RUNTIME(NAME, ARGS)                                                                        \
    {                                                                                              \
        .comm = NAME, .cgroup = "0::/\n", .args = ARGS, .mnt = "mnt:[1]", .mounts = HOST_MOUNTS    \
    }
/* The root directory of a build by Nix or Guix. */
#define HASH "bn15b07c739k2iz187clfdghwlyxlac3"
#define CHROOT(DIRECTORY) "103 74 254:0 " DIRECTORY " / rw - ext4 /dev/vda rw\n"
/* A step of a build by BuildKit. */
#define STEP "xzozc9yte9uaf8vsuwfl69gxx"
#define OVERLAY "103 74 0:44 / / rw,relatime master:2 - overlay overlay rw,upperdir=/x\n"
#define ENV_OF_PODMAN                                                                              \
    "394 386 0:39 /containers/storage/overlay-containers/" DB                                      \
    "/userdata/.containerenv /run/.containerenv rw,relatime - tmpfs tmpfs rw,mode=755\n"
#define HOSTNAME_OF_DOCKER                                                                         \
    "3017 2999 254:0 /var/lib/docker/containers/" WEB                                              \
    "/hostname /etc/hostname rw,relatime - ext4 /dev/vda rw\n"
/* Of the init of a service with PrivatePIDs=, in HOST. */
#define PRIVATE_PIDS                                                                               \
    "4635 3617 254:0 / / rw,relatime shared:372 master:250 - ext4 /dev/vda rw\n"                   \
    "4650 4635 0:898 / /proc rw,nosuid,nodev,noexec,relatime shared:473 - proc proc rw\n"

/* A static pod, of which the UID has no dashes, and its containers. */
#define STATIC "7ccf42b739fd63fd6777c1fcb788fd66"
#define NGINX "422e642a39fa49b116662fab42ad5a50d3b767b02fc5b92b296d2f4e245f13d2"
#define PAUSE "b7a70ed24e9a8709ba8cd9e0d66a61024ead9a8aba7f7e08d4cadd6850ba64e7"
#define TERMINATION_LOG(POD)                                                                       \
    "2547 2505 254:0 /var/lib/kubelet/pods/" POD "/etc-hosts /etc/hosts rw - ext4 /dev/vda rw\n"   \
    "2548 2507 254:0 /var/lib/kubelet/pods/" POD "/containers/nginx/452a0ea2 "                     \
    "/dev/termination-log rw - ext4 /dev/vda rw\n"
#define CRIO_BUNDLE(ID) "/run/crio-storage/vfs-containers/" ID "/userdata"
#define CRIO(ID)                                                                                   \
    {                                                                                              \
        .comm = "conmon", .cgroup = "0::/\n",                                                      \
        .args = "/usr/bin/conmon|-b|" CRIO_BUNDLE(ID) "|-c|" ID "|--exit-dir|/var/run/crio/exits", \
        .mnt = "mnt:[1]", .mounts = HOST_MOUNTS                                                    \
    }
#define POD_OF_CRIO                                                                                \
    "{\"annotations\":{\"io.kubernetes.pod.name\":\"etcd-0\","                                     \
    "\"io.kubernetes.pod.namespace\":\"kube-system\"}}"
#define LOGS "/var/log/pods"
#define CONTAINER_LOGS "/var/log/containers"
#define LOGS_OF_PODS "kube-system_coredns-abc_" UID "\ndefault_kweb-node1_" STATIC "\n"

static const struct row known[] = {
    /* Docker */
    {.name = "docker, cgroupfs",
     .init = {.comm = "sleep",
              "9:name=systemd:/docker/" WEB "\n0::/docker/" WEB "\n",
#define TASKS "/run/containerd/io.containerd.runtime.v2.task/"
#define ANNOTATIONS                                                                                \
    "{\"annotations\":{\"io.kubernetes.cri.sandbox-name\":\"web\","                                \
    "\"io.kubernetes.cri.sandbox-namespace\":\"default\"}}"
#define ORPHAN_OF_PODMAN                                                                           \
    {                                                                                              \
        .comm = "sleep", .cgroup = "4:memory:/service\n0::/libpod_parent/libpod-" DB "\n",         \
        .args = "sleep|490022", .environment = "container=podman", .mnt = "mnt:[2]",               \
        .mounts = OVERLAY ENV_OF_PODMAN                                                            \
    }

              .mnt = "mnt:[2]"},
     .parent = SHIM("moby", WEB),
     .outer = SYSTEMD,
     .files = {{WHO_PARENT, "/var/lib/docker/containers/" WEB "/config.v2.json",
                "{\"StreamConfig\":{},\"Name\":\"/web\"}"}},
     .kind = "docker",
     .text = "docker web (b61aae2d57bc)"},
    {.name = "docker, its notes moved elsewhere, below a mount of their own",
     .init = {.comm = "sleep",
              "0::/docker/" WEB "\n",
              .mnt = "mnt:[2]",
              .mounts = OVERLAY "121 103 8:3 /lib/my\\040docker/containers/" WEB
                                "/hostname /etc/hostname rw - ext4 /dev/sda3 rw\n"},
     .parent = {.comm = "containerd-shim",
                "0::/\n",
                "containerd-shim-runc-v2|-namespace|moby|-id|" WEB,
                .mnt = "mnt:[1]",
                .mounts = "27 1 254:0 / / rw - ext4 /dev/vda rw\n"
                          "30 27 8:3 /lib /srv rw - ext4 /dev/sda3 rw\n"
                          "31 27 254:0 /lib /other/device rw - ext4 /dev/vda rw\n"
                          "32 27 8:3 /library/of/others /not/above rw - ext4 /dev/sda3 rw\n"
                          "33 27 8:3 / /less/near rw - ext4 /dev/sda3 rw\n"},
     .outer = SYSTEMD,
     .files = {{WHO_PARENT, "/srv/my docker/containers/" WEB "/config.v2.json",
                "{\"Name\":\"/web\"}"}},
     .kind = "docker",
     .text = "docker web (b61aae2d57bc)"},
    {.name = "docker, systemd, notes not readable",
     .init = {.comm = "nginx", "0::/system.slice/docker-" WEB ".scope\n", .mnt = "mnt:[2]"},
     .parent = SHIM("moby", WEB),
     .outer = SYSTEMD,
     .kind = "docker",
     .text = "docker b61aae2d57bc"},
    {.name = "docker --init, and its own systemd deeper in",
     .init = {.comm = "docker-init",
              "0::/docker/" WEB "/init.scope\n",
              "/sbin/docker-init|--|sleep",
              .mnt = "mnt:[2]"},
     .parent = SHIM("moby", WEB),
     .outer = SYSTEMD,
     .kind = "docker",
     .text = "docker b61aae2d57bc"},
    {.name = "docker --cgroup-parent hides the id",
     .init = {.comm = "sleep", "0::/nstree-hidden/" HIDDEN "\n", .mnt = "mnt:[2]"},
     .parent = SHIM("moby", HIDDEN),
     .outer = SYSTEMD,
     .kind = "docker",
     .text = "docker bf71c9aa416e"},
    {.name = "docker in docker, by cgroup v1",
     .init = {.comm = "sleep",
              "9:cpu:/docker/" WEB "/docker/" INNER "\n0::/docker/" WEB "\n",
              .mnt = "mnt:[3]"},
     .parent = SHIM("moby", INNER),
     .outer = {.comm = "dockerd", "9:cpu:/docker/" WEB "\n0::/docker/" WEB "\n", .mnt = "mnt:[2]"},
     .kind = "docker",
     .text = "docker 318a47e52624"},
    {.name = "docker in docker, only by the shim",
     .init = {.comm = "sleep", "0::/docker/" WEB "\n", .mnt = "mnt:[3]"},
     .parent = {.comm = "containerd-shim",
                "0::/docker/" WEB "\n",
                "/usr/local/bin/containerd-shim-runc-v2|-namespace|moby|-id|" INNER,
                .mnt = "mnt:[2]"},
     .outer = {.comm = "dockerd", "0::/docker/" WEB "\n", .mnt = "mnt:[2]"},
     .kind = "docker",
     .text = "docker 318a47e52624"},
    {.name = "docker, the command line of its shim cut short in the recording",
     .init = {.comm = "bash", .args = "/bin/bash"},
     .parent = {.comm = "containerd-shim",
                .args = "/usr/bin/containerd-shim-runc-v2|-namespace|moby|-id|"
                        "013853d881b7d675fabe859125a53c154236bd00b34b"},
     .outer = SYSTEMD,
     .kind = "docker",
     .text = "docker 013853d881b7"},
    {.name = "docker in docker, by cgroup v1, listed last",
     .init = {.comm = "sleep",
              "9:cpu:/docker/" WEB "\n0::/docker/" WEB "/docker/" INNER "\n",
              .mnt = "mnt:[3]"},
     .parent = SYSTEMD,
     .outer = {.comm = "dockerd", "9:cpu:/docker/" WEB "\n0::/docker/" WEB "\n", .mnt = "mnt:[2]"},
     .kind = "docker",
     .text = "docker 318a47e52624"},
    {.name = "ECS, cgroup v2",
     .init = {.comm = "nginx",
              "0::/ecstasks.slice/ecstasks-fedcba9876543210.slice/docker-" WEB ".scope\n",
              .mnt = "mnt:[2]"},
     .parent = SHIM("moby", WEB),
     .outer = SYSTEMD,
     .files = {{WHO_PARENT, "/var/lib/docker/containers/" WEB "/config.v2.json",
                "{\"Name\":\"/ecs-web-1-nginx-a1b2\"}"}},
     .kind = "docker",
     .text = "docker ecs-web-1-nginx-a1b2 (b61aae2d57bc, ECS task fedcba9876543210)"},
    {.name = "ECS, cgroup v1",
     .init = {.comm = "nginx", "4:cpu:/ecs/fedcba9876543210/" WEB "\n", .mnt = "mnt:[2]"},
     .parent = SYSTEMD,
     .outer = SYSTEMD,
     .kind = "docker",
     .text = "docker (b61aae2d57bc, ECS task fedcba9876543210)"},
    /* Kubernetes */
    {.name = "k8s, containerd, cgroupfs, names from the bundle beside the sandbox's",
     .init = {.comm = "coredns", "0::/kubepods/burstable/pod" UID "/" WEB "\n", .mnt = "mnt:[2]"},
     .parent = {.comm = "containerd-shim",
                "0::/system.slice/containerd.service\n",
                "/usr/bin/containerd-shim-runc-v2|-namespace|k8s.io|-id|" POD,
                .mnt = "mnt:[1]",
                .cwd = "/run/k3s/containerd/io.containerd.runtime.v2.task/k8s.io/" POD},
     .outer = SYSTEMD,
     .files = {{WHO_PARENT,
                "/run/k3s/containerd/io.containerd.runtime.v2.task/k8s.io/" WEB "/config.json",
                "{\"annotations\":{\"io.kubernetes.cri.container-type\":\"container\","
                "\"io.kubernetes.cri.container-name\":\"coredns\","
                "\"io.kubernetes.cri.sandbox-name\":\"coredns-abc\","
                "\"io.kubernetes.cri.sandbox-namespace\":\"kube-system\"}}"}},
     .kind = "k8s",
     .text = "k8s kube-system/coredns-abc/coredns"},
    {.name = "k8s, containerd, systemd, for an ordinary user",
     .init = {.comm = "coredns",
              "0::/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-burstable.slice/"
              "kubelet-kubepods-burstable-pod" UID_ ".slice/cri-containerd-" WEB ".scope\n",
              .mnt = "mnt:[2]"},
     .parent = SHIM("k8s.io", POD),
     .outer = SYSTEMD,
     .kind = "k8s",
     .text = "k8s pod " UID " (b61aae2d57bc)"},
    {.name = "k8s, a sandbox with names",
     .init = {.comm = "pause", "0::/kubepods/pod" UID "/" POD "\n", "/pause", .mnt = "mnt:[2]"},
     .parent = SHIM("k8s.io", POD),
     .outer = SYSTEMD,
     .files = {{WHO_PARENT,
                "/run/containerd/io.containerd.runtime.v2.task/k8s.io/" POD "/config.json",
                "{\"annotations\":{\"io.kubernetes.cri.container-type\":\"sandbox\","
                "\"io.kubernetes.cri.sandbox-name\":\"coredns-abc\","
                "\"io.kubernetes.cri.sandbox-namespace\":\"kube-system\"}}"}},
     .kind = "k8s",
     .text = "k8s kube-system/coredns-abc (sandbox)"},
    {.name = "k8s, a sandbox without names",
     .init = {.comm = "pause", "0::/kubepods/pod" UID "/" POD "\n", "/pause", .mnt = "mnt:[2]"},
     .parent = SHIM("k8s.io", POD),
     .outer = SYSTEMD,
     .kind = "k8s",
     .text = "k8s pod sandbox " UID " (c468ff203776)"},
    {.name = "k8s, a sandbox known only by its program",
     .init = {.comm = "pause", .args = "/pause", .uid = 65535},
     .parent = {.comm = "containerd-shim"},
     .outer = SYSTEMD,
     .kind = "k8s",
     .text = "k8s pod sandbox"},
    {.name = "k8s before docker: cri-dockerd",
     .init = {.comm = "sh",
              "0::/kubepods.slice/kubepods-pod" UID_ ".slice/docker-" WEB ".scope\n",
              .mnt = "mnt:[2]"},
     .parent = SHIM("moby", WEB),
     .outer = SYSTEMD,
     .files = {{WHO_PARENT, "/var/lib/docker/containers/" WEB "/config.v2.json",
                "{\"Name\":\"/k8s_app_shop-1_default_" UID "_0\"}"}},
     .kind = "k8s",
     .text = "k8s default/shop-1/app"},
    {.name = "CRI-O, crun",
     .init = {.comm = "sh",
              "0::/kubepods.slice/kubepods-pod" UID_ ".slice/crio-" WEB ".scope/container\n",
              .mnt = "mnt:[2]"},
     .parent = CONMON(WEB, "k8s_app_shop-1_default_" UID "_0"),
     .outer = SYSTEMD,
     .kind = "k8s",
     .text = "k8s default/shop-1/app"},
    {.name = "CRI-O, the pod's infra container, by conmon alone",
     .init = {.comm = "pause", "0::/\n", .mnt = "mnt:[2]"},
     .parent = CONMON(WEB, "k8s_POD_shop-1_default_" UID "_0"),
     .outer = SYSTEMD,
     .kind = "k8s",
     .text = "k8s default/shop-1 (sandbox)"},
    {.name = "docker in a pod",
     .init = {.comm = "sh",
              "4:cpu:/kubepods/pod" UID "/" WEB "/docker/" INNER "\n",
              .mnt = "mnt:[3]"},
     .parent = SHIM("moby", INNER),
     .outer = {.comm = "dockerd", "4:cpu:/kubepods/pod" UID "/" WEB "\n", .mnt = "mnt:[2]"},
     .kind = "docker",
     .text = "docker 318a47e52624"},
    /* Podman */
    {.name = "podman",
     .init = {.comm = "sleep",
              "4:memory:/process_api/efef\n0::/libpod_parent/libpod-" DB "\n",
              .mnt = "mnt:[2]"},
     .parent = CONMON(DB, "db"),
     .outer = SYSTEMD,
     .kind = "podman",
     .text = "podman db (6b4df4891334)"},
    {.name = "podman, systemd, rootless, crun",
     .init = {.comm = "sleep",
              "0::/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-" DB
              ".scope/container\n",
              .mnt = "mnt:[2]"},
     .parent = CONMON(DB, "db"),
     .outer = SYSTEMD,
     .kind = "podman",
     .text = "podman db (6b4df4891334)"},
    {.name = "podman, the infra container of a pod",
     .init = {.comm = "catatonit",
              "0::/libpod_parent/" POD "/libpod-" INFRA "\n",
              "/catatonit|-P",
              .mnt = "mnt:[2]"},
     .parent = CONMON(INFRA, "c468ff203776-infra"),
     .outer = SYSTEMD,
     .kind = "podman",
     .text = "podman c468ff203776-infra (06254fa78c2c)"},
    {.name = "podman, the infra container of a pod, its environment readable",
     .init = {.comm = "catatonit",
              "0::/libpod_parent/" POD "/libpod-" INFRA "\n",
              "/catatonit|-P",
              "PATH=/usr/bin:/bin|container=podman|HOSTNAME=mypod|HOME=/",
              .mnt = "mnt:[2]"},
     .parent = CONMON(INFRA, "c468ff203776-infra"),
     .outer = SYSTEMD,
     .kind = "podman",
     .text = "podman pod mypod (infra)"},
    {.name = "podman --cgroups=disabled",
     .init = {.comm = "sleep", "0::/\n", .mnt = "mnt:[2]"},
     .parent = CONMON(DB, "db"),
     .outer = SYSTEMD,
     .kind = "podman",
     .text = "podman db (6b4df4891334)"},
    {.name = "podman, conmon has died",
     .init = {.comm = "sleep", "0::/machine.slice/libpod-" DB ".scope\n", .mnt = "mnt:[2]"},
     .parent = SYSTEMD,
     .outer = SYSTEMD,
     .files = {{WHO_PARENT, "/var/lib/containers/storage/overlay-containers/containers.json",
                "[{\"id\":\"" DB "\",\"names\":[\"db\"]},{\"id\":\"" INFRA
                "\",\"names\":[\"no\"]}]"}},
     .kind = "podman",
     .text = "podman db (6b4df4891334)"},
    {.name = "podman, renamed: conmon has the name of the start",
     .init = {.comm = "sleep", "0::/libpod_parent/libpod-" DB "\n", .mnt = "mnt:[2]"},
     .parent = CONMON_OF("/srv/storage/vfs-containers/" DB "/userdata", DB, "ren1"),
     .outer = SYSTEMD,
     .files = {{WHO_PARENT, "/srv/storage/vfs-containers/containers.json",
                "[{\"id\":\"" INFRA "\",\"names\":[\"ren1\"]},{\"id\":\"" DB
                "\",\"names\":[\"renamed\"]}]"}},
     .kind = "podman",
     .text = "podman renamed (6b4df4891334)"},
    {.name = "podman, a new container with the name of one that was renamed",
     .init = {.comm = "sleep", "0::/libpod_parent/libpod-" INFRA "\n", .mnt = "mnt:[2]"},
     .parent = CONMON(INFRA, "ren1"),
     .outer = SYSTEMD,
     .files = {{WHO_PARENT, "/var/lib/containers/storage/overlay-containers/containers.json",
                "[{\"id\":\"" INFRA "\",\"names\":[\"ren1\"]},{\"id\":\"" DB
                "\",\"names\":[\"renamed\"]}]"}},
     .kind = "podman",
     .text = "podman ren1 (06254fa78c2c)"},
    {.name = "buildah run",
     .init =
         {.comm = "sh", "0::/buildah-buildah1109661553\n", .mnt = "mnt:[2]", .mounts = HOST_MOUNTS},
     .parent =
         {.comm = "exe", .args = "buildah-oci-runtime", .mnt = "mnt:[1]", .mounts = HOST_MOUNTS},
     .outer = SYSTEMD,
     .files = {{WHO_INIT, "/run/.containerenv",
                "engine=\"buildah-1.28.2\"\nname=\"nsbuild\"\nid=\"" WEB "\"\n"}},
     .kind = "buildah",
     .text = "buildah nsbuild (b61aae2d57bc)"},
    /* BuildKit */
    {.name = "docker build",
     .init = {.comm = "sleep", "0::/docker/buildkit/" STEP "\n", .mnt = "mnt:[2]"},
     .parent = RUNTIME("runc", "/usr/sbin/runc|--log|/var/lib/docker/buildkit/executor/"
                               "runc-log.json|--log-format|json|run|--bundle|/var/lib/docker/"
                               "buildkit/executor/" STEP "|--keep|" STEP),
     .outer = SYSTEMD,
     .files = {{WHO_PARENT, "/run/runc/" STEP "/state.json", "{\"init_process_pid\":7}"}},
     .kind = "buildkit",
     .text = "docker build xzozc9yte9ua"},
    {.name = "docker build in nspawn",
     .init = {.comm = "sleep",
              "4:memory:/service\n0::/payload/system.slice/system.slice:docker:" STEP "\n",
              .mnt = "mnt:[3]"},
     .parent = {.comm = "runc",
                "4:memory:/service\n0::/payload/system.slice/docker.service\n",
                "/usr/sbin/runc|--log|/run/dk/buildkit/executor/runc-log.json|run|--bundle|/run/dk/"
                "buildkit/executor/" STEP "|--keep|" STEP,
                .mnt = "mnt:[2]",
                .exe = "/usr/sbin/runc"},
     .outer = {.comm = "systemd", "4:memory:/service\n0::/payload/init.scope\n", .mnt = "mnt:[2]"},
     .kind = "buildkit",
     .text = "docker build xzozc9yte9ua"},
    {.name = "buildkitd, crun from a copy of its file",
     .init = {.comm = "sleep", "0::/buildkit/" STEP "\n", .mnt = "mnt:[2]"},
     .parent = {.comm = "crun",
                "0::/\n",
                "crun|run|--bundle|/var/lib/buildkit/runc-overlayfs/executor/" STEP "|--keep|" STEP,
                .mnt = "mnt:[1]",
                .exe = "/"},
     .outer = SYSTEMD,
     .kind = "buildkit",
     .text = "BuildKit xzozc9yte9ua"},
    /* containerd */
    {.name = "ctr run",
     .init = {.comm = "sleep", "0::/default/ctrweb\n", .mnt = "mnt:[2]"},
     .parent = SHIM("default", "ctrweb"),
     .outer = SYSTEMD,
     .kind = "containerd",
     .text = "containerd default/ctrweb"},
    {.name = "LinuxKit",
     .init = {.comm = "init", "0::/services/docker\n", .mnt = "mnt:[2]"},
     .parent = SHIM("services.linuxkit", "docker"),
     .outer = SYSTEMD,
     .kind = "linuxkit",
     .text = "LinuxKit docker"},
    /* systemd-nspawn */
    {.name = "nspawn with machined: the name is escaped",
     .init = {.comm = "systemd",
              "0::/machine.slice/machine-inner\\x2dm.scope/payload/init.scope\n",
              .mnt = "mnt:[2]"},
     .parent = {.comm = "systemd-nspawn", "0::/system.slice/x.service\n", .mnt = "mnt:[1]"},
     .outer = SYSTEMD,
     .kind = "nspawn",
     .text = "nspawn inner-m"},
    {.name = "nspawn --register=no, for an ordinary user: by its mounts",
     .init = {.comm = "sleep",
              "0::/payload\n",
              .mounts = "632 574 254:0 /var/tmp/build / rw - ext4 /dev/vda rw\n"
                        "641 639 0:39 /systemd/nspawn/propagate/build /run/host/incoming ro - "
                        "tmpfs tmpfs rw\n"},
     .parent = {.comm = "systemd-nspawn", .mounts = HOST_MOUNTS},
     .outer = SYSTEMD,
     .kind = "nspawn",
     .text = "nspawn build"},
    {.name = "nspawn by its parent",
     .init = {.comm = "sleep", "0::/payload\n", .mnt = "mnt:[2]", .mounts = ""},
     .parent = {.comm = "systemd-nspawn",
                .args = "/usr/bin/systemd-nspawn|--quiet|--directory|/var/tmp/tree|-M|box"},
     .outer = SYSTEMD,
     .kind = "nspawn",
     .text = "nspawn box"},
    /* LXC, and the engines that run it */
    {.name = "LXC: the number in the cgroup is not the name",
     .init = {.comm = "sleep", "2:cpu:/lxc.payload.lxcweb-1\n", .mnt = "mnt:[2]"},
     .parent = {.comm = "lxc-start",
                "2:cpu:/lxc.monitor.lxcweb-1\n",
                "[lxc monitor] /var/lib/lxc lxcweb",
                .mnt = "mnt:[1]"},
     .outer = SYSTEMD,
     .kind = "lxc",
     .text = "LXC lxcweb"},
    {.name = "LXC without its monitor",
     .init = {.comm = "sleep", "2:cpu:/lxc.payload.lxcweb\n", .mnt = "mnt:[2]"},
     .parent = SYSTEMD,
     .outer = SYSTEMD,
     .kind = "lxc",
     .text = "LXC lxcweb"},
    {.name = "LXD",
     .init = {.comm = "systemd", "2:cpu:/lxc.payload.u1/init.scope\n", .mnt = "mnt:[2]"},
     .parent = {.comm = "lxd",
                "2:cpu:/lxc.monitor.u1\n",
                "[lxc monitor] /var/snap/lxd/common/lxd/containers u1",
                .mnt = "mnt:[1]"},
     .outer = SYSTEMD,
     .kind = "lxd",
     .text = "LXD u1"},
    {.name = "Incus, by its monitor alone",
     .init = {.comm = "systemd", "0::/\n", .mnt = "mnt:[2]", .mounts = OVERLAY},
     .parent = {.comm = "incusd",
                "0::/\n",
                "[lxc monitor] /var/lib/incus/containers dev_u1",
                .mnt = "mnt:[1]"},
     .outer = SYSTEMD,
     .kind = "incus",
     .text = "Incus dev/u1"},
    {.name = "Waydroid",
     .init = {.comm = "init", "0::/lxc.payload.waydroid\n", .mnt = "mnt:[2]"},
     .parent = {.comm = "lxc-start",
                "0::/lxc.monitor.waydroid\n",
                "[lxc monitor] /var/lib/waydroid/lxc waydroid",
                .mnt = "mnt:[1]"},
     .outer = SYSTEMD,
     .kind = "waydroid",
     .text = "Waydroid waydroid"},
/* WSL and Docker Desktop in it, seen from the virtual machine */
#define MNT_HOST "120 103 0:55 / /mnt/host/wsl rw - tmpfs none rw\n"
#define WSL_INIT(COMM, ENVIRONMENT)                                                                \
    {                                                                                              \
        .comm = COMM, .cgroup = "0::/\n", .args = "/init", .environment = ENVIRONMENT,             \
        .mnt = "mnt:[2]", .mounts = HOST_MOUNTS, .user = USER_NS                                   \
    }
#define WSL_INIT_UNREAD(COMM)                                                                      \
    {                                                                                              \
        .comm = COMM, .cgroup = "0::/\n", .args = "/init", .mounts = HOST_MOUNTS                   \
    }
#define MINI_INIT                                                                                  \
    {                                                                                              \
        .comm = "mini_init", .cgroup = "0::/\n", .args = "/init",                                  \
        .environment = "HOME=/|TERM=linux|WSL_ROOT_INIT=1", .mnt = "mnt:[1]",                      \
        .mounts = HOST_MOUNTS                                                                      \
    }
#define SYSTEM_OF(NAME)                                                                            \
    "WSL2_DISTRO_NAME=" NAME "|WSL2_SHARED_MEMORY_OB_DIRECTORY=/mnt/wslg/x|WSL2_DISTRO_INIT_PID=2"
#define WITH_SYSTEMD                                                                               \
    {                                                                                              \
        .comm = "systemd", .cgroup = "0::/init.scope\n", .args = "/sbin/init",                     \
        .environment = "container=wsl|container_host_id=windows|container_host_version_id=",       \
        .mnt = "mnt:[3]", .mounts = HOST_MOUNTS, .user = USER_NS                                   \
    }
#define WITH_SYSTEMD_UNREAD                                                                        \
    {                                                                                              \
        .comm = "systemd", .cgroup = "0::/init.scope\n", .args = "/sbin/init",                     \
        .mounts = HOST_MOUNTS                                                                      \
    }
#define UNSHARE_OF_DESKTOP                                                                         \
    {                                                                                              \
        .comm = "unshare", .cgroup = "0::/\n",                                                     \
        .args = "unshare|-muinpf|--propagation=unchanged|--kill-child|"                            \
                "/usr/local/bin/wsl-bootstrap|jump",                                               \
        .mnt = "mnt:[2]"                                                                           \
    }
    {.name = "WSL distribution",
     .init = WSL_INIT("init(Ubuntu-24.", "WSL2_VM_ID={1}|WSL2_DISTRO_NAME=Ubuntu-24.04"),
     .parent = MINI_INIT,
     .outer = MINI_INIT,
     .wsl = true,
     .kind = "wsl",
     .text = "WSL Ubuntu-24.04"},
    {.name = "WSL distribution in the system distribution, which has the same name",
     .init = WSL_INIT("init(Ubuntu-24.", "WSL2_DISTRO_NAME=Ubuntu-24.04"),
     .parent = WSL_INIT("init()", SYSTEM_OF("Ubuntu-24.04")),
     .outer = WSL_INIT("init()", SYSTEM_OF("Ubuntu-24.04")),
     .wsl = true,
     .kind = "wsl",
     .text = "WSL Ubuntu-24.04"},
    {.name = "WSL distribution, not yet named",
     .init = WSL_INIT("init-distro", "WSL2_DISTRO_NAME=Debian"),
     .parent = MINI_INIT,
     .outer = MINI_INIT,
     .wsl = true,
     .kind = "wsl",
     .text = "WSL Debian"},
    {.name = "WSL system distribution",
     .init = WSL_INIT("init()", SYSTEM_OF("Ubuntu-24.04")),
     .parent = MINI_INIT,
     .outer = MINI_INIT,
     .wsl = true,
     .kind = "wsl",
     .text = "WSL system distribution (for Ubuntu-24.04)"},
    {.name = "WSL system distribution, known by what it had before 2025",
     .init = WSL_INIT("init", "WSL2_SHARED_MEMORY_OB_DIRECTORY=x|WSL2_DISTRO_NAME=Debian"),
     .parent = MINI_INIT,
     .outer = MINI_INIT,
     .wsl = true,
     .kind = "wsl",
     .text = "WSL system distribution (for Debian)"},
    {.name = "WSL system distribution, known by the PID of the distribution",
     .init = WSL_INIT("init", "WSL2_DISTRO_INIT_PID=2|WSL2_DISTRO_NAME=Debian"),
     .parent = MINI_INIT,
     .outer = MINI_INIT,
     .wsl = true,
     .kind = "wsl",
     .text = "WSL system distribution (for Debian)"},
    {.name = "WSL system distribution, known by its name",
     .init = WSL_INIT("init()", "WSL2_DISTRO_NAME=docker-desktop"),
     .parent = MINI_INIT,
     .outer = MINI_INIT,
     .wsl = true,
     .kind = "wsl",
     .text = "WSL system distribution (for docker-desktop)"},
    {.name = "WSL system distribution, for an ordinary user",
     .init = WSL_INIT_UNREAD("init()"),
     .parent = WSL_INIT_UNREAD("mini_init"),
     .outer = WSL_INIT_UNREAD("mini_init"),
     .wsl = true,
     .kind = "wsl",
     .text = "WSL system distribution"},
    {.name = "WSL distribution with systemd: by process 2",
     .init = WITH_SYSTEMD,
     .parent = WSL_INIT("init()", SYSTEM_OF("Debian")),
     .outer = WSL_INIT("init()", SYSTEM_OF("Debian")),
     .second = WSL_INIT("init-systemd(De", "WSL2_DISTRO_NAME=Debian"),
     .wsl = true,
     .kind = "wsl",
     .text = "WSL Debian"},
    {.name = "WSL distribution with systemd, before its first session",
     .init = WITH_SYSTEMD,
     .parent = MINI_INIT,
     .outer = MINI_INIT,
     .second = WSL_INIT("init-systemd", "WSL2_DISTRO_NAME=Debian"),
     .wsl = true,
     .kind = "wsl",
     .text = "WSL Debian"},
    {.name = "WSL distribution with systemd, process 2 not seen",
     .init = WITH_SYSTEMD,
     .parent = MINI_INIT,
     .outer = MINI_INIT,
     .wsl = true,
     .kind = "wsl",
     .text = "WSL distribution"},
    {.name = "WSL distribution with systemd, process 2 replaced by one of another name",
     .init = WITH_SYSTEMD,
     .parent = MINI_INIT,
     .outer = MINI_INIT,
     .second = WSL_INIT("init-systemd(De", "WSL2_DISTRO_NAME=prod"),
     .wsl = true,
     .kind = "wsl",
     .text = "WSL De\u2026"},
    {.name = "WSL distribution with systemd, for an ordinary user: two letters",
     .init = WITH_SYSTEMD_UNREAD,
     .parent = WSL_INIT_UNREAD("init()"),
     .outer = WSL_INIT_UNREAD("init()"),
     .second = WSL_INIT_UNREAD("init-systemd(Ub"),
     .wsl = true,
     .kind = "wsl",
     .text = "WSL Ub\u2026"},
    {.name = "WSL distribution with systemd, for an ordinary user: a name of one letter",
     .init = WITH_SYSTEMD_UNREAD,
     .parent = WSL_INIT_UNREAD("init()"),
     .outer = WSL_INIT_UNREAD("init()"),
     .second = WSL_INIT_UNREAD("init-systemd(U)"),
     .wsl = true,
     .kind = "wsl",
     .text = "WSL U"},
    {.name = "WSL distribution with systemd, for an ordinary user, before its first session",
     .init = WITH_SYSTEMD_UNREAD,
     .parent = WSL_INIT_UNREAD("init()"),
     .outer = WSL_INIT_UNREAD("init()"),
     .second = WSL_INIT_UNREAD("init-systemd"),
     .wsl = true,
     .kind = "wsl",
     .text = "WSL distribution"},
    {.name = "WSL, for an ordinary user: the init's name",
     .init = WSL_INIT_UNREAD("init(Debian)"),
     .parent = WSL_INIT_UNREAD("mini_init"),
     .outer = WSL_INIT_UNREAD("mini_init"),
     .wsl = true,
     .kind = "wsl",
     .text = "WSL Debian"},
    {.name = "WSL, for an ordinary user: a name that just fits",
     .init = WSL_INIT_UNREAD("init(Debian-12)"),
     .parent = WSL_INIT_UNREAD("mini_init"),
     .outer = WSL_INIT_UNREAD("mini_init"),
     .wsl = true,
     .kind = "wsl",
     .text = "WSL Debian-12"},
    {.name = "WSL, for an ordinary user: the name is cut",
     .init = WSL_INIT_UNREAD("init(Ubuntu-24."),
     .parent = WSL_INIT_UNREAD("mini_init"),
     .outer = WSL_INIT_UNREAD("mini_init"),
     .wsl = true,
     .kind = "wsl",
     .text = "WSL Ubuntu-24.\u2026"},
    {.name = "docker-desktop",
     .init = WSL_INIT("init(docker-des", "WSL2_DISTRO_NAME=docker-desktop"),
     .parent = WSL_INIT("init()", SYSTEM_OF("docker-desktop")),
     .outer = WSL_INIT("init()", SYSTEM_OF("docker-desktop")),
     .wsl = true,
     .kind = "wsl",
     .text = "docker-desktop"},
    {.name = "docker-desktop, for an ordinary user: by its mounts",
     .init = {.comm = "init(docker-des", "0::/\n", "/init", .mounts = HOST_MOUNTS MNT_HOST},
     .parent = WSL_INIT_UNREAD("init()"),
     .outer = WSL_INIT_UNREAD("init()"),
     .wsl = true,
     .kind = "wsl",
     .text = "docker-desktop"},
    {.name = "docker-desktop, recorded without mounts",
     .init = {.comm = "init(docker-des", .args = "/init"},
     .parent = {.comm = "init()", .args = "/init"},
     .outer = {.comm = "init()", .args = "/init"},
     .wsl = true,
     .kind = "wsl",
     .text = "docker-desktop"},
    {.name = "docker-desktop-data",
     .init = WSL_INIT("init(docker-des", "WSL2_DISTRO_NAME=docker-desktop-data"),
     .parent = MINI_INIT,
     .outer = MINI_INIT,
     .wsl = true,
     .kind = "wsl",
     .text = "WSL docker-desktop-data"},
    {.name = "docker-desktop-data, for an ordinary user: another name is possible, too",
     .init = WSL_INIT_UNREAD("init(docker-des"),
     .parent = WSL_INIT_UNREAD("mini_init"),
     .outer = WSL_INIT_UNREAD("mini_init"),
     .wsl = true,
     .kind = "wsl",
     .text = "WSL docker-des\u2026"},
    {.name = "LinuxKit in docker-desktop",
     .init = WSL_INIT("init", "WSL_DISTRO_NAME=docker-desktop"),
     .parent = UNSHARE_OF_DESKTOP,
     .outer = WSL_INIT("init(docker-des", "WSL2_DISTRO_NAME=docker-desktop"),
     .grandparent = {.comm = "wsl-bootstrap"},
     .wsl = true,
     .kind = "linuxkit",
     .text = "LinuxKit (docker-desktop)"},
    {.name = "LinuxKit in docker-desktop, recorded by lsns and ps",
     .init = {.comm = "init", .args = "/init"},
     .parent = {.comm = "unshare", .args = "unshare|-muinpf|--propagation=unchanged|--kill-child"},
     .outer = {.comm = "init(docker-des", .args = "/init"},
     .grandparent = {.comm = "wsl-bootstrap"},
     .wsl = true,
     .kind = "linuxkit",
     .text = "LinuxKit (docker-desktop)"},
    {.name = "unshare in docker-desktop, by a shell",
     .init = {.comm = "sh", "0::/\n", "sh", .mnt = "mnt:[3]", .mounts = HOST_MOUNTS},
     .parent = {.comm = "unshare", "0::/\n", "unshare|-muinpf|sh", .mnt = "mnt:[2]"},
     .outer = WSL_INIT("init(docker-des", "WSL2_DISTRO_NAME=docker-desktop"),
     .grandparent = {.comm = "sh"},
     .wsl = true,
     .kind = "unshare",
     .text = "unshare sh"},
    {.name = "unshare by a wsl-bootstrap in another distribution",
     .init = {.comm = "sh", "0::/\n", "sh", .mnt = "mnt:[3]", .mounts = HOST_MOUNTS},
     .parent = UNSHARE_OF_DESKTOP,
     .outer = WSL_INIT("init(Debian)", "WSL2_DISTRO_NAME=Debian"),
     .grandparent = {.comm = "wsl-bootstrap"},
     .wsl = true,
     .kind = "unshare",
     .text = "unshare sh"},
    {.name = "unshare by a user's wsl-bootstrap",
     .init = {.comm = "sh", "0::/\n", "sh", .mnt = "mnt:[3]", .mounts = HOST_MOUNTS},
     .parent = UNSHARE_OF_DESKTOP,
     .outer = WSL_INIT("init(docker-des", "WSL2_DISTRO_NAME=docker-desktop"),
     .grandparent = {.comm = "wsl-bootstrap", .uid = 1001},
     .wsl = true,
     .kind = "unshare",
     .text = "unshare sh"},
    /* Sandboxes */
    {.name = "flatpak, before bubblewrap",
     .init = {.comm = "bwrap",
              "0::/\n",
              "bwrap|--args|41|--|firefox",
              .mnt = "mnt:[2]",
              .mounts =
                  "7 6 8:1 /home/u/.local/share/flatpak/app/org.mozilla.firefox/x86_64/stable/"
                  "ab/files /app ro - ext4 /dev/sda1 rw\n"},
     .parent = {.comm = "bwrap",
                "0::/\n",
                "bwrap|--args|41|--|firefox",
                .mnt = "mnt:[1]",
                .mounts = HOST_MOUNTS},
     .outer = SYSTEMD,
     .kind = "flatpak",
     .text = "flatpak org.mozilla.firefox"},
    {.name = "Nomad, cgroup v2",
     .init = {.comm = "web",
              "0::/nomad.slice/share.slice/" UID ".server.scope\n",
              .mnt = "mnt:[2]"},
     .parent = {.comm = "nomad", "0::/system.slice/nomad.service\n", .mnt = "mnt:[1]"},
     .outer = SYSTEMD,
     .kind = "nomad",
     .text = "Nomad server (0f1e2d3c)"},
    {.name = "Nomad, cgroup v1",
     .init = {.comm = "web", "3:cpu:/nomad/" UID ".server\n", .mnt = "mnt:[2]"},
     .parent = {.comm = "nomad", "3:cpu:/\n", .mnt = "mnt:[1]"},
     .outer = SYSTEMD,
     .kind = "nomad",
     .text = "Nomad server (0f1e2d3c)"},
    {.name = "gVisor sandbox",
     .init = {.comm = "exe",
              "0::/\n",
              "runsc-sandbox|--root=/run/r|boot|--bundle=/b|" WEB,
              .mnt = "mnt:[2]",
              .mounts = OVERLAY},
     .parent = SYSTEMD,
     .outer = SYSTEMD,
     .kind = "gvisor",
     .text = "gVisor sandbox (b61aae2d57bc)"},
    {.name = "gVisor gofer",
     .init = {.comm = "exe", "0::/\n", "runsc-gofer|gofer|box", .mnt = "mnt:[1]"},
     .parent = SYSTEMD,
     .outer = SYSTEMD,
     .kind = "gvisor",
     .text = "gVisor gofer (box)"},
    {.name = "gVisor gofer, in the foreground: the bundle is called something else",
     .init = {.comm = "exe",
              "0::/\n",
              "runsc-gofer|--root=/var/run/runsc|gofer|--bundle|/home/kim/bundle|--spec-fd=3|"
              "--setup-root=false",
              .mnt = "mnt:[1]"},
     .parent = {.comm = "runsc", "0::/\n", "runsc|run|hello", .mnt = "mnt:[1]"},
     .outer = SYSTEMD,
     .kind = "gvisor",
     .text = "gVisor gofer (hello)"},
    {.name = "gVisor gofer of an engine, the last word an option",
     .init = {.comm = "exe",
              "0::/\n",
              "runsc-gofer|--root=/r|gofer|--bundle|/run/containerd/io.containerd.runtime.v2.task/"
              "moby/" WEB "|--spec-fd=4|--sync-userns-fd=-1",
              .mnt = "mnt:[1]"},
     .parent = SYSTEMD,
     .outer = SYSTEMD,
     .kind = "gvisor",
     .text = "gVisor gofer (b61aae2d57bc)"},
    {.name = "Chromium, a renderer, by user namespace",
     .init = {.comm = "chromium",
              "0::/\n",
              "/usr/lib/chromium/chromium --type=renderer --lang=en",
              .mnt = "mnt:[1]"},
     .parent = {.comm = "chromium",
                "0::/\n",
                "/usr/lib/chromium/chromium --type=zygote",
                .mnt = "mnt:[1]"},
     .outer = SYSTEMD,
     .nested_user_ns = true,
     .kind = "chromium",
     .text = "chromium sandbox (renderer)"},
    {.name = "Electron, the zygote, by the set-uid helper",
     .init = {.comm = "code", "0::/\n", "/usr/share/code/code|--type=zygote", .mnt = "mnt:[1]"},
     .parent = {.comm = "chrome-sandbox", "0::/\n", .mnt = "mnt:[1]"},
     .outer = SYSTEMD,
     .kind = "chromium",
     .text = "code sandbox (zygote)"},
    {.name = "QtWebEngine, the zygote",
     .init = {.comm = "QtWebEngineProc",
              "0::/\n",
              "/usr/lib/qt6/libexec/QtWebEngineProcess|--type=zygote|--application-name=falkon|"
              "--webengine-schemes=falkon:sC;extension:sC|--lang=en",
              .mnt = "mnt:[1]",
              .exe = "/usr/lib/qt6/libexec/QtWebEngineProcess"},
     .parent = {.comm = "falkon", "0::/\n", "falkon|-e|file:///p.html", .mnt = "mnt:[1]"},
     .outer = SYSTEMD,
     .nested_user_ns = true,
     .kind = "chromium",
     .text = "falkon sandbox (zygote)"},
    {.name = "QtWebEngine, a renderer, its command line rewritten",
     .init = {.comm = "QtWebEngineProc",
              "0::/\n",
              "/usr/lib/qt6/libexec/QtWebEngineProcess --type=renderer --application-name=falkon "
              "--lang=en",
              .mnt = "mnt:[1]"},
     .parent = {.comm = "QtWebEngineProc", "0::/\n", .mnt = "mnt:[1]"},
     .outer = SYSTEMD,
     .nested_user_ns = true,
     .kind = "chromium",
     .text = "falkon sandbox (renderer)"},
    {.name = "firejail --name=",
     .init = {.comm = "firejail", "0::/\n", .mnt = "mnt:[2]", .mounts = HOST_MOUNTS},
     .parent = {.comm = "firejail",
                .args = "/usr/bin/firejail|--name=mail|--net=none|/usr/bin/mutt",
                .mnt = "mnt:[1]"},
     .outer = SYSTEMD,
     .kind = "firejail",
     .text = "firejail mail"},
    {.name = "firejail: its list of names",
     .init = {.comm = "firejail", "0::/\n", .mnt = "mnt:[2]", .mounts = HOST_MOUNTS},
     .parent = {.comm = "firejail", .args = "firejail|--net=none|/usr/bin/mutt", .mnt = "mnt:[1]"},
     .outer = SYSTEMD,
     .files = {{WHO_PARENT, "/run/firejail/name/101", "post\n"}},
     .kind = "firejail",
     .text = "firejail post"},
    {.name = "firejail COMMAND",
     .init = {.comm = "firejail", "0::/\n", .mnt = "mnt:[2]", .mounts = HOST_MOUNTS},
     .parent = {.comm = "firejail", .args = "firejail|--net=none|/usr/bin/mutt", .mnt = "mnt:[1]"},
     .outer = SYSTEMD,
     .kind = "firejail",
     .text = "firejail mutt"},
    {.name = "nsjail",
     .init = {.comm = "sh", "0::/\n", .mnt = "mnt:[2]", .mounts = OVERLAY},
     .parent = {.comm = "nsjail", .args = "/usr/bin/nsjail|-Mo|--|sh", .mnt = "mnt:[1]"},
     .outer = SYSTEMD,
     .kind = "nsjail",
     .text = "nsjail sh"},
    {.name = "minijail",
     .init = {.comm = "minijail-init", "0::/\n", .mnt = "mnt:[1]"},
     .parent = {.comm = "minijail0", .mnt = "mnt:[1]"},
     .outer = SYSTEMD,
     .kind = "minijail",
     .text = "minijail"},
    {.name = "minijail -I",
     .init = {.comm = "sh", "0::/\n", .mnt = "mnt:[1]"},
     .parent = {.comm = "minijail0", .args = "minijail0|-p|-I|sh", .mnt = "mnt:[1]"},
     .outer = SYSTEMD,
     .kind = "minijail",
     .text = "minijail sh"},
    {.name = "Apptainer instance",
     .init = {.comm = "appinit", "0::/\n", "appinit", .mnt = "mnt:[2]", .mounts = OVERLAY},
     .parent = {.comm = "starter", .args = "Apptainer instance: kim [lab]", .mnt = "mnt:[1]"},
     .outer = SYSTEMD,
     .kind = "apptainer",
     .text = "Apptainer lab"},
    {.name = "Apptainer exec",
     .init = {.comm = "appinit", "0::/\n", "appinit", .mnt = "mnt:[2]", .mounts = OVERLAY},
     .parent = {.comm = "starter", .args = "Apptainer runtime parent: busybox", .mnt = "mnt:[1]"},
     .outer = SYSTEMD,
     .kind = "apptainer",
     .text = "Apptainer busybox"},
    {.name = "Apptainer, the title of its parent not readable",
     .init = {.comm = "appinit", "0::/\n", "appinit", .mnt = "mnt:[2]", .mounts = OVERLAY},
     .parent = {.comm = "starter", .mnt = "mnt:[1]"},
     .outer = SYSTEMD,
     .kind = "apptainer",
     .text = "Apptainer"},
    {.name = "Singularity instance",
     .init = {.comm = "sinit", "0::/\n", "sinit", .mnt = "mnt:[2]", .mounts = OVERLAY},
     .parent = {.comm = "starter", .args = "Singularity instance: kim [lab]", .mnt = "mnt:[1]"},
     .outer = SYSTEMD,
     .kind = "singularity",
     .text = "Singularity lab"},
    {.name = "Singularity exec, whose title does not have the image",
     .init = {.comm = "sinit", "0::/\n", "sinit", .mnt = "mnt:[2]", .mounts = OVERLAY},
     .parent = {.comm = "starter-suid", .args = "Singularity runtime parent", .mnt = "mnt:[1]"},
     .outer = SYSTEMD,
     .kind = "singularity",
     .text = "Singularity"},
    {.name = "Firecracker in its jailer",
     .init = {.comm = "firecracker",
              "0::/\n",
              "firecracker|--id=vm1|--start-time-us=1",
              .mnt = "mnt:[2]",
              .mounts = HOST_MOUNTS},
     .parent = SYSTEMD,
     .outer = SYSTEMD,
     .kind = "firecracker",
     .text = "Firecracker vm1"},
    {.name = "bubblewrap",
     .init = {.comm = "bwrap",
              "0::/\n",
              "/usr/bin/bwrap|--json-status-fd|1|--ro-bind|/|/|--dev|/dev|--unshare-pid|--proc|"
              "/proc|sh|-c|sleep 86400; :",
              .mnt = "mnt:[2]",
              .mounts = HOST_MOUNTS,
              .exe = "/usr/bin/bwrap"},
     .parent = HOST("bwrap"),
     .outer = SYSTEMD,
     .kind = "bubblewrap",
     .text = "bubblewrap sh"},
    {.name = "bubblewrap --as-pid-1, and `--`",
     .init = {.comm = "sleep", "0::/\n", "/bin/sleep|9", .mnt = "mnt:[2]", .mounts = HOST_MOUNTS},
     .parent = {.comm = "bwrap",
                "0::/\n",
                "bwrap|--as-pid-1|--setenv|A|--|--|/bin/sleep|9",
                .mnt = "mnt:[1]"},
     .outer = SYSTEMD,
     .kind = "bubblewrap",
     .text = "bubblewrap sleep"},
    {.name = "bubblewrap, all in --args",
     .init = {.comm = "bwrap", "0::/\n", "bwrap|--args|3", .mnt = "mnt:[2]", .mounts = HOST_MOUNTS},
     .parent = HOST("bwrap"),
     .outer = SYSTEMD,
     .kind = "bubblewrap",
     .text = "bubblewrap"},
    {.name = "bubblewrap under another name",
     .init = {.comm = "srt-bwrap",
              "0::/\n",
              "/srv/run/odd/srt-bwrap|--ro-bind|/|/|--dev|/dev|--unshare-pid|sleep|470006",
              .mnt = "mnt:[2]",
              .exe = "/srv/run/odd/srt-bwrap"},
     .parent = {.comm = "srt-bwrap",
                "0::/\n",
                "/srv/run/odd/srt-bwrap|--ro-bind|/|/|--dev|/dev|--unshare-pid|sleep|470006",
                .mnt = "mnt:[1]",
                .exe = "/srv/run/odd/srt-bwrap"},
     .outer = SYSTEMD,
     .kind = "bubblewrap",
     .text = "bubblewrap sleep"},
    {.name = "flatpak-bwrap --as-pid-1",
     .init = {.comm = "sleep", "0::/\n", "sleep|9", .mnt = "mnt:[2]"},
     .parent = {.comm = "flatpak-bwrap", "0::/\n", "flatpak-bwrap|--as-pid-1|--|sleep|9"},
     .outer = SYSTEMD,
     .kind = "bubblewrap",
     .text = "bubblewrap sleep"},
    {.name = "virtiofsd",
     .init = {.comm = "virtiofsd",
              "0::/\n",
              "/usr/libexec/virtiofsd|--socket-path=/run/vfs-root.sock|--shared-dir=/srv/share",
              .mnt = "mnt:[2]",
              .exe = "/usr/libexec/virtiofsd"},
     .parent = {.comm = "virtiofsd",
                "0::/\n",
                "/usr/libexec/virtiofsd|--socket-path=/run/vfs-root.sock|--shared-dir=/srv/share",
                .mnt = "mnt:[2]",
                .exe = "/usr/libexec/virtiofsd"},
     .outer = SYSTEMD,
     .kind = "virtiofsd",
     .text = "virtiofsd vfs-root.sock"},
    {.name = "Bazel's linux-sandbox",
     .init = {.comm = "linux-sandbox",
              "0::/\n",
              "/home/u/.cache/bazel/_bazel_u/install/5f/linux-sandbox|-t|15|--|/bin/bash|-c|:",
              .mnt = "mnt:[2]",
              .exe = "/home/u/.cache/bazel/_bazel_u/install/5f/linux-sandbox"},
     .parent = {.comm = "linux-sandbox",
                "0::/\n",
                "/home/u/.cache/bazel/_bazel_u/install/5f/linux-sandbox|-t|15|--|/bin/bash|-c|:",
                .mnt = "mnt:[1]",
                .exe = "/home/u/.cache/bazel/_bazel_u/install/5f/linux-sandbox"},
     .outer = SYSTEMD,
     .kind = "bazel",
     .text = "Bazel linux-sandbox"},
    {.name = "rootlesskit --pidns",
     .init = {.comm = "exe",
              "0::/\n",
              "/proc/self/exe|--pidns|--net=host|sleep|320004",
              .mnt = "mnt:[2]",
              .exe = "/usr/bin/rootlesskit"},
     .parent = {.comm = "rootlesskit",
                "0::/\n",
                "rootlesskit|--pidns|--net=host|sleep|320004",
                .mnt = "mnt:[1]",
                .exe = "/usr/bin/rootlesskit"},
     .outer = SYSTEMD,
     .kind = "rootlesskit",
     .text = "rootlesskit"},
    {.name = "pasta, the network of rootless podman, its maker gone",
     .init = {.comm = "pasta.avx2",
              "0::/\n",
              "/usr/bin/pasta|--config-net|-t|none|--quiet|--netns|/run/user/1001/netns/"
              "netns-1917b9e2-3444-aed1-1e49-975e3a0a9556|--map-guest-addr|169.254.1.2",
              .mnt = "mnt:[2]",
              .exe = "/usr/bin/pasta.avx2"},
     .parent = HOST("init"),
     .outer = HOST("init"),
     .adopted = true,
     .kind = "pasta",
     .text = "pasta netns-1917b9e2-3444-aed1-1e49-975e3a0a9556"},
    {.name = "passt, the network of a virtual machine",
     .init = {.comm = "passt",
              "0::/\n",
              "passt|--socket|/run/vm/passt_1.socket",
              .mnt = "mnt:[2]",
              .exe = "/usr/bin/passt"},
     .parent = SYSTEMD,
     .outer = SYSTEMD,
     .kind = "passt",
     .text = "passt passt_1.socket"},
    {.name = "pasta COMMAND",
     .init = {.comm = "sleep", "0::/\n", "sleep|320002", .mnt = "mnt:[2]", .exe = "/usr/bin/sleep"},
     .parent = {.comm = "pasta.avx2",
                "0::/\n",
                "pasta|--config-net|-t|none|sleep|320002",
                .mnt = "mnt:[3]",
                .exe = "/usr/bin/pasta.avx2"},
     .outer = SYSTEMD,
     .kind = "pasta",
     .text = "pasta sleep"},
    /* Runtimes without an engine */
    {.name = "runc",
     .init = {.comm = "sh", "0::/box\n", .mnt = "mnt:[2]", .mounts = OVERLAY},
     .parent = SYSTEMD,
     .outer = SYSTEMD,
     .files = {{WHO_PARENT, "/run/runc/box/state.json", "{\"id\":\"box\",\"init_process_pid\":7}"}},
     .kind = "runc",
     .text = "runc box"},
    {.name = "crun",
     .init = {.comm = "sh", "0::/user.slice/crun-box.scope\n", .mnt = "mnt:[2]", .mounts = OVERLAY},
     .parent = SYSTEMD,
     .outer = SYSTEMD,
     .files = {{WHO_PARENT, "/run/crun/box/status", "{\"pid\":7}"}},
     .kind = "crun",
     .text = "crun box"},
    {.name = "runc in the foreground, its state not readable",
     .init = {.comm = "sleep", "0::/my-runc-fg\n", .mnt = "mnt:[2]", .mounts = OVERLAY},
     .parent = RUNTIME("runc", "runc|run|-b|/run/oci/fg-runc|my-runc-fg"),
     .outer = SYSTEMD,
     .kind = "runc",
     .text = "runc my-runc-fg"},
    {.name = "crun in the foreground, its cgroup not the one of the longest path",
     .init = {.comm = "sleep",
              "4:memory:/a/long/path\n0::/my-crun-fg\n",
              .mnt = "mnt:[2]",
              .mounts = OVERLAY},
     .parent = {.comm = "crun",
                "0::/\n",
                "crun|run|-b|/run/oci/fg-crun|my-crun-fg",
                .mnt = "mnt:[1]",
                .mounts = HOST_MOUNTS,
                .exe = "/"},
     .outer = SYSTEMD,
     .files = {{WHO_PARENT, "/run/crun/my-crun-fg/status", "{\"pid\":7}"}},
     .kind = "crun",
     .text = "crun my-crun-fg"},
    {.name = "youki in the foreground",
     .init = {.comm = "sh", "0::/\n", .mnt = "mnt:[2]", .mounts = OVERLAY},
     .parent = RUNTIME("youki", "youki|run|-b|/run/oci/box|box"),
     .outer = SYSTEMD,
     .kind = "youki",
     .text = "youki box"},
    /* Builds */
    {.name = "nix build",
     .init = {.comm = "busybox",
              "0::/\n",
              "/busybox|sleep|400021",
              .mnt = "mnt:[2]",
              .mounts = CHROOT("/nix/store/" HASH "-x-nix-1.0.drv.chroot/root"),
              .uid = 985,
              .user = "user:[7]"},
     .parent = {.comm = "nix-build",
                "0::/\n",
                "nix-build|--no-out-link|d.nix",
                .mnt = "mnt:[1]",
                .mounts = HOST_MOUNTS,
                .user = USER_NS},
     .outer = SYSTEMD,
     .kind = "nix",
     .text = "nix build x-nix-1.0"},
    {.name = "guix build",
     .init = {.comm = "bn15b07c739k2iz",
              "0::/\n",
              "bn15b07c739k2iz187clfdghwlyxlac3-x-pause",
              .mnt = "mnt:[2]",
              .mounts = CHROOT("/gnu/store/" HASH "-x-guix-1.0.drv.chroot"),
              .uid = 982},
     .parent = {.comm = "guix-daemon",
                "0::/\n",
                "guix-daemon|4851",
                .mnt = "mnt:[1]",
                .mounts = HOST_MOUNTS},
     .outer = SYSTEMD,
     .kind = "guix",
     .text = "guix build x-guix-1.0"},
    {.name = "guix build, its store a file system of its own",
     .init = {.comm = "sh",
              "0::/\n",
              .mnt = "mnt:[2]",
              .mounts = CHROOT("/store/" HASH "-x.drv.chroot/top"),
              .uid = 982},
     .parent = {.comm = "guix-daemon", "0::/\n", .mnt = "mnt:[1]", .mounts = HOST_MOUNTS},
     .outer = SYSTEMD,
     .kind = "guix",
     .text = "guix build x"},
    {.name = "guix build, its daemon gone",
     .init = {.comm = "sh",
              "0::/\n",
              .mnt = "mnt:[2]",
              .mounts = CHROOT("/gnu/store/" HASH "-x.drv.chroot")},
     .parent = SYSTEMD,
     .outer = SYSTEMD,
     .adopted = true,
     .kind = "guix",
     .text = "guix build x"},
    /* The weak ones */
    {.name = "podman, by the mount on /run/.containerenv",
     .init = {.comm = "sh", "0::/\n", .mnt = "mnt:[2]", .mounts = OVERLAY ENV_OF_PODMAN},
     .parent = SYSTEMD,
     .outer = SYSTEMD,
     .files = {{WHO_INIT, "/run/.containerenv",
                "engine=\"podman-4.3.1\"\nname=\"old\"\nid=\"" DB "\"\n"},
               {WHO_PARENT, "/var/lib/containers/storage/overlay-containers/containers.json",
                "[{\"id\":\"" DB "\",\"names\":[\"db\"]}]"}},
     .kind = "podman",
     .text = "podman db (6b4df4891334)"},
    {.name = "buildah, by the mount on /run/.containerenv",
     .init = {.comm = "sh",
              "0::/\n",
              .mnt = "mnt:[2]",
              .mounts = OVERLAY "581 576 254:0 /var/tmp/buildah1109661553/run/.containerenv "
                                "/run/.containerenv rw,relatime - ext4 /dev/vda rw\n"},
     .parent = SYSTEMD,
     .outer = SYSTEMD,
     .files = {{WHO_INIT, "/run/.containerenv", "name=\"nsbuild\"\nid=\"" WEB "\"\n"}},
     .kind = "buildah",
     .text = "buildah nsbuild (b61aae2d57bc)"},
    {.name = "docker, by the mount on /etc/hostname",
     .init = {.comm = "sh", "0::/\n", .mnt = "mnt:[2]", .mounts = OVERLAY HOSTNAME_OF_DOCKER},
     .parent = SYSTEMD,
     .outer = SYSTEMD,
     .files = {{WHO_INIT, "/.dockerenv", ""}},
     .kind = "docker",
     .text = "docker b61aae2d57bc"},
    {.name = "container=",
     .init = {.comm = "sh",
              "0::/\n",
              .environment = "PATH=/bin|container=rkt",
              .mnt = "mnt:[2]",
              .mounts = OVERLAY},
     .parent = SYSTEMD,
     .outer = SYSTEMD,
     .kind = "container",
     .text = "container (rkt)"},
    {.name = "unshare",
     .init = {.comm = "sh", "0::/\n", "sh", .mnt = "mnt:[2]", .mounts = HOST_MOUNTS},
     .parent = {.comm = "unshare",
                "0::/\n",
                "unshare|--fork|--pid|--mount-proc|sh",
                .mnt = "mnt:[1]",
                .exe = "/usr/bin/unshare"},
     .outer = SYSTEMD,
     .kind = "unshare",
     .text = "unshare sh"},
    {.name = "unshare of busybox",
     .init = {.comm = "sh", "0::/\n", "sh", .mnt = "mnt:[1]"},
     .parent =
         {.comm = "unshare", "0::/\n", "unshare|-pf|sh", .mnt = "mnt:[1]", .exe = "/bin/busybox"},
     .outer = SYSTEMD,
     .kind = "unshare",
     .text = "unshare sh"},
    {.name = "systemd PrivatePIDs=",
     .init = {.comm = "redis",
              "0::/system.slice/my\\x2dredis.service\n",
              .mnt = "mnt:[2]",
              .mounts = PRIVATE_PIDS},
     .parent = SYSTEMD,
     .outer = SYSTEMD,
     .kind = "systemd",
     .text = "systemd service my-redis"},
    {.name = "systemd PrivatePIDs=, in a container, on a hybrid host",
     .init = {.comm = "sleep",
              "9:name=systemd:/\n4:memory:/service\n"
              "0::/payload/system.slice/system-odd\\x2dname.slice/odd-name@in-stance.service\n",
              "/usr/bin/sleep|360002",
              .mnt = "mnt:[4026538445]",
              .mounts = PRIVATE_PIDS,
              .user = USER_NS},
     .parent = {.comm = "systemd",
                "9:name=systemd:/\n4:memory:/service\n0::/payload/init.scope\n",
                .mnt = "mnt:[4026538338]",
                .mounts = HOST_MOUNTS},
     .outer = {.comm = "systemd",
               "9:name=systemd:/\n4:memory:/service\n0::/payload/init.scope\n",
               .mnt = "mnt:[4026538338]",
               .mounts = HOST_MOUNTS},
     .kind = "systemd",
     .text = "systemd service odd-name@in-stance"},
    {.name = "crun on a hybrid host: a longer path of another hierarchy is not the container's",
     .init = {.comm = "sh",
              "9:name=systemd:/\n4:memory:/a/long/one/of/the/host\n0::/my-crun\n",
              .mnt = "mnt:[2]",
              .mounts = OVERLAY},
     .parent = SYSTEMD,
     .outer = SYSTEMD,
     .files = {{WHO_PARENT, "/run/crun/my-crun/status", "{\"pid\":7}"}},
     .kind = "crun",
     .text = "crun my-crun"},
    {.name = "runc on a host with hierarchies of the first version",
     .init = {.comm = "sh",
              "9:name=systemd:/box\n4:memory:/process_api/308f90c7\n0::/\n",
              .mnt = "mnt:[2]",
              .mounts = OVERLAY},
     .parent = SYSTEMD,
     .outer = SYSTEMD,
     .files = {{WHO_PARENT, "/run/runc/box/state.json", "{\"init_process_pid\":7}"}},
     .kind = "runc",
     .text = "runc box"},
    {.name = "systemd PrivatePIDs= and Delegate=, in a cgroup of its own making",
     .init = {.comm = "sleep",
              "4:memory:/a/long/one/of/the/host/of/the/container\n"
              "0::/payload/system.slice/deleg.service/sub\n",
              .mnt = "mnt:[2]",
              .mounts = PRIVATE_PIDS},
     .parent = SYSTEMD,
     .outer = SYSTEMD,
     .kind = "systemd",
     .text = "systemd service deleg"},
    {.name = "systemd PrivatePIDs=, cgroups of the first version",
     .init = {.comm = "redis",
              "9:name=systemd:/system.slice/redis.service\n4:memory:/a/long/one/of/the/host/too/"
              "name=systemd:/x\n",
              .mnt = "mnt:[2]",
              .mounts = PRIVATE_PIDS},
     .parent = SYSTEMD,
     .outer = SYSTEMD,
     .kind = "systemd",
     .text = "systemd service redis"},
    /* Kubernetes, for an ordinary user */
    {.name = "k8s, by the name of a container's log",
     .init = {.comm = "sh", "0::/kubepods/burstable/pod" STATIC "/" NGINX "\n", .mnt = "mnt:[2]"},
     .parent = SHIM("k8s.io", PAUSE),
     .outer = SYSTEMD,
     .files = {{WHO_PARENT, CONTAINER_LOGS,
                "coredns-abc_kube-system_coredns-" WEB ".log\n"
                "kweb-node1_default_side-car-" NGINX ".log\n"}},
     .caller = 65534,
     .kind = "k8s",
     .text = "k8s default/kweb-node1/side-car",
     .found = {NGINX, "side-car", "default", "kweb-node1", NULL}},
    {.name = "k8s, by its mount and the name of the pod's logs",
     .init = {.comm = "sh",
              "0::/kubepods/burstable/pod" STATIC "/" NGINX "\n",
              .mnt = "mnt:[2]",
              .mounts = OVERLAY TERMINATION_LOG(STATIC)},
     .parent = SHIM("k8s.io", PAUSE),
     .outer = SYSTEMD,
     .files = {{WHO_PARENT, LOGS, LOGS_OF_PODS}},
     .caller = 65534,
     .kind = "k8s",
     .text = "k8s default/kweb-node1/nginx"},
    {.name = "k8s, the UID in a slice of systemd's",
     .init = {.comm = "coredns",
              "0::/kubepods.slice/kubepods-pod" UID_ ".slice/crio-" WEB ".scope\n",
              .mnt = "mnt:[2]",
              .mounts = OVERLAY TERMINATION_LOG(UID)},
     .parent = {.comm = "conmon", "0::/\n", "conmon|-c|" WEB, .mnt = "mnt:[1]"},
     .outer = SYSTEMD,
     .files = {{WHO_PARENT, LOGS, LOGS_OF_PODS}},
     .caller = 65534,
     .kind = "k8s",
     .text = "k8s kube-system/coredns-abc/nginx"},
    {.name = "k8s, a sandbox, by the name of the pod's logs",
     .init = {.comm = "pause",
              "0::/kubepods/burstable/pod" STATIC "/" PAUSE "\n",
              .mnt = "mnt:[2]",
              .uid = 65535},
     .parent = SHIM("k8s.io", PAUSE),
     .outer = SYSTEMD,
     .files = {{WHO_PARENT, LOGS, LOGS_OF_PODS},
               {WHO_PARENT, CONTAINER_LOGS, "kweb-node1_default_nginx-" NGINX ".log\n"}},
     .caller = 65534,
     .kind = "k8s",
     .text = "k8s default/kweb-node1 (sandbox)"},
    {.name = "k8s, a container without a name, by the name of the pod's logs",
     .init = {.comm = "sh", "0::/kubepods/burstable/pod" STATIC "/" NGINX "\n", .mnt = "mnt:[2]"},
     .parent = SHIM("k8s.io", PAUSE),
     .outer = SYSTEMD,
     .files = {{WHO_PARENT, LOGS, LOGS_OF_PODS}},
     .caller = 65534,
     .kind = "k8s",
     .text = "k8s default/kweb-node1 (422e642a39fa)"},
    /* CRI-O without conmon's -n */
    {.name = "CRI-O, a container by its bundle",
     .init = {.comm = "sleep",
              "0::/kubepods/besteffort/pod" UID "/crio-" WEB "\n",
              .mnt = "mnt:[2]"},
     .parent = CRIO(WEB),
     .outer = SYSTEMD,
     .files = {{WHO_PARENT, CRIO_BUNDLE(WEB) "/config.json",
                "{\"annotations\":{\"io.kubernetes.cri-o.ContainerType\":\"container\","
                "\"io.kubernetes.container.name\":\"side_car\",\"io.kubernetes.pod.name\":\"ctwo\","
                "\"io.kubernetes.pod.namespace\":\"prod\","
                "\"io.kubernetes.cri.sandbox-name\":\"etcd-0\","
                "\"io.kubernetes.cri.sandbox-namespace\":\"kube-system\","
                "\"io.kubernetes.cri-o.ImageName\":\"quay.io/lab/side:1\"}}"}},
     .kind = "k8s",
     .text = "k8s prod/ctwo/side_car",
     .found = {WEB, "side_car", "prod", "ctwo", "quay.io/lab/side:1"}},
    {.name = "CRI-O, a sandbox by its bundle, without labels",
     .init = {.comm = "pause",
              "0::/kubepods/besteffort/pod" UID "/crio-" WEB "\n",
              .mnt = "mnt:[2]"},
     .parent = CRIO(WEB),
     .outer = SYSTEMD,
     .files = {{WHO_PARENT, CRIO_BUNDLE(WEB) "/config.json",
                "{\"annotations\":{\"io.kubernetes.cri-o.ContainerType\":\"sandbox\","
                "\"io.kubernetes.cri-o.KubeName\":\"ctwo\","
                "\"io.kubernetes.cri-o.Namespace\":\"prod\"}}"}},
     .kind = "k8s",
     .text = "k8s prod/ctwo (sandbox)"},
    {.name = "k8s, containerd, its image",
     .init = {.comm = "coredns", "0::/kubepods/burstable/pod" UID "/" WEB "\n", .mnt = "mnt:[2]"},
     .parent = SHIM("k8s.io", POD),
     .outer = SYSTEMD,
     .files = {{WHO_PARENT, TASKS "k8s.io/" WEB "/config.json",
                "{\"annotations\":{\"io.kubernetes.cri.container-name\":\"coredns\","
                "\"io.kubernetes.cri.image-name\":\"registry.k8s.io/coredns:v1\","
                "\"io.kubernetes.cri.sandbox-name\":\"dns\","
                "\"io.kubernetes.cri.sandbox-namespace\":\"kube-system\"}}"}},
     .kind = "k8s",
     .text = "k8s kube-system/dns/coredns",
     .found = {.image = "registry.k8s.io/coredns:v1"}},
    /* nerdctl */
    {.name = "nerdctl run --name web",
     .init = {.comm = "nginx", "0::/default/" WEB "\n", .mnt = "mnt:[2]"},
     .parent = SHIM("default", WEB),
     .outer = SYSTEMD,
     .files = {{WHO_PARENT, TASKS "default/" WEB "/config.json",
                "{\"annotations\":{\"nerdctl/name\":\"web\",\"nerdctl/namespace\":\"default\"}}"}},
     .kind = "containerd",
     .text = "containerd default/web (b61aae2d57bc)",
     .found = {.id = WEB, .name = "web"}},
    /* Projects */
    {.name = "Incus, in a project",
     .init = {.comm = "systemd", "0::/lxc.payload.lab_web-1\n", .mnt = "mnt:[2]"},
     .parent = {.comm = "incusd",
                "0::/\n",
                "[lxc monitor] /var/lib/incus/containers lab_web-1",
                .mnt = "mnt:[1]"},
     .outer = SYSTEMD,
     .kind = "incus",
     .text = "Incus lab/web-1",
     .found = {.name = "web-1"}},
    {.name = "LXD, in a project of an old version, with an underscore",
     .init = {.comm = "systemd", "0::/lxc.payload.my_lab_web\n", .mnt = "mnt:[2]"},
     .parent = {.comm = "lxd",
                "0::/\n",
                "[lxc monitor] /var/lib/lxd/containers my_lab_web",
                .mnt = "mnt:[1]"},
     .outer = SYSTEMD,
     .kind = "lxd",
     .text = "LXD my_lab/web",
     .found = {.name = "web"}},
    /* What runs in a sandbox */
    {.name = "unshare, whose child has not run its command yet",
     .init = {.comm = "unshare", "0::/\n", .mnt = "mnt:[2]"},
     .parent = {.comm = "unshare", "0::/\n", "unshare|-pf|sh", .mnt = "mnt:[1]"},
     .outer = SYSTEMD,
     .kind = "unshare",
     .text = "unshare"},
    {.name = "nsjail, the command of another name than its init",
     .init = {.comm = "python3", "0::/\n", .mnt = "mnt:[2]"},
     .parent = {.comm = "nsjail", .args = "nsjail|-Mo|--|/srv/bin/judge|--", .mnt = "mnt:[1]"},
     .outer = SYSTEMD,
     .kind = "nsjail",
     .text = "nsjail judge"},
    {.name = "nsjail, the command in its configuration",
     .init = {.comm = "judge", "0::/\n", .mnt = "mnt:[2]"},
     .parent = {.comm = "nsjail", .args = "nsjail|--config|/etc/judge.cfg", .mnt = "mnt:[1]"},
     .outer = SYSTEMD,
     .kind = "nsjail",
     .text = "nsjail judge"},
    {.name = "minijail, the command after its own init",
     .init = {.comm = "minijail-init", "0::/\n", .mnt = "mnt:[1]"},
     .parent = {.comm = "minijail0", .args = "minijail0|-p|--|/usr/bin/camera", .mnt = "mnt:[1]"},
     .outer = SYSTEMD,
     .kind = "minijail",
     .text = "minijail camera"},
    /* Images */
    {.name = "podman, its image",
     .init = {.comm = "sleep", "0::/libpod_parent/libpod-" DB "\n", .mnt = "mnt:[2]"},
     .parent = CONMON(DB, "db"),
     .outer = SYSTEMD,
     .files = {{WHO_PARENT, "/var/lib/containers/storage/overlay-containers/containers.json",
                "[{\"id\":\"" DB "\",\"names\":[\"db\"],\"metadata\":"
                "\"{\\\"image-name\\\":\\\"docker.io/library/postgres:16\\\"}\"}]"}},
     .kind = "podman",
     .text = "podman db (6b4df4891334)",
     .found = {DB, "db", .image = "docker.io/library/postgres:16"}},
    {.name = "docker, its image",
     .init = {.comm = "sleep", "0::/docker/" WEB "\n", .mnt = "mnt:[2]"},
     .parent = SHIM("moby", WEB),
     .outer = SYSTEMD,
     .files = {{WHO_PARENT, "/var/lib/docker/containers/" WEB "/config.v2.json",
                "{\"Name\":\"/web\",\"Config\":{\"Image\":\"nginx:1.27\"}}"}},
     .kind = "docker",
     .text = "docker web (b61aae2d57bc)",
     .found = {WEB, "web", .image = "nginx:1.27"}},
};

static const struct row deceptive[] = {
    {.name = "bwrap inside docker inherits its cgroup, variables and marker file",
     .init = {.comm = "bwrap",
              "0::/docker/" WEB "\n",
              "bwrap|--dev-bind|/|/|--unshare-pid|sleep|9",
              .mnt = "mnt:[3]",
              .environment = "container=docker",
              .mounts = OVERLAY},
     .parent =
         {.comm = "bwrap", "0::/docker/" WEB "\n", "bwrap", .mnt = "mnt:[2]", .mounts = OVERLAY},
     .outer = {.comm = "sleep", "0::/docker/" WEB "\n", .mnt = "mnt:[2]", .mounts = OVERLAY},
     .files = {{WHO_INIT, "/.dockerenv", ""}, {WHO_OUTER, "/.dockerenv", ""}},
     .kind = "bubblewrap",
     .text = "bubblewrap sleep"},
    {.name = "unshare inside nspawn sees nspawn's mounts",
     .init = {.comm = "sh",
              "0::/payload\n",
              "sh",
              .environment = "container=systemd-nspawn",
              .mounts =
                  "641 639 0:39 /systemd/nspawn/propagate/build /run/host/incoming ro - t t\n"},
     .parent = {.comm = "unshare", "0::/payload\n", "unshare|-p|-f|sh"},
     .outer = {.comm = "sleep",
               "0::/payload\n",
               .environment = "container=systemd-nspawn",
               .mounts =
                   "641 639 0:39 /systemd/nspawn/propagate/build /run/host/incoming ro - t t\n"},
     .kind = "unshare",
     .text = "unshare sh"},
    {.name = "docker --pid=host: a namespace made in it is not the container",
     .init = {.comm = "sh", "0::/docker/" WEB "\n", "sh", .mnt = "mnt:[3]", .mounts = OVERLAY},
     .parent = {.comm = "unshare",
                "0::/docker/" WEB "\n",
                "unshare|-pf|--mount-proc|sh",
                .mnt = "mnt:[2]",
                .mounts = OVERLAY},
     .outer = SYSTEMD,
     .kind = "unshare",
     .text = "unshare sh"},
    {.name = "an inherited container=",
     .init = {.comm = "sh",
              "0::/\n",
              .environment = "container=podman",
              .mnt = "mnt:[3]",
              .mounts = OVERLAY},
     .parent = {.comm = "sh",
                "0::/\n",
                .environment = "container=podman",
                .mnt = "mnt:[2]",
                .mounts = HOST_MOUNTS},
     .outer = {.comm = "sh",
               "0::/\n",
               .environment = "container=podman",
               .mnt = "mnt:[2]",
               .mounts = HOST_MOUNTS}},
    {.name = "a variable, with no namespace around to compare",
     .init = {.comm = "sh",
              "0::/\n",
              .environment = "container=podman",
              .mnt = "mnt:[3]",
              .mounts = OVERLAY},
     .parent = {.comm = "sh", "0::/\n", .mnt = "mnt:[2]"},
     .outer = {.comm = "sh", "0::/\n", .mnt = "mnt:[2]"}},
    {.name = "a variable without its own root",
     .init = {.comm = "sh",
              "0::/\n",
              .environment = "container=podman",
              .mnt = "mnt:[3]",
              .mounts = HOST_MOUNTS},
     .parent = SYSTEMD,
     .outer = SYSTEMD},
    {.name = "a machine whose own root has a .dockerenv",
     .init = {.comm = "sh", "0::/\n", .mnt = "mnt:[3]", .mounts = OVERLAY},
     .parent = SYSTEMD,
     .outer = SYSTEMD,
     .files = {{WHO_INIT, "/.dockerenv", ""},
               {WHO_OUTER, "/.dockerenv", ""},
               {WHO_PARENT, "/.dockerenv", ""}}},
    {.name = "a machine whose own root has a .containerenv",
     .init = {.comm = "sh", "0::/\n", .mnt = "mnt:[3]", .mounts = OVERLAY},
     .parent = SYSTEMD,
     .outer = SYSTEMD,
     .files = {{WHO_INIT, "/run/.containerenv", ""},
               {WHO_OUTER, "/run/.containerenv", ""},
               {WHO_PARENT, "/run/.containerenv", ""}}},
    {.name = "an exported image, which has a .dockerenv, in unshare --root",
     .init = {.comm = "sh", "0::/\n", .mnt = "mnt:[3]", .mounts = OVERLAY},
     .parent = {.comm = "unshare",
                "0::/\n",
                "unshare|-pf|--root=/x|sh",
                .mnt = "mnt:[1]",
                .mounts = HOST_MOUNTS},
     .outer = SYSTEMD,
     .files = {{WHO_INIT, "/.dockerenv", ""}},
     .kind = "unshare",
     .text = "unshare sh"},
    {.name = "an exported root of Docker's, which has a .dockerenv",
     .init = {.comm = "sleep", "0::/\n", .mnt = "mnt:[2]", .mounts = OVERLAY},
     .parent = SYSTEMD,
     .outer = SYSTEMD,
     .files = {{WHO_INIT, "/.dockerenv", ""}}},
    {.name = "an exported root of Podman's, run by a program of one's own",
     .init = {.comm = "sleep",
              "4:memory:/service\n0::/\n",
              "/bin/sleep|490004",
              .mnt = "mnt:[2]",
              .mounts = OVERLAY},
     .parent = {.comm = "mycontainer2",
                "4:memory:/service\n0::/\n",
                "./mycontainer2|/srv/run/scratch/rootfs-podman|/bin/sleep|490004",
                .mnt = "mnt:[1]",
                .mounts = HOST_MOUNTS},
     .outer = SYSTEMD,
     .files = {{WHO_INIT, "/run/.containerenv", ""}}},
    {.name = "an exported root of a privileged container's, whose file has a name",
     .init = {.comm = "sh", "0::/\n", .mnt = "mnt:[2]", .mounts = OVERLAY},
     .parent = SYSTEMD,
     .outer = SYSTEMD,
     .files = {{WHO_INIT, "/run/.containerenv",
                "engine=\"podman-4.3.1\"\nname=\"db\"\nid=\"" DB "\"\n"}}},
    {.name = "mounts of a container's on the same places, which show no id",
     .init = {.comm = "sh",
              "0::/\n",
              .mnt = "mnt:[2]",
              .mounts = OVERLAY "4 3 0:39 /run/userdata/.containerenv /run/.containerenv rw - t t\n"
                                "5 3 0:39 /etc/" WEB "/hostname /etc/hostname rw - t t\n"},
     .parent = SYSTEMD,
     .outer = SYSTEMD},
    {.name = "a sandbox with a root of its own in a container of Podman's, whose mounts it keeps",
     .init = {.comm = "sh",
              "0::/\n",
              .mnt = "mnt:[3]",
              .mounts = "9 8 0:7 / / rw - tmpfs tmpfs rw\n" ENV_OF_PODMAN},
     .parent = {.comm = "box", "0::/\n", .mnt = "mnt:[2]", .mounts = OVERLAY ENV_OF_PODMAN},
     .outer = {.comm = "sh", "0::/\n", .mnt = "mnt:[2]", .mounts = OVERLAY ENV_OF_PODMAN}},
    {.name = "a container of Docker's with the network of another one, whose hostname it has",
     .init = {.comm = "sh", "0::/\n", .mnt = "mnt:[2]", .mounts = OVERLAY HOSTNAME_OF_DOCKER},
     .parent = SYSTEMD,
     .outer = SYSTEMD,
     .files = {{WHO_PARENT, "/var/lib/docker/containers/" WEB "/config.v2.json",
                "{\"Name\":\"/web\",\"State\":{\"Pid\":8}}"}}},
    {.name = "a container's cgroup, with nothing to compare",
     .init = {.comm = "sh", "0::/docker/" WEB "\n", .mnt = "mnt:[3]"},
     .parent = {0},
     .outer = {0}},
    {.name = "the mounts of the host: no engine's container, with any cgroup",
     .init = {.comm = "sh", "0::/docker/" WEB "\n", .mnt = "mnt:[1]"},
     .parent = SYSTEMD,
     .outer = SYSTEMD},
    {.name = "an id with 63 digits",
     .init = {.comm = "sh",
              "0::/docker/61aae2d57bc23517697a4e4dc97ed87b50ecb7a33d04e72d063e9f0ba5a68a2\n",
              .mnt = "mnt:[3]"},
     .parent = SYSTEMD,
     .outer = SYSTEMD},
    {.name = "an id below no engine's cgroup",
     .init = {.comm = "sh", "0::/jobs/" WEB "\n", .mnt = "mnt:[3]"},
     .parent = SYSTEMD,
     .outer = SYSTEMD},
    {.name = "conmon's own cgroup is not a container's",
     .init = {.comm = "sh", "0::/machine.slice/libpod-conmon-" DB ".scope\n", .mnt = "mnt:[3]"},
     .parent = SYSTEMD,
     .outer = SYSTEMD},
    {.name = "a pod's uid without kubepods above",
     .init = {.comm = "sh", "0::/x/pod" UID "/" WEB "\n", .mnt = "mnt:[3]"},
     .parent = SYSTEMD,
     .outer = SYSTEMD},
    {.name = "machine-*.scope of a virtual machine",
     .init = {.comm = "sh",
              "0::/machine.slice/machine-qemu\\x2d1\\x2dvm.scope/libvirt/emulator\n",
              .mnt = "mnt:[3]"},
     .parent = SYSTEMD,
     .outer = SYSTEMD},
    {.name = "a shim by name only: its program is another",
     .init = {.comm = "sh", "0::/\n", .mnt = "mnt:[1]"},
     .parent = {.comm = "containerd-shim",
                "0::/\n",
                "containerd-shim-runc-v2|-namespace|moby|-id|" WEB,
                .exe = "/usr/bin/perl",
                .mnt = "mnt:[1]"},
     .outer = SYSTEMD},
    {.name = "a shim by name only: its command line has another",
     .init = {.comm = "sh", "0::/\n", .mnt = "mnt:[1]"},
     .parent =
         {.comm = "containerd-shim", "0::/\n", "/tmp/x|-namespace|moby|-id|" WEB, .mnt = "mnt:[1]"},
     .outer = SYSTEMD},
    {.name = "a shim whose command line was not recorded",
     .init = {.comm = "sleep", .args = "sleep|1000"},
     .parent = {.comm = "containerd-shim"},
     .outer = {.comm = "systemd"}},
    {.name = "a shim with an id that docker would not give",
     .init = {.comm = "sh", "0::/\n", .mnt = "mnt:[1]"},
     .parent = SHIM("moby", "web"),
     .outer = SYSTEMD},
    {.name = "the command line of another container's conmon",
     .init = {.comm = "sleep", "0::/libpod_parent/libpod-" DB "\n", .mnt = "mnt:[2]"},
     .parent = CONMON(INFRA, "other"),
     .outer = SYSTEMD,
     .kind = "podman",
     .text = "podman 6b4df4891334"},
    {.name = "a bundle that is no bundle of this container's",
     .init = {.comm = "sleep", "0::/libpod_parent/libpod-" DB "\n", .mnt = "mnt:[2]"},
     .parent = CONMON_OF("/srv/storage/overlay-containers/" INFRA "/userdata", DB, "db"),
     .outer = SYSTEMD,
     .files = {{WHO_PARENT, "/srv/storage/overlay-containers/containers.json",
                "[{\"id\":\"" DB "\",\"names\":[\"other\"]}]"}},
     .kind = "podman",
     .text = "podman db (6b4df4891334)"},
    {.name = "--type= without a sandbox's user namespace",
     .init = {.comm = "chromium", "0::/\n", "chromium|--type=renderer", .mnt = "mnt:[1]"},
     .parent = {.comm = "chromium", "0::/\n", .mnt = "mnt:[1]"},
     .outer = SYSTEMD},
    {.name = "a shim that says no id",
     .init = {.comm = "sh", "0::/\n", .mnt = "mnt:[1]"},
     .parent = {.comm = "containerd-shim",
                .args = "containerd-shim-runc-v2|-namespace|moby",
                .mnt = "mnt:[1]"},
     .outer = SYSTEMD},
    {.name = "the state of a runtime names another init",
     .init = {.comm = "sh", "0::/box\n", .mnt = "mnt:[2]", .mounts = HOST_MOUNTS},
     .parent = SYSTEMD,
     .outer = SYSTEMD,
     .files = {{WHO_PARENT, "/run/runc/box/state.json", "{\"init_process_pid\":8}"}}},
    {.name = "a cgroup's name with a path that leads elsewhere",
     .init = {.comm = "sh", "0::/a/..\n", .mnt = "mnt:[2]", .mounts = HOST_MOUNTS},
     .parent = SYSTEMD,
     .outer = SYSTEMD,
     .files = {{WHO_PARENT, "/run/runc/../state.json", "{\"init_process_pid\":7}"}}},
    {.name = "a service that ran unshare, and whose parent has died",
     .init = {.comm = "sh", "0::/system.slice/bed.service\n", .mnt = "mnt:[1]"},
     .parent = SYSTEMD,
     .outer = SYSTEMD},
    {.name = "/init on a kernel of WSL: not each is a distribution",
     .init = WSL_INIT("init", "TERM=linux"),
     .parent = SYSTEMD,
     .outer = SYSTEMD,
     .wsl = true},
    {.name = "WSL's variables and names on another kernel",
     .init = WSL_INIT("init(x)", "WSL2_DISTRO_NAME=x|container=wsl"),
     .parent = SYSTEMD,
     .outer = SYSTEMD,
     .second = WSL_INIT("init-systemd(x)", "WSL2_DISTRO_NAME=x")},
    {.name = "another program with a variable of WSL",
     .init = {.comm = "sh",
              "0::/\n",
              "sh",
              .environment = "WSL2_DISTRO_NAME=docker-desktop",
              .mnt = "mnt:[2]",
              .mounts = HOST_MOUNTS},
     .parent = SYSTEMD,
     .outer = SYSTEMD,
     .wsl = true},
    {.name = "another program with a name of WSL",
     .init = {.comm = "init(Fake)", "0::/\n", "sh", .mnt = "mnt:[2]", .mounts = HOST_MOUNTS},
     .parent = SYSTEMD,
     .outer = SYSTEMD,
     .wsl = true},
    {.name = "a name of WSL that is neither cut nor closed",
     .init = WSL_INIT("init(Fake", ""),
     .parent = SYSTEMD,
     .outer = SYSTEMD,
     .wsl = true},
    {.name = "process 2 with another program",
     .init = {.comm = "systemd", "0::/\n", "/sbin/init", .mnt = "mnt:[2]", .mounts = HOST_MOUNTS},
     .parent = SYSTEMD,
     .outer = SYSTEMD,
     .second = {.comm = "init-systemd(Ub", "0::/\n", "sh"},
     .wsl = true},
    {.name = "unshare -Upf by root: a name and a variable of WSL in a user namespace",
     .init = {.comm = "init(Fake)",
              "0::/\n",
              "/init",
              .environment = "WSL2_DISTRO_NAME=docker-desktop|container=wsl",
              .mnt = "mnt:[2]",
              .mounts = HOST_MOUNTS,
              .user = "user:[7]"},
     .parent = SYSTEMD,
     .outer = SYSTEMD,
     .second = WSL_INIT("init-systemd(Fa", "WSL2_DISTRO_NAME=Fake"),
     .wsl = true},
    {.name = "the init of WSL, put there by root as nobody",
     .init = {.comm = "init(Fake)",
              "0::/\n",
              "/init",
              .environment = "WSL2_DISTRO_NAME=Fake|container=wsl",
              .mnt = "mnt:[2]",
              .mounts = HOST_MOUNTS,
              .uid = 65534},
     .parent = {.comm = "sh", "0::/\n", "sh", .mnt = "mnt:[1]"},
     .outer = SYSTEMD,
     .second = WSL_INIT("init-systemd(Fa", "WSL2_DISTRO_NAME=Fake"),
     .wsl = true},
    {.name = "a user's process 2 in root's namespace",
     .init = {.comm = "sh", "0::/\n", "sh", .mnt = "mnt:[2]", .mounts = HOST_MOUNTS},
     .parent = SYSTEMD,
     .outer = SYSTEMD,
     .second = {.comm = "init-systemd(Fa", "0::/\n", "/init", .uid = 1001},
     .wsl = true},
    {.name = "variables that the init has from the distribution around it",
     .init = WSL_INIT("init", "WSL2_DISTRO_NAME=Debian"),
     .parent = WSL_INIT("Relay(7)", "WSL2_DISTRO_NAME=Debian"),
     .outer = WSL_INIT("init(Debian)", "WSL2_DISTRO_NAME=Debian"),
     .wsl = true},
    {.name = "--type= of a program that is no browser",
     .init = {.comm = "job", "0::/\n", "job|--type=renderer", .mnt = "mnt:[1]"},
     .parent = {.comm = "sh", "0::/\n", .mnt = "mnt:[1]"},
     .outer = SYSTEMD,
     .nested_user_ns = true},
    {.name = "flatpak's mounts in a sandbox within",
     .init = {.comm = "bwrap",
              "0::/\n",
              "bwrap|--bind|/|/|sh",
              .mnt = "mnt:[3]",
              .mounts = "7 6 8:1 /flatpak/app/org.x.Y/x86_64/files /app ro - ext4 /dev/sda1 rw\n"},
     .parent = HOST("bwrap"),
     .outer = {.comm = "bwrap",
               "0::/\n",
               .mnt = "mnt:[2]",
               .mounts = "7 6 8:1 /flatpak/app/org.x.Y/x86_64/files /app ro - ext4 /dev/sda1 rw\n"},
     .kind = "bubblewrap",
     .text = "bubblewrap sh"},
    {.name = "/pause of somebody else",
     .init = {.comm = "pause", .args = "/pause"},
     .parent = {.comm = "containerd-shim"},
     .outer = SYSTEMD},
    {.name = "notes of docker that are invalid",
     .init = {.comm = "sleep", "0::/docker/" WEB "\n", .mnt = "mnt:[2]"},
     .parent = SHIM("moby", WEB),
     .outer = SYSTEMD,
     .files = {{WHO_PARENT, "/var/lib/docker/containers/" WEB "/config.v2.json", "[\"Name\""}},
     .kind = "docker",
     .text = "docker b61aae2d57bc"},
    {.name = "a bundle of another container than the one that is run",
     .init = {.comm = "sleep", "0::/\n", .mnt = "mnt:[1]"},
     .parent = RUNTIME("runc", "runc|run|--bundle|/var/lib/docker/buildkit/executor/"
                               "3czgc5mmk957rcdfnu20qvd05|" STEP),
     .outer = SYSTEMD,
     .kind = "runc",
     .text = "runc " STEP},
    {.name = "a bundle outside the directory of BuildKit's executor",
     .init = {.comm = "sleep", "0::/\n", .mnt = "mnt:[1]"},
     .parent = RUNTIME("runc", "runc|run|--bundle|/srv/" STEP "|" STEP),
     .outer = SYSTEMD,
     .kind = "runc",
     .text = "runc " STEP},
    {.name = "a runtime of BuildKit's that runs nothing",
     .init = {.comm = "sleep", "0::/\n", .mnt = "mnt:[1]"},
     .parent = RUNTIME("runc", "runc|exec|--bundle|/x/buildkit/executor/" STEP "|" STEP),
     .outer = SYSTEMD},
    {.name = "a runtime by name only: its program is another",
     .init = {.comm = "sleep", "0::/\n", .mnt = "mnt:[1]"},
     .parent = {.comm = "runc",
                "0::/\n",
                "runc|run|--bundle|/x/buildkit/executor/" STEP "|" STEP,
                .mnt = "mnt:[1]",
                .exe = "/usr/bin/perl"},
     .outer = SYSTEMD},
    {.name = "a name that begins like pasta's",
     .init = {.comm = "pastafarian", "0::/\n", "pastafarian|--netns|/x", .mnt = "mnt:[2]"},
     .parent = SYSTEMD,
     .outer = SYSTEMD},
    {.name = "pasta by name only: its program is another",
     .init = {.comm = "pasta", "0::/\n", "pasta|--netns|/x", .mnt = "mnt:[2]", .exe = "/bin/perl"},
     .parent = SYSTEMD,
     .outer = SYSTEMD},
    {.name = "a command of passt's, which runs none",
     .init = {.comm = "sleep", "0::/\n", "sleep|9", .mnt = "mnt:[2]"},
     .parent = {.comm = "passt", "0::/\n", "passt|sleep|9", .mnt = "mnt:[3]"},
     .outer = SYSTEMD},
    {.name = "unshare, which runs passt",
     .init = {.comm = "passt", "0::/\n", "passt|-f|--socket|/x", .mnt = "mnt:[1]"},
     .parent = {.comm = "unshare", "0::/\n", "unshare|-pf|passt|-f|--socket|/x", .mnt = "mnt:[1]"},
     .outer = SYSTEMD,
     .kind = "unshare",
     .text = "unshare passt"},
    {.name = "QtWebEngine without a sandbox's user namespace",
     .init = {.comm = "QtWebEngineProc",
              "0::/\n",
              "QtWebEngineProcess|--type=zygote|--application-name=falkon",
              .mnt = "mnt:[1]"},
     .parent = {.comm = "falkon", "0::/\n", .mnt = "mnt:[1]"},
     .outer = SYSTEMD},
    {.name = "QtWebEngine by name only: its program is another",
     .init = {.comm = "QtWebEngineProc",
              "0::/\n",
              "QtWebEngineProcess|--type=zygote|--application-name=falkon",
              .mnt = "mnt:[1]",
              .exe = "/usr/bin/perl"},
     .parent = {.comm = "sh", "0::/\n", .mnt = "mnt:[1]"},
     .outer = SYSTEMD,
     .nested_user_ns = true},
    {.name = "podman, an infra container whose host name is its own ID",
     .init = {.comm = "catatonit",
              "0::/libpod_parent/" POD "/libpod-" INFRA "\n",
              .environment = "HOSTNAME=06254fa78c2c",
              .mnt = "mnt:[2]"},
     .parent = CONMON(INFRA, "c468ff203776-infra"),
     .outer = SYSTEMD,
     .kind = "podman",
     .text = "podman c468ff203776-infra (06254fa78c2c)"},
    {.name = "podman, a container that is called like an infra container",
     .init = {.comm = "sh",
              "0::/libpod_parent/libpod-" DB "\n",
              .environment = "HOSTNAME=mypod",
              .mnt = "mnt:[2]"},
     .parent = CONMON(DB, "c468ff203776-infra"),
     .outer = SYSTEMD,
     .kind = "podman",
     .text = "podman c468ff203776-infra (6b4df4891334)"},
    {.name = "podman, a pause process of another name",
     .init = {.comm = "catatonit",
              "0::/libpod_parent/libpod-" DB "\n",
              .environment = "HOSTNAME=mypod",
              .mnt = "mnt:[2]"},
     .parent = CONMON(DB, "c468ff203776a-infra"),
     .outer = SYSTEMD,
     .kind = "podman",
     .text = "podman c468ff203776a-infra (6b4df4891334)"},
    {.name = "another child of rootlesskit's",
     .init = {.comm = "sleep", "0::/\n", "sleep|9", .mnt = "mnt:[2]"},
     .parent = {.comm = "rootlesskit", "0::/\n", "rootlesskit|sleep|9", .mnt = "mnt:[1]"},
     .outer = SYSTEMD},
    {.name = "an orphan that runc adopted, of a container without a PID namespace",
     .init = {.comm = "sleep", "0::/box\n", .mnt = "mnt:[2]", .mounts = OVERLAY},
     .parent = RUNTIME("runc", "runc|run|box"),
     .outer = SYSTEMD,
     .files = {{WHO_PARENT, "/run/runc/box/state.json", "{\"init_process_pid\":8}"}}},
    {.name = "an orphan that crun adopted",
     .init = {.comm = "sleep", "0::/\n", .mnt = "mnt:[2]", .mounts = OVERLAY},
     .parent = RUNTIME("crun", "crun|run|box"),
     .outer = SYSTEMD,
     .files = {{WHO_PARENT, "/run/crun/box/status", "{\"pid\":8}"}}},
    {.name = "runc with an option in the place of the ID",
     .init = {.comm = "sleep", "0::/\n", .mnt = "mnt:[2]", .mounts = OVERLAY},
     .parent = RUNTIME("runc", "runc|run|--help"),
     .outer = SYSTEMD},
    {.name = "a container's ID that would lead elsewhere",
     .init = {.comm = "sleep", "0::/\n", .mnt = "mnt:[2]", .mounts = OVERLAY},
     .parent = RUNTIME("runc", "runc|run|../x"),
     .outer = SYSTEMD},
    {.name = "a program whose name ends like bubblewrap's",
     .init = {.comm = "subwrap", "0::/\n", "subwrap|sleep", .mnt = "mnt:[2]"},
     .parent = {.comm = "notbwrap", "0::/\n", "notbwrap|sleep", .mnt = "mnt:[1]"},
     .outer = SYSTEMD},
    {.name = "bubblewrap under another name, by name only",
     .init = {.comm = "srt-bwrap",
              "0::/\n",
              "srt-bwrap|sleep|9",
              .mnt = "mnt:[2]",
              .exe = "/usr/bin/perl"},
     .parent = SYSTEMD,
     .outer = SYSTEMD},
    {.name = "a directory that is no build's, but begins like one",
     .init = {.comm = "sh",
              "0::/\n",
              .mnt = "mnt:[2]",
              .mounts = CHROOT("/nix/store/" HASH "-x.drv.chrooted")},
     .parent = SYSTEMD,
     .outer = SYSTEMD},
    {.name = "a directory that is no build's, without a hash",
     .init =
         {.comm = "sh", "0::/\n", .mnt = "mnt:[2]", .mounts = CHROOT("/srv/my-package.drv.chroot")},
     .parent = SYSTEMD,
     .outer = SYSTEMD},
    {.name = "a sandbox within a build",
     .init = {.comm = "sh",
              "0::/\n",
              .mnt = "mnt:[3]",
              .mounts = CHROOT("/nix/store/" HASH "-x.drv.chroot/root")},
     .parent = {.comm = "make",
                "0::/\n",
                .mnt = "mnt:[2]",
                .mounts = CHROOT("/nix/store/" HASH "-x.drv.chroot/root")},
     .outer = {.comm = "bash",
               "0::/\n",
               .mnt = "mnt:[2]",
               .mounts = CHROOT("/nix/store/" HASH "-x.drv.chroot/root")}},
    {.name = "Apptainer, the title of its parent cut within the name",
     .init = {.comm = "appinit", "0::/\n", "appinit", .mnt = "mnt:[2]", .mounts = OVERLAY},
     .parent = {.comm = "starter", .args = "Apptainer instance: kim [la", .mnt = "mnt:[1]"},
     .outer = SYSTEMD,
     .kind = "apptainer",
     .text = "Apptainer"},
    {.name = "sinit of somebody else",
     .init = {.comm = "sinit", "0::/\n", "/bin/sinit", .mnt = "mnt:[1]"},
     .parent = {.comm = "sh", "0::/\n", "sh|-c|Singularity instance: kim [lab]", .mnt = "mnt:[1]"},
     .outer = SYSTEMD},
    {.name = "another child of virtiofsd's",
     .init = {.comm = "sh", "0::/\n", "sh", .mnt = "mnt:[2]"},
     .parent = {.comm = "virtiofsd", "0::/\n", "virtiofsd|--socket-path=/x", .mnt = "mnt:[1]"},
     .outer = SYSTEMD},
    {.name = "init and parent of one name, which no engine has",
     .init = {.comm = "docker web (45e", "0::/\n", "docker web (45e", .mnt = "mnt:[2]"},
     .parent = {.comm = "docker web (45e", "0::/\n", "docker web (45e", .mnt = "mnt:[1]"},
     .outer = SYSTEMD},
    {.name = "a gVisor gofer with options only",
     .init = {.comm = "exe",
              "0::/\n",
              "runsc-gofer|gofer|--bundle|--spec-fd=4|--sync-userns-fd=-1",
              .mnt = "mnt:[1]"},
     .parent = SYSTEMD,
     .outer = SYSTEMD,
     .kind = "gvisor",
     .text = "gVisor gofer"},
    {.name = "a gVisor gofer of `runsc do`: the words of the command are no ID",
     .init = {.comm = "exe",
              "0::/\n",
              "runsc-gofer|gofer|--bundle|/tmp/runsc-do1|--spec-fd=4",
              .mnt = "mnt:[1]"},
     .parent = {.comm = "runsc", "0::/\n", "runsc|do|make|run|all", .mnt = "mnt:[1]"},
     .outer = SYSTEMD,
     .kind = "gvisor",
     .text = "gVisor gofer (runsc-do1)"},
    {.name = "a gVisor sandbox whose last word is an option",
     .init = {.comm = "exe", "0::/\n", "runsc-sandbox|boot|--io-fds=5", .mnt = "mnt:[1]"},
     .parent = SYSTEMD,
     .outer = SYSTEMD,
     .kind = "gvisor",
     .text = "gVisor sandbox"},
    {.name = "nothing at all",
     .init = {.comm = "sh"},
     .parent = {.comm = "sh"},
     .outer = {.comm = "sh"}},
    {.name = "bwrap in a service, whose parent has died since: a procfs, but no shared root",
     .init = {.comm = "sleep",
              "0::/payload/system.slice/orphan-sandbox-of-a-service-long-name.service\n",
              "sleep|360010",
              .mnt = "mnt:[4026538432]",
              .mounts = "4465 4463 0:686 / / rw,relatime - overlay overlay rw,x= shared:1\n"
                        "4470 4465 0:899 / /proc rw,nosuid - proc proc rw\n"},
     .parent = SYSTEMD,
     .outer = SYSTEMD},
    {.name = "unshare --propagation=shared in a service, the same: no procfs of its own",
     .init = {.comm = "sleep",
              "0::/system.slice/bed.service\n",
              .mnt = "mnt:[2]",
              .mounts = "22 27 0:21 / /proc rw shared:4 - proc proc rw\n"
                        "27 1 254:0 / / rw shared:1 - ext4 /dev/vda rw\n"},
     .parent = SYSTEMD,
     .outer = SYSTEMD},
    {.name = "a service that a container's systemd has not made, but is itself in",
     .init = {.comm = "sleep",
              "0::/system.slice/bed.service\n",
              .mnt = "mnt:[2]",
              .mounts = PRIVATE_PIDS},
     .parent = {.comm = "systemd",
                "0::/system.slice/bed.service\n",
                .mnt = "mnt:[1]",
                .mounts = HOST_MOUNTS},
     .outer = SYSTEMD},
    {.name = "a scope below a service that is not its own",
     .init = {.comm = "sleep",
              "0::/user.slice/user-0.slice/user@0.service/app.slice/run-r1.scope/sub\n",
              .mnt = "mnt:[2]",
              .mounts = PRIVATE_PIDS},
     .parent = SYSTEMD,
     .outer = SYSTEMD},
    {.name = "a long path of another hierarchy that ends like a service",
     .init = {.comm = "sleep",
              "4:memory:/a/long/one/of/the/host/box.service\n0::/box\n",
              .mnt = "mnt:[2]",
              .mounts = PRIVATE_PIDS},
     .parent = SYSTEMD,
     .outer = SYSTEMD},
    /* What the kubelet leaves */
    {.name = "k8s, a mount of another pod's",
     .init = {.comm = "sh",
              "0::/kubepods/burstable/pod" STATIC "/" NGINX "\n",
              .mnt = "mnt:[2]",
              .mounts = OVERLAY TERMINATION_LOG(UID)},
     .parent = SHIM("k8s.io", PAUSE),
     .outer = SYSTEMD,
     .files = {{WHO_PARENT, LOGS, LOGS_OF_PODS}},
     .kind = "k8s",
     .text = "k8s default/kweb-node1 (422e642a39fa)"},
    {.name = "k8s, a mount alone, which the container can have made",
     .init = {.comm = "sh",
              "0::/kubepods/burstable/pod" STATIC "/" NGINX "\n",
              .mnt = "mnt:[2]",
              .mounts = OVERLAY TERMINATION_LOG(STATIC)},
     .parent = SHIM("k8s.io", PAUSE),
     .outer = SYSTEMD,
     .kind = "k8s",
     .text = "k8s pod " STATIC " (422e642a39fa)"},
    {.name = "k8s, a container that calls its init like a sandbox's",
     .init = {.comm = "pause",
              "0::/kubepods/burstable/pod" STATIC "/" NGINX "\n",
              .mnt = "mnt:[2]"},
     .parent = SHIM("k8s.io", PAUSE),
     .outer = SYSTEMD,
     .files = {{WHO_PARENT, LOGS, LOGS_OF_PODS}},
     .kind = "k8s",
     .text = "k8s default/kweb-node1 (422e642a39fa)"},
    {.name = "k8s, names of logs that are none of the kubelet's",
     .init = {.comm = "sh", "0::/kubepods/burstable/pod" STATIC "/" NGINX "\n", .mnt = "mnt:[2]"},
     .parent = SHIM("k8s.io", PAUSE),
     .outer = SYSTEMD,
     .files = {{WHO_PARENT, CONTAINER_LOGS,
                "default_nginx-" NGINX ".log\n" NGINX ".log\n-" NGINX ".log.1\n"},
               {WHO_PARENT, LOGS, "a_b_c_" STATIC "\n_" STATIC ".old\n" STATIC "\n"}},
     .kind = "k8s",
     .text = "k8s pod " STATIC " (422e642a39fa)"},
    {.name = "k8s, two names of one container",
     .init = {.comm = "sh", "0::/kubepods/burstable/pod" STATIC "/" NGINX "\n", .mnt = "mnt:[2]"},
     .parent = SHIM("k8s.io", PAUSE),
     .outer = SYSTEMD,
     .files = {{WHO_PARENT, CONTAINER_LOGS,
                "a_default_nginx-" NGINX ".log\nb_default_nginx-" NGINX ".log\n"}},
     .kind = "k8s",
     .text = "k8s pod " STATIC " (422e642a39fa)"},
    {.name = "CRI-O, the bundle of another container",
     .init = {.comm = "sh", "0::/kubepods/besteffort/pod" UID "/crio-" WEB "\n", .mnt = "mnt:[2]"},
     .parent = {.comm = "conmon",
                "0::/\n",
                "conmon|-b|" CRIO_BUNDLE(DB) "|-c|" WEB "|--exit-dir|/var/run/crio/exits",
                .mnt = "mnt:[1]"},
     .outer = SYSTEMD,
     .files = {{WHO_PARENT, CRIO_BUNDLE(DB) "/config.json", POD_OF_CRIO}},
     .kind = "k8s",
     .text = "k8s pod " UID " (b61aae2d57bc)"},
    {.name = "CRI-O, annotations of containerd's, which the author of a pod can choose",
     .init = {.comm = "sh", "0::/kubepods/besteffort/pod" UID "/crio-" WEB "\n", .mnt = "mnt:[2]"},
     .parent = CRIO(WEB),
     .outer = SYSTEMD,
     .files = {{WHO_PARENT, CRIO_BUNDLE(WEB) "/config.json", ANNOTATIONS}},
     .kind = "k8s",
     .text = "k8s pod " UID " (b61aae2d57bc)"},
    {.name = "a bundle of containerd's with an ID that has no name",
     .init = {.comm = "nginx", "0::/default/" WEB "\n", .mnt = "mnt:[2]"},
     .parent = SHIM("default", WEB),
     .outer = SYSTEMD,
     .files = {{WHO_PARENT, TASKS "default/" WEB "/config.json",
                "{\"annotations\":{\"nerdctl/name\":\"\"}}"}},
     .kind = "containerd",
     .text = "containerd default/" WEB},
    {.name = "LXC has no projects",
     .init = {.comm = "systemd", "0::/lxc.payload.lab_web\n", .mnt = "mnt:[2]"},
     .parent =
         {.comm = "lxc-start", "0::/\n", "[lxc monitor] /var/lib/lxc lab_web", .mnt = "mnt:[1]"},
     .outer = SYSTEMD,
     .kind = "lxc",
     .text = "LXC lab_web",
     .found = {.name = "lab_web"}},
    {.name = "Incus, a name that is no project's",
     .init = {.comm = "systemd", "0::/lxc.payload._web\n", .mnt = "mnt:[2]"},
     .parent = {.comm = "incusd",
                "0::/\n",
                "[lxc monitor] /var/lib/incus/containers _web",
                .mnt = "mnt:[1]"},
     .outer = SYSTEMD,
     .kind = "incus",
     .text = "Incus _web",
     .found = {.name = "_web"}},
    {.name = "minijail-init, its parent another program with words after `--`",
     .init = {.comm = "minijail-init", "0::/\n", .mnt = "mnt:[1]"},
     .parent = {.comm = "systemd", .args = "/sbin/init|--|/usr/bin/camera", .mnt = "mnt:[1]"},
     .outer = SYSTEMD,
     .kind = "minijail",
     .text = "minijail"},
    {.name = "an init of unshare's that looks like a label",
     .init = {.comm = "docker web (45e", "0::/\n", .mnt = "mnt:[2]"},
     .parent = {.comm = "unshare", "0::/\n", "unshare|-pf|x", .mnt = "mnt:[1]"},
     .outer = SYSTEMD,
     .kind = "unshare",
     .text = "unshare docker web (45e"},
};

#define CONFIG "/var/lib/docker/containers/" WEB "/config.v2.json"
#define OF_USER(NAME, ARGS)                                                                        \
    {                                                                                              \
        .comm = NAME, .cgroup = "0::/user.slice\n", .args = ARGS, .mnt = "mnt:[1]",                \
        .user = "user:[7]", .uid = 1001                                                            \
    }
#define BOX                                                                                        \
    {                                                                                              \
        .comm = "sh", .cgroup = "0::/\n", .mnt = "mnt:[2]", .mounts = OVERLAY, .uid = 1001,        \
        .user = "user:[7]"                                                                         \
    }

/* Labels that name a user, and files below a user's root that are not read. */
static const struct row whose_rows[] = {
    {.name = "a user's shim, with root's notes for its ID",
     .init = BOX,
     .parent = OF_USER("containerd-shim", "containerd-shim-runc-v2|-namespace|moby|-id|" WEB),
     .outer = SYSTEMD,
     .files = {{WHO_PARENT, CONFIG, "{\"Name\":\"/web\"}"}},
     .kind = "docker",
     .text = "docker b61aae2d57bc of uid 1001"},
    {.name = "the same, for that user",
     .init = BOX,
     .parent = OF_USER("containerd-shim", "containerd-shim-runc-v2|-namespace|moby|-id|" WEB),
     .outer = SYSTEMD,
     .files = {{WHO_PARENT, CONFIG, "{\"Name\":\"/web\"}"}},
     .caller = 1001,
     .kind = "docker",
     .text = "docker web (b61aae2d57bc)"},
    {.name = "a user's conmon, with root's list for its id",
     .init = BOX,
     .parent = OF_USER("conmon", "conmon|-c|" DB "|-b|/var/lib/containers/storage/"
                                 "overlay-containers/" DB "/userdata|-n|prod-db"),
     .outer = SYSTEMD,
     .files = {{WHO_PARENT, "/var/lib/containers/storage/overlay-containers/containers.json",
                "[{\"id\":\"" DB "\",\"names\":[\"db\"]}]"}},
     .kind = "podman",
     .text = "podman prod-db (6b4df4891334) of uid 1001"},
    {.name = "for another one",
     .init = BOX,
     .parent = OF_USER("conmon", "conmon|-c|" DB "|-n|prod-db"),
     .outer = SYSTEMD,
     .caller = 1002,
     .kind = "podman",
     .text = "podman prod-db (6b4df4891334) of uid 1001"},
    {.name = "root in another user namespace: its owner controls it",
     .init = {.comm = "sh", "0::/\n", .mnt = "mnt:[2]"},
     .parent = {.comm = "containerd-shim",
                .args = "containerd-shim-runc-v2|-namespace|moby|-id|" WEB,
                .user = "user:[7]"},
     .outer = SYSTEMD,
     .files = {{WHO_PARENT, CONFIG, "{\"Name\":\"/web\"}"}},
     .kind = "docker",
     .text = "docker b61aae2d57bc"},
    {.name = "docker run --user 1001",
     .init = {.comm = "sh", "0::/docker/" WEB "\n", .mnt = "mnt:[2]", .uid = 1001, .user = USER_NS},
     .parent = SHIM("moby", WEB),
     .outer = SYSTEMD,
     .files = {{WHO_PARENT, CONFIG, "{\"Name\":\"/web\",\"State\":{\"Pid\":7}}"}},
     .kind = "docker",
     .text = "docker web (b61aae2d57bc)"},
    {.name = "docker, its notes have another PID: no container's init",
     .init = {.comm = "sh", "0::/docker/" WEB "\n", .mnt = "mnt:[2]"},
     .parent = SHIM("moby", WEB),
     .outer = SYSTEMD,
     .files = {{WHO_PARENT, CONFIG, "{\"Name\":\"/web\",\"State\":{\"Pid\":8}}"}}},
    {.name = "docker, its notes have no PID yet",
     .init = {.comm = "sh", "0::/docker/" WEB "\n", .mnt = "mnt:[2]"},
     .parent = SHIM("moby", WEB),
     .outer = SYSTEMD,
     .files = {{WHO_PARENT, CONFIG, "{\"Name\":\"/web\",\"State\":{\"Pid\":0}}"}},
     .kind = "docker",
     .text = "docker web (b61aae2d57bc)"},
    {.name = "a cgroup that a user made, whose maker is gone",
     .init = {.comm = "sh",
              "0::/user.slice/user-1001.slice/user@1001.service/docker-" WEB ".scope\n",
              .mnt = "mnt:[2]",
              .uid = 1001,
              .user = "user:[7]"},
     .parent = SYSTEMD,
     .outer = SYSTEMD,
     .adopted = true,
     .kind = "docker",
     .text = "docker b61aae2d57bc of uid 1001"},
    {.name = "a rootless container whose init runs as a lent ID",
     .init = {.comm = "sh", "0::/libpod_parent/libpod-" DB "\n", .mnt = "mnt:[2]", .uid = 165569},
     .parent = OF_USER("conmon", "conmon|-c|" DB "|-n|db"),
     .outer = SYSTEMD,
     .kind = "podman",
     .text = "podman db (6b4df4891334) of uid 1001"},
    {.name = "a mount of an orphan's",
     .init = {.comm = "sh",
              "0::/\n",
              .mnt = "mnt:[2]",
              .mounts = "6 5 0:39 /systemd/nspawn/propagate/prod /run/host/incoming ro - t t\n",
              .uid = 1001},
     .parent = HOST("systemd"),
     .outer = SYSTEMD,
     .adopted = true,
     .kind = "nspawn",
     .text = "nspawn prod of uid 1001"},
    {.name = "a .containerenv in a user's root",
     .init = BOX,
     .parent = OF_USER("box", "box"),
     .outer = SYSTEMD,
     .files = {{WHO_INIT, "/run/.containerenv", "name=\"prod-db\"\n"}}},
    {.name = "a mount of a user's on /run/.containerenv",
     .init = {.comm = "sh",
              "0::/\n",
              .mnt = "mnt:[2]",
              .mounts = OVERLAY ENV_OF_PODMAN,
              .uid = 1001,
              .user = "user:[7]"},
     .parent = OF_USER("box", "box"),
     .outer = SYSTEMD,
     .files = {{WHO_INIT, "/run/.containerenv", "name=\"prod-db\"\n"},
               {WHO_PARENT, "/var/lib/containers/storage/overlay-containers/containers.json",
                "[{\"id\":\"" DB "\",\"names\":[\"prod-db\"]}]"}},
     .kind = "podman",
     .text = "podman 6b4df4891334 of uid 1001"},
    {.name = "a .dockerenv in a user's root",
     .init = BOX,
     .parent = OF_USER("box", "box"),
     .outer = SYSTEMD,
     .files = {{WHO_INIT, "/.dockerenv", ""}}},
    {.name = "a LinuxKit service, which only root can run",
     .init = BOX,
     .parent = OF_USER("containerd-shim", "containerd-shim|-namespace|services.linuxkit|-id|x"),
     .outer = SYSTEMD},
    {.name = "an LXD monitor, which only root can run",
     .init = BOX,
     .parent = OF_USER("lxd", "[lxc monitor] /var/lib/lxd/containers prod"),
     .outer = SYSTEMD},
    {.name = "an LXC monitor, which anybody can run",
     .init = BOX,
     .parent = OF_USER("lxc-start", "[lxc monitor] /home/kim/lxc prod"),
     .outer = SYSTEMD,
     .kind = "lxc",
     .text = "LXC prod of uid 1001"},
    {.name = "a WSL distribution that a user invents",
     .init = {.comm = "init(prod)",
              "0::/\n",
              "/init",
              .environment = "WSL2_DISTRO_NAME=prod",
              .mnt = "mnt:[2]",
              .mounts = OVERLAY,
              .uid = 1001},
     .parent = OF_USER("sh", "sh"),
     .outer = SYSTEMD,
     .second = {.comm = "init-systemd(pr", "0::/\n", "/init", .uid = 1001},
     .wsl = true},
    {.name = "a WSL distribution that a user invents, with systemd: any container",
     .init = {.comm = "systemd",
              "0::/\n",
              "/sbin/init",
              .environment = "container=wsl",
              .mnt = "mnt:[2]",
              .mounts = OVERLAY,
              .uid = 1001},
     .parent = OF_USER("sh", "sh"),
     .outer = SYSTEMD,
     .second = {.comm = "init-systemd(pr", "0::/\n", "/init", .uid = 1001},
     .wsl = true,
     .kind = "container",
     .text = "container (wsl) of uid 1001"},
    {.name = "a build of a user's",
     .init = BOX,
     .parent =
         OF_USER("buildkit-runc", "buildkit-runc|run|--bundle|/x/buildkit/executor/" STEP "|" STEP),
     .outer = SYSTEMD,
     .kind = "buildkit",
     .text = "docker build xzozc9yte9ua of uid 1001"},
    {.name = "a network of a user's, its maker gone",
     .init = {.comm = "pasta",
              "0::/\n",
              "pasta|--netns|/run/netns/prod",
              .mnt = "mnt:[2]",
              .uid = 1001},
     .parent = SYSTEMD,
     .outer = SYSTEMD,
     .adopted = true,
     .kind = "pasta",
     .text = "pasta prod of uid 1001"},
    {.name = "a browser of a user's",
     .init = {.comm = "QtWebEngineProc",
              "0::/\n",
              "QtWebEngineProcess|--type=zygote|--application-name=bank",
              .mnt = "mnt:[1]",
              .uid = 1001},
     .parent = OF_USER("falkon", "falkon"),
     .outer = SYSTEMD,
     .nested_user_ns = true,
     .kind = "chromium",
     .text = "bank sandbox (zygote) of uid 1001"},
    {.name = "a pod of a user's",
     .init = {.comm = "catatonit",
              "0::/\n",
              .environment = "HOSTNAME=prod",
              .mnt = "mnt:[2]",
              .uid = 1001,
              .user = "user:[7]"},
     .parent = OF_USER("conmon", "conmon|-c|" INFRA "|-n|c468ff203776-infra"),
     .outer = SYSTEMD,
     .kind = "podman",
     .text = "podman pod prod (infra) of uid 1001"},
    {.name = "rootlesskit of a user's",
     .init = {.comm = "exe", "0::/\n", .mnt = "mnt:[2]", .uid = 1001, .user = "user:[7]"},
     .parent = OF_USER("rootlesskit", "rootlesskit|--pidns|bash"),
     .outer = SYSTEMD,
     .kind = "rootlesskit",
     .text = "rootlesskit of uid 1001"},
    {.name = "a runtime of a user's, with a state of root's for its ID",
     .init = BOX,
     .parent = OF_USER("runc", "runc|run|box"),
     .outer = SYSTEMD,
     .files = {{WHO_PARENT, "/run/runc/box/state.json", "{\"init_process_pid\":8}"}},
     .kind = "runc",
     .text = "runc box of uid 1001"},
    {.name = "a build of a user's",
     .init = {.comm = "sh",
              "0::/\n",
              .mnt = "mnt:[2]",
              .mounts = CHROOT("/home/kim/nix/store/" HASH "-vault.drv.chroot/root"),
              .uid = 1001,
              .user = "user:[7]"},
     .parent = OF_USER("nix", "nix|build"),
     .outer = SYSTEMD,
     .kind = "nix",
     .text = "nix build vault of uid 1001"},
    {.name = "an instance of a user's",
     .init = {.comm = "sinit", "0::/\n", .mnt = "mnt:[2]", .uid = 1001, .user = "user:[7]"},
     .parent = OF_USER("starter", "Singularity instance: kim [prod]"),
     .outer = SYSTEMD,
     .kind = "singularity",
     .text = "Singularity prod of uid 1001"},
    {.name = "virtiofsd of a user's",
     .init = {.comm = "virtiofsd", "0::/\n", .mnt = "mnt:[2]", .uid = 1001, .user = "user:[7]"},
     .parent = OF_USER("virtiofsd", "virtiofsd|--socket-path|/run/prod.sock"),
     .outer = SYSTEMD,
     .kind = "virtiofsd",
     .text = "virtiofsd prod.sock of uid 1001"},
    {.name = "an orphan called minijail-init",
     .init = {.comm = "minijail-init", "0::/\n", .mnt = "mnt:[1]", .uid = 1001},
     .parent = SYSTEMD,
     .outer = SYSTEMD,
     .adopted = true,
     .kind = "minijail",
     .text = "minijail of uid 1001"},
    {.name = "a service that runs as a user",
     .init = {.comm = "redis",
              "0::/system.slice/redis.service\n",
              .mnt = "mnt:[2]",
              .mounts = PRIVATE_PIDS,
              .uid = 112,
              .user = USER_NS},
     .parent = SYSTEMD,
     .outer = SYSTEMD,
     .adopted = true,
     .kind = "systemd",
     .text = "systemd service redis"},
    {.name = "a user's orphan in a service of root's, with the mounts of PrivatePIDs=",
     .init = {.comm = "sh",
              "0::/system.slice/cron.service\n",
              .mnt = "mnt:[2]",
              .mounts = PRIVATE_PIDS,
              .uid = 1001,
              .user = "user:[7]"},
     .parent = SYSTEMD,
     .outer = SYSTEMD,
     .adopted = true,
     .kind = "systemd",
     .text = "systemd service cron of uid 1001"},
    {.name = "the same, his user namespace not readable",
     .init = {.comm = "sh",
              "0::/system.slice/cron.service\n",
              .mnt = "mnt:[2]",
              .mounts = PRIVATE_PIDS,
              .uid = 1001},
     .parent = SYSTEMD,
     .outer = SYSTEMD,
     .adopted = true,
     .caller = 65534,
     .kind = "systemd",
     .text = "systemd service cron of uid 1001"},
    {.name = "a service of a user's manager",
     .init = {.comm = "sleep",
              "0::/user.slice/user-1001.slice/user@1001.service/app.slice/upriv.service\n",
              .mnt = "mnt:[2]",
              .mounts = PRIVATE_PIDS,
              .uid = 1001,
              .user = "user:[7]"},
     .parent = {.comm = "systemd",
                "0::/user.slice/user-1001.slice/user@1001.service/init.scope\n",
                .mnt = "mnt:[1]",
                .mounts = HOST_MOUNTS,
                .uid = 1001},
     .outer = SYSTEMD,
     .kind = "systemd",
     .text = "systemd service upriv of uid 1001"},
    {.name = "docker --pid=host, an orphan in it, with a variable of the image's",
     .init = {.comm = "sleep",
              "9:name=systemd:/docker/" WEB "\n0::/docker/" WEB "\n",
              "sleep|490011",
              .environment = "HOSTNAME=b61aae2d57bc|container=docker",
              .mnt = "mnt:[2]",
              .mounts = OVERLAY HOSTNAME_OF_DOCKER},
     .parent = SHIM("moby", WEB),
     .outer = SYSTEMD,
     .files = {{WHO_PARENT, CONFIG, "{\"Name\":\"/hp\",\"State\":{\"Pid\":5429}}"}}},
    {.name = "podman --pid=host, an orphan in it",
     .init = ORPHAN_OF_PODMAN,
     .parent = CONMON_OF("/run/bundle|-p|/run/userdata/pidfile", DB, "php"),
     .outer = SYSTEMD,
     .files = {{WHO_PARENT, "/run/userdata/pidfile", "5690"}}},
    {.name = "podman, the PID in conmon's file is the init's",
     .init = ORPHAN_OF_PODMAN,
     .parent = CONMON_OF("/run/bundle|-p|/run/userdata/pidfile", DB, "php"),
     .outer = SYSTEMD,
     .files = {{WHO_PARENT, "/run/userdata/pidfile", "7\n"}},
     .kind = "podman",
     .text = "podman php (6b4df4891334)"},
    {.name = "podman, nothing in conmon's file yet",
     .init = ORPHAN_OF_PODMAN,
     .parent = CONMON_OF("/run/bundle|-p|/run/userdata/pidfile", DB, "php"),
     .outer = SYSTEMD,
     .files = {{WHO_PARENT, "/run/userdata/pidfile", ""}},
     .kind = "podman",
     .text = "podman php (6b4df4891334)"},
    {.name = "a user's conmon, whose file is not read",
     .init = BOX,
     .parent = OF_USER("conmon", "conmon|-c|" DB "|-p|/run/pidfile|-n|prod-db"),
     .outer = SYSTEMD,
     .files = {{WHO_PARENT, "/run/pidfile", "5690"}},
     .kind = "podman",
     .text = "podman prod-db (6b4df4891334) of uid 1001"},
    {.name = "bwrap left behind in a container of Podman's with --pid=host is still bwrap",
     .init = {.comm = "bwrap",
              "0::/libpod_parent/libpod-" DB "\n",
              "bwrap|--unshare-pid|sleep|9",
              .environment = "container=podman",
              .mnt = "mnt:[2]",
              .mounts = OVERLAY ENV_OF_PODMAN},
     .parent = CONMON_OF("/run/bundle|-p|/run/userdata/pidfile", DB, "php"),
     .outer = SYSTEMD,
     .files = {{WHO_PARENT, "/run/userdata/pidfile", "5690"}},
     .kind = "bubblewrap",
     .text = "bubblewrap sleep"},
    {.name = "CRI-O, hostPID: an orphan in a pod",
     .init = {.comm = "sleep",
              "0::/kubepods/besteffort/pod" UID "/crio-" WEB "\n",
              .mnt = "mnt:[2]",
              .mounts = OVERLAY},
     .parent =
         CONMON_OF("/run/bundle|-p|/run/userdata/pidfile", WEB, "k8s_side_car_ctwo_" UID "_0"),
     .outer = SYSTEMD,
     .files = {{WHO_PARENT, "/run/userdata/pidfile", "5690"}}},
    {.name = "k8s, hostPID: an orphan in a container of a pod, beside the sandbox's bundle",
     .init = {.comm = "sleep", "0::/kubepods/pod" UID "/" WEB "\n", .mnt = "mnt:[2]"},
     .parent = SHIM("k8s.io", POD),
     .outer = SYSTEMD,
     .files = {{WHO_PARENT, TASKS "k8s.io/" WEB "/init.pid", "5690"},
               {WHO_PARENT, TASKS "k8s.io/" WEB "/config.json", ANNOTATIONS}}},
    {.name = "k8s, the PID in the bundle is the init's",
     .init = {.comm = "sleep", "0::/kubepods/pod" UID "/" WEB "\n", .mnt = "mnt:[2]"},
     .parent = SHIM("k8s.io", POD),
     .outer = SYSTEMD,
     .files = {{WHO_PARENT, TASKS "k8s.io/" WEB "/init.pid", "7"},
               {WHO_PARENT, TASKS "k8s.io/" WEB "/config.json", ANNOTATIONS}},
     .kind = "k8s",
     .text = "k8s default/web"},
    {.name = "k8s, cgroups of no pod: the shim knows the sandbox, whose PID is another's",
     .init = {.comm = "sleep", "0::/k8s.io/" WEB "\n", .mnt = "mnt:[2]"},
     .parent = SHIM("k8s.io", POD),
     .outer = SYSTEMD,
     .files = {{WHO_PARENT, TASKS "k8s.io/" POD "/init.pid", "5690"},
               {WHO_PARENT, TASKS "k8s.io/" POD "/config.json", ANNOTATIONS}},
     .kind = "k8s",
     .text = "k8s default/web"},
    {.name = "ctr run --pid=host, an orphan in it, for a state directory of one's own",
     .init = {.comm = "sleep", "0::/default/my-ctr\n", .mnt = "mnt:[2]"},
     .parent = {.comm = "containerd-shim",
                "0::/\n",
                "/usr/bin/containerd-shim-runc-v2|-namespace|default|-id|my-ctr",
                .mnt = "mnt:[1]",
                .cwd = "/srv/containerd/task/default/my-ctr"},
     .outer = SYSTEMD,
     .files = {{WHO_PARENT, "/srv/containerd/task/default/my-ctr/init.pid", "5690"}}},
    {.name = "ctr run, the PID in the bundle is the init's",
     .init = {.comm = "sleep", "0::/default/my-ctr\n", .mnt = "mnt:[2]"},
     .parent = SHIM("default", "my-ctr"),
     .outer = SYSTEMD,
     .files = {{WHO_PARENT, TASKS "default/my-ctr/init.pid", "7"}},
     .kind = "containerd",
     .text = "containerd default/my-ctr"},
    {.name = "docker --pid=host for an ordinary user, an orphan in it beside its main process",
     .init = {.comm = "sleep", "0::/docker/" WEB "\n", .mounts = OVERLAY HOSTNAME_OF_DOCKER},
     .parent = SHIM("moby", WEB),
     .outer = SYSTEMD,
     .peer = {.comm = "sh", "0::/docker/" WEB "\n"},
     .caller = 65534},
    {.name = "podman --pid=host for an ordinary user, the same",
     .init = ORPHAN_OF_PODMAN,
     .parent = CONMON(DB, "php"),
     .outer = SYSTEMD,
     .peer = {.comm = "sh", "4:memory:/service\n0::/libpod_parent/libpod-" DB "/inner\n"},
     .caller = 65534},
    {.name = "k8s, hostPID, for an ordinary user: the peer is the sandbox",
     .init = {.comm = "sleep", "0::/kubepods/pod" UID "/" WEB "\n"},
     .parent = SHIM("k8s.io", POD),
     .outer = SYSTEMD,
     .peer = {.comm = "pause", "0::/kubepods/pod" UID "/" POD "\n"},
     .caller = 65534},
    {.name = "ctr run --pid=host for an ordinary user",
     .init = {.comm = "sleep", "0::/default/my-ctr\n"},
     .parent = SHIM("default", "my-ctr"),
     .outer = SYSTEMD,
     .peer = {.comm = "sh", "0::/default/my-ctr\n"},
     .caller = 65534},
    {.name = "a peer that is a runtime of the shim's",
     .init = {.comm = "sleep", "0::/docker/" WEB "\n"},
     .parent = SHIM("moby", WEB),
     .outer = SYSTEMD,
     .peer = {.comm = "runc", "0::/system.slice/docker.service\n"},
     .caller = 65534,
     .kind = "docker",
     .text = "docker b61aae2d57bc"},
    {.name = "a peer, and no cgroup of the container's",
     .init = {.comm = "sleep", "0::/\n"},
     .parent = {.comm = "conmon", "0::/\n", "conmon|-c|" DB "|-n|db"},
     .outer = SYSTEMD,
     .peer = {.comm = "crun", "0::/\n"},
     .caller = 65534,
     .kind = "podman",
     .text = "podman db (6b4df4891334)"},
    {.name = "a pod's cgroup that a user made, whose maker is gone: the pod's name is not his",
     .init = {.comm = "sh",
              "0::/user.slice/user-1001.slice/user@1001.service/kubepods/pod" UID "/" WEB "\n",
              .mnt = "mnt:[2]",
              .uid = 1001},
     .parent = SYSTEMD,
     .outer = SYSTEMD,
     .adopted = true,
     .files = {{WHO_PARENT, CONTAINER_LOGS, "coredns-abc_kube-system_coredns-" WEB ".log\n"},
               {WHO_PARENT, LOGS, LOGS_OF_PODS}},
     .kind = "k8s",
     .text = "k8s pod " UID " (b61aae2d57bc) of uid 1001"},
    {.name = "a pod's cgroup and a shim of a user's",
     .init = {.comm = "sh",
              "0::/user.slice/user-1001.slice/user@1001.service/kubepods/pod" UID "/" WEB "\n",
              .mnt = "mnt:[2]",
              .uid = 1001},
     .parent = OF_USER("containerd-shim", "containerd-shim-runc-v2|-namespace|k8s.io|-id|" WEB),
     .outer = SYSTEMD,
     .files = {{WHO_PARENT, CONTAINER_LOGS, "coredns-abc_kube-system_coredns-" WEB ".log\n"},
               {WHO_PARENT, LOGS, LOGS_OF_PODS}},
     .kind = "k8s",
     .text = "k8s pod " UID " (b61aae2d57bc) of uid 1001"},
    {.name = "CRI-O without -n, hostPID: an orphan in a pod",
     .init = {.comm = "sleep", "0::/kubepods/pod" UID "/crio-" WEB "\n", .mnt = "mnt:[2]"},
     .parent = {.comm = "conmon",
                "0::/\n",
                "conmon|-b|" CRIO_BUNDLE(WEB) "|-c|" WEB "|-p|/run/pidfile",
                .mnt = "mnt:[1]"},
     .outer = SYSTEMD,
     .files = {{WHO_PARENT, "/run/pidfile", "5690"},
               {WHO_PARENT, CRIO_BUNDLE(WEB) "/config.json", POD_OF_CRIO}}},
    {.name = "a user's conmon in a pod's cgroup, with a bundle of root's",
     .init = {.comm = "sh",
              "0::/user.slice/user-1001.slice/user@1001.service/kubepods/pod" UID "/crio-" WEB "\n",
              .mnt = "mnt:[2]",
              .uid = 1001},
     .parent = OF_USER("conmon", "conmon|-b|" CRIO_BUNDLE(WEB) "|-c|" WEB),
     .outer = SYSTEMD,
     .files = {{WHO_PARENT, CRIO_BUNDLE(WEB) "/config.json", POD_OF_CRIO}},
     .kind = "k8s",
     .text = "k8s pod " UID " (b61aae2d57bc) of uid 1001"},
    {.name = "a user's shim, with a bundle of root's for its ID",
     .init = BOX,
     .parent = OF_USER("containerd-shim", "containerd-shim-runc-v2|-namespace|default|-id|" WEB),
     .outer = SYSTEMD,
     .files = {{WHO_PARENT, TASKS "default/" WEB "/config.json",
                "{\"annotations\":{\"nerdctl/name\":\"prod\"}}"}},
     .kind = "containerd",
     .text = "containerd default/" WEB " of uid 1001"},
};

/* The evidence of one process: copies, with `|` as NUL. */
struct copy {
    struct evidence evidence;
    char *texts[FACT_FILE];
};

static const char *fact_of(const struct one *one, enum fact fact)
{
    const char *facts[FACT_FILE] = {
        [FACT_CGROUP] = one->cgroup, [FACT_CMDLINE] = one->args,
        [FACT_MOUNTS] = one->mounts, [FACT_ENVIRON] = one->environment,
        [FACT_MNT_NS] = one->mnt,    [FACT_EXE] = one->exe,
        [FACT_CWD] = one->cwd,       [FACT_USER_NS] = one->user,
    };

    return facts[fact];
}

static const struct one *one_of(const struct row *row, enum who who)
{
    const struct one *all[WHO_COUNT] = {&row->init,   &row->parent, &row->outer,
                                        &row->second, &row->peer,   &row->grandparent};

    return all[who];
}

static struct text answer_fact(const struct row *row, enum who who, enum fact fact,
                               struct copy *copy)
{
    const char *text = fact_of(one_of(row, who), fact);
    bool words = fact == FACT_CMDLINE || fact == FACT_ENVIRON;

    assert_null(copy->texts[fact]); /* nothing is asked for twice */
    if (!text)
        return (struct text){0};
    /* Of exact size, so that a sanitizer sees an access beyond it. */
    size_t len = strlen(text);
    char *bytes = malloc(len + 1);
    assert_non_null(bytes);
    memcpy(bytes, text, len);
    for (size_t i = 0; i < len && words; i++)
        bytes[i] = bytes[i] == '|' ? '\0' : bytes[i];
    copy->texts[fact] = realloc(bytes, len ? len : 1);
    return (struct text){copy->texts[fact], len};
}

static struct text answer_file(const struct row *row, enum who who, const char *path)
{
    for (size_t i = 0; i < COUNT(row->files); i++) {
        const struct beneath *file = &row->files[i];

        if (file->path && file->who == who && strcmp(file->path, path) == 0)
            return text_of(file->content);
    }
    return (struct text){0};
}

static size_t users_files; /* that all trials asked for */

/* The root namespace. */
struct root {
    uint32_t inode;
    const char *host;
};

static void judge_in(const struct row *row, const struct root *root, struct label *label)
{
    struct copy copies[WHO_COUNT] = {0};
    struct notes notes = {0};
    struct trial trial = {
        .outer_pid = 7,
        .notes = &notes,
        .wsl = row->wsl,
        .member = row->member,
        .distribution = {row->distribution, row->distribution ? strlen(row->distribution) : 0},
        .nested_user_ns = row->nested_user_ns,
        .caller = row->caller,
        .user_ns = text_of(USER_NS)};
    int left = 100;

    for (enum who who = 0; who < WHO_COUNT; who++) {
        copies[who].evidence = (struct evidence){
            .name = one_of(row, who)->comm, .uid = one_of(row, who)->uid, .pid = 100 + who};
        trial.evidence[who] = one_of(row, who)->comm ? &copies[who].evidence : NULL;
    }
    if (row->adopted)
        trial.evidence[WHO_PARENT] = trial.evidence[WHO_OUTER];
    if (root) {
        trial.root = root->inode;
        trial.host = root->host;
    }
    while (!judge_namespace(&trial, label)) {
        enum who who = trial.request.who;

        assert_true(left-- > 0);
        assert_non_null(trial.evidence[who]);
        users_files += trial.request.fact >= FACT_FILE && trial.evidence[who]->uid != 0;
        if (trial.request.fact >= FACT_FILE)
            trial_answer(&trial, answer_file(row, who, trial.request.path), true);
        else
            trial_answer(&trial, answer_fact(row, who, trial.request.fact, &copies[who]), true);
    }
    for (enum who who = 0; who < WHO_COUNT; who++) {
        for (size_t i = 0; i < FACT_FILE; i++)
            free(copies[who].texts[i]);
    }
    notes_free(&notes);
}

static void judge(const struct row *row, struct label *label)
{
    judge_in(row, NULL, label);
}

/* The number of parts that are not as expected. */
static int check_found(const struct row *row, const struct found *found)
{
    const char *const pairs[][2] = {{row->found.id, found->id},
                                    {row->found.name, found->name},
                                    {row->found.k8s_namespace, found->k8s_namespace},
                                    {row->found.pod, found->pod},
                                    {row->found.image, found->image}};
    int wrong = 0;

    for (size_t i = 0; i < COUNT(pairs); i++) {
        if (!pairs[i][0] || strcmp(pairs[i][0], pairs[i][1]) == 0)
            continue;
        print_error("%s: found \"%s\", not \"%s\"\n", row->name, pairs[i][1], pairs[i][0]);
        wrong++;
    }
    return wrong;
}

static void check(const struct row *rows, size_t n)
{
    int wrong = 0;

    for (size_t i = 0; i < n; i++) {
        struct label label;
        const char *kind = rows[i].kind ? rows[i].kind : "nothing";
        const char *text = rows[i].text ? rows[i].text : "";

        judge(&rows[i], &label);
        if (strcmp(label.kind ? label.kind : "nothing", kind) != 0 ||
            strcmp(label.text, text) != 0) {
            print_error("%s: %s \"%s\" (by %s), not %s \"%s\"\n", rows[i].name,
                        label.kind ? label.kind : "nothing", label.text,
                        label.evidence ? label.evidence : "nothing", kind, text);
            wrong++;
        }
        wrong += check_found(&rows[i], &label.found);
    }
    assert_int_equal(wrong, 0);
}

static void test_known(void **state)
{
    (void)state;
    check(known, COUNT(known));
}

/* Processes that share a PID namespace. Their mounts do not matter, and neither do the PIDs in the
 * notes of an engine, which are those of other processes. */
static const struct row members[] = {
    {.name = "docker, --pid=host",
     .init = {.comm = "sleep", "0::/system.slice/docker-" WEB ".scope\n", .mnt = "mnt:[1]"},
     .parent = SHIM("moby", WEB),
     .files = {{WHO_PARENT, "/var/lib/docker/containers/" WEB "/config.v2.json",
                "{\"State\":{\"Pid\":7000},\"Name\":\"/web\",\"Config\":{\"Image\":\"nginx:1\"}}"}},
     .kind = "docker",
     .text = "docker web (b61aae2d57bc)"},
    {.name = "docker, an orphan whose shim is not known",
     .init = {.comm = "sleep", "0::/docker/" WEB "\n"},
     .kind = "docker",
     .text = "docker b61aae2d57bc"},
    {.name = "docker, for an ordinary user",
     .init = {.comm = "sleep", "0::/docker/" WEB "\n", .uid = 1000},
     .parent = SHIM("moby", WEB),
     .caller = 65534,
     .kind = "docker",
     .text = "docker b61aae2d57bc"},
    {.name = "podman, of a pod, renamed",
     .init = {.comm = "sleep", "0::/machine.slice/libpod-" DB ".scope/container\n"},
     .parent = CONMON_OF("/s/overlay-containers/" DB "/userdata", DB, "db"),
     .files = {{WHO_PARENT, "/s/overlay-containers/containers.json",
                "[{\"id\":\"" DB "\",\"names\":[\"base\"]}]"}},
     .kind = "podman",
     .text = "podman base (6b4df4891334)"},
    {.name = "k8s, a container of a pod whose processes are shared",
     .init = {.comm = "app", "0::/kubepods/besteffort/pod" UID "/" WEB "\n"},
     .parent = SHIM("k8s.io", POD),
     .files = {{WHO_PARENT, TASKS "k8s.io/" WEB "/init.pid", "5000"},
               {WHO_PARENT, TASKS "k8s.io/" WEB "/config.json",
                "{\"annotations\":{\"io.kubernetes.cri.container-type\":\"container\","
                "\"io.kubernetes.cri.container-name\":\"app\","
                "\"io.kubernetes.cri.sandbox-name\":\"web\","
                "\"io.kubernetes.cri.sandbox-namespace\":\"default\"}}"}},
     .kind = "k8s",
     .text = "k8s default/web/app"},
    {.name = "k8s, of whose cgroup nothing is known: the shim only knows the sandbox",
     .init = {.comm = "app", "0::/elsewhere\n"},
     .parent = SHIM("k8s.io", POD)},
    {.name = "containerd, whose cgroups have any name",
     .init = {.comm = "sleep", "0::/default/ctrweb\n"},
     .parent = SHIM("default", "ctrweb"),
     .kind = "containerd",
     .text = "containerd default/ctrweb"},
    {.name = "a runtime at work, in the cgroup of its shim",
     .init = {.comm = "runc", "1:cpu:/\n0::/system.slice/docker.service\n"},
     .parent = SHIM("default", "ctrweb")},
    {.name = "a helper of conmon's",
     .init = {.comm = "crun", "0::/libpod_parent/conmon\n"},
     .parent = CONMON(DB, "db")},
    {.name = "a user's cgroup",
     .init = {.comm = "sleep",
              "0::/user.slice/user-1001.slice/user@1001.service/docker-" WEB ".scope\n",
              .uid = 1001},
     .kind = "docker",
     .text = "docker b61aae2d57bc of uid 1001"},
    {.name = "a user's shim",
     .init = {.comm = "sleep", "0::/user.slice/user-1001.slice/a.scope\n", .uid = 1001},
     .parent = {.comm = "containerd-shim",
                "0::/user.slice/user-1001.slice/b.scope\n",
                "containerd-shim-runc-v2|-namespace|default|-id|db",
                .uid = 1001},
     .kind = "containerd",
     .text = "containerd default/db of uid 1001"},
    {.name = "Nomad, which only root runs, in a user's cgroup",
     .init = {.comm = "sleep",
              "0::/user.slice/user-1001.slice/nomad.slice/share.slice/" UID ".db.scope\n",
              .uid = 1001}},
    {.name = "a service", .init = {.comm = "cron", "0::/system.slice/cron.service\n"}},
    {.name = "what a process of a container calls itself is not asked",
     .init = {.comm = "appinit", "0::/\n", .environment = "container=lxc"},
     .parent = {.comm = "firejail", "0::/\n", "firejail|--name=bank"}},
};

static void test_members(void **state)
{
    struct row rows[COUNT(members)];

    (void)state;
    memcpy(rows, members, sizeof rows);
    for (size_t i = 0; i < COUNT(rows); i++)
        rows[i].member = true;
    check(rows, COUNT(rows));
}

/* The parts of a label, and the PID of the init that an engine notes. */
static void test_parts(void **state)
{
    struct row row = members[0];
    struct label label;

    (void)state;
    row.member = true;
    judge(&row, &label);
    assert_true(label.container);
    assert_string_equal(label.found.name, "web");
    assert_string_equal(label.found.id, WEB);
    assert_string_equal(label.found.image, "nginx:1");
    assert_int_equal(label.found.init, 7000);
    row = members[4];
    row.member = true;
    judge(&row, &label);
    assert_string_equal(label.found.k8s_namespace, "default");
    assert_string_equal(label.found.pod, "web");
    assert_string_equal(label.found.name, "app");
    assert_string_equal(label.found.id, WEB);
    assert_int_equal(label.found.init, 5000);
    judge(&known[0], &label);
    assert_true(label.container);
    row = (struct row){.init = {.comm = "sh", "0::/\n", .mnt = "mnt:[2]"},
                       .parent = {.comm = "unshare", "0::/\n", "unshare|-pf|sh"},
                       .outer = SYSTEMD};
    judge(&row, &label);
    assert_string_equal(label.kind, "unshare");
    assert_false(label.container);
}

static void test_whose(void **state)
{
    (void)state;
    check(whose_rows, COUNT(whose_rows));
}

/* Whether a label of a user's processes is one that he could forge, or believes his files. */
static bool is_taken_in(const struct row *row)
{
    size_t before = users_files;
    struct label label;

    judge(row, &label);
    bool read = users_files != before;
    bool roots = label.kind && (engine_kinds[label.found.kind].flags & ROOT_ONLY ||
                                !strstr(label.text, " of uid 100"));
    if (read || roots)
        print_error("%s: \"%s\" by %s%s\n", row->name, label.text,
                    label.evidence ? label.evidence : "nothing", read ? ", and a file of his" : "");
    return read || roots;
}

/* The same evidence of a user's processes is never a label of root's. */
static void test_forged(void **state)
{
    int wrong = 0;

    (void)state;
    for (size_t i = 0; i < COUNT(known); i++) {
        struct row row = known[i];

        row.init.uid = row.parent.uid = row.second.uid = 1001;
        row.init.user = row.parent.user = row.second.user = "user:[7]";
        row.caller = 0;
        row.adopted = false;
        if (strcmp(row.parent.comm ? row.parent.comm : "", "systemd") == 0)
            row.parent.comm = "box";
        wrong += is_taken_in(&row);
    }
    assert_int_equal(wrong, 0);
}

/* Nor where his parent has died: but for cgroups, which only root can have named. */
static void test_forged_by_orphans(void **state)
{
    int wrong = 0;

    (void)state;
    for (size_t i = 0; i < COUNT(known); i++) {
        struct row row = known[i];

        row.init.uid = row.second.uid = 1001;
        row.init.user = row.second.user = "user:[7]";
        row.init.cgroup = "0::/user.slice/user-1001.slice\n";
        row.outer = (struct one)SYSTEMD;
        row.caller = 0;
        row.adopted = true;
        wrong += is_taken_in(&row);
    }
    assert_int_equal(wrong, 0);
}

/* Every rule that believes the program of the parent names the user of the parent. */
static void test_parents(void **state)
{
    static const char end[] = " of uid 1001";
    size_t n = 0;

    (void)state;
    for (size_t i = 0; i < engine_n_rules; i++) {
        const struct rule *rule = &engine_rules[i];
        struct row row = {.name = rule->evidence,
                          .init = {.comm = "sh", "0::/\n", .mnt = "mnt:[2]"},
                          .parent = OF_USER(rule->parent, rule->parent),
                          .outer = SYSTEMD};
        struct label label;

        if (!rule->parent)
            continue;
        judge(&row, &label);
        if (!label.kind || engine_kinds[rule->kind].flags & ROOT_ONLY)
            continue;
        const char *title = engine_kinds[rule->kind].title;
        assert_string_equal(label.evidence, rule->evidence);
        assert_memory_equal(label.text, title, strlen(title));
        assert_string_equal(label.text + strlen(label.text) - strlen(end), end);
        n++;
    }
    assert_true(n >= 3);
}

static void test_kinds(void **state)
{
    (void)state;
    for (enum kind kind = KIND_NONE + 1; kind < KIND_COUNT; kind++) {
        assert_non_null(engine_kinds[kind].word);
        assert_non_null(engine_kinds[kind].title);
    }
}

static void test_deceptive(void **state)
{
    (void)state;
    check(deceptive, COUNT(deceptive));
}

/* Inherited facts are no evidence if the init of the parent namespace shows the same. */
static void test_inherited(void **state)
{
    static const char *const passed_on[] = {"cgroup", "mount", "variable", "file"};
    int wrong = 0, n = 0;

    (void)state;
    for (size_t i = 0; i < COUNT(known); i++) {
        struct row row = known[i];
        struct label before, after;

        judge(&row, &before);
        row.outer = row.init;
        row.outer.comm = "other";
        row.outer.mnt = "mnt:[9]";
        for (size_t file = 0; file < COUNT(row.files); file++) {
            if (row.files[file].who == WHO_INIT && row.files[file].path)
                row.files[2] =
                    (struct beneath){WHO_OUTER, row.files[file].path, row.files[file].content};
        }
        judge(&row, &after);
        for (size_t word = 0; word < COUNT(passed_on); word++) {
            if (!before.evidence ||
                strncmp(before.evidence, passed_on[word], strlen(passed_on[word])) != 0)
                continue;
            n++;
            if (after.kind && strcmp(after.evidence, before.evidence) == 0) {
                print_error("%s: still %s\n", row.name, after.text);
                wrong++;
            }
        }
    }
    assert_int_equal(wrong, 0);
    assert_true(n > 20);
}

/* The driver leaves out a parent process that is not a member of the parent namespace. Then the ID
 * in a shim's command line is not used. */
static void test_parent_from_outside(void **state)
{
    static const struct row row = {.name = "outside",
                                   .init = {.comm = "sh", "0::/\n", .mnt = "mnt:[1]"},
                                   .parent = {0},
                                   .outer = SYSTEMD};
    struct label label;

    (void)state;
    judge(&row, &label);
    assert_null(label.kind);
}

/* An unlabelled namespace costs one link of each of the three, and no file. */
static void test_cost_of_nothing(void **state)
{
    struct evidence init = {.name = "sh"}, outer = {.name = "systemd"};
    struct trial trial = {
        .evidence = {[WHO_INIT] = &init, [WHO_PARENT] = &outer, [WHO_OUTER] = &outer}};
    struct label label;
    int asked = 0;

    (void)state;
    for (; !judge_namespace(&trial, &label); asked++) {
        assert_int_equal(trial.request.fact, FACT_MNT_NS);
        trial_answer(&trial, text_of("mnt:[1]"), true);
    }
    assert_int_equal(asked, 2);
    assert_null(label.kind);
}

/* The root, by its init and process 2; `own`: the caller's WSL_DISTRO_NAME. */
static void test_root(void **state)
{
    static const struct {
        const char *name;
        uint32_t inode;
        bool wsl;
        const char *host, *own;
        struct one init, second;
        const char *kind, *text;
    } rows[] = {
        {"a host", INITIAL, false, "build1", NULL, SYSTEMD, {0}, "host", "host build1"},
        {"without a name", INITIAL, false, "", NULL, SYSTEMD, {0}, "host", "host"},
        {"its init not seen", INITIAL, true, "PC", NULL, {0}, {0}, "wsl", "WSL 2 VM"},
        {"the VM", INITIAL, true, "PC", "Debian", MINI_INIT, {0}, "wsl", "WSL 2 VM"},
        {"the VM of wslc",
         INITIAL,
         true,
         "PC",
         NULL,
         WSL_INIT("init", "WSLC_ROOT_INIT=1"),
         {0},
         "wsl",
         "WSL 2 VM (wslc)"},
        {"a container", OTHER, false, "x", NULL, SYSTEMD, {0}, "container", "this container"},
        {"names of WSL on another kernel",
         OTHER,
         false,
         "x",
         "Debian",
         WSL_INIT("init(Debian)", "WSL2_DISTRO_NAME=Debian"),
         {0},
         "container",
         "this container"},
        {"a container in WSL",
         OTHER,
         true,
         "x",
         "Debian",
         SYSTEMD,
         {0},
         "container",
         "this container"},
        {"its init not seen", OTHER, true, "x", "Debian", {0}, {0}, "container", "this container"},
        {"by root",
         OTHER,
         true,
         "x",
         NULL,
         WSL_INIT("init(Ubuntu-24.", "WSL2_DISTRO_NAME=Ubuntu-24.04"),
         {0},
         "wsl",
         "WSL Ubuntu-24.04"},
        {"by the caller's variable",
         OTHER,
         true,
         "x",
         "Ubuntu-24.04",
         WSL_INIT_UNREAD("init(Ubuntu-24."),
         {0},
         "wsl",
         "WSL Ubuntu-24.04"},
        {"the caller's variable is another's",
         OTHER,
         true,
         "x",
         "Ubuntu-22.04",
         WSL_INIT_UNREAD("init(Ubuntu-24."),
         {0},
         "wsl",
         "WSL Ubuntu-24.\u2026"},
        {"the caller's variable is longer",
         OTHER,
         true,
         "x",
         "Debian-12",
         WSL_INIT_UNREAD("init(Debian)"),
         {0},
         "wsl",
         "WSL Debian"},
        {"without any",
         OTHER,
         true,
         "x",
         NULL,
         WSL_INIT_UNREAD("init(Ubuntu-24."),
         {0},
         "wsl",
         "WSL Ubuntu-24.\u2026"},
        {"systemd, by root", OTHER, true, "x", NULL, WITH_SYSTEMD,
         WSL_INIT("init-systemd(Ub", "WSL2_DISTRO_NAME=Ubuntu"), "wsl", "WSL Ubuntu"},
        {"systemd, by the caller's variable", OTHER, true, "x", "Ubuntu", WITH_SYSTEMD_UNREAD,
         WSL_INIT_UNREAD("init-systemd(Ub"), "wsl", "WSL Ubuntu"},
        {"systemd, without any", OTHER, true, "x", NULL, WITH_SYSTEMD_UNREAD,
         WSL_INIT_UNREAD("init-systemd(Ub"), "wsl", "WSL Ub\u2026"},
        {"systemd, the variable held against nothing", OTHER, true, "x", "Ubuntu",
         WITH_SYSTEMD_UNREAD, WSL_INIT_UNREAD("init-systemd"), "wsl", "WSL distribution"},
        {"a user's process 2",
         OTHER,
         true,
         "x",
         "Ubuntu",
         WITH_SYSTEMD_UNREAD,
         {.comm = "init-systemd(Ub", .args = "/init", .uid = 1001},
         "container",
         "this container"},
        {"docker-desktop",
         OTHER,
         true,
         "x",
         "docker-desktop",
         WSL_INIT_UNREAD("init(docker-des"),
         {0},
         "wsl",
         "docker-desktop"},
        {"the system distribution",
         OTHER,
         true,
         "x",
         NULL,
         WSL_INIT("init()", SYSTEM_OF("Debian")),
         {0},
         "wsl",
         "WSL system distribution (for Debian)"},
        {"a user's init",
         OTHER,
         true,
         "x",
         "Fake",
         {.comm = "init(Fake)",
          .args = "/init",
          .environment = "WSL2_DISTRO_NAME=Fake",
          .uid = 65534},
         {0},
         "container",
         "this container"},
        {"another user namespace's",
         OTHER,
         true,
         "x",
         "Fake",
         {.comm = "init(Fake)",
          .args = "/init",
          .environment = "WSL2_DISTRO_NAME=Fake",
          .user = "user:[7]"},
         {0},
         "container",
         "this container"},
    };
    int wrong = 0;

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct row row = {.init = rows[i].init,
                                .second = rows[i].second,
                                .wsl = rows[i].wsl,
                                .distribution = rows[i].own};
        struct label label;

        judge_in(&row, &(struct root){rows[i].inode, rows[i].host}, &label);
        if (strcmp(label.kind, rows[i].kind) == 0 && strcmp(label.text, rows[i].text) == 0)
            continue;
        print_error("%s: %s \"%s\" (by %s)\n", rows[i].name, label.kind, label.text,
                    label.evidence);
        wrong++;
    }
    assert_int_equal(wrong, 0);
}

/* Evidence that is too long is cut, and no byte beyond its buffer is touched. */
static void test_long_names(void **state)
{
    char config[8192], args[512];
    struct row row = {.name = "long",
                      .init = {.comm = "sleep", "0::/docker/" WEB "\n", .mnt = "mnt:[2]"},
                      .parent = SHIM("moby", WEB),
                      .outer = SYSTEMD};
    struct label label;

    (void)state;
    memset(config, 'x', sizeof config);
    memcpy(config, "{\"Name\":\"/", 10);
    strcpy(config + sizeof config - 3, "\"}");
    row.files[0] =
        (struct beneath){WHO_PARENT, "/var/lib/docker/containers/" WEB "/config.v2.json", config};
    judge(&row, &label);
    assert_string_equal(label.kind, "docker");
    assert_int_equal(strlen(label.text), strlen("docker ") + 319 + strlen(" (b61aae2d57bc)"));

    snprintf(args, sizeof args, "containerd-shim|-namespace|%0200d|-id|%0200d", 1, 2);
    row.parent = (struct one){.comm = "containerd-shim", .args = args, .mnt = "mnt:[1]"};
    row.init.cgroup = "0::/\n";
    judge(&row, &label);
    assert_string_equal(label.kind, "containerd");
    assert_int_equal(strlen(label.text), strlen("containerd ") + 319);
}

/* The name and the image of a container in a list, or NULL. */
static const char *noted(struct notes *notes, const char *file, const char *id)
{
    static char both[100];
    const struct notes_entry *entry = notes_find(notes, text_of(file), id);

    if (!entry)
        return NULL;
    snprintf(both, sizeof both, "%s %s", entry->name, entry->image);
    return both;
}

/* A list is parsed once for all searches, and a few others do not evict it. */
static void test_notes(void **state)
{
    static const char large[] =
        "[{},{},{\"id\":\"a\",\"names\":[\"one\",\"two\"],"
        "\"metadata\":\"{\\\"image-name\\\":\\\"docker.io/x:1\\\",\\\"name\\\":\\\"y\\\"}\"},"
        "{\"id\":\"b\"},{\"id\":\"d\",\"names\":[\"x\"],\"metadata\":\"{\"},"
        "{\"id\":\"e\",\"names\":[\"x\"],\"metadata\":{\"image-name\":\"y\"}},"
        "{\"id\":\"f\",\"names\":[\"x\"],\"metadata\":\"{\\\"image-name\\\":7}\"},7]";
    struct notes notes = {0};

    (void)state;
    for (int i = 0; i < 100; i++)
        assert_string_equal(noted(&notes, large, "a"), "one docker.io/x:1");
    assert_null(noted(&notes, large, "b"));
    assert_null(noted(&notes, large, "c"));
    assert_string_equal(noted(&notes, large, "d"), "x ");
    assert_string_equal(noted(&notes, large, "e"), "x ");
    assert_string_equal(noted(&notes, large, "f"), "x ");
    assert_int_equal(notes.parsed, 1);
    assert_null(noted(&notes, "[{\"id\":\"a\",\"names\":[]}]", "a"));
    assert_null(noted(&notes, "{\"id\":\"a\",\"names\":[\"x\"]}", "a"));
    assert_null(noted(&notes, "[{\"id\":", "a"));
    assert_null(noted(&notes, "", "a"));
    assert_string_equal(noted(&notes, large, "a"), "one docker.io/x:1");
    assert_int_equal(notes.parsed, 4);
    notes_free(&notes);
    assert_null(notes.lists[0]);
}

/* The mount on "/", whole lines only. */
static void test_mount_of_root(void **state)
{
    static const char *const rows[][2] = {
        {HOST_MOUNTS, "27"},
        {"1 0 0:1 / / rw - rootfs none rw\n27 1 254:0 / / rw - ext4 /dev/vda rw\n", ""},
        {"22 27 0:21 / /proc rw - proc proc rw\n27 1 254:0 / /", ""},
        {"27 1 254:0 / / rw", ""},
        {"22 27 0:21 / /proc rw - proc proc rw\n", ""},
        {"\n27 1\n28 1 254:0 / / rw\n", "28"},
        {"", ""},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_true(text_is(mount_of_root(text_of(rows[i][0])), rows[i][1]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known),
        cmocka_unit_test(test_members),
        cmocka_unit_test(test_parts),
        cmocka_unit_test(test_whose),
        cmocka_unit_test(test_forged),
        cmocka_unit_test(test_forged_by_orphans),
        cmocka_unit_test(test_parents),
        cmocka_unit_test(test_kinds),
        cmocka_unit_test(test_deceptive),
        cmocka_unit_test(test_inherited),
        cmocka_unit_test(test_parent_from_outside),
        cmocka_unit_test(test_cost_of_nothing),
        cmocka_unit_test(test_root),
        cmocka_unit_test(test_long_names),
        cmocka_unit_test(test_notes),
        cmocka_unit_test(test_mount_of_root),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
