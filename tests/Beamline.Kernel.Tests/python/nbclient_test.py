"""A notebook through nbclient, as nbconvert, papermill and Jupyter Book run it."""
import unittest

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook


def notebook(*codes):
    cells = [new_markdown_cell("# Title")] + [new_code_cell(code) for code in codes]
    return new_notebook(cells=cells, metadata={"kernelspec": {"name": "beamline", "display_name": "x", "language": "C#"}})


class NbClientTest(unittest.TestCase):
    def test_runs_all_cells(self):
        book = notebook("var x = 20;", "Console.WriteLine(x);\nx + 22", 'var h = display("old");', 'h.Update("new");')
        NotebookClient(book, timeout=120, kernel_name="beamline").execute()
        nbformat.validate(book)
        outputs = book.cells[2].outputs
        self.assertEqual([o.output_type for o in outputs], ["stream", "execute_result"])
        self.assertEqual((outputs[0].text, outputs[1].data["text/plain"]), ("20\n", "42"))
        self.assertEqual([c.execution_count for c in book.cells[1:]], [1, 2, 3, 4])
        self.assertEqual(book.cells[3].outputs[0].data["text/plain"], "new")

    def test_stops_at_an_error(self):
        book = notebook("var x = 1;", 'throw new InvalidOperationException("no beam");', "x = 2;")
        with self.assertRaises(CellExecutionError) as caught:
            NotebookClient(book, timeout=120, kernel_name="beamline").execute()
        self.assertEqual((caught.exception.ename, caught.exception.evalue), ("InvalidOperationException", "no beam"))
        self.assertIsNone(book.cells[3].execution_count)
        nbformat.validate(book)

    def test_goes_on_when_errors_are_allowed(self):
        book = notebook("wrong", "7")
        NotebookClient(book, timeout=120, kernel_name="beamline", allow_errors=True).execute()
        self.assertEqual(book.cells[1].outputs[0].output_type, "error")
        self.assertEqual(book.cells[2].outputs[0].data["text/plain"], "7")


if __name__ == "__main__":
    unittest.main()
