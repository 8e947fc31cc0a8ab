using static ParallelScripts.Tests.FindingImportsFiles;

namespace ParallelScripts.Tests;

/// <summary>What is read out of a Python text, and which files are meant by it.</summary>
public sealed class FindingImportsInPython
{
    [Theory]
    [InlineData("import a", "import a")]
    [InlineData("import a.b as c, d", "import a.b | import d")]
    [InlineData("import a ,\\\n  b", "import a | import b")]
    [InlineData("import a . b", "import a.b")]
    [InlineData("import a\r\nimport b\r\n", "import a | import b")]
    [InlineData("x = 1; import a; y = 2", "import a")]
    [InlineData("import\ta", "import a")]
    [InlineData("import größe", "import größe")]
    public void Takes_each_module_of_an_import(string text, string expected) => Assert.Equal(expected, Scan(".py", text));

    [Theory]
    [InlineData("from a.b import c", "from a.b import c")]
    [InlineData("from a import b as c, d", "from a import b, d")]
    [InlineData("from a import *", "from a import *")]
    [InlineData("from a import (\n    b,  # why\n    c as d,\n)\nimport e", "from a import b, c | import e")]
    [InlineData("from a import (b,\r\n    c)", "from a import b, c")]
    [InlineData("from a \\\n    import b", "from a import b")]
    [InlineData("from . import x", "from . import x")]
    [InlineData("from .import x", "from . import x")]
    [InlineData("from .. pkg import y", "from ..pkg import y")]
    [InlineData("from ...a.b import y", "from ...a.b import y")]
    [InlineData("from important import importer", "from important import importer")]
    public void Takes_the_module_and_the_names_of_a_from_import(string text, string expected) => Assert.Equal(expected, Scan(".py", text));

    [Theory]
    [InlineData("if x: import a", "import a")]
    [InlineData("try:\n    import a\nexcept ImportError:\n    import b\n", "import a | import b")]
    [InlineData("def f():\n\tfrom a import b\n\treturn b", "from a import b")]
    [InlineData("if TYPE_CHECKING:\n    import a", "import a")]
    [InlineData("x = 'it''s' ; import a", "import a")]
    public void Takes_them_wherever_they_stand(string text, string expected) => Assert.Equal(expected, Scan(".py", text));

    [Theory]
    [InlineData("importlib.import_module(\"a.b\")", "import a.b")]
    [InlineData("import_module('01_load')", "import 01_load")]
    [InlineData("import_module(\n    'a',\n)", "import a")]
    [InlineData("import_module('.a', __package__)", "from . import a")]
    [InlineData("import_module('..a.b', package=__package__)", "from ..a import b")]
    [InlineData("import_module('.a', package='p.q')", "import p.q.a")]
    [InlineData("import_module('..a', 'p.q')", "import p.a")]
    [InlineData("__import__('a')", "import a")]
    [InlineData("import_module(name)", "")]
    [InlineData("import_module('plugins.' + name)", "")]
    [InlineData("import_module(f'plugins.{name}')", "")]
    public void Takes_a_call_that_names_the_module(string text, string expected) => Assert.Equal(expected, Scan(".py", text));

    [Theory]
    [InlineData("# import a")]
    [InlineData("x = 1  # then import a")]
    [InlineData("'import a'")]
    [InlineData("x = \"import a\"")]
    [InlineData("'it\\'s import a'")]
    [InlineData("r'\\'' 'import a'")]
    [InlineData("'''\nimport a\n'''")]
    [InlineData("\"\"\"Docs:\n\n    import a\n    x = \"quoted\"\n    from b import c\n\"\"\"")]
    [InlineData("def f():\n    \"\"\"Says '''import a'''.\n    import b\n    \"\"\"")]
    [InlineData("f'{x} import a'")]
    [InlineData("rb'''import a'''")]
    [InlineData("'one \\\nimport a'")]
    [InlineData("'''escaped \\''' import a'''")]
    [InlineData("def f():\n    yield from importers")]
    [InlineData("raise A from b")]
    [InlineData("important = reimport(a)")]
    [InlineData("print('nothing here')")]
    [InlineData("from")]
    [InlineData("import")]
    [InlineData("from a import (")]
    public void Takes_nothing_from_comments_and_strings_nor_what_only_looks_alike(string text) => Assert.Equal("", Scan(".py", text));

    [Fact]
    public void Goes_on_behind_strings_that_are_hard_to_read()
    {
        // Python 3.12: the same quotes again inside of an f-string.
        Assert.Equal("import a", Scan(".py", "x = f\"{d[\"# not\"]}\"\nimport a"));
        Assert.Equal("import a", Scan(".py", "x = 'never closed\nimport a"));
        Assert.Equal("import a", Scan(".py", "x = '''a \\\\'''\nimport a"));
    }

    [Fact]
    public void Takes_each_import_once() => Assert.Equal("import a", Scan(".py", "import a\nimport a as b\n"));

    [Theory]
    [InlineData("import os, numpy", "")]
    [InlineData("import a", "/s/a.py")]
    [InlineData("import a.b", "/s/a.py")]
    [InlineData("import pkg", "/s/pkg/__init__.py")]
    [InlineData("import pkg.m", "/s/pkg/__init__.py /s/pkg/m.py")]
    [InlineData("import pkg.sub.n", "/s/pkg/__init__.py /s/pkg/sub/__init__.py /s/pkg/sub/n.py")]
    [InlineData("from pkg import m", "/s/pkg/__init__.py /s/pkg/m.py")]
    [InlineData("from pkg import m, sub, VALUE", "/s/pkg/__init__.py /s/pkg/m.py /s/pkg/sub/__init__.py")]
    [InlineData("from pkg import *", "/s/pkg/__init__.py")]
    [InlineData("from pkg.m import f", "/s/pkg/__init__.py /s/pkg/m.py")]
    [InlineData("from a import f", "/s/a.py")]
    [InlineData("import plain.x", "/s/plain/x.py")]
    [InlineData("from plain import x", "/s/plain/x.py")]
    [InlineData("import both", "/s/both/__init__.py")]
    [InlineData("import main", "")]
    public void Finds_the_files_and_every_package_on_the_way(string import, string expected) =>
        Assert.Equal(expected, Modules($"""
            /s/main.py: {import}
            /s/a.py:
            /s/both.py:
            /s/both/__init__.py:
            /s/pkg/__init__.py:
            /s/pkg/m.py:
            /s/pkg/sub/__init__.py:
            /s/pkg/sub/n.py:
            /s/plain/x.py:
            """));

    [Theory]
    [InlineData("from . import x", "/s/p/__init__.py /s/p/q/__init__.py /s/p/q/m.py /s/p/q/x.py")]
    [InlineData("from .x import y", "/s/p/__init__.py /s/p/q/__init__.py /s/p/q/m.py /s/p/q/x.py")]
    [InlineData("from .. import z", "/s/p/__init__.py /s/p/q/__init__.py /s/p/q/m.py /s/p/z.py")]
    [InlineData("from ..z import f", "/s/p/__init__.py /s/p/q/__init__.py /s/p/q/m.py /s/p/z.py")]
    [InlineData("from ........ import z", "/s/p/__init__.py /s/p/q/__init__.py /s/p/q/m.py")]
    public void Takes_dots_from_the_importing_module(string import, string expected) =>
        Assert.Equal(expected, Modules($"""
            /s/main.py: import p.q.m
            /s/p/__init__.py:
            /s/p/z.py:
            /s/p/q/__init__.py:
            /s/p/q/m.py: {import}
            /s/p/q/x.py:
            """));

    [Fact]
    public void Looks_beside_the_script_and_not_beside_the_importing_module() =>
        Assert.Equal("/s/b.py /s/p/__init__.py /s/p/a.py", Modules("""
            /s/main.py: import p.a
            /s/p/__init__.py:
            /s/p/a.py: import b
            /s/p/b.py:
            /s/b.py:
            """));

    [Fact]
    public void Looks_on_the_path_for_what_is_not_beside_the_script_and_takes_the_first() =>
        Assert.Equal("/lib1/b.py /lib2/c.py /s/a.py", Modules(
            """
            /s/main.py: import a, b, c
            /s/a.py:
            /lib1/a.py:
            /lib1/b.py:
            /lib2/b.py:
            /lib2/c.py:
            """,
            "/lib1", "/lib2"));

    [Fact]
    public void Asks_for_few_files()
    {
        var files = new FindingImportsFiles("""
            /w/main.py: import os, sys, json\nimport numpy as np\nfrom typing import Any, Optional\nfrom lib.tidy import tidy, clean\nimport a
            /w/lib/tidy.py: import os, sys, json
            /w/a.py: import os, sys
            """);

        Assert.Equal("/w/a.py /w/lib/tidy.py", files.ModulesOf("/w/main.py"));
        Assert.InRange(files.Questions, 1, 50);
    }
}
