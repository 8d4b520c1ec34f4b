"""Signals, restarts, history across sessions, and a kernel that is started by hand."""
import os
import re
import signal
import stat
import subprocess
import unittest

from jupyter_client import BlockingKernelClient
from jupyter_client.kernelspec import KernelSpecManager
from kernel_case import WAIT, KernelCase


class LifetimeTest(KernelCase):
    def test_a_signal_interrupts_and_does_not_kill(self):
        self.run_cell("var keep = 41;")
        for _ in range(3):
            msg_id = self.client.execute('Console.Write("on"); await Task.Delay(-1);')
            self.wait_for_stream(msg_id, "on")
            os.kill(self.manager.provisioner.process.pid, signal.SIGINT)
            self.assertEqual(self.reply_to(msg_id)["content"]["ename"], "Interrupted")
        os.kill(self.manager.provisioner.process.pid, signal.SIGINT)  # nothing runs: nothing happens
        while self.run_cell("keep")[0]["status"] != "ok":
            pass
        self.assertEqual(self.text_of("keep + 1"), "42")

    def test_history_lives_on_after_a_restart(self):
        self.run_cell("var beforeRestart = 1;")
        self.manager.restart_kernel()
        self.client.wait_for_ready(timeout=WAIT)
        self.run_cell("var afterRestart = 2;")
        found = self.ask("history_request", hist_access_type="search", pattern="var *Restart = *", output=True)["history"]
        self.assertEqual([entry[2][0] for entry in found[-2:]], ["var beforeRestart = 1;", "var afterRestart = 2;"])
        self.assertEqual(found[-1][0], found[-2][0] + 1)
        self.assertEqual(stat.S_IMODE(os.stat(os.environ["BEAMLINE_HISTORY"]).st_mode), 0o600)
        self.assertIn("CS0103", self.run_cell("beforeRestart")[0]["evalue"])

    def test_a_kernel_that_is_killed_in_a_cell_can_be_restarted(self):
        self.client.execute("System.Diagnostics.Process.GetCurrentProcess().Kill();")
        self.wait_until(lambda: not self.manager.is_alive())
        self.manager.restart_kernel(now=True)
        self.client.wait_for_ready(timeout=WAIT)
        self.assertEqual(self.text_of("6 * 7"), "42")


class ByHandTest(unittest.TestCase):
    def test_it_writes_a_private_file_that_clients_can_use_and_removes_it(self):
        command = KernelSpecManager().get_kernel_spec("beamline").argv[:-1]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            path = re.search(r"--existing (\S+)", process.stdout.readline()).group(1)
            self.assertEqual(stat.S_IMODE(os.stat(path).st_mode), 0o600)
            self.assertTrue(path.startswith(os.environ["JUPYTER_RUNTIME_DIR"]))
            client = BlockingKernelClient(connection_file=path)
            client.load_connection_file()
            client.start_channels()
            client.wait_for_ready(timeout=WAIT)
            reply = client.execute("1 + 1", reply=True, timeout=WAIT)
            self.assertEqual(reply["content"]["status"], "ok")
            client.stop_channels()
            process.send_signal(signal.SIGTERM)
            self.assertEqual(process.wait(timeout=WAIT), 0)
        self.assertFalse(os.path.exists(path))


if __name__ == "__main__":
    unittest.main()
