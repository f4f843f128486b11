"""What the preload library does to small programs with hard habits: nothing that an onlooker could tell.

Each test runs a program bare and tracked and compares both; figures in the capture are compared with what the program
is known to do. A test's name says what must hold.
"""

import os
import shutil
import signal
import subprocess
import sys
import unittest

import tracked_run
from tracked_run import PRELOAD, PROGRAMS, TrackedRun, run_both

JEMALLOC = os.environ.get("JEMALLOC", "/usr/lib/x86_64-linux-gnu/libjemalloc.so.2")
SAFE = os.path.join(PROGRAMS, "signal_safe_allocator.so")
IS_ROOT = os.geteuid() == 0


class CaptureTest(unittest.TestCase):
    def size(self, run, size, allocations, frees):
        """The capture knows exactly these of this size, and the shadow holds what is left."""
        self.assertIsNotNone(run.capture, f"no capture; only {run.files}; {run.process.stderr}")
        self.assertEqual(run.capture.of_size(size), (allocations, frees, allocations - frees), f"of {size} bytes")

    def at_rest(self, run):
        self.assertTrue(run.capture.live_matches_totals(), "shadow and totals differ")
        self.assertEqual(run.capture.counters["droppedEvents"], 0)


class Copies(CaptureTest):
    def of_parent_only(self, run):
        self.assertEqual(run.files, ["capture.memscope"])
        self.size(run, 1001, 10, 5)
        self.size(run, 1002, 0, 0)
        self.size(run, 1003, 10, 5)
        self.at_rest(run)

    def test_forked_child_is_silent_and_parent_exact(self):
        self.of_parent_only(run_both("processes", "fork"))

    def test_forked_child_that_exits_normally_is_silent(self):
        self.of_parent_only(run_both("processes", "fork", "exit"))

    def test_many_forks(self):
        self.of_parent_only(run_both("processes", "many"))

    def test_underscore_fork(self):
        self.of_parent_only(run_both("processes", "_Fork"))

    def test_raw_clone(self):
        self.of_parent_only(run_both("processes", "clone"))

    def test_vfork_and_exec(self):
        self.of_parent_only(run_both("processes", "vfork"))

    def test_vfork_and_underscore_exit(self):
        self.of_parent_only(run_both("processes", "vfork_exit"))

    def test_posix_spawn(self):
        self.of_parent_only(run_both("processes", "spawn"))

    def test_exec_without_fork_runs_the_other_program(self):
        run = run_both("processes", "exec")
        self.assertEqual(run.process.stdout, b"from the other program\n")

    def test_exec_of_the_same_program_counts_the_later_image(self):
        self.of_parent_only(run_both("processes", "exec_self"))


class Lifetimes(CaptureTest):
    def test_allocations_before_main_after_exit_and_in_thread_destructors(self):
        run = run_both("lifetimes")
        for size in (1101, 1102, 1107, 1108, 1109):
            self.size(run, size, 4, 3)
        self.size(run, 1103, 1, 1)
        self.size(run, 1104, 2, 2)
        self.size(run, 1105, 6, 6)
        self.size(run, 1106, 3, 3)
        self.at_rest(run)

    def test_libraries_loaded_unloaded_and_replaced_in_place(self):
        run = run_both("loading")
        self.assertEqual(run.process.stdout, b"same place: 1\n")
        self.size(run, 1701, 6, 6)
        self.size(run, 1702, 3, 3)
        self.size(run, 1711, 2, 2)
        self.size(run, 1712, 1, 1)
        self.size(run, 1721, 4, 4)
        self.size(run, 1722, 2, 2)
        self.size(run, 1730, 70, 0)
        counted = {}
        for number, site in enumerate(run.capture.sites):
            if site[2] != 1730:
                continue
            frames = run.capture.stack(number)
            plugin = next(f for f in frames if f[0] and "plugin" in f[0])
            name = os.path.basename(plugin[0])
            counted[name] = counted.get(name, []) + [site[5]]
            self.assertEqual(plugin[1], 1, "the library is marked as unloaded")
        self.assertEqual({k: sorted(v) for k, v in counted.items()}, {"plugin1.so": [10, 40], "plugin2.so": [20]})

    def test_a_process_of_a_few_milliseconds_leaves_a_capture(self):
        for _ in range(10):
            run = run_both("dispositions", "exit")
            self.size(run, 1401, 5, 0)


class Handlers(CaptureTest):
    def test_handlers_that_free_and_allocate_leave_no_ghosts(self):
        for _ in range(3):
            run = run_both("handlers", preload=f"{PRELOAD} {SAFE}", bare_preload=SAFE)
            allocations, frees, live = run.capture.of_size(1201)
            self.assertEqual((allocations - frees, live), (1000, 1000))
            allocations, frees, live = run.capture.of_size(1202)
            self.assertEqual((allocations - frees, live), (0, 0))
            mixed = [s for s in run.capture.sites if s[1] & 1]
            self.assertGreater(sum(s[5] for s in mixed), 10000)
            self.assertEqual([(s[5] - s[6], s[8] - s[9]) for s in mixed], [(0, 0)] * len(mixed))
            self.at_rest(run)


    def test_more_frees_in_a_handler_than_there_is_room_for(self):
        run = run_both("handlers", "many", preload=f"{PRELOAD} {SAFE}", bare_preload=SAFE)
        self.assertGreater(run.capture.counters["signalPassThrough"], 0)
        self.at_rest(run)


class Threads(CaptureTest):
    def test_threads_by_the_thousand(self):
        run = run_both("threads", "short")
        self.size(run, 1301, 24000, 24000)
        self.size(run, 1302, 3000, 3000)
        self.size(run, 1303, 3000, 3000)
        self.assertEqual(len(run.capture.threads), 6001)
        self.assertLess(run.capture.counters["trackerBytes"], 64 << 20)
        self.at_rest(run)

    def test_more_threads_at_once_than_the_rings_have_room_for(self):
        run = run_both("threads", "many", MEMSCOPE_RING_BYTES=str(16 * 65536))
        self.size(run, 1401, 3000, 1500)
        self.assertEqual(len(run.capture.threads), 1501)
        self.assertEqual(run.capture.counters["untrackedThreads"], 0)
        self.assertLess(run.capture.counters["trackerBytes"], 1500 * 64 << 10)
        self.at_rest(run)

    def test_a_million_reallocations_across_threads(self):
        run = run_both("threads", "realloc")
        for size in range(1310, 2011, 100):
            allocations, frees, live = run.capture.of_size(size)
            self.assertGreater(allocations, 1000)
            self.assertEqual((allocations - frees, live), (0, 0))
        self.at_rest(run)

    def test_an_end_in_the_midst_of_it_leaves_a_sound_capture(self):
        for _ in range(15):
            run = run_both("threads", "unfinished")
            self.assertGreater(run.capture.counters["allocations"], 10000)

    def test_small_rings_lose_nothing(self):
        run = run_both("threads", "realloc", MEMSCOPE_RING_BYTES=str(16 * 65536))
        self.at_rest(run)

    def test_dropped_allocations_are_counted_and_nothing_else_is_wrong(self):
        run = run_both("threads", "realloc", MEMSCOPE_RING_BYTES=str(16 * 65536), MEMSCOPE_BACKPRESSURE="drop")
        self.assertTrue(run.capture.live_matches_totals())


class DrainThread(CaptureTest):
    @unittest.skipUnless(shutil.which("strace"), "needs strace")
    def test_it_waits_and_looks_at_itself_and_does_nothing_else(self):
        trace = os.path.join(PROGRAMS, "trace")
        # The preload library goes to the program only, not to strace.
        run = TrackedRun("strace", "-f", "-o", trace, "-E", f"LD_PRELOAD={PRELOAD}", "-E", "MEMSCOPE_RUN_PID=",
                         "-E", "MEMSCOPE=1", os.path.join(PROGRAMS, "threads"), "short", preload="")
        self.assertEqual(run.process.stdout, b"done\n", run.process.stderr)
        calls = {}
        with open(trace) as file:
            for line in file:
                thread, _, call = line.strip().partition(" ")
                calls.setdefault(thread, []).append(call.strip())
        # The thread whose first act is to leave the program's descriptors, and which then reads how much is resident.
        drains = [c for c in calls.values() if any(x.startswith("close_range(0") for x in c) and any("/statm" in x for x in c)]
        self.assertEqual(len(drains), 1)
        lines = drains[0]
        start = next(i for i, line in enumerate(lines) if "close_range(0" in line)
        end = next((i for i, line in enumerate(lines) if line.startswith(("mkdir(", "clone("))), len(lines))
        steady = lines[start + 6 : end]
        names = {line.split("(")[0] for line in steady if not line.startswith("<") and not line.startswith("+++")}
        self.assertLessEqual(
            names,
            # mmap and munmap: of what the history keeps.
            {"futex", "clock_gettime", "openat", "read", "close", "tgkill", "getpid", "madvise", "membarrier", "mmap", "munmap"},
        )
        opened = {line.split('"')[1] for line in steady if line.startswith("openat")}
        known = {"/proc/self/statm", "/dev/null"}
        self.assertEqual({p for p in opened - known if not p.startswith("/proc/self/task/")}, set())
        self.assertIn("/proc/self/statm", opened)


class OtherAllocators(CaptureTest):
    @unittest.skipUnless(os.path.exists(JEMALLOC), "needs jemalloc")
    def test_jemalloc_stays_the_allocator(self):
        run = run_both("allocator_name", preload=f"{PRELOAD} {JEMALLOC}", bare_preload=JEMALLOC)
        self.assertIn(b"mallctl 1, grown 1", run.process.stdout)
        self.size(run, 1801, 1000, 900)
        for size in range(1, 25):
            freed = {s: len([i for i in range(1000) if i % 24 + 1 == s and i % 2]) for s in (size,)}[size]
            made = len([i for i in range(1000) if i % 24 + 1 == size])
            self.size(run, size, made, freed)
        self.at_rest(run)

    def test_glibc_is_told_from_others(self):
        run = run_both("allocator_name")
        self.assertIn(b"mallctl 0", run.process.stdout)
        self.size(run, 1801, 1000, 900)
        self.at_rest(run)


class Exceptions(CaptureTest):
    def test_exceptions_and_backtraces_are_the_programs_own(self):
        run = run_both("exceptions")
        allocations, frees, live = run.capture.of_size(1601)
        self.assertEqual((allocations, frees, live), (sum(i % 50 + 1 for i in range(2000)),) * 2 + (0,))
        self.at_rest(run)


class Dispositions(CaptureTest):
    def test_the_program_sees_its_own_dispositions(self):
        self.assertIsNotNone(run_both("dispositions", "query").capture)

    def test_dispositions_are_inherited_through_exec(self):
        run = run_both("dispositions", "inherited")
        self.assertIn(b"inherited 2: 0 ignored", run.process.stdout)

    def test_an_ignored_interrupt_stays_ignored(self):
        before = signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            run = run_both("dispositions", f"signal={int(signal.SIGINT)}")
        finally:
            signal.signal(signal.SIGINT, before)
        self.assertEqual(run.process.returncode, 0)

    def test_every_way_to_end_leaves_a_capture_and_the_same_status(self):
        ends = {"_exit": 41, "_Exit": 42, "quick_exit": 43, "exit": 44, "segv": -11, "abort": -6}
        for number in (1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 31):
            ends[f"signal={number}"] = ends[f"kill={number}"] = ends[f"reset={number}"] = -number
        for how, status in ends.items():
            with self.subTest(how):
                run = run_both("dispositions", how)
                self.assertEqual(run.process.returncode, status)
                self.size(run, 1401, 5, 0)
                self.at_rest(run)

    def test_a_crash_handler_that_raises_again(self):
        for number in (6, 11):
            run = run_both("dispositions", f"resethand={number}")
            self.assertEqual(run.process.returncode, -number)
            self.size(run, 1401, 5, 0)

    def test_stack_overflow_ends_as_it_would(self):
        self.assertEqual(run_both("dispositions", "overflow").process.returncode, -11)

    def test_sigkill_leaves_no_capture_and_no_debris(self):
        run = run_both("surroundings", "killed")
        self.assertEqual((run.process.returncode, run.files), (-9, []))

    def test_python_keeps_its_keyboard_interrupt(self):
        script = (
            "import os, signal, subprocess\n"
            "print(signal.getsignal(signal.SIGINT) is signal.default_int_handler, signal.getsignal(signal.SIGTERM))\n"
            "subprocess.run(['true'], restore_signals=True)\n"
            "print(signal.getsignal(signal.SIGPIPE), signal.signal(signal.SIGPIPE, signal.SIG_IGN))\n"
            "try:\n os.kill(os.getpid(), signal.SIGINT)\n for i in range(10**7): pass\n"
            "except KeyboardInterrupt:\n print('interrupted')\n"
            "os.kill(os.getpid(), signal.SIGTERM)\n"
        )
        python = os.path.realpath(sys.executable)
        run = run_both(python, "-c", script)
        self.assertIn(b"interrupted", run.process.stdout)
        self.assertEqual(run.process.returncode, -15)
        self.assertIsNotNone(run.capture)


class Surroundings(CaptureTest):
    def left(self, what):
        run = run_both("surroundings", what)
        self.size(run, 1501, 20, 0)
        self.at_rest(run)
        return run

    def test_descriptor_numbers_are_the_programs_own(self):
        run = self.left("descriptors")
        self.assertEqual(run.process.stdout, b"lowest: 1\n")

    def test_closing_every_descriptor(self):
        self.assertEqual(self.left("close_all").process.returncode, 5)

    def test_a_closed_descriptor_is_closed(self):
        self.assertEqual(self.left("standard_closed").process.stdout, b"end of file: 0\n")

    def test_a_daemon_leaves_the_capture_of_its_first_process(self):
        self.left("two_forks")

    def test_the_c_librarys_daemon_is_unharmed(self):
        # It ends its first process inside the C library, where nobody sees it.
        self.assertEqual(run_both("surroundings", "daemon").files, [])

    def test_another_working_directory(self):
        self.left("chdir")

    def test_all_signals_blocked(self):
        self.left("blocked")

    @unittest.skipUnless(IS_ROOT, "needs root")
    def test_another_root(self):
        self.assertIn(b"chroot 1", self.left("chroot").process.stdout)

    @unittest.skipUnless(IS_ROOT, "needs root")
    def test_giving_up_root_reaches_every_thread(self):
        self.assertIn(b"65534 0", self.left("setuid").process.stdout)

    def test_a_mount_namespace_of_its_own(self):
        self.left("namespace")

    def test_little_address_space(self):
        # How much of it the shadow takes depends on where the kernel puts the heap.
        for _ in range(8):
            run = run_both("surroundings", "limit")
            self.assertIn(b"400 MiB: 1", run.process.stdout)
            self.assertIsNotNone(run.capture)

    def test_no_room_for_the_capture_leaves_nothing(self):
        bare = subprocess.run([os.path.join(PROGRAMS, "surroundings"), "file_size"], capture_output=True)
        run = TrackedRun("surroundings", "file_size")
        self.assertEqual((run.process.returncode, run.process.stdout), (bare.returncode, bare.stdout))
        self.assertIn(b"cannot write", run.process.stderr)
        self.assertEqual(run.files, [])


if __name__ == "__main__":
    # Whoever runs this may ignore signals (nohup does), and the programs here would inherit that.
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT):
        signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)
    unittest.main(verbosity=2)
