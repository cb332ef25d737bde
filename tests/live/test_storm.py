# SPDX-License-Identifier: MIT
"""Processes and namespaces come and go while nstree reads. Every run has to print, and those that
stay have to be right in every run."""
import os

from common import LiveTest, Nest, in_both, is_instrumented, kernel_facts, own_inode


def how_often():
    short = "NSTREE_QUICK" in os.environ or is_instrumented()
    return int(os.environ.get("LIVE_STORM_RUNS", 50 if short else 400))


class Storm(LiveTest):
    def expected_parents(self, nest):
        """The parent of each namespace that stays, as nest made it."""
        parents = {inode: own_inode() for inode, _, _ in nest.namespaces}
        for level in 2, 3:
            parents[nest.inode(f"storm-chain init {level}")] = \
                nest.inode(f"storm-chain init {level - 1}")
        return parents

    def check(self, model, parents, stays):
        for inode, parent in parents.items():
            ns = model.namespaces.get(inode)
            if ns is None:
                yield f"namespace {inode} is missing"
            elif model.parent_of(inode) != parent or not ns["exact"]:
                yield f"namespace {inode}: in {model.parent_of(inode)}, exact {ns['exact']}, " \
                      f"not in {parent}"
        for pid, (inode, chain) in stays.items():
            process = model.processes.get(pid)
            if process is None:
                yield f"process {pid} is missing"
            elif process["nspid"] != chain or model.inode_of(pid) != inode:
                yield f"process {pid}: {process['nspid']} in {model.inode_of(pid)}, " \
                      f"not {chain} in {inode}"

    def test_every_run_has_all_that_stays(self):
        with Nest("storm", 4) as nest:
            parents = self.expected_parents(nest)
            facts = in_both(kernel_facts(), kernel_facts())
            # The kernel agrees with nest, and only what stays is compared.
            self.assertEqual(parents, {inode: facts.namespaces[inode][0] for inode in parents})
            made = {pid for pid, _ in nest.processes}
            self.assertEqual(len(made), 3 + 4 * 2 + 4)
            stays = {pid: facts.processes[pid] for pid in made}
            for run in range(how_often()):
                differences = list(self.check(self.model(), parents, stays))
                self.assertEqual(differences, [], f"run {run + 1}")

    def test_every_form_in_the_storm(self):
        """A branch that stays, by each option that reads processes in its own way."""
        with Nest("storm", 4) as nest:
            pid, inode = (nest.pid("storm-chain init 3"), nest.inode("storm-chain init 3"))
            by_pid = self.nstree("--pid", str(pid))
            self.assertEqual(by_pid.count(b"\n"), 8)
            for run in range(how_often() // 4):
                self.assertEqual(self.nstree("--pid", str(pid)), by_pid, f"run {run + 1}")
                self.assertIn(f"pid:[{inode}] (nest-init), 1 process\n".encode(),
                              self.nstree("--ns", str(inode)), f"run {run + 1}")
                self.assertIn(f" {pid} ".encode(), self.nstree("--list"), f"run {run + 1}")
