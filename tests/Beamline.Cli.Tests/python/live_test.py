"""Runs a notebook with a long job as nbclient and nbconvert do: the display of the job is one output with the final content."""
import json
import os
import sys
import tempfile

WORK = """
using (var job = RunJob.Start("one <b>"))
{
    for (var i = 1; i <= 15; i++)
    {
        await Task.Delay(100);
        RunContext.Current.Report(new ProgressReport("one <b>", i / 15.0) { Iteration = i, Residual = 1.0 / i, Preview = job.WantsPreview ? new Image(64, 64) : null });
    }
    job.Complete(new JobResult(new Volume(4, 16, 16)));
}
"""

with tempfile.TemporaryDirectory() as folder:
    kernel = os.path.join(folder, "kernels", "beamline-live")
    os.makedirs(kernel)
    with open(os.path.join(kernel, "kernel.json"), "w") as file:
        json.dump({"argv": ["dotnet", sys.argv[1], "kernel", "start", "{connection_file}"], "display_name": "live", "language": "C#"}, file)
    os.environ["JUPYTER_PATH"] = folder

    import nbformat
    from nbclient import NotebookClient
    from nbconvert import HTMLExporter

    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(WORK), nbformat.v4.new_code_cell("1 + 1")])
    NotebookClient(notebook, timeout=120, kernel_name="beamline-live").execute()
    nbformat.validate(notebook)
    outputs = notebook.cells[0].outputs
    assert len(outputs) == 1, [o.output_type for o in outputs]
    assert outputs[0].output_type == "display_data" and outputs[0].metadata.beamline.job, outputs[0].metadata
    assert outputs[0].data["text/plain"].startswith("one <b>: done in "), outputs[0].data["text/plain"]
    assert "progressbar" not in outputs[0].data["text/html"] and "<b>" not in outputs[0].data["text/html"]
    assert len(json.dumps(outputs[0])) < 2_000_000
    page, _ = HTMLExporter().from_notebook_node(notebook)
    assert page.count("one &lt;b&gt;: done in ") == 1
