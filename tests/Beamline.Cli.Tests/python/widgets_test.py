"""Moves a slider as a front end does, and holds what the kernel sends against the widget protocol 2.1."""
import subprocess
import sys
import tempfile
from os.path import join

from jupyter_client import BlockingKernelClient
from jupyter_client.connect import write_connection_file

LIMIT = 60


def until_idle(client, request):
    messages = []
    while True:
        message = client.get_iopub_msg(timeout=LIMIT)
        if message["parent_header"].get("msg_id") != request:
            continue
        if message["msg_type"] == "status":
            if message["content"]["execution_state"] == "idle":
                return messages
            continue
        messages.append(message)


def send(client, comm, data):
    message = client.session.msg("comm_msg", {"comm_id": comm, "data": data})
    client.shell_channel.send(message)
    return until_idle(client, message["header"]["msg_id"])


def check(client):
    cell = client.execute(
        'Interact((int x, bool negative) => { Console.Write("squared"); return x == 3 ? throw new Exception("not three") '
        ': negative ? -x * x : x * x; }, new { x = 0..10 })')
    messages = until_idle(client, cell)
    opened = {m["content"]["data"]["state"]["_model_name"]: m for m in messages if m["msg_type"] == "comm_open"}
    assert list(opened) == ["IntSliderModel", "CheckboxModel", "OutputModel", "VBoxModel"], list(opened)
    assert all(m["metadata"]["version"] == "2.1.0" for m in opened.values())
    ids = {name: m["content"]["comm_id"] for name, m in opened.items()}
    shown = [m["content"]["data"] for m in messages if m["msg_type"] == "display_data"]
    view = shown[0]["application/vnd.jupyter.widget-view+json"]
    assert (len(shown), view["model_id"]) == (1, ids["VBoxModel"]), shown
    assert "squared" in shown[0]["text/html"] and "<script" not in shown[0]["text/html"]

    # Beside a cell that runs and waits.
    waiting = client.execute("await Task.Delay(2500); 1")
    moved = send(client, ids["IntSliderModel"], {"method": "update", "state": {"x": 1, "value": 7}, "buffer_paths": []})
    assert [m["content"]["data"]["method"] for m in moved] == ["echo_update", "update"], moved
    outputs = moved[1]["content"]["data"]["state"]["outputs"]
    assert outputs[0]["text"] == "squared" and outputs[1]["data"]["text/plain"] == "49", outputs
    assert until_idle(client, waiting)

    failed = send(client, ids["IntSliderModel"], {"method": "update", "state": {"value": 3}, "buffer_paths": []})
    error = failed[1]["content"]["data"]["state"]["outputs"][-1]
    assert (error["output_type"], error["evalue"]) == ("error", "not three"), error
    bad = send(client, ids["IntSliderModel"], {"method": "update", "state": {"value": [1]}, "buffer_paths": []})
    assert bad[0]["content"]["data"]["state"] == {"value": 3}, bad
    assert send(client, "unknown", {"method": "update", "state": {}})[0]["msg_type"] == "comm_close"
    answer = until_idle(client, client.execute("1 + 1"))
    assert answer[-1]["content"]["data"]["text/plain"] == "2"


def main(program):
    with tempfile.TemporaryDirectory() as folder:
        file = join(folder, "kernel.json")
        write_connection_file(file, key=b"a key of this test")
        kernel = subprocess.Popen(["dotnet", program, "kernel", "start", file])
        client = BlockingKernelClient(connection_file=file)
        try:
            client.load_connection_file()
            client.start_channels()
            client.wait_for_ready(LIMIT)
            check(client)
            client.shutdown()
            kernel.wait(LIMIT)
        finally:
            client.stop_channels()
            kernel.kill()


main(sys.argv[1])
