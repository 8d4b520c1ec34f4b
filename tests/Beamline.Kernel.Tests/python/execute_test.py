"""Execute requests through jupyter_client."""
import unittest

from kernel_case import KernelCase


class ExecuteTest(KernelCase):
    def kinds(self, published):
        return [m["msg_type"] for m in published]

    def test_result_and_count(self):
        reply, published = self.run_cell("1 + 1")
        self.assertEqual(self.kinds(published), ["execute_input", "execute_result"])
        self.assertEqual(published[1]["content"]["data"]["text/plain"], "2")
        self.assertEqual(published[0]["content"]["code"], "1 + 1")
        self.assertEqual(published[1]["content"]["execution_count"], reply["execution_count"])
        again, _ = self.run_cell("_ = 1;")
        self.assertEqual(again["execution_count"], reply["execution_count"] + 1)

    def test_streams(self):
        _, published = self.run_cell('Console.Write("o\\u00e4\\U0001F600"); Console.Error.Write("e");')
        streams = [(m["content"]["name"], m["content"]["text"]) for m in published if m["msg_type"] == "stream"]
        self.assertEqual(streams, [("stdout", "oä\U0001F600"), ("stderr", "e")])

    def test_display_and_update(self):
        _, published = self.run_cell('var shown = display("old"); shown.Update("new");')
        self.assertEqual(self.kinds(published), ["execute_input", "display_data", "update_display_data"])
        first, second = published[1]["content"], published[2]["content"]
        self.assertEqual((first["data"]["text/plain"], second["data"]["text/plain"]), ("old", "new"))
        self.assertEqual(first["transient"]["display_id"], second["transient"]["display_id"])
        _, later = self.run_cell('shown.Update("later");')
        self.assertEqual(later[1]["content"]["transient"], first["transient"])

    def test_error_names_the_line(self):
        reply, published = self.run_cell('var a = 1;\nint zero = 0;\nvar b = a / zero;')
        self.assertEqual((reply["status"], reply["ename"]), ("error", "DivideByZeroException"))
        self.assertIn("line 3", "\n".join(reply["traceback"]))
        error = [m["content"] for m in published if m["msg_type"] == "error"]
        self.assertEqual([e["traceback"] for e in error], [reply["traceback"]])
        reply, _ = self.run_cell("var c = 1;\nvar d = wrong;")
        self.assertEqual(reply["ename"], "CompilationError")
        self.assertIn("line 2, column 9", reply["evalue"])

    def test_state_and_await(self):
        self.run_cell("var kept = 40;")
        self.run_cell("kept++; await Task.Delay(1); int Plus(int x) => x + kept;")
        self.assertEqual(self.text_of("Plus(1)"), "42")

    def test_silent_publishes_no_result_and_takes_no_number(self):
        before, _ = self.run_cell("_ = 0;")
        reply, published = self.run_cell("var quiet = 5; quiet", silent=True, store_history=False)
        self.assertEqual((reply["status"], published), ("ok", []))
        after, _ = self.run_cell("_ = quiet;")
        self.assertEqual(after["execution_count"], before["execution_count"] + 1)

    def test_without_history(self):
        self.run_cell("var unnoted = 1;", store_history=False)
        self.run_cell("var noted = 1;")
        inputs = [entry[2] for entry in self.ask("history_request", hist_access_type="tail", n=5)["history"]]
        self.assertIn("var noted = 1;", inputs)
        self.assertNotIn("var unnoted = 1;", inputs)

    def test_an_error_stops_what_is_queued(self):
        ids = [self.client.execute(code) for code in
               ('await Task.Delay(500); throw new Exception("stop");', "var ran = 1;", "var too = 1;")]
        info = self.client.kernel_info()
        replies = [self.reply_to(i)["content"]["status"] for i in ids]
        self.assertEqual(replies, ["error", "aborted", "aborted"])
        self.assertEqual(self.reply_to(info)["content"]["status"], "ok")
        reply, _ = self.run_cell("ran")
        self.assertIn("CS0103", reply["evalue"])

    def test_what_is_sent_after_the_error_runs(self):
        for i in range(20):
            self.assertEqual(self.reply_to(self.client.execute("wrong"))["content"]["status"], "error")
            self.assertEqual(self.reply_to(self.client.execute("_ = 1;"))["content"]["status"], "ok", i)

    def test_go_on_after_an_error(self):
        ids = [self.client.execute(code, stop_on_error=False) for code in
               ('await Task.Delay(300); throw new Exception("go on");', "_ = 1;")]
        self.assertEqual([self.reply_to(i)["content"]["status"] for i in ids], ["error", "ok"])

    def test_user_expressions(self):
        reply, published = self.run_cell("var n = 6;", user_expressions={"good": "n * 7", "bad": "wrong"})
        good, bad = reply["user_expressions"]["good"], reply["user_expressions"]["bad"]
        self.assertEqual((good["status"], good["data"]["text/plain"]), ("ok", "42"))
        self.assertEqual((bad["status"], bad["ename"]), ("error", "CompilationError"))
        self.assertEqual(self.kinds(published), ["execute_input"])

    def test_output_of_a_task_goes_to_the_cell_that_started_it(self):
        first = self.client.execute(
            'var go = new TaskCompletionSource(); var late = Task.Run(async () => { await go.Task; Console.Write("late"); });')
        self.reply_to(first)
        second = self.client.execute("go.SetResult(); await late; await Task.Delay(200);")
        self.reply_to(second)
        end = self.client.execute("_ = 2;")
        self.reply_to(end)
        parents = []
        while True:
            message = self.client.get_iopub_msg(timeout=60)
            if message["msg_type"] == "stream":
                parents.append(message["parent_header"]["msg_id"])
            if message["parent_header"].get("msg_id") == end and message["content"].get("execution_state") == "idle":
                break
        self.assertEqual(parents, [first])


if __name__ == "__main__":
    unittest.main()
