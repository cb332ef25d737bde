# SPDX-License-Identifier: MIT
"""The engines that need no daemon and have no pods."""

import json
import os
import signal
import subprocess

from lab import (BWRAP, COMMAND_SECONDS, CannotStart, copy_rootfs, init_below, need, notified,
                 notify_socket, output)

LXD, LXC = "/usr/bin/lxd", "/usr/bin/lxc"
SYSTEMCTL = "/usr/bin/systemctl"
NSPAWN, FIREJAIL = "/usr/bin/systemd-nspawn", "/usr/bin/firejail"
LXC_START, LXC_INFO, LXC_STOP = "/usr/bin/lxc-start", "/usr/bin/lxc-info", "/usr/bin/lxc-stop"


def start_nspawn(lab):
    """systemd-nspawn sends the PID of its leader to NOTIFY_SOCKET."""
    need(NSPAWN)
    root = copy_rootfs(lab, "build")
    server = notify_socket(lab, "nspawn.notify")
    env = {**lab.env, "SYSTEMD_SECCOMP": "0", "NOTIFY_SOCKET": lab.path("nspawn.notify")}
    inner = "unshare -p -f sh -c 'echo ready; sleep 86400; :' & exec sleep 86401"
    child = lab.spawn(lab.mounts + [
        NSPAWN, "--quiet", "--directory", root, "--machine=build", "--register=no", "--keep-unit",
        "--resolv-conf=off", "--timezone=off", "--link-journal=no", "--console=pipe",
        "sh", "-c", inner], "nspawn", signal.SIGTERM, env=env, stdout=subprocess.PIPE)
    lab.line_of(child, "nspawn")
    with server:
        leader = int(notified(lab, server, child, "nspawn", "X_NSPAWN_LEADER_PID"))
    lab.expect("nspawn", "build", None, leader)
    lab.expect("unshare", "sh", None, init_below(leader, 3))


def start_lxc(lab):
    need(LXC_START, LXC_INFO, LXC_STOP)
    home = lab.make_dir("lxc")
    root = copy_rootfs(lab, "lxc", "lxcweb", "rootfs")
    config = lab.write("lxc/lxcweb/config", f"""\
lxc.rootfs.path = dir:{root}
lxc.uts.name = lxcweb
lxc.net.0.type = empty
lxc.init.cmd = /bin/sleep 86400
""")
    lxc = ["-P", home, "-n", "lxcweb"]
    output(lab.mounts + [LXC_START, "-d", "-f", config, "-l", "INFO", "-o", lab.path("lxc.log")]
           + lxc, env=lab.env)
    lab.stoppers.append(lambda: output(lab.mounts + [LXC_STOP, "-k"] + lxc, env=lab.env))
    pid = int(output(lab.mounts + [LXC_INFO, "-pH"] + lxc, env=lab.env))
    lab.expect("lxc", "lxcweb", None, pid)


def start_bubblewrap(lab):
    need(BWRAP)
    child = lab.spawn([BWRAP, "--json-status-fd", "1", "--ro-bind", "/", "/", "--dev", "/dev",
                       "--unshare-pid", "--proc", "/proc", "sh", "-c", "sleep 86400; :"],
                      "bwrap", stdout=subprocess.PIPE)
    lab.expect("bubblewrap", "sh", None, json.loads(lab.line_of(child, "bwrap"))["child-pid"])


class Lxd:
    """LXD of its own, with a project beside the default one."""

    def __init__(self, lab):
        self.lab = lab
        self.env = {**lab.env, "LXD_DIR": lab.make_dir("lxd"), "LXD_CONF": lab.make_dir("lxd-cli")}
        self.daemon = lab.spawn(lab.mounts + [LXD, "--logfile", lab.path("lxd-daemon.log")], "lxd",
                                signal.SIGTERM, env=self.env)
        lab.stoppers.append(self.stop)
        self(LXD, "waitready", "--timeout", str(COMMAND_SECONDS))

    def __call__(self, *words):
        return output(self.lab.mounts + list(words), env=self.env)

    def stop(self):
        if self.daemon.poll() is None:
            self(LXD, "shutdown", "--timeout", str(COMMAND_SECONDS))
            self.daemon.wait(COMMAND_SECONDS)

    def prepare(self):
        lab = self.lab
        self(LXC, "storage", "create", "default", "dir")
        self(LXC, "profile", "device", "add", "default", "root", "disk", "path=/", "pool=default")
        self(LXC, "project", "create", "shop", "-c", "features.images=false",
             "-c", "features.profiles=false")
        lab.write("metadata.yaml", f"architecture: {os.uname().machine}\ncreation_date: 1\n")
        output(["tar", "-C", lab.dir, "-cf", lab.path("lxd.tar"), "metadata.yaml", "rootfs"])
        self(LXC, "image", "import", lab.path("lxd.tar"), "--alias", "nstree")

    def start(self, name, project):
        """`lxc query` reports the PID of an instance."""
        self(LXC, "init", "nstree", name, "--project", project,
             "-c", "raw.lxc=lxc.init.cmd=/bin/sleep 86400")
        self(LXC, "start", name, "--project", project)
        # Else the daemon would wait until the init obeys.
        self.lab.stoppers.append(lambda: self(LXC, "delete", "-f", name, "--project", project))
        state = self(LXC, "query", f"/1.0/instances/{name}/state?project={project}")
        return json.loads(state)["pid"]


def start_lxd(lab):
    need(LXD, LXC)
    lxd = Lxd(lab)
    lxd.prepare()
    lab.expect("lxd", "lxdweb", None, lxd.start("lxdweb", "default"))
    lab.expect("lxd", "lxdweb", None, lxd.start("lxdweb", "shop"), project="shop")


def start_firejail(lab):
    """`firejail --list` reports the PID around the sandbox, the user and the name."""
    need(FIREJAIL)
    child = lab.spawn(lab.mounts + [FIREJAIL, "--quiet", "--noprofile", "--name=nstree-jail", "sh",
                                    "-c", "echo ready; sleep 86400; :"], "firejail",
                      stdout=subprocess.PIPE)
    lab.line_of(child, "firejail")
    rows = [row.split(":") for row in output(lab.mounts + [FIREJAIL, "--list"]).splitlines()]
    pid, _, name = rows[0][:3]
    lab.expect("firejail", name, None, init_below(int(pid), 2))


def start_unshare(lab):
    child = lab.spawn(["unshare", "--fork", "--pid", "--mount-proc", "--kill-child", "sh", "-c",
                       "echo ready; sleep 86400; :"], "unshare", stdout=subprocess.PIPE)
    lab.line_of(child, "unshare")
    lab.expect("unshare", "sh", None, init_below(child.pid, 2))


def start_incus(_lab):
    """Its label differs from LXD's by the path of its monitor only."""
    raise CannotStart("Debian 12 has no package of Incus")


def start_private_pids(_lab):
    """A service with PrivatePIDs=yes of systemd.exec(5), since systemd 257."""
    version = int(output([SYSTEMCTL, "--version"]).split()[1])
    if version < 257:
        raise CannotStart(f"systemd {version} has no PrivatePIDs=")
    raise CannotStart("systemd does not run here")
