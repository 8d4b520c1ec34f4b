"""One kernel in random use for some minutes: soak.py MINUTES [SEED]. Prints a line; the exit code is 1 when something was wrong.

The client runs, completes, inspects, interrupts, asks, floods and restarts. Variables are overwritten, not added, as in
a notebook whose cells are run again and again. Each submission still stays compiled in the process (some 0.2 MB), so
the resident set is compared between equals: after so many cells since the start of a process, first against last.
"""
import queue
import random
import statistics
import sys
import time

from jupyter_client.manager import start_new_kernel

WAIT = 120
CELLS_BETWEEN_RESTARTS = 150


class Soak:
    def __init__(self, minutes, seed):
        self.random = random.Random(seed)
        self.end = time.monotonic() + 60 * minutes
        self.begin = time.monotonic()
        self.manager, self.client = start_new_kernel(kernel_name="beamline", startup_timeout=WAIT)
        self.counts, self.levels, self.wrong = {}, [], []
        self.cells = 0
        self.value = 0
        self.define()

    def define(self):
        self.cells = 0
        self.run("var value = 0; int Twice(int x) => 2 * x;")
        self.value = 0

    def reply(self, msg_id, interrupt=False):
        """The reply and the texts published for a request, up to its idle state."""
        published, content, idle = [], None, False
        limit = time.monotonic() + WAIT
        while content is None or not idle:
            if time.monotonic() > limit:
                raise TimeoutError("no answer")
            try:
                message = self.client.get_iopub_msg(timeout=0.01)
                if message["parent_header"].get("msg_id") == msg_id:
                    published.append(message)
                    idle = idle or message["content"].get("execution_state") == "idle"
                    if interrupt and message["msg_type"] == "stream":
                        self.manager.interrupt_kernel()
                        interrupt = False
            except queue.Empty:
                pass
            try:
                message = self.client.get_shell_msg(timeout=0.001)
                if message["parent_header"].get("msg_id") == msg_id:
                    content = message["content"]
            except queue.Empty:
                pass
        return content, published

    def run(self, code, **options):
        self.cells += 1
        return self.reply(self.client.execute(code), **options)

    def expect(self, found, wanted, what):
        if found != wanted:
            self.wrong.append(f"{what}: {found!r} instead of {wanted!r}")

    def execute(self):
        self.value += 1
        _, published = self.run(f"value = Twice({self.value}) - {self.value}; Console.WriteLine(value); value")
        results = [m["content"]["data"]["text/plain"] for m in published if m["msg_type"] == "execute_result"]
        self.expect(results, [str(self.value)], "execute")

    def fail(self):
        reply, _ = self.run('throw new InvalidOperationException("soak");')
        self.expect(reply.get("ename"), "InvalidOperationException", "fail")

    def malformed(self):
        reply, _ = self.run("var x = ;")
        self.expect(reply.get("ename"), "CompilationError", "malformed")

    def complete(self):
        content, _ = self.reply(self.client.complete("Twi"))
        self.expect(content["matches"], ["Twice"], "complete")

    def inspect(self):
        content, _ = self.reply(self.client.inspect("value", 3))
        self.expect(content["found"], True, "inspect")

    def history(self):
        content, _ = self.reply(self.client.history(hist_access_type="tail", n=5))
        self.expect(len(content["history"]), 5, "history")

    def update(self):
        _, published = self.run("var shown = display(0); for (var i = 1; i <= 2000; i++) shown.Update(i);")
        last = [m["content"]["data"]["text/plain"] for m in published if m["msg_type"] == "update_display_data"][-1:]
        self.expect(last, ["2000"], "update")

    def flood(self):
        self.run("for (var i = 0; i < 50_000; i++) Console.WriteLine(i);")

    def interrupt(self):
        reply, _ = self.run('Console.Write("on"); await Task.Delay(-1);', interrupt=True)
        self.expect(reply.get("ename"), "Interrupted", "interrupt")
        _, published = self.run("value")
        self.expect([m["content"]["data"]["text/plain"] for m in published if m["msg_type"] == "execute_result"], [str(self.value)], "state")

    def restart(self):
        time.sleep(0.5)
        self.levels.append((time.monotonic() - self.begin, self.memory()))
        self.manager.restart_kernel()
        self.client.wait_for_ready(timeout=WAIT)
        self.define()

    def memory(self):
        with open(f"/proc/{self.manager.provisioner.process.pid}/status") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmRSS:")) / 1000

    def go(self):
        actions = [self.execute] * 8 + [self.complete, self.inspect] * 3 + [
            self.fail, self.malformed, self.history, self.update, self.flood, self.interrupt]
        while time.monotonic() < self.end and len(self.wrong) < 20:
            action = self.restart if self.cells >= CELLS_BETWEEN_RESTARTS else self.random.choice(actions)
            self.counts[action.__name__] = self.counts.get(action.__name__, 0) + 1
            try:
                action()
            except Exception as error:
                self.wrong.append(f"{action.__name__}: {error!r}")
                if not self.manager.is_alive():
                    self.wrong.append("the kernel died")
                    break
        alive = self.manager.is_alive()
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)
        del self.client  # its finalizer needs what the end of the interpreter takes away
        return alive


minutes, seed = float(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else int(time.time())
soak = Soak(minutes, seed)
alive = soak.go()
first = [level for at, level in soak.levels if at <= max(60, soak.levels[0][0])] if soak.levels else []
last = [level for _, level in soak.levels[-3:]]
growth = statistics.median(last) / statistics.median(first) - 1 if len(soak.levels) > 1 else None
if growth is None:
    soak.wrong.append("too short to compare memory: there were fewer than two restarts")
elif growth > 0.10:
    soak.wrong.append(f"memory grew by {growth:.0%}")
for text in soak.wrong[:20]:
    print(text, file=sys.stderr)
counts = ", ".join(f"{n} {name}" for name, n in sorted(soak.counts.items()))
memory = "memory not compared" if growth is None else (
    f"resident set after {CELLS_BETWEEN_RESTARTS} cells {statistics.median(first):.0f} MB in the first minute, "
    f"{statistics.median(last):.0f} MB at the end ({growth:+.1%})")
print(f"{'FAILED' if soak.wrong or not alive else 'ok'}: {minutes:g} min, seed {seed}; {counts}; {memory}; {len(soak.wrong)} wrong")
sys.exit(1 if soak.wrong or not alive else 0)
