"""Classic Notebook in Chromium: opens a notebook, runs it, completes, interrupts."""
import os
import secrets
import socket
import subprocess
import sys
import time
import unittest

import nbformat
from nbformat.v4 import new_code_cell, new_notebook
from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

from kernel_case import WAIT


class NotebookTest(unittest.TestCase):
    def setUp(self):
        folder = os.path.join(os.environ["JUPYTER_CONFIG_DIR"], "..", "books")
        os.makedirs(folder, exist_ok=True)
        cells = ["var width = 640;", 'Console.WriteLine("printed " + width); width * 2',
                 'var shown = display("old"); for (var i = 0; i <= 5000; i++) shown.Update($"updated {i}");']
        book = new_notebook(cells=[new_code_cell(c) for c in cells], metadata={
            "kernelspec": {"name": "beamline", "display_name": "C# (Beamline)", "language": "C#"}})
        nbformat.write(book, os.path.join(folder, "scan.ipynb"))
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        token = secrets.token_hex(24)
        self.log = open(os.path.join(folder, "server.log"), "w+")
        self.server = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", "notebook", "--no-browser", "--allow-root", "--ip=127.0.0.1", f"--port={port}",
             "--port-retries=0", f"--NotebookApp.token={token}", f"--notebook-dir={folder}"], stdout=self.log, stderr=self.log)
        options = Options()
        for argument in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--window-size=1200,1000"):
            options.add_argument(argument)
        options.binary_location = "/usr/bin/chromium"
        self.browser = webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)
        self.wait_until(lambda: socket.socket().connect_ex(("127.0.0.1", port)) == 0, "the server did not start")
        self.browser.get(f"http://127.0.0.1:{port}/notebooks/scan.ipynb?token={token}")
        self.wait_until(lambda: self.script(
            "return !!(window.Jupyter && Jupyter.notebook && Jupyter.notebook.kernel && Jupyter.notebook.kernel.info_reply.protocol_version)"),
            "no kernel was connected")

    def tearDown(self):
        self.browser.quit()
        self.server.terminate()
        self.server.wait(timeout=WAIT)
        self.log.close()

    def script(self, code, *arguments):
        return self.browser.execute_script(code, *arguments)

    def wait_until(self, condition, message):
        def ask(_):
            try:
                return condition()
            except Exception:  # the page is still being made
                return False
        try:
            WebDriverWait(self.browser, WAIT, poll_frequency=0.2).until(ask)
        except Exception:
            self.log.flush()
            self.log.seek(0)
            self.fail(message + "\n" + self.log.read()[-3000:])

    def output(self, cell):
        return self.browser.find_elements(By.CSS_SELECTOR, "div.code_cell")[cell].find_element(By.CSS_SELECTOR, ".output").text

    def add(self, code):
        """Adds a cell at the end and selects it; its place."""
        place = self.script("return Jupyter.notebook.ncells()")
        self.script("Jupyter.notebook.insert_cell_at_bottom('code').set_text(arguments[0]); Jupyter.notebook.select(arguments[1]);", code, place)
        return place

    def test_runs_completes_and_interrupts(self):
        self.assertEqual(self.script("return Jupyter.notebook.kernel.info_reply.protocol_version"), "5.5")
        self.script("Jupyter.notebook.execute_all_cells()")
        self.wait_until(lambda: "printed 640" in self.output(1) and "1280" in self.output(1), "the output of cell 2 did not come")
        self.wait_until(lambda: self.output(2) == "updated 5000", "the last update did not come")

        place = self.add("Console.Wri")
        self.script("Jupyter.notebook.edit_mode(); var e = Jupyter.notebook.get_selected_cell().code_mirror; e.focus(); e.setCursor(0, 11);")
        self.browser.switch_to.active_element.send_keys(Keys.TAB)
        self.wait_until(lambda: "WriteLine" in self.browser.find_element(By.CSS_SELECTOR, ".completions").text, "no completion was shown")
        self.browser.switch_to.active_element.send_keys(Keys.ESCAPE)

        place = self.add('Console.Write("on"); await Task.Delay(-1);')
        self.script("Jupyter.notebook.execute_cells([arguments[0]])", place)
        self.wait_until(lambda: "on" in self.output(place), "the endless cell did not start")
        self.browser.find_element(By.CSS_SELECTOR, "button[data-jupyter-action='jupyter-notebook:interrupt-kernel']").click()
        self.wait_until(lambda: "was interrupted" in self.output(place), "the cell was not interrupted")
        place = self.add("width + 1")
        self.script("Jupyter.notebook.execute_cells([arguments[0]])", place)
        self.wait_until(lambda: "641" in self.output(place), "the state was lost")


if __name__ == "__main__":
    unittest.main()
