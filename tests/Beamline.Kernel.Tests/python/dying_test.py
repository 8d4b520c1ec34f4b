"""Code that ends processes, on threads and in tasks of its own, through jupyter_client: what the front end hears."""
import unittest

from kernel_case import KernelCase, WAIT


def streams(published):
    return "".join(m["content"]["text"] for m in published if m["msg_type"] == "stream")


class SurvivingTest(KernelCase):
    """Nothing here may cost the process: each test asks for a variable of the first cell."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        msg_id = cls.client.execute("var keep = 41;")
        cls.client.get_shell_msg(timeout=WAIT)

    def tearDown(self):
        self.assertEqual(self.text_of("keep + 1"), "42")
        self.assertTrue(self.manager.is_alive())

    def fails_with(self, code, name, text):
        reply, _ = self.run_cell(code)
        self.assertEqual((reply["status"], reply.get("ename")), ("error", name), reply)
        self.assertIn(text, reply["evalue"])

    def test_exit_is_refused(self):
        self.fails_with("Environment.Exit(3);", "InvalidOperationException", "restart the kernel")
        self.fails_with("System.Environment.FailFast(\"no\");", "InvalidOperationException", "no")
        self.fails_with("using static System.Environment; Exit(0);", "InvalidOperationException", "restart the kernel")

    def test_endless_recursion(self):
        self.fails_with("int F(int n) => F(n + 1) + 1; F(0)", "InsufficientExecutionStackException", "F (cell")

    def test_too_much_memory(self):
        self.fails_with("new long[int.MaxValue, 1000].Length", "OutOfMemoryException", "")

    def test_an_exception_on_a_thread_of_its_own(self):
        reply, published = self.run_cell(
            'var t = new Thread(() => throw new System.IO.IOException("on a thread")); t.Start(); t.Join(); Thread.Sleep(300);')
        self.assertEqual(reply["status"], "ok")
        self.assertIn("the session goes on", streams(published))
        self.assertIn("on a thread", streams(published))

    def test_async_void(self):
        # While the cell waits its failure is the cell's; after that nobody but the user can be told.
        self.run_cell('async void Fire(int ms) { await Task.Delay(ms).ConfigureAwait(false); throw new Exception("fired"); }')
        self.fails_with("Fire(1); await Task.Delay(5000);", "Exception", "fired")
        msg_id = self.client.execute("Fire(500);")
        self.wait_for_stream(msg_id, "fired")
        self.reply_to(msg_id)

    def test_a_finalizer(self):
        self.run_cell('class Bad { ~Bad() => throw new Exception("finalized"); } void Make() { new Bad(); }')
        _, published = self.run_cell("Make(); GC.Collect(); GC.WaitForPendingFinalizers(); Thread.Sleep(500);")
        self.assertIn("finalized", streams(published))

    def test_a_task_that_nobody_awaits(self):
        self.run_cell('void Drop() { Task.Run(() => { throw new Exception("dropped"); }); } Drop(); await Task.Delay(200);')
        _, published = self.run_cell("for (var i = 0; i < 5; i++) { GC.Collect(); GC.WaitForPendingFinalizers(); await Task.Delay(100); }")
        self.assertIn("nobody awaited", streams(published))
        self.assertIn("dropped", streams(published))

    def test_threads_of_an_interrupted_cell(self):
        msg_id = self.client.execute(
            'var t = new Thread(() => { while (true) { } }); t.Start(); Console.Write("on"); Console.Out.Flush(); t.Join(); Thread.Sleep(-1);')
        self.wait_for_stream(msg_id, "on")
        self.manager.interrupt_kernel()
        self.assertEqual(self.reply_to(msg_id)["content"]["ename"], "Interrupted")

    def test_an_interrupt_right_after_the_request(self):
        for _ in range(5):
            msg_id = self.client.execute("while (true) { }")
            self.manager.interrupt_kernel()
            # Before it was sent on, or after, or in between: it must not be lost.
            if self.answered(msg_id, 20) is None:
                self.manager.interrupt_kernel()
                self.reply_to(msg_id)

    def answered(self, msg_id, seconds):
        try:
            while True:
                message = self.client.get_shell_msg(timeout=seconds)
                if message["parent_header"].get("msg_id") == msg_id:
                    return message
        except Exception:  # queue.Empty: the interrupt came first, on a channel of its own
            return None


class DyingTest(KernelCase):
    """A library ends the process: the cell is answered, and a restart works."""

    def test_exit_by_a_library(self):
        self.run_cell("var keep = 41;")
        msg_id = self.client.execute(
            'typeof(Environment).GetMethod("Exit").Invoke(null, [(object)7]);')
        reply = self.reply_to(msg_id)["content"]
        self.assertEqual((reply["status"], reply["ename"]), ("error", "KernelExited"))
        self.assertIn("exit code 7", reply["evalue"])
        self.assertIn("Restart the kernel", reply["evalue"])
        self.assertEqual([m["msg_type"] for m in self.until_idle(msg_id)][-1], "error")
        self.wait_until(lambda: not self.manager.is_alive())
        self.manager.restart_kernel(now=True)
        self.client.wait_for_ready(timeout=WAIT)
        self.assertEqual(self.text_of("40 + 2"), "42")


class OverflowTest(KernelCase):
    """A stack overflow that no check can guard: the process is gone, and a restart works."""

    def test_overflow_in_library_code(self):
        self.client.execute("unsafe { for (var i = 0; ; i++) { byte* p = stackalloc byte[1 << 20]; p[0] = 1; } }")
        self.wait_until(lambda: not self.manager.is_alive())
        self.manager.restart_kernel(now=True)
        self.client.wait_for_ready(timeout=WAIT)
        # Nobody could be told then: the new kernel tells it, once.
        _, published = self.run_cell("1")
        self.assertIn("ended without a word while it ran cell 1 (unsafe { for (var i = 0;", streams(published))
        _, published = self.run_cell("2")
        self.assertEqual(streams(published), "")
        self.assertEqual(self.text_of("40 + 2"), "42")
        self.manager.restart_kernel()
        self.client.wait_for_ready(timeout=WAIT)
        _, published = self.run_cell("3")
        self.assertEqual(streams(published), "")


if __name__ == "__main__":
    unittest.main()
