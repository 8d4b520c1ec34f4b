"""jupyter console as somebody types in a terminal."""
import os
import subprocess
import sys
import time
import unittest

from kernel_case import WAIT


class ConsoleTest(unittest.TestCase):
    def tmux(self, *arguments):
        return subprocess.run(["tmux", "-L", self.server, *arguments], check=True, capture_output=True, text=True).stdout

    def screen(self):
        return self.tmux("capture-pane", "-p", "-S", "-200", "-t", "main")

    def wait_for(self, text, times=1):
        end = time.monotonic() + WAIT
        while self.screen().count(text) < times:
            if time.monotonic() > end:
                self.fail(f"{text!r} did not appear:\n{self.screen()}")
            time.sleep(0.1)

    def type(self, text):
        # tmux takes a semicolon at the end for its own.
        self.tmux("send-keys", "-t", "main", "-l", text[:-1] + "\\;" if text.endswith(";") else text)
        self.wait_for(text)
        self.tmux("send-keys", "-t", "main", "Enter")

    # Not Ctrl-C: in Debian's console 6.4.4 it ends the console's own loop, with ipykernel just the same
    # ("KeyboardInterrupt escaped interact()"). Interrupts are tested in lifetime_test.py and notebook_test.py.
    def test_cells_completion_and_errors(self):
        self.server = f"beamline-{os.getpid()}"
        command = f"{sys.executable} -W ignore -m jupyter_console --kernel beamline --ZMQTerminalInteractiveShell.kernel_timeout=120"
        self.tmux("new-session", "-d", "-s", "main", "-x", "140", "-y", "45", command)
        try:
            self.wait_for("In [1]:")
            self.type("var answer = 6 * 7;")
            self.wait_for("In [2]:")
            self.type("answer")
            self.wait_for("Out[2]: 42")
            self.type('Console.WriteLine("<" + answer + ">");')
            self.wait_for("<42>")
            self.wait_for("In [4]:")
            self.tmux("send-keys", "-t", "main", "-l", "ans")
            self.wait_for("In [4]: ans")
            self.tmux("send-keys", "-t", "main", "Tab")
            self.wait_for("In [4]: answer")
            self.tmux("send-keys", "-t", "main", "Enter")
            self.wait_for("Out[4]: 42")
            self.wait_for("In [5]:")
            self.type("wrong")
            self.wait_for("CS0103")

            # The console prints a display once and passes over its updates: progress is a few lines instead.
            self.type('for (var i = 0; i <= 40; i++) { Beamline.Compute.RunContext.Current.Report("saving", i / 40.0); await Task.Delay(75); }')
            self.wait_for("saving [")
            self.wait_for("In [7]:")
            self.assertIn(self.screen().count("saving ["), range(1, 6))
        finally:
            self.tmux("kill-server")


if __name__ == "__main__":
    unittest.main()
