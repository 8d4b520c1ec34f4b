"""Serves the page of this folder as JupyterLab's server does, prebuilt extensions included: server.py PAGE_FOLDER NOTEBOOK_FOLDER PORT TOKEN"""
import sys

from jupyterlab_server import LabServerApp
from traitlets import Unicode

PAGE, NOTEBOOKS, PORT, TOKEN = sys.argv[1:]


class Lab(LabServerApp):
    name = "lab"
    app_name = Unicode("JupyterLab")
    load_other_extensions = False
    app_url = Unicode("/lab")
    static_dir = Unicode(PAGE)
    templates_dir = Unicode(PAGE)


def _jupyter_server_extension_points():
    return [{"module": __name__, "app": Lab}]


if __name__ == "__main__":
    Lab.launch_instance([
        "--no-browser", "--ServerApp.ip=127.0.0.1", f"--ServerApp.port={PORT}", "--ServerApp.port_retries=0", f"--ServerApp.token={TOKEN}",
        "--ServerApp.allow_root=True", f"--ServerApp.root_dir={NOTEBOOKS}",
    ])
