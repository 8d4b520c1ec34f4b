"""A unittest case with the kernel that JUPYTER_PATH names, started once for all tests of the class."""
import time
import unittest

from jupyter_client.manager import start_new_kernel

WAIT = 120  # a limit for a hung kernel on a busy machine, not a measurement


class KernelCase(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.manager, cls.client = start_new_kernel(kernel_name="beamline", startup_timeout=WAIT)

    @classmethod
    def tearDownClass(cls):
        cls.client.stop_channels()
        cls.manager.shutdown_kernel(now=True)

    def reply_to(self, msg_id, receive=None):
        receive = receive or self.client.get_shell_msg
        while True:
            message = receive(timeout=WAIT)
            if message["parent_header"].get("msg_id") == msg_id:
                return message

    def until_idle(self, msg_id):
        """What was published for a request, in order, without the states."""
        found = []
        while True:
            message = self.client.get_iopub_msg(timeout=WAIT)
            if message["parent_header"].get("msg_id") != msg_id:
                continue
            if message["msg_type"] == "status":
                if message["content"]["execution_state"] == "idle":
                    return found
            else:
                found.append(message)

    def run_cell(self, code, **options):
        """The content of the reply, and what was published."""
        msg_id = self.client.execute(code, **options)
        return self.reply_to(msg_id)["content"], self.until_idle(msg_id)

    def text_of(self, code):
        """The text of a cell's result."""
        reply, published = self.run_cell(code)
        self.assertEqual(reply["status"], "ok", reply)
        results = [m["content"]["data"]["text/plain"] for m in published if m["msg_type"] == "execute_result"]
        self.assertEqual(len(results), 1, published)
        return results[0]

    def ask(self, msg_type, **content):
        """The reply to any request on the shell channel."""
        message = self.client.session.msg(msg_type, content)
        self.client.shell_channel.send(message)
        reply = self.reply_to(message["header"]["msg_id"])
        self.until_idle(message["header"]["msg_id"])
        return reply["content"]

    def wait_for_stream(self, msg_id, text):
        """Returns when a cell has printed something: it runs by then."""
        while True:
            message = self.client.get_iopub_msg(timeout=WAIT)
            if message["parent_header"].get("msg_id") == msg_id and message["msg_type"] == "stream":
                if text in message["content"]["text"]:
                    return

    @staticmethod
    def wait_until(condition):
        end = time.monotonic() + WAIT
        while not condition():
            if time.monotonic() > end:
                raise AssertionError("it did not happen")
            time.sleep(0.05)
