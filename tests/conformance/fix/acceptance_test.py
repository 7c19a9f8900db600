#!/usr/bin/env python3
"""Goal: the FIX acceptor answers as the session acceptance definitions expect. Method: the player
runs every definition it has against fix-echo, over a real connection.
usage: acceptance_test.py FIX_ECHO

Definitions and player lie with the test data (TRADSYS_TEST_DATA, or ../shared/data); skipped where
they are absent.
"""
import os
import subprocess
import sys
from pathlib import Path


def main():
    data = Path(os.environ.get("TRADSYS_TEST_DATA", "../shared/data"))
    player = data.parent / "tools" / "fix_acceptance.py"
    definitions = sorted((data / "fix_acceptance").glob("*/*.def"))
    if not player.exists() or not definitions:
        print(f"SKIPPED: no session definitions in {data}: set TRADSYS_TEST_DATA to their folder")
        return 0
    with subprocess.Popen([sys.argv[1]], stdout=subprocess.PIPE, text=True) as server:
        try:
            port = server.stdout.readline().split()[-1]
            command = [sys.executable, "-B", player, "--port", port, *definitions]
            played = subprocess.run(command, check=False)
        finally:
            server.kill()
    return played.returncode


if __name__ == "__main__":
    sys.exit(main())
