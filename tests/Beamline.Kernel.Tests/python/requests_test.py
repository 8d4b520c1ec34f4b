"""Requests other than execute, input, and interrupts through jupyter_client."""
import unittest

from kernel_case import KernelCase


class RequestsTest(KernelCase):
    def complete(self, code, cursor=None):
        return self.ask("complete_request", code=code, cursor_pos=len(code) if cursor is None else cursor)

    def test_kernel_info(self):
        info = self.ask("kernel_info_request")
        self.assertEqual((info["status"], info["language_info"]["name"]), ("ok", "C#"))
        self.assertEqual(info["language_info"]["file_extension"], ".cs")
        self.assertRegex(info["protocol_version"], r"^5\.\d+$")

    def test_complete_counts_code_points(self):
        reply = self.complete('"\U0001F600".Len')
        self.assertEqual((reply["matches"], reply["cursor_start"], reply["cursor_end"]), (["Length"], 4, 7))

    def test_complete_knows_variables_and_magics(self):
        self.run_cell("var sinogramOfTooth = new List<double>();")
        self.assertEqual(self.complete("sinogramOf")["matches"], ["sinogramOfTooth"])
        self.assertIn("Capacity", self.complete("sinogramOfTooth.Ca")["matches"])
        self.assertEqual(self.complete("#!lsm")["matches"], ["#!lsmagic"])
        self.assertEqual(self.complete('var s = "sinogramOf')["matches"], [])

    def test_complete_carries_types_and_signatures(self):
        reply = self.complete("Console.ReadL")
        typed = reply["metadata"]["_jupyter_types_experimental"]
        self.assertEqual([(t["text"], t["type"], t["start"], t["end"]) for t in typed], [("ReadLine", "function", 8, 13)])
        self.assertEqual(typed[0]["signature"], "() : string?")

    def test_inspect_shows_documentation_signatures_and_source(self):
        self.run_cell("/// <summary>Adds <b>one</b>.</summary>\nint AddOne(int x) => x + 1;")
        found = self.ask("inspect_request", code="AddOne(1)", cursor_pos=3, detail_level=1)["data"]
        self.assertIn("Adds one.", found["text/plain"])
        self.assertIn("int AddOne(int x) => x + 1;", found["text/plain"])
        self.assertIn("=&gt; x + 1", found["text/html"])
        inside = self.ask("inspect_request", code="Math.Max(AddOne(1), ", cursor_pos=20, detail_level=0)["data"]
        self.assertIn("\u2039int val2\u203a", inside["text/plain"])

    def test_complete_outside_the_text_is_no_crash(self):
        for cursor in (-3, 0, 1000):
            self.assertEqual(self.complete("Mat", cursor)["status"], "ok")

    def test_inspect(self):
        self.run_cell("var angleStep = 0.25;")
        found = self.ask("inspect_request", code="angleStep + 1", cursor_pos=3, detail_level=0)
        self.assertTrue(found["found"])
        self.assertIn("double angleStep", found["data"]["text/plain"])
        self.assertIn("0.25", found["data"]["text/plain"])
        nothing = self.ask("inspect_request", code="   ", cursor_pos=1, detail_level=0)
        self.assertEqual((nothing["status"], nothing["found"]), ("ok", False))

    def test_is_complete(self):
        for code, status in (("1 + 1", "complete"), ("for (;;) {", "incomplete"), ("var x = ;", "invalid"),
                             ("#!lsmagic", "complete"), ("", "complete"), ("int x = 1; }", "invalid")):
            self.assertEqual(self.ask("is_complete_request", code=code)["status"], status, code)

    def test_history(self):
        for code in ("var h1 = 1;", "var h2 = 2;", "var h2 = 2;"):
            self.run_cell(code)
        tail = self.ask("history_request", hist_access_type="tail", n=2, output=True)["history"]
        self.assertEqual([entry[2][0] for entry in tail], ["var h2 = 2;"] * 2)
        found = self.ask("history_request", hist_access_type="search", pattern="*h2*", unique=True)["history"]
        self.assertEqual(len(found), 1)
        line = found[0][1]
        between = self.ask("history_request", hist_access_type="range", session=0, start=line - 2, stop=line)["history"]
        self.assertEqual([entry[2] for entry in between], ["var h1 = 1;", "var h2 = 2;"])

    def test_an_unknown_comm_is_closed(self):
        message = self.client.session.msg("comm_open", {"comm_id": "c1", "target_name": "nobody", "data": {}})
        self.client.shell_channel.send(message)
        published = self.until_idle(message["header"]["msg_id"])
        self.assertEqual([(m["msg_type"], m["content"]["comm_id"]) for m in published], [("comm_close", "c1")])
        self.assertEqual(self.ask("comm_info_request")["comms"], {})

    def test_input(self):
        msg_id = self.client.execute('var name = Console.ReadLine(); var secret = Input("pin?", password: true); name + secret',
                                     allow_stdin=True)
        asked = self.client.get_stdin_msg(timeout=60)
        self.assertEqual(asked["parent_header"]["msg_id"], msg_id)
        self.client.input("Röntgen")
        asked = self.client.get_stdin_msg(timeout=60)["content"]
        self.assertEqual((asked["prompt"], asked["password"]), ("pin?", True))
        self.client.input("1895")
        results = [m["content"]["data"]["text/plain"] for m in self.until_idle(msg_id) if m["msg_type"] == "execute_result"]
        self.assertEqual(results, ["Röntgen1895"])
        self.reply_to(msg_id)

    def test_input_without_stdin_is_an_error(self):
        reply, _ = self.run_cell("Console.ReadLine()", allow_stdin=False)
        self.assertIn("input", reply["evalue"])

    def test_interrupts(self):
        self.run_cell("var keep = 41;")
        for code in ("System.Threading.Thread.Sleep(-1);", "await Task.Delay(-1);",
                     "await new TaskCompletionSource().Task;", "Console.ReadLine();", "while (true) { }"):
            msg_id = self.client.execute('Console.Write("on"); Console.Out.Flush(); ' + code, allow_stdin=True)
            self.wait_for_stream(msg_id, "on")
            self.manager.interrupt_kernel()
            reply = self.reply_to(msg_id)["content"]
            self.assertEqual((code, reply["status"], reply.get("ename")), (code, "error", "Interrupted"))
            self.assertEqual(self.text_of("keep + 1"), "42", code)

    def test_control_is_answered_while_a_cell_runs(self):
        msg_id = self.client.execute('Console.Write("on"); Console.Out.Flush(); await Task.Delay(-1);')
        self.wait_for_stream(msg_id, "on")
        request = self.client.session.msg("kernel_info_request")
        self.client.control_channel.send(request)
        reply = self.reply_to(request["header"]["msg_id"], self.client.get_control_msg)
        self.assertEqual(reply["content"]["status"], "ok")
        self.manager.interrupt_kernel()
        self.assertEqual(self.reply_to(msg_id)["content"]["ename"], "Interrupted")

    def test_interrupt_without_a_cell_harms_nothing(self):
        # Waited for: an interrupt on its way would rightly stop the cell that follows.
        self.client.control_channel.send(self.client.session.msg("interrupt_request", {}))
        self.assertEqual(self.client.get_control_msg(timeout=60)["msg_type"], "interrupt_reply")
        self.assertEqual(self.text_of("40 + 2"), "42")

    def test_an_unknown_request_is_no_crash(self):
        message = self.client.session.msg("made_up_request", {})
        self.client.shell_channel.send(message)
        self.until_idle(message["header"]["msg_id"])
        self.assertEqual(self.text_of("3"), "3")


class ShutdownTest(KernelCase):
    def test_the_process_ends_by_itself(self):
        request = self.client.session.msg("shutdown_request", {"restart": False})
        self.client.control_channel.send(request)
        reply = self.reply_to(request["header"]["msg_id"], self.client.get_control_msg)["content"]
        self.assertEqual((reply["status"], reply["restart"]), ("ok", False))
        self.wait_until(lambda: not self.manager.is_alive())


if __name__ == "__main__":
    unittest.main()
