"""The suite that Jupyter offers to kernels."""
import unittest

import jupyter_kernel_test


class BeamlineConformance(jupyter_kernel_test.KernelTests):
    kernel_name = "beamline"
    language_name = "C#"
    file_extension = ".cs"

    code_hello_world = 'Console.WriteLine("hello, world");'
    code_stderr = 'Console.Error.WriteLine("error");'
    complete_code_samples = ["1 + 1", 'Console.WriteLine("x");', "int F(int x) => x;", "class A { }", "namespace N { }"]
    incomplete_code_samples = ["for (var i = 0; i < 3; i++) {", "var x = 1 +", "/* open", "int F(int x)"]
    invalid_code_samples = ["var x = ;", "}"]
    completion_samples = [{"text": "Console.ReadL", "matches": {"ReadLine"}}]
    code_generate_error = 'throw new Exception("x");'
    code_execute_result = [{"code": "6 * 7", "result": "42"}, {"code": '"a" + 1', "result": "a1"}]
    code_display_data = [
        {"code": "display(\"x\")", "mime": "text/plain"},
        {"code": "display(new[] { 1, 2 })", "mime": "text/html"},
    ]
    code_history_pattern = "6?*"
    supported_history_operations = ("tail", "range", "search")
    code_inspect_sample = "Console"
    code_clear_output = "clear_output();"


if __name__ == "__main__":
    unittest.main()
