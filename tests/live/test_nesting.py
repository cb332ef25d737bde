# SPDX-License-Identifier: MIT
"""Compares --json with the kernel, for every process and namespace."""
from common import (ExactPids, LiveTest, Nest, in_both, kernel_facts, own_inode,
                    status_of)


class Nesting(LiveTest):
    def differences(self, facts, model):
        """Of everything that was there before and after, also of other users."""
        for pid, (inode, chain) in facts.processes.items():
            process = model.processes.get(pid)
            if process is None:
                yield f"process {pid} is missing"
                continue
            if process["nspid"] != chain:
                yield f"process {pid}: nspid {process['nspid']}, the kernel says {chain}"
            # With a single PID it is a member of the root; else an unreadable inode is unknown.
            inode = own_inode() if len(chain) == 1 else inode
            if inode is not None and model.inode_of(pid) != inode:
                yield f"process {pid}: in {model.inode_of(pid)}, the kernel says {inode}"
            if inode is not None and not process["exact"]:
                yield f"process {pid}: not exact"
        for inode, (parent, level) in facts.namespaces.items():
            ns = model.namespaces.get(inode)
            if ns is None:
                yield f"namespace {inode} is missing"
                continue
            if ns["level"] != level:
                yield f"namespace {inode}: level {ns['level']}, the kernel says {level}"
            if model.parent_of(inode) != parent:
                yield f"namespace {inode}: in {model.parent_of(inode)}, the kernel says {parent}"
            if not ns["exact"]:
                yield f"namespace {inode}: not exact"

    def nest_differences(self, nest, facts, model):
        """Of everything of nest, which does not change."""
        for pid, what in nest.processes:
            if pid not in facts.processes:
                yield f"{what} {pid}: the kernel does not show it"
            elif pid in model.processes:
                ppid = int(status_of(pid)["PPid"])
                if model.processes[pid]["ppid"] != ppid:
                    yield f"{what} {pid}: ppid {model.processes[pid]['ppid']}, not {ppid}"
        for inode, what, init in nest.namespaces:
            ns = model.namespaces.get(inode)
            members = {pid for pid, (at, _) in facts.processes.items() if at == inode}
            if ns is None:
                yield f"{what}: namespace {inode} is missing"
                continue
            if model.members_of(inode) != members or ns["members"] != len(members):
                yield (f"{what}: {ns['members']} members {sorted(model.members_of(inode))}, "
                       f"the kernel says {sorted(members)}")
            if ns["init"] != init:
                yield f"{what}: init {ns['init']}, not {init}"
            if (ns["owner_uid"], ns["user_ns"]) != (0, own_inode("user")):
                yield f"{what}: owner {ns['owner_uid']}, user namespace {ns['user_ns']}"

    def compare(self, nest):
        before = kernel_facts()
        model = self.model()
        facts = in_both(before, kernel_facts())
        # An inode is reused at once, perhaps for a namespace like the one before; a PID is not.
        inhabited = {inode for inode, _ in facts.processes.values()}
        for inode in set(facts.namespaces) - inhabited:
            del facts.namespaces[inode]
        self.fail_all([*self.differences(facts, model),
                       *self.nest_differences(nest, facts, model)])
        return model

    def check_chain(self, nest, model, depth):
        """Each namespace is in the one before it; the sleeper in all of them."""
        above, level = own_inode(), 0
        for level in range(1, depth + 1):
            inode = nest.inode(f"chain init {level}")
            self.assertEqual(model.parent_of(inode), above)
            self.assertEqual(model.namespaces[inode]["level"], level)
            above = inode
        sleeper = nest.pid(f"chain sleeper {depth}")
        self.assertEqual(model.inode_of(sleeper), above)
        self.assertEqual(len(model.processes[sleeper]["nspid"]), depth + 1)

    def test_chain_of_5(self):
        with Nest("chain", 5) as nest:
            self.check_chain(nest, self.compare(nest), 5)

    def test_chain_of_32_the_deepest(self):
        with Nest("chain", 32) as nest:
            self.check_chain(nest, self.compare(nest), 32)

    def test_chain_with_exact_pids(self):
        numbers = [251599, 220553, 220473, 220313, 13]
        with ExactPids(), \
                Nest("chain", 4, "--pids", ",".join(map(str, numbers))) as nest:
            model = self.compare(nest)
            self.check_chain(nest, model, 4)
            self.assertEqual(model.processes[251599]["nspid"], numbers)

    def test_300_siblings(self):
        with Nest("siblings", 300, 2) as nest:
            model = self.compare(nest)
            self.assertEqual(len(nest.namespaces), 300)
            for inode, what, _ in nest.namespaces:
                self.assertEqual(model.parent_of(inode), own_inode(), what)
                self.assertEqual(model.namespaces[inode]["members"], 2, what)

    def test_init_with_its_parent_two_levels_up(self):
        with Nest("twoup") as nest:
            model = self.compare(nest)
            inner = nest.inode("twoup init")
            self.assertEqual(model.parent_of(inner), nest.inode("twoup outer"))
            self.assertIs(model.namespaces[inner]["exact"], True)
            # The shape is right: a parent in the root, and the level below the outer one.
            self.assertEqual(model.processes[nest.pid("twoup init")]["ppid"], nest.maker.pid)
            self.assertEqual(model.namespaces[inner]["level"], 2)

    def test_processes_that_entered_from_outside(self):
        with Nest("joined") as nest:
            model = self.compare(nest)
            for level in 1, 2:
                pid = nest.pid(f"joined entered {level}")
                self.assertEqual(model.inode_of(pid), nest.inode(f"joined init {level}"))
                self.assertIs(model.processes[pid].get("entered"), True)
                init = nest.pid(f"joined init {level}")
                self.assertNotIn("entered", model.processes[init])

    def test_zombies(self):
        with Nest("zombies") as nest:
            model = self.compare(nest)
            state = {what: model.processes[pid]["state"] for pid, what in nest.processes}
            self.assertEqual(state["zombies zombie"], "Z")
            self.assertEqual(state["zombies dead-init"], "Z")
            leaderless = {what for pid, what in nest.processes
                          if model.processes[pid].get("leaderless")}
            self.assertEqual(leaderless, {"zombies leaderless"})

    def test_hostile_names(self):
        with Nest("names") as nest:
            model = self.compare(nest)
            self.assertEqual(len(nest.processes), 2 * 17)
            for pid, what in nest.processes:
                name = bytes.fromhex(what.split()[-1].replace("-", ""))
                process = model.processes[pid]
                try:
                    self.assertEqual(process["name"], name.decode())
                    self.assertNotIn("name_hex", process)
                except UnicodeDecodeError:
                    self.assertEqual(bytes.fromhex(process["name_hex"]), name)

    def test_namespaces_without_members_do_no_harm(self):
        """Only --all shows them. The processes that keep them are always shown."""

        with Nest("empty") as nest:
            before = kernel_facts()
            model = self.model()
            facts = in_both(before, kernel_facts())
            self.fail_all([*self.differences(facts, model)])
            for pid, what in nest.processes:
                self.assertEqual(model.inode_of(pid), own_inode(), what)
