"""Cells as JupyterLab sends them: with their id in the metadata of the request."""
import unittest

from kernel_case import KernelCase


class GraphTest(KernelCase):
    def run_as(self, cell_id, code):
        """What a cell with an id wrote to stderr."""
        message = self.client.session.msg(
            "execute_request",
            {"code": code, "silent": False, "store_history": True, "user_expressions": {}, "allow_stdin": False},
            metadata={"cellId": cell_id} if cell_id is not None else {},
        )
        self.client.shell_channel.send(message)
        msg_id = message["header"]["msg_id"]
        self.assertEqual(self.reply_to(msg_id)["content"]["status"], "ok")
        return "".join(
            m["content"]["text"] for m in self.until_idle(msg_id)
            if m["msg_type"] == "stream" and m["content"]["name"] == "stderr")

    def test_an_edited_cell_is_known_by_its_id(self):
        for cell_id, code in [("a", "var x = 1;"), ("b", "var y = x + 1;"), ("c", "y"), ("a", "var x = 2;")]:
            self.assertEqual(self.run_as(cell_id, code), "")
        self.assertIn("This cell uses y of cell 2, which is out of date: cell 4 ran again and made x anew.", self.run_as("c", "y"))
        self.assertEqual(self.run_as("b", "var y = x + 1;"), "")
        self.assertEqual(self.run_as("c", "y"), "")

    def test_ids_of_wrong_kinds_do_no_harm(self):
        for cell_id in [7, "", "x" * 10000, {"a": 1}, ["b"], True]:
            self.assertEqual(self.run_as(cell_id, "1 + 1"), "")


if __name__ == "__main__":
    unittest.main()
