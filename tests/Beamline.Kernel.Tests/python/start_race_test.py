"""The first cells of a fresh kernel, sent while it warms its compiler, with completions between them."""
import unittest

from kernel_case import WAIT
from jupyter_client.manager import start_new_kernel


class StartRaceTest(unittest.TestCase):
    def test_functions_stay_unambiguous(self):
        for attempt in range(3):
            manager, client = start_new_kernel(kernel_name="beamline", startup_timeout=WAIT)
            try:
                ids = []
                for code in ("1+1", 'display("d")', "new[]{1,2}.Sum()"):
                    ids.append(client.execute(code, stop_on_error=False))
                    client.complete("disp")
                    client.complete("new[]{1}.Su")
                replies = {}
                while len(replies) < len(ids):
                    message = client.get_shell_msg(timeout=WAIT)
                    if message["parent_header"]["msg_id"] in ids:
                        replies[message["parent_header"]["msg_id"]] = message["content"]
                for msg_id in ids:
                    self.assertEqual(replies[msg_id]["status"], "ok", (attempt, replies[msg_id]))
            finally:
                client.stop_channels()
                manager.shutdown_kernel(now=True)


if __name__ == "__main__":
    unittest.main()
