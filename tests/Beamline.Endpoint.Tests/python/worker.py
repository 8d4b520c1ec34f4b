#!/usr/bin/python3 -S
"""A double of 'beamline worker --serve': speaks its protocol, and does what the lines of a job's source say.

whose           shows whose job it is
say TEXT        shows a line             fail TEXT     the cell throws
sleep SECONDS   stops when cancelled     exit CODE     ends the process without a word
kill            SIGKILL to itself        eat MIB       takes memory and keeps it
child SECONDS   starts a child           deaf          ignores SIGTERM and cancel
result TEXT     leaves a result          note FILE     appends its job's name to a file
link PATH       a result that is a link  fill          writes until the disk is full
Maps: 'item sleep S', 'item fail N', 'item flaky N', 'item kill N', 'item note FILE' for each item.
"""
import hashlib, json, os, signal, subprocess, sys, threading, time

out = os.fdopen(os.dup(1), "w", buffering=1)
os.environ["DOUBLE"] = "1"
stopped, told, deaf, memory = threading.Event(), False, False, []
orders, ready = [], threading.Semaphore(0)


def say_line(line):
    try:
        out.write(json.dumps(line) + "\n")
    except OSError:
        pass  # the service is gone; the job is finished all the same


def on_term(*_):
    global told
    if not deaf:
        told = True
        stopped.set()


def listen():
    for text in sys.stdin.buffer.raw if hasattr(sys.stdin.buffer, "raw") else sys.stdin.buffer:
        order = json.loads(text)
        if "cancel" in order:
            if not deaf:
                stopped.set()
        else:
            orders.append(order)
            ready.release()
    orders.append(None)
    ready.release()


class Stop(Exception):
    pass


class Fail(Exception):
    pass


class Job:
    def __init__(self, order):
        self.folder = order["job"]
        self.items = order.get("items")
        self.user = order.get("user")
        self.attempt = order.get("attempt", 1)
        with open(os.path.join(self.folder, "job.json"), encoding="utf-8") as file:
            self.job = json.load(file)
        self.events = os.open(os.path.join(self.folder, "display.jsonl"), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        self.results = []

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def write(self, name, value):
        part = self.path("." + name.replace("/", "-") + ".part")
        with open(part, "w", encoding="utf-8") as file:
            json.dump(value, file)
        os.replace(part, self.path(name))

    def status(self, state, **more):
        name = "status.json" if self.items is None else f"status.{self.items}.json"
        self.write(name, {"state": state, "since": time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime()), "processId": os.getpid(), **more})

    def event(self, **line):
        os.write(self.events, (json.dumps({"time": time.time(), **line}) + "\n").encode())

    def sleep(self, seconds):
        if deaf:
            time.sleep(seconds)
        elif stopped.wait(seconds):
            raise Stop

    def note(self, path, text):
        file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        os.write(file, (text + "\n").encode())
        os.close(file)

    def run(self):
        self.status("running")
        try:
            if self.items is None:
                for line in self.job["source"].splitlines():
                    self.line(line.strip())
                self.write("out/outputs.json", self.results)
            else:
                if "broken" in self.job["source"]:
                    raise Fail("it does not compile")
                first, last = map(int, self.items.split("-"))
                for item in range(first, last + 1):
                    self.item(item)
            state, more = "succeeded", {}
        except Stop:
            state, more = ("timedOut" if told and not os.path.exists(self.path("cancel")) else "cancelled"), {"message": "It was stopped."}
        except Fail as e:
            state, more = "failed", {"error": {"name": "Exception", "message": str(e), "traceback": []}}
        except OSError as e:
            state, more = "failed", {"message": f"The results could not be written: {e}"}
        os.close(self.events)
        try:
            self.status(state, **more)
        except OSError as e:
            return {"state": state, "message": f"Nothing could be written: {e}"}
        return {"state": state}

    def line(self, line):
        global deaf
        verb, _, rest = line.partition(" ")
        if verb == "say":
            self.event(kind="stream", name="stdout", text=rest + "\n")
        elif verb == "whose":
            self.event(kind="stream", name="stdout", text=f"{self.user}\n")
        elif verb == "sleep":
            self.sleep(float(rest))
        elif verb == "fail":
            raise Fail(rest)
        elif verb == "exit":
            os._exit(int(rest))
        elif verb == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        elif verb == "eat":
            memory.append(bytearray(b"x") * (int(rest) << 20))
        elif verb == "child":
            child = subprocess.Popen(["sleep", rest])
            self.event(kind="stream", name="stdout", text=f"{child.pid}\n")
        elif verb == "deaf":
            deaf = True
        elif verb == "note":
            self.note(rest, self.job["id"])
        elif verb in ("result", "link"):
            self.result(verb, rest)
        elif verb == "fill":
            with open(self.path("out", "filler"), "wb") as file:
                while True:
                    file.write(b"x" * 65536)

    def result(self, verb, rest):
        content = rest.encode() if verb == "result" else open(rest, "rb").read()
        if rest.startswith("size "):
            content = bytes(range(256)) * (int(rest[5:]) // 256)
        sha = hashlib.sha256(content).hexdigest()
        path = self.path("out", sha + ".npy")
        if verb == "link":
            os.symlink(rest, path)
        else:
            with open(path, "wb") as file:
                file.write(content)
        array = {"dType": "<u1", "shape": [len(content)], "bytes": len(content), "sha256": sha}
        self.results.append({"name": "r", "type": "byte[]", "codec": "array", "arrays": [array]})

    def item(self, item):
        if stopped.is_set():
            raise Stop
        for line in self.job["source"].splitlines():
            words = line.split()
            if words[:2] == ["item", "sleep"]:
                self.sleep(float(words[2]))
            elif words[:2] == ["item", "note"]:
                self.note(words[2], str(item))
            elif words[0] == "item" and int(words[2]) == item:
                if words[1] == "kill" or (words[1] == "killonce" and self.attempt == 1):
                    os.kill(os.getpid(), signal.SIGKILL)
                if words[1] == "fail" or (words[1] == "flaky" and self.attempt == 1):
                    self.event(kind="item", item=item, attempt=self.attempt, error={"name": "Exception", "message": "no", "traceback": []})
                    return
        self.event(kind="item", item=item, attempt=self.attempt, value={"name": "result", "type": "int", "codec": "json", "json": item * item})


signal.signal(signal.SIGTERM, on_term)
say_line({"ready": True, "processId": os.getpid()})
threading.Thread(target=listen, daemon=True).start()
while not told:
    if not ready.acquire(timeout=0.2):
        continue
    order = orders.pop(0)
    if order is None:
        break
    stopped.clear()
    say_line({"job": order["job"], **Job(order).run()})
