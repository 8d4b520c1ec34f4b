"""Measures one kernel through jupyter_client: kernel_session.py KERNEL start|later|long|nuget. Prints JSON."""
import json
import queue
import statistics
import sys
import time

from jupyter_client.manager import KernelManager

WAIT = 180
CODE = {
    "beamline": {
        "define": "var x{i} = x{j} + 1;", "first": "var x0 = 0;", "value": "x0 + 1", "complete": "Console.Wri",
        "loop": 'Console.Write("on"); while (true) { }',
        "flood": 'for (var i = 0; i < 500_000; i++) Console.WriteLine(new string(\'x\', 99));',
        "updates": 'var shown = display(0); for (var i = 1; i <= 10_000; i++) shown.Update(i);',
    },
    "python3": {
        "define": "x{i} = x{j} + 1", "first": "x0 = 0", "value": "x0 + 1", "complete": "pri",
        "loop": 'print("on", flush=True)\nwhile True: pass',
        "flood": 'for i in range(500_000): print("x" * 99)',
        "updates": 'shown = display(0, display_id=True)\nfor i in range(1, 10_001): shown.update(i)',
    },
}


class Session:
    def __init__(self, name):
        self.code = CODE[name]
        self.manager = KernelManager(kernel_name=name)
        start = time.perf_counter()
        self.manager.start_kernel()
        self.client = self.manager.client()
        self.client.start_channels()
        for wait in (10, 10, WAIT):
            try:
                # What a kernel publishes before this client's subscription has reached it is lost.
                self.idle(self.client.kernel_info(), wait=wait)
                break
            except TimeoutError:
                pass  # this start counts as a slow one; the median leaves it out
        self.ready = time.perf_counter() - start

    def idle(self, msg_id, each=None, wait=WAIT):
        """Waits for the reply and the idle state of a request; the content of the reply."""
        content, idle = None, False
        end = time.monotonic() + wait
        while content is None or not idle:
            if time.monotonic() > end:
                raise TimeoutError(msg_id)
            try:
                message = self.client.get_iopub_msg(timeout=0.001 if content is None else 0.5)
                if message["parent_header"].get("msg_id") == msg_id:
                    idle = idle or message["content"].get("execution_state") == "idle"
                    if each:
                        each(message)
            except queue.Empty:
                pass
            if content is None:
                try:
                    message = self.client.get_shell_msg(timeout=0.0005)
                    if message["parent_header"].get("msg_id") == msg_id:
                        content = message["content"]
                except queue.Empty:
                    pass
        return content

    def run(self, code, each=None):
        start = time.perf_counter()
        content = self.idle(self.client.execute(code), each)
        if content["status"] != "ok":
            raise RuntimeError(f"{content.get('ename')}: {content.get('evalue')}")
        return time.perf_counter() - start

    def control(self, kind):
        """Seconds that the kernel takes to answer on control."""
        message = self.client.session.msg(kind, {})
        start = time.perf_counter()
        self.client.control_channel.send(message)
        while True:
            reply = self.client.get_control_msg(timeout=WAIT)
            if reply["parent_header"].get("msg_id") == message["header"]["msg_id"]:
                return time.perf_counter() - start

    def memory(self):
        """Resident and highest resident megabytes of the kernel's process."""
        values = {}
        with open(f"/proc/{self.manager.provisioner.process.pid}/status") as status:
            for line in status:
                if line.startswith(("VmRSS:", "VmHWM:")):
                    values[line[:5]] = int(line.split()[1]) / 1000
        return values["VmRSS"], values["VmHWM"]

    def close(self):
        self.client.stop_channels()
        del self.client  # its finalizer needs what the end of the interpreter takes away
        self.manager.shutdown_kernel(now=True)


def start(session):
    return {"ready": session.ready, "first": session.run(session.code["value"].replace("x0", "1"))}


def later(session):
    time.sleep(1.5)
    return {"first": session.run(session.code["value"].replace("x0", "1"))}


def long(session):
    code, found = session.code, {}
    session.run(code["first"])
    for _ in range(30):
        session.run(code["value"])
    found["warm"] = statistics.median(session.run(code["value"]) for _ in range(50))
    session.idle(session.client.complete(code["complete"]))
    time.sleep(3)  # a fuller second tier may load now
    times = []
    for _ in range(30):
        begin = time.perf_counter()
        session.idle(session.client.complete(code["complete"]))
        times.append(time.perf_counter() - begin)
    found["complete"] = statistics.median(times)

    # Live memory is asked for, not what the collector has not looked at yet, so the kernel is left alone for a moment.
    time.sleep(2)
    before = session.memory()[0]
    times = []
    for i in range(1, 1001):
        times.append(session.run(code["define"].format(i=i, j=i - 1)))
        if i == 200:
            time.sleep(1)
            found["rss200"] = session.memory()[0] - before
    time.sleep(1)
    found["rss1000"] = session.memory()[0]
    found["slowdown"] = statistics.median(times[-100:]) / statistics.median(times[50:150])

    latencies = []
    for _ in range(5):
        on = []
        msg_id = session.client.execute(code["loop"])
        while not on:
            message = session.client.get_iopub_msg(timeout=WAIT)
            on = message["msg_type"] == "stream" and message["parent_header"].get("msg_id") == msg_id
        begin = time.perf_counter()
        session.manager.interrupt_kernel()
        session.idle(msg_id)
        latencies.append(time.perf_counter() - begin)
    found["interrupt"] = max(latencies)

    text, updates, answers = [0, False], [], []
    msg_id = session.client.execute(code["flood"])
    reply, idle = None, False
    end = time.monotonic() + WAIT
    while (reply is None or not idle) and time.monotonic() < end:
        answers.append(session.control("kernel_info_request"))
        try:
            while True:
                message = session.client.get_iopub_msg(timeout=0.001)
                if message["parent_header"].get("msg_id") == msg_id:
                    idle = idle or message["content"].get("execution_state") == "idle"
                    if message["msg_type"] == "stream":
                        text[0] += len(message["content"]["text"])
                        text[1] = text[1] or "dropped" in message["content"]["text"]
                if time.monotonic() > end:
                    break
        except queue.Empty:
            pass
        try:
            reply = reply or session.client.get_shell_msg(timeout=0.001)
        except queue.Empty:
            pass
    found["flood_control"] = max(answers)
    found["flood_asked"] = len(answers)
    found["flood_text"] = text[0] / 1e6
    found["flood_note"] = text[1]
    found["peak"] = session.memory()[1]

    def each(message):
        if message["msg_type"] == "update_display_data":
            updates.append(message["content"]["data"]["text/plain"])

    taken = session.run(code["updates"], each)
    found["updates"], found["update_rate"], found["last_update"] = len(updates), len(updates) / taken, updates[-1:] == ["10000"]
    return found


def nuget(session):
    time.sleep(2)
    session.run("1 + 1")  # what any first cell costs is another figure
    return {"seconds": session.run('#r "nuget: MathNet.Numerics, 5.0.0"\nMathNet.Numerics.Constants.Pi')}


name, part = sys.argv[1:3]
session = Session(name)
try:
    print(json.dumps({"start": start, "later": later, "long": long, "nuget": nuget}[part](session)))
finally:
    session.close()
