"""Searches while threads hand blocks through epoll and shared memory, which the copy that is searched shares or cannot see: nothing of it is
said to leak. Then with a thread that kills the copies: each capture is there all the same, says why it has no leaks, and nothing half
written stays."""

import os
import shutil
import subprocess
import sys

from read_graph import Graph

SEARCHES = 300 if os.environ.get("TEST_SIZE") == "full" else 30


def run(build, library, *more):
    """The captures of all searches, what the program said, and what else is in its directory."""
    output = os.path.join(build, "changing-output")
    shutil.rmtree(output, ignore_errors=True)
    os.makedirs(output)
    environment = dict(
        os.environ, LD_PRELOAD=library, MEMSCOPE="1", MEMSCOPE_LEAKS="1", MEMSCOPE_CLI="/bin/false", MEMSCOPE_OUTPUT=output)
    done = subprocess.run(
        [os.path.join(build, "changing"), str(SEARCHES), *more], env=environment, check=True, timeout=1800,
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    names = [f"search-{number}.memscope" for number in range(SEARCHES)]
    others = sorted(set(os.listdir(output)) - {*names, "capture.memscope"})
    return [Graph(os.path.join(output, name)) for name in names], done.stdout, others


def check_changing(build, library):
    wrong = []
    for number, graph in enumerate(run(build, library)[0]):
        wrong += graph.check()
        if graph.counters["leakedBlocks"]:
            wrong.append(f"search {number}: {graph.counters['leakedBlocks']} blocks are said to leak")
    return wrong


def check_killed(build, library):
    graphs, said, others = run(build, library, "kill")
    wrong = [f"{name} is left" for name in others]
    given_up = [graph for graph in graphs if graph.counters["leakScan"] != 1]
    wrong += [f"says of a copy that was killed: {graph.properties.get('leakScanComplaint')}" for graph in given_up
              if "was killed" not in graph.properties.get("leakScanComplaint", "")]
    if int(said) == 0 or not given_up:
        wrong.append(f"{int(said)} copies were killed, {len(given_up)} searches given up: this has shown nothing")
    return wrong


def main():
    build, library = sys.argv[1:3]
    failed = 0
    for what, check in (("changing", check_changing), ("killed", check_killed)):
        for sentence in check(build, library):
            print(f"{what}: {sentence}")
            failed = 1
    print(f"{SEARCHES} searches of what changes, and as many whose copies are killed: {'not ' if failed else ''}as it should be")
    return failed


if __name__ == "__main__":
    sys.exit(main())
