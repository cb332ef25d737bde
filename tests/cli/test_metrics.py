# SPDX-License-Identifier: MIT
"""Metrics of recordings that are written by hand: which series there are, and what each counts.
Where promtool is installed, it reads them, too."""
import json
import re
import shutil
import subprocess

from common import Test

ROOT, WEB, INSIDE = 4026531836, 4026532500, 4026532501
SAMPLE = re.compile(r'nstree_(\w+)\{((?:\w+="(?:[^"\\\n]|\\.)*",?)*)\} (\S+)\n')
LABEL = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"')
BASE = ["ns", "parent", "kind", "name", "id", "pod"]


def namespace(inode, parent, level, init, members, **more):
    return {"id": str(inode), "ns": inode, "parent": parent and str(parent), "level": level,
            "exact": True, "init": init, "members": members, "zombies": 0, "owner_uid": 0,
            "user_ns": 4026531837, "kind": None, "label": None, **more}


def container(kind, init, ns, members, label, **more):
    return {"kind": kind, "label": label, "evidence": "cgroup", "init": init, "ns": str(ns),
            "members": members, "zombies": 0, **more}


def process(inode, *nspid, **more):
    return {"pid": nspid[0], "ppid": 1, "ns": str(inode), "nspid": list(nspid), "name": "p",
            "state": "S", "uid": 0, "exact": True, **more}


def usage(start, rss):
    return {"start": start, "rss": rss, "cpu": 1.5, "threads": 9}


# The root has 300 members, 7 of them in a container that shares it. The namespace of `web` has 10,
# 4 of them in a pod's sidecar. Nothing is known of what is inside.
MACHINE = {
    "schema": 1, "nstree": "0.1.0", "host": "h", "kernel": "6.18", "taken": "2026-11-22T05:50:11Z",
    "source": "procfs", "complete": True,
    "containers": [
        container("docker", 20, ROOT, 7, "docker agent (ab)", name="agent", id="ab", zombies=1,
                  image="agent:1", **usage(1732000002.5, 700)),
        container("docker", 100, WEB, 6, "docker web (cd)", name="web", id="cd",
                  **usage(1732000003.25, 60)),
        container("k8s", 101, WEB, 4, "k8s shop/p/side", name="side", id="ef", pod="p",
                  k8s_namespace="shop", **usage(None, 40))],
    "namespaces": [
        namespace(ROOT, None, 0, 1, 300, kind="host", label="host h", zombies=5,
                  **usage(1732000000.01, 9000)),
        namespace(WEB, ROOT, 1, 100, 10, kind="docker", label="docker web (cd)", container=1,
                  **usage(1732000003.25, 100)),
        namespace(INSIDE, WEB, 2, None, None, zombies=None)],
    "processes": [process(ROOT, 1, ppid=0), process(ROOT, 20, container=0),
                  process(WEB, 100, 1), process(WEB, 101, 2, container=2)],
}
HOST = (str(ROOT), "", "host", "host h", "", "")
AGENT = (str(ROOT), "", "docker", "agent", "ab", "")
OWN = (str(WEB), str(ROOT), "docker", "web", "cd", "")
SIDE = (str(WEB), str(ROOT), "k8s", "side", "ef", "shop/p")
NESTED = (str(INSIDE), str(WEB), "", "", "", "")


class Metrics(Test):
    def expose(self, recording, *args):
        """{metric: {labels: value}}, and what nstree_info says more: {labels: the rest}."""
        text = self.nstree("--load", "-", "--format", "openmetrics", *args, stdin=None,
                           stderr=None, input=json.dumps(recording).encode()).decode()
        self.assertTrue(text.endswith("\n# EOF\n"))
        if shutil.which("promtool"):
            subprocess.run(["promtool", "check", "metrics"], input=text.encode(), check=True)
        samples, more = {}, {}
        for line in text.splitlines(True):
            if line.startswith("#"):
                continue
            match = SAMPLE.fullmatch(line)
            self.assertIsNotNone(match, line)
            labels = LABEL.findall(match[2])
            self.assertEqual([name for name, _ in labels[:6]], BASE)
            key = tuple(value for _, value in labels[:6])
            of = samples.setdefault(match[1], {})
            self.assertNotIn(key, of)
            of[key] = match[3]
            if match[1] == "info":
                more[key] = dict(labels[6:])
        return samples, more

    def test_no_process_counts_twice(self):
        samples, more = self.expose(MACHINE)
        self.assertEqual(samples["processes"],
                         {HOST: "293", AGENT: "7", OWN: "6", SIDE: "4"})
        self.assertEqual(samples["zombies"], {HOST: "4", AGENT: "1", OWN: "0", SIDE: "0"})
        self.assertEqual(samples["resident_memory_bytes"],
                         {HOST: str(8300 * 1024), AGENT: str(700 * 1024), OWN: str(60 * 1024),
                          SIDE: str(40 * 1024)})
        self.assertEqual(samples["start_time_seconds"],
                         {HOST: "1732000000.01", AGENT: "1732000002.50", OWN: "1732000003.25"})
        self.assertEqual(set(samples["info"].values()), {"1"})
        self.assertEqual(set(more), {HOST, AGENT, OWN, SIDE, NESTED})
        self.assertEqual(more[AGENT], {"label": "docker agent (ab)", "image": "agent:1"})
        self.assertEqual(more[NESTED], {"label": "", "image": ""})

    def test_a_selection(self):
        samples, _ = self.expose(MACHINE, "--ns", str(WEB))
        self.assertEqual(set(samples["info"]), {OWN, SIDE, NESTED})

    def test_without_labels(self):
        samples, _ = self.expose(MACHINE, "--no-labels")
        self.assertEqual(samples["processes"], {(str(ROOT), "", "", "", "", ""): "300",
                                                (str(WEB), str(ROOT), "", "", "", ""): "10"})

    def test_a_selection_of_processes_has_no_metrics(self):
        for option in "--pid=1", "--find=1", "--forest":
            self.nstree(option, "--format", "openmetrics", status=2)
            self.assertIn(b"cannot be used together", self.complaint)

    def with_containers(self, *containers):
        return {**MACHINE, "containers": list(containers),
                "namespaces": [namespace(ROOT, None, 0, 1, 300, **usage(1732000000, 9000))],
                "processes": [process(ROOT, 1, ppid=0)]}

    def test_names_that_others_chose(self):
        """They can neither end a value, nor begin a line, nor be those of root's containers."""
        name = 'a"} 1\nnstree_zombies{x="\\\u202e\x1b'
        samples, _ = self.expose(self.with_containers(
            container("docker", None, ROOT, 2, "docker web of uid 1000", name="web"),
            container("docker", None, ROOT, 3, "docker web of uid x", name=name, id_hex="ff22",
                      id="?")))
        chosen = r'a\"} 1\\nnstree_zombies{x=\"\\\\\\u202e\\x1b'
        self.assertEqual(samples["processes"],
                         {(str(ROOT), "", "", "", "", ""): "295",
                          (str(ROOT), "", "docker", "web of uid 1000", "", ""): "2",
                          (str(ROOT), "", "docker", chosen, r'\\xff\"', ""): "3"})

    def test_containers_that_look_the_same(self):
        samples, _ = self.expose(self.with_containers(
            container("docker", None, ROOT, 2, "docker a (x)", name="a", id="x",
                      **usage(1732000009, 20)),
            container("docker", None, ROOT, 3, "docker a (x)", name="a", id="x",
                      **usage(1732000008.5, 30)),
            container("docker", None, ROOT, 4, "docker b (x)", name="b", id="x")))
        same = (str(ROOT), "", "docker", "a", "x", "")
        self.assertEqual(samples["processes"][same], "5")
        self.assertEqual(samples["resident_memory_bytes"][same], str(50 * 1024))
        self.assertEqual(samples["start_time_seconds"][same], "1732000008.50")
        self.assertEqual(len(samples["info"]), 3)

    def test_forged_totals(self):
        """A container with more processes than its namespace: that has no count then."""
        samples, _ = self.expose(self.with_containers(
            container("docker", None, ROOT, 301, "docker a (x)", name="a", id="x")))
        self.assertEqual(list(samples["processes"].values()), ["301"])
